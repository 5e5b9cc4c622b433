"""Pictures by matplotlib, which is optional: making a figure and writing it to a file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from attribution.errors import AttributionError
from attribution.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#4c6a92", "#c06c3e")


def new_figure(width: float, height: float) -> Figure:
    """Make an empty figure, in inches.

    Raises
    ------
    AttributionError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise AttributionError(
            "drawing needs matplotlib", 'pip install "attribution[plots]"'
        ) from error
    return Figure(figsize=(width, height), layout="constrained")


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure; the suffix names the format: ``.svg``, ``.png`` or ``.pdf``.

    Raises
    ------
    AttributionError
        If matplotlib cannot write that format.
    """
    from matplotlib import rc_context

    kind = path.suffix.removeprefix(".") or "svg"
    if kind not in figure.canvas.get_supported_filetypes():
        raise AttributionError(f"{path}: cannot draw {path.suffix}", "give .svg, .png or .pdf")
    buffer = io.BytesIO()
    # An SVG holds its date and random ids unless told not to; equal data should give equal files.
    with rc_context({"svg.hashsalt": "attribution"}):
        figure.savefig(buffer, format=kind, metadata={"Date": None} if kind == "svg" else None)
    try:
        write_atomically(path, buffer.getvalue())
    except OSError as error:
        raise AttributionError(
            f"{path}: cannot be written ({error.strerror})", "check the path"
        ) from error

"""Where commands print: results to stdout or a file, everything else to stderr."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attribution.errors import InputError
from attribution.files import write_atomically

if TYPE_CHECKING:
    from attribution.document import Document


def write_text(text: str, out: str | None) -> None:
    """Write text to a file (beside, then renamed) or to stdout."""
    if out is None or out == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        write_atomically(Path(out), text.encode("utf-8"))
    except OSError as error:
        raise InputError(
            f"{out}: cannot be written ({error.strerror})", "check the path"
        ) from error


def dump_json(value: Any, *, pretty: bool = False) -> str:
    """Return JSON, a line long unless pretty."""
    return json.dumps(value, ensure_ascii=False, indent=2 if pretty else None, allow_nan=False)


def note(message: str) -> None:
    """Print a message to stderr."""
    print(f"attribution: {message}", file=sys.stderr)


def note_warnings(document: Document) -> None:
    """Print what was odd about an article's file, where the result does not say it."""
    for warning in document.warnings:
        note(f"{document.id}: {warning}")


def is_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout.isatty()

"""Reports on one result: terminal, JSON, Markdown, HTML."""

from __future__ import annotations

import json

from attribution.errors import InputError
from attribution.result import Result

FORMATS: tuple[str, ...] = ("json", "markdown", "html")


def render(result: Result, format: str) -> str:
    """Return a result as text, ending in a line break.

    Parameters
    ----------
    result : Result
        Findings and summary are shown as far as it has them.
    format : str
        ``json`` (one line, so that several make JSON Lines), ``markdown`` or ``html``.

    Raises
    ------
    InputError
        If the format is none of these.
    """
    if format == "json":
        return json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False) + "\n"
    if format == "markdown":
        from attribution.report.markdown import render_markdown

        return render_markdown(result)
    if format == "html":
        from attribution.report.html import render_html

        return render_html(result)
    raise InputError(f"no format {format!r}", f"the formats are {', '.join(FORMATS)}")

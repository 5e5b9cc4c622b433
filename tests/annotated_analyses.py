"""Small annotated articles as analyses: what the models would say if they were never in doubt."""

from __future__ import annotations

from dataclasses import replace

from attribution.analysis import Analysis
from attribution.corpus.gold import to_analysis
from attribution.corpus.plain import parse_plain


def read_lines(*lines: str, status: str | None = None, **meta: str) -> Analysis:
    """Return the analysis of an article in the plain-text format, a sentence a line."""
    header = [f"{key}: {value}" for key, value in {"id": "test", **meta}.items()]
    analysis = to_analysis(parse_plain("\n".join([*header, "", *lines])))
    return replace(analysis, status=status)

"""Quotation state: which characters stand inside quotation marks, and which runs belong together.

A quotation that is not closed at the end of a paragraph runs on when the next paragraph opens with
a quotation mark, as newspapers set long quotations; otherwise it is taken as ending there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from attribution.tokens import Ints, TokenBatch
from attribution.unmarked import UnmarkedSpeech, find_unmarked

# As `curl_marks` leaves them: an apostrophe is no mark. Blank lines belong to a break.
_MARK = re.compile(r"[“”„«»‹›‘’]|``|''|[\r\n\u2028\u2029]\s*")
# The characters that a mark begins with: they are found fast, and only there is _MARK tried.
_CHARACTER = re.compile(r"[“”„«»‹›‘’`'\r\n\u2028\u2029]")
_BREAK = re.compile(r"[\r\n\u2028\u2029]")
_OPENS = {"“": "”", "«": "»", "‹": "›", "``": "''”", "‘": "’", "»": "«", "›": "‹", "''": "''"}
#: A quotation of at least this many words is speech more often than a quoted term.
SPEECH_WORDS = 4


@dataclass(frozen=True)
class Quotations:
    """Quotation spans of a batch, in reading order; q spans, n tokens.

    Attributes
    ----------
    start, end : (q,) int
        Offsets of the quoted words and their marks in the batch text.
    run : (q,) int
        Spans of one quotation that runs over paragraphs share a number.
    token : (n,) int
        The span that each token stands in, -1 outside; the marks themselves count as inside.
    unmarked : UnmarkedSpeech
        Where speech may stand without quotation marks.
    """

    start: Ints
    end: Ints
    run: Ints
    token: Ints
    unmarked: UnmarkedSpeech

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """(n,) bool: whether each token stands inside a quotation."""
        return self.token >= 0


def find_quotations(batch: TokenBatch) -> Quotations:
    """Find the quotations of a batch."""
    spans: list[tuple[int, int, int]] = []
    for document, base in zip(batch.documents, batch.base.tolist(), strict=True):
        first_run = spans[-1][2] + 1 if spans else 0
        text = batch.text[base : base + len(document.text)]
        spans += [(a + base, b + base, run + first_run) for a, b, run in _scan(text)]
    table = np.array(spans, np.int64).reshape(-1, 3)
    start, end, run = table[:, 0], table[:, 1], table[:, 2]
    token = np.searchsorted(start, batch.start, side="right") - 1
    inside = token >= 0
    inside[inside] &= batch.start[inside] < end[token[inside]]
    return Quotations(start, end, run, np.where(inside, token, -1), find_unmarked(batch))


def _scan(text: str) -> list[tuple[int, int, int]]:
    """Return (start, end, run) of every outermost quotation."""
    spans: list[tuple[int, int, int]] = []
    opened = -1
    closers = ""
    run = 0
    line = 0  # where the paragraph begins
    carried = ""  # the mark of a quotation left open at the end of the last paragraph
    for match in _find_marks(text):
        mark, at = match[0], match.start()
        if mark[0] in "\r\n\u2028\u2029":
            carried, line = "", match.end()
            if opened >= 0:
                spans.append((opened, at, run))
                carried, opened = text[opened : opened + 1], -1
            continue
        if opened >= 0:
            if mark in closers:
                spans.append((opened, match.end(), run))
                opened = -1
            continue
        if not _opens(text, mark, at, match.end()):
            continue
        if not (carried and at == line and mark[:1] == carried):
            run += 1
        carried = ""
        opened, closers = at, _OPENS[mark]
    if opened >= 0:
        spans.append((opened, len(text), run))
    return spans


def _find_marks(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for candidate in _CHARACTER.finditer(text):
        at = candidate.start()
        match = _MARK.match(text, at) if at >= end else None
        if match:
            end = match.end()
            yield match


def _opens(text: str, mark: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if mark in "”’" or (mark in "»›" and not (before.isspace() or before in "([—–-")):
        return False
    if mark in "«»" and after.isspace():
        # French spacing, when its mate follows in the paragraph.
        return text.find(_OPENS[mark], end, _line_end(text, end)) >= 0 and mark == "«"
    return not after.isspace() or mark == "``"


def _line_end(text: str, start: int) -> int:
    end = _BREAK.search(text, start)
    return end.start() if end else len(text)

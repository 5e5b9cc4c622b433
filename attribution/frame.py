"""The frame: the relay chain that an article as a whole declares for itself.

"The Gaze reports on it, referring to Yonhap", "(Reuters)" after the dateline, "first published by
X". It changes no label; the score gives it a small part credit.
"""

from __future__ import annotations

import re

import numpy as np

from attribution.document import Span
from attribution.lexicon import NAME_KINDS, Hits
from attribution.mentions import Mention
from attribution.tokens import TokenBatch

_OUTLET = NAME_KINDS.index("media_outlet")
#: A frame stands near the top, or in a credit at the end.
TOP_SENTENCES, END_SENTENCES = 4, 2
#: A sentence that only passes the report on is short.
MAX_WORDS = 16
# Both end where the outlet's name must begin; the lexicon says where it ends.
_DATELINE = re.compile(r"^[^\n(]{0,60}?\((?=[A-Z][^()\n]{1,40}\)\s*[-–—:])")
_CREDIT = re.compile(
    r"(?:(?:first|originally) (?:reported|published|broadcast)"
    r"|(?:^|\b(?:this|the) (?:article|story|report|piece|post|interview) )"
    r"(?:first|originally) appeared)\b.{0,30}?\b(?:by|in|on)\s+"
    r"|(?:^|\.\s)\(?(?:source|via|credit|with reporting (?:by|from))(?:\s*:\s*|\s+)"
    r"|(?:^|[.!?][”’\"']?\s)\((?=[^()\n]{2,40}\)\W*$)",
    re.IGNORECASE,
)
# A credit holds one of these, in lower case: quicker to look for than the pattern.
_CREDIT_WORDS = ("(", "first", "source", "via", "credit", "originally")
_RELAYING = re.compile(
    r"\b(?:reports?|reported|writes|wrote|informs?|informed|said|says)\b.{0,30}?"
    r"(?:referring to|with reference to|citing|quoting|with a link to)|\bcit(?:ing|es|ed)\b"
    r"|\b(?:this|it|that|which)\b.{0,40}\b(?:reported|published|announced|stated|informed) by\b"
    r"|\b(?:reports?|writes|informs) (?:on|about) (?:it|this)\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:this|it|that|so|the (?:news|information|story|matter))\b", re.IGNORECASE)


def find_frame(
    batch: TokenBatch,
    hits: Hits,
    first: int,
    last: int,
    mentions: list[Mention | None],
    via: list[tuple[Mention, ...]],
) -> list[Span]:
    """Return the frame's spans in batch offsets, origin first, origin included; empty for none.

    Parameters
    ----------
    first, last : int
        The sentences of the document.
    mentions, via : list
        Source and relays of every sentence of the batch.
    """
    top = range(first, min(first + TOP_SENTENCES, last))
    ending = range(max(first, last - END_SENTENCES), last)
    texts = {s: batch.text[slice(*_characters(batch, s))] for s in (*top, *ending)}
    for s in top:
        if outlet := _find_outlet(batch, hits, s, _DATELINE.search(texts[s])):
            return [outlet]
        if (mention := mentions[s]) is not None and _passes_on(texts[s]):
            return [_span(batch, m) for m in (mention, *via[s])]
    for s, text in texts.items():
        if outlet := _find_outlet(batch, hits, s, _find_credit(text)):
            return [outlet]
    return []


def _passes_on(text: str) -> bool:
    """Whether a sentence only passes the report on."""
    short = len(text.split()) <= MAX_WORDS
    return bool(short and _RELAYING.search(text) and _BACK.search(text))


def _find_credit(text: str) -> re.Match[str] | None:
    """Return the words of a credit, up to the outlet's name."""
    lowered = text.lower()
    return _CREDIT.search(text) if any(word in lowered for word in _CREDIT_WORDS) else None


def _find_outlet(
    batch: TokenBatch, hits: Hits, sentence: int, opening: re.Match[str] | None
) -> Span | None:
    """Return the outlet that is named where an opening ends, article included."""
    if opening is None:
        return None
    position = _characters(batch, sentence)[0] + opening.end()
    token = int(np.searchsorted(batch.start, position))
    stop = int(batch.sentence_ptr[sentence + 1])
    name = token + (token < stop and batch.token(token).lower() == "the" and not hits.name[token])
    last = name
    while last < stop and hits.name[last] == _OUTLET and (last == name or not hits.begins[last]):
        last += 1
    return (position, int(batch.end[last - 1])) if last > name else None


def _characters(batch: TokenBatch, sentence: int) -> Span:
    start, end = batch.sentence_ptr.item(sentence), batch.sentence_ptr.item(sentence + 1)
    return (batch.start.item(start), batch.end.item(end - 1)) if start < end else (0, 0)


def _span(batch: TokenBatch, mention: Mention) -> Span:
    return int(batch.start[mention.first]), int(batch.end[mention.last - 1])

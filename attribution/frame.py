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
_DATELINE = re.compile(r"^[^\n(]{0,60}?\((?P<agency>[A-Z][^()\n]{1,40})\)\s*[-–—:]")
_CREDIT = re.compile(
    r"(?:first (?:reported|published|appeared|broadcast)\b.{0,30}?\b(?:by|in|on)"
    r"|originally (?:published|appeared|reported)\b.{0,20}?\b(?:by|in|on)"
    r"|(?:^|\.\s)(?:source|via|credit|with reporting (?:by|from))\s*:?)"
    r"\s+(?P<outlet>(?:the |The )?[A-Z][^,.;()\n]{1,40})",
    re.IGNORECASE,
)
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
    for s in range(first, min(first + TOP_SENTENCES, last)):
        start, end = _characters(batch, s)
        text = batch.text[start:end]
        dateline = _DATELINE.match(text)
        if dateline and _is_outlet(batch, hits, start + dateline.start("agency")):
            return [(start + dateline.start("agency"), start + dateline.end("agency"))]
        mention = mentions[s]
        short = len(text.split()) <= MAX_WORDS
        if mention is not None and short and _RELAYING.search(text) and _BACK.search(text):
            return [_span(batch, m) for m in (mention, *via[s])]
    edges = [*range(first, min(first + TOP_SENTENCES, last)), *range(last - END_SENTENCES, last)]
    for s in edges:
        if s < first:
            continue
        start, end = _characters(batch, s)
        credit = _CREDIT.search(batch.text[start:end])
        if credit and _is_outlet(batch, hits, start + credit.start("outlet")):
            return [(start + credit.start("outlet"), start + credit.end("outlet"))]
    return []


def _characters(batch: TokenBatch, sentence: int) -> Span:
    start, end = batch.sentence_ptr[sentence : sentence + 2].tolist()
    if start == end:
        return 0, 0
    return int(batch.start[start]), int(batch.end[end - 1])


def _span(batch: TokenBatch, mention: Mention) -> Span:
    return int(batch.start[mention.first]), int(batch.end[mention.last - 1])


def _is_outlet(batch: TokenBatch, hits: Hits, position: int) -> bool:
    """Whether an outlet's name begins at a character of the batch text, article or not."""
    token = int(np.searchsorted(batch.start, position))
    return bool((hits.name[token : token + 2] == _OUTLET).any())

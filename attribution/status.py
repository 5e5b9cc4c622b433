"""Whether an article can be scored at all: its language, and whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import filterfalse

from attribution.document import Document
from attribution.labels import UNSOURCED

# The commonest English words, which half of any English text is made of; no other language
# comes near the threshold.
_ENGLISH = frozenset(
    "the of and to a in that is was for on with as it by be at from he his she her they are had has"
    " have not this but were which said an or we who its will would been one their there if more"
    " no out so up what about into than them can only other new some could time these two may then"
    " after also over our you all when i my do your how".split()
)
_WORD = re.compile(r"[^\W\d_]+")
#: Marks that part words; blanked first, they leave little for the pattern to do.
_MARKS = ".,'’“”\"-"
#: Share of common words below which a text of some length is not English.
MIN_ENGLISH, MIN_WORDS = 0.2, 20
# In lower case: to ignore case would take several times as long.
_PAYWALL = re.compile(
    r"(?:subscribe (?:now )?to (?:continue|read)|to continue reading|continue reading with"
    r"|this (?:article|content|story) is (?:for|available to|reserved for) (?:our )?subscribers"
    r"|already a (?:subscriber|member)\?|sign in to (?:read|continue)"
    r"|unlock (?:this|the full) (?:article|story)"
    r"|read the full (?:article|story) (?:by|with) )"
)
_OPENING = re.compile(r"[“«„]")
_CLOSING = re.compile(r"[”»“]")
_ENDS_WELL = tuple(".!?…:;)]\"'”’»*—–-")


def find_status(document: Document, labels: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return why a document cannot be scored (None if it can) and what is odd about its end.

    Where several reasons apply the first of these is given: not_english, truncated, no_score.
    """
    if not is_english(document.text):
        return "not_english", ("the text is not English; labels are not to be relied on",)
    last = document.sentences[-1] if document.sentences else None
    tail = document.text[last.start : last.end] if last else ""
    if is_truncated(document.text, tail):
        return "truncated", ("the article breaks off: a paywall line or an unclosed quotation",)
    if UNSOURCED not in labels:
        return "no_score", ("the model's labels have no 'unsourced': labels only",)
    if tail and not _ends_well(tail):
        return None, ("the last line has no full stop: is the article complete?",)
    return None, ()


def is_english(text: str) -> bool:
    """Whether a text is English, by its share of the commonest English words."""
    words, common = _count_words(text[:20_000].lower())
    if words < MIN_WORDS:
        letters = [char for char in text[:2000] if char.isalpha()]
        return not letters or sum(char < "\u0250" for char in letters) / len(letters) > 0.5
    return common / words >= MIN_ENGLISH


def _count_words(text: str) -> tuple[int, int]:
    """Return how many runs of letters a text has, and how many of them are common words."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    pieces = text.split()
    mixed = list(filterfalse(str.isalpha, pieces))
    rest = _WORD.findall(" ".join(mixed))
    common = sum(map(_ENGLISH.__contains__, (*pieces, *rest)))
    return len(pieces) - len(mixed) + len(rest), common


def is_truncated(text: str, tail: str) -> bool:
    """Whether the body ends in a paywall line, or inside a quotation without a full stop."""
    if _PAYWALL.search(text[-400:].lower()):
        return True
    if _ends_well(tail):
        return False
    opened = [match.start() for match in _OPENING.finditer(tail)]
    if opened and not _CLOSING.search(tail, opened[-1] + 1):
        return True
    return tail.count('"') % 2 == 1


def _ends_well(tail: str) -> bool:
    return tail.rstrip().endswith(_ENDS_WELL)

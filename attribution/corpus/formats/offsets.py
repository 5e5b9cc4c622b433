"""Offsets of other tools, in code points: what a tool counts is found from the words it quotes.

Python, brat, doccano and Prodigy count code points. A browser counts UTF-16 units, so that an emoji
is two: Label Studio stored those until 2021 (its issues 1008 and 1347, mended in pull request 308
of label-studio-frontend). brat takes CR LF for one character (its issue 853). A file does not say
which it has, but it repeats the marked words, and only one way of counting finds them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from attribution.errors import CorpusError

#: Offsets as a tool wrote them, with the words that it says are there ("" if it does not).
Quoted = tuple[int, int, str]
_BLANK = re.compile(r"(?:\s|\\n|\\r)+")


def find_counting(text: str, spans: Sequence[Quoted], where: str) -> Callable[[int], int]:
    """Return the function from a tool's offsets to code points.

    Parameters
    ----------
    text : str
        The text that the offsets count in.
    spans : sequence of (start, end, words)
        As the tool wrote them.
    where : str
        The file and the article, for the error.

    Raises
    ------
    CorpusError
        If no way of counting finds the words.
    """
    for units, pairs in ((1, 2), (2, 2), (1, 1), (2, 1)):
        places = _count(text, units, pairs)
        if all(_fits(text, places, span) for span in spans):
            return places.__getitem__
    plain = _count(text, 1, 2)
    start, end, words = next(span for span in spans if not _fits(text, plain, span))
    found = text[start:end]
    raise CorpusError(
        f"{where}: the text has {found!r} at {start}-{end}, the annotation {words!r}",
        "was the text changed after it was annotated?",
    )


def _count(text: str, astral: int, crlf: int) -> dict[int, int]:
    """Map offsets to code points.

    Parameters
    ----------
    text : str
        The text that the offsets count in.
    astral : int
        What a character beyond U+FFFF counts.
    crlf : int
        What CR LF counts.
    """
    if astral == 1 and crlf == 2:
        return {offset: offset for offset in range(len(text) + 1)}
    places: dict[int, int] = {}
    counted = 0
    for at, char in enumerate(text):
        places.setdefault(counted, at)
        if char == "\r" and crlf == 1 and text[at + 1 : at + 2] == "\n":
            continue
        counted += astral if ord(char) > 0xFFFF else 1
    places[counted] = len(text)
    return places


def _fits(text: str, places: dict[int, int], span: Quoted) -> bool:
    start, end, words = span
    if start not in places or end not in places:
        return False
    return not words or _fold(text[places[start] : places[end]]) == _fold(words)


def _fold(words: str) -> str:
    """Make blanks alike: tools write a line break as a blank, or as a backslash and an n."""
    return _BLANK.sub(" ", words).strip()

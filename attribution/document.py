"""The data that flows through every stage: a document and its sentences.

Offsets are code points into `Document.text`, end exclusive; the text is never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Span = tuple[int, int]


class Sentence(NamedTuple):
    """A sentence: where it stands, and which paragraph it belongs to."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True)
class Document:
    """A parsed article.

    Attributes
    ----------
    text : str
        The article exactly as read.
    sentences : tuple of Sentence
        In reading order, not overlapping.
    id, outlet : str or None
        As the user gives them.
    title : Span or None
        The headline, where one is recognised.
    warnings : tuple of str
        What was odd about the input (a guessed encoding, say).
    """

    text: str
    sentences: tuple[Sentence, ...]
    id: str | None = None
    outlet: str | None = None
    title: Span | None = None
    warnings: tuple[str, ...] = ()

    def words(self, span: Span) -> str:
        """Return the words of a span."""
        return self.text[span[0] : span[1]]

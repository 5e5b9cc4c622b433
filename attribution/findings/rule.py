"""What a rule is, what it finds in an article, and what is reported of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from attribution.analysis import Analysis

Level = Literal["error", "warning", "note"]
#: Gravest first.
LEVELS: tuple[str, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    Attributes
    ----------
    id : str
        Kebab-case; what ``--select``, ``--ignore`` and a comment in a draft name.
    title, rationale : str
        What is wrong, in a line, and why it matters to a reader.
    reference : str
        The newsroom standard that asks for it; a section is named only where it was read.
    default_on : bool
        Whether it runs unasked: only what has been found precise on real articles does.
    """

    id: str
    title: str
    level: Level
    rationale: str
    reference: str
    default_on: bool


@dataclass(frozen=True)
class Hit:
    """Where a rule's pattern occurs, before anybody asks what it costs.

    Attributes
    ----------
    sentence : int
        The sentence it is reported at.
    start, end : int
        The words it is about.
    mended : Analysis or None
        The article as it would read if it were mended; None where no edit says that.
    whole : bool
        Whether it is about the article as a whole, and only reported at the sentence.
    """

    sentence: int
    start: int
    end: int
    message: str
    suggestion: str
    mended: Analysis | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit as it is reported.

    Attributes
    ----------
    effect : float or None
        Points that the score would change by if it were mended, from scoring the mended article;
        None where the article has no score or the score does not look at the matter.
    """

    rule: str
    level: Level
    sentence: int
    start: int
    end: int
    message: str
    suggestion: str
    effect: float | None
    reference: str

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as a JSON-ready object."""
        return {name: getattr(self, name) for name in self.__slots__}


#: A rule's pattern: an article in, what it finds out, in reading order.
Check = Callable[[Analysis], Iterator[Hit]]

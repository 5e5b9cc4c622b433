"""What was read in an article, before it is scored: the type that every later stage works on.

An `Analysis` comes from the models (`pipeline`) or from a gold annotation (`corpus`), so that the
score can be computed, and tested, on either. Nothing here is changed once it is built; that
sentences and sources are not frozen all the same is because it takes several times as long to
build what is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from attribution.document import Document, Span
from attribution.labels import UNIDENTIFIED, UNSOURCED


class Reference(NamedTuple):
    """Words in the text that stand for a source."""

    start: int
    end: int
    source: int


@dataclass(slots=True)
class SentenceAnalysis:
    """What was read in one sentence.

    Attributes
    ----------
    probabilities : dict of str to float
        Per label, summing to 1, in label order.
    needs_source : float
        Probability that the content needs a source.
    identified : dict of str to float
        Probabilities of named, described, anonymous, given that the sentence is attributed.
    hedged : float
        Probability that the report is marked as uncertain, given that it is attributed.
    source : Reference or None
        The words that name the source here.
    source_number : int or None
        The source, also where no words here name it (a running quotation).
    via : tuple of Reference
        Relays, nearest the origin first.
    """

    index: int
    start: int
    end: int
    paragraph: int
    label: str
    probabilities: dict[str, float]
    needs_source: float
    identified: dict[str, float]
    hedged: float
    manner: str | None
    source: Reference | None
    source_number: int | None
    cue: Span | None
    via: tuple[Reference, ...]

    @property
    def attributed(self) -> bool:
        """Whether the label is any but `unsourced`."""
        return self.label != UNSOURCED

    @property
    def p_attributed(self) -> float:
        """Probability that anybody but the author is given as the source."""
        return 1.0 - self.probabilities.get(UNSOURCED, 0.0)

    @property
    def identification(self) -> str | None:
        """The most probable of named, described, anonymous; None where unsourced."""
        if self.label == UNSOURCED or not self.identified:
            return None
        return max(self.identified, key=self.identified.__getitem__)

    @property
    def agentless(self) -> bool:
        """Whether it is attributed to nobody: "reportedly", "it is believed"."""
        return self.label == UNIDENTIFIED and self.source is None


@dataclass(slots=True)
class Source:
    """A source or a relay: one identity, whatever it is called in the article.

    Attributes
    ----------
    mentions : tuple of (int, int, int)
        Sentence, start and end of the words that stand for it.
    sentences : tuple of int
        The sentences that rest on it; none for a mere relay.
    via : tuple of int
        The relays that passed it on, by their numbers.
    """

    number: int
    name: str
    label: str
    identified: str
    country: str | None = None
    entity: str | None = None
    mentions: tuple[tuple[int, int, int], ...] = ()
    sentences: tuple[int, ...] = ()
    via: tuple[int, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """An article as read: its sentences, its sources, the frame it declares for itself.

    Attributes
    ----------
    frame : tuple of Reference
        Origin first, origin included.
    status : str or None
        ``not_english`` or ``truncated`` where the text cannot be scored; ``no_score`` for a label
        set without `unsourced`.
    """

    document: Document
    sentences: tuple[SentenceAnalysis, ...]
    sources: tuple[Source, ...]
    frame: tuple[Reference, ...] = ()
    status: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether its labels mean anything: the text is English, and one says `unsourced`."""
        return self.status not in ("not_english", "no_score")

    def is_title(self, sentence: SentenceAnalysis) -> bool:
        """Return whether a sentence is the article's headline."""
        title = self.document.title
        return title is not None and title[0] <= sentence.start < title[1]

    def source(self, number: int) -> Source:
        """Return a source by its number."""
        return self.sources[number]

    def words(self, span: Reference | Span) -> str:
        """Return the words of a span or a reference."""
        return self.document.text[span[0] : span[1]]

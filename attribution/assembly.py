"""Arrays to objects: what the models said about a batch becomes one `Analysis` per document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.document import Document, Sentence, Span
from attribution.feature_rows import FeatureRows
from attribution.finder import Findings
from attribution.frame import find_frame
from attribution.labels import IDENTIFIED, UNSOURCED
from attribution.lexicon import NAME_KINDS, PLACES, Entity, Hits, Lexicon
from attribution.manner import read_manners
from attribution.mentions import Mention, read_mention
from attribution.quotations import Quotations
from attribution.sources import SourceMap
from attribution.status import find_status
from attribution.tokens import TokenBatch

Floats = NDArray[np.float64]
_BODIES = frozenset(NAME_KINDS[1:]) - set(PLACES)


@dataclass(frozen=True)
class Reading:
    """Everything read in a batch of documents before the classifiers."""

    batch: TokenBatch
    hits: Hits
    quotations: Quotations
    findings: Findings
    sources: SourceMap
    features: FeatureRows


@dataclass(frozen=True)
class Verdicts:
    """What the classifiers said: per sentence, a row of each table.

    Attributes
    ----------
    labels : sequence of str
        The label names, columns of ``tables["label"]``.
    chosen : list of str
        The label of each sentence.
    tables : dict of str to (s, c) float
        ``label``, and where the model has them ``needs_source``, ``identified``, ``hedged``.
    """

    labels: Sequence[str]
    chosen: list[str]
    tables: dict[str, Floats]


class Assembler:
    """Builds the analyses of one batch; offsets are counted from each document's beginning."""

    def __init__(self, reading: Reading, verdicts: Verdicts, lexicon: Lexicon) -> None:
        self.reading, self.verdicts, self.lexicon = reading, verdicts, lexicon
        batch, findings = reading.batch, reading.findings
        base = batch.base[batch.sentence_document[batch.sentence]]
        self.starts, self.ends = (batch.start - base).tolist(), (batch.end - base).tolist()
        self.source, self.cue = findings.source.tolist(), findings.cue.tolist()
        self.manners = read_manners(batch, reading.quotations, findings.source, findings.cue)
        self.probabilities = self._distributions("label", verdicts.labels)
        self.identified = self._distributions("identified", IDENTIFIED)
        self.identification = self._identifications()
        self.needs_source, self.hedged = self._chances("needs_source"), self._chances("hedged")

    def _distributions(self, name: str, classes: Sequence[str]) -> list[dict[str, float]]:
        """Return what a classifier gives each sentence by class, {} if the model has none."""
        table = self.verdicts.tables.get(name)
        if table is None:
            return [{} for _ in self.verdicts.chosen]
        return list(map(dict, map(zip, repeat(classes), table.round(6).tolist())))

    def _chances(self, name: str) -> list[float]:
        """Return each sentence's probability of yes, 0 if the model has no such classifier."""
        table = self.verdicts.tables.get(name)
        if table is None:
            return [0.0] * len(self.verdicts.chosen)
        chances: list[float] = table[:, 1].round(6).tolist()
        return chances

    def _identifications(self) -> Sequence[str | None]:
        """Return how far each sentence's source is identified, None if the model does not tell."""
        table = self.verdicts.tables.get("identified")
        if table is None:
            return [None] * len(self.verdicts.chosen)
        return [IDENTIFIED[k] for k in table.round(6).argmax(axis=1).tolist()]

    def analysis(self, number: int) -> Analysis:
        """Return the analysis of one document of the batch."""
        batch, sources = self.reading.batch, self.reading.sources
        document = batch.documents[number]
        first, last = batch.document_ptr[number : number + 2].tolist()
        base = int(batch.base[number])
        identities = _Identities(self, first, last)
        spans = find_frame(batch, self.reading.hits, first, last, sources.mentions, sources.via)
        frame = tuple(
            Reference(start - base, end - base, identities.number_of(start, end))
            for start, end in spans
        )
        sentences = [
            self._sentence(first + index, index, place, identities)
            for index, place in enumerate(document.sentences)
        ]
        status, warnings = find_status(document, self.verdicts.labels)
        return Analysis(
            document,
            tuple(sentences),
            identities.describe(document),
            frame,
            status,
            (*document.warnings, *warnings),
        )

    def _sentence(
        self, s: int, index: int, place: Sentence, identities: _Identities
    ) -> SentenceAnalysis:
        number = identities.numbers.get(s)
        source = cue = manner = None
        via: tuple[Reference, ...] = ()
        if number is not None:
            manner = self.manners[s]
            source = self._reference(self.source[s], number)
            cue = self.span(*self.cue[s]) if self.cue[s][0] >= 0 else None
            if relays := identities.relays.get(s):
                pairs = zip(self.reading.findings.via[s], relays, strict=True)
                via = tuple([Reference(*self.span(*found), relay) for found, relay in pairs])
        return SentenceAnalysis(
            index=index,
            start=place.start,
            end=place.end,
            paragraph=place.paragraph,
            label=self.verdicts.chosen[s],
            probabilities=self.probabilities[s],
            needs_source=self.needs_source[s],
            identified=self.identified[s],
            hedged=self.hedged[s],
            manner=manner,
            source=source,
            source_number=number,
            cue=cue,
            via=via,
        )

    def span(self, first: int, last: int) -> Span:
        """Return the characters of the tokens ``first:last`` in their document."""
        return self.starts[first], self.ends[last - 1]

    def _reference(self, tokens: Sequence[int], number: int) -> Reference | None:
        return Reference(*self.span(*tokens), number) if tokens[0] >= 0 else None


class _Identities:
    """Source numbers of one document, closed up to those that attributed sentences use.

    Attributes
    ----------
    numbers : dict of int to int
        The source of each attributed sentence.
    relays : dict of int to list of int
        Its relays, where it has any.
    mentions : list of list of Mention
        Per source.
    sentences : list of list of int
        Per source, the sentences that rest on it.
    """

    def __init__(self, assembler: Assembler, first: int, last: int) -> None:
        self.assembler, self.reading, self.first = assembler, assembler.reading, first
        self.numbers: dict[int, int] = {}
        self.relays: dict[int, list[int]] = {}
        self.mentions: list[list[Mention]] = []
        self.sentences: list[list[int]] = []
        self._kept: dict[int, int] = {}
        sources, chosen = self.reading.sources, assembler.verdicts.chosen
        for s, raw in enumerate(sources.number[first:last].tolist(), first):
            if chosen[s] == UNSOURCED:
                continue
            number = self.numbers[s] = self._keep(raw, sources.mentions[s])
            self.sentences[number].append(s)
            if sources.via[s]:
                self.relays[s] = list(map(self._keep, sources.via_numbers[s], sources.via[s]))

    def _keep(self, raw: int, mention: Mention | None) -> int:
        """Return the closed-up number of a source, which has one mention more."""
        number = self._kept.get(raw, len(self.mentions))
        if number == len(self.mentions):
            self.mentions.append([])
            self.sentences.append([])
            if raw >= 0:  # "reportedly" is a source of its own, which nothing links
                self._kept[raw] = number
        if mention is not None:
            self.mentions[number].append(mention)
        return number

    def _sentence_of(self, mention: Mention) -> int:
        """Return where a mention stands: the person whom "A:" means is named elsewhere."""
        return int(self.reading.batch.sentence[mention.first]) - self.first

    def number_of(self, start: int, end: int) -> int:
        """Return the source that a frame span names, a new one if no sentence uses it."""
        batch = self.reading.batch
        words = batch.text[start:end].casefold().removeprefix("the ")
        for number, mentions in enumerate(self.mentions):
            for mention in mentions:
                if " ".join(mention.words).removeprefix("the ") == words:
                    return number
        token = int(np.searchsorted(batch.start, start))
        stop = int(np.searchsorted(batch.start, end))
        sentence = int(batch.sentence[min(token, batch.n_tokens - 1)])
        named = read_mention(
            batch,
            self.reading.hits,
            self.reading.sources.proper,
            sentence,
            token,
            max(stop, token + 1),
        )
        return self._keep(-1, named)

    def describe(self, document: Document) -> tuple[Source, ...]:
        """Describe every source: its best name, type, identification, mentions, relays."""
        return tuple([self._describe(document, number) for number in range(len(self.mentions))])

    def _describe(self, document: Document, number: int) -> Source:
        assembler, mentions, sentences = (
            self.assembler,
            self.mentions[number],
            self.sentences[number],
        )
        entity = self._find_entity(mentions)
        body = None if entity is None or entity.kind in PLACES else entity
        label = _vote([assembler.verdicts.chosen[s] for s in sentences])
        identified = _vote([assembler.identification[s] for s in sentences])
        if identified is None:
            identified = "named" if entity or any(map(_has_name, mentions)) else "described"
        return Source(
            number=number,
            name=self._name(document, mentions) or ("unnamed source" if sentences else ""),
            label=label or (body.kind if body else "media_outlet"),
            identified=identified,
            country=(entity.country or None) if entity else None,
            entity=body.id if body else None,
            mentions=tuple(
                [(self._sentence_of(m), *assembler.span(m.first, m.last)) for m in mentions]
            ),
            sentences=tuple([s - self.first for s in sentences]),
            via=tuple(dict.fromkeys(relay for s in sentences for relay in self.relays.get(s, ()))),
        )

    def _find_entity(self, mentions: list[Mention]) -> Entity | None:
        """Return the body or place that mentions name, unless a person is named."""
        named = [m.entity for m in mentions if m.entity >= 0 and m.entity_kind]
        if not named or any(m.is_person for m in mentions):
            return None
        return self.assembler.lexicon.entities[named[0]]

    def _name(self, document: Document, mentions: list[Mention]) -> str:
        """Return the fullest name among the mentions: never a pronoun if there is better."""
        if not mentions:
            return ""
        best = mentions[0] if len(mentions) == 1 else max(mentions, key=_fullness)
        return " ".join(document.words(self.assembler.span(best.first, best.last)).split())


def _fullness(mention: Mention) -> tuple[bool, bool, int]:
    return not mention.pronoun, _has_name(mention), min(len(mention.words), 6)


def _has_name(mention: Mention) -> bool:
    return mention.is_person or NAME_KINDS[mention.entity_kind] in _BODIES


def _vote(values: Sequence[str | None]) -> str | None:
    """Return the commonest value, the earliest of equals."""
    if len(values) == 1:  # most sources speak once
        return values[0]
    return max(dict.fromkeys(values), key=values.count, default=None)

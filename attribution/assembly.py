"""Arrays to objects: what the models said about a batch becomes one `Analysis` per document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.document import Document, Sentence, Span
from attribution.finder import Findings
from attribution.frame import find_frame
from attribution.labels import IDENTIFIED, UNSOURCED
from attribution.lexicon import NAME_KINDS, Entity, Hits, Lexicon
from attribution.manner import read_manners
from attribution.mentions import Mention, read_mention
from attribution.quotations import Quotations
from attribution.sources import SourceMap
from attribution.status import find_status
from attribution.tokens import TokenBatch

Floats = NDArray[np.float64]
_PLACES = frozenset(("country", "demonym", "capital"))


@dataclass(frozen=True)
class Reading:
    """Everything read in a batch of documents before the classifiers."""

    batch: TokenBatch
    hits: Hits
    quotations: Quotations
    findings: Findings
    sources: SourceMap
    features: list[list[str]]


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
        self.manners = read_manners(batch, reading.quotations.inside, findings.source, findings.cue)
        self.rows = {name: table.round(6).tolist() for name, table in verdicts.tables.items()}

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
        sentences = tuple(
            self._sentence(first + index, index, place, identities)
            for index, place in enumerate(document.sentences)
        )
        status, warnings = find_status(document, self.verdicts.labels)
        return Analysis(
            document,
            sentences,
            identities.describe(document, sentences),
            frame,
            status,
            (*document.warnings, *warnings),
        )

    def _sentence(
        self, s: int, index: int, place: Sentence, identities: _Identities
    ) -> SentenceAnalysis:
        rows = self.rows
        number = identities.numbers.get(s)
        attributed = number is not None
        source, cue = self.source[s], self.cue[s]
        return SentenceAnalysis(
            index=index,
            start=place.start,
            end=place.end,
            paragraph=place.paragraph,
            label=self.verdicts.chosen[s],
            probabilities=dict(zip(self.verdicts.labels, rows["label"][s], strict=True)),
            needs_source=rows["needs_source"][s][1] if "needs_source" in rows else 0.0,
            identified=dict(zip(IDENTIFIED, rows["identified"][s], strict=True))
            if "identified" in rows
            else {},
            hedged=rows["hedged"][s][1] if "hedged" in rows else 0.0,
            manner=self.manners[s] if attributed else None,
            source=Reference(*self.span(*source), number)
            if number is not None and source[0] >= 0
            else None,
            source_number=number,
            cue=self.span(*cue) if attributed and cue[0] >= 0 else None,
            via=tuple(
                Reference(*self.span(*found), relay)
                for found, relay in zip(
                    self.reading.findings.via[s], identities.relays[s], strict=True
                )
            )
            if attributed
            else (),
        )

    def span(self, first: int, last: int) -> Span:
        """Return the characters of the tokens ``first:last`` in their document."""
        return self.starts[first], self.ends[last - 1]


class _Identities:
    """Source numbers of one document, closed up to those that attributed sentences use.

    Attributes
    ----------
    numbers : dict of int to int
        The source of each attributed sentence.
    relays : dict of int to list of int
        Its relays.
    mentions : list of list of Mention
        Per source.
    """

    def __init__(self, assembler: Assembler, first: int, last: int) -> None:
        self.assembler, self.reading, self.first = assembler, assembler.reading, first
        self.numbers: dict[int, int] = {}
        self.relays: dict[int, list[int]] = {}
        self.mentions: list[list[Mention]] = []
        self._kept: dict[int, int] = {}
        sources, chosen = self.reading.sources, assembler.verdicts.chosen
        for s, raw in enumerate(sources.number[first:last].tolist(), first):
            if chosen[s] == UNSOURCED:
                continue
            self.numbers[s] = self._keep(raw, sources.mentions[s])
            self.relays[s] = list(map(self._keep, sources.via_numbers[s], sources.via[s]))

    def _keep(self, raw: int, mention: Mention | None) -> int:
        """Return the closed-up number of a source, which has one mention more."""
        number = self._kept.get(raw, len(self.mentions))
        if number == len(self.mentions):
            self.mentions.append([])
            if raw >= 0:  # "reportedly" is a source of its own, which nothing links
                self._kept[raw] = number
        if mention is not None:
            self.mentions[number].append(mention)
        return number

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

    def describe(
        self, document: Document, sentences: Sequence[SentenceAnalysis]
    ) -> tuple[Source, ...]:
        """Describe every source: its best name, type, identification, mentions, relays."""
        used: list[list[SentenceAnalysis]] = [[] for _ in self.mentions]
        for sentence in sentences:
            if sentence.source_number is not None:
                used[sentence.source_number].append(sentence)
        return tuple(self._describe(document, n, own) for n, own in enumerate(used))

    def _describe(
        self, document: Document, number: int, sentences: list[SentenceAnalysis]
    ) -> Source:
        mentions = self.mentions[number]
        known = self._find_entity(mentions)
        label = _vote([s.label for s in sentences])
        if label is None:
            label = known.kind if known and known.kind not in _PLACES else "media_outlet"
        identified = _vote([s.identification for s in sentences if s.identification])
        spans = [self.assembler.span(m.first, m.last) for m in mentions]
        via: list[int] = []
        for sentence in sentences:
            via += [r.source for r in sentence.via if r.source not in via]
        return Source(
            number=number,
            name=_best_name(document, mentions, spans) or ("unnamed source" if sentences else ""),
            label=label,
            identified=identified or ("named" if known or _has_name(mentions) else "described"),
            country=(known.country or None) if known else None,
            entity=known.id if known and known.kind not in _PLACES else None,
            mentions=tuple(
                (m.sentence - self.first, *span) for m, span in zip(mentions, spans, strict=True)
            ),
            sentences=tuple(s.index for s in sentences),
            via=tuple(via),
        )

    def _find_entity(self, mentions: list[Mention]) -> Entity | None:
        """Return the body or place that mentions name, unless a person is named."""
        entity = next((m.entity for m in mentions if m.entity >= 0 and m.entity_kind), None)
        if entity is None or any(m.is_person for m in mentions):
            return None
        return self.assembler.lexicon.entities[entity]


def _best_name(document: Document, mentions: list[Mention], spans: list[Span]) -> str:
    """Return the fullest name among the mentions: never a pronoun if there is better."""
    if not mentions:
        return ""
    ranks = [(not m.pronoun, _has_name([m]), min(len(m.words), 6)) for m in mentions]
    return " ".join(document.words(spans[ranks.index(max(ranks))]).split())


def _has_name(mentions: Sequence[Mention]) -> bool:
    return any(
        m.is_person or (m.entity_kind and NAME_KINDS[m.entity_kind] not in _PLACES)
        for m in mentions
    )


def _vote(values: Sequence[str]) -> str | None:
    """Return the commonest value, the earliest of equals."""
    return max(dict.fromkeys(values), key=values.count, default=None)

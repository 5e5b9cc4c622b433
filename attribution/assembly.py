"""Arrays to objects: what the models said about a batch becomes one `Analysis` per document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.document import Document, Span
from attribution.finder import Findings
from attribution.frame import find_frame
from attribution.labels import IDENTIFIED, UNSOURCED
from attribution.lexicon import NAME_KINDS, Hits, Lexicon
from attribution.manner import read_manner
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
    """Builds the analyses of one batch."""

    def __init__(self, reading: Reading, verdicts: Verdicts, lexicon: Lexicon) -> None:
        self.reading, self.verdicts, self.lexicon = reading, verdicts, lexicon
        self.rows = {name: table.round(6).tolist() for name, table in verdicts.tables.items()}

    def analysis(self, number: int) -> Analysis:
        """Return the analysis of one document of the batch."""
        batch = self.reading.batch
        document = batch.documents[number]
        first, last = batch.document_ptr[number : number + 2].tolist()
        identities = _Identities(self, first, last)
        base = int(batch.base[number])
        spans = find_frame(
            batch,
            self.reading.hits,
            first,
            last,
            self.reading.sources.mentions,
            self.reading.sources.via,
        )
        frame = tuple(
            Reference(start - base, end - base, identities.number_of(start, end))
            for start, end in spans
        )
        sentences = tuple(
            self._sentence(document, s, s - first, base, identities) for s in range(first, last)
        )
        status, warnings = find_status(document, self.verdicts.labels)
        return Analysis(
            document,
            sentences,
            identities.describe(sentences),
            frame,
            status,
            (*document.warnings, *warnings),
        )

    def _sentence(
        self, document: Document, s: int, index: int, base: int, identities: _Identities
    ) -> SentenceAnalysis:
        reading = self.reading
        label = self.verdicts.chosen[s]
        attributed = label != UNSOURCED
        findings = reading.findings
        place = document.sentences[index]
        source = cue = manner = None
        via: tuple[Reference, ...] = ()
        if attributed:
            source = self._reference(findings.source[s].tolist(), base, identities.number(s))
            cue_range = findings.cue[s].tolist()
            cue = self._span(cue_range, base) if cue_range[0] >= 0 else None
            manner = read_manner(
                reading.batch, reading.quotations.inside, s, findings.source[s], findings.cue[s]
            )
            via = tuple(
                Reference(*self._span(found, base), number)
                for found, number in zip(findings.via[s], identities.relays(s), strict=True)
            )
        return SentenceAnalysis(
            index=index,
            start=place.start,
            end=place.end,
            paragraph=place.paragraph,
            label=label,
            probabilities=dict(zip(self.verdicts.labels, self.rows["label"][s], strict=True)),
            needs_source=self.rows["needs_source"][s][1] if "needs_source" in self.rows else 0.0,
            identified=dict(zip(IDENTIFIED, self.rows["identified"][s], strict=True))
            if "identified" in self.rows
            else {},
            hedged=self.rows["hedged"][s][1] if "hedged" in self.rows else 0.0,
            manner=manner,
            source=source,
            source_number=identities.number(s) if attributed else None,
            cue=cue,
            via=via,
        )

    def _span(self, tokens: Sequence[int], base: int) -> Span:
        batch = self.reading.batch
        return int(batch.start[tokens[0]]) - base, int(batch.end[tokens[1] - 1]) - base

    def _reference(self, tokens: Sequence[int], base: int, number: int) -> Reference | None:
        if tokens[0] < 0:
            return None
        return Reference(*self._span(tokens, base), number)


class _Identities:
    """Source numbers of one document, closed up to those that attributed sentences use."""

    def __init__(self, assembler: Assembler, first: int, last: int) -> None:
        self.assembler, self.first, self.last = assembler, first, last
        self.reading = assembler.reading
        self.kept: dict[int, int] = {}
        self.relay_only: set[int] = set()
        self._numbers: dict[int, int] = {}
        self.mentions: dict[int, list[Mention]] = defaultdict(list)
        chosen = assembler.verdicts.chosen
        fresh = 1 + max((int(n) for n in self._all_numbers()), default=-1)
        for s in range(first, last):
            if chosen[s] == UNSOURCED:
                continue
            raw = int(self.reading.sources.number[s])
            if raw < 0:  # "reportedly": a source of its own, which nothing links
                raw, fresh = fresh, fresh + 1
            self._numbers[s] = self._keep(raw)
            mention = self.reading.sources.mentions[s]
            if mention is not None:
                self.mentions[self._numbers[s]].append(mention)
            for relay, relay_raw in zip(
                self.reading.sources.via[s], self.reading.sources.via_numbers[s], strict=True
            ):
                self.mentions[self._keep(relay_raw)].append(relay)

    def _all_numbers(self) -> list[int]:
        sources = self.reading.sources
        relays = [n for s in range(self.first, self.last) for n in sources.via_numbers[s]]
        return [*sources.number[self.first : self.last].tolist(), *relays]

    def _keep(self, raw: int) -> int:
        return self.kept.setdefault(raw, len(self.kept))

    def number(self, sentence: int) -> int:
        """Return the closed-up source number of an attributed sentence, -1 for another."""
        return self._numbers.get(sentence, -1)

    def relays(self, sentence: int) -> list[int]:
        """Return the source numbers of a sentence's relays."""
        return [self._keep(raw) for raw in self.reading.sources.via_numbers[sentence]]

    def number_of(self, start: int, end: int) -> int:
        """Return the source that a frame span names, a new one if no sentence uses it."""
        batch = self.reading.batch
        words = batch.text[start:end].casefold().removeprefix("the ")
        for number, mentions in self.mentions.items():
            for mention in mentions:
                if " ".join(mention.words).removeprefix("the ") == words:
                    return number
        number = len(self.kept)
        self.kept[-1 - start] = number
        token = int(np.searchsorted(batch.start, start))
        stop = int(np.searchsorted(batch.start, end))
        sentence = int(batch.sentence[min(token, batch.n_tokens - 1)])
        self.mentions[number].append(
            read_mention(
                batch,
                self.reading.hits,
                self.reading.sources.proper,
                sentence,
                token,
                max(stop, token + 1),
            )
        )
        return number

    def describe(self, sentences: Sequence[SentenceAnalysis]) -> tuple[Source, ...]:
        """Describe every source: its best name, type, identification, mentions, relays."""
        used: dict[int, list[SentenceAnalysis]] = defaultdict(list)
        for sentence in sentences:
            if sentence.source_number is not None:
                used[sentence.source_number].append(sentence)
        return tuple(self._describe(n, used.get(n, [])) for n in range(len(self.kept)))

    def _describe(self, number: int, sentences: list[SentenceAnalysis]) -> Source:
        batch = self.reading.batch
        mentions = self.mentions.get(number, [])
        base = int(batch.base[batch.sentence_document[self.first]]) if self.last > self.first else 0
        entity = next((m for m in mentions if m.entity >= 0 and m.entity_kind), None)
        known = None
        if entity is not None and not any(m.is_person for m in mentions):
            known = self.assembler.lexicon.entities[entity.entity]
        label = _vote([s.label for s in sentences])
        if label is None:
            label = known.kind if known and known.kind not in _PLACES else "media_outlet"
        identified = _vote([s.identification for s in sentences if s.identification])
        via: list[int] = []
        for sentence in sentences:
            via += [r.source for r in sentence.via if r.source not in via]
        return Source(
            number=number,
            name=self._name(mentions, sentences),
            label=label,
            identified=identified or ("named" if known or _has_name(mentions) else "described"),
            country=(known.country or None) if known else None,
            entity=known.id if known and known.kind not in _PLACES else None,
            mentions=tuple(
                (
                    m.sentence - self.first,
                    int(batch.start[m.first]) - base,
                    int(batch.end[m.last - 1]) - base,
                )
                for m in mentions
            ),
            sentences=tuple(s.index for s in sentences),
            via=tuple(via),
        )

    def _name(self, mentions: list[Mention], sentences: list[SentenceAnalysis]) -> str:
        """Return the fullest name among the mentions: never a pronoun if there is better."""
        batch = self.reading.batch
        if not mentions:
            return "unnamed source" if sentences else ""
        best = max(mentions, key=lambda m: (not m.pronoun, _has_name([m]), min(len(m.words), 6)))
        words = batch.as_written(int(batch.start[best.first]), int(batch.end[best.last - 1]))
        return " ".join(words.split())


def _has_name(mentions: Sequence[Mention]) -> bool:
    return any(
        m.is_person or (m.entity_kind and NAME_KINDS[m.entity_kind] not in _PLACES)
        for m in mentions
    )


def _vote(values: Sequence[str]) -> str | None:
    """Return the commonest value, the earliest of equals."""
    if not values:
        return None
    counts = Counter(values)
    return max(counts, key=lambda value: counts[value])

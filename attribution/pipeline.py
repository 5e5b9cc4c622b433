"""The order of the stages: documents in, analyses out. The only module that knows them all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from attribution.analysis import Analysis
from attribution.assembly import Assembler, Reading, Verdicts
from attribution.document import Document
from attribution.labels import IDENTIFIED, LABELS, UNSOURCED
from attribution.lexicon import Lexicon, load_lexicon
from attribution.model import Model, load_model
from attribution.quotations import find_quotations
from attribution.sentence_features import SentenceFeatures
from attribution.sources import read_mentions, resolve_sources
from attribution.token_features import build_columns
from attribution.tokens import tokenize

Floats = NDArray[np.float64]
#: Documents that are laid out in one set of arrays: more are read faster, and take more memory.
BATCH_DOCUMENTS = 64
#: How far the types of one source's sentences are drawn together.
POOLING = 0.5


@dataclass(frozen=True)
class Analyser:
    """A model with its lexicon, ready to read documents."""

    model: Model
    lexicon: Lexicon

    @classmethod
    def load(cls, name: str = "default", hidden: Collection[str] = ()) -> Analyser:
        """Load a model by name or folder; its lexicon lacks the gazetteer rows of `hidden`."""
        return cls(load_model(name), Lexicon(hidden) if hidden else load_lexicon())

    def read(self, documents: Sequence[Document]) -> Reading:
        """Run every stage up to the features on one batch."""
        batch = tokenize(documents)
        hits = self.lexicon.match(batch)
        quotations = find_quotations(batch)
        finder = self.model.finder
        columns = build_columns(batch, hits, quotations, finder.vocabulary)
        findings = finder.find(batch, hits, columns)
        mentions = read_mentions(batch, hits, quotations, findings, columns.word > 0)
        sources = resolve_sources(mentions, lambda _: self.model.antecedents.choose)
        features = SentenceFeatures(
            batch, hits, quotations, columns, finder.vocabulary, findings, sources
        ).build()
        return Reading(batch, hits, quotations, findings, sources, features)

    def analyse(self, documents: Iterable[Document]) -> Iterator[Analysis]:
        """Analyse documents in order, a batch at a time."""
        pending = iter(documents)
        while batch := list(islice(pending, BATCH_DOCUMENTS)):
            yield from self._analyse_batch(batch)

    def probabilities(self, reading: Reading) -> dict[str, Floats]:
        """Return what every classifier of the model says of every sentence."""
        heads, space = self.model.heads, self.model.space
        rows = space.index.rows(reading.features)
        found = {name: head.probabilities(space.narrow(rows, name)) for name, head in heads.items()}
        if "label" not in found:
            kinds = pool_over_sources(found["type"], found["attributed"], reading)
            found["label"] = combine(found["attributed"], kinds, heads["type"].classes)
        if "identified" in found:
            order = [heads["identified"].classes.index(name) for name in IDENTIFIED]
            found["identified"] = found["identified"][:, order]
        return found

    def _analyse_batch(self, documents: Sequence[Document]) -> Iterator[Analysis]:
        reading = self.read(documents)
        tables = self.probabilities(reading)
        verdicts = Verdicts(
            self.model.labels, choose_labels(self.model.labels, tables["label"]), tables
        )
        assembler = Assembler(reading, verdicts, self.lexicon)
        for number in range(len(documents)):
            yield assembler.analysis(number)


def pool_over_sources(kinds: Floats, attributed: Floats, reading: Reading) -> Floats:
    """Draw the types of one source's sentences together, so that an article is consistent.

    Each sentence's P(type | attributed) moves `POOLING` of the way to the mean over the sentences
    that share its source, weighted by their probability of being attributed.
    """
    number = reading.sources.number
    linked = np.flatnonzero(number >= 0)
    if not len(linked):
        return kinds
    document = reading.batch.sentence_document[linked]
    pairs = document * (int(number.max()) + 1) + number[linked]
    _, group = np.unique(pairs, return_inverse=True)
    weight = np.maximum(attributed[linked, 1], 1e-6)
    total = np.bincount(group, weight)
    pooled = kinds.copy()
    for column in range(kinds.shape[1]):
        mean = np.bincount(group, weight * kinds[linked, column]) / total
        pooled[linked, column] += POOLING * (mean[group] - kinds[linked, column])
    return pooled


def choose_labels(labels: Sequence[str], table: Floats) -> list[str]:
    """Return the label of each sentence: attributed or not first, then the likeliest type."""
    if not len(table):
        return []
    if UNSOURCED not in labels:
        return [labels[k] for k in table.argmax(axis=1).tolist()]
    unsourced = labels.index(UNSOURCED)
    others = np.where(np.arange(len(labels)) == unsourced, -1.0, table)
    best = np.where(table[:, unsourced] >= 0.5, unsourced, others.argmax(axis=1))
    return [labels[k] for k in best.tolist()]


def combine(attributed: Floats, kinds: Floats, classes: Sequence[str]) -> Floats:
    """Join P(attributed) and P(type | attributed) into one table in label order."""
    table = np.zeros((len(attributed), len(LABELS)))
    for column, name in enumerate(classes):
        table[:, LABELS.index(name)] = attributed[:, 1] * kinds[:, column]
    table[:, LABELS.index(UNSOURCED)] = attributed[:, 0]
    return table

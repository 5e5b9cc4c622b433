"""Which words a model may know by name: ordinary ones that several articles share, no names.

A vocabulary is something that was learned, so cross-fitting needs one per fold too: a word that
only the held-out articles made frequent enough must be unknown to the models that are judged there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attribution.token_features import TokenColumns, Vocabulary
from attribution.tokens import Ints, TokenBatch


def build_vocabulary(batch: TokenBatch, documents: Ints, min_articles: int) -> Vocabulary:
    """Collect lower-case words that `min_articles` of some documents hold.

    A word that stands with a capital more often than without is a name ("trump" the verb is rarer
    than Trump) and stays out.
    """
    articles: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for document in documents.tolist():
        first, last = batch.document_ptr[document : document + 2].tolist()
        tokens = slice(int(batch.sentence_ptr[first]), int(batch.sentence_ptr[last]))
        codes, counts = np.unique(batch.word[tokens], return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            word = batch.words[code]
            if word.islower():
                articles[word] += 1
            (capital if word[:1].isupper() else lower)[word.lower()] += count
    kept = (
        word
        for word, number in articles.items()
        if number >= min_articles and word.isalpha() and lower[word] > capital[word]
    )
    return Vocabulary(tuple(sorted(kept)))


@dataclass(frozen=True)
class FoldVocabularies:
    """The vocabulary of all articles, and what is known of it without each fold.

    Attributes
    ----------
    known : (folds + 1, ids) bool
        Which word ids each fold may know; in the last row, for the final models, all.
    """

    full: Vocabulary
    known: NDArray[np.bool_]

    @classmethod
    def build(
        cls, batch: TokenBatch, fold: Ints, folds: int, min_articles: int
    ) -> FoldVocabularies:
        """Collect words without each fold and from everything; `fold` is given per document."""
        full = build_vocabulary(batch, np.arange(len(fold)), min_articles)
        known = np.ones((folds + 1, len(full)), bool)
        for k in range(folds):
            part = set(build_vocabulary(batch, np.flatnonzero(fold != k), min_articles).words)
            for word, number in full.ids.items():
                known[k, number] = word in part
        return cls(full, known)

    def words(self, fold: int) -> frozenset[str]:
        """Return the words that a fold may know; all for -1."""
        ids = self.full.ids
        return frozenset(word for word in self.full.words if self.known[fold, ids[word]])

    def restrict(self, columns: TokenColumns, fold: int | Ints) -> TokenColumns:
        """Forget the words that a fold, or each token's fold, may not know; -1 forgets none."""
        return replace(columns, word=np.where(self.known[fold, columns.word], columns.word, 0))

"""Which words a model may know by name: ordinary ones that several articles share, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np

from attribution.token_features import Vocabulary
from attribution.tokens import TokenBatch


def build_vocabulary(
    batch: TokenBatch, min_articles: int, excluded: Collection[str] = ()
) -> Vocabulary:
    """Collect lower-case words that `min_articles` articles hold.

    A word that stands with a capital more often than without is a name ("trump" the verb is rarer
    than Trump) and stays out, and so does every word in `excluded`.
    """
    articles: Counter[str] = Counter()
    for document in range(len(batch.documents)):
        first, last = batch.document_ptr[document : document + 2].tolist()
        tokens = slice(int(batch.sentence_ptr[first]), int(batch.sentence_ptr[last]))
        articles.update(
            word
            for code in np.unique(batch.word[tokens]).tolist()
            if (word := batch.words[code]).islower()
        )
    counts = np.bincount(batch.word, minlength=len(batch.words)).tolist()
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for word, count in zip(batch.words, counts, strict=True):
        (capital if word[:1].isupper() else lower)[word.lower()] += count
    kept = (
        word
        for word, number in articles.items()
        if number >= min_articles
        and word.isalpha()
        and lower[word] > capital[word]
        and word not in excluded
    )
    return Vocabulary(tuple(sorted(kept)))

"""Folds that keep an article, and whatever nearly repeats it, on one side."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from datasketch import MinHash, MinHashLSH

from attribution.tokens import Ints

_WORD = re.compile(r"\w+")
_SHINGLE = 5
#: Estimated Jaccard similarity of word shingles from which two articles are near-duplicates.
NEAR_DUPLICATE = 0.5


def near_duplicate_groups(texts: Sequence[str], seed: int) -> Ints:
    """Return a (d,) group number per text; near-duplicates share one (Broder 1997)."""
    index = MinHashLSH(threshold=NEAR_DUPLICATE, num_perm=64)
    group = np.arange(len(texts))
    for number, text in enumerate(texts):
        sketch = _sketch(text, seed)
        for other in index.query(sketch):
            # Join the whole group, so that chains of copies end up together.
            group[group == group[int(other)]] = group[number]
        index.insert(str(number), sketch)
    return group


def _sketch(text: str, seed: int) -> MinHash:
    words = _WORD.findall(text.lower())
    sketch = MinHash(num_perm=64, seed=seed)
    shingles = {" ".join(words[k : k + _SHINGLE]) for k in range(max(len(words) - _SHINGLE, 1))}
    sketch.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return sketch


def assign_folds(groups: Ints, sizes: Sequence[int], folds: int, seed: int) -> Ints:
    """Spread groups over folds so that each holds about as many sentences.

    Parameters
    ----------
    groups : (d,) int
        Group of each article.
    sizes : (d,)
        Sentences of each article.
    """
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.unique(groups))
    weight = dict.fromkeys(names.tolist(), 0)
    for name, size in zip(groups.tolist(), sizes, strict=True):
        weight[name] += size
    load = np.zeros(folds, np.int64)
    fold_of: dict[int, int] = {}
    for name in sorted(names.tolist(), key=lambda n: -weight[n]):
        fold_of[name] = int(load.argmin())
        load[fold_of[name]] += weight[name]
    return np.array([fold_of[name] for name in groups.tolist()], np.int64)


def join_same_texts(groups: Ints, texts: Sequence[str]) -> Ints:
    """A labelled article stands in both lists: the same text is the same group."""
    joined = groups.copy()
    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        other = first.setdefault(text, number)
        if other != number:
            joined[joined == joined[number]] = joined[other]
    return joined

"""Who holds the floor: which sentence names the speaker of a running quotation."""

from __future__ import annotations

import numpy as np

from attribution.quotations import Quotations
from attribution.tokens import Ints, TokenBatch

#: A sentence counts as quoted when this share of its tokens stands in quotation marks.
QUOTED_SHARE = 0.5
#: How many sentences back a speaker is looked for when nothing nearer names one.
REACH = 8


def quoted_share(batch: TokenBatch, quotations: Quotations) -> np.ndarray:
    """Return (s,) float: the share of each sentence's tokens inside quotation marks."""
    inside = np.concatenate(([0], np.cumsum(quotations.inside)))
    counts = inside[batch.sentence_ptr[1:]] - inside[batch.sentence_ptr[:-1]]
    lengths = np.maximum(np.diff(batch.sentence_ptr), 1)
    return np.asarray(counts / lengths)


def find_holders(
    batch: TokenBatch, quotations: Quotations, share: np.ndarray, source: Ints
) -> Ints:
    """Return (s,) int: the sentence that names the speaker, -1 where nobody holds the floor.

    A quoted sentence without a source of its own takes, in this order: the speaker named later in
    the same quotation; the speaker before it in the same paragraph; the one after it there; the
    last one named.
    """
    holder = np.full(batch.n_sentences, -1, np.int64)
    named = source[:, 0] >= 0
    run = _runs(batch, quotations)
    for start, end in zip(
        batch.document_ptr[:-1].tolist(), batch.document_ptr[1:].tolist(), strict=False
    ):
        for s in range(start, end):
            if named[s] or share[s] < QUOTED_SHARE:
                continue
            holder[s] = _holder(s, start, end, named, share, holder, run, batch.paragraph)
    return holder


def _runs(batch: TokenBatch, quotations: Quotations) -> Ints:
    """Return (s, 2) int: the first and the last quotation run in each sentence, -1 for none."""
    runs = np.full((batch.n_sentences, 2), -1, np.int64)
    tokens = np.flatnonzero(quotations.inside)
    sentences = batch.sentence[tokens]
    values = quotations.run[quotations.token[tokens]]
    runs[sentences[::-1], 0] = values[::-1]  # the first token of a sentence is written last
    runs[sentences, 1] = values
    return runs


def _holder(
    s: int,
    start: int,
    end: int,
    named: np.ndarray,
    share: np.ndarray,
    holder: Ints,
    run: Ints,
    paragraph: Ints,
) -> int:
    previous = s - 1 if s > start else -1
    if previous >= 0 and run[previous, 1] == run[s, 0] >= 0:
        return previous if named[previous] else int(holder[previous])
    following = s + 1 if s + 1 < end else -1
    if following >= 0 and run[following, 0] == run[s, 1] >= 0 and named[following]:
        return following
    for candidate in range(s - 1, start - 1, -1):
        if paragraph[candidate] != paragraph[s]:
            break
        if named[candidate]:
            return candidate
    if following >= 0 and paragraph[following] == paragraph[s] and named[following]:
        return following
    earlier = np.flatnonzero(named[max(start, s - REACH) : s])
    return int(earlier[-1]) + max(start, s - REACH) if len(earlier) else -1

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
    floor = _Floor(batch, quotations, source)
    for s in np.flatnonzero((source[:, 0] < 0) & (share >= QUOTED_SHARE)).tolist():
        floor.holder[s] = floor.find(s)
    return np.array(floor.holder, np.int64)


def _runs(batch: TokenBatch, quotations: Quotations) -> Ints:
    """Return (s, 2) int: the first and the last quotation run in each sentence, -1 for none."""
    runs = np.full((batch.n_sentences, 2), -1, np.int64)
    tokens = np.flatnonzero(quotations.inside)
    sentences = batch.sentence[tokens]
    values = quotations.run[quotations.token[tokens]]
    runs[sentences[::-1], 0] = values[::-1]  # the first token of a sentence is written last
    runs[sentences, 1] = values
    return runs


class _Floor:
    """Who has held the floor so far, and what tells who holds it next."""

    def __init__(self, batch: TokenBatch, quotations: Quotations, source: Ints) -> None:
        # Lists: one element of an array costs ten of a list.
        self.named = (source[:, 0] >= 0).tolist()
        self.paragraph = batch.paragraph.tolist()
        # The first sentence of each one's document.
        self.opening = batch.document_ptr[batch.sentence_document].tolist()
        self.first_run, self.last_run = _runs(batch, quotations).T.tolist()
        self.holder = [-1] * batch.n_sentences

    def find(self, s: int) -> int:
        """Return the sentence that names who speaks in sentence `s`, -1 for nobody."""
        first, last, paragraph = self.first_run[s], self.last_run[s], self.paragraph[s]
        if s and self.last_run[s - 1] == first >= 0:
            return s - 1 if self.named[s - 1] else self.holder[s - 1]
        following = s + 1 if s + 1 < len(self.named) and self.named[s + 1] else -1
        if following >= 0 and self.first_run[following] == last >= 0:
            return following
        candidate = s - 1
        while candidate >= 0 and self.paragraph[candidate] == paragraph:
            if self.named[candidate]:
                return candidate
            candidate -= 1
        if following >= 0 and self.paragraph[following] == paragraph:
            return following
        nearest = range(s - 1, max(self.opening[s], s - REACH) - 1, -1)
        return next((candidate for candidate in nearest if self.named[candidate]), -1)

"""Who holds the floor: which sentence names the speaker of a running quotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from attribution.mentions import Mention
from attribution.quotations import Quotations
from attribution.tokens import Ints, TokenBatch
from attribution.unmarked import ANSWER

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
    last one named. In a transcript it is who opens the turn; in a block quotation, who introduces
    it.
    """
    floor = _Floor(batch, quotations, source)
    unmarked = quotations.unmarked
    quoted = (share >= QUOTED_SHARE) & (unmarked.turn < 0)
    for s in np.flatnonzero((source[:, 0] < 0) & quoted).tolist():
        floor.holder[s] = floor.find(s)
    holder = np.array(floor.holder, np.int64)
    # No sentence stands both in a turn and in a block quotation.
    opening = np.maximum(unmarked.turn, unmarked.introduction)
    held = (holder < 0) & (source[:, 0] < 0) & ~quoted & (opening >= 0)
    held[held] = source[opening[held], 0] >= 0
    holder[held] = opening[held]
    return holder


def index_speakers(people: Sequence[Mention]) -> dict[str, Mention]:
    """Return whom the labels of turns can mean, of the people named before a transcript.

    A label is a surname or initials; "A" is the person named most often, the first of equals.
    """
    known: dict[str, Mention] = {}
    for person in people:
        initials = "".join(name[0] for name in person.names) if len(person.names) > 1 else ""
        for label in filter(None, (person.surname, initials)):
            if label not in known or len(person.names) > len(known[label].names):
                known[label] = person
    for surname, _ in Counter(person.surname for person in people).most_common(1):
        known |= dict.fromkeys(ANSWER, known[surname])
    return known


def name_speaker(label: Mention, known: Mapping[str, Mention]) -> Mention:
    """Return whom the label of a turn means, the label itself where nobody is known by it."""
    words = [word for word in label.words if word.isalpha()]
    person = known.get(words[-1]) if words else None
    if person is None or (len(words) > 1 and words[-1] in ANSWER):
        return label
    return person._replace(sentence=label.sentence)


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
        named = source[:, 0] >= 0
        self.named = named.tolist()
        # The last sentence up to each one that names a source, -1 for none.
        numbers = np.arange(batch.n_sentences)
        self.last_named = np.maximum.accumulate(np.where(named, numbers, -1)).tolist()
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
        nearest = self.last_named[s - 1] if s else -1
        if nearest >= 0 and self.paragraph[nearest] == paragraph:
            return nearest
        if following >= 0 and self.paragraph[following] == paragraph:
            return following
        return nearest if nearest >= max(self.opening[s], s - REACH) else -1

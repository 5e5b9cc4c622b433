"""Speech without quotation marks: the turns of a transcript, and block quotations.

Interviews are printed as "Q:" and "A:", or under their speakers' names; a long quotation stands in
paragraphs of its own after a colon. Nothing marks where such a quotation ends: what is found here
is where it may stand, and the models decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.tokens import Ints, TokenBatch

#: The longest label of a turn, in tokens: "Sen. Anna de Vries (D):".
LABEL_TOKENS = 9
#: A transcript has so many labelled turns, and two speakers of whom one speaks twice.
MIN_TURNS = 4
#: How many paragraphs after its colon a block quotation may still go on.
MAX_DEPTH = 6
QUESTION, ANSWER = frozenset(("q", "question")), frozenset(("a", "answer"))
#: The speaker asks or answers; a block quotation, its later paragraphs, each also after a cue.
STATES = ("", "asks", "answers", "block", "block later", "cued block", "cued block later")
_LABEL_MARKS = frozenset(". , ( ) - – ’ ' & /".split())
_JOINING = frozenset("de der den van von da di al bin ibn of".split())
# A drop capital that ran into the question: "QWhat happened?".
_GLUED_QUESTION = re.compile(r"Q[A-Z][a-z’']")
_OPENING_MARKS = frozenset("“ „ « ‹ ‘ ``".split())


@dataclass(frozen=True)
class UnmarkedSpeech:
    """Where speech may stand without quotation marks; s sentences.

    Attributes
    ----------
    turn : (s,) int
        The sentence that opens the turn each one belongs to, -1 outside a transcript.
    label : (s, 2) int
        Tokens of the speaker's label in a sentence that opens a turn, else -1.
    asks : (s,) bool
        Whether the speaker of the turn mostly asks.
    start : (s,) int
        The first turn of the transcript, -1 outside one.
    introduction : (s,) int
        The sentence ending in a colon after whose paragraph this one stands, else -1.
    depth : (s,) int
        How many paragraphs after it, from 1; 0 outside a block quotation.
    """

    turn: Ints
    label: Ints
    asks: NDArray[np.bool_]
    start: Ints
    introduction: Ints
    depth: Ints

    def states(self, cued: NDArray[np.bool_]) -> Ints:
        """Return the state of every sentence: an index into `STATES`.

        Parameters
        ----------
        cued : (s,) bool
            Whether each sentence has a cue: a colon after one opens a quotation more often.
        """
        state = np.where(self.turn >= 0, np.where(self.asks, 1, 2), 0)
        block = 3 + (self.depth > 1) + 2 * cued[self.introduction]
        return np.asarray(np.where((state == 0) & (self.depth > 0), block, state), np.int64)

    @classmethod
    def none(cls, n_sentences: int) -> UnmarkedSpeech:
        """Return what a batch without transcripts and block quotations has."""
        return cls(
            turn=np.full(n_sentences, -1, np.int64),
            label=np.full((n_sentences, 2), -1, np.int64),
            asks=np.zeros(n_sentences, bool),
            start=np.full(n_sentences, -1, np.int64),
            introduction=np.full(n_sentences, -1, np.int64),
            depth=np.zeros(n_sentences, np.int64),
        )


def find_unmarked(batch: TokenBatch) -> UnmarkedSpeech:
    """Find the transcripts and block quotations of a batch."""
    found = UnmarkedSpeech.none(batch.n_sentences)
    opens = _paragraph_openings(batch)
    turns: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for sentence, last in _labels(batch, opens):
        turns[int(batch.sentence_document[sentence])].append((sentence, last))
    for document, labelled in turns.items():
        if len(labelled) >= MIN_TURNS:
            _mark_transcript(batch, opens, document, labelled, found)
    _mark_blocks(batch, opens, found)
    return found


def _paragraph_openings(batch: TokenBatch) -> NDArray[np.bool_]:
    """Return (s,) bool: which sentences with words begin a paragraph."""
    opens = np.ones(batch.n_sentences, bool)
    opens[1:] = batch.paragraph[1:] != batch.paragraph[:-1]
    return opens & (np.diff(batch.sentence_ptr) > 0)


def _labels(batch: TokenBatch, opens: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (sentence, end of its label) of every sentence that could open a turn, in order."""
    found: list[tuple[int, int]] = []
    ends = np.flatnonzero(batch.among((":", ".")))
    sentence = batch.sentence[ends]
    first = batch.sentence_ptr[sentence]
    near = (ends > first) & (ends - first <= LABEL_TOKENS)
    for s, start, end in zip(
        sentence[near].tolist(), first[near].tolist(), ends[near].tolist(), strict=True
    ):
        words = batch.surfaces[start:end]
        short = opens[s] and len(words) == 1 and words[0].lower() in QUESTION | ANSWER
        if short or (batch.surfaces[end] == ":" and _names_speaker(words)):
            found.append((s, end))
    starts = batch.sentence_ptr[:-1][opens]
    for s, start in zip(np.flatnonzero(opens).tolist(), starts.tolist(), strict=True):
        if _GLUED_QUESTION.match(batch.surfaces[start]):
            found.append((s, start))
    return sorted(dict(sorted(found, reverse=True)).items())


def _names_speaker(words: Sequence[str]) -> bool:
    """Whether the words before a colon can be a speaker: names and titles.

    "THE FACTS:" is no speaker, "The Courier:" is.
    """
    if not words[0][0].isupper() or words[0] == "THE":
        return False
    return all(
        word[0].isupper() or word in _LABEL_MARKS or word.lower() in _JOINING for word in words
    )


def _mark_transcript(
    batch: TokenBatch,
    opens: NDArray[np.bool_],
    document: int,
    labelled: Sequence[tuple[int, int]],
    found: UnmarkedSpeech,
) -> None:
    """Mark the turns of one document, if its labels are those of a transcript."""
    starts = batch.sentence_ptr[[s for s, _ in labelled]].tolist()
    keys = [
        " ".join(batch.lowered[start:end]) or "q"
        for start, (_, end) in zip(starts, labelled, strict=True)
    ]
    if len(set(keys)) < 2 or len(set(keys)) > len(keys) / 2 + 1:
        return
    final = int(batch.document_ptr[document + 1])
    following = [s for s, _ in labelled[1:]]
    # Where the last turn ends nothing tells: it gets one paragraph.
    stops = [*following, _paragraph_end(opens, labelled[-1][0], final)]
    # So does one that shares its paragraph, as printed messages do.
    crowded = np.bincount(batch.paragraph[[s for s, _ in labelled]])
    stops = [
        min(stop, _paragraph_end(opens, s, final)) if crowded[batch.paragraph[s]] > 1 else stop
        for (s, _), stop in zip(labelled, stops, strict=True)
    ]
    asked: dict[str, list[bool]] = defaultdict(list)
    spans = list(zip(keys, labelled, stops, strict=True))
    for key, _, stop in spans:
        asked[key].append(batch.surfaces[int(batch.sentence_ptr[stop]) - 1] == "?")
    for key, (s, end), stop in spans:
        found.turn[s:stop] = s
        found.start[s:stop] = labelled[0][0]
        found.asks[s:stop] = key in QUESTION or 2 * sum(asked[key]) > len(asked[key])
        start = int(batch.sentence_ptr[s])
        if end > start:
            found.label[s] = start, end


def _paragraph_end(opens: NDArray[np.bool_], sentence: int, final: int) -> int:
    """Return the sentence after the paragraph of one, at most `final`."""
    end = sentence + 1
    while end < final and not opens[end]:
        end += 1
    return end


def _mark_blocks(batch: TokenBatch, opens: NDArray[np.bool_], found: UnmarkedSpeech) -> None:
    """Mark the paragraphs after one that ends in a colon and opens no quotation."""
    colons = np.flatnonzero(batch.among((":",)))
    closing = colons + 1 == batch.sentence_ptr[batch.sentence[colons] + 1]
    paragraphs = np.append(np.flatnonzero(opens), batch.n_sentences)
    for s in batch.sentence[colons[closing]].tolist():
        stop = int(batch.document_ptr[batch.sentence_document[s] + 1])
        at = int(np.searchsorted(paragraphs, s, side="right"))
        if found.turn[s] >= 0 or s + 1 == stop or paragraphs[at] != s + 1:
            continue
        for depth in range(1, MAX_DEPTH + 1):
            first = int(paragraphs[at])
            if first >= stop or batch.surfaces[batch.sentence_ptr[first]] in _OPENING_MARKS:
                break
            at += 1
            found.introduction[first : paragraphs[at]] = s
            found.depth[first : paragraphs[at]] = depth

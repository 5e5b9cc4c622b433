"""Speech without quotation marks: the turns of a transcript, and block quotations.

Interviews are printed as "Q:" and "A:", or under their speakers' names; a long quotation stands in
paragraphs of its own after a colon. Nothing marks where such a quotation ends: what is found here
is where it may stand, and the models decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.tokens import Ints, TokenBatch

#: The longest label of a turn, in tokens: "Sen. Anna de Vries (D):".
LABEL_TOKENS = 9
#: A transcript has so many labelled turns, and its speakers speak about twice or more.
MIN_TURNS = 4
#: How many paragraphs after its colon a block quotation may still go on.
MAX_DEPTH = 6
QUESTION, ANSWER = frozenset(("q", "question")), frozenset(("a", "answer"))
#: The speaker asks or answers; a block quotation, its later paragraphs, each also after a cue.
STATES = ("", "asks", "answers", "block", "block later", "cued block", "cued block later")
_LABEL_MARKS = frozenset(". , ( ) - – ’ ' & /".split())
_JOINING = frozenset("de der den van von da di al bin ibn of".split())
# A drop capital that ran into the question: "QWhat happened?".
_GLUED_QUESTION = re.compile(r"Q(?!Anon)[A-Z][a-z’']")
_OPENING_MARKS = frozenset("“ „ « ‹ ‘ ``".split())
# What a headline ends in less often than any other paragraph of one sentence.
_CLOSING_MARKS = frozenset(". ! ? … : ; , - – — ) ] ” ’ » › '' \"".split())
_HEADLINE_TOKENS = 3


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
    ends = _paragraph_ends(batch, opens)
    headlines = find_headlines(batch)
    turns: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for sentence, last in _labels(batch, opens):
        turns[int(batch.sentence_document[sentence])].append((sentence, last))
    for labelled in turns.values():
        if len(labelled) >= MIN_TURNS:
            _mark_transcript(batch, ends, headlines, labelled, found)
    _mark_blocks(batch, ends, found)
    return found


def _paragraph_openings(batch: TokenBatch) -> NDArray[np.bool_]:
    """Return (s,) bool: which sentences are the first with words in their paragraph."""
    filled = np.flatnonzero(np.diff(batch.sentence_ptr) > 0)
    paragraph = batch.paragraph[filled]
    opens = np.zeros(batch.n_sentences, bool)
    opens[filled] = np.append(True, paragraph[1:] != paragraph[:-1])[: len(filled)]
    return opens


def _paragraph_ends(batch: TokenBatch, opens: NDArray[np.bool_]) -> Ints:
    """Return (s,) int: where the next paragraph opens, or the document ends."""
    openings = np.append(np.flatnonzero(opens), batch.n_sentences)
    following = openings[np.searchsorted(openings, np.arange(batch.n_sentences), side="right")]
    return np.asarray(np.minimum(following, batch.document_ptr[1:][batch.sentence_document]))


def find_headlines(batch: TokenBatch) -> Ints:
    """Return the sentences that look like headlines: a paragraph of words without a full stop."""
    opens = _paragraph_openings(batch)
    ends = _paragraph_ends(batch, opens)
    alone = np.flatnonzero(opens & (ends == np.arange(batch.n_sentences) + 1))
    first, last = batch.sentence_ptr[alone], batch.sentence_ptr[alone + 1]
    bare = [batch.surfaces[k] not in _CLOSING_MARKS for k in (last - 1).tolist()]
    return np.asarray(alone[(last - first >= _HEADLINE_TOKENS) & np.array(bare, bool)])


def _labels(batch: TokenBatch, opens: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (sentence, end of its label) of every sentence that could open a turn, in order."""
    starts = batch.sentence_ptr[:-1][opens]
    found = {
        s: start
        for s, start in zip(np.flatnonzero(opens).tolist(), starts.tolist(), strict=True)
        if _GLUED_QUESTION.match(batch.surfaces[start])
    }
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
            found.setdefault(s, end)
    return sorted(found.items())


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
    ends: Ints,
    headlines: Ints,
    labelled: Sequence[tuple[int, int]],
    found: UnmarkedSpeech,
) -> None:
    """Mark the turns of one document, if its labels are those of a transcript."""
    labelled, keys = _spoken_labels(batch, headlines, labelled)
    if len(keys) < MIN_TURNS or not 2 <= len(set(keys)) <= len(keys) / 2 + 1:
        return
    openings = [s for s, _ in labelled]
    starts = batch.sentence_ptr[openings].tolist()
    stops = _turn_ends(batch, ends, headlines, openings)
    turns = Counter(keys)
    questions = Counter(
        key
        for key, stop in zip(keys, stops, strict=True)
        if batch.surfaces[int(batch.sentence_ptr[stop]) - 1] == "?"
    )
    for key, (s, end), start, stop in zip(keys, labelled, starts, stops, strict=True):
        found.turn[s:stop] = s
        found.start[s:stop] = openings[0]
        found.asks[s:stop] = key in QUESTION or 2 * questions[key] > turns[key]
        if end > start:
            found.label[s] = start, end


def _spoken_labels(
    batch: TokenBatch, headlines: Ints, labelled: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[str]]:
    """Return the labels of one document with their words, without those of headlines alone.

    "FLASH: City approves cable car" opens no turn, however often it is printed.
    """
    starts = batch.sentence_ptr[[s for s, _ in labelled]].tolist()
    keys = [
        " ".join(batch.lowered[start:end]) or "q"
        for start, (_, end) in zip(starts, labelled, strict=True)
    ]
    titles = set(headlines.tolist())
    spoken = {key for key, (s, _) in zip(keys, labelled, strict=True) if s not in titles}
    kept = [pair for pair in zip(labelled, keys, strict=True) if pair[1] in spoken]
    return [label for label, _ in kept], [key for _, key in kept]


def _turn_ends(
    batch: TokenBatch, ends: Ints, headlines: Ints, openings: Sequence[int]
) -> list[int]:
    """Return where each turn ends: at the next one, or at a headline before it.

    Where the last turn ends nothing tells, nor where one ends that no turn follows after the
    headline: it gets one paragraph. So does a turn that shares its paragraph, as printed messages
    do.
    """
    crowded = Counter(batch.paragraph[openings].tolist())
    titles = np.append(headlines, batch.n_sentences)
    breaks = titles[np.searchsorted(titles, openings, side="right")].tolist()
    stops = []
    for s, following, title in zip(openings, [*openings[1:], 0], breaks, strict=True):
        stop = min(following, title)
        resumed = stop == following or int(ends[title]) == following
        alone = crowded[int(batch.paragraph[s])] == 1
        stops.append(stop if following and resumed and alone else min(stop or title, int(ends[s])))
    return stops


def _mark_blocks(batch: TokenBatch, ends: Ints, found: UnmarkedSpeech) -> None:
    """Mark the paragraphs after one that ends in a colon and opens no quotation or turn."""
    pointers = batch.sentence_ptr
    colons = np.flatnonzero(batch.among((":",)))
    sentences = batch.sentence[colons]
    closing = colons + 1 == pointers[ends[sentences]]  # nothing follows in the paragraph
    for s in sentences[closing].tolist():
        stop = int(batch.document_ptr[batch.sentence_document[s] + 1])
        first = int(ends[s])
        for depth in range(1, MAX_DEPTH + 1):
            if first >= stop or found.turn[s] >= 0 or found.turn[first] >= 0:
                break
            if batch.surfaces[pointers[first]] in _OPENING_MARKS:
                break
            found.introduction[first : ends[first]] = s
            found.depth[first : ends[first]] = depth
            first = int(ends[first])

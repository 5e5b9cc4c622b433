"""Token features for the taggers: one integer per token and template, for a whole batch at once.

Names never enter: a word counts only by what it is (its class) unless it is an ordinary word of
the vocabulary. Words and classes at neighbouring positions are read by shifting whole columns;
conjunctions are hashed (Weinberger et al. 2009).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from attribution.lexicon import CUE_KINDS, NAME_KINDS, ROLE_KINDS, Hits
from attribution.quotations import Quotations
from attribution.tokens import Ints, TokenBatch
from attribution.unmarked import STATES

HASH_SIZE = 1 << 16
SUFFIX_SIZE = 1 << 12
_REMEMBERED = 1 << 15  # words that caches hold
_OUTSIDE = 1  # the value of every feature beyond the ends of a sentence; 0 is "nothing known"
_FIRST = 2

_FUNCTION_WORDS = (
    "the a an this that these those of in on at by for from with to into about after before during"
    " and or but as than if because while when where who whom which what how why whose it its he"
    " him his she her they them their we us our i my me you your one some many most several few all"
    " no not n't n’t is are was were be been being has have had do does did will would could should"
    " may might can must there here now then also still even only just more less other another both"
    " such so very too 's ’s s former new senior top mr ms mrs dr sen gov gen rep"
).split()
_PUNCTUATION = "“ ” \" ‘ ’ ' « » „ `` '' , . : ; ? ! - – — -- ( ) [ ] … ... / @ # $ % &".split()
_CLOSED = {word: code for code, word in enumerate(_FUNCTION_WORDS + _PUNCTUATION)}
_SHAPES = ("lower", "title", "upper", "mixed", "number", "abbreviation", "hyphen", "other")
# Cue kinds that a source stands next to; nouns and hedges do not count for the distance.
_VERBAL = np.isin(
    np.arange(len(CUE_KINDS)),
    [CUE_KINDS.index(k) for k in ("speech", "report", "assessment", "denial", "demand")]
    + [CUE_KINDS.index(k) for k in ("preposition", "verb_or_noun")],
)


@lru_cache(_REMEMBERED)
def word_shape(word: str) -> int:
    """Return a coarse shape code of a surface form."""
    if word[0].isdigit():
        return 4
    if not word[0].isalpha():
        return 7
    if "." in word:
        return 5
    if word.islower():
        return 0
    if "-" in word:
        return 6
    if word.isupper():
        return 2 if len(word) > 1 else 1
    return 1 if word[1:].islower() else 3


def stable_hash(text: str) -> int:
    """FNV-1a over UTF-8: the same on every machine and Python run."""
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8", "surrogatepass"):
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


@lru_cache(_REMEMBERED)
def _describe(word: str) -> tuple[int, int, int]:
    """Return shape, code of a function word or mark (-1 for others), and hashed suffix."""
    suffix = _FIRST + stable_hash(word[-3:].lower()) % (SUFFIX_SIZE - _FIRST)
    return word_shape(word), _CLOSED.get(word.lower(), -1), suffix


@dataclass(frozen=True)
class Vocabulary:
    """The ordinary words a model knows by name; ids begin at 2."""

    words: tuple[str, ...]

    @cached_property
    def ids(self) -> dict[str, int]:
        """Word to id."""
        return {word: number + _FIRST for number, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words) + _FIRST


#: What a template reads: columns, each at a distance from the token.
Parts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class TokenColumns:
    """The basic columns, one value a token, that templates combine.

    Attributes
    ----------
    word : (n,) int
        Vocabulary id; 0 for names and unknown words.
    kind : (n,) int
        Delexicalised class: name kind, role, cue, function word, or shape.
    suffix, shape, quote, left_cue, right_cue, place : (n,) int
        Hashed suffix; shape; quotation state; nearest verbal cue on either side with its
        distance; position in the sentence.
    speech : (n,) int
        What the layout says about speech without quotation marks; 0 where it says nothing.
    read : dict
        What templates have read from these columns; the two taggers share most of it.
    """

    word: Ints
    kind: Ints
    suffix: Ints
    shape: Ints
    quote: Ints
    left_cue: Ints
    right_cue: Ints
    place: Ints
    speech: Ints
    read: dict[Parts, Ints] = field(init=False, default_factory=dict, repr=False, compare=False)


N_KINDS = _FIRST + 4 * len(NAME_KINDS) + 2 * len(ROLE_KINDS) + len(CUE_KINDS) + len(_CLOSED) + 8
_CUE_SIZE = _FIRST + len(CUE_KINDS) * 8


def build_columns(
    batch: TokenBatch, hits: Hits, quotations: Quotations, vocabulary: Vocabulary
) -> TokenColumns:
    """Compute the basic columns of a batch."""
    known = map(vocabulary.ids.get, batch.lowered_words, repeat(0))
    ids = np.fromiter(known, np.int64, len(batch.words))
    facts = np.fromiter(chain.from_iterable(map(_describe, batch.words)), np.int64)
    shape, closed, suffix = facts.reshape(-1, 3).T[:, batch.word]
    unnamed = hits.name == 0
    return TokenColumns(
        word=ids[batch.word] * unnamed,
        kind=_kinds(hits, closed, shape),
        suffix=suffix * unnamed,
        shape=shape + _FIRST,
        quote=_quote_state(batch, quotations),
        left_cue=_nearest_cue(batch, hits, left=True),
        right_cue=_nearest_cue(batch, hits, left=False),
        place=_place(batch),
        speech=_speech_state(batch, hits, quotations),
    )


def _kinds(hits: Hits, closed: Ints, shape: Ints) -> Ints:
    """Return the delexicalised class of each token."""
    base = _FIRST
    kind = base + shape
    base += len(_SHAPES)
    kind = np.where(closed >= 0, base + closed, kind)
    base += len(_CLOSED)
    kind = np.where(hits.cue > 0, base + hits.cue.astype(np.int64), kind)
    base += len(CUE_KINDS)
    role = base + hits.role.astype(np.int64) + len(ROLE_KINDS) * hits.plural
    kind = np.where(hits.role > 0, role, kind)
    base += 2 * len(ROLE_KINDS)
    which = ~hits.begins + 2 * hits.person
    name = base + hits.name.astype(np.int64) + len(NAME_KINDS) * which
    return np.asarray(np.where(hits.name > 0, name, kind), np.int64)


def _nearest_cue(batch: TokenBatch, hits: Hits, *, left: bool) -> Ints:
    """Return kind and binned distance of the nearest verbal cue on one side, 0 for none."""
    size = batch.n_tokens
    position = np.arange(size)
    is_cue = _VERBAL[hits.cue]
    if left:
        nearest = np.maximum.accumulate(np.where(is_cue, position, -1)) if size else position
        nearest = np.concatenate(([-1], nearest[:-1])) if size else nearest
        found = nearest >= batch.sentence_ptr[:-1][batch.sentence]
    else:
        after = np.where(is_cue, position, size)[::-1]
        nearest = np.minimum.accumulate(after)[::-1] if size else position
        nearest = np.concatenate((nearest[1:], [size])) if size else nearest
        found = nearest < batch.sentence_ptr[1:][batch.sentence]
    nearest = np.where(found, nearest, 0)
    distance = np.minimum(np.abs(position - nearest), 12)
    bins = np.array([0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7])[distance]
    return np.asarray(np.where(found, _FIRST + hits.cue[nearest] * 8 + bins, 0), np.int64)


def _quote_state(batch: TokenBatch, quotations: Quotations) -> Ints:
    """Return inside / outside, and how far the nearest quotation edge is; 24 values."""
    inside = quotations.inside
    position = np.arange(batch.n_tokens)
    state = np.zeros(batch.n_tokens, np.int64)
    if not batch.n_tokens:
        return state
    # The last token before a change; beyond a document's end nothing changes.
    document = batch.sentence_document[batch.sentence]
    edge = np.flatnonzero((inside[1:] != inside[:-1]) & (document[1:] == document[:-1]))
    following = np.searchsorted(edge, position)
    since = position - np.append(-99, edge + 1)[following]
    last = np.append(edge, batch.n_tokens + 99)
    until = last[following] - position
    ends = batch.sentence_ptr[batch.document_ptr[1:]][document]
    until = np.where(position + until < ends, until, 99)
    first_of_sentence = position - batch.sentence_ptr[:-1][batch.sentence]
    since = np.where(since > first_of_sentence, 9, since)
    left = np.array([0, 1, 2, 2, 2, 3, 3, 3, 3, 3])[np.minimum(since, 9)]
    near_end = until < 2
    return np.asarray(_FIRST + inside * 8 + left * 2 + near_end, np.int64)


def _place(batch: TokenBatch) -> Ints:
    """Return how near a token is to the beginning or the end of its sentence; 12 values."""
    first = batch.sentence_ptr[:-1][batch.sentence]
    last = batch.sentence_ptr[1:][batch.sentence] - 1
    position = np.arange(batch.n_tokens)
    from_start, to_end = position - first, last - position
    place = np.where(from_start < 4, _FIRST + from_start, _FIRST + 4)
    return np.asarray(np.where(to_end < 3, _FIRST + 5 + to_end, place), np.int64)


def _speech_state(batch: TokenBatch, hits: Hits, quotations: Quotations) -> Ints:
    """Return the state of a token's sentence, and whether it stands in the label of a turn."""
    unmarked = quotations.unmarked
    state = unmarked.states(cued_sentences(batch, hits))[batch.sentence]
    first, last = unmarked.label[batch.sentence].T
    position = np.arange(batch.n_tokens)
    labels = (position >= first) & (position < last)
    return np.asarray(np.where(state > 0, _FIRST + state + len(STATES) * labels, 0))


def cued_sentences(batch: TokenBatch, hits: Hits) -> NDArray[np.bool_]:
    """Return (s,) bool: which sentences hold a word that can attribute."""
    cued = np.zeros(batch.n_sentences, bool)
    cued[batch.sentence[hits.cue > 0]] = True
    return cued


class TokenTemplates:
    """The feature templates of a tagger over basic columns, and optionally a first tagger's output.

    Parameters
    ----------
    vocabulary : Vocabulary
    n_first_tags : int
        Number of values of the `first` column given to `values`, 0 where there is none.
    """

    def __init__(self, vocabulary: Vocabulary, n_first_tags: int = 0) -> None:
        self.n_words = len(vocabulary)
        self.n_first_tags = n_first_tags

    def sizes(self) -> list[int]:
        """Return the number of values of each template, in the order of `values`."""
        return [size for size, _ in self._specification()]

    def values(
        self, batch: TokenBatch, columns: TokenColumns, first: Ints | None = None
    ) -> list[Ints]:
        """Return the (n,) value of each template."""
        reader = _Reader(batch, columns, first)
        return [reader.value(parts, size) for size, parts in self._specification()]

    def _specification(self) -> Iterator[tuple[int, Parts]]:
        for offset in (-2, -1, 0, 1, 2):
            yield self.n_words, (("word", offset),)
        for offset in (-3, -2, -1, 0, 1, 2, 3):
            yield N_KINDS, (("kind", offset),)
        for offset in (-1, 0, 1):
            yield SUFFIX_SIZE, (("suffix", offset),)
        for offset in (-1, 0, 1):
            yield _FIRST + len(_SHAPES), (("shape", offset),)
        yield 32, (("quote", 0),)
        yield 32, (("place", 0),)
        yield _FIRST + 2 * len(STATES), (("speech", 0),)
        yield _CUE_SIZE, (("left_cue", 0),)
        yield _CUE_SIZE, (("right_cue", 0),)
        for parts in _CONJUNCTIONS:
            yield HASH_SIZE, parts
        if self.n_first_tags:
            for offset in (-2, -1, 0, 1, 2):
                yield self.n_first_tags, (("first", offset),)
            for parts in _FIRST_CONJUNCTIONS:
                yield HASH_SIZE, parts


_CONJUNCTIONS: tuple[Parts, ...] = (
    (("word", -1), ("word", 0)),
    (("word", 0), ("word", 1)),
    (("kind", -1), ("kind", 0)),
    (("kind", 0), ("kind", 1)),
    (("kind", -1), ("kind", 0), ("kind", 1)),
    (("kind", -2), ("kind", -1), ("kind", 0)),
    (("kind", 0), ("kind", 1), ("kind", 2)),
    (("kind", -1), ("word", 0)),
    (("word", 0), ("kind", 1)),
    (("word", -1), ("kind", 0), ("word", 1)),
    (("kind", 0), ("left_cue", 0)),
    (("kind", 0), ("right_cue", 0)),
    (("left_cue", 0), ("right_cue", 0)),
    (("kind", 0), ("quote", 0)),
    (("word", 0), ("quote", 0)),
    (("kind", 0), ("place", 0)),
    (("quote", -1), ("quote", 0), ("kind", 1)),
    (("speech", 0), ("kind", 0)),
    (("speech", 0), ("place", 0)),
)
_FIRST_CONJUNCTIONS: tuple[Parts, ...] = (
    (("first", -1), ("first", 0), ("first", 1)),
    (("first", 0), ("kind", 0)),
    (("first", 0), ("word", 0)),
    (("first", 0), ("kind", -1), ("kind", 1)),
)


class _Reader:
    """Reads columns at a distance, and several of them hashed into one value."""

    def __init__(self, batch: TokenBatch, columns: TokenColumns, first: Ints | None) -> None:
        self.columns, self.first = columns, first
        # What is read from `first` belongs to one tagger's output, not to the columns.
        self.read = columns.read if first is None else columns.read.copy()
        position = np.arange(batch.n_tokens)
        self._from_start = position - batch.sentence_ptr[:-1][batch.sentence]
        self._to_end = batch.sentence_ptr[1:][batch.sentence] - 1 - position
        self._outside: dict[int, Ints] = {}
        self._hashes: dict[Parts, tuple[NDArray[np.uint64], NDArray[np.bool_]]] = {}

    def value(self, parts: Parts, size: int = 0) -> Ints:
        """Return one column, or several hashed into one below `size`; 0 where a part is unknown."""
        if parts not in self.read:
            self.read[parts] = (
                self._column(*parts[0]) if len(parts) == 1 else self._bucket(parts, size)
            )
        return self.read[parts]

    def _column(self, name: str, offset: int) -> Ints:
        """Return a column shifted, `_OUTSIDE` beyond the sentence."""
        column: Ints | None = self.first if name == "first" else getattr(self.columns, name)
        assert column is not None
        if offset == 0:
            return column
        if offset not in self._outside:
            left = self._from_start < -offset if offset < 0 else self._to_end < offset
            self._outside[offset] = np.flatnonzero(left)
        shifted = np.roll(column, -offset)
        shifted[self._outside[offset]] = _OUTSIDE
        return shifted

    def _bucket(self, parts: Parts, size: int) -> Ints:
        mixed, known = self._hash(parts)
        modulus = np.uint64(size - _FIRST)
        # Several times faster than `mixed % modulus` in NumPy.
        bucket = mixed - mixed // modulus * modulus + np.uint64(_FIRST)
        return np.asarray(bucket.astype(np.int64) * known)

    def _hash(self, parts: Parts) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Return a 64-bit hash of several columns, and whether all of them are known."""
        if parts not in self._hashes:
            column = self.value(parts[-1:])
            mixed, known = column.astype(np.uint64), column > 0
            if len(parts) > 1:
                before, before_known = self._hash(parts[:-1])
                mixed ^= before
                known &= before_known
            mixed *= np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
            self._hashes[parts] = mixed, known
        return self._hashes[parts]

"""Documents to arrays: the tokens of a whole batch in one table.

The texts of a batch are laid end to end, so that every later stage (gazetteer, quotation state,
tagger, features) is one pass over one array, whatever the number of articles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from attribution.document import Document
from attribution.marks import curl_marks

Ints = NDArray[np.int64]

#: Between two documents of a batch: a paragraph break that no pattern crosses.
_SEPARATOR = "\n\n"
_CLITIC = r"(?:[sS]|re|ve|ll|d|m)"
# Every character between two blanks falls into a token, so lengths alone give the offsets.
_PIECE = re.compile(
    rf"""
    (?:[A-Za-z]\.){{2,}}                                    # U.S.
    | \w+(?:(?:[-'’&]|[.,:](?=\d))(?!{_CLITIC}\b)\w+)*    # well-known, O'Brien, 1,200.5
    | ['’]{_CLITIC}\b                                      # 's
    | \.\.\.+ | `` | \'\' | --+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
# Which code points are blanks; from U+3001 on none is.
_BLANK = np.array([chr(point).isspace() for point in range(0x3002)])


@dataclass(frozen=True)
class TokenBatch:
    """The tokens of a batch of documents; n tokens, s sentences, d documents.

    Attributes
    ----------
    documents : sequence of Document
    text : str
        All texts, laid end to end, with one style of quotation marks (`curl_marks`); `start`,
        `end` count into it.
    base : (d,) int
        Where each document begins in `text`.
    start, end : (n,) int
        Token offsets.
    words : tuple of str
        The distinct surface forms.
    word : (n,) int
        Index of each token's surface form in `words`.
    sentence_ptr : (s + 1,) int
        Tokens of sentence i are ``sentence_ptr[i]:sentence_ptr[i + 1]``.
    document_ptr : (d + 1,) int
        Sentences of document j are ``document_ptr[j]:document_ptr[j + 1]``.
    paragraph : (s,) int
        Paragraph number of each sentence, distinct over the whole batch.
    """

    documents: Sequence[Document]
    text: str
    base: Ints
    start: Ints
    end: Ints
    words: tuple[str, ...]
    word: Ints
    sentence_ptr: Ints
    document_ptr: Ints
    paragraph: Ints

    @property
    def n_tokens(self) -> int:
        """Number of tokens."""
        return len(self.start)

    @property
    def n_sentences(self) -> int:
        """Number of sentences."""
        return len(self.paragraph)

    @cached_property
    def sentence(self) -> Ints:
        """(n,) int: the sentence of each token."""
        return np.repeat(np.arange(self.n_sentences), np.diff(self.sentence_ptr))

    @cached_property
    def sentence_document(self) -> Ints:
        """(s,) int: the document of each sentence."""
        return np.repeat(np.arange(len(self.documents)), np.diff(self.document_ptr))

    @cached_property
    def capital(self) -> NDArray[np.bool_]:
        """(n,) bool: whether each token begins with a capital."""
        return np.array([word[0].isupper() for word in self.words], bool)[self.word]

    def among(self, words: Collection[str]) -> NDArray[np.bool_]:
        """Return (n,) bool: which tokens are one of some words, letter by letter."""
        return np.array([word in words for word in self.words], bool)[self.word]

    @cached_property
    def surfaces(self) -> list[str]:
        """The surface form of each token."""
        return self._of_tokens(self.words)

    @cached_property
    def lowered_words(self) -> list[str]:
        """The distinct surface forms in lower case; one may stand there twice."""
        return [word.lower() for word in self.words]

    @cached_property
    def lowered(self) -> list[str]:
        """Each token in lower case."""
        return self._of_tokens(self.lowered_words)

    def _of_tokens(self, forms: Sequence[str]) -> list[str]:
        """Spread what is known of each surface form over the tokens."""
        # An array of objects is indexed five times as fast as a list.
        spread: list[str] = np.array(forms, object)[self.word].tolist()
        return spread

    def token(self, index: int) -> str:
        """Return the surface form of one token."""
        return self.surfaces[index]

    def tokens_within(self, start: Ints, end: Ints) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """Map character spans of `text` to token ranges.

        Returns
        -------
        first, last : (k,) int
            Token range, `last` exclusive.
        exact : (k,) bool
            Whether the span begins and ends at token boundaries, within one sentence.
        """
        if self.n_tokens == 0:
            none = np.zeros(len(start), np.int64)
            return none, none, np.zeros(len(start), bool)
        first = np.searchsorted(self.start, start)
        last = np.searchsorted(self.end, end, side="right")
        inside = (first < self.n_tokens) & (last > first)
        left = np.minimum(first, self.n_tokens - 1)
        right = np.maximum(last - 1, 0)
        exact = inside & (self.start[left] == start) & (self.end[right] == end)
        exact &= self.sentence[left] == self.sentence[right]
        return first, last, exact


def first_token(text: str) -> str:
    """Return the first token of a text, as `tokenize` would cut it."""
    match = _PIECE.match(text)
    return match[0] if match else ""


def tokenize(documents: Sequence[Document]) -> TokenBatch:
    """Lay the tokens of a batch of documents out as arrays."""
    lengths = [len(document.text) + len(_SEPARATOR) for document in documents]
    base = np.cumsum([0, *lengths], dtype=np.int64)[:-1]
    text = _SEPARATOR.join(curl_marks(document.text) for document in documents)
    bounds, paragraph, document_ptr = _sentence_bounds(documents, base)
    start, end, word, codes = _cut_at_blanks(text)
    start, end, word = _cut_at_sentences(text, start, end, word, bounds, codes)
    # A token belongs to the sentence in which it begins; text outside sentences has none.
    sentence = np.searchsorted(bounds[:, 0], start, side="right") - 1
    inside = sentence >= 0
    inside[inside] &= start[inside] < bounds[sentence[inside], 1]
    start, word, sentence = start[inside], word[inside], sentence[inside]
    end = np.minimum(end[inside], bounds[sentence, 1])
    sentence_ptr = np.searchsorted(sentence, np.arange(len(bounds) + 1))
    return TokenBatch(
        documents, text, base, start, end, tuple(codes), word, sentence_ptr, document_ptr, paragraph
    )


def _cut_at_blanks(text: str) -> tuple[Ints, Ints, Ints, dict[str, int]]:
    """Cut a text at its blanks, and what stands between two of them, each once, into tokens.

    Returns
    -------
    start, end, word : (n,) int
    codes : dict of str to int
        The distinct surface forms, which `word` counts.
    """
    chunks = text.split()
    numbers = {chunk: number for number, chunk in enumerate(dict.fromkeys(chunks))}
    # Most are words without a mark, which need no pattern.
    cuts = [(chunk,) if chunk.isalpha() else _cut(chunk) for chunk in numbers]
    pieces = list(chain.from_iterable(cuts))
    codes = {piece: code for code, piece in enumerate(dict.fromkeys(pieces))}
    word = np.fromiter(map(codes.__getitem__, pieces), np.int64, len(pieces))
    length = np.fromiter(map(len, pieces), np.int64, len(pieces))
    counts = np.fromiter(map(len, cuts), np.int64, len(cuts))
    # The tokens of all chunks, one chunk behind the other: those of a distinct one as often as it
    # stands in the text.
    chunk = np.fromiter(map(numbers.__getitem__, chunks), np.int64, len(chunks))
    first, count = (np.cumsum(counts) - counts)[chunk], counts[chunk]
    before = np.cumsum(count) - count
    piece = np.arange(count.sum()) + np.repeat(first - before, count)
    offset = np.cumsum(length) - length
    start = offset[piece] + np.repeat(_chunk_starts(text) - offset[first], count)
    return start, start + length[piece], word[piece], codes


@lru_cache(1 << 14)
def _cut(chunk: str) -> tuple[str, ...]:
    """Cut what stands between two blanks."""
    return tuple(_PIECE.findall(chunk))


def _chunk_starts(text: str) -> Ints:
    """Return where a text goes on after a blank, or begins."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    blank = _BLANK[np.minimum(points, len(_BLANK) - 1)]
    return np.flatnonzero(~blank & np.append(True, blank[:-1])[: len(blank)])


def _cut_at_sentences(
    text: str, start: Ints, end: Ints, word: Ints, bounds: Ints, codes: dict[str, int]
) -> tuple[Ints, Ints, Ints]:
    """Cut the rare token inside which a sentence begins ("U.S." after an emoji) in two."""
    firsts = bounds[:, 0]
    holder = np.searchsorted(start, firsts, side="right") - 1
    firsts, holder = firsts[holder >= 0], holder[holder >= 0]
    inside = firsts[(firsts > start[holder]) & (firsts < end[holder])]
    if not len(inside):
        return start, end, word
    edges = np.unique(np.concatenate((start, inside)))
    stops = np.unique(np.concatenate((end, inside)))
    pieces = [text[a:b] for a, b in zip(edges.tolist(), stops.tolist(), strict=True)]
    cut = np.fromiter((codes.setdefault(p, len(codes)) for p in pieces), np.int64, len(pieces))
    return edges, stops, cut


def _sentence_bounds(documents: Sequence[Document], base: Ints) -> tuple[Ints, Ints, Ints]:
    """Return sentence spans in batch offsets, batch-wide paragraph numbers, document pointers."""
    rows: list[tuple[int, int, int]] = []
    document_ptr = [0]
    first_paragraph = 0
    for document, offset in zip(documents, base.tolist(), strict=True):
        for sentence in document.sentences:
            rows.append(
                (
                    sentence.start + offset,
                    sentence.end + offset,
                    first_paragraph + sentence.paragraph,
                )
            )
        if document.sentences:
            first_paragraph += document.sentences[-1].paragraph + 1
        document_ptr.append(len(rows))
    table = np.array(rows, np.int64).reshape(-1, 3)
    return table[:, :2], table[:, 2], np.array(document_ptr, np.int64)

"""Documents to arrays: the tokens of a whole batch in one table.

The texts of a batch are laid end to end, so that every later stage (gazetteer, quotation state,
tagger, features) is one pass over one array, whatever the number of articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from attribution.document import Document
from attribution.marks import curl_marks

Ints = NDArray[np.int64]

#: Between two documents of a batch: a paragraph break that no pattern crosses.
_SEPARATOR = "\n\n"
_CLITIC = r"(?:[sS]|re|ve|ll|d|m)"
# Every character of the text falls into a token or a blank, so lengths alone give the offsets.
_PIECE = re.compile(
    rf"""
    \s+
    | (?:[A-Za-z]\.){{2,}}                                  # U.S.
    | \w+(?:(?:[-'’&]|[.,:](?=\d))(?!{_CLITIC}\b)\w+)*    # well-known, O'Brien, 1,200.5
    | ['’]{_CLITIC}\b                                      # 's
    | \.\.\.+ | `` | \'\' | --+ | .
    """,
    re.VERBOSE | re.DOTALL,
)


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
    def capitalised(self) -> dict[str, list[int]]:
        """Lower-cased word to the indices of its forms in `words` that begin with a capital."""
        forms: dict[str, list[int]] = {}
        for code, word in enumerate(self.words):
            if word[:1].isupper():
                forms.setdefault(word.lower(), []).append(code)
        return forms

    @cached_property
    def surfaces(self) -> list[str]:
        """The surface form of each token."""
        return [self.words[code] for code in self.word.tolist()]

    def token(self, index: int) -> str:
        """Return the surface form of one token."""
        return self.surfaces[index]

    def as_written(self, start: int, end: int) -> str:
        """Return the words of a span of `text` with the marks that their document has."""
        number = int(np.searchsorted(self.base, start, side="right")) - 1
        base = int(self.base[number])
        return self.documents[number].text[start - base : end - base]

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
    base = np.zeros(len(documents), np.int64)
    position = 0
    for number, document in enumerate(documents):
        base[number] = position
        position += len(document.text) + len(_SEPARATOR)
    text = _SEPARATOR.join(curl_marks(document.text) for document in documents)
    bounds, paragraph, document_ptr = _sentence_bounds(documents, base)
    pieces = _PIECE.findall(text)
    codes: dict[str, int] = {}
    word = np.fromiter((codes.setdefault(piece, len(codes)) for piece in pieces), np.int64)
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))
    blank = np.fromiter((piece.isspace() for piece in codes), bool, len(codes))
    token = ~blank[word] if len(word) else np.zeros(0, bool)
    start = np.append(0, ends[:-1])[: len(ends)]
    start, end, word = _cut_at_sentences(
        text, start[token], ends[token], word[token], bounds, codes
    )
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

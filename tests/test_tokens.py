"""Tokens: how words are cut, that nothing is lost, and that a batch is its documents one by one."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.document import Document, Sentence
from attribution.sentences import join_sentences, split_text
from attribution.tokens import TokenBatch, first_token, tokenize

PIECES = st.sampled_from(
    ["U.S.", "O’Malley", "O'Malley's", "we're", "’s", "'", "1,200.5", "3:45", "well-known",
     "--", "...", "``", "''", "AT&T", "a.b", "x.1", ".", ",", "?", "!", "“", "”", " ", "  ", "\n",
     "\r\n\r\n", "\u2028", "\t", "é", "e\u0301", "İ", "ß", "😀", "\x00", "It ended.", "Next"]
)  # fmt: skip
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
TEXTS = ANY_TEXT | st.lists(PIECES, max_size=25).map("".join)
DOCUMENTS = TEXTS.map(split_text) | st.lists(TEXTS, max_size=5).map(join_sentences)


def cut(text: str) -> list[str]:
    return surfaces(tokenize([join_sentences([text])]))


def surfaces(batch: TokenBatch) -> list[str]:
    return [batch.token(index) for index in range(batch.n_tokens)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Park's aide said", ["Park", "'s", "aide", "said"]),
        ("Park’s aide", ["Park", "'s", "aide"]),
        ("they're, we'll, I've, she'd, I'm", [
            "they", "'re", ",", "we", "'ll", ",", "I", "'ve", ",", "she", "'d", ",", "I", "'m",
        ]),
        ("the workers' pay", ["the", "workers", "'", "pay"]),
        ("didn't", ["didn't"]),
        ("O'Malley and O’Brien", ["O'Malley", "and", "O'Brien"]),
        ("O'Malley's bill", ["O'Malley", "'s", "bill"]),
        ("the U.S. and the U.N.", ["the", "U.S.", "and", "the", "U.N."]),
        ("a well-known, state-run agency", ["a", "well-known", ",", "state-run", "agency"]),
        ("Ynet-linked AT&T", ["Ynet-linked", "AT&T"]),
        ("1,200.5 people at 3:45", ["1,200.5", "people", "at", "3:45"]),
        ("$4.5 million (up 3%)", ["$", "4.5", "million", "(", "up", "3", "%", ")"]),
        ("It ended. Then", ["It", "ended", ".", "Then"]),
        ("no... -- yes", ["no", "...", "--", "yes"]),
        ("“No,” he said.", ["“", "No", ",", "”", "he", "said", "."]),
        ("``No,'' he said", ["``", "No", ",", "''", "he", "said"]),
        ("café İstanbul Łódź 北京", ["café", "İstanbul", "Łódź", "北京"]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_cuts_words(text: str, tokens: list[str]) -> None:
    assert cut(text) == tokens


@pytest.mark.parametrize(("text", "token"), [("U.S. Army", "U.S."), ("Park's", "Park"), ("", "")])
def test_first_token_is_cut_alike(text: str, token: str) -> None:
    assert first_token(text) == token


def test_layout_of_a_batch() -> None:
    batch = tokenize([split_text("It rained. He left.\nSnow."), split_text(""), split_text("Yes.")])
    assert batch.n_sentences == 4
    assert batch.sentence_ptr.tolist() == [0, 3, 6, 8, 10]
    assert batch.document_ptr.tolist() == [0, 3, 3, 4]
    assert batch.sentence_document.tolist() == [0, 0, 0, 2]
    assert batch.sentence.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 3, 3]
    first, second, third, last = batch.paragraph.tolist()
    assert first == second and len({first, third, last}) == 3
    assert batch.words.count(".") == 1  # surface forms are stored once
    assert batch.lowered[:3] == ["it", "rained", "."]
    assert np.flatnonzero(batch.capital).tolist() == [0, 3, 6, 8]
    assert np.flatnonzero(batch.among({"It", "."})).tolist() == [0, 2, 5, 7, 9]


def test_every_blank_of_unicode_cuts() -> None:
    blanks = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace()]
    documents = [Document(f"it{blank}rained", (Sentence(0, 9, 0),)) for blank in blanks]
    assert surfaces(tokenize(documents)) == ["it", "rained"] * len(blanks)


def test_no_documents() -> None:
    batch = tokenize([])
    assert (batch.n_tokens, batch.n_sentences, batch.text) == (0, 0, "")


def test_tokens_within() -> None:
    batch = tokenize([split_text("The agency said no. It left.")])
    spans = np.array([[4, 10], [4, 15], [5, 10], [4, 9], [15, 22], [3, 4], [28, 28]])
    first, last, exact = batch.tokens_within(spans[:, 0], spans[:, 1])
    assert exact.tolist() == [True, True, False, False, False, False, False]
    assert (first[0], last[0]) == (1, 2)
    assert (first[1], last[1]) == (1, 3)


def test_tokens_within_an_empty_batch() -> None:
    _, _, exact = tokenize([]).tokens_within(np.array([0]), np.array([1]))
    assert exact.tolist() == [False]


@settings(deadline=None)
@given(st.lists(DOCUMENTS, max_size=4))
def test_tokens_tile_the_sentences(documents: list[Document]) -> None:
    batch = tokenize(documents)
    assert len(batch.sentence_ptr) == batch.n_sentences + 1
    assert batch.sentence_ptr[-1] == batch.n_tokens
    assert batch.document_ptr[-1] == batch.n_sentences
    number = 0
    for base, document in zip(batch.base.tolist(), documents, strict=True):
        for sentence in document.sentences:
            first, last = batch.sentence_ptr[number : number + 2].tolist()
            position = sentence.start + base
            for token in range(first, last):
                start, end = int(batch.start[token]), int(batch.end[token])
                assert position <= start < end <= sentence.end + base
                assert not batch.text[position:start].strip()
                assert batch.text[start:end] == batch.token(token)
                position = end
            assert not batch.text[position : sentence.end + base].strip()
            number += 1


@settings(deadline=None)
@given(st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_a_batch_gives_the_tokens_of_its_documents(documents: list[Document]) -> None:
    batch = tokenize(documents)
    for number, document in enumerate(documents):
        alone = tokenize([document])
        first, last = batch.document_ptr[number : number + 2].tolist()
        tokens = slice(*batch.sentence_ptr[[first, last]].tolist())
        assert surfaces(batch)[tokens] == surfaces(alone)
        assert (batch.start[tokens] - batch.base[number]).tolist() == alone.start.tolist()
        assert (batch.end[tokens] - batch.base[number]).tolist() == alone.end.tolist()
        lengths = np.diff(batch.sentence_ptr)[first:last]
        assert lengths.tolist() == np.diff(alone.sentence_ptr).tolist()

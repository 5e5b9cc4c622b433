"""The vocabulary of each fold: what only the held-out articles made frequent stays unknown."""

from __future__ import annotations

import numpy as np

from attribution.lexicon import load_lexicon
from attribution.quotations import find_quotations
from attribution.reading import parse_article
from attribution.token_features import TokenTemplates, build_columns
from attribution.tokens import TokenBatch, tokenize
from attribution.training.vocabulary import FoldVocabularies, build_vocabulary

TEXTS = (
    "The ferry sank. Trump spoke, but nobody can trump that.",
    "A ferry came. The harbour was shut. Trump left.",
    "The harbour reopened. Trump came.",
)


def _batch() -> TokenBatch:
    return tokenize([parse_article(text) for text in TEXTS])


def test_vocabulary_holds_shared_ordinary_words() -> None:
    words = build_vocabulary(_batch(), np.arange(3), 2).words
    assert {"ferry", "harbour", "came"} <= set(words)
    assert "trump" not in words, "more often a name than a word"
    assert "sank" not in words, "one article only"


def test_a_fold_forgets_what_only_its_articles_made_frequent() -> None:
    batch = _batch()
    fold = np.array([0, 1, 1])
    vocabularies = FoldVocabularies.build(batch, fold, 2, 2)
    ids = vocabularies.full.ids
    assert vocabularies.known[-1].all()
    assert not vocabularies.known[0, ids["ferry"]], "without article 0 only one article has it"
    assert vocabularies.known[0, ids["harbour"]]
    assert not vocabularies.known[1, ids["harbour"]]


def test_restricted_columns_share_nothing_that_was_read_with_other_words() -> None:
    batch = _batch()
    vocabularies = FoldVocabularies.build(batch, np.array([0, 1, 1]), 2, 2)
    hits = load_lexicon().match(batch)
    columns = build_columns(batch, hits, find_quotations(batch), vocabularies.full)
    templates = TokenTemplates(vocabularies.full)
    whole = templates.values(batch, columns)
    restricted = vocabularies.restrict(columns, 0)
    part = templates.values(batch, restricted)
    ferry = batch.lowered.index("ferry")
    assert columns.word[ferry] > 0 and restricted.word[ferry] == 0
    assert any(a[ferry] != b[ferry] for a, b in zip(whole, part, strict=True))
    again = templates.values(batch, vocabularies.restrict(columns, -1))
    for a, b in zip(whole, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_each_token_is_read_with_the_vocabulary_of_its_own_fold() -> None:
    batch = _batch()
    fold = np.array([0, 1, 1])
    vocabularies = FoldVocabularies.build(batch, fold, 2, 2)
    hits = load_lexicon().match(batch)
    columns = build_columns(batch, hits, find_quotations(batch), vocabularies.full)
    token_fold = fold[batch.sentence_document[batch.sentence]]
    word = vocabularies.restrict(columns, token_fold).word
    for k in (0, 1):
        own = token_fold == k
        np.testing.assert_array_equal(word[own], vocabularies.restrict(columns, k).word[own])

"""The yardstick: the first tagger against the spans of months that it did not see."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from joblib import Memory
from tiny_model import make_tiny_model

from attribution.corpus.polnear import SpanArticle
from attribution.errors import CorpusError
from attribution.finder import SPAN_TAGS
from attribution.lexicon import load_lexicon
from attribution.quotations import find_quotations
from attribution.token_features import TokenTemplates, build_columns
from attribution.tokens import tokenize
from attribution.training.card import write_card
from attribution.training.corpora import to_span_documents
from attribution.training.recipe import TaggerRecipe, load_recipe
from attribution.training.taggers import fit_tagger, span_tags
from attribution.training.vocabulary import build_vocabulary
from attribution.training.yardstick import measure_by_month, score_span_lists

SPANS = TaggerRecipe(epochs=8, rate=0.5, l2=0.0, dropout=0.0)
RECIPE = replace(load_recipe("default"), min_articles=2, spans=SPANS)
SPEAKERS = ("The mayor", "A farmer", "Her lawyer", "The pilot")


def make_articles(months: int) -> list[SpanArticle]:
    """Return four small articles a month, all of one pattern."""
    articles = []
    for number in range(4 * months):
        speaker = SPEAKERS[number % 4]
        text = f"{speaker} said the ferry sank.\n\nRain fell on the harbour in day {number}."
        source, cue = (0, len(speaker)), (len(speaker) + 1, len(speaker) + 5)
        content = (cue[1] + 1, text.index("."))
        name = f"nyt_2016-{number // 4 + 1:02d}-05_ferry-{number}"
        articles.append(SpanArticle(name, text, (source,), (cue,), (content,)))
    return articles


def test_a_plain_pattern_is_found_in_later_months(tmp_path: Path) -> None:
    articles = make_articles(5)
    found = measure_by_month(articles, RECIPE, Memory(None, verbose=0))
    assert found["trained_on"] == 12
    assert list(found["months"]) == ["2016-04", "2016-05"]
    assert found["together"]["articles"] == 8
    assert found["together"]["source"]["exact_f1"]["value"] == 1.0
    assert found["together"]["cue"]["overlap_f1"]["cases"] == 8
    again = measure_by_month(articles, RECIPE, Memory(str(tmp_path), verbose=0))
    assert json.dumps(again) == json.dumps(found)
    counts = {"real": 0, "written": 0}
    meta = {"date": "", "recipe": "tiny", "folds": 3, "articles": counts, "sentences": counts}
    card = write_card(replace(make_tiny_model(), meta=meta, intervals={}), {}, found)
    assert "PolNeAR's own spans, last two months held out" in card
    assert "| 2016-04 | 4 | 1.000 [1.000, 1.000] |" in card


@pytest.mark.skipif(os.name != "posix", reason="the C library's state cannot be reset elsewhere")
def test_a_fit_does_not_depend_on_those_before_it() -> None:
    articles = make_articles(20)
    batch = tokenize(to_span_documents(articles))
    vocabulary = build_vocabulary(batch, np.arange(len(articles)), 2)
    templates = TokenTemplates(vocabulary)
    hits, quotations = load_lexicon().match(batch), find_quotations(batch)
    values = templates.values(batch, build_columns(batch, hits, quotations, vocabulary))
    gold, sentences = span_tags(batch, articles), np.arange(batch.n_sentences)
    first, second = (
        fit_tagger(batch, sentences, values, templates.sizes(), gold, SPAN_TAGS, SPANS)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first.weights, second.weights)
    np.testing.assert_array_equal(first.transitions, second.transitions)


def test_months_must_be_known_and_enough() -> None:
    memory = Memory(None, verbose=0)
    with pytest.raises(CorpusError, match="articles of 2 months"):
        measure_by_month(make_articles(2), RECIPE, memory)
    with pytest.raises(CorpusError, match="ferry: no date"):
        measure_by_month([replace(make_articles(1)[0], id="ferry")], RECIPE, memory)


def test_spans_are_counted_by_hand() -> None:
    figures = score_span_lists(
        [
            # One exact; one gold span is touched by two predicted ones; a double counts once.
            ([(0, 5), (0, 5), (10, 20)], [(0, 5), (9, 12), (15, 25)]),
            # One gold span missed; spans that only meet do not overlap.
            ([(0, 5)], [(5, 9)]),
        ]
    )
    assert figures["exact_precision"]["value"] == 1 / 4
    assert figures["exact_recall"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["overlap_precision"]["value"] == 3 / 4
    assert figures["overlap_recall"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["overlap_f1"]["value"] == pytest.approx(
        2 * 0.75 * (2 / 3) / (0.75 + 2 / 3), abs=1e-4
    )
    assert figures["overlap_f1"]["low"] == 0.0


def test_nothing_right_is_zero_and_nothing_at_all_is_undefined() -> None:
    assert score_span_lists([([(0, 5)], [])])["exact_f1"]["value"] == 0.0
    assert score_span_lists([([], [])])["overlap_f1"]["value"] is None

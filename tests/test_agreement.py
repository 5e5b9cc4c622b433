"""Agreement of two readings: against scikit-learn, and by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from attribution.corpus.agreement import (
    agreement,
    cohen_kappa,
    compare_readings,
    format_agreement,
    macro_f1,
)
from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.plain import parse_plain
from attribution.errors import CorpusError

FIRST = """\
id: one

government #1 named direct needs | "The gate is shut," {c said} {s Mayor Holm}.
government #1 named direct needs | "It stays shut."
expert #2 named indirect needs | Rust was the cause, {c according to} {s Dr Ada Lind}.
unsourced needs | The gate is ninety years old.
expert #2 named indirect | {s She} {c declined to say} more.
unsourced | It rained.
"""
SECOND = """\
id: one

government #7 named direct needs | "The gate is shut," {c said} {s Mayor Holm}.
government #7 named direct needs | "It stays shut."
organization #4 named mixed needs | Rust was the cause, {c according to} {s Dr Ada} Lind.
unsourced | The gate is ninety years old.
expert #5 described indirect | {s She} {c declined to say} more.
individual #7 named indirect | It rained.
"""


def reading(content: str) -> list[AnnotatedArticle]:
    return [parse_plain(content)]


def test_figures_by_hand() -> None:
    result = compare_readings(reading(FIRST), reading(SECOND))
    assert (result.articles, result.sentences, result.attributed_both) == (1, 6, 4)
    assert result.attributed_agreement == pytest.approx(5 / 6)
    assert result.label_agreement == pytest.approx(4 / 6)
    assert result.needs_source_agreement == pytest.approx(5 / 6)
    assert result.source_exact == pytest.approx(2 / 3)  # the running quotation has none
    assert result.cue_exact == 1
    assert result.identified_agreement == pytest.approx(3 / 4)
    assert result.manner_agreement == pytest.approx(3 / 4)
    # First: 1-2 and 3-5; second: 1-2 (the sixth is not attributed in both).
    assert result.linking_f1 == pytest.approx(2 * 1 / (2 + 1))


def test_a_reading_agrees_with_itself() -> None:
    result = compare_readings(reading(FIRST), reading(FIRST))
    shares = [
        getattr(result, name) for name in vars(result) if isinstance(getattr(result, name), float)
    ]
    assert shares == [1.0] * 14


def test_source_numbers_are_names_only() -> None:
    renumbered = FIRST.replace("#1", "#9").replace("#2", "#1")
    assert compare_readings(reading(FIRST), reading(renumbered)).linking_f1 == 1


def test_second_reading_may_lack_articles_but_not_add_any() -> None:
    other = replace(parse_plain(FIRST), id="two")
    assert compare_readings([other, *reading(FIRST)], reading(SECOND)).articles == 1
    with pytest.raises(CorpusError, match="two: in the second reading only"):
        compare_readings(reading(FIRST), [other])
    with pytest.raises(CorpusError, match="no article in common"):
        compare_readings(reading(FIRST), [])


def test_other_sentences_are_refused() -> None:
    cut = parse_plain(FIRST)
    with pytest.raises(CorpusError, match="6 and 5 sentences"):
        compare_readings([cut], [replace(cut, sentences=cut.sentences[:-1])])
    moved = replace(cut.sentences[2], end=cut.sentences[2].end - 1)
    sentences = (*cut.sentences[:2], moved, *cut.sentences[3:])
    with pytest.raises(CorpusError, match="sentence 2"):
        compare_readings([cut], [replace(cut, sentences=sentences)])


def test_nothing_to_agree_on_is_not_agreement() -> None:
    bare = reading("id: one\n\nunsourced | It rained.\n")
    result = compare_readings(bare, bare)
    assert math.isnan(result.source_exact)
    assert math.isnan(result.linking_f1)
    assert math.isnan(result.attributed_kappa)
    assert "| linking f1 | – |" in format_agreement(result)


def test_format_is_a_table() -> None:
    lines = format_agreement(compare_readings(reading(FIRST), reading(SECOND))).splitlines()
    assert lines[0] == "| what | value |"
    assert "| sentences | 6 |" in lines
    assert "| attributed agreement | 0.833 |" in lines


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1))
def test_kappa_and_f1_are_those_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    left, right = zip(*pairs, strict=True)
    expected_f1 = f1_score(left, right, average="macro", zero_division=0)
    assert macro_f1(pairs) == pytest.approx(expected_f1)
    assert agreement(pairs) == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    if len({*left, *right}) == 1:
        assert math.isnan(cohen_kappa(pairs))
    else:
        assert cohen_kappa(pairs) == pytest.approx(cohen_kappa_score(left, right))

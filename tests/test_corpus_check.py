"""The corpus checks: every rule fires on what it is for, and stays silent otherwise."""

# ruff: noqa: E501  (in the plain-text format a sentence is a line)

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.corpus.check import Fault, check_corpus
from attribution.corpus.plain import parse_plain

CLEAN = """\
id: cranes

unsourced headline | Cranes return to Port Veld

media_outlet #1 named indirect needs | Two cranes came back, {s the Veld Courier} {c wrote}, {v1 Orbita News} reported.
government #2 described indirect | {s A harbour official} {c declined to comment}.

government #3 named direct | "We are glad," {c said} {s Mayor Ines Holm}.
government #3 named direct via "Orbita News" | "Very glad."
"""


def article(content: str = CLEAN, **changes: Any) -> AnnotatedArticle:
    return replace(parse_plain(content), **changes)


def with_sentence(number: int, **changes: Any) -> AnnotatedArticle:
    base = article()
    sentences = list(base.sentences)
    sentences[number] = replace(sentences[number], **changes)
    return replace(base, sentences=tuple(sentences))


def rules(*articles: AnnotatedArticle) -> list[tuple[str, str, int | None]]:
    return [(fault.level, fault.rule, fault.sentence) for fault in check_corpus(articles)]


def from_lines(name: str, *lines: str) -> AnnotatedArticle:
    return parse_plain(f"id: {name}\n\n" + "\n".join(f"unsourced | {line}" for line in lines))


def test_clean_article_has_no_faults() -> None:
    assert check_corpus([article()]) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"source_id": None}, "contradiction"),
        ({"identified": None}, "contradiction"),
        ({"manner": "shouted"}, "contradiction"),
        ({"label": "unsourced"}, "contradiction"),
        ({"source": (0, 6)}, "span"),
        ({"cue": (90, 4000)}, "span"),
        ({"end": 4000}, "span"),
        ({"via": ((5000, 5004),)}, "span"),
    ],
)
def test_annotation_that_cannot_be_right_is_an_error(changes: dict[str, object], rule: str) -> None:
    assert ("error", rule, 1) in rules(with_sentence(1, **changes))


def test_relay_from_a_later_sentence_is_an_error() -> None:
    base = article()
    later = base.sentences[4]
    broken = with_sentence(1, via=((later.start, later.end),))
    assert ("error", "span", 1) in rules(broken)


def test_overlapping_marks_and_blank_edges_are_errors() -> None:
    source = article().sentences[1].source
    assert source is not None
    assert rules(with_sentence(1, cue=source)) == [("error", "span", 1)]
    blank = with_sentence(1, source=(source[0] - 1, source[1]))
    assert rules(blank) == [("error", "span", 1)]
    assert "blank at its edge" in check_corpus([blank])[0].message


def test_sentences_out_of_order_are_an_error() -> None:
    base = article()
    swapped = replace(base, sentences=(base.sentences[1], base.sentences[0], *base.sentences[2:]))
    assert ("error", "span", 1) in rules(swapped)


def test_frame_outside_the_text_is_an_error_of_the_article() -> None:
    assert rules(article(frame=((10, 99999),))) == [("error", "span", None)]


def test_span_that_cuts_a_word_is_a_warning() -> None:
    source = article().sentences[1].source
    assert source is not None
    assert rules(with_sentence(1, source=(source[0], source[1] - 2))) == [
        ("warning", "cut-word", 1)
    ]


def test_two_articles_with_one_id() -> None:
    assert ("error", "duplicate-id", None) in rules(article(), article())


def test_a_named_source_stays_named_and_keeps_its_label() -> None:
    assert rules(with_sentence(4, identified="described")) == [("warning", "identified-varies", 4)]
    assert rules(with_sentence(4, label="individual")) == [("warning", "label-varies", 4)]
    # Described first and named later is how articles introduce people.
    assert rules(with_sentence(3, identified="described")) == []


def test_duplicates_are_found_across_articles_only() -> None:
    line = "The old lighthouse keeper counted nineteen boats before breakfast on most days."
    assert rules(from_lines("a", line, "Nothing else happened."), from_lines("b", line)) == [
        ("warning", "duplicate", 0)
    ]
    assert rules(from_lines("a", line, line)) == []
    short = "He counted nineteen boats."
    assert rules(from_lines("a", short), from_lines("b", short)) == []


def test_near_duplicates_name_their_pair() -> None:
    first = "The old lighthouse keeper counted nineteen boats before breakfast on most winter days"
    faults = check_corpus([from_lines("a", first + " then."), from_lines("b", first + " now.")])
    assert [fault.rule for fault in faults] == ["near-duplicate"]
    assert "a, sentence 0" in faults[0].message
    different = "Nineteen old boats were counted by a keeper of the winter lighthouse on most days."
    assert rules(from_lines("a", first + "."), from_lines("b", different)) == []


def template(name: str, place: str, number: int, verb: str = "told") -> AnnotatedArticle:
    filler = f"Lorem {name} ipsum."
    line = (
        f"{place} {verb} reporters on arrival that {number} crates of fruit had been lost at sea."
    )
    return from_lines(name, filler, line)


def test_templates_show_through_names_and_numbers() -> None:
    places = ["Anna Berg", "Oslo", "Kim Min-ji", "General Otto van Dam"]
    articles = [template(f"t{i}", place, 10 + i) for i, place in enumerate(places)]
    found = [fault for fault in check_corpus(articles) if fault.rule == "repeated-string"]
    # One fault for the whole stretch, not one for each of its 8-word strings.
    assert len(found) == 1
    assert found[0].message.startswith("“‹name› told reporters on arrival that ‹number› crates of")
    assert "in 4 articles: t0, t1, t2, t3" in found[0].message
    assert not [f for f in check_corpus(articles[:3]) if f.rule == "repeated-string"]


def test_skewed_openings() -> None:
    alike = [
        from_lines(f"a{i}", f"Police in Veld{'x' * i} have closed {i} roads.") for i in range(4)
    ]
    others = [from_lines(f"b{i}", f"{'x' * (i + 1)} y z is {i}.") for i in range(6)]
    assert [f.message for f in check_corpus([*alike, *others]) if f.rule == "opening"] == [
        "4 articles begin “‹name› in ‹name›”"
    ]
    assert not [f for f in check_corpus([*alike[:3], *others]) if f.rule == "opening"]
    # Names alone say nothing.
    names = [from_lines(f"c{i}", f"Anna Berg{'x' * i} Holm is {i}.") for i in range(6)]
    assert not [f for f in check_corpus(names) if f.rule == "opening"]


def test_openings_are_compared_with_two_percent_of_the_articles() -> None:
    alike = [from_lines(f"a{i}", f"police in the {i} have.") for i in range(5)]
    others = [from_lines(f"b{i}", f"{'x' * (i + 1)} y z is {i}.") for i in range(245)]
    assert not [f for f in check_corpus([*alike, *others]) if f.rule == "opening"]
    assert [f for f in check_corpus([*alike, *others[:244]]) if f.rule == "opening"]


def test_fault_reads_like_a_linter_line() -> None:
    fault = Fault("cranes", 3, "error", "span", "the sentence ends nowhere")
    assert str(fault) == "cranes:3: error span: the sentence ends nowhere"
    assert str(replace(fault, sentence=None)).startswith("cranes: error")


def test_empty_corpus() -> None:
    assert check_corpus([]) == []
    empty = AnnotatedArticle("x", "", ())
    assert check_corpus([empty]) == []
    lone = AnnotatedArticle("y", "Words.", (AnnotatedSentence(0, 6, "unsourced"),))
    assert check_corpus([lone]) == []

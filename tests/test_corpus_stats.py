"""Corpus statistics: counts by hand on a small corpus, and the tables of the real one."""

# ruff: noqa: E501  (in the plain-text format a sentence is a line)

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.phenomena import PHENOMENA, quoted_lengths, view_sentences
from attribution.corpus.plain import parse_plain, read_plain
from attribution.corpus.stats import Stats, corpus_stats, format_stats, plot_stats
from attribution.errors import AttributionError, CorpusError

DATASETS = Path(__file__).parent.parent / "datasets"
SPIES = """\
id: 001-spies
outlet: The Veld Courier
kind: wire
frame: Orbita News < The Veld Courier

unsourced headline | Budget of spies grows, Orbita News and The Veld Courier report

intelligence_agency #1 named indirect needs | The budget will grow, {s the CIA} {c told} {v1 Reuters}, which {v2 The Veld Courier} quoted.
intelligence_agency #1 named direct needs via "Reuters" | “It is not enough.
intelligence_agency #1 named direct | We said so,” {s the agency} {c added}, “and twice.”
unidentified #2 anonymous indirect hedged needs | The chief is {c reportedly} leaving.
unsourced needs | MI6 moved to its new building in May.
unsourced | The ministry did not respond to a request for comment.
unsourced needs | It bought a 'smart' lamp.
"""
GATE = """\
id: 002-gate
kind: local weekly

government headline #1 described indirect needs | Gate to stay shut, {s mayor} {c says}

government #1 named direct | "It stays shut," {c said} {s Mayor Holm}.
government #1 named indirect | {s He} {c declined to say} why.
individual #2 described indirect hedged needs | {c Claims by} {s residents} that it fell could not be checked.
"""
BRIEFS = [
    {"brief": "001", "kind": "wire agency", "region": "United States", "security": "yes"},
    {"brief": "003", "kind": "tabloid", "region": "Canada", "security": "no"},
]


@pytest.fixture(scope="module")
def small() -> list[AnnotatedArticle]:
    return [parse_plain(SPIES), parse_plain(GATE)]


@pytest.fixture(scope="module")
def stats(small: list[AnnotatedArticle]) -> Stats:
    return corpus_stats(small, BRIEFS)


def test_labels_and_size(stats: Stats) -> None:
    assert stats.count("labels", "intelligence_agency") == 3
    assert stats.count("labels", "unsourced", "articles") == 1
    assert stats.count("labels", "unsourced", "share") == pytest.approx(4 / 12)
    assert stats.count("size", "sources (identities within articles)", "number") == 4
    assert stats.count("size", "headlines", "number") == 2
    assert stats.count("size", "articles with a frame", "number") == 1


def test_briefs_come_before_headers(stats: Stats) -> None:
    assert stats.tables["kinds"].column("articles") == {"local weekly": 1, "wire agency": 1}
    assert stats.tables["regions"].column("sentences") == {"United States": 8, "not given": 4}
    assert stats.tables["security"].column("articles") == {"not given": 1, "yes": 1}


def test_annotation_counts(stats: Stats) -> None:
    sentences = stats.tables["annotation"].column("sentences")
    assert sentences["needs a source"] == 7
    assert sentences["needs a source, among unsourced"] == 2
    assert sentences["identified: anonymous"] == 1
    assert sentences["manner: direct"] == 3
    assert sentences["hedged"] == 2
    assert (sentences["no relay"], sentences["one relay"], sentences["two relays"]) == (6, 1, 1)
    assert stats.count("annotation", "identified: named", "share") == pytest.approx(5 / 8)


def test_unsourced_histogram_leaves_headlines_out(stats: Stats) -> None:
    histogram = stats.tables["unsourced"].column("articles")
    # Three of seven sentences, and none of three.
    assert {name for name, count in histogram.items() if count} == {"0–10 %", "40–50 %"}


def test_quotation_marks(stats: Stats) -> None:
    styles = stats.tables["quotation marks"].column("sentences")
    assert styles["curly double “ ”"] == 2
    assert styles['straight double " "'] == 1
    assert styles["straight single ' '"] == 1
    assert styles["guillemets « »"] == 0


def test_low_high_marks_are_not_taken_for_curly_ones() -> None:
    text = "id: x\n\nunsourced | Ein „Wort“ hier.\nunsourced | A “word” here.\n"
    styles = corpus_stats([parse_plain(text)]).tables["quotation marks"].column("sentences")
    assert (styles["low-high „ “"], styles["curly double “ ”"]) == (1, 1)


def test_names_as_source_relay_and_subject(stats: Stats) -> None:
    names = stats.tables["names"].column("mentions")
    assert names["services as source"] == 1
    assert names["services as mere subject"] == 1
    assert names["outlets as relay"] == 1  # Reuters; the invented ones are in no gazetteer
    assert names["outlets as mere subject"] == 0


@pytest.mark.parametrize(
    ("what", "count"),
    [
        ("running quotation, no source or cue of its own", 1),
        ("anaphoric source (pronoun or definite phrase)", 2),
        ("anaphoric source: pronoun", 1),
        ("relay, one deep", 1),
        ("relay, two or more deep", 1),
        ("relay carried from an earlier sentence", 1),
        ("in an article with a frame", 8),
        ("inverted: cue before source", 1),
        ("split: between two quoted parts", 1),
        ("noun cue (an assessment by)", 1),
        ("agentless: unidentified without source words", 1),
        ("hedged", 2),
        ("declined comment, attributed [by words]", 1),
        ("process note, unsourced [lexicon]", 1),
        ("scare quotes: unsourced with a short quotation", 1),
        ("headline with a cue", 1),
        ("headline without a cue", 1),
        ("service as mere subject [gazetteer]", 1),
    ],
)
def test_hard_things(stats: Stats, what: str, count: int) -> None:
    assert stats.count("hard things", what) == count


def test_every_phenomenon_is_counted(stats: Stats) -> None:
    assert list(stats.tables["hard things"].column("sentences")) == list(PHENOMENA)


def test_abbreviation_beside_its_name_is_no_subject() -> None:
    line = "intelligence_agency #1 named indirect | It fell, {s the Security Service of Ukraine} (SBU) {c said}."
    (view,) = view_sentences([parse_plain(f"id: x\n\n{line}\n")])
    assert len(view.names) == 2
    assert not PHENOMENA["service as mere subject [gazetteer]"](view)


def test_quoted_lengths() -> None:
    assert quoted_lengths('A "smart" lamp, a “very smart” one, «so smart a thing»') == [1, 2, 4]
    assert quoted_lengths("The workers' wages and the miners' pay") == []


def test_markdown(stats: Stats) -> None:
    text = format_stats(stats)
    assert "### Labels\n\n| label | sentences | share | articles | under 250 |\n" in text
    assert "| intelligence_agency | 3 | 25.0% | 1 | thin |" in text


def test_long_tables_are_summed_up() -> None:
    articles = [
        parse_plain(f"id: {i:03}-x\nregion: Place {i:03}\n\nunsourced | It rained.\n")
        for i in range(70)
    ]
    text = format_stats(corpus_stats(articles))
    assert "### Regions: 70" in text
    assert "| 10 others | 10 | 10 |" in text


def test_no_articles() -> None:
    with pytest.raises(CorpusError, match="no articles"):
        corpus_stats([])


@pytest.fixture
def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # An import of a module that is None fails as for a package that is not installed.
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    yield


@pytest.mark.usefixtures("without_matplotlib")
def test_plot_without_matplotlib_names_the_command(stats: Stats, tmp_path: Path) -> None:
    with pytest.raises(AttributionError, match=r'pip install "attribution\[plots\]"'):
        plot_stats(stats, tmp_path / "stats.svg")


def test_plot_draws_the_same_file_twice(stats: Stats, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot_stats(stats, tmp_path / "stats.png")
    assert (tmp_path / "stats.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(AttributionError, match=r"cannot draw \.gifx"):
        plot_stats(stats, tmp_path / "stats.gifx")


def test_the_bundled_corpus_adds_up() -> None:
    files = sorted((DATASETS / "articles").glob("*.txt"))[:60]
    articles = [read_plain(file) for file in files]
    with (DATASETS / "briefs.csv").open(encoding="utf-8", newline="") as file:
        stats = corpus_stats(articles, list(csv.DictReader(file)))
    total = sum(len(article.sentences) for article in articles)
    assert sum(int(n) for n in stats.tables["labels"].column("sentences").values()) == total
    assert sum(int(n) for n in stats.tables["kinds"].column("sentences").values()) == total
    assert "not given" not in stats.tables["regions"].column("articles")

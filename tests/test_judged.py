"""Judged hits of the rules: what is measured, and that the rules on by default have earned it."""

from __future__ import annotations

from pathlib import Path

import pytest
from annotated_analyses import read_lines

from attribution.corpus.polnear import OUTLETS, read_spans
from attribution.errors import CorpusError
from attribution.evaluation.judged import (
    find_places,
    format_rules,
    measure_rules,
    read_judgements,
    wilson_interval,
)
from attribution.findings import RULES
from attribution.reading import parse_article
from attribution.scorer import Scorer

ROOT = Path(__file__).parent.parent
FILE = ROOT / "datasets" / "readings" / "lint-hits.csv"
HEAD = "rule,article,start,end,verdict\n"


def test_rules_are_on_by_default_where_the_judged_hits_say_so() -> None:
    judgements = read_judgements(FILE)
    measured = measure_rules(judgements, judgements)
    assert {one.rule for one in measured if one.earns_default} == {
        rule.id for rule in RULES if rule.default_on
    }


def test_the_datasheet_says_what_was_judged() -> None:
    judgements = read_judgements(FILE)
    text = (ROOT / "datasets" / "README.md").read_text(encoding="utf-8")
    for one in measure_rules(judgements, judgements):
        (line,) = (line for line in text.splitlines() if line.startswith(f"| `{one.rule}` |"))
        cells = [cell.strip() for cell in line.split("|")[2:-1]]
        assert cells[1:3] == [str(one.judged), str(one.right)], one.rule
        on = next(rule.default_on for rule in RULES if rule.id == one.rule)
        assert cells[-1] == ("yes" if on else "no"), one.rule


def test_present_hits_are_measured_and_others_counted_apart() -> None:
    judgements = {
        ("bare-sources", "a", 0, 7): True,
        ("bare-sources", "b", 0, 7): False,
        ("bare-sources", "b", 9, 12): True,
    }
    places = [*list(judgements)[:2], ("bare-sources", "c", 0, 7), ("single-source", "a", 0, 7)]
    measured = {one.rule: one for one in measure_rules(judgements, places)}
    assert list(measured) == [rule.id for rule in RULES]
    bare = measured["bare-sources"]
    assert (bare.hits, bare.judged, bare.right, bare.gone) == (3, 2, 1, 1)
    assert bare.precision == 0.5
    assert not bare.earns_default
    assert measured["single-source"].precision is None
    table = format_rules(measured.values())
    assert "| `bare-sources` | 3 | 2 | 1 | 0.50 [0.09, 0.91] | no |" in table
    assert "| `single-source` | 1 | 0 | 0 |  | no |" in table
    assert "1 judged places where nothing is found any more" in table


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (0, 0, 0.0, 1.0)],
)
def test_wilson_interval(right: int, judged: int, low: float, high: float) -> None:
    assert wilson_interval(right, judged) == pytest.approx((low, high), abs=5e-5)


def test_places_are_those_of_the_findings() -> None:
    line = "unidentified #1 anonymous indirect needs | {s Sources} {c said} the report was buried."
    analysis = read_lines(line)
    assert ("bare-sources", "x", 0, 7) in find_places([("x", analysis)])
    accepted = read_lines(line + " [attribution: ok]")
    assert ("bare-sources", "x", 0, 7) not in find_places([("x", accepted)])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("rule,article\n", "not a file of judged hits"),
        (HEAD + "spelling,a,0,7,right\n", ":2: no such rule"),
        (HEAD + "bare-sources,a,0,7,perhaps\n", ":2: no such rule or verdict"),
        (HEAD + "bare-sources,a,x,7,right\n", "whole numbers"),
        (HEAD + "bare-sources,a\n", "whole numbers"),
        (HEAD + "bare-sources,a,0,7,right\nbare-sources,a,0,7,wrong\n", ":3: judged twice"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_file_is_one_clear_error(content: str | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "hits.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=said):
        read_judgements(path)


def test_judged_hits_are_found_by_the_default_model(
    private_data: Path, default_scorer: Scorer
) -> None:
    # A few articles, so that the test stays quick; all of them by attribution lint --judged.
    judgements = read_judgements(FILE)
    chosen = set(sorted({place[1] for place in judgements})[::8])
    articles = [a for a in read_spans(private_data / "polnear") if a.id in chosen]
    assert len(articles) == len(chosen)
    documents = (
        parse_article(article.text, outlet=OUTLETS[article.id.partition("_")[0]])
        for article in articles
    )
    analyses = default_scorer.analyser.analyse(documents)
    places = find_places((a.id, analysis) for a, analysis in zip(articles, analyses, strict=True))
    judged = {place for place in judgements if place[1] in chosen}
    # Most verdicts are of an earlier model, a third of whose places the present one does not find.
    assert len(judged - places) <= 0.5 * len(judged)

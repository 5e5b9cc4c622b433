"""Rules on small annotated articles: what they find and leave alone, what mending is worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from annotated_analyses import read_lines

from attribution.analysis import Analysis
from attribution.corpus.gold import to_analysis
from attribution.corpus.plain import read_plain
from attribution.document import Document
from attribution.errors import InputError
from attribution.findings import RULES, Finding, choose_rules, find_findings, find_rule
from attribution.findings.formats import (
    FileFindings,
    Lines,
    build_sarif,
    explain,
    format_findings,
    write_lines,
)
from attribution.findings.rules import CHECKS
from attribution.profile import load_profile
from attribution.scoring import score_analysis
from attribution.wording import (
    find_figure,
    find_hearsay_passive,
    find_hedge,
    find_large_figure,
    find_passive,
    gives_reason,
    is_many,
    is_media_at_large,
    names_experts,
    names_somebody,
)

ARTICLES = Path(__file__).parent.parent / "datasets" / "articles"
PROFILE = load_profile()
#: Claims of named sources, so that an article is long enough for a score.
NAMED = (
    "government #8 named indirect needs | {s Mayor Ada Brook} {c said} the bridge was shut.",
    "expert #9 named indirect needs | {s Ivo Lund} {c said} two piers had sunk.",
    "expert #9 named indirect needs | {s He} {c said} the river was to blame.",
    "unsourced needs | The work had been put off for years.",
)
SOURCES = "unidentified #1 anonymous indirect needs | {s Sources} {c said} the report was buried."


def find(*lines: str, rule: str | None = None, **meta: str) -> tuple[Finding, ...]:
    """Return the findings of one rule, or of those on by default."""
    return find_in(read_lines(*lines, **meta), rule)


def find_in(analysis: Analysis, rule: str | None = None) -> tuple[Finding, ...]:
    select = None if rule is None else [rule]
    return find_findings(analysis, PROFILE, score_analysis, select)


def test_the_catalogue_and_the_checks_name_the_same_rules() -> None:
    assert [rule.id for rule in RULES] == list(CHECKS)
    assert len({rule.title for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.rationale.endswith(".")
        assert rule.reference


def test_a_clean_article_has_no_findings() -> None:
    assert find(*NAMED) == ()


HITS = {
    "bare-sources": [
        ("{s Sources} {c said} the report was buried.", "unidentified #1 anonymous", "Sources"),
        (
            "The report was buried, {c according to} {s a person familiar with the matter}.",
            "unidentified #1 anonymous",
            "a person familiar with the matter",
        ),
    ],
    "agentless-passive": [
        ("The report {c is believed} to be lost.", "unidentified #1 anonymous", "is believed"),
        ("It {c is said} that the report burned.", "unidentified #1 anonymous", "is said"),
    ],
    "hedge-without-source": [
        ("The report was {c reportedly} burned.", "unidentified #1 anonymous", "reportedly"),
    ],
    "relay-without-origin": [
        ("{s Local media} {c reported} a fire.", "media_outlet #1 described", "Local media"),
        (
            "{s Sources} {c said} so, {v1 the Daily Eel} wrote.",
            "unidentified #1 anonymous",
            "the Daily Eel",
        ),
        (
            "{s The Daily Eel} {c reported} a fire without naming a source.",
            "media_outlet #1 named",
            "The Daily Eel",
        ),
    ],
    "anonymous-reason": [
        (
            "{s A senior official} {c said} the report was buried.",
            "government #1 described",
            "A senior official",
        ),
    ],
}
CASES = [(rule, *case) for rule, cases in HITS.items() for case in cases]


@pytest.mark.parametrize(("rule", "words", "label", "marked"), CASES)
def test_a_rule_finds_its_pattern(rule: str, words: str, label: str, marked: str) -> None:
    analysis = read_lines(*NAMED, f"{label} indirect needs | {words}")
    (finding,) = find_in(analysis, rule)
    assert analysis.document.text[finding.start : finding.end] == marked
    assert finding.sentence == len(NAMED)
    assert finding.rule == rule
    assert finding.level == find_rule(rule).level


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (
            "bare-sources",
            "government #1 described indirect needs | {s Ministry sources} {c said} it is lost.",
        ),
        (
            "bare-sources",
            "unidentified #1 anonymous indirect needs | {s Sources} at the port {c said} it sank.",
        ),
        (
            "bare-sources",
            "unidentified #1 anonymous indirect needs | Diplomatic {s sources} {c said} it sank.",
        ),
        (
            "agentless-passive",
            "government #1 named indirect needs | It {c is believed} lost, {s Ada Brook} said.",
        ),
        (
            "agentless-passive",
            "unidentified #1 anonymous indirect | It {c is said} that cats purr.",
        ),
        (
            "hedge-without-source",
            "government #1 named indirect hedged needs | It was {c reportedly} {s Ada Brook} who.",
        ),
        (
            "relay-without-origin",
            "media_outlet #1 named indirect needs | {s The Daily Eel} {c reported} a fire.",
        ),
        (
            "relay-without-origin",
            "government #1 named indirect needs | {s Ada Brook} {c told} {v1 the Daily Eel} so.",
        ),
        (
            "anonymous-reason",
            "government #1 described indirect needs | {s An official} {c said} so, asking not to be"
            " named because she was not authorised to speak.",
        ),
        (
            "anonymous-reason",
            "individual #1 described indirect needs | {s Residents} {c said} they heard it.",
        ),
    ],
)
def test_a_rule_leaves_alone_what_only_looks_like_it(rule: str, line: str) -> None:
    assert find(*NAMED, line, rule=rule) == ()


def test_a_source_is_found_once_however_often_it_speaks() -> None:
    again = "unidentified #1 anonymous indirect needs | {s Sources} {c added} that it was long."
    (finding,) = find(*NAMED, SOURCES, again, rule="bare-sources")
    assert "2 sentences rest on it" in finding.message


def test_the_effect_is_the_score_of_the_mended_article() -> None:
    (finding,) = find(*NAMED, SOURCES, rule="bare-sources")
    named = "individual #1 named indirect needs | {s Ena Holt} {c said} the report was buried."
    now = score_analysis(read_lines(*NAMED, SOURCES), PROFILE).value
    mended = score_analysis(read_lines(*NAMED, named), PROFILE).value
    assert now is not None
    assert mended is not None
    assert finding.effect is not None and finding.effect > 5
    assert finding.effect == pytest.approx(mended - now, abs=0.05)


def test_no_effect_is_claimed_where_there_is_no_score() -> None:
    (finding,) = find(SOURCES, rule="bare-sources")
    assert finding.effect is None


def test_saying_why_somebody_is_not_named_does_not_move_the_score() -> None:
    line = "government #1 described indirect needs | {s A senior official} {c said} it is buried."
    (finding,) = find(*NAMED, line, rule="anonymous-reason")
    assert finding.effect is None


def test_mending_never_lowers_the_score_in_the_bundled_corpus() -> None:
    seen = 0
    for path in sorted(ARTICLES.glob("*.txt"))[::5]:
        analysis = to_analysis(read_plain(path))
        before = score_analysis(analysis, PROFILE)
        for finding in find_in(analysis, "all"):
            seen += 1
            assert finding.effect is None or finding.effect >= 0, (path.name, finding)
            place = analysis.sentences[finding.sentence]
            assert place.start <= finding.start < finding.end <= place.end
        assert score_analysis(analysis, PROFILE) == before, "a rule changed the analysis"
    assert seen > 50


def test_nobody_is_named() -> None:
    lines = (
        SOURCES,
        "unidentified #2 anonymous indirect needs | {s An insider} {c agreed}.",
        *["unsourced needs | The work had been put off for years."] * 4,
    )
    (finding,) = find(*lines, rule="anonymous-only")
    assert finding.level == "error"
    assert "all 2 attributed claims" in finding.message
    assert finding.effect is not None
    assert finding.effect > 0
    assert find(*lines, *NAMED, rule="anonymous-only") == ()
    assert find(lines[0], rule="anonymous-only") == (), "one sentence is no basis for a verdict"


def test_one_source_carries_most() -> None:
    lines = [
        f"expert #1 named indirect needs | {{s Ivo Lund}} {{c said}} pier {n} had sunk."
        for n in ("one", "two", "three", "four")
    ]
    (finding,) = find(*lines, NAMED[0], rule="single-source")
    assert finding.message.startswith("Ivo Lund alone carries 80% of the claims")
    assert finding.effect is not None
    assert finding.effect > 0
    assert find(*lines[:2], NAMED[0], rule="single-source") == ()
    other = [line.replace("#1", "#2").replace("Ivo Lund", "Uma Rask") for line in lines]
    assert find(*lines, *other[:3], rule="single-source") == (), "two voices, nearly even"
    assert find(*lines, *[NAMED[3]] * 5, rule="single-source") == ()


PLURAL = "expert #1 described indirect needs | {s Analysts} {c said} it would not last."


def test_plural_with_one_named() -> None:
    (finding,) = find(*NAMED, PLURAL, rule="plural-sources")
    assert finding.message == "“Analysts” are more than one, but only one is named, Ivo Lund"
    other = "expert #7 named indirect needs | {s Uma Rask} {c agreed}."
    assert find(*NAMED, PLURAL, other, rule="plural-sources") == ()


def test_plural_with_none_named() -> None:
    (finding,) = find(NAMED[0], PLURAL, rule="plural-sources")
    assert finding.message == "“Analysts” are more than one, but none is named"
    assert find(NAMED[0], PLURAL.replace("Analysts", "Other analysts"), rule="plural-sources") == ()
    assert find(NAMED[0], PLURAL.replace("Analysts", "Residents"), rule="plural-sources") == ()


def test_an_expert_by_apposition_counts_as_named() -> None:
    line = "government #7 named indirect needs | {s Uma Rask}, a bridge expert, {c agreed}."
    assert find(*NAMED, PLURAL, line, rule="plural-sources") == ()


def test_opinion_without_a_name() -> None:
    line = "government #1 described direct | “He is a clown,” {c said} {s one official}."
    (finding,) = find(*NAMED, line, rule="anonymous-opinion")
    assert "one official" in finding.message
    named = line.replace("described", "named").replace("one official", "Ada Brook")
    assert find(*NAMED, named, rule="anonymous-opinion") == ()
    fact = line.replace("direct |", "direct needs |").replace("He is a clown", "It sank")
    assert find(*NAMED, fact, rule="anonymous-opinion") == ()
    asked = line.replace(
        "He is a clown,” {c said} {s one official}.", "Who,” {c said} {s one official}?"
    )
    assert find(*NAMED, asked, rule="anonymous-opinion") == ()


def test_a_reason_anywhere_in_the_article_stands_for_all_anonymity() -> None:
    line = "government #1 described indirect needs | {s A senior official} {c said} it is lost."
    reason = (
        "government #2 described indirect needs | {s An aide}, who wasn’t authorized to speak,"
        " {c said} so."
    )
    assert len(find(*NAMED, line, rule="anonymous-reason")) == 1
    assert find(*NAMED, line, reason, rule="anonymous-reason") == ()


@pytest.mark.parametrize(
    "line",
    [
        "government #1 described indirect needs | {s An official} {c told} NBC that it is lost.",
        "government #1 described indirect needs | {s Many senior officials} {c said} it is lost.",
        "government #1 described indirect needs | {s An official} {c wrote} that it is lost.",
        "government #1 described direct | “A fine day,” {c said} {s a senior official}.",
    ],
)
def test_anonymity_that_is_not_the_authors_to_explain(line: str) -> None:
    assert find(*NAMED, line, rule="anonymous-reason") == ()


@pytest.mark.parametrize(
    ("rule", "words", "marked"),
    [
        ("agentless-passive", "The bridge is widely expected to close.", "is widely expected to"),
        ("agentless-passive", "It was seen as a warning to the port.", "was seen as"),
        ("hedge-without-source", "The firm reportedly fled abroad.", "reportedly"),
        ("hedge-without-source", "It shut amid reports of cracks.", "amid reports of"),
    ],
)
def test_hearsay_is_found_in_what_the_model_calls_unsourced(
    rule: str, words: str, marked: str
) -> None:
    analysis = read_lines(*NAMED, f"unsourced needs | {words}")
    (finding,) = find_in(analysis, rule)
    assert analysis.document.text[finding.start : finding.end] == marked
    assert find(*NAMED, f"unsourced | {words}", rule=rule) == (), "it needs no source"


def test_the_subject_of_a_hearsay_is_not_its_source() -> None:
    line = "unidentified #1 anonymous indirect needs | {s The firm} {c reportedly} fled abroad."
    assert len(find(*NAMED, line, rule="hedge-without-source")) == 1
    said = line.replace("{c reportedly} fled", "{c said} it reportedly fled")
    assert find(*NAMED, said, rule="hedge-without-source") == ()


def test_an_accusation_nobody_answers() -> None:
    line = "individual #1 named indirect needs | {s Ena Holt} {c accused} the mayor of lying."
    (finding,) = find(*NAMED, line, rule="single-accusation")
    assert finding.message.startswith("this accusation rests on Ena Holt alone")
    answer = "government #8 named indirect | {s Mayor Ada Brook} {c denied} it."
    assert find(*NAMED, line, answer, rule="single-accusation") == ()
    second = line.replace("#1", "#2").replace("Ena Holt", "Uma Rask")
    assert find(*NAMED, line, second, rule="single-accusation") == ()
    assert (
        find(*NAMED, line.replace("{c accused}", "{c was accused}"), rule="single-accusation") == ()
    )


def test_intelligence_at_large() -> None:
    line = (
        "intelligence_agency #1 described indirect needs | {s Intelligence officials} {c said}"
        " the bridge was mined."
    )
    (finding,) = find(*NAMED, line, rule="intelligence-basis")
    assert "“Intelligence officials”" in finding.message
    assert finding.effect is not None
    assert finding.effect > 0
    basis = line.replace("mined.", "mined, citing an intercepted call.")
    assert find(*NAMED, basis, rule="intelligence-basis") == ()
    service = line.replace("described", "named").replace("Intelligence officials", "The SIS")
    assert find(*NAMED, service, rule="intelligence-basis") == ()


def test_headline_source_missing_from_the_body() -> None:
    head = (
        "intelligence_agency headline #5 described indirect | Bridge was mined, {s spies} {c say}"
    )
    (finding,) = find(head, "", *NAMED, rule="headline-unsupported")
    assert "spies" in finding.message
    assert finding.effect is None
    body = "intelligence_agency #6 named indirect needs | {s The SIS} {c said} it was mined."
    assert find(head, "", *NAMED, body, rule="headline-unsupported") == ()


def test_an_outlet_that_cites_itself() -> None:
    line = "media_outlet #1 named indirect needs | As {s the Daily Eel} {c reported}, it is shut."
    (finding,) = find(*NAMED, line, rule="circular-sourcing", outlet="The Daily Eel")
    assert finding.message == "the Daily Eel gives itself as the source"
    assert find(*NAMED, line, rule="circular-sourcing", outlet="The Morning Carp") == ()
    assert find(*NAMED, line, rule="circular-sourcing") == ()


def test_a_quotation_nobody_said() -> None:
    line = "unsourced needs | “We never saw the report, and we never will see it.”"
    (finding,) = find(*NAMED, line, rule="quotation-nobody-said")
    assert finding.effect is not None
    assert finding.effect > 0
    part = line.replace(
        "“", "It is a town of long memories, old quarrels and short tempers, whose“"
    )
    assert find(*NAMED, part, rule="quotation-nobody-said") == ()
    short = "unsourced needs | They call it “the long report”."
    assert find(*NAMED, short, rule="quotation-nobody-said") == ()


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("Some 4,300 people fled.", "4,300 people"),
        ("It cost $12.5 million in 2019.", "$12.5 million"),
        ("Turnout rose by 3.5 per cent.", "3.5 per cent"),
        ("Hundreds of people fled.", "Hundreds of"),
        ("Five hundred people fled.", "Five hundred"),
        ("It opened on 12 March 2019.", None),
        ("It opened on March 12, 2019, at 10:30 a.m.", None),
        ("The 1990s were kinder to Boeing 737 pilots.", None),
        ("A 34-year-old flew an F-16 in 2014-15.", None),
        ("Ena Holt, 41, turned 42 on the 3rd.", None),
        ("Article 5 has stood since 1949.", None),
        ("The alarm rang at 0410 local time.", None),
    ],
)
def test_figures_and_dates(sentence: str, figure: str | None) -> None:
    span = find_figure(sentence)
    assert (None if span is None else sentence[slice(*span)]) == figure


def test_number_without_source() -> None:
    line = "unsourced needs | Some 4,300 people fled."
    (finding,) = find(*NAMED, *[NAMED[3]] * 2, line, rule="number-without-source")
    assert finding.effect is not None
    assert finding.effect > 5
    assert find(*NAMED, line.replace(" needs", ""), rule="number-without-source") == ()
    near = (*NAMED[:3], line)
    assert find(*near, rule="number-without-source") == (), "a source stands beside it"


def test_large_figures() -> None:
    assert find_large_figure("It cost $12.5 million.") is not None
    assert find_large_figure("All 50 towns voted.") is None
    assert find_large_figure("He won 1,237 delegates.") is None


def test_wording() -> None:
    assert find_passive("It was long believed that") is None
    assert find_hearsay_passive("It was long believed that") is not None
    assert find_hearsay_passive("who, doctors said, was ill") is None
    assert find_hearsay_passive("which doctors said was suspected of it") is None
    assert find_hearsay_passive("It is expected to be seen") is not None
    assert find_hearsay_passive("It is believed by nobody") is None
    assert names_experts("Some Western analysts")
    assert not names_experts("our experts")
    assert names_somebody("experts like Uma Rask")
    assert not names_somebody("Sixty percent of voters")
    assert not names_somebody("the Post poll")
    assert is_many("Many officials")
    assert is_many("unions, greens and some officials")
    assert not is_many("one official")
    assert find_passive("It is widely believed that") is not None
    assert find_hedge("Unconfirmed reports say that") is not None
    assert find_hedge("He reports to the board") is None
    assert gives_reason("who asked not to be named for fear of losing her job")
    assert gives_reason("He was not authorized to speak publicly.")
    assert gives_reason("on condition of anonymity to show plans")
    assert not gives_reason("who spoke on condition of anonymity")
    assert not gives_reason("because the bridge was shut")


def test_a_long_run_of_words_takes_no_time() -> None:
    assert not is_media_at_large("State " * 2000 + "x")
    assert is_media_at_large("State Media reports")
    assert not names_experts("political " * 2000 + "x")
    assert names_experts("political analysts")


@pytest.mark.parametrize(
    "lines",
    [
        [SOURCES + " [attribution: ok]"],
        [SOURCES + " <!-- attribution: ignore bare-sources -->"],
        [SOURCES, "unsourced | [attribution: ok]"],
        [SOURCES, "unsourced | <!-- attribution: ignore bare-sources, single-source -->"],
        ["unsourced | <!-- attribution: ignore bare-sources -->", "", SOURCES],
    ],
)
def test_a_comment_beside_the_sentence_accepts_it(lines: list[str]) -> None:
    assert find(*NAMED, "", *lines, rule="bare-sources") == ()


@pytest.mark.parametrize(
    "lines",
    [
        [SOURCES + " <!-- attribution: ignore single-source -->"],
        ["unsourced | [attribution: ok]", SOURCES, NAMED[0]],
        [SOURCES, NAMED[0], "unsourced | [attribution: ok]"],
        [SOURCES, "", "unsourced | [attribution: ok]"],
        [SOURCES + " [attribution: maybe]"],
    ],
)
def test_a_comment_elsewhere_accepts_nothing(lines: list[str]) -> None:
    expected = 0 if lines[0].startswith("unsourced") else 1
    assert len(find(*NAMED, "", *lines, rule="bare-sources")) == expected


def test_a_finding_on_the_whole_article_is_accepted_by_name_anywhere() -> None:
    lines = [
        f"expert #1 named indirect needs | {{s Ivo Lund}} {{c said}} pier {n} had sunk."
        for n in ("one", "two", "three", "four")
    ]
    named = "unsourced | <!-- attribution: ignore single-source -->"
    assert find(*lines, "", named, rule="single-source") == ()
    assert len(find(*lines, "", "unsourced | [attribution: ok]", rule="single-source")) == 1


def test_select_and_ignore() -> None:
    assert {rule.id for rule in choose_rules()} == {rule.id for rule in RULES if rule.default_on}
    assert choose_rules(["all"]) == RULES
    assert [rule.id for rule in choose_rules(["single-source"])] == ["single-source"]
    assert "single-source" not in {rule.id for rule in choose_rules(None, ["single-source"])}
    with pytest.raises(InputError, match="did you mean bare-sources"):
        choose_rules(["bare-source"])
    with pytest.raises(InputError, match="no rule 'spelling'; the rules are bare-sources, "):
        choose_rules(None, ["spelling"])
    with pytest.raises(InputError):
        find_rule("all")


@pytest.mark.parametrize("status", ["not_english", "no_score"])
def test_nothing_is_found_where_labels_mean_nothing(status: str) -> None:
    assert find_in(read_lines(*NAMED, SOURCES, status=status), "all") == ()


def test_findings_come_in_reading_order_and_say_the_same_each_time() -> None:
    lines = (*NAMED, "unidentified #2 anonymous indirect needs | It {c is said} to sink.", SOURCES)
    found = find(*lines, rule="all")
    rules = ["agentless-passive", "anonymous-reason", "bare-sources"]
    assert [finding.rule for finding in found] == rules
    assert found == find(*lines, rule="all")
    assert list(found[0].to_dict()) == [
        "rule",
        "level",
        "sentence",
        "start",
        "end",
        "message",
        "suggestion",
        "effect",
        "reference",
    ]


TEXT = "Eins 🐟.\r\n\r\nA. 🐟🐟 Sources said it.\x1b[31m\n"


def _file() -> FileFindings:
    start = TEXT.index("Sources")
    finding = Finding(
        "bare-sources", "warning", 2, start, start + 7, "who\x1b?", "name", 4.25, "AP"
    )
    analysis = Analysis(Document(TEXT, ()), (), ())
    return "drafts/ä b.txt", analysis, (finding,)


def test_lines_and_columns_count_code_points_from_one() -> None:
    lines = Lines("ab\r\n🐟d\n\nx")
    assert [lines.locate(offset) for offset in (0, 1, 4, 5, 7, 8)] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
        (3, 1),
        (4, 1),
    ]
    assert Lines("").locate(0) == (1, 1)


def test_text_format() -> None:
    (line,) = write_lines(_file())
    assert line == (
        "drafts/ä b.txt:3:7: warning bare-sources who\ufffd?; name (+4.2 points if mended)"
    )
    assert format_findings([("a.txt", Analysis(Document("", ()), (), ()), ())], "text") == ""
    with pytest.raises(InputError, match="no format 'xml'; the formats are text, json, sarif"):
        format_findings([], "xml")


def test_json_format() -> None:
    (record,) = json.loads(format_findings([_file()], "json"))
    assert (record["file"], record["line"], record["column"]) == ("drafts/ä b.txt", 3, 7)
    assert record["rule"] == "bare-sources"
    assert record["effect"] == 4.25


def test_sarif_format() -> None:
    log = json.loads(format_findings([_file()], "sarif"))
    assert log == build_sarif([_file()])
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in RULES]
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    (result,) = run["results"]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "bare-sources"
    assert result["level"] in {"error", "warning", "note"}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "drafts/%C3%A4%20b.txt"
    assert place["region"] == {
        "startLine": 3,
        "startColumn": 7,
        "endLine": 3,
        "endColumn": 14,
        "charOffset": TEXT.index("Sources"),
        "charLength": 7,
    }


def test_explain_names_the_standard() -> None:
    text = explain("single-source")
    assert "BBC, Editorial Guidelines" in text
    assert "attribution: ignore single-source" in text
    with pytest.raises(InputError, match="no rule"):
        explain("spelling")

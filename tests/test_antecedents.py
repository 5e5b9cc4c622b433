"""What pronouns and descriptions mean: the candidates, their features, and learning to choose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from gold_reading import read_gold

from attribution.antecedents import Antecedents, Candidate
from attribution.mentions import Mention
from attribution.sources import MentionMap, read_mentions
from attribution.training.antecedents import Choice, collect_choices, fit_antecedents


def mentions_of(*lines: str) -> MentionMap:
    reading = read_gold(*lines)
    known = np.zeros(reading.batch.n_tokens, bool)
    return read_mentions(reading.batch, reading.hits, reading.quotations, reading.findings, known)


class Spy:
    """Chooses a new source each time, and remembers what there was to choose from."""

    def __init__(self) -> None:
        self.seen: dict[str, Sequence[Candidate]] = {}

    def choose(self, mention: Mention, candidates: Sequence[Candidate]) -> int:
        self.seen[" ".join(mention.words)] = candidates
        return len(candidates) - 1


def offered(*lines: str) -> dict[str, list[str]]:
    """Return, for each pronoun or description, the surnames and heads it could mean, in order."""
    spy = Spy()
    mentions_of(*lines).link(0, spy.choose)
    return {words: [_name(c) for c in candidates] for words, candidates in spy.seen.items()}


def _name(candidate: Candidate) -> str:
    if candidate.cluster is not None:
        first = candidate.cluster.mentions[0]
        return first.surname or first.head
    return f"by {candidate.person.surname}" if candidate.person else "new"


def test_sources_come_latest_first_then_people_then_a_new_source() -> None:
    found = offered(
        "individual #1 named indirect | {s Ann Holt} {c said} so.",
        "organization #2 described indirect | {s The museum} {c denied} it.",
        "unsourced | Tom Reyes was not there.",
        "individual #3 named indirect | {s He} {c said} no.",
    )
    assert found["the museum"] == ["holt", "new"]
    assert found["he"] == ["museum", "holt", "by reyes", "new"]


def test_names_need_no_antecedent() -> None:
    found = offered(
        "individual #1 named indirect | {s Ann Holt} {c said} so.",
        "individual #1 named indirect | {s Holt} {c said} more.",
        "intelligence_agency #2 named indirect | {s The CIA} {c said} no.",
    )
    assert found == {}


def test_people_of_the_sentence_count_before_the_mention_and_outside_quotations() -> None:
    found = offered(
        "individual #1 named direct | “Jo Park left,” {s he} {c said} when Tom Reyes asked.",
        "individual #1 named indirect | When Ann Holt came in, {s she} {c said} no.",
    )
    assert found["he"] == ["new"]
    assert "by holt" in found["she"]


def test_she_cannot_mean_whom_the_article_calls_he() -> None:
    found = offered(
        "individual #1 named indirect | {s Ms. Holt} {c said} so.",
        "individual #2 named indirect | {s Mr. Reyes} {c said} no.",
        "unsourced | Mr. Lund was not there, nor was Mrs. Moe.",
        "individual #3 named indirect | {s Jo Park} {c said} maybe.",
        "individual #1 named indirect | {s She} {c said} never.",
    )
    assert found["she"] == ["park", "holt", "by moe", "new"]


def test_the_defence_ministry_is_not_the_foreign_one() -> None:
    found = offered(
        "government #1 described indirect | {s The foreign ministry} {c said} so.",
        "military #2 described indirect | {s The defence ministry} {c said} no.",
        "government #1 described indirect | {s The ministry} {c said} more.",
    )
    assert found["the defence ministry"] == ["new"]
    assert found["the ministry"] == ["ministry", "ministry", "new"]


def test_days_are_nobody_and_a_title_stays_in_its_sentence() -> None:
    spy = Spy()
    mentions_of(
        "unsourced | Ann Holt came on Friday to Notre Dame",
        "unsourced | Reyes stayed until Monday.",
        "individual #1 named indirect | {s He} {c said} no.",
    ).link(0, spy.choose)
    people = [c.person.words for c in spy.seen["he"] if c.person is not None]
    assert people[:2] == [("reyes",), ("ann", "holt")]
    assert not {"friday", "monday"} & {word for words in people for word in words}


def test_no_feature_holds_a_name() -> None:
    spy = Spy()
    mentions_of(
        "individual #1 named indirect | {s Ann Holt} {c said} so.",
        "unsourced | Tom Reyes was not there.",
        "individual #1 named indirect | {s She} {c said} no.",
        "individual #2 described indirect | {s The driver} {c said} yes.",
    ).link(0, spy.choose)
    names = {
        word
        for candidates in spy.seen.values()
        for candidate in candidates
        for feature in candidate.features
        for word in feature.lower().split()
    }
    assert not names & {"ann", "holt", "tom", "reyes"}


def test_the_highest_sum_wins_and_of_equals_the_first() -> None:
    ranking = Antecedents({"near": 1.0, "far": -1.0})
    candidates = [Candidate(["far"]), Candidate(["near", "unknown"]), Candidate(["near"])]
    mention = mentions_of("individual #1 named indirect | {s She} {c said} so.").sources[0]
    assert mention is not None
    assert ranking.choose(mention, candidates) == 1


def test_the_agency_fits_a_service_and_not_a_person() -> None:
    spy = Spy()
    mentions_of(
        "intelligence_agency #1 named indirect | {s The CIA} {c said} so.",
        "individual #2 named indirect | {s Ann Holt} {c said} no.",
        "intelligence_agency #1 named indirect | {s The agency} {c said} more.",
    ).link(0, spy.choose)
    person, service, _ = spy.seen["the agency"]
    assert "the short False False" in person.features
    assert "the short True False" in service.features


ARTICLE = (
    "individual #1 named indirect | {s Ann Holt} {c said} so.",
    "unsourced | Tom Reyes was not there.",
    "individual #2 named indirect | {s He} {c said} no.",
    "individual #1 named indirect | {s She} {c said} yes.",
    "individual #2 named indirect | {s Reyes} {c said} never.",
    "unidentified #3 described indirect | {s An official} {c said} maybe.",
)


def test_choices_are_those_of_the_annotation() -> None:
    (choices,) = collect_choices(mentions_of(*ARTICLE), [read_gold(*ARTICLE).article])
    he, she, official = choices
    # "He" is Reyes, written about before; "she" cannot be whom "he" meant, and is Holt.
    assert (set(he.right), len(he.candidates)) == ({1}, 3)
    assert (set(she.right), len(she.candidates)) == ({0}, 2)
    assert official.right == {len(official.candidates) - 1}


def test_fitting_finds_what_tells_right_from_wrong() -> None:
    choices = [
        Choice([["old", f"noise {k % 3}"], ["old", "fits"], ["new"]], frozenset((1,)))
        for k in range(30)
    ] + [Choice([["old", "misfits"], ["new"]], frozenset((1,))) for _ in range(10)]
    articles = [choices[k : k + 8] for k in range(0, 40, 8)]
    weights = fit_antecedents(articles, 1.0, 2, ()).weights
    assert weights["fits"] > 1 > 0 > weights["misfits"]
    assert fit_antecedents(articles, 1.0, 2, ()).weights == weights
    smaller = fit_antecedents(articles, 100.0, 2, ()).weights
    assert abs(smaller["fits"]) < abs(weights["fits"])


def test_several_right_antecedents_share_the_credit() -> None:
    choices = [Choice([["a"], ["b"], ["new"]], frozenset((0, 1)))] * 10
    weights = fit_antecedents([choices], 1.0, 1, ()).weights
    assert weights["a"] == pytest.approx(weights["b"], abs=1e-3)
    assert weights["a"] > 0 > weights["new"]


def test_a_penalty_of_nearly_nothing_gives_numbers_all_the_same() -> None:
    choices = [Choice([["a"], ["new"]], frozenset((0,)))] * 10
    weights = fit_antecedents([choices], 1e-9, 1, ()).weights
    assert np.isfinite(list(weights.values())).all() and weights["a"] > weights["new"]


def test_what_few_articles_have_is_left_out() -> None:
    assert fit_antecedents([], 1.0, 1, ()) == Antecedents({})
    often = [Choice([["seen"], ["new"]], frozenset((0,)))] * 9
    assert fit_antecedents([often], 1.0, 2, ()) == Antecedents({})
    assert fit_antecedents([often, often], 1.0, 2, ()).weights.keys() == {"seen", "new"}


def test_words_outside_the_vocabulary_are_left_out() -> None:
    features = [
        "new head agency",
        "new head holt",
        "new first holt",
        "head holt is name",
        "def new",
    ]
    choices = [Choice([["old"], features], frozenset((1,)))] * 3
    weights = fit_antecedents([choices], 1.0, 1, {"agency"}).weights
    assert weights.keys() == {"old", "new head agency", "def new"}

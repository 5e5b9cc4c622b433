"""The score's formula, exactly, on annotations built here: its properties and its arithmetic."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.document import Document, Sentence
from attribution.labels import IDENTIFIED, LABELS, UNIDENTIFIED, UNSOURCED
from attribution.profile import COMPONENTS, Profile, load_profile
from attribution.scoring import Score, score_analysis
from attribution.sentences import split_text
from attribution.status import find_status

TYPES = LABELS[:-1]
TOLERANCE = 1e-9
DEFAULT, INVESTIGATION = load_profile("default"), load_profile("investigation")
PROFILES = (
    DEFAULT,
    INVESTIGATION,
    replace(
        DEFAULT,
        weights=dict(zip(COMPONENTS, (0.1, 0.3, 0.3, 0.3), strict=True)),
        cap=0.6,
        relay=0.1,
        documents=0.5,
    ),
)


# --- a small builder: a claim is one sentence's annotation ---------------------------------------


@dataclass(frozen=True)
class Claim:
    """One sentence; `attributed` and the rest are probabilities, 0 or 1 in a gold annotation."""

    need: float = 1.0
    attributed: float = 0.0
    types: dict[str, float] = field(default_factory=lambda: {"government": 1.0})
    identified: dict[str, float] = field(default_factory=lambda: {"named": 1.0})
    hedged: float = 0.0
    relays: int = 0
    source: int | None = 0
    span: bool = True

    @property
    def label(self) -> str:
        """As the pipeline chooses it: attributed or not first, then the likeliest type."""
        if self.attributed <= 0.5:
            return UNSOURCED
        return max(self.types, key=lambda name: self.types[name])


def said(label: str, identified: str, source: int | None, **rest: Any) -> Claim:
    """Return a gold claim that is attributed."""
    return Claim(1.0, 1.0, {label: 1.0}, {identified: 1.0}, source=source, **rest)


def build(
    claims: Sequence[Claim],
    *,
    framed: bool = False,
    status: str | None = None,
    warnings: tuple[str, ...] = (),
) -> Analysis:
    sentences = tuple(_sentence(index, claim) for index, claim in enumerate(claims))
    places = tuple(Sentence(s.start, s.end, 0) for s in sentences)
    numbers = {s.source_number for s in sentences if s.source_number is not None}
    return Analysis(
        document=Document("x" * 10 * len(claims), places),
        sentences=sentences,
        sources=tuple(
            Source(number, f"source {number}", "government", "named")
            for number in range(max(numbers, default=0) + 1)
        ),
        frame=(Reference(0, 1, 0),) if framed else (),
        status=status,
        warnings=warnings,
    )


def _sentence(index: int, claim: Claim) -> SentenceAnalysis:
    start, label = index * 10, claim.label
    attributed = label != UNSOURCED
    source = claim.source if attributed else None
    probabilities = {name: claim.attributed * claim.types.get(name, 0.0) for name in TYPES}
    probabilities[UNSOURCED] = 1.0 - claim.attributed
    words = attributed and claim.span and source is not None
    return SentenceAnalysis(
        index=index,
        start=start,
        end=start + 9,
        paragraph=0,
        label=label,
        probabilities=probabilities,
        needs_source=claim.need,
        identified={name: claim.identified.get(name, 0.0) for name in IDENTIFIED},
        hedged=claim.hedged,
        manner="indirect" if attributed else None,
        source=Reference(start, start + 3, source or 0) if words else None,
        source_number=source,
        cue=None,
        via=tuple(Reference(start + 4, start + 6, 90 + n) for n in range(claim.relays)),
    )


# --- random annotations --------------------------------------------------------------------------

#: Bytes that one random claim is read from: drawing them one by one would take minutes.
WIDTH = 8
#: Source numbers to draw from: the first often carries most of an article.
SOURCES = (0, 0, 0, 0, 1, 2, 3)


def gold(drawn: bytes) -> Claim:
    """Return a claim as an annotator leaves it: every probability is 0 or 1."""
    attributed, kind, identified, hedged, relays, source, span, need = drawn
    return Claim(
        need=float(need % 3 > 0),
        attributed=float(attributed % 4 > 0),
        types={TYPES[kind % len(TYPES)]: 1.0},
        identified={IDENTIFIED[identified % 3]: 1.0},
        hedged=float(hedged % 2),
        relays=relays % 4,
        source=(None, *SOURCES)[source % 8],
        span=span % 2 > 0,
    )


def soft(drawn: bytes) -> Claim:
    """Return a claim as the models leave it."""
    attributed, kinds, identified, hedged, relays, source, span, need = drawn
    return Claim(
        need=need % 21 / 20,
        attributed=attributed % 21 / 20,
        types=_spread(("government", "document", UNIDENTIFIED), kinds),
        identified=_spread(IDENTIFIED, identified),
        hedged=hedged % 21 / 20,
        relays=relays % 4,
        source=SOURCES[source % 7],
        span=span % 2 > 0,
    )


def _spread(names: Sequence[str], drawn: int) -> dict[str, float]:
    """Return probabilities of three names from one byte: three digits of base six."""
    counts = (drawn % 6 + 1, drawn // 6 % 6, drawn // 36 % 6)
    return {name: count / sum(counts) for name, count in zip(names, counts, strict=True)}


def _article(drawn: bytes, read: Callable[[bytes], Claim]) -> list[Claim]:
    """Return an article with N >= 5: its first six claims surely need a source."""
    whole = range(0, len(drawn) - WIDTH + 1, WIDTH)
    claims = [read(drawn[start : start + WIDTH]) for start in whole]
    return [replace(c, need=max(c.need, 0.85)) if i < 6 else c for i, c in enumerate(claims)]


DRAWN = st.binary(min_size=WIDTH, max_size=WIDTH)
CLAIMS = st.binary(min_size=6 * WIDTH, max_size=12 * WIDTH)
GOLD, SOFT = (st.builds(_article, CLAIMS, st.just(read)) for read in (gold, soft))
ARTICLES = st.builds(_article, CLAIMS, st.sampled_from((gold, soft)))
GOLD_CLAIM, ANY_CLAIM = (st.builds(gold, DRAWN), st.one_of(DRAWN.map(gold), DRAWN.map(soft)))
PLACES = st.integers(0, 11)
SHARES = st.integers(0, 20).map(lambda k: k / 20)
FRAMED = st.booleans()
PROFILE = st.sampled_from(PROFILES)
many = settings(max_examples=500, deadline=None)


def edit(claims: Sequence[Claim], place: int, **changes: Any) -> list[Claim]:
    index = place % len(claims)
    changed = replace(claims[index], **changes)
    return [*claims[:index], changed, *claims[index + 1 :]]


# --- the properties ------------------------------------------------------------------------------


class Judge:
    """Scores articles under one profile, framed or not."""

    def __init__(self, profile_number: int, framed: bool) -> None:
        self.profile, self.framed = PROFILES[profile_number], framed

    def score(self, claims: Sequence[Claim]) -> float:
        return self._points(claims)["score"]

    def falls(self, before: Sequence[Claim], after: Sequence[Claim]) -> list[str]:
        """Return what falls from one article to the other: the score, or one of its components."""
        old, new = self._points(before), self._points(after)
        return [name for name in old if new[name] < old[name] - TOLERANCE]

    def _points(self, claims: Sequence[Claim]) -> dict[str, float]:
        score = score_analysis(build(claims, framed=self.framed), self.profile)
        assert score.value is not None
        return {"score": score.value, **{c.name: c.contribution for c in score.components}}


JUDGES = st.builds(Judge, st.integers(0, len(PROFILES) - 1), FRAMED)


@many
@given(GOLD, PLACES, GOLD_CLAIM, JUDGES)
def test_attributing_a_claim_never_lowers(
    claims: list[Claim], place: int, new: Claim, judge: Judge
) -> None:
    before = edit(claims, place, attributed=0.0)
    old = before[place % len(before)]
    after = edit(before, place, **(vars(new) | {"need": old.need, "attributed": 1.0}))
    assert not judge.falls(before, after)


@many
@given(SOFT, PLACES, SHARES, JUDGES)
def test_surer_attribution_never_lowers(
    claims: list[Claim], place: int, share: float, judge: Judge
) -> None:
    """Given the source: a label that turns to "reportedly" on the way is another claim."""
    old = claims[place % len(claims)]
    claims = edit(claims, place, span=True)
    after = edit(claims, place, attributed=max(old.attributed, share))
    assert not judge.falls(claims, after)


@many
@given(ARTICLES, st.sampled_from(SOURCES), JUDGES)
def test_naming_a_source_never_lowers(claims: list[Claim], number: int, judge: Judge) -> None:
    def name(claim: Claim) -> Claim:
        if claim.source != number:
            return claim
        known = {
            "named": claim.identified.get("named", 0.0) + claim.identified.get("anonymous", 0.0),
            "described": claim.identified.get("described", 0.0),
        }
        types = dict(claim.types)
        types["individual"] = types.pop(UNIDENTIFIED, 0.0) + types.pop("individual", 0.0)
        return replace(claim, identified=known, types=types, span=True)

    assert not judge.falls(claims, [name(c) for c in claims])


@many
@given(ARTICLES, PLACES, JUDGES)
def test_removing_a_relay_never_lowers(claims: list[Claim], place: int, judge: Judge) -> None:
    relays = claims[place % len(claims)].relays
    assume(relays)
    after = edit(claims, place, relays=relays - 1)
    assert not judge.falls(claims, after)


@many
@given(ARTICLES, st.sampled_from(SOURCES), st.sets(PLACES), JUDGES)
def test_splitting_a_source_never_lowers(
    claims: list[Claim], number: int, moved: set[int], judge: Judge
) -> None:
    after = [
        replace(claim, source=9) if claim.source == number and place in moved else claim
        for place, claim in enumerate(claims)
    ]
    assert not judge.falls(claims, after)


@many
@given(ARTICLES, PLACES, SHARES, JUDGES)
def test_an_unsourced_claim_never_raises(
    claims: list[Claim], place: int, need: float, judge: Judge
) -> None:
    after = [*claims[:place], Claim(need=need), *claims[place:]]
    assert not judge.falls(after, claims)


@many
@given(ARTICLES, st.integers(2, 3), JUDGES)
def test_duplicating_changes_nothing(claims: list[Claim], times: int, judge: Judge) -> None:
    assert judge.score(claims * times) == pytest.approx(judge.score(claims), abs=TOLERANCE)


@many
@given(ARTICLES, PLACES, ANY_CLAIM, st.floats(0.0, 0.05), JUDGES)
def test_a_process_note_moves_less_than_a_point(
    claims: list[Claim], place: int, note: Claim, need: float, judge: Judge
) -> None:
    after = [*claims[:place], replace(note, need=need), *claims[place:]]
    assert abs(judge.score(after) - judge.score(claims)) < 1.0


@many
@given(ARTICLES, st.randoms(use_true_random=False), JUDGES)
def test_order_of_sentences_changes_nothing(
    claims: list[Claim], random: Random, judge: Judge
) -> None:
    mixed = list(claims)
    random.shuffle(mixed)
    assert judge.score(mixed) == judge.score(claims)


@many
@given(ARTICLES, FRAMED, PROFILE)
def test_contributions_add_up_exactly(claims: list[Claim], framed: bool, profile: Profile) -> None:
    score = score_analysis(build(claims, framed=framed), profile)
    parts = [component.contribution for component in score.components]
    assert sum(parts) == score.value
    assert {sum(order) for order in itertools.permutations(parts)} == {math.fsum(parts)}
    assert 0.0 <= math.fsum(parts) <= 100.0
    for component in score.components:
        assert 0.0 <= component.value <= 1.0
        exact = 100 * component.weight * component.value
        assert component.contribution == pytest.approx(exact, abs=1e-11)


@many
@given(ARTICLES, PROFILE)
def test_a_frame_only_adds_part_credit(claims: list[Claim], profile: Profile) -> None:
    plain = score_analysis(build(claims), profile)
    framed = score_analysis(build(claims, framed=True), profile)
    for without, within in zip(plain.components, framed.components, strict=True):
        assert within.value >= without.value - 1e-12
    assert _value(framed, "breadth") == _value(plain, "breadth")


# --- the arithmetic, by hand ---------------------------------------------------------------------


def _value(score: Score, name: str) -> float:
    return next(c.value for c in score.components if c.name == name)


ARTICLE = [
    said("government", "named", 0),
    said("government", "named", 0),
    said("government", "named", 0),
    said("intelligence_agency", "described", 1, relays=2),
    said(UNIDENTIFIED, "anonymous", 2, hedged=1.0, span=False),
    Claim(),
    Claim(),
    replace(said("expert", "named", 3), need=0.0),
]


def test_components_by_hand() -> None:
    score = score_analysis(build(ARTICLE), DEFAULT)
    assert score.need == 7.0
    assert score.status == "scored"
    expected = {
        "coverage": 5 / 7,
        "identification": (3 + 0.6 + 0.1) / 7,
        "directness": (3 + 0.64 + 0.8 * 0.6) / 7,
        "breadth": 1 / 3 + 1 / 7,  # the first source is capped, the anonymous one earns nothing
    }
    for name, value in expected.items():
        assert _value(score, name) == pytest.approx(value)
    points = sum(DEFAULT.weights[name] * value for name, value in expected.items())
    assert score.value == pytest.approx(100 * points)


def test_figures_by_hand() -> None:
    figures = score_analysis(build(ARTICLE), DEFAULT).figures
    assert figures.largest_share == pytest.approx(0.6)
    assert figures.anonymous_share == pytest.approx(0.2)
    assert figures.agentless_share == pytest.approx(0.2)
    assert figures.relayed_share == pytest.approx(0.2)
    assert figures.hedged_share == pytest.approx(0.2)
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert figures.effective_origins == pytest.approx(math.exp(entropy))
    assert figures.identified_sources == 1  # the expert carries no claim that needs a source


def test_explanations_say_the_figures() -> None:
    score = score_analysis(build(ARTICLE), DEFAULT)
    texts = {component.name: component.explanation for component in score.components}
    assert texts["coverage"] == "5.0 of 7.0 claims that need a source are attributed"
    assert (
        "60% rests on named sources, 20% on described and 20% on anonymous"
        in (texts["identification"])
    )
    assert "20% is relayed, 20% hedged" in texts["directness"]
    assert "the largest source carries 60%" in texts["breadth"]


def test_credits_say_what_each_sentence_earns() -> None:
    credits = score_analysis(build(ARTICLE), DEFAULT).credits
    assert [credit.coverage for credit in credits] == [1, 1, 1, 1, 1, 0, 0, 1]
    assert [credit.checkable for credit in credits] == [1, 1, 1, 1, 0, 0, 0, 1]
    assert credits[3].directness == pytest.approx(0.64)
    assert (credits[3].origin, credits[5].origin) == (1, None)


def test_probabilities_are_used_not_the_label() -> None:
    claim = Claim(0.5, 0.6, {"document": 0.5, "government": 0.5}, {"named": 0.5, "anonymous": 0.5})
    claim = replace(claim, hedged=0.5)
    default = score_analysis(build([claim] * 12), DEFAULT)
    assert default.need == pytest.approx(6.0)
    assert _value(default, "coverage") == pytest.approx(0.6)
    assert _value(default, "identification") == pytest.approx(0.6 * 0.55)
    assert _value(default, "directness") == pytest.approx(0.6 * 0.9)
    assert _value(default, "breadth") == pytest.approx(0.3)
    investigation = score_analysis(build([claim] * 12), INVESTIGATION)
    assert _value(investigation, "identification") == pytest.approx(0.3 * 0.6 + 0.3 * 0.9)


def test_three_named_origins_earn_everything() -> None:
    claims = [said("government", "named", n % 3) for n in range(6)]
    assert score_analysis(build(claims), DEFAULT).value == 100.0


def test_attribution_to_no_source_earns_no_breadth() -> None:
    claims = [said("government", "named", None)] * 6
    score = score_analysis(build(claims), DEFAULT)
    assert _value(score, "breadth") == 0.0
    assert _value(score, "coverage") == 1.0


def test_frame_gives_the_larger_per_sentence_and_component() -> None:
    claims = [Claim()] * 5 + [said("individual", "anonymous", 0)]
    score = score_analysis(build(claims, framed=True), DEFAULT)
    frame = DEFAULT.frame
    assert _value(score, "coverage") == pytest.approx((5 * frame["attributed"] + 1) / 6)
    assert _value(score, "identification") == pytest.approx(frame["identification"])
    assert _value(score, "directness") == pytest.approx((5 * frame["directness"] + 1) / 6)
    assert _value(score, "breadth") == 0.0


# --- status and interval -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "claims", "expected"),
    [
        (None, ARTICLE, "scored"),
        (None, ARTICLE[:4], "too_short"),
        (None, [replace(ARTICLE[0], need=0.0)] * 9, "too_short"),
        (None, [], "too_short"),
        ("truncated", ARTICLE, "truncated"),
        ("truncated", ARTICLE[:4], "truncated"),
        ("not_english", ARTICLE[:4], "not_english"),
        ("no_score", ARTICLE, "no_score"),
    ],
)
def test_status(status: str | None, claims: list[Claim], expected: str) -> None:
    score = score_analysis(build(claims, status=status), DEFAULT, QUANTILES)
    assert score.status == expected
    assert (score.value is None) == (score.interval is None) == (expected != "scored")
    assert [component.name for component in score.components] == list(COMPONENTS)


def test_too_short_and_truncated_keep_their_components() -> None:
    for score in (
        score_analysis(build(ARTICLE[:4]), DEFAULT),
        score_analysis(build(ARTICLE, status="truncated"), DEFAULT),
    ):
        assert all(component.contribution > 0 for component in score.components)


def test_unreadable_articles_have_no_figures() -> None:
    score = score_analysis(build(ARTICLE, status="not_english"), DEFAULT)
    assert (score.need, score.credits) == (0.0, ())
    assert all(component.value == 0 for component in score.components)
    assert score.figures.effective_origins == 0.0


def test_a_profile_without_a_minimum_still_needs_a_claim() -> None:
    lenient = replace(DEFAULT, minimum_need=0.0)
    assert score_analysis(build(ARTICLE[:1]), lenient).status == "scored"
    assert score_analysis(build([]), lenient).status == "too_short"


QUANTILES = {"quantiles": {"low": -8.0, "high": 6.0}}


def test_interval_adds_the_quantiles() -> None:
    score = score_analysis(build(ARTICLE), DEFAULT, QUANTILES)
    assert score.value is not None
    assert score.interval == (score.value - 8.0, score.value + 6.0)


@pytest.mark.parametrize(("extra", "factor"), [({}, 1.5), ({"open_end": 2.0}, 2.0)])
def test_interval_is_wider_without_a_last_full_stop(extra: dict[str, float], factor: float) -> None:
    article = split_text("The mayor said that the bridge is open.\nThe bridge was shut for a year")
    status, warnings = find_status(article, LABELS)  # the very words that the pipeline warns with
    assert status is None
    score = score_analysis(build(ARTICLE, warnings=warnings), DEFAULT, {**QUANTILES, **extra})
    assert score.value is not None
    assert score.interval == pytest.approx((score.value - 8.0 * factor, score.value + 6.0 * factor))
    other = score_analysis(build(ARTICLE, warnings=("read as UTF-16",)), DEFAULT, QUANTILES)
    assert other.interval == (score.value - 8.0, score.value + 6.0)


def test_interval_stays_within_the_scale_and_holds_the_value() -> None:
    perfect = [said("government", "named", n % 3) for n in range(6)]
    assert score_analysis(build(perfect), DEFAULT, QUANTILES).interval == (92.0, 100.0)
    nothing = [Claim()] * 6
    assert score_analysis(build(nothing), DEFAULT, QUANTILES).interval == (0.0, 6.0)
    skewed = {"quantiles": {"low": 2.0, "high": 5.0}}
    score = score_analysis(build(ARTICLE), DEFAULT, skewed)
    assert score.value is not None
    assert score.interval == (score.value, score.value + 5.0)


@pytest.mark.parametrize("intervals", [None, {}, {"open_end": 2.0}])
def test_no_interval_without_quantiles(intervals: dict[str, float] | None) -> None:
    assert score_analysis(build(ARTICLE), DEFAULT, intervals).interval is None

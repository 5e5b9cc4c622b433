"""Reliability: from the prior, from a user's ratings, and what cannot be judged."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.document import Document
from attribution.errors import ProfileError
from attribution.labels import IDENTIFIED, LABELS, UNSOURCED
from attribution.profile import load_profile
from attribution.reliability import (
    Ratings,
    judge_reliability,
    letter_for,
    load_ratings,
    normalise_domain,
    normalise_name,
)

PROFILE = load_profile("default")


def claim(
    source: int | None,
    probabilities: dict[str, float],
    identified: dict[str, float] | None = None,
    need: float = 1.0,
) -> SentenceAnalysis:
    """Return a sentence; what the type probabilities leave is that of being unsourced."""
    probabilities = {**probabilities, UNSOURCED: 1.0 - sum(probabilities.values())}
    return SentenceAnalysis(
        index=0,
        start=0,
        end=1,
        paragraph=0,
        label=max(probabilities, key=lambda name: probabilities[name]),
        probabilities=probabilities,
        needs_source=need,
        identified={"named": 1.0} if identified is None else identified,
        hedged=0.0,
        manner=None,
        source=None,
        source_number=source,
        cue=None,
        via=(),
    )


def article(
    sentences: Sequence[SentenceAnalysis], sources: Sequence[Source], status: str | None = None
) -> Analysis:
    return Analysis(Document("", ()), tuple(sentences), tuple(sources), status=status)


MINISTRY = Source(0, "the Ministry of Ports", "government", "named")
YONHAP = Source(1, "Yonhap News Agency", "media_outlet", "named", entity="yonhap")
NOBODY = Source(2, "sources", "unidentified", "anonymous")
CLAIMS = (
    claim(0, {"government": 1.0}),
    claim(0, {"government": 1.0}),
    claim(1, {"media_outlet": 1.0}, {"described": 1.0}),
    claim(2, {"unidentified": 1.0}, {"anonymous": 1.0}),
    claim(None, {}),
)
ARTICLE = article(CLAIMS, (MINISTRY, YONHAP, NOBODY))


# --- the prior -----------------------------------------------------------------------------------


def test_prior_by_hand() -> None:
    reliability = judge_reliability(ARTICLE, PROFILE)
    assert reliability.basis == "prior"
    assert reliability.value == pytest.approx(100 * (0.6 + 0.6 + 0.6 * 0.8 + 0.2 * 0.5) / 4)
    assert reliability.judged == pytest.approx(3 / 5)
    assert reliability.letters == ("C", "D", "F")


def test_prior_is_expected_over_the_probabilities() -> None:
    sentences = [
        claim(0, {"expert": 0.6, "individual": 0.2}, {"named": 0.5, "anonymous": 0.5}, need=0.5),
        claim(1, {"military": 0.5}, {"described": 1.0}),
    ]
    expert = Source(0, "Ana Lupu", "expert", "named")
    army = Source(1, "a colonel", "military", "described")
    reliability = judge_reliability(article(sentences, (expert, army)), PROFILE)
    first = (0.75 * 0.7 + 0.25 * 0.45) * 0.75
    second = 0.5 * 0.8
    assert reliability.value == pytest.approx(
        100 * (0.5 * 0.8 * first + 0.5 * second) / (0.5 * 0.8 + 0.5)
    )
    assert reliability.judged == pytest.approx((0.5 * 0.8 * 0.5 + 0.5) / 1.5)
    assert reliability.letters == (letter_for(first), letter_for(second)) == ("D", "D")


def test_relay_and_source_of_no_needed_claim_have_letters() -> None:
    relay = Source(1, "Orbita News", "media_outlet", "named")
    greeting = claim(0, {"document": 1.0}, need=0.0)
    paper = Source(0, "the indictment", "document", "named")
    reliability = judge_reliability(article([greeting], (paper, relay)), PROFILE)
    assert reliability.letters == ("B", "C")
    assert (reliability.value, reliability.judged) == (None, 0.0)


@pytest.mark.parametrize("status", ["not_english", "no_score"])
def test_unreadable_article_is_not_judged(status: str) -> None:
    reliability = judge_reliability(article(CLAIMS, ARTICLE.sources, status), PROFILE)
    assert (reliability.value, reliability.judged) == (None, 0.0)
    assert reliability.letters == ("F", "F", "F")


def test_a_label_without_a_prior_is_left_out() -> None:
    sentences = [claim(0, {"astrologer": 1.0}), claim(1, {"expert": 1.0})]
    sources = (Source(0, "Zed", "astrologer", "named"), Source(1, "Ana Lupu", "expert", "named"))
    reliability = judge_reliability(article(sentences, sources), PROFILE)
    assert reliability.value == pytest.approx(70)
    assert reliability.judged == pytest.approx(0.5)
    assert reliability.letters == ("F", "B")


def test_identification_unknown_counts_as_anonymous() -> None:
    reliability = judge_reliability(article([claim(0, {"expert": 1.0}, {})], ()), PROFILE)
    assert reliability.value == pytest.approx(35)
    assert reliability.judged == 0.0


SOFT = st.builds(
    claim,
    st.one_of(st.none(), st.integers(0, 2)),
    st.builds(
        lambda label, p, q: {label: p, "unidentified": (1.0 - p) * q},
        st.sampled_from(LABELS[:-2]),
        st.floats(0, 1),
        st.floats(0, 1),
    ),
    st.integers(0, 10).map(lambda k: dict(zip(IDENTIFIED, (k / 10, 0.0, 1 - k / 10), strict=True))),
    st.floats(0, 1),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(SOFT, max_size=8), st.sampled_from((None, 0.0, 0.4, 1.0)))
def test_figures_stay_within_their_bounds(
    sentences: list[SentenceAnalysis], rating: float | None
) -> None:
    analysis = article(sentences, ARTICLE.sources)
    for ratings in (None, Ratings({"yonhap": rating})):
        reliability = judge_reliability(analysis, PROFILE, ratings)
        assert 0.0 <= reliability.judged <= 1.0
        assert reliability.value is None or 0.0 <= reliability.value <= 100.0
        assert len(reliability.letters) == 3


@pytest.mark.parametrize(
    ("number", "letter"),
    [(1, "A"), (0.8, "A"), (0.79, "B"), (0.5, "C"), (0.35, "D"), (0, "E"), (None, "F")],
)
def test_letters(number: float | None, letter: str) -> None:
    assert letter_for(number) == letter


# --- ratings -------------------------------------------------------------------------------------


def table(folder: Path, text: str) -> Path:
    path = folder / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_ratings_cover_rated_claims_only(tmp_path: Path) -> None:
    ratings = load_ratings(table(tmp_path, "name,rating\nMinistry of Ports,0.4\n"))
    reliability = judge_reliability(ARTICLE, PROFILE, ratings)
    assert reliability.basis == "ratings"
    assert reliability.value == pytest.approx(40)
    assert reliability.judged == pytest.approx(2 / 5)
    assert reliability.letters == ("D", "F", "F")


def test_ratings_are_weighted_by_the_probabilities(tmp_path: Path) -> None:
    ratings = load_ratings(table(tmp_path, "name,rating\nministry of ports,1\nYonhap,0.5\n"))
    sentences = [claim(0, {"government": 0.6}, need=0.5), claim(1, {"media_outlet": 1.0}, need=0.9)]
    reliability = judge_reliability(article(sentences, (MINISTRY, YONHAP)), PROFILE, ratings)
    assert reliability.value == pytest.approx(100 * (0.3 * 1 + 0.9 * 0.5) / 1.2)
    assert reliability.judged == pytest.approx(1.2 / 1.4)


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("name,rating\nYonhap News Agency,A\n", "A"),
        ("name,rating\nThe  yonhap NEWS agency,b\n", "B"),
        ("rating,id\n0.5,yonhap\n", "C"),
        ("domain,rating\nhttps://www.yna.co.kr/view,D\n", "D"),
        ("name,rating\nYonhap,E\n", "E"),  # the gazetteer's name of the entity
        ("name,rating\nYonhap,F\n", "F"),
        ("name,rating\nReuters,A\n", "F"),
        ("name,domain,rating,note\n,yna.co.kr,0.66,x\n", "B"),
        ("\ufeffname,rating\r\nYonhap,0.8\r\n", "A"),
    ],
)
def test_ratings_find_their_source(tmp_path: Path, text: str, letter: str) -> None:
    ratings = load_ratings(table(tmp_path, text))
    assert judge_reliability(ARTICLE, PROFILE, ratings).letters[1] == letter


def test_a_letter_counts_as_the_middle_of_its_band(tmp_path: Path) -> None:
    rows = "".join(f"source {letter},{letter}\n" for letter in "ABCDEF")
    ratings = load_ratings(table(tmp_path, f"name,rating\n{rows}"))
    values = [ratings.numbers[f"source {letter}"] for letter in "abcdef"]
    assert values[:-1] == pytest.approx([0.9, 0.725, 0.575, 0.425, 0.175])
    assert values[-1] is None


def test_a_name_that_entities_share_matches_by_name_alone(tmp_path: Path) -> None:
    ratings = load_ratings(table(tmp_path, "name,rating\nNational Intelligence Service,A\n"))
    assert list(ratings.numbers) == ["national intelligence service"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name;rating\nYonhap;A\n", "ratings.csv, line 1: no column 'rating'"),
        ("rating\nA\n", "ratings.csv, line 1: no column 'rating', or none of name, domain, id"),
        ("", "ratings.csv, line 1: no column 'rating'"),
        ("name,rating\nYonhap,G\n", "ratings.csv, line 2: rating 'G' is neither A to F nor from 0"),
        ("name,rating\nA,1\n\nB,1.5\n", "ratings.csv, line 4: rating '1.5' is neither"),
        ("name,rating\nYonhap,nan\n", "ratings.csv, line 2: rating 'nan' is neither"),
        ("name,rating\nYonhap\n", "ratings.csv, line 2: rating '' is neither"),
        ("name,rating\n,A\n", "ratings.csv, line 2: a rating without a name, domain or id"),
        ("name,rating\nBBC,A\nthe BBC,B\n", "ratings.csv, line 3: 'bbc' is rated twice"),
    ],
)
def test_faulty_ratings_are_told_their_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        load_ratings(table(tmp_path, text))
    assert message in str(caught.value)


def test_ratings_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read"):
        load_ratings(tmp_path / "none.csv")
    with pytest.raises(ProfileError, match="cannot be read"):
        load_ratings(tmp_path)
    (tmp_path / "latin.csv").write_bytes(b"name,rating\ncaf\xe9,A\n")
    with pytest.raises(ProfileError, match="not UTF-8"):
        load_ratings(tmp_path / "latin.csv")
    with pytest.raises(ProfileError, match="not a CSV table"):
        load_ratings(table(tmp_path, f"name,rating\n{'x' * (csv.field_size_limit() + 1)},A\n"))


def test_names_and_domains_are_normalised() -> None:
    assert normalise_name(" The  Reporter\u2019s Post ") == "reporter's post"
    assert normalise_name("The") == "the"
    assert normalise_domain("HTTPS://www.Example.org/a/b") == "example.org"
    assert normalise_domain("example.org") == "example.org"

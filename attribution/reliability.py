"""Reliability: how far the sources themselves can be relied on. It never enters the sourcing score.

Letters follow the Admiralty scale (also called the NATO system), by which intelligence services
grade a source from A, completely reliable, over usually, fairly and not usually reliable to E,
unreliable; F says that the source cannot be judged, not that it is bad. The scale grades the
information apart from its source, from 1 to 6; that second grade needs knowledge of the facts and
is not attempted here. In use the two grades are not independent (Baker, McKendry and Mace 1968),
and such scales mask subjectivity rather than guide it (Irwin and Mandel 2019): the README has the
figures. So letters are shown per source, and the article's figure is computed from the
probabilities and numbers beneath them, never from the letters shown.

Without ratings the figure is a *prior*, by the type of the source and how far it is identified; the
scoring profile gives every value with its reason. With a ratings table of the user's own it covers
the claims of rated sources only. No verdict on a named source is bundled.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from operator import mul
from pathlib import Path
from typing import Literal

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.errors import ProfileError
from attribution.labels import UNIDENTIFIED, UNSOURCED
from attribution.profile import Profile

Basis = Literal["prior", "ratings"]
#: The least number of each letter (the bands are ours); F is for what cannot be judged.
LETTERS: tuple[tuple[str, float], ...] = (
    ("A", 0.8),
    ("B", 0.65),
    ("C", 0.5),
    ("D", 0.35),
    ("E", 0.0),
)
UNJUDGED = "F"

_NAME_COLUMNS = ("name", "domain", "id")
_GAZETTEERS = ("services.csv", "bodies.csv", "outlets.csv")


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability of an article's sources.

    Attributes
    ----------
    value : float or None
        From 0 to 100, over the claims that the figure covers; None where it covers none.
    basis : str
        ``prior`` or ``ratings``.
    judged : float
        Share of the claims needing a source that rest on a source which could be judged: with
        ratings a rated one, without one whose type is known and which is not anonymous.
    letters : tuple of str
        A to F per source, in the order of their numbers.
    """

    value: float | None
    basis: Basis
    judged: float
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Ratings:
    """A user's table of ratings: numbers from 0 to 1 by name, domain or gazetteer id.

    A key is as `normalise_name` gives it; None says that the table itself answers F.
    """

    numbers: Mapping[str, float | None]

    def rate(self, source: Source) -> float | None:
        """Return the number of a source, None where the table is silent."""
        for name in (source.entity, source.name):
            key = normalise_name(name) if name else ""
            if key in self.numbers:
                return self.numbers[key]
        return None


@dataclass(slots=True)
class _Claim:
    """A sentence as evidence: weights are parts of one sentence, `number` is from 0 to 1."""

    source: int | None
    need: float
    attributed: float
    judged: float
    number: float


def judge_reliability(
    analysis: Analysis, profile: Profile, ratings: Ratings | None = None
) -> Reliability:
    """Judge the sources of an article.

    The figure is 100 times the mean, weighted by n_i a_i (see `scoring`), of what each claim's
    source is worth: the expectation of prior times factor over the type and identification
    probabilities, or its rating.

    Parameters
    ----------
    analysis : Analysis
        From the models or from a gold annotation.
    profile : Profile
        Holds the prior.
    ratings : Ratings, optional
        Replaces the prior: see `load_ratings`.
    """
    basis: Basis = "prior" if ratings is None else "ratings"
    if not analysis.readable:
        return Reliability(None, basis, 0.0, (UNJUDGED,) * len(analysis.sources))
    if ratings is None:
        claims = _judge_by_prior(analysis.sentences, profile)
        letters = _prior_letters(analysis.sources, claims, profile)
    else:
        rated = [ratings.rate(source) for source in analysis.sources]
        claims = [_judge_by_rating(sentence, rated) for sentence in analysis.sentences]
        letters = tuple(letter_for(number) for number in rated)
    covered = _mean([c.number for c in claims], [c.need * c.attributed for c in claims])
    judged = _mean([c.judged for c in claims], [c.need for c in claims])
    value = None if covered is None else min(100.0, 100.0 * covered)
    return Reliability(value, basis, min(1.0, judged or 0.0), letters)


def letter_for(number: float | None) -> str:
    """Return the letter of a number from 0 to 1, F for None."""
    if number is None:
        return UNJUDGED
    return next(letter for letter, least in LETTERS if number >= least)


def _judge_by_prior(sentences: Iterable[SentenceAnalysis], profile: Profile) -> list[_Claim]:
    # A label of the user's own has no prior.
    priors = {label: prior for label, prior in profile.prior.items() if label != UNSOURCED}
    worths, zeros, factors = list(priors.values()), [0.0] * len(priors), profile.prior_factors
    claims = []
    for sentence in sentences:
        probabilities, identified = sentence.probabilities, sentence.identified
        kinds = list(map(probabilities.get, priors, zeros))
        attributed = math.fsum(kinds)
        worth = math.fsum(map(mul, worths, kinds)) / attributed if attributed else 0.0
        certain = math.fsum(identified.values())
        factor = factors["anonymous"]
        if certain:
            factor = math.fsum([factors[name] * p for name, p in identified.items()]) / certain
        known = identified.get("named", 0.0) + identified.get("described", 0.0)
        claims.append(
            _Claim(
                source=sentence.source_number,
                need=sentence.needs_source,
                attributed=attributed,
                judged=min(attributed * known, attributed - probabilities.get(UNIDENTIFIED, 0.0)),
                number=worth * factor,
            )
        )
    return claims


def _judge_by_rating(sentence: SentenceAnalysis, rated: Sequence[float | None]) -> _Claim:
    number = None if sentence.source_number is None else rated[sentence.source_number]
    attributed = 0.0 if number is None else sentence.p_attributed
    need = sentence.needs_source
    return _Claim(sentence.source_number, need, attributed, attributed, number or 0.0)


def _prior_letters(
    sources: Iterable[Source], claims: Iterable[_Claim], profile: Profile
) -> tuple[str, ...]:
    """Return each source's letter: from all its sentences, for a relay from what it is."""
    resting: dict[int | None, list[_Claim]] = defaultdict(list)
    for claim in claims:
        resting[claim.source].append(claim)
    letters = []
    for source in sources:
        own = resting[source.number]
        number = _mean([c.number for c in own], [c.attributed for c in own])
        if number is None and source.label in profile.prior:
            number = profile.prior[source.label] * profile.prior_factors[source.identified]
        hidden = source.label == UNIDENTIFIED or source.identified == "anonymous"
        letters.append(UNJUDGED if hidden else letter_for(number))
    return tuple(letters)


def _mean(values: Sequence[float], weights: Sequence[float]) -> float | None:
    """Return the weighted mean of values, None where nothing weighs."""
    whole = math.fsum(weights)
    return math.fsum(map(mul, values, weights)) / whole if whole > 0.0 else None


def load_ratings(path: Path) -> Ratings:
    """Read a table of ratings.

    A CSV file with a column ``rating`` (A to F, or a number from 0 to 1) and at least one of
    ``name``, ``domain`` and ``id`` (the gazetteer's). A letter counts as the middle of its band. A
    name or domain that the gazetteers know also stands for that entity's other names.

    Raises
    ------
    ProfileError
        If the file cannot be read, a column is missing, or a row has no name, a rating that is
        none, or contradicts an earlier row. The message names the file and the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return Ratings(_read_ratings(path, csv.DictReader(lines)))
    except OSError as error:
        what = f"{path}: cannot be read ({error.strerror})"
        raise ProfileError(what, "check the path") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: not UTF-8", "save it as UTF-8") from error
    except csv.Error as error:
        raise ProfileError(f"{path}: not a CSV table ({error})") from error


def _read_ratings(path: Path, rows: csv.DictReader[str]) -> dict[str, float | None]:
    columns = rows.fieldnames or ()
    if "rating" not in columns or not any(name in columns for name in _NAME_COLUMNS):
        raise ProfileError(
            f"{path}, line 1: no column 'rating', or none of {', '.join(_NAME_COLUMNS)}",
            "give a comma-separated table such as: name,rating",
        )
    numbers: dict[str, float | None] = {}
    domains: set[str] = set()
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        keys = [normalise_name(row.get(column) or "") for column in ("name", "id")]
        domain = normalise_domain(row.get("domain") or "")
        number = _read_number(row["rating"] or "", where)
        if not any((*keys, domain)):
            raise ProfileError(f"{where}: a rating without a name, domain or id", "say whose it is")
        for key in filter(None, (*keys, domain)):
            if numbers.setdefault(key, number) != number:
                raise ProfileError(f"{where}: {key!r} is rated twice, differently", "keep one row")
        domains.add(domain)
    return _entity_numbers(numbers, domains) | numbers


def _read_number(rating: str, where: str) -> float | None:
    """Return the number of a rating, None for F."""
    letter = rating.strip().upper()
    if letter == UNJUDGED:
        return None
    above = 1.0
    for name, least in LETTERS:
        if letter == name:
            return (least + above) / 2
        above = least
    try:
        number = float(letter)
    except ValueError:
        number = math.nan
    if not 0.0 <= number <= 1.0:
        raise ProfileError(f"{where}: rating {rating!r} is neither A to F nor from 0 to 1")
    return number


def _entity_numbers(
    numbers: Mapping[str, float | None], domains: set[str]
) -> dict[str, float | None]:
    """Return the numbers of the gazetteer's ids whose name or domain is rated.

    A name that several entities share is left to match by name alone.
    """
    found: dict[str, list[str]] = {}
    for entity, name, domain in _read_gazetteers():
        for key in {normalise_name(name), domain if domain in domains else ""}:
            if key in numbers:
                found.setdefault(key, []).append(entity)
    return {
        normalise_name(entity): numbers[key]
        for key, entities in found.items()
        if key in domains or len(entities) == 1
        for entity in entities
    }


def _read_gazetteers() -> Iterator[tuple[str, str, str]]:
    """Yield id, name and domain ("" for none) of every entity."""
    for file in _GAZETTEERS:
        content = files("attribution").joinpath("data", file).read_text(encoding="utf-8")
        for row in csv.DictReader(content.splitlines()):
            yield row["id"], row["name"], normalise_domain(row.get("domain") or "")


def normalise_name(name: str) -> str:
    """Return a name as ratings are matched: without case, "the", or the shape of apostrophes."""
    words = name.replace("\u2019", "'").casefold().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def normalise_domain(address: str) -> str:
    """Return the domain of a web address, without ``www.``."""
    host = address.strip().casefold().rpartition("://")[2].partition("/")[0]
    return host.removeprefix("www.")

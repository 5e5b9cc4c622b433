"""The sourcing score: how far a reader can see where the claims that need a source come from.

Over the sentences i of an article, n_i is the probability that the content needs a source and
N = sum n_i the *need*; a_i is the probability of being attributed; id_i and dir_i, from 0 to 1 and
given attribution, say how far the source is identified and how directly it is heard:

- coverage = sum n_i a_i / N
- identification = sum n_i a_i id_i / N
- directness = sum n_i a_i dir_i / N
- breadth = sum over origins o of min(m_o, cap), where m_o is the share of N that rests on o,
  without its anonymous part: whether nameless sources are one or many, nobody can tell

and the score is 100 times their weighted sum. These are sums over the need, not means over what is
attributed: a mean would make it pay to leave a weak attribution out. Hence attributing a claim,
naming an anonymous source, removing a relay or splitting a source into two independent ones never
lowers the score, and an unsourced claim that needs a source never raises it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attribution.analysis import Analysis, SentenceAnalysis
from attribution.labels import IDENTIFIED
from attribution.profile import COMPONENTS, Profile

#: What the warning about an article's last line says; such an article may go on.
OPEN_END = "no full stop"
#: Factor on the interval of an article that may go on, unless the model brings its own.
OPEN_END_FACTOR = 1.5
#: Contributions are multiples of a fine binary fraction of a point, so that their sum is exact in
#: whatever order it is taken; rounding down keeps it at or under 100.
_GRID = 2.0**40


@dataclass(slots=True)  # built once a sentence: frozen, it would take several times as long
class Credit:
    """What one sentence earns, each from 0 to 1; it moves the score by `need` / N of that.

    Attributes
    ----------
    need : float
        n_i.
    attributed : float
        a_i, without the frame's part credit.
    coverage, identification, directness : float
        a_i, a_i id_i and a_i dir_i, or the frame's part credit where that is more.
    origin : int or None
        The source that the sentence rests on.
    checkable : float
        The part of a_i that counts for the breadth of its origin: attributed, and not anonymous.
    """

    index: int
    need: float
    attributed: float
    coverage: float
    identification: float
    directness: float
    origin: int | None
    checkable: float


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the score: `contribution` is 100 times `weight` times `value`, in points."""

    name: str
    value: float
    weight: float
    contribution: float
    explanation: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Reported, not scored. Shares are of the attributed need (sum n_i a_i), from 0 to 1.

    Attributes
    ----------
    effective_origins : float
        Exponential of the Shannon entropy of the shares of the origins, anonymous parts left out:
        as many equal ones would be as diverse (Hill, 1973, order 1); 0 where there is none.
    largest_share : float
        Share of the source that carries most.
    named_share, described_share, anonymous_share : float
        By how far the source is identified.
    relayed_share, hedged_share, agentless_share : float
        Passed on by another; marked as uncertain; said by nobody in particular.
    identified_sources : int
        Independent sources that carry at least half a needed claim and are, for the most part,
        fully identified (named).
    """

    effective_origins: float
    largest_share: float
    named_share: float
    described_share: float
    anonymous_share: float
    relayed_share: float
    hedged_share: float
    agentless_share: float
    identified_sources: int


@dataclass(frozen=True, slots=True)
class Score:
    """A sourcing score taken apart.

    Attributes
    ----------
    value : float or None
        Points from 0 to 100: exactly the sum of the contributions; None unless ``scored``.
    interval : (float, float) or None
        Within 0 to 100, around the value.
    status : str
        ``scored``, ``too_short``, ``truncated``, ``not_english`` or ``no_score``.
    components : tuple of Component
        In the order of `COMPONENTS`; zero where the labels mean nothing.
    need : float
        N, in sentences.
    credits : tuple of Credit
        Per sentence, for whoever explains a component; empty where the labels mean nothing.
    """

    value: float | None
    interval: tuple[float, float] | None
    status: str
    components: tuple[Component, ...]
    need: float
    figures: Figures
    credits: tuple[Credit, ...]


def score_analysis(
    analysis: Analysis, profile: Profile, intervals: Mapping[str, Any] | None = None
) -> Score:
    """Score an article as read.

    Parameters
    ----------
    analysis : Analysis
        From the models or from a gold annotation.
    profile : Profile
        The weights and values.
    intervals : mapping, optional
        ``{"quantiles": {"low": x, "high": y}, "open_end": factor}``: what is to be added to a
        score, in points, for the ends of its interval (x is negative), and by how much the
        interval of an article whose last line has no full stop is wider.
    """
    sentences = analysis.sentences if analysis.readable else ()
    framed = bool(analysis.frame)
    credits = tuple([_credit(sentence, profile, framed) for sentence in sentences])
    need = math.fsum([credit.need for credit in credits])
    origins = _sum_by_origin(credits, [c.need * c.checkable for c in credits])
    figures = _figures(sentences, credits, origins)
    values = _values(credits, need, origins, profile.cap)
    explanations = _explain(credits, need, figures, framed)
    components = tuple(
        _component(name, values[name], profile.weights[name], explanations[name])
        for name in COMPONENTS
    )
    too_short = need < profile.minimum_need or not need
    status = analysis.status or ("too_short" if too_short else "scored")
    value = sum(c.contribution for c in components) if status == "scored" else None
    interval = None if value is None else _interval(value, analysis.warnings, intervals)
    return Score(value, interval, status, components, need, figures, credits)


def _credit(sentence: SentenceAnalysis, profile: Profile, framed: bool) -> Credit:
    attributed = sentence.p_attributed
    coverage = attributed
    identification = _identification(sentence, attributed, profile)
    directness = attributed * _directness(sentence, profile)
    if framed:
        coverage = max(coverage, profile.frame["attributed"])
        identification = max(identification, profile.frame["identification"])
        directness = max(directness, profile.frame["directness"])
    return Credit(
        index=sentence.index,
        need=sentence.needs_source,
        attributed=attributed,
        coverage=coverage,
        identification=identification,
        directness=directness,
        origin=sentence.source_number,
        checkable=attributed * _checkable(sentence) if sentence.source_number is not None else 0.0,
    )


def _identification(sentence: SentenceAnalysis, attributed: float, profile: Profile) -> float:
    """Return a_i id_i; a document counts at least as far as the profile says."""
    values = profile.identification
    expected = math.fsum([p * values[name] for name, p in sentence.identified.items()])
    document = min(sentence.probabilities.get("document", 0.0), attributed)
    return (attributed - document) * expected + document * max(expected, profile.documents)


def _directness(sentence: SentenceAnalysis, profile: Profile) -> float:
    """Return dir_i."""
    relays: float = profile.relay ** len(sentence.via)
    hedge = 1.0 - sentence.hedged + sentence.hedged * profile.hedged
    return relays * hedge * (profile.agentless if sentence.agentless else 1.0)


def _checkable(sentence: SentenceAnalysis) -> float:
    """Return 1 - P(anonymous); 0 where a model tells nothing of identification."""
    identified = sentence.identified
    return identified.get("named", 0.0) + identified.get("described", 0.0)


def _values(
    credits: Sequence[Credit], need: float, origins: Mapping[int, float], cap: float
) -> dict[str, float]:
    """Return the value of every component, each from 0 to 1."""
    return {
        "coverage": _share([c.need * c.coverage for c in credits], need),
        "identification": _share([c.need * c.identification for c in credits], need),
        "directness": _share([c.need * c.directness for c in credits], need),
        "breadth": min(1.0, math.fsum([min(_share([m], need), cap) for m in origins.values()])),
    }


def _component(name: str, value: float, weight: float, explanation: str) -> Component:
    contribution = math.floor(100.0 * weight * value * _GRID) / _GRID
    return Component(name, value, weight, contribution, explanation)


def _share(amounts: Sequence[float], whole: float) -> float:
    """Return the part that amounts are of a whole, 0 of nothing; whatever their order, the same."""
    return min(1.0, math.fsum(amounts) / whole) if whole > 0.0 else 0.0


def _sum_by_origin(credits: Sequence[Credit], weights: Sequence[float]) -> dict[int, float]:
    """Sum the weights of sentences per origin; sentences without one are left out."""
    groups: dict[int, list[float]] = defaultdict(list)
    for credit, weight in zip(credits, weights, strict=True):
        if credit.origin is not None:
            groups[credit.origin].append(weight)
    return {origin: math.fsum(group) for origin, group in groups.items()}


def _figures(
    sentences: Sequence[SentenceAnalysis],
    credits: Sequence[Credit],
    checkable: Mapping[int, float],
) -> Figures:
    """Return the figures; `checkable` is what breadth rests on, per origin."""
    weights = [c.need * c.attributed for c in credits]
    whole = math.fsum(weights)
    pairs = list(zip(sentences, weights, strict=True))
    parts = {name: [w * s.identified.get(name, 0.0) for s, w in pairs] for name in IDENTIFIED}
    origins, named = _sum_by_origin(credits, weights), _sum_by_origin(credits, parts["named"])
    return Figures(
        effective_origins=_effective_number(checkable.values()),
        largest_share=_share([max(origins.values(), default=0.0)], whole),
        named_share=_share(parts["named"], whole),
        described_share=_share(parts["described"], whole),
        anonymous_share=_share(parts["anonymous"], whole),
        relayed_share=_share([w for s, w in pairs if s.via], whole),
        hedged_share=_share([w * s.hedged for s, w in pairs], whole),
        agentless_share=_share([w for s, w in pairs if s.agentless], whole),
        identified_sources=sum([w >= 0.5 and named[o] >= 0.5 * w for o, w in origins.items()]),
    )


def _effective_number(weights: Iterable[float]) -> float:
    """Return the exponential of the entropy of weights, 0.0 for none."""
    positive = [weight for weight in weights if weight > 0.0]
    whole = math.fsum(positive)
    shares = [weight / whole for weight in positive]
    return math.exp(-math.fsum([p * math.log(p) for p in shares if p > 0.0])) if shares else 0.0


def _interval(
    value: float, warnings: Sequence[str], intervals: Mapping[str, Any] | None
) -> tuple[float, float] | None:
    """Return the interval of a score, None where the model has no quantiles."""
    if not intervals or "quantiles" not in intervals:
        return None
    low, high = (float(intervals["quantiles"][end]) for end in ("low", "high"))
    if any(OPEN_END in warning for warning in warnings):
        factor = float(intervals.get("open_end", OPEN_END_FACTOR))
        low, high = low * factor, high * factor
    return max(0.0, min(value, value + low)), min(100.0, max(value, value + high))


def _explain(
    credits: Sequence[Credit], need: float, figures: Figures, framed: bool
) -> dict[str, str]:
    """Return a plain sentence per component."""
    if not need:
        return dict.fromkeys(COMPONENTS, "nothing here needs a source")
    attributed = math.fsum([c.need * c.attributed for c in credits])
    frame = "; the article's frame gives part credit to the rest" if framed else ""
    if not attributed:
        nothing = "no claim that needs a source is attributed"
        return {name: nothing + (frame if name != "breadth" else "") for name in COMPONENTS}
    return {
        "coverage": (
            f"{attributed:.1f} of {need:.1f} claims that need a source are attributed{frame}"
        ),
        "identification": (
            f"of what is attributed, {figures.named_share:.0%} rests on named sources,"
            f" {figures.described_share:.0%} on described and {figures.anonymous_share:.0%} on"
            " anonymous ones"
        ),
        "directness": (
            f"of what is attributed, {figures.relayed_share:.0%} is relayed,"
            f" {figures.hedged_share:.0%} hedged and {figures.agentless_share:.0%} said by nobody"
            " in particular"
        ),
        "breadth": (
            f"as broad as {figures.effective_origins:.1f} equal origins;"
            f" the largest source carries {figures.largest_share:.0%} of what is attributed"
        ),
    }

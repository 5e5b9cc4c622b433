"""Figures with percentile bootstrap intervals, resampled by article.

Sentences of one article are alike, so the article is what is drawn (Davison & Hinkley 1997,
section 3.8). A resample is a row of counts, how often each article was drawn; sums over resampled
articles are then one matrix product of those counts with a tally per article. Row 0 counts every
article once: the sample itself, so that the same formula gives the figure and its interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from attribution.evaluation.alignment import Bools, Floats, Ints

#: The interval runs between these percentiles.
PERCENTILES = (2.5, 97.5)
# Resamples times sentences that are held at once by a ranking.
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its interval; NaN where nothing was there to measure.

    Attributes
    ----------
    value : float
        On the sample itself.
    low, high : float
        The 95 % percentile interval; NaN without bootstrap.
    cases : int
        How many sentences or spans the figure rests on: those predicted for a precision, those
        in the gold for everything else.
    """

    value: float
    low: float
    high: float
    cases: int

    def to_dict(self) -> dict[str, float | int | None]:
        """Return value, low, high (rounded to 4 digits, None for NaN) and cases."""
        return {
            "value": round_finite(self.value),
            "low": round_finite(self.low),
            "high": round_finite(self.high),
            "cases": self.cases,
        }


def round_finite(value: float) -> float | None:
    """Round to 4 digits; NaN becomes None, which JSON can hold."""
    return round(float(value), 4) if np.isfinite(value) else None


def draw_weights(articles: int, resamples: int, seed: int) -> Floats:
    """Draw how often each article stands in each resample: (1 + resamples, articles) float."""
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(articles, np.full(articles, 1.0 / articles), size=resamples)
    return np.concatenate([np.ones((1, articles)), drawn.astype(np.float64)])


def make_figure(values: Floats, cases: float) -> Figure:
    """Make a figure of a (1 + r,) column whose first value is the sample's own."""
    spread = values[1:][np.isfinite(values[1:])]
    low, high = np.percentile(spread, PERCENTILES) if spread.size else (np.nan, np.nan)
    return Figure(float(values[0]), float(low), float(high), int(cases))


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """Divide elementwise, NaN where the denominator is 0."""
    result = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=result, where=denominator != 0)
    return result


def measure_counts(weights: Floats, tally: Floats) -> dict[str, Figure]:
    """Precision, recall and F1 of counted matches.

    Parameters
    ----------
    weights : (1 + r, a) float
        As `draw_weights` gives them.
    tally : (a, 3) float
        Matches, gold cases and predicted cases of each article.
    """
    totals = weights @ tally
    matches, gold, predicted = totals.T
    return {
        "precision": make_figure(divide(matches, predicted), predicted[0]),
        "recall": make_figure(divide(matches, gold), gold[0]),
        "f1": make_figure(divide(2 * matches, gold + predicted), gold[0]),
    }


def measure_share(weights: Floats, tally: Floats) -> Figure:
    """Measure a share: `tally` is (a, 2), hits and cases of each article."""
    hits, cases = (weights @ tally).T
    return make_figure(divide(hits, cases), cases[0])


@dataclass(frozen=True)
class Ranking:
    """Sentences by falling score, for measures that look at every threshold; s sentences.

    Attributes
    ----------
    article : (s,) int
        The article of each sentence.
    positive : (s,) bool
        Whether it is a case of what is looked for.
    thresholds : (d,) float
        The distinct scores, falling.
    last : (d,) int
        The last sentence that reaches each threshold.
    """

    article: Ints
    positive: Bools
    thresholds: Floats
    last: Ints

    def measure(self, weights: Floats, formula: Callable[[Floats, Floats], Floats]) -> Figure:
        """Apply a formula to the counts of true and false positives at every threshold.

        Parameters
        ----------
        weights : (1 + r, a) float
            As `draw_weights` gives them.
        formula : callable
            From two (n, d) arrays to (n,).
        """
        step = max(1, _CHUNK // max(1, len(self.article)))
        values = [
            formula(*self._curves(weights[start : start + step]))
            for start in range(0, len(weights), step)
        ]
        return make_figure(np.concatenate(values), int(self.positive.sum()))

    def threshold(self, precision: float) -> float | None:
        """Return the threshold that `recall_at` would choose on the sample, None for none."""
        size = int(self.article.max(initial=-1)) + 1
        true, false = self._curves(np.ones((1, size)))
        reached = np.flatnonzero((divide(true, true + false) >= precision)[0])
        return float(self.thresholds[reached[-1]]) if reached.size else None

    def _curves(self, weights: Floats) -> tuple[Floats, Floats]:
        drawn = weights[:, self.article]
        true = np.cumsum(drawn * self.positive, axis=1)[:, self.last]
        false = np.cumsum(drawn * ~self.positive, axis=1)[:, self.last]
        return true, false


def rank(article: Ints, positive: Bools, scores: Floats) -> Ranking:
    """Order sentences by falling score."""
    order = np.argsort(-scores, kind="stable")
    fallen = scores[order]
    last = np.flatnonzero(np.append(fallen[1:] != fallen[:-1], True)[: len(fallen)])
    return Ranking(article[order], positive[order], fallen[last], last)


def area_under_curve(true: Floats, false: Floats) -> Floats:
    """Area under the ROC curve by trapezoids, so that ties count half (Hanley & McNeil 1982)."""
    if not true.shape[1]:
        return np.full(len(true), np.nan)
    true, false = (np.pad(counts, ((0, 0), (1, 0))) for counts in (true, false))
    area = (np.diff(false, axis=1) * (true[:, 1:] + true[:, :-1]) / 2).sum(axis=1)
    return divide(area, true[:, -1] * false[:, -1])


def recall_at(precision: float) -> Callable[[Floats, Floats], Floats]:
    """Make the formula of the best recall at a threshold of at least this precision."""

    def formula(true: Floats, false: Floats) -> Floats:
        if not true.shape[1]:
            return np.full(len(true), np.nan)
        # A threshold that no drawn sentence reaches has no precision: NaN, which is not enough.
        enough = divide(true, true + false) >= precision
        return divide(np.where(enough, true, 0.0).max(axis=1), true[:, -1])

    return formula

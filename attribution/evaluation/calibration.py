"""Whether probabilities mean what they say: calibration error, Brier score, reliability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attribution.evaluation.alignment import Aligned, Floats
from attribution.evaluation.resampling import Figure, divide, make_figure, round_finite
from attribution.labels import LABELS

#: Equal-width bins of confidence, as in Guo et al. (2017).
BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of the reliability table: sentences whose label has a probability in (low, high]."""

    low: float
    high: float
    sentences: int
    confidence: float
    accuracy: float

    def to_dict(self) -> dict[str, float | int | None]:
        """Return the row, rounded to 4 digits; None in an empty bin."""
        return {
            "low": round_finite(self.low),
            "high": round_finite(self.high),
            "sentences": self.sentences,
            "confidence": round_finite(self.confidence),
            "accuracy": round_finite(self.accuracy),
        }


def score_calibration(
    aligned: Aligned, weights: Floats
) -> tuple[dict[str, Figure], tuple[Bin, ...]]:
    """Compare the probability of the label given with how often it is right.

    Returns
    -------
    figures : dict of str to Figure
        ``ece``, the expected calibration error of the label given (Guo et al. 2017, eq. 3), and
        ``brier``, the squared distance between the probabilities and the gold label, summed over
        the labels (Brier 1950): 0 to 2, the less the better.
    reliability : tuple of Bin
        The bins behind the calibration error.

    Notes
    -----
    Drawing articles again adds noise to each bin, and noise only ever raises the calibration
    error: its interval tends to lie above the value.
    """
    table = np.array(
        [[s.probabilities.get(label, 0.0) for label in LABELS] for s in aligned.predicted]
    )
    rows = np.arange(len(table))
    confidence = table[rows, aligned.predicted_label]
    right = (aligned.gold_label == aligned.predicted_label).astype(np.float64)
    squares = (table**2).sum(axis=1) - 2 * table[rows, aligned.gold_label] + 1
    edges = np.linspace(0.0, 1.0, BINS + 1)
    which = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, BINS - 1)
    member = which[:, None] == np.arange(BINS)
    n, sums, hits = (
        weights @ aligned.tally(*(member * column[:, None]).T)
        for column in (np.ones(len(table)), confidence, right)
    )
    total = n.sum(axis=1)
    error = divide(np.abs(sums - hits).sum(axis=1), total)
    brier = divide((weights @ aligned.tally(squares))[:, 0], total)
    reliability = tuple(
        Bin(edges[k], edges[k + 1], int(n[0, k]), sums[0, k] / n[0, k], hits[0, k] / n[0, k])
        if n[0, k]
        else Bin(edges[k], edges[k + 1], 0, np.nan, np.nan)
        for k in range(BINS)
    )
    return {"ece": make_figure(error, total[0]), "brier": make_figure(brier, total[0])}, reliability

"""The score of an article as read against the score of its annotation, and its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from attribution.analysis import Analysis
from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.gold import to_analysis
from attribution.evaluation.alignment import Floats
from attribution.evaluation.resampling import Figure, measure_share
from attribution.profile import load_profile
from attribution.scoring import score_analysis


def score_scores(
    gold: Sequence[AnnotatedArticle],
    predicted: Sequence[Analysis],
    weights: Floats,
    intervals: Mapping[str, Any],
) -> dict[str, Figure]:
    """Measure the score's error over the articles where annotation and reading both give one.

    Parameters
    ----------
    weights : (1 + r, a) float
        As `draw_weights` gives them.
    intervals : mapping
        Of the model, as `score_analysis` takes it.

    Returns
    -------
    dict of str to Figure
        In points: ``mean_absolute_error``; ``bias``, by how much the reading scores higher. Where
        the model gives intervals: ``interval_coverage``, the share that holds the annotation's
        score, and ``interval_width``. The cases are articles.
    """
    profile = load_profile("default")
    rows = np.zeros((len(gold), 5))  # scored, error, absolute error, covered, width
    has_interval = False
    for row, article, analysis in zip(rows, gold, predicted, strict=True):
        wanted = score_analysis(to_analysis(article), profile).value
        found = score_analysis(analysis, profile, intervals)
        if wanted is None or found.value is None:
            continue
        row[:3] = 1.0, found.value - wanted, abs(found.value - wanted)
        if found.interval is not None:
            has_interval = True
            low, high = found.interval
            row[3:] = low <= wanted <= high, high - low
    names = ["bias", "mean_absolute_error"]
    if has_interval:
        names += ["interval_coverage", "interval_width"]
    return {
        name: measure_share(weights, rows[:, [column, 0]])
        for column, name in enumerate(names, start=1)
    }

"""What is said of a sentence beside its label: need of a source, identification, hedge, manner."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from attribution.evaluation.alignment import Aligned, Floats
from attribution.evaluation.resampling import (
    Figure,
    area_under_curve,
    measure_counts,
    measure_share,
    rank,
    recall_at,
)
from attribution.labels import UNSOURCED

#: Recall without quotation marks is read where precision still reaches this.
PRECISION = 0.90
# Double marks anywhere; single ones only where they open or close, so that neither the apostrophe
# of "agency's" nor that of "officials' claim" counts.
_QUOTATION_MARK = re.compile(r"[\"“”„«»‹›]|``|''|(?<!\w)[‘'](?=\w)|(?<=[.,!?…])[’'](?!\w)")


def score_needs_source(aligned: Aligned, weights: Floats) -> dict[str, Figure]:
    """Measure ``needs_source`` over all sentences: precision, recall, F1 at 0.5, and the AUC."""
    gold = np.array([sentence.needs_source for sentence in aligned.gold], bool)
    scores = np.array([sentence.needs_source for sentence in aligned.predicted])
    predicted = scores >= 0.5
    figures = measure_counts(weights, aligned.tally(gold & predicted, gold, predicted))
    ranking = rank(aligned.article, gold, scores)
    return {**figures, "auc": ranking.measure(weights, area_under_curve)}


def score_identified(aligned: Aligned, weights: Floats) -> dict[str, Figure]:
    """Accuracy of named / described / anonymous where gold and prediction both attribute."""
    pairs = [
        (g.identified, p.identification if p.identified else None)
        for g, p in zip(aligned.gold, aligned.predicted, strict=True)
    ]
    return {"accuracy": _accuracy(aligned, weights, pairs)}


def score_manner(aligned: Aligned, weights: Floats) -> dict[str, Figure]:
    """Accuracy of direct / mixed / indirect where gold and prediction both attribute."""
    pairs = [(g.manner, p.manner) for g, p in zip(aligned.gold, aligned.predicted, strict=True)]
    return {"accuracy": _accuracy(aligned, weights, pairs)}


def _accuracy(
    aligned: Aligned, weights: Floats, pairs: list[tuple[str | None, str | None]]
) -> Figure:
    annotated = np.array([gold is not None for gold, _ in pairs], bool)
    both = aligned.gold_attributed & aligned.predicted_attributed & annotated
    right = both & np.array([gold == found for gold, found in pairs], bool)
    return measure_share(weights, aligned.tally(right, both))


def score_hedged(aligned: Aligned, weights: Floats) -> dict[str, Figure]:
    """Precision, recall and F1 of hedged reports among the gold-attributed sentences.

    A sentence that the prediction does not attribute counts as not hedged.
    """
    asked = aligned.gold_attributed
    gold = asked & np.array([sentence.hedged for sentence in aligned.gold], bool)
    found = np.array([sentence.hedged >= 0.5 for sentence in aligned.predicted], bool)
    found &= asked & aligned.predicted_attributed
    return measure_counts(weights, aligned.tally(gold & found, gold, found))


def score_unquoted(aligned: Aligned, weights: Floats) -> tuple[dict[str, Figure], float | None]:
    """Attributed or not among the sentences that hold no quotation mark.

    Returns
    -------
    figures : dict of str to Figure
        ``precision``, ``recall``, ``f1`` of attributed as predicted; ``recall_at_precision``, the
        best recall at a threshold on P(attributed) that keeps a precision of `PRECISION`, chosen
        on these very sentences, and anew in each resample.
    threshold : float or None
        That threshold on the sample, None where none keeps the precision.
    """
    asked = ~np.array([bool(_QUOTATION_MARK.search(text)) for text in aligned.texts], bool)
    gold = asked & aligned.gold_attributed
    found = asked & aligned.predicted_attributed
    figures = measure_counts(weights, aligned.tally(gold & found, gold, found))
    ranking = rank(
        aligned.article[asked], aligned.gold_attributed[asked], aligned.p_attributed[asked]
    )
    figures["recall_at_precision"] = ranking.measure(weights, recall_at(PRECISION))
    return figures, ranking.threshold(PRECISION)


def score_subjects(
    aligned: Aligned, weights: Floats, mentions_agency: Callable[[str], bool]
) -> dict[str, Figure]:
    """Agencies as mere subject, not source.

    Returns
    -------
    dict of str to Figure
        Of the gold-unsourced sentences that name one: ``not_agency``, the share not labelled
        `intelligence_agency`; ``unsourced``, the share rightly left unsourced.
    """
    asked = ~aligned.gold_attributed
    asked[asked] = [mentions_agency(aligned.texts[row]) for row in np.flatnonzero(asked).tolist()]
    labels = [sentence.label for sentence in aligned.predicted]
    other = asked & np.array([label != "intelligence_agency" for label in labels], bool)
    right = asked & np.array([label == UNSOURCED for label in labels], bool)
    return {
        "not_agency": measure_share(weights, aligned.tally(other, asked)),
        "unsourced": measure_share(weights, aligned.tally(right, asked)),
    }

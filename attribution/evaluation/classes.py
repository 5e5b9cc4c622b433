"""How well the labels are told apart: attributed or not, four coarse labels, eleven labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attribution.evaluation.alignment import Aligned, Floats, Ints
from attribution.evaluation.resampling import Figure, divide, make_figure
from attribution.labels import COARSE_LABELS, LABELS, UNSOURCED, coarse_label

#: A label with fewer gold cases is left out of the macro-F1 over the eleven labels.
MACRO_SUPPORT = 8
_COARSE = np.array([COARSE_LABELS.index(coarse_label(label)) for label in LABELS])
_BINARY = np.array([int(label == UNSOURCED) for label in LABELS])  # attributed first


@dataclass(frozen=True)
class ClassScores:
    """Figures on labels.

    Attributes
    ----------
    attributed : dict of str to Figure
        ``precision``, ``recall``, ``f1`` of attributed; ``macro_f1`` of attributed and not.
    coarse, fine : dict of str to Figure
        ``macro_f1`` and ``accuracy`` over the four and the eleven labels.
    labels : dict of str to dict of str to Figure
        ``precision``, ``recall`` and ``f1`` of each of the eleven labels.
    macro_labels : tuple of str
        The labels with enough gold cases, over which the fine macro-F1 is taken.
    confusion : (11, 11) int
        Sentences by gold label (rows) and predicted label.
    """

    attributed: dict[str, Figure]
    coarse: dict[str, Figure]
    fine: dict[str, Figure]
    labels: dict[str, dict[str, Figure]]
    macro_labels: tuple[str, ...]
    confusion: Ints


def score_classes(aligned: Aligned, weights: Floats, predicted: Ints) -> ClassScores:
    """Compare labels with the gold ones.

    Parameters
    ----------
    aligned : Aligned
        The sentences, with their gold labels.
    weights : (1 + r, a) float
        How often each article stands in each resample.
    predicted : (s,) int
        Indices into `LABELS`: the model's, or a baseline's.
    """
    size = len(LABELS)
    cells = (aligned.article * size + aligned.gold_label) * size + predicted
    tally = np.bincount(cells, minlength=len(aligned.articles) * size * size)
    matrices = (weights @ tally.reshape(-1, size * size)).reshape(-1, size, size)
    support = matrices[0].sum(axis=1)
    wanted = np.flatnonzero(support >= MACRO_SUPPORT)
    per_label = _figures(matrices)
    binary = _merge(matrices, _BINARY)
    coarse = _merge(matrices, _COARSE)
    present = np.flatnonzero(coarse[0].sum(axis=1))
    return ClassScores(
        attributed={**_figures(binary)[0], "macro_f1": _macro(binary, np.arange(2))},
        coarse={"macro_f1": _macro(coarse, present), "accuracy": _accuracy(coarse)},
        fine={"macro_f1": _macro(matrices, wanted), "accuracy": _accuracy(matrices)},
        labels=dict(zip(LABELS, per_label, strict=True)),
        macro_labels=tuple(LABELS[k] for k in wanted.tolist()),
        confusion=matrices[0].astype(np.int64),
    )


def _merge(matrices: Floats, group: Ints) -> Floats:
    """Sum the cells of (n, k, k) confusion matrices by group: (n, g, g)."""
    onto = (group[:, None] == np.arange(group.max() + 1)).astype(np.float64)
    merged: Floats = np.einsum("kg,nkl,lh->ngh", onto, matrices, onto, optimize=True)
    return merged


def _f1(matrices: Floats) -> Floats:
    """F1 of each label, (n, k); NaN for a label that is neither in the gold nor predicted."""
    hits = np.einsum("nkk->nk", matrices)
    return divide(2 * hits, matrices.sum(axis=1) + matrices.sum(axis=2))


def _figures(matrices: Floats) -> list[dict[str, Figure]]:
    hits = np.einsum("nkk->nk", matrices)
    predicted, gold = matrices.sum(axis=1), matrices.sum(axis=2)
    precision, recall, f1 = divide(hits, predicted), divide(hits, gold), _f1(matrices)
    return [
        {
            "precision": make_figure(precision[:, k], predicted[0, k]),
            "recall": make_figure(recall[:, k], gold[0, k]),
            "f1": make_figure(f1[:, k], gold[0, k]),
        }
        for k in range(matrices.shape[1])
    ]


def _macro(matrices: Floats, labels: Ints) -> Figure:
    """Mean F1 over the labels; one that a resample does not hold at all is left out of its mean."""
    f1 = _f1(matrices)[:, labels]
    held = np.isfinite(f1)
    mean = divide(np.where(held, f1, 0.0).sum(axis=1), held.sum(axis=1).astype(np.float64))
    return make_figure(mean, matrices[0, labels].sum())


def _accuracy(matrices: Floats) -> Figure:
    totals = matrices.sum(axis=(1, 2))
    return make_figure(divide(np.einsum("nkk->n", matrices), totals), totals[0])

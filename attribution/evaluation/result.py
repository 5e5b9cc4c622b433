"""What an evaluation found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from attribution.evaluation.breakdowns import Group
from attribution.evaluation.calibration import Bin
from attribution.evaluation.resampling import Figure, round_finite
from attribution.labels import LABELS

Figures = dict[str, Figure]


@dataclass(frozen=True)
class Evaluation:
    """Every figure of an evaluation, with 95 % bootstrap intervals by article.

    Attributes
    ----------
    figures : dict of str to dict of str to Figure
        By section: ``attributed``, ``coarse``, ``fine``, ``calibration``, ``needs_source``,
        ``identified``, ``hedged``, ``manner``, ``spans``, ``unquoted``, ``linking``; where it was
        told what an agency is, ``subjects``; where it was given the model's intervals, ``score``;
        where gazetteer rows were hidden, ``hidden``. What each holds is in the function ``score_*``
        that makes it.
    labels : dict of str to dict of str to Figure
        ``precision``, ``recall`` and ``f1`` by label; the cases of ``f1`` are the support.
    macro_labels : tuple of str
        The labels over which the fine macro-F1 is taken: those with 8 or more gold cases.
    confusion : tuple of tuple of int
        Sentences by gold label (rows) and predicted label, in label order.
    unquoted_threshold : float or None
        The threshold on P(attributed) behind ``unquoted.recall_at_precision``.
    breakdowns : dict of str to tuple of Group
        By ``corpus``, ``kind``, ``manner``, ``identified``; the largest group first.
    baselines : dict of str to dict of str to dict of str to Figure
        ``attributed``, ``coarse`` and ``fine`` of each baseline.
    """

    articles: int
    sentences: int
    bootstrap: int
    seed: int
    figures: dict[str, Figures]
    labels: dict[str, Figures]
    macro_labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    reliability: tuple[Bin, ...]
    unquoted_threshold: float | None
    breakdowns: dict[str, tuple[Group, ...]]
    baselines: dict[str, dict[str, Figures]]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON holds it: 4 digits, null where there was nothing to measure."""
        threshold = self.unquoted_threshold
        return {
            "articles": self.articles,
            "sentences": self.sentences,
            "bootstrap": self.bootstrap,
            "seed": self.seed,
            **{name: _to_dict(figures) for name, figures in self.figures.items()},
            "labels": {label: _to_dict(figures) for label, figures in self.labels.items()},
            "macro_labels": list(self.macro_labels),
            "confusion": {"labels": list(LABELS), "matrix": [list(row) for row in self.confusion]},
            "reliability": [row.to_dict() for row in self.reliability],
            "unquoted_threshold": None if threshold is None else round_finite(threshold),
            "breakdowns": {
                key: [group.to_dict() for group in groups]
                for key, groups in self.breakdowns.items()
            },
            "baselines": {
                name: {section: _to_dict(figures) for section, figures in sections.items()}
                for name, sections in self.baselines.items()
            },
        }


def _to_dict(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: figure.to_dict() for name, figure in figures.items()}

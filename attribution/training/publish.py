"""From trained models to a model folder: score intervals, metrics, the card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from attribution.corpus.gold import to_analysis
from attribution.evaluation import Evaluation, evaluate, names_agency
from attribution.files import write_atomically
from attribution.labels import LABELS
from attribution.model import Model, save_model
from attribution.profile import load_profile
from attribution.scoring import OPEN_END_FACTOR, score_analysis
from attribution.training.card import write_card
from attribution.training.recipe import Recipe
from attribution.training.standard import Trained

#: Nominal coverage of the score's interval.
COVERAGE = 0.9


def publish(
    trained: Trained,
    recipe: Recipe,
    version: str,
    folder: Path,
    spans_by_month: Mapping[str, Any] | None = None,
) -> str:
    """Write the model folder of a training run; returns the checksum of its arrays.

    Parameters
    ----------
    spans_by_month : mapping, optional
        What `measure_by_month` found of the first tagger, if the recipe has one.
    """
    metrics = judge(trained)
    model = Model(
        name=recipe.name,
        version=version,
        sha256="",
        finder=trained.finder,
        antecedents=trained.antecedents,
        heads=trained.heads,
        labels=LABELS,
        intervals=score_intervals(trained),
        meta={
            "recipe": recipe.call,
            "date": date.today().isoformat(),
            "articles": {"real": sum(trained.real), "written": trained.real.count(False)},
            "sentences": {
                "real": _sentences(trained, real=True),
                "written": _sentences(trained, real=False),
            },
            "folds": recipe.folds,
        },
    )
    report: dict[str, Any] = {name: e.to_dict() for name, e in metrics.items()}
    digest = save_model(model, folder, write_card(model, report, spans_by_month))
    if spans_by_month is not None:
        report["spans_by_month"] = spans_by_month
    text = json.dumps(report, indent=1, sort_keys=True) + "\n"
    write_atomically(folder / "metrics.json", text.encode("utf-8"))
    return digest


def _sentences(trained: Trained, *, real: bool) -> int:
    pairs = zip(trained.articles, trained.real, strict=True)
    return sum(len(article.sentences) for article, is_real in pairs if is_real == real)


def judge(trained: Trained) -> dict[str, Evaluation]:
    """Evaluate the cross-fitted analyses, real and written articles apart."""
    judged = {}
    for name, wanted in (("real", True), ("written", False)):
        chosen = [k for k, real in enumerate(trained.real) if real == wanted]
        if chosen:
            judged[name] = evaluate(
                [trained.articles[k] for k in chosen],
                [trained.predicted[k] for k in chosen],
                mentions_agency=names_agency,
            )
    return judged


def score_intervals(trained: Trained) -> dict[str, Any]:
    """Return split-conformal quantiles of score errors (Lei et al. 2018).

    The residual is the score from the gold annotation less the score from the cross-fitted reading,
    so that errors of labels, identification, need and linking all count. Real articles are used
    where there are enough, else all.
    """
    profile = load_profile("default")
    chosen = [k for k, real in enumerate(trained.real) if real]
    if len(chosen) < 50:
        chosen = list(range(len(trained.articles)))
    residuals = []
    for k in chosen:
        gold = score_analysis(to_analysis(trained.articles[k]), profile).value
        predicted = score_analysis(trained.predicted[k], profile).value
        if gold is not None and predicted is not None:
            residuals.append(gold - predicted)
    if not residuals:
        return {}
    values = np.sort(residuals)
    tail = (1.0 - COVERAGE) / 2
    # The finite-sample correction takes the next order statistic outward.
    low = values[max(int(np.floor(tail * (len(values) + 1))) - 1, 0)]
    high = values[min(int(np.ceil((1 - tail) * (len(values) + 1))) - 1, len(values) - 1)]
    return {
        "quantiles": {"low": round(min(low, 0.0), 2), "high": round(max(high, 0.0), 2)},
        "nominal": COVERAGE,
        "articles": len(values),
        "mean_absolute_error": round(float(np.abs(values).mean()), 2),
        "open_end": OPEN_END_FACTOR,
    }

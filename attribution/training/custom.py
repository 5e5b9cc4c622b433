"""Training on a user's own table: `text,label[,article_id]` with any label set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import classification_report
from sklearn.model_selection import GroupKFold, cross_val_predict

from attribution.errors import TrainingError
from attribution.labels import UNSOURCED
from attribution.model import Model, load_model
from attribution.training.estimator import AttributionClassifier

FOLDS = 5


@dataclass(frozen=True)
class CustomTrained:
    """A model with the user's labels, and its cross-validated report."""

    model: Model
    report: str


def read_table(path: Path) -> pd.DataFrame:
    """Read a training table.

    Raises
    ------
    TrainingError
        If a column is missing or no row has both text and label.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise TrainingError(f"{path}: cannot be read as CSV ({error})") from error
    for column in ("text", "label"):
        if column not in table.columns:
            known = ", ".join(table.columns)
            raise TrainingError(
                f"{path}: no column {column!r}", f"it has {known}; rename one to {column}"
            )
    table = table[(table["text"].str.strip() != "") & (table["label"].str.strip() != "")]
    if table.empty:
        raise TrainingError(f"{path}: no row with a text and a label")
    if "article_id" not in table.columns:
        table = table.assign(article_id=[f"row {k}" for k in range(len(table))])
    # Rows of one article are read in context, so they must stand together.
    return table.sort_values("article_id", kind="stable")


def train_custom(table: pd.DataFrame, name: str, start: str, kind: str, seed: int) -> CustomTrained:
    """Fit and cross-validate a classifier for the table's labels.

    Parameters
    ----------
    start : str
        The model whose finder, and whose other classifiers, the new one takes over.

    Raises
    ------
    TrainingError
        With one label only, or fewer articles than folds.
    """
    labels = table["label"].to_numpy(dtype=str)
    groups = table["article_id"].to_numpy(dtype=str)
    X = list(zip(table["text"], groups, strict=True))
    articles = len(np.unique(groups))
    _check_enough(np.unique(labels), articles)
    min_articles = 2 if articles < 200 else 3
    estimator = AttributionClassifier(kind=kind, model=start, min_articles=min_articles, seed=seed)
    predicted: NDArray[np.str_] = cross_val_predict(
        estimator, X, labels, groups=groups, cv=GroupKFold(FOLDS)
    )
    report = classification_report(labels, predicted, zero_division=0.0, output_dict=True)
    text = classification_report(labels, predicted, zero_division=0.0)
    head = estimator.fit(X, labels).head_
    base = load_model(start)
    heads = {key: base.heads[key] for key in ("needs_source", "identified", "hedged")}
    model = Model(
        name=name,
        version="1",
        sha256="",
        finder=base.finder,
        antecedents=base.antecedents,
        heads={"label": head, **heads},
        labels=tuple(head.classes),
        intervals={},
        meta={
            "recipe": "custom",
            "started_from": base.name,
            "rows": len(table),
            "articles": articles,
            "macro_f1": round(float(report["macro avg"]["f1-score"]), 4),
            "scored": UNSOURCED in head.classes,
        },
    )
    return CustomTrained(model, str(text))


def _check_enough(classes: NDArray[np.str_], articles: int) -> None:
    if len(classes) < 2:
        raise TrainingError(f"one label only ({classes[0]})", "training needs two or more")
    if articles < FOLDS:
        raise TrainingError(
            f"{articles} articles, fewer than the {FOLDS} folds",
            "annotate more articles, or give article_id",
        )

"""Fitting the sentence classifiers with scikit-learn and exporting them to arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from attribution.classifier import FeatureIndex, Head, SparseRows
from attribution.errors import TrainingError
from attribution.model import round_weights
from attribution.sentence_features import select_groups
from attribution.training.recipe import HeadRecipe

Floats = NDArray[np.float64]


def build_index(
    features: Sequence[Sequence[str]], articles: Sequence[int], groups: str, min_articles: int
) -> FeatureIndex:
    """Collect the features that `min_articles` articles hold."""
    seen: dict[str, set[int]] = {}
    for names, article in zip(features, articles, strict=True):
        for name in set(select_groups(names, groups)):
            seen.setdefault(name, set()).add(article)
    kept = sorted(name for name, where in seen.items() if len(where) >= min_articles)
    return FeatureIndex(groups, tuple(kept))


def to_matrix(rows: SparseRows, width: int) -> csr_matrix:
    """Return rows as a SciPy matrix for scikit-learn."""
    return csr_matrix(
        (np.ones(len(rows.columns)), rows.columns, rows.ptr), shape=(len(rows), width)
    )


def fit_head(
    rows: SparseRows, labels: NDArray[np.str_], index: FeatureIndex, recipe: HeadRecipe, seed: int
) -> Head:
    """Fit one classifier and export it; the weights are rounded as they are saved.

    Raises
    ------
    TrainingError
        If there is only one class, or too few rows to calibrate an SVM.
    """
    classes, counts = np.unique(labels, return_counts=True)
    if len(classes) < 2:
        raise TrainingError(
            f"one class only ({classes[0] if len(classes) else 'none'})",
            "training needs two or more labels",
        )
    if recipe.kind == "svm" and counts.min() < 3:
        rare = classes[counts.argmin()]
        raise TrainingError(f"label {rare!r} has {counts.min()} rows", "an SVM needs 3 to calibrate")
    estimator = make_estimator(recipe, seed)
    estimator.fit(to_matrix(rows, len(index.names)), labels)
    return export_estimator(estimator, index)


def make_estimator(recipe: HeadRecipe, seed: int):  # type: ignore[no-untyped-def]
    """Return the unfitted scikit-learn estimator of a recipe."""
    if recipe.kind == "logistic":
        return LogisticRegression(C=recipe.C, max_iter=400)
    if recipe.kind == "svm":
        svm = LinearSVC(C=recipe.C, random_state=seed)
        return CalibratedClassifierCV(svm, method="sigmoid", cv=3, ensemble=False)
    return MLPClassifier(
        (recipe.hidden,), alpha=1.0 / recipe.C, max_iter=60, early_stopping=True, random_state=seed
    )


def export_estimator(estimator: object, index: FeatureIndex) -> Head:
    """Turn a fitted scikit-learn estimator into arrays.

    Raises
    ------
    TrainingError
        If it is not one of the closed list: logistic regression, calibrated linear SVM, MLP.
    """
    sigmoid = None
    if isinstance(estimator, LogisticRegression):
        kind, layers = "logistic", [(estimator.coef_.T, estimator.intercept_)]
    elif isinstance(estimator, CalibratedClassifierCV) and _is_linear_svm(estimator):
        kind = "svm"
        calibrated = estimator.calibrated_classifiers_[0]
        svm = calibrated.estimator
        layers = [(svm.coef_.T, svm.intercept_)]
        sigmoid = np.array([[c.a_, c.b_] for c in calibrated.calibrators], np.float32)
    elif isinstance(estimator, MLPClassifier) and len(estimator.coefs_) == 2:
        kind, layers = "mlp", list(zip(estimator.coefs_, estimator.intercepts_, strict=True))
    else:
        raise TrainingError(
            f"{type(estimator).__name__} cannot be exported to arrays",
            "use LogisticRegression, CalibratedClassifierCV(LinearSVC(), ensemble=False) "
            "or an MLPClassifier with one hidden layer",
        )
    return Head(
        kind=kind,
        classes=tuple(str(name) for name in estimator.classes_),
        index=index,
        weights=tuple(round_weights(w).astype(np.float32) for w, _ in layers),
        biases=tuple(np.asarray(b, np.float32) for _, b in layers),
        sigmoid=sigmoid,
    )


def _is_linear_svm(estimator: CalibratedClassifierCV) -> bool:
    fitted = estimator.calibrated_classifiers_
    return len(fitted) == 1 and isinstance(fitted[0].estimator, LinearSVC)


def fit_temperature(scores: Floats, gold: NDArray[np.int64]) -> float:
    """Return the temperature that minimises the log loss of held-out scores (Guo et al. 2017)."""
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    rows = np.arange(len(gold))

    def loss(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[rows, gold]))

    best = minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded")
    return round(float(np.exp(best.x)), 4)

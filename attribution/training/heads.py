"""Fitting the sentence classifiers with scikit-learn and exporting them to arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
from attribution.feature_rows import FeatureRows
from attribution.model import round_weights
from attribution.tokens import Ints
from attribution.training.recipe import HeadRecipe

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FeatureTable:
    """The features of n sentences as one binary matrix; columns in the order of `names`.

    Attributes
    ----------
    matrix : (n, f) csr_matrix
    """

    names: tuple[str, ...]
    matrix: csr_matrix

    @classmethod
    def build(cls, features: FeatureRows) -> FeatureTable:
        """Take every feature of every sentence."""
        every = sorted(set(features.names))
        rows = FeatureIndex("", tuple(every)).rows(features)
        data = np.ones(len(rows.columns))
        shape = (len(rows), len(every))
        return cls(tuple(every), csr_matrix((data, rows.columns, rows.ptr), shape=shape))

    def choose(self, members: Ints, articles: Ints, groups: str, min_articles: int) -> Ints:
        """Return the columns of some groups that `min_articles` articles hold among the members."""
        numbers, codes = np.unique(articles[members], return_inverse=True)
        shape = (len(numbers), len(members))
        belongs = csr_matrix((np.ones(len(members)), (codes, np.arange(len(members)))), shape=shape)
        seen = (belongs @ self.matrix[members]) > 0
        counts = np.asarray(seen.sum(axis=0)).ravel()
        grouped = np.array([name[0] in groups for name in self.names])
        return np.flatnonzero(grouped & (counts >= min_articles))


@dataclass(frozen=True)
class FittedHead:
    """An exported classifier and the columns of the feature table that it reads."""

    head: Head
    columns: Ints

    def scores(self, table: FeatureTable) -> Floats:
        """Return (n, c) decision scores of a whole table; log-probabilities for an SVM."""
        matrix = table.matrix[:, self.columns].tocsr()
        matrix.sort_indices()
        rows = SparseRows(matrix.indices.astype(np.int64), matrix.indptr.astype(np.int64))
        if self.head.kind == "svm":
            return np.log(np.maximum(self.head.probabilities(rows), 1e-9))
        return self.head.scores(rows)


def fit_head(
    table: FeatureTable,
    members: Ints,
    articles: Ints,
    labels: NDArray[np.str_],
    recipe: HeadRecipe,
    min_articles: int,
    seed: int,
    weights: Floats | None = None,
) -> FittedHead:
    """Fit one classifier on some rows and export it; weights are rounded as they are saved.

    Parameters
    ----------
    members : (k,) int
        The rows to learn from.
    articles, labels, weights : (n,)
        Article number, class and, optionally, weight of every row of the table.

    Raises
    ------
    TrainingError
        If there is only one class, or too few rows to calibrate an SVM.
    """
    gold = labels[members]
    classes, counts = np.unique(gold, return_counts=True)
    if len(classes) < 2:
        raise TrainingError(
            f"one class only ({classes[0] if len(classes) else 'none'})",
            "training needs two or more labels",
        )
    if recipe.kind == "svm" and counts.min() < 3:
        rare = classes[counts.argmin()]
        raise TrainingError(
            f"label {str(rare)!r} has {counts.min()} rows", "an SVM needs 3 to calibrate"
        )
    columns = table.choose(members, articles, recipe.groups, min_articles)
    if not len(columns):
        raise TrainingError("no feature is shared by enough articles", "annotate more articles")
    estimator = make_estimator(recipe, seed)
    weighting = None if weights is None else weights[members]
    estimator.fit(table.matrix[members][:, columns], gold, sample_weight=weighting)
    index = FeatureIndex(recipe.groups, tuple(table.names[k] for k in columns.tolist()))
    return FittedHead(export_estimator(estimator, index), columns)


def make_estimator(recipe: HeadRecipe, seed: int) -> Any:
    """Return the unfitted scikit-learn estimator of a recipe."""
    if recipe.kind == "logistic":
        return LogisticRegression(C=recipe.C, max_iter=300, tol=1e-3)
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
    elif _is_small_mlp(estimator):
        assert isinstance(estimator, MLPClassifier)
        kind, layers = "mlp", list(zip(estimator.coefs_, estimator.intercepts_, strict=True))
    else:
        raise TrainingError(
            f"{type(estimator).__name__} cannot be exported to arrays",
            "use LogisticRegression, CalibratedClassifierCV(LinearSVC(), ensemble=False) "
            "or an MLPClassifier with one hidden layer of ReLUs",
        )
    return Head(
        kind=kind,
        classes=tuple(str(name) for name in estimator.classes_),
        index=index,
        weights=tuple(round_weights(w).astype(np.float32) for w, _ in layers),
        biases=tuple(np.asarray(b, np.float32) for _, b in layers),
        sigmoid=sigmoid,
    )


def _is_small_mlp(estimator: object) -> bool:
    if not isinstance(estimator, MLPClassifier) or len(estimator.coefs_) != 2:
        return False
    return estimator.activation == "relu" and estimator.out_activation_ in ("softmax", "logistic")


def _is_linear_svm(estimator: CalibratedClassifierCV) -> bool:
    fitted = estimator.calibrated_classifiers_
    linear = len(fitted) == 1 and isinstance(fitted[0].estimator, LinearSVC)
    return linear and estimator.method == "sigmoid"


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

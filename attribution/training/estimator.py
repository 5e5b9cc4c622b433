"""`AttributionClassifier`: a scikit-learn estimator over sentences, for any label set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from attribution.document import Document
from attribution.errors import TrainingError
from attribution.feature_rows import FeatureRows
from attribution.pipeline import Analyser
from attribution.sentences import join_sentences
from attribution.training.heads import FeatureTable, fit_head
from attribution.training.recipe import HeadRecipe


class AttributionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Label sentences by any label set, on the features of a trained source finder.

    Parameters
    ----------
    kind : {"logistic", "svm", "mlp"}
        The estimator; the closed list of those that can be saved as arrays.
    C : float
        Inverse of the L2 penalty.
    groups : str
        Feature groups: w words, a attribution, t type of source, n neighbours, c content alone.
    min_articles : int
        A feature is kept when so many articles hold it.
    model : str
        The bundled model, or folder, whose source finder is used.
    seed : int

    Attributes
    ----------
    classes_ : (c,) ndarray
        The labels, sorted, as they were given.
    head_ : attribution.classifier.Head
        The fitted arrays.

    Notes
    -----
    `X` is a sequence of sentences, or of (sentence, article id) pairs; consecutive rows with one
    article id are read in context. Cross-validate with ``groups=`` the article ids.

    Examples
    --------
    >>> from attribution import AttributionClassifier
    >>> X = ["The mayor said it was safe.", "It rained.", "Police said no.", "Snow fell."]
    >>> model = AttributionClassifier(model="base", min_articles=1)
    >>> model = model.fit(X, ["yes", "no", "yes", "no"])
    >>> model.predict(["The minister said yes."]).tolist()
    ['yes']
    """

    def __init__(
        self,
        *,
        kind: str = "logistic",
        C: float = 0.3,
        groups: str = "watn",
        min_articles: int = 2,
        model: str = "default",
        seed: int = 0,
    ) -> None:
        self.kind = kind
        self.C = C
        self.groups = groups
        self.min_articles = min_articles
        self.model = model
        self.seed = seed

    def fit(self, X: Sequence[Any], y: ArrayLike) -> AttributionClassifier:
        """Fit on sentences and their labels.

        Raises
        ------
        TrainingError
            If lengths differ or there is one label only.
        """
        labels = np.asarray(y)
        if len(labels) != len(X):
            raise TrainingError(f"{len(X)} sentences, {len(labels)} labels", "give one label each")
        features, articles = self._features(X)
        recipe = HeadRecipe(kind=self.kind, groups=self.groups, C=self.C)
        fitted = fit_head(
            FeatureTable.build(features),
            np.arange(len(labels)),
            np.array(articles),
            labels.astype(str),
            recipe,
            self.min_articles,
            self.seed,
        )
        self.head_ = fitted.head
        self.classes_ = np.unique(labels)
        self.n_features_in_ = 1
        return self

    def predict_proba(self, X: Sequence[Any]) -> NDArray[np.float64]:
        """Return (n, c) probabilities, columns as in `classes_`."""
        check_is_fitted(self, "head_")
        features, _ = self._features(X)
        # The head sorts its classes as text: "10" before "2".
        order = [self.head_.classes.index(name) for name in self.classes_.astype(str)]
        return self.head_.probabilities(self.head_.index.rows(features))[:, order]

    def predict(self, X: Sequence[Any]) -> NDArray[Any]:
        """Return the (n,) most probable labels."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def _features(self, X: Sequence[Any]) -> tuple[FeatureRows, list[int]]:
        """Return the features and the article number of every row."""
        if isinstance(X, str):
            raise TrainingError("one text in place of a list of sentences", "give a list")
        documents = list(_group(X))
        reading = Analyser.load(self.model).read(documents)
        return reading.features, reading.batch.sentence_document.tolist()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def _group(X: Sequence[Any]) -> list[Document]:
    """Join consecutive rows of one article; rows without an article stand alone."""
    rows = [
        (row, f"row {number}") if isinstance(row, str) else (str(row[0]), str(row[1]))
        for number, row in enumerate(X)
    ]
    return [
        join_sentences([text for text, _ in group], id=key)
        for key, group in groupby(rows, key=lambda row: row[1])
    ]

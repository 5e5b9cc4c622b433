"""Sentence classifiers in prediction: plain arrays, row by row, so that batches do not matter.

scikit-learn fits them (`training`); a closed list of estimators can be exported: multinomial
logistic regression, linear SVM with sigmoid calibration, and a small MLP.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from attribution.feature_rows import FeatureRows
from attribution.tokens import Ints

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]


@dataclass(frozen=True)
class SparseRows:
    """Binary features of n sentences: columns of row i are ``columns[ptr[i]:ptr[i + 1]]``."""

    columns: Ints
    ptr: Ints

    def __len__(self) -> int:
        return len(self.ptr) - 1

    def __getitem__(self, row: int) -> Ints:
        """Return the columns of one row."""
        return self.columns[self.ptr[row] : self.ptr[row + 1]]

    def times(self, weights: NDArray[np.floating]) -> Floats:
        """Return rows @ weights, summed in a fixed order for each row."""
        result = np.zeros((len(self), weights.shape[1]))
        filled = np.flatnonzero(np.diff(self.ptr))
        if len(filled):
            values = weights.take(self.columns, axis=0).astype(np.float64)
            result[filled] = np.add.reduceat(values, self.ptr[:-1][filled], axis=0)
        return result


@dataclass(frozen=True)
class FeatureIndex:
    """The features that a classifier knows, and the groups it reads."""

    groups: str
    names: tuple[str, ...]

    @cached_property
    def columns(self) -> dict[str, int]:
        """Feature name to column."""
        return {name: column for column, name in enumerate(self.names)}

    def rows(self, features: FeatureRows) -> SparseRows:
        """Turn named features into sparse rows of sorted columns; unknown ones are dropped."""
        found = map(self.columns.get, features.names, repeat(-1))
        columns = np.fromiter(found, np.int64, len(features.names))
        column = columns.take(features.code)
        known = np.flatnonzero(column >= 0)
        width = max(len(self.names), 1)
        cells = np.sort(features.row.take(known) * width + column.take(known))
        cells = cells.take(np.flatnonzero(np.diff(cells, prepend=-1)))
        ptr = np.searchsorted(cells, np.arange(features.n_rows + 1) * width)
        return SparseRows(cells % width, ptr)


class FeatureSpace:
    """The features of several classifiers together, so that names are looked up once.

    Parameters
    ----------
    indexes : mapping of str to FeatureIndex
        By classifier.
    """

    def __init__(self, indexes: Mapping[str, FeatureIndex]) -> None:
        every = sorted({name for index in indexes.values() for name in index.names})
        self.index = FeatureIndex("", tuple(every))
        self._columns = {
            key: np.array([index.columns.get(name, -1) for name in every] or [-1], np.int64)
            for key, index in indexes.items()
        }

    def narrow(self, rows: SparseRows, key: str) -> SparseRows:
        """Return rows of `index` as rows of one classifier."""
        columns = self._columns[key].take(rows.columns)
        known = np.flatnonzero(columns >= 0)
        return SparseRows(columns.take(known), np.searchsorted(known, rows.ptr))


@dataclass(frozen=True)
class Head:
    """One fitted classifier; c classes, f features.

    Attributes
    ----------
    kind : {"logistic", "svm", "mlp"}
    weights : tuple of (in, out) float32
        One matrix for the linear kinds, two for the MLP.
    biases : tuple of (out,) float32
    sigmoid : (c, 2) float32 or None
        Platt's slope and offset per class, for the SVM (Platt 1999).
    temperature : float
        Divides the scores before the softmax (Guo et al. 2017).
    """

    kind: str
    classes: tuple[str, ...]
    index: FeatureIndex
    weights: tuple[Weights, ...]
    biases: tuple[Weights, ...]
    sigmoid: Weights | None = None
    temperature: float = 1.0

    def scores(self, rows: SparseRows) -> Floats:
        """Return (n, c) decision scores."""
        values = rows.times(self.weights[0]) + self.biases[0]
        for weights, biases in zip(self.weights[1:], self.biases[1:], strict=True):
            hidden = np.maximum(values, 0.0)
            # An explicit sum: a BLAS product may round differently for another batch size.
            values = (hidden[:, :, None] * weights.astype(np.float64)).sum(axis=1) + biases
        return values

    def probabilities(self, rows: SparseRows) -> Floats:
        """Return (n, c) calibrated probabilities; rows sum to 1."""
        scores = self.scores(rows)
        if self.kind == "svm":
            assert self.sigmoid is not None
            raw = _logistic(-(self.sigmoid[:, 0] * scores + self.sigmoid[:, 1]))
            if raw.shape[1] == 1:
                return np.hstack([1.0 - raw, raw])
            return np.asarray(raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-12))
        scores = scores / self.temperature
        if scores.shape[1] == 1:
            positive = _logistic(scores)
            return np.hstack([1.0 - positive, positive])
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def _logistic(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)) without overflow: beyond 36 it is 0 or 1 in double precision."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -700.0, 700.0))))

"""A linear-chain CRF over tokens, decoded in NumPy.

python-crfsuite fits the weights (Lafferty, McCallum & Pereira 2001); here they are plain arrays.
All sentences of a batch are decoded side by side, one step per token position, and every operation
works row by row, so that results do not depend on the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.tokens import Ints

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Tagger:
    """A fitted CRF; t templates, m tags.

    Attributes
    ----------
    tags : tuple of str
        The tag names.
    offsets : (t + 1,) int
        Rows ``offsets[k]:offsets[k + 1]`` of `weights` belong to template k.
    weights : (f, m) float32
        Weight of every feature for every tag.
    transitions : (m, m) float64
        ``transitions[i, j]``: from tag i to tag j.
    """

    tags: tuple[str, ...]
    offsets: Ints
    weights: Weights
    transitions: Floats

    def emissions(self, columns: list[Ints]) -> Floats:
        """Return (n, m) scores of each tag from one feature value per token and template."""
        if len(columns) != len(self.offsets) - 1:
            raise ValueError(f"{len(columns)} templates, the tagger has {len(self.offsets) - 1}")
        scores = np.zeros((len(columns[0]), len(self.tags)), np.float32)
        for offset, column in zip(self.offsets.tolist(), columns, strict=False):
            scores += np.take(self.weights, column + offset, axis=0)
        return scores.astype(np.float64)

    def best_path(self, emissions: Floats, ptr: Ints) -> Ints:
        """Return the (n,) best tags (Viterbi); `ptr` holds the token ranges of the sentences."""
        steps = _Steps(ptr)
        best = np.empty_like(emissions)
        back = np.zeros(emissions.shape, np.int64)
        for rows, previous in steps.forward():
            if previous is None:
                best[rows] = emissions[rows]
                continue
            paths = best[previous][:, :, None] + self.transitions
            back[rows] = paths.argmax(axis=1)
            best[rows] = paths.max(axis=1) + emissions[rows]
        path = np.zeros(len(emissions), np.int64)
        for rows, following, has_next in steps.backward():
            path[rows] = best[rows].argmax(axis=1)
            path[rows[has_next]] = back[following, path[following]]
        return path

    def marginals(self, emissions: Floats, ptr: Ints) -> Floats:
        """Return (n, m) tag probabilities by the forward-backward algorithm; rows sum to 1."""
        steps = _Steps(ptr)
        local = np.exp(emissions - emissions.max(axis=1, keepdims=True, initial=-np.inf))
        step = np.exp(self.transitions)
        alpha, beta = np.empty_like(local), np.ones_like(local)
        for rows, previous in steps.forward():
            values = local[rows]
            if previous is not None:
                values *= (alpha[previous][:, :, None] * step).sum(axis=1)
            alpha[rows] = values / values.sum(axis=1, keepdims=True)
        for rows, following, has_next in steps.backward():
            reached = (local[following] * beta[following])[:, None, :] * step
            values = reached.sum(axis=2)
            beta[rows[has_next]] = values / values.sum(axis=1, keepdims=True)
        product = alpha * beta
        return np.asarray(product / product.sum(axis=1, keepdims=True))


class _Steps:
    """Walks all sentences side by side, longest first, so that no step touches padding."""

    def __init__(self, ptr: Ints) -> None:
        lengths = np.diff(ptr)
        order = np.argsort(-lengths, kind="stable")
        self.starts, self.lengths = ptr[:-1][order], lengths[order]
        self.size = int(lengths.max(initial=0))
        # active[k]: how many sentences are longer than k tokens
        self.active = np.searchsorted(-self.lengths, -np.arange(self.size), side="left")

    def forward(self) -> Iterator[tuple[Ints, Ints | None]]:
        """Yield (token rows at step k, rows at step k - 1 or None)."""
        for k in range(self.size):
            rows = self.starts[: self.active[k]] + k
            yield rows, (rows - 1 if k else None)

    def backward(self) -> Iterator[tuple[Ints, Ints, NDArray[np.bool_]]]:
        """Yield (rows at step k, rows at k + 1 of those that go on, which of them do)."""
        for k in reversed(range(self.size)):
            rows = self.starts[: self.active[k]] + k
            goes_on = self.active[k + 1] if k + 1 < self.size else 0
            has_next = np.arange(len(rows)) < goes_on
            yield rows, rows[has_next] + 1, has_next

"""A linear-chain CRF over tokens, decoded in NumPy.

`attribution.training.crf` fits the weights (Lafferty, McCallum & Pereira 2001).
All sentences of a batch are decoded side by side, one step per token position. The arrays of the
recursions hold a row per tag and a column per token, and every operation works column by column, so
that results do not depend on the batch.
"""

from __future__ import annotations

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
        for start, stop, column in zip(self.offsets, self.offsets[1:], columns, strict=False):
            scores += self.weights[start:stop].take(column, axis=0)
        return scores.astype(np.float64)

    def best_path(self, emissions: Floats, ptr: Ints) -> Ints:
        """Return the (n,) best tags (Viterbi); `ptr` holds the token ranges of the sentences."""
        steps = Steps(ptr)
        best = emissions[steps.tokens].T.copy()
        for before, now in steps.pairs:
            reached = best[:, None, before] + self.transitions[:, :, None]
            best[:, now] += np.maximum.reduce(reached)
        # Backwards no pointers are needed: what leads to the tag taken is the best before it.
        for before, now in reversed(steps.pairs):
            best[:, before] += self.transitions[:, best[:, now].argmax(axis=0)]
        path = np.zeros(len(emissions), np.int64)
        path[steps.tokens] = best.argmax(axis=0)
        return path

    def marginals(self, emissions: Floats, ptr: Ints) -> Floats:
        """Return (n, m) tag probabilities by the forward-backward algorithm; rows sum to 1."""
        steps = Steps(ptr)
        local = emissions[steps.tokens].T.copy()
        local -= local.max(axis=0)
        np.exp(local, out=local)
        onward = np.exp(self.transitions)
        alpha = forward(local, onward, steps)
        alpha *= backward(local, onward, steps)
        # Row by row: `alpha.sum(axis=0)` would add a single column in another order than many.
        alpha /= sum(alpha)
        found = np.empty_like(alpha)
        found[:, steps.tokens] = alpha
        return found.T


def forward(local: Floats, onward: Floats, steps: Steps) -> Floats:
    """Return the (m, n) forward scores, every column up to a factor.

    Parameters
    ----------
    local : (m, n) float
        Exponentials of the emissions, in the order of `steps`.
    onward : (m, m) float
        Exponentials of the transitions.
    """
    alpha = local.copy()
    for before, now in steps.pairs:
        alpha[:, now] *= _advance(alpha[:, before], onward)
    return alpha


def backward(local: Floats, onward: Floats, steps: Steps) -> Floats:
    """Return the (m, n) backward scores, every column up to a factor; see `forward`."""
    beta, back = np.ones_like(local), onward.T.copy()
    for before, now in reversed(steps.pairs):
        beta[:, before] = _advance(local[:, now] * beta[:, now], back)
    return beta


def _advance(values: Floats, step: Floats) -> Floats:
    """Take one step from every tag to every tag; scaled, lest long sentences underflow."""
    reached = np.einsum("is,ij->js", values, step)
    reached /= np.maximum.reduce(reached)
    return np.asarray(reached)


class Steps:
    """Lays the tokens of all sentences out step by step: the first tokens, the second ones, ...

    At every step the longest sentence comes first. So a step is a slice, those that it goes on from
    are the beginning of the slice before it, and nothing is padded.

    Attributes
    ----------
    tokens : (n,) int
        The token at each place.
    pairs : list of (slice, slice)
        For every step but the first, the places that it goes on from and its own.
    """

    def __init__(self, ptr: Ints) -> None:
        lengths = np.diff(ptr)
        order = np.argsort(-lengths, kind="stable")
        # The number of sentences that are longer than k tokens
        active = np.searchsorted(-lengths[order], -np.arange(lengths.max(initial=0)))
        bounds = np.append(0, np.cumsum(active))
        step = np.repeat(np.arange(len(active)), active)
        rank = np.arange(len(step)) - bounds[step]
        self.tokens: Ints = ptr[order[rank]] + step
        edges = bounds.tolist()
        self.pairs = [
            (slice(before, before + end - start), slice(start, end))
            for before, start, end in zip(edges, edges[1:], edges[2:], strict=False)
        ]

    @property
    def neighbours(self) -> tuple[Ints, Ints]:
        """The places of every token that has one before it in its sentence: that one's, its own."""
        places = np.arange(len(self.tokens))
        if not self.pairs:
            return places[:0], places[:0]
        before, now = zip(*self.pairs, strict=True)
        return (
            np.concatenate([places[part] for part in before]),
            np.concatenate([places[part] for part in now]),
        )

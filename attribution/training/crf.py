"""Fitting a linear-chain CRF: steps of AdaGrad over small batches of sentences, averaged.

The log-likelihood of the tags (Lafferty, McCallum & Pereira 2001) climbs by AdaGrad (Duchi, Hazan &
Singer 2011) with dropout of features (Srivastava et al. 2014); what counts in the end is the mean
of the weights after all steps but those of the first epoch (Polyak & Juditsky 1992). A step touches
only the weights of the features that its sentences hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from attribution.tagger import Floats, Steps, Weights, backward, forward
from attribution.tokens import Ints
from attribution.training.recipe import TaggerRecipe

#: Sentences that one step learns from.
BATCH = 64
#: Features that fewer tokens have are left out.
MIN_TOKENS = 2
# The squares of gradients begin here, not at 0: the first steps of a rare feature stay small, else
# it is learned by heart.
_DAMPING = 10.0


@dataclass(frozen=True)
class _Batch:
    """Some sentences, their tokens laid out step by step.

    Attributes
    ----------
    rows : (f,) int
        The weights of the features that these sentences hold.
    features : (k, f) sparse float32
        Which of those each token has.
    tags : (k,) int
    steps : Steps
    """

    rows: Ints
    features: sparse.csr_matrix
    tags: Ints
    steps: Steps

    def thin_out(self, share: float, rng: np.random.Generator) -> sparse.csr_matrix:
        """Return the features without a random share of them, the others raised accordingly."""
        whole = self.features
        kept = rng.random(whole.nnz, np.float32) >= share
        values = kept * np.float32(1 / (1 - share))
        return sparse.csr_matrix((values, whole.indices, whole.indptr), whole.shape)


def compute_gradients(
    emissions: Floats, transitions: Weights, tags: Ints, steps: Steps
) -> tuple[Weights, Weights]:
    """Return the gradients of the negative log-likelihood, the emissions' and the transitions'.

    Parameters
    ----------
    emissions : (m, n) float
        In the order of `steps`, as are the gold `tags`.

    Returns
    -------
    by_emissions : (n, m) float32
    by_transitions : (m, m) float32
    """
    local = np.exp(emissions - emissions.max(axis=0))
    onward = np.exp(transitions.astype(np.float64))
    alpha, beta = forward(local, onward, steps), backward(local, onward, steps)
    wrong = alpha * beta
    wrong /= wrong.sum(axis=0)
    wrong[tags, np.arange(len(tags))] -= 1.0
    before, after = steps.neighbours
    left, right = alpha[:, before], (local * beta)[:, after]
    left /= np.einsum("ip,ip->p", left, onward @ right)
    moves = (left @ right.T) * onward
    np.subtract.at(moves, (tags[before], tags[after]), 1.0)
    return wrong.T.astype(np.float32), moves.astype(np.float32)


class _Parameters:
    """Parameters under AdaGrad, and what their mean over the steps differs by."""

    def __init__(self, rows: int, columns: int) -> None:
        self.now: Weights = np.zeros((rows, columns), np.float32)
        self._squares = np.full_like(self.now, _DAMPING)
        self._late = np.zeros_like(self.now)
        self._steps = 0

    def step(self, rows: Ints | slice, gradient: Weights, rate: float) -> None:
        """Take a step down in some rows."""
        squares = self._squares[rows] + gradient * gradient
        change = -rate * gradient / np.sqrt(squares)
        self._squares[rows] = squares
        self.now[rows] += change
        # A change that comes late stands in few of the weights that are averaged.
        self._late[rows] += self._steps * change
        self._steps += 1

    def forget(self) -> None:
        """Let the mean begin here."""
        self._late[:] = 0
        self._steps = 0

    def mean(self) -> Weights:
        """Return the mean of the parameters after each step."""
        return np.asarray(self.now - self._late / np.float32(self._steps))


def fit_crf(
    ptr: Ints,
    sentences: Ints,
    codes: Ints,
    n_weights: int,
    gold: Ints,
    tags: tuple[str, ...],
    recipe: TaggerRecipe,
) -> tuple[Weights, Weights]:
    """Fit a CRF; the same input gives the same weights.

    Parameters
    ----------
    ptr : (s + 1,) int
        The token ranges of all sentences.
    sentences : (k,) int
        Those to learn from; one that stands twice counts twice.
    codes : (n, t) int
        The rows of the weights that each token's features have, -1 for none.
    gold : (n,) int
        The tag of each token.

    Returns
    -------
    weights : (n_weights, m) float32
    transitions : (m, m) float32
    """
    rng = np.random.default_rng(0)
    batches = list(_lay_out(ptr, rng.permutation(sentences), codes, n_weights, gold))
    weights = _Parameters(n_weights, len(tags))
    transitions = _Parameters(len(tags), len(tags))
    for epoch in range(recipe.epochs):
        if epoch == 1:
            weights.forget()
            transitions.forget()
        for k in rng.permutation(len(batches)).tolist():
            chosen = batches[k]
            rows, features = chosen.rows, chosen.thin_out(recipe.dropout, rng)
            present = weights.now[rows]
            emissions = np.asarray(features @ present, np.float64).T
            wrong, moves = compute_gradients(emissions, transitions.now, chosen.tags, chosen.steps)
            weights.step(rows, features.T @ wrong + recipe.l2 * present, recipe.rate)
            transitions.step(slice(None), moves, recipe.rate)
    return weights.mean(), transitions.mean()


def _lay_out(
    ptr: Ints, sentences: Ints, codes: Ints, n_weights: int, gold: Ints
) -> Iterator[_Batch]:
    """Cut shuffled sentences into batches."""
    sentences = sentences[np.diff(ptr)[sentences] > 0]
    counts = np.bincount(codes[_tokens(ptr, sentences)].ravel() + 1, minlength=n_weights + 1)[1:]
    # Row -1 of the codes, "none", meets the last entry here.
    kept = np.append(counts >= MIN_TOKENS, False)
    for first in range(0, len(sentences), BATCH):
        chosen = sentences[first : first + BATCH]
        steps = Steps(np.append(0, np.cumsum(np.diff(ptr)[chosen])))
        tokens = _tokens(ptr, chosen)[steps.tokens]
        present = kept[codes[tokens]]
        rows, columns = np.unique(codes[tokens][present], return_inverse=True)
        ends = np.append(0, np.cumsum(present.sum(axis=1)))
        features = sparse.csr_matrix(
            (np.ones(len(columns), np.float32), columns.astype(np.int32), ends),
            (len(tokens), len(rows)),
        )
        yield _Batch(rows, features, gold[tokens], steps)


def _tokens(ptr: Ints, sentences: Ints) -> Ints:
    """Return the tokens of some sentences in order."""
    spans: Sequence[Ints] = [np.arange(ptr[s], ptr[s + 1]) for s in sentences.tolist()]
    return np.concatenate(spans) if spans else np.zeros(0, np.int64)

"""Fitting a CRF: the gradient is the likelihood's, and what is to be learned is learned."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from attribution.errors import TrainingError
from attribution.tagger import Steps, Tagger
from attribution.tokens import Ints
from attribution.training.crf import compute_gradients, fit_crf
from attribution.training.recipe import TaggerRecipe

TAGS = ("O", "B", "I")
RECIPE = TaggerRecipe(epochs=20, rate=0.5, l2=0.0, dropout=0.0)


def log_likelihood(
    emissions: np.ndarray, transitions: np.ndarray, ptr: list[int], gold: Ints
) -> float:
    """By going through every path of every sentence."""
    total = 0.0
    for start, end in itertools.pairwise(ptr):
        scores = {
            path: sum(emissions[start + k, tag] for k, tag in enumerate(path))
            + sum(transitions[a, b] for a, b in itertools.pairwise(path))
            for path in itertools.product(range(len(TAGS)), repeat=end - start)
        }
        total += scores[tuple(gold[start:end].tolist())]
        total -= float(np.logaddexp.reduce(list(scores.values())))
    return total


def test_the_gradient_is_that_of_the_likelihood() -> None:
    rng = np.random.default_rng(0)
    ptr = [0, 4, 5, 8]
    emissions, transitions = rng.normal(size=(8, 3)), rng.normal(size=(3, 3))
    gold = rng.integers(0, 3, 8)
    steps = Steps(np.array(ptr))
    by_emissions, by_transitions = compute_gradients(
        emissions[steps.tokens].T, transitions.astype(np.float32), gold[steps.tokens], steps
    )
    h = 1e-4
    for place, token in enumerate(steps.tokens.tolist()):
        for tag in range(3):
            moved = emissions.copy()
            moved[token, tag] += h
            up = log_likelihood(moved, transitions, ptr, gold)
            moved[token, tag] -= 2 * h
            slope = (up - log_likelihood(moved, transitions, ptr, gold)) / (2 * h)
            assert by_emissions[place, tag] == pytest.approx(-slope, abs=1e-3)
    for a, b in itertools.product(range(3), repeat=2):
        moved = transitions.copy()
        moved[a, b] += h
        up = log_likelihood(emissions, moved, ptr, gold)
        moved[a, b] -= 2 * h
        slope = (up - log_likelihood(emissions, moved, ptr, gold)) / (2 * h)
        assert by_transitions[a, b] == pytest.approx(-slope, abs=1e-3)


def make_sentences(number: int) -> tuple[Ints, Ints, Ints]:
    """Sentences "x b y y x": what follows b is inside, which only the transition can tell."""
    rng = np.random.default_rng(1)
    codes, gold, ends = [], [], [0]
    for _ in range(number):
        before, length = rng.integers(0, 3), rng.integers(1, 3)
        codes += [0] * before + [1] + [2] * length + [0]
        gold += [0] * before + [1] + [2] * length + [0]
        codes += [2]
        gold += [0]  # the same word outside
        ends.append(len(codes))
    return np.array(codes)[:, None], np.array(gold), np.array(ends)


def fit(codes: Ints, gold: Ints, ptr: Ints, sentences: Ints | None = None) -> Tagger:
    chosen = np.arange(len(ptr) - 1) if sentences is None else sentences
    weights, transitions = fit_crf(ptr, chosen, codes, 4, gold, TAGS, RECIPE)
    return Tagger(TAGS, np.array([0, 4]), weights, transitions.astype(np.float64))


def test_words_and_neighbours_are_learned() -> None:
    codes, gold, ptr = make_sentences(300)
    tagger = fit(codes, gold, ptr)
    path = tagger.best_path(tagger.emissions([codes[:, 0]]), ptr)
    assert (path == gold).all()


def test_the_same_input_gives_the_same_weights() -> None:
    codes, gold, ptr = make_sentences(100)
    first, second = fit(codes, gold, ptr), fit(codes, gold, ptr)
    assert first.weights.tobytes() == second.weights.tobytes()
    assert first.transitions.tobytes() == second.transitions.tobytes()


def test_only_the_chosen_sentences_count() -> None:
    codes, gold, ptr = make_sentences(100)
    spoilt = gold.copy()
    spoilt[ptr[50] :] = 0
    chosen = np.arange(50)
    whole, half = fit(codes, gold, ptr, chosen), fit(codes, spoilt, ptr, chosen)
    assert whole.weights.tobytes() == half.weights.tobytes()


def test_what_one_token_has_and_what_none_has_weigh_nothing() -> None:
    codes, gold, ptr = make_sentences(100)
    codes = np.hstack([codes, np.full_like(codes, -1)])
    codes[0, 1] = 3  # one token's own
    weights, _ = fit_crf(ptr, np.arange(100), codes, 4, gold, TAGS, RECIPE)
    assert not weights[3].any() and weights[:3].any()


def test_empty_sentences_are_passed_over() -> None:
    codes, gold, ptr = make_sentences(20)
    with_empty = np.insert(ptr, 3, ptr[3])
    tagger = fit(codes, gold, with_empty)
    assert np.isfinite(tagger.weights).all() and tagger.weights.any()


@pytest.mark.parametrize("settings", [{"epochs": 1}, {"dropout": 1.0}, {"dropout": -0.1}])
def test_settings_that_cannot_be(settings: dict[str, Any]) -> None:
    with pytest.raises(TrainingError):
        replace(RECIPE, **settings)

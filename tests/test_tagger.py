"""The CRF decoder against brute force: every path of small random taggers, enumerated."""

from __future__ import annotations

from itertools import pairwise, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.tagger import Floats, Tagger
from attribution.tokens import Ints

Case = tuple[Tagger, Floats, Ints]


def make_tagger(transitions: Floats, sizes: tuple[int, ...] = (1,)) -> Tagger:
    count = len(transitions)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    weights = np.zeros((int(offsets[-1]), count), np.float32)
    return Tagger(tuple(f"T{k}" for k in range(count)), offsets, weights, transitions)


@st.composite
def cases(draw: st.DrawFn, scale: float = 3.0, most_tags: int = 3) -> Case:
    """A tagger of few tags, and emissions for up to 4 sentences of up to 4 tokens."""
    tags = draw(st.integers(1, most_tags))
    lengths = draw(st.lists(st.integers(0, 4), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ptr = np.concatenate(([0], np.cumsum(lengths)))
    emissions = rng.normal(0.0, scale, (int(ptr[-1]), tags))
    return make_tagger(rng.normal(0.0, scale, (tags, tags))), emissions, ptr


def path_scores(tagger: Tagger, emissions: Floats) -> dict[tuple[int, ...], float]:
    """Score every path through one sentence."""
    scores = {}
    for path in product(range(len(tagger.tags)), repeat=len(emissions)):
        score = sum(emissions[k, tag] for k, tag in enumerate(path))
        score += sum(tagger.transitions[pair] for pair in pairwise(path))
        scores[path] = float(score)
    return scores


def sentences(ptr: Ints) -> list[slice]:
    return [slice(a, b) for a, b in zip(ptr[:-1].tolist(), ptr[1:].tolist(), strict=True) if a < b]


@settings(deadline=None)
@given(cases())
def test_best_path_is_the_best_of_all_paths(case: Case) -> None:
    tagger, emissions, ptr = case
    found = tagger.best_path(emissions, ptr)
    for tokens in sentences(ptr):
        scores = path_scores(tagger, emissions[tokens])
        assert tuple(found[tokens].tolist()) == max(scores, key=lambda path: scores[path])


@settings(deadline=None)
@given(cases())
def test_marginals_are_sums_over_all_paths(case: Case) -> None:
    tagger, emissions, ptr = case
    found = tagger.marginals(emissions, ptr)
    for tokens in sentences(ptr):
        scores = path_scores(tagger, emissions[tokens])
        expected = np.zeros((tokens.stop - tokens.start, len(tagger.tags)))
        for path, score in scores.items():
            expected[np.arange(len(path)), path] += np.exp(score)
        expected /= expected.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(found[tokens], expected, rtol=0, atol=1e-12)


@settings(deadline=None)
@given(cases(most_tags=9), st.randoms(use_true_random=False))
def test_results_do_not_depend_on_the_batch(case: Case, random: Random) -> None:
    tagger, emissions, ptr = case
    path, marginals = tagger.best_path(emissions, ptr), tagger.marginals(emissions, ptr)
    order = sentences(ptr)
    random.shuffle(order)
    for tokens in order:
        rows = emissions[tokens]
        alone = np.array([0, len(rows)])
        assert tagger.best_path(rows, alone).tobytes() == path[tokens].tobytes()
        assert tagger.marginals(rows, alone).tobytes() == marginals[tokens].tobytes()
    if order:
        shuffled = np.concatenate([emissions[tokens] for tokens in order])
        bounds = np.concatenate(([0], np.cumsum([t.stop - t.start for t in order])))
        again = np.concatenate([marginals[tokens] for tokens in order])
        assert tagger.marginals(shuffled, bounds).tobytes() == again.tobytes()


def test_marginals_of_a_long_sentence_stay_finite() -> None:
    rng = np.random.default_rng(0)
    tagger = make_tagger(rng.normal(0.0, 5.0, (4, 4)))
    emissions = rng.normal(0.0, 60.0, (5000, 4))
    found = tagger.marginals(emissions, np.array([0, 5000]))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-12)


def test_nothing_to_tag() -> None:
    tagger = make_tagger(np.zeros((2, 2)))
    for ptr in (np.array([0]), np.array([0, 0, 0])):
        assert tagger.best_path(np.zeros((0, 2)), ptr).shape == (0,)
        assert tagger.marginals(np.zeros((0, 2)), ptr).shape == (0, 2)


def test_emissions_add_one_row_per_template() -> None:
    tagger = make_tagger(np.zeros((2, 2)), sizes=(2, 3))
    tagger.weights[:] = np.arange(10).reshape(5, 2)
    columns = [np.array([0, 1, 1]), np.array([2, 0, 1])]
    assert tagger.emissions(columns).tolist() == [[8.0, 10.0], [6.0, 8.0], [8.0, 10.0]]


def test_emissions_of_another_number_of_templates_are_refused() -> None:
    tagger = make_tagger(np.zeros((2, 2)), sizes=(2, 3))
    with pytest.raises(ValueError, match="1 templates, the tagger has 2"):
        tagger.emissions([np.array([0])])

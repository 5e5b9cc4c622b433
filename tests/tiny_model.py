"""A model small enough to build in a test: random weights, a vocabulary of six words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from attribution.antecedents import Antecedents
from attribution.classifier import FeatureIndex, Head
from attribution.finder import N_FIRST, SOURCE_TAGS, SPAN_TAGS, Finder
from attribution.labels import IDENTIFIED, LABELS
from attribution.model import Model, round_weights
from attribution.tagger import Tagger
from attribution.token_features import TokenTemplates, Vocabulary

VOCABULARY = Vocabulary(("agency", "official", "rain", "report", "said", "told"))
FEATURES = ("a cue=speech", "n -1 edge", "t none", "w ^ the", "w rain", "w said", "w é")


def make_tiny_model(
    *, spans: bool = True, kinds: tuple[str, ...] = ("logistic", "svm", "mlp"), seed: int = 0
) -> Model:
    """Return a model of random weights, rounded as they are saved."""
    rng = np.random.default_rng(seed)
    sources = _make_tagger(rng, SOURCE_TAGS, N_FIRST if spans else 0)
    finder = Finder(VOCABULARY, _make_tagger(rng, SPAN_TAGS, 0) if spans else None, sources)
    classes: dict[str, tuple[str, ...]] = {
        "attributed": ("no", "yes"),
        "type": tuple(sorted(LABELS[:-1])),
        "needs_source": ("no", "yes"),
        "identified": tuple(sorted(IDENTIFIED)),
        "hedged": ("no", "yes"),
    }
    heads = {
        name: _make_head(rng, kinds[number % len(kinds)], names)
        for number, (name, names) in enumerate(classes.items())
    }
    return Model(
        name="tiny",
        version="0",
        sha256="",
        finder=finder,
        antecedents=Antecedents({"def head": 1.5, "s3 new": -0.25}),
        heads=heads,
        labels=LABELS,
        intervals={"quantiles": {"low": -9.5, "high": 8.25}, "nominal": 0.9, "open_end": 1.5},
        meta={"recipe": "tiny", "articles": {"real": 0, "written": 3}, "ü": "ž"},
    )


def _make_tagger(rng: np.random.Generator, tags: tuple[str, ...], n_first: int) -> Tagger:
    offsets = np.concatenate(([0], np.cumsum(TokenTemplates(VOCABULARY, n_first).sizes())))
    weights = np.zeros((int(offsets[-1]), len(tags)), np.float32)
    used = rng.choice(len(weights), 5000, replace=False)
    weights[used] = round_weights(rng.normal(size=(len(used), len(tags))))
    transitions = rng.normal(size=(len(tags), len(tags))).astype(np.float32).astype(np.float64)
    return Tagger(tags, offsets, weights, transitions)


def _make_head(rng: np.random.Generator, kind: str, classes: tuple[str, ...]) -> Head:
    columns = 1 if len(classes) == 2 else len(classes)
    sizes = [len(FEATURES), 4, columns] if kind == "mlp" else [len(FEATURES), columns]
    layers = list(pairwise(sizes))
    return Head(
        kind=kind,
        classes=classes,
        index=FeatureIndex("watn", FEATURES),
        weights=tuple(round_weights(rng.normal(size=shape)).astype(np.float32) for shape in layers),
        biases=tuple(rng.normal(size=size).astype(np.float32) for _, size in layers),
        sigmoid=rng.normal(size=(columns, 2)).astype(np.float32) if kind == "svm" else None,
        temperature=1.0 if kind == "svm" else 1.25,
    )

"""Fitting the CRFs with python-crfsuite and exporting their weights to arrays."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pycrfsuite
from numpy.typing import NDArray

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.polnear import SpanArticle
from attribution.finder import SOURCE_TAGS, SPAN_TAGS
from attribution.tagger import Floats, Tagger
from attribution.tokens import Ints, TokenBatch
from attribution.training.recipe import TaggerRecipe

Span = tuple[int, int]


def fit_tagger(
    batch: TokenBatch,
    sentences: Ints,
    values: Sequence[Ints],
    sizes: Sequence[int],
    gold: Ints,
    tags: tuple[str, ...],
    recipe: TaggerRecipe,
) -> Tagger:
    """Fit a CRF on some sentences of a batch: the mean of a few short runs.

    Parameters
    ----------
    sentences : (k,) int
        The sentences to learn from.
    values : list of (n,) int
        The value of each template, `sizes` the number of its values.
    gold : (n,) int
        The tag of each token.
    """
    names = [[f"{k}:{v}" for v in range(int(v.max(initial=0)) + 1)] for k, v in enumerate(values)]
    table = np.stack(values, axis=1)
    trainer = pycrfsuite.Trainer(algorithm="l2sgd", verbose=False)
    trainer.set_params({"c2": recipe.l2, "max_iterations": recipe.iterations, "feature.minfreq": 2})
    for s in sentences.tolist():
        start, end = batch.sentence_ptr[s : s + 2].tolist()
        if start < end:
            items = [
                [names[k][v] for k, v in enumerate(row) if v] for row in table[start:end].tolist()
            ]
            trainer.append(items, [tags[tag] for tag in gold[start:end].tolist()])
    taggers = []
    for run in range(recipe.runs):
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "crf")
            _set_chance(run + 1)
            trainer.train(path)
            taggers.append(_export(path, tags, sizes))
    return mix_taggers(taggers)


def _set_chance(seed: int) -> None:
    """Seed CRFsuite's shuffling, so that no fit depends on those before it in the process.

    CRFsuite draws with the C library's `rand` and has no parameter for a seed. Windows keeps a
    state for each library, which cannot be reached from here.
    """
    if os.name == "posix":
        ctypes.CDLL(None).srand(seed)


def mix_taggers(taggers: Sequence[Tagger]) -> Tagger:
    """Return the mean of several taggers of one kind (parameter mixing, McDonald et al. 2010).

    The last step of stochastic gradient descent is noisy: a single tagger may find a tenth fewer
    sources than its neighbour. The mean of several runs is not. The final tagger is the mean of
    the folds' taggers, each of which has seen all articles but those of one fold.
    """
    weights = np.stack([tagger.weights for tagger in taggers]).mean(axis=0, dtype=np.float64)
    transitions = np.stack([tagger.transitions for tagger in taggers]).mean(axis=0)
    return _rounded(taggers[0].tags, taggers[0].offsets, weights, transitions)


def _rounded(
    tags: tuple[str, ...], offsets: Ints, weights: NDArray[np.floating], transitions: Floats
) -> Tagger:
    """Round as saved, so that training and prediction see the same tagger."""
    return Tagger(
        tags,
        offsets,
        weights.astype(np.float16).astype(np.float32),
        transitions.astype(np.float32).astype(np.float64),
    )


def _export(path: str, tags: tuple[str, ...], sizes: Sequence[int]) -> Tagger:
    """Read back the model that was just written here, and lay its weights out as arrays."""
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    info = tagger.info()
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    weights = np.zeros((int(offsets[-1]), len(tags)), np.float32)
    code = {tag: number for number, tag in enumerate(tags)}
    for (feature, tag), weight in info.state_features.items():
        template, value = feature.split(":")
        weights[offsets[int(template)] + int(value), code[tag]] = weight
    transitions = np.zeros((len(tags), len(tags)))
    for (before, after), weight in info.transitions.items():
        transitions[code[before], code[after]] = weight
    tagger.close()
    return _rounded(tags, offsets, weights, transitions)


def span_tags(batch: TokenBatch, articles: Sequence[SpanArticle]) -> Ints:
    """Return the (n,) gold tags of the first tagger; cues and sources override content."""
    gold = np.zeros(batch.n_tokens, np.int64)
    for number, article in enumerate(articles):
        base = int(batch.base[number])
        _mark(batch, gold, base, article.content, SPAN_TAGS.index("X"), None)
        _mark(batch, gold, base, article.source, SPAN_TAGS.index("IS"), SPAN_TAGS.index("BS"))
        _mark(batch, gold, base, article.cue, SPAN_TAGS.index("IC"), SPAN_TAGS.index("BC"))
    return gold


def source_tags(batch: TokenBatch, articles: Sequence[AnnotatedArticle]) -> Ints:
    """Return the (n,) gold tags of the second tagger."""
    gold = np.zeros(batch.n_tokens, np.int64)
    for number, article in enumerate(articles):
        base = int(batch.base[number])
        for sentence in article.sentences:
            if not sentence.attributed:
                continue
            whole = [(sentence.start, sentence.end)]
            _mark(batch, gold, base, whole, SOURCE_TAGS.index("A"), None)
            relays = [span for span in sentence.via if span[0] >= sentence.start]
            for spans, kind in (
                (relays, "V"),
                ([sentence.cue] if sentence.cue else [], "C"),
                ([sentence.source] if sentence.source else [], "S"),
            ):
                inside, begin = SOURCE_TAGS.index(f"I{kind}"), SOURCE_TAGS.index(f"B{kind}")
                _mark(batch, gold, base, spans, inside, begin)
    return gold


def _mark(
    batch: TokenBatch,
    gold: Ints,
    base: int,
    spans: Sequence[Span],
    inside: int,
    begin: int | None,
) -> None:
    for start, end in spans:
        first, last = token_range(batch, base, (start, end))
        if last > first:
            gold[first:last] = inside
            if begin is not None:
                gold[first] = begin


def token_range(batch: TokenBatch, base: int, span: Span) -> tuple[int, int]:
    """Return the tokens that a span of a document touches."""
    first = int(np.searchsorted(batch.end, span[0] + base, side="right"))
    last = int(np.searchsorted(batch.start, span[1] + base, side="left"))
    return first, last

"""Fitting the taggers, and their gold tags."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.polnear import SpanArticle
from attribution.finder import SOURCE_TAGS, SPAN_TAGS
from attribution.tagger import Tagger
from attribution.tokens import Ints, TokenBatch
from attribution.training.crf import fit_crf
from attribution.training.recipe import TaggerRecipe

Span = tuple[int, int]
Reals = NDArray[np.floating]


def fit_tagger(
    batch: TokenBatch,
    sentences: Ints,
    values: Sequence[Ints],
    sizes: Sequence[int],
    gold: Ints,
    tags: tuple[str, ...],
    recipe: TaggerRecipe,
) -> Tagger:
    """Fit a CRF on some sentences of a batch.

    Parameters
    ----------
    sentences : (k,) int
        The sentences to learn from.
    values : list of (n,) int
        The value of each template, `sizes` the number of its values.
    gold : (n,) int
        The tag of each token.
    """
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    # The value 0 says that nothing is known.
    codes = np.stack(
        [np.where(v > 0, v + start, -1) for v, start in zip(values, offsets, strict=False)], axis=1
    )
    weights, transitions = fit_crf(
        batch.sentence_ptr, sentences, codes.astype(np.int32), int(offsets[-1]), gold, tags, recipe
    )
    return _rounded(tags, offsets, weights, transitions)


def mix_taggers(taggers: Sequence[Tagger]) -> Tagger:
    """Return the mean of several taggers of one kind (parameter mixing, McDonald et al. 2010).

    The final tagger is the mean of the folds' taggers, each of which has seen all articles but
    those of one fold.
    """
    weights = np.stack([tagger.weights for tagger in taggers]).mean(axis=0, dtype=np.float64)
    transitions = np.stack([tagger.transitions for tagger in taggers]).mean(axis=0)
    return _rounded(taggers[0].tags, taggers[0].offsets, weights, transitions)


def _rounded(tags: tuple[str, ...], offsets: Ints, weights: Reals, transitions: Reals) -> Tagger:
    """Round as saved, so that training and prediction see the same tagger.

    Steps of 1/64 are lost in the noise of the folds, and make a third of the file.
    """
    steps = np.round(weights * np.float32(64)) / np.float32(64)
    return Tagger(
        tags,
        offsets,
        steps.astype(np.float16).astype(np.float32),
        transitions.astype(np.float32).astype(np.float64),
    )


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

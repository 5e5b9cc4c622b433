"""A yardstick free of our labels: the first tagger against PolNeAR's spans of later months.

It is trained once more, on the articles of the earlier months alone and with their vocabulary.
The figures say how well sources and cues are found at all, before any guideline of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from joblib import Memory

from attribution.corpus.polnear import SpanArticle
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.evaluation.alignment import Bools, Floats
from attribution.evaluation.resampling import divide, draw_weights, make_figure
from attribution.finder import SPAN_TAGS, read_spans
from attribution.lexicon import load_lexicon
from attribution.quotations import find_quotations
from attribution.tagger import Tagger
from attribution.token_features import TokenTemplates, build_columns
from attribution.tokens import Ints, TokenBatch, tokenize
from attribution.training.corpora import to_span_documents
from attribution.training.recipe import Recipe
from attribution.training.taggers import fit_tagger, span_tags
from attribution.training.vocabulary import build_vocabulary

#: How many of the last months are held out.
HELD_OUT = 2
RESAMPLES = 1000
_KINDS = {"source": "S", "cue": "C"}
_MONTH = re.compile(r"_(\d{4}-\d{2})-\d{2}_")


def measure_by_month(
    articles: Sequence[SpanArticle], recipe: Recipe, memory: Memory
) -> dict[str, Any]:
    """Score the first tagger on the last months after training it on those before.

    Returns
    -------
    dict
        ``trained_on``, the number of articles; ``months``, the figures of each held-out month;
        ``together``, those of all: ``articles`` and, for ``source`` and ``cue``, ``exact_f1`` and
        ``overlap_f1`` with their precisions and recalls.

    Raises
    ------
    CorpusError
        If an article's id holds no date, or no month is left to learn from.
    """
    month = np.array([_read_month(article) for article in articles])
    months = np.unique(month)
    if len(months) <= HELD_OUT:
        raise CorpusError(f"articles of {len(months)} months: none is left to learn from")
    held = np.isin(month, months[-HELD_OUT:])
    batch = tokenize(to_span_documents(articles))
    path = _tag(batch, span_tags(batch, articles), held, recipe, memory)
    found = {
        name: _by_document(batch, read_spans(batch, path, kind, SPAN_TAGS))
        for name, kind in _KINDS.items()
    }

    def measure(chosen: Ints) -> dict[str, Any]:
        pairs = {
            name: [(getattr(articles[k], name), found[name][k]) for k in chosen.tolist()]
            for name in _KINDS
        }
        figures = {name: score_span_lists(lists) for name, lists in pairs.items()}
        return {"articles": len(chosen), **figures}

    return {
        "trained_on": int((~held).sum()),
        "months": {str(m): measure(np.flatnonzero(month == m)) for m in months[-HELD_OUT:]},
        "together": measure(np.flatnonzero(held)),
    }


def _read_month(article: SpanArticle) -> str:
    match = _MONTH.search(article.id)
    if match is None:
        raise CorpusError(f"{article.id}: no date in the id")
    return match[1]


def _tag(batch: TokenBatch, gold: Ints, held: Bools, recipe: Recipe, memory: Memory) -> Ints:
    """Fit the first tagger on what is not held out; return the best tag of every token."""
    assert recipe.spans is not None
    vocabulary = build_vocabulary(batch, np.flatnonzero(~held), recipe.min_articles)
    hits, quotations = load_lexicon().match(batch), find_quotations(batch)
    templates = TokenTemplates(vocabulary)
    values = templates.values(batch, build_columns(batch, hits, quotations, vocabulary))
    sentences = np.flatnonzero(~held[batch.sentence_document])
    tagger: Tagger = memory.cache(fit_tagger)(
        batch, sentences, values, templates.sizes(), gold, SPAN_TAGS, recipe.spans
    )
    return tagger.best_path(tagger.emissions(values), batch.sentence_ptr)


def _by_document(batch: TokenBatch, spans: Ints) -> list[list[Span]]:
    """Turn token ranges into spans of characters within each document."""
    found: list[list[Span]] = [[] for _ in batch.documents]
    for first, last in spans.tolist():
        document = int(batch.sentence_document[batch.sentence[first]])
        base = int(batch.base[document])
        found[document].append((int(batch.start[first]) - base, int(batch.end[last - 1]) - base))
    return found


def score_span_lists(pairs: Iterable[tuple[Sequence[Span], Sequence[Span]]]) -> dict[str, Any]:
    """Score predicted spans against gold ones, micro-averaged, with intervals over articles.

    Parameters
    ----------
    pairs : iterable of (gold, predicted)
        The spans of each article; a span that stands twice counts once.

    Returns
    -------
    dict
        ``exact_f1``, ``overlap_f1``, and precision and recall of both. A span is right by overlap
        if it has a character in common with any of the other side.
    """
    tallies: dict[str, list[tuple[int, int, int, int]]] = {"exact": [], "overlap": []}
    for gold, predicted in pairs:
        wanted, found = sorted(set(gold)), sorted(set(predicted))
        exact = len({*wanted} & {*found})
        tallies["exact"].append((exact, len(found), exact, len(wanted)))
        tallies["overlap"].append(
            (_touching(found, wanted), len(found), _touching(wanted, found), len(wanted))
        )
    weights = draw_weights(len(tallies["exact"]), RESAMPLES, seed=0)
    figures: dict[str, Any] = {}
    for name, tally in tallies.items():
        figures.update(_figures(name, weights @ np.array(tally, np.float64)))
    return figures


def _touching(spans: Sequence[Span], others: Sequence[Span]) -> int:
    """Count the spans that have a character in common with any of the others."""
    return sum(
        any(max(start, first) < min(end, last) for first, last in others) for start, end in spans
    )


def _figures(name: str, totals: Floats) -> dict[str, Any]:
    right, found, reached, wanted = totals.T
    # The harmonic mean of precision and recall; 0, not undefined, where nothing is right.
    f1 = divide(
        2 * right * reached, np.maximum(right * wanted + reached * found, found + wanted > 0)
    )
    figures = {
        "precision": make_figure(divide(right, found), found[0]),
        "recall": make_figure(divide(reached, wanted), wanted[0]),
        "f1": make_figure(f1, wanted[0]),
    }
    return {f"{name}_{key}": figure.to_dict() for key, figure in figures.items()}

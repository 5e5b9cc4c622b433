"""Gold and predicted sentences side by side: what every measure counts on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attribution.analysis import Analysis, SentenceAnalysis
from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.errors import CorpusError, ModelError
from attribution.labels import LABELS, UNSOURCED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Aligned:
    """Every sentence of an evaluation, gold beside predicted; a articles, s sentences.

    Attributes
    ----------
    articles : tuple of AnnotatedArticle
        The gold articles.
    article : (s,) int
        The article that each sentence stands in.
    gold : tuple of AnnotatedSentence
        The annotation of each sentence.
    predicted : tuple of SentenceAnalysis
        What was read in each sentence.
    texts : tuple of str
        The words of each sentence.
    gold_label, predicted_label : (s,) int
        Indices into `LABELS`.
    """

    articles: tuple[AnnotatedArticle, ...]
    article: Ints
    gold: tuple[AnnotatedSentence, ...]
    predicted: tuple[SentenceAnalysis, ...]
    texts: tuple[str, ...]
    gold_label: Ints
    predicted_label: Ints

    @property
    def gold_attributed(self) -> Bools:
        """(s,) bool: whether the annotation attributes the sentence."""
        return _not_unsourced(self.gold_label)

    @property
    def predicted_attributed(self) -> Bools:
        """(s,) bool: whether the analysis attributes the sentence."""
        return _not_unsourced(self.predicted_label)

    @property
    def p_attributed(self) -> Floats:
        """(s,) float: predicted probability that the sentence is attributed."""
        return np.array([sentence.p_attributed for sentence in self.predicted])

    def tally(self, *columns: ArrayLike) -> Floats:
        """Sum columns of shape (s,) over the sentences of each article: (a, k) float."""
        size = len(self.articles)
        sums = [
            np.bincount(self.article, np.asarray(column, np.float64), minlength=size)
            for column in columns
        ]
        return np.stack(sums, axis=1)


def align(gold: Sequence[AnnotatedArticle], predicted: Sequence[Analysis]) -> Aligned:
    """Put annotations and analyses of the same articles side by side.

    Raises
    ------
    CorpusError
        If there is nothing to compare, or a text or its sentences differ; the error names the
        article.
    ModelError
        If the model knows other labels than the guidelines do.
    """
    if len(gold) != len(predicted):
        raise CorpusError(f"{len(gold)} annotated articles, but {len(predicted)} analyses")
    for article, analysis in zip(gold, predicted, strict=True):
        _check_same(article, analysis)
    sentences = [sentence for article in gold for sentence in article.sentences]
    if not sentences:
        raise CorpusError("no annotated sentence to evaluate", "give articles with sentences")
    found = [sentence for analysis in predicted for sentence in analysis.sentences]
    sizes = [len(article.sentences) for article in gold]
    return Aligned(
        articles=tuple(gold),
        article=np.repeat(np.arange(len(gold), dtype=np.int64), sizes),
        gold=tuple(sentences),
        predicted=tuple(found),
        texts=tuple(a.text[s.start : s.end] for a in gold for s in a.sentences),
        gold_label=_label_indices([sentence.label for sentence in sentences]),
        predicted_label=_label_indices([sentence.label for sentence in found]),
    )


def _check_same(article: AnnotatedArticle, analysis: Analysis) -> None:
    hint = "analyse each article with its annotated sentences"
    if article.text != analysis.document.text:
        raise CorpusError(f"{article.id}: annotation and analysis are of different texts", hint)
    wanted = [(sentence.start, sentence.end) for sentence in article.sentences]
    found = [(sentence.start, sentence.end) for sentence in analysis.sentences]
    if len(wanted) != len(found):
        raise CorpusError(
            f"{article.id}: {len(wanted)} annotated sentences, {len(found)} analysed", hint
        )
    for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
        if one != other:
            raise CorpusError(
                f"{article.id}: sentence {number} is {one[0]}-{one[1]} in the annotation, "
                f"{other[0]}-{other[1]} in the analysis",
                hint,
            )


def _not_unsourced(labels: Ints) -> Bools:
    attributed: Bools = labels != LABELS.index(UNSOURCED)
    return attributed


def _label_indices(labels: Sequence[str]) -> Ints:
    unknown = sorted(set(labels) - set(LABELS))
    if unknown:
        raise ModelError(
            f"label {unknown[0]!r} is none of the {len(LABELS)} labels of the guidelines",
            "evaluate a model that was trained with them",
        )
    return np.array([LABELS.index(label) for label in labels], np.int64)

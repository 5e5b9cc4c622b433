"""Evaluation: predicted analyses against annotated articles.

    evaluation = evaluate(articles, analyses)
    print(format_evaluation(evaluation))
    write_error_browser(articles, analyses, Path("errors.html"))

Every figure carries a bootstrap interval that resamples whole articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attribution.analysis import Analysis
from attribution.corpus.annotated import AnnotatedArticle
from attribution.evaluation.agencies import names_agency
from attribution.evaluation.alignment import align
from attribution.evaluation.baselines import score_baselines
from attribution.evaluation.breakdowns import ARTICLE_KEYS, break_down
from attribution.evaluation.browser import write_error_browser
from attribution.evaluation.calibration import score_calibration
from attribution.evaluation.classes import score_classes
from attribution.evaluation.details import (
    score_hedged,
    score_identified,
    score_manner,
    score_needs_source,
    score_subjects,
    score_unquoted,
)
from attribution.evaluation.hiding import draw_hidden, score_hidden
from attribution.evaluation.resampling import Figure, draw_weights
from attribution.evaluation.result import Evaluation
from attribution.evaluation.scores import score_scores
from attribution.evaluation.spans import score_linking, score_spans
from attribution.evaluation.summary import format_evaluation

__all__ = [
    "Evaluation",
    "Figure",
    "draw_hidden",
    "evaluate",
    "format_evaluation",
    "names_agency",
    "score_hidden",
    "write_error_browser",
]


def evaluate(
    gold: Sequence[AnnotatedArticle],
    predicted: Sequence[Analysis],
    *,
    bootstrap: int = 1000,
    seed: int = 0,
    mentions_agency: Callable[[str], bool] | None = None,
    keys: Sequence[str] = ARTICLE_KEYS,
    intervals: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Compare analyses with annotations of the same articles.

    Parameters
    ----------
    gold : sequence of AnnotatedArticle
        The annotation.
    predicted : sequence of Analysis
        In the same order, each made with the annotated sentences.
    bootstrap : int
        How often the articles are drawn anew; 0 for no intervals.
    seed : int
        Of the drawing.
    mentions_agency : callable, optional
        Whether a sentence names an intelligence agency, say `names_agency`. Without it
        the section ``subjects`` is left out.
    keys : sequence of str
        Keys of `AnnotatedArticle.meta` to break figures down by.
    intervals : mapping, optional
        Of the model that made the analyses (`Model.intervals`). Without it the section ``score``
        is left out.

    Raises
    ------
    CorpusError
        If there is nothing to compare, or a text or its sentences differ; the error names the
        article.
    ModelError
        If the model knows other labels than the guidelines do.
    """
    aligned = align(gold, predicted)
    weights = draw_weights(len(gold), bootstrap, seed)
    classes = score_classes(aligned, weights, aligned.predicted_label)
    calibration, reliability = score_calibration(aligned, weights)
    unquoted, threshold = score_unquoted(aligned, weights)
    figures = {
        "attributed": classes.attributed,
        "coarse": classes.coarse,
        "fine": classes.fine,
        "calibration": calibration,
        "needs_source": score_needs_source(aligned, weights),
        "identified": score_identified(aligned, weights),
        "hedged": score_hedged(aligned, weights),
        "manner": score_manner(aligned, weights),
        "spans": score_spans(aligned, weights),
        "unquoted": unquoted,
        "linking": score_linking(aligned, weights),
    }
    if mentions_agency is not None:
        figures["subjects"] = score_subjects(aligned, weights, mentions_agency)
    if intervals is not None:
        figures["score"] = score_scores(gold, predicted, weights, intervals)
    return Evaluation(
        articles=len(gold),
        sentences=len(aligned.gold),
        bootstrap=bootstrap,
        seed=seed,
        figures=figures,
        labels=classes.labels,
        macro_labels=classes.macro_labels,
        confusion=tuple(tuple(row) for row in classes.confusion.tolist()),
        reliability=reliability,
        unquoted_threshold=threshold,
        breakdowns=break_down(aligned, weights, keys),
        baselines=score_baselines(aligned, weights),
    )

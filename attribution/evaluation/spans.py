"""The words: source and cue spans, relays; and which sentences share a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from attribution.analysis import SentenceAnalysis
from attribution.corpus.annotated import AnnotatedSentence
from attribution.document import Span
from attribution.evaluation.alignment import Aligned, Floats
from attribution.evaluation.resampling import Figure, measure_counts

Relay = Span | str


def score_spans(aligned: Aligned, weights: Floats) -> dict[str, Figure]:
    """F1 of the spans in gold-attributed sentences.

    Returns
    -------
    dict of str to Figure
        ``source_exact_f1``, ``source_overlap_f1`` over the sentences with a gold source span,
        ``cue_exact_f1``, ``cue_overlap_f1`` over those with a gold cue; ``relay_f1`` over all
        gold-attributed sentences, as sets, so that a relay where there is none counts against it.
        An overlap is one character or more in common.

    Notes
    -----
    A sentence that the prediction does not attribute predicts no span.
    """
    figures: dict[str, Figure] = {}
    for name in ("source", "cue"):
        pairs = [
            (getattr(gold, name), predicted_span(found, name))
            for gold, found in zip(aligned.gold, aligned.predicted, strict=True)
        ]
        asked = np.array([gold is not None for gold, _ in pairs]) & aligned.gold_attributed
        found = asked & np.array([found is not None for _, found in pairs])
        for kind, match in (("exact", _equal), ("overlap", _overlap)):
            hits = found & np.array([match(gold, other) for gold, other in pairs])
            counts = measure_counts(weights, aligned.tally(hits, asked, found))
            figures[f"{name}_{kind}_f1"] = counts["f1"]
    figures["relay_f1"] = _score_relays(aligned, weights)
    return figures


def predicted_span(sentence: SentenceAnalysis, name: str) -> Span | None:
    """Return the predicted ``source`` or ``cue`` span, None where the sentence is unsourced."""
    if not sentence.attributed:
        return None
    if name == "cue":
        return sentence.cue
    return None if sentence.source is None else (sentence.source.start, sentence.source.end)


def _equal(one: Span | None, other: Span | None) -> bool:
    return one is not None and one == other


def _overlap(one: Span | None, other: Span | None) -> bool:
    if one is None or other is None:
        return False
    return max(one[0], other[0]) < min(one[1], other[1])


def gold_relays(sentence: AnnotatedSentence, text: str) -> list[Relay]:
    """Return what tells each gold relay of a sentence apart from others.

    A relay named in the sentence is its span. One that a running quotation carries on is its
    words: the annotation does not say at which of several earlier places they stand.
    """
    return _relays(sentence.via, sentence, text)


def predicted_relays(sentence: SentenceAnalysis, text: str) -> list[Relay]:
    """Return the same for the predicted relays."""
    if not sentence.attributed:
        return []
    return _relays(((via.start, via.end) for via in sentence.via), sentence, text)


def _relays(
    spans: Iterable[Span], sentence: AnnotatedSentence | SentenceAnalysis, text: str
) -> list[Relay]:
    return [
        (start, end)
        if sentence.start <= start and end <= sentence.end
        else text[start:end].casefold()
        for start, end in spans
    ]


def _score_relays(aligned: Aligned, weights: Floats) -> Figure:
    counts = np.zeros((len(aligned.gold), 3))
    for row in np.flatnonzero(aligned.gold_attributed).tolist():
        text = aligned.articles[aligned.article[row]].text
        gold = set(gold_relays(aligned.gold[row], text))
        found = set(predicted_relays(aligned.predicted[row], text))
        counts[row] = len(gold & found), len(gold), len(found)
    return measure_counts(weights, aligned.tally(*counts.T))["f1"]


def score_linking(aligned: Aligned, weights: Floats) -> dict[str, Figure]:
    """Pairwise precision, recall and F1 of shared sources, pooled over articles.

    A case is a pair of gold-attributed sentences of one article with the same source. A sentence
    without a number, gold or predicted, is a source of its own.
    """
    tally = np.zeros((len(aligned.articles), 3))
    rows: list[list[int]] = [[] for _ in aligned.articles]
    for row in np.flatnonzero(aligned.gold_attributed).tolist():
        rows[aligned.article[row]].append(row)
    for number, members in enumerate(rows):
        gold = [aligned.gold[row].source_id for row in members]
        found = [aligned.predicted[row].source_number for row in members]
        tally[number] = count_pairs(gold, found)
    return measure_counts(weights, tally)


def count_pairs(
    gold: Sequence[int | None], predicted: Sequence[int | None]
) -> tuple[int, int, int]:
    """Return how many pairs are joined in both, in the gold, in the prediction."""
    joint = Counter((g, p) for g, p in zip(gold, predicted, strict=True) if None not in (g, p))
    groups = (
        joint.values(),
        Counter(number for number in gold if number is not None).values(),
        Counter(number for number in predicted if number is not None).values(),
    )
    both, wanted, found = (sum(n * (n - 1) // 2 for n in sizes) for sizes in groups)
    return both, wanted, found

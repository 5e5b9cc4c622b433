"""Why a sentence has its label: its spans, its neighbours, the features that weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attribution.analysis import Analysis, SentenceAnalysis
from attribution.assembly import Reading
from attribution.classifier import Head
from attribution.document import Document
from attribution.labels import UNSOURCED
from attribution.pipeline import Analyser

#: How many features are shown for each classifier.
SHOWN = 10


@dataclass(frozen=True)
class Weight:
    """A feature of the sentence and what it adds to a class's score."""

    feature: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """What the classifiers saw in one sentence.

    Attributes
    ----------
    attributed : tuple of Weight
        For being attributed at all; empty where a model's own labels are told apart in one step.
    kind : tuple of Weight
        For the label named by `kind_name`: of an unsourced sentence, the likeliest type.
    """

    analysis: Analysis
    sentence: SentenceAnalysis
    attributed: tuple[Weight, ...]
    kind: tuple[Weight, ...]
    kind_name: str


def explain_sentence(analyser: Analyser, document: Document, number: int) -> Explanation:
    """Explain the label of one sentence of a document."""
    reading = analyser.read([document])
    analysis = next(analyser.analyse([document]))
    sentence = analysis.sentences[number]
    heads = analyser.model.heads
    probabilities = {k: v for k, v in sentence.probabilities.items() if k != UNSOURCED}
    kind_name = max(probabilities, key=lambda name: probabilities[name])
    if "label" in heads:
        weights = heaviest(heads["label"], reading, number, sentence.label)
        return Explanation(analysis, sentence, (), weights, sentence.label)
    return Explanation(
        analysis,
        sentence,
        heaviest(heads["attributed"], reading, number, "yes"),
        heaviest(heads["type"], reading, number, kind_name),
        kind_name,
    )


def heaviest(head: Head, reading: Reading, number: int, label: str) -> tuple[Weight, ...]:
    """Return the features of a sentence that weigh most for or against a class.

    For more than two classes the weight is the one of the class less the mean of the others. An MLP
    has no weight per feature: the tuple is empty.
    """
    if head.kind == "mlp":
        return ()
    columns = head.index.rows(reading.features)[number]
    table = head.weights[0][columns].astype(np.float64)
    if table.shape[1] == 1:
        values = table[:, 0] * (1.0 if head.classes[1] == label else -1.0)
    else:
        column = head.classes.index(label)
        others = np.delete(table, column, axis=1).mean(axis=1)
        values = table[:, column] - others
    order = np.argsort(-np.abs(values), kind="stable")[:SHOWN]
    return tuple(Weight(head.index.names[columns[k]], float(values[k])) for k in order)


def format_explanation(explanation: Explanation) -> str:
    """Return an explanation as plain text at 80 columns."""
    analysis, sentence = explanation.analysis, explanation.sentence
    text = analysis.document.text
    lines = [f"sentence {sentence.index}: {text[sentence.start : sentence.end]}", ""]
    lines.append(f"label      {sentence.label} ({sentence.probabilities[sentence.label]:.2f})")
    ranked = sorted(sentence.probabilities.items(), key=lambda item: -item[1])[:4]
    lines.append("others     " + ", ".join(f"{name} {value:.2f}" for name, value in ranked[1:]))
    lines.append(f"source     {analysis.words(sentence.source) if sentence.source else '-'}")
    lines.append(f"cue        {analysis.words(sentence.cue) if sentence.cue else '-'}")
    if sentence.source_number is not None:
        lines.append(f"identity   {analysis.source(sentence.source_number).name}")
    for relay in sentence.via:
        lines.append(f"via        {analysis.words(relay)}")
    lines.append(f"needs      {sentence.needs_source:.2f} (probability that it needs a source)")
    for offset in (-1, 1):
        other = sentence.index + offset
        if 0 <= other < len(analysis.sentences):
            side = "before" if offset < 0 else "after"
            lines.append(f"{side:<10} {analysis.sentences[other].label}")
    lines += _weights("for being attributed at all", explanation.attributed)
    lines += _weights(f"for {explanation.kind_name}", explanation.kind)
    return "\n".join(lines) + "\n"


def _weights(title: str, weights: Sequence[Weight]) -> list[str]:
    if not weights:
        return []
    return ["", f"what weighed {title}:"] + [f"  {w.weight:+6.2f}  {w.feature}" for w in weights]

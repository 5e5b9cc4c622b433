"""Edits of an analysis: the article as it would be read had its author mended something.

The effect of a finding is the score of such an edit less the score of the article.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.labels import UNSOURCED

_NAMED = {"named": 1.0, "described": 0.0, "anonymous": 0.0}
#: The type of a source that an edit adds. Types weigh nothing in a sourcing score, documents
#: aside, so any other would give the same effect.
_TYPE = "individual"


def name_source(analysis: Analysis, number: int) -> Analysis:
    """Return the article with a source named wherever it is used."""
    sentences = tuple(
        replace(sentence, identified=dict(_NAMED)) if sentence.source_number == number else sentence
        for sentence in analysis.sentences
    )
    sources = tuple(
        replace(source, identified="named") if source.number == number else source
        for source in analysis.sources
    )
    return replace(analysis, sentences=sentences, sources=sources)


def attribute(analysis: Analysis, indices: Iterable[int]) -> Analysis:
    """Return the article with sentences given one new source: named, first hand, not hedged.

    A sentence that is attributed already keeps its probability of being so; another is attributed
    for certain.
    """
    chosen = frozenset(indices)
    number = len(analysis.sources)
    sentences = tuple(
        _give_source(sentence, number) if sentence.index in chosen else sentence
        for sentence in analysis.sentences
    )
    sources = tuple(
        replace(source, sentences=tuple(s for s in source.sentences if s not in chosen))
        for source in analysis.sources
    )
    added = Source(number, "the source asked for", _TYPE, "named", sentences=tuple(sorted(chosen)))
    return replace(analysis, sentences=sentences, sources=(*sources, added))


def _give_source(sentence: SentenceAnalysis, number: int) -> SentenceAnalysis:
    attributed = sentence.p_attributed if sentence.attributed else 1.0
    return replace(
        sentence,
        label=_TYPE,
        probabilities={_TYPE: attributed, UNSOURCED: 1.0 - attributed},
        identified=dict(_NAMED),
        hedged=0.0,
        source_number=number,
        via=(),
    )

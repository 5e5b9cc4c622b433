"""The whole reading: results do not depend on the batch, and spans always are the words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.analysis import Analysis, Reference
from attribution.corpus.plain import read_plain
from attribution.document import Document
from attribution.labels import LABELS
from attribution.pipeline import BATCH_DOCUMENTS, Analyser
from attribution.sentences import join_sentences, split_text

ARTICLES = sorted((Path(__file__).parent.parent / "datasets" / "articles").glob("*.txt"))
PIECES = st.sampled_from(
    ["The NIS", "said", "told", "“", "”", '"', "'", ".", ". ", "He", "she", "Ann Holt", "Reuters",
     "reported", "\n", "according to", "Seoul", "Kyiv", "the agency", "(", ")", "’s", "It rained.",
     "citing", "\u2028", "😀", "U.S.", "p.m.", "İ", "-", "…"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map(" ".join) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=60
)
DOCUMENTS = TEXTS.map(split_text) | st.lists(TEXTS, max_size=4).map(join_sentences)


@cache
def load_analyser() -> Analyser:
    # No fixture: hypothesis would print it with every failing example.
    return Analyser.load("base")


def analyse(*documents: Document) -> list[Analysis]:
    return list(load_analyser().analyse(documents))


@settings(deadline=None, max_examples=60)
@given(st.lists(DOCUMENTS, min_size=2, max_size=4))
def test_documents_are_read_alike_alone_and_together(documents: list[Document]) -> None:
    assert analyse(*documents) == [analyse(document)[0] for document in documents]


def test_articles_are_read_alike_in_any_batch() -> None:
    documents = [split_text(read_plain(path).text) for path in ARTICLES[::8]]
    assert len(documents) > BATCH_DOCUMENTS  # several batches
    assert analyse(*documents) == analyse(*documents[::-1])[::-1]


@settings(deadline=None, max_examples=60)
@given(DOCUMENTS)
def test_spans_are_words_in_their_place(document: Document) -> None:
    (analysis,) = analyse(document)
    assert [(s.start, s.end) for s in analysis.sentences] == [
        (s.start, s.end) for s in document.sentences
    ]
    for sentence in analysis.sentences:
        assert sentence.label in LABELS
        assert sum(sentence.probabilities.values()) == pytest.approx(1.0, abs=1e-4)
        for span in (sentence.source, sentence.cue):
            if span is not None:
                start, end = ends_of(span)
                assert sentence.start <= start < end <= sentence.end
        for span in (sentence.source, sentence.cue, *sentence.via):
            if span is not None:
                assert document.words(ends_of(span)).strip()
    check_sources(analysis)


def ends_of(span: Reference | tuple[int, int]) -> tuple[int, int]:
    return (span.start, span.end) if isinstance(span, Reference) else span


def check_sources(analysis: Analysis) -> None:
    """Every number that is used is a source, and every mention stands in its sentence."""
    used = {s.source_number for s in analysis.sentences if s.source_number is not None}
    used |= {relay.source for s in analysis.sentences for relay in s.via}
    used |= {part.source for part in analysis.frame}
    assert used == set(range(len(analysis.sources)))
    for number, source in enumerate(analysis.sources):
        assert source.number == number
        for index, start, end in source.mentions:
            assert 0 <= start < end <= len(analysis.document.text)
            assert analysis.sentences[index].start <= start < analysis.sentences[index].end


def test_nothing_to_analyse() -> None:
    assert analyse() == []
    (analysis,) = analyse(join_sentences([]))
    assert analysis.sentences == () and analysis.sources == ()

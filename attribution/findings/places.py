"""Where hits are: the sentences that rules walk over, and the words that they report at."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.document import Span
from attribution.findings.rule import Hit

#: The content needs a source, as far as a rule relies on it.
NEEDED = 0.5


def used_sources(analysis: Analysis) -> Iterator[tuple[Source, list[SentenceAnalysis]]]:
    """Yield the sources that sentences rest on, with those sentences."""
    for source in analysis.sources:
        sentences = [analysis.sentences[index] for index in source.sentences]
        if sentences:
            yield source, sentences


def text_of(analysis: Analysis, sentence: SentenceAnalysis) -> str:
    """Return a sentence's text."""
    return analysis.document.text[sentence.start : sentence.end]


def passage_around(analysis: Analysis, index: int) -> str:
    """Return a sentence with its neighbours, on one line."""
    around = analysis.sentences[max(0, index - 1) : index + 2]
    return squeeze(" ".join(text_of(analysis, sentence) for sentence in around))


def source_words(analysis: Analysis, sentence: SentenceAnalysis) -> str:
    """Return the words that name a sentence's source, on one line; "" for none."""
    return "" if sentence.source is None else squeeze(analysis.words(sentence.source))


def squeeze(words: str) -> str:
    """Return words with single spaces between them."""
    return " ".join(words.split())


def weigh(sentences: list[SentenceAnalysis]) -> str:
    """Say how many sentences rest on a source, where it is more than the one shown."""
    return f"; {len(sentences)} sentences rest on it" if len(sentences) > 1 else ""


def source_span(sentence: SentenceAnalysis) -> Span:
    """Return the place of the words for the source, of the sentence where there are none."""
    source = sentence.source
    return (sentence.start, sentence.end) if source is None else (source.start, source.end)


def at_source(
    sentence: SentenceAnalysis, message: str, suggestion: str, mended: Analysis | None
) -> Hit:
    """Report at the words for the source, at the sentence where there are none."""
    return Hit(sentence.index, *source_span(sentence), message, suggestion, mended)


def at_words(
    sentence: SentenceAnalysis, words: Span, message: str, suggestion: str, mended: Analysis | None
) -> Hit:
    """Report at words given as offsets into the sentence."""
    start, end = (sentence.start + offset for offset in words)
    return Hit(sentence.index, start, end, message, suggestion, mended)

"""Rules on claims that nobody, or nobody in particular, answers for."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.analysis import Analysis, SentenceAnalysis
from attribution.document import Span
from attribution.findings.mending import attribute
from attribution.findings.places import (
    NEEDED,
    at_source,
    at_words,
    passage_around,
    source_words,
    text_of,
    used_sources,
    weigh,
)
from attribution.findings.rule import Hit
from attribution.labels import UNIDENTIFIED
from attribution.wording import (
    find_accusation,
    find_hearsay_passive,
    find_hedge,
    find_large_figure,
    find_passive,
    find_quotations,
    gives_answer,
    gives_basis,
    is_service_at_large,
    speaks_of_polls,
)

#: A hearsay passive is asked about only where more than an even chance says that it needs a source.
NEEDED_PASSIVE = 0.6
#: A figure is asked about only where the content surely needs a source and surely has none.
NEEDED_FIGURE, ATTRIBUTED_FIGURE = 0.8, 0.1
#: A quotation is speech, not a title or a term, from this many words and this share of a sentence.
SPEECH_WORDS, SPEECH_SHARE = 8, 0.5


def check_agentless_passive(analysis: Analysis) -> Iterator[Hit]:
    """Claims that "are believed" by nobody."""
    for sentence in _without_source(analysis):
        text = text_of(analysis, sentence)
        words = find_hearsay_passive(text) if sentence.needs_source >= NEEDED_PASSIVE else None
        if words is None and sentence.agentless:
            words = find_passive(text)
        if words is not None:
            yield _nobody(analysis, sentence, words, "says who? the passive names nobody")


def check_hedge_without_source(analysis: Analysis) -> Iterator[Hit]:
    """Claims with a hearsay word in the place of a source."""
    for sentence in _without_source(analysis):
        words = find_hedge(text_of(analysis, sentence))
        if words is not None and find_hearsay_passive(text_of(analysis, sentence)) is None:
            hedge = text_of(analysis, sentence)[slice(*words)]
            yield _nobody(analysis, sentence, words, f"“{hedge}” stands where a source should")


def _without_source(analysis: Analysis) -> Iterator[SentenceAnalysis]:
    """Yield the needed sentences that are attributed to nobody.

    What is read as the source of an unidentified hearsay is mostly its subject ("the firm
    reportedly declined"): the cue is then the hearsay word itself.
    """
    for sentence in analysis.sentences:
        hearsay = sentence.cue is not None and find_hedge(analysis.words(sentence.cue)) is not None
        nobody = sentence.label == UNIDENTIFIED and (sentence.source is None or hearsay)
        if (nobody or not sentence.attributed) and sentence.needs_source >= NEEDED:
            yield sentence


def check_number_without_source(analysis: Analysis) -> Iterator[Hit]:
    """Large figures that need a source and have none, not even beside them.

    A frame is a source of a kind for them all.
    """
    for sentence in analysis.sentences:
        if sentence.needs_source < NEEDED_FIGURE or sentence.p_attributed > ATTRIBUTED_FIGURE:
            continue
        words = find_large_figure(text_of(analysis, sentence))
        if words is None or analysis.frame or analysis.is_title(sentence):
            continue
        if _has_source_near(analysis, sentence):
            continue
        figure = text_of(analysis, sentence)[slice(*words)]
        yield at_words(
            sentence,
            words,
            f"no source for the figure {figure}",
            "say who counted, measured or estimated it",
            attribute(analysis, [sentence.index]),
        )


def _has_source_near(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    near = analysis.sentences[max(0, sentence.index - 2) : sentence.index + 2]
    if any(s.p_attributed > NEEDED for s in near):
        return True
    return any(speaks_of_polls(text_of(analysis, s)) for s in near)


def check_quotation_nobody_said(analysis: Analysis) -> Iterator[Hit]:
    """Quoted speech in a sentence that says nobody spoke."""
    for sentence in analysis.sentences:
        if sentence.attributed or analysis.is_title(sentence):
            continue
        for words in find_quotations(text_of(analysis, sentence), SPEECH_WORDS):
            if words[1] - words[0] < SPEECH_SHARE * (sentence.end - sentence.start):
                continue
            yield at_words(
                sentence,
                words,
                "a quotation, and no word of who said it",
                "name the speaker in this sentence",
                attribute(analysis, [sentence.index]),
            )


def check_single_accusation(analysis: Analysis) -> Iterator[Hit]:
    """An accusation that one source makes, and nobody in the article answers or bears out."""
    made = [s for s in analysis.sentences if s.attributed and _accuses(analysis, s)]
    numbers = {s.source_number for s in made if not s.via}
    if len(numbers) != 1 or None in numbers or gives_answer(analysis.document.text):
        return
    first = next((s for s in made if s.source and s.needs_source >= NEEDED), None)
    if first is None or first.source_number is None:
        return
    yield at_source(
        first,
        f"this accusation rests on {analysis.source(first.source_number).name} alone, and no"
        " answer to it is reported",
        "ask those who are accused, and find a second source",
        None,
    )


def _accuses(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    return find_accusation(text_of(analysis, sentence)) is not None


def check_intelligence_basis(analysis: Analysis) -> Iterator[Hit]:
    """Intelligence at large: neither which service says so, nor what it rests on."""
    for source, sentences in used_sources(analysis):
        if source.identified == "named" or source.entity is not None:
            continue
        first = next((s for s in sentences if s.source and s.needs_source >= NEEDED), None)
        if first is None or not is_service_at_large(source_words(analysis, first)):
            continue
        if any(gives_basis(passage_around(analysis, s.index)) for s in sentences):
            continue
        yield at_source(
            first,
            f"which service “{source_words(analysis, first)}” is, and what its claim rests on,"
            f" is not said{weigh(sentences)}",
            "name the service, and say what it is based on",
            attribute(analysis, [s.index for s in sentences]),
        )


def _nobody(analysis: Analysis, sentence: SentenceAnalysis, words: Span, message: str) -> Hit:
    mended = attribute(analysis, [sentence.index])
    return at_words(sentence, words, message, "say who says so", mended)

"""The patterns behind the rules: each reads an article and yields its hits, in reading order.

Titles, levels and references are in the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.document import Span
from attribution.findings.mending import attribute, name_source
from attribution.findings.rule import Check, Hit
from attribution.wording import (
    find_figure,
    find_hedge,
    find_opinion,
    find_passive,
    find_quotations,
    gives_no_source,
    gives_reason,
    has_no_description,
    is_media_at_large,
    is_plain_plural,
    is_withheld,
)

#: The content needs a source, as far as a rule relies on it.
NEEDED = 0.5
#: A figure is asked about only where the content needs a source by more than an even chance.
NEEDED_FIGURE = 0.6
#: A source carries most of an article from this share of the need, in at least so many sentences.
MOST, MOST_SENTENCES = 0.5, 4
#: Fewer attributed sentences than this are no basis for a verdict on a whole article's sources.
FEW_SENTENCES = 2
#: A quotation is speech, not a title or a term, from this many words.
SPEECH_WORDS = 8
#: What an outlet says on its own report; "counted" or "rates" would be its own work instead.
_REPORT = re.compile(
    r"\breport|\blearn|\bunderstand|\bwrote|\bwritten|\bpublish|\bnoted|\breveal|\bsa(?:id|ys)\b"
    r"|\baccording to\b|\bcit(?:e|ing)\b|\bper\b",
    re.IGNORECASE,
)


def check_bare_sources(analysis: Analysis) -> Iterator[Hit]:
    """Sources of whom the article says nothing but that they are sources."""
    for source, sentences in _used_sources(analysis):
        bare = [s for s in sentences if has_no_description(analysis, s)]
        if not bare or source.identified != "anonymous":
            continue
        named = [s for s in sentences if s.source and s not in bare]
        if any(s.identification != "anonymous" for s in named):
            continue
        words = _words(analysis, bare[0])
        yield _at_source(
            bare[0],
            f"not a word of who stands behind “{words}”{_weight(sentences)}",
            "name the source, or give its role and how it knows",
            name_source(analysis, source.number),
        )


def check_plural_sources(analysis: Analysis) -> Iterator[Hit]:
    """A plural ("experts say") where the article shows one of them only."""
    for source, sentences in _used_sources(analysis):
        first = sentences[0]
        noun = is_plain_plural(_words(analysis, first)) if first.source else None
        if noun is None or source.identified == "named":
            continue
        shown = [
            other
            for other, used in _used_sources(analysis)
            if other.number != source.number
            and (source.label == other.label == "expert" or _mentions(analysis, used, noun))
        ]
        if len(shown) != 1 or shown[0].identified == "anonymous":
            continue
        yield _at_source(
            first,
            f"“{_words(analysis, first)}” are more than one, but only one is shown:"
            f" {shown[0].name}",
            f"name a second of the {noun}, or write of the one",
            attribute(analysis, [s.index for s in sentences]),
        )


def check_anonymous_reason(analysis: Analysis) -> Iterator[Hit]:
    """A person whose name is kept back, and no word of why."""
    for source, sentences in _used_sources(analysis):
        if not is_withheld(analysis, source):
            continue
        if any(gives_reason(_passage(analysis, s.index)) for s in sentences):
            continue
        first = next((s for s in sentences if s.source), None)
        if first is not None:
            yield _at_source(
                first,
                f"no reason is given why “{_words(analysis, first)}” is not named",
                "say why the name is withheld",
                None,
            )


def check_anonymous_opinion(analysis: Analysis) -> Iterator[Hit]:
    """A judgement by somebody who need not stand by it."""
    for source, sentences in _used_sources(analysis):
        if source.identified != "anonymous" and not is_withheld(analysis, source):
            continue
        for sentence in sentences:
            opinion = find_opinion(_text(analysis, sentence))
            question = _text(analysis, sentence).rstrip("”\"’'").endswith("?")
            if opinion is None or question or sentence.needs_source > NEEDED:
                continue
            yield _at_words(
                sentence,
                opinion,
                f"an opinion from a source that is not named ({source.name})",
                "name who holds it, or leave it out: anonymity is for information",
                name_source(analysis, source.number),
            )


def check_anonymous_only(analysis: Analysis) -> Iterator[Hit]:
    """An article in which nobody at all can be checked."""
    attributed = [s for s in analysis.sentences if s.attributed and s.needs_source >= NEEDED]
    if len(attributed) < FEW_SENTENCES or any(s.via for s in attributed) or analysis.frame:
        return
    numbers = {s.source_number for s in attributed if s.source_number is not None}
    sources = [analysis.source(number) for number in sorted(numbers)]
    if not all(s.identified == "anonymous" or is_withheld(analysis, s) for s in sources):
        return
    if any(s.identification == "named" for s in analysis.sentences):
        return
    mended = analysis
    for source in sources:
        mended = name_source(mended, source.number)
    first = next((s for s in attributed if s.source), attributed[0])
    yield replace(
        _at_source(
            first,
            f"nobody is named: all {len(attributed)} attributed claims rest on anonymous sources",
            "find a source who can be named, or a document",
            mended,
        ),
        whole=True,
    )


def check_relay_without_origin(analysis: Analysis) -> Iterator[Hit]:
    """Second-hand claims that do not say where the relay has them from.

    An outlet that is named, and simply reported, stands as the origin: it can be looked up.
    """
    for _, sentences in _used_sources(analysis):
        needed = [s for s in sentences if s.needs_source >= NEEDED]
        relayed = [s for s in needed if s.via and s.identification == "anonymous"]
        reported = [s for s in needed if _rests_on_report(analysis, s)]
        if relayed:
            first, via = relayed[0], relayed[0].via[0]
            # A relay carried over from an earlier sentence has no words in this one.
            here = first.start <= via.start < first.end
            span: Span = (via.start, via.end) if here else _source_span(first)
            message = f"passed on by {_squeeze(analysis.words(via))} from nobody in particular"
        elif reported:
            first, span = reported[0], _source_span(reported[0])
            message = f"where “{_words(analysis, first)}” had this from is not said"
        else:
            continue
        found = relayed or reported
        yield Hit(
            first.index,
            *span,
            message + _weight(found),
            "name who told the relay, or better, ask them yourself",
            attribute(analysis, [s.index for s in found]),
        )


def check_agentless_passive(analysis: Analysis) -> Iterator[Hit]:
    """Claims that "are believed" by nobody."""
    for sentence in _agentless(analysis):
        words = find_passive(_text(analysis, sentence))
        if words is not None:
            yield _nobody(analysis, sentence, words, "says who? the passive names nobody")


def check_hedge_without_source(analysis: Analysis) -> Iterator[Hit]:
    """Claims with a hearsay word in the place of a source."""
    for sentence in _agentless(analysis):
        words = find_hedge(_text(analysis, sentence))
        if words is not None and find_passive(_text(analysis, sentence)) is None:
            hedge = _text(analysis, sentence)[slice(*words)]
            yield _nobody(analysis, sentence, words, f"“{hedge}” stands where a source should")


def check_number_without_source(analysis: Analysis) -> Iterator[Hit]:
    """Figures that need a source and have none; a frame is a source of a kind for them all."""
    for sentence in analysis.sentences:
        if sentence.attributed or sentence.needs_source < NEEDED_FIGURE or analysis.frame:
            continue
        words = find_figure(_text(analysis, sentence))
        if words is not None and not _is_title(analysis, sentence):
            figure = _text(analysis, sentence)[slice(*words)]
            yield _at_words(
                sentence,
                words,
                f"no source for the figure {figure}",
                "say who counted, measured or estimated it",
                attribute(analysis, [sentence.index]),
            )


def check_single_source(analysis: Analysis) -> Iterator[Hit]:
    """One source carries most of what needs one."""
    need = sum(s.needs_source for s in analysis.sentences)
    for source, sentences in _used_sources(analysis):
        needed = [s for s in sentences if s.needs_source >= NEEDED]
        carried = sum(s.needs_source * s.p_attributed for s in sentences)
        if len(needed) < MOST_SENTENCES or carried < MOST * need:
            continue
        hit = _at_source(
            _introduction(analysis, source, sentences),
            f"{source.name} alone carries {carried / need:.0%} of the claims that need a source",
            "find a second source who knows independently",
            attribute(analysis, [s.index for s in needed[1::2]]),
        )
        yield replace(hit, whole=True)


def check_headline_unsupported(analysis: Analysis) -> Iterator[Hit]:
    """A headline that gives a source, and a body in which it does not appear."""
    headline = next((s for s in analysis.sentences if _is_title(analysis, s)), None)
    if headline is None or not headline.attributed or headline.agentless:
        return
    body = [s for s in analysis.sentences if s is not headline and s.attributed]
    if any(
        s.source_number == headline.source_number or s.label == headline.label for s in body
    ) or any(reference.source == headline.source_number for s in body for reference in s.via):
        return
    words = _words(analysis, headline) or "a source"
    yield _at_source(
        headline,
        f"the headline gives {words} as a source; nothing in the body is attributed to it",
        "attribute the claim in the body, or change the headline",
        None,
    )


def check_circular_sourcing(analysis: Analysis) -> Iterator[Hit]:
    """An outlet that gives itself as the source."""
    outlet = _plain_name(analysis.document.outlet or "")
    if not outlet:
        return
    for source, sentences in _used_sources(analysis):
        reports = [s for s in sentences if s.cue and _REPORT.search(analysis.words(s.cue))]
        if reports and _plain_name(source.name) == outlet:
            yield _at_source(
                reports[0],
                f"{source.name} gives itself as the source{_weight(sentences)}",
                "say where your own report had it from",
                attribute(analysis, [s.index for s in sentences]),
            )


def check_quotation_nobody_said(analysis: Analysis) -> Iterator[Hit]:
    """Quoted speech in a sentence that says nobody spoke."""
    for sentence in analysis.sentences:
        if sentence.attributed or _is_title(analysis, sentence):
            continue
        for words in find_quotations(_text(analysis, sentence), SPEECH_WORDS):
            yield _at_words(
                sentence,
                words,
                "a quotation, and no word of who said it",
                "name the speaker in this sentence",
                attribute(analysis, [sentence.index]),
            )


#: By the id of their rule.
CHECKS: dict[str, Check] = {
    "bare-sources": check_bare_sources,
    "plural-sources": check_plural_sources,
    "anonymous-reason": check_anonymous_reason,
    "anonymous-opinion": check_anonymous_opinion,
    "anonymous-only": check_anonymous_only,
    "relay-without-origin": check_relay_without_origin,
    "agentless-passive": check_agentless_passive,
    "hedge-without-source": check_hedge_without_source,
    "number-without-source": check_number_without_source,
    "single-source": check_single_source,
    "headline-unsupported": check_headline_unsupported,
    "circular-sourcing": check_circular_sourcing,
    "quotation-nobody-said": check_quotation_nobody_said,
}


def _used_sources(analysis: Analysis) -> Iterator[tuple[Source, list[SentenceAnalysis]]]:
    """Yield the sources that sentences rest on, with those sentences."""
    for source in analysis.sources:
        sentences = [analysis.sentences[index] for index in source.sentences]
        if sentences:
            yield source, sentences


def _introduction(
    analysis: Analysis, source: Source, sentences: list[SentenceAnalysis]
) -> SentenceAnalysis:
    """Return the sentence that gives a source's best name, else the first that has words for it."""
    named = (s for s in sentences if s.source and _words(analysis, s) == source.name)
    return next(named, next((s for s in sentences if s.source), sentences[0]))


def _agentless(analysis: Analysis) -> Iterator[SentenceAnalysis]:
    """Yield the needed sentences that are attributed to nobody."""
    for sentence in analysis.sentences:
        if sentence.agentless and sentence.needs_source >= NEEDED:
            yield sentence


def _rests_on_report(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    """Whether a sentence only says that some outlet reported it, or that one gave no source."""
    if sentence.label != "media_outlet" or sentence.via or sentence.source is None:
        return False
    if gives_no_source(_text(analysis, sentence)):
        return True
    return sentence.identification != "named" and is_media_at_large(_words(analysis, sentence))


def _mentions(analysis: Analysis, sentences: list[SentenceAnalysis], plural: str) -> bool:
    """Whether sentences speak of one of those a plural noun names."""
    singular = plural.removesuffix("es" if plural.endswith("sses") else "s")
    one = re.compile(rf"\b{singular}\b", re.IGNORECASE)
    return any(one.search(_text(analysis, sentence)) for sentence in sentences)


def _nobody(analysis: Analysis, sentence: SentenceAnalysis, words: Span, message: str) -> Hit:
    mended = attribute(analysis, [sentence.index])
    return _at_words(sentence, words, message, "say who says so", mended)


def _at_source(
    sentence: SentenceAnalysis, message: str, suggestion: str, mended: Analysis | None
) -> Hit:
    """Report at the words for the source, at the sentence where there are none."""
    return Hit(sentence.index, *_source_span(sentence), message, suggestion, mended)


def _at_words(
    sentence: SentenceAnalysis, words: Span, message: str, suggestion: str, mended: Analysis | None
) -> Hit:
    """Report at words given as offsets into the sentence."""
    start, end = (sentence.start + offset for offset in words)
    return Hit(sentence.index, start, end, message, suggestion, mended)


def _source_span(sentence: SentenceAnalysis) -> Span:
    source = sentence.source
    return (sentence.start, sentence.end) if source is None else (source.start, source.end)


def _words(analysis: Analysis, sentence: SentenceAnalysis) -> str:
    return "" if sentence.source is None else _squeeze(analysis.words(sentence.source))


def _squeeze(words: str) -> str:
    return " ".join(words.split())


def _text(analysis: Analysis, sentence: SentenceAnalysis) -> str:
    return analysis.document.text[sentence.start : sentence.end]


def _passage(analysis: Analysis, index: int) -> str:
    """Return a sentence with its neighbours."""
    around = analysis.sentences[max(0, index - 1) : index + 2]
    return " ".join(_text(analysis, sentence) for sentence in around)


def _weight(sentences: list[SentenceAnalysis]) -> str:
    """Say how many sentences rest on a source, where it is more than the one shown."""
    return f"; {len(sentences)} sentences rest on it" if len(sentences) > 1 else ""


def _is_title(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    title = analysis.document.title
    return title is not None and title[0] <= sentence.start < title[1]


def _plain_name(name: str) -> str:
    words = re.sub(r"[’'.]", "", name).casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)

"""Rules on where an article's claims come from: relays, one source for all, its own outlet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.document import Span
from attribution.findings.mending import attribute
from attribution.findings.places import (
    NEEDED,
    at_source,
    source_span,
    source_words,
    squeeze,
    text_of,
    used_sources,
    weigh,
)
from attribution.findings.rule import Hit
from attribution.wording import gives_no_source, is_media_at_large

#: A source carries most of an article from this share of the need, in at least so many sentences.
MOST, MOST_SENTENCES = 0.5, 3
#: What an outlet says on its own report; "counted" or "rates" would be its own work instead.
_REPORT = re.compile(
    r"\breport|\blearn|\bunderstand|\bwrote|\bwritten|\bpublish|\bnoted|\breveal|\bsa(?:id|ys)\b"
    r"|\baccording to\b|\bcit(?:e|ing)\b|\bper\b",
    re.IGNORECASE,
)


def check_relay_without_origin(analysis: Analysis) -> Iterator[Hit]:
    """Second-hand claims that do not say where the relay has them from.

    An outlet that is named, and simply reported, stands as the origin: it can be looked up.
    """
    for _, sentences in used_sources(analysis):
        needed = [s for s in sentences if s.needs_source >= NEEDED]
        relayed = [s for s in needed if s.via and s.identification == "anonymous"]
        reported = [s for s in needed if _rests_on_report(analysis, s)]
        if relayed:
            first, via = relayed[0], relayed[0].via[0]
            # A relay carried over from an earlier sentence has no words in this one.
            here = first.start <= via.start < first.end
            span: Span = (via.start, via.end) if here else source_span(first)
            message = f"passed on by {squeeze(analysis.words(via))} from nobody in particular"
        elif reported:
            first, span = reported[0], source_span(reported[0])
            message = f"where “{source_words(analysis, first)}” had this from is not said"
        else:
            continue
        found = relayed or reported
        yield Hit(
            first.index,
            *span,
            message + weigh(found),
            "name who told the relay, or better, ask them yourself",
            attribute(analysis, [s.index for s in found]),
        )


def _rests_on_report(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    """Whether a sentence only says that some outlet reported it, or that one gave no source."""
    if sentence.label != "media_outlet" or sentence.via or sentence.source is None:
        return False
    if gives_no_source(text_of(analysis, sentence)):
        return True
    return sentence.identification != "named" and is_media_at_large(
        source_words(analysis, sentence)
    )


def check_single_source(analysis: Analysis) -> Iterator[Hit]:
    """One source carries most of what needs one, and no other carries half as much."""
    need = sum(s.needs_source for s in analysis.sentences)
    carried = {
        source.number: sum(s.needs_source * s.p_attributed for s in sentences)
        for source, sentences in used_sources(analysis)
    }
    shares = sorted(carried.values(), reverse=True)
    for source, sentences in used_sources(analysis):
        needed = [s for s in sentences if s.needs_source >= NEEDED]
        share = carried[source.number]
        if len(needed) < MOST_SENTENCES or share < MOST * need:
            continue
        if len(shares) > 1 and shares[1] > share / 2:
            continue
        hit = at_source(
            _introduction(analysis, source, sentences),
            f"{source.name} alone carries {share / need:.0%} of the claims that need a source",
            "find a second source who knows independently",
            attribute(analysis, [s.index for s in needed[1::2]]),
        )
        yield replace(hit, whole=True)


def _introduction(
    analysis: Analysis, source: Source, sentences: list[SentenceAnalysis]
) -> SentenceAnalysis:
    """Return the sentence that gives a source's best name, else the first that has words for it."""
    named = (s for s in sentences if s.source and source_words(analysis, s) == source.name)
    return next(named, next((s for s in sentences if s.source), sentences[0]))


def check_headline_unsupported(analysis: Analysis) -> Iterator[Hit]:
    """A headline that gives a source, and a body in which it does not appear."""
    headline = next((s for s in analysis.sentences if analysis.is_title(s)), None)
    if headline is None or not headline.attributed or headline.agentless:
        return
    body = [s for s in analysis.sentences if s is not headline and s.attributed]
    if any(
        s.source_number == headline.source_number or s.label == headline.label for s in body
    ) or any(reference.source == headline.source_number for s in body for reference in s.via):
        return
    words = source_words(analysis, headline) or "a source"
    yield at_source(
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
    for source, sentences in used_sources(analysis):
        own = [s for s in sentences if s.cue and s.label == "media_outlet"]
        reports = [s for s in own if s.cue and _REPORT.search(analysis.words(s.cue))]
        if reports and _plain_name(source.name) == outlet:
            yield at_source(
                reports[0],
                f"{source.name} gives itself as the source{weigh(sentences)}",
                "say where your own report had it from",
                attribute(analysis, [s.index for s in sentences]),
            )


def _plain_name(name: str) -> str:
    words = re.sub(r"[’'.]", "", name).casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)

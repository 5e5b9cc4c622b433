"""Rules on sources that are not named: who they are, why, and what they are used for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.findings.mending import attribute, name_source
from attribution.findings.places import (
    NEEDED,
    at_source,
    passage_around,
    source_words,
    text_of,
    used_sources,
    weigh,
)
from attribution.findings.rule import Hit
from attribution.labels import UNIDENTIFIED
from attribution.wording import (
    gives_reason,
    has_no_description,
    is_expert_after,
    is_many,
    is_public,
    is_told_to_others,
    is_withheld,
    names_document,
    names_experts,
    names_somebody,
    refers_back,
)

#: Fewer attributed sentences than this are no basis for a verdict on a whole article's sources.
FEW_SENTENCES = 2
#: Somebody's words are an opinion where their content hardly needs a source.
OPINION_NEED = 0.3
#: Surely attributed, as far as a rule on somebody's anonymity relies on it.
SURE = 0.7


def check_bare_sources(analysis: Analysis) -> Iterator[Hit]:
    """Sources of whom the article says nothing but that they are sources."""
    for source, sentences in used_sources(analysis):
        bare = [s for s in sentences if has_no_description(analysis, s)]
        if not bare or source.identified != "anonymous":
            continue
        named = [s for s in sentences if s.source and s not in bare]
        if any(s.identification != "anonymous" for s in named):
            continue
        words = source_words(analysis, bare[0])
        yield at_source(
            bare[0],
            f"not a word of who stands behind “{words}”{weigh(sentences)}",
            "name the source, or give its role and how it knows",
            name_source(analysis, source.number),
        )


def check_plural_sources(analysis: Analysis) -> Iterator[Hit]:
    """A plural ("experts say") where the article names one of them, or none."""
    for source, sentences in used_sources(analysis):
        first = next((s for s in sentences if s.source), None)
        if first is None or source.identified == "named" or first.p_attributed < SURE:
            continue
        words = source_words(analysis, first)
        if not names_experts(words) or source.label not in ("expert", UNIDENTIFIED):
            continue
        shown = [
            other
            for other, _ in used_sources(analysis)
            if other.number != source.number and _knows(analysis, other)
        ]
        if len(shown) > 1:
            continue
        named = [other.name for other in shown if other.label == "expert"]
        found = f"only one is named, {named[0]}" if named else "none is named"
        yield at_source(
            first,
            f"“{words}” are more than one, but {found}",
            "name two of them, or write of the one",
            attribute(analysis, [s.index for s in sentences]),
        )


def _knows(analysis: Analysis, source: Source) -> bool:
    """Whether a source may be one of "experts": named, and one by its label or by its text."""
    if source.identified != "named" or not names_somebody(source.name):
        return False
    text = analysis.document.text
    return source.label in ("expert", "organization") or any(
        is_expert_after(text, end) for _, _, end in source.mentions
    )


def check_anonymous_reason(analysis: Analysis) -> Iterator[Hit]:
    """Persons whose names are kept back, in an article without a word of why.

    Where another outlet was told, it is for that outlet to say why.
    """
    withheld = [(s, used) for s, used in used_sources(analysis) if is_withheld(analysis, s)]
    passages = (passage_around(analysis, s.index) for s in analysis.sentences if withheld)
    if any(gives_reason(passage) for passage in passages):
        return
    for _, sentences in withheld:
        first = next((s for s in sentences if s.source and s.needs_source >= NEEDED), None)
        if first is None or first.via or first.cue is None or first.p_attributed < SURE:
            continue
        words = source_words(analysis, first)
        if is_many(words) or names_document(words) or is_public(analysis.words(first.cue)):
            continue
        if refers_back(words) or is_told_to_others(text_of(analysis, first)):
            continue
        yield at_source(
            first,
            f"no reason is given why “{words}” is not named",
            "say why the name is withheld",
            None,
        )


def check_anonymous_opinion(analysis: Analysis) -> Iterator[Hit]:
    """A judgement, in their own words, by somebody who need not stand by it."""
    for source, sentences in used_sources(analysis):
        if source.identified != "anonymous" and not is_withheld(analysis, source):
            continue
        if not source.mentions:
            continue
        judged = [s for s in sentences if _is_opinion(analysis, s)]
        if not judged:
            continue
        yield Hit(
            judged[0].index,
            judged[0].start,
            judged[0].end,
            f"an opinion from a source that is not named ({source.name})",
            "name who holds it, or leave it out: anonymity is for information",
            name_source(analysis, source.number),
        )


def _is_opinion(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    text = text_of(analysis, sentence)
    quoted = sentence.manner in ("direct", "mixed") and sentence.p_attributed >= SURE
    asked = text.rstrip("”\"’'").endswith("?")
    public = sentence.cue is not None and is_public(analysis.words(sentence.cue))
    named = sentence.identification == "named"
    return quoted and not (asked or public or named) and sentence.needs_source < OPINION_NEED


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
    hit = at_source(
        first,
        f"nobody is named: all {len(attributed)} attributed claims rest on anonymous sources",
        "find a source who can be named, or a document",
        mended,
    )
    yield replace(hit, whole=True)

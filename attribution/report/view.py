"""A result made ready to be shown: rounded, put into words, cut into marked pieces.

Terminal, Markdown and HTML show the same view; each only has to escape and to lay out. What comes
from the article is kept to printable characters here, since a control character in a draft must not
steer a terminal, nor a direction mark turn a line around.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.document import Span
from attribution.printable import make_printable
from attribution.result import Result

#: A piece of a sentence: its words, and ``source``, ``relay``, ``cue`` or "" for the rest.
Piece = tuple[str, str]
#: A sentence's content needs a source by at least this probability.
NEEDED = 0.5
#: A source's name beside a sentence is cut to this many characters.
MAX_NAME = 44

_STATUS = {
    "scored": "",
    "too_short": "No sourcing score: too little here needs a source.",
    "truncated": "No sourcing score: the article breaks off.",
    "not_english": "No sourcing score: the text is not English.",
    "no_score": "No sourcing score: the model's labels do not tell what is unsourced.",
}
_BASIS = {
    "prior": "by type and identification alone",
    "ratings": "by the ratings given",
}


@dataclass(frozen=True)
class ComponentView:
    """A part of the score: shares in per cent, points to a tenth."""

    name: str
    value: str
    weight: str
    points: str
    explanation: str


@dataclass(frozen=True)
class SourceView:
    """A source or a relay."""

    number: int
    name: str
    type: str
    identified: str
    sentences: int
    via: str
    reliability: str


@dataclass(frozen=True)
class SentenceView:
    """A sentence with what was read in it; `note` says it in words.

    `number` counts from 0, as in the JSON and for ``attribution explain``.
    """

    number: int
    label: str
    label_words: str
    pieces: tuple[Piece, ...]
    note: str
    headline: bool
    missing: bool
    paragraph: int


@dataclass(frozen=True)
class FindingView:
    """A finding; `effect` is "" where there is none to speak of."""

    level: str
    rule: str
    sentence: int
    quote: str
    message: str
    suggestion: str
    effect: str
    reference: str


@dataclass(frozen=True)
class View:
    """Everything a report shows, in the order it is shown."""

    title: str
    subtitle: str
    score: str
    interval: str
    bar: tuple[float, float, float] | None
    status: str
    warnings: tuple[str, ...]
    components: tuple[ComponentView, ...]
    total: str
    reliability: str
    sources: tuple[SourceView, ...]
    sentences: tuple[SentenceView, ...]
    findings: tuple[FindingView, ...]
    summary: str
    made_by: str


def build_view(result: Result) -> View:
    """Return what a report on a result shows."""
    analysis, score = result.analysis, result.score
    document = analysis.document
    headline = result.title or document.id or "Article"
    points = share_out([c.contribution for c in score.components])
    low, high = score.interval or (score.value or 0.0, score.value or 0.0)
    model = result.model
    return View(
        title=make_printable(headline),
        subtitle=make_printable(document.outlet or ""),
        score="" if score.value is None else f"{score.value:.1f}",
        interval="" if score.interval is None else f"{low:.0f} to {high:.0f}",
        bar=None if score.value is None else (low, score.value, high),
        status=_STATUS.get(score.status, score.status),
        warnings=tuple(_end(make_printable(warning)) for warning in analysis.warnings),
        components=tuple(
            ComponentView(c.name, f"{c.value:.0%}", f"{c.weight:.2f}", f"{p:.1f}", c.explanation)
            for c, p in zip(score.components, points, strict=True)
        ),
        total=f"{math.fsum(points):.1f}",
        reliability=_describe_reliability(result),
        sources=tuple(
            _view_source(analysis, source, result.reliability.letters[source.number])
            for source in analysis.sources
            if not _is_nobody(analysis, source)
        ),
        sentences=tuple(_view_sentence(analysis, sentence) for sentence in analysis.sentences),
        findings=_view_findings(result),
        summary=make_printable(result.summary),
        made_by=f"model {model.name} {model.version}, profile {make_printable(result.profile)}",
    )


def share_out(values: Sequence[float]) -> list[float]:
    """Round to tenths so that the rounded values add up to the rounded sum (largest remainders)."""
    tenths = [math.floor(value * 10) for value in values]
    missing = round(math.fsum(values) * 10) - sum(tenths)
    order = sorted(range(len(values)), key=lambda i: tenths[i] - values[i] * 10)
    for index in order[:missing]:
        tenths[index] += 1
    return [tenth / 10 for tenth in tenths]


def cut_sentence(analysis: Analysis, sentence: SentenceAnalysis) -> tuple[Piece, ...]:
    """Return a sentence in pieces: source, relays and cue marked, the source over the others."""
    text = analysis.document.text[sentence.start : sentence.end]
    roles = [""] * len(text)
    marked: list[tuple[str, Span]] = [("cue", sentence.cue)] if sentence.cue else []
    marked += [("relay", (relay.start, relay.end)) for relay in sentence.via]
    if sentence.source:
        marked.append(("source", (sentence.source.start, sentence.source.end)))
    for role, (start, end) in marked:
        # A relay carried over from an earlier sentence has no words in this one.
        for index in range(max(start, sentence.start), min(end, sentence.end)):
            roles[index - sentence.start] = role
    pieces = zip(make_printable(text), roles, strict=True)
    return tuple(
        ("".join(char for char, _ in group), role)
        for role, group in groupby(pieces, key=itemgetter(1))
    )


def _view_sentence(analysis: Analysis, sentence: SentenceAnalysis) -> SentenceView:
    headline = analysis.is_title(sentence)
    missing = not sentence.attributed and sentence.needs_source >= NEEDED and not headline
    return SentenceView(
        number=sentence.index,
        label=sentence.label,
        label_words=make_printable(sentence.label.replace("_", " ")),
        pieces=cut_sentence(analysis, sentence),
        note=_note(analysis, sentence) if sentence.attributed else "needs a source" * missing,
        headline=headline,
        missing=missing,
        paragraph=sentence.paragraph,
    )


def _note(analysis: Analysis, sentence: SentenceAnalysis) -> str:
    """Say in words what the marks show: source, cue, identification, manner, relays."""
    parts = []
    number = sentence.source_number
    if sentence.agentless or number is None:
        parts.append("attributed to nobody")
    else:
        parts.append(f"#{number} {_shorten(_name(analysis, number))}")
    if sentence.cue:
        parts.append(f"“{_squeeze(analysis.words(sentence.cue))}”")
    if sentence.identification and not sentence.agentless:
        parts.append(sentence.identification)
    if sentence.manner:
        parts.append(sentence.manner)
    if sentence.hedged >= 0.5:
        parts.append("hedged")
    if sentence.via:
        relays = (_shorten(_name(analysis, relay.source)) for relay in sentence.via)
        parts.append(f"via {', '.join(relays)}")
    return " · ".join(parts)


def _view_source(analysis: Analysis, source: Source, letter: str) -> SourceView:
    return SourceView(
        number=source.number,
        name=_name(analysis, source.number),
        type=make_printable(source.label.replace("_", " ")),
        identified=source.identified,
        sentences=len(source.sentences),
        via=", ".join(_name(analysis, number) for number in source.via),
        reliability=letter,
    )


def _is_nobody(analysis: Analysis, source: Source) -> bool:
    """Whether a source only stands for sentences that are attributed to nobody."""
    return bool(source.sentences) and all(
        analysis.sentences[index].agentless for index in source.sentences
    )


def _view_findings(result: Result) -> tuple[FindingView, ...]:
    text = result.analysis.document.text
    return tuple(
        FindingView(
            level=finding.level,
            rule=finding.rule,
            sentence=finding.sentence,
            quote=_squeeze(text[finding.start : finding.end]),
            message=make_printable(finding.message),
            suggestion=finding.suggestion,
            effect=("" if not finding.effect else f"{finding.effect:+.1f} points if mended"),
            reference=finding.reference,
        )
        for finding in result.findings
    )


def _describe_reliability(result: Result) -> str:
    reliability = result.reliability
    if reliability.value is None:
        return "Reliability of the sources: cannot be judged."
    return (
        f"Reliability of the sources: {reliability.value:.0f} of 100, {_BASIS[reliability.basis]};"
        f" {reliability.judged:.0%} of what needs a source could be judged."
    )


def _name(analysis: Analysis, number: int) -> str:
    return _squeeze(analysis.source(number).name) or "unnamed source"


def _shorten(name: str) -> str:
    """Return a name cut at a word where it is long; the table of sources has it whole."""
    if len(name) <= MAX_NAME:
        return name
    return (name[: MAX_NAME - 1].rpartition(" ")[0] or name[: MAX_NAME - 1]) + "…"


def _end(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _squeeze(words: str) -> str:
    return " ".join(make_printable(words).split())

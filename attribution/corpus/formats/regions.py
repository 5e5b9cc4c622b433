"""An article as labelled regions and links, the terms in which annotation tools think.

A region is a span with labels. A sentence is a region whose labels are the words that stand before
the bar in the plain-text format: its label, ``headline``, ``#N`` (the source's number), ``named``,
``direct``, ``hedged``, ``needs``. Within it lie ``source``, ``cue`` and ``via1``, ``via2`` (relays,
nearest the origin first); ``frame1``, ``frame2`` mark the article's frame. A link ties a sentence
to a relay that may be named in another sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS

_FLAGS = {"headline": "headline", "hedged": "hedged", "needs": "needs_source"}
_NUMBER = re.compile(r"#(\d+)")
_PART = re.compile(r"(source|cue|via|frame)(\d*)", re.IGNORECASE)
#: The key under which tools carry what is no span through, and hand it back untouched.
PASSENGER = "attribution"


@dataclass(frozen=True, slots=True)
class Region:
    """A span of the text with labels; offsets in code points, end exclusive."""

    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A sentence and its relay, by their spans; rank 1 is nearest the origin, 0 unknown."""

    sentence: Span
    relay: Span
    rank: int


@dataclass
class Markup:
    """All regions and links of one article, and what is no span.

    Attributes
    ----------
    passenger : dict
        ``id``, ``meta``, ``paragraphs`` (a number a sentence, where line breaks do not tell) and
        ``relays`` (sentence, relay, rank), where a relay stands outside its sentence.
    """

    text: str
    regions: list[Region] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    passenger: dict[str, Any] = field(default_factory=dict)


def sentence_words(sentence: AnnotatedSentence) -> tuple[str, ...]:
    """Return the words that describe a sentence, the label first."""
    words = [sentence.label]
    if sentence.source_id is not None:
        words.append(f"#{sentence.source_id}")
    words += [word for word in (sentence.identified, sentence.manner) if word]
    words += [word for word, name in _FLAGS.items() if getattr(sentence, name)]
    return tuple(words)


def is_sentence_word(word: str) -> bool:
    """Return whether a label describes a sentence rather than a part of one."""
    known = word in LABELS or word in IDENTIFIED or word in MANNERS or word in _FLAGS
    return known or _NUMBER.fullmatch(word) is not None


def mark_up(article: AnnotatedArticle) -> Markup:
    """Turn an article into regions and links.

    Every relay has one region, whatever sentences share it; its label tells its rank in the first.
    """
    markup = Markup(article.text)
    relays: dict[Span, int] = {}
    for sentence in article.sentences:
        place = (sentence.start, sentence.end)
        markup.regions.append(Region(*place, sentence_words(sentence)))
        for name, span in (("source", sentence.source), ("cue", sentence.cue)):
            if span:
                markup.regions.append(Region(*span, (name,)))
        for rank, span in enumerate(sentence.via, start=1):
            relays.setdefault(span, rank)
            markup.links.append(Link(place, span, rank))
    markup.regions += [Region(*span, (f"via{rank}",)) for span, rank in relays.items()]
    markup.regions += [
        Region(*span, (f"frame{rank}",)) for rank, span in enumerate(article.frame, start=1)
    ]
    markup.passenger = _passenger(article, markup)
    return markup


def _passenger(article: AnnotatedArticle, markup: Markup) -> dict[str, Any]:
    passenger: dict[str, Any] = {"id": article.id}
    if article.meta:
        passenger["meta"] = dict(article.meta)
    paragraphs = [sentence.paragraph for sentence in article.sentences]
    places = [(sentence.start, sentence.end) for sentence in article.sentences]
    if paragraphs != find_paragraphs(article.text, places):
        passenger["paragraphs"] = paragraphs
    if any(not _inside(link.relay, link.sentence) for link in markup.links):
        passenger["relays"] = [
            [list(link.sentence), list(link.relay), link.rank] for link in markup.links
        ]
    return passenger


def find_paragraphs(text: str, sentences: Sequence[Span]) -> list[int]:
    """Number the paragraphs of sentences: a line break between two begins the next."""
    numbers: list[int] = []
    for k, (start, _) in enumerate(sentences):
        breaks = k > 0 and re.search(r"[\r\n]", text[sentences[k - 1][1] : start])
        numbers.append((numbers[-1] if numbers else 0) + bool(breaks))
    return numbers


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


@dataclass
class _Draft:
    """A sentence being put together."""

    place: Span
    flags: dict[str, Any]
    parts: dict[str, Span] = field(default_factory=dict)
    via: dict[int, Span] = field(default_factory=dict)


def build_article(
    markup: Markup, default_id: str, where: str
) -> tuple[AnnotatedArticle, list[str]]:
    """Turn regions and links back into an article.

    Returns
    -------
    article : AnnotatedArticle
    dropped : list of str
        A line for each kind of region that found no place.

    Raises
    ------
    CorpusError
        If no region carries a sentence label, sentences overlap, a sentence contradicts itself,
        or an offset lies outside the text.
    """
    labels = _collect_labels(markup, where)
    dropped: Counter[str] = Counter()
    drafts = _draft_sentences(labels, dropped, where)
    frame = _place_parts(markup, labels, drafts, dropped)
    try:
        article_id, meta = str(markup.passenger.get("id", default_id)), markup.passenger.get("meta")
        paragraphs = markup.passenger.get("paragraphs", ())
        if len(paragraphs) != len(drafts):
            paragraphs = find_paragraphs(markup.text, [draft.place for draft in drafts])
        sentences = tuple(
            AnnotatedSentence(
                start=draft.place[0],
                end=draft.place[1],
                paragraph=int(number),
                via=tuple(draft.via[rank] for rank in sorted(draft.via)),
                source=draft.parts.get("source"),
                cue=draft.parts.get("cue"),
                **draft.flags,
            )
            for draft, number in zip(drafts, paragraphs, strict=True)
        )
        article = AnnotatedArticle(article_id, markup.text, sentences, frame, dict(meta or {}))
    except (TypeError, ValueError) as error:
        raise CorpusError(f"{where}: {PASSENGER!r} is not as it was written ({error})") from error
    return article, [f"{where}: {what}: {count} dropped" for what, count in dropped.items()]


def _collect_labels(markup: Markup, where: str) -> dict[Span, list[str]]:
    labels: dict[Span, list[str]] = defaultdict(list)
    for region in markup.regions:
        if not 0 <= region.start < region.end <= len(markup.text):
            place = f"{region.start}-{region.end}"
            raise CorpusError(f"{where}: the span {place} lies outside the text")
        labels[region.start, region.end] += region.labels
    return labels


def _draft_sentences(
    labels: dict[Span, list[str]], dropped: Counter[str], where: str
) -> list[_Draft]:
    drafts: list[_Draft] = []
    for span in sorted(labels):
        words = [word for word in labels[span] if is_sentence_word(word)]
        if not any(word in LABELS for word in words):
            dropped.update(f"{word!r} on no sentence" for word in words)
            continue
        if drafts and span[0] < drafts[-1].place[1]:
            raise CorpusError(f"{where}: the sentences {drafts[-1].place} and {span} overlap")
        try:
            drafts.append(_Draft(span, read_words(words)))
        except ValueError as error:
            raise CorpusError(f"{where}: sentence {span[0]}-{span[1]}: {error}") from error
    if not drafts:
        raise CorpusError(
            f"{where}: no span carries a sentence label",
            f"label whole sentences with {LABELS[0]}, ..., {LABELS[-1]}",
        )
    return drafts


def read_words(words: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a sentence that its words give.

    Raises
    ------
    ValueError
        If a word is unknown, or two words answer the same question differently.
    """
    fields: dict[str, Any] = {}
    for word in words:
        number = _NUMBER.fullmatch(word)
        name: str
        value: str | int | bool
        if word in LABELS:
            name, value = "label", word
        elif word in IDENTIFIED:
            name, value = "identified", word
        elif word in MANNERS:
            name, value = "manner", word
        elif word in _FLAGS:
            name, value = _FLAGS[word], True
        elif number:
            name, value = "source_id", int(number[1])
        else:
            raise ValueError(f"unknown word {word!r}")
        if fields.setdefault(name, value) != value:
            raise ValueError(f"both {fields[name]} and {value}")
    return fields


def _place_parts(
    markup: Markup, labels: dict[Span, list[str]], drafts: list[_Draft], dropped: Counter[str]
) -> tuple[Span, ...]:
    """Put sources, cues and relays into their sentences; return the frame."""
    linked = _place_links(markup, labels, drafts, dropped)
    starts = [draft.place[0] for draft in drafts]
    frame: list[tuple[int, Span]] = []
    for span in sorted(labels):
        draft = drafts[max(bisect_right(starts, span[0]) - 1, 0)]
        for word in labels[span]:
            match = _PART.fullmatch(word)
            if match is None:
                if not is_sentence_word(word):
                    dropped[f"label {word!r}"] += 1
                continue
            kind, rank = match[1].lower(), int(match[2] or 0)
            if kind == "frame":
                frame.append((rank, span))
            elif kind == "via" and span in linked:
                continue
            elif not _inside(span, draft.place):
                dropped[f"{kind} in no sentence"] += 1
            elif kind == "via":
                _add_relay(draft, rank, span)
            elif draft.parts.setdefault(kind, span) != span:
                dropped[f"second {kind} in a sentence"] += 1
    return tuple(span for _, span in sorted(frame))


def _place_links(
    markup: Markup, labels: dict[Span, list[str]], drafts: list[_Draft], dropped: Counter[str]
) -> set[Span]:
    """Give sentences their linked relays; return those relays.

    A link to a relay whose region is gone was deleted with it in the tool.
    """
    by_place = {draft.place: draft for draft in drafts}
    linked: set[Span] = set()
    for link in dict.fromkeys([*markup.links, *_read_relays(markup.passenger)]):
        if not any(word.lower().startswith("via") for word in labels.get(link.relay, ())):
            continue
        linked.add(link.relay)
        if link.sentence in by_place:
            _add_relay(by_place[link.sentence], link.rank, link.relay)
        else:
            dropped["relay of a span that is no sentence"] += 1
    return linked


def _add_relay(draft: _Draft, rank: int, span: Span) -> None:
    """Add a relay at its rank, or as the last where the rank is unknown (0) or taken."""
    free = rank > 0 and rank not in draft.via
    draft.via[rank if free else max(draft.via, default=0) + 1] = span


def _read_relays(passenger: dict[str, Any]) -> list[Link]:
    return [
        Link((int(a), int(b)), (int(c), int(d)), int(rank))
        for (a, b), (c, d), rank in passenger.get("relays", ())
    ]

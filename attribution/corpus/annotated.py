"""Annotated articles: what every corpus, format and evaluation shares.

Offsets are code points into the article's text, end exclusive, as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS, UNSOURCED


@dataclass(frozen=True, slots=True)
class AnnotatedSentence:
    """One sentence with its gold annotation (guidelines, section 4)."""

    start: int
    end: int
    label: str
    needs_source: bool = False
    paragraph: int = 0
    headline: bool = False
    source_id: int | None = None
    identified: str | None = None
    manner: str | None = None
    hedged: bool = False
    source: Span | None = None
    cue: Span | None = None
    via: tuple[Span, ...] = ()

    @property
    def attributed(self) -> bool:
        """Whether anybody but the author is given as the source."""
        return self.label != UNSOURCED


@dataclass(frozen=True)
class AnnotatedArticle:
    """An article with its annotation; `meta` holds outlet, kind, region, topic and the like."""

    id: str
    text: str
    sentences: tuple[AnnotatedSentence, ...]
    frame: tuple[Span, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)

    def words(self, span: Span | None) -> str:
        """Return the words of a span, "" for none."""
        return self.text[span[0] : span[1]] if span else ""


def find_faults(article: AnnotatedArticle) -> Iterator[str]:
    """Yield what contradicts the guidelines in one article, a line each."""
    size = len(article.text)
    for number, sentence in enumerate(article.sentences):
        for fault in _sentence_faults(sentence, size):
            yield f"{article.id}, sentence {number}: {fault}"
    for start, end in article.frame:
        if not 0 <= start < end <= size:
            yield f"{article.id}: the frame span {start}-{end} lies outside the text"


def _sentence_faults(sentence: AnnotatedSentence, size: int) -> Iterator[str]:
    if not 0 <= sentence.start < sentence.end <= size:
        yield f"the span {sentence.start}-{sentence.end} lies outside the text"
    for name, span in (("source", sentence.source), ("cue", sentence.cue)):
        if span and not sentence.start <= span[0] < span[1] <= sentence.end:
            yield f"the {name} span {span[0]}-{span[1]} lies outside the sentence"
    if not sentence.attributed:
        extras = (sentence.source_id, sentence.identified, sentence.manner, sentence.source)
        if any(value is not None for value in extras) or sentence.cue or sentence.via:
            yield "unsourced, yet with a source, cue, relay, manner or source number"
        return
    if sentence.source_id is None:
        yield f"{sentence.label} without a source number"
    if sentence.identified not in IDENTIFIED:
        yield f"{sentence.label} without named, described or anonymous"
    if sentence.manner not in MANNERS:
        yield f"{sentence.label} without direct, mixed or indirect"


def to_record(article: AnnotatedArticle, *, text: bool = True) -> dict[str, Any]:
    """Return the JSON Lines record of an article; `text=False` gives the stand-off form."""
    record: dict[str, Any] = {"id": article.id, **({"meta": article.meta} if article.meta else {})}
    if text:
        record["text"] = article.text
    record["frame"] = [list(span) for span in article.frame]
    record["sentences"] = [_sentence_record(sentence) for sentence in article.sentences]
    return record


def _sentence_record(sentence: AnnotatedSentence) -> dict[str, Any]:
    record: dict[str, Any] = {
        "start": sentence.start,
        "end": sentence.end,
        "label": sentence.label,
        "needs_source": sentence.needs_source,
        "paragraph": sentence.paragraph,
    }
    if sentence.headline:
        record["headline"] = True
    if sentence.attributed:
        record |= {
            "source_id": sentence.source_id,
            "identified": sentence.identified,
            "manner": sentence.manner,
            "hedged": sentence.hedged,
            "via": [list(span) for span in sentence.via],
        }
    for name, span in (("source", sentence.source), ("cue", sentence.cue)):
        if span:
            record[f"{name}_start"], record[f"{name}_end"] = span
    return record


def from_record(record: dict[str, Any], text: str | None = None) -> AnnotatedArticle:
    """Build an article from its JSON Lines record.

    Parameters
    ----------
    record : dict
        As `to_record` writes it; the stand-off form (`doc` in place of `id`, no text) too.
    text : str, optional
        The article's text where the record carries none.

    Raises
    ------
    CorpusError
        If a key is missing or a label is unknown.
    """
    try:
        body = record["text"] if text is None else text
        sentences = tuple(_sentence_from_record(item) for item in record["sentences"])
        return AnnotatedArticle(
            id=str(record.get("id") or record["doc"]),
            text=body,
            sentences=sentences,
            frame=tuple((int(a), int(b)) for a, b in record.get("frame", ())),
            meta=dict(record.get("meta", {})),
        )
    except (KeyError, TypeError, ValueError) as error:
        name = record.get("id") or record.get("doc") or "?"
        raise CorpusError(f"article {name}: not an annotated article ({error!r})") from error


def _sentence_from_record(item: dict[str, Any]) -> AnnotatedSentence:
    def span(name: str) -> Span | None:
        start = item.get(f"{name}_start")
        return None if start is None else (int(start), int(item[f"{name}_end"]))

    if item["label"] not in LABELS:
        raise ValueError(f"unknown label {item['label']!r}")
    return AnnotatedSentence(
        start=int(item["start"]),
        end=int(item["end"]),
        label=item["label"],
        needs_source=bool(item["needs_source"]),
        paragraph=int(item.get("paragraph", 0)),
        headline=bool(item.get("headline", False)),
        source_id=item.get("source_id"),
        identified=item.get("identified"),
        manner=item.get("manner"),
        hedged=bool(item.get("hedged", False)),
        source=span("source"),
        cue=span("cue"),
        via=tuple((int(a), int(b)) for a, b in item.get("via", ())),
    )


def read_jsonl(path: Path) -> list[AnnotatedArticle]:
    """Read annotated articles from JSON Lines, a line each."""
    return [from_record(record) for record in _read_records(path)]


def write_jsonl(articles: Iterable[AnnotatedArticle], *, text: bool = True) -> str:
    """Return annotated articles as JSON Lines."""
    rows = (json.dumps(to_record(article, text=text), ensure_ascii=False) for article in articles)
    return "".join(f"{row}\n" for row in rows)


def read_standoff(path: Path) -> list[AnnotatedArticle]:
    """Read annotations alone: articles whose text stays elsewhere have an empty one."""
    return [from_record(record, record.get("text", "")) for record in _read_records(path)]


def _read_records(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error})") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path}, line {number}: not JSON ({error.msg})") from error
        if not isinstance(record, dict):
            raise CorpusError(f"{path}, line {number}: no JSON object, {line.strip()[:30]!r}")
        yield record

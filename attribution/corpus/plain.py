"""The plain-text format of annotated articles: for people, editors and `git diff`.

A header of ``key: value`` lines, a blank line, then a sentence a line, a blank line between
paragraphs::

    fiction: written for training; events and people are invented
    id: harbour-cranes
    outlet: The Harbour Post
    frame: Orbita News < The Harbour Post

    unsourced headline | Cranes return to Port Veld
    media_outlet #1 named indirect needs | {c According to} {s Orbita News}, two cranes ...

Before the bar: the label; ``headline`` for a title; for attributed sentences ``#N`` (the source's
number), named / described / anonymous, direct / mixed / indirect, ``hedged`` where it is; ``needs``
where the content needs a source. After the bar: the sentence, with ``{s source}``, ``{c cue}`` and
the relays ``{v1 nearest the origin}``, ``{v2 next}`` marked. A relay carried over from an earlier
sentence is written before the bar: ``via "Orbita News"``. A literal brace or backslash is
escaped with a backslash. Sentences of a paragraph are joined by a space, paragraphs by a blank
line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS

_TOKEN = re.compile(r'via((?:\s+"[^"]*")+)|(\S+)')
_MARK = re.compile(r"\\(?P<escaped>[\\{}])|\{(?P<kind>s|c|v\d) |(?P<close>\})|(?P<brace>\{)")


@dataclass
class _Line:
    """One sentence line, parsed; offsets count within the sentence."""

    text: str
    marks: dict[str, Span]
    carried: tuple[str, ...]
    flags: dict[str, Any] = field(default_factory=dict)


def read_plain(path: Path) -> AnnotatedArticle:
    """Read one annotated article; errors name the file and the line."""
    try:
        return parse_plain(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error})") from error


def parse_plain(content: str, where: str = "article") -> AnnotatedArticle:
    """Parse the plain-text format.

    Raises
    ------
    CorpusError
        For a malformed line, an unknown word before the bar, or a span that does not match.
    """
    lines = content.split("\n")
    meta: dict[str, str] = {}
    body = len(lines)
    for number, line in enumerate(lines):
        if not line.strip():
            body = number
            break
        key, colon, value = line.partition(":")
        if not colon:
            raise CorpusError(f"{where}:{number + 1}: a header line is 'key: value'")
        meta[key.strip()] = value.strip()
    builder = _Builder(where)
    for number, line in enumerate(lines[body:], start=body + 1):
        builder.add(number, line)
    frame_names = [name.strip() for name in meta.pop("frame", "").split("<") if name.strip()]
    article_id = meta.pop("id", "") or Path(where).stem
    return builder.finish(article_id, meta, frame_names)


class _Builder:
    """Collects sentence lines into text and offsets."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.parts: list[str] = []
        self.size = 0
        self.paragraph = 0
        self.gap = ""
        self.sentences: list[AnnotatedSentence] = []

    def add(self, number: int, line: str) -> None:
        if not line.strip():
            if self.parts:
                self.gap = "\n\n"
            return
        try:
            parsed = _parse_line(line)
        except ValueError as error:
            raise CorpusError(f"{self.where}:{number}: {error}") from error
        if self.gap == "\n\n":
            self.paragraph += 1
        start = self.size + len(self.gap)
        earlier = "".join(self.parts)
        self.parts += [self.gap, parsed.text]
        self.size = start + len(parsed.text)
        self.gap = " "
        self.sentences.append(self._sentence(number, start, parsed, earlier))

    def _sentence(self, number: int, start: int, parsed: _Line, earlier: str) -> AnnotatedSentence:
        def shift(kind: str) -> Span | None:
            span = parsed.marks.get(kind)
            return None if span is None else (span[0] + start, span[1] + start)

        named = [shift(kind) for kind in sorted(parsed.marks) if kind.startswith("v")]
        via = [span for span in named if span is not None]
        for words in parsed.carried:
            position = earlier.rfind(words)
            if position < 0:
                raise CorpusError(f"{self.where}:{number}: relay {words!r} is not named earlier")
            via.append((position, position + len(words)))
        return AnnotatedSentence(
            start=start,
            end=start + len(parsed.text),
            paragraph=self.paragraph,
            source=shift("s"),
            cue=shift("c"),
            via=tuple(via),
            **parsed.flags,
        )

    def finish(
        self, article_id: str, meta: dict[str, str], frame_names: list[str]
    ) -> AnnotatedArticle:
        text = "".join(self.parts)
        frame = []
        for name in frame_names:
            position = text.find(name)
            if position < 0:
                raise CorpusError(f"{self.where}: the frame names {name!r}, the text does not")
            frame.append((position, position + len(name)))
        return AnnotatedArticle(article_id, text, tuple(self.sentences), tuple(frame), meta)


def _parse_line(line: str) -> _Line:
    head, bar, tail = line.partition(" | ")
    if not bar:
        raise ValueError("no ' | ' between the annotation and the sentence")
    text, marks = _parse_marks(tail.strip())
    if not text:
        raise ValueError("the sentence is empty")
    flags: dict[str, Any] = {}
    carried: tuple[str, ...] = ()
    for match in _TOKEN.finditer(head):
        if match[1]:
            carried = tuple(re.findall(r'"([^"]*)"', match[1]))
        else:
            key, value = _read_flag(match[2])
            if key in flags:
                raise ValueError(f"{key} is given twice")
            flags[key] = value
    if "label" not in flags:
        raise ValueError("no label before the bar")
    return _Line(text, marks, carried, flags)


def _read_flag(word: str) -> tuple[str, str | int | bool]:
    if word in LABELS:
        return "label", word
    if word in IDENTIFIED:
        return "identified", word
    if word in MANNERS:
        return "manner", word
    if word in ("hedged", "headline"):
        return word, True
    if word == "needs":
        return "needs_source", True
    if word.startswith("#") and word[1:].isascii() and word[1:].isdecimal():
        return "source_id", int(word[1:])
    raise ValueError(f"unknown word {word!r} before the bar")


def _parse_marks(marked: str) -> tuple[str, dict[str, Span]]:
    pieces: list[str] = []
    marks: dict[str, Span] = {}
    size = position = opened_at = 0
    kind = ""
    for match in _MARK.finditer(marked):
        pieces.append(marked[position : match.start()])
        size += match.start() - position
        position = match.end()
        if match["escaped"]:
            pieces.append(match["escaped"])
            size += 1
        elif match["kind"]:
            if kind:
                raise ValueError(f"a {{{match['kind']} mark inside another")
            if match["kind"] in marks:
                raise ValueError(f"two {{{match['kind']} marks in one sentence")
            kind, opened_at = match["kind"], size
        elif match["close"] and kind:
            marks[kind] = (opened_at, size)
            kind = ""
        else:
            raise ValueError("a stray brace: marks are {s ...}, {c ...}, {v1 ...}")
    if kind:
        raise ValueError(f"the {{{kind} mark is not closed")
    pieces.append(marked[position:])
    return "".join(pieces), marks


def write_plain(article: AnnotatedArticle) -> str:
    """Return an article in the plain-text format; `parse_plain` gives it back unchanged.

    The frame and carried relays are kept by their words: which mention is meant may change.
    Carried relays come after those that the sentence names.

    Raises
    ------
    CorpusError
        If the format cannot hold it: gaps other than a space between sentences and a blank line
        between paragraphs, a line break in a sentence, marks that overlap, and the like.
    """
    written = _write_lines(article)
    try:
        kept = _by_words(parse_plain(written)) == _by_words(article)
    except CorpusError:
        kept = False
    if not kept:
        name = " ".join(article.id.split())
        raise CorpusError(f"{name}: cannot be kept in plain text", "write JSON Lines")
    return written


def _by_words(article: AnnotatedArticle) -> tuple[object, ...]:
    """Return what the format keeps of an article, to compare."""
    # The text shows where paragraphs begin, whatever their numbers.
    sentences = [replace(sentence, via=(), paragraph=0) for sentence in article.sentences]
    named = [[span for span in s.via if span[0] >= s.start] for s in article.sentences]
    carried = [[article.words(v) for v in s.via if v[0] < s.start] for s in article.sentences]
    frame = [article.words(span) for span in article.frame]
    return article.id, article.meta, article.text, sentences, named, carried, frame


def _write_lines(article: AnnotatedArticle) -> str:
    header = [f"{key}: {value}" for key, value in article.meta.items()]
    # That an article is fiction stands first; its id next.
    header.insert(1 if "fiction" in article.meta else 0, f"id: {article.id}")
    if article.frame:
        header.append("frame: " + " < ".join(article.words(span) for span in article.frame))
    lines: list[str] = []
    previous: AnnotatedSentence | None = None
    for sentence in article.sentences:
        same = previous is not None and previous.paragraph == sentence.paragraph
        if not same:
            lines.append("")
        lines.append(f"{' '.join(_flags(article, sentence))} | {_mark(article, sentence)}")
        previous = sentence
    return "\n".join(header + lines) + "\n"


def _flags(article: AnnotatedArticle, sentence: AnnotatedSentence) -> Iterator[str]:
    yield sentence.label
    if sentence.headline:
        yield "headline"
    if sentence.source_id is not None:
        yield f"#{sentence.source_id}"
    yield from (word for word in (sentence.identified, sentence.manner) if word)
    if sentence.hedged:
        yield "hedged"
    if sentence.needs_source:
        yield "needs"
    carried = [span for span in sentence.via if span[1] <= sentence.start]
    if carried:
        yield "via " + " ".join(f'"{article.words(span)}"' for span in carried)


def _mark(article: AnnotatedArticle, sentence: AnnotatedSentence) -> str:
    marks: list[tuple[Span, str]] = []
    if sentence.source:
        marks.append((sentence.source, "s"))
    if sentence.cue:
        marks.append((sentence.cue, "c"))
    inside = (span for span in sentence.via if span[0] >= sentence.start)
    marks += [(span, f"v{rank}") for rank, span in enumerate(inside, start=1)]
    pieces: list[str] = []
    position = sentence.start
    for (start, end), kind in sorted(marks):
        pieces += [_escape(article.text[position:start]), "{", kind, " "]
        pieces += [_escape(article.text[start:end]), "}"]
        position = end
    pieces.append(_escape(article.text[position : sentence.end]))
    return "".join(pieces)


def _escape(words: str) -> str:
    return re.sub(r"([\\{}])", r"\\\1", words)

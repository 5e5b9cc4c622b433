"""brat stand-off: a folder of ``.txt`` and ``.ann`` files.

``T1<TAB>Sentence 0 42<TAB>words`` marks a sentence; attributes (``A1<TAB>Label T1 government``)
say the rest: ``Label``, ``Identified``, ``Manner``, ``SourceNumber``, ``NeedsSource``, ``Hedged``,
``Headline``, and ``Paragraph`` where line breaks do not tell. ``Source`` and ``Cue`` entities
belong to the sentence around them; ``Via1``, ``Via2`` relations lead from a sentence to its
``Via`` entities; ``Frame`` entities have a ``Rank``; notes on the first sentence
(``#1<TAB>Meta T1<TAB>outlet: ...``) hold the header. An entity over a line break has a fragment a
line (``0 3;4 9``), as brat writes it since version 1.3.

Offsets are code points. brat itself counts CR LF as one character (its issue 853); both ways of
counting are read, and what is written counts two, true to the file. See
https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.formats import Imported, read_text, write_text
from attribution.corpus.formats.offsets import find_counting
from attribution.corpus.formats.regions import (
    Link,
    Markup,
    Region,
    build_article,
    mark_up,
)
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS

_ENTITY = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (\S+)(?: (.*))?")
_RELATION = re.compile(r"R\d+\t(\S+) \S+?:(\S+) \S+?:(\S+)\s*")
_NOTE = re.compile(r"#\d+\t(\S+) (\S+)\t(.*)")
_FLAGS = {"Headline": "headline", "Hedged": "hedged", "NeedsSource": "needs"}
_VALUES = ("Label", "Identified", "Manner")
_NUMBERS = 60  # source numbers and paragraphs that annotation.conf offers


def _configuration() -> str:
    numbers = "|".join(map(str, range(_NUMBERS)))
    values = {"Label": LABELS, "Identified": IDENTIFIED, "Manner": MANNERS}
    lines = ["[entities]", "Sentence", "Source", "Cue", "Via", "Frame", "", "[relations]"]
    lines += [f"Via{rank}\tArg1:Sentence, Arg2:Via" for rank in range(1, 5)]
    lines += ["", "[events]", "", "[attributes]"]
    lines += [f"{name}\tArg:Sentence, Value:{'|'.join(words)}" for name, words in values.items()]
    lines += [f"{name}\tArg:Sentence, Value:{numbers}" for name in ("SourceNumber", "Paragraph")]
    lines += [f"{name}\tArg:Sentence" for name in _FLAGS]
    return "\n".join([*lines, "Rank\tArg:Frame, Value:1|2|3|4", ""])


#: What brat must be told about these annotations (`annotation.conf` of the folder).
CONFIGURATION = _configuration()


def write_brat(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write a folder of articles, with the `annotation.conf` that lets brat show and edit them."""
    path.mkdir(parents=True, exist_ok=True)
    for article in articles:
        stem = re.sub(r"[^\w.-]+", "_", article.id)
        lines = _annotation_lines(article, mark_up(article), stem)
        write_text(path / f"{stem}.txt", article.text)
        write_text(path / f"{stem}.ann", "".join(f"{line}\n" for line in lines))
    write_text(path / "annotation.conf", CONFIGURATION)


def _annotation_lines(article: AnnotatedArticle, markup: Markup, stem: str) -> list[str]:
    entities: list[str] = []
    attributes: list[str] = []
    names: dict[tuple[Span, str], str] = {}
    paragraphs = list(markup.passenger.get("paragraphs", ()))
    for number, region in enumerate(markup.regions, start=1):
        span, label = (region.start, region.end), region.labels[0]
        kind = "Sentence" if label in LABELS else label.rstrip("0123456789").capitalize()
        name = names[span, kind] = f"T{number}"
        entities.append(f"{name}\t{kind} {_fragments(article.text, span)}")
        if kind == "Sentence":
            attributes += [_attribute(word).format(name) for word in region.labels]
            if paragraphs:
                attributes.append(f"Paragraph {name} {paragraphs.pop(0)}")
        elif kind == "Frame":
            attributes.append(f"Rank {name} {label.removeprefix('frame')}")
    relations = [
        f"Via{link.rank} Arg1:{names[link.sentence, 'Sentence']} Arg2:{names[link.relay, 'Via']}"
        for link in markup.links
    ]
    header = {**({} if stem == article.id else {"id": article.id}), **article.meta}
    notes = [f"Meta T1\t{key}: {' '.join(value.split())}" for key, value in header.items()]
    numbered = (("A", attributes), ("R", relations), ("#", notes))
    return entities + [
        f"{letter}{n}\t{line}" for letter, rows in numbered for n, line in enumerate(rows, start=1)
    ]


def _attribute(word: str) -> str:
    """Return a sentence's word as an attribute, with a place for the entity's name."""
    values = zip(_VALUES, (LABELS, IDENTIFIED, MANNERS), strict=True)
    for name, words in values:
        if word in words:
            return f"{name} {{}} {word}"
    if word.startswith("#"):
        return f"SourceNumber {{}} {word[1:]}"
    return f"{next(name for name, flag in _FLAGS.items() if flag == word)} {{}}"


def _fragments(text: str, span: Span) -> str:
    """Return offsets and words; brat's lines cannot hold a line break, so it cuts there."""
    pieces = [
        (span[0] + match.start(), span[0] + match.end())
        for match in re.finditer(r"[^\r\n]+", text[span[0] : span[1]])
    ] or [span]
    offsets = ";".join(f"{start} {end}" for start, end in pieces)
    words = " ".join(text[start:end] for start, end in pieces)
    return f"{offsets}\t{words.replace(chr(9), ' ')}"


@dataclass(frozen=True, slots=True)
class _Entity:
    """A text-bound annotation; `fragments` as written, `words` joined by blanks."""

    kind: str
    fragments: tuple[Span, ...]
    words: str

    @property
    def span(self) -> Span:
        """From the first fragment to the last."""
        return self.fragments[0][0], self.fragments[-1][1]


@dataclass
class _Standoff:
    """The lines of an annotation file, parsed."""

    entities: dict[str, _Entity] = field(default_factory=dict)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    header: dict[str, str] = field(default_factory=dict)
    ignored: Counter[str] = field(default_factory=Counter)


def read_brat(path: Path) -> Imported:
    """Read a folder, or one ``.ann`` or ``.txt`` file with its partner beside it."""
    files = sorted(path.glob("*.ann")) if path.is_dir() else [path.with_suffix(".ann")]
    if not files:
        raise CorpusError(f"{path}: no .ann files", "name a folder of .txt and .ann files")
    imported = Imported()
    for file in files:
        text = read_text(file.with_suffix(".txt"), "utf-8")
        standoff = _parse(read_text(file), str(file))
        markup = _to_markup(standoff, text, str(file))
        article, dropped = build_article(markup, file.stem, str(file))
        imported.articles.append(article)
        lines = [f"{file}: {what}: {n} dropped" for what, n in standoff.ignored.items()]
        imported.dropped += [*lines, *dropped]
    return imported


def _parse(content: str, where: str) -> _Standoff:
    standoff = _Standoff()
    for number, raw in enumerate(content.split("\n"), start=1):
        line = raw.rstrip("\r")
        letter = line[:1]
        if letter == "T":
            match = _ENTITY.fullmatch(line)
            if match is None:
                raise CorpusError(f"{where}:{number}: not a text-bound annotation: {line!r}")
            bounds = [int(offset) for offset in re.split(r"[ ;]", match[3])]
            fragments = tuple(zip(bounds[::2], bounds[1::2], strict=True))
            standoff.entities[match[1]] = _Entity(match[2], fragments, match[4])
        elif letter in ("A", "M") and (match := _ATTRIBUTE.fullmatch(line)):
            standoff.attributes.append((match[1], match[2], match[3] or ""))
        elif letter == "R" and (match := _RELATION.fullmatch(line)):
            standoff.relations.append((match[1], match[2], match[3]))
        elif letter == "#" and (match := _NOTE.fullmatch(line)) and match[1] == "Meta":
            key, _, value = match[3].partition(": ")
            standoff.header[key] = value
        elif line.strip():
            standoff.ignored[f"line of kind {letter!r}"] += 1
    return standoff


def _quote(entity: _Entity, text: str, ignored: Counter[str]) -> tuple[int, int, str]:
    """Return an entity's span and words; the gap of a discontinuous one is filled."""
    gaps = zip(entity.fragments, entity.fragments[1:], strict=False)
    if any(text[left[1] : right[0]].strip() for left, right in gaps):
        ignored["gap within a discontinuous entity"] += 1
        return *entity.span, ""
    return *entity.span, entity.words


def _to_markup(standoff: _Standoff, text: str, where: str) -> Markup:
    entities = standoff.entities
    quoted = [_quote(entity, text, standoff.ignored) for entity in entities.values()]
    place = find_counting(text, quoted, where)
    spans = {name: (place(item.span[0]), place(item.span[1])) for name, item in entities.items()}
    labels = {name: [_label(item.kind)] for name, item in entities.items()}
    paragraphs: dict[Span, int] = {}
    for name, target, value in standoff.attributes:
        if target not in spans:
            standoff.ignored[f"attribute {name!r}"] += 1
        elif name == "Paragraph" and value.isdigit():
            paragraphs[spans[target]] = int(value)
        elif name == "Rank":
            labels[target] = [f"frame{value}"]
        else:
            word = _FLAGS.get(name) or (value if name in _VALUES else "")
            word = f"#{value}" if name == "SourceNumber" else word
            if word:
                labels[target].append(word)
            else:
                standoff.ignored[f"attribute {name!r}"] += 1
    regions = [
        Region(*spans[name], tuple(word for word in words if word != "sentence"))
        for name, words in labels.items()
    ]
    markup = Markup(text, regions, list(_links(standoff, spans)))
    header = dict(standoff.header)
    if "id" in header:
        markup.passenger["id"] = header.pop("id")
    markup.passenger["meta"] = header
    if paragraphs:
        markup.passenger["paragraphs"] = [paragraphs[span] for span in sorted(paragraphs)]
    return markup


def _label(kind: str) -> str:
    """Return the region label of an entity type; the labels themselves may be types too."""
    return kind if kind in LABELS else kind.lower()


def _links(standoff: _Standoff, spans: dict[str, Span]) -> Iterator[Link]:
    for kind, left, right in standoff.relations:
        rank = kind.removeprefix("Via")
        if kind.startswith("Via") and left in spans and right in spans:
            yield Link(spans[left], spans[right], int(rank) if rank.isdigit() else 1)
        else:
            standoff.ignored[f"relation {kind!r}"] += 1

r"""CoNLL / IOB: a token a line, a blank line after each sentence.

Two columns, parted by a tab: the token and its tag, ``B-Source``, ``I-Source``, ``B-Cue``,
``B-Via1`` ... (IOB2). What a tag cannot say stands in ``# key = value`` lines as in CoNLL-U:
``# sentence`` the words about the sentence, ``# text`` its exact text, ``# gap`` what stands before
it where that is not a blank or a blank line. Articles begin with CoNLL-2003's ``-DOCSTART-``.
Tokens are cut where a span begins or ends, so no span is lost; of two that overlap, the second is.

Read are tabs or blanks, any number of columns (first the token, last the tag), IOB1 and IOB2. See
Tjong Kim Sang and De Meulder (2003), https://aclanthology.org/W03-0419, and
https://universaldependencies.org/format.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.corpus.formats import Imported, find_file, read_text, write_text
from attribution.corpus.formats.regions import (
    Link,
    Markup,
    Region,
    build_article,
    mark_up,
    sentence_words,
)
from attribution.document import Span
from attribution.errors import CorpusError

_START = "-DOCSTART-"
# Marks that combine with the character before them, joiners and variation selectors.
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_TOKEN = re.compile(rf"(?:\w[{_MARKS}]*)+|\S[{_MARKS}]*")
_COMMENT = re.compile(r"# ?(.+?) = ?(.*)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(text: str) -> str:
    return re.sub(r"[\\\n\r\t]", lambda match: _ESCAPES[match[0]], text)


def _unescape(text: str) -> str:
    back = {escaped: char for char, escaped in _ESCAPES.items()}
    return re.sub(r"\\[\\nrt]", lambda match: back[match[0]], text)


def _gap(same_paragraph: bool) -> str:
    """Return what stands between two sentences where nothing else is said."""
    return " " if same_paragraph else "\n\n"


def write_conll(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write articles one after the other."""
    write_text(path, "".join(f"{line}\n" for article in articles for line in _lines(article)))


def _lines(article: AnnotatedArticle) -> Iterator[str]:
    yield f"{_START}\tO"
    yield f"# id = {_escape(article.id)}"
    for key, value in article.meta.items():
        yield f"# meta {key} = {_escape(value)}"
    if article.frame:
        yield f"# frame = {_write_spans(article.frame)}"
    last = article.sentences[-1].end if article.sentences else 0
    if article.text[last:]:
        yield f"# tail = {_escape(article.text[last:])}"
    yield ""
    passenger = mark_up(article).passenger
    previous: AnnotatedSentence | None = None
    for sentence in article.sentences:
        yield f"# sentence = {' '.join(sentence_words(sentence))}"
        if "paragraphs" in passenger:
            yield f"# paragraph = {sentence.paragraph}"
        gap = article.text[previous.end if previous else 0 : sentence.start]
        same = previous is not None and previous.paragraph == sentence.paragraph
        if gap != (_gap(same) if previous else ""):
            yield f"# gap = {_escape(gap)}"
        elif previous and not same:
            yield "# newpar = yes"
        if sentence.via and "relays" in passenger:
            yield f"# via = {_write_spans(sentence.via)}"
        yield f"# text = {_escape(article.text[sentence.start : sentence.end])}"
        yield from _token_lines(article.text, sentence)
        yield ""
        previous = sentence


def _inside(span: Span, sentence: AnnotatedSentence) -> bool:
    return sentence.start <= span[0] and span[1] <= sentence.end


def _write_spans(spans: Sequence[Span]) -> str:
    return " ".join(f"{start}-{end}" for start, end in spans)


def _read_spans(words: str) -> list[Span]:
    return [(int(start), int(end)) for start, end in re.findall(r"(\d+)-(\d+)", words)]


def _token_lines(text: str, sentence: AnnotatedSentence) -> Iterator[str]:
    named = [("Source", sentence.source), ("Cue", sentence.cue)]
    named += [(f"Via{rank}", span) for rank, span in enumerate(sentence.via, start=1)]
    spans = [(kind, span) for kind, span in named if span and _inside(span, sentence)]
    for start, end in _cut_tokens(text, sentence, [span for _, span in spans]):
        around = [(kind, span) for kind, span in spans if span[0] <= start < span[1]]
        kind, span = around[0] if around else ("", (0, 0))
        # The first token of a span may begin after a blank.
        first = bool(kind) and not text[span[0] : start].strip()
        yield f"{text[start:end]}\t{('B-' if first else 'I-') + kind if kind else 'O'}"


def _cut_tokens(text: str, sentence: AnnotatedSentence, spans: Sequence[Span]) -> Iterator[Span]:
    edges = sorted({edge for span in spans for edge in span})
    for match in _TOKEN.finditer(text, sentence.start, sentence.end):
        cuts = [edge for edge in edges if match.start() < edge < match.end()]
        yield from pairwise([match.start(), *cuts, match.end()])


@dataclass
class _Block:
    """The lines of one sentence, or of an article's head."""

    comments: dict[str, str] = field(default_factory=dict)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    begins_article: bool = False


def read_conll(path: Path) -> Imported:
    """Read a file of one or more articles.

    Raises
    ------
    CorpusError
        If no sentence says its label in a ``# sentence`` line.
    """
    groups: list[list[_Block]] = []
    for block in _blocks(read_text(find_file(path, ".conll"))):
        if block.begins_article or not groups:
            groups.append([])
        groups[-1].append(block)
    if not groups:
        raise CorpusError(f"{path}: no sentences")
    imported = Imported()
    for number, blocks in enumerate(groups, start=1):
        where = str(path) if len(groups) == 1 else f"{path}, article {number}"
        name = path.stem if len(groups) == 1 else f"{path.stem}-{number}"
        try:
            markup, unlabelled = _to_markup(blocks)
        except ValueError as error:
            raise CorpusError(f"{where}: {error}") from error
        if unlabelled:
            imported.dropped.append(f"{where}: sentences without a label: {unlabelled} dropped")
        article, dropped = build_article(markup, name, where)
        imported.articles.append(article)
        imported.dropped += dropped
    return imported


def _blocks(content: str) -> Iterator[_Block]:
    block = _Block()
    for raw in [*content.split("\n"), ""]:
        line = raw.rstrip("\r")
        if not line.strip():
            if block.tokens or block.comments or block.begins_article:
                yield block
            block = _Block()
        elif line.startswith(_START):
            block.begins_article = True
        elif "\t" not in line and (match := _COMMENT.fullmatch(line)):
            block.comments[match[1]] = _unescape(match[2])
        else:
            columns = line.split("\t") if "\t" in line else line.split()
            if len(columns) < 2:
                raise CorpusError(f"not a token and its tag: {line!r}")
            block.tokens.append((columns[0], columns[-1].strip()))


def _to_markup(blocks: Sequence[_Block]) -> tuple[Markup, int]:
    """Join the sentences of an article; return how many have no label, too."""
    markup = Markup("", passenger={"meta": {}})
    pieces: list[str] = []
    paragraphs: list[int] = []
    size = unlabelled = 0
    tail = ""
    for block in blocks:
        comments = block.comments
        tail = comments.get("tail", tail)
        _read_head(comments, markup)
        if not block.tokens and "text" not in comments:
            continue
        text = comments.get("text") or " ".join(token for token, _ in block.tokens)
        gap = comments.get("gap", _gap("newpar" not in comments) if pieces else "")
        start = size + len(gap)
        pieces += [gap, text]
        size = start + len(text)
        words = tuple(comments.get("sentence", "").split())
        unlabelled += not words
        if words:
            markup.regions.append(Region(start, size, words))
            if "paragraph" in comments:
                paragraphs.append(int(comments["paragraph"]))
        relays = _read_spans(comments.get("via", ""))
        for rank, span in enumerate(relays, start=1):
            markup.links.append(Link((start, size), span, rank))
            markup.regions.append(Region(*span, (f"via{rank}",)))
        for kind, (first, last) in _tagged(block.tokens, text):
            if not (relays and kind.lower().startswith("via")):
                markup.regions.append(Region(first + start, last + start, (kind,)))
    markup.text = "".join(pieces) + tail
    if paragraphs:
        markup.passenger["paragraphs"] = paragraphs
    return markup, unlabelled


def _read_head(comments: dict[str, str], markup: Markup) -> None:
    if "id" in comments:
        markup.passenger["id"] = comments["id"]
    for key, value in comments.items():
        if key.startswith("meta "):
            markup.passenger["meta"][key.removeprefix("meta ")] = value
    for rank, span in enumerate(_read_spans(comments.get("frame", "")), start=1):
        markup.regions.append(Region(*span, (f"frame{rank}",)))


def _tagged(tokens: Sequence[tuple[str, str]], text: str) -> Iterator[tuple[str, Span]]:
    """Yield the spans of IOB tags, in offsets of the sentence."""
    open_kind, begin, position = "", 0, 0
    for token, tag in [*tokens, ("", "O")]:
        start = text.find(token, position)
        if start < 0:
            raise ValueError(f"the token {token!r} is not in the text {text!r}")
        prefix, _, kind = tag.partition("-")
        if open_kind and (prefix == "B" or kind != open_kind):
            yield open_kind, (begin, position)
            open_kind = ""
        if kind and not open_kind:
            open_kind, begin = kind, start
        position = start + len(token)

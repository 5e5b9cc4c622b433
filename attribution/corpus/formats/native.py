"""Our own two formats as files: a folder of plain text, a file of JSON Lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from attribution.corpus.annotated import (
    AnnotatedArticle,
    AnnotatedSentence,
    read_jsonl,
    write_jsonl,
)
from attribution.corpus.formats import Imported, find_file, write_text
from attribution.corpus.plain import read_plain, write_plain
from attribution.document import Span
from attribution.errors import CorpusError

_Move = Callable[[Span | None], Span | None]


def read_plain_files(path: Path) -> Imported:
    """Read a folder of ``.txt`` files, or one."""
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if not files:
        raise CorpusError(f"{path}: no .txt files", "name a folder of annotated articles")
    return Imported([read_plain(file) for file in files])


def write_plain_files(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write a folder, a file an article; a path that ends in ``.txt`` takes one article."""
    if path.suffix == ".txt":
        if len(articles) != 1:
            raise CorpusError(f"{path}: one file for {len(articles)} articles", "name a folder")
        write_text(path, write_plain(fit_plain(articles[0])))
        return
    path.mkdir(parents=True, exist_ok=True)
    for article in articles:
        stem = re.sub(r"[^\w.-]+", "_", article.id)
        write_text(path / f"{stem}.txt", write_plain(fit_plain(article)))


def read_json_lines(path: Path) -> Imported:
    """Read JSON Lines, an article a line."""
    return Imported(read_jsonl(find_file(path, ".jsonl")))


def write_json_lines(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write JSON Lines, an article a line."""
    write_text(path, write_jsonl(articles))


def fit_plain(article: AnnotatedArticle) -> AnnotatedArticle:
    """Return an article as the plain-text format can hold it.

    Sentences stand on a line each, joined by a blank, paragraphs by a blank line, without text in
    between. Marks do not overlap: the source comes first, then relays, then the cue. A carried
    relay is written as words, so it holds no quotation mark.
    """
    pieces: list[str] = []
    kept: list[tuple[AnnotatedSentence, int, int]] = []  # sentence, trimmed start, new start
    size = 0
    for sentence in article.sentences:
        words = article.text[sentence.start : sentence.end]
        trimmed = words.strip()
        if not trimmed:
            continue
        gap = "" if not kept else " " if kept[-1][0].paragraph == sentence.paragraph else "\n\n"
        begin = sentence.start + len(words) - len(words.lstrip())
        pieces += [gap, re.sub(r"[\r\n]", " ", trimmed)]
        kept.append((sentence, begin, size + len(gap)))
        size += len(gap) + len(trimmed)
    text = "".join(pieces)
    lengths = {begin: len(piece) for (_, begin, _), piece in zip(kept, pieces[1::2], strict=True)}

    def move(span: Span | None) -> Span | None:
        """Return where a span's words stand now, None if they are gone."""
        for sentence, begin, new in kept:
            if span and sentence.start <= span[0] and span[1] <= sentence.end:
                start = max(span[0] - begin, 0)
                end = min(span[1] - begin, lengths[begin])
                return (start + new, end + new) if start < end else None
        return None

    sentences = tuple(
        _fit_sentence(sentence, new, new + lengths[begin], move, text)
        for sentence, begin, new in kept
    )
    frame = tuple(span for span in map(move, article.frame) if span)
    meta = {key: " ".join(value.split()) for key, value in article.meta.items()}
    return AnnotatedArticle(" ".join(article.id.split()), text, sentences, frame, meta)


def _fit_sentence(
    sentence: AnnotatedSentence, start: int, end: int, move: _Move, text: str
) -> AnnotatedSentence:
    taken: list[Span] = []

    def fit(span: Span | None, *, may_be_earlier: bool = False) -> Span | None:
        moved = move(span)
        if moved is None:
            return None
        if may_be_earlier and moved[1] <= start:
            return None if re.search(r'["\n]| \| ', text[moved[0] : moved[1]]) else moved
        free = all(moved[1] <= other[0] or other[1] <= moved[0] for other in taken)
        if not (start <= moved[0] and moved[1] <= end and free):
            return None
        taken.append(moved)
        return moved

    source = fit(sentence.source)
    via = [fit(span, may_be_earlier=True) for span in sentence.via]
    cue = fit(sentence.cue)
    return replace(
        sentence,
        start=start,
        end=end,
        source=source,
        cue=cue,
        via=tuple(span for span in via if span),
    )

"""Labels for sentences: of articles, of pre-split sentences, of tables with a sentence a row."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Protocol

from attribution.analysis import Analysis
from attribution.batch.columns import flatten_sentence
from attribution.batch.encoders import Encoder, encode_line, make_encoder, rename_added
from attribution.batch.tables import (
    CSV_SUFFIXES,
    JSONL_SUFFIXES,
    PARQUET_SUFFIXES,
    Chunk,
    Column,
    Row,
    Table,
    check_column,
    open_table,
    read_objects,
)
from attribution.document import Document
from attribution.errors import InputError
from attribution.pipeline import Analyser
from attribution.reading import MAX_CHARACTERS, parse_article, read_article
from attribution.result import sentence_record
from attribution.sentences import join_sentences

TEXT_COLUMN, ARTICLE_COLUMN = "text", "article_id"
KINDS = ("jsonl", "csv", "parquet")
_CHUNK_ROWS = 4096
_PLACE = (
    Column(ARTICLE_COLUMN),
    Column("index", "integer"),
    Column("start", "integer"),
    Column("end", "integer"),
    Column(TEXT_COLUMN),
)
_ADDED = (
    Column("label"),
    Column("probability", "number"),
    Column("coarse_label"),
    Column("source"),
    Column("source_id", "integer"),
    Column("cue"),
    Column("via"),
    Column("identified"),
    Column("manner"),
    Column("hedged", "flag"),
    Column("needs_source", "number"),
)


@dataclass(frozen=True)
class LabelTable:
    """A table with a sentence a row, held whole: rows of one article may stand apart."""

    table: Table
    chunks: tuple[Chunk, ...]

    @property
    def rows(self) -> list[Row]:
        """All its rows, in order."""
        return [row for chunk in self.chunks for row in chunk.rows]


@dataclass(frozen=True)
class LabelTask:
    """An article whose sentences are to be labelled.

    Attributes
    ----------
    id : object
        As the input gives it: a string, or a JSON number.
    document : Document or None
        None where it could not be read.
    problem : str
        Why it could not be read.
    table : LabelTable or None
        The table that its sentences come from.
    rows : tuple of int
        The row of each sentence in that table.
    """

    id: Any
    document: Document | None
    problem: str = ""
    table: LabelTable | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class LabelSummary:
    """What was labelled; `problems` says, a line each, which articles could not be read."""

    articles: int
    sentences: int
    problems: tuple[str, ...] = ()


def read_label_input(paths: Sequence[str | Path]) -> Iterator[LabelTask]:
    """Read what is to be labelled, a task an article, in order.

    Parameters
    ----------
    paths : sequence of str or Path
        Article files (``-`` for standard input); JSON Lines with ``id`` and ``text``, or ``id`` and
        ``sentences`` (strings, split already); CSV, TSV or Parquet with a column ``text``, a
        sentence a row, and optionally ``article_id``: rows of one article are read in context, in
        their order, wherever they stand. A row without an article stands alone, as in training.

    Raises
    ------
    InputError
        If the one input cannot be read. Among several, a bad one becomes a task with a problem.
    """
    for path in paths:
        try:
            yield from _read_input(str(path))
        except InputError as error:
            if len(paths) == 1:
                raise
            yield LabelTask(str(path), None, str(error))


def _read_input(name: str) -> Iterator[LabelTask]:
    path = Path(name)
    suffix = path.suffix.lower()
    if suffix in JSONL_SUFFIXES:
        yield from _read_jsonl(path)
    elif suffix in (*CSV_SUFFIXES, *PARQUET_SUFFIXES):
        yield from _read_table(path)
    else:
        document = read_article(name)
        yield LabelTask(document.id, document)


def _read_jsonl(path: Path) -> Iterator[LabelTask]:
    open_table(path)  # names what is wrong with the file before anything is labelled
    empty = True
    for number, record in read_objects(path):
        empty = False
        identifier = record["id"] if record.get("id") is not None else number
        try:
            yield LabelTask(identifier, _read_record(record, f"{path}, line {number}"))
        except InputError as error:
            yield LabelTask(identifier, None, str(error))
    if empty:
        raise InputError(f"{path}: empty", "give an object with id and text a line")


def _read_record(record: dict[str, Any], where: str) -> Document:
    sentences, text = record.get("sentences"), record.get("text")
    if isinstance(sentences, list) and all(isinstance(item, str) for item in sentences):
        return _check(join_sentences(sentences), where)
    if isinstance(text, str):
        return parse_article(text, where)
    raise InputError(
        f"{where}: neither a text nor a list of sentences", 'give "text" or "sentences"'
    )


def _check(document: Document, where: str) -> Document:
    if len(document.text) > MAX_CHARACTERS:
        raise InputError(
            f"{where}: {len(document.text):,} characters in one article, over the limit of"
            f" {MAX_CHARACTERS:,}",
            "split it into articles",
        )
    return document


def _read_table(path: Path) -> Iterator[LabelTask]:
    table = open_table(path)
    check_column(table, TEXT_COLUMN)
    held = LabelTable(table, tuple(table.chunks(_CHUNK_ROWS)))
    rows = held.rows
    if not rows:
        raise InputError(f"{path}: no rows", "give a sentence a row")
    articles: dict[Any, list[int]] = {}
    for number, row in enumerate(rows):
        article = row.get(ARTICLE_COLUMN)
        alone = article is None or article == ""
        articles.setdefault(("row", number + 1) if alone else article, []).append(number)
    texts = [_sentence_text(row, number, path) for number, row in enumerate(rows)]
    tasks = []  # all or none: the rows of a table are written together
    for article, numbers in articles.items():
        identifier = article[1] if isinstance(article, tuple) else article
        document = join_sentences([texts[number] for number in numbers])
        _check(document, f"{path}, article {identifier}")
        tasks.append(LabelTask(identifier, document, table=held, rows=tuple(numbers)))
    yield from tasks


def _sentence_text(row: Row, number: int, path: Path) -> str:
    text = row.get(TEXT_COLUMN)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise InputError(f"{path}, row {number + 1}: the text is no string", "give sentences")
    return text


def write_labels(
    tasks: Iterable[LabelTask], analyser: Analyser, kind: str, out: str | None = None
) -> LabelSummary:
    """Label sentences and write them.

    Parameters
    ----------
    tasks : iterable of LabelTask
        From `read_label_input`.
    analyser : Analyser
        The model that labels.
    kind : str
        ``jsonl``: a line an article, its sentences as `attribution score` gives them. ``csv`` and
        ``parquet``: a row a sentence; a table's own rows and columns in their order, with the
        label's columns added.
    out : str, optional
        A file, written beside and renamed; ``-`` or None for standard output.

    Returns
    -------
    LabelSummary

    Raises
    ------
    InputError
        If the kind is unknown, the file cannot be written, or inputs of different columns should
        go into one table.
    """
    if kind not in KINDS:
        raise InputError(f"no format {kind!r}", f"use {', '.join(KINDS)}")
    to_stdout = out is None or out == "-"
    if kind == "parquet" and to_stdout:
        raise InputError("Parquet is not for standard output", "give --out FILE.parquet")
    target = Path(f"stdout.{kind}" if to_stdout else str(out))
    writer: _Writer = _JsonlWriter() if kind == "jsonl" else _TableWriter(target, kind)
    articles = sentences = 0
    problems = []
    with _open_output(writer, None if to_stdout else target) as stream:
        for task, analysis in _label(tasks, analyser):
            stream.write(writer.encode(task, analysis))
            articles += 1
            sentences += len(task.document.sentences) if task.document else 0
            if task.problem:
                problems.append(task.problem)
    return LabelSummary(articles, sentences, tuple(problems))


def _label(
    tasks: Iterable[LabelTask], analyser: Analyser
) -> Iterator[tuple[LabelTask, Analysis | None]]:
    """Yield every task with its analysis, in order; None where there is nothing to analyse."""
    waiting: deque[LabelTask] = deque()

    def documents() -> Iterator[Document]:
        for task in tasks:
            waiting.append(task)
            if task.document is not None and task.document.sentences:
                yield task.document

    for analysis in analyser.analyse(documents()):
        while waiting[0].document is not analysis.document:
            yield waiting.popleft(), None
        yield waiting.popleft(), analysis
    for task in waiting:
        yield task, None


class _Writer(Protocol):
    """Turns labelled articles into bytes, and a file of those bytes into the target."""

    def encode(self, task: LabelTask, analysis: Analysis | None) -> bytes:
        """Return what can be written once this article is labelled."""

    def finish(self, part: Path, target: Path) -> None:
        """Put the written file in its place."""


@contextmanager
def _open_output(writer: _Writer, target: Path | None) -> Iterator[IO[bytes]]:
    """Open standard output, or a part beside the target that takes its place at the end."""
    if target is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        writer.finish(part, target)
    except OSError as error:
        raise InputError(
            f"{target}: cannot be written ({error.strerror})", "check the path"
        ) from error
    finally:
        part.unlink(missing_ok=True)


class _JsonlWriter:
    """A line an article, bad ones too, so that lines and articles stay side by side."""

    def encode(self, task: LabelTask, analysis: Analysis | None) -> bytes:
        records = _records(analysis)
        line = {"id": task.id, "sentences": records}
        return encode_line({**line, "error": task.problem} if task.problem else line)

    def finish(self, part: Path, target: Path) -> None:
        part.replace(target)


def _records(analysis: Analysis | None) -> list[dict[str, Any]]:
    if analysis is None:
        return []
    return [sentence_record(analysis, sentence) for sentence in analysis.sentences]


class _TableWriter:
    """A row a sentence. Rows of a table wait until all of its articles are labelled."""

    def __init__(self, target: Path, kind: str) -> None:
        self.target = target.with_suffix(f".{kind}")
        self.encoder: Encoder | None = None
        self.columns: tuple[Column, ...] = ()
        self.renamed: dict[str, str] = {}
        self.waiting: dict[int, Row] = {}

    def encode(self, task: LabelTask, analysis: Analysis | None) -> bytes:
        if task.document is None:
            return b""
        table = task.table.table if task.table else None
        opening = self._open(table.columns if table else _PLACE, table)
        cells = [flatten_sentence(record) for record in _records(analysis)]
        if task.table is None:
            place = [{**cell, ARTICLE_COLUMN: str(task.id)} for cell in cells]
            return opening + self._encode(Chunk(place), cells)
        self.waiting.update(zip(task.rows, cells, strict=True))
        return opening + self._release(task.table)

    def _open(self, columns: tuple[Column, ...], table: Table | None) -> bytes:
        """Return the header, the first time; every later input must have the same columns."""
        if self.encoder is not None:
            if columns != self.columns:
                raise InputError(
                    "inputs with different columns do not go into one table",
                    "label them one by one, or use --format jsonl",
                )
            return b""
        self.columns = columns
        self.renamed = rename_added(columns, _ADDED)
        added = [replace(column, name=self.renamed[column.name]) for column in _ADDED]
        self.encoder = make_encoder(self.target, columns, added, table.style if table else None)
        return self.encoder.opening()

    def _encode(self, chunk: Chunk, cells: Sequence[Row]) -> bytes:
        assert self.encoder is not None
        added = [{name: cell[key] for key, name in self.renamed.items()} for cell in cells]
        return self.encoder.encode(chunk, added)

    def _release(self, table: LabelTable) -> bytes:
        """Return a table's rows in its own order, once all are labelled."""
        if len(self.waiting) < table.table.total:
            return b""
        cells = [self.waiting[number] for number in range(table.table.total)]
        self.waiting.clear()
        pieces, first = [], 0
        for chunk in table.chunks:
            pieces.append(self._encode(chunk, cells[first : first + len(chunk.rows)]))
            first += len(chunk.rows)
        return b"".join(pieces)

    def finish(self, part: Path, target: Path) -> None:
        if self.encoder is None:  # nothing could be read: the header alone
            part.write_bytes(self._open(_PLACE, None))
            assert self.encoder is not None
        self.encoder.finish(part, target)

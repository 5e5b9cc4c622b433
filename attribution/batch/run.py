"""The loop: chunks of rows out to the workers, outcomes back into the tables, in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from attribution import __version__
from attribution.batch.articles import PATH_COLUMN, ArticleFiles, open_source
from attribution.batch.columns import (
    DUPLICATE,
    ERROR_COLUMN,
    SECONDS,
    score_columns,
    sentence_columns,
    source_columns,
)
from attribution.batch.duplicates import DuplicateIndex, import_datasketch, make_sketch
from attribution.batch.encoders import make_encoder, rename_added
from attribution.batch.options import ERROR, BatchOptions, BatchSummary
from attribution.batch.parts import (
    Ledger,
    Part,
    chain,
    check_target,
    ledger_path,
    load_ledger,
)
from attribution.batch.tables import Chunk, Column, Row, Table, check_column
from attribution.batch.workers import Outcome, Plan, Task, read_task, score_chunks
from attribution.errors import InputError
from attribution.scorer import Scorer

#: Rows that are read, scored and written together.
CHUNK_ROWS = 256
Progress = Callable[[int, int | None], None]


def run_batch(
    source: Path, target: Path, scorer: Scorer, options: BatchOptions, progress: Progress
) -> BatchSummary:
    """Score a table of articles; the table comes out as it went in, with score columns added.

    Parameters
    ----------
    source : Path
        CSV, TSV, JSON Lines or Parquet; or a folder, or a glob, of article files.
    target : Path
        CSV, TSV, JSON Lines or Parquet, by its ending. It is written beside (``.part``) and renamed
        when it is whole; until then ``.progress.json`` says how far it is.
    scorer : Scorer
        The model, the profile and the ratings to score with.
    options : BatchOptions
        What to read and what to add.
    progress : callable
        Is told the rows done and the rows there are.

    Returns
    -------
    BatchSummary

    Raises
    ------
    InputError
        If the table cannot be read or has no such column, the target cannot be written, or, with
        ``on_error="stop"``, for the first row that cannot be scored.
    """
    options.check()
    named = [source]
    for path in (target, options.sentences, options.sources):
        if path is not None:
            check_target(path, named)
            named.append(path)
    if options.dedupe:
        import_datasketch()
    return _Batch(open_source(source), target, scorer, options, progress).run()


@dataclass(frozen=True)
class _Names:
    """The columns that are read; `extra` goes along into the other tables.

    Article files have no column of texts but one of paths.
    """

    text: str | None
    id: str | None
    extra: dict[str, str]

    def make_task(self, row: Row, number: int) -> Task:
        identifier = _as_text(row.get(self.id)) if self.id is not None else None
        identity = {"id": str(number) if identifier is None else identifier}
        more = {name: _as_text(row.get(column)) for name, column in self.extra.items()}
        if self.text is None:
            return Task(None, row[PATH_COLUMN], {**identity, **more})
        return Task(row.get(self.text), None, {**identity, **more})


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value)


def _find_names(table: Table | ArticleFiles, options: BatchOptions) -> _Names:
    files = isinstance(table, ArticleFiles)
    extra = {
        name: column
        for name, column in (("outlet", options.outlet_column), ("date", options.date_column))
        if column is not None
    }
    asked = [*extra.values(), *([options.id_column] if options.id_column is not None else [])]
    for column in asked if files else [options.text_column, *asked]:
        check_column(table, column)
    identifier = options.id_column
    if identifier is None and any(column.name == "id" for column in table.columns):
        identifier = "id"
    return _Names(None if files else options.text_column, identifier, extra)


class _Batch:
    """One run: what is read, what is written, and how far it is."""

    def __init__(
        self,
        table: Table | ArticleFiles,
        target: Path,
        scorer: Scorer,
        options: BatchOptions,
        progress: Progress,
    ) -> None:
        self.table, self.target, self.scorer = table, target, scorer
        self.options, self.progress = options, progress
        self.names = _find_names(table, options)
        self.duplicates = DuplicateIndex() if options.dedupe else None
        self.renamed: dict[str, str] = {}
        self.parts = self._make_parts()
        self.words = 0
        self.plan = Plan(
            full=options.columns == "full",
            sentences=options.sentences is not None,
            sources=options.sources is not None,
            sketch=options.dedupe,
            timings=options.timings,
        )

    def _make_parts(self) -> dict[str, Part]:
        options = self.options
        added = self._added_columns()
        self.renamed = rename_added(self.table.columns, added)
        named = [replace(column, name=self.renamed[column.name]) for column in added]
        encoder = make_encoder(self.target, self.table.columns, named, self.table.style)
        parts = {"table": Part(self.target, encoder)}
        extra = tuple(self.names.extra)
        for name, path, columns in (
            ("sentences", options.sentences, sentence_columns(extra)),
            ("sources", options.sources, source_columns(extra)),
        ):
            if path is not None:
                parts[name] = Part(path, make_encoder(path, (), columns))
        return parts

    def _added_columns(self) -> tuple[Column, ...]:
        options = self.options
        return (
            *score_columns(options.columns == "full", self.scorer.analyser.model.labels),
            *((DUPLICATE,) if options.dedupe else ()),
            *((SECONDS,) if options.timings else ()),
            ERROR_COLUMN,
        )

    def run(self) -> BatchSummary:
        began = time.perf_counter()
        chunks = self.table.chunks(CHUNK_ROWS)
        ledger = self._begin(chunks)
        self.progress(ledger.rows, self.table.total)
        try:
            if not ledger.complete:
                self._score(chunks, ledger)
        finally:
            for part in self.parts.values():
                part.close()
        self._save(ledger, complete=True)
        for part in self.parts.values():
            part.finish()
        ledger_path(self.target).unlink(missing_ok=True)
        return self._summarise(ledger, time.perf_counter() - began)

    def _begin(self, chunks: Iterator[Chunk]) -> Ledger:
        """Open the parts, anew or where an earlier run stopped, and pass over what is done."""
        setup = self._setup()
        ledger = load_ledger(self.target, setup) if self.options.resume else None
        if ledger is None:
            ledger_path(self.target).unlink(missing_ok=True)
            for part in self.parts.values():
                part.begin()
            return Ledger(setup)
        self._pass_over(chunks, ledger)
        if not ledger.complete:
            for name, part in self.parts.items():
                part.begin(ledger.sizes[name])
        return ledger

    def _setup(self) -> str:
        """Digest whatever the output depends on but the rows themselves."""
        scorer, options = self.scorer, replace(self.options, jobs=1, resume=False, on_error="mark")
        told = (__version__, scorer.analyser.model.sha256, scorer.profile, scorer.ratings, options)
        columns = [(column.name, column.kind) for column in self.table.columns]
        return sha256(repr((told, str(self.table.path), columns)).encode("utf-8")).hexdigest()

    def _pass_over(self, chunks: Iterator[Chunk], ledger: Ledger) -> None:
        rows, seen = 0, ""
        while rows < ledger.rows and (chunk := next(chunks, None)) is not None:
            for number, row in enumerate(chunk.rows, start=rows + 1):
                self._remember(self.names.make_task(row, number))
            rows, seen = rows + len(chunk.rows), chain(seen, chunk)
        if (rows, seen) != (ledger.rows, ledger.seen):
            raise InputError(
                f"{self.table.path}: its first {ledger.rows} rows are not those of the run before",
                "drop --resume to begin anew",
            )

    def _remember(self, task: Task) -> None:
        """Put an article that is scored already among those that later ones may repeat."""
        if self.duplicates is None:
            return
        try:
            document = read_task(task)
        except InputError:
            return
        self.duplicates.add(str(task.identity["id"]), make_sketch(document.text))

    def _score(self, chunks: Iterator[Chunk], ledger: Ledger) -> None:
        feed = _Feed(chunks, self.names, ledger.rows)
        options = self.options
        with closing(score_chunks(self.scorer, feed.tasks(), self.plan, options.jobs)) as results:
            for outcomes in results:
                chunk, tasks = feed.pending.popleft()
                if options.on_error == "stop":
                    self._stop_at_error(outcomes, tasks, ledger.rows)
                self._write(chunk, tasks, outcomes)
                ledger.count(chunk, [outcome.cells["status"] for outcome in outcomes])
                self.words += sum(outcome.words for outcome in outcomes)
                self._save(ledger)
                self.progress(ledger.rows, self.table.total)
        if feed.error is not None:
            raise feed.error

    def _stop_at_error(
        self, outcomes: Sequence[Outcome], tasks: Sequence[Task], before: int
    ) -> None:
        for number, (outcome, task) in enumerate(zip(outcomes, tasks, strict=True), before + 1):
            if outcome.cells["status"] == ERROR:
                raise InputError(
                    f"{self.table.path}, row {number} (id {task.identity['id']}):"
                    f" {outcome.cells[ERROR_COLUMN.name]}",
                    "mend the row, or mark such rows with --on-error mark",
                )

    def _write(self, chunk: Chunk, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> None:
        added = []
        for task, outcome in zip(tasks, outcomes, strict=True):
            cells = outcome.cells
            if self.duplicates is not None and outcome.sketch is not None:
                first = self.duplicates.add(str(task.identity["id"]), outcome.sketch)
                cells = {**cells, DUPLICATE.name: first}
            added.append({name: cells.get(key) for key, name in self.renamed.items()})
        self.parts["table"].append(chunk, added)
        for name in ("sentences", "sources"):
            if name in self.parts:
                rows = [row for outcome in outcomes for row in getattr(outcome, name)]
                self._append_rows(name, rows)

    def _append_rows(self, name: str, rows: list[Row]) -> None:
        part = self.parts[name]
        part.append(Chunk([{}] * len(rows)), rows)

    def _save(self, ledger: Ledger, complete: bool = False) -> None:
        ledger.sizes = {name: part.size for name, part in self.parts.items()}
        ledger.complete = complete
        ledger.save(ledger_path(self.target))

    def _summarise(self, ledger: Ledger, seconds: float) -> BatchSummary:
        statuses = dict(sorted(ledger.statuses.items()))
        return BatchSummary(
            rows=ledger.rows,
            scored=statuses.get("scored", 0),
            failed=statuses.get(ERROR, 0),
            statuses=statuses,
            seconds=seconds,
            words_per_second=self.words / seconds if seconds else 0.0,
            warnings=self.table.warnings,
        )


class _Feed:
    """Chunks on their way to the workers; each is kept until its outcomes are back.

    joblib draws tasks in a thread of its own, where an exception would be lost: it is kept too.
    """

    def __init__(self, chunks: Iterator[Chunk], names: _Names, rows: int) -> None:
        self.chunks, self.names, self.rows = chunks, names, rows
        self.pending: deque[tuple[Chunk, list[Task]]] = deque()
        self.error: Exception | None = None

    def tasks(self) -> Iterator[list[Task]]:
        try:
            for chunk in self.chunks:
                numbered = enumerate(chunk.rows, start=self.rows + 1)
                tasks = [self.names.make_task(row, number) for number, row in numbered]
                self.rows += len(tasks)
                self.pending.append((chunk, tasks))
                yield tasks
        except Exception as error:
            self.error = error

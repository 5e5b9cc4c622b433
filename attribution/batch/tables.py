"""Tables as they come: CSV, TSV, JSON Lines and Parquet, read twice, a chunk of rows at a time.

The first reading, when a table is opened, counts the rows, learns the columns and finds whatever is
malformed, so that nothing fails hours later. Cells of CSV stay the strings that they are.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Protocol

from attribution.errors import InputError

Row = Mapping[str, Any]
Kind = Literal["text", "integer", "number", "flag"]

CSV_SUFFIXES = (".csv", ".tsv", ".tab")
JSONL_SUFFIXES = (".jsonl", ".ndjson")
PARQUET_SUFFIXES = (".parquet", ".pq")
TABLE_SUFFIXES = (*CSV_SUFFIXES, *JSONL_SUFFIXES, *PARQUET_SUFFIXES)
#: A longer CSV cell is no article but an unclosed quotation mark.
MAX_CELL = 64 * 2**20
_BLOCK = 2**20
_INT64 = 2**63


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        Unique in its table.
    kind : str
        What Parquet makes of it; ``text`` also holds whatever is mixed or nested.
    heading : str or None
        What stands in the header of a CSV file, where a name stands there twice.
    field : pyarrow.Field or None
        Its exact type, where it comes from Parquet.
    """

    name: str
    kind: Kind = "text"
    heading: str | None = None
    field: Any = None


@dataclass(frozen=True)
class Chunk:
    """Consecutive rows; `arrow` is the record batch that they come from, if they do."""

    rows: Sequence[Row]
    arrow: Any = None


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How a CSV file is written: what a table that comes out again should keep."""

    delimiter: str = ","
    line_end: str = "\n"
    mark: bool = False  # a byte order mark, by which Excel knows UTF-8


class Table(Protocol):
    """An opened table."""

    @property
    def path(self) -> Path:
        """Where it was read."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in order."""

    @property
    def total(self) -> int:
        """Its number of rows."""

    @property
    def style(self) -> CsvStyle | None:
        """How it was written, if it is CSV."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was odd about it."""

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Yield its rows, `size` at a time."""


def open_table(path: Path) -> Table:
    """Open a table by its file name's ending.

    Raises
    ------
    InputError
        If the file is missing, empty, malformed, or of no known kind.
    """
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise InputError(f"{path}: no table that is known here", f"use {', '.join(TABLE_SUFFIXES)}")
    if not path.is_file():
        what = "a directory, not a table" if path.is_dir() else "no such file"
        raise InputError(f"{path}: {what}", "check the path")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: empty", "give a table with a header and rows")
    try:
        if suffix in CSV_SUFFIXES:
            return _open_csv(path)
        if suffix in JSONL_SUFFIXES:
            return _open_jsonl(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    return _open_parquet(path)


def check_column(table: Table, name: str) -> None:
    """Raise `InputError`, naming the columns there are, if a table has none of that name."""
    names = [column.name for column in table.columns]
    if name not in names:
        known = ", ".join(names[:40]) + (", ..." if len(names) > 40 else "")
        raise InputError(f"{table.path}: no column {name!r}", f"it has {known or 'none'}")


@dataclass(frozen=True, slots=True)
class _Encoding:
    name: str
    warnings: tuple[str, ...] = ()

    @property
    def mark(self) -> bool:
        return self.name == "utf-8-sig"


def find_encoding(path: Path) -> _Encoding:
    """Read a file through and tell its encoding: UTF-8, UTF-16 with its mark, Windows-1252.

    A file that is UTF-8 up to some damaged bytes stays UTF-8: one cut letter must not turn every
    other into two.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = 0
    letters = False
    with path.open("rb") as stream:
        head = stream.read(4096)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _Encoding("utf-16", ("read as UTF-16",))
        if b"\x00" in head:
            raise InputError(f"{path}: a binary file, not a table", "save it as UTF-8 text")
        block = head
        try:
            while block:
                letters |= not decoder.decode(block).isascii()
                seen += len(block)
                block = stream.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            if letters or any(byte > 127 for byte in error.object[: error.start]):
                place = seen + error.start
                return _Encoding(
                    "utf-8", (f"bytes that are not UTF-8, first near byte {place:,}, replaced",)
                )
            return _Encoding(
                "cp1252",
                ("not UTF-8: read as Windows-1252; convert the file if letters look wrong",),
            )
    return _Encoding("utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8")


@dataclass(frozen=True)
class _CsvTable:
    path: Path
    columns: tuple[Column, ...]
    total: int
    style: CsvStyle
    encoding: _Encoding

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.encoding.warnings

    def chunks(self, size: int) -> Iterator[Chunk]:
        names = [column.name for column in self.columns]
        records = _read_records(self.path, self.encoding, self.style.delimiter)
        next(records)
        while batch := list(islice(records, size)):
            yield Chunk([_fill(names, record) for record in batch])


def _fill(names: Sequence[str], record: list[str]) -> Row:
    """Return a row; one that breaks off early has empty cells, as spreadsheets write it."""
    return dict(zip(names, record + [""] * (len(names) - len(record)), strict=True))


def _open_csv(path: Path) -> _CsvTable:
    encoding = find_encoding(path)
    style = _find_style(path, encoding)
    records = _read_records(path, encoding, style.delimiter)
    header = next(records, None)
    if header is None:
        raise InputError(f"{path}: empty", "give a table with a header and rows")
    total = 0
    for total, record in enumerate(records, start=1):
        if len(record) > len(header):
            raise InputError(
                f"{path}, row {total}: {len(record)} cells, the header has {len(header)}",
                "quote cells that hold the delimiter",
            )
    return _CsvTable(path, _name_columns(header), total, style, encoding)


def _find_style(path: Path, encoding: _Encoding) -> CsvStyle:
    """Tell delimiter and line end by the first line."""
    with _open_text(path, encoding) as stream:
        line = stream.readline(_BLOCK)
    line_end = "\r\n" if line.endswith("\r\n") else "\n"
    if path.suffix.lower() != ".csv":
        return CsvStyle("\t", line_end, encoding.mark)
    # Spreadsheets write semicolons where the comma is the decimal sign.
    found = [mark for mark in ",;\t" if mark in line]
    return CsvStyle(found[0] if found else ",", line_end, encoding.mark)


def _open_text(path: Path, encoding: _Encoding, newline: str = "") -> Any:
    return path.open(encoding=encoding.name, errors="replace", newline=newline)


def _read_records(path: Path, encoding: _Encoding, delimiter: str) -> Iterator[list[str]]:
    """Yield the records of a CSV file, header included; blank lines are none."""
    with _open_text(path, encoding) as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            while (record := _read_record(reader)) is not None:
                if record:
                    yield record
        except csv.Error as error:
            raise InputError(
                f"{path}, line {reader.line_num}: not well-formed CSV ({error})",
                "put cells that hold quotation marks in quotes and double the marks inside",
            ) from error


def _read_record(reader: Iterator[list[str]]) -> list[str] | None:
    """Read a record whose cells may be articles, None at the end."""
    limit = csv.field_size_limit(MAX_CELL)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(limit)  # the limit is the whole process's


def _name_columns(header: Sequence[str]) -> tuple[Column, ...]:
    """Make names unique: the second `note` is `note.1` wherever names matter."""
    taken = set(header)
    seen: Counter[str] = Counter()
    columns = []
    for heading in header:
        name, number = heading, seen[heading]
        while number and name in taken:
            name = f"{heading}.{number}"
            number += 1
        seen[heading] = max(seen[heading] + 1, number)
        taken.add(name)
        columns.append(Column(name, heading=heading))
    return tuple(columns)


@dataclass(frozen=True)
class _JsonlTable:
    path: Path
    columns: tuple[Column, ...]
    total: int
    encoding: _Encoding
    style: None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.encoding.warnings

    def chunks(self, size: int) -> Iterator[Chunk]:
        rows = (row for _, row in read_objects(self.path, self.encoding))
        while batch := list(islice(rows, size)):
            yield Chunk(batch)


def _open_jsonl(path: Path) -> _JsonlTable:
    encoding = find_encoding(path)
    kinds: dict[str, Kind | None] = {}
    total = 0
    for _, row in read_objects(path, encoding):
        total += 1
        for name, value in row.items():
            kinds[name] = _merge_kinds(kinds.get(name), _kind_of(value))
    columns = tuple(Column(name, kind or "text") for name, kind in kinds.items())
    return _JsonlTable(path, columns, total, encoding)


def read_objects(
    path: Path, encoding: _Encoding | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number and object of each line of a JSON Lines file; blank lines are none.

    Raises
    ------
    InputError
        If a line is no JSON object.
    """
    with _open_text(path, encoding or find_encoding(path), newline="\n") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                raise InputError(
                    f"{path}, line {number}: not JSON ({reason})", "write one object a line"
                ) from error
            if not isinstance(value, dict):
                raise InputError(f"{path}, line {number}: no JSON object", "write one a line")
            yield number, value


def _kind_of(value: Any) -> Kind | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "integer" if -_INT64 <= value < _INT64 else "text"
    return "number" if isinstance(value, float) else "text"


def _merge_kinds(one: Kind | None, other: Kind | None) -> Kind | None:
    if one is None or other is None or one == other:
        return one or other
    return "number" if {one, other} == {"integer", "number"} else "text"


@dataclass(frozen=True)
class _ParquetTable:
    path: Path
    columns: tuple[Column, ...]
    total: int
    style: None = None
    warnings: tuple[str, ...] = ()

    def chunks(self, size: int) -> Iterator[Chunk]:
        parquet = import_parquet()
        with parquet.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=size):
                yield Chunk(batch.to_pylist(), batch)


def import_parquet() -> Any:
    """Import `pyarrow.parquet`, or say how to get it."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InputError("Parquet needs pyarrow", 'pip install "attribution[parquet]"') from error
    return pyarrow.parquet


def _open_parquet(path: Path) -> _ParquetTable:
    parquet = import_parquet()
    try:
        with parquet.ParquetFile(path) as file:
            schema, total = file.schema_arrow, file.metadata.num_rows
    except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
        raise InputError(f"{path}: not a Parquet file ({error})", "check the file") from error
    twice = [name for name, count in Counter(schema.names).items() if count > 1]
    if twice:
        raise InputError(f"{path}: the column {twice[0]!r} stands there twice", "rename one")
    return _ParquetTable(path, tuple(Column(field.name, field=field) for field in schema), total)

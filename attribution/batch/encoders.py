"""Rows to bytes: the kinds of table that come out, each written by appending.

Every chunk becomes bytes that may follow those of the chunk before, so that a run which was cut off
can go on. Parquet cannot be appended to: its chunks are kept as Arrow streams, one after the other,
and made into one Parquet file at the end.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from attribution.batch.tables import (
    CSV_SUFFIXES,
    JSONL_SUFFIXES,
    TABLE_SUFFIXES,
    Chunk,
    Column,
    CsvStyle,
    Row,
    import_parquet,
)
from attribution.errors import InputError

#: Size from which rows make a row group of a Parquet file.
_GROUP_BYTES = 64 * 2**20


class Encoder(Protocol):
    """Writes a table of one kind: the columns of the input, then those that are added."""

    def opening(self) -> bytes:
        """Return what stands before the first row."""

    def encode(self, chunk: Chunk, added: Sequence[Row]) -> bytes:
        """Return a chunk's rows, each with what is added to it."""

    def finish(self, part: Path, target: Path) -> None:
        """Make the file of appended bytes the target."""


def make_encoder(
    target: Path,
    columns: Sequence[Column],
    added: Sequence[Column],
    style: CsvStyle | None = None,
) -> Encoder:
    """Make the encoder for a target by its file name's ending.

    Parameters
    ----------
    target : Path
        Where the table is to stand.
    columns, added : sequence of Column
        Of the input, and new ones; names are unique over both.
    style : CsvStyle, optional
        How the input was written.

    Raises
    ------
    InputError
        If the kind is unknown, or Parquet is asked for without pyarrow.
    """
    suffix = target.suffix.lower()
    if suffix in CSV_SUFFIXES:
        chosen = style or CsvStyle()
        if suffix != ".csv" or chosen.delimiter == "\t":
            delimiter = "," if suffix == ".csv" else "\t"
            chosen = CsvStyle(delimiter, chosen.line_end, chosen.mark)
        return CsvEncoder(tuple(columns), tuple(added), chosen)
    if suffix in JSONL_SUFFIXES:
        return JsonlEncoder()
    if suffix in TABLE_SUFFIXES:
        import_parquet()
        return ParquetEncoder(tuple(columns), tuple(added))
    raise InputError(
        f"{target}: no kind of table that is known here", f"use {', '.join(TABLE_SUFFIXES)}"
    )


def rename_added(columns: Sequence[Column], added: Sequence[Column]) -> dict[str, str]:
    """Return the name of each added column in the table: prefixed where it is taken."""
    taken = {column.name for column in columns}
    names: dict[str, str] = {}
    for column in added:
        name = column.name
        while name in taken:
            name = f"attribution_{name}"
        taken.add(name)
        names[column.name] = name
    return names


def render(value: Any) -> str | None:
    """Return a cell as text: strings untouched, nested values as JSON, None for none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


@dataclass(frozen=True)
class CsvEncoder:
    """CSV or TSV in UTF-8, cells quoted where they must be."""

    columns: tuple[Column, ...]
    added: tuple[Column, ...]
    style: CsvStyle

    def opening(self) -> bytes:
        """Return the header."""
        head = [column.heading or column.name for column in (*self.columns, *self.added)]
        return (b"\xef\xbb\xbf" if self.style.mark else b"") + self._write([head])

    def encode(self, chunk: Chunk, added: Sequence[Row]) -> bytes:
        """Return a chunk's records."""
        return self._write(
            [
                *(render(row.get(column.name)) for column in self.columns),
                *(render(more.get(column.name)) for column in self.added),
            ]
            for row, more in zip(chunk.rows, added, strict=True)
        )

    def finish(self, part: Path, target: Path) -> None:
        """Rename the part."""
        part.replace(target)

    def _write(self, records: Any) -> bytes:
        sink = _Lines(self.style.line_end)
        # The writer quotes a lone \r or \n only where it is part of its own line end.
        csv.writer(sink, delimiter=self.style.delimiter, lineterminator="\r\n").writerows(records)
        return "".join(sink.lines).encode("utf-8", "replace")


@dataclass
class _Lines:
    """A file to `csv`: keeps each record with the line end that is wanted."""

    line_end: str
    lines: list[str] = field(default_factory=list)

    def write(self, record: str) -> int:
        self.lines.append(record.removesuffix("\r\n") + self.line_end)
        return len(record)


@dataclass(frozen=True)
class JsonlEncoder:
    """JSON Lines in UTF-8; keys that a row does not have are not added to it."""

    def opening(self) -> bytes:
        """Return nothing: there is no header."""
        return b""

    def encode(self, chunk: Chunk, added: Sequence[Row]) -> bytes:
        """Return a line a row."""
        rows = zip(chunk.rows, added, strict=True)
        return b"".join(encode_line({**row, **more}) for row, more in rows)

    def finish(self, part: Path, target: Path) -> None:
        """Rename the part."""
        part.replace(target)


def encode_line(value: Any) -> bytes:
    """Return a value as a line of JSON; half a surrogate pair, which is no UTF-8, as an escape."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value, default=_plain).encode("ascii") + b"\n"


@dataclass(frozen=True)
class ParquetEncoder:
    """Parquet; columns that came from Parquet keep their exact types."""

    columns: tuple[Column, ...]
    added: tuple[Column, ...]

    @cached_property
    def _schema(self) -> Any:
        import pyarrow as pa

        types = {
            "text": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "flag": pa.bool_(),
        }
        columns = (*self.columns, *self.added)
        return pa.schema([c.field or pa.field(c.name, types[c.kind]) for c in columns])

    def opening(self) -> bytes:
        """Return nothing: every chunk brings its schema."""
        return b""

    def encode(self, chunk: Chunk, added: Sequence[Row]) -> bytes:
        """Return a chunk as an Arrow stream of its own."""
        import pyarrow as pa

        schema = self._schema
        if chunk.arrow is not None:
            arrays = list(chunk.arrow.columns)
            # Where pandas says which column is its index.
            schema = schema.with_metadata(chunk.arrow.schema.metadata)
        else:
            arrays = [_make_array(column, chunk.rows, schema) for column in self.columns]
        arrays += [_make_array(column, added, schema) for column in self.added]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema) as writer:
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
        return bytes(sink.getvalue())

    def finish(self, part: Path, target: Path) -> None:
        """Write the streams as one Parquet file, beside the target, and rename it."""
        import pyarrow as pa

        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        schema = next((batch.schema for batch in _read_streams(part)), self._schema)
        try:
            with import_parquet().ParquetWriter(beside, schema) as writer:
                for group in _group(_read_streams(part)):
                    writer.write_table(pa.Table.from_batches(group, schema))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        part.unlink()


def _make_array(column: Column, rows: Sequence[Row], schema: Any) -> Any:
    import pyarrow as pa

    values = [row.get(column.name) for row in rows]
    if column.kind == "text":
        values = [_encodable(render(value)) for value in values]
    return pa.array(values, schema.field(column.name).type)


def _encodable(text: str | None) -> str | None:
    """Replace what UTF-8, and so Arrow, cannot hold: halves of surrogate pairs."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


def _group(batches: Iterator[Any]) -> Iterator[list[Any]]:
    """Put batches together into row groups: large enough to read fast, bounded in memory."""
    group: list[Any] = []
    size = 0
    for batch in batches:
        group.append(batch)
        size += batch.nbytes
        if size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _read_streams(path: Path) -> Iterator[Any]:
    """Yield the record batches of Arrow streams that stand one after the other."""
    import pyarrow as pa

    size = path.stat().st_size
    with pa.OSFile(str(path)) as stream:
        while stream.tell() < size:
            with pa.ipc.open_stream(stream) as reader:
                yield from reader

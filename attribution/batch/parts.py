"""Files under way: what is written so far, and where a run that was cut off goes on."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO

from attribution.batch.encoders import Encoder
from attribution.batch.tables import Chunk, Row
from attribution.errors import InputError
from attribution.files import write_atomically


class Part:
    """A table being written to a file beside its target (`.part`), renamed when it is whole."""

    def __init__(self, target: Path, encoder: Encoder) -> None:
        self.target, self.encoder = target, encoder
        self.path = target.with_name(target.name + ".part")
        self.size = 0
        self._stream: IO[bytes] | None = None

    def begin(self, size: int | None = None) -> None:
        """Begin anew, or after `size` bytes of what is there.

        Raises
        ------
        InputError
            If the file cannot be written, or holds less than that.
        """
        try:
            if size is None:
                self._stream = self.path.open("wb")
                self._write(self.encoder.opening())
                return
            if not self.path.is_file() or self.path.stat().st_size < size:
                raise InputError(
                    f"{self.path}: missing or cut, it cannot be continued",
                    "drop --resume to begin anew",
                )
            self._stream = self.path.open("r+b")
        except OSError as error:
            raise InputError(
                f"{self.path}: cannot be written ({error.strerror})", "check the folder"
            ) from error
        self._stream.truncate(size)
        self._stream.seek(size)
        self.size = size

    def append(self, chunk: Chunk, added: Sequence[Row]) -> None:
        """Write a chunk's rows through to the file."""
        self._write(self.encoder.encode(chunk, added))

    def _write(self, data: bytes) -> None:
        assert self._stream is not None
        self._stream.write(data)
        self._stream.flush()
        self.size += len(data)

    def close(self) -> None:
        """Leave the part as it is."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def finish(self) -> None:
        """Put the whole table in its place."""
        self.close()
        if self.path.exists():  # else an earlier run came as far as this
            self.encoder.finish(self.path, self.target)


@dataclass
class Ledger:
    """How far a run is: a small JSON file beside the target.

    Attributes
    ----------
    setup : str
        Digest of whatever the output depends on but the rows.
    rows : int
        Rows that are done.
    seen : str
        Digest of those rows as they were read.
    sizes : dict of str to int
        Bytes written of each table.
    statuses : dict of str to int
        Rows by status.
    complete : bool
        Whether only the renaming is left.
    """

    setup: str
    rows: int = 0
    seen: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    complete: bool = False

    def count(self, chunk: Chunk, statuses: Sequence[str]) -> None:
        """Add a chunk that is done."""
        self.rows += len(chunk.rows)
        self.seen = chain(self.seen, chunk)
        self.statuses.update(statuses)

    def save(self, path: Path) -> None:
        """Write the file."""
        write_atomically(path, json.dumps(vars(self)).encode("ascii"))


def chain(seen: str, chunk: Chunk) -> str:
    """Return the digest of the rows up to a chunk, given that of the rows before."""
    data = repr(chunk.rows).encode("utf-8", "surrogatepass")
    return sha256(seen.encode("ascii") + data).hexdigest()


def ledger_path(target: Path) -> Path:
    """Return where the ledger of a target stands."""
    return target.with_name(target.name + ".progress.json")


def load_ledger(target: Path, setup: str) -> Ledger | None:
    """Return the ledger of a run that stopped, None if there is none.

    Raises
    ------
    InputError
        If that run was another one: other options, another model, another table.
    """
    path = ledger_path(target)
    if not path.exists():
        return None
    anew = "drop --resume to begin anew"
    try:
        values = json.loads(path.read_bytes())
        ledger = Ledger(**{**values, "statuses": Counter(values["statuses"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: damaged", anew) from error
    if ledger.setup != setup:
        raise InputError(
            f"{path}: of a run with other options, another model or another table", anew
        )
    return ledger


def check_target(target: Path, others: Sequence[Path]) -> None:
    """Raise `InputError` if a target cannot be written, or is one of the other files."""
    if target.is_dir():
        raise InputError(f"{target}: a directory", "give the name of a table")
    if not target.parent.is_dir():
        raise InputError(f"{target}: no folder {target.parent}", "make the folder first")
    if not os.access(target.parent, os.W_OK):
        raise InputError(f"{target.parent}: cannot be written to", "check its permissions")
    if any(target.resolve() == other.resolve() for other in others):
        raise InputError(f"{target}: named twice", "give every table a file of its own")

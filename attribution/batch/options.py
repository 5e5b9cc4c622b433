"""What a batch is asked for, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from attribution.errors import InputError

#: Status of a row that could not be scored.
ERROR = "error"


@dataclass(frozen=True)
class BatchOptions:
    """Options of a batch, named as on the command line.

    Attributes
    ----------
    text_column : str
        The column that holds the article; a folder or glob of files needs none.
    id_column : str, optional
        The column that names the article: ``id`` where there is one, else the number of the row,
        from 1.
    outlet_column : str, optional
        The column of the publisher.
    date_column : str, optional
        The column of the date; like the outlet, it goes along into `sentences` and `sources`.
    columns : str
        ``basic`` or ``full`` (also components, figures, counts per label).
    sentences, sources : Path, optional
        Tables to write beside the target: a row a sentence, a row a source.
    dedupe : bool
        Name, in the column ``duplicate_of``, the first article that a row nearly repeats.
    timings : bool
        Add ``seconds``: the time a row took, by its share of the characters scored with it.
    jobs : int
        Worker processes; -1 for as many as there are processors.
    resume : bool
        Go on where an earlier run with the same options stopped.
    on_error : str
        ``mark`` a row that cannot be scored, or ``stop``.
    """

    text_column: str = "text"
    id_column: str | None = None
    outlet_column: str | None = None
    date_column: str | None = None
    columns: str = "basic"
    sentences: Path | None = None
    sources: Path | None = None
    dedupe: bool = False
    timings: bool = False
    jobs: int = 1
    resume: bool = False
    on_error: str = "mark"

    def check(self) -> None:
        """Raise `InputError` for a value outside its choices."""
        for name, value, known in (
            ("columns", self.columns, ("basic", "full")),
            ("on-error", self.on_error, ("mark", "stop")),
        ):
            if value not in known:
                raise InputError(f"no {name} {value!r}", f"use {' or '.join(known)}")
        if self.jobs == 0:
            raise InputError("jobs is 0", "give 1 or more, or -1 for every processor")


@dataclass(frozen=True)
class BatchSummary:
    """What a batch did; counts are over the whole table, also after a resumed run.

    Attributes
    ----------
    rows, scored, failed : int
        All rows; those with a score; those that could not be read (status ``error``). The rest
        was read, but has no score for the reason that its status gives.
    statuses : mapping of str to int
        Rows by status.
    seconds, words_per_second : float
        Of this run alone.
    warnings : tuple of str
        What was odd about the table.
    """

    rows: int
    scored: int
    failed: int
    statuses: Mapping[str, int]
    seconds: float
    words_per_second: float
    warnings: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return the summary as one line of plain English, warnings after it."""
        counts = ", ".join(f"{count:,} {status}" for status, count in self.statuses.items())
        line = f"{self.rows:,} article{'' if self.rows == 1 else 's'}"
        line += f" ({counts})" if counts else ""
        line += f" in {self.seconds:.1f} s, {self.words_per_second:,.0f} words a second"
        return "; ".join((line, *self.warnings))

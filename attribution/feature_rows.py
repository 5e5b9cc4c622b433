"""Named sparse features of sentences: who has what, each name written once for a whole batch.

A feature is a template and the values in its blanks ("a place={}"). Values travel as integer codes
in arrays; a name is spelled once for each distinct combination, not once for each sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from attribution.tokens import Ints


@dataclass(frozen=True, slots=True)
class Values:
    """A column of values for one blank of a template: the i-th reads ``names[codes[i]]``."""

    codes: NDArray[np.integer]
    names: Sequence[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Values:
        """Code any texts, one a row."""
        every = list(texts)
        names = tuple(dict.fromkeys(every))
        known = {name: code for code, name in enumerate(names)}
        return cls(np.fromiter(map(known.__getitem__, every), np.int64, len(every)), names)

    def __getitem__(self, index: NDArray[np.generic]) -> Values:
        """Take rows as an array does."""
        return Values(self.codes[index], self.names)


@dataclass(frozen=True)
class FeatureRows:
    """The binary features of n sentences as pairs of a sentence and a feature, in any order.

    Attributes
    ----------
    names : list of str
        The features that occur; a name may stand there twice.
    row, code : (k,) int
        A sentence and the position of its feature in `names`; pairs may repeat.
    n_rows : int
    """

    names: list[str]
    row: Ints
    code: Ints
    n_rows: int


class FeatureCollector:
    """Collects the features of n sentences, a template at a time."""

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._names: list[str] = []
        self._rows: list[Ints] = [np.zeros(0, np.int64)]
        self._codes: list[Ints] = [np.zeros(0, np.int64)]

    def add(self, template: str, rows: Ints, *values: Values | NDArray[np.generic]) -> None:
        """Give sentences a feature.

        Parameters
        ----------
        template : str
            The name; every blank ``{}`` is filled from a column.
        rows : (k,) int
            The sentences; one may stand there several times.
        values : Values, or (k,) int or bool
            The columns. Integers are written as they are and must not be negative.
        """
        if not len(rows):
            return
        columns = [v if isinstance(v, Values) else _count(v) for v in values]
        code, size = np.zeros(len(rows), np.int64), 1
        for column in columns:
            code = code * len(column.names) + column.codes
            size *= len(column.names)
        used, code = _compact(code, size)
        self._rows.append(rows)
        self._codes.append(code + len(self._names))
        self._names += _spell(template, columns, used)

    def collect(self) -> FeatureRows:
        """Return all that was added."""
        row, code = np.concatenate(self._rows), np.concatenate(self._codes)
        return FeatureRows(self._names, row, code, self._n_rows)


def _spell(template: str, columns: Sequence[Values], codes: Ints) -> Iterable[str]:
    """Fill the blanks of a template for every combined code."""
    *pieces, ending = template.split("{}")
    if not pieces:
        return [template]
    parts: list[Iterable[str]] = [repeat(ending)]
    for piece, column in zip(reversed(pieces), reversed(columns), strict=True):
        codes, digit = np.divmod(codes, len(column.names))
        parts += [[column.names[k] for k in digit.tolist()], repeat(piece)]
    return map("".join, zip(*reversed(parts), strict=False))  # three times faster than `format`


def _count(values: NDArray[np.generic]) -> Values:
    numbers = values.astype(np.int64)
    return Values(numbers, [str(k) for k in range(int(numbers.max()) + 1)])


def _compact(codes: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the distinct codes, all below `size`, and for each code its place among them."""
    if size > 4 * len(codes) + 1000:
        return np.unique(codes, return_inverse=True)
    present = np.zeros(size, bool)
    present[codes] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[codes]


def spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Lay ranges end to end: return, for each member, the number of its range and the member."""
    lengths = last - first
    number = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(len(number)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return number, first[number] + within

"""Does the score mean anything? How scores separate groups, or follow ratings, in a table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from attribution.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
RESAMPLES = 1000
#: Columns that are judged where they are there: the score, its parts, and length beside them.
COLUMNS = ("score", "coverage", "identification", "directness", "breadth", "sentences", "need")


@dataclass(frozen=True)
class Relation:
    """How one column relates to the groups (AUC) or the ratings (Spearman's rho).

    Attributes
    ----------
    value, low, high : float
        The statistic with its 95 % percentile bootstrap interval over rows.
    rows : int
        Rows that have both.
    """

    column: str
    statistic: str
    value: float
    low: float
    high: float
    rows: int


def validate_scores(
    path: Path, *, group: str | None = None, rating: str | None = None, seed: int = 0
) -> list[Relation]:
    """Relate the score columns of a table to a column of two groups or of ratings.

    Parameters
    ----------
    path : Path
        A CSV that `attribution batch` wrote, with the column to validate against.
    group : str, optional
        A column with two values; the AUC is the chance that a row of the second (in alphabetical
        order) has the higher value (Hanley & McNeil 1982).
    rating : str, optional
        A column of numbers, for Spearman's rank correlation.

    Raises
    ------
    InputError
        If the table cannot be read, a column is missing, or there are not two groups.
    """
    if (group is None) == (rating is None):
        raise InputError("give either a group or a rating column", "use --group or --rating")
    table = _read(path, group or rating or "")
    if group is not None:
        names = sorted({name for name in table[group].dropna().astype(str) if name})
        if len(names) != 2:
            raise InputError(f"{path}: column {group!r} holds {len(names)} groups", "it needs two")
        target = np.array([float(names.index(n)) if n in names else np.nan for n in table[group]])
        return [_relate(table, c, target, "AUC", seed) for c in COLUMNS if c in table]
    target = _numbers(table, rating or "")
    return [_relate(table, c, target, "Spearman", seed) for c in COLUMNS if c in table]


def _read(path: Path, wanted: str) -> pd.DataFrame:
    import pandas as pd

    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as CSV ({error})") from error
    for column in (wanted, "score"):
        if column not in table.columns:
            known = ", ".join(map(str, table.columns))
            raise InputError(f"{path}: no column {column!r}", f"it has {known}")
    return table


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    import pandas as pd

    return np.asarray(pd.to_numeric(table[column], errors="coerce"), np.float64)


def _relate(
    table: pd.DataFrame, column: str, target: Floats, statistic: str, seed: int
) -> Relation:
    values = _numbers(table, column)
    both = np.isfinite(values) & np.isfinite(target)
    values, target = values[both], target[both]
    measure = area_under_curve if statistic == "AUC" else rank_correlation
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES if len(values) else 0):
        rows = rng.integers(0, len(values), len(values))
        drawn.append(measure(values[rows], target[rows]))
    spread = np.array([value for value in drawn if np.isfinite(value)])
    low, high = np.percentile(spread, (2.5, 97.5)) if len(spread) else (np.nan, np.nan)
    value = measure(values, target)
    return Relation(column, statistic, value, float(low), float(high), len(values))


def area_under_curve(values: Floats, positive: Floats) -> float:
    """Return the chance that a positive outranks a negative, ties counting half."""
    from scipy.stats import rankdata

    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if not n_positive or not n_negative:
        return float("nan")
    ranks = rankdata(values)[positive > 0].sum()
    return float((ranks - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def rank_correlation(values: Floats, ratings: Floats) -> float:
    """Return Spearman's rho: the correlation of ranks; NaN where one side is constant."""
    from scipy.stats import rankdata

    if len(values) < 3 or np.ptp(values) == 0 or np.ptp(ratings) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(values), rankdata(ratings))[0, 1])


def format_relations(relations: list[Relation]) -> str:
    """Return relations as plain text at 80 columns."""
    lines = [f"{'column':<16}{'statistic':<12}{'value':>7}   {'95 % interval':<18}{'rows':>6}"]
    for r in relations:
        interval = f"{r.low:.3f} to {r.high:.3f}"
        lines.append(f"{r.column:<16}{r.statistic:<12}{r.value:>7.3f}   {interval:<18}{r.rows:>6}")
    return "\n".join(lines) + "\n"

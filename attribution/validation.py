"""Does the sourcing score mean anything? How it separates groups or follows ratings, in a table."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from attribution.errors import InputError
from attribution.plotting import COLOURS, new_figure, save_figure

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
RESAMPLES = 1000
#: Columns that are judged where they are there: the score, its parts, and length beside them.
COLUMNS = ("score", "coverage", "identification", "directness", "breadth", "sentences", "need")
#: What stands for an article's length, the first that a table has.
LENGTHS = ("sentences", "need")


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


@dataclass(frozen=True)
class Sample:
    """A table with what its scores are validated against; n rows.

    Attributes
    ----------
    column : str
        The column of groups or ratings.
    target : (n,) float
        The rating, or the number of the group in `groups`; NaN where there is none.
    groups : tuple of str
        The two groups in alphabetical order; empty for ratings.
    """

    table: pd.DataFrame
    column: str
    target: Floats
    groups: tuple[str, ...]

    def numbers(self, column: str) -> Floats:
        """Return a column as numbers, NaN where it holds none."""
        import pandas as pd

        return np.asarray(pd.to_numeric(self.table[column], errors="coerce"), np.float64)


def read_sample(path: Path, *, group: str | None = None, rating: str | None = None) -> Sample:
    """Read a table of scores.

    Parameters
    ----------
    path : Path
        A CSV that `attribution batch` wrote, with the column to validate against.
    group : str, optional
        A column with two values.
    rating : str, optional
        A column of numbers.

    Raises
    ------
    InputError
        If the table cannot be read, a column is missing, or there are not two groups.
    """
    if (group is None) == (rating is None):
        raise InputError("give either a group or a rating column", "use --group or --rating")
    table = _read(path, group or rating or "")
    if group is None:
        sample = Sample(table, rating or "", np.zeros(0), ())
        return replace(sample, target=sample.numbers(rating or ""))
    values = [str(value) if value == value else "" for value in table[group]]
    names = sorted({value for value in values if value})
    if len(names) != 2:
        raise InputError(f"{path}: column {group!r} holds {len(names)} groups", "it needs two")
    target = [float(names.index(value)) if value else np.nan for value in values]
    return Sample(table, group, np.array(target, np.float64), tuple(names))


def relate_scores(sample: Sample, seed: int = 0) -> list[Relation]:
    """Relate the score columns to the groups or the ratings.

    For groups the statistic is the AUC: the chance that a row of the second has the higher value
    (Hanley & McNeil 1982); for ratings it is Spearman's rank correlation.
    """
    return [_relate(sample, column, seed) for column in COLUMNS if column in sample.table]


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


def _relate(sample: Sample, column: str, seed: int) -> Relation:
    values, target = sample.numbers(column), sample.target
    statistic = "AUC" if sample.groups else "Spearman"
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


_TICKS = " ▁▂▃▄▅▆▇█"
#: Columns of the picture, of five points each.
_WIDTH = 20


def format_picture(sample: Sample) -> str:
    """Return how the scores of each group, or of each fifth of the ratings, are spread; 80 wide."""
    lines = [f"{'':<22}{'rows':>6}{'median':>8}   0{'score':^{2 * _WIDTH - 4}}100"]
    for name, scores in _classes(sample):
        counts, _ = np.histogram(scores, _WIDTH, (0.0, 100.0))
        heights = np.ceil(counts / max(counts.max(), 1) * (len(_TICKS) - 1)).astype(int)
        bars = "".join(2 * _TICKS[height] for height in heights.tolist())
        median = f"{np.median(scores):.1f}" if len(scores) else "-"
        cut = name if len(name) <= 22 else f"{name[:21]}…"
        lines.append(f"{cut:<22}{len(scores):>6}{median:>8}   {bars}".rstrip())
    return "\n".join(lines) + "\n"


def _classes(sample: Sample) -> list[tuple[str, Floats]]:
    """Return the scores by group, or by rating, of which many become five classes."""
    scores, target = sample.numbers("score"), sample.target
    both = np.isfinite(scores) & np.isfinite(target)
    scores, target = scores[both], target[both]
    if sample.groups:
        return [(name, scores[target == k]) for k, name in enumerate(sample.groups)]
    values = np.unique(target)
    if len(values) <= 5:
        return [(f"{sample.column} {value:g}", scores[target == value]) for value in values]
    edges = np.unique(np.quantile(target, np.linspace(0.0, 1.0, 6)))
    number = np.clip(np.searchsorted(edges, target, side="right") - 1, 0, len(edges) - 2)
    return [
        (f"{sample.column} {low:g} to {high:g}", scores[number == k])
        for k, (low, high) in enumerate(itertools.pairwise(edges.tolist()))
    ]


def plot_scores(sample: Sample, path: Path) -> None:
    """Draw the scores by group or against the ratings, and against length where a table has it.

    Parameters
    ----------
    path : Path
        Its suffix names the format: ``.svg``, ``.png`` or ``.pdf``.

    Raises
    ------
    AttributionError
        If matplotlib is not installed, or cannot write that format.
    """
    length = next((column for column in LENGTHS if column in sample.table), None)
    figure = new_figure(10.0 if length else 5.5, 4.0)
    axes = figure.subplots(1, 2 if length else 1, squeeze=False)[0]
    scores = sample.numbers("score")
    if sample.groups:
        for k, (name, values) in enumerate(_classes(sample)):
            share = np.full(len(values), 1.0 / max(len(values), 1))  # groups differ in size
            style = {"color": COLOURS[k], "alpha": 0.6, "label": f"{name} ({len(values)})"}
            axes[0].hist(values, bins=_WIDTH, range=(0, 100), weights=share, **style)
        axes[0].set(xlabel="sourcing score", ylabel="share of the group", xlim=(0, 100))
        axes[0].legend(title=sample.column)
    else:
        axes[0].scatter(sample.target, scores, s=14, color=COLOURS[0], alpha=0.6, linewidths=0)
        axes[0].set(xlabel=sample.column, ylabel="sourcing score", ylim=(0, 100))
    if length:
        for k in range(max(len(sample.groups), 1)):
            chosen = sample.target == k if sample.groups else np.isfinite(sample.target)
            x, y = sample.numbers(length)[chosen], scores[chosen]
            axes[1].scatter(x, y, s=14, color=COLOURS[k], alpha=0.6, linewidths=0)
        axes[1].set(xlabel=f"length ({length})", ylabel="sourcing score", ylim=(0, 100))
    save_figure(figure, path)

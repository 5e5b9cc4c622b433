"""`validate`: statistics against scikit-learn and SciPy, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from attribution.errors import InputError
from attribution.validation import (
    area_under_curve,
    format_relations,
    rank_correlation,
    validate_scores,
)


def write_table(path: Path, rows: int = 60) -> Path:
    rng = np.random.default_rng(1)
    lines = ["id,score,coverage,kind,rating"]
    for k in range(rows):
        kind = "fabricated" if k % 2 else "mainstream"
        score = "" if k == 7 else f"{rng.normal(60 if k % 2 else 75, 10):.2f}"
        lines.append(f"{k},{score},{rng.random():.3f},{kind},{k % 5}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_statistics_agree_with_the_libraries() -> None:
    rng = np.random.default_rng(0)
    values, positive = rng.integers(0, 9, 80).astype(float), rng.integers(0, 2, 80).astype(float)
    assert area_under_curve(values, positive) == pytest.approx(roc_auc_score(positive, values))
    ratings = rng.integers(0, 5, 80).astype(float)
    assert rank_correlation(values, ratings) == pytest.approx(spearmanr(values, ratings).statistic)
    assert np.isnan(area_under_curve(values, np.ones(80)))
    assert np.isnan(rank_correlation(values, np.ones(80)))


def test_groups_are_separated(tmp_path: Path) -> None:
    relations = validate_scores(write_table(tmp_path / "scores.csv"), group="kind")
    score, coverage = relations
    assert (score.column, score.statistic, score.rows) == ("score", "AUC", 59)
    assert score.value > 0.7
    assert score.low <= score.value <= score.high
    assert coverage.low < 0.5 < coverage.high
    assert all(len(line) <= 80 for line in format_relations(relations).splitlines())


def test_what_is_refused(tmp_path: Path) -> None:
    table = write_table(tmp_path / "scores.csv")
    with pytest.raises(InputError, match="no column 'genre'"):
        validate_scores(table, group="genre")
    with pytest.raises(InputError, match="60 groups"):
        validate_scores(table, group="id")
    with pytest.raises(InputError, match="either a group or a rating"):
        validate_scores(table)
    with pytest.raises(InputError, match="cannot be read"):
        validate_scores(tmp_path / "none.csv", rating="rating")

"""`validate`: statistics against scikit-learn and SciPy, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm, spearmanr
from sklearn.metrics import roc_auc_score

from attribution.errors import AttributionError, InputError
from attribution.validation import (
    area_under_curve,
    format_picture,
    format_relations,
    plot_scores,
    rank_correlation,
    read_sample,
    relate_scores,
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
    relations = relate_scores(read_sample(write_table(tmp_path / "scores.csv"), group="kind"))
    score, coverage = relations
    assert (score.column, score.statistic, score.rows) == ("score", "AUC", 59)
    assert score.value > 0.7
    assert score.low <= score.value <= score.high
    assert coverage.low < 0.5 < coverage.high
    assert all(len(line) <= 80 for line in format_relations(relations).splitlines())


def write_known(path: Path, rows: int, seed: int) -> Path:
    """Write scores whose relation to group, rating and length is known in advance.

    Group b lies one standard deviation above a; the rating correlates at 0.6; length at 0.
    """
    rng = np.random.default_rng(seed)
    noise, other = rng.normal(size=(2, rows))
    score = 50 + 10 * noise + 10 * (np.arange(rows) % 2)
    rating = 0.6 * noise + 0.8 * other
    length = rng.integers(5, 60, rows)
    lines = ["score,kind,twin,rating,sentences"]
    for k in range(rows):
        name = "ba"[k % 2 == 0]
        lines.append(f"{score[k]:.4f},{name},{k % 2},{rating[k]:.4f},{length[k]}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_known_answers(tmp_path: Path) -> None:
    table = write_known(tmp_path / "known.csv", 4000, 0)
    score, length = relate_scores(read_sample(table, group="kind"))
    # Normals d standard deviations apart: AUC = Phi(d / sqrt 2).
    assert score.value == pytest.approx(norm.cdf(1 / np.sqrt(2)), abs=0.015)
    assert length.column == "sentences" and length.value == pytest.approx(0.5, abs=0.02)
    # Its bootstrap is as wide as Hanley & McNeil's formula says.
    a, n = score.value, 2000
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    error = np.sqrt((a * (1 - a) + (n - 1) * (q1 - a * a + q2 - a * a)) / n**2)
    assert (score.high - score.low) / (2 * 1.96) == pytest.approx(error, rel=0.15)
    # The same groups by number instead of name.
    assert relate_scores(read_sample(table, group="twin"))[0] == score
    # Ratings, with the groups' shift taken out of the score: rho = 6 / pi asin(r / 2).
    rows = [line.split(",") for line in table.read_text(encoding="utf-8").splitlines()]
    shifted = [f"{float(r[0]) - 10 * (r[1] == 'b')},{r[3]}" for r in rows[1:]]
    table.write_text("\n".join(["score,rating", *shifted]) + "\n", encoding="utf-8")
    (rho,) = relate_scores(read_sample(table, rating="rating"))
    assert rho.value == pytest.approx(6 / np.pi * np.arcsin(0.3), abs=0.03)


def test_intervals_hold_the_truth_about_as_often_as_they_say(tmp_path: Path) -> None:
    truth = norm.cdf(1 / np.sqrt(2))
    held = 0
    for seed in range(40):
        sample = read_sample(write_known(tmp_path / "known.csv", 100, seed), group="kind")
        score = relate_scores(sample)[0]
        held += score.low <= truth <= score.high
    assert held >= 34  # 38 expected of 40


def test_picture_in_the_terminal(tmp_path: Path) -> None:
    table = write_known(tmp_path / "known.csv", 400, 0)
    picture = format_picture(read_sample(table, group="kind")).splitlines()
    assert [line.split()[:2] for line in picture[1:]] == [["a", "200"], ["b", "200"]]
    low, high = (line.index("█") for line in picture[1:])
    assert low < high
    for sample in (read_sample(table, rating="rating"), read_sample(table, rating="sentences")):
        lines = format_picture(sample).splitlines()
        assert len(lines) == 6 and all(len(line) <= 80 for line in lines)
        assert sum(int(line.split()[4]) for line in lines[1:]) == 400  # "rating x to y 80 ..."
    assert len(format_picture(read_sample(table, rating="twin")).splitlines()) == 3


def test_plot_draws_the_same_file_twice(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    table = write_known(tmp_path / "known.csv", 60, 0)
    for options in ({"group": "kind"}, {"rating": "rating"}):
        sample = read_sample(table, **options)
        files = [tmp_path / "first.svg", tmp_path / "second.svg"]
        for file in files:
            plot_scores(sample, file)
        first, second = (file.read_bytes() for file in files)
        assert first == second and b"<svg" in first
    with pytest.raises(AttributionError, match=r"give \.svg"):
        plot_scores(sample, tmp_path / "plot.gifx")


def test_what_is_refused(tmp_path: Path) -> None:
    table = write_table(tmp_path / "scores.csv")
    with pytest.raises(InputError, match="no column 'genre'"):
        read_sample(table, group="genre")
    with pytest.raises(InputError, match="60 groups"):
        read_sample(table, group="id")
    with pytest.raises(InputError, match="either a group or a rating"):
        read_sample(table)
    with pytest.raises(InputError, match="cannot be read"):
        read_sample(tmp_path / "none.csv", rating="rating")

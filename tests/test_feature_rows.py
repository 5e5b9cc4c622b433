"""Named features: templates, columns of values, names spelled once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attribution.feature_rows import FeatureCollector, FeatureRows, Values, spread


def names_by_row(features: FeatureRows) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(features.n_rows)]
    for row, code in zip(features.row.tolist(), features.code.tolist(), strict=True):
        found[row].append(features.names[code])
    return found


def test_blanks_are_filled_row_by_row() -> None:
    collector = FeatureCollector(3)
    place = Values(np.array([1, 0, 1]), ("first", "later"))
    collector.add("a {}/{}!", np.arange(3), place, np.array([4, 0, 4]))
    collector.add("n {}", np.array([2]), np.array([True]))
    collector.add("t none", np.array([1, 1]))
    collector.add("w {}", np.zeros(0, np.int64), Values.of([]))
    features = collector.collect()
    assert names_by_row(features) == [
        ["a later/4!"],
        ["a first/0!", "t none", "t none"],
        ["a later/4!", "n 1"],
    ]
    assert sorted(features.names) == ["a first/0!", "a later/4!", "n 1", "t none"]


def test_braces_in_values_stay() -> None:
    collector = FeatureCollector(1)
    collector.add("w {} {}", np.array([0]), Values.of(["{}"]), Values.of(["{0}%s"]))
    assert collector.collect().names == ["w {} {0}%s"]


def test_nothing_added() -> None:
    assert names_by_row(FeatureCollector(2).collect()) == [[], []]


@given(st.lists(st.tuples(st.integers(0, 4), st.text(max_size=3), st.integers(0, 3000))))
def test_every_combination_gets_its_name(cells: list[tuple[int, str, int]]) -> None:
    collector = FeatureCollector(5)
    rows = np.array([row for row, _, _ in cells], np.int64)
    numbers = np.array([number for _, _, number in cells], np.int64)
    collector.add("{}-{}", rows, Values.of(text for _, text, _ in cells), numbers)
    features = collector.collect()
    expected = [f"{text}-{number}" for _, text, number in cells]
    assert [features.names[code] for code in features.code.tolist()] == expected
    assert features.row.tolist() == rows.tolist()


def test_values_are_taken_as_rows_of_an_array() -> None:
    values = Values.of(["b", "a", "b"])
    assert values.names == ("b", "a")
    assert values[np.array([2, 1])].codes.tolist() == [0, 1]


def test_ranges_are_laid_end_to_end() -> None:
    number, member = spread(np.array([3, 7, 0]), np.array([5, 7, 1]))
    assert number.tolist() == [0, 0, 2]
    assert member.tolist() == [3, 4, 0]

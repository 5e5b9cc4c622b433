"""The frame: the relay chain that an article as a whole declares, origin first, origin included."""

from __future__ import annotations

import pytest
from gold_reading import read_gold

from attribution.frame import END_SENTENCES, TOP_SENTENCES, find_frame

OUTLET = "media_outlet #1 named indirect"
RAIN = "unsourced | It rained."


def frame(*lines: str) -> list[str]:
    reading = read_gold(*lines)
    sources, batch = reading.sources(), reading.batch
    spans = find_frame(batch, reading.hits, 0, batch.n_sentences, sources.mentions, sources.via)
    return [batch.text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        (f"{OUTLET} | {{v1 The Gaze}} reports on it, {{c referring to}} {{s Yonhap}}.",
         ["Yonhap", "The Gaze"]),
        (f"{OUTLET} | {{v1 The Gaze}} writes on it, {{c citing}} {{s Ukrainian intelligence}}.",
         ["Ukrainian intelligence", "The Gaze"]),
        (f"{OUTLET} | {{c This was reported by}} {{s Reuters}}.", ["Reuters"]),
        (f"{OUTLET} | {{s The Guardian}} {{c reports}} on it.", ["The Guardian"]),
    ],
)  # fmt: skip
def test_a_sentence_that_passes_the_article_on(line: str, spans: list[str]) -> None:
    assert frame("unsourced | Ferry sinks off Port Veld", "", line, RAIN, RAIN, RAIN) == spans


def test_only_near_the_top() -> None:
    line = f"{OUTLET} | {{v1 The Gaze}} reports on it, {{c referring to}} {{s Yonhap}}."
    assert frame(*[RAIN] * (TOP_SENTENCES - 1), line, *[RAIN] * 4) == ["Yonhap", "The Gaze"]
    assert frame(*[RAIN] * TOP_SENTENCES, line, *[RAIN] * 4) == []


@pytest.mark.parametrize(
    "line",
    [
        # a report of its own, not of the whole
        f"{OUTLET} | {{s Reuters}} {{c reported}} that five people had died at sea.",
        f"{OUTLET} | {{c According to}} {{s Reuters}}, five people had died.",
        "government #1 named indirect | {s The mayor} {c told} Reuters that it rained.",
        RAIN,
    ],
)
def test_an_ordinary_attribution_is_no_frame(line: str) -> None:
    assert frame("unsourced | Ferry sinks off Port Veld", "", line, RAIN, RAIN) == []


def test_a_long_sentence_is_no_frame() -> None:
    padding = "and the rain that fell on the port of the island all day long and all night"
    line = f"{OUTLET} | {{v1 The Gaze}} reports on it, {{c citing}} {{s Yonhap}}, {padding}."
    assert frame(line, RAIN, RAIN) == []


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("unsourced | PORT VELD (Reuters) - A ferry sank.", "Reuters"),
        ("unsourced | PORT VELD, May 3 (AFP) — A ferry sank.", "AFP"),
        ("unsourced | PORT VELD (Yonhap): A ferry sank.", "Yonhap"),
    ],
)
def test_dateline(line: str, agency: str) -> None:
    assert frame("unsourced | Ferry sinks", "", line, RAIN) == [agency]


@pytest.mark.parametrize(
    "line",
    [
        "unsourced | PORT VELD (Veld province) - A ferry sank.",
        "unsourced | The ferry (Reuters reporters were on it) sank.",
    ],
)
def test_other_brackets_are_no_dateline(line: str) -> None:
    assert frame(line, RAIN) == []


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("unsourced | This article was first published by The Guardian.", "The Guardian"),
        ("unsourced | This story originally appeared in The Guardian.", "The Guardian"),
        ("unsourced | This story originally appeared in The Guardian on Monday.", "The Guardian"),
        ("unsourced | Source: Reuters", "Reuters"),
        ("unsourced | (Reuters)", "Reuters"),
    ],
)
def test_credit_line(line: str, outlet: str) -> None:
    assert frame(*[RAIN] * 6, "", line) == [outlet]
    assert frame(line, "", *[RAIN] * 6) == [outlet]
    middle = [RAIN] * (TOP_SENTENCES + END_SENTENCES)
    assert frame(*middle, "", line, "", *middle) == []


@pytest.mark.parametrize(
    "line",
    [
        "unsourced | Credit: Ann Holt",
        "unsourced | First published by the Nobody Knows It Press.",
        "unsourced | A poem that first appeared in Time magazine was sold.",
    ],
)
def test_other_credits_are_no_frame(line: str) -> None:
    assert frame(*[RAIN] * 6, "", line) == []


def test_no_sentences() -> None:
    assert frame() == []

"""Reports: what they show, and that no article can steer what shows it."""

from __future__ import annotations

import io
import json
import math
from html.parser import HTMLParser

import pytest
from annotated_analyses import read_lines
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from attribution.analysis import Analysis
from attribution.errors import InputError
from attribution.findings import find_findings
from attribution.labels import LABELS
from attribution.printable import make_printable
from attribution.profile import load_profile
from attribution.reliability import judge_reliability
from attribution.report import render
from attribution.report.markdown import escape
from attribution.report.terminal import render_terminal
from attribution.report.view import build_view, share_out
from attribution.result import ModelInfo, Result
from attribution.scoring import score_analysis
from attribution.summary import summarise

PROFILE = load_profile()
INTERVALS = {"quantiles": {"low": -8.3, "high": 6.1}}
ARTICLE = (
    "government headline #1 named indirect | Bridge shut, {s mayor} {c says}",
    "",
    "government #1 named indirect needs | {s Mayor Ada Brook} {c said} the bridge was shut.",
    "expert #2 named direct needs | “Two piers sank,” {s Ivo Lund} {c told} {v1 the Daily Eel}.",
    "unidentified #3 anonymous indirect hedged needs | The report was {c reportedly} burned.",
    "",
    "unidentified #4 anonymous indirect needs | {s Sources} {c said} there was a copy.",
    "unsourced needs | The work had been put off for years.",
    "unsourced | It was cold.",
)
LONG, WIDE = "o" * 300, "え" * 60
HOSTILE = (
    "government headline #1 named indirect |"
    " [bold]A[/bold] <script>alert(1)</script> {s [/] X} {c says}",
    "",
    "government #1 named indirect needs |"
    " {s Mayor **Öz** 👩\u200d👩\u200d👧 \x1b[31mred\x1b[0m} {c said}"
    f" | `x` \u202edoog\u202c w{LONG}.",
    "unidentified #2 anonymous indirect needs | {s Sources} {c said} <img src=x onerror=alert(1)>.",
    "unsourced needs | # - 1. [a](javascript:alert(1)) _b_ ~~c~~ https://evil.example/"
    " \\{\\{ 7*7 \\}\\}",
    f"unsourced needs | 日本語の長い文章がここにありますので折り返しが必要です{WIDE}。",
    "media_outlet #3 named indirect needs |"
    ' {s The <b>Eel</b>} {c reported}, {v1 "><svg onload=a>} too.',
)


def make_result(analysis: Analysis) -> Result:
    score = score_analysis(analysis, PROFILE, INTERVALS)
    reliability = judge_reliability(analysis, PROFILE)
    return Result(
        analysis=analysis,
        score=score,
        reliability=reliability,
        model=ModelInfo("small", "1.0", "0" * 64),
        profile="default",
        labels=LABELS,
        findings=find_findings(analysis, PROFILE, score_analysis, select=["all"]),
        summary=summarise(analysis, score, reliability),
    )


@pytest.fixture(scope="module")
def result() -> Result:
    return make_result(read_lines(*ARTICLE, outlet="The Morning Carp"))


@pytest.fixture(scope="module")
def hostile() -> Result:
    return make_result(read_lines(*HOSTILE, outlet="<Evil> & [i]Co[/i]"))


def show(result: Result, width: int = 80, colour: bool = False) -> str:
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    render_terminal(result, console)
    return file.getvalue()


def test_terminal_shows_everything_without_colour(result: Result) -> None:
    text = show(result)
    assert "\x1b" not in text
    flat = " ".join(text.split())
    for words in (
        "Bridge shut, mayor says (The Morning Carp)",
        f"Sourcing score {result.score.value:.1f} of 100, probably",
        "Mayor Ada Brook",
        "the Daily Eel",
        "→ #1 Ivo Lund · “told” · named · direct · via the Daily Eel",
        "→ attributed to nobody · “reportedly” · indirect · hedged",
        "→ needs a source",
        "warning bare-sources, sentence 4,",
        "AP, Statement of News Values and Principles",
        "Of the five sentences that need a source, four are attributed.",
        "model small 1.0, profile default",
    ):
        assert words in flat, words


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(hostile: Result, width: int) -> None:
    lines = show(hostile, width).split("\n")
    assert max(map(cell_len, lines)) <= min(width, 110)


def test_colour_marks_source_and_cue(result: Result) -> None:
    text = show(result, colour=True)
    assert "\x1b[1;4mMayor Ada Brook" in text
    assert "\x1b[3;4msaid" in text


def test_terminal_takes_nothing_from_the_article_for_markup(hostile: Result) -> None:
    text = show(hostile, 200)
    assert "[bold]A[/bold] <script>alert(1)</script> [/] X says  (<Evil> & [i]Co[/i])" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "👩\u200d👩\u200d👧" in text


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parse(page: str) -> _Page:
    parser = _Page()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def test_html_is_whole_and_needs_nothing_from_elsewhere(result: Result) -> None:
    source = render(result, "html")
    page = parse(source)
    assert page.tags.count("h1") == 1
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href"} & {name for name, _ in page.attributes}
    assert "url(" not in source
    assert "http" not in source.replace("http-equiv", "")
    assert "Bridge shut, mayor says" in page.text
    assert "Mayor Ada Brook" in page.text


def test_html_escapes_the_article(hostile: Result) -> None:
    source = render(hostile, "html")
    page = parse(source)
    assert set(page.tags) <= set(
        "html head meta title style body main h1 h2 p strong div span table thead tbody tr th td"
        " mark br ul li q".split()
    )
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source
    assert "{{ 7*7 }}" in source
    assert "\x1b" not in source
    assert "\u202e" not in source


def test_markdown_escapes_the_article(hostile: Result) -> None:
    page = render(hostile, "markdown")
    assert page.startswith("# \\[bold\\]A\\[/bold\\] \\<script\\>alert(1)\\</script\\> ")
    bare = page.replace("\\<", "").replace("\\[", "").replace("\\`", "").replace("\\|", "")
    assert "<" not in bare
    assert "[" not in bare
    assert "https://" not in page
    assert "**Öz**" not in page
    rows = [line for line in bare.split("\n") if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6, 8, 5}


def test_markdown_shows_everything(result: Result) -> None:
    page = render(result, "markdown")
    assert f"**Sourcing score: {result.score.value:.1f} of 100**" in page
    assert "| 2 | expert | “Two piers sank,” **Ivo Lund** *told* **the Daily Eel**. |" in page
    assert "- **warning** `bare-sources`, sentence 4, +" in page
    assert page.endswith("*model small 1.0, profile default*\n")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("1. one", "1\\. one"),
        ("4.0 of 9.0", "4.0 of 9.0"),
        ("- item", "\\- item"),
        ("--- rule", "\\--- rule"),
        ("well-known", "well-known"),
        ("a\n\n# b", "a \\# b"),
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("back\\slash", "back\\\\slash"),
        ("www.a.example", "www\\.a.example"),
    ],
)
def test_markdown_escape(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_json_is_one_line_and_the_result(result: Result) -> None:
    text = render(result, "json")
    assert text.count("\n") == 1
    assert json.loads(text) == json.loads(json.dumps(result.to_dict()))


def test_unknown_format(result: Result) -> None:
    with pytest.raises(InputError, match="no format 'pdf'; the formats are json, markdown, html"):
        render(result, "pdf")


@settings(max_examples=300)
@given(st.lists(st.floats(0, 40), max_size=6))
def test_rounded_points_add_up_to_the_rounded_sum(values: list[float]) -> None:
    shares = share_out(values)
    assert round(math.fsum(shares), 6) == pytest.approx(round(math.fsum(values) * 10) / 10)
    assert all(abs(a - b) < 0.1 + 1e-9 for a, b in zip(shares, values, strict=True))


def test_the_shown_contributions_add_up_to_the_shown_score(result: Result) -> None:
    view = build_view(result)
    assert view.total == view.score
    assert f"{math.fsum(float(row.points) for row in view.components):.1f}" == view.score


@settings(max_examples=200)
@given(st.text())
def test_printable_keeps_the_length(text: str) -> None:
    shown = make_printable(text)
    assert len(shown) == len(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)


@pytest.mark.parametrize("status", ["truncated", "not_english", "no_score"])
def test_no_score_is_said_in_words(status: str) -> None:
    result = make_result(read_lines(*ARTICLE, status=status))
    for text in (show(result), render(result, "markdown"), render(result, "html")):
        assert "No sourcing score: " in text
        assert "of 100, probably" not in text


def test_an_article_without_sources_or_title() -> None:
    result = make_result(read_lines("unsourced | It was cold."))
    for text in (show(result), render(result, "markdown"), render(result, "html")):
        assert "too little here needs a source" in text
        assert "None." in text

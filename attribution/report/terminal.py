"""A result on a terminal: made for 80 columns, legible without colour.

Everything is a `rich.text.Text`, never a string with markup, so that "[bold]" in an article stays
what it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from attribution.report.view import FindingView, SentenceView, View, build_view
from attribution.result import Result

_BAR_WIDTH = 50
#: Wider than this, lines are hard to read.
_MAX_WIDTH = 110
_LABEL_STYLES = {
    "intelligence_agency": "magenta",
    "media_outlet": "cyan",
    "government": "blue",
    "military": "green",
    "law_enforcement": "bright_blue",
    "organization": "bright_cyan",
    "expert": "bright_green",
    "document": "bright_magenta",
    "individual": "yellow",
    "unidentified": "bright_red",
    "unsourced": "dim",
}
_PIECE_STYLES = {
    "source": "bold underline",
    "relay": "underline",
    "cue": "italic underline",
    "": "",
}
_LEVEL_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def render_terminal(result: Result, console: Console) -> None:
    """Print a result: score, components, sources, sentences, findings, summary."""
    view = build_view(result)
    parts: list[RenderableType] = [*_head(view), *_components(view), *_sources(view)]
    parts += [*_sentences(view), *_findings(view), *_summary(view)]
    console.print(Group(*parts), width=min(console.width, _MAX_WIDTH), highlight=False)


def _head(view: View) -> list[RenderableType]:
    title = Text(view.title, style="bold")
    if view.subtitle:
        title.append(f"  ({view.subtitle})", style="dim not bold")
    parts: list[RenderableType] = [Text(), title, Text()]
    if view.bar:
        score = Text("Sourcing score  ")
        score.append(view.score, style="bold")
        score.append(" of 100")
        if view.interval:
            score.append(f", probably {view.interval}")
        parts += [score, _bar(view.bar)]
    if view.status:
        parts.append(Text(view.status, style="bold yellow"))
    parts += [Text(f"Note: {warning}", style="yellow") for warning in view.warnings]
    parts += [Text(view.reliability), Text(view.made_by, style="dim")]
    return parts


def _bar(bar: tuple[float, float, float]) -> Text:
    """Draw the score as a bar, its interval in shades: solid is sure, the lighter the less so."""
    low, value, high = (round(points / 100 * _BAR_WIDTH) for points in bar)
    text = Text("0 ", style="dim")
    text.append("█" * low + "▓" * (value - low), style="green")
    text.append("▒" * (high - value), style="green")
    text.append("░" * (_BAR_WIDTH - high) + " 100", style="dim")
    return text


def _components(view: View) -> list[RenderableType]:
    if not view.components:
        return []
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim", padding=(0, 1))
    table.add_column("part of the score", no_wrap=True)
    for name in ("value", "weight", "points"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why", style="dim")
    for row in view.components:
        cells = (row.name, row.value, f"x {row.weight}", row.points, row.explanation)
        table.add_row(*map(Text, cells))
    if view.score:
        total = Text(view.total, style="bold")
        table.add_row(Text("sum", style="bold"), Text(), Text(), total, Text())
    return [_heading("Components"), table]


def _sources(view: View) -> list[RenderableType]:
    if not view.sources:
        return [_heading("Sources"), Text("None.")]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("name", overflow="fold", ratio=3)
    table.add_column("type", overflow="fold", ratio=2)
    table.add_column("identified", no_wrap=True)
    table.add_column("sent.", justify="right", no_wrap=True)
    table.add_column("via", overflow="fold", ratio=2)
    table.add_column("rel.", justify="center", no_wrap=True)
    table.expand = True
    for source in view.sources:
        count = str(source.sentences) if source.sentences else "relay"
        cells = (source.name, source.type, source.identified, count, source.via, source.reliability)
        table.add_row(Text(str(source.number)), *map(Text, cells))
    return [_heading("Sources"), table]


def _sentences(view: View) -> list[RenderableType]:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(justify="right", width=max(2, len(str(len(view.sentences)))), no_wrap=True)
    table.add_column(width=13, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    paragraph = view.sentences[0].paragraph if view.sentences else 0
    for sentence in view.sentences:
        if sentence.paragraph != paragraph:
            table.add_row()
            paragraph = sentence.paragraph
        label = Text(sentence.label_words, style=_LABEL_STYLES.get(sentence.label, "cyan"))
        table.add_row(Text(str(sentence.number), style="dim"), label, _sentence(sentence))
    marks = [Text(role, style=_PIECE_STYLES[role]) for role in ("source", "relay", "cue")]
    legend = Text(", ").join(marks)
    return [_heading("Sentence by sentence"), legend, Text(), table]


def _sentence(sentence: SentenceView) -> Text:
    text = Text(style="bold" if sentence.headline else "")
    for words, role in sentence.pieces:
        text.append(words, style=_PIECE_STYLES[role])
    if sentence.note:
        style = "red not bold" if sentence.missing else "dim not bold"
        text.append(f"\n→ {sentence.note}", style=style)
    return text


def _findings(view: View) -> list[RenderableType]:
    if not view.findings:
        return []
    return [_heading("Findings"), *_list_findings(view.findings)]


def _list_findings(findings: Sequence[FindingView]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for finding in findings:
        head = Text().append(f"{finding.level} ", style=_LEVEL_STYLES[finding.level])
        head.append(finding.rule, style="bold").append(
            f", sentence {finding.sentence}", style="dim"
        )
        if finding.effect:
            head.append(f", {finding.effect}", style="dim")
        body = Text(f"{finding.message}; {finding.suggestion}.")
        body.append(f"\n{finding.reference}", style="dim")
        parts += [head, Padding(body, (0, 0, 0, 2))]
    return parts


def _summary(view: View) -> list[RenderableType]:
    if not view.summary:
        return []
    return [_heading("Source summary"), Text(view.summary), Text()]


def _heading(words: str) -> RenderableType:
    return Padding(Rule(Text(words, style="bold"), align="left", style="dim"), (1, 0, 0, 0))

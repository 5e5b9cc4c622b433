"""A result as Markdown (CommonMark with tables)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attribution.report.view import FindingView, SentenceView, View, build_view
from attribution.result import Result

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$!^]|(?<=[a-zA-Z]):(?=//)|(?<=\bwww)\.|@")
# What opens a list, a heading line or a numbered item if it stands first.
_LINE_START = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))([.)\-+=])(?=\s|[-+=]|$)")
_MARKS = {"source": "**", "relay": "**", "cue": "*", "": ""}


def render_markdown(result: Result) -> str:
    """Return a result as a Markdown page, ending in a line break."""
    view = build_view(result)
    blocks: list[str] = [f"# {escape(view.title)}"]
    blocks += _head(view)
    blocks += _section("Components", _components(view) if view.components else "")
    blocks += _section("Sources", _sources(view) if view.sources else "None.")
    blocks += _section("Sentence by sentence", _sentences(view))
    blocks += _section("Findings", "\n".join(map(_finding, view.findings)))
    blocks += _section("Source summary", escape(view.summary))
    return "\n\n".join((*blocks, f"*{escape(view.made_by)}*")) + "\n"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    line = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    return _LINE_START.sub(r"\1\\\2", line)


def _head(view: View) -> Iterator[str]:
    if view.subtitle:
        yield escape(view.subtitle)
    if view.score:
        interval = f", probably {view.interval}" if view.interval else ""
        yield f"**Sourcing score: {view.score} of 100**{interval}"
    if view.status:
        yield f"**{escape(view.status)}**"
    if view.warnings:
        yield "\n".join(f"- Note: {escape(warning)}" for warning in view.warnings)
    yield escape(view.reliability)


def _section(title: str, body: str) -> list[str]:
    return [f"## {title}", body] if body else []


def _components(view: View) -> str:
    rows = [
        (row.name, row.value, row.weight, row.points, escape(row.explanation))
        for row in view.components
    ]
    if view.score:
        rows.append(("**sum**", "", "", f"**{view.total}**", ""))
    return _table(("part of the score", "value", "weight", "points", "why"), "lrrrl", rows)


def _sources(view: View) -> str:
    rows = (
        (
            str(source.number),
            escape(source.name),
            escape(source.type),
            source.identified,
            str(source.sentences) if source.sentences else "relay",
            escape(source.via),
            source.reliability,
        )
        for source in view.sources
    )
    header = ("#", "name", "type", "identified", "sentences", "via", "reliability")
    return _table(header, "rlllrlc", rows)


def _sentences(view: View) -> str:
    rows = (
        (str(s.number), escape(s.label_words), _words(s), escape(s.note)) for s in view.sentences
    )
    table = _table(("", "label", "sentence", "read as"), "rlll", rows)
    return f"**source** or **relay**, *cue*\n\n{table}"


def _words(sentence: SentenceView) -> str:
    return "".join(_mark(words, _MARKS[role]) for words, role in sentence.pieces)


def _mark(words: str, mark: str) -> str:
    """Escape words and mark them; blanks at their ends stay outside the mark."""
    core = words.strip()
    if not core:
        return " " if words else ""
    before = " " if words[0].isspace() else ""
    after = " " if words[-1].isspace() else ""
    return f"{before}{mark}{escape(core)}{mark}{after}"


def _finding(finding: FindingView) -> str:
    effect = f", {finding.effect}" if finding.effect else ""
    return (
        f"- **{finding.level}** `{finding.rule}`, sentence {finding.sentence}{effect}:"
        f" {escape(finding.message)}; {escape(finding.suggestion)}. *{escape(finding.reference)}*"
    )


def _table(header: Iterable[str], align: str, rows: Iterable[Iterable[str]]) -> str:
    rules = {"l": ":--", "r": "--:", "c": ":-:"}
    lines = [header, [rules[letter] for letter in align], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

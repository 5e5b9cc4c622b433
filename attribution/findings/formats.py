"""How findings are written: text for people, JSON, and SARIF 2.1.0 for editors and code hosts."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from attribution import __version__
from attribution.analysis import Analysis
from attribution.errors import InputError
from attribution.findings.catalogue import RULES, find_rule
from attribution.findings.rule import Finding, Rule
from attribution.printable import make_printable

FORMATS = ("text", "json", "sarif")
#: Effects smaller than this, in points, are not worth a word.
_SHOWN = 0.05
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


#: What was found in one file: its name as the user gave it, the article, the findings.
FileFindings = tuple[str, Analysis, tuple[Finding, ...]]


class Lines:
    """Finds lines and columns, both from 1, in code points."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def locate(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def format_findings(files: Sequence[FileFindings], style: str) -> str:
    """Return the findings of some files in one of `FORMATS`; "" for no findings as text.

    Raises
    ------
    InputError
        If the format is none of these.
    """
    if style == "text":
        return "".join(f"{line}\n" for file in files for line in write_lines(file))
    if style == "json":
        return _dump(build_records(files))
    if style == "sarif":
        return _dump(build_sarif(files))
    raise InputError(f"no format {style!r}", f"the formats are {', '.join(FORMATS)}")


def write_lines(file: FileFindings) -> list[str]:
    """Return a line per finding: ``file:line:column: level rule message``."""
    name, analysis, findings = file
    lines = Lines(analysis.document.text)
    return [
        make_printable(f"{name}:{line}:{column}: {found.level} {found.rule} {_describe(found)}")
        for found in findings
        for line, column in [lines.locate(found.start)]
    ]


def _describe(finding: Finding) -> str:
    message = " ".join(finding.message.split())
    effect = finding.effect
    if effect is None or abs(effect) < _SHOWN:
        return f"{message}; {finding.suggestion}"
    return f"{message}; {finding.suggestion} ({effect:+.1f} points if mended)"


def build_records(files: Sequence[FileFindings]) -> list[dict[str, Any]]:
    """Return the findings as JSON-ready objects, each with its file, line and column."""
    records = []
    for name, analysis, findings in files:
        lines = Lines(analysis.document.text)
        for finding in findings:
            line, column = lines.locate(finding.start)
            place = {"file": name, "line": line, "column": column}
            records.append(place | finding.to_dict())
    return records


def build_sarif(files: Sequence[FileFindings], rules: Iterable[Rule] = RULES) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log (OASIS, 2020) with one run."""
    rules = tuple(rules)
    index = {rule.id: number for number, rule in enumerate(rules)}
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "attribution",
                        "version": __version__,
                        "rules": [_rule_record(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result_record(name, lines, finding, index[finding.rule])
                    for name, analysis, findings in files
                    for lines in [Lines(analysis.document.text)]
                    for finding in findings
                ],
            }
        ],
    }


def _rule_record(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": f"{rule.rationale} Rests on: {rule.reference}."},
        "defaultConfiguration": {"level": rule.level, "enabled": rule.default_on},
    }


def _result_record(name: str, lines: Lines, finding: Finding, index: int) -> dict[str, Any]:
    line, column = lines.locate(finding.start)
    end_line, end_column = lines.locate(finding.end)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.level,
        "message": {"text": f"{finding.message}; {finding.suggestion}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _address(name)},
                    "region": region,
                }
            }
        ],
        "properties": {
            "effect": finding.effect,
            "sentence": finding.sentence,
            "reference": finding.reference,
        },
    }


def _address(name: str) -> str:
    """Return a file's name as a URI reference: forward slashes, percent-encoded."""
    path = PurePath(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def explain(rule_id: str) -> str:
    """Return a rule in a few lines of plain text, as ``attribution lint --explain`` prints it.

    Raises
    ------
    InputError
        If there is no such rule.
    """
    rule = find_rule(rule_id)
    state = "on by default" if rule.default_on else f"off by default: --select {rule.id}"
    return "\n".join(
        (
            f"{rule.id} ({rule.level}, {state})",
            f"{rule.title}.",
            "",
            rule.rationale,
            f"Reference: {rule.reference}.",
            f"To accept it in a draft: <!-- attribution: ignore {rule.id} -->",
        )
    )

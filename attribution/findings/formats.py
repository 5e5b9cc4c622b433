"""How findings are written: text for people, JSON, and SARIF 2.1.0 for editors and code hosts."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from attribution import __version__
from attribution.findings.catalogue import RULES
from attribution.findings.rule import Finding, Rule

FORMATS = ("text", "json", "sarif")
#: Effects smaller than this, in points, are not worth a word.
_SHOWN = 0.05
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True)
class FileFindings:
    """What was found in one file: its name as the user gave it, its text, the findings."""

    file: str
    text: str
    findings: tuple[Finding, ...]


class Lines:
    """Finds lines and columns, both from 1, in code points."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def locate(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def format_findings(files: Sequence[FileFindings], style: str) -> str:
    """Return the findings of some files in one of `FORMATS`; "" for no findings as text."""
    if style == "sarif":
        return _dump(build_sarif(files))
    if style == "json":
        return _dump(build_records(files))
    return "".join(f"{line}\n" for file in files for line in write_lines(file))


def write_lines(file: FileFindings) -> list[str]:
    """Return a line per finding: ``file:line:column: level rule message``."""
    lines = Lines(file.text)
    return [
        f"{file.file}:{line}:{column}: {finding.level} {finding.rule} {_describe(finding)}"
        for finding in file.findings
        for line, column in [lines.locate(finding.start)]
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
    for file in files:
        lines = Lines(file.text)
        for finding in file.findings:
            line, column = lines.locate(finding.start)
            place = {"file": file.file, "line": line, "column": column}
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
                    _result_record(file, lines, finding, index[finding.rule])
                    for file in files
                    for lines in [Lines(file.text)]
                    for finding in file.findings
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


def _result_record(
    file: FileFindings, lines: Lines, finding: Finding, index: int
) -> dict[str, Any]:
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
                    "artifactLocation": {"uri": _address(file.file)},
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


def _address(file: str) -> str:
    """Return a file's name as a URI reference: forward slashes, percent-encoded."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def explain_rule(rule: Rule) -> str:
    """Return a rule in a few lines of plain text, as ``attribution lint --explain`` prints it."""
    state = "on by default" if rule.default_on else f"off by default: --select {rule.id}"
    return "\n".join(
        (
            f"{rule.id} ({rule.level}, {state})",
            rule.title + ".",
            "",
            rule.rationale,
            f"Reference: {rule.reference}.",
            f"To accept it in a draft: <!-- attribution: ignore {rule.id} -->",
            "",
        )
    )

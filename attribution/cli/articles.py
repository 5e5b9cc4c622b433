"""Commands on article files: score, lint, explain."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from attribution.cli import options
from attribution.cli.output import dump_json, is_terminal, note, note_warnings, write_text
from attribution.errors import InputError

if TYPE_CHECKING:
    from attribution.document import Document
    from attribution.findings.formats import FileFindings
    from attribution.result import Result
    from attribution.scorer import Scorer

#: The levels of findings that make `lint` fail, by its --fail-on.
_FAILING = {
    None: frozenset[str](),
    "warning": frozenset(("warning", "error")),
    "error": frozenset(("error",)),
}
FORMATS = ("terminal", "json", "html", "markdown")


def score(
    articles: options.Articles,
    format: Annotated[
        str | None,
        typer.Option("--format", help="terminal, json, html or markdown; terminal on a terminal."),
    ] = None,
    out: options.Out = None,
    model: options.ModelName = "default",
    profile: options.ProfileName = "default",
    ratings: options.RatingsFile = None,
    outlet: options.Outlet = None,
    fail_under: Annotated[
        float | None,
        typer.Option("--fail-under", help="Exit 1 if a sourcing score is null or below this."),
    ] = None,
) -> None:
    """Sourcing scores of articles: who says so, how well a reader sees it, and what to change.

    Example: attribution score article.txt
    """
    chosen = format or ("terminal" if is_terminal() and out is None else "json")
    if chosen not in FORMATS:
        raise InputError(f"no format {chosen!r}", f"use {', '.join(FORMATS)}")
    if chosen == "html" and len(articles) > 1:
        raise InputError("HTML takes one article", "score the others one by one")
    scorer = _load(model, profile, ratings)
    readings = _Readings(articles, outlet)
    results = [with_findings(r, scorer) for r in scorer.score_documents(readings.documents())]
    if results:
        _print(results, chosen, out, single=len(articles) == 1)
    failed = readings.failed
    if fail_under is not None:
        failed |= _report_low(results, fail_under)
    if readings.failed and not results and len(articles) == 1:
        raise typer.Exit(2)
    if failed:
        raise typer.Exit(1)


class _Readings:
    """Reads articles one after the other; a bad one is reported and left out."""

    def __init__(self, names: list[str], outlet: str | None) -> None:
        self.names, self.outlet = names, outlet
        self.read: list[str] = []
        self.failed = False

    def documents(self) -> Iterator[Document]:
        from attribution.reading import read_article

        for name in self.names:
            try:
                document = read_article(name, outlet=self.outlet)
            except InputError as error:
                self.failed = True
                note(str(error))
                continue
            self.read.append(name)
            yield document


def _load(model: str, profile: str, ratings: str | None) -> Scorer:
    from attribution.scorer import Scorer

    return Scorer.load(model, profile=profile, ratings=ratings)


def with_findings(result: Result, scorer: Scorer) -> Result:
    """Add findings and summary to a result."""
    from dataclasses import replace

    from attribution.findings import find_findings
    from attribution.scoring import score_analysis
    from attribution.summary import summarise

    return replace(
        result,
        findings=find_findings(result.analysis, scorer.profile, score_analysis),
        summary=summarise(result.analysis, result.score, result.reliability),
    )


def _print(results: list[Result], chosen: str, out: str | None, *, single: bool) -> None:
    if chosen == "json":
        lines = (dump_json(result.to_dict(), pretty=single and is_terminal()) for result in results)
        write_text("".join(f"{line}\n" for line in lines), out)
        return
    if chosen == "terminal":
        from rich.console import Console

        from attribution.report.terminal import render_terminal

        console = Console(soft_wrap=False)
        if out is None:
            for result in results:
                render_terminal(result, console)
            return
        console = Console(width=80, record=True, file=io.StringIO())
        for result in results:
            render_terminal(result, console)
        write_text(console.export_text(), out)
        return
    from attribution.report import render

    write_text("\n".join(render(result, chosen) for result in results), out)


def _report_low(results: list[Result], limit: float) -> bool:
    low = False
    for result in results:
        name = result.analysis.document.id
        value = result.score.value
        if value is None:
            note(
                f"{name}: no sourcing score ({result.score.status}), --fail-under {limit:g} not met"
            )
            low = True
        elif value < limit:
            note(f"{name}: sourcing score {value:.1f} is under {limit:g}")
            low = True
    return low


def lint(
    articles: options.LintArticles = None,
    format: options.LintFormat = "text",
    select: options.Select = None,
    ignore: options.Ignore = None,
    fail_on: options.FailOn = None,
    model: options.ModelName = "default",
    profile: options.ProfileName = "default",
    outlet: options.Outlet = None,
    explain_id: options.ExplainRule = None,
    judged: options.Judged = None,
    polnear: options.JudgedTexts = None,
) -> None:
    """The findings alone, like a linter: file:line:column level rule message.

    Example: attribution lint draft.txt --fail-on warning
    """
    from attribution.findings import explain as explain_rule
    from attribution.findings.formats import format_findings

    if explain_id is not None:
        write_text(explain_rule(explain_id).rstrip("\n") + "\n", None)
        return
    if judged is not None:
        _measure_rules(judged, polnear, model)
        return
    if fail_on not in _FAILING:
        raise InputError(f"no level {fail_on!r}", "use warning or error")
    if not articles:
        raise InputError("no article", "give a file, or - for stdin")
    if format not in ("text", "json", "sarif"):
        raise InputError(f"no format {format!r}", "use text, json or sarif")
    readings = _Readings(articles, outlet)
    found = _find(_load(model, profile, None), readings, select, ignore)
    write_text(format_findings(found, format), None)
    levels = {finding.level for _, _, findings in found for finding in findings}
    if readings.failed and not found:
        raise typer.Exit(2)
    if readings.failed or levels & _FAILING[fail_on]:
        raise typer.Exit(1)


def _find(
    scorer: Scorer, readings: _Readings, select: str | None, ignore: str | None
) -> list[FileFindings]:
    from attribution.findings import find_findings
    from attribution.scoring import score_analysis

    chosen = None if select is None else [rule.strip() for rule in select.split(",")]
    ignored = [] if ignore is None else [rule.strip() for rule in ignore.split(",")]
    analyses = list(scorer.analyser.analyse(readings.documents()))
    for analysis in analyses:
        note_warnings(analysis.document)
    return [
        (
            name,
            analysis,
            find_findings(analysis, scorer.profile, score_analysis, select=chosen, ignore=ignored),
        )
        for name, analysis in zip(readings.read, analyses, strict=True)
    ]


def _measure_rules(judged: str, polnear: str | None, model: str) -> None:
    from pathlib import Path

    from attribution.corpus.polnear import OUTLETS, read_spans
    from attribution.evaluation.judged import (
        find_places,
        format_rules,
        measure_rules,
        read_judgements,
    )
    from attribution.pipeline import Analyser
    from attribution.reading import parse_article

    if polnear is None:
        raise InputError("--judged without --polnear", "give PolNeAR's folder")
    judgements = read_judgements(Path(judged))
    articles = list(read_spans(Path(polnear)))
    documents = (
        parse_article(article.text, outlet=OUTLETS.get(article.id.partition("_")[0]))
        for article in articles
    )
    analyses = Analyser.load(model).analyse(documents)
    places = find_places(
        (article.id, analysis) for article, analysis in zip(articles, analyses, strict=True)
    )
    write_text(format_rules(measure_rules(judgements, places)), None)


def explain(
    article: Annotated[str, typer.Argument(help="An article file, or - for stdin.")],
    sentence: Annotated[int, typer.Option("--sentence", help="Number of the sentence, from 0.")],
    model: options.ModelName = "default",
) -> None:
    """Why a sentence has its label: what was found in it, and what weighed.

    Example: attribution explain article.txt --sentence 6
    """
    from attribution.explanation import explain_sentence, format_explanation
    from attribution.pipeline import Analyser
    from attribution.reading import read_article

    document = read_article(article)
    note_warnings(document)
    if not 0 <= sentence < len(document.sentences):
        raise InputError(
            f"{article}: no sentence {sentence}",
            f"it has {len(document.sentences)}, numbered from 0",
        )
    explanation = explain_sentence(Analyser.load(model), document, sentence)
    write_text(format_explanation(explanation), None)

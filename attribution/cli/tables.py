"""Commands on tables and pre-split sentences: label, batch, validate."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attribution.cli import options
from attribution.cli.output import note, note_warnings, write_text
from attribution.errors import InputError

if TYPE_CHECKING:
    from attribution.batch import BatchSummary
    from attribution.labelling import LabelTask


def label(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Article files; .jsonl with id and text or sentences; .csv/.parquet with text."
        ),
    ],
    format: Annotated[str | None, typer.Option("--format", help="jsonl, csv or parquet.")] = None,
    out: options.Out = None,
    model: options.ModelName = "default",
) -> None:
    """Label sentences by the type of their source.

    Example: attribution label article.txt --format csv
    """
    from attribution.labelling import read_label_input, write_labels
    from attribution.pipeline import Analyser

    if out and Path(out).is_dir():
        raise InputError(f"{out}: cannot be written (a directory)", "name a file")
    chosen = format or (Path(out).suffix.lstrip(".") if out and out != "-" else "jsonl")
    if chosen not in ("jsonl", "csv", "parquet"):
        raise InputError(f"no format {chosen!r}", "use jsonl, csv or parquet")
    tasks = _note_all_warnings(read_label_input(inputs))
    summary = write_labels(tasks, Analyser.load(model), chosen, out)
    for problem in summary.problems:
        note(problem)
    if summary.problems:
        raise typer.Exit(1)


def _note_all_warnings(tasks: Iterator[LabelTask]) -> Iterator[LabelTask]:
    for task in tasks:
        if task.document:
            note_warnings(task.document)
        yield task


def batch(
    source: options.BatchSource,
    target: options.BatchTarget,
    text_column: options.TextColumn = "text",
    id_column: options.IdColumn = None,
    outlet_column: options.OutletColumn = None,
    date_column: options.DateColumn = None,
    columns: options.Columns = "basic",
    sentences: options.SentenceTable = None,
    sources: options.SourceTable = None,
    dedupe: options.Dedupe = False,
    timings: options.Timings = False,
    jobs: options.Workers = 1,
    resume: options.Resume = False,
    on_error: options.OnError = "mark",
    model: options.ModelName = "default",
    profile: options.ProfileName = "default",
    ratings: options.RatingsFile = None,
) -> None:
    """Sourcing scores for a table of articles: it comes out again with score columns.

    Example: attribution batch articles.csv scored.csv --text-column body
    """
    from attribution.batch import BatchOptions, run_batch
    from attribution.scorer import Scorer

    scorer = Scorer.load(model, profile=profile, ratings=ratings)
    settings = BatchOptions(
        text_column=text_column,
        id_column=id_column,
        outlet_column=outlet_column,
        date_column=date_column,
        columns=columns,
        sentences=Path(sentences) if sentences else None,
        sources=Path(sources) if sources else None,
        dedupe=dedupe,
        timings=timings,
        jobs=jobs,
        resume=resume,
        on_error=on_error,
    )
    summary = run_batch(Path(source), Path(target), scorer, settings, _show_progress)
    _report(summary)


def validate(
    scores: Annotated[str, typer.Argument(help="A CSV of scored articles.")],
    group: Annotated[str | None, typer.Option("--group", help="A column of two groups.")] = None,
    rating: Annotated[str | None, typer.Option("--rating", help="A column of numbers.")] = None,
    plot: Annotated[
        str | None, typer.Option("--plot", help="Also draw the scores here (.svg, .png).")
    ] = None,
) -> None:
    """Does the sourcing score separate groups, or follow ratings? AUC or rank correlation.

    Example: attribution validate rated.csv --group kind
    """
    from attribution.validation import (
        format_picture,
        format_relations,
        plot_scores,
        read_sample,
        relate_scores,
    )

    sample = read_sample(Path(scores), group=group, rating=rating)
    write_text(f"{format_relations(relate_scores(sample))}\n{format_picture(sample)}", None)
    if plot:
        plot_scores(sample, Path(plot))
        note(f"{plot}: written")


def _report(summary: BatchSummary) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)  # ends the line of progress
    note(summary.describe())
    if summary.failed:
        raise typer.Exit(1)


def _show_progress(done: int, total: int | None) -> None:
    if sys.stderr.isatty():
        of = f" of {total}" if total is not None else ""
        print(f"\rattribution: {done}{of} articles", end="", file=sys.stderr, flush=True)

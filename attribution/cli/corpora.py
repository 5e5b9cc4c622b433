"""Commands on annotated data: train, evaluate, convert, corpus check, stats, agreement, cues."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attribution.cli import options
from attribution.cli.output import dump_json, note, write_text
from attribution.errors import CorpusError, InputError, TrainingError

if TYPE_CHECKING:
    from attribution.analysis import Analysis
    from attribution.corpus.annotated import AnnotatedArticle

corpus_app = typer.Typer(
    help="Is annotated data well-formed, consistent, diverse?",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def train(
    data: options.TrainingTable = None,
    out: options.ModelOut = "",
    recipe: options.RecipeName = None,
    polnear: options.RecipeTexts = None,
    from_model: options.StartModel = "default",
    articles: options.WrittenArticles = None,
    estimator: options.EstimatorKind = "logistic",
    jobs: options.FoldJobs = 2,
    seed: options.Seed = 0,
    cache: options.FoldCache = None,
) -> None:
    """Train a model: from a recipe, or from your own labelled sentences.

    Example: attribution train sentences.csv --out my-model
    """
    if not out:
        raise TrainingError("no --out", "name the model folder to write")
    try:
        import datasketch  # noqa: F401
    except ImportError as error:
        raise TrainingError(
            f"training needs {error.name}", 'pip install "attribution[train]"'
        ) from error
    if recipe is not None:
        if data:
            raise TrainingError("both data and --recipe", "a recipe names its own data")
        folder = Path(polnear) if polnear else None
        _train_recipe(recipe, articles, folder, Path(out), jobs, cache)
    elif articles is not None:
        raise TrainingError("--articles without --recipe", "a CSV is learned from as a whole")
    elif data and len(data) == 1:
        _train_table(Path(data[0]), from_model, estimator, seed, Path(out))
    else:
        raise TrainingError("nothing to train on", "give one CSV, or --recipe default|base")


def _train_recipe(
    name: str, written: int | None, polnear: Path | None, out: Path, jobs: int, cache: str | None
) -> None:
    from dataclasses import replace

    from joblib import Memory

    from attribution import __version__
    from attribution.training.corpora import load_training_data
    from attribution.training.publish import publish
    from attribution.training.recipe import load_recipe
    from attribution.training.standard import train_standard
    from attribution.training.yardstick import measure_by_month

    recipe = replace(load_recipe(name), written=written)
    data = load_training_data(recipe, Path.cwd(), polnear)
    note(f"{len(data.articles)} annotated articles, {len(data.spans)} with raw spans")
    memory = Memory(cache, verbose=0)
    spans_by_month = None
    if recipe.spans is not None:
        note("yardstick: the first tagger on the spans of the last months")
        spans_by_month = measure_by_month(data.spans, recipe, memory)
    trained = train_standard(data, recipe, jobs, memory, note)
    digest = publish(trained, recipe, __version__, out, spans_by_month)
    note(f"{out}: written (sha256 {digest})")


def _train_table(path: Path, start: str, kind: str, seed: int, out: Path) -> None:
    from attribution.model import save_model
    from attribution.training.custom import read_table, train_custom

    table = read_table(path)
    note(f"{len(table)} sentences; cross-validating and fitting on the finder of {start!r}")
    trained = train_custom(table, out.name, start, kind, seed)
    card = (
        f"# Model `{out.name}`\n\nTrained on {path.name}: {len(table)} sentences. "
        f"Cross-validated by article:\n\n```\n{trained.report}```\n"
    )
    save_model(trained.model, out, card)
    write_text(trained.report, None)
    note(f"{out}: written")


def evaluate(
    data: options.AnnotatedData,
    model: options.ModelName = "default",
    format: options.EvaluationFormat = "text",
    out: options.Out = None,
    errors: options.ErrorBrowser = None,
    split: options.Split = None,
    polnear: options.StandoffTexts = None,
    hide: options.HideShare = None,
) -> None:
    """Evaluate a model on annotated articles: labels, spans, linking, calibration, sourcing score.

    Example: attribution evaluate datasets/articles --split test --model base
    """
    from attribution.evaluation import (
        draw_hidden,
        format_evaluation,
        names_agency,
        score_hidden,
        write_error_browser,
    )
    from attribution.evaluation import evaluate as run

    if format not in ("text", "json"):
        raise InputError(f"no format {format!r}", "use text or json")
    if hide is not None and not 0 < hide <= 1:
        raise InputError(f"cannot hide a share of {hide:g}", "give one above 0, up to 1")
    articles = load_articles(data, split, polnear)
    hidden = draw_hidden(hide) if hide is not None else frozenset()
    analyses, intervals = _analyse(articles, model, hidden)
    evaluation = run(articles, analyses, mentions_agency=names_agency, intervals=intervals)
    if hidden:
        informed, _ = _analyse(articles, model)
        evaluation.figures["hidden"] = score_hidden(articles, analyses, informed, hidden)
    if errors:
        write_error_browser(articles, analyses, Path(errors))
        note(f"{errors}: written")
    text = format_evaluation(evaluation) if format == "text" else dump_json(evaluation.to_dict())
    write_text(text.rstrip("\n") + "\n", out)


def _analyse(
    articles: list[AnnotatedArticle], model: str, hidden: Collection[str] = ()
) -> tuple[list[Analysis], dict[str, Any]]:
    """Analyse annotated articles; return the model's score intervals too."""
    from attribution.corpus.loading import to_document
    from attribution.pipeline import Analyser

    analyser = Analyser.load(model, hidden)
    documents = [to_document(article) for article in articles]
    return list(analyser.analyse(documents)), analyser.model.intervals


def load_articles(
    data: list[str], split: str | None = None, polnear: str | None = None
) -> list[AnnotatedArticle]:
    """Load annotated articles from files and folders."""
    from attribution.corpus.loading import load_articles as load
    from attribution.corpus.loading import read_splits
    from attribution.corpus.polnear import read_labelled

    articles: list[AnnotatedArticle] = []
    for name in data:
        path = Path(name)
        if not path.exists():
            raise CorpusError(f"{path}: no such file or folder", "check the path")
        if polnear is not None and path.suffix == ".jsonl":
            articles += read_labelled(path, Path(polnear))
            continue
        found = load(path)
        if split is not None:
            splits = read_splits(path.parent / "splits.csv")
            found = [article for article in found if splits.get(article.id) == split]
        articles += found
    if not articles:
        where = "there" if split is None else f"in the split {split!r} there"
        raise CorpusError(
            f"no annotated articles {where}", "give our .txt files, a folder, or .jsonl"
        )
    return articles


def convert(
    source: Annotated[str, typer.Argument(metavar="IN", help="File or folder to read.")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="File or folder to write.")],
    from_format: Annotated[str, typer.Option("--from", help="Its format.")],
    to_format: Annotated[str, typer.Option("--to", help="The format to write.")],
) -> None:
    """Convert annotations between formats: plain, jsonl, csv, brat, labelstudio, doccano, ...

    Example: attribution convert article.txt article.jsonl --from plain --to jsonl
    """
    from attribution.corpus.convert import convert as run

    for dropped in run(Path(source), Path(target), from_format, to_format):
        note(dropped)


@corpus_app.command("check")
def check(data: options.AnnotatedData) -> None:
    """Find malformed lines, contradictions, duplicates and templates; exit 1 on an error.

    Example: attribution corpus check datasets/articles
    """
    from attribution.corpus.check import check_corpus

    articles = load_articles(data)
    faults = check_corpus(articles)
    write_text("".join(f"{fault}\n" for fault in faults), None)
    errors = sum(fault.level == "error" for fault in faults)
    note(f"{len(articles)} articles, {errors} errors, {len(faults) - errors} warnings")
    if errors:
        raise typer.Exit(1)


@corpus_app.command("stats")
def stats(
    data: options.AnnotatedData,
    briefs: Annotated[
        str | None, typer.Option("--briefs", help="CSV of briefs, for kinds and regions.")
    ] = None,
    plot: Annotated[str | None, typer.Option("--plot", help="Also draw them here (.svg).")] = None,
) -> None:
    """Count labels, outlet kinds, regions and hard cases, as Markdown tables.

    Example: attribution corpus stats datasets/articles
    """
    import csv

    from attribution.corpus.stats import corpus_stats, format_stats, plot_stats

    rows: list[dict[str, str]] = []
    if briefs:
        with Path(briefs).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    found = corpus_stats(load_articles(data), rows)
    write_text(format_stats(found), None)
    if plot:
        plot_stats(found, Path(plot))
        note(f"{plot}: written")


@corpus_app.command("agreement")
def agreement(
    first: Annotated[str, typer.Argument(help="A reading: JSON Lines, with or without texts.")],
    second: Annotated[str, typer.Argument(help="Another reading of the same articles.")],
) -> None:
    """Compare two readings of the same articles.

    Example: attribution corpus agreement first.jsonl second.jsonl
    """
    from attribution.corpus.agreement import compare_readings, format_agreement
    from attribution.corpus.annotated import read_standoff

    found = compare_readings(read_standoff(Path(first)), read_standoff(Path(second)))
    write_text(format_agreement(found), None)


@corpus_app.command("cues")
def cues(
    polnear: Annotated[str, typer.Option("--polnear", help="PolNeAR's folder.")],
    out: Annotated[
        str | None, typer.Option("--out", help="Also write the cue lexicon, measured, here (.csv).")
    ] = None,
) -> None:
    """Measure how often each cue of the lexicon attributes, where PolNeAR's articles hold it.

    Example: attribution corpus cues --polnear polnear --out cues.csv
    """
    from attribution.corpus.cue_strength import (
        format_strengths,
        measure_cues,
        read_cues,
        write_cues,
    )
    from attribution.corpus.polnear import read_spans

    measured = measure_cues(read_cues(), read_spans(Path(polnear)))
    write_text(format_strengths(measured), None)
    if out:
        write_text(write_cues(measured), out)
        note(f"{out}: written")

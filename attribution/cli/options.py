"""Arguments and options that several commands share, and those of the commands that have many."""

from __future__ import annotations

from typing import Annotated

import typer

# What is read and written
Articles = Annotated[
    list[str], typer.Argument(help="Article files (.txt .md .html), or - for stdin.")
]
AnnotatedData = Annotated[
    list[str], typer.Argument(help="Our article files, folders of them, or .jsonl.")
]
Out = Annotated[str | None, typer.Option("--out", help="Write here instead of stdout.")]

# What is measured, and by what
ModelName = Annotated[str, typer.Option("--model", help="A bundled model or a model folder.")]
ProfileName = Annotated[str, typer.Option("--profile", help="A scoring profile or a TOML file.")]
RatingsFile = Annotated[
    str | None,
    typer.Option("--ratings", help="Your ratings of sources: CSV with name or id, rating."),
]
Outlet = Annotated[str | None, typer.Option("--outlet", help="Who publishes the article.")]

# lint
LintArticles = Annotated[list[str] | None, typer.Argument(help="Article files, or - for stdin.")]
LintFormat = Annotated[str, typer.Option("--format", help="text, json or sarif.")]
Select = Annotated[str | None, typer.Option(help="Only these rules, separated by commas.")]
Ignore = Annotated[str | None, typer.Option(help="All but these, separated by commas.")]
FailOn = Annotated[
    str | None, typer.Option(help="Exit 1 on a finding of this level: warning or error.")
]
ExplainRule = Annotated[str | None, typer.Option("--explain", help="Explain a rule.")]
Judged = Annotated[
    str | None, typer.Option("--judged", help="Measure the rules on judged hits, a CSV.")
]
JudgedTexts = Annotated[
    str | None, typer.Option("--polnear", help="PolNeAR's folder, for --judged.")
]

# batch
BatchSource = Annotated[
    str, typer.Argument(help="CSV, TSV, JSON Lines, Parquet, a folder or a glob.")
]
BatchTarget = Annotated[
    str, typer.Argument(help="The table to write: .csv, .tsv, .jsonl, .parquet.")
]
TextColumn = Annotated[str, typer.Option(help="The column that holds the article.")]
IdColumn = Annotated[str | None, typer.Option(help="The column that names it.")]
OutletColumn = Annotated[str | None, typer.Option(help="The column of the publisher.")]
DateColumn = Annotated[str | None, typer.Option(help="The column of the date.")]
Columns = Annotated[str, typer.Option(help="basic or full.")]
SentenceTable = Annotated[str | None, typer.Option(help="Also write a row a sentence here.")]
SourceTable = Annotated[str | None, typer.Option(help="Also write a row a source here.")]
Dedupe = Annotated[bool, typer.Option("--dedupe", help="Mark near-duplicate articles.")]
Timings = Annotated[bool, typer.Option("--timings", help="Add the seconds of each row.")]
Workers = Annotated[int, typer.Option("--jobs", help="Worker processes.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where a run stopped.")]
OnError = Annotated[str, typer.Option(help="mark a failed row, or stop.")]

# train
TrainingTable = Annotated[
    list[str] | None,
    typer.Argument(help="A CSV with text,label[,article_id]; none with --recipe."),
]
ModelOut = Annotated[str, typer.Option("--out", help="The model folder to write.")]
RecipeName = Annotated[str | None, typer.Option("--recipe", help="default, base or a TOML file.")]
RecipeTexts = Annotated[str | None, typer.Option("--polnear", help="PolNeAR's folder.")]
StartModel = Annotated[
    str, typer.Option("--from", help="The model whose source finder a CSV training takes over.")
]
WrittenArticles = Annotated[
    int | None, typer.Option("--articles", help="With --recipe: so many written articles.")
]
EstimatorKind = Annotated[str, typer.Option(help="For a CSV: logistic, svm or mlp.")]
FoldJobs = Annotated[int, typer.Option("--jobs", help="Folds trained at once.")]
Seed = Annotated[int, typer.Option("--seed", help="For a CSV.")]
FoldCache = Annotated[
    str | None, typer.Option("--cache", help="Keep fitted folds in this private folder.")
]

# evaluate
EvaluationFormat = Annotated[str, typer.Option("--format", help="text or json.")]
ErrorBrowser = Annotated[
    str | None, typer.Option("--errors", help="Also write every error, in context, as HTML.")
]
Split = Annotated[
    str | None, typer.Option("--split", help="Only this split of our corpus: train, dev, test.")
]
StandoffTexts = Annotated[
    str | None, typer.Option("--polnear", help="PolNeAR's folder, for stand-off labels.")
]
HideShare = Annotated[
    float | None,
    typer.Option("--hide-gazetteer", help="Hide this share of the services and outlets."),
]

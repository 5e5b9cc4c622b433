"""The Typer application; a command's work is imported when the command runs."""

from __future__ import annotations

import typer

from attribution.cli import articles, corpora, models, tables

app = typer.Typer(
    name="attribution",
    help="Who says so? Source types, relays and a sourcing score for news articles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(value: bool) -> None:
    if value:
        from attribution import __version__

        typer.echo(f"attribution {__version__}")
        raise typer.Exit()


@app.callback()
def set_up(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Who says so? Source types, relays and a sourcing score for news articles."""


app.command("score")(articles.score)
app.command("lint")(articles.lint)
app.command("explain")(articles.explain)
app.command("label")(tables.label)
app.command("batch")(tables.batch)
app.command("train")(corpora.train)
app.command("evaluate")(corpora.evaluate)
app.command("convert")(corpora.convert)
app.add_typer(corpora.corpus_app, name="corpus")
app.add_typer(models.app, name="models")

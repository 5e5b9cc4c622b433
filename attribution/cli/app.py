"""The Typer application; a command's work is imported when the command runs."""

from __future__ import annotations

import typer

from attribution.cli import articles, corpora, models, tables
from attribution.cli.output import note

#: Typer's class for wrong usage; click's, in older versions of Typer.
_USAGE_ERROR: type[typer.BadParameter] = typer.BadParameter.__mro__[1]

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
app.command("validate")(tables.validate)
app.command("train")(corpora.train)
app.command("evaluate")(corpora.evaluate)
app.command("convert")(corpora.convert)
app.add_typer(corpora.corpus_app, name="corpus")
app.add_typer(models.app, name="models")


def run() -> int:
    """Run a command and return its exit status; wrong usage is one line and 2."""
    try:
        return app(prog_name="attribution", standalone_mode=False) or 0
    except typer.Abort:
        note("aborted")
        return 1
    except _USAGE_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()
            return error.exit_code
        what = " ".join(error.format_message().split()).rstrip(".")
        command = error.ctx.command_path if error.ctx else "attribution"
        note(f"{what[:1].lower()}{what[1:]}; try '{command} --help'")
        return error.exit_code

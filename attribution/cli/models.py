"""Commands on models: list, show, verify."""

from __future__ import annotations

from typing import Annotated

import typer

from attribution.cli.output import dump_json, write_text

app = typer.Typer(help="The bundled models.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="A bundled model or a model folder.")]


@app.command("list")
def list_() -> None:
    """List the bundled models.

    Example: attribution models list
    """
    from attribution.model import find_model, list_models, load_model

    rows = []
    for name in list_models():
        model = load_model(name)
        size = sum(path.stat().st_size for path in find_model(name).iterdir()) / 2**20
        rows.append(f"{name:<10} version {model.version:<6} {size:5.1f} MiB  {model.sha256[:12]}\n")
    write_text("".join(rows), None)


@app.command("show")
def show(name: Name = "default") -> None:
    """Show what a model was trained on and how well it does.

    Example: attribution models show default
    """
    from attribution.model import find_model, load_model

    model = load_model(name)
    card = find_model(name) / "README.md"
    if card.is_file():
        write_text(card.read_text(encoding="utf-8"), None)
        return
    write_text(dump_json(model.meta, pretty=True) + "\n", None)


@app.command("verify")
def verify(name: Name = "default") -> None:
    """Check that a model is whole, unchanged and readable.

    Example: attribution models verify default
    """
    from attribution.model import find_model, load_model

    model = load_model(name)
    write_text(f"{find_model(name).name}: good (sha256 {model.sha256})\n", None)

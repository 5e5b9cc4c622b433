"""A result as one self-contained web page: no script, nothing loaded from anywhere."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from attribution.report.view import build_view
from attribution.result import Result

if TYPE_CHECKING:
    from jinja2 import Template


def render_html(result: Result) -> str:
    """Return a result as an HTML page; the template escapes whatever it is given."""
    return _load_template().render(view=build_view(result))


@cache
def _load_template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = files("attribution").joinpath("data", "templates", "result.html.j2")
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(source.read_text(encoding="utf-8"))

"""What the README shows runs."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_python_examples_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_commands_exist() -> None:
    from attribution.cli.app import app

    known = {command.name for command in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    shown = set(re.findall(r"^attribution (\w+)", README, re.MULTILINE))
    assert shown
    assert shown <= known


def test_picture_and_example_are_there() -> None:
    for path in re.findall(r"datasets/examples/[\w.-]+", README):
        assert (ROOT / path).is_file(), path


def test_figures_are_those_of_the_models() -> None:
    write_figures = runpy.run_path(str(ROOT / ".ci" / "figures"))["write_figures"]
    assert write_figures(README) == README, "run .ci/figures"

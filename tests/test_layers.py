"""The layers: data flows one way. Imports are read with `ast`, so lazy ones count too."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import attribution

PACKAGE = Path(attribution.__file__).parent

#: What every module may import: the shared data types, the errors, how files are written.
SHARED = ("errors", "labels", "document", "analysis", "files", "marks", "plotting", "printable")
#: The stages, in the order of the data. None imports a later one.
STAGES = (
    "sentences",
    "reading",
    "tokens",
    "unmarked",
    "quotations",
    "lexicon",
    "token_features",
    "feature_rows",
    "token_names",
    "tagger",
    "finder",
    "mentions",
    "short_forms",
    "antecedents",
    "introductions",
    "speakers",
    "linking",
    "sources",
    "content",
    "sentence_features",
    "classifier",
    "manner",
    "frame",
    "status",
    "model",
    "assembly",
    "pipeline",
    "profile",
    "scoring",
    "reliability",
    "wording",
    "result",
    "findings",
    "summary",
    "scorer",
    "explanation",
    "report",
    "batch",
    "labelling",
    "corpus",
    "evaluation",
    "validation",
    "training",
    "cli",
)
#: The reading of an article, up to what `pipeline` makes of it.
READING = STAGES[STAGES.index("tokens") : STAGES.index("status") + 1]
#: Modules that may know several stages of the reading.
KNOW_SEVERAL = {
    "model": "builds the finder and the classifiers from arrays",
    "assembly": "turns their arrays into objects",
    "pipeline": "knows the order",
    "training": "fits each of them",
    "corpus": "counts hard cases by the lexicon",
    "evaluation": "tells unseen agencies by the lexicon",
}
#: What the command line may import.
CLI_USES = {
    "batch", "corpus", "errors", "evaluation", "files", "explanation", "findings", "labelling",
    "model", "pipeline", "reading", "report", "scorer", "scoring", "summary", "training",
    "validation",
}  # fmt: skip


def layer_of(path: Path) -> str:
    """Return the layer of a file: a module, or the folder that it is in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Return the layers that a file imports, anywhere in it; type-only imports are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    return {
        name.split(".")[1]
        for node in ast.walk(tree)
        if node not in typing_only
        for name in _imported(node)
        if name.startswith("attribution.")
    }


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute here"
        if node.module == "attribution":
            return [f"attribution.{alias.name}" for alias in node.names if alias.name[0] != "_"]
        return [node.module or ""]
    return []


FILES = sorted(path for path in PACKAGE.rglob("*.py") if "models" not in path.parts)
LAYERS = sorted({layer_of(path) for path in FILES} - {"__init__", "__main__"})


def imports_of_layer(layer: str) -> set[str]:
    """Return the other layers that a layer imports."""
    found = {name for path in FILES if layer_of(path) == layer for name in imports_of(path)}
    return found - {layer}


def test_every_module_has_its_place() -> None:
    assert set(LAYERS) == {*SHARED, *STAGES}


@pytest.mark.parametrize("layer", SHARED)
def test_shared_types_import_no_stage(layer: str) -> None:
    assert imports_of_layer(layer) <= set(SHARED)


@pytest.mark.parametrize("layer", STAGES)
def test_no_stage_imports_a_later_one(layer: str) -> None:
    earlier = {*SHARED, *STAGES[: STAGES.index(layer)]}
    assert imports_of_layer(layer) - earlier == set()


@pytest.mark.parametrize("layer", sorted({*LAYERS} - {*READING} - {*KNOW_SEVERAL}))
def test_only_a_few_know_several_stages_of_the_reading(layer: str) -> None:
    assert len(imports_of_layer(layer) & set(READING)) <= 1


def test_those_that_may_know_several_still_do() -> None:
    # Else the list above grants what nobody needs.
    for layer in KNOW_SEVERAL:
        assert len(imports_of_layer(layer) & set(READING)) > 1, layer


def test_the_command_line_knows_faces_only() -> None:
    assert imports_of_layer("cli") <= CLI_USES


def test_modules_import_nothing_private_of_each_other() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("attribution."):
                private = [alias.name for alias in node.names if alias.name.startswith("_")]
                assert private == [], path


# --- what a start must not cost ------------------------------------------------------------------

HEAVY = ("pandas", "sklearn", "scipy.stats", "matplotlib", "datasketch", "dask")


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a statement loads in a fresh interpreter."""
    code = f"import sys\n{statement}\nprint(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import attribution",
        "import attribution.scorer",
        "import attribution.pipeline",
        "from attribution import Scorer, score, Result",
        "import attribution.cli.app",
        "from attribution.findings import find_findings",
        "from attribution.summary import summarise",
        "from attribution.report.terminal import render_terminal",
    ],
)
def test_heavy_libraries_stay_unimported(statement: str) -> None:
    assert loaded_by(statement) & set(HEAVY) == set()


def test_the_package_alone_imports_nothing() -> None:
    assert {"numpy", "attribution.scorer"} & loaded_by("import attribution") == set()


def test_scoring_an_article_imports_neither_pandas_nor_scikit_learn() -> None:
    statement = (
        "import attribution; attribution.score('Rain fell. The mayor said no.', model='base')"
    )
    assert loaded_by(statement) & set(HEAVY) == set()


def test_the_public_names_are_there() -> None:
    assert set(attribution.__all__) == {"AttributionClassifier", "Result", "Scorer", "score"}
    for name in attribution.__all__:
        assert getattr(attribution, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        attribution.nothing  # noqa: B018

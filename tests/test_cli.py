"""The command line: every example in the help runs, and bad input gets one clear line, exit 2."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from tiny_model import make_tiny_model

from attribution import __version__
from attribution.cli import main
from attribution.cli.app import app
from attribution.model import save_model

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "datasets" / "examples" / "cable-ship.txt"
GERMAN = (
    "Die Fähre verließ den Hafen der Insel im Morgengrauen. Sie hatte einige der Leute an Bord, die"
    " seit dem Sturm auf sie gewartet hatten, und es war Platz für alle da. Niemand blieb zurück."
)
ANNOTATED = """\
fiction: written for training; events and people are invented
id: {name}
outlet: The Veld Courier

unsourced headline | Ferry sinks off Port Veld

government #1 named indirect needs | {{s Mayor Ines Holm}} {{c said}} that all {number} passengers were safe.
media_outlet #2 named indirect needs | The ferry had been late, {{s Orbita News}} {{c reported}}.
unsourced needs | It sank at {number} in the morning.
"""  # noqa: E501


@dataclass(frozen=True)
class Outcome:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    def line(self) -> str:
        """Return the one line of complaint, without the program's name."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("attribution: "), self.err
        return lines[0].removeprefix("attribution: ")

    def lines(self) -> list[dict[str, Any]]:
        """Return JSON Lines as objects."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder, in this process; `stdin` is bytes."""
    monkeypatch.chdir(tmp_path)

    def run_command(*words: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["attribution", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        status = ended.value.code
        assert "Traceback" not in printed.err
        return Outcome(0 if status is None else int(status), printed.out, printed.err)

    return run_command


@pytest.fixture
def refuse(run: Run) -> Callable[..., str]:
    """Run a command that must end with exit 2, one line, and nothing on standard output."""

    def run_refused(*words: str, stdin: bytes = b"") -> str:
        outcome = run(*words, stdin=stdin)
        assert outcome.status == 2, outcome
        assert outcome.out == ""
        return outcome.line()

    return run_refused


# --- help ----------------------------------------------------------------------------------------


def walk_commands() -> Iterator[tuple[str, str]]:
    """Yield every command's words and help text."""

    def walk(command: Any, words: str) -> Iterator[tuple[str, str]]:
        if hasattr(command, "commands"):
            for name, child in command.commands.items():
                yield from walk(child, f"{words} {name}".strip())
        else:
            yield words, command.help or ""

    return walk(typer.main.get_command(app), "")


COMMANDS = dict(walk_commands())


def find_example(words: str) -> list[str]:
    match = re.search(r"Example: attribution (.*?)(?:\n\s*\n|\Z)", COMMANDS[words], re.DOTALL)
    assert match, f"{words}: no example in its help"
    return shlex.split(" ".join(match[1].split()))


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_shows_an_example_of_itself(words: str, run: Run) -> None:
    outcome = run(*words.split(), "--help")
    assert outcome.status == 0 and outcome.err == ""
    assert f"Example: attribution {words} " in " ".join(outcome.out.split()) + " "
    assert find_example(words)[: len(words.split())] == words.split()


def write_example_files(folder: Path) -> None:
    """Lay out what the examples name, small."""
    for name in ("article.txt", "draft.txt"):
        shutil.copy(EXAMPLE, folder / name)
    text = EXAMPLE.read_text(encoding="utf-8")
    with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "body"], ["1", text], ["2", text[:900]]])
    rated: list[list[object]] = [["score", "kind"], *([40 + n, "ab"[n % 2]] for n in range(10))]
    with (folder / "rated.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rated)
    write_training_table(folder / "sentences.csv")
    corpus = folder / "datasets" / "articles"
    corpus.mkdir(parents=True)
    splits = ["id,split"]
    for number in range(3):
        name = f"a{number}"
        content = ANNOTATED.format(name=name, number=number + 3)
        (corpus / f"{name}.txt").write_text(content, encoding="utf-8")
        splits.append(f"{name},{'test' if number else 'train'}")
    (corpus.parent / "splits.csv").write_text("\n".join(splits) + "\n", encoding="utf-8")
    for name in ("first", "second"):
        shutil.copy(ROOT / "datasets" / "readings" / f"written-{name}.jsonl", folder)
        (folder / f"written-{name}.jsonl").rename(folder / f"{name}.jsonl")
    for part, name, content in (
        ("text", "nyt_one.txt", "The mayor said the road was safe."),
        ("attributions", "nyt_one_0a1b.ann", "T1\tCue 10 14\tsaid\n"),
    ):
        (folder / "polnear" / "train" / part).mkdir(parents=True)
        (folder / "polnear" / "train" / part / name).write_text(content, encoding="utf-8")


def write_training_table(path: Path, articles: int = 6) -> None:
    rows = [["text", "label", "article_id"]]
    for number in range(articles):
        rows += [
            [f"The mayor said the {('road', 'port')[number % 2]} was safe.", "said", f"a{number}"],
            [f"It rained on the {('road', 'port')[number % 2]}.", "rain", f"a{number}"],
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.parametrize("words", COMMANDS)
def test_every_example_runs(words: str, run: Run, tmp_path: Path) -> None:
    write_example_files(tmp_path)
    if words == "convert":  # its article is an annotated one
        shutil.copy(tmp_path / "datasets" / "articles" / "a0.txt", tmp_path / "article.txt")
    outcome = run(*find_example(words))
    assert outcome.status in ((0, 1) if words == "lint" else (0,)), outcome.err
    wrote = {"batch": "scored.csv", "train": "my-model/model.json", "convert": "article.jsonl"}
    if words in wrote:
        assert (tmp_path / wrote[words]).stat().st_size > 0
    elif words not in ("corpus check", "lint"):  # which have nothing to say of what is good
        assert outcome.out.strip()


def test_the_trained_example_can_be_used(run: Run, tmp_path: Path) -> None:
    write_example_files(tmp_path)
    assert run(*find_example("train"), "--from", "base").status == 0
    assert run("models", "verify", "my-model").status == 0
    (line,) = run("label", "article.txt", "--model", "my-model").lines()
    assert {sentence["label"] for sentence in line["sentences"]} <= {"said", "rain"}
    # Labels without "unsourced" give no score, and that is said.
    outcome = run("score", "article.txt", "--model", "my-model", "--fail-under", "1")
    assert outcome.status == 1 and json.loads(outcome.out)["status"] == "no_score"
    assert "no sourcing score (no_score)" in outcome.err


@pytest.mark.parametrize("words", [(), ("corpus",), ("models",)])
def test_no_command_shows_the_help(words: tuple[str, ...], run: Run) -> None:
    outcome = run(*words)
    assert "Usage: attribution" in outcome.out + outcome.err


def test_version(run: Run) -> None:
    assert run("--version").out == f"attribution {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense",), "nonsense"),
        (("score",), "articles"),
        (("score", "a.txt", "--nonsense"), "--nonsense"),
        (("score", "a.txt", "--fail-under", "many"), "--fail-under"),
        (("explain", "a.txt"), "--sentence"),
        (("convert", "a.txt", "b.txt"), "--from"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], said: str, run: Run) -> None:
    outcome = run(*words)
    assert outcome.status == 2 and outcome.out == ""
    assert said in outcome.err.lower()


# --- score ---------------------------------------------------------------------------------------


def test_score_prints_one_object(run: Run) -> None:
    outcome = run("score", str(EXAMPLE), "--model", "base")
    assert outcome.status == 0 and outcome.err == ""
    result = json.loads(outcome.out)
    assert result["id"] == "cable-ship" and result["status"] == "scored"
    text = result["text"]
    assert text == EXAMPLE.read_bytes().decode("utf-8")
    for sentence in result["sentences"]:
        spans = [sentence, sentence["source"], sentence["cue"], *sentence["via"]]
        for span in filter(None, spans):
            assert text[span["start"] : span["end"]] == span["text"]
    total = sum(part["contribution"] for part in result["components"].values())
    assert total == pytest.approx(result["score"])


def test_score_of_standard_input(run: Run) -> None:
    outcome = run("score", "-", "--model", "base", stdin="“No,” said Núñez.".encode("cp1252"))
    result = json.loads(outcome.out)
    assert (result["id"], result["text"]) == ("-", "“No,” said Núñez.")
    assert any("Windows-1252" in warning for warning in result["warnings"])


@pytest.mark.parametrize("command", ["score", "label", "lint", "explain"])
def test_a_guessed_encoding_is_said(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_bytes("“No,” said Núñez. It rained.".encode("cp1252"))
    options = ("--sentence", "0") if command == "explain" else ()
    outcome = run(command, "article.txt", "--model", "base", *options)
    assert outcome.status == 0
    assert "Windows-1252" in outcome.out + outcome.err


def test_several_articles_are_json_lines_in_order(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("The mayor said no.", encoding="utf-8")
    outcome = run("score", "b.txt", str(EXAMPLE), "-", "--model", "base", stdin=b"It rained.")
    assert outcome.status == 0
    assert [line["id"] for line in outcome.lines()] == ["b", "cable-ship", "-"]


def test_one_bad_article_among_several(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    names = (str(EXAMPLE), "none.txt", "empty.txt", str(tmp_path), str(EXAMPLE))
    outcome = run("score", *names, "--model", "base")
    assert outcome.status == 1
    assert [line["id"] for line in outcome.lines()] == ["cable-ship", "cable-ship"]
    complaints = outcome.err.splitlines()
    assert len(complaints) == 3
    assert "none.txt: no such file" in complaints[0]
    assert "empty.txt: empty" in complaints[1]
    assert "a directory" in complaints[2]


def test_out_is_written_and_nothing_else(run: Run, tmp_path: Path) -> None:
    outcome = run("score", str(EXAMPLE), "--model", "base", "--out", "result.json")
    assert (outcome.status, outcome.out) == (0, "")
    assert json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["id"] == "cable-ship"
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


@pytest.mark.parametrize("format", ["terminal", "json", "html", "markdown"])
def test_every_format(format: str, run: Run) -> None:
    outcome = run("score", str(EXAMPLE), "--model", "base", "--format", format)
    assert outcome.status == 0
    assert "Meri Aurora" in outcome.out
    assert "\x1b[" not in outcome.out  # colour on a terminal only


BAD_ARTICLES = {
    "missing": (None, "article.txt: no such file"),
    "empty": (b"", "article.txt: empty"),
    "blank": (b" \n\t\n", "article.txt: empty"),
    "no letters": (b"... 12 !\n", "article.txt: no sentences in it"),
    "pdf": (b"%PDF-1.7\n", "article.txt: a binary file, not text"),
    "binary": (bytes(range(256)), "article.txt: a binary file, not text"),
    "cut UTF-16": ("It rained.".encode("utf-16")[:-1], "begins as UTF-16 but does not decode"),
    "long": (b"a" * 5_000_001, "5,000,001 characters, over the limit"),
}


@pytest.mark.parametrize(("data", "said"), BAD_ARTICLES.values(), ids=BAD_ARTICLES.keys())
@pytest.mark.parametrize("command", ["score", "label", "lint"])
def test_bad_article(
    command: str, data: bytes | None, said: str, refuse: Callable[..., str], tmp_path: Path
) -> None:
    if data is not None:
        (tmp_path / "article.txt").write_bytes(data)
    assert said in refuse(command, "article.txt", "--model", "base")


def test_directory_in_place_of_an_article(refuse: Callable[..., str], tmp_path: Path) -> None:
    line = refuse("score", str(tmp_path), "--model", "base")
    assert "a directory" in line and "attribution batch" in line


def test_50_megabytes(refuse: Callable[..., str], tmp_path: Path) -> None:
    with (tmp_path / "article.txt").open("wb") as file:
        file.truncate(50_000_000)
    assert "50 MB, too long" in refuse("score", "article.txt", "--model", "base")


def test_empty_standard_input(refuse: Callable[..., str]) -> None:
    assert "standard input: empty" in refuse("score", "-", "--model", "base")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "pdf"), "no format 'pdf'"),
        (("--format", "html", str(EXAMPLE)), "HTML takes one article"),
        (("--model", "nothing"), "no model 'nothing'"),
        (("--profile", "nothing"), "nothing"),
        (("--profile", "none.toml"), "none.toml"),
        (("--profile", "bad.toml"), "bad.toml"),
        (("--ratings", "none.csv"), "none.csv"),
        (("--ratings", "bad.toml"), "bad.toml"),
        (("--out", "nowhere/out.json"), "nowhere/out.json: cannot be written"),
        (("--out", "."), "cannot be written"),
    ],
    ids=str,
)
def test_bad_options(
    options: tuple[str, ...], said: str, refuse: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "bad.toml").write_text("= not TOML\n", encoding="utf-8")
    model = () if "--model" in options else ("--model", "base")
    assert said in refuse("score", str(EXAMPLE), *model, *options)


# --- fail-under ----------------------------------------------------------------------------------


def test_fail_under(run: Run) -> None:
    command = ("score", str(EXAMPLE), "--model", "base", "--fail-under")
    good, bad = run(*command, "0"), run(*command, "100")
    assert (good.status, bad.status) == (0, 1)
    score = json.loads(bad.out)["score"]
    assert bad.line() == f"cable-ship: sourcing score {score:.1f} is under 100"
    assert good.err == ""


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (GERMAN, "not_english"),
        ("It rained. He left.", "too_short"),
        (
            f"{EXAMPLE.read_text(encoding='utf-8')}\n\nSubscribe now to continue reading.",
            "truncated",
        ),
    ],
    ids=["not_english", "too_short", "truncated"],
)
def test_a_null_score_fails_with_its_reason(
    text: str, status: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "article.txt").write_text(text, encoding="utf-8")
    outcome = run("score", "article.txt", "--model", "base", "--fail-under", "0")
    result = json.loads(outcome.out)
    assert (result["score"], result["interval"], result["status"]) == (None, None, status)
    assert outcome.status == 1
    assert status in outcome.line() and "--fail-under 0 not met" in outcome.line()
    assert run("score", "article.txt", "--model", "base").status == 0


# --- models --------------------------------------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    save_model(make_tiny_model(), tmp_path / "tiny", "# Tiny\n")
    return tmp_path / "tiny"


def test_models_verify_and_show(run: Run, tiny: Path) -> None:
    assert "tiny: good (sha256 " in run("models", "verify", "tiny").out
    assert run("models", "show", "tiny").out == "# Tiny\n"
    (tiny / "README.md").unlink()
    assert json.loads(run("models", "show", "tiny").out)["recipe"] == "tiny"
    assert run("models", "list").out.startswith("base ")


def damage_cut(folder: Path) -> None:
    data = (folder / "arrays.npz").read_bytes()
    (folder / "arrays.npz").write_bytes(data[: len(data) // 2])


def damage_missing(folder: Path) -> None:
    (folder / "arrays.npz").unlink()


def damage_schema(folder: Path) -> None:
    (folder / "model.json").write_text('{"schema_version": 7}', encoding="utf-8")


def damage_json(folder: Path) -> None:
    (folder / "model.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (damage_cut, "the checksum does not match"),
        (damage_missing, "cannot be read"),
        (damage_schema, "upgrade attribution"),
        (damage_json, "not JSON"),
        (shutil.rmtree, "no model 'tiny'"),
    ],
)
@pytest.mark.parametrize("command", [("models", "verify"), ("score", str(EXAMPLE), "--model")])
def test_damaged_model(
    command: tuple[str, ...],
    damage: Callable[[Path], object],
    said: str,
    refuse: Callable[..., str],
    tiny: Path,
) -> None:
    damage(tiny)
    assert said in refuse(*command, "tiny")


# --- label and batch -----------------------------------------------------------------------------


def test_label_keeps_presplit_sentences_in_order(run: Run, tmp_path: Path) -> None:
    sentences = ["The mayor said no.", "", "  odd ", "“It rained."]
    (tmp_path / "docs.jsonl").write_text(
        json.dumps({"id": 7, "sentences": sentences}) + "\n", encoding="utf-8"
    )
    (line,) = run("label", "docs.jsonl", "--model", "base").lines()
    assert line["id"] == 7
    assert [sentence["text"] for sentence in line["sentences"]] == sentences


def test_one_bad_article_among_several_to_label(run: Run) -> None:
    outcome = run("label", "none.txt", str(EXAMPLE), "--model", "base")
    assert outcome.status == 1
    assert "none.txt: no such file" in outcome.line()
    bad, good = outcome.lines()
    assert bad["sentences"] == [] and good["id"] == "cable-ship" and good["sentences"]


BAD_TABLES = {
    "no rows": ("a.jsonl", "", "a.jsonl"),
    "not JSON": ("a.jsonl", "{", "line 1"),
    "no object": ("a.jsonl", "[1]", "line 1"),
    "no text column": ("a.csv", "a,b\n1,2\n", "text"),
    "no table": ("a.csv", "", "a.csv"),
    "no Parquet": ("a.parquet", "text", "a.parquet"),
}


@pytest.mark.parametrize(("name", "content", "said"), BAD_TABLES.values(), ids=BAD_TABLES.keys())
@pytest.mark.parametrize("command", ["label", "batch"])
def test_bad_table(
    command: str,
    name: str,
    content: str,
    said: str,
    refuse: Callable[..., str],
    tmp_path: Path,
) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow", reason="the parquet extra is not installed")
    (tmp_path / name).write_text(content, encoding="utf-8")
    target = ("out.csv",) if command == "batch" else ()
    assert said in refuse(command, name, *target, "--model", "base")
    assert [path.name for path in tmp_path.iterdir()] == [name]  # nothing half-written


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("label", str(EXAMPLE), "--format", "xml"), "no format 'xml'"),
        (("label", str(EXAMPLE), "--format", "parquet"), "--out"),
        (("label", str(EXAMPLE), "--out", "nowhere/a.jsonl"), "nowhere/a.jsonl"),
        (("batch", "none.csv", "out.csv"), "none.csv"),
        (("batch", "articles.csv", "out.xml", "--text-column", "body"), "out.xml"),
        (("batch", "articles.csv", "out.csv"), "text"),
        (("batch", "articles.csv", "articles.csv", "--text-column", "body"), "articles.csv"),
    ],
    ids=str,
)
def test_bad_options_of_tables(
    words: tuple[str, ...], said: str, refuse: Callable[..., str], tmp_path: Path
) -> None:
    write_example_files(tmp_path)
    before = (tmp_path / "articles.csv").read_bytes()
    assert said in refuse(*words, "--model", "base")
    assert (tmp_path / "articles.csv").read_bytes() == before


# --- annotated data ------------------------------------------------------------------------------

BAD_TRAINING = {
    "missing": (None, "table.csv"),
    "empty": ("", "table.csv"),
    "no label column": ("text,kind\na,b\n", "no column 'label'"),
    "no text column": ("words,label\na,b\n", "no column 'text'"),
    "no rows": ("text,label\n", "no row with a text and a label"),
    "blank rows": ("text,label\n ,a\nb,\n", "no row with a text and a label"),
    "one class": ("text,label\n" + "It rained.,a\n" * 9, "one label only (a)"),
    "fewer articles than folds": (
        "text,label,article_id\nIt rained.,a,1\nHe left.,b,2\n",
        "2 articles, fewer than the 5 folds",
    ),
    "fewer rows than folds": ("text,label\nIt rained.,a\nHe left.,b\n", "fewer than the 5 folds"),
    "nothing shared": (
        "text,label\n" + "".join(f"{c * 9},{'ab'[k % 2]}\n" for k, c in enumerate("qxzjvk")), "",
    ),
    "no CSV": ('text,label\n"a,b\n', "table.csv: cannot be read as CSV"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), BAD_TRAINING.values(), ids=BAD_TRAINING.keys())
def test_bad_training_data(content: str | None, said: str, run: Run, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "table.csv").write_text(content, encoding="utf-8")
    outcome = run("train", "table.csv", "--out", "mine", "--from", "base")
    if not said:  # words of no meaning may still be told apart by their place: no traceback
        assert outcome.status in (0, 2)
        return
    assert outcome.status == 2
    assert said in outcome.err.splitlines()[-1]
    assert not (tmp_path / "mine").exists()


def test_a_class_in_one_article_only_is_no_traceback(run: Run, tmp_path: Path) -> None:
    write_training_table(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open("a", encoding="utf-8") as file:
        file.write("Snow fell.,snow,a0\n")
    outcome = run("train", "table.csv", "--out", "mine", "--from", "base")
    assert outcome.status in (0, 2), outcome.err


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_training_data_in_another_encoding(encoding: str, run: Run, tmp_path: Path) -> None:
    write_training_table(tmp_path / "plain.csv")
    text = (tmp_path / "plain.csv").read_text(encoding="utf-8").replace("rained", "rained “é”")
    (tmp_path / "table.csv").write_bytes(text.encode(encoding))
    outcome = run("train", "table.csv", "--out", "mine", "--from", "base")
    assert outcome.status == 2
    assert "table.csv: cannot be read as CSV" in outcome.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "sentences.csv"), "no --out"),
        (("train", "--out", "mine"), "nothing to train on"),
        (("train", "sentences.csv", "b.csv", "--out", "mine"), "nothing to train on"),
        (("train", "sentences.csv", "--recipe", "base", "--out", "mine"), "both data and --recipe"),
        (("train", "--recipe", "nothing", "--out", "mine"), "no recipe 'nothing'"),
        (("train", "--recipe", "bad.toml", "--out", "mine"), "bad.toml"),
        (("train", "--recipe", "short.toml", "--out", "mine"), "short.toml"),
        (("train", "--recipe", "default", "--out", "mine"), "--polnear"),
        (("train", "sentences.csv", "--out", "mine", "--from", "none"), "no model 'none'"),
        (("train", "sentences.csv", "--out", "mine", "--estimator", "forest"), "forest"),
        (("train", "--recipe", "base", "--out", "mine"), "datasets"),
        (("train", "sentences.csv", "--articles", "9", "--out", "mine"), "without --recipe"),
        (("evaluate", "none"), "none: no such file or folder"),
        (("evaluate", "empty"), "no annotated articles there"),
        (("evaluate", "broken.txt"), "broken.txt:3: "),
        (("evaluate", "broken.jsonl"), "broken.jsonl, line 1: not JSON"),
        (("evaluate", "datasets/articles", "--split", "nothing"), "no annotated articles"),
        (("evaluate", "datasets/articles", "--format", "xml"), "xml"),
        (("evaluate", "datasets/articles", "--hide-gazetteer", "0"), "a share of 0"),
        (("evaluate", "list.jsonl"), "list.jsonl, line 1"),
        (("evaluate", "wide.jsonl"), "wide.jsonl"),
        (("corpus", "check", "none"), "none: no such file or folder"),
        (("corpus", "stats", "broken.txt"), "broken.txt:3: "),
        (("corpus", "agreement", "none.jsonl", "first.jsonl"), "none.jsonl"),
        (("corpus", "agreement", "broken.jsonl", "first.jsonl"), "broken.jsonl"),
        (("convert", "none", "b.jsonl", "--from", "plain", "--to", "jsonl"), "none"),
        (
            ("convert", "broken.txt", "b.jsonl", "--from", "plain", "--to", "jsonl"),
            "broken.txt:3: ",
        ),
        (("convert", "broken.txt", "b.x", "--from", "nonsense", "--to", "jsonl"), "nonsense"),
        (("explain", "article.txt", "--sentence", "99"), "no sentence 99"),
        (("explain", "article.txt", "--sentence", "-1"), "no sentence -1"),
        (("explain", "none.txt", "--sentence", "0"), "none.txt: no such file"),
        (("lint", "article.txt", "--fail-on", "loudly"), "no level 'loudly'"),
        (("lint", "article.txt", "--format", "xml"), "no format 'xml'"),
        (("lint", "article.txt", "--select", "XYZ1"), "XYZ1"),
        (("lint", "--explain", "XYZ1"), "XYZ1"),
        (("lint",), "no article"),
        (("lint", "--judged", "hits.csv"), "--judged without --polnear"),
        (("lint", "--judged", "none.csv", "--polnear", "none"), "none.csv: cannot be read"),
        (("models", "show", "nothing"), "no model 'nothing'"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "",
)
def test_bad_input_of_the_other_commands(
    words: tuple[str, ...], said: str, run: Run, tmp_path: Path
) -> None:
    write_example_files(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.txt").write_text("id: a\n\nnonsense\n", encoding="utf-8")
    (tmp_path / "broken.jsonl").write_text("{\n", encoding="utf-8")
    (tmp_path / "list.jsonl").write_text("[1]\n", encoding="utf-8")
    (tmp_path / "wide.jsonl").write_text("{}\n", encoding="utf-16")
    (tmp_path / "bad.toml").write_text("= not TOML\n", encoding="utf-8")
    (tmp_path / "short.toml").write_text('name = "short"\n', encoding="utf-8")
    shutil.rmtree(tmp_path / "datasets") if "base" in words else None
    model = ("--model", "base") if words[0] in ("lint", "explain", "evaluate") else ()
    outcome = run(*words, *model)
    assert outcome.status == 2, outcome
    assert outcome.out == ""
    assert said in outcome.err.splitlines()[-1]
    assert outcome.err.splitlines()[-1].startswith("attribution: ")
    assert not (tmp_path / "mine").exists()


# --- as a program --------------------------------------------------------------------------------


def start(*words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "attribution", *words]
    return subprocess.run(command, capture_output=True, timeout=120, **options)


def test_the_module_is_the_program(tmp_path: Path) -> None:
    done = start("score", "-", "--model", "base", input="“No,” she said.".encode(), cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == b""
    assert json.loads(done.stdout.decode("utf-8"))["text"] == "“No,” she said."


def test_the_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    text = "“No,” said Łucja Núñez."
    for words in (("score", "-"), ("label", "-")):
        done = start(*words, "--model", "base", input=text.encode(), env=environment, cwd=tmp_path)
        assert done.returncode == 0, done.stderr.decode()
        assert "Łucja" in done.stdout.decode("utf-8")


def test_bad_input_of_the_program(tmp_path: Path) -> None:
    done = start("score", "none.txt", "--model", "base", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == "attribution: none.txt: no such file; check the path\n"


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    names = " ".join([shlex.quote(str(EXAMPLE))] * 40)
    shell = f"{shlex.quote(sys.executable)} -m attribution score {names} --model base | head -c 10"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=120, cwd=tmp_path)
    assert len(done.stdout) == 10
    assert b"Traceback" not in done.stderr and b"BrokenPipe" not in done.stderr

"""How often a cue attributes, counted on articles made up here."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attribution.cli.app import app
from attribution.corpus.cue_strength import (
    MIN_SEEN,
    Cue,
    format_strengths,
    measure_cues,
    read_cues,
    write_cues,
)
from attribution.corpus.polnear import read_spans
from attribution.errors import CorpusError

#: Cues in brackets are annotated.
ARTICLES = {
    "nyt_one": "Ann [said] it rained. Bob [said] so. He said goodbye. [According to] Ann, it did.",
    "nyt_two": "İ. [Said] Ann: “no”.\nCy [has said so], she [warned], Bo warned.\n\nHe said, said",
}


@pytest.fixture
def polnear(tmp_path: Path) -> Path:
    for name, marked in ARTICLES.items():
        write_article(tmp_path, name, marked)
    return tmp_path


def write_article(folder: Path, name: str, marked: str) -> None:
    """Write an article and its cues as PolNeAR lays them out."""
    text, lines = "", []
    for number, piece in enumerate(marked.replace("]", "[").split("[")):
        if number % 2:
            lines.append(f"T{number}\tCue {len(text)} {len(text) + len(piece)}\t{piece}\n")
        text += piece
    for part, file, content in (
        ("text", f"{name}.txt", text),
        ("attributions", f"{name}_0a1b.ann", "".join(lines)),
    ):
        path = folder / "train" / part / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


def measure(folder: Path) -> dict[str, Cue]:
    return {cue.phrase: cue for cue in measure_cues(read_cues(), read_spans(folder))}


@pytest.mark.parametrize(
    ("phrase", "seen", "attributing"),
    [
        ("said", 6, 4),  # whatever its case, and inside a longer annotation
        ("said goodbye", 1, 0),  # the longest phrase counts, and alone
        ("according to", 1, 1),
        ("according", 0, 0),
        ("warned", 2, 1),
        ("told", 0, 0),
    ],
)
def test_counts(polnear: Path, phrase: str, seen: int, attributing: int) -> None:
    cue = measure(polnear)[phrase]
    assert (cue.seen, cue.attributing) == (seen, attributing)


def test_cues_side_by_side_are_two(tmp_path: Path) -> None:
    write_article(tmp_path, "nyt_three", "Ann [said] said warned.")
    found = measure(tmp_path)
    assert (found["said"].seen, found["said"].attributing, found["warned"].seen) == (2, 1, 1)


def test_what_is_seen_too_seldom_has_no_strength(polnear: Path) -> None:
    found = measure(polnear)
    assert found["said"].strength == pytest.approx(4 / 6)
    assert found["warned"].strength is None
    assert Cue("a", "speech", "own knowledge", MIN_SEEN).strength == 0.0


def test_every_cue_of_the_lexicon_is_kept_in_order(polnear: Path) -> None:
    assert list(measure(polnear)) == [cue.phrase for cue in read_cues()]


def test_the_file_is_the_lexicon_with_what_was_measured(polnear: Path) -> None:
    rows = list(csv.DictReader(write_cues(measure(polnear).values()).splitlines()))
    found = {row["cue"]: (row["seen"], row["strength"]) for row in rows}
    assert found["said"] == ("6", "0.67")
    assert found["warned"] == ("2", "")
    assert found["told"] == ("0", "")
    before = [(cue.phrase, cue.kind, cue.provenance) for cue in read_cues()]
    assert [(row["cue"], row["kind"], row["provenance"]) for row in rows] == before


def test_the_table_ranks_cues_but_no_false_friends() -> None:
    text = format_strengths(
        [
            Cue("weak", "speech", "", 10, 1),
            Cue("strong", "report", "", 10, 9),
            Cue("stronger", "report", "", 20, 18),
            Cue("friend", "false_friend", "", 10, 0),
            Cue("seldom", "hedge", "", 2, 2),
            Cue("never", "hedge", "", 0, 0),
        ]
    )
    assert "### Strength by kind: 4 cues measured" in text
    assert "| report | 2 | 2 | 30 | 0.90 | 0.90 | 0.90 | 0.90 |" in text
    assert "| hedge | 2 | 0 | 2 | 1.00 |  |  |  |" in text
    strongest, weakest = text.partition("### Strongest")[2].split("### Weakest")
    assert listed(strongest) == ["stronger", "strong", "weak"]
    assert listed(weakest) == ["weak", "strong", "stronger"]
    assert "Never seen: 1. Seen, but under 5 times: 1." in text


def listed(text: str) -> Sequence[str]:
    return [line.split(" | ")[0][2:] for line in text.splitlines() if line.startswith("| ")][2:]


def test_the_command_prints_the_table_and_writes_the_file(polnear: Path) -> None:
    out = polnear / "cues.csv"
    arguments = ["corpus", "cues", "--polnear", str(polnear), "--out", str(out)]
    first = CliRunner().invoke(app, arguments)
    content = out.read_bytes()
    second = CliRunner().invoke(app, arguments)
    assert first.exit_code == 0
    assert "| said | speech | 6 | 0.67 |" in first.stdout
    assert (second.stdout, out.read_bytes()) == (first.stdout, content)
    assert content.startswith(b"cue,kind,seen,strength,provenance\n") and b"\r" not in content


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no train/text"):
        measure(tmp_path)


def test_the_bundled_figures_are_those_of_the_corpus(private_data: Path) -> None:
    content = Path(__file__).parent.parent / "attribution" / "data" / "cues.csv"
    measured = measure_cues(read_cues(), read_spans(private_data / "polnear"))
    assert write_cues(measured) == content.read_text(encoding="utf-8")

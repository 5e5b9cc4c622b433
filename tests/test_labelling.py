"""Labels for sentences: rows line up with the input, and articles are read in context."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attribution.errors import InputError
from attribution.labelling import LabelSummary, read_label_input, write_labels
from attribution.scorer import Scorer

FIRST = [
    "The harbour police said on Tuesday that the ferry was held.",
    "",
    "“We were lucky,” said Ana Holt, a passenger.",
    "It was built in 1994.",
]
SECOND = [
    "According to the coast guard, the engine failed.",
    "The agency added that nobody was hurt.",
]
ADDED = [
    "label", "probability", "coarse_label", "source", "source_id", "cue", "via", "identified",
    "manner", "hedged", "needs_source",
]  # fmt: skip


def label(
    inputs: Sequence[Path], scorer: Scorer, kind: str, out: Path | None = None
) -> LabelSummary:
    target = None if out is None else str(out)
    return write_labels(read_label_input(inputs), scorer.analyser, kind, target)


def labels_of(sentences: list[str], scorer: Scorer) -> list[str]:
    return [sentence.label for sentence in scorer.label(sentences).sentences]


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def write_lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    """A table in which the rows of two articles stand mixed, with a column of ours."""
    rows = [["n", "text", "article_id", "label"]]
    mixed = [(FIRST, 0), (SECOND, 0), (FIRST, 1), (FIRST, 2), (SECOND, 1), (FIRST, 3)]
    for number, (article, index) in enumerate(mixed):
        name = "b" if article is FIRST else "a"
        rows.append([f"0{number}", article[index], name, "gold"])
    return write_csv(tmp_path / "in.csv", rows)


def test_an_article_file_is_split_and_labelled(tmp_path: Path, scorer: Scorer) -> None:
    article = tmp_path / "ferry.txt"
    article.write_text(" ".join(SECOND), encoding="utf-8")
    summary = label([article], scorer, "jsonl", tmp_path / "out.jsonl")
    (line,) = read_lines(tmp_path / "out.jsonl")
    assert line["id"] == "ferry"
    assert [sentence["text"] for sentence in line["sentences"]] == SECOND
    assert line["sentences"] == scorer.score(" ".join(SECOND)).to_dict()["sentences"]
    assert summary == LabelSummary(1, 2)


def test_split_sentences_are_taken_as_they_are(tmp_path: Path, scorer: Scorer) -> None:
    source = write_lines(
        tmp_path / "in.jsonl",
        {"id": 7, "sentences": FIRST},
        {"id": "none", "sentences": []},
        {"text": " ".join(SECOND)},
        {"id": "last", "sentences": SECOND, "text": "not this"},
    )
    summary = label([source], scorer, "jsonl", tmp_path / "out.jsonl")
    first, none, text, last = read_lines(tmp_path / "out.jsonl")
    assert [line["id"] for line in (first, none, text, last)] == [7, "none", 3, "last"]
    joined = " ".join(FIRST)
    for number, (sentence, words) in enumerate(zip(first["sentences"], FIRST, strict=True)):
        assert sentence["index"] == number
        assert joined[sentence["start"] : sentence["end"]] == sentence["text"] == words
    assert [s["label"] for s in first["sentences"]] == labels_of(FIRST, scorer)
    assert none == {"id": "none", "sentences": []}
    assert [s["text"] for s in text["sentences"]] == SECOND
    assert last["sentences"][1]["text"] == SECOND[1]
    assert (summary.articles, summary.sentences) == (4, 8)


def test_table_rows_keep_order_columns_and_context(
    tmp_path: Path, apart: Path, scorer: Scorer
) -> None:
    label([apart], scorer, "csv", tmp_path / "out.csv")
    before, after = read_csv(apart), read_csv(tmp_path / "out.csv")
    assert list(after[0]) == [*before[0], "attribution_label", *ADDED[1:]]
    assert [{name: row[name] for name in before[0]} for row in after] == before
    for name, sentences in (("b", FIRST), ("a", SECOND)):
        rows = [row for row in after if row["article_id"] == name]
        analysis = scorer.label(sentences)
        assert [row["attribution_label"] for row in rows] == [
            sentence.label for sentence in analysis.sentences
        ]
        assert [row["source_id"] for row in rows] == [
            "" if sentence.source_number is None else str(sentence.source_number)
            for sentence in analysis.sentences
        ]


def test_parquet_in_and_out(tmp_path: Path, scorer: Scorer) -> None:
    texts = [*FIRST, *SECOND, None]
    ids = [1] * len(FIRST) + [2] * len(SECOND) + [None]
    table = pa.table({"text": texts, "article_id": pa.array(ids, pa.int16())})
    pq.write_table(table, tmp_path / "in.parquet")
    label([tmp_path / "in.parquet"], scorer, "parquet", tmp_path / "out.parquet")
    written = pq.read_table(tmp_path / "out.parquet")
    assert written.select(["text", "article_id"]) == table
    assert written.column_names == ["text", "article_id", *ADDED]
    assert written["label"].to_pylist()[: len(FIRST)] == labels_of(FIRST, scorer)
    label([tmp_path / "in.parquet"], scorer, "jsonl", tmp_path / "out.jsonl")
    assert [line["id"] for line in read_lines(tmp_path / "out.jsonl")] == [1, 2, 7]


def test_rows_without_an_article_stand_alone(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", [["text"], *([text] for text in SECOND)])
    label([source], scorer, "csv", tmp_path / "out.csv")
    assert [row["label"] for row in read_csv(tmp_path / "out.csv")] == [
        labels_of([text], scorer)[0] for text in SECOND
    ]
    assert [task.id for task in read_label_input([source])] == [1, 2]


def test_articles_become_rows(tmp_path: Path, scorer: Scorer) -> None:
    source = write_lines(
        tmp_path / "in.jsonl", {"id": "x", "sentences": FIRST}, {"id": "y", "sentences": SECOND}
    )
    label([source], scorer, "csv", tmp_path / "out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert list(rows[0]) == ["article_id", "index", "start", "end", "text", *ADDED]
    assert [row["text"] for row in rows] == [*FIRST, *SECOND]
    assert [row["article_id"] for row in rows] == ["x"] * 4 + ["y"] * 2
    # What comes out can go in again.
    label([tmp_path / "out.csv"], scorer, "csv", tmp_path / "again.csv")
    again = read_csv(tmp_path / "again.csv")
    assert [row["attribution_label"] for row in again] == [row["label"] for row in rows]


def test_many_articles_stay_in_order(tmp_path: Path, scorer: Scorer) -> None:
    records = [
        {"id": k, "sentences": [] if k % 7 == 0 else [f"Report {k}.", *SECOND]} for k in range(70)
    ]
    source = write_lines(tmp_path / "in.jsonl", *records)
    label([source], scorer, "jsonl", tmp_path / "out.jsonl")
    for line, record in zip(read_lines(tmp_path / "out.jsonl"), records, strict=True):
        assert line["id"] == record["id"]
        assert [sentence["text"] for sentence in line["sentences"]] == record["sentences"]


def test_standard_output(
    tmp_path: Path, scorer: Scorer, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    source = write_lines(tmp_path / "in.jsonl", {"id": "x", "sentences": SECOND})
    label([source], scorer, "jsonl")
    assert json.loads(capsysbinary.readouterr().out)["id"] == "x"
    label([source], scorer, "csv", Path("-"))
    assert capsysbinary.readouterr().out.startswith(b"article_id,index,start,end,text,label")
    with pytest.raises(InputError, match="not for standard output"):
        label([source], scorer, "parquet")
    assert not Path("-").exists()


def test_a_bad_input_among_several_hinders_no_other(tmp_path: Path, scorer: Scorer) -> None:
    good = tmp_path / "good.txt"
    good.write_text(" ".join(SECOND), encoding="utf-8")
    lines = write_lines(tmp_path / "in.jsonl", {"id": "a", "text": " "}, {"id": "b"})
    inputs = [tmp_path / "none.txt", lines, good]
    summary = label(inputs, scorer, "jsonl", tmp_path / "out.jsonl")
    written = read_lines(tmp_path / "out.jsonl")
    assert [line["id"] for line in written] == [str(inputs[0]), "a", "b", "good"]
    assert [len(line["sentences"]) for line in written] == [0, 0, 0, 2]
    assert [line.get("error") for line in written] == [*summary.problems, None]
    for problem, part in zip(
        summary.problems, ("no such file", "line 1: empty", "line 2: neither"), strict=True
    ):
        assert part in problem
    label(inputs, scorer, "csv", tmp_path / "out.csv")
    assert [row["text"] for row in read_csv(tmp_path / "out.csv")] == SECOND


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", b"body,id\nx,1\n", "no column 'text'; it has body, id"),
        ("in.csv", b"text\n", "no rows"),
        ("in.jsonl", b"\n", "empty"),
        ("in.jsonl", b'{"id": "a"\n', "line 1: not JSON"),
        ("in.txt", b"", "empty"),
        ("in.txt", b"%PDF-1.7\x00", "binary"),
    ],
)
def test_one_bad_input_is_refused(
    tmp_path: Path, scorer: Scorer, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        label([tmp_path / name], scorer, "jsonl", tmp_path / "out.jsonl")
    assert message in str(caught.value) and name in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_bad_outputs_are_refused(tmp_path: Path, apart: Path, scorer: Scorer) -> None:
    with pytest.raises(InputError, match="no format 'xml'"):
        label([apart], scorer, "xml")
    with pytest.raises(InputError, match="cannot be written"):
        label([apart], scorer, "csv", tmp_path / "no" / "out.csv")
    other = write_csv(tmp_path / "other.csv", [["text"], ["It rained."]])
    with pytest.raises(InputError, match="different columns"):
        label([apart, other], scorer, "csv", tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "other.csv"]


def test_two_tables_of_the_same_columns_make_one(
    tmp_path: Path, apart: Path, scorer: Scorer
) -> None:
    label([apart, apart], scorer, "csv", tmp_path / "out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert [row["n"] for row in rows] == [f"0{k}" for k in range(6)] * 2

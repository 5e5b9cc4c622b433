"""Batches: tables come out as they went in, with scores; cut-off runs go on; rows may be bad."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.batch import BatchOptions, BatchSummary, run, run_batch
from attribution.batch.duplicates import DuplicateIndex, make_sketch
from attribution.batch.encoders import make_encoder
from attribution.batch.parts import ledger_path
from attribution.batch.tables import open_table
from attribution.errors import InputError
from attribution.profile import COMPONENTS
from attribution.scorer import Scorer

BASIC = [
    "score",
    "interval_low",
    "interval_high",
    "status",
    "sentences",
    "attributed_share",
    "need",
    "sources",
    "top_source",
    "reliability",
    "warnings",
    "error",
]
TEXTS = [
    "Ferry held in Port Veld\n\nThe harbour police said on Tuesday that the ferry Marlin was held"
    " with 40 people on board. According to the coast guard, its engine failed at dawn and four"
    " sailors were hurt. “We were lucky that it did not sink,” said Ana Holt, a passenger. The"
    " ministry of transport announced an inquiry into the company's 12 ships. Two officials"
    " familiar with the matter said the captain had left the bridge. The company Marlin Lines"
    " denied that its ship was overloaded. The Veld Courier reported that it had failed two"
    " inspections in March. A spokesman for the port said three other ferries were damaged. Fuel"
    " spilled along nine kilometres of coast. Fishermen lost 200,000 crowns in a week. Prosecutors"
    " accused the owner of bribing an inspector. It was built in 1994.",
    "The council voted for the bridge on Monday. Mayor Tom Reyes told the Veld Courier that it"
    " would cost 40 million crowns. A study by the University of Veld found that traffic had"
    " doubled since 2019. Residents said the noise was unbearable and that 30 families had left."
    " Reportedly, a second bridge is planned. The opposition called the plan reckless and said the"
    " mayor's brother owned the land. Police said that two protesters were arrested on Friday. The"
    " builder lost 6 million crowns in 2025. The union said 400 jobs would go. Work begins in May.",
    "Rain fell all day. The river rose by two metres. Nobody was hurt.",
]
FRENCH = (
    "Le président de la République a déclaré mardi que la réforme des retraites serait présentée"
    " au Parlement avant la fin du mois, malgré les critiques des syndicats et de l'opposition."
)


@pytest.fixture
def scorer(scorer: Scorer) -> Scorer:
    """The bundled model, with a profile by which a text of ten sentences is not too short."""
    return replace(scorer, profile=replace(scorer.profile, minimum_need=1.0))


def silent(done: int, total: int | None) -> None:
    """Report to nobody."""


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return path


def read_csv(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def numbered(texts: Sequence[str], size: int) -> list[list[str]]:
    """Return a table of `size` rows with texts in turn."""
    rows = [[f"a{k}", texts[k % len(texts)]] for k in range(size)]
    return [["id", "text"], *rows]


def score(
    source: Path, target: Path, scorer: Scorer, progress: run.Progress = silent, **options: Any
) -> BatchSummary:
    return run_batch(source, target, scorer, BatchOptions(**options), progress)


# The table itself


def test_table_comes_out_as_it_went_in(tmp_path: Path, scorer: Scorer) -> None:
    rows = [
        ["zip", "text", "note", "empty"],
        ["00123", TEXTS[0], 'said "NA", twice', ""],
        ["1e5", TEXTS[1], "NA\nnull\r\nlast", "  padded "],
    ]
    source = write_csv(tmp_path / "in.csv", rows)
    summary = score(source, tmp_path / "out.csv", scorer)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        written = list(csv.reader(stream))
    assert [row[:4] for row in written] == rows
    assert written[0][4:] == BASIC
    assert (summary.rows, summary.failed) == (2, 0)
    assert not list(tmp_path.glob("*.part")) and not list(tmp_path.glob("*.json"))


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
def test_every_kind_holds_what_the_scorer_says(tmp_path: Path, scorer: Scorer, suffix: str) -> None:
    source = write_csv(tmp_path / "in.csv", numbered(TEXTS, 3))
    target = tmp_path / f"out.{suffix}"
    score(source, target, scorer)
    rows: list[dict[str, Any]]
    if suffix == "parquet":
        rows = pq.read_table(target).to_pylist()
    elif suffix == "jsonl":
        rows = read_jsonl(target)
    else:
        rows = list(read_csv(target, "\t" if suffix == "tsv" else ","))
    assert [row["id"] for row in rows] == ["a0", "a1", "a2"]
    for row, text in zip(rows, TEXTS, strict=True):
        result = scorer.score(text)
        assert row["text"] == text
        assert row["status"] == result.score.status
        assert int(row["sentences"]) == len(result.analysis.sentences)
        if result.score.value is None:
            assert row["score"] in (None, "")
        else:
            assert float(row["score"]) == pytest.approx(result.score.value, abs=1e-4)


def test_json_lines_keep_keys_and_values(tmp_path: Path, scorer: Scorer) -> None:
    records = [
        {"body": TEXTS[0], "tags": ["a", {"b": None}], "n": 1, "id": "x"},
        {"id": "y", "body": TEXTS[1], "ß": True},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    score(source, tmp_path / "out.jsonl", scorer, text_column="body")
    for written, record in zip(read_jsonl(tmp_path / "out.jsonl"), records, strict=True):
        assert list(written.items())[: len(record)] == list(record.items())
        assert list(written)[len(record) :] == BASIC


def test_json_lines_become_a_table_of_all_keys(tmp_path: Path, scorer: Scorer) -> None:
    source = tmp_path / "in.jsonl"
    records: list[dict[str, Any]] = [
        {"text": TEXTS[0], "n": 1, "mixed": 1, "tags": ["é"]},
        {"text": TEXTS[1], "n": 2.5, "mixed": "two", "late": False},
    ]
    source.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    score(source, tmp_path / "out.parquet", scorer)
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column_names[:5] == ["text", "n", "mixed", "tags", "late"]
    assert table["n"].to_pylist() == [1.0, 2.5]
    assert table["mixed"].to_pylist() == ["1", "two"]
    assert table["tags"].to_pylist() == ['["é"]', None]
    assert table["late"].to_pylist() == [None, False]
    score(source, tmp_path / "out.csv", scorer)
    assert [row["late"] for row in read_csv(tmp_path / "out.csv")] == ["", "false"]


def test_parquet_keeps_types_and_index(tmp_path: Path, scorer: Scorer) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "text": TEXTS,
            "when": [datetime(2026, 1, day) for day in (1, 2, 3)],
            "kind": pd.Categorical(["a", "b", "a"]),
        },
        index=pd.Index(["x", "y", "z"], name="key"),
    )
    frame.to_parquet(tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "out.parquet", scorer)
    before = pq.read_schema(tmp_path / "in.parquet")
    after = pq.read_schema(tmp_path / "out.parquet")
    assert [after.field(name).type for name in before.names] == before.types
    written = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(written[list(frame.columns)], frame)


def test_parquet_of_several_chunks_becomes_json_lines(
    tmp_path: Path, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK_ROWS", 2)
    table = pa.table({"text": TEXTS, "when": [datetime(2026, 1, day) for day in (1, 2, 3)]})
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "out.jsonl", scorer)
    written = read_jsonl(tmp_path / "out.jsonl")
    assert [row["text"] for row in written] == TEXTS
    assert written[2]["when"] == "2026-01-03T00:00:00"


def test_a_column_that_exists_is_kept_and_ours_prefixed(tmp_path: Path, scorer: Scorer) -> None:
    rows = [["text", "score", "status", "attribution_status"], [TEXTS[0], "7", "draft", "old"]]
    source = write_csv(tmp_path / "in.csv", rows)
    score(source, tmp_path / "out.csv", scorer)
    row = read_csv(tmp_path / "out.csv")[0]
    assert (row["score"], row["status"], row["attribution_status"]) == ("7", "draft", "old")
    assert row["attribution_attribution_status"] == "scored"
    assert float(row["attribution_score"]) == pytest.approx(
        scorer.score(TEXTS[0]).score.value, abs=1e-4
    )


def test_a_name_that_stands_twice_stays_twice(tmp_path: Path, scorer: Scorer) -> None:
    rows = [["note", "text", "note", "note.1"], ["one", TEXTS[0], "two", "three"]]
    source = write_csv(tmp_path / "in.csv", rows)
    score(source, tmp_path / "out.csv", scorer)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        assert [row[:4] for row in csv.reader(stream)] == rows


def test_a_header_alone_stays_a_header(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", [["id", "text"]])
    for suffix in ("csv", "parquet"):
        summary = score(source, tmp_path / f"out.{suffix}", scorer)
        assert summary.rows == 0
    assert (tmp_path / "out.csv").read_text("utf-8") == ",".join(["id", "text", *BASIC]) + "\n"
    assert pq.read_table(tmp_path / "out.parquet").column_names == ["id", "text", *BASIC]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5
        )
    ),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_csv_cells_are_untouched(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], line_end: str
) -> None:
    folder = tmp_path_factory.mktemp("cells")
    header = [f"c{k}" for k in range(len(rows[0]))]
    path = folder / "in.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerows(
            [header, *rows]
        )
    table = open_table(path)
    assert table.total == len(rows)
    encoder = make_encoder(folder / "out.csv", table.columns, (), table.style)
    written = encoder.opening()
    for chunk in table.chunks(2):
        written += encoder.encode(chunk, [{}] * len(chunk.rows))
    (folder / "out.csv").write_bytes(written)
    assert written.endswith(line_end.encode())
    again = [
        list(row.values())
        for chunk in open_table(folder / "out.csv").chunks(9)
        for row in chunk.rows
    ]
    assert again == rows


@pytest.mark.parametrize(
    ("encoding", "warning"),
    [("utf-8-sig", ""), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_encodings_are_read_and_said(tmp_path: Path, encoding: str, warning: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("text;größe\r\n“Aye”;3\r\n".encode(encoding))
    table = open_table(path)
    assert [chunk.rows for chunk in table.chunks(9)] == [[{"text": "“Aye”", "größe": "3"}]]
    assert any(warning in said for said in table.warnings) == bool(warning)
    encoder = make_encoder(tmp_path / "out.csv", table.columns, (), table.style)
    mark = b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b""
    assert encoder.opening() == mark + "text;größe\r\n".encode()


def test_one_damaged_byte_leaves_the_rest_utf8(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("text\né ü\n".encode() + b"caf\xe9\n" + "naïve\n".encode())
    table = open_table(path)
    rows = [row["text"] for chunk in table.chunks(9) for row in chunk.rows]
    assert rows == ["é ü", "caf\ufffd", "naïve"]
    assert "not UTF-8" in table.warnings[0]


# What is added


def test_full_columns_add_up(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", numbered(TEXTS, 3))
    score(source, tmp_path / "out.csv", scorer, columns="full")
    rows = read_csv(tmp_path / "out.csv")
    scored = [row for row in rows if row["status"] == "scored"]
    assert scored
    for row in scored:
        parts = sum(float(row[f"{name}_contribution"]) for name in COMPONENTS)
        assert parts == pytest.approx(float(row["score"]), abs=1e-3)
        assert 0 <= float(row["anonymous_share"]) <= 1
    for row in rows:
        counts = [int(value) for name, value in row.items() if name.startswith("n_")]
        assert sum(counts) == int(row["sentences"])


def test_a_text_that_is_not_english_has_no_figures(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", [["text"], [FRENCH]])
    summary = score(source, tmp_path / "out.csv", scorer, columns="full")
    row = read_csv(tmp_path / "out.csv")[0]
    assert row["status"] == "not_english"
    assert (row["score"], row["coverage"], row["need"], row["error"]) == ("", "", "", "")
    assert (summary.scored, summary.failed, summary.statuses) == (0, 0, {"not_english": 1})


def test_sentences_and_sources_beside(tmp_path: Path, scorer: Scorer) -> None:
    rows = [["key", "text", "paper", "day"]]
    rows += [[f"k{k}", text, "The Veld Courier", "2026-01-02"] for k, text in enumerate(TEXTS)]
    source = write_csv(tmp_path / "in.csv", rows)
    sentences, sources = tmp_path / "s.jsonl", tmp_path / "o.parquet"
    score(
        source,
        tmp_path / "out.csv",
        scorer,
        id_column="key",
        outlet_column="paper",
        date_column="day",
        sentences=sentences,
        sources=sources,
    )
    written = read_jsonl(sentences)
    by_id = {f"k{k}": text for k, text in enumerate(TEXTS)}
    assert list(written[0]) == [
        "id", "index", "start", "end", "text", "label", "probability", "needs_source",
        "identified", "manner", "hedged", "source", "source_id", "cue", "via", "outlet", "date",
    ]  # fmt: skip
    for row in written:
        assert by_id[row["id"]][row["start"] : row["end"]] == row["text"]
        assert row["outlet"] == "The Veld Courier" and row["date"] == "2026-01-02"
        if row["source"] is not None:
            assert row["source"] in row["text"]
    known = {(row["id"], row["source_id"]) for row in pq.read_table(sources).to_pylist()}
    used = {(row["id"], row["source_id"]) for row in written if row["source_id"] is not None}
    assert used and used <= known
    totals = {key: len([row for row in written if row["id"] == key]) for key in by_id}
    assert [int(row["sentences"]) for row in read_csv(tmp_path / "out.csv")] == list(
        totals.values()
    )


def test_rows_without_an_id_are_numbered_from_one(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", [["text"], [TEXTS[1]], [TEXTS[2]]])
    score(source, tmp_path / "out.csv", scorer, sentences=tmp_path / "s.csv")
    assert {row["id"] for row in read_csv(tmp_path / "s.csv")} == {"1", "2"}


def test_near_duplicates_name_the_first(tmp_path: Path, scorer: Scorer) -> None:
    copy = "UPDATE: " + TEXTS[0].replace("\n\n", " ")
    texts = [TEXTS[0], TEXTS[1], copy, "", TEXTS[1].upper()]
    source = write_csv(tmp_path / "in.csv", [["id", "text"], *zip("vwxyz", texts, strict=True)])
    score(source, tmp_path / "out.csv", scorer, dedupe=True)
    rows = read_csv(tmp_path / "out.csv")
    assert [row["duplicate_of"] for row in rows] == ["", "", "v", "", "w"]


def test_duplicates_name_no_copy_of_a_copy() -> None:
    words = [f"word{k}" for k in range(300)]
    index = DuplicateIndex()
    assert index.add("first", make_sketch(" ".join(words))) is None
    assert index.add("cut", make_sketch(" ".join(words[:270]))) == "first"
    assert index.add("cut more", make_sketch(" ".join(words[:265]))) == "first"
    assert index.add("other", make_sketch(" ".join(reversed(words)))) is None


def test_timings_add_seconds(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", [["text"], [TEXTS[0]], [TEXTS[2]]])
    score(source, tmp_path / "out.csv", scorer, timings=True)
    long, short = (float(row["seconds"]) for row in read_csv(tmp_path / "out.csv"))
    assert long > short > 0


def test_workers_change_no_result(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", numbered([*TEXTS, ""], 150))
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        folder.mkdir()
        score(
            source,
            folder / "out.csv",
            scorer,
            jobs=jobs,
            columns="full",
            dedupe=True,
            sentences=folder / "s.csv",
            sources=folder / "o.csv",
        )
    for name in ("out.csv", "s.csv", "o.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_workers_get_a_profile_and_a_model_of_no_bundled_name(
    tmp_path: Path, scorer: Scorer
) -> None:
    model = replace(scorer.analyser.model, name="mine")
    other = Scorer.load("base", profile="investigation")
    mine = replace(other, analyser=replace(other.analyser, model=model))
    source = write_csv(tmp_path / "in.csv", numbered(TEXTS, 3))
    score(source, tmp_path / "one.csv", other)
    score(source, tmp_path / "two.csv", mine, jobs=2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


# Rows that cannot be scored


def test_bad_rows_are_marked_and_the_rest_scored(tmp_path: Path, scorer: Scorer) -> None:
    source = tmp_path / "in.jsonl"
    texts: list[Any] = [TEXTS[0], "", None, 7, "  \n", "?!", "\ud83d half", TEXTS[1]]
    source.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts), encoding="utf-8")
    summary = score(source, tmp_path / "out.jsonl", scorer)
    rows = read_jsonl(tmp_path / "out.jsonl")
    assert [row["text"] for row in rows] == texts
    assert [row["status"] == "error" for row in rows] == [False, *[True] * 6, False]
    assert [row["error"] for row in rows[1:7]] == [
        "the text: empty",
        "the text: missing",
        "the text: not a string but int",
        "the text: empty",
        "the text: no sentences in it",
        "the text: half a surrogate pair at character 0",
    ]
    assert (summary.rows, summary.failed) == (8, 6)
    assert summary.statuses["error"] == 6
    assert "6 error" in summary.describe()


def test_stop_names_the_row(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", numbered([TEXTS[2], ""], 4))
    with pytest.raises(InputError, match=r"in\.csv, row 2 \(id a1\): the text: empty"):
        score(source, tmp_path / "out.csv", scorer, on_error="stop")
    assert not (tmp_path / "out.csv").exists()


def test_long_cells_are_read_and_the_csv_limit_of_the_process_stays(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    path = tmp_path / "in.csv"
    path.write_text(f'text\n{"x" * (limit + 1)}\nshort\n"cut', encoding="utf-8")
    with pytest.raises(InputError, match="not well-formed CSV"):
        open_table(path)
    assert csv.field_size_limit() == limit
    path.write_text(f"text\n{'x' * (limit + 1)}\nshort\n", encoding="utf-8")
    sizes = []
    for chunk in open_table(path).chunks(1):
        sizes += [len(row["text"]) for row in chunk.rows]
        assert csv.field_size_limit() == limit  # while the table is open, too
    assert sizes == [limit + 1, 5]


def test_a_fault_of_ours_costs_rows_not_the_run(tmp_path: Path, scorer: Scorer) -> None:
    broken = replace(scorer, profile=replace(scorer.profile, weights={}))
    source = write_csv(tmp_path / "in.csv", numbered(TEXTS, 3))
    summary = score(source, tmp_path / "out.csv", broken)
    assert (summary.rows, summary.failed) == (3, 3)
    assert all("internal error" in row["error"] for row in read_csv(tmp_path / "out.csv"))


# Bad input


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", b"body,id\nx,1\n", "no column 'text'; it has body, id"),
        ("in.csv", b"", "empty"),
        ("in.csv", b'text\n"no end\n', "line 2: not well-formed CSV"),
        ("in.csv", b"text,id\nyes, and no,1\n", "row 1: 3 cells, the header has 2"),
        ("in.csv", b"PK\x03\x04\x00\x00", "a binary file"),
        ("in.jsonl", b'{"text": "a"}\n{"text": \n', "line 2: not JSON"),
        ("in.jsonl", b'["text"]\n', "line 1: no JSON object"),
        ("in.parquet", b"text\nno\n", "not a Parquet file"),
        ("in.xlsx", b"PK", "no table that is known here"),
    ],
)
def test_bad_tables_are_refused_in_one_line(
    tmp_path: Path, scorer: Scorer, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        score(tmp_path / name, tmp_path / "out.csv", scorer)
    assert message in str(caught.value)
    assert name in str(caught.value) and "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_bad_targets_and_options_are_refused(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", numbered(TEXTS, 1))
    before = source.read_bytes()
    out = tmp_path / "out.csv"
    cases: list[tuple[Path, dict[str, Any], str]] = [
        (source, {}, "named twice"),
        (tmp_path / "out.xlsx", {}, "no kind of table"),
        (tmp_path / "no" / "out.csv", {}, "no folder"),
        (tmp_path, {}, "a directory"),
        (out, {"sentences": out}, "named twice"),
        (out, {"columns": "all"}, "no columns 'all'; use basic or full"),
        (out, {"on_error": "skip"}, "no on-error 'skip'"),
        (out, {"jobs": 0}, "jobs is 0"),
        (out, {"id_column": "key"}, "no column 'key'; it has id, text"),
    ]
    for target, options, message in cases:
        with pytest.raises(InputError) as caught:
            score(source, target, scorer, **options)
        assert message in str(caught.value)
    with pytest.raises(InputError, match=r"none\.csv: no such file"):
        score(tmp_path / "none.csv", out, scorer)
    assert source.read_bytes() == before and list(tmp_path.iterdir()) == [source]


# Article files


def test_a_folder_of_articles(tmp_path: Path, scorer: Scorer) -> None:
    folder = tmp_path / "articles"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.txt").write_text(TEXTS[0], encoding="utf-8")
    (folder / "a.md").write_bytes(TEXTS[1].encode("cp1252"))
    (folder / "deep" / "c.txt").write_bytes(b"\x7fELF\x00\x01")
    (folder / "notes.csv").write_text("text\n", encoding="utf-8")
    summary = score(folder, tmp_path / "out.csv", scorer, sentences=tmp_path / "s.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert [row["id"] for row in rows] == ["a.md", "b.txt", "deep/c.txt"]
    assert [row["status"] for row in rows] == ["scored", "scored", "error"]
    assert "binary" in rows[2]["error"] and summary.failed == 1
    expected = scorer.score(TEXTS[0]).score.value
    assert float(rows[1]["score"]) == pytest.approx(expected, abs=1e-4)
    assert {row["id"] for row in read_csv(tmp_path / "s.csv")} == {"a.md", "b.txt"}
    summary = score(folder / "*.txt", tmp_path / "glob.csv", scorer)
    assert [row["id"] for row in read_csv(tmp_path / "glob.csv")] == ["b.txt"]
    summary = score(folder / "**" / "*.*", tmp_path / "deep.csv", scorer)
    assert summary.rows == 3


def test_a_folder_without_articles_is_refused(tmp_path: Path, scorer: Scorer) -> None:
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "empty", tmp_path / "empty" / "*.txt"):
        with pytest.raises(InputError, match="no article files"):
            score(source, tmp_path / "out.csv", scorer)


# Going on


class PowerCutError(Exception):
    """The power goes."""


def interrupt_after(rows: int) -> run.Progress:
    def progress(done: int, total: int | None) -> None:
        if done >= rows:
            raise PowerCutError

    return progress


OPTIONS: dict[str, Any] = {"columns": "full", "dedupe": True}


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CHUNK_ROWS", 4)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "in.csv", numbered([*TEXTS, "", *TEXTS[::-1]], 11))


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_cut_off_run_goes_on(
    tmp_path: Path, source: Path, scorer: Scorer, suffix: str, jobs: int
) -> None:
    whole, target = tmp_path / f"whole.{suffix}", tmp_path / f"out.{suffix}"
    sentences = tmp_path / "s.csv"
    options = OPTIONS | {"sentences": sentences}
    expected = score(source, whole, scorer, **options)
    expected_sentences = sentences.read_bytes()
    sentences.unlink()
    with pytest.raises(PowerCutError):
        score(source, target, scorer, interrupt_after(8), **options, jobs=jobs)
    assert not target.exists() and not sentences.exists()
    with (tmp_path / f"out.{suffix}.part").open("ab") as part:
        part.write(b"half a row")  # as a crash in the middle of writing leaves it
    told: list[tuple[int, int | None]] = []
    summary = score(
        source, target, scorer, lambda *seen: told.append(seen), **options, jobs=jobs, resume=True
    )
    assert told == [(8, 11), (11, 11)]
    assert target.read_bytes() == whole.read_bytes()
    assert sentences.read_bytes() == expected_sentences
    assert (summary.rows, summary.failed, summary.statuses) == (
        expected.rows,
        expected.failed,
        expected.statuses,
    )
    assert not list(tmp_path.glob("*.part")) and not list(tmp_path.glob("*.json"))


@pytest.mark.usefixtures("small_chunks")
def test_finished_rows_are_not_scored_again(tmp_path: Path, source: Path, scorer: Scorer) -> None:
    target = tmp_path / "out.csv"
    with pytest.raises(PowerCutError):
        score(source, target, scorer, interrupt_after(4))
    part = tmp_path / "out.csv.part"
    part.write_bytes(part.read_bytes().replace(b"the text: empty", b"THE TEXT: EMPTY"))
    score(source, target, scorer, resume=True)
    errors = [row["error"] for row in read_csv(target) if row["error"]]
    assert errors == ["THE TEXT: EMPTY", "the text: empty"]
    score(source, target, scorer)
    assert "THE TEXT" not in target.read_text("utf-8")


@pytest.mark.usefixtures("small_chunks")
def test_only_the_same_run_goes_on(tmp_path: Path, source: Path, scorer: Scorer) -> None:
    target = tmp_path / "out.csv"
    with pytest.raises(PowerCutError):
        score(source, target, scorer, interrupt_after(4))
    with pytest.raises(InputError, match="other options, another model or another table"):
        score(source, target, scorer, resume=True, columns="full")
    kept = source.read_bytes()
    source.write_bytes(kept.replace(b"a0,", b"b0,"))
    with pytest.raises(InputError, match="its first 4 rows are not those"):
        score(source, target, scorer, resume=True)
    source.write_bytes(kept)
    part = tmp_path / "out.csv.part"
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(InputError, match="missing or cut"):
        score(source, target, scorer, resume=True)
    ledger_path(target).write_bytes(b"{")
    with pytest.raises(InputError, match="damaged; drop --resume"):
        score(source, target, scorer, resume=True)
    assert score(source, target, scorer).rows == 11


@pytest.mark.usefixtures("small_chunks")
def test_a_run_that_lacks_the_renaming_alone_is_finished(
    tmp_path: Path, source: Path, scorer: Scorer
) -> None:
    target, sentences = tmp_path / "out.csv", tmp_path / "s.parquet"
    score(source, target, scorer, sentences=sentences)
    expected = target.read_bytes()
    target.unlink()
    sentences.unlink()
    with pytest.raises(PowerCutError):
        score(source, target, scorer, interrupt_after(11), sentences=sentences)
    ledger = json.loads(ledger_path(target).read_bytes())
    ledger_path(target).write_text(json.dumps({**ledger, "complete": True}), encoding="ascii")
    (tmp_path / "out.csv.part").rename(target)
    score(source, target, scorer, sentences=sentences, resume=True)
    assert target.read_bytes() == expected
    assert pq.read_table(sentences).num_rows > 0


def test_resume_without_an_earlier_run_begins(tmp_path: Path, scorer: Scorer) -> None:
    source = write_csv(tmp_path / "in.csv", numbered(TEXTS, 2))
    assert score(source, tmp_path / "out.csv", scorer, resume=True).rows == 2


def test_a_malformed_row_found_late_stops_the_run_with_its_message(
    tmp_path: Path, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK_ROWS", 1)
    source = write_csv(tmp_path / "in.csv", numbered(TEXTS, 3))

    def damage(done: int, total: int | None) -> None:
        if done == 0:  # the table changes between the first reading and the second
            source.write_bytes(b'id,text\na0,x\n"a1')

    with pytest.raises(InputError, match="not well-formed CSV"):
        score(source, tmp_path / "out.csv", scorer, damage, jobs=2)


def test_a_csv_batch_loads_no_heavy_library(tmp_path: Path) -> None:
    heavy = ("pandas", "pyarrow", "sklearn", "datasketch", "joblib", "matplotlib")
    code = (
        "import sys; from attribution.batch import run_batch; from attribution.batch.tables import"
        f" open_table; print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"

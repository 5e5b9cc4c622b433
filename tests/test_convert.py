"""Formats: nothing is lost in silence, and files are read as their tools write them."""

# ruff: noqa: E501  (in the plain-text format a sentence is a line)

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.corpus.convert import FORMATS, convert, describe_losses
from attribution.corpus.formats.brat import CONFIGURATION
from attribution.corpus.formats.label_studio import LABEL_CONFIG
from attribution.corpus.formats.native import fit_plain
from attribution.corpus.plain import parse_plain, read_plain, write_plain
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS

ARTICLES = Path(__file__).parent.parent / "datasets" / "articles"
#: Formats that hold everything the corpus has.
LOSSLESS = [name for name in FORMATS if name != "csv"]
#: Formats that keep any text as it is, whatever its line ends.
EXACT = [name for name in LOSSLESS if name != "plain"]

PLAIN = """\
fiction: written for training; events and people are invented
id: cranes
outlet: The Harbour Post
frame: Orbita News < The Harbour Post

unsourced headline | 📉 Cranes return to Port Veld, The Harbour Post says

media_outlet #1 named indirect hedged needs | Two cranes 📰 came back, {c according to} {s Orbita News}, {v1 Agência Norte} and {v2 Die Küste} reported.
media_outlet #1 named direct needs via "Agência Norte" "Die Küste" | “And two more.”

government #2 described mixed | {s A harbour official} {c declined} to “say a word”.
unsourced needs | The harbour opened \\{sic\\} in 1911.
"""


def words_at(text: str, words: str) -> Span:
    start = text.index(words)
    return start, start + len(words)


def tricky() -> AnnotatedArticle:
    """An article with everything that moves offsets: CRLF, emoji, combining marks, odd gaps."""
    text = (
        " \U0001f6a2 Cafe\u0301 reopens\r\n\r\nMayor Zoe\u0308 \U0001f468\u200d\U0001f680 said it\r\n"
        "opens.  “Soon,” she added.\nTAB\there. \u00a0Fin.\r\n"
    )
    first = AnnotatedSentence(
        *words_at(text, "\U0001f6a2 Cafe\u0301 reopens"), "unsourced", headline=True
    )
    second = AnnotatedSentence(
        *words_at(text, "Mayor Zoe\u0308 \U0001f468\u200d\U0001f680 said it\r\nopens."),
        "government",
        needs_source=True,
        paragraph=1,
        source_id=4,
        identified="named",
        manner="indirect",
        source=words_at(text, "Mayor Zoe\u0308 \U0001f468\u200d\U0001f680"),
        cue=words_at(text, "said it\r\nopens"),
    )
    third = AnnotatedSentence(
        *words_at(text, "“Soon,” she added."),
        "government",
        paragraph=1,
        source_id=4,
        identified="named",
        manner="direct",
        source=words_at(text, "she"),
        cue=words_at(text, "added"),
        via=(words_at(text, "Cafe\u0301"), words_at(text, "Soon")),
    )
    fourth = AnnotatedSentence(*words_at(text, "TAB\there."), "unsourced", paragraph=7)
    frame = (words_at(text, "Cafe\u0301"),)
    meta = {"outlet": "The Harbour Post", "topic": "cafés: reopening"}
    return AnnotatedArticle("folder/tricky 1", text, (first, second, third, fourth), frame, meta)


def write_jsonl_file(path: Path, *articles: AnnotatedArticle) -> Path:
    FORMATS["jsonl"].write(articles, path)
    return path


def read_all(path: Path, name: str) -> list[AnnotatedArticle]:
    return FORMATS[name].read(path).articles


def round_trip(article: AnnotatedArticle, name: str, folder: Path) -> AnnotatedArticle:
    out = folder / f"out-{name}"
    FORMATS[name].write([article], out)
    imported = FORMATS[name].read(out)
    assert imported.dropped == []
    return imported.articles[0]


@pytest.mark.parametrize("name", LOSSLESS)
def test_plain_article_survives(name: str, tmp_path: Path) -> None:
    article = parse_plain(PLAIN)
    assert round_trip(article, name, tmp_path) == article


@pytest.mark.parametrize("name", EXACT)
def test_offsets_hold_through_emoji_crlf_and_combining_marks(name: str, tmp_path: Path) -> None:
    assert round_trip(tricky(), name, tmp_path) == tricky()


def test_normal_forms_are_kept_apart(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        article = replace(parse_plain(PLAIN), id=form)
        text = unicodedata.normalize(form, "Zoë said so.")
        sentence = AnnotatedSentence(0, len(text), "unsourced")
        article = AnnotatedArticle(form, text, (sentence,))
        for name in LOSSLESS:
            assert round_trip(article, name, tmp_path / form).text == text


@pytest.mark.parametrize("name", LOSSLESS)
def test_bundled_articles_survive(name: str, tmp_path: Path) -> None:
    files = sorted(ARTICLES.glob("*.txt"))[:40]
    source = tmp_path / "source"
    source.mkdir()
    for file in files:
        (source / file.name).write_bytes(file.read_bytes())
    there, back = tmp_path / name, tmp_path / "back"
    assert convert(source, there, "plain", name) == []
    assert convert(there, back, name, "plain") == []
    assert [read_plain(file) for file in sorted(back.glob("*.txt"))] == [
        read_plain(file) for file in files
    ]


@st.composite
def articles(draw: st.DrawFn) -> AnnotatedArticle:
    """Draw articles with spans at any place that begins and ends with a visible character."""
    word = st.text("ab”“'\"{}\\|#é\u0301\U0001f600«", min_size=1, max_size=5)
    gap = st.sampled_from([" ", "\n\n", "\r\n", "  ", "\n", ""])
    text = draw(st.sampled_from(["", " "]))
    sentences: list[AnnotatedSentence] = []
    for _ in range(draw(st.integers(1, 4))):
        start = len(text)
        words = draw(st.lists(word, min_size=1, max_size=6))
        places: list[Span] = []
        for item in words:
            places.append((len(text), len(text) + len(item)))
            text += item + draw(st.sampled_from([" ", " ", "\r\n", "\t"]))
        text = text.rstrip()
        end = len(text)
        label = draw(st.sampled_from(LABELS))
        attributed = label != "unsourced"
        spans = draw(st.permutations(places)) if attributed else []
        earlier = [(sentence.start, sentence.end) for sentence in sentences]
        relays = (
            draw(st.lists(st.sampled_from([*spans[2:], *earlier]), max_size=2, unique=True))
            if (spans[2:] or (attributed and earlier))
            else []
        )
        sentences.append(
            AnnotatedSentence(
                start,
                end,
                label,
                needs_source=draw(st.booleans()),
                paragraph=draw(st.integers(0, 3)),
                headline=draw(st.booleans()),
                source_id=draw(st.integers(0, 9)) if attributed else None,
                identified=draw(st.sampled_from(IDENTIFIED)) if attributed else None,
                manner=draw(st.sampled_from(MANNERS)) if attributed else None,
                hedged=draw(st.booleans()) if attributed else False,
                source=spans[0] if spans else None,
                cue=spans[1] if len(spans) > 1 else None,
                via=tuple(relays),
            )
        )
        text += draw(gap)
    frame = draw(
        st.lists(st.sampled_from([(s.start, s.end) for s in sentences]), max_size=2, unique=True)
    )
    return AnnotatedArticle("drawn", text, tuple(sentences), tuple(frame), {"kind": "a = b: c"})


@settings(max_examples=60, deadline=None)
@given(article=articles())
def test_any_article_survives_every_exact_format(
    article: AnnotatedArticle, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    for name in EXACT:
        assert round_trip(article, name, folder) == article, name


@settings(max_examples=150, deadline=None)
@given(article=articles())
def test_what_is_fitted_to_plain_text_survives(article: AnnotatedArticle) -> None:
    fitted = fit_plain(article)
    back = parse_plain(write_plain(fitted))
    assert back.text == fitted.text
    # Relays of an earlier sentence are words there, found again at their last mention.
    plain = [replace(sentence, via=(), paragraph=0) for sentence in fitted.sentences]
    assert [replace(sentence, via=(), paragraph=0) for sentence in back.sentences] == plain


def test_plain_text_says_what_it_cannot_keep(tmp_path: Path) -> None:
    source = write_jsonl_file(tmp_path / "in.jsonl", tricky())
    lost = convert(source, tmp_path / "out", "jsonl", "plain")
    # "Fin." stands in no sentence; a carried relay is written after those in the sentence.
    assert lost == [
        "text outside sentences: 1 dropped or changed, in 1 articles",
        "relays: 1 dropped or changed, in 1 articles",
    ]
    back = read_all(tmp_path / "out", "plain")[0]
    assert back.words(back.sentences[1].source) == "Mayor Zoe\u0308 \U0001f468\u200d\U0001f680"
    assert back.words(back.sentences[1].cue) == "said it  opens"


def test_csv_says_what_it_drops(tmp_path: Path) -> None:
    source = tmp_path / "cranes.txt"
    source.write_text(PLAIN, encoding="utf-8")
    lost = convert(source, tmp_path / "out.csv", "plain", "csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        "text,label,article_id",
        '"📉 Cranes return to Port Veld, The Harbour Post says",unsourced,cranes',
    ]
    counts = dict(line.split(" dropped")[0].rsplit(": ", 1) for line in lost)
    assert counts["source span"] == "2"
    assert counts["relays"] == "2"
    assert counts["needs source"] == "3"
    assert counts["frame"] == "1"
    assert counts["header line 'outlet'"] == "1"
    assert "label" not in counts
    assert "sentence span" not in counts


def test_csv_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(
        '\ufefftext,label,article_id,note\r\n"“One,” he said.\r\nTwo.",government,a,x\r\n'
        "Three.,unsourced,b,\r\nFour.,unsourced,a,\r\n".encode()
    )
    imported = FORMATS["csv"].read(path)
    assert imported.dropped == [f"{path}: column 'note' dropped"]
    first, second = imported.articles
    assert (first.id, second.id) == ("a", "b")
    assert first.text == "“One,” he said.\r\nTwo. Four."
    assert first.words((first.sentences[1].start, first.sentences[1].end)) == "Four."
    assert first.sentences[0].label == "government"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("words,label\nx,unsourced\n", "no column text"),
        ("text,label\nx,weather\n", "line 2: unknown label 'weather'"),
        ("text,label\n,unsourced\n", "line 2: the text is empty"),
        ("", "no column label, text"),
    ],
)
def test_csv_errors_name_the_line(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        FORMATS["csv"].read(path)


def label_studio_task(
    text: str, *spans: tuple[str, int, int, str], **task: object
) -> dict[str, Any]:
    """A task as Label Studio 1.x exports it: regions, choices and a relation by region id."""
    results: list[dict[str, object]] = []
    for name, start, end, label in spans:
        value = {"start": start, "end": end, "labels": [label]}
        value["text"] = task.get(name, "")
        results.append(
            {
                "value": {key: item for key, item in value.items() if item != ""},
                "id": name,
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "origin": "manual",
            }
        )
    return {
        "id": 17,
        "annotations": [
            {
                "id": 9,
                "completed_by": 1,
                "result": results,
                "was_cancelled": False,
                "ground_truth": False,
                "created_at": "2024-03-09T22:16:08.728353Z",
                "lead_time": 4.288,
            }
        ],
        "drafts": [],
        "predictions": [],
        "data": {"text": text},
        "meta": {},
        "inner_id": 1,
        "total_annotations": 1,
    }


EMOJI = "💩 It fell, the NIS said.\r\nTwo cranes."


@pytest.mark.parametrize(("units", "kind"), [(0, "code points"), (1, "UTF-16, before 2021")])
def test_label_studio_offsets_are_told_by_their_words(
    units: int, kind: str, tmp_path: Path
) -> None:
    task = label_studio_task(
        EMOJI,
        ("gew3t9fgkg", 0, 24 + units, "intelligence_agency"),
        ("0gpIsb7s27", 11 + units, 18 + units, "source"),
        ("hNPSZh3Bs_", 19 + units, 23 + units, "cue"),
        ("Dx_aB91ISN", 26 + units, 37 + units, "unsourced"),
        gew3t9fgkg="💩 It fell, the NIS said.",
        hNPSZh3Bs_="said",
    )
    task["annotations"][0]["result"] += [
        {
            "value": {"start": 0, "end": 24 + units, "choices": ["named"]},
            "id": "gew3t9fgkg",
            "from_name": "identified",
            "to_name": "text",
            "type": "choices",
        },
        {
            "value": {"start": 0, "end": 24 + units, "number": 3},
            "id": "gew3t9fgkg",
            "from_name": "source_id",
            "to_name": "text",
            "type": "number",
        },
    ]
    path = tmp_path / "project-1-at-2024-03-09.json"
    path.write_text(json.dumps([task], ensure_ascii=True), encoding="utf-8")
    (article,) = read_all(path, "label-studio")
    first, second = article.sentences
    assert article.id == "project-1-at-2024-03-09-17"
    assert article.words(first.source) == "the NIS"
    assert article.words(first.cue) == "said"
    assert article.words((second.start, second.end)) == "Two cranes."
    assert (first.identified, first.source_id, first.label) == ("named", 3, "intelligence_agency")
    assert (first.paragraph, second.paragraph) == (0, 1), kind


def test_label_studio_relation_makes_a_relay_and_the_rest_is_reported(tmp_path: Path) -> None:
    task = label_studio_task(
        "Reuters wrote. He said so.",
        ("a", 0, 14, "media_outlet"),
        ("b", 0, 7, "via"),
        ("c", 15, 26, "government"),
    )
    results = task["annotations"][0]["result"]
    results += [
        {"from_id": "c", "to_id": "b", "type": "relation", "direction": "right", "labels": []},
        {"value": {"choices": ["good"]}, "id": "z", "from_name": "quality", "type": "choices"},
        {"value": {"text": ["?"]}, "id": "a", "from_name": "note", "type": "textarea"},
    ]
    cancelled = {"result": [], "was_cancelled": True}
    other = {"result": results, "was_cancelled": False}
    task["annotations"] = [cancelled, *task["annotations"], other]
    path = tmp_path / "17.json"  # a target storage writes a task a file
    path.write_text(json.dumps(task), encoding="utf-8")
    imported = FORMATS["label-studio"].read(path)
    first, second = imported.articles[0].sentences
    assert (first.via, second.via) == ((), ((0, 7),))
    assert [line.partition(", task 17: ")[2] for line in imported.dropped] == [
        "1 more annotations dropped",
        "choices 'quality': 1 dropped",
        "result of type 'textarea': 1 dropped",
    ]


def test_label_studio_minimal_export_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "min.json"
    path.write_text('[{"text": "x", "id": 1, "label": [{"start": 0, "end": 1}]}]', encoding="utf-8")
    with pytest.raises(CorpusError, match="not JSON-MIN"):
        FORMATS["label-studio"].read(path)


def test_label_studio_text_that_was_changed_is_refused(tmp_path: Path) -> None:
    task = label_studio_task("It fell.", ("a", 0, 8, "unsourced"), a="It rose.")
    path = tmp_path / "changed.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"'It fell.' at 0-8, the annotation 'It rose.'"):
        FORMATS["label-studio"].read(path)


def test_label_studio_interface_offers_every_word() -> None:
    from xml.etree import ElementTree

    root = ElementTree.fromstring(LABEL_CONFIG)
    offered = {item.get("value") for item in root.iter() if item.tag in ("Label", "Choice")}
    assert offered >= {*LABELS, *IDENTIFIED, *MANNERS, "headline", "hedged", "needs", "via"}


def test_doccano_triples_as_exported(tmp_path: Path) -> None:
    # doccano sorts the triples and puts metadata beside them.
    line = {
        "id": 23,
        "text": "😀 The NIS said so. It fell.",
        "label": [
            [0, 18, "#3"],
            [0, 18, "intelligence_agency"],
            [0, 18, "named"],
            [2, 9, "Source"],
            [10, 14, "CUE"],
            [10, 14, "verb"],
            [19, 27, "unsourced"],
        ],
        "Comments": ["sure?"],
        "topic": "spies",
    }
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    imported = FORMATS["doccano"].read(path)
    (article,) = imported.articles
    assert article.id == "all-23"
    assert article.words(article.sentences[0].source) == "The NIS"
    assert article.words(article.sentences[0].cue) == "said"
    assert article.sentences[0].source_id == 3
    where = f"{path}, line 1"
    assert imported.dropped == [
        f"{where}: label 'verb': 1 dropped",
        f"{where}: comments: 1 dropped",
    ]


def test_doccano_with_relations_as_exported(tmp_path: Path) -> None:
    text = "Reuters wrote. He said so."
    spans = [(0, 14, "media_outlet"), (0, 7, "via"), (15, 26, "government"), (15, 26, "#2")]
    line = {
        "id": 6400,
        "text": text,
        "Comments": [],
        "entities": [
            {"id": 1662 + i, "label": label, "start_offset": start, "end_offset": end}
            for i, (start, end, label) in enumerate(spans)
        ],
        "relations": [{"id": 273, "from_id": 1664, "to_id": 1663, "type": "via1"}],
    }
    path = tmp_path / "admin.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    (article,) = read_all(path, "doccano")
    assert article.sentences[1].via == ((0, 7),)
    assert article.sentences[0].via == ()
    assert article.sentences[1].source_id == 2


def test_prodigy_db_out(tmp_path: Path) -> None:
    text = "It fell 📉, the NIS said."
    base = {
        "text": text,
        "_input_hash": -977724056,
        "_task_hash": -665543633,
        "_is_binary": False,
        "_view_id": "spans_manual",
        "tokens": [{"text": "It", "start": 0, "end": 2, "id": 0, "ws": True}],
        "spans": [
            {
                "start": 0,
                "end": 24,
                "token_start": 0,
                "token_end": 7,
                "label": "intelligence_agency",
            },
            {"start": 11, "end": 18, "token_start": 4, "token_end": 5, "label": "source"},
            {"text": "said", "start": 19, "end": 23, "pattern": -7, "label": "cue"},
        ],
        "meta": {"id": "cranes"},
    }
    lines = [{**base, "answer": "accept"}, {**base, "answer": "ignore"}]
    path = tmp_path / "annotations.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    imported = FORMATS["prodigy"].read(path)
    (article,) = imported.articles
    assert article.id == "cranes"
    assert article.words(article.sentences[0].source) == "the NIS"
    assert imported.dropped == [f"{path}, line 2: article answered 'ignore': dropped"]


BRAT_TEXT = "John loves\r\nMary 💩.\r\nHe married her, Reuters said.\r\n"


@pytest.mark.parametrize("crlf", [1, 2])
def test_brat_files_with_crlf_counted_either_way(crlf: int, tmp_path: Path) -> None:
    def at(offset: int) -> int:
        return offset - BRAT_TEXT[:offset].count("\r\n") * (2 - crlf)

    def line(name: str, kind: str, *words: str) -> str:
        spans = [words_at(BRAT_TEXT, piece) for piece in words]
        offsets = ";".join(f"{at(start)} {at(end)}" for start, end in spans)
        return f"{name}\t{kind} {offsets}\t{' '.join(words)}\r\n"

    content = "".join(
        [
            line("T1", "Sentence", "John loves", "Mary 💩."),  # a fragment a line
            line("T2", "media_outlet", "He married her, Reuters said."),
            line("T3", "Source", "Reuters"),
            line("T4", "Cue", "said"),
            "A1\tLabel T1 unsourced\r\nA2\tNeedsSource T1\r\nA3\tIdentified T2 named\r\n",
            "A4\tSourceNumber T2 5\r\nA5\tConfidence T2 low\r\n",
            "E1\tMarriage:T4 Who:T3\r\n*\tEquiv T3 T4\r\n#1\tAnnotatorNotes T1\tsure?\r\n",
            "R1\tSpouse Arg1:T3 Arg2:T4\t\r\n",
        ]
    )
    (tmp_path / "doc-1.txt").write_bytes(BRAT_TEXT.encode())
    (tmp_path / "doc-1.ann").write_bytes(content.encode())
    imported = FORMATS["brat"].read(tmp_path)
    (article,) = imported.articles
    first, second = article.sentences
    assert article.text == BRAT_TEXT
    assert article.words((first.start, first.end)) == "John loves\r\nMary 💩."
    assert article.words(second.source) == "Reuters"
    assert article.words(second.cue) == "said"
    assert (first.needs_source, second.identified, second.source_id) == (True, "named", 5)
    assert (first.paragraph, second.paragraph) == (0, 1)
    dropped = {line.removeprefix(f"{tmp_path / 'doc-1.ann'}: ") for line in imported.dropped}
    assert dropped == {
        "attribute 'Confidence': 1 dropped",
        "line of kind 'E': 1 dropped",
        "line of kind '*': 1 dropped",
        "line of kind '#': 1 dropped",
        "relation 'Spouse': 1 dropped",
    }


def test_brat_lines_that_are_written(tmp_path: Path) -> None:
    article = replace(parse_plain(PLAIN), id="news/cranes")
    FORMATS["brat"].write([article], tmp_path)
    lines = (tmp_path / "news_cranes.ann").read_text(encoding="utf-8").splitlines()
    assert (tmp_path / "news_cranes.txt").read_text(encoding="utf-8") == article.text
    assert lines[0] == "T1\tSentence 0 51\t📉 Cranes return to Port Veld, The Harbour Post says"
    assert "A1\tLabel T1 unsourced" in lines
    assert "A2\tHeadline T1" in lines
    assert "#1\tMeta T1\tid: news/cranes" in lines
    assert any(line.startswith("R1\tVia1 Arg1:T2 Arg2:T") for line in lines)
    assert (tmp_path / "annotation.conf").read_text(encoding="utf-8") == CONFIGURATION
    # One entity for the two relays, though two sentences have them.
    assert sum("\tVia " in line for line in lines) == 2


def test_brat_discontinuous_entity_is_filled_and_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("North and South America fell.", encoding="utf-8")
    (tmp_path / "a.ann").write_text(
        "T1\texpert 0 29\tNorth and South America fell.\nT2\tSource 0 5;16 23\tNorth America\n",
        encoding="utf-8",
    )
    imported = FORMATS["brat"].read(tmp_path / "a.txt")
    assert imported.articles[0].sentences[0].source == (0, 23)
    assert imported.dropped == [
        f"{tmp_path / 'a.ann'}: gap within a discontinuous entity: 1 dropped"
    ]


def test_brat_without_sentence_labels_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The CIA said so.", encoding="utf-8")
    (tmp_path / "a.ann").write_text("T1\tSource 0 7\tThe CIA\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="no span carries a sentence label"):
        FORMATS["brat"].read(tmp_path)


def test_conll_2003_columns_with_sentence_labels(tmp_path: Path) -> None:
    path = tmp_path / "news.conll"
    path.write_text(
        "-DOCSTART- -X- -X- O\n\n# sentence = intelligence_agency #1 named\n"
        "The DT B-NP I-Source\nNIS NNP I-NP I-Source\nsaid VBD B-VP B-Cue\nso RB O O\n\n"
        "# sentence = unsourced\n#Quito NN O O\nfell VBD O B-LOC\n. . O O\n\n"
        "# sentence =\nNobody NN O O\n\n"
        "-DOCSTART- -X- -X- O\n\n# sentence = unsourced needs\nIt PRP O O\n\n",
        encoding="utf-8",
    )
    imported = FORMATS["conll"].read(path)
    first, second = imported.articles
    assert first.text == "The NIS said so #Quito fell . Nobody"
    assert first.words(first.sentences[0].source) == "The NIS"
    assert first.words(first.sentences[0].cue) == "said"
    assert second.sentences[0].needs_source
    assert (first.id, second.id) == ("news-1", "news-2")
    assert imported.dropped == [
        f"{path}, article 1: sentences without a label: 1 dropped",
        f"{path}, article 1: label 'LOC': 1 dropped",
    ]


def test_conll_is_iob2_and_cuts_tokens_at_spans(tmp_path: Path) -> None:
    text = "Pro-Kyiv TV-reports differ."
    sentence = AnnotatedSentence(
        0,
        27,
        "media_outlet",
        source=(9, 11),
        cue=(12, 19),
        source_id=1,
        identified="named",
        manner="indirect",
    )
    article = AnnotatedArticle("x", text, (sentence,))
    FORMATS["conll"].write([article], tmp_path / "x.conll")
    lines = (tmp_path / "x.conll").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "\t" in line][4:] == [
        "TV\tB-Source",
        "-\tO",
        "reports\tB-Cue",
        "differ\tO",
        ".\tO",
    ]
    assert read_all(tmp_path / "x.conll", "conll") == [article]


def test_conll_reports_spans_that_overlap(tmp_path: Path) -> None:
    base = parse_plain("id: x\n\nexpert #1 named indirect | {s The study} found it.\n")
    sentence = replace(base.sentences[0], cue=(4, 15))
    source = write_jsonl_file(tmp_path / "in.jsonl", replace(base, sentences=(sentence,)))
    lost = convert(source, tmp_path / "out.conll", "jsonl", "conll")
    assert lost == ["cue span: 1 dropped or changed, in 1 articles"]


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([(0, 5, "unsourced"), (3, 9, "expert")], "overlap"),
        ([(0, 5, "unsourced"), (0, 5, "expert")], "both unsourced and expert"),
        ([(0, 5, "unsourced"), (0, 5, "named"), (0, 5, "described")], "both named and described"),
        ([(0, 99, "unsourced")], "outside the text"),
        ([(0, 5, "source")], "no span carries a sentence label"),
    ],
)
def test_regions_that_cannot_be_an_article(
    spans: list[tuple[int, int, str]], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"text": "It fell on us.", "label": spans}), encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        FORMATS["doccano"].read(path)


def test_spans_without_a_place_are_reported(tmp_path: Path) -> None:
    spans = [
        [0, 7, "unsourced"],
        [3, 10, "source"],
        [8, 14, "named"],
        [0, 2, "cue"],
        [3, 7, "cue"],
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text(json.dumps({"text": "It fell on us.", "label": spans}), encoding="utf-8")
    dropped = FORMATS["doccano"].read(path).dropped
    assert [line.partition("line 1: ")[2] for line in dropped] == [
        "'named' on no sentence: 1 dropped",
        "second cue in a sentence: 1 dropped",
        "source in no sentence: 1 dropped",
    ]


def test_edits_in_the_tool_are_respected(tmp_path: Path) -> None:
    """What travels through a tool untouched must not overrule what was changed there."""
    article = parse_plain(PLAIN)
    path = tmp_path / "d.jsonl"
    FORMATS["doccano"].write([article], path)
    record = json.loads(path.read_text(encoding="utf-8"))
    start, end = article.sentences[1].via[1]
    record["label"] = [item for item in record["label"] if item[:2] != [start, end]]  # Die Küste
    said = words_at(article.text, "reported")
    record["label"].append([*said, "via"])
    path.write_text(json.dumps(record), encoding="utf-8")
    (back,) = read_all(path, "doccano")
    assert back.sentences[1].via == (article.sentences[1].via[0], said)
    assert back.sentences[2].via == article.sentences[2].via[:1]


def test_convert_refuses_what_cannot_be_meant(tmp_path: Path) -> None:
    source = write_jsonl_file(tmp_path / "in.jsonl", parse_plain(PLAIN))
    with pytest.raises(CorpusError, match=r"no format 'xml'.*one of plain, jsonl"):
        convert(source, tmp_path / "out", "jsonl", "xml")
    with pytest.raises(CorpusError, match="the same"):
        convert(source, source, "jsonl", "doccano")
    with pytest.raises(CorpusError, match="cannot be read"):
        convert(tmp_path / "none.jsonl", tmp_path / "out", "doccano", "jsonl")
    with pytest.raises(CorpusError, match="a folder"):
        convert(tmp_path, tmp_path / "out", "prodigy", "jsonl")
    twice = write_jsonl_file(tmp_path / "twice.jsonl", *[parse_plain(PLAIN)] * 2)
    with pytest.raises(CorpusError, match="2 articles have the id 'cranes'"):
        convert(twice, tmp_path / "out", "jsonl", "brat")
    empty = write_jsonl_file(tmp_path / "empty.jsonl", AnnotatedArticle("e", "Text.", ()))
    with pytest.raises(CorpusError, match="no annotated articles"):
        convert(empty, tmp_path / "out", "jsonl", "brat")


def test_convert_leaves_other_files_of_a_folder_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "older.txt").write_text(PLAIN.replace("id: cranes", "id: older"), encoding="utf-8")
    source = write_jsonl_file(tmp_path / "in.jsonl", parse_plain(PLAIN))
    assert convert(source, out, "jsonl", "plain") == []
    assert sorted(file.name for file in out.iterdir()) == ["cranes.txt", "older.txt"]


def test_losses_name_missing_articles_and_sentences() -> None:
    article = parse_plain(PLAIN)
    assert describe_losses([article], []) == ["article: 1 dropped or changed, in 1 articles"]
    cut = replace(article, sentences=article.sentences[:-1])
    assert describe_losses([article], [cut]) == ["sentences: 1 dropped or changed, in 1 articles"]
    assert describe_losses([article], [article]) == []

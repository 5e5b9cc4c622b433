"""Our stand-off labels on PolNeAR's articles: they fit the texts, which stay outside."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence, find_faults
from attribution.corpus.polnear import SpanArticle, read_labelled, read_spans
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import LABELS

LABEL_FILE = Path(__file__).parent.parent / "datasets" / "polnear-labels.jsonl"
#: Relays that only a later sentence names: one transcript, named after the words it holds.
MAX_RELAYS_NAMED_LATER = 1


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    lines = LABEL_FILE.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def articles() -> list[AnnotatedArticle]:
    # As the fixture `private_data`, but for the module: the texts are read once.
    folder = os.environ.get("ATTRIBUTION_DATA")
    if not folder or not (Path(folder) / "polnear").is_dir():
        pytest.skip("ATTRIBUTION_DATA names no folder with polnear: private data is not here")
    return read_labelled(LABEL_FILE, Path(folder) / "polnear")


def spans_of(sentence: AnnotatedSentence) -> Iterator[Span]:
    yield from (span for span in (sentence.source, sentence.cue) if span)
    yield from sentence.via


# --- without the texts ---------------------------------------------------------------------------


def test_labels_alone_hold_no_text(records: list[dict[str, Any]]) -> None:
    allowed = {"corpus", "doc", "frame", "partial", "sentences"}
    words = {"label", "identified", "manner"}
    for record in records:
        assert set(record) <= allowed
        for sentence in record["sentences"]:
            strings = {key for key, value in sentence.items() if isinstance(value, str)}
            assert strings <= words


def test_labels_are_those_of_the_guidelines(records: list[dict[str, Any]]) -> None:
    found = {sentence["label"] for record in records for sentence in record["sentences"]}
    assert found == set(LABELS)


def test_an_article_is_labelled_once(records: list[dict[str, Any]]) -> None:
    names = [record["doc"] for record in records]
    assert len(set(names)) == len(names) > 100
    assert all(".." not in Path(name).parts and not Path(name).is_absolute() for name in names)


def test_sentences_are_in_order(records: list[dict[str, Any]]) -> None:
    for record in records:
        position = 0
        for sentence in record["sentences"]:
            assert position <= sentence["start"] < sentence["end"], record["doc"]
            position = sentence["end"]


# --- with the texts ------------------------------------------------------------------------------


def test_labels_are_sound(articles: list[AnnotatedArticle]) -> None:
    assert [fault for article in articles for fault in find_faults(article)] == []


def test_sentences_are_trimmed_and_begin_and_end_at_word_edges(
    articles: list[AnnotatedArticle],
) -> None:
    for article in articles:
        for sentence in article.sentences:
            words = article.words((sentence.start, sentence.end))
            assert words == words.strip() != "", article.id
            assert at_word_edges(article.text, (sentence.start, sentence.end)), (article.id, words)


def test_spans_stand_at_word_edges(articles: list[AnnotatedArticle]) -> None:
    wrong = [
        (article.id, article.words(span))
        for article in articles
        for sentence in article.sentences
        for span in spans_of(sentence)
        if not at_word_edges(article.text, span) or not article.words(span).strip()
    ]
    assert wrong == []


def at_word_edges(text: str, span: Span) -> bool:
    """Whether a span cuts no run of letters and digits."""
    start, end = span
    cuts_start = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    cuts_end = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not (cuts_start or cuts_end)


def test_relays_are_named_in_the_article_so_far(articles: list[AnnotatedArticle]) -> None:
    later = [
        (article.id, article.words(span))
        for article in articles
        for sentence in article.sentences
        for span in sentence.via
        if not 0 <= span[0] < span[1] <= sentence.end
    ]
    assert len(later) <= MAX_RELAYS_NAMED_LATER, later


def test_spans_of_the_corpus_are_read(private_data: Path) -> None:
    articles = list(read_spans(private_data / "polnear"))
    assert len(articles) > 500
    assert len({article.id for article in articles}) == len(articles)
    for article in articles:
        for span in (*article.source, *article.cue, *article.content):
            assert 0 <= span[0] < span[1] <= len(article.text)
    check_words(articles)


def check_words(articles: list[SpanArticle]) -> None:
    """The commonest cue is "said", and sources do not begin with a blank: offsets are right."""
    cues = [article.text[start:end] for article in articles for start, end in article.cue]
    assert max(set(cues), key=cues.count) == "said"
    sources = [article.text[start:end] for article in articles for start, end in article.source]
    assert sum(words == words.strip() for words in sources) > 0.99 * len(sources)


# --- folders that hold nothing -------------------------------------------------------------------


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no train/text"):
        list(read_spans(tmp_path))


def test_a_missing_text_is_named(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    with pytest.raises(CorpusError, match="cannot be read") as caught:
        read_labelled(LABEL_FILE, tmp_path)
    assert str(tmp_path / records[0]["doc"]) in str(caught.value)


def test_one_article_of_several_annotators_is_read_once(tmp_path: Path) -> None:
    texts, annotations = tmp_path / "train" / "text", tmp_path / "train" / "attributions"
    texts.mkdir(parents=True)
    annotations.mkdir()
    (texts / "a.txt").write_bytes("Ann said:\r\n“No.”\n".encode())
    (annotations / "a_0b1c.ann").write_text(
        "T1\tSource 0 3\tAnn\nT2\tCue 4 8\tsaid\nT3\tContent 11 12;13 15\t“ o.\nR1\tx T1 T2\n",
        encoding="utf-8",
    )
    (annotations / "a_ffff.ann").write_text("T1\tSource 4 8\tsaid\n", encoding="utf-8")
    (article,) = read_spans(tmp_path)
    assert article.id == "a"
    assert (article.source, article.cue) == (((0, 3),), ((4, 8),))
    assert article.content == ((11, 12), (13, 15))  # fragments, apart
    assert article.text[11] == "“"  # the line break is two characters, as in the file

"""The plain-text format: articles come back unchanged, and every fault names file and line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.corpus.annotated import (
    AnnotatedArticle,
    AnnotatedSentence,
    find_faults,
    from_record,
    to_record,
)
from attribution.corpus.plain import parse_plain, read_plain, write_plain
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS, UNSOURCED

ARTICLES = sorted((Path(__file__).parent.parent / "datasets" / "articles").glob("*.txt"))
FICTION = "written for training; events and people are invented"
EXAMPLE = """\
fiction: written for training; events and people are invented
id: harbour-cranes
outlet: The Harbour Post
frame: Orbita News < The Harbour Post

unsourced headline | Cranes return to Port Veld

media_outlet #1 named indirect needs | {c According to} {s Orbita News}, two cranes came back, {v1 The Harbour Post} writes.
unsourced | It rained \\{hard\\} on C:\\\\port | all day.

individual #2 named direct hedged via "Orbita News" | “No,” {c said} {s Ann Holt}.
"""  # noqa: E501


def test_reads_what_is_written() -> None:
    article = parse_plain(EXAMPLE)
    assert article.id == "harbour-cranes"
    assert article.meta == {"fiction": FICTION, "outlet": "The Harbour Post"}
    assert [article.words(span) for span in article.frame] == ["Orbita News", "The Harbour Post"]
    title, first, rain, last = article.sentences
    assert article.text == (
        "Cranes return to Port Veld\n\nAccording to Orbita News, two cranes came back, The Harbour"
        " Post writes. It rained {hard} on C:\\port | all day.\n\n“No,” said Ann Holt."
    )
    assert (title.label, title.headline, title.paragraph) == (UNSOURCED, True, 0)
    assert (first.label, first.source_id, first.identified, first.manner) == (
        "media_outlet", 1, "named", "indirect",
    )  # fmt: skip
    assert first.needs_source and not first.hedged and first.paragraph == 1
    assert article.words(first.source) == "Orbita News"
    assert article.words(first.cue) == "According to"
    assert [article.words(span) for span in first.via] == ["The Harbour Post"]
    assert rain.paragraph == 1 and not rain.attributed
    assert last.hedged and article.words(last.source) == "Ann Holt"
    # A carried relay is where it was named last.
    (relay,) = last.via
    assert article.words(relay) == "Orbita News" and relay[0] == article.text.rfind("Orbita News")
    assert list(find_faults(article)) == []


def test_the_example_comes_back_unchanged() -> None:
    article = parse_plain(EXAMPLE)
    assert parse_plain(write_plain(article)) == article


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem[:3])
def test_every_article_of_ours_comes_back_unchanged(path: Path, tmp_path: Path) -> None:
    article = read_plain(path)
    copy = tmp_path / path.name
    copy.write_text(write_plain(article), encoding="utf-8", newline="\n")
    assert read_plain(copy) == article
    assert write_plain(read_plain(copy)) == write_plain(article)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem[:3])
def test_every_article_of_ours_is_sound_and_marked_as_fiction(path: Path) -> None:
    article = read_plain(path)
    assert list(find_faults(article)) == []
    assert article.id == path.stem
    assert article.meta["fiction"] == FICTION


# --- any article ---------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=5
) | st.sampled_from(["{s", "}", "\\", "|", "{c said}", '"', "#1", "via", "<", ":", "{", "News"])


@st.composite
def spans_within(draw: st.DrawFn, words: list[Span], most: int) -> list[Span]:
    """Draw up to `most` runs of words that do not overlap, in any order."""
    cuts = draw(st.lists(st.integers(0, len(words)), max_size=2 * most, unique=True).map(sorted))
    runs = [(words[a][0], words[b - 1][1]) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return draw(st.permutations(runs))


@st.composite
def articles(draw: st.DrawFn) -> AnnotatedArticle:
    """An article that the guidelines allow, of arbitrary words."""
    text = ""
    sentences: list[AnnotatedSentence] = []
    paragraph = 0
    for number in range(draw(st.integers(0, 5))):
        starts_paragraph = draw(st.booleans()) and number > 0
        paragraph += starts_paragraph
        text += "" if number == 0 else "\n\n" if starts_paragraph else " "
        start = len(text)
        places: list[Span] = []
        for word in draw(st.lists(WORDS, min_size=1, max_size=6)):
            text += " " if places else ""
            places.append((len(text), len(text) + len(word)))
            text += word
        sentences.append(draw(annotated_sentences(start, len(text), paragraph, places)))
    framed = draw(st.booleans())
    frame = tuple((first.start, first.end) for first in sentences[:1] if framed)
    meta = draw(st.dictionaries(st.sampled_from(["outlet", "kind"]), WORDS, max_size=2))
    return AnnotatedArticle("an-article", text, tuple(sentences), frame, meta)


@st.composite
def annotated_sentences(
    draw: st.DrawFn, start: int, end: int, paragraph: int, places: list[Span]
) -> AnnotatedSentence:
    label = draw(st.sampled_from(LABELS))
    needs, headline = draw(st.booleans()), draw(st.booleans())
    if label == UNSOURCED:
        return AnnotatedSentence(start, end, label, needs, paragraph, headline)
    source, cue, *via = [*draw(spans_within(places, 4)), None, None, None, None][:4]
    return AnnotatedSentence(
        start,
        end,
        label,
        needs,
        paragraph,
        headline,
        source_id=draw(st.integers(0, 20)),
        identified=draw(st.sampled_from(IDENTIFIED)),
        manner=draw(st.sampled_from(MANNERS)),
        hedged=draw(st.booleans()),
        source=source,
        cue=cue,
        via=tuple(span for span in via if span),
    )


def check_round_trip(article: AnnotatedArticle) -> None:
    """What is written comes back, or is refused in one line; it is never changed.

    A frame and a carried relay are kept by their words: which mention of them is meant may change.
    """
    try:
        written = write_plain(article)
    except CorpusError as error:
        assert "\n" not in str(error)
        return
    assert _by_words(parse_plain(written)) == _by_words(article)


def _by_words(article: AnnotatedArticle) -> tuple[AnnotatedArticle, list[object]]:
    carried: list[object] = [[article.words(span) for span in article.frame]]
    sentences = []
    for sentence in article.sentences:
        inside = tuple(span for span in sentence.via if span[0] >= sentence.start)
        carried.append([article.words(span) for span in sentence.via if span not in inside])
        sentences.append(replace(sentence, via=inside))
    return replace(article, sentences=tuple(sentences), frame=()), carried


@settings(deadline=None, max_examples=300)
@given(articles())
def test_any_article_comes_back_unchanged(article: AnnotatedArticle) -> None:
    assert list(find_faults(article)) == []
    check_round_trip(article)


@settings(deadline=None)
@given(articles())
def test_any_article_comes_back_from_json(article: AnnotatedArticle) -> None:
    assert from_record(to_record(article)) == article
    standoff = to_record(article, text=False)
    assert "text" not in standoff
    assert from_record(standoff, article.text) == article


def make_article(text: str, *sentences: AnnotatedSentence, **fields: Any) -> AnnotatedArticle:
    return AnnotatedArticle("a", text, sentences, **fields)


def attributed(start: int, end: int, **fields: Any) -> AnnotatedSentence:
    return AnnotatedSentence(
        start, end, "expert", source_id=1, identified="named", manner="direct", **fields
    )


UNKEPT = {
    "another gap": make_article(
        "One.  Two.", AnnotatedSentence(0, 4, UNSOURCED), AnnotatedSentence(6, 10, UNSOURCED)
    ),
    "text before the first sentence": make_article("x One.", AnnotatedSentence(2, 6, UNSOURCED)),
    "text after the last sentence": make_article("One. x", AnnotatedSentence(0, 4, UNSOURCED)),
    "a line break in a sentence": make_article("One\nTwo.", AnnotatedSentence(0, 8, UNSOURCED)),
    "a blank at the end of a sentence": make_article("One. ", AnnotatedSentence(0, 5, UNSOURCED)),
    "a relay that was named twice": make_article(
        "Veld Veld. Two.",
        AnnotatedSentence(0, 10, UNSOURCED),
        attributed(11, 15, via=((0, 4),)),
    ),
    "quotation marks in a carried relay": make_article(
        'The "V" News. Two.',
        AnnotatedSentence(0, 13, UNSOURCED),
        attributed(14, 18, via=((0, 12),)),
    ),
    "overlapping marks": make_article(
        "Ann Holt said.", attributed(0, 14, source=(0, 8), cue=(4, 13))
    ),
    "a frame that is named twice": make_article(
        "Veld Veld.", AnnotatedSentence(0, 10, UNSOURCED), frame=((5, 9),)
    ),
    "a frame with an arrow": make_article(
        "A < B.", AnnotatedSentence(0, 6, UNSOURCED), frame=((0, 5),)
    ),
    "ten relays": make_article(
        "a b c d e f g h i j k", attributed(0, 21, via=tuple((k, k + 1) for k in range(0, 21, 2)))
    ),
    "a header that is no line": make_article(
        "One.", AnnotatedSentence(0, 4, UNSOURCED), meta={"note": "a\nb"}
    ),
    "a header with a colon in its key": make_article(
        "One.", AnnotatedSentence(0, 4, UNSOURCED), meta={"a:b": "c"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("article", UNKEPT.values(), ids=UNKEPT.keys())
def test_what_cannot_be_kept_is_refused_or_kept(article: AnnotatedArticle) -> None:
    check_round_trip(article)


# --- faults --------------------------------------------------------------------------------------

BASE = "id: a\n\nunsourced | Reuters left.\n"
FAULTS = {
    "header without a colon": ("id a\n\nunsourced | One.", 1, "a header line is 'key: value'"),
    "no bar": ("id: a\n\nunsourced One.", 3, "no ' | '"),
    "bar without blanks": ("id: a\n\nunsourced|One.", 3, "no ' | '"),
    "no label": ("id: a\n\nneeds | One.", 3, "no label before the bar"),
    "nothing before the bar": ("id: a\n\n | One.", 3, "no label before the bar"),
    "unknown label": ("id: a\n\nunsorced | One.", 3, "unknown word 'unsorced'"),
    "unknown word": ("id: a\n\nunsourced loud | One.", 3, "unknown word 'loud'"),
    "no number": ("id: a\n\nexpert #x named direct | One.", 3, "unknown word '#x'"),
    "two labels": ("id: a\n\nexpert military | One.", 3, "label is given twice"),
    "two numbers": ("id: a\n\nexpert #1 #2 | One.", 3, "source_id is given twice"),
    "two manners": ("id: a\n\nexpert direct mixed | One.", 3, "manner is given twice"),
    "empty sentence": (f"{BASE}unsourced | ", 4, "the sentence is empty"),
    "stray opening brace": (f"{BASE}unsourced | It {{rained.", 4, "a stray brace"),
    "stray closing brace": (f"{BASE}unsourced | It rained}}.", 4, "a stray brace"),
    "unknown mark": (f"{BASE}expert | {{x It}} rained.", 4, "a stray brace"),
    "open mark": (f"{BASE}expert | {{s It rained.", 4, "the {s mark is not closed"),
    "nested marks": (f"{BASE}expert | {{s It {{c rained}}}}.", 4, "a {c mark inside another"),
    "two sources": (f"{BASE}expert | {{s It}} {{s rained}}.", 4, "two {s marks in one sentence"),
    "unnamed relay": (f'{BASE}expert via "AFP" | It rained.', 4, "'AFP' is not named earlier"),
    "relay named later": (
        'id: a\n\nexpert via "AFP" | It rained.\nunsourced | AFP left.', 3, "not named earlier",
    ),
    "number with another digit": ("id: a\n\nexpert #² | One.", 3, "unknown word '#²'"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "line", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_every_fault_names_file_and_line(
    content: str, line: int, fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "article.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_plain(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}: ") and fault in message
    assert "\n" not in message


def test_frame_that_the_text_does_not_name(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("id: a\nframe: AFP\n\nunsourced | One.", encoding="utf-8")
    with pytest.raises(CorpusError, match=re.escape(f"{path}: the frame names 'AFP'")):
        read_plain(path)


@pytest.mark.parametrize("data", [b"id: a\n\nunsourced | Caf\xe9.", None])
def test_unreadable_file(data: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(CorpusError, match=re.escape(f"{path}: cannot be read")):
        read_plain(path)


def test_the_id_is_the_file_name_where_none_is_given(tmp_path: Path) -> None:
    path = tmp_path / "veld.txt"
    path.write_text("outlet: x\n\nunsourced | One.", encoding="utf-8")
    assert read_plain(path).id == "veld"


def test_faults_of_the_guidelines_are_found() -> None:
    sentences = (
        attributed(0, 4, source=(2, 6)),
        AnnotatedSentence(5, 9, "expert"),
        AnnotatedSentence(5, 9, UNSOURCED, source_id=1),
        AnnotatedSentence(5, 99, UNSOURCED),
    )
    faults = list(find_faults(make_article("One. Two.", *sentences, frame=((3, 99),))))
    assert faults == [
        "a, sentence 0: the source span 2-6 lies outside the sentence",
        "a, sentence 1: expert without a source number",
        "a, sentence 1: expert without named, described or anonymous",
        "a, sentence 1: expert without direct, mixed or indirect",
        "a, sentence 2: unsourced, yet with a source, cue, relay, manner or source number",
        "a, sentence 3: the span 5-99 lies outside the text",
        "a: the frame span 3-99 lies outside the text",
    ]

"""Sentences: known slips are mended, and spans always are the sentences, for any Unicode text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.document import Document
from attribution.sentences import join_sentences, split_text

# Any Unicode text, and texts dense in what the splitter looks at.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
NEWS_PIECES = st.sampled_from(
    ["Ms.", "Gen. Ro", "5 p.m.", "Monday", "U.S.", "J. F.", "He said", "“", "”", '"', "'", ")", ".",
     "?", "!", "…", ",", "\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\t", "\u00a0", "\u200b",
     "é", "İ", "😀", "No. 4", "ends.", "Next"]
)  # fmt: skip
DENSE_TEXT = st.lists(NEWS_PIECES, max_size=40).map(" ".join) | st.lists(
    NEWS_PIECES, max_size=40
).map("".join)
TEXTS = ANY_TEXT | DENSE_TEXT


def words(document: Document) -> list[str]:
    return [document.words((sentence.start, sentence.end)) for sentence in document.sentences]


@pytest.mark.parametrize(
    "sentences",
    [
        # titles before a name
        ["Ms. Park said no.", "It rained."],
        ["He met Gen. Okafor in Kabul.", "They spoke."],
        ["Sen. Ann Lee spoke.", "Rep. Tom Fox did not."],
        ["Then Lt. Col. Reyes and Capt. Ito left.", "Nobody followed."],
        ["The court heard Dr. Amin.", "Prof. Weil was ill."],
        ["They crossed St. Anne Street.", "It was closed."],
        ["He wore No. 10 for years.", "Now he coaches."],
        # times before a weekday, a zone, a lower-case word
        ["The blast came at 5 p.m. Monday.", "Nobody was hurt."],
        ["Polls close at 8 p.m. EST.", "Counting starts at once."],
        ["At 6 a.m. on Friday the ferry left.", "It came back."],
        ["It began at 9 a.m. local time.", "It ended late."],
        # but a time also ends a sentence
        ["He left at 5 p.m.", "The doors closed."],
        # initials in a name
        ["President John F. Kennedy spoke.", "The crowd cheered."],
        ["Then J. K. Osei and Ruth B. Tal signed.", "It was done."],
        # quotations stay whole, and a closing mark goes with its sentence
        ["“We are glad. We will go on.”", "She left."],
        ["“We will not go,” he said.", "“We will stay.”"],
        ['"We are done."', '"No," he said.'],
        # no cut within a word
        ["The head of the A.F.L.-C.I.O. spoke.", "Ann Roe, R-S.C., a judge, agreed."],
        # decimals, abbreviations within
        ["It cost $4.5 million.", "The U.S. Army paid."],
    ],
)
def test_splits_as_a_reader_would(sentences: list[str]) -> None:
    assert words(split_text(" ".join(sentences))) == sentences


@pytest.mark.parametrize("mark", ["”", '"', "»", "’", "”."])
def test_closing_mark_alone_is_no_sentence(mark: str) -> None:
    document = split_text(f"He said that it was over. {mark} Nobody moved.")
    assert words(document) == [f"He said that it was over. {mark}", "Nobody moved."]


@pytest.mark.parametrize("marks", ["”", "’”", "’ ”", '"'])
def test_closing_marks_do_not_open_the_next_sentence(marks: str) -> None:
    # The last paragraph of a quotation that was opened further up.
    document = split_text(f"We told him that it was over.{marks} Nobody moved.")
    assert words(document) == [f"We told him that it was over.{marks}", "Nobody moved."]


@pytest.mark.parametrize(
    "sentences",
    [
        ["They went to plan B.", "The next day came."],
        ["Was he there?", "No.", "He left."],
        ["She lives on Main St.", "Then she works."],
        ["The children need vitamin C.", "It helps."],
    ],
)
def test_mending_does_not_join_real_sentences(sentences: list[str]) -> None:
    assert words(split_text(" ".join(sentences))) == sentences


def test_line_break_ends_paragraph_and_sentence() -> None:
    document = split_text("No stop here\nIt rained. It snowed.\r\n\r\nThe end.\u2029Really.")
    assert words(document) == ["No stop here", "It rained.", "It snowed.", "The end.", "Really."]
    assert [sentence.paragraph for sentence in document.sentences] == [0, 1, 1, 2, 3]


def test_text_is_kept_exactly() -> None:
    text = "\ufeff  One\r\n\r\n\tTwo.  Three.\x00 \n"
    assert split_text(text).text == text


def test_fields_of_the_document_are_passed_on() -> None:
    document = split_text("It rained.", id="a", outlet="The Veld Courier", warnings=("odd",))
    assert (document.id, document.outlet, document.warnings) == ("a", "The Veld Courier", ("odd",))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ferry sinks off Port Veld\n\nIt rained. It sank.", "Ferry sinks off Port Veld"),
        ("It rained.\n\nIt sank.", None),  # ends like a sentence
        ("“It sank”\n\nIt rained.", None),
        ("Ferry sinks. Boats rush\nIt rained.", None),  # two sentences
        ("Ferry sinks", None),  # nothing below it
        ("word " * 60 + "\nIt rained.", None),  # too long for a headline
        ("", None),
    ],
)
def test_headline(text: str, title: str | None) -> None:
    document = split_text(text)
    assert (document.words(document.title) if document.title else None) == title


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\u2028"])
def test_blank_text_has_no_sentences(text: str) -> None:
    assert split_text(text).sentences == ()


@settings(deadline=None)
@given(TEXTS)
def test_spans_are_the_sentences(text: str) -> None:
    document = split_text(text)
    assert document.text == text
    position = 0
    for sentence in document.sentences:
        assert position <= sentence.start < sentence.end <= len(text)  # in order, no overlap
        assert not text[position : sentence.start].strip()  # nothing lost between two
        piece = text[sentence.start : sentence.end]
        assert piece == piece.strip()
        assert not set(piece) & set("\r\n\u2028\u2029")
        position = sentence.end
    assert not text[position:].strip()


@settings(deadline=None)
@given(TEXTS)
def test_paragraphs_count_up_and_hold_no_line_break(text: str) -> None:
    sentences = split_text(text).sentences
    for left, right in pairwise(sentences):
        breaks = set(text[left.end : right.start]) & set("\r\n\u2028\u2029")
        assert right.paragraph > left.paragraph if breaks else right.paragraph == left.paragraph


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), max_size=20))
def test_presplit_sentences_line_up_with_the_input(sentences: list[str]) -> None:
    document = join_sentences(sentences, id="x")
    assert words(document) == sentences
    assert document.text == " ".join(sentences)
    assert document.id == "x"
    assert {sentence.paragraph for sentence in document.sentences} <= {0}

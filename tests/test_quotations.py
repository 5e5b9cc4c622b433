"""Quotation marks: every style, apostrophes that are none, quotations that run over paragraphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.quotations import Quotations, find_quotations
from attribution.sentences import split_text
from attribution.tokens import TokenBatch, tokenize

PIECES = st.sampled_from(
    ["“", "”", '"', "„", "«", "»", "‹", "›", "‘", "’", "'", "``", "''", "No", "s", ".", ",", " ",
     "\n", "\r\n", "\u2028", "(", ")", "—", "’s", "he said"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def read(*texts: str) -> tuple[TokenBatch, Quotations]:
    batch = tokenize([split_text(text) for text in texts])
    return batch, find_quotations(batch)


def quoted(*texts: str) -> list[str]:
    _, found = read(*texts)
    text = "\n\n".join(texts)  # as written: a batch holds one style of marks
    spans = zip(found.start.tolist(), found.end.tolist(), strict=True)
    return [text[start:end] for start, end in spans]


def runs(*texts: str) -> list[int]:
    return [int(run) for run in read(*texts)[1].run]


@pytest.mark.parametrize(
    "quotation",
    [
        '"No way"', "“No way”", "„No way“", "„No way”", "«No way»", "»No way«", "‹No way›",
        "›No way‹", "``No way''", "''No way''", "‘No way’", "‘No way,’", "'No way,'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["{} he said.", "He said {}", "He ({}) left.", "{}\nHe left."])
def test_every_style_of_mark(quotation: str, frame: str) -> None:
    assert quoted(frame.format(quotation)) == [quotation]


@pytest.mark.parametrize(
    "text",
    [
        "It's the workers' pay and the '90s band's.",
        "It’s the workers’ pay and the ’90s band’s.",
        "Rock ’n’ roll isn't dead, y'all.",
        "He is 6'2 tall.",
        "No marks at all.",
        "",
    ],
)
def test_apostrophes_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("“It’s the workers’ pay,” he said.", ["“It’s the workers’ pay,”"]),
        ("‘It’s the workers’ pay,’ he said.", ["‘It’s the workers’ pay,’"]),
        ("'It's the workers' pay,' he said.", ["'It's the workers' pay,'"]),
        ("“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”"]),
        ("‘He told me “no” twice,’ she said.", ["‘He told me “no” twice,’"]),
        ("“No,” he said. “Never.”", ["“No,”", "“Never.”"]),
        ('"No," he said. "Never."', ['"No,"', '"Never."']),
        ('"No." "Never."', ['"No."', '"Never."']),
        ('The 12" disc was loud.', []),
    ],
)
def test_outermost_quotations(text: str, spans: list[str]) -> None:
    assert quoted(text) == spans


@pytest.mark.parametrize("mark", ["“", '"', "«", "‘", "``"])
def test_quotation_runs_over_paragraphs(mark: str) -> None:
    text = f"{mark}We are glad.\n\n{mark}We will stay.\n{mark}We will."
    assert runs(text) == [1, 1, 1]


@pytest.mark.parametrize("blank", ["\n", "\r\n\r\n", "  \n \n", "\n\t"])
def test_blanks_between_paragraphs_do_not_end_the_run(blank: str) -> None:
    assert runs(f"“We are glad.{blank}“We will stay.”") == [1, 1]


def test_a_closed_quotation_ends_the_run() -> None:
    assert runs("“We are glad.\n“We stay,” he said. “Really.”\n“No,” she said.") == [1, 1, 2, 3]


def test_another_paragraph_between_ends_the_run() -> None:
    assert runs("“We are glad.\nHe left.\n“We stay.”") == [1, 2]


def test_another_mark_begins_another_run() -> None:
    assert runs("“We are glad.\n«We stay.»") == [1, 2]
    assert runs('“We are glad.\n"We stay."') == [1, 1]


def test_unclosed_quotation_ends_with_its_paragraph() -> None:
    assert quoted("He said: “We are glad. We stay.\nHe left.") == ["“We are glad. We stay."]
    assert quoted("“We are glad. We") == ["“We are glad. We"]


def test_tokens_inside_include_the_marks() -> None:
    batch, found = read("He said “no way” twice.")
    inside = [batch.token(k) for k in np.flatnonzero(found.inside).tolist()]
    assert inside == ["“", "no", "way", "”"]


def test_runs_do_not_cross_documents() -> None:
    first, second = runs("“We are glad.", "“We stay,” he said.")
    assert first != second


def test_an_apostrophe_finds_no_mate_in_the_next_document() -> None:
    alone = quoted("He said 'no way.")
    assert alone == []
    assert quoted("He said 'no way.", "Rain fell on the workers.' Snow fell.") == []


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_spans_and_tokens_agree(texts: list[str]) -> None:
    batch, found = read(*texts)
    position = 0
    for start, end in zip(found.start.tolist(), found.end.tolist(), strict=True):
        assert position <= start < end <= len(batch.text)
        assert not set(batch.text[start:end]) & set("\r\n\u2028\u2029")
        position = end
    assert (np.diff(found.run) >= 0).all()
    for token, span in enumerate(found.token.tolist()):
        inside = (found.start <= batch.start[token]) & (batch.start[token] < found.end)
        assert np.flatnonzero(inside).tolist() == ([] if span < 0 else [span])


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=3))
def test_a_batch_gives_the_quotations_of_its_documents(texts: list[str]) -> None:
    assert quoted(*texts) == [span for text in texts for span in quoted(text)]

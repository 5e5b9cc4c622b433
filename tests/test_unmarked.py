"""Speech without quotation marks: turns of a transcript, block quotations."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from gold_reading import read_gold
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.manner import read_manners
from attribution.sentences import join_sentences, split_text
from attribution.tokens import TokenBatch, tokenize
from attribution.unmarked import STATES, UnmarkedSpeech, find_unmarked

INTERVIEW = [
    "The river board's director, Ines Holm, has read the report twice.",
    "She spoke at her office in Velden on Monday.",
    "Q: When was the dam last inspected?",
    "A: In March. Two engineers walked it.",
    "Q: What did they find?",
    "A: A crack as long as my arm.",
    "Was I worried? No.",
    "Q: And now?",
    "A: Now we wait.",
    "The board meets again on Friday.",
]


def read(*paragraphs: str) -> tuple[TokenBatch, UnmarkedSpeech]:
    batch = tokenize([split_text("\n\n".join(paragraphs))])
    return batch, find_unmarked(batch)


def turns(*paragraphs: str) -> list[str]:
    """Return, for each sentence, "" outside a transcript, else its speaker: ? for who asks."""
    batch, found = read(*paragraphs)
    said = []
    for s, turn in enumerate(found.turn.tolist()):
        first, last = found.label[turn].tolist()
        label = " ".join(batch.surfaces[first:last]) if turn >= 0 and first >= 0 else "-"
        said.append("" if turn < 0 else label + "?" * bool(found.asks[s]))
    return said


def test_turns_run_over_paragraphs_to_the_next_label() -> None:
    assert turns(*INTERVIEW) == [
        "", "", "Q?", "A", "A", "Q?", "A", "A", "A", "Q?", "A", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asking", "answering", "ask", "answer"),
    [
        ("Q. ", "A. ", "Q?", "A"),
        ("Question: ", "Answer: ", "Question?", "Answer"),
        ("MARLOWE: ", "OKAFOR: ", "MARLOWE?", "OKAFOR"),
        ("THE FACTS: ", "Sen. Anna de Vries (D): ", None, None),
        ("The Post: ", "Okafor: ", "The Post?", "Okafor"),
        ("BT: ", "Sen. Anna de Vries (D): ", "BT?", "Sen . Anna de Vries ( D )"),
    ],
)
def test_labels_of_many_styles(
    asking: str, answering: str, ask: str | None, answer: str | None
) -> None:
    paragraphs = [f"{asking}Why so?", f"{answering}No reason.", f"{asking}And then?",
                  f"{answering}Nothing."]  # fmt: skip
    said = turns("A talk.", *paragraphs)
    if ask is None:
        assert set(said) == {""}  # one label alone makes no conversation
    else:
        # "Q." is a sentence of its own to the splitter: a turn counts once.
        assert [label for label, _ in groupby(said[1:])] == [ask, answer, ask, answer]


def test_a_headline_ends_a_turn_and_opens_none() -> None:
    said = turns("What the river took", *INTERVIEW[:-1], "What the rain left", *INTERVIEW)
    assert said[10:15] == ["Q?", "A", "", "", ""]
    assert said[1:12] == said[13:24]
    parted = turns(*INTERVIEW[:7], "On the rain", *INTERVIEW[7:])
    assert parted[6:11] == ["A", "A", "A", "", "Q?"]
    flash = ["FLASH: City approves cable car", "Cost: nine million.", "It opens in May."]
    assert set(turns(*flash, *flash)) == {""}


def test_messages_in_one_paragraph_end_with_it() -> None:
    said = turns(
        "Diver: Is it ready? Mechanic: Since noon. It has fuel.", "The clerk stopped there.",
        "Diver: Call him. Mechanic: He is off.", "Holm was not there.",
    )  # fmt: skip
    assert said == ["Diver", "Mechanic", "Mechanic", "", "Diver", "Mechanic", ""]


def test_who_asks_is_told_by_the_questions() -> None:
    _, found = read(
        "Marlowe: What happened?", "Okafor: We left.", "Marlowe: Why?", "Okafor: It was late.",
        "Marlowe: Thank you.", "Okafor: Was that all?",
    )  # fmt: skip
    assert found.asks.tolist() == [True, False, True, False, True, False]


def test_a_drop_capital_that_ran_into_the_question() -> None:
    said = turns("QWhat happened?", "A: We left.", "QWhy did you?", "A: It was late.")
    assert said == ["-?", "A", "-?", "A"]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["Where: the old harbour.", "When: at noon.", "Cost: nothing.", "Tickets: none."],
        ["Holm: We left.", "The rain went on.", "It was late."],
        ["The time: noon.", "The cost: ten.", "The place: here.", "The bar: open."],
        ["The old time: noon.", "The new time: one."] * 2,
        ["It was clear: nobody came.", "It was clear: nobody left."] * 3,
    ],
)
def test_lists_are_no_transcripts(paragraphs: list[str]) -> None:
    assert set(turns(*paragraphs)) == {""}


def test_a_block_quotation_follows_a_colon() -> None:
    _, found = read(
        "The Courier wrote:", "Four days were lost. Nobody asked why.", "A second paragraph.",
        "“Enough,” said Holm.",
    )  # fmt: skip
    assert found.introduction.tolist() == [-1, 0, 0, 0, -1]
    assert found.depth.tolist() == [0, 1, 1, 2, 0]


def test_no_block_follows_a_colon_within_a_paragraph_or_a_quotation() -> None:
    for paragraphs in (
        ["Holm wrote: We left.", "It rained."],
        ["Holm wrote:", "“We left.”", "It rained."],
        ["It ended with a colon:"],
    ):
        assert not read(*paragraphs)[1].depth.any()


def test_questions_are_not_held_by_who_introduces_the_interview() -> None:
    _, found = read("Ines Holm told us:", "Q: Why?", "A: No reason.", "Q: And?", "A: Nothing.")
    assert not found.depth.any()
    assert (found.turn >= 0).tolist() == [False, True, True, True, True]


def test_a_word_that_begins_like_a_question() -> None:
    said = turns("Q: Why?", "Holm: No reason.", "QAnon grew fast.", "Q: And?", "Holm: Nothing.")
    assert said == ["Q?", "Holm", "Holm", "Q?", "Holm"]


def test_states_name_turns_and_blocks() -> None:
    batch, found = read("Holm wrote:", "We left.", "It rained.", "Places:", "Velden.")
    cued = np.array([True, False, False, False, False])
    assert [STATES[k] for k in found.states(cued)] == [
        "", "cued block", "cued block later", "cued block later", "block",
    ]  # fmt: skip
    assert batch.n_sentences == 5


PIECES = st.sampled_from(["Q:", "A:", "Holm:", "QWhy", "?", ".", ":", " ", "\n", "\n\n", "we left",
                          "“", "”", "Ann Holm", "("])  # fmt: skip


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=40).map("".join))
def test_marks_stay_in_their_document(one: str, other: str) -> None:
    documents = [split_text(one), join_sentences(["", *other.split("\n")])]
    batch = tokenize(documents)
    found = find_unmarked(batch)
    alone = [find_unmarked(tokenize([document])) for document in documents]
    first = int(batch.document_ptr[1])
    for name in ("turn", "start", "introduction"):
        both, parts = getattr(found, name), [getattr(each, name) for each in alone]
        shifted = np.where(parts[1] >= 0, parts[1] + first, -1)
        assert both.tolist() == [*parts[0].tolist(), *shifted.tolist()]
    for name in ("asks", "depth"):
        parts = [getattr(each, name).tolist() for each in alone]
        assert getattr(found, name).tolist() == [*parts[0], *parts[1]]


QA = (
    "unsourced | {name} has read the report twice.",
    "",
    "unsourced | Q: When was it inspected?",
    "",
    "organization #1 named direct | {{s {label}}}: In March.",
    "organization #1 named direct | Two engineers walked it.",
    "",
    "unsourced | Q: And now?",
    "",
    "organization #1 named direct | {{s {label}}}: Now we wait.",
)


@pytest.mark.parametrize(
    ("name", "label"),
    [("Ines Holm", "A"), ("Ines Holm", "Holm"), ("Ines Holm", "HOLM"), ("Ines Holm", "IH")],
)
def test_a_label_means_the_person_of_the_lead(name: str, label: str) -> None:
    reading = read_gold(*[line.format(name=name, label=label) for line in QA])
    sources = reading.sources()
    numbers = sources.number.tolist()
    assert numbers[2] == numbers[3] == numbers[5] >= 0
    assert numbers[1] == numbers[4] == -1
    speaker = sources.mentions[2]
    assert speaker is not None and speaker.surname == "holm"


def test_turns_and_blocks_are_direct() -> None:
    reading = read_gold(*[line.format(name="Ines Holm", label="A") for line in QA])
    manners = read_manners(
        reading.batch, reading.quotations, reading.findings.source, reading.findings.cue
    )
    assert manners == ["indirect", *["direct"] * 5]

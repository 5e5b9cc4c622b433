"""Manner: direct, mixed or indirect, read off the quotation marks, on gold spans."""

from __future__ import annotations

import pytest
from gold_reading import read_gold

from attribution.manner import read_manners


def manner(*texts: str) -> str:
    """Return the manner of the last of some sentences."""
    reading = read_gold(*[f"government #1 named direct | {text}" for text in texts])
    findings = reading.findings
    return read_manners(reading.batch, reading.quotations, findings.source, findings.cue)[-1]


@pytest.mark.parametrize(
    "text",
    [
        "“We are glad that it is over,” {s Holm} {c said}.",
        '"We are glad that it is over," {c said} {s the mayor}.',
        "“We are glad,” {s Holm} {c said}, “and we will stay here.”",
        "“We are glad that it is over,” {c said} {s Ines Holm, the mayor of Port Veld since 2011}.",
        "{s Holm} {c said}: “We are glad that it is over.”",
        "{s Holm} {c said}, “We are glad that it is over.”",
        "“We are glad that it is over.”",
        "‘We are glad that it is over,’ {s Holm} {c said}.",
        "«We are glad that it is over», {s Holm} {c said}.",
    ],
)
def test_direct(text: str) -> None:
    assert manner(text) == "direct"


@pytest.mark.parametrize(
    "text",
    [
        "{s Holm} {c said} she was “glad that it is over.”",
        "{s Holm} {c called} the decision of the council “a very bad day for Port Veld”.",
        "The port, {c according to} {s Holm}, is “in a very bad state”.",
        "{s Holm} {c said} that the port was “a wreck of a place” and that nobody would pay.",
    ],
)
def test_mixed(text: str) -> None:
    assert manner(text) == "mixed"


@pytest.mark.parametrize(
    "text",
    [
        "{s Holm} {c said} that it was over.",
        "{c According to} {s Holm}, it is over.",
        "{s Holm} {c said} that the “pact” was over.",  # a quoted term
        "{s Holm's} {c claim} surprised them.",
        "It is {c reportedly} over.",
    ],
)
def test_indirect(text: str) -> None:
    assert manner(text) == "indirect"


def test_inside_a_running_quotation_is_direct() -> None:
    assert manner("“We are glad.", "We will stay here.”") == "direct"
    assert manner("“We are glad.", "We will stay here.", "It is our port.”") == "direct"


def test_the_end_of_a_running_quotation_with_its_speaker_is_direct() -> None:
    assert manner("“We are glad.", "We will stay here,” {s Holm} {c said}.") == "direct"


def test_sentences_before_do_not_matter() -> None:
    assert (
        manner("“We are glad,” {s Holm} {c said}.", "{s She} {c said} it was over.") == "indirect"
    )

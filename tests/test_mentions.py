"""Mentions: what a source's words say about it."""

from __future__ import annotations

import pytest
from gold_reading import read_gold

from attribution.lexicon import NAME_KINDS, ROLE_KINDS, load_lexicon
from attribution.mentions import Mention


def read(marked: str) -> Mention:
    """Read the source of one sentence, marked {s ...}."""
    (mention,) = read_gold(f"government #1 named indirect | {marked}").sources().mentions
    assert mention is not None
    return mention


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("{s Ann Holt} said.", ("ann", "holt")),
        ("{s Ms. Holt} said.", ("holt",)),
        ("{s Dr. Maria O’Malley-Ruiz} said.", ("maria", "o'malley-ruiz")),
        ("{s Mayor Ines Holm} said.", ("ines", "holm")),
        ("{s Ines Holm, the mayor of Port Veld,} said.", ("ines", "holm")),
        ("{s Holm (the mayor)} said.", ("holm",)),
        ("{s the mayor} said.", ()),
        ("{s residents} said.", ()),
        ("{s He} said.", ()),
        ("{s The CIA} said.", ()),
        # a place that ends a name is part of it
        ("{s Jack London} said.", ("jack", "london")),
        # a word that is also a role, as a last name or after a title
        ("{s Ann Baker} said.", ("ann", "baker")),
        ("{s Mr. Bishop} said.", ("bishop",)),
        # a person in office
        ("{s French President Emmanuel Macron} said.", ("emmanuel", "macron")),
    ],
)
def test_personal_names(marked: str, names: tuple[str, ...]) -> None:
    mention = read(marked)
    assert mention.names == names
    assert mention.is_person == bool(names)
    assert mention.surname == (names[-1] if names else "")


@pytest.mark.parametrize(
    ("marked", "entity", "kind"),
    [
        ("{s The CIA} said.", "united-states-cia", "intelligence_agency"),
        ("{s South Korea's spy agency} said.", "south-korea-nis", "intelligence_agency"),
        ("{s Reuters} said.", "reuters", "media_outlet"),
        ("{s an FBI agent} said.", "federal-bureau-of-investigation", "law_enforcement"),
        ("{s Kyiv} said.", "country-Ukraine", "capital"),
        # a body before a place
        ("{s Reuters in Kenya} said.", "reuters", "media_outlet"),
    ],
)
def test_bodies(marked: str, entity: str, kind: str) -> None:
    mention = read(marked)
    assert load_lexicon().entities[mention.entity].id == entity
    assert NAME_KINDS[mention.entity_kind] == kind


def test_a_person_is_no_body_though_the_office_gives_the_kind() -> None:
    mention = read("{s Emmanuel Macron} said.")
    assert mention.entity == -1
    assert NAME_KINDS[mention.entity_kind] == "government"


@pytest.mark.parametrize(
    ("marked", "head", "role"),
    [
        ("{s a senior intelligence official} said.", "official", "intelligence_agency"),
        ("{s residents of Port Veld} said.", "residents", "individual"),
        ("{s two officials familiar with the file} said.", "officials", "person"),
        ("{s the director of the institute} said.", "director", "person"),
        ("{s a judge, who left,} said.", "judge", "law_enforcement"),
        ("{s the company's lawyers} said.", "lawyers", "individual"),
        ("{s the indictment} said.", "indictment", "document"),
    ],
)
def test_heads_and_roles(marked: str, head: str, role: str) -> None:
    mention = read(marked)
    assert mention.head == head
    assert ROLE_KINDS[mention.head_role] == role
    assert mention.head_role in mention.roles


@pytest.mark.parametrize(
    ("marked", "plural"),
    [("{s officials} said.", True), ("{s an official} said.", False), ("{s He} said.", False)],
)
def test_number(marked: str, plural: bool) -> None:
    assert read(marked).plural == plural


@pytest.mark.parametrize(
    ("marked", "pronoun"),
    [
        ("{s He} said.", "he"),
        ("to {s her} it seemed.", "she"),
        ("{s They} said.", "they"),
        ("{s It} said.", "it"),
        ("a man {s who} said.", "who"),
        ("{s Some} said.", "they"),
        ("{s The CIA} said.", ""),
        ("{s her two old friends} said.", ""),  # a noun phrase that a pronoun begins
        ("{s WHO} said.", ""),  # the body
    ],
)
def test_pronouns(marked: str, pronoun: str) -> None:
    assert read(marked).pronoun == pronoun


@pytest.mark.parametrize(
    ("marked", "definite", "indefinite"),
    [
        ("{s The agency} said.", True, False),
        ("{s its director} said.", True, False),
        ("{s An agency} said.", False, True),
        ("{s Two agencies} said.", False, True),
        ("{s Agencies} said.", False, False),
    ],
)
def test_definiteness(marked: str, definite: bool, indefinite: bool) -> None:
    mention = read(marked)
    assert (mention.definite, mention.indefinite) == (definite, indefinite)


def test_the_leading_place() -> None:
    assert read("{s Ann Holt} said.").leads
    assert not read("It rained all day, {s Ann Holt} said.").leads


def test_words_and_tokens() -> None:
    reading = read_gold(
        "unsourced | It rained.", "government #1 named indirect | Then {s Ann HOLT} said."
    )
    mention = reading.sources().mentions[1]
    assert mention is not None
    assert mention.sentence == 1
    assert mention.words == ("ann", "holt")
    assert [reading.batch.token(k) for k in range(mention.first, mention.last)] == ["Ann", "HOLT"]

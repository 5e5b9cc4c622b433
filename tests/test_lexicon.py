"""The gazetteers and cue lists: well-formed files, and hits that a reader would agree with."""

from __future__ import annotations

import csv
import pickle
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.labels import LABELS
from attribution.lexicon import CUE_KINDS, NAME_KINDS, ROLE_KINDS, Hits, Lexicon, load_lexicon
from attribution.sentences import split_text
from attribution.tokens import TokenBatch, tokenize

GAZETTEERS = ("services.csv", "bodies.csv", "outlets.csv", "countries.csv", "people.csv")
FILES = (*GAZETTEERS, "roles.csv", "cues.csv")
TYPES = frozenset(LABELS[:-1])
#: The values that a column may hold.
CLOSED = {
    ("services.csv", "kind"): {
        "civilian", "civilian-domestic", "civilian-foreign", "coordination", "domestic-security",
        "financial", "military", "signals",
    },
    ("outlets.csv", "kind"): {
        "broadcaster", "magazine", "news_agency", "news_site", "newspaper", "radio", "tv",
    },
    ("bodies.csv", "label"): TYPES,
    ("people.csv", "label"): TYPES,
    ("roles.csv", "label"): {*TYPES, "person"},
    ("roles.csv", "number"): {"singular", "plural"},
    ("cues.csv", "kind"): {kind for kind in CUE_KINDS if kind},
}  # fmt: skip
NAME_COLUMNS = (
    "name", "aliases", "abbreviations", "native_names", "descriptions", "demonyms", "capital",
    "other_names",
)  # fmt: skip
#: Names that their owners write in lower case, none of them an English word.
LOWER_CASE_NAMES = {
    "azcentral", "bianet", "detikcom", "dpa", "epd", "flydubai", "franceinfo", "heise",
    "iefimerida", "insidethegames", "lohud", "n-tv", "piauí", "spiked-online", "t-online", "taz",
    "wiiw",
}  # fmt: skip


def read_rows(name: str) -> list[dict[str, str]]:
    content = files("attribution").joinpath("data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(content.splitlines(), strict=True))


def split(field: str) -> list[str]:
    return field.split("|") if field else []


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_rows_are_whole_sorted_and_unique(name: str) -> None:
    rows = read_rows(name)
    assert rows
    for row in rows:
        assert None not in row and None not in row.values(), row  # too many or too few fields
    keys = [next(iter(row.values())) for row in rows]
    assert all(keys)
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", FILES)
def test_files_are_utf8_with_unix_line_ends(name: str) -> None:
    data = files("attribution").joinpath("data").joinpath(name).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data and data.endswith(b"\n")


@pytest.mark.parametrize("name", FILES)
def test_every_row_says_where_it_is_from(name: str) -> None:
    for row in read_rows(name):
        provenance = row["provenance"]
        assert provenance in ("facts", "own knowledge") or provenance.startswith("https://"), row


@pytest.mark.parametrize(("name", "column"), CLOSED)
def test_closed_sets(name: str, column: str) -> None:
    assert {row[column] for row in read_rows(name)} <= CLOSED[name, column]


@pytest.mark.parametrize("name", GAZETTEERS)
def test_fields_are_trimmed(name: str) -> None:
    for row in read_rows(name):
        for column, field in row.items():
            for value in split(field):
                assert value and value == " ".join(value.split()), (column, field)


@pytest.mark.parametrize("name", GAZETTEERS)
def test_no_name_is_a_single_lower_case_word(name: str) -> None:
    for row in read_rows(name):
        for column in NAME_COLUMNS:
            for value in split(row.get(column, "")):
                single = value.islower() and value.replace("-", "").isalpha()
                assert not single or value in LOWER_CASE_NAMES, (column, value)


@pytest.mark.parametrize("name", ["services.csv", "bodies.csv", "outlets.csv", "people.csv"])
def test_countries_are_those_of_the_list(name: str) -> None:
    known = {row["country"] for row in read_rows("countries.csv")} | {""}
    assert {row["country"] for row in read_rows(name)} <= known


@pytest.mark.parametrize("name", ["services.csv", "bodies.csv", "outlets.csv"])
def test_ambiguous_names_are_names_of_the_row(name: str) -> None:
    for row in read_rows(name):
        names = {value for column in NAME_COLUMNS for value in split(row.get(column, ""))}
        assert set(split(row["ambiguous"])) <= names, row["id"]


@pytest.mark.parametrize("name", ["services.csv", "bodies.csv", "outlets.csv"])
def test_ambiguous_names_say_what_tells_them_apart(name: str) -> None:
    for row in read_rows(name):
        words = split(row["disambiguated_by"])
        assert bool(row["ambiguous"]) <= bool(words), row["id"]
        assert not set(words) & set(split(row["ambiguous"])), row["id"]


def test_a_short_name_of_two_services_has_one_owner_at_most_without_context() -> None:
    sure: dict[str, list[str]] = {}
    for row in read_rows("services.csv"):
        for name in {row["name"], *split(row["abbreviations"])} - set(split(row["ambiguous"])):
            sure.setdefault(name, []).append(row["id"])
    assert {name: ids for name, ids in sure.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("name", ["roles.csv", "cues.csv"])
def test_phrases_are_lower_case(name: str) -> None:
    # They are matched in lower-cased text: a capital would never match.
    for row in read_rows(name):
        phrase = next(iter(row.values()))
        assert phrase == phrase.lower(), phrase


def test_only_a_cue_seen_often_enough_has_a_strength() -> None:
    for row in read_rows("cues.csv"):
        assert list(row) == ["cue", "kind", "seen", "strength", "provenance"]
        assert bool(row["strength"]) == (int(row["seen"]) >= 5), row
        assert not row["strength"] or 0 <= float(row["strength"]) <= 1, row


# --- hits ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """The hits in some texts, as words."""

    batch: TokenBatch
    hits: Hits

    def names(self) -> list[tuple[str, str]]:
        """Return (words, entity id) of every name."""
        starts = np.flatnonzero(self.hits.begins).tolist()
        return [(self._words(k), load_lexicon().entities[self.hits.entity[k]].id) for k in starts]

    def _words(self, first: int) -> str:
        last = first + 1
        named, begins = self.hits.name, self.hits.begins
        while last < self.batch.n_tokens and named[last] and not begins[last]:
            last += 1
        return self.batch.text[self.batch.start[first] : self.batch.end[last - 1]]

    def kinds(self) -> list[str]:
        return [NAME_KINDS[self.hits.name[k]] for k in np.flatnonzero(self.hits.begins)]

    def roles(self) -> list[tuple[str, str, bool]]:
        return [
            (self.batch.token(k), ROLE_KINDS[self.hits.role[k]], bool(self.hits.plural[k]))
            for k in np.flatnonzero(self.hits.role).tolist()
        ]

    def cues(self) -> list[tuple[str, str]]:
        return [
            (self.batch.token(k), CUE_KINDS[self.hits.cue[k]])
            for k in np.flatnonzero(self.hits.cue).tolist()
        ]


def find(*texts: str) -> Found:
    batch = tokenize([split_text(text) for text in texts])
    return Found(batch, load_lexicon().match(batch))


@pytest.mark.parametrize(
    ("text", "name", "entity"),
    [
        ("Then the CIA left.", "CIA", "united-states-cia"),
        ("It was Mossad.", "Mossad", "israel-mossad"),
        ("Then Reuters left.", "Reuters", "reuters"),
        ("She read the Guardian.", "the Guardian", "the-guardian"),
        ("The New York Times left.", "The New York Times", "the-new-york-times"),
        ("The FBI's file", "The FBI", "federal-bureau-of-investigation"),
        ("a pro-Reuters (Reuters) line", "Reuters", "reuters"),
        ("He flew to Kenya.", "Kenya", "country-Kenya"),
        ("A Kenyan left.", "Kenyan", "country-Kenya"),
        ("Rain in Nairobi.", "Nairobi", "country-Kenya"),
    ],
)
def test_finds_names(text: str, name: str, entity: str) -> None:
    assert find(text).names() == [(name, entity)]


def test_kinds_of_names() -> None:
    found = find("The CIA, Reuters, the FBI, Kenya, Kenyan, Nairobi.")
    kinds = ["intelligence_agency", "media_outlet", "law_enforcement"]
    assert found.kinds() == [*kinds, "country", "demonym", "capital"]


@pytest.mark.parametrize(
    "text", ["FBIs", "CIAO", "xCIA", "CIA2", "Reutersian", "pro-CIA", "The cia left.", "reuters"]
)
def test_no_hit_inside_a_word_or_in_another_case(text: str) -> None:
    assert find(text).names() == []


def test_longest_name_wins() -> None:
    assert find("Then the Security Service of Ukraine left.").names() == [
        ("Security Service of Ukraine", "ukraine-sbu")
    ]
    (name,) = find("Then South Korea's National Intelligence Service left.").names()
    assert name == ("South Korea's National Intelligence Service", "south-korea-nis")


def test_an_outlet_does_not_hide_a_longer_service() -> None:
    text = "It happened in Seoul. The National Intelligence Service left."
    assert "south-korea-nis" in [entity for _, entity in find(text).names()]


def test_ambiguous_abbreviation_needs_its_context() -> None:
    assert find("Then the SBU left.").names() == []
    assert ("SBU", "ukraine-sbu") in find("Then the SBU left Kyiv.").names()
    # Anywhere in the article, not only in the sentence.
    assert ("SBU", "ukraine-sbu") in find("Then the SBU left.\n\nIt rained. He left Kyiv.").names()


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Then WHO left. The virus spreads.", ("WHO", "world-health-organization")),
        ("Then Apple left. Its iPhone sells.", ("Apple", "apple")),
        ("Then AFP left.", ("AFP", "agence-france-presse")),
        ("Then the AFP left, said the Australian Federal Police.",
         ("AFP", "australian-federal-police")),
        ("Then the House left Congress. U.S. senators stayed.",
         ("the House", "us-house-of-representatives")),
    ],
)  # fmt: skip
def test_ambiguous_bodies_follow_their_context(text: str, hit: tuple[str, str]) -> None:
    assert hit in find(text).names()


@pytest.mark.parametrize(
    "text",
    [
        "Then WHO left.",
        "Then Apple left.",
        "He went to The House.",  # an article in capitals is no less ambiguous
        "Then the ICC left because of the focus.",
    ],
)
def test_ambiguous_body_without_its_context_is_no_hit(text: str) -> None:
    assert find(text).names() == []


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Then the Post left.", ("the Post", "the-post")),
        ("Then the Washington Post came. The Post left.", ("The Post", "the-washington-post")),
        ("Then the New York Post came. The Post left.", ("The Post", "new-york-post")),
        ("Then the Globe and Mail came. The Globe left.", ("The Globe", "the-globe-and-mail")),
        ("Then the New York Times came. The Times left.", ("The Times", "the-new-york-times")),
        ("Then The Hill left.", ("The Hill", "the-hill")),
        ("It rained on The Atlantic. Then the Atlantic left.", ("the Atlantic", "the-atlantic")),
    ],
)
def test_short_forms_of_outlets_follow_their_full_names(text: str, hit: tuple[str, str]) -> None:
    assert hit in find(text).names()


@pytest.mark.parametrize(
    "text",
    [
        "He left the Hill.",
        "She crossed the Atlantic.",
        "Then the Sun set.",
        "It was the Star of David.",
        "It was in the Journal of Nothing.",
        "They left the Post Office.",
        "He left the post.",
    ],
)
def test_what_only_looks_like_the_short_form_of_an_outlet_is_no_hit(text: str) -> None:
    assert find(text).names() == []


def test_capitals_of_a_context_count() -> None:
    assert find("Then the NSA left, because a woman came.").names() == []
    assert ("NSA", "united-states-nsa") in find("Then the US NSA left.").names()


def test_context_of_one_document_does_not_serve_another() -> None:
    assert find("Then the SBU left.", "He left Kyiv.").names() == [("Kyiv", "country-Ukraine")]


@pytest.mark.parametrize(
    ("abbreviation", "context", "entity"),
    [
        ("NIS", "Seoul", "south-korea-nis"),
        ("NIS", "Nairobi", "kenya-nis"),
        ("NIS", "Athens", "greece-eyp"),
        ("DGSI", "France", "france-dgsi"),
        ("DGSI", "Algeria", "algeria-dgsi"),
        ("National Security Agency", "Washington", "united-states-nsa"),
    ],
)
def test_shared_abbreviations_follow_their_context(
    abbreviation: str, context: str, entity: str
) -> None:
    found = find(f"Then the {abbreviation} left {context}.").names()
    assert (abbreviation, entity) in found


def test_a_sure_name_does_not_fall_to_a_reading_without_context() -> None:
    assert find("Then VOA left.").names() == [("VOA", "voice-of-america")]
    assert ("VOA", "serbia-voa") in find("Then the VOA left Belgrade.").names()


def test_roles() -> None:
    assert find("Two intelligence officials and a Spokesman left.").roles()[:3] == [
        ("intelligence", "intelligence_agency", True),
        ("officials", "intelligence_agency", True),
        ("Spokesman", "person", False),
    ]


def test_intelligence_of_a_place_is_a_service() -> None:
    text = (
        "Turkish intelligence warned. Artificial intelligence helps. Chad intelligence agents left."
    )
    assert [hit for hit in find(text).roles() if hit[1] == "intelligence_agency"] == [
        ("intelligence", "intelligence_agency", False),
        ("intelligence", "intelligence_agency", True),
        ("agents", "intelligence_agency", True),
    ]


def test_cues() -> None:
    found = find("According to him, she SAID that it reportedly rained.").cues()
    assert found == [
        ("According", "preposition"),
        ("to", "preposition"),
        ("SAID", "speech"),
        ("reportedly", "hedge"),
    ]


def test_longer_cue_wins() -> None:
    assert find("according to").cues() == [("according", "preposition"), ("to", "preposition")]


def test_letters_that_grow_in_lower_case_keep_offsets() -> None:
    # "İ".lower() is two characters.
    text = "İİİ İzmir: two intelligence officials said that the CIA left. ẞ Ŋ ﬁ"
    found = find(text)
    assert found.names() == [("CIA", "united-states-cia")]
    assert [word for word, _ in found.cues()] == [
        word for word, _ in find(text.replace("İ", "I")).cues()
    ]
    assert [word for word, *_ in found.roles()][-1] == "officials"


def test_people_in_office() -> None:
    row = next(row for row in read_rows("people.csv") if row["label"] == "government")
    found = find(f"Then {row['name']} left.")
    token = int(np.flatnonzero(found.hits.begins)[0])
    assert found.hits.person[token]
    assert NAME_KINDS[found.hits.name[token]] == "government"


# --- a batch is its documents --------------------------------------------------------------------

WORDS = st.sampled_from(
    ["the", "The", "NIS", "SBU", "Kyiv", "Seoul", "Kenya", "CIA", "FBI", "Reuters", "National",
     "Security", "Service", "of", "Ukraine", "Intelligence", "Agency", "New", "York", "Times",
     "according", "to", "said", "two", "officials", "İ", "Σ", "ΑΣ", "’s", "'s", ".", ",", "-", "\n",
     "South", "Korea"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=15).map(" ".join)


def parts(hits: Hits, tokens: slice) -> list[Any]:
    return [getattr(hits, name)[tokens].tolist() for name in Hits.__dataclass_fields__]


def check_documents(texts: list[str]) -> None:
    together = find(*texts)
    position = 0
    for text in texts:
        alone = find(text)
        tokens = slice(position, position + alone.batch.n_tokens)
        assert parts(together.hits, tokens) == parts(alone.hits, slice(None))
        position = tokens.stop


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_a_batch_gives_the_hits_of_its_documents(texts: list[str]) -> None:
    check_documents(texts)


def test_the_automaton_of_everything_gives_the_same_hits() -> None:
    texts = [
        "In Kyiv the SBU and the CIA said that, according to Reuters, two officials left.",
        "The New York Times wrote so. South Korea's National Intelligence Service denied it.",
    ]
    batch = tokenize([split_text(text) for text in texts])
    # A text of all the words of the files asks for every phrase.
    rows = [field for name in FILES for row in read_rows(name) for field in row.values()]
    everything = tokenize([split_text(" ".join(rows).replace("|", " "))])
    lexicon = Lexicon()
    before = lexicon.match(batch)
    lexicon.match(everything)
    after = lexicon.match(batch)
    assert parts(before, slice(None)) == parts(after, slice(None))


def test_hidden_rows_are_as_if_nobody_knew_them() -> None:
    batch = tokenize([split_text("The SBU and the CIA said so, Reuters reported from Kyiv.")])
    whole = load_lexicon()
    known = [whole.entities[k].id for k in whole.match(batch).entity.tolist() if k >= 0]
    lexicon = Lexicon({known[0]})
    for one in (lexicon, pickle.loads(pickle.dumps(lexicon))):
        entity = one.match(batch).entity
        assert [one.entities[k].id for k in entity.tolist() if k >= 0] == [
            name for name in known if name != known[0]
        ]
    assert pickle.loads(pickle.dumps(whole)) is whole


@settings(deadline=None)
@given(TEXTS)
def test_hits_cover_whole_names(text: str) -> None:
    hits = find(text).hits
    assert (hits.begins <= (hits.name > 0)).all()
    assert ((hits.entity >= 0) == (hits.name > 0)).all()
    first = np.flatnonzero((hits.name > 0) & ~np.append(False, hits.name[:-1] > 0))
    assert hits.begins[first].all()

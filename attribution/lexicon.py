"""What is known about words before any model: names, roles and cues, found in one pass each.

The facts are CSV files in ``attribution/data/``: services, outlets, bodies, countries (names, matched
with their case), roles and cues (phrases, matched without). Each token of a batch gets the kind of
the name, the role and the cue that covers it, so that models learn the *shape* of attribution, not
the names in a corpus.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from attribution.labels import LABELS
from attribution.tokens import Ints, TokenBatch

Codes = NDArray[np.uint8]

#: Kinds of names and of roles; the code in the arrays is the position, 0 is none.
NAME_KINDS: tuple[str, ...] = ("", *LABELS[:-1], "country", "demonym", "capital")
ROLE_KINDS: tuple[str, ...] = ("", *LABELS[:-1], "person")
CUE_KINDS: tuple[str, ...] = (
    "",
    "speech",
    "report",
    "assessment",
    "denial",
    "demand",
    "hedge",
    "noun",
    "preposition",
    "verb_or_noun",
    "anonymity",
    "process",
    "false_friend",
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A gazetteer row: one body, outlet, service or country."""

    id: str
    name: str
    kind: str
    country: str


@dataclass(frozen=True)
class Hits:
    """What the lexicon found, per token of a batch; n tokens.

    Attributes
    ----------
    name, role, cue : (n,) uint8
        Codes into `NAME_KINDS`, `ROLE_KINDS` and `CUE_KINDS`, 0 for none.
    entity : (n,) int
        Index into `Lexicon.entities`, -1 for none.
    begins : (n,) bool
        Whether a name begins at the token.
    plural : (n,) bool
        Whether the role is a plural one.
    """

    name: Codes
    role: Codes
    cue: Codes
    entity: Ints
    begins: NDArray[np.bool_]
    plural: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Name:
    entity: int
    kind: int
    needs: tuple[str, ...]  # any of these words makes the reading right; none needed when empty


class Lexicon:
    """The gazetteers and the cue lexicon, ready to match.

    Use `load_lexicon`; building takes some 50 ms.
    """

    def __init__(self) -> None:
        self.entities: list[Entity] = []
        self._names: dict[str, _Name] = {}
        for entity, patterns, ambiguous, needs in _read_names():
            number = len(self.entities)
            self.entities.append(entity)
            for pattern in patterns:
                needed = needs if pattern in ambiguous else ()
                if pattern in ambiguous and not needs:
                    continue
                self._names.setdefault(
                    pattern, _Name(number, NAME_KINDS.index(entity.kind), needed)
                )
        self._add_places()
        self._name_rows = list(self._names.values())
        self._name_automaton = AhoCorasick(
            list(self._names), matchkind=MatchKind.LeftmostLongest
        )
        roles = {row["role"]: row for row in _rows("roles.csv")}
        self._role_rows = [
            (ROLE_KINDS.index(row["label"]), row["number"] == "plural") for row in roles.values()
        ]
        self._role_automaton = AhoCorasick(list(roles), matchkind=MatchKind.LeftmostLongest)
        cues = {row["cue"]: CUE_KINDS.index(row["kind"]) for row in _rows("cues.csv")}
        self._cue_codes = np.array(list(cues.values()), np.uint8)
        self._cue_automaton = AhoCorasick(list(cues), matchkind=MatchKind.LeftmostLongest)

    def _add_places(self) -> None:
        for row in _rows("countries.csv"):
            number = len(self.entities)
            self.entities.append(
                Entity(f"country-{row['country']}", row["country"], "country", row["country"])
            )
            for column, kind in (
                ("country", "country"),
                ("other_names", "country"),
                ("demonyms", "demonym"),
                ("capital", "capital"),
            ):
                for pattern in _split(row[column]):
                    self._names.setdefault(pattern, _Name(number, NAME_KINDS.index(kind), ()))

    def match(self, batch: TokenBatch) -> Hits:
        """Find every name, role and cue of a batch."""
        size = batch.n_tokens
        name, role, cue = (np.zeros(size, np.uint8) for _ in range(3))
        entity = np.full(size, -1, np.int64)
        begins, plural = np.zeros(size, bool), np.zeros(size, bool)
        lowered = _lower(batch.text)
        for row, first, last in self._token_hits(self._name_automaton, batch, batch.text):
            found = self._name_rows[row]
            if found.needs and not _stands_near(batch, first, lowered, found.needs):
                continue
            name[first:last] = found.kind
            entity[first:last] = found.entity
            begins[first] = True
        for row, first, last in self._token_hits(self._role_automaton, batch, lowered):
            role[first:last], plural[first:last] = self._role_rows[row]
        rows, firsts, lasts = self._token_arrays(self._cue_automaton, batch, lowered)
        codes = self._cue_codes[rows]
        for offset in range(int((lasts - firsts).max(initial=0))):
            covered = firsts + offset < lasts
            cue[firsts[covered] + offset] = codes[covered]
        return Hits(name, role, cue, entity, begins, plural)

    def _token_hits(
        self, automaton: AhoCorasick, batch: TokenBatch, text: str
    ) -> Iterator[tuple[int, int, int]]:
        rows, first, last = self._token_arrays(automaton, batch, text)
        return zip(rows.tolist(), first.tolist(), last.tolist(), strict=True)

    def _token_arrays(
        self, automaton: AhoCorasick, batch: TokenBatch, text: str
    ) -> tuple[Ints, Ints, Ints]:
        """Return (row, first token, last token) of the hits at token boundaries."""
        found = np.array(automaton.find_matches_as_indexes(text), np.int64).reshape(-1, 3)
        first, last, exact = batch.tokens_within(found[:, 1], found[:, 2])
        return found[exact, 0], first[exact], last[exact]


@cache
def load_lexicon() -> Lexicon:
    """Return the bundled lexicon, built once."""
    return Lexicon()


def _rows(name: str) -> list[dict[str, str]]:
    content = files("attribution").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(content.splitlines()))


def _split(field: str) -> list[str]:
    return [part.strip() for part in field.split("|") if part.strip()]


def _read_names() -> Iterator[tuple[Entity, list[str], set[str], tuple[str, ...]]]:
    """Yield entities with their patterns, the ambiguous ones and what tells those apart."""
    for row in _rows("services.csv"):
        entity = Entity(row["id"], row["name"], LABELS[0], row["country"])
        names = [row["name"]]
        for column in ("abbreviations", "native_names", "descriptions"):
            names += _split(row[column])
        needs = tuple(word.lower() for word in _split(row["disambiguated_by"]))
        yield entity, _with_articles(names), set(_split(row["ambiguous"])), needs
    for row in _rows("bodies.csv"):
        entity = Entity(row["id"], row["name"], row["label"], row["country"])
        names = [row["name"], *_split(row["aliases"])]
        yield entity, _with_articles(names), set(_split(row["ambiguous"])), ()
    for row in _rows("outlets.csv"):
        entity = Entity(row["id"], row["name"], "media_outlet", row["country"])
        yield entity, _with_articles([row["name"], *_split(row["aliases"]), row["domain"]]), set(), ()


def _with_articles(names: list[str]) -> list[str]:
    """Match "The Harbour Post" without its article too, but not "The Sun" as "Sun"."""
    patterns: list[str] = []
    for name in names:
        head, _, rest = name.partition(" ")
        if head in ("The", "the"):
            patterns += [f"The {rest}", f"the {rest}"]
            if " " in rest:
                patterns.append(rest)
        elif name:
            patterns.append(name)
    return patterns


def _lower(text: str) -> str:
    """Lower-case without moving an offset: "İ", which grows, stays as it is."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _stands_near(
    batch: TokenBatch, token: int, lowered: str, words: tuple[str, ...]
) -> bool:
    """Whether any of the words stands in the document of a token."""
    document = int(batch.sentence_document[batch.sentence[token]])
    start = int(batch.base[document])
    end = start + len(batch.documents[document].text)
    return any(lowered.find(word, start, end) >= 0 for word in words)

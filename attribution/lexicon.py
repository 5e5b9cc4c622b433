"""What is known about words before any model: names, roles and cues, found in one pass each.

The facts are CSV files in ``attribution/data/``: services, bodies, outlets, countries and people in
office (names, matched with their case), roles and cues (phrases, matched without). Each token of a
batch gets the kind of the name, the role and the cue that covers it, so that models learn the
*shape* of attribution, not the names in a corpus.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from attribution.labels import LABELS
from attribution.tokens import Ints, TokenBatch, first_token

Codes = NDArray[np.uint8]
Flags = NDArray[np.bool_]

#: Kinds of names and of roles; the code in the arrays is the position, 0 is none.
PLACES = ("country", "demonym", "capital")
NAME_KINDS: tuple[str, ...] = ("", *LABELS[:-1], *PLACES)
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

_OUTLET = NAME_KINDS.index("media_outlet")
_AGENCY = ROLE_KINDS.index("intelligence_agency")
_PLACE_CODES = [NAME_KINDS.index(kind) for kind in PLACES]


class Entity(NamedTuple):
    """A gazetteer row: one body, outlet, service, country or person in office."""

    id: str
    name: str
    kind: str
    country: str
    person: bool = False


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
    cue_begins : (n,) bool
        Whether a cue begins at the token.
    plural : (n,) bool
        Whether the role is a plural one.
    person : (n,) bool
        Whether the name is that of a person in office.
    """

    name: Codes
    role: Codes
    cue: Codes
    entity: Ints
    begins: Flags
    cue_begins: Flags
    plural: Flags
    person: Flags

    @cached_property
    def lists(self) -> HitLists:
        """The same as lists: one element of an array costs ten of a list."""
        return HitLists(
            self.name.tolist(),
            self.role.tolist(),
            self.entity.tolist(),
            self.plural.tolist(),
            self.person.tolist(),
        )


class HitLists(NamedTuple):
    """Columns of `Hits` that are read element by element."""

    name: list[int]
    role: list[int]
    entity: list[int]
    plural: list[bool]
    person: list[bool]


class _Patterns:
    """Phrases with the row that each stands for.

    Only phrases whose longest word occurs in a batch can match there. For one article the automaton
    is built of those alone, which takes a few milliseconds where one of all phrases takes hundreds;
    the whole one is built, once, when batches have asked for as many phrases as it holds.
    """

    def __init__(self, rows: dict[str, int], *, lowered: bool = False) -> None:
        self.rows, self.lowered = rows, lowered
        self.by_word: dict[str, list[str]] = {}
        for phrase in rows:
            self.by_word.setdefault(_key_word(phrase), []).append(phrase)
        self._asked = 0

    def match(self, batch: TokenBatch, text: str, article: Flags) -> tuple[Ints, Ints, Ints]:
        """Return (row, first token, last token) of the longest hits at token boundaries.

        `text` is that of the batch, perhaps in lower case; `article` says which of its words are
        articles.
        """
        automaton, rows = self._automaton(batch.words)
        # All hits, inside words too, before the choice: a hit inside a word must not hide a phrase.
        hits = automaton.find_matches_as_indexes(text, overlapping=True)
        found = np.fromiter(chain.from_iterable(hits), np.int64).reshape(-1, 3)
        first, last, exact = batch.tokens_within(found[:, 1], found[:, 2])
        row, first, last = rows[found[exact, 0]], first[exact], last[exact]
        kept = _choose_longest(first, last, article[batch.word[first]])
        return row[kept], first[kept], last[kept]

    def _automaton(self, words: Sequence[str]) -> tuple[AhoCorasick, Ints]:
        """Return an automaton that finds every phrase which a text of these words can hold."""
        if self._asked >= len(self.rows):
            return self._whole
        distinct = dict.fromkeys(map(_lower, words) if self.lowered else words)
        phrases = [phrase for word in distinct for phrase in self.by_word.get(word, ())]
        self._asked += len(phrases)
        return self._build(phrases)

    def _build(self, phrases: Sequence[str]) -> tuple[AhoCorasick, Ints]:
        automaton = AhoCorasick(phrases, matchkind=MatchKind.Standard)
        return automaton, np.array([self.rows[phrase] for phrase in phrases], np.int64)

    @cached_property
    def _whole(self) -> tuple[AhoCorasick, Ints]:
        return self._build(list(self.rows))


class Lexicon:
    """The gazetteers and the cue lexicon, ready to match; use `load_lexicon`.

    Parameters
    ----------
    hidden : collection of str
        Ids of gazetteer rows that are left out, as if nobody knew them.
    """

    def __init__(self, hidden: Collection[str] = ()) -> None:
        self.hidden = frozenset(hidden)
        self.entities: list[Entity] = []
        names: dict[str, int] = {}
        kinds: list[int] = []
        owners: list[int] = []
        # Readings of a pattern that are right only where one of some words stands in the article.
        self._readings: dict[int, list[tuple[int, int, tuple[str, ...]]]] = {}
        known = (row for row in _read_entities() if row[0].id not in self.hidden)
        for number, (entity, kind, patterns, ambiguous, needs) in enumerate(known):
            self.entities.append(entity)
            for pattern in patterns:
                sure = pattern not in ambiguous
                if not (sure or needs):
                    continue
                row = names.setdefault(pattern, len(names))
                if row == len(kinds):
                    kinds.append(kind if sure else 0)
                    owners.append(number if sure else -1)
                elif sure and owners[row] < 0:
                    kinds[row], owners[row] = kind, number
                if not sure:
                    self._readings.setdefault(row, []).append((number, kind, needs))
        self._name_patterns = _Patterns(names)
        self._kinds, self._owners = np.array(kinds, np.uint8), np.array(owners, np.int64)
        self._unsure = np.isin(np.arange(len(names)), list(self._readings))
        self._persons = np.array([entity.person for entity in self.entities])
        roles = {
            role: (ROLE_KINDS.index(label), number == "plural")
            for role, label, number, _ in _rows("roles.csv")
        }
        self._role_patterns = _Patterns({role: k for k, role in enumerate(roles)}, lowered=True)
        self._roles = np.array(list(roles.values()), np.uint8)
        cues = {cue: CUE_KINDS.index(kind) for cue, kind, *_ in _rows("cues.csv")}
        self._cue_patterns = _Patterns(cues, lowered=True)

    def match(self, batch: TokenBatch) -> Hits:
        """Find every name, role and cue of a batch."""
        size = batch.n_tokens
        name, role, cue = (np.zeros(size, np.uint8) for _ in range(3))
        entity = np.full(size, -1, np.int64)
        begins, cue_begins, plural, person = (np.zeros(size, bool) for _ in range(4))
        lowered = _lower(batch.text)
        is_article = {"The", "the"}.__contains__
        article = np.fromiter(map(is_article, batch.words), bool, len(batch.words))
        rows, first, last = self._name_patterns.match(batch, batch.text, article)
        kinds, owners = self._kinds[rows], self._owners[rows]
        for k in np.flatnonzero(self._unsure[rows]).tolist():
            reading = self._disambiguate(batch, int(first[k]), lowered, int(rows[k]))
            if reading is not None:
                owners[k], kinds[k] = reading
        keep = (kinds > 0) & ~_goes_on(batch, first, last, kinds == _OUTLET, article)
        first, last, kinds, owners = first[keep], last[keep], kinds[keep], owners[keep]
        begins[first] = True
        hit, tokens = _spread(first, last)
        name[tokens], entity[tokens] = kinds[hit], owners[hit]
        person[tokens] = self._persons[entity[tokens]]
        rows, first, last = self._role_patterns.match(batch, lowered, article)
        hit, tokens = _spread(first, last)
        role[tokens], plural[tokens] = self._roles[rows[hit]].T
        role[_bare_intelligence(batch, name, role)] = _AGENCY
        codes, first, last = self._cue_patterns.match(batch, lowered, article)
        hit, tokens = _spread(first, last)
        cue[tokens] = codes[hit]
        cue_begins[first] = True
        return Hits(name, role, cue, entity, begins, cue_begins, plural, person)

    def _disambiguate(
        self, batch: TokenBatch, token: int, lowered: str, row: int
    ) -> tuple[int, int] | None:
        """Return the reading whose words stand most often in the article, None for no such.

        A word with a capital counts with its case: "US" and "Oman" are not in "focus" and "woman".
        """
        document = int(batch.sentence_document[batch.sentence[token]])
        start = int(batch.base[document])
        end = start + len(batch.documents[document].text)
        best, most = None, 0
        for owner, kind, needs in self._readings[row]:
            count = sum(
                (lowered if word.islower() else batch.text).count(word, start, end)
                for word in needs
            )
            if count > most:
                best, most = (owner, kind), count
        return best

    def __reduce__(self) -> tuple[Callable[..., Lexicon], tuple[frozenset[str], ...]]:
        """Workers build their own: an automaton cannot be sent to another process."""
        return (Lexicon, (self.hidden,)) if self.hidden else (load_lexicon, ())


def _goes_on(batch: TokenBatch, first: Ints, last: Ints, outlet: Flags, article: Flags) -> Flags:
    """Whether "the National" is only the beginning of a longer name.

    A capital follows, or, after an outlet in lower case, "of": "the Star of David", but "The
    Oregonian of Portland" and "the Democrats of Ohio".
    """
    found = article[batch.word[first]] & (last - first == 2) & (last < batch.n_tokens)
    for k in np.flatnonzero(found).tolist():
        together = batch.sentence[last[k]] == batch.sentence[first[k]]
        following = batch.words[batch.word[last[k]]]
        of = following == "of" and outlet[k] and batch.words[batch.word[first[k]]] == "the"
        found[k] = together and (of or following[:1].isupper())
    return np.asarray(found)


def _bare_intelligence(batch: TokenBatch, name: Codes, role: Codes) -> Ints:
    """Return the tokens "intelligence" that are a service: "Turkish intelligence warned".

    A place stands before them, and no longer name or role, as "Turkish intelligence officials" is.
    """
    word = np.fromiter(map("intelligence".__eq__, batch.lowered_words), bool, len(batch.words))
    tokens = np.flatnonzero(word[batch.word] & (name == 0) & (role == 0))
    tokens = tokens[tokens > 0]
    placed = np.isin(name[tokens - 1], _PLACE_CODES)
    placed &= batch.sentence[tokens] == batch.sentence[tokens - 1]
    return np.asarray(tokens[placed])


def _choose_longest(first: Ints, last: Ints, article: Flags) -> Ints:
    """Return the hits that stand when the leftmost wins, and of those the longest.

    An article at the beginning does not count: "The National" must not hide the "National
    Intelligence Service" behind it.
    """
    order = np.lexsort((first, -last, first + article))
    kept: list[int] = []
    end = 0
    starts, stops = first[order].tolist(), last[order].tolist()
    for position, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        if start >= end:
            kept.append(position)
            end = stop
    return order[np.array(kept, np.int64)]


def _key_word(phrase: str) -> str:
    """Return a word that is a token wherever the phrase stands: the longest plain one."""
    longest = max(phrase.split(" "), key=len)
    if longest.isalnum():
        return longest
    plain = [word for word in phrase.split(" ") if word.isalnum()]
    return max(plain, key=len) if plain else first_token(phrase)


def _spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Return, for every token that a hit covers, the hit's number and the token's."""
    lengths = last - first
    hit = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(len(hit)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return hit, first[hit] + within


@cache
def load_lexicon() -> Lexicon:
    """Return the bundled lexicon, built once."""
    return Lexicon()


def _rows(name: str) -> list[list[str]]:
    content = files("attribution").joinpath("data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader(content.splitlines()))[1:]


def _split(field: str) -> list[str]:
    return field.split("|") if field else []


_Patterned = tuple[Entity, int, list[str], Collection[str], tuple[str, ...]]


def _read_entities() -> Iterator[_Patterned]:
    """Yield entities, the kind of a hit, patterns, the ambiguous ones, and what tells those apart.

    The first to claim a pattern keeps it: services, bodies, outlets, places, people.
    """
    agency = NAME_KINDS.index(LABELS[0])
    for row in _rows("services.csv"):
        id_, name, abbreviations, native, descriptions, country, _, ambiguous, needs, _ = row
        names = [name, *_split(abbreviations), *_split(native), *_split(descriptions)]
        unsure = set(_with_articles(_split(ambiguous)))
        entity = Entity(id_, name, LABELS[0], country)
        yield entity, agency, _with_articles(names), unsure, tuple(_split(needs))
    for id_, name, aliases, label, country, ambiguous, needs, _ in _rows("bodies.csv"):
        patterns = _with_articles([name, *_split(aliases)])
        unsure, kind = set(_with_articles(_split(ambiguous))), NAME_KINDS.index(label)
        yield Entity(id_, name, label, country), kind, patterns, unsure, tuple(_split(needs))
    for id_, name, aliases, country, _, domain, ambiguous, needs, _ in _rows("outlets.csv"):
        patterns = _with_articles([name, *_split(aliases), domain])
        # "The Post" is no less ambiguous in lower case; "the Hill" is Congress, "The Hill" a paper.
        unsure = {
            form
            for short in _split(ambiguous)
            for form in _with_articles([short])
            if form == short or not form.startswith("The ")
        }
        entity = Entity(id_, name, "media_outlet", country)
        yield entity, _OUTLET, patterns, unsure, tuple(_split(needs))
    for country, demonyms, capital, others, _ in _rows("countries.csv"):
        entity = Entity(f"country-{country}", country, "country", country)
        for kind_name, patterns in (
            ("country", [country, *_split(others)]),
            ("demonym", _split(demonyms)),
            ("capital", _split(capital)),
        ):
            yield entity, NAME_KINDS.index(kind_name), patterns, (), ()
    for id_, name, aliases, label, country, _, _ in _rows("people.csv"):
        entity = Entity(id_, name, label, country, person=True)
        yield entity, NAME_KINDS.index(label), [name, *_split(aliases)], (), ()


def _with_articles(names: list[str]) -> list[str]:
    """Match "The Harbour Post" without its article too, but not "The Sun" as "Sun"."""
    patterns: list[str] = []
    for name in names:
        if name[:4] in ("The ", "the "):
            rest = name[4:]
            patterns += [f"The {rest}", f"the {rest}"]
            if " " in rest:
                patterns.append(rest)
        elif name:
            patterns.append(name)
    return list(dict.fromkeys(patterns))


def _lower(text: str) -> str:
    """Lower-case without moving an offset: "İ", the one letter that grows, stays as it is."""
    return "İ".join(part.lower() for part in text.split("İ")) if "İ" in text else text.lower()

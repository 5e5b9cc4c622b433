"""What a source's words say about it: its names, roles, head, and what stands around them.

A `Mention` is a token span read once with the lexicon; linking and features both work on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attribution.lexicon import NAME_KINDS, PLACES, HitLists, Hits
from attribution.tokens import TokenBatch

PRONOUNS = {
    "he": "he",
    "him": "he",
    "his": "he",
    "she": "she",
    "her": "she",
    "they": "they",
    "them": "they",
    "their": "they",
    "it": "it",
    "its": "it",
    "who": "who",
    "which": "which",
    "we": "we",
    "i": "i",
    "those": "they",
    "both": "they",
    "himself": "he",
    "herself": "she",
    "themselves": "they",
    "one": "one",
    "another": "one",
    "others": "they",
    "some": "they",
    "many": "they",
}
_DEFINITE = frozenset("the this that these those its his her their same".split())
_INDEFINITE = frozenset("a an one two three four five several some many other another".split())
#: Titles before a name, and the pronoun of whom they stand for.
HONORIFICS = {
    "mr": "he",
    "mrs": "she",
    "ms": "she",
    "miss": "she",
    "dr": "",
    "prof": "",
    "sir": "he",
    "dame": "she",
    "lord": "he",
    "lady": "she",
}
# Words with a capital that are no part of a name.
_NAMELESS = HONORIFICS.keys() | PRONOUNS.keys() | {"the", "a", "an", "but"}
# The head of a noun phrase stands before these.
_HEAD_STOPS = frozenset(
    "of in at for from with on by who which that near under inside across among to close familiar"
    " briefed , ( -- – — 's ’s".split()
)
_PLACE_KINDS = frozenset(NAME_KINDS.index(k) for k in PLACES)
_OPENING = frozenset("“ \" « „ ‘ ' `` ( :".split())
_NAME_WORD = re.compile(r"[^\W\d_][\w'’-]*\Z")


class Mention(NamedTuple):
    """A source's words; `first:last` are tokens of the batch."""

    sentence: int
    first: int
    last: int
    words: tuple[str, ...]
    head: str
    head_role: int
    entity: int
    entity_kind: int
    names: tuple[str, ...]
    roles: tuple[int, ...]
    plural: bool
    pronoun: str
    definite: bool
    indefinite: bool
    leads: bool

    @property
    def surname(self) -> str:
        """The last name word of what may be a person, "" where there is none."""
        return self.names[-1] if self.names else ""

    @property
    def is_person(self) -> bool:
        """Whether the words are a personal name."""
        return bool(self.names) and self.entity < 0


def find_proper(batch: TokenBatch, ordinary: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (n,) bool: which tokens are proper names by their capital.

    A capital says nothing where a sentence or a quotation begins ("Others said"), unless the word
    is capitalised elsewhere in the article too, or is no ordinary word (`ordinary`).
    """
    size = batch.n_tokens
    if not size:
        return np.zeros(0, bool)
    initial = np.zeros(size, bool)
    initial[batch.sentence_ptr[:-1][np.diff(batch.sentence_ptr) > 0]] = True
    initial[1:] |= batch.among(_OPENING)[:-1]
    document = batch.sentence_document[batch.sentence]
    sure = batch.capital & ~initial
    elsewhere = np.zeros((len(batch.documents), len(batch.words)), bool)
    elsewhere[document[sure], batch.word[sure]] = True
    proper = batch.capital & (~initial | ~ordinary)
    unsure = np.flatnonzero(batch.capital & ~proper)
    proper[unsure] = elsewhere[document[unsure], batch.word[unsure]]
    return np.asarray(proper)


def read_mention(
    batch: TokenBatch,
    hits: Hits,
    proper: Sequence[bool],
    sentence: int,
    first: int,
    last: int,
) -> Mention:
    """Describe the token span ``first:last`` of a sentence; `proper` is from `find_proper`."""
    found = hits.lists
    words, lowered = batch.surfaces[first:last], batch.lowered[first:last]
    person = True in found.person[first:last]
    entity, entity_kind = _entity_of(found, first, last)
    names: tuple[str, ...] = ()
    if person or True in proper[first:last]:
        names = _name_words(batch, found, proper, first, last)
    if names and entity_kind in _PLACE_KINDS and names[-1] == lowered[-1]:
        entity, entity_kind = -1, 0
    # A person in office is linked as a person; the kind of the office tells the type.
    if person:
        entity, entity_kind = -1, found.name[found.person.index(True, first)]
    head = _head_index(lowered)
    if names and names[-1] not in (lowered[head], lowered[-1]):
        names = ()  # "the New York businessman": the name only describes
    elif names and found.name[last - 1] == 0 and names[-1] == lowered[-1]:
        entity = -1  # "former CIA operative John Tiegen": a person, whatever body is named before
    # "WHO" in capitals is no pronoun.
    spoken = len(words) == 1 and (len(words[0]) == 1 or not words[0].isupper())
    return Mention(
        sentence=sentence,
        first=first,
        last=last,
        words=tuple(lowered),
        head=lowered[head] if words else "",
        head_role=found.role[first + head] if words else 0,
        entity=entity,
        entity_kind=entity_kind,
        names=names,
        roles=tuple(filter(None, found.role[first:last])),
        plural=found.plural[first + head] if words else False,
        pronoun=PRONOUNS.get(lowered[0], "") if spoken else "",
        definite=lowered[0] in _DEFINITE if words else False,
        indefinite=lowered[0] in _INDEFINITE if words else False,
        leads=first - int(batch.sentence_ptr[sentence]) < 3 if words else False,
    )


def _entity_of(hits: HitLists, first: int, last: int) -> tuple[int, int]:
    """Return the body that a span names; a place only where nothing else is named."""
    place = (-1, 0)
    if not any(hits.name[first:last]):
        return place
    for index, kind in enumerate(hits.name[first:last], first):
        if kind and kind not in _PLACE_KINDS:
            return hits.entity[index], kind
        if kind and place[0] < 0:
            place = (hits.entity[index], kind)
    return place


def _is_place(hits: HitLists, index: int) -> bool:
    return hits.name[index] in _PLACE_KINDS


def _head_index(words: list[str]) -> int:
    """Return the index of the head noun: the last word before "of", "who", a comma and the like."""
    for index, word in enumerate(words):
        if word in _HEAD_STOPS and index > 0:
            if word in ("'s", "’s"):
                continue
            return index - 1
    return max(len(words) - 1, 0)


def _name_words(
    batch: TokenBatch, hits: HitLists, proper: Sequence[bool], first: int, last: int
) -> tuple[str, ...]:
    """Return the capitalised words that no gazetteer or role list knows: a person's, mostly."""
    names: list[str] = []
    for index in range(first, last):
        word, person = batch.surfaces[index], hits.person[index]
        if word in (",", "(") and names:
            break
        if not (proper[index] or person) or not _NAME_WORD.match(word):
            continue
        # "Mark Cuban", "Jack London": a place that ends a name is part of the name.
        last_name = bool(names) and index == last - 1
        if hits.name[index] and not person and not (last_name and _is_place(hits, index)):
            continue
        if word.isupper() and 1 < len(word) < 6 and not names:
            continue  # an acronym: a body's, mostly
        lowered = batch.lowered[index]
        if lowered in _NAMELESS:
            continue
        if hits.role[index] and not (person or last_name or _is_titled(batch, first, index)):
            continue
        names.append(lowered)
    return tuple(names)


def _is_titled(batch: TokenBatch, first: int, index: int) -> bool:
    """Whether a title stands before a word of a span: "Mr. Judge", "Dr Judge"."""
    before = batch.lowered[max(first, index - 2) : index]
    return bool(before) and (before[-1].rstrip(".") in HONORIFICS or before[0] in HONORIFICS)

"""What an article says about the people it names: the offices and bodies beside every mention.

"Comey" on its own tells no type; "James Comey, the FBI director" ten sentences earlier does. A
profile counts the roles and bodies that stand in apposition to a surname anywhere in the article,
so that a person's type is carried through it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from attribution.lexicon import CUE_KINDS, NAME_KINDS, ROLE_KINDS, Hits
from attribution.mentions import Mention, read_mention
from attribution.tokens import Ints, TokenBatch

#: How many mentions of a surname are read, and how far around each.
MAX_OCCURRENCES = 12
BEFORE, AFTER = 7, 10
_STOPS = frozenset('. ; : “ ” " « » „ ( ) ? !'.split())
_SPEECH = frozenset(
    CUE_KINDS.index(k) for k in ("speech", "report", "denial", "demand", "preposition")
)
_LINKS = frozenset(
    "of for at from with in on the a an 's ’s and former then - deputy acting".split()
)


class Introductions:
    """How one document introduces people; each surname is looked up once."""

    def __init__(self, batch: TokenBatch, hits: Hits, document: int) -> None:
        self.batch, self.hits = batch, hits
        first_sentence, last_sentence = batch.document_ptr[document : document + 2].tolist()
        self.first = int(batch.sentence_ptr[first_sentence])
        self.last = int(batch.sentence_ptr[last_sentence])
        self._known: dict[str, Counter[str]] = {}

    def of(self, surname: str) -> Counter[str]:
        """Return counts of ``r=<role kind>`` and ``n=<name kind>`` beside a surname."""
        if surname not in self._known:
            self._known[surname] = self._read(surname)
        return self._known[surname]

    def _read(self, surname: str) -> Counter[str]:
        codes = self.batch.capitalised.get(surname, [])
        span = self.batch.word[self.first : self.last]
        found = np.flatnonzero(np.isin(span, codes)) + self.first
        counts: Counter[str] = Counter()
        for token in found[:MAX_OCCURRENCES].tolist():
            counts.update(self._before(token))
            counts.update(self._after(token))
        if len(found):
            counts.update(self._beside(int(found[0])))
        return counts

    def _beside(self, token: int) -> set[str]:
        """Return, as weaker evidence, the roles in the sentence that first names somebody."""
        start, end = self.batch.sentence_ptr[self.batch.sentence[token] :][:2].tolist()
        return {f"s={ROLE_KINDS[role]}" for role in self.hits.role[start:end].tolist() if role}

    def _before(self, token: int) -> Iterator[str]:
        """Yield what stands right before a name: "FBI Director James Comey"."""
        start = int(self.batch.sentence_ptr[self.batch.sentence[token]])
        in_name = True
        for index in range(token - 1, max(start, token - BEFORE) - 1, -1):
            word = self.batch.token(index)
            role, name = int(self.hits.role[index]), self._body(index)
            if role:
                yield f"r={ROLE_KINDS[role]}"
            if name:
                yield f"n={NAME_KINDS[name]}"
            if role or name:
                in_name = False
            elif (in_name and word[:1].isupper()) or (word in (".", ",") and token - index < 3):
                continue
            elif word.lower() not in _LINKS and not word[:1].isupper():
                return

    def _speaks(self, index: int) -> bool:
        return int(self.hits.cue[index]) in _SPEECH

    def _body(self, index: int) -> int:
        """Return the kind of body or place that a token names, 0 for a person's name."""
        return 0 if self.hits.person[index] else int(self.hits.name[index])

    def _after(self, token: int) -> Iterator[str]:
        """Yield what is said right after a name: ", director of the FBI," or "’s spokesman"."""
        end = int(self.batch.sentence_ptr[self.batch.sentence[token] + 1])
        if token + 1 >= end:
            return
        opener = self.batch.token(token + 1)
        if opener not in (",", "(", "'s", "’s", "-", "–", "—"):
            return
        possessive = opener in ("'s", "’s")
        reach = 3 if possessive else AFTER
        for index in range(token + 2, min(end, token + 2 + reach)):
            word = self.batch.token(index)
            role, name = int(self.hits.role[index]), self._body(index)
            if index == token + 2 and opener == "," and word.isdigit():
                yield "age"
            closes = word in (",", ")", "—", "–") or word in _STOPS
            after_age = index == token + 3 and self.batch.token(token + 2).isdigit()
            if (closes and not after_age) or self._speaks(index):
                return
            prefix = "own" if possessive else "r"
            if role:
                yield f"{prefix}={ROLE_KINDS[role]}"
            elif name and not possessive:
                yield f"n={NAME_KINDS[name]}"


def find_people(
    batch: TokenBatch, hits: Hits, proper: NDArray[np.bool_], source: Ints
) -> list[list[Mention]]:
    """Return the people whom each sentence names or describes, its source left out.

    Parameters
    ----------
    proper : (n,) bool
        Which tokens are proper names.
    source : (s, 2) int
        The tokens of each sentence's source, -1 for none.
    """
    people: list[list[Mention]] = [[] for _ in range(batch.n_sentences)]
    if not batch.n_tokens:
        return people
    spans = sorted([*_find_names(batch, hits, proper), *_find_roles(batch, hits)])
    skip = source.tolist()
    for first, last in spans:
        sentence = int(batch.sentence[first])
        if skip[sentence][0] <= first < skip[sentence][1]:
            continue
        mention = read_mention(batch, hits, proper, sentence, first, last)
        if mention.is_person or last == first + 1:
            people[sentence].append(mention)
    return people


def _find_names(
    batch: TokenBatch, hits: Hits, proper: NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """Yield the token ranges of personal names: capitalised words that no gazetteer knows."""
    title = np.array([word[1:].islower() for word in batch.words])[batch.word]
    capital = np.array([word[:1].isupper() for word in batch.words])[batch.word]
    opens = hits.person | (proper & title & (hits.name == 0) & (hits.role == 0))
    goes_on = capital & (hits.person | (hits.name == 0))
    ends = batch.sentence_ptr[1:][batch.sentence]
    going, limits = goes_on.tolist(), ends.tolist()
    stop = 0
    for index in np.flatnonzero(opens).tolist():
        if index < stop:
            continue
        stop = index + 1
        while stop < limits[index] and going[stop]:
            stop += 1
        yield index, stop


# Roles of which one person can be meant by "he" or "she".
_PERSONAL = np.isin(
    np.arange(len(ROLE_KINDS)),
    [
        ROLE_KINDS.index(kind)
        for kind in ("individual", "government", "military", "law_enforcement", "expert", "person")
    ],
)
_DETERMINERS = frozenset("a an the his her their one another".split())


def _find_roles(batch: TokenBatch, hits: Hits) -> Iterator[tuple[int, int]]:
    """Yield "a retired teacher", "the judge": the last word of a role with a determiner."""
    lower = np.array([not word[:1].isupper() for word in batch.words])[batch.word]
    last = np.append(hits.role[1:] == 0, True)
    starts = batch.sentence_ptr[:-1][batch.sentence]
    for index in np.flatnonzero(_PERSONAL[hits.role] & ~hits.plural & lower & last).tolist():
        before = range(max(int(starts[index]), index - 3), index)
        if any(batch.token(k).lower() in _DETERMINERS for k in before):
            yield index, index + 1

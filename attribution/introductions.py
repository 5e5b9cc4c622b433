"""What an article says about the people it names: the offices and bodies beside every mention.

"Comey" on its own tells no type; "James Comey, the FBI director" ten sentences earlier does. So
roles and bodies that stand beside a surname anywhere in the article are collected, and a person's
type is carried through it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from attribution.lexicon import CUE_KINDS, NAME_KINDS, ROLE_KINDS, Hits
from attribution.mentions import HONORIFICS, Mention, read_mention
from attribution.quotations import Quotations
from attribution.tokens import Ints, TokenBatch

#: How many mentions of a surname are read, and how far around each.
MAX_OCCURRENCES = 12
BEFORE, AFTER = 7, 10
_OPENERS = frozenset(", ( 's ’s - – —".split())
_CLOSERS = frozenset('. , ; : “ ” " « » „ ( ) ? ! – —'.split())
_SPEECH = np.isin(CUE_KINDS, ("speech", "report", "denial", "demand", "preposition"))
_LINKS = frozenset(
    "of for at from with in on the a an 's ’s and former then - deputy acting".split()
)


class Introductions:
    """How the documents of a batch introduce people."""

    def __init__(self, batch: TokenBatch, hits: Hits) -> None:
        # Lists: one element of an array costs ten of a list.
        self.words, self.lowered = batch.surfaces, batch.lowered
        self.role = hits.lists.role
        # The kind of body or place that a token names, 0 for a person's name.
        self.body = np.where(hits.person, 0, hits.name).tolist()
        self.speaks = _SPEECH[hits.cue].tolist()
        self.sentence, self.ptr = batch.sentence.tolist(), batch.sentence_ptr.tolist()
        #: Where each document has a word with a capital.
        self.found: dict[tuple[int, str], list[int]] = defaultdict(list)
        capitals = np.flatnonzero(batch.capital)
        documents = batch.sentence_document[batch.sentence[capitals]]
        for token, document in zip(capitals.tolist(), documents.tolist(), strict=True):
            self.found[document, self.lowered[token]].append(token)

    def of(self, document: int, surname: str) -> list[str]:
        """Return what stands beside a surname: ``r=<role kind>``, ``n=<name kind>`` and so on."""
        said: list[str] = []
        found = self.found.get((document, surname), [])
        for number, token in enumerate(found[:MAX_OCCURRENCES]):
            sentence = self.sentence[token]
            first, last = self.ptr[sentence], self.ptr[sentence + 1]
            said += self._before(token, first)
            said += self._after(token, last)
            if number == 0:
                said += self._beside(first, last)
        return said

    def frequency(self, document: int, surname: str) -> int:
        """Return how often a document names a surname, or any word with a capital."""
        return len(self.found.get((document, surname), ()))

    def _beside(self, first: int, last: int) -> list[str]:
        """Return, as weaker evidence, the roles in the sentence that first names somebody."""
        return [f"s={ROLE_KINDS[role]}" for role in set(self.role[first:last]) if role]

    def _before(self, token: int, first: int) -> Iterator[str]:
        """Yield what stands right before a name: "FBI Director James Comey"."""
        in_name = True
        for index in range(token - 1, max(first, token - BEFORE) - 1, -1):
            word, role, body = self.words[index], self.role[index], self.body[index]
            if role:
                yield f"r={ROLE_KINDS[role]}"
            if body:
                yield f"n={NAME_KINDS[body]}"
            if role or body:
                in_name = False
                continue
            capital = word[0].isupper()
            if (in_name and capital) or (word in (".", ",") and token - index < 3):
                continue
            if not capital and self.lowered[index] not in _LINKS:
                return

    def _after(self, token: int, last: int) -> Iterator[str]:
        """Yield what is said right after a name: ", director of the FBI," or "’s spokesman"."""
        start = token + 2
        if start >= last or self.words[token + 1] not in _OPENERS:
            return
        opener = self.words[token + 1]
        possessive = opener in ("'s", "’s")
        aged = self.words[start].isdigit()
        if aged and opener == ",":
            yield "age"
        for index in range(start, min(last, start + (3 if possessive else AFTER))):
            closes = self.words[index] in _CLOSERS and not (aged and index == start + 1)
            if closes or self.speaks[index]:
                return
            if self.role[index]:
                yield f"{'own' if possessive else 'r'}={ROLE_KINDS[self.role[index]]}"
            elif self.body[index] and not possessive:
                yield f"n={NAME_KINDS[self.body[index]]}"


class Bystanders:
    """The people whom each sentence names, its source left out.

    Most are never asked for, so that each sentence's are read when they are.

    Parameters
    ----------
    proper : (n,) bool
        Which tokens are proper names.
    source : (s, 2) int
        The tokens of each sentence's source, -1 for none.
    """

    def __init__(
        self,
        batch: TokenBatch,
        hits: Hits,
        quotations: Quotations,
        proper: NDArray[np.bool_],
        source: Ints,
    ) -> None:
        self.batch, self.hits, self.proper = batch, hits, proper.tolist()
        self.quoted = quotations.inside.tolist()
        first, last = _find_names(batch, hits, proper)
        sentence = batch.sentence[first]
        aside = (first < source[sentence, 0]) | (first >= source[sentence, 1])
        self.spans = list(zip(first[aside].tolist(), last[aside].tolist(), strict=True))
        self.ptr = np.searchsorted(sentence[aside], np.arange(batch.n_sentences + 1)).tolist()
        self.opening = batch.document_ptr.tolist()
        self._read: dict[int, list[Mention]] = {}

    def of(self, document: int, number: int, before: int | None = None) -> list[Mention]:
        """Return the people of a document's sentence in reading order.

        With a token, those named before it and outside quotation marks.
        """
        people = self._people(document, number)
        if before is None:
            return people
        return [p for p in people if p.last <= before and not self.quoted[p.first]]

    def _people(self, document: int, number: int) -> list[Mention]:
        sentence = self.opening[document] + number
        if sentence not in self._read:
            start = int(self.batch.sentence_ptr[sentence])
            mentions = [
                read_mention(
                    self.batch, self.hits, self.proper, sentence, self._titled(first, start), last
                )
                for first, last in self.spans[self.ptr[sentence] : self.ptr[sentence + 1]]
            ]
            self._read[sentence] = [mention for mention in mentions if mention.is_person]
        return self._read[sentence]

    def _titled(self, first: int, start: int) -> int:
        """Return where a name begins, the "Mr." before it in its sentence included."""
        before = self.batch.lowered[max(first - 2, start) : first]
        if len(before) == 2 and before[1] == "." and before[0] in HONORIFICS:
            return first - 2
        return first - 1 if before and before[-1] in HONORIFICS else first


# Never people; "April", "May", "June" and "August" may be.
_CALENDAR = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March July September"
    " October November December".split()
)


def _find_names(batch: TokenBatch, hits: Hits, proper: NDArray[np.bool_]) -> Ints:
    """Return (2, k) int: where personal names, words that no gazetteer knows, begin and end."""
    unknown = (hits.name == 0) & ~batch.among(_CALENDAR)
    likely = np.flatnonzero(proper & unknown & (hits.role == 0))
    opens = hits.person.copy()
    title = [batch.surfaces[token][1:].islower() for token in likely.tolist()]
    opens[likely] |= np.array(title, bool)
    ends = ~(batch.capital & (hits.person | unknown))
    ends[batch.sentence_ptr[:-1][np.diff(batch.sentence_ptr) > 0]] = True
    stops = np.append(np.flatnonzero(ends), batch.n_tokens)
    starts = np.flatnonzero(opens)
    # Of the words that could open the same name, the first does.
    stop, first = np.unique(np.searchsorted(stops, starts, side="right"), return_index=True)
    return np.array((starts[first], stops[stop]))

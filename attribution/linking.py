"""Mentions to sources: which source words in an article mean the same person or body.

One pass in reading order. A name joins the source that shares its gazetteer entry, its surname or
its initials; a pronoun or a short form ("the agency") joins the nearest source that fits; a
sentence of a running quotation keeps its speaker. Antecedents may also be people who were only
written about, since "Holt runs the lab. She said ..." is common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from attribution.lexicon import NAME_KINDS, ROLE_KINDS
from attribution.mentions import Mention

#: How many sentences back an antecedent is looked for.
PRONOUN_REACH = 6
# Salience of a person for a pronoun: as a source, as the subject of a sentence, elsewhere.
SOURCE_WEIGHT, LEADING_WEIGHT, ASIDE_WEIGHT, DECAY = 1.0, 0.8, 0.3, 0.6
_AGENCY, _OUTLET, _GOVERNMENT, _MILITARY, _LAW, _ORGANIZATION, _EXPERT, _DOCUMENT = range(1, 9)
# Short forms and the kinds of body they can stand for.
_SHORT_FORMS: dict[str, tuple[int, ...]] = {
    "agency": (_AGENCY, _OUTLET, _GOVERNMENT, _LAW, _ORGANIZATION),
    "service": (_AGENCY, _OUTLET, _GOVERNMENT, _LAW),
    "directorate": (_AGENCY, _MILITARY, _GOVERNMENT),
    "bureau": (_AGENCY, _LAW, _GOVERNMENT),
    "outlet": (_OUTLET,),
    "newspaper": (_OUTLET,),
    "paper": (_OUTLET, _EXPERT),
    "daily": (_OUTLET,),
    "broadcaster": (_OUTLET,),
    "channel": (_OUTLET,),
    "network": (_OUTLET, _ORGANIZATION),
    "magazine": (_OUTLET,),
    "site": (_OUTLET,),
    "portal": (_OUTLET,),
    "ministry": (_GOVERNMENT, _MILITARY),
    "department": (_GOVERNMENT, _MILITARY, _LAW),
    "office": (_GOVERNMENT, _LAW, _ORGANIZATION),
    "government": (_GOVERNMENT,),
    "campaign": (_GOVERNMENT,),
    "party": (_GOVERNMENT,),
    "army": (_MILITARY,),
    "military": (_MILITARY,),
    "navy": (_MILITARY,),
    "command": (_MILITARY,),
    "force": (_MILITARY, _LAW),
    "police": (_LAW,),
    "court": (_LAW,),
    "company": (_ORGANIZATION,),
    "firm": (_ORGANIZATION,),
    "group": (_ORGANIZATION,),
    "organization": (_ORGANIZATION,),
    "organisation": (_ORGANIZATION,),
    "union": (_ORGANIZATION,),
    "charity": (_ORGANIZATION,),
    "federation": (_ORGANIZATION,),
    "institute": (_EXPERT,),
    "center": (_EXPERT, _ORGANIZATION),
    "centre": (_EXPERT, _ORGANIZATION),
    "university": (_EXPERT,),
}
# Roles that people have; bodies, outlets and documents are no "he".
_HUMAN = frozenset(
    ROLE_KINDS.index(kind)
    for kind in ("individual", "government", "military", "law_enforcement", "expert", "person")
) | {_AGENCY, _OUTLET}
# Definite forms of these mean the same research ("a new poll" ... "the results").
_RESEARCH = frozenset(
    "poll survey study report results findings data research paper analysis".split()
)


#: What names a source: the kind of name ("surname", "phrase" and so on), and the name.
_Name = tuple[str, str | int]


@dataclass(eq=False)
class _Source:
    """A source while it is being put together."""

    id: int
    mentions: list[Mention] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)
    kinds: set[int] = field(default_factory=set)
    person: bool = False
    plural: bool = False
    gender: str = ""
    last: int = -1

    def add(self, mention: Mention) -> None:
        self.mentions.append(mention)
        self.last = mention.sentence
        if mention.pronoun:
            if mention.pronoun in ("he", "she"):
                self.gender = mention.pronoun
            return
        self.heads.add(mention.head)
        self.kinds |= _kinds(mention)
        self.person |= _is_person(mention)
        self.plural |= mention.plural


@dataclass(frozen=True)
class Links:
    """The identities of one article.

    Attributes
    ----------
    numbers : list of int
        Source number of each sentence, from 0 in order of first use, -1 for none.
    relays : list of tuple of int
        The same for the relays of each sentence.
    mentions : list of list of Mention
        By source: its mentions, the person that a pronoun means included.
    """

    numbers: list[int]
    relays: list[tuple[int, ...]]
    mentions: list[list[Mention]]


def link_mentions(
    mentions: Sequence[Mention | None],
    relays: Sequence[Sequence[Mention]],
    holders: Sequence[int],
    bystanders: Callable[[int], Sequence[Mention]],
) -> Links:
    """Give every sentence of one article the number of its source, and its relays theirs.

    Parameters
    ----------
    mentions : sequence of Mention or None, one a sentence
        The source words, None where there are none.
    relays : sequence of sequences of Mention, one a sentence
        Who passed the information on, nearest the origin first.
    holders : sequence of int, one a sentence
        For a sentence of a running quotation, the sentence that names its speaker; else -1.
    bystanders : callable
        Returns the people named in a sentence of the article who are not its source.
    """
    linker = _Linker(bystanders)
    numbers = [-1] * len(mentions)
    relay_numbers: list[tuple[int, ...]] = []
    for index, (mention, passed_on) in enumerate(zip(mentions, relays, strict=True)):
        linker.here = index
        if mention is not None:
            numbers[index] = linker.place(mention)
        relay_numbers.append(tuple([linker.place(relay) for relay in passed_on]))
    for index, holder in enumerate(holders):
        if numbers[index] < 0 and holder >= 0:
            numbers[index] = numbers[holder]
    said = [source.mentions for source in linker.sources]
    return Links(numbers, relay_numbers, said)


class _Linker:
    """Sources met so far in one article, and people who were only written about."""

    def __init__(self, bystanders: Callable[[int], Sequence[Mention]]) -> None:
        self.sources: list[_Source] = []
        self.named: dict[_Name, list[_Source]] = defaultdict(list)
        self.bystanders = bystanders
        #: The sentence that is being read.
        self.here = 0

    def place(self, mention: Mention) -> int:
        source = self._find(mention)
        if source is None:
            source = _Source(len(self.sources))
            antecedent = self._bystander(mention)
            self.sources.append(source)
            if antecedent is not None:
                self._add(source, antecedent)
        self._add(source, mention)
        return source.id

    def _add(self, source: _Source, mention: Mention) -> None:
        source.add(mention)
        for name in _names(mention):
            if source not in self.named[name]:
                self.named[name].append(source)

    def _people(self, reach: int) -> Iterator[Mention]:
        """Yield, in reading order, the people of the last sentences.

        Not of this one: people beside a source's words are mostly whom it speaks about.
        """
        for sentence in range(max(self.here - reach, 0), self.here):
            yield from self.bystanders(sentence)

    def _find(self, mention: Mention) -> _Source | None:
        if mention.pronoun:
            return self._by_pronoun(mention)
        if mention.is_person:
            return self._by_name("surname", mention.surname)
        phrase = _phrase(mention.words)
        single = " " not in phrase
        found = None
        if mention.entity >= 0 and _is_body(mention):
            found = self._by_name("entity", mention.entity)
        if found is None and mention.definite and single:
            found = self._by_short_form(mention)
        if found is None and single:
            found = self._by_name("surname", phrase)
        if found is None:
            found = self._by_name("phrase", phrase) or self._by_initials(mention)
        if found is None and mention.definite and mention.entity < 0:
            found = self._by_short_form(mention)
        return found

    def _by_initials(self, mention: Mention) -> _Source | None:
        """Return the source of which a mention is the acronym, or which its acronym names."""
        acronym = mention.words[0].replace(".", "") if len(mention.words) == 1 else ""
        found = self._by_name("initials", acronym) if acronym.isalpha() else None
        initials = _initials(mention.words)
        if found is None and len(initials) > 2:
            found = self._by_name("phrase", initials)
        return found

    def _by_name(self, kind: str, name: str | int) -> _Source | None:
        found = self.named.get((kind, name))
        return _latest(found) if found else None

    def _known(self, person: Mention) -> _Source | None:
        if person.is_person:
            return self._by_name("surname", person.surname)
        return self._last(lambda s: s.person and person.head in s.heads)

    def _by_pronoun(self, mention: Mention) -> _Source | None:
        reach = mention.sentence - PRONOUN_REACH
        if mention.pronoun in ("he", "she", "who", "i"):
            return self._by_salience(mention)
        if mention.pronoun in ("it", "which"):
            return self._last(lambda s: not s.person and not s.plural and s.last >= reach)
        if mention.pronoun in ("they", "we"):
            return self._last(
                lambda s: (s.plural or not s.person) and s.last >= reach
            ) or self._last(lambda s: s.last >= reach)
        return None

    def _by_salience(self, mention: Mention) -> _Source | None:
        """Return whom "he" means: the person named most, nearest and in the leading place."""
        blocked = {"he": "she", "she": "he"}.get(mention.pronoun, "")
        weights: dict[int, float] = {}
        for source in self.sources:
            if not source.person or source.plural or source.gender == blocked != "":
                continue
            weights[source.id] = sum(
                SOURCE_WEIGHT * DECAY ** (mention.sentence - said.sentence)
                for said in source.mentions
                if said.sentence >= mention.sentence - PRONOUN_REACH
            )
        newcomers: dict[str, float] = {}
        for person in self._people(PRONOUN_REACH):
            # A role ("the judge") is an antecedent only where no name and no source is.
            if not person.is_person:
                continue
            weight = (LEADING_WEIGHT if person.leads else ASIDE_WEIGHT) * DECAY ** (
                mention.sentence - person.sentence
            )
            known = self._known(person)
            if known is None:
                newcomers[person.surname] = newcomers.get(person.surname, 0.0) + weight
            elif known.id in weights:
                weights[known.id] += weight
        best = max(weights, key=lambda number: weights[number], default=None)
        if best is None or weights[best] < max(newcomers.values(), default=0.05):
            return None
        return self.sources[best]

    def _by_short_form(self, mention: Mention) -> _Source | None:
        kinds = _SHORT_FORMS.get(mention.head)
        if kinds is not None and len(mention.words) <= 2:
            found = self._last(lambda s: mention.head in s.heads or _head_in(s, mention.head))
            if found is not None:
                return found
            return self._last(lambda s: not s.person and bool(s.kinds & set(kinds)))
        if kinds is not None:
            return None  # "the defence ministry" is not the foreign one
        found = self._last(lambda s: mention.head in s.heads)
        if found is not None:
            return found
        if mention.head in _RESEARCH:
            research = self._last(lambda s: bool(s.heads & _RESEARCH))
            if research is not None or mention.head != "report":
                return research
            return self._last(lambda s: _OUTLET in s.kinds)
        if mention.head_role and ROLE_KINDS[mention.head_role] != "document" and not mention.plural:
            role, reach = mention.head_role, mention.sentence - PRONOUN_REACH
            return self._last(
                lambda s: s.person and not s.plural and role in s.kinds and s.last >= reach
            ) or self._last(lambda s: s.person and not s.plural and not s.kinds and s.last >= reach)
        return None

    def _bystander(self, mention: Mention) -> Mention | None:
        """Return the person written about just before whom a pronoun or a role can mean."""
        if mention.pronoun in ("he", "she", "who"):
            near = [p for p in self._people(2) if self._known(p) is None]
            named = [p for p in near if p.is_person] or near
            return next((p for p in named if p.sentence == named[-1].sentence), None)
        if mention.definite and not mention.plural and mention.head_role and mention.entity < 0:
            near = [p for p in self._people(2) if p.is_person and self._known(p) is None]
            fitting = [p for p in near if mention.head_role in _kinds(p)]
            return fitting[-1] if fitting else None
        return None

    def _last(self, fits: Callable[[_Source], bool]) -> _Source | None:
        return _latest(source for source in self.sources if fits(source))


def _latest(sources: Iterable[_Source]) -> _Source | None:
    """Return the source that spoke last; of two in one sentence, the one met first."""
    return max(sources, key=lambda source: (source.last, -source.id), default=None)


def _names(mention: Mention) -> Iterator[_Name]:
    """Yield what a later mention of the same source can be known by."""
    if mention.pronoun:
        return
    if mention.entity >= 0 and _is_body(mention):
        yield "entity", mention.entity
    if mention.is_person:
        yield "surname", mention.surname
    yield "phrase", _phrase(mention.words)
    if len(mention.words) > 1:
        yield "initials", _initials(mention.words)


def _is_body(mention: Mention) -> bool:
    """Whether the mention names a body, or a place that speaks ("Kyiv")."""
    kind = NAME_KINDS[mention.entity_kind]
    return kind not in ("country", "demonym", "capital") or len(mention.words) == 1


def _is_person(mention: Mention) -> bool:
    if mention.is_person:
        return True
    human = mention.head_role in _HUMAN and mention.head not in _SHORT_FORMS
    return human and not mention.plural and mention.entity < 0


def _kinds(mention: Mention) -> set[int]:
    kinds = set(mention.roles)
    if 0 < mention.entity_kind < len(ROLE_KINDS):
        kinds.add(mention.entity_kind)
    return kinds


@lru_cache(maxsize=10_000)
def _phrase(words: tuple[str, ...]) -> str:
    return " ".join([w for w in words if w not in ("the", "a", "an", "’s", "'s")])


@lru_cache(maxsize=10_000)
def _initials(words: tuple[str, ...]) -> str:
    return "".join(w[0] for w in words if w not in ("the", "of", "for", "and", "'s", "’s", "a"))


def _head_in(source: _Source, head: str) -> bool:
    return any(head in mention.words for mention in source.mentions)

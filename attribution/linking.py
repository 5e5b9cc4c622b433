"""Mentions to sources: which source words in an article mean the same person or body.

One pass in reading order. A name joins the source that shares its gazetteer entry, its surname or
its initials; a pronoun or a short form ("the agency") joins the nearest source that fits; a
sentence of a running quotation keeps its speaker. Antecedents may also be people who were only
written about, since "Holt runs the lab. She said ..." is common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

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


@dataclass
class _Source:
    """A source while it is being put together."""

    id: int
    mentions: list[Mention] = field(default_factory=list)
    entities: set[int] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    kinds: set[int] = field(default_factory=set)
    initials: set[str] = field(default_factory=set)
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
        if mention.entity >= 0 and _is_body(mention):
            self.entities.add(mention.entity)
        if mention.is_person:
            self.surnames.add(mention.surname)
        self.heads.add(mention.head)
        self.phrases.add(_phrase(mention))
        self.kinds |= _kinds(mention)
        if len(mention.words) > 1:
            self.initials.add(_initials(mention.words))
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
    bystanders: Sequence[Sequence[Mention]],
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
    bystanders : sequence of sequences of Mention
        People named in each sentence who are not its source.

    """
    linker = _Linker()
    numbers = [-1] * len(mentions)
    relay_numbers: list[tuple[int, ...]] = []
    for index, mention in enumerate(mentions):
        if mention is not None:
            numbers[index] = linker.place(mention)
        relay_numbers.append(tuple(linker.place(relay) for relay in relays[index]))
        # After the source's words: people in the same sentence are mostly whom they speak about.
        linker.people += bystanders[index]
    for index, holder in enumerate(holders):
        if numbers[index] < 0 and holder >= 0:
            numbers[index] = numbers[holder]
    said = [source.mentions for source in linker.sources]
    return Links(numbers, relay_numbers, said)


class _Linker:
    """Sources met so far in one article, and people who were only written about."""

    def __init__(self) -> None:
        self.sources: list[_Source] = []
        self.people: list[Mention] = []

    def place(self, mention: Mention) -> int:
        source = self._find(mention)
        if source is None:
            source = _Source(len(self.sources))
            self.sources.append(source)
            antecedent = self._bystander(mention)
            if antecedent is not None:
                source.add(antecedent)
        source.add(mention)
        return source.id

    def _find(self, mention: Mention) -> _Source | None:
        if mention.pronoun:
            return self._by_pronoun(mention)
        if mention.is_person:
            return self._by_surname(mention.surname)
        if mention.entity >= 0 and _is_body(mention):
            found = self._last(lambda source: mention.entity in source.entities)
            if found is not None:
                return found
        phrase = _phrase(mention)
        if mention.definite and " " not in phrase:
            found = self._by_short_form(mention)
            if found is not None:
                return found
        if " " not in phrase:
            found = self._last(lambda source: phrase in source.surnames)
            if found is not None:
                return found
        found = self._last(lambda source: phrase in source.phrases)
        if found is not None:
            return found
        if len(mention.words) == 1 and mention.words[0].replace(".", "").isalpha():
            acronym = mention.words[0].replace(".", "")
            found = self._last(lambda source: acronym in source.initials)
            if found is not None:
                return found
        initials = _initials(mention.words)
        if len(initials) > 2:
            found = self._last(lambda source: initials in source.phrases)
            if found is not None:
                return found
        if mention.definite and mention.entity < 0:
            return self._by_short_form(mention)
        return None

    def _known(self, person: Mention) -> _Source | None:
        if person.is_person:
            return self._by_surname(person.surname)
        return self._last(lambda s: s.person and person.head in s.heads)

    def _by_surname(self, surname: str) -> _Source | None:
        return self._last(lambda source: surname in source.surnames)

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
        for person in self.people:
            # A role ("the judge") is an antecedent only where no name and no source is.
            if person.sentence < mention.sentence - PRONOUN_REACH or not person.is_person:
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
        near = [p for p in self.people if p.sentence >= mention.sentence - 2]
        near = [p for p in near if self._known(p) is None]
        if mention.pronoun in ("he", "she", "who"):
            named = [p for p in near if p.is_person] or near
            same = [p for p in named if p.sentence == named[-1].sentence]
            return same[0] if same else None
        if mention.definite and not mention.plural and mention.head_role and mention.entity < 0:
            fitting = [p for p in near if mention.head_role in _kinds(p) and p.is_person]
            return fitting[-1] if fitting else None
        return None

    def _last(self, fits: Callable[[_Source], bool]) -> _Source | None:
        matching = [source for source in self.sources if fits(source)]
        return max(matching, key=lambda source: source.last, default=None)


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


def _phrase(mention: Mention) -> str:
    words = [w for w in mention.words if w not in ("the", "a", "an", "’s", "'s")]
    return " ".join(words)


def _initials(words: Sequence[str]) -> str:
    return "".join(w[0] for w in words if w not in ("the", "of", "for", "and", "'s", "’s", "a"))


def _head_in(source: _Source, head: str) -> bool:
    return any(head in mention.words for mention in source.mentions)

"""Mentions to sources: which source words in an article mean the same person or body.

One pass in reading order. A name joins the source that shares its gazetteer entry, its surname, its
words or its initials; what a pronoun or a description means is chosen among the candidates of
`antecedents`; a sentence of a running quotation keeps its speaker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from attribution.antecedents import (
    Choose,
    Cluster,
    Known,
    Scene,
    list_candidates,
    plain_phrase,
)
from attribution.lexicon import NAME_KINDS, PLACES
from attribution.mentions import Mention

#: What names a source: the kind of name ("surname", "phrase" and so on), and the name.
_Name = tuple[str, str | int]


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
    scene: Scene,
    choose: Choose,
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
    scene : Scene
        What else the article says about people.
    choose : callable
        Returns what a pronoun or a description means.
    """
    linker = _Linker(scene, choose)
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
    return Links(numbers, relay_numbers, [cluster.mentions for cluster in linker.clusters])


class _Linker:
    """The sources met so far in one article."""

    def __init__(self, scene: Scene, choose: Choose) -> None:
        self.clusters: list[Cluster] = []
        #: The same by their numbers, the latest last.
        self.recent: dict[int, Cluster] = {}
        self.known = Known()
        self.named: dict[_Name, list[Cluster]] = defaultdict(list)
        self.scene, self.choose = scene, choose
        #: The sentence that is being read.
        self.here = 0

    def place(self, mention: Mention) -> int:
        """Add a mention to the source that it means, a new one if need be; return its number."""
        cluster = self._by_names(mention)
        if cluster is None and not _is_name(mention):
            cluster = self._choose(mention)
        if cluster is None:
            cluster = self._open()
        self._add(cluster, mention)
        return cluster.id

    def _choose(self, mention: Mention) -> Cluster | None:
        latest = reversed(self.recent.values())
        candidates = list_candidates(mention, latest, self.known, self.scene, self.here)
        chosen = candidates[self.choose(mention, candidates)]
        if chosen.person is None:
            return chosen.cluster
        cluster = self._open()
        self._add(cluster, chosen.person)
        return cluster

    def _open(self) -> Cluster:
        self.clusters.append(Cluster(len(self.clusters)))
        self.known.clusters += 1
        return self.clusters[-1]

    def _add(self, cluster: Cluster, mention: Mention) -> None:
        cluster.add(mention, self.here)
        self.recent.pop(cluster.id, None)
        self.recent[cluster.id] = cluster
        if mention.is_person and mention.surname not in self.known.surnames:
            self.known.surnames.add(mention.surname)
            self.known.top = max(self.known.top, self.scene.frequency(mention.surname))
        for name in _names(mention):
            if cluster not in self.named[name]:
                self.named[name].append(cluster)

    def _by_names(self, mention: Mention) -> Cluster | None:
        """Return the source that shares a name with a mention, None for a pronoun."""
        if mention.pronoun:
            return None
        if mention.is_person:
            return self._by_name("surname", mention.surname)
        phrase = plain_phrase(mention.words)
        found = None
        if _is_body(mention):
            found = self._by_name("entity", mention.entity)
        if found is None and " " not in phrase:
            found = self._by_name("surname", phrase)
        if found is None and (_is_body(mention) or not mention.definite):
            found = self._by_name("phrase", phrase)
        return found or self._by_initials(mention)

    def _by_initials(self, mention: Mention) -> Cluster | None:
        """Return the source of which a mention is the acronym, or which its acronym names."""
        acronym = mention.words[0].replace(".", "") if len(mention.words) == 1 else ""
        found = self._by_name("initials", acronym) if acronym.isalpha() else None
        initials = _initials(mention.words)
        if found is None and len(initials) > 2:
            found = self._by_name("phrase", initials)
        return found

    def _by_name(self, kind: str, name: str | int) -> Cluster | None:
        found = self.named.get((kind, name))
        return _latest(found) if found else None


def _latest(clusters: Iterable[Cluster]) -> Cluster | None:
    """Return the source that spoke last; of two in one sentence, the one met first."""
    return max(clusters, key=lambda cluster: (cluster.at, -cluster.id), default=None)


def _names(mention: Mention) -> Iterator[_Name]:
    """Yield what a later mention of the same source can be known by."""
    if mention.pronoun:
        return
    if _is_body(mention):
        yield "entity", mention.entity
    if mention.is_person:
        yield "surname", mention.surname
    yield "phrase", plain_phrase(mention.words)
    if len(mention.words) > 1:
        yield "initials", _initials(mention.words)


def _is_name(mention: Mention) -> bool:
    """Whether a mention names a person or a body, and so needs no antecedent."""
    return mention.is_person or _is_body(mention)


def _is_body(mention: Mention) -> bool:
    """Whether the mention names a body, or a place that speaks ("Kyiv")."""
    if mention.entity < 0 or mention.pronoun:
        return False
    kind = NAME_KINDS[mention.entity_kind]
    return kind not in PLACES or len(mention.words) == 1


@lru_cache(maxsize=10_000)
def _initials(words: tuple[str, ...]) -> str:
    return "".join(w[0] for w in words if w not in ("the", "of", "for", "and", "'s", "’s", "a"))

"""Whom a pronoun or a description means: antecedents, ranked by weights learned from annotation.

"She", "the agency" and "a spokesman" mean a source met before, somebody only written about, or a
new source. The candidates are described by sparse features, and the highest sum of weights wins
(a log-linear ranking: Denis & Baldridge 2008, "Specialized models and ranking for coreference
resolution"). A candidate counts by its kind, its place and its wording; of words only those of the
vocabulary, which holds no names, have weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, repeat
from typing import NamedTuple

from attribution.lexicon import NAME_KINDS, PLACES, ROLE_KINDS
from attribution.mentions import HONORIFICS, Mention
from attribution.short_forms import SHORT_FORMS

#: How many sentences back people who are only written about can be meant.
REACH = 6
#: How many sources, the latest, and how many newcomers can be meant.
SOURCES, NEWCOMERS = 12, 4
_SINGULAR = frozenset(("he", "she"))
_CATEGORIES = {"he": "s3", "she": "s3", "which": "it"}
_DISTANCES = (0, 1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6)
_EMPTY = frozenset(
    "the a an of for and in on at s its his her their this that these those same to from by with"
    " who which said".split()
)
_SHARES = frozenset(("percent", "%", "per"))


@dataclass(eq=False)
class Cluster:
    """A source while it is being put together: the mentions that mean it.

    Attributes
    ----------
    at : int
        The sentence of its last mention.
    nature : str
        What its first mention says that it is.
    """

    id: int
    mentions: list[Mention] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)
    kinds: set[int] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    content: set[str] = field(default_factory=set)
    surname: str = ""
    gender: str = ""
    nature: str = ""
    at: int = -1

    def add(self, mention: Mention, at: int) -> None:
        """Take one more mention in, which stands in sentence `at` of the article."""
        self.nature = self.nature or _nature(mention)
        self.mentions.append(mention)
        self.at = at
        if mention.pronoun:
            if mention.pronoun in _SINGULAR:
                self.gender = mention.pronoun
            return
        self.heads.add(mention.head)
        self.kinds |= mention_kinds(mention)
        self.phrases.add(plain_phrase(mention.words))
        self.content |= content_words(mention.words)
        if mention.is_person:
            self.surname = mention.surname
            self.gender = self.gender or HONORIFICS.get(mention.words[0], "")


@dataclass(slots=True)
class Candidate:
    """What a mention may mean: a source met before, a person only written about, or a new source.

    Attributes
    ----------
    features : list of str
    cluster : Cluster or None
        The source met before.
    person : Mention or None
        The person only written about. With neither, a new source.
    """

    features: list[str]
    cluster: Cluster | None = None
    person: Mention | None = None


#: Returns which of several candidates a mention means.
Choose = Callable[[Mention, Sequence[Candidate]], int]


@dataclass(frozen=True)
class Antecedents:
    """The weights of the ranking, by feature."""

    weights: Mapping[str, float]

    def choose(self, mention: Mention, candidates: Sequence[Candidate]) -> int:
        """Return the candidate with the highest sum of weights, the first of equals."""
        weight, zeros = self.weights.get, repeat(0.0)
        sums = [sum(map(weight, c.features, zeros)) for c in candidates]
        return max(range(len(sums)), key=sums.__getitem__)


class _Person(NamedTuple):
    """Somebody written about in the last sentences; the nearest place counts."""

    mention: Mention
    distance: int
    times: int


@dataclass(frozen=True)
class Scene:
    """What an article says beside its sources.

    Attributes
    ----------
    paragraphs : sequence of int
        The paragraph of each sentence.
    people : callable
        Returns the people whom a sentence names and who are not its source; with a token, those
        before it and outside quotation marks.
    frequency : callable
        Returns how often the article names a surname.
    """

    paragraphs: Sequence[int]
    people: Callable[[int, int | None], Sequence[Mention]]
    frequency: Callable[[str], int]


@dataclass
class Known:
    """What was counted of the sources met so far.

    Attributes
    ----------
    clusters : int
    surnames : set of str
    top : int
        How often the article names the one whom it names most.
    """

    clusters: int = 0
    surnames: set[str] = field(default_factory=set)
    top: int = 0


def list_candidates(
    mention: Mention, clusters: Iterable[Cluster], known: Known, scene: Scene, here: int
) -> list[Candidate]:
    """Return what a mention in sentence `here` may mean, a new source last.

    Parameters
    ----------
    clusters : iterable of Cluster
        The sources met before, the latest first.
    """
    near = _people_near(mention, scene, here)
    fitting = (cluster for cluster in clusters if _fits(mention, cluster))
    latest = list(islice(fitting, SOURCES))
    top = max(map(scene.frequency, near), default=0)
    describe = _Describer(mention, scene, here, near, max(top, known.top), latest)
    candidates = [
        Candidate(describe.source(rank, cluster), cluster) for rank, cluster in enumerate(latest)
    ]
    newcomers = sorted(
        (person for surname, person in near.items() if surname not in known.surnames),
        key=lambda person: person.distance,
    )
    candidates += [
        Candidate(describe.newcomer(rank, person, len(newcomers)), person=person.mention)
        for rank, person in enumerate(newcomers[:NEWCOMERS])
    ]
    return [*candidates, Candidate(describe.new(known.clusters))]


def _fits(mention: Mention, cluster: Cluster) -> bool:
    """Whether a mention can mean a source at all.

    "She" cannot mean whom the article calls "he"; the defence ministry, with another word beside
    the same head, is not the foreign one.
    """
    if mention.pronoun:
        return _may_be(mention, cluster.gender)
    if mention.head not in cluster.heads:
        return True
    beside = content_words(mention.words) - {mention.head}
    others = cluster.content - {mention.head}
    return not beside or not others or bool(beside & others)


def _may_be(mention: Mention, gender: str) -> bool:
    return not gender or mention.pronoun not in _SINGULAR or mention.pronoun == gender


def _people_near(mention: Mention, scene: Scene, here: int) -> dict[str, _Person]:
    """Return by surname who is written about in the last sentences, or before the mention."""
    near: dict[str, _Person] = {}
    gendered = mention.pronoun in _SINGULAR
    for sentence in range(max(here - REACH, 0), here + 1):
        before = mention.first if sentence == here else None
        for person in scene.people(sentence, before):
            if gendered and not _may_be(mention, HONORIFICS.get(person.words[0], "")):
                continue
            surname = person.names[-1]
            times = near[surname].times if surname in near else 0
            near[surname] = _Person(person, here - sentence, times + 1)
    return near


class _Describer:
    """Features of the candidates of one mention; its category stands before most of them."""

    def __init__(
        self,
        mention: Mention,
        scene: Scene,
        here: int,
        near: Mapping[str, _Person],
        top: int,
        latest: Sequence[Cluster],
    ) -> None:
        self.mention, self.scene, self.here, self.near, self.top = mention, scene, here, near, top
        self.category = _category(mention)
        self.kind = mention.pronoun or _kind(mention)
        self.most = max([len(cluster.mentions) for cluster in latest], default=0)
        self.phrase = plain_phrase(mention.words)
        self.content = content_words(mention.words)
        self.length = min(len(self.content), 3)
        self.gender = mention.pronoun if mention.pronoun in _SINGULAR else ""

    def source(self, rank: int, cluster: Cluster) -> list[str]:
        """Return the features of a source met before; `rank` counts back from the latest."""
        c, paragraphs, at = self.category, self.scene.paragraphs, cluster.at
        distance, mentions = _bin(self.here - at), len(cluster.mentions)
        features = [
            f"{c} old",
            f"{c} at {distance} {rank if rank < 3 else 3}",
            f"{c} at {distance}",
            f"{c} rank {rank if rank < 4 else 4}",
            f"{c} paragraph {min(paragraphs[self.here] - paragraphs[at], 3)}",
            f"{c} mentions {_count(mentions)}",
            f"{c} is {cluster.nature}",
        ]
        if mentions == self.most:
            features.append(f"{c} most")
        if self.gender:
            features.append(f"gender {bool(cluster.gender)}")
        if cluster.surname:
            features += self._place(cluster.surname, "")
        if not self.mention.pronoun:
            features += self._wording(rank, cluster)
        return features

    def newcomer(self, rank: int, person: _Person, newcomers: int) -> list[str]:
        """Return the features of a person who was only written about."""
        c, mention = self.category, person.mention
        features = [
            f"{c} by",
            f"{c} by {rank} {min(newcomers, 3)}",
            f"{c} by count {_count(person.times)}",
            *self._place(mention.surname, "by "),
        ]
        if self.gender:
            features.append(f"gender {bool(HONORIFICS.get(mention.words[0]))}")
        if not self.mention.pronoun:
            features.append(f"{self.kind} by")
            features.append(f"by role {self.mention.head_role in mention_kinds(mention)}")
        return features

    def new(self, clusters: int) -> list[str]:
        """Return the features of a source not met before."""
        c, words = self.category, self.mention.words
        features = [
            f"{c} new",
            f"{c} new {self.kind}",
            f"{c} new at {min(self.here, 4)}",
            f"{c} new after {min(clusters, 4)}",
        ]
        if not self.mention.pronoun:
            features.append(f"new head {self.mention.head}")
            features.append(f"{c} new length {min(len(words), 5)}")
            features.append(f"new first {words[0]}")
        return features

    def _place(self, surname: str, prefix: str) -> tuple[str, str]:
        """Return how a person stands in the article, and in the last sentences."""
        c, frequency = self.category, self.scene.frequency(surname)
        person = self.near.get(surname)
        near = "no" if person is None else f"{person.distance} {person.mention.leads}"
        return (
            f"{c} {prefix}named {frequency >= self.top} {min(frequency, 8) // 2}",
            f"{c} {prefix}near {near}",
        )

    def _wording(self, rank: int, cluster: Cluster) -> list[str]:
        """Return what the words of a description share with those of a source."""
        c, mention, head, nature = self.category, self.mention, self.mention.head, cluster.nature
        common = min(len(self.content & cluster.content), 2)
        if self.phrase in cluster.phrases:
            shared = "phrase"
        elif head in cluster.heads:
            shared = "head"
        else:
            shared = "inside" if head in cluster.content else "other"
        features = [
            f"{self.kind} is {nature}",
            f"{c} {self.kind} is {nature}",
            f"head {head} is {nature}",
            f"{c} common {common} {self.length}",
            f"{c} {shared}",
        ]
        if mention.head_role:
            features.append(f"{c} role {mention.head_role in cluster.kinds}")
        if head in SHORT_FORMS:
            fits = not cluster.kinds.isdisjoint(SHORT_FORMS[head])
            features.append(f"{c} short {fits} {head in cluster.heads}")
        if mention.words[0] in _EMPTY:
            features.append(f"{mention.words[0]} old")
        if "same" in mention.words:
            features.append(f"same {nature} {min(rank, 3)}")
        return features


def _category(mention: Mention) -> str:
    if mention.pronoun:
        return _CATEGORIES.get(mention.pronoun, mention.pronoun)
    form = "def" if mention.definite else "indef" if mention.indefinite else "bare"
    if mention.definite and len(content_words(mention.words)) < 2:
        form = "the"  # "the agency" looks back more often than "the state's oldest agency"
    return form + "s" * mention.plural


def _kind(mention: Mention) -> str:
    kind = NAME_KINDS[mention.entity_kind]
    if kind and kind not in PLACES:
        return kind
    if mention.head_role:  # "Estonia's service" is a service rather than a country
        return ROLE_KINDS[mention.head_role]
    if kind:
        return kind
    return "other" if _SHARES.isdisjoint(mention.words) else "share"


def _nature(mention: Mention) -> str:
    if mention.is_person:
        return "name"
    if mention.pronoun:
        return f"pronoun {_category(mention)}"
    return _kind(mention) + "+" * mention.plural


def mention_kinds(mention: Mention) -> set[int]:
    """Return the kinds of role and of body that a mention names."""
    kinds = set(mention.roles)
    if 0 < mention.entity_kind < len(ROLE_KINDS):
        kinds.add(mention.entity_kind)
    return kinds


@lru_cache(maxsize=10_000)
def plain_phrase(words: tuple[str, ...]) -> str:
    """Return the words without articles and possessives."""
    return " ".join([word for word in words if word not in ("the", "a", "an", "’s", "'s")])


@lru_cache(maxsize=10_000)
def content_words(words: tuple[str, ...]) -> frozenset[str]:
    """Return the words that are neither marks nor function words."""
    return frozenset(word for word in words if word.isalnum()) - _EMPTY


def _bin(distance: int) -> int:
    return _DISTANCES[min(distance, len(_DISTANCES) - 1)]


def _count(number: int) -> int:
    return number if number < 3 else 3 + (number > 5)

"""Learning whom pronouns and descriptions mean, from the source numbers of annotated articles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from attribution.antecedents import Antecedents, Candidate, Cluster
from attribution.corpus.annotated import AnnotatedArticle
from attribution.mentions import Mention
from attribution.sources import MentionMap
from attribution.tokens import Ints

_DECIMALS = 4
# "head agency is organization", "new head agency", "new first the".
_WORD = re.compile(r"(?:(?:new )?head|new first) (\S+)")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """What a mention could mean, and which of it the annotation says it means.

    Attributes
    ----------
    candidates : list of list of str
        The features of each.
    right : set of int
    """

    candidates: list[list[str]]
    right: frozenset[int]


def collect_choices(
    mentions: MentionMap, articles: Sequence[AnnotatedArticle]
) -> list[list[Choice]]:
    """Link every article by its annotation, and return the choices made on the way, by article."""
    return [_Oracle(mentions, number, article).collect() for number, article in enumerate(articles)]


class _Oracle:
    """Chooses the antecedent that the annotation of one article gives, and records the choice."""

    def __init__(self, mentions: MentionMap, number: int, article: AnnotatedArticle) -> None:
        self.mentions, self.number = mentions, number
        self.first = int(mentions.batch.document_ptr[number])
        self.gold = [s.source_id if s.attributed else None for s in article.sentences]
        self.choices: list[Choice] = []
        self.surnames: dict[str, int] = {}
        votes: dict[str, Counter[int]] = {}
        for index, source in enumerate(self.gold):
            mention = mentions.sources[self.first + index]
            if source is not None and mention is not None and mention.is_person:
                votes.setdefault(mention.surname, Counter())[source] += 1
        for surname, counts in votes.items():
            self.surnames[surname] = counts.most_common(1)[0][0]

    def collect(self) -> list[Choice]:
        self.mentions.link(self.number, self.choose)
        return self.choices

    def choose(self, mention: Mention, candidates: Sequence[Candidate]) -> int:
        """Return the first right candidate; a new source where the annotation knows none."""
        new = len(candidates) - 1
        source = self._source_of(mention)
        if source is None:
            return new
        right = [k for k, c in enumerate(candidates[:-1]) if self._means(c) == source] or [new]
        if new:
            features = [candidate.features for candidate in candidates]
            self.choices.append(Choice(features, frozenset(right)))
        return right[0]

    def _means(self, candidate: Candidate) -> int | None:
        if candidate.person is not None:
            return self.surnames.get(candidate.person.surname)
        assert candidate.cluster is not None
        return self._commonest(candidate.cluster)

    def _commonest(self, cluster: Cluster) -> int | None:
        votes: Counter[int] = Counter()
        for mention in cluster.mentions:
            source = self._source_of(mention)
            source = self.surnames.get(mention.surname) if source is None else source
            if source is not None:
                votes[source] += 1
        return votes.most_common(1)[0][0] if votes else None

    def _source_of(self, mention: Mention) -> int | None:
        """Return the annotated source of the sentence whose source words a mention is."""
        if self.mentions.sources[mention.sentence] is not mention:
            return None
        return self.gold[mention.sentence - self.first]


def fit_antecedents(
    articles: Sequence[Sequence[Choice]], l2: float, min_articles: int, words: Collection[str]
) -> Antecedents:
    """Fit the ranking: the likeliest weights under an L2 penalty, by L-BFGS.

    Where several candidates are right, their probabilities are summed (Durrett & Klein 2013, "Easy
    victories and uphill battles in coreference resolution").

    Parameters
    ----------
    articles : sequence of sequence of Choice
        The choices of each article.
    min_articles : int
        A feature is kept when so many articles have it.
    words : collection of str
        The vocabulary: a feature that holds another word, perhaps a name, is left out.
    """
    counts = Counter(name for choices in articles for name in _features(choices))
    names = sorted(
        name
        for name, count in counts.items()
        if count >= min_articles and ((word := _word_in(name)) is None or word in words)
    )
    choices = [choice for made in articles for choice in made]
    if not names:
        return Antecedents({})
    matrix, right, start = _lay_out(choices, {name: k for k, name in enumerate(names)})
    group = np.repeat(np.arange(len(start)), np.diff(np.append(start, matrix.shape[0])))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = matrix @ weights
        total, chance = _normalise(scores, start, group)
        hit, chance_of_right = _normalise(np.where(right, scores, -np.inf), start, group)
        value = np.sum(total - hit) + l2 / 2 * weights @ weights
        return float(value), np.asarray(matrix.T @ (chance - chance_of_right) + l2 * weights)

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return Antecedents(
        {name: round(float(w), _DECIMALS) for name, w in zip(names, found.x, strict=True)}
    )


def _word_in(feature: str) -> str | None:
    """Return the word of the text that a feature holds, None for no such."""
    match = _WORD.match(feature)
    return match[1] if match else None


def _features(choices: Iterable[Choice]) -> set[str]:
    return {name for choice in choices for names in choice.candidates for name in names}


def _normalise(scores: Floats, start: Ints, group: Ints) -> tuple[Floats, Floats]:
    """Return the log of the sum of exponentials of each choice, and every candidate's share."""
    highest = np.maximum.reduceat(scores, start)
    powers = np.exp(scores - highest[group])
    sums = np.add.reduceat(powers, start)
    return highest + np.log(sums), powers / sums[group]


def _lay_out(
    choices: Sequence[Choice], codes: dict[str, int]
) -> tuple[csr_matrix, NDArray[np.bool_], Ints]:
    """Return (c, f) features of all candidates, (c,) which are right, where each choice begins."""
    rows = [names for choice in choices for names in choice.candidates]
    columns = [sorted({codes[name] for name in names if name in codes}) for names in rows]
    pointers = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter((code for row in columns for code in row), np.int64, int(pointers[-1]))
    matrix = csr_matrix((np.ones(len(flat)), flat, pointers), shape=(len(rows), len(codes)))
    sizes = [len(choice.candidates) for choice in choices]
    right = [k in choice.right for choice in choices for k in range(len(choice.candidates))]
    return matrix, np.array(right, bool), np.cumsum([0, *sizes[:-1]])

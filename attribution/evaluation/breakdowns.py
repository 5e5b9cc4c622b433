"""Where it goes well and where not: figures by corpus, genre, manner and identification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attribution.corpus.annotated import AnnotatedArticle
from attribution.evaluation.alignment import Aligned, Bools, Floats
from attribution.evaluation.resampling import Figure, measure_share

#: Keys of `AnnotatedArticle.meta` that articles are grouped by unless the caller names others.
ARTICLE_KEYS = ("corpus", "kind")
NOT_GIVEN = "not given"


@dataclass(frozen=True, slots=True)
class Group:
    """Figures on some of the sentences.

    Attributes
    ----------
    recall : Figure
        Share of the gold-attributed sentences that are predicted attributed.
    accuracy : Figure
        Share of the sentences whose label is right.
    """

    name: str
    recall: Figure
    accuracy: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return the group as JSON holds it."""
        return {
            "name": self.name,
            "recall": self.recall.to_dict(),
            "accuracy": self.accuracy.to_dict(),
        }


def break_down(
    aligned: Aligned, weights: Floats, keys: Sequence[str]
) -> dict[str, tuple[Group, ...]]:
    """Group sentences by keys of their article, and by manner and identification.

    Manner and identification are the gold ones, so their groups hold attributed sentences alone.
    A key that no article has gives no breakdown.
    """
    columns: dict[str, list[str]] = {}
    for key in keys:
        names = [name_group(article, key) for article in aligned.articles]
        if any(name != NOT_GIVEN for name in names):
            columns[key] = [names[number] for number in aligned.article.tolist()]
    columns["manner"] = [sentence.manner or "" for sentence in aligned.gold]
    columns["identified"] = [sentence.identified or "" for sentence in aligned.gold]
    return {key: _groups(aligned, weights, column) for key, column in columns.items()}


def name_group(article: AnnotatedArticle, key: str) -> str:
    """Return an article's group; the corpus of an article marked as fiction is the authored one."""
    if key == "corpus" and key not in article.meta and "fiction" in article.meta:
        return "authored"
    return article.meta.get(key) or NOT_GIVEN


def _groups(aligned: Aligned, weights: Floats, column: list[str]) -> tuple[Group, ...]:
    """Return the groups of a column of names, the largest first; "" is in no group."""
    names = np.array(column)
    members = {str(name): names == name for name in np.unique(names) if name}
    ordered = sorted(members, key=lambda name: (-int(members[name].sum()), name))
    return tuple(_group(aligned, weights, name, members[name]) for name in ordered)


def _group(aligned: Aligned, weights: Floats, name: str, member: Bools) -> Group:
    attributed = member & aligned.gold_attributed
    found = attributed & aligned.predicted_attributed
    right = member & (aligned.gold_label == aligned.predicted_label)
    return Group(
        name,
        recall=measure_share(weights, aligned.tally(found, attributed)),
        accuracy=measure_share(weights, aligned.tally(right, member)),
    )

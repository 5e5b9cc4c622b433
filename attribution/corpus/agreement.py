"""How far two readings of the same articles agree: what an annotation is worth.

Both readings annotate the same sentences. Where a figure needs a gold standard (F1), the first
reading stands in for it; kappa and the pairwise linking score treat both alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import combinations

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.errors import CorpusError
from attribution.labels import coarse_label

Pair = tuple[AnnotatedSentence, AnnotatedSentence]


@dataclass(frozen=True)
class Agreement:
    """Agreement of two readings; shares from 0 to 1, NaN where nothing was there to agree on.

    Attributes
    ----------
    articles, sentences : int
        Read twice.
    attributed_agreement, attributed_kappa, attributed_f1 : float
        Attributed or not: raw agreement, Cohen's kappa, macro-F1.
    coarse_f1 : float
        Macro-F1 over the four coarse labels.
    label_agreement, label_kappa, label_f1 : float
        The same over the eleven labels.
    needs_source_agreement, needs_source_kappa : float
        Whether the content needs a source.
    attributed_both : int
        Sentences that both readings take as attributed: what the figures below rest on.
    source_exact : float
        Of the sentences where at least one reading marks source words, those with equal spans.
    cue_exact : float
        The same for cue words.
    identified_agreement, manner_agreement : float
    linking_f1 : float
        F1 over pairs of sentences of one article that are given the same source.
    """

    articles: int
    sentences: int
    attributed_agreement: float
    attributed_kappa: float
    attributed_f1: float
    coarse_f1: float
    label_agreement: float
    label_kappa: float
    label_f1: float
    needs_source_agreement: float
    needs_source_kappa: float
    attributed_both: int
    source_exact: float
    cue_exact: float
    identified_agreement: float
    manner_agreement: float
    linking_f1: float


def compare_readings(
    first: Sequence[AnnotatedArticle], second: Sequence[AnnotatedArticle]
) -> Agreement:
    """Compare two readings of the same articles.

    Parameters
    ----------
    first : sequence of AnnotatedArticle
        Stands in for gold where a figure needs one.
    second : sequence of AnnotatedArticle
        The same sentences; it may lack articles, which are then left out.

    Raises
    ------
    CorpusError
        If the second reading holds an article that the first lacks, or other sentences, or if
        the two have no article in common.
    """
    articles = [list(_pair_sentences(*pair)) for pair in _pair_articles(first, second)]
    pairs = [pair for article in articles for pair in article]
    attributed = [(a.attributed, b.attributed) for a, b in pairs]
    labels = [(a.label, b.label) for a, b in pairs]
    needs = [(a.needs_source, b.needs_source) for a, b in pairs]
    both = [(a, b) for a, b in pairs if a.attributed and b.attributed]
    return Agreement(
        articles=len(articles),
        sentences=len(pairs),
        attributed_agreement=agreement(attributed),
        attributed_kappa=cohen_kappa(attributed),
        attributed_f1=macro_f1(attributed),
        coarse_f1=macro_f1([(coarse_label(a), coarse_label(b)) for a, b in labels]),
        label_agreement=agreement(labels),
        label_kappa=cohen_kappa(labels),
        label_f1=macro_f1(labels),
        needs_source_agreement=agreement(needs),
        needs_source_kappa=cohen_kappa(needs),
        attributed_both=len(both),
        source_exact=agreement([(a.source, b.source) for a, b in both if a.source or b.source]),
        cue_exact=agreement([(a.cue, b.cue) for a, b in both if a.cue or b.cue]),
        identified_agreement=agreement([(a.identified, b.identified) for a, b in both]),
        manner_agreement=agreement([(a.manner, b.manner) for a, b in both]),
        linking_f1=linking_f1(articles),
    )


def _pair_articles(
    first: Sequence[AnnotatedArticle], second: Sequence[AnnotatedArticle]
) -> list[tuple[AnnotatedArticle, AnnotatedArticle]]:
    by_id = {article.id: article for article in first}
    pairs = []
    for other in second:
        if other.id not in by_id:
            raise CorpusError(f"{other.id}: in the second reading only")
        pairs.append((by_id[other.id], other))
    if not pairs:
        raise CorpusError("the two readings have no article in common", "compare the ids")
    return pairs


def _pair_sentences(first: AnnotatedArticle, second: AnnotatedArticle) -> Iterator[Pair]:
    left = [(sentence.start, sentence.end) for sentence in first.sentences]
    right = [(sentence.start, sentence.end) for sentence in second.sentences]
    if left != right:
        at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), -1)
        place = f"sentence {at}" if at >= 0 else f"{len(left)} and {len(right)} sentences"
        raise CorpusError(f"{first.id}: the readings differ in their sentences ({place})")
    return zip(first.sentences, second.sentences, strict=True)


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return the share of equal pairs, NaN for none."""
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else math.nan


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return Cohen's kappa (Cohen 1960): agreement beyond what chance would give.

    NaN where chance alone gives full agreement (one category only), or for no pairs.
    """
    if not pairs:
        return math.nan
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(left[value] * right[value] for value in left) / len(pairs) ** 2
    if chance == 1:
        return math.nan
    return (agreement(pairs) - chance) / (1 - chance)


def macro_f1(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return the mean F1 over every value that either side has; the left side is gold."""
    if not pairs:
        return math.nan
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    hits = Counter(a for a, b in pairs if a == b)
    values = left.keys() | right.keys()
    return sum(2 * hits[value] / (left[value] + right[value]) for value in values) / len(values)


def linking_f1(articles: Sequence[Sequence[Pair]]) -> float:
    """Return the pairwise F1 of linking.

    Of the sentences that both readings take as attributed and number, every pair within an article
    with one source number is a link; F1 is over links. NaN if neither reading links anything.
    """
    hits = left = right = 0
    for pairs in articles:
        numbers = [
            (a.source_id, b.source_id)
            for a, b in pairs
            if a.attributed and b.attributed and a.source_id is not None and b.source_id is not None
        ]
        for (a, b), (c, d) in combinations(numbers, 2):
            left += a == c
            right += b == d
            hits += a == c and b == d
    return 2 * hits / (left + right) if left + right else math.nan


def format_agreement(result: Agreement) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| what | value |", "| --- | ---: |"]
    for item in fields(result):
        value = getattr(result, item.name)
        name = item.name.replace("_", " ")
        lines.append(f"| {name} | {_format(value)} |")
    return "\n".join(lines) + "\n"


def _format(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "–" if math.isnan(value) else f"{value:.3f}"

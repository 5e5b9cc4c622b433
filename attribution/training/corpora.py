"""What a recipe learns from: our articles, our labels on PolNeAR's, and PolNeAR's own spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.loading import load_articles, read_splits
from attribution.corpus.polnear import SpanArticle, read_labelled, read_spans
from attribution.document import Document
from attribution.errors import TrainingError
from attribution.sentences import split_text
from attribution.training.recipe import Recipe


@dataclass(frozen=True)
class TrainingData:
    """Annotated articles with their origin, and the articles of the first tagger.

    Attributes
    ----------
    real : tuple of bool
        Whether each annotated article is a real one.
    """

    articles: tuple[AnnotatedArticle, ...]
    real: tuple[bool, ...]
    spans: tuple[SpanArticle, ...]


def load_training_data(recipe: Recipe, root: Path, polnear: Path | None) -> TrainingData:
    """Load what a recipe names.

    Parameters
    ----------
    root : Path
        The repository.
    polnear : Path or None
        PolNeAR's folder, for recipes that need it.
    """
    ours = load_articles(root / recipe.articles)
    if recipe.splits:
        train = read_splits(root / recipe.splits)
        ours = [article for article in ours if train.get(article.id) == "train"]
    if recipe.written is not None:
        ours = draw_articles(ours, recipe.written, recipe.seed)
    labelled: list[AnnotatedArticle] = []
    spans: list[SpanArticle] = []
    if recipe.labels or recipe.spans:
        if polnear is None:
            raise TrainingError(
                f"recipe {recipe.name!r} needs PolNeAR's texts",
                "give --polnear DIR, or --recipe base",
            )
        spans = list(read_spans(polnear))
    if recipe.labels and polnear is not None:
        labelled = read_labelled(root / recipe.labels, polnear)
    articles = (*labelled, *ours)
    if not articles:
        raise TrainingError(f"{root / recipe.articles}: no annotated articles")
    return TrainingData(articles, (True,) * len(labelled) + (False,) * len(ours), tuple(spans))


def draw_articles(
    articles: Sequence[AnnotatedArticle], number: int, seed: int
) -> list[AnnotatedArticle]:
    """Draw some of the articles, in their order; a larger draw holds every smaller one."""
    if not 0 < number <= len(articles):
        raise TrainingError(f"cannot draw {number} of {len(articles)} written articles")
    order = np.random.default_rng(seed).permutation(len(articles))
    return [articles[k] for k in sorted(order[:number].tolist())]


def to_span_documents(articles: Sequence[SpanArticle]) -> list[Document]:
    """Split the first tagger's articles as prediction would."""
    return [split_text(article.text, id=article.id) for article in articles]

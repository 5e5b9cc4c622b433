"""What a recipe learns from: our articles, our labels on PolNeAR's, and PolNeAR's own spans."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle, read_jsonl
from attribution.corpus.plain import read_plain
from attribution.corpus.polnear import SpanArticle, read_labelled, read_spans
from attribution.document import Document, Sentence
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
    labelled: list[AnnotatedArticle] = []
    spans: list[SpanArticle] = []
    if recipe.labels or recipe.spans:
        if polnear is None:
            raise TrainingError(
                f"recipe {recipe.name!r} needs PolNeAR's texts", "give --polnear DIR, or --recipe base"
            )
        spans = list(read_spans(polnear))
    if recipe.labels and polnear is not None:
        labelled = read_labelled(root / recipe.labels, polnear)
    articles = (*labelled, *ours)
    if not articles:
        raise TrainingError(f"{root / recipe.articles}: no annotated articles")
    return TrainingData(articles, (True,) * len(labelled) + (False,) * len(ours), tuple(spans))


def load_articles(path: Path) -> list[AnnotatedArticle]:
    """Load annotated articles: a folder of plain-text files, one such file, or JSON Lines."""
    if path.is_dir():
        return [read_plain(file) for file in sorted(path.glob("*.txt"))]
    if path.suffix == ".jsonl":
        return read_jsonl(path)
    return [read_plain(path)]


def read_splits(path: Path) -> dict[str, str]:
    """Read article id to split: train, dev or test."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["split"] for row in csv.DictReader(file)}


def to_document(article: AnnotatedArticle) -> Document:
    """Make a document with the gold sentences; a line break between two ends a paragraph."""
    sentences: list[Sentence] = []
    paragraph, previous = 0, 0
    for sentence in article.sentences:
        if sentences and "\n" in article.text[previous : sentence.start]:
            paragraph += 1
        sentences.append(Sentence(sentence.start, sentence.end, paragraph))
        previous = sentence.end
    # The headline is found as in prediction, whatever the annotation marks.
    title = split_text(article.text).title
    if not sentences or title != (sentences[0].start, sentences[0].end):
        title = None
    return Document(
        text=article.text,
        sentences=tuple(sentences),
        id=article.id,
        outlet=article.meta.get("outlet"),
        title=title,
    )


def to_span_documents(articles: Sequence[SpanArticle]) -> list[Document]:
    """Split the first tagger's articles as prediction would."""
    return [split_text(article.text, id=article.id) for article in articles]

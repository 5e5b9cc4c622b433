"""Loading annotated articles, their splits, and the documents that models read of them."""

from __future__ import annotations

import csv
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle, read_jsonl
from attribution.corpus.plain import read_plain
from attribution.document import Document, Sentence
from attribution.sentences import split_text


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

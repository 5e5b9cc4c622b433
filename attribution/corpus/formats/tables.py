"""CSV with the columns `text`, `label`, `article_id`: a sentence a row, all else is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.corpus.formats import Imported, find_file, read_text, write_text
from attribution.errors import CorpusError
from attribution.labels import LABELS

COLUMNS = ("text", "label", "article_id")


def write_csv(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write a row a sentence."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for article in articles:
        for sentence in article.sentences:
            words = article.text[sentence.start : sentence.end]
            writer.writerow((words, sentence.label, article.id))
    write_text(path, buffer.getvalue())


def read_csv(path: Path) -> Imported:
    """Read rows; those with one `article_id`, or all where it is missing, make an article.

    The text is the sentences joined by a space.
    """
    rows = csv.DictReader(io.StringIO(read_text(find_file(path, ".csv")), newline=""))
    missing = {"text", "label"} - set(rows.fieldnames or ())
    if missing:
        raise CorpusError(f"{path}: no column {', '.join(sorted(missing))}", "columns: text,label")
    sentences: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        if not (row["text"] or "").strip():
            raise CorpusError(f"{where}: the text is empty")
        if row["label"] not in LABELS:
            known = ", ".join(LABELS)
            raise CorpusError(f"{where}: unknown label {row['label']!r}", f"one of {known}")
        name = row.get("article_id") or path.stem
        sentences.setdefault(name, []).append((row["text"], row["label"]))
    extra = [name for name in rows.fieldnames or () if name not in COLUMNS]
    return Imported(
        [_join(name, items) for name, items in sentences.items()],
        [f"{path}: column {name!r} dropped" for name in extra],
    )


def _join(name: str, items: Sequence[tuple[str, str]]) -> AnnotatedArticle:
    sentences: list[AnnotatedSentence] = []
    position = 0
    for words, label in items:
        sentences.append(AnnotatedSentence(position, position + len(words), label))
        position += len(words) + 1
    return AnnotatedArticle(name, " ".join(words for words, _ in items), tuple(sentences))

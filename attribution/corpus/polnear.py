"""PolNeAR (Newell, Margolin & Ruths 2018): texts, attribution spans, and our sentence labels.

The texts carry no licence and stay outside the repository: every function takes the folder that
holds them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle, from_record
from attribution.document import Span
from attribution.errors import CorpusError

#: Who publishes an article, by the first part of its id.
OUTLETS = {
    "breitbart": "Breitbart News",
    "huff-post": "The Huffington Post",
    "nyt": "The New York Times",
    "politico": "Politico",
    "usa-today": "USA Today",
    "wash-post": "The Washington Post",
    "west-journal": "Western Journalism",
}
_ENTITY = re.compile(r"T\d+\t(Source|Cue|Content) ([\d; ]+)\t")


@dataclass(frozen=True)
class SpanArticle:
    """An article with its raw Source, Cue and Content spans."""

    id: str
    text: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


def read_text(path: Path) -> str:
    """Read a text without newline translation, so that offsets hold."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read", "give PolNeAR's folder") from error


def read_spans(folder: Path) -> Iterator[SpanArticle]:
    """Yield every training article with the spans of its first annotator."""
    texts = sorted((folder / "train" / "text").glob("*.txt"))
    if not texts:
        raise CorpusError(f"{folder}: no train/text/*.txt", "give PolNeAR's folder")
    annotations = sorted((folder / "train" / "attributions").glob("*.ann"))
    by_article: dict[str, Path] = {}
    for path in annotations:
        # The annotator's four hex digits end the file name.
        by_article.setdefault(path.stem.rpartition("_")[0], path)
    for path in texts:
        if path.stem in by_article:
            content = read_text(by_article[path.stem])
            yield SpanArticle(path.stem, read_text(path), *_parse_brat(content))


def _parse_brat(content: str) -> tuple[tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]:
    spans: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
    for kind, offsets in _ENTITY.findall(content):
        for fragment in offsets.split(";"):
            start, end = fragment.split()
            spans[kind].append((int(start), int(end)))
    return tuple(spans["Source"]), tuple(spans["Cue"]), tuple(spans["Content"])


def read_labelled(labels: Path, folder: Path) -> list[AnnotatedArticle]:
    """Join our stand-off sentence labels with the texts.

    Parameters
    ----------
    labels : Path
        JSON Lines, `doc` naming the text relative to `folder`.
    folder : Path
        PolNeAR's folder.
    """
    articles = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        articles.append(from_record(record, read_text(folder / record["doc"])))
    return articles

"""doccano: JSON Lines of a sequence-labelling project.

A line an article: ``{"text": ..., "label": [[start, end, "label"], ...]}``; other keys travel
through doccano as metadata. Every word about a sentence is a label on its span, so the project must
allow overlapping entities. A project with relations exports ``entities`` (``id``, ``label``,
``start_offset``, ``end_offset``) and ``relations`` (``from_id``, ``to_id``, ``type``) instead;
older versions wrote ``labels``. All are read; the first is written.

Offsets are code points unless the project counts grapheme clusters, which nothing in the file
tells: leave that option off. See https://doccano.github.io/doccano/tutorial/ and, for what is
really written, ``backend/data_export`` in https://github.com/doccano/doccano.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.formats import Imported, find_file, read_objects, write_text
from attribution.corpus.formats.regions import (
    PASSENGER,
    Link,
    Markup,
    Region,
    build_article,
    mark_up,
)
from attribution.errors import CorpusError


def write_doccano(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write articles as doccano imports them (format JSONL)."""
    lines = []
    for article in articles:
        markup = mark_up(article)
        triples = sorted(
            (region.start, region.end, label)
            for region in markup.regions
            for label in region.labels
        )
        record = {"text": article.text, "label": triples, PASSENGER: markup.passenger}
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    write_text(path, "".join(lines))


def read_doccano(path: Path) -> Imported:
    """Read what doccano exports (unpack its archive first)."""
    imported = Imported()
    for number, (where, record) in enumerate(read_objects(find_file(path, ".jsonl")), start=1):
        try:
            markup = Markup(
                str(record["text"]),
                list(_regions(record)),
                list(_links(record)),
                dict(record.get(PASSENGER, {})),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CorpusError(f"{where}: not an article of doccano's ({error!r})") from error
        name = f"{path.stem}-{record.get('id', number)}"
        article, dropped = build_article(markup, name, where)
        imported.articles.append(article)
        imported.dropped += dropped
        comments = len(record.get("Comments") or ())
        if comments:
            imported.dropped.append(f"{where}: comments: {comments} dropped")
    return imported


def _regions(record: dict[str, Any]) -> Iterator[Region]:
    for start, end, label in record.get("label") or record.get("labels") or ():
        yield Region(int(start), int(end), (str(label),))
    for item in record.get("entities") or ():
        yield Region(*_place(item), (str(item["label"]),))


def _place(item: dict[str, Any]) -> tuple[int, int]:
    return int(item["start_offset"]), int(item["end_offset"])


def _links(record: dict[str, Any]) -> Iterator[Link]:
    places = {item["id"]: _place(item) for item in record.get("entities") or ()}
    for relation in record.get("relations") or ():
        kind = str(relation["type"]).lower()
        if kind.startswith("via"):
            rank = int(kind.removeprefix("via") or 0)
            yield Link(places[relation["from_id"]], places[relation["to_id"]], rank)

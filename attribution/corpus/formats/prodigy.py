"""Prodigy: JSON Lines for ``spans.manual``, as ``db-in`` takes and ``db-out`` gives it.

A line an article: ``{"text": ..., "spans": [{"start", "end", "label"}, ...]}``. Offsets are
characters of a Python string, that is code points; ``token_start`` and ``token_end`` (inclusive)
and ``tokens`` are not needed and not written. ``spans.manual`` lets spans overlap, so every word
about a sentence is a label on its span; unknown keys travel through. An ``answer`` of ``reject`` or
``ignore`` drops the article. See https://prodi.gy/docs/api-interfaces#spans_manual.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.formats import Imported, find_file, read_objects, write_text
from attribution.corpus.formats.regions import PASSENGER, Markup, Region, build_article, mark_up
from attribution.errors import CorpusError


def write_prodigy(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write articles as Prodigy's input."""
    lines = []
    for article in articles:
        markup = mark_up(article)
        spans = [
            {"start": region.start, "end": region.end, "label": label}
            for region in sorted(markup.regions, key=lambda region: (region.start, region.end))
            for label in region.labels
        ]
        record = {
            "text": article.text,
            "spans": spans,
            "meta": {"id": article.id},
            PASSENGER: markup.passenger,
        }
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    write_text(path, "".join(lines))


def read_prodigy(path: Path) -> Imported:
    """Read what Prodigy's ``db-out`` writes."""
    imported = Imported()
    for number, (where, record) in enumerate(read_objects(find_file(path, ".jsonl")), start=1):
        answer = record.get("answer", "accept")
        if answer != "accept":
            imported.dropped.append(f"{where}: article answered {answer!r}: dropped")
            continue
        try:
            regions = [
                Region(int(span["start"]), int(span["end"]), (str(span["label"]),))
                for span in record.get("spans") or ()
            ]
            markup = Markup(str(record["text"]), regions, [], dict(record.get(PASSENGER, {})))
        except (KeyError, TypeError, ValueError) as error:
            raise CorpusError(f"{where}: not an article of Prodigy's ({error!r})") from error
        name = str((record.get("meta") or {}).get("id", f"{path.stem}-{number}"))
        article, dropped = build_article(markup, name, where)
        imported.articles.append(article)
        imported.dropped += dropped
        relations = len(record.get("relations") or ())
        if relations:
            imported.dropped.append(f"{where}: relations: {relations} dropped")
    return imported

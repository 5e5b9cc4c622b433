"""Label Studio: its JSON export and import, a list of tasks (not JSON-MIN, which drops links).

A region is a result of type ``labels`` with ``value: {start, end, text, labels}``. What describes a
sentence further are results with the region's ``id``: ``choices`` (identified, manner, flags) and a
``number`` (the source's); a ``relation`` leads from a sentence to a region labelled ``via``.
`LABEL_CONFIG` is the labelling interface to paste into a project; ``data.attribution`` travels
through.

Offsets are code points since late 2021, UTF-16 units before; see `offsets`. See
https://labelstud.io/guide/task_format, https://labelstud.io/guide/export and
https://labelstud.io/tags/text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.formats import Imported, find_file, read_json, read_text, write_text
from attribution.corpus.formats.offsets import find_counting
from attribution.corpus.formats.regions import (
    PASSENGER,
    Link,
    Markup,
    Region,
    build_article,
    is_sentence_word,
    mark_up,
)
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS

Result = dict[str, Any]
_CHOICES = {"identified": IDENTIFIED, "manner": MANNERS, "flags": ("headline", "hedged", "needs")}


def _label_config() -> str:
    def items(tag: str, values: Sequence[str]) -> str:
        return "".join(f'\n    <{tag} value="{value}"/>' for value in values)

    parts = ("source", "cue", "via", *(f"frame{rank}" for rank in range(1, 5)))
    choices = "".join(
        f'\n  <Choices name="{name}" toName="text" perRegion="true"'
        f' choice="{"multiple" if name == "flags" else "single"}">'
        f"{items('Choice', values)}\n  </Choices>"
        for name, values in _CHOICES.items()
    )
    relations = items("Relation", [f"via{rank}" for rank in range(1, 5)])
    return (
        f'<View>\n  <Labels name="label" toName="text">{items("Label", (*LABELS, *parts))}'
        '\n  </Labels>\n  <Text name="text" value="$text" granularity="word"/>'
        f'{choices}\n  <Number name="source_id" toName="text" perRegion="true" min="0"/>'
        f"\n  <Relations>{relations}\n  </Relations>\n</View>\n"
    )


#: The labelling interface that shows and edits what `write_label_studio` writes.
LABEL_CONFIG = _label_config()


def write_label_studio(articles: Sequence[AnnotatedArticle], path: Path) -> None:
    """Write articles as annotated tasks for import."""
    tasks = []
    for article in articles:
        markup = mark_up(article)
        results = _results(markup)
        # Relations say it here, and can be edited.
        markup.passenger.pop("relays", None)
        tasks.append(
            {
                "data": {"text": article.text, PASSENGER: markup.passenger},
                "annotations": [{"result": results, "was_cancelled": False, "ground_truth": True}],
            }
        )
    write_text(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")


def _results(markup: Markup) -> list[Result]:
    results: list[Result] = []
    sentences: dict[Span, str] = {}
    relays: dict[Span, str] = {}
    for number, region in enumerate(markup.regions):
        span = (region.start, region.end)
        name = f"r{number}"
        label = region.labels[0]
        if label in LABELS:
            sentences[span] = name
        if label.startswith("via"):
            relays[span], label = name, "via"
        value = {"start": span[0], "end": span[1], "text": markup.text[span[0] : span[1]]}
        results.append(_result(name, "label", "labels", value, [label]))
        for control, allowed in _CHOICES.items():
            chosen = [word for word in region.labels[1:] if word in allowed]
            if chosen:
                results.append(_result(name, control, "choices", value, chosen))
        results += [
            _result(name, "source_id", "number", value, int(word[1:]))
            for word in region.labels
            if word.startswith("#")
        ]
    results += [
        {
            "type": "relation",
            "from_id": sentences[link.sentence],
            "to_id": relays[link.relay],
            "direction": "right",
            "labels": [f"via{link.rank}"],
        }
        for link in markup.links
    ]
    return results


def _result(name: str, control: str, kind: str, value: Result, content: Any) -> Result:
    return {
        "id": name,
        "from_name": control,
        "to_name": "text",
        "type": kind,
        "value": {**value, kind: content},
    }


def read_label_studio(path: Path) -> Imported:
    """Read a JSON export, or the single-task files of a target storage."""
    content = read_json(read_text(find_file(path, ".json")), str(path))
    tasks = content if isinstance(content, list) else [content]
    imported = Imported()
    for number, task in enumerate(tasks):
        where = f"{path}, task {task.get('id', number) if isinstance(task, dict) else number}"
        try:
            _read_task(task, number, where, path.stem, imported)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CorpusError(
                f"{where}: not a task of Label Studio's ({error!r})", "export as JSON, not JSON-MIN"
            ) from error
    return imported


def _read_task(task: Result, number: int, where: str, stem: str, imported: Imported) -> None:
    data = task["data"]
    # "completions" is what annotations were called before version 1.0.
    annotations = task.get("annotations") or task.get("completions") or []
    done = [item for item in annotations if not item.get("was_cancelled")]
    done.sort(key=lambda item: not item.get("ground_truth"))
    if not done:
        imported.dropped.append(f"{where}: no annotation: article dropped")
        return
    if len(done) > 1:
        imported.dropped.append(f"{where}: {len(done) - 1} more annotations dropped")
    markup = Markup(str(data["text"]), passenger=dict(data.get(PASSENGER) or {}))
    ignored = _read_results(done[0]["result"], markup, where)
    imported.dropped += [f"{where}: {kind}: {count} dropped" for kind, count in ignored.items()]
    article, dropped = build_article(markup, f"{stem}-{task.get('id', number)}", where)
    imported.articles.append(article)
    imported.dropped += dropped


def _read_results(results: Sequence[Result], markup: Markup, where: str) -> Counter[str]:
    """Add regions and links to the markup; return the kinds of result that mean nothing here."""
    ignored: Counter[str] = Counter()
    regions = [item for item in results if item["type"] in ("labels", "choices", "number")]
    values = [item["value"] for item in regions]
    quoted = [(int(v["start"]), int(v["end"]), v.get("text") or "") for v in values if "start" in v]
    place = find_counting(markup.text, quoted, where)
    spans: dict[str, Span] = {}
    sentences: set[str] = set()
    for item in regions:
        value = item["value"]
        if "start" not in value:  # a choice about the whole task
            ignored[f"{item['type']} {item['from_name']!r}"] += 1
            continue
        span = (place(int(value["start"])), place(int(value["end"])))
        words = value[item["type"]]
        labels = [f"#{int(words)}"] if item["type"] == "number" else [str(word) for word in words]
        if any(word in LABELS for word in labels):
            sentences.add(item["id"])
        spans[item["id"]] = span
        if item["type"] == "choices" and not all(map(is_sentence_word, labels)):
            ignored[f"choices {item['from_name']!r}"] += 1
            continue
        markup.regions.append(Region(*span, tuple(labels)))
    for item in results:
        if item["type"] == "relation":
            ends = (item["from_id"], item["to_id"])
            sentence, relay = ends if ends[0] in sentences else ends[::-1]
            rank = "".join(item.get("labels") or ()).lower().removeprefix("via") or "0"
            if sentence in sentences and relay in spans and rank.isdigit():
                markup.links.append(Link(spans[sentence], spans[relay], int(rank)))
            else:
                ignored["relation"] += 1
        elif item["type"] not in ("labels", "choices", "number"):
            ignored[f"result of type {item['type']!r}"] += 1
    return ignored

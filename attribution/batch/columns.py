"""Results to cells: the score columns of a row, and the rows of the two tables beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from attribution.batch.options import ERROR
from attribution.batch.tables import Column
from attribution.profile import COMPONENTS
from attribution.result import Result
from attribution.scoring import Figures

#: Between the parts of a cell that holds a list, as in the lexicon's files.
SEPARATOR = " | "

_BASIC = (
    Column("score", "number"),
    Column("interval_low", "number"),
    Column("interval_high", "number"),
    Column("status"),
    Column("sentences", "integer"),
    Column("attributed_share", "number"),
    Column("need", "number"),
    Column("sources", "integer"),
    Column("top_source"),
    Column("reliability", "number"),
    Column("warnings"),
)
_FIGURES = tuple(field.name for field in fields(Figures))
_WHOLE_FIGURES = ("identified_sources",)
DUPLICATE = Column("duplicate_of")
SECONDS = Column("seconds", "number")
ERROR_COLUMN = Column("error")

_SENTENCE = (
    Column("id"),
    Column("index", "integer"),
    Column("start", "integer"),
    Column("end", "integer"),
    Column("text"),
    Column("label"),
    Column("probability", "number"),
    Column("needs_source", "number"),
    Column("identified"),
    Column("manner"),
    Column("hedged", "flag"),
    Column("source"),
    Column("source_id", "integer"),
    Column("cue"),
    Column("via"),
)
_SOURCE = (
    Column("id"),
    Column("source_id", "integer"),
    Column("name"),
    Column("label"),
    Column("identified"),
    Column("country"),
    Column("sentences", "integer"),
    Column("share", "number"),
    Column("mentions", "integer"),
    Column("via"),
    Column("reliability"),
)


def score_columns(full: bool, labels: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns that a score fills; `labels` are the model's."""
    if not full:
        return _BASIC
    return (
        *_BASIC,
        *(
            Column(name, "number")
            for component in COMPONENTS
            for name in (component, f"{component}_contribution")
        ),
        *(Column(n, "integer" if n in _WHOLE_FIGURES else "number") for n in _FIGURES),
        Column("reliability_judged", "number"),
        *(Column(f"n_{label}", "integer") for label in labels),
    )


def describe_score(result: Result, full: bool) -> dict[str, Any]:
    """Return the score columns of one article; numbers have four digits after the point.

    What is computed from labels that mean nothing (a text that is not English, say) stays empty.
    """
    analysis, score = result.analysis, result.score
    low, high = score.interval or (None, None)
    attributed = sum(sentence.attributed for sentence in analysis.sentences)
    carrying = [source for source in analysis.sources if source.sentences]
    top = max(carrying, key=lambda source: len(source.sentences), default=None)
    readable = bool(score.credits)
    cells: dict[str, Any] = {
        "score": _rounded(score.value),
        "interval_low": _rounded(low),
        "interval_high": _rounded(high),
        "status": score.status,
        "sentences": len(analysis.sentences),
        "attributed_share": _rounded(attributed / len(analysis.sentences)) if readable else None,
        "need": _rounded(score.need) if readable else None,
        "sources": len(carrying),
        "top_source": top.name if top else None,
        "reliability": _rounded(result.reliability.value),
        "warnings": "; ".join(analysis.warnings) or None,
    }
    return cells | _describe_fully(result, readable) if full else cells


def _describe_fully(result: Result, readable: bool) -> dict[str, Any]:
    score = result.score
    labels = Counter(sentence.label for sentence in result.analysis.sentences)
    cells: dict[str, Any] = {f"n_{label}": labels[label] for label in result.labels}
    if readable:
        for component in score.components:
            cells[component.name] = _rounded(component.value)
            cells[f"{component.name}_contribution"] = _rounded(component.contribution)
        for name in _FIGURES:
            cells[name] = _rounded(getattr(score.figures, name))
        cells["reliability_judged"] = _rounded(result.reliability.judged)
    return cells


def describe_error(message: str) -> dict[str, Any]:
    """Return the score columns of a row that could not be scored."""
    return {"status": ERROR, ERROR_COLUMN.name: message}


def sentence_columns(extra: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of the table of sentences."""
    return (*_SENTENCE, *map(Column, extra))


def source_columns(extra: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of the table of sources."""
    return (*_SOURCE, *map(Column, extra))


def describe_sentences(
    record: Mapping[str, Any], identity: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return a row a sentence, from the JSON object of a result; `identity` is in each."""
    columns = sentence_columns(_extra(identity))
    rows = ({**flatten_sentence(sentence), **identity} for sentence in record["sentences"])
    return [{column.name: row[column.name] for column in columns} for row in rows]


def _extra(identity: Mapping[str, Any]) -> list[str]:
    return [name for name in identity if name != "id"]


def flatten_sentence(sentence: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sentence's JSON object with words in place of its spans."""
    return {
        **sentence,
        **{name: sentence[name]["text"] if sentence[name] else None for name in ("source", "cue")},
        "via": SEPARATOR.join(relay["text"] for relay in sentence["via"]) or None,
    }


def describe_sources(
    record: Mapping[str, Any], identity: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return a row a source, relays too, from the JSON object of a result."""
    columns = source_columns(_extra(identity))
    rows = (
        {
            **source,
            "source_id": source["id"],
            "mentions": len(source["mentions"]),
            "via": SEPARATOR.join(map(str, source["via"])) or None,
            **identity,
        }
        for source in record["sources"]
    )
    return [{column.name: row[column.name] for column in columns} for row in rows]


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 4)

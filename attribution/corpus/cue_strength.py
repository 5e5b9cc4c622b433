"""How strong a cue is: how often it attributes, of the times that annotated articles hold it.

Counts alone leave the corpus, none of its words.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from statistics import quantiles

import numpy as np

from attribution.corpus.polnear import SpanArticle
from attribution.document import Span
from attribution.lexicon import CUE_KINDS, load_lexicon
from attribution.sentences import split_text
from attribution.tokens import tokenize

#: A cue seen less often has no strength: the share would say little.
MIN_SEEN = 5
#: Rows of a printed list.
_SHOWN = 20
_COLUMNS = ("cue", "kind", "seen", "strength", "provenance")


@dataclass(frozen=True)
class Cue:
    """A cue of the lexicon, and what a corpus says of it.

    Attributes
    ----------
    phrase, kind, provenance : str
        Its row in ``cues.csv``.
    seen : int
        How often it stands in the corpus, not counting its place in a longer cue.
    attributing : int
        How often that place overlaps an annotated cue.
    """

    phrase: str
    kind: str
    provenance: str
    seen: int = 0
    attributing: int = 0

    @property
    def strength(self) -> float | None:
        """The share that attributes; None where too few are seen."""
        return self.attributing / self.seen if self.seen >= MIN_SEEN else None


def read_cues() -> list[Cue]:
    """Return the cues of the bundled lexicon, not measured."""
    content = files("attribution").joinpath("data/cues.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(content.splitlines())
    return [Cue(row["cue"], row["kind"], row["provenance"]) for row in rows]


def measure_cues(cues: Sequence[Cue], articles: Iterable[SpanArticle]) -> list[Cue]:
    """Count where each cue stands and where it attributes.

    Parameters
    ----------
    cues : sequence of Cue
        Cues of the bundled lexicon, which finds them: of phrases that overlap the longest counts.
    articles : iterable of SpanArticle
        With every cue annotated.

    Returns
    -------
    list of Cue
        In the same order.
    """
    seen: Counter[str] = Counter()
    attributing: Counter[str] = Counter()
    for article in articles:
        for phrase, span in _find_cues(article.text):
            seen[phrase] += 1
            attributing[phrase] += _overlaps(span, article.cue)
    return [
        Cue(cue.phrase, cue.kind, cue.provenance, seen[cue.phrase], attributing[cue.phrase])
        for cue in cues
    ]


def _find_cues(text: str) -> Iterator[tuple[str, Span]]:
    """Yield every cue of the lexicon in a text, as the lexicon writes it, and where it stands."""
    batch = tokenize([split_text(text)])
    hits = load_lexicon().match(batch)
    # A cue ends before the next one and before the next token without a cue.
    ends = np.flatnonzero(np.append(hits.cue_begins | (hits.cue == 0), True))
    for first in np.flatnonzero(hits.cue_begins).tolist():
        last = int(ends[np.searchsorted(ends, first, side="right")]) - 1
        start, end = int(batch.start[first]), int(batch.end[last])
        yield batch.text[start:end].lower(), (start, end)


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def write_cues(cues: Iterable[Cue]) -> str:
    """Return the content of a ``cues.csv`` with what was measured."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for cue in sorted(cues, key=lambda cue: cue.phrase):
        strength = "" if cue.strength is None else f"{cue.strength:.2f}"
        writer.writerow((cue.phrase, cue.kind, cue.seen, strength, cue.provenance))
    return content.getvalue()


def format_strengths(cues: Sequence[Cue]) -> str:
    """Return Markdown: strength by kind, the strongest and weakest cues, the unmeasured ones."""
    # Of two equally strong cues the one seen more often is surer.
    measured = sorted(
        (cue for cue in cues if cue.strength is not None),
        key=lambda cue: (-(cue.strength or 0), -cue.seen, cue.phrase),
    )
    attributing = [cue for cue in measured if cue.kind != "false_friend"]
    strongest, weakest = attributing[:_SHOWN], attributing[: -_SHOWN - 1 : -1]
    never = sum(cue.seen == 0 for cue in cues)
    few = len(cues) - len(measured) - never
    return "\n".join(
        [
            *_format_kinds(cues),
            *_format_list("Strongest", strongest),
            *_format_list("Weakest", weakest),
            f"### Unmeasured: {never + few:,}",
            "",
            f"Never seen: {never:,}. Seen, but under {MIN_SEEN} times: {few:,}.\n",
        ]
    )


def _format_kinds(cues: Sequence[Cue]) -> Iterator[str]:
    yield f"### Strength by kind: {sum(cue.strength is not None for cue in cues)} cues measured\n"
    columns = ["cues", "measured", "seen", "attributing"]
    columns += ["lower quartile", "median", "upper quartile"]
    yield f"| kind | {' | '.join(columns)} |"
    yield "| --- |" + " ---: |" * len(columns)
    for kind in CUE_KINDS[1:]:
        own = [cue for cue in cues if cue.kind == kind]
        strengths = [cue.strength for cue in own if cue.strength is not None]
        seen, attributing = sum(cue.seen for cue in own), sum(cue.attributing for cue in own)
        share = f"{attributing / seen:.2f}" if seen else ""
        middle = [f"{value:.2f}" for value in _quartiles(strengths)] if strengths else [""] * 3
        cells = [kind, f"{len(own):,}", f"{len(strengths):,}", f"{seen:,}", share, *middle]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _quartiles(values: list[float]) -> list[float]:
    return quantiles(values, method="inclusive") if len(values) > 1 else values * 3


def _format_list(title: str, cues: Iterable[Cue]) -> Iterator[str]:
    yield from (
        f"### {title}",
        "",
        "| cue | kind | seen | strength |",
        "| --- | --- | ---: | ---: |",
    )
    for cue in cues:
        yield f"| {cue.phrase} | {cue.kind} | {cue.seen:,} | {cue.strength:.2f} |"
    yield ""

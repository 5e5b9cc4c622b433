"""The error browser: every sentence that was read wrongly, in context, in one HTML file.

The file shows the articles' text, so it belongs beside the corpus, not into a repository that may
not hold that text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from attribution.analysis import Analysis, SentenceAnalysis
from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.document import Span
from attribution.evaluation.alignment import Aligned, align
from attribution.evaluation.spans import gold_relays, predicted_relays, predicted_span
from attribution.files import write_atomically

#: From (article, sentence) to (feature, weight), the weightiest first.
Explain = Callable[[int, int], Sequence[tuple[str, float]]]
#: Sentences shown before and after a wrong one.
BEFORE, AFTER = 2, 1
_OTHER_SOURCE = "right label, other source span"
_OTHER_RELAYS = "right label and source, other relays"
# Probabilities below this are not worth a line.
_SHOWN_PROBABILITY = 0.02


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence, and what they are: ``source``, ``cue``, ``via`` or nothing."""

    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a sentence, gold or predicted, ready to show."""

    label: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong sentence, ready to show."""

    article: str
    index: int
    before: str
    after: str
    gold: Reading
    predicted: Reading
    probabilities: tuple[tuple[str, float], ...]
    features: tuple[tuple[str, float], ...]
    confidence: float


def write_error_browser(
    gold: Sequence[AnnotatedArticle],
    predicted: Sequence[Analysis],
    path: Path,
    *,
    explain: Explain | None = None,
) -> int:
    """Write every wrong sentence into one self-contained HTML file.

    Sentences with a wrong label come first, by the pair of labels, the commonest pair first and
    the surest mistake first within it; then those whose label is right and whose source span is
    not, then those where only the relays differ. Cues alone are not counted as mistakes.

    Parameters
    ----------
    gold, predicted : sequence of AnnotatedArticle, sequence of Analysis
        As for `evaluate`.
    path : Path
        The file to write; it shows the articles' text.
    explain : callable, optional
        The features that weighed most for a sentence, with their weights.

    Returns
    -------
    int
        How many sentences are shown.

    Raises
    ------
    CorpusError, ModelError
        As for `evaluate`.
    """
    aligned = align(gold, predicted)
    groups: dict[str, list[Mistake]] = defaultdict(list)
    for row in range(len(aligned.gold)):
        kind = _find_mistake(aligned, row)
        if kind:
            groups[kind].append(_describe(aligned, row, explain))
    for mistakes in groups.values():
        mistakes.sort(key=lambda mistake: -mistake.confidence)
    names = sorted(groups, key=lambda name: (_part(name), -len(groups[name]), name))
    count = sum(len(mistakes) for mistakes in groups.values())
    page = _render(
        groups=[(name, groups[name]) for name in names],
        count=count,
        sentences=len(aligned.gold),
        articles=len(gold),
    )
    write_atomically(path, page.encode("utf-8"))
    return count


def _render(**values: object) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("attribution", "data/templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("errors.html.j2").render(**values)


def _part(name: str) -> int:
    """Return the part of the page that a group stands in: labels, source spans, relays."""
    return {_OTHER_SOURCE: 1, _OTHER_RELAYS: 2}.get(name, 0)


def _find_mistake(aligned: Aligned, row: int) -> str:
    """Return the kind of mistake in a sentence, "" for none."""
    gold, found = aligned.gold[row], aligned.predicted[row]
    if gold.label != found.label:
        return f"{gold.label} → {found.label}"
    if not gold.attributed:
        return ""
    if gold.source != predicted_span(found, "source"):
        return _OTHER_SOURCE
    text = aligned.articles[aligned.article[row]].text
    if set(gold_relays(gold, text)) != set(predicted_relays(found, text)):
        return _OTHER_RELAYS
    return ""


def _describe(aligned: Aligned, row: int, explain: Explain | None) -> Mistake:
    number = int(aligned.article[row])
    article, gold, found = aligned.articles[number], aligned.gold[row], aligned.predicted[row]
    index = row - int((aligned.article < number).sum())
    sentences = article.sentences
    first = sentences[max(0, index - BEFORE)].start
    last = sentences[min(len(sentences) - 1, index + AFTER)].end
    ranked = sorted(found.probabilities.items(), key=lambda item: -item[1])
    shown = (item for item in ranked if item[1] >= _SHOWN_PROBABILITY or item[0] == gold.label)
    return Mistake(
        article=article.id,
        index=index,
        before=article.text[first : gold.start],
        after=article.text[gold.end : last],
        gold=_read_gold(article.text, gold),
        predicted=_read_predicted(article.text, found),
        probabilities=tuple(shown),
        features=tuple(explain(number, index)) if explain else (),
        confidence=found.probabilities.get(found.label, 0.0),
    )


def _read_gold(text: str, gold: AnnotatedSentence) -> Reading:
    notes = [gold.identified, gold.manner, "hedged" if gold.hedged else None]
    notes += ["needs a source" if gold.needs_source else None]
    notes += [None if gold.source_id is None else f"source {gold.source_id}"]
    notes += _carried(text, gold, gold.via)
    marks = _marks(gold.source, gold.cue, gold.via)
    return Reading(gold.label, cut_pieces(text, gold, marks), tuple(n for n in notes if n))


def _read_predicted(text: str, found: SentenceAnalysis) -> Reading:
    attributed = found.attributed
    via = [(relay.start, relay.end) for relay in found.via] if attributed else []
    notes = [found.identification if found.identified else None, found.manner]
    notes += ["hedged" if attributed and found.hedged >= 0.5 else None]
    notes += ["needs a source" if found.needs_source >= 0.5 else None]
    notes += [None if found.source_number is None else f"source {found.source_number}"]
    notes += _carried(text, found, via)
    marks = _marks(predicted_span(found, "source"), predicted_span(found, "cue"), via)
    return Reading(found.label, cut_pieces(text, found, marks), tuple(n for n in notes if n))


def _marks(source: Span | None, cue: Span | None, via: Iterable[Span]) -> list[tuple[Span, str]]:
    named = [(source, "source"), (cue, "cue"), *((span, "via") for span in via)]
    return [(span, kind) for span, kind in named if span is not None]


def _carried(
    text: str, sentence: AnnotatedSentence | SentenceAnalysis, via: Iterable[Span]
) -> list[str | None]:
    outside = [span for span in via if not sentence.start <= span[0] < sentence.end]
    return [f"via {text[start:end]}, named elsewhere" for start, end in outside]


def cut_pieces(
    text: str,
    sentence: AnnotatedSentence | SentenceAnalysis,
    marks: Sequence[tuple[Span, str]],
) -> tuple[Piece, ...]:
    """Cut a sentence where marks begin and end; of overlapping marks the first one shows."""
    start, end = sentence.start, sentence.end
    edges = {start, end}
    edges.update(edge for span, _ in marks for edge in span if start < edge < end)
    places = sorted(edges)
    pieces = []
    for left, right in pairwise(places):
        covering = (kind for span, kind in marks if span[0] <= left and right <= span[1])
        pieces.append(Piece(text[left:right], next(covering, "")))
    return tuple(pieces)

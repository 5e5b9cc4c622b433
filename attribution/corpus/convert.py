"""Between annotation formats, saying what a direction loses.

What was written is read back and compared with what went in, so the report is what happened and
not what a format is said to do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.corpus.formats import Imported
from attribution.corpus.formats.brat import read_brat, write_brat
from attribution.corpus.formats.conll import read_conll, write_conll
from attribution.corpus.formats.doccano import read_doccano, write_doccano
from attribution.corpus.formats.label_studio import read_label_studio, write_label_studio
from attribution.corpus.formats.native import (
    read_json_lines,
    read_plain_files,
    write_json_lines,
    write_plain_files,
)
from attribution.corpus.formats.prodigy import read_prodigy, write_prodigy
from attribution.corpus.formats.tables import read_csv, write_csv
from attribution.document import Span
from attribution.errors import CorpusError


@dataclass(frozen=True)
class Format:
    """How a format is read and written."""

    read: Callable[[Path], Imported]
    write: Callable[[Sequence[AnnotatedArticle], Path], None]


#: Every format by its name on the command line.
FORMATS: dict[str, Format] = {
    "plain": Format(read_plain_files, write_plain_files),
    "jsonl": Format(read_json_lines, write_json_lines),
    "csv": Format(read_csv, write_csv),
    "brat": Format(read_brat, write_brat),
    "label-studio": Format(read_label_studio, write_label_studio),
    "doccano": Format(read_doccano, write_doccano),
    "prodigy": Format(read_prodigy, write_prodigy),
    "conll": Format(read_conll, write_conll),
}


def convert(input: Path, output: Path, source_format: str, target_format: str) -> list[str]:
    """Convert annotated articles from one format to another.

    Parameters
    ----------
    input, output : Path
        Files, or folders for ``plain`` and ``brat``.
    source_format, target_format : str
        Names in `FORMATS`.

    Returns
    -------
    list of str
        A line for each thing that was dropped, on the way in or on the way out.

    Raises
    ------
    CorpusError
        For an unknown format, a file that is not of its format, or two articles with one id.
    """
    source, target = find_format(source_format), find_format(target_format)
    if output.exists() and output.samefile(input):
        raise CorpusError(f"{output}: input and output are the same", "name another output")
    imported = source.read(input)
    articles = [article for article in imported.articles if article.sentences]
    empty = len(imported.articles) - len(articles)
    dropped = [*imported.dropped, *([f"articles without sentences: {empty} dropped"] * bool(empty))]
    if not articles:
        raise CorpusError(f"{input}: no annotated articles")
    for name, count in Counter(article.id for article in articles).items():
        if count > 1:
            raise CorpusError(f"{input}: {count} articles have the id {name!r}")
    output.parent.mkdir(parents=True, exist_ok=True)
    target.write(articles, output)
    return [*dropped, *describe_losses(articles, target.read(output).articles)]


def find_format(name: str) -> Format:
    """Return a format by name."""
    try:
        return FORMATS[name]
    except KeyError:
        raise CorpusError(f"no format {name!r}", f"one of {', '.join(FORMATS)}") from None


def describe_losses(
    before: Sequence[AnnotatedArticle], after: Sequence[AnnotatedArticle]
) -> list[str]:
    """Return a line for each kind of thing that `before` has and `after` has not, with counts."""
    found = {article.id: article for article in after}
    counts: Counter[str] = Counter()
    places: dict[str, set[str]] = defaultdict(set)
    for article in before:
        for what in _losses(article, found.get(article.id)):
            counts[what] += 1
            places[what].add(article.id)
    return [
        f"{what}: {count} dropped or changed, in {len(places[what])} articles"
        for what, count in counts.items()
    ]


def _losses(before: AnnotatedArticle, after: AnnotatedArticle | None) -> Iterator[str]:
    if after is None:
        yield "article"
        return
    if before.text != after.text:
        yield _text_loss(before, after)
    for key in before.meta:
        if before.meta[key] != after.meta.get(key):
            yield f"header line {key!r}"
    exact = before.text == after.text
    if _spans(before, before.frame, exact) != _spans(after, after.frame, exact):
        yield "frame"
    if len(before.sentences) != len(after.sentences):
        yield "sentences"
        return
    if _breaks(before) != _breaks(after):
        yield "paragraph breaks"
    for left, right in zip(before.sentences, after.sentences, strict=True):
        kept = _features(after, right, exact)
        for name, value in _features(before, left, exact).items():
            if value != kept[name]:
                yield name


def _text_loss(before: AnnotatedArticle, after: AnnotatedArticle) -> str:
    if "".join(before.text.split()) == "".join(after.text.split()):
        return "white space of the text"
    left, right = (
        [article.words((item.start, item.end)).split() for item in article.sentences]
        for article in (before, after)
    )
    return "text outside sentences" if left == right else "text"


def _features(
    article: AnnotatedArticle, sentence: AnnotatedSentence, exact: bool
) -> dict[str, Hashable]:
    def spans(*found: Span | None) -> Hashable:
        return _spans(article, [span for span in found if span], exact)

    return {
        "sentence span": spans((sentence.start, sentence.end)),
        "label": sentence.label,
        "headline": sentence.headline,
        "source number": sentence.source_id,
        "identified": sentence.identified,
        "manner": sentence.manner,
        "hedged": sentence.hedged,
        "needs source": sentence.needs_source,
        "source span": spans(sentence.source),
        "cue span": spans(sentence.cue),
        "relays": spans(*sentence.via),
    }


def _spans(article: AnnotatedArticle, spans: Sequence[Span], exact: bool) -> Hashable:
    """Return spans to compare: where they stand, or their words when the text has moved."""
    if exact:
        return tuple(spans)
    return tuple(" ".join(article.words(span).split()) for span in spans)


def _breaks(article: AnnotatedArticle) -> list[bool]:
    numbers = [sentence.paragraph for sentence in article.sentences]
    return [left != right for left, right in pairwise(numbers)]

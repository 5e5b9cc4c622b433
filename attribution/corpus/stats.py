"""What a corpus consists of, as tables: for its datasheet, and to see what is thin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.phenomena import (
    OUTLET,
    PHENOMENA,
    SERVICE,
    SentenceView,
    view_sentences,
)
from attribution.document import Span
from attribution.errors import CorpusError
from attribution.labels import IDENTIFIED, LABELS, MANNERS
from attribution.plotting import COLOURS, new_figure, save_figure

Cell = str | int | float
#: What the project asks of its own corpus: sentences of every label, and of every hard thing.
PER_LABEL = 250
PER_PHENOMENON = 60
#: Rows of a table that Markdown shows; the rest is summed up.
_SHOWN = 60
_PLOTTED = 32
_BINS = 10

_STYLES: dict[str, re.Pattern[str]] = {
    'straight double " "': re.compile(r'"'),
    "straight single ' '": re.compile(r"(?<!\w)'(?=\w)[^'\n]+'(?!\w)"),
    "curly double “ ”": re.compile(r"”|^[^„]*“"),  # “ also closes what „ opens
    "curly single ‘ ’": re.compile(r"‘"),
    "low-high „ “": re.compile(r"„"),
    "guillemets « »": re.compile(r"[«»]"),
    "single guillemets ‹ ›": re.compile(r"[‹›]"),
    "typewriter `` ''": re.compile(r"``"),
}


@dataclass(frozen=True)
class Table:
    """One table: a title, column heads, rows; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> dict[str, Cell]:
        """Return one column by row name."""
        at = self.columns.index(name)
        return {str(row[0]): row[at] for row in self.rows}


@dataclass(frozen=True)
class Stats:
    """The tables of a corpus, by key, in the order of the datasheet."""

    tables: Mapping[str, Table]

    def count(self, key: str, row: str, column: str = "sentences") -> Cell:
        """Return one number of one table."""
        return self.tables[key].column(column)[row]


def corpus_stats(
    articles: Sequence[AnnotatedArticle], briefs: Sequence[Mapping[str, str]] = ()
) -> Stats:
    """Count what a corpus consists of.

    Parameters
    ----------
    articles : sequence of AnnotatedArticle
        At least one.
    briefs : sequence of mapping
        Rows of ``datasets/briefs.csv``; an article belongs to the brief whose number begins its
        id ("007-..."). Without one, its own header gives kind and region.

    Returns
    -------
    Stats
    """
    if not articles:
        raise CorpusError("no articles to count", "name a folder of annotated articles")
    views = view_sentences(articles)
    by_number = {row["brief"]: row for row in briefs}
    brief_of = {article.id: by_number.get(article.id.partition("-")[0]) for article in articles}

    def group(key: str) -> Callable[[AnnotatedArticle], str]:
        def value(article: AnnotatedArticle) -> str:
            brief = brief_of[article.id]
            return (brief or article.meta).get(key) or "not given"

        return value

    return Stats(
        {
            "size": _count_size(articles),
            "labels": _count_labels(views),
            "kinds": _count_groups("Outlet kinds", "kind", articles, group("kind")),
            "regions": _count_groups("Regions", "region", articles, group("region")),
            "security": _count_groups(
                "Intelligence, security and war involved", "security", articles, group("security")
            ),
            "annotation": _count_annotation(views),
            "unsourced": _count_unsourced(articles),
            "quotation marks": _count_styles(views),
            "names": _count_names(views),
            "hard things": _count_phenomena(views),
        }
    )


def _count_size(articles: Sequence[AnnotatedArticle]) -> Table:
    sentences = [sentence for article in articles for sentence in article.sentences]
    words = sum(len(article.text.split()) for article in articles)
    sources = {
        (article.id, sentence.source_id)
        for article in articles
        for sentence in article.sentences
        if sentence.source_id is not None
    }
    rows: list[tuple[Cell, ...]] = [
        ("articles", len(articles)),
        ("sentences", len(sentences)),
        ("words", words),
        ("headlines", sum(sentence.headline for sentence in sentences)),
        ("attributed sentences", sum(sentence.attributed for sentence in sentences)),
        ("sources (identities within articles)", len(sources)),
        ("articles with a frame", sum(bool(article.frame) for article in articles)),
    ]
    return Table("Size", ("what", "number"), tuple(rows))


def _count_labels(views: Sequence[SentenceView]) -> Table:
    total = len(views)
    rows = []
    for label in LABELS:
        of_label = [view for view in views if view.sentence.label == label]
        tally = _tally(of_label, total)
        rows.append((label, *tally, _thin(tally[0], PER_LABEL)))
    columns = ("label", "sentences", "share", "articles", f"under {PER_LABEL}")
    return Table("Labels", columns, tuple(rows))


def _thin(count: int, wanted: int) -> str:
    return "" if count >= wanted else "thin"


def _tally(views: Sequence[SentenceView], total: int) -> tuple[int, float, int]:
    """Return sentences, their share of a total, and the articles that hold them."""
    share = len(views) / total if total else 0.0
    return len(views), share, len({view.article.id for view in views})


def _count_groups(
    title: str,
    name: str,
    articles: Sequence[AnnotatedArticle],
    group: Callable[[AnnotatedArticle], str],
) -> Table:
    counts: Counter[str] = Counter()
    sentences: Counter[str] = Counter()
    for article in articles:
        counts[group(article)] += 1
        sentences[group(article)] += len(article.sentences)
    rows = tuple((key, counts[key], sentences[key]) for key, _ in _by_size(counts))
    return Table(f"{title}: {len(rows)}", (name, "articles", "sentences"), rows)


def _by_size(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _count_annotation(views: Sequence[SentenceView]) -> Table:
    """Count needs_source over all sentences, the rest over the attributed ones."""
    attributed = [view for view in views if view.sentence.attributed]
    unsourced = [view for view in views if not view.sentence.attributed]
    rows: list[tuple[Cell, ...]] = []

    def add(name: str, pool: Sequence[SentenceView], kept: Iterable[SentenceView]) -> None:
        rows.append((name, *_tally(list(kept), len(pool))))

    add("needs a source", views, (v for v in views if v.sentence.needs_source))
    needy = [v for v in unsourced if v.sentence.needs_source]
    add("needs a source, among unsourced", unsourced, needy)
    for name in IDENTIFIED:
        kept = [v for v in attributed if v.sentence.identified == name]
        add(f"identified: {name}", attributed, kept)
    for name in MANNERS:
        add(f"manner: {name}", attributed, [v for v in attributed if v.sentence.manner == name])
    add("hedged", attributed, (v for v in attributed if v.sentence.hedged))
    for depth, name in enumerate(("no relay", "one relay", "two relays")):
        add(name, attributed, [v for v in attributed if len(v.sentence.via) == depth])
    add("more relays", attributed, [v for v in attributed if len(v.sentence.via) > 2])
    add("source words marked", attributed, (v for v in attributed if v.sentence.source))
    add("cue words marked", attributed, (v for v in attributed if v.sentence.cue))
    columns = ("what", "sentences", "share", "articles")
    return Table("Annotation (shares of attributed sentences unless said)", columns, tuple(rows))


def _count_unsourced(articles: Sequence[AnnotatedArticle]) -> Table:
    """Count articles by their share of unsourced sentences, headlines left out."""
    bins = [0] * _BINS
    for article in articles:
        body = [sentence for sentence in article.sentences if not sentence.headline]
        if body:
            unsourced = sum(not sentence.attributed for sentence in body)
            bins[min(unsourced * _BINS // len(body), _BINS - 1)] += 1
    step = 100 // _BINS
    rows = tuple((f"{step * i}–{step * (i + 1)} %", count) for i, count in enumerate(bins))
    return Table("Unsourced share by article (without headlines)", ("share", "articles"), rows)


def _count_styles(views: Sequence[SentenceView]) -> Table:
    total = len(views)
    rows = tuple(
        (style, *_tally([view for view in views if pattern.search(view.text)], total))
        for style, pattern in _STYLES.items()
    )
    return Table("Quotation marks", ("style", "sentences", "share", "articles"), rows)


def _count_names(views: Sequence[SentenceView]) -> Table:
    """Count names of the gazetteers as source, as relay, and as mere subject."""
    rows: list[tuple[Cell, ...]] = []
    for kind, title in ((SERVICE, "services"), (OUTLET, "outlets")):
        roles: dict[str, list[tuple[SentenceView, str, str]]] = {
            "as source": [],
            "as relay": [],
            "as mere subject": [],
        }
        for view in views:
            for name in view.names:
                if name.kind == kind:
                    role = _role(view, (name.start, name.end))
                    roles[role].append((view, name.entity.id, name.entity.country))
        for role, found in roles.items():
            sentences = len({(view.article.id, view.sentence.start) for view, _, _ in found})
            entities = len({entity for _, entity, _ in found})
            countries = len({country for _, _, country in found if country})
            rows.append((f"{title} {role}", len(found), sentences, entities, countries))
    columns = ("what", "mentions", "sentences", "bodies", "countries")
    return Table("Names of the gazetteers", columns, tuple(rows))


def _role(view: SentenceView, span: Span) -> str:
    if not view.gives(span):
        return "as mere subject"
    relay = any(span[0] < end and start < span[1] for start, end in view.sentence.via)
    return "as relay" if relay else "as source"


def _count_phenomena(views: Sequence[SentenceView]) -> Table:
    rows = []
    for name, holds in PHENOMENA.items():
        count, _, articles = _tally([view for view in views if holds(view)], len(views))
        rows.append((name, count, articles, _thin(count, PER_PHENOMENON)))
    columns = ("what", "sentences", "articles", f"under {PER_PHENOMENON}")
    return Table("Hard things", columns, tuple(rows))


def format_stats(stats: Stats) -> str:
    """Return the tables as Markdown."""
    return "\n".join(_format_table(table) for table in stats.tables.values())


def _format_table(table: Table) -> str:
    width = len(table.columns)
    rule = "| --- |" + " ---: |" * (width - 1)
    lines = [f"### {table.title}", "", _row(table.columns), rule]
    lines += [_row(row) for row in table.rows[:_SHOWN]]
    rest = table.rows[_SHOWN:]
    if rest:
        columns = list(zip(*rest, strict=True))[1:]
        sums = [sum(cell for cell in column if not isinstance(cell, str)) for column in columns]
        lines.append(_row((f"{len(rest)} others", *sums)))
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[Cell]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.1%}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return cell.replace("|", "\\|")


def plot_stats(stats: Stats, path: Path) -> None:
    """Draw labels, unsourced shares, outlet kinds and hard things as one picture.

    Parameters
    ----------
    stats : Stats
        What `corpus_stats` counted.
    path : Path
        Its suffix names the format: ``.svg``, ``.png`` or ``.pdf``.

    Raises
    ------
    AttributionError
        If matplotlib is not installed, or cannot write that format.
    """
    figure = new_figure(14, 12)
    panels = (
        ("labels", "sentences"),
        ("unsourced", "articles"),
        ("kinds", "articles"),
        ("hard things", "sentences"),
    )
    for axes, (key, column) in zip(figure.subplots(2, 2).flat, panels, strict=True):
        table = stats.tables[key]
        values = list(table.column(column).items())[:_PLOTTED]
        names = [name.partition(" [")[0] for name, _ in values]
        axes.barh(names, [value for _, value in values], color=COLOURS[0])
        axes.invert_yaxis()
        axes.set_title(table.title)
        axes.set_xlabel(column)
        axes.tick_params(labelsize=8)
    save_figure(figure, path)

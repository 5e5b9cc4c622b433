"""What is wrong with a corpus: broken spans, contradictions, and signs of copying or templates.

Errors are annotations that cannot be right. Warnings are what a person should look at: sources that
change their nature, and text that repeats itself over articles, which a corpus written piece by
piece should not do.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence, find_faults
from attribution.document import Span

Level = Literal["error", "warning"]

#: Sentences shorter than this repeat by chance ("He declined to comment.").
MIN_WORDS = 8
#: Two sentences that share this much of their word 3-shingles are near-duplicates.
NEAR = 0.6
_SHINGLE = 3
_PERMUTATIONS = 64
#: Words in a repeated string, and the number of articles that may share one.
STRING_WORDS = 8
STRING_ARTICLES = 3
#: Words in an opening, and the share of articles that may begin alike.
OPENING_WORDS = 3
OPENING_SHARE = 0.02

_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")
_NAME, _NUMBER = "‹name›", "‹number›"
_MASKS = frozenset((_NAME, _NUMBER))
# Capitalised at the head of a sentence without being names.
_FUNCTION_WORDS = frozenset(
    """
    a about after all although an and another any are as at because before but by can despite
    during each even every few first for four from had has have he her here his how i if in is
    it its last later like many more most my near neither next no nobody none nor not nothing
    now of on once one only or our over she since so some still such than that the their then
    there these they this those three through to two under until was we were what when where
    whether which while who why will with within without yet you your
    """.split()
)
_OUTSIDE = re.compile(r"the (?:\w+ )?span \d+-\d+ lies outside|the frame span ")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or looks wrong.

    Attributes
    ----------
    article : str
        The article's id.
    sentence : int or None
        Number of the sentence within the article, from 0; None for the article as a whole.
    level : {"error", "warning"}
    rule : str
        A stable name to select by.
    message : str
        What, in words.
    """

    article: str
    sentence: int | None
    level: Level
    rule: str
    message: str

    def __str__(self) -> str:
        place = self.article if self.sentence is None else f"{self.article}:{self.sentence}"
        return f"{place}: {self.level} {self.rule}: {self.message}"


def check_corpus(articles: Sequence[AnnotatedArticle]) -> list[Fault]:
    """Check annotated articles, each for itself and all against each other.

    Rules
    -----
    span, contradiction, duplicate-id
        Errors: spans outside their sentence or the text, overlapping or blank at an edge; labels
        that contradict the rest of the annotation; two articles with one id.
    cut-word, identified-varies, label-varies
        Warnings: a span that begins or ends inside a word; a source that is named and later is
        not, or that has two labels.
    duplicate, near-duplicate, repeated-string, opening
        Warnings: text that several articles share.

    Returns
    -------
    list of Fault
        Article by article, the faults between articles last.
    """
    faults = list(_repeated_ids(articles))
    for article in articles:
        faults += _contradictions(article)
        faults += _span_faults(article)
        faults += _varying_sources(article)
    faults += _duplicates(articles)
    faults += _repeated_strings(articles)
    faults += _openings(articles)
    return faults


def _repeated_ids(articles: Sequence[AnnotatedArticle]) -> Iterator[Fault]:
    for name, count in Counter(article.id for article in articles).items():
        if count > 1:
            yield Fault(name, None, "error", "duplicate-id", f"{count} articles have this id")


def _contradictions(article: AnnotatedArticle) -> Iterator[Fault]:
    """Turn the lines of `find_faults` into faults."""
    for line in find_faults(article):
        place, _, message = line.removeprefix(article.id).partition(": ")
        number = place.removeprefix(", sentence ")
        rule = "span" if _OUTSIDE.match(message) else "contradiction"
        yield Fault(article.id, int(number) if number else None, "error", rule, message)


def _span_faults(article: AnnotatedArticle) -> Iterator[Fault]:
    previous = 0
    for number, sentence in enumerate(article.sentences):
        if sentence.start < previous:
            message = "the sentence begins before the one above ends"
            yield Fault(article.id, number, "error", "span", message)
        previous = sentence.end
        named = _named_spans(sentence)
        for name, span in named:
            for level, rule, message in _edge_faults(article, sentence, name, span):
                yield Fault(article.id, number, level, rule, message)
        taken = sorted(span for _, span in named if span[0] >= sentence.start)
        for left, right in pairwise(taken):
            if right[0] < left[1]:
                message = f"{article.words(left)!r} and {article.words(right)!r} overlap"
                yield Fault(article.id, number, "error", "span", message)


def _named_spans(sentence: AnnotatedSentence) -> list[tuple[str, Span]]:
    spans = [("source", sentence.source), ("cue", sentence.cue)]
    spans += [("relay", span) for span in sentence.via]
    return [(name, span) for name, span in spans if span is not None]


def _edge_faults(
    article: AnnotatedArticle, sentence: AnnotatedSentence, name: str, span: Span
) -> Iterator[tuple[Level, str, str]]:
    text, (start, end) = article.text, span
    if name == "relay":
        # A carried relay is named in an earlier sentence; any other stands in this one.
        carried = 0 <= start < end <= sentence.start
        if not carried and not sentence.start <= start < end <= sentence.end:
            yield "error", "span", f"the relay span {start}-{end} stands in no sentence up to here"
            return
    if not 0 <= start < end <= len(text):
        return  # `find_faults` has said so
    words = text[start:end]
    if words != words.strip():
        yield "error", "span", f"the {name} {words!r} has a blank at its edge"
    for at in (start, end):
        if 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum():
            yield "warning", "cut-word", f"the {name} {words!r} cuts a word"
            return


def _varying_sources(article: AnnotatedArticle) -> Iterator[Fault]:
    """Find sources that lose their name, or have two labels.

    A source is `named` through its antecedent too, so once named it stays so. The other way round
    (described first, named later) is how articles are written.
    """
    named: dict[int, int] = {}
    labels: dict[int, str] = {}
    for number, sentence in enumerate(article.sentences):
        source = sentence.source_id
        if source is None or not sentence.attributed:
            continue
        if sentence.identified == "named":
            named.setdefault(source, number)
        elif source in named:
            message = f"#{source} is {sentence.identified} here, named in sentence {named[source]}"
            yield Fault(article.id, number, "warning", "identified-varies", message)
        if labels.setdefault(source, sentence.label) != sentence.label:
            message = f"#{source} is {sentence.label} here, {labels[source]} before"
            yield Fault(article.id, number, "warning", "label-varies", message)


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence of the corpus."""

    article: str
    sentence: int

    def __str__(self) -> str:
        return f"{self.article}, sentence {self.sentence}"


def _places(articles: Sequence[AnnotatedArticle]) -> Iterator[tuple[_Place, str]]:
    for article in articles:
        for number, sentence in enumerate(article.sentences):
            yield _Place(article.id, number), article.text[sentence.start : sentence.end]


def _duplicates(articles: Sequence[AnnotatedArticle]) -> Iterator[Fault]:
    """Find sentences that another article has too, word for word or nearly.

    MinHash (Broder 1997) over word 3-shingles proposes the pairs; the exact Jaccard similarity
    of their shingles decides.
    """
    from datasketch import MinHash, MinHashLSH  # half a second to import

    index = MinHashLSH(threshold=NEAR, num_perm=_PERMUTATIONS)
    seen: dict[tuple[str, ...], _Place] = {}
    shingles: dict[_Place, set[str]] = {}
    empty = MinHash(num_perm=_PERMUTATIONS, seed=1)
    for place, text in _places(articles):
        words = tuple(word.lower() for word in _WORD.findall(text))
        if len(words) < MIN_WORDS:
            continue
        first = seen.setdefault(words, place)
        if first is not place:
            if first.article != place.article:
                yield _fault(place, "duplicate", f"the same words as {first}: {text!r}")
            continue
        own = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
        sketch = empty.copy()
        sketch.update_batch([shingle.encode() for shingle in own])
        others = [other for other in index.query(sketch) if other.article != place.article]
        alike = [(_jaccard(own, shingles[other]), str(other)) for other in others]
        best = max(alike, default=(0.0, ""))
        if best[0] >= NEAR:
            message = f"shares {best[0]:.0%} of its 3-word strings with {best[1]}: {text!r}"
            yield _fault(place, "near-duplicate", message)
        shingles[place] = own
        index.insert(place, sketch)


def _jaccard(left: set[str], right: set[str]) -> float:
    return len(left & right) / len(left | right)


def _fault(place: _Place, rule: str, message: str) -> Fault:
    return Fault(place.article, place.sentence, "warning", rule, message)


def _mask(text: str) -> list[str]:
    """Return the words of a sentence in lower case, names and numbers masked."""
    masked = []
    for word in _WORD.findall(text):
        if any(char.isdigit() for char in word):
            masked.append(_NUMBER)
        elif word[0].isupper() and word.lower() not in _FUNCTION_WORDS:
            masked.append(_NAME)
        else:
            masked.append(word.lower())
    return masked


def _join_masks(words: list[str]) -> list[str]:
    """Make one mask of a run of the same: names of two and of three words fill one slot."""
    return [
        word for i, word in enumerate(words) if not (i and word in _MASKS and word == words[i - 1])
    ]


def _strings(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + STRING_WORDS]) for i in range(len(words) - STRING_WORDS + 1)]


def _repeated_strings(articles: Sequence[AnnotatedArticle]) -> Iterator[Fault]:
    """Find 8-word strings, names and numbers masked, in more than 3 articles: templates."""
    rows = [(place, _strings(_join_masks(_mask(text)))) for place, text in _places(articles)]
    counts: Counter[tuple[str, ...]] = Counter()
    own: set[tuple[str, ...]] = set()
    for k, (place, strings) in enumerate(rows):
        own.update(strings)
        if k + 1 == len(rows) or rows[k + 1][0].article != place.article:
            counts.update(own)
            own.clear()
    frequent: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for place, strings in rows:
        for string in strings:
            if counts[string] > STRING_ARTICLES and place.article not in frequent[string]:
                frequent[string].append(place.article)
    reported: set[tuple[str, ...]] = set()
    for place, strings in rows:
        for words, where in _fresh_runs(strings, frequent, reported):
            sample = ", ".join(where[:4]) + (" ..." if len(where) > 4 else "")
            message = f"“{' '.join(words)}” in {len(where)} articles: {sample}"
            yield _fault(place, "repeated-string", message)


def _fresh_runs(
    strings: list[tuple[str, ...]],
    frequent: dict[tuple[str, ...], list[str]],
    reported: set[tuple[str, ...]],
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield strings not reported yet; neighbours that the same articles share are one."""
    run: list[str] = []
    where: list[str] = []
    for string in [*strings, ()]:
        fresh = string in frequent and bool(frequent[string]) and string not in reported
        if fresh and run and frequent[string] == where:
            run.append(string[-1])
        else:
            if run:
                yield run, where
            run, where = (list(string), frequent[string]) if fresh else ([], [])
        if fresh:
            reported.add(string)


def _openings(articles: Sequence[AnnotatedArticle]) -> Iterator[Fault]:
    """Find openings that more than 2 % of the articles share, of headlines and of texts."""
    limit = max(OPENING_SHARE * len(articles), STRING_ARTICLES)
    for headline, what in ((True, "headlines"), (False, "articles")):
        groups: dict[tuple[str, ...], list[_Place]] = defaultdict(list)
        for article in articles:
            for number, sentence in enumerate(article.sentences):
                if sentence.headline == headline:
                    words = _mask(article.text[sentence.start : sentence.end])[:OPENING_WORDS]
                    if not _MASKS.issuperset(words):
                        groups[tuple(words)].append(_Place(article.id, number))
                    break
        for opening, places in groups.items():
            if len(places) > limit:
                message = f"{len(places)} {what} begin “{' '.join(opening)}”"
                yield _fault(places[0], "opening", message)

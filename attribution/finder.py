"""The source finder: where in each sentence the source, the cue and the relays stand.

Two taggers in a row. The first has learned attribution at large (PolNeAR's source, cue and content
spans); the second, which sees the first one's output, has learned the guidelines: the shortest
span, the origin rather than the relay, no wishes and plans. A model trained without PolNeAR has
the second alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attribution.lexicon import NAME_KINDS, Hits
from attribution.tagger import Floats, Tagger
from attribution.token_features import TokenColumns, TokenTemplates, Vocabulary
from attribution.tokens import Ints, TokenBatch

#: Tags of the first tagger: begin and inside of source and cue, content, nothing.
SPAN_TAGS = ("O", "BS", "IS", "BC", "IC", "X")
#: Tags of the second: also relays (V), and A for the other words of an attributed sentence.
SOURCE_TAGS = ("O", "A", "BS", "IS", "BC", "IC", "BV", "IV")
_CONFIDENCE = (0.5, 0.8, 0.95)
#: Values that the second tagger reads from the first: tag times confidence bin.
N_FIRST = 2 + len(SPAN_TAGS) * (len(_CONFIDENCE) + 1)
# A span that the best path misses is still taken when the sentence turns out to be attributed.
FALLBACK_PROBABILITY = 0.05

# "X reports, citing Y": these words make what follows them the origin (guidelines, section 2).
CITING = frozenset("citing quoting referring reference cites quotes cited quoted".split())
CITING_REACH = 5
# "cited by Y", "quoted in Y": there Y passes on.
_PASSING = frozenset("by in on".split())
_REPORTERS = [NAME_KINDS.index(kind) for kind in ("media_outlet", "intelligence_agency")]

TokenRange = tuple[int, int]


@dataclass(frozen=True)
class Findings:
    """What the finder read; s sentences, n tokens.

    Attributes
    ----------
    source, cue : (s, 2) int
        Token ranges, -1 where nothing was found.
    via : tuple of tuple of TokenRange
        Relays of each sentence, nearest the origin first.
    first : (n, 6) float or None
        Marginals of the first tagger.
    second : (n, 8) float
        Marginals of the second tagger.
    """

    source: Ints
    cue: Ints
    via: tuple[tuple[TokenRange, ...], ...]
    first: Floats | None
    second: Floats


@dataclass(frozen=True)
class Finder:
    """The two taggers with the vocabulary they share."""

    vocabulary: Vocabulary
    spans: Tagger | None
    sources: Tagger

    def find(self, batch: TokenBatch, hits: Hits, columns: TokenColumns) -> Findings:
        """Find source, cue and relays in every sentence of a batch."""
        first = None
        if self.spans is not None:
            first = tag_spans(self.spans, self.vocabulary, batch, columns)
        return find_sources(self.sources, self.vocabulary, batch, hits, columns, first)


def tag_spans(
    tagger: Tagger, vocabulary: Vocabulary, batch: TokenBatch, columns: TokenColumns
) -> Floats:
    """Return the first tagger's marginals."""
    values = TokenTemplates(vocabulary).values(batch, columns)
    return tagger.marginals(tagger.emissions(values), batch.sentence_ptr)


def first_column(marginals: Floats) -> Ints:
    """Turn the first tagger's marginals into one value a token for the second."""
    highest = marginals.max(axis=1)
    column = 2 + marginals.argmax(axis=1) * (len(_CONFIDENCE) + 1)
    for bound in _CONFIDENCE:
        column += highest > bound
    return np.asarray(column, np.int64)


def find_sources(
    tagger: Tagger,
    vocabulary: Vocabulary,
    batch: TokenBatch,
    hits: Hits,
    columns: TokenColumns,
    first: Floats | None,
) -> Findings:
    """Run the second tagger and read the spans off its best path."""
    templates = TokenTemplates(vocabulary, N_FIRST if first is not None else 0)
    column = None if first is None else first_column(first)
    emissions = tagger.emissions(templates.values(batch, columns, column))
    best = tagger.best_path(emissions, batch.sentence_ptr)
    marginals = tagger.marginals(emissions, batch.sentence_ptr)
    spans = {kind: read_spans(batch, best, kind, SOURCE_TAGS) for kind in "SCV"}
    source = _strongest(batch, spans["S"], marginals, "S")
    cue = _strongest(batch, spans["C"], marginals, "C")
    source = _fall_back(batch, source, marginals)
    relays: dict[int, list[TokenRange]] = {}
    for first_token, last in spans["V"].tolist():
        relays.setdefault(int(batch.sentence[first_token]), []).append((first_token, last))
    for token in _citing_tokens(batch):
        _prefer_origin(batch, hits, token, source, relays)
    via: list[tuple[TokenRange, ...]] = [()] * batch.n_sentences
    for sentence, found in relays.items():
        via[sentence] = _order_relays(found, source[sentence])
    return Findings(source, cue, tuple(via), first, marginals)


def read_spans(batch: TokenBatch, path: Ints, kind: str, tags: Sequence[str]) -> Ints:
    """Return the (k, 2) token ranges that a path of some tags marks as one kind."""
    begin, inside = tags.index(f"B{kind}"), tags.index(f"I{kind}")
    member = (path == begin) | (path == inside)
    if not member.any():
        return np.zeros((0, 2), np.int64)
    opens = member.copy()
    opens[1:] &= (path[1:] == begin) | ~member[:-1] | (batch.sentence[1:] != batch.sentence[:-1])
    starts = np.flatnonzero(opens)
    run_end = np.flatnonzero(member & ~np.append(member[1:], False)) + 1
    stops = run_end[np.searchsorted(run_end, starts, side="right")]
    stops = np.minimum(stops, np.append(starts[1:], len(path)))
    stops = np.minimum(stops, batch.sentence_ptr[1:][batch.sentence[starts]])
    return np.stack((starts, stops), axis=1)


def _strongest(batch: TokenBatch, spans: Ints, marginals: Floats, kind: str) -> Ints:
    """Keep the most probable span of each sentence."""
    chosen = np.full((batch.n_sentences, 2), -1, np.int64)
    begin = marginals[spans[:, 0], SOURCE_TAGS.index(f"B{kind}")]
    sentence = batch.sentence[spans[:, 0]]
    order = np.lexsort((-begin, sentence))
    sentences, which = np.unique(sentence[order], return_index=True)
    chosen[sentences] = spans[order[which]]
    return chosen


def _fall_back(batch: TokenBatch, source: Ints, marginals: Floats) -> Ints:
    """Where the path has no source, take the likeliest beginning if it is likely enough."""
    begin = marginals[:, SOURCE_TAGS.index("BS")]
    inside = marginals[:, SOURCE_TAGS.index("IS")]
    chosen = source.copy()
    likely = np.flatnonzero(begin > FALLBACK_PROBABILITY)
    likely = likely[source[batch.sentence[likely], 0] < 0]
    order = np.lexsort((begin[likely], batch.sentence[likely]))
    sentences = batch.sentence[likely[order]]
    best = np.append(sentences[1:] != sentences[:-1], True)[: len(order)]
    for token in likely[order[best]].tolist():
        sentence = int(batch.sentence[token])
        stop, limit = token + 1, int(batch.sentence_ptr[sentence + 1])
        while stop < limit and inside[stop] > begin[token] / 2:
            stop += 1
        chosen[sentence] = token, stop
    return chosen


def _citing_tokens(batch: TokenBatch) -> list[int]:
    """Return the tokens that cite, in order."""
    citing = map(CITING.__contains__, batch.lowered_words)
    return np.flatnonzero(np.fromiter(citing, bool, len(batch.words))[batch.word]).tolist()


def _prefer_origin(
    batch: TokenBatch,
    hits: Hits,
    token: int,
    source: Ints,
    relays: dict[int, list[TokenRange]],
) -> None:
    """Where a sentence says "X reports, citing Y", make Y the source and X its relay.

    Y is a relay that the tagger found right behind the citing word, else an outlet or a service of
    the gazetteers.
    """
    s = int(batch.sentence[token])
    first, last = source[s].tolist()
    end = min(token + 1 + CITING_REACH, int(batch.sentence_ptr[s + 1]))
    if first < 0 or last > token:
        return
    cited = next((span for span in relays.get(s, ()) if token < span[0] < end), None)
    if cited is None:
        cited = _named_body(hits, token + 1, end)
    if cited is None:
        return
    between = {batch.words[word].lower() for word in batch.word[token : cited[0]].tolist()}
    if _PASSING & between:
        return
    others = [span for span in relays.get(s, ()) if span != cited]
    relays[s] = [*others, (first, last)]
    source[s] = cited


def _named_body(hits: Hits, start: int, end: int) -> TokenRange | None:
    """Return the first outlet or service named in a token range."""
    for token in range(start, end):
        if hits.begins[token] and hits.name[token] in _REPORTERS and not hits.person[token]:
            stop = token + 1
            while stop < end and hits.entity[stop] == hits.entity[token] and not hits.begins[stop]:
                stop += 1
            return token, stop
    return None


def _order_relays(relays: list[TokenRange], source: Ints) -> tuple[TokenRange, ...]:
    return tuple(sorted(relays, key=lambda span: _distance(span, source)))


def _distance(span: TokenRange, source: Ints) -> int:
    """How far a relay stands from the source: the nearest is nearest the origin."""
    if source[0] < 0:
        return -span[0]
    return max(span[0] - int(source[1]), int(source[0]) - span[1])

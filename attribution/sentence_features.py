"""Sentence features: named, sparse, delexicalised; the input of every sentence classifier.

Five groups, each with its own prefix, so that a classifier takes the ones that it needs and
`attribution explain` can name what weighed:

- ``w`` the words of the sentence, names replaced by their class;
- ``a`` how it attributes: the finder's spans and probabilities, cues, quotation state, place;
- ``t`` who the source is: its head, roles, bodies, what the article says about it;
- ``n`` the same in short for the sentences around it;
- ``c`` the content alone: no word that may name or join sources, as if nobody were named.

A feature is one call of `add`: its template, the sentences that have it, and a column of values for
each blank, all for the whole batch. What takes Python to work out goes through `Values.of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from attribution.content import find_content
from attribution.feature_rows import FeatureCollector, FeatureRows, Values, spread
from attribution.finder import SOURCE_TAGS, SPAN_TAGS, Findings
from attribution.lexicon import CUE_KINDS, NAME_KINDS, ROLE_KINDS, Hits
from attribution.mentions import Mention
from attribution.quotations import Quotations
from attribution.sources import SourceMap
from attribution.token_features import TokenColumns, Vocabulary, cued_sentences
from attribution.token_names import TokenNames
from attribution.tokens import Ints, TokenBatch
from attribution.unmarked import STATES, find_headlines

GROUPS = "watnc"
_BINS = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98])
_LENGTHS = (4, 8, 15, 25, 40)
#: What may open an apposition to a source: ", the minister", "of the FBI".
_APPOSITION = frozenset((",", "of", "at", "for", "from", "(", "with"))
_REACH = 8
_TELLING = frozenset(("r=", "n=", "h="))


@dataclass(frozen=True)
class _Speakers:
    """The sentences that have a source, their own or that of a running quotation.

    `held` tells which; the rest describes the mention: the sentence that it is the source of, the
    one where it stands (that of a transcript's "A:" is elsewhere), its span, its words.
    """

    row: Ints
    held: Values
    sentence: Ints
    place: Ints
    first: Ints
    last: Ints
    mentions: list[Mention]


class SentenceFeatures:
    """Builds the features of every sentence of a batch."""

    def __init__(
        self,
        batch: TokenBatch,
        hits: Hits,
        quotations: Quotations,
        columns: TokenColumns,
        vocabulary: Vocabulary,
        findings: Findings,
        sources: SourceMap,
    ) -> None:
        self.batch, self.hits, self.quotations = batch, hits, quotations
        self.vocabulary, self.findings, self.sources = vocabulary, findings, sources
        self.token = TokenNames(batch, hits, columns)
        self.every = np.arange(batch.n_sentences)
        # The tokens of each sentence are start:end; the sentences of its document, first:last.
        self.start, self.end = batch.sentence_ptr[:-1], batch.sentence_ptr[1:]
        self.first = batch.document_ptr[:-1][batch.sentence_document]
        self.last = batch.document_ptr[1:][batch.sentence_document]
        self.filled = np.flatnonzero(self.end > self.start)
        self.mentioned = np.array([m is not None for m in sources.mentions], bool)
        self.head = Values.of("none" if m is None else self._head_name(m) for m in sources.mentions)
        self.quoted = np.searchsorted(_BINS, sources.share)
        states = quotations.unmarked.states(cued_sentences(batch, hits))
        self.unmarked = Values(states, STATES)
        self.spoken = np.flatnonzero(states)
        self.longest = _longest_runs(batch, quotations.inside)
        titled = np.array([document.title is not None for document in batch.documents], bool)
        headline = (self.every == self.first) & titled[batch.sentence_document]
        place = np.where(headline, 4, np.minimum(self.every - self.first, 3))
        self.place = Values(place, ("0", "1", "2", "3", "headline"))
        self.peaks = self._peaks()
        self._collector = FeatureCollector(batch.n_sentences)
        self.add = self._collector.add

    def build(self) -> FeatureRows:
        """Return the features of all sentences."""
        self._words()
        self._content()
        self._probabilities()
        self._cue()
        self._quotation()
        self._place()
        self._evidence()
        self._source()
        self._neighbours()
        return self._collector.collect()

    def _peaks(self) -> dict[str, Ints]:
        """Bin the highest and the mean tag probabilities of every sentence; 0 for an empty one."""
        peaks: dict[str, Ints] = {}
        starts, lengths = self.start[self.filled], (self.end - self.start)[self.filled]
        for level, tags, marginals in (
            ("1", SPAN_TAGS, self.findings.first),
            ("2", SOURCE_TAGS, self.findings.second),
        ):
            if marginals is None:
                continue
            for column, tag in enumerate(tags):
                if tag[0] not in "BOXA":
                    continue
                binned = np.zeros(len(self.every), np.int64)
                if len(starts) and tag[0] == "B":
                    value = np.maximum.reduceat(marginals[:, column], starts)
                    binned[self.filled] = np.searchsorted(_BINS, value)
                elif len(starts):
                    total = np.add.reduceat(marginals[:, column], starts)
                    binned[self.filled] = np.searchsorted(_BINS, total / lengths)
                peaks[f"{level}{tag}"] = binned
        return peaks

    def _words(self) -> None:
        sentence, names = self.batch.sentence, self.token.every
        previous = self.token.preceding(np.arange(len(sentence)), self.start[sentence])
        self.add("w {}", sentence, names)
        self.add("w {} {}", sentence, previous, names)

    def _content(self) -> None:
        """What is said, without who says so: naming a source must not change it."""
        token = find_content(self.batch, self.hits, self.findings)
        sentence, names = self.batch.sentence[token], self.token[token]
        bounds = np.searchsorted(sentence, np.append(self.every, len(self.every)))
        start, end = bounds[:-1], bounds[1:]
        filled = np.flatnonzero(end > start)
        self.add("c {}", sentence, names)
        pair = np.flatnonzero(sentence[1:] == sentence[:-1])
        self.add("c {} {}", sentence[pair], names[pair], names[pair + 1])
        self.add("c first={}", filled, names[start[filled]])
        self.add("c end={}", filled, names[end[filled] - 1])
        self.add("c length={}", self.every, np.searchsorted(_LENGTHS, end - start))
        self.add("c quoted={}", self.every, np.minimum(self.longest, 8))
        self.add("c unmarked={}", self.spoken, self.unmarked[self.spoken])
        self.add("c place={}", self.every, self.place)
        self.add("c headline", find_headlines(self.batch))
        self.add("c closing", np.flatnonzero(self.last - self.every <= 2))
        for offset in (-1, 1):
            other = self.every + offset
            inside = (other >= self.first) & (other < self.last)
            row, other = self.every[inside], other[inside]
            together = self.batch.paragraph[other] == self.batch.paragraph[row]
            self.add(f"c {offset} quoted={{}} {{}}", row, self.longest[other] > 3, together)

    def _probabilities(self) -> None:
        for name, peak in self.peaks.items():
            self.add(f"a {name}={{}}", self.every, peak)
        halved = {name: peak // 2 for name, peak in self.peaks.items()}
        if "1BS" in halved:
            self.add("a 1={}/{}/{}", self.every, halved["1BS"], halved["1BC"], halved["1X"])
        self.add("a 2={}/{}/{}", self.every, self.peaks["2O"], halved["2BS"], halved["2BC"])

    def _cue(self) -> None:
        cue, token = self.hits.cue, self.token
        marked = np.flatnonzero(cue)
        self.add("a cue={}", self.batch.sentence[marked], Values(cue[marked], CUE_KINDS))
        found = self.findings.cue[:, 0] >= 0
        no_source = self.findings.source[:, 0] < 0
        self.add("a nocue", np.flatnonzero(~found & no_source))
        self.add("a source-nocue", np.flatnonzero(~found & ~no_source))
        row = np.flatnonzero(found)
        first, last = self.findings.cue[row].T
        self.add("a c={}", row, token[first])
        self.add("a c={}", row, token[last - 1])
        number, index = spread(first, last)
        strongest = np.zeros(len(row), np.int64)
        np.maximum.at(strongest, number, cue[index])
        self.add("a ckind={}", row, Values(strongest, CUE_KINDS))
        self.add("a clength={}", row, np.minimum(last - first, 4))
        order = np.where(self.findings.source[row, 0] < first, 1, 2)
        order[no_source[row]] = 0
        self.add("a order={}", row, Values(order, ("none", "sc", "cs")))
        self.add("a after={}", row, self.token.following(last, self.end[row]))
        inner = first > self.start[row]
        self.add("a before={}", row[inner], token[first[inner] - 1])

    def _quotation(self) -> None:
        inside, filled = self.quotations.inside, self.filled
        self.add("a quoted={}", self.every, self.quoted)
        unmarked, row = self.quotations.unmarked, self.spoken
        opens = Values((unmarked.turn[row] == row).astype(int), ("", "opens "))
        held = Values((self.sources.holder[row] >= 0).astype(int), ("", "held "))
        self.add("a unmarked={}{}", row, opens, self.unmarked[row])
        self.add("a unmarked={}{} {}", row, held, self.unmarked[row], self.quoted[row])
        edges = inside[self.start[filled]], inside[self.end[filled] - 1]
        self.add("a edges={}{}", filled, *edges)
        longest = np.where(self.longest < 8, self.longest, 8 + np.minimum(self.longest // 8, 3))
        self.add("a longest={}", self.every, longest)
        floor = np.where(self.mentioned, 0, np.where(self.sources.holder >= 0, 1, 2))
        self.add("a floor={}", self.every, Values(floor, ("own", "held", "no")))

    def _place(self) -> None:
        batch, token = self.batch, self.token
        self.add("a place={}", self.every, self.place)
        alone = (self.every == self.first) | (batch.paragraph != np.roll(batch.paragraph, 1))
        self.add("a paragraph={}", self.every, Values(~alone, ("first", "later")))
        self.add("a last", np.flatnonzero(self.last - self.every <= 2))
        self.add("a length={}", self.every, np.searchsorted(_LENGTHS, self.end - self.start))
        self.add("a first={}", self.filled, token[self.start[self.filled]])
        self.add("a end={}", self.filled, token[self.end[self.filled] - 1])
        self.add("a number", batch.sentence[token.numbers()])

    def _evidence(self) -> None:
        """What the whole article says about the source."""
        document, number = self.batch.sentence_document, self.sources.number
        row = np.flatnonzero(number >= 0)
        width = int(number.max(initial=0)) + 1
        pairs, which = np.unique(document[row] * width + number[row], return_inverse=True)
        names = [
            _evidence_names(self.sources.evidence[pair // width].get(pair % width, {}))
            for pair in pairs.tolist()
        ]
        last = np.cumsum([0, *map(len, names)])
        hit, index = spread(last[which], last[which + 1])
        self.add("t {}", row[hit], Values.of(chain.from_iterable(names))[index])

    def _source(self) -> None:
        """What the words of the source say."""
        speakers = self._speakers()
        self._mention(speakers)
        self._mention_words(speakers)
        self._apposition(speakers)
        self.add("t none", np.flatnonzero(~self.mentioned & (self.sources.holder < 0)))
        relays = [(s, m) for s, via in enumerate(self.sources.via) for m in via]
        row = np.array([s for s, _ in relays], np.int64)
        entity = np.array([m.entity_kind for _, m in relays], np.int64)
        role = np.array([m.head_role for _, m in relays], np.int64)
        self.add("t via", row)
        self.add("t via {}/{}", row, Values(entity, NAME_KINDS), Values(role, ROLE_KINDS))

    def _speakers(self) -> _Speakers:
        holder = self.sources.holder
        speaker = np.where(self.mentioned, self.every, holder)
        row = np.flatnonzero(speaker >= 0)
        row = row[self.mentioned[speaker[row]]]
        speaker = speaker[row]
        found = [self.sources.mentions[s] for s in speaker.tolist()]
        mentions = [mention for mention in found if mention is not None]
        first = np.array([m.first for m in mentions], np.int64)
        return _Speakers(
            row=row,
            held=Values(~self.mentioned[row], ("", "held ")),
            sentence=speaker,
            place=self.batch.sentence[first],
            first=first,
            last=np.array([m.last for m in mentions], np.int64),
            mentions=mentions,
        )

    def _mention(self, speakers: _Speakers) -> None:
        row, held, mentions = speakers.row, speakers.held, speakers.mentions
        role = Values(np.array([m.head_role for m in mentions], np.int64), ROLE_KINDS)
        entity = Values(np.array([m.entity_kind for m in mentions], np.int64), NAME_KINDS)
        plural = np.array([m.plural for m in mentions], bool)
        self.add("t {}head={}", row, held, self.head[speakers.sentence])
        self.add("t {}headrole={}/{}", row, held, role, plural)
        self.add("t {}entity={}", row, held, entity)
        self.add("t {}both={}/{}", row, held, role, entity)
        self.add("t {}pronoun={}", row, held, Values.of(m.pronoun for m in mentions))
        self.add("t {}person={}", row, held, np.array([m.is_person for m in mentions], bool))
        self.add("t {}length={}", row, held, np.minimum(speakers.last - speakers.first, 5))

    def _mention_words(self, speakers: _Speakers) -> None:
        token, role = self.token, self.hits.role
        number, index = spread(speakers.first, speakers.last)
        row, held = speakers.row[number], speakers.held[number]
        previous = self.token.preceding(index, speakers.first[number])
        self.add("t {}s={}", row, held, token[index])
        self.add("t {}s={} {}", row, held, previous, token[index])
        marked = role[index] > 0
        roles = Values(role[index[marked]], ROLE_KINDS)
        self.add("t {}srole={}", row[marked], held[marked], roles)
        row, held = speakers.row, speakers.held
        for offset in (1, 2):
            before, after = speakers.first - offset, speakers.last + offset - 1
            inner = before >= self.start[speakers.place]
            self.add(f"t {{}}-{offset}={{}}", row[inner], held[inner], token[before[inner]])
            inner = after < self.end[speakers.place]
            self.add(f"t {{}}+{offset}={{}}", row[inner], held[inner], token[after[inner]])

    def _apposition(self, speakers: _Speakers) -> None:
        end = self.end[speakers.place]
        opens = np.array([name in _APPOSITION for name in self.token.every.names], bool)
        follows = opens[self.token.following(speakers.last, end).codes]
        last = speakers.last[follows]
        number, index = spread(last, np.minimum(end[follows], last + _REACH))
        row, held = speakers.row[follows][number], speakers.held[follows][number]
        for template, codes, kinds in (
            ("t {}app={}", self.hits.role[index], ROLE_KINDS),
            ("t {}appname={}", self.hits.name[index], NAME_KINDS),
        ):
            marked = codes > 0
            self.add(template, row[marked], held[marked], Values(codes[marked], kinds))

    def _neighbours(self) -> None:
        spoken, paragraph = self.peaks["2O"] // 2, self.batch.paragraph
        for offset in (-2, -1, 1, 2):
            other = self.every + offset
            inside = (other >= self.first) & (other < self.last)
            row, other = self.every[inside], other[inside]
            together = paragraph[other] == paragraph[row]
            place = f"n {offset} "
            self.add(place + "edge", self.every[~inside])
            self.add(place + "{} {}", row, spoken[other], together)
            if offset in (-1, 1):
                self.add(place + "{}", row, self.head[other])
                self.add(place + "q{} {}", row, self.quoted[other] // 2, together)

    def _head_name(self, mention: Mention) -> str:
        if mention.head in self.vocabulary.ids:
            return mention.head
        if mention.head_role:
            return f"<{ROLE_KINDS[mention.head_role]}:role>"
        return "<name>" if mention.is_person else "<other>"


def _evidence_names(evidence: Mapping[str, int]) -> list[str]:
    """Turn the counts of a source's profile into features: presence, majority, strength."""
    names = [f"ev {name}" for name in evidence]
    telling = {
        name: count
        for name, count in evidence.items()
        if name[:2] in _TELLING and not name.endswith("person")
    }
    if not telling:
        return names
    kinds: dict[str, int] = {}
    for name, count in telling.items():
        kinds[name[2:]] = kinds.get(name[2:], 0) + count
    kind = _most_frequent(kinds)
    share = min(4 * kinds[kind] // sum(kinds.values()), 3)
    return [*names, f"top {_most_frequent(telling)}", f"most {kind}", f"most {kind} {share}"]


def _most_frequent(counts: Mapping[str, int]) -> str:
    """Return the name that counts most; of equals the first in the alphabet."""
    return max(sorted(counts), key=counts.__getitem__)


def _longest_runs(batch: TokenBatch, inside: NDArray[np.bool_]) -> Ints:
    """Return (s,) int: the length of the longest quoted run of tokens in each sentence."""
    longest = np.zeros(batch.n_sentences, np.int64)
    quoted = np.flatnonzero(inside)
    if len(quoted):
        sentence = batch.sentence[quoted]
        breaks = (np.diff(quoted) > 1) | (np.diff(sentence) > 0)
        starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
        lengths = np.diff(np.append(starts, len(quoted)))
        np.maximum.at(longest, sentence[starts], lengths)
    return longest

"""Sentence features: named, sparse, delexicalised; the input of every sentence classifier.

Four groups, each with its own prefix, so that a classifier takes the ones that it needs and
`attribution explain` can name what weighed:

- ``w`` the words of the sentence, names replaced by their class;
- ``a`` how it attributes: the finder's spans and probabilities, cues, quotation state, place;
- ``t`` who the source is: its head, roles, bodies, what the article says about it;
- ``n`` the same in short for the sentences around it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from attribution.finder import SOURCE_TAGS, SPAN_TAGS, Findings
from attribution.lexicon import CUE_KINDS, NAME_KINDS, ROLE_KINDS, Hits
from attribution.mentions import Mention
from attribution.quotations import Quotations
from attribution.sources import SourceMap
from attribution.token_features import TokenColumns, Vocabulary, word_shape
from attribution.tokens import Ints, TokenBatch

GROUPS = "watn"
_SHAPES = ("lower", "title", "upper", "mixed", "number", "abbreviation", "hyphen", "other")
_BINS = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98])
_LENGTHS = (4, 8, 15, 25, 40)


class SentenceFeatures:
    """Builds the feature names of every sentence of a batch."""

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
        self.token_names = self._token_names(columns)
        self.peaks = {name: values.tolist() for name, values in self._peaks().items()}
        # Lists: one element of an array costs ten of a list, and everything below reads elements.
        self.ptr = batch.sentence_ptr.tolist()
        self.document_ptr = batch.document_ptr.tolist()
        self.document = batch.sentence_document.tolist()
        self.paragraph = batch.paragraph.tolist()
        self.cue, self.role = hits.cue.tolist(), hits.role.tolist()
        self.name, self.holder = hits.name.tolist(), sources.holder.tolist()
        self.inside = quotations.inside.tolist()
        self.found_cue, self.found_source = findings.cue.tolist(), findings.source.tolist()
        self.quoted = np.searchsorted(_BINS, sources.share).tolist()
        self.longest = _longest_runs(batch, quotations.inside).tolist()
        self.number = sources.number.tolist()

    def names(self, sentence: int) -> list[str]:
        """Return the features of one sentence."""
        own = [
            *self._words(sentence),
            *self._attribution(sentence),
            *self._type(sentence),
        ]
        return own + list(self._neighbours(sentence))

    def _token_names(self, columns: TokenColumns) -> list[str]:
        """Name every token: the class of a name, an ordinary word, or a shape."""
        words = self.vocabulary.words
        names: list[str] = []
        lowered = [word.lower() for word in self.batch.words]
        shapes = [_SHAPES[word_shape(word)] for word in self.batch.words]
        for token, (word, known, kind) in enumerate(
            zip(
                self.batch.word.tolist(),
                columns.word.tolist(),
                self.hits.name.tolist(),
                strict=True,
            )
        ):
            if kind:
                person = ":person" if self.hits.person[token] else ""
                names.append(f"<{NAME_KINDS[kind]}{person}>")
            elif known:
                names.append(words[known - 2])
            elif self.hits.role[token]:
                names.append(f"<{ROLE_KINDS[self.hits.role[token]]}:role>")
            elif not lowered[word][0].isalnum():
                names.append(lowered[word])
            else:
                names.append(f"<{shapes[word]}>")
        return names

    def _peaks(self) -> dict[str, Ints]:
        """Bin the highest and the mean tag probabilities of every sentence; 0 for an empty one."""
        lengths = np.diff(self.batch.sentence_ptr)
        filled = np.flatnonzero(lengths)
        starts = self.batch.sentence_ptr[:-1][filled]
        peaks: dict[str, Ints] = {}
        for level, tags, marginals in (
            ("1", SPAN_TAGS, self.findings.first),
            ("2", SOURCE_TAGS, self.findings.second),
        ):
            if marginals is None:
                continue
            for column, tag in enumerate(tags):
                if tag[0] not in "BOXA":
                    continue
                binned = np.zeros(len(lengths), np.int64)
                if len(filled) and tag[0] == "B":
                    value = np.maximum.reduceat(marginals[:, column], starts)
                    binned[filled] = np.searchsorted(_BINS, value)
                elif len(filled):
                    total = np.add.reduceat(marginals[:, column], starts)
                    binned[filled] = np.searchsorted(_BINS, total / lengths[filled])
                peaks[f"{level}{tag}"] = binned
        return peaks

    def _words(self, sentence: int) -> Iterator[str]:
        start, end = self.ptr[sentence], self.ptr[sentence + 1]
        previous = "^"
        for name in self.token_names[start:end]:
            yield f"w {name}"
            yield f"w {previous} {name}"
            previous = name

    def _attribution(self, sentence: int) -> Iterator[str]:
        start, end = self.ptr[sentence], self.ptr[sentence + 1]
        bins = {name: values[sentence] for name, values in self.peaks.items()}
        for name, value in bins.items():
            yield f"a {name}={value}"
        if "1BS" in bins:
            yield f"a 1={bins['1BS'] // 2}/{bins['1BC'] // 2}/{bins['1X'] // 2}"
        yield f"a 2={bins.get('2O', 0)}/{bins.get('2BS', 0) // 2}/{bins.get('2BC', 0) // 2}"
        for kind in sorted(set(self.cue[start:end])):
            if kind:
                yield f"a cue={CUE_KINDS[kind]}"
        yield from self._cue(sentence)
        yield from self._quotation(sentence, start, end)
        yield from self._place(sentence, start, end)

    def _cue(self, sentence: int) -> Iterator[str]:
        first, last = self.found_cue[sentence]
        source_first = self.found_source[sentence][0]
        if first < 0:
            yield "a nocue" if source_first < 0 else "a source-nocue"
            return
        words = self.token_names[first:last]
        yield f"a c={words[0]}"
        yield f"a c={words[-1]}"
        yield f"a ckind={CUE_KINDS[max(self.cue[first:last], default=0)]}"
        yield f"a clength={min(last - first, 4)}"
        yield f"a order={'none' if source_first < 0 else 'sc' if source_first < first else 'cs'}"
        following = self.token_names[last] if last < self.ptr[sentence + 1] else "$"
        yield f"a after={following}"
        if self.ptr[sentence] < first:
            yield f"a before={self.token_names[first - 1]}"

    def _quotation(self, sentence: int, start: int, end: int) -> Iterator[str]:
        yield f"a quoted={self.quoted[sentence]}"
        if end > start:
            yield f"a edges={int(self.inside[start])}{int(self.inside[end - 1])}"
        longest = self.longest[sentence]
        yield f"a longest={longest if longest < 8 else 8 + min(longest // 8, 3)}"
        own = self.sources.mentions[sentence] is not None
        yield f"a floor={'own' if own else 'held' if self.holder[sentence] >= 0 else 'no'}"

    def _place(self, sentence: int, start: int, end: int) -> Iterator[str]:
        document = self.document[sentence]
        first, last = self.document_ptr[document], self.document_ptr[document + 1]
        headline = self.batch.documents[document].title is not None and sentence == first
        yield f"a place={'headline' if headline else min(sentence - first, 3)}"
        alone = sentence == first or self.paragraph[sentence - 1] != self.paragraph[sentence]
        yield f"a paragraph={'first' if alone else 'later'}"
        if last - sentence <= 2:
            yield "a last"
        yield f"a length={bisect_left(_LENGTHS, end - start)}"
        names = self.token_names[start:end]
        if names:
            yield f"a first={names[0]}"
            yield f"a end={names[-1]}"
        if "<number>" in names:
            yield "a number"

    def _type(self, sentence: int) -> Iterator[str]:
        mention = self.sources.mentions[sentence]
        evidence = self.sources.evidence[self.document[sentence]].get(
            self.number[sentence], Counter()
        )
        yield from _evidence_names(evidence)
        if mention is not None:
            yield from self._mention(mention)
        elif self.holder[sentence] >= 0:
            spoken = self.sources.mentions[self.holder[sentence]]
            if spoken is not None:
                yield from (f"t held {name[2:]}" for name in self._mention(spoken))
        else:
            yield "t none"
        for relay in self.sources.via[sentence]:
            yield "t via"
            yield f"t via {NAME_KINDS[relay.entity_kind]}/{ROLE_KINDS[relay.head_role]}"

    def _mention(self, mention: Mention) -> Iterator[str]:
        names = self.token_names
        yield f"t head={self._head_name(mention)}"
        yield f"t headrole={ROLE_KINDS[mention.head_role]}/{int(mention.plural)}"
        yield f"t entity={NAME_KINDS[mention.entity_kind]}"
        yield f"t both={ROLE_KINDS[mention.head_role]}/{NAME_KINDS[mention.entity_kind]}"
        yield f"t pronoun={mention.pronoun}"
        yield f"t person={int(mention.is_person)}"
        yield f"t length={min(mention.last - mention.first, 5)}"
        previous = "^"
        for index in range(mention.first, mention.last):
            yield f"t s={names[index]}"
            yield f"t s={previous} {names[index]}"
            previous = names[index]
            if self.role[index]:
                yield f"t srole={ROLE_KINDS[self.role[index]]}"
        start, end = self.ptr[mention.sentence], self.ptr[mention.sentence + 1]
        for offset in (1, 2):
            if mention.first - offset >= start:
                yield f"t -{offset}={names[mention.first - offset]}"
            if mention.last + offset - 1 < end:
                yield f"t +{offset}={names[mention.last + offset - 1]}"
        if mention.last < end and names[mention.last] in (
            ",",
            "of",
            "at",
            "for",
            "from",
            "(",
            "with",
        ):
            for index in range(mention.last, min(end, mention.last + 8)):
                if self.role[index]:
                    yield f"t app={ROLE_KINDS[self.role[index]]}"
                if self.name[index]:
                    yield f"t appname={NAME_KINDS[self.name[index]]}"

    def _head_name(self, mention: Mention) -> str:
        if mention.head in self.vocabulary.ids:
            return mention.head
        if mention.head_role:
            return f"<{ROLE_KINDS[mention.head_role]}:role>"
        return "<name>" if mention.is_person else "<other>"

    def _neighbours(self, sentence: int) -> Iterator[str]:
        document = self.document[sentence]
        first, last = self.document_ptr[document], self.document_ptr[document + 1]
        spoken = self.peaks.get("2O")
        for offset in (-2, -1, 1, 2):
            other = sentence + offset
            if not first <= other < last:
                yield f"n {offset} edge"
                continue
            together = int(self.paragraph[other] == self.paragraph[sentence])
            if spoken is not None:
                yield f"n {offset} {spoken[other] // 2} {together}"
            if offset in (-1, 1):
                mention = self.sources.mentions[other]
                kind = "none" if mention is None else self._head_name(mention)
                yield f"n {offset} {kind}"
                yield f"n {offset} q{self.quoted[other] // 2} {together}"


def _evidence_names(evidence: Counter[str]) -> Iterator[str]:
    """Turn the counts of a source's profile into features: presence, majority, strength."""
    roles = {name: count for name, count in evidence.items() if name[:2] in ("r=", "n=", "h=")}
    for name in evidence:
        yield f"t ev {name}"
    telling = {name: n for name, n in roles.items() if not name.endswith("person")}
    if telling:
        best = max(sorted(telling), key=lambda name: telling[name])
        yield f"t top {best}"
        kinds: Counter[str] = Counter()
        for name, count in telling.items():
            kinds[name[2:]] += count
        kind = max(sorted(kinds), key=lambda name: kinds[name])
        yield f"t most {kind}"
        yield f"t most {kind} {min(4 * kinds[kind] // sum(kinds.values()), 3)}"


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

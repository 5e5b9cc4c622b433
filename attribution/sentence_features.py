"""Sentence features: named, sparse, delexicalised; the input of every sentence classifier.

Four groups, each with its own prefix, so that a classifier takes the ones that it needs and
`attribution explain` can name what weighed:

- ``w`` the words of the sentence, names replaced by their class;
- ``a`` how it attributes: the finder's spans and probabilities, cues, quotation state, place;
- ``t`` who the source is: its head, roles, bodies, what the article says about it;
- ``n`` the same in short for the sentences around it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

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
_LENGTHS = np.array([4, 8, 15, 25, 40])


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
        self.peaks = self._peaks()

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
        """Bin the highest and the mean tag probabilities of every sentence."""
        starts = self.batch.sentence_ptr[:-1]
        lengths = np.maximum(np.diff(self.batch.sentence_ptr), 1)
        peaks: dict[str, Ints] = {}
        if not self.batch.n_tokens:
            return peaks
        empty = np.diff(self.batch.sentence_ptr) == 0
        starts = np.minimum(starts, self.batch.n_tokens - 1)
        for level, tags, marginals in (
            ("1", SPAN_TAGS, self.findings.first),
            ("2", SOURCE_TAGS, self.findings.second),
        ):
            if marginals is None:
                continue
            for tag in tags:
                column = marginals[:, tags.index(tag)]
                if tag[0] == "B":
                    value = np.maximum.reduceat(column, starts)
                elif tag in ("O", "X", "A"):
                    value = np.add.reduceat(column, starts) / lengths
                else:
                    continue
                peaks[f"{level}{tag}"] = np.where(empty, 0, np.searchsorted(_BINS, value))
        return peaks

    def _words(self, sentence: int) -> Iterator[str]:
        start, end = self.batch.sentence_ptr[sentence : sentence + 2].tolist()
        previous = "^"
        for name in self.token_names[start:end]:
            yield f"w {name}"
            yield f"w {previous} {name}"
            previous = name

    def _attribution(self, sentence: int) -> Iterator[str]:
        batch, hits = self.batch, self.hits
        start, end = batch.sentence_ptr[sentence : sentence + 2].tolist()
        bins = {name: int(values[sentence]) for name, values in self.peaks.items()}
        for name, value in bins.items():
            yield f"a {name}={value}"
        if "1BS" in bins:
            yield f"a 1={bins['1BS'] // 2}/{bins['1BC'] // 2}/{bins['1X'] // 2}"
        yield f"a 2={bins.get('2O', 0)}/{bins.get('2BS', 0) // 2}/{bins.get('2BC', 0) // 2}"
        for kind in sorted({int(code) for code in hits.cue[start:end] if code}):
            yield f"a cue={CUE_KINDS[kind]}"
        yield from self._cue(sentence)
        yield from self._quotation(sentence, start, end)
        yield from self._place(sentence, start, end)

    def _cue(self, sentence: int) -> Iterator[str]:
        first, last = self.findings.cue[sentence].tolist()
        source_first = int(self.findings.source[sentence, 0])
        if first < 0:
            yield "a nocue" if source_first < 0 else "a source-nocue"
            return
        words = self.token_names[first:last]
        yield f"a c={words[0]}"
        yield f"a c={words[-1]}"
        yield f"a ckind={CUE_KINDS[int(self.hits.cue[first:last].max(initial=0))]}"
        yield f"a clength={min(last - first, 4)}"
        yield f"a order={'none' if source_first < 0 else 'sc' if source_first < first else 'cs'}"
        after = self.token_names[last : last + 2]
        yield f"a after={' '.join(after[:1])}"
        if int(self.batch.sentence_ptr[sentence]) < first:
            yield f"a before={self.token_names[first - 1]}"

    def _quotation(self, sentence: int, start: int, end: int) -> Iterator[str]:
        share = float(self.sources.share[sentence])
        inside = self.quotations.inside
        yield f"a quoted={np.searchsorted(_BINS, share)}"
        if end > start:
            yield f"a edges={int(inside[start])}{int(inside[end - 1])}"
        longest = _longest_run(inside[start:end])
        yield f"a longest={min(longest, 8) if longest < 8 else 8 + min(longest // 8, 3)}"
        holder = int(self.sources.holder[sentence])
        own = self.sources.mentions[sentence] is not None
        yield f"a floor={'own' if own else 'held' if holder >= 0 else 'no'}"

    def _place(self, sentence: int, start: int, end: int) -> Iterator[str]:
        batch = self.batch
        document = int(batch.sentence_document[sentence])
        first, last = batch.document_ptr[document : document + 2].tolist()
        title = batch.documents[document].title
        headline = title is not None and sentence == first
        yield f"a place={'headline' if headline else min(sentence - first, 3)}"
        alone = sentence == first or batch.paragraph[sentence - 1] != batch.paragraph[sentence]
        yield f"a paragraph={'first' if alone else 'later'}"
        if last - sentence <= 2:
            yield "a last"
        yield f"a length={np.searchsorted(_LENGTHS, end - start)}"
        if end > start:
            yield f"a first={self.token_names[start]}"
            yield f"a end={self.token_names[end - 1]}"
        if any(name == "<number>" for name in self.token_names[start:end]):
            yield "a number"

    def _type(self, sentence: int) -> Iterator[str]:
        mention = self.sources.mentions[sentence]
        number = int(self.sources.number[sentence])
        document = int(self.batch.sentence_document[sentence])
        evidence = self.sources.evidence[document].get(number, Counter())
        yield from _evidence_names(evidence)
        if mention is not None:
            yield from self._mention(mention)
        elif int(self.sources.holder[sentence]) >= 0:
            spoken = self.sources.mentions[int(self.sources.holder[sentence])]
            if spoken is not None:
                yield from (f"t held {name[2:]}" for name in self._mention(spoken))
        else:
            yield "t none"
        for relay in self.sources.via[sentence]:
            yield "t via"
            yield f"t via {NAME_KINDS[relay.entity_kind]}/{ROLE_KINDS[relay.head_role]}"

    def _mention(self, mention: Mention) -> Iterator[str]:
        hits, names = self.hits, self.token_names
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
            if hits.role[index]:
                yield f"t srole={ROLE_KINDS[hits.role[index]]}"
        start, end = self.batch.sentence_ptr[mention.sentence : mention.sentence + 2].tolist()
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
                if hits.role[index]:
                    yield f"t app={ROLE_KINDS[hits.role[index]]}"
                if hits.name[index]:
                    yield f"t appname={NAME_KINDS[hits.name[index]]}"

    def _head_name(self, mention: Mention) -> str:
        if mention.head in self.vocabulary.ids:
            return mention.head
        if mention.head_role:
            return f"<{ROLE_KINDS[mention.head_role]}:role>"
        return "<name>" if mention.is_person else "<other>"

    def _neighbours(self, sentence: int) -> Iterator[str]:
        document = int(self.batch.sentence_document[sentence])
        first, last = self.batch.document_ptr[document : document + 2].tolist()
        for offset in (-2, -1, 1, 2):
            other = sentence + offset
            if not first <= other < last:
                yield f"n {offset} edge"
                continue
            together = int(self.batch.paragraph[other] == self.batch.paragraph[sentence])
            spoken = self.peaks.get("2O")
            if spoken is not None:
                yield f"n {offset} {int(spoken[other]) // 2} {together}"
            if abs(offset) == 1:
                mention = self.sources.mentions[other]
                kind = "none" if mention is None else self._head_name(mention)
                yield f"n {offset} {kind}"
                share = int(np.searchsorted(_BINS, float(self.sources.share[other])))
                yield f"n {offset} q{share // 2} {together}"


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


def _longest_run(inside: np.ndarray) -> int:
    """Return the length of the longest run of True."""
    if not inside.any():
        return 0
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max())

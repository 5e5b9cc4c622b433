"""The hard things of attribution, found: what makes a corpus more than easy sentences.

Each is derived from the annotation, the text and the lexicon. Where no annotation marks it, the
words decide, and its name says so: these are counts for a datasheet, not labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.document import Document, Sentence, Span
from attribution.labels import UNIDENTIFIED
from attribution.lexicon import CUE_KINDS, NAME_KINDS, Entity, load_lexicon
from attribution.tokens import tokenize

SERVICE, OUTLET = "intelligence_agency", "media_outlet"
_PRONOUNS = frozenset("he she they it we i you who him her them this that these those".split())
_DEFINITE = re.compile(r"(?:the|this|that|these|those|its|his|her|their|both) [^A-Z]*")
_DECLINE = re.compile(
    r"\b(?:declin(?:es?|ed|ing)|refus(?:es?|ed|ing)) (?:to|comment)\b"
    r"|\bwould (?:not|neither) (?:say|comment|be drawn|confirm)|\bneither confirmed nor"
)
_DESIRE = re.compile(
    r"\b(?:wants?|wanted|plans?|planned|hopes?|hoped|intends?|intended|seeks?|sought|aims?|aimed)"
    r" to\b|\border(?:s|ed) (?:the|an?|its|his|her|their)\b"
)
# The lexicon's cue words are many, and most of them weak; these nearly always attribute.
_STRONG = re.compile(
    r"\b(?:said|says|told|tells|adds|added|wrote|denied|warned|insisted|argued|stated|declared"
    r"|announced|confirmed|reported|claimed|claims|quoted|citing|quoting|cited|according to)\b",
    re.I,
)
#: A quotation of more words is speech, not a quoted term.
TERM_WORDS = 4
_QUOTATION = re.compile(
    r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|‹([^›]+)›|``(.+?)\'\'|‘([^’]+)’'
    r"|(?<!\w)'(?=\w)([^'\n]+)'(?!\w)"
)
_OPENING = re.compile(r"[\"“„«‹‘]|``|(?<!\w)'(?=\w)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the gazetteers, where it stands in an article."""

    kind: str
    start: int
    end: int
    entity: Entity


@dataclass(frozen=True, slots=True)
class CueWords:
    """A run of words of the cue lexicon of one kind, where it stands in an article."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class SentenceView:
    """One sentence with everything that a phenomenon may ask about.

    Attributes
    ----------
    known : bool
        Whether words in an earlier sentence name its source.
    """

    article: AnnotatedArticle
    sentence: AnnotatedSentence
    known: bool
    cues: tuple[CueWords, ...]
    names: tuple[Name, ...]

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.article.text[self.sentence.start : self.sentence.end]

    def gives(self, span: Span) -> bool:
        """Return whether a span touches the words of the source or of a relay."""
        given = [self.sentence.source, *self.sentence.via]
        if any(taken and span[0] < taken[1] and taken[0] < span[1] for taken in given):
            return True
        # "the National Intelligence Service (NIS)": the abbreviation beside it is the source too.
        before = self.article.text[max(span[0] - 2, 0) : span[0]]
        return before == " (" and any(taken and taken[1] == span[0] - 2 for taken in given)

    def marked_kinds(self) -> set[str]:
        """Return the lexicon's kinds of the words annotated as cue."""
        marked = self.sentence.cue
        if marked is None:
            return set()
        return {cue.kind for cue in self.cues if cue.start < marked[1] and marked[0] < cue.end}

    def kinds(self) -> set[str]:
        """Return the lexicon's kinds of all cue words of the sentence."""
        return {cue.kind for cue in self.cues}


def view_sentences(articles: Sequence[AnnotatedArticle]) -> list[SentenceView]:
    """Return every sentence with its names and cue words, found in one pass over the corpus."""
    batch = tokenize([_to_document(article) for article in articles])
    lexicon = load_lexicon()
    hits = lexicon.match(batch)
    # A name's first token opens a new run, so that two names in a row stay two.
    name_runs = np.where(hits.name > 0, np.cumsum(hits.begins), 0)
    views: list[SentenceView] = []
    for article, base in zip(articles, batch.base.tolist(), strict=True):
        named: set[int] = set()
        for sentence in article.sentences:
            first, last = batch.sentence_ptr[len(views) : len(views) + 2].tolist()
            cues = tuple(
                CueWords(CUE_KINDS[hits.cue[i]], int(batch.start[i]) - base, end - base)
                for i, j in _runs(hits.cue, first, last)
                for end in [int(batch.end[j - 1])]
            )
            names = tuple(
                Name(NAME_KINDS[hits.name[i]], int(batch.start[i]) - base, end - base, entity)
                for i, j in _runs(name_runs, first, last)
                for end, entity in [(int(batch.end[j - 1]), lexicon.entities[hits.entity[i]])]
            )
            views.append(SentenceView(article, sentence, sentence.source_id in named, cues, names))
            if sentence.source and sentence.source_id is not None:
                named.add(sentence.source_id)
    return views


def _to_document(article: AnnotatedArticle) -> Document:
    sentences = (Sentence(item.start, item.end, item.paragraph) for item in article.sentences)
    return Document(article.text, tuple(sentences), id=article.id)


def _runs(codes: NDArray[np.integer], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the token ranges of equal codes other than 0 between two tokens."""
    start = first
    for at in range(first + 1, last + 1):
        if at == last or codes[at] != codes[start]:
            if codes[start]:
                yield start, at
            start = at


def quoted_lengths(text: str) -> list[int]:
    """Return the number of words in each quotation that a sentence opens and closes."""
    return [len(match[0].split()) for match in _QUOTATION.finditer(text)]


def _is_anaphoric(view: SentenceView) -> bool:
    """Whether a pronoun or a definite phrase without a name stands for a source named before."""
    words = view.article.words(view.sentence.source)
    return view.known and (
        words.casefold() in _PRONOUNS or bool(_DEFINITE.fullmatch(_lower_first(words)))
    )


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def _is_inverted(view: SentenceView) -> bool:
    """Whether the cue stands before its source: "said the minister", not "according to"."""
    cue, source = view.sentence.cue, view.sentence.source
    if cue is None or source is None or cue[0] > source[0]:
        return False
    return "preposition" not in view.marked_kinds() and not _has_noun_cue(view)


def _is_split(view: SentenceView) -> bool:
    """Whether the attribution stands between two quoted parts: “...,” he said, “...”."""
    sentence = view.sentence
    spans = [span for span in (sentence.source, sentence.cue) if span]
    if not spans:
        return False
    before = view.article.text[sentence.start : min(span[0] for span in spans)]
    after = view.article.text[max(span[1] for span in spans) : sentence.end]
    # The first part may have been opened in the sentence before.
    return bool(re.search(r"[\"”“»›’']\W*$", before) and _OPENING.search(after))


def _subjects(view: SentenceView, kind: str) -> bool:
    """Whether a name of a kind stands here, neither as source nor as relay."""
    return any(name.kind == kind and not view.gives((name.start, name.end)) for name in view.names)


def _is_running(view: SentenceView) -> bool:
    sentence = view.sentence
    return (
        sentence.attributed
        and not sentence.source
        and not sentence.cue
        and sentence.manner == "direct"
    )


def _is_agentless(view: SentenceView) -> bool:
    return view.sentence.label == UNIDENTIFIED and view.sentence.source is None


def _is_carried(view: SentenceView) -> bool:
    return any(span[1] <= view.sentence.start for span in view.sentence.via)


def _has_noun_cue(view: SentenceView) -> bool:
    """Whether a noun attributes: "an assessment by", "claims that", "reports from"."""
    kinds, cue, source = view.marked_kinds(), view.sentence.cue, view.sentence.source
    if cue is None or kinds & {"speech", "report", "denial", "demand"}:
        return False
    if "noun" in kinds:
        return True
    # "claims" and "reports" are nouns where no source stands before them.
    return "verb_or_noun" in kinds and (source is None or cue[0] < source[0])


def _marks_kind(*kinds: str) -> Callable[[SentenceView], bool]:
    return lambda view: bool(view.marked_kinds().intersection(kinds))


def _is_publisher(view: SentenceView) -> bool:
    """Whether the publishing outlet is its own source: "told this newspaper", its own name."""
    outlet = view.article.meta.get("outlet", "").casefold().removeprefix("the ")
    words = view.article.words(view.sentence.source).casefold().removeprefix("the ")
    own = ("this newspaper", "this website", "this paper", "this publication", "this magazine")
    return bool(words) and (words == outlet or words in own)


def _has_several_cues(view: SentenceView) -> bool:
    return view.sentence.attributed and len(_STRONG.findall(view.text)) > 1


#: What is counted, with the test of a sentence; names without brackets rest on the annotation.
PHENOMENA: dict[str, Callable[[SentenceView], bool]] = {
    "running quotation, no source or cue of its own": _is_running,
    "anaphoric source (pronoun or definite phrase)": _is_anaphoric,
    "anaphoric source: pronoun": lambda view: (
        view.known and view.article.words(view.sentence.source).casefold() in _PRONOUNS
    ),
    "relay, one deep": lambda view: len(view.sentence.via) == 1,
    "relay, two or more deep": lambda view: len(view.sentence.via) > 1,
    "relay carried from an earlier sentence": _is_carried,
    "in an article with a frame": lambda view: bool(view.article.frame),
    "inverted: cue before source": _is_inverted,
    "split: between two quoted parts": _is_split,
    "preposition cue (according to)": _marks_kind("preposition"),
    "noun cue (an assessment by)": _has_noun_cue,
    "agentless: unidentified without source words": _is_agentless,
    "hedged": lambda view: view.sentence.hedged,
    "denial cue": _marks_kind("denial"),
    "declined comment, attributed [by words]": lambda view: (
        view.sentence.attributed and bool(_DECLINE.search(view.text))
    ),
    "demand, promise, threat, accusation cue": _marks_kind("demand"),
    "process note, unsourced [lexicon]": lambda view: (
        not view.sentence.attributed and "process" in view.kinds()
    ),
    "scare quotes: unsourced with a short quotation": lambda view: (
        not view.sentence.attributed
        and any(size <= TERM_WORDS for size in quoted_lengths(view.text))
    ),
    "desire or plan, unsourced [by words]": lambda view: (
        not view.sentence.attributed and bool(_DESIRE.search(view.text))
    ),
    "headline with a cue": lambda view: view.sentence.headline and bool(view.sentence.cue),
    "headline without a cue": lambda view: view.sentence.headline and not view.sentence.cue,
    "several cues in a sentence [by words]": _has_several_cues,
    "cue-like word in an unsourced sentence [by words]": lambda view: (
        not view.sentence.attributed and bool(_STRONG.search(view.text))
    ),
    "false friend of a cue [lexicon]": lambda view: "false_friend" in view.kinds(),
    "service as mere subject [gazetteer]": lambda view: _subjects(view, SERVICE),
    "outlet as mere subject [gazetteer]": lambda view: _subjects(view, OUTLET),
    "publisher as its own source": _is_publisher,
    "unidentified source with words (sources said)": lambda view: (
        view.sentence.label == UNIDENTIFIED and view.sentence.source is not None
    ),
    "described source": lambda view: view.sentence.identified == "described",
    "anonymous source": lambda view: view.sentence.identified == "anonymous",
    "mixed manner": lambda view: view.sentence.manner == "mixed",
}

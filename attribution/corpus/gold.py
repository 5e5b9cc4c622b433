"""Gold annotations as analyses, so that the score can be computed on what people annotated."""

from __future__ import annotations

from collections import Counter

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.document import Document, Sentence, Span
from attribution.labels import IDENTIFIED, LABELS

_PRONOUNS = frozenset("he she they it who i we".split())


def to_analysis(article: AnnotatedArticle) -> Analysis:
    """Return the analysis that a perfect reader would give: every probability 0 or 1."""
    identities = _Identities(article)
    sentences = tuple(
        _sentence(index, sentence, identities) for index, sentence in enumerate(article.sentences)
    )
    frame = tuple(Reference(*span, identities.relay(0, span)) for span in article.frame)
    headline = next((s for s in article.sentences if s.headline), None)
    document = Document(
        text=article.text,
        sentences=tuple(Sentence(s.start, s.end, s.paragraph) for s in article.sentences),
        id=article.id,
        outlet=article.meta.get("outlet"),
        title=(headline.start, headline.end) if headline else None,
    )
    return Analysis(document, sentences, identities.sources(sentences), frame)


class _Identities:
    """Source ids of an annotation, from 0; a relay is the source of the same name, if any."""

    def __init__(self, article: AnnotatedArticle) -> None:
        self.article = article
        self.numbers: dict[int | str | None, int] = {}
        self.mentions: dict[int, list[tuple[int, int, int]]] = {}
        for index, sentence in enumerate(article.sentences):
            if sentence.attributed:
                number = self.number(sentence.source_id)
                if sentence.source:
                    self.mentions.setdefault(number, []).append((index, *sentence.source))

    def number(self, key: int | str | None) -> int:
        return self.numbers.setdefault(key, len(self.numbers))

    def relay(self, index: int, span: Span) -> int:
        words = self._key(span)
        for number, mentions in self.mentions.items():
            if any(self._key((start, end)) == words for _, start, end in mentions):
                return number
        number = self.number(words)
        self.mentions[number] = [(index, *span)]
        return number

    def _key(self, span: Span) -> str:
        return self.article.words(span).casefold().removeprefix("the ")

    def sources(self, sentences: tuple[SentenceAnalysis, ...]) -> tuple[Source, ...]:
        return tuple(self._source(number, sentences) for number in range(len(self.numbers)))

    def _source(self, number: int, sentences: tuple[SentenceAnalysis, ...]) -> Source:
        own = [s for s in sentences if s.source_number == number]
        mentions = self.mentions.get(number, [])
        names = [self.article.text[start:end] for _, start, end in mentions]
        labels = Counter(s.label for s in own)
        identified = Counter(s.identification for s in own if s.identification)
        return Source(
            number=number,
            name=max(names, key=_fullness, default="unnamed source"),
            label=labels.most_common(1)[0][0] if labels else "media_outlet",
            identified=identified.most_common(1)[0][0] if identified else "named",
            mentions=tuple(mentions),
            sentences=tuple(s.index for s in own),
            via=tuple(dict.fromkeys(r.source for s in own for r in s.via)),
        )


def _fullness(words: str) -> tuple[bool, int]:
    return words.casefold() not in _PRONOUNS, min(len(words.split()), 6)


def _sentence(index: int, sentence: AnnotatedSentence, identities: _Identities) -> SentenceAnalysis:
    number = identities.number(sentence.source_id) if sentence.attributed else None
    source = None
    if sentence.source and number is not None:
        source = Reference(*sentence.source, number)
    return SentenceAnalysis(
        index=index,
        start=sentence.start,
        end=sentence.end,
        paragraph=sentence.paragraph,
        label=sentence.label,
        probabilities={label: float(label == sentence.label) for label in LABELS},
        needs_source=float(sentence.needs_source),
        identified={name: float(name == sentence.identified) for name in IDENTIFIED},
        hedged=float(sentence.hedged),
        manner=sentence.manner,
        source=source,
        source_number=number,
        cue=sentence.cue,
        via=tuple(Reference(*span, identities.relay(index, span)) for span in sentence.via),
    )

"""Gold annotations as analyses, so that the score can be computed on what people annotated."""

from __future__ import annotations

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence, Span
from attribution.document import Document, Sentence
from attribution.labels import IDENTIFIED, LABELS


def to_analysis(article: AnnotatedArticle) -> Analysis:
    """Return the analysis that a perfect reader would give: every probability 0 or 1."""
    numbering = _Numbering(article)
    sentences = tuple(
        _sentence(article, index, sentence, numbering)
        for index, sentence in enumerate(article.sentences)
    )
    document = Document(
        text=article.text,
        sentences=tuple(Sentence(s.start, s.end, s.paragraph) for s in article.sentences),
        id=article.id,
        outlet=article.meta.get("outlet"),
    )
    frame = tuple(Reference(a, b, numbering.relay((a, b))) for a, b in article.frame)
    return Analysis(document, sentences, numbering.sources(sentences), frame)


class _Numbering:
    """Source ids of an annotation, from 0; relays by their words."""

    def __init__(self, article: AnnotatedArticle) -> None:
        self.article = article
        self.numbers: dict[object, int] = {}
        self.names: dict[int, str] = {}

    def source(self, sentence: AnnotatedSentence) -> int:
        number = self.numbers.setdefault(sentence.source_id, len(self.numbers))
        name = self.article.words(sentence.source)
        if len(name) > len(self.names.get(number, "")):
            self.names[number] = name
        return number

    def relay(self, span: Span) -> int:
        words = self.article.words(span)
        for number, name in self.names.items():
            if name.casefold() == words.casefold():
                return number
        number = self.numbers.setdefault(words.casefold(), len(self.numbers))
        self.names.setdefault(number, words)
        return number

    def sources(self, sentences: tuple[SentenceAnalysis, ...]) -> tuple[Source, ...]:
        found = []
        for number in range(len(self.numbers)):
            own = [s for s in sentences if s.source_number == number]
            found.append(
                Source(
                    number=number,
                    name=self.names.get(number, ""),
                    label=own[0].label if own else "media_outlet",
                    identified=(own[0].identification or "named") if own else "named",
                    sentences=tuple(s.index for s in own),
                )
            )
        return tuple(found)


def _sentence(
    article: AnnotatedArticle, index: int, sentence: AnnotatedSentence, numbering: _Numbering
) -> SentenceAnalysis:
    number = numbering.source(sentence) if sentence.attributed else None
    source = None
    if sentence.source and number is not None:
        source = Reference(*sentence.source, number)
    identified = {name: float(sentence.identified == name) for name in IDENTIFIED}
    return SentenceAnalysis(
        index=index,
        start=sentence.start,
        end=sentence.end,
        paragraph=sentence.paragraph,
        label=sentence.label,
        probabilities={label: float(label == sentence.label) for label in LABELS},
        needs_source=float(sentence.needs_source),
        identified=identified,
        hedged=float(sentence.hedged),
        manner=sentence.manner,
        source=source,
        source_number=number,
        cue=sentence.cue,
        via=tuple(Reference(*span, numbering.relay(span)) for span in sentence.via),
    )

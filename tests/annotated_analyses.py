"""Small annotated articles as analyses: what the models would say if they were never in doubt."""

from __future__ import annotations

from collections import Counter

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.corpus.plain import parse_plain
from attribution.document import Document, Sentence, Span
from attribution.labels import IDENTIFIED, LABELS, UNSOURCED


def read_lines(*lines: str, status: str | None = None, **meta: str) -> Analysis:
    """Return the analysis of an article in the plain-text format, a sentence a line."""
    header = [f"{key}: {value}" for key, value in {"id": "test", **meta}.items()]
    return analyse(parse_plain("\n".join([*header, "", *lines])), status)


def analyse(article: AnnotatedArticle, status: str | None = None) -> Analysis:
    """Return a gold annotation as an analysis."""
    return _Builder(article).build(status)


class _Builder:
    def __init__(self, article: AnnotatedArticle) -> None:
        self.article = article
        self.numbers: dict[int | str, int] = {}
        self.mentions: dict[int, list[tuple[int, int, int]]] = {}

    def build(self, status: str | None) -> Analysis:
        article = self.article
        for index, sentence in enumerate(article.sentences):
            if sentence.attributed:
                number = self.number(sentence.source_id or 0)
                if sentence.source:
                    self.mention(number, index, sentence.source)
        sentences = tuple(self.sentence(i, s) for i, s in enumerate(article.sentences))
        frame = tuple(Reference(*span, self.relay(0, span)) for span in article.frame)
        headline = next((s for s in article.sentences if s.headline), None)
        document = Document(
            article.text,
            tuple(Sentence(s.start, s.end, s.paragraph) for s in article.sentences),
            id=article.id,
            outlet=article.meta.get("outlet"),
            title=(headline.start, headline.end) if headline else None,
        )
        sources = tuple(self.source(number, sentences) for number in range(len(self.numbers)))
        return Analysis(document, sentences, sources, frame, status)

    def number(self, key: int | str) -> int:
        return self.numbers.setdefault(key, len(self.numbers))

    def mention(self, number: int, index: int, span: Span) -> None:
        self.mentions.setdefault(number, []).append((index, *span))

    def relay(self, index: int, span: Span) -> int:
        words = self.article.words(span).casefold().removeprefix("the ")
        for number, mentions in self.mentions.items():
            for _, *place in mentions:
                if self.article.text[slice(*place)].casefold().removeprefix("the ") == words:
                    return number
        number = self.number(words)
        self.mention(number, index, span)
        return number

    def sentence(self, index: int, sentence: AnnotatedSentence) -> SentenceAnalysis:
        attributed = sentence.attributed
        number = self.number(sentence.source_id or 0) if attributed else None
        certain = sentence.identified or "named"
        return SentenceAnalysis(
            index=index,
            start=sentence.start,
            end=sentence.end,
            paragraph=sentence.paragraph,
            label=sentence.label,
            probabilities={label: float(label == sentence.label) for label in LABELS},
            needs_source=float(sentence.needs_source),
            identified={name: float(name == certain) for name in IDENTIFIED},
            hedged=float(sentence.hedged),
            manner=sentence.manner,
            source=Reference(*sentence.source, number or 0) if sentence.source else None,
            source_number=number,
            cue=sentence.cue,
            via=tuple(Reference(*span, self.relay(index, span)) for span in sentence.via),
        )

    def source(self, number: int, sentences: tuple[SentenceAnalysis, ...]) -> Source:
        used = [s for s in sentences if s.source_number == number]
        mentions = self.mentions.get(number, [])
        spans = [self.article.text[start:end] for _, start, end in mentions]
        name = max(spans, key=_fullness, default="unnamed source")
        labels = Counter(s.label for s in used if s.label != UNSOURCED)
        identified = Counter(s.identification for s in used if s.identification)
        return Source(
            number=number,
            name=name,
            label=labels.most_common(1)[0][0] if labels else "media_outlet",
            identified=identified.most_common(1)[0][0] if identified else "named",
            mentions=tuple(mentions),
            sentences=tuple(s.index for s in used),
            via=tuple(dict.fromkeys(r.source for s in used for r in s.via)),
        )


def _fullness(words: str) -> tuple[bool, int]:
    pronoun = words.casefold() in {"he", "she", "they", "it", "who", "i", "we"}
    return not pronoun, min(len(words.split()), 6)

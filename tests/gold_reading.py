"""Annotated lines read as the finder would read them if it were never wrong: no model needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.plain import parse_plain
from attribution.document import Document, Sentence, Span
from attribution.finder import SOURCE_TAGS, Findings
from attribution.lexicon import Hits, load_lexicon
from attribution.model import load_model
from attribution.quotations import Quotations, find_quotations
from attribution.sources import SourceMap, read_mentions, resolve_sources
from attribution.tokens import TokenBatch, tokenize

TokenRange = tuple[int, int]
#: What a model's vocabulary holds of the words here that may begin a sentence.
ORDINARY = frozenset(
    "a agencies an another he it its officials police residents she some sources the then they this"
    " two".split(" ")
)


@dataclass(frozen=True)
class GoldReading:
    """An annotated article, its tokens and hits, and its gold spans as findings."""

    article: AnnotatedArticle
    batch: TokenBatch
    hits: Hits
    quotations: Quotations
    findings: Findings

    def sources(self) -> SourceMap:
        """Resolve the gold spans to sources."""
        ordinary = np.array([word.lower() in ORDINARY for word in self.batch.words], bool)
        known = ordinary[self.batch.word] if self.batch.n_tokens else np.zeros(0, bool)
        mentions = read_mentions(self.batch, self.hits, self.quotations, self.findings, known)
        return resolve_sources(mentions, lambda _: load_model("default").antecedents.choose)


def read_gold(*lines: str) -> GoldReading:
    """Read sentence lines of the plain-text format; "" between two begins a paragraph."""
    article = parse_plain("\n".join(["id: test", "", *lines]))
    sentences = [Sentence(s.start, s.end, s.paragraph) for s in article.sentences]
    batch = tokenize([Document(article.text, tuple(sentences), id="test")])
    none = (-1, -1)
    source = [find_tokens(batch, s.source) if s.source else none for s in article.sentences]
    cue = [find_tokens(batch, s.cue) if s.cue else none for s in article.sentences]
    via = tuple(tuple(find_tokens(batch, span) for span in s.via) for s in article.sentences)
    findings = Findings(
        source=np.array(source, np.int64).reshape(-1, 2),
        cue=np.array(cue, np.int64).reshape(-1, 2),
        via=via,
        first=None,
        second=np.zeros((batch.n_tokens, len(SOURCE_TAGS))),
    )
    return GoldReading(
        article, batch, load_lexicon().match(batch), find_quotations(batch), findings
    )


def find_tokens(batch: TokenBatch, span: Span) -> TokenRange:
    """Return the tokens of a span of a batch of one document; it must end at token boundaries."""
    first, last, exact = batch.tokens_within(np.array([span[0]]), np.array([span[1]]))
    assert exact[0], batch.text[slice(*span)]
    return int(first[0]), int(last[0])

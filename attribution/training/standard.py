"""Training on the standard labels: taggers, antecedents, classifiers, all cross-fitted.

Every number that one model hands to the next comes, in training and in evaluation, from a model
that did not see the article (Wolpert 1992, stacking). The final taggers are the means of those of
the folds; the final antecedents and classifiers are fitted on all articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from joblib import Memory, Parallel, delayed
from numpy.typing import NDArray

from attribution.analysis import Analysis
from attribution.antecedents import Antecedents
from attribution.assembly import Assembler, Reading, Verdicts
from attribution.classifier import Head
from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.loading import to_document
from attribution.document import Document
from attribution.finder import (
    N_FIRST,
    SOURCE_TAGS,
    SPAN_TAGS,
    Finder,
    Findings,
    find_sources,
    first_column,
    tag_spans,
)
from attribution.labels import IDENTIFIED, LABELS
from attribution.lexicon import Hits, Lexicon, load_lexicon
from attribution.pipeline import choose_labels, combine, pool_over_sources
from attribution.quotations import Quotations, find_quotations
from attribution.sentence_features import SentenceFeatures
from attribution.sources import read_mentions, resolve_sources
from attribution.tagger import Floats, Tagger
from attribution.token_features import TokenColumns, TokenTemplates, Vocabulary, build_columns
from attribution.tokens import Ints, TokenBatch, tokenize
from attribution.training.antecedents import collect_choices, fit_antecedents
from attribution.training.corpora import TrainingData, to_span_documents
from attribution.training.folds import assign_folds, join_same_texts, near_duplicate_groups
from attribution.training.heads import FeatureTable, FittedHead, fit_head, fit_temperature
from attribution.training.recipe import Recipe
from attribution.training.taggers import fit_tagger, mix_taggers, source_tags, span_tags
from attribution.training.vocabulary import FoldVocabularies

Progress = Callable[[str], None]
Texts = NDArray[np.str_]
T = TypeVar("T", bound=np.generic)
#: Classifiers that learn, and speak, only of attributed sentences.
GIVEN_ATTRIBUTED = frozenset(("type", "identified", "hedged"))


@dataclass(frozen=True)
class Trained:
    """What training gives: the final models, and the cross-fitted analyses to judge them by.

    Attributes
    ----------
    predicted : tuple of Analysis
        One per training article, from models that did not see it.
    """

    finder: Finder
    antecedents: Antecedents
    heads: dict[str, Head]
    articles: tuple[AnnotatedArticle, ...]
    real: tuple[bool, ...]
    predicted: tuple[Analysis, ...]
    folds: Ints


@dataclass(frozen=True)
class CrossReading:
    """The training articles as taggers read them that did not see them, and the final taggers.

    Attributes
    ----------
    fold : (d,) int
        The fold of each article.
    """

    reading: Reading
    fold: Ints
    finder: Finder
    antecedents: Antecedents

    @property
    def sentence_fold(self) -> Ints:
        return self.fold[self.reading.batch.sentence_document]


@dataclass(frozen=True)
class _Prepared:
    """A batch with what no model computed."""

    batch: TokenBatch
    hits: Hits
    quotations: Quotations
    fold: Ints  # per document

    @property
    def sentence_fold(self) -> Ints:
        return self.fold[self.batch.sentence_document]

    @property
    def token_fold(self) -> Ints:
        return self.sentence_fold[self.batch.sentence]


def train_standard(
    data: TrainingData, recipe: Recipe, jobs: int, memory: Memory, progress: Progress
) -> Trained:
    """Train the models of a recipe."""
    crossed = read_crosswise(data, recipe, jobs, memory, progress)
    progress("sentence classifiers")
    heads, tables = fit_heads(crossed, data, recipe, jobs)
    predicted = assemble(crossed, heads, tables)
    return Trained(
        crossed.finder,
        crossed.antecedents,
        heads,
        data.articles,
        data.real,
        predicted,
        crossed.fold,
    )


def read_crosswise(
    data: TrainingData, recipe: Recipe, jobs: int, memory: Memory, progress: Progress
) -> CrossReading:
    """Fit the taggers, and read every training article with those that did not see it."""
    lexicon = load_lexicon()
    documents = [to_document(article) for article in data.articles]
    span_documents = to_span_documents(data.spans)
    texts = [document.text for document in [*documents, *span_documents]]
    groups = join_same_texts(near_duplicate_groups(texts, recipe.seed), texts)
    sizes = [len(document.sentences) for document in [*documents, *span_documents]]
    fold = assign_folds(groups, sizes, recipe.folds, recipe.seed)
    prepared = _prepare(documents, fold[: len(documents)], lexicon)
    spans = _prepare(span_documents, fold[len(documents) :], lexicon) if span_documents else None
    known_from = spans or prepared
    vocabularies = FoldVocabularies.build(
        known_from.batch, known_from.fold, recipe.folds, recipe.min_articles
    )
    vocabulary = vocabularies.full
    columns = build_columns(prepared.batch, prepared.hits, prepared.quotations, vocabulary)
    restricted = [vocabularies.restrict(columns, k) for k in range(recipe.folds)]

    first, final_spans = None, None
    if spans is not None:
        progress("first tagger: source, cue and content at large")
        taggers = _fit_span_taggers(spans, data, vocabularies, recipe, jobs, memory)
        final_spans = mix_taggers(taggers)
        first = _cross(
            [
                tag_spans(tagger, vocabulary, prepared.batch, part)
                for tagger, part in zip(taggers, restricted, strict=True)
            ],
            prepared.token_fold,
        )
    progress("second tagger: source, cue and relays by the guidelines")
    taggers = _fit_source_taggers(
        prepared, restricted, first, data, vocabulary, recipe, jobs, memory
    )
    findings = _cross_findings(taggers, vocabulary, prepared, restricted, first)
    columns = vocabularies.restrict(columns, prepared.token_fold)
    progress("antecedents")
    reading, antecedents = _read(prepared, columns, vocabularies, findings, data, recipe)
    finder = Finder(vocabulary, final_spans, mix_taggers(taggers))
    return CrossReading(reading, prepared.fold, finder, antecedents)


def assemble(
    crossed: CrossReading, heads: Mapping[str, Head], tables: Mapping[str, Floats]
) -> tuple[Analysis, ...]:
    """Make the analyses of all articles from the cross-fitted probabilities."""
    reading = crossed.reading
    kinds = pool_over_sources(tables["type"], tables["attributed"], reading)
    table = combine(tables["attributed"], kinds, heads["type"].classes)
    verdicts = Verdicts(LABELS, choose_labels(LABELS, table), {**tables, "label": table})
    assembler = Assembler(reading, verdicts, load_lexicon())
    return tuple(assembler.analysis(number) for number in range(len(crossed.fold)))


def _prepare(documents: Sequence[Document], fold: Ints, lexicon: Lexicon) -> _Prepared:
    batch = tokenize(documents)
    return _Prepared(batch, lexicon.match(batch), find_quotations(batch), fold)


def _sentences_without(prepared: _Prepared, fold: int) -> Ints:
    """Return the sentences outside a fold."""
    return np.flatnonzero(prepared.sentence_fold != fold)


def _fit_span_taggers(
    spans: _Prepared,
    data: TrainingData,
    vocabularies: FoldVocabularies,
    recipe: Recipe,
    jobs: int,
    memory: Memory,
) -> list[Tagger]:
    """Fit the first tagger without each fold."""
    columns = build_columns(spans.batch, spans.hits, spans.quotations, vocabularies.full)
    templates = TokenTemplates(vocabularies.full)
    gold = span_tags(spans.batch, data.spans)
    assert recipe.spans is not None
    fit = memory.cache(fit_tagger)
    taggers: list[Tagger] = Parallel(n_jobs=jobs)(
        delayed(fit)(
            spans.batch,
            _sentences_without(spans, k),
            templates.values(spans.batch, vocabularies.restrict(columns, k)),
            templates.sizes(),
            gold,
            SPAN_TAGS,
            recipe.spans,
        )
        for k in range(recipe.folds)
    )
    return taggers


def _fit_source_taggers(
    prepared: _Prepared,
    columns: Sequence[TokenColumns],
    first: Floats | None,
    data: TrainingData,
    vocabulary: Vocabulary,
    recipe: Recipe,
    jobs: int,
    memory: Memory,
) -> list[Tagger]:
    """Fit the second tagger without each fold; `columns` in that order."""
    templates = TokenTemplates(vocabulary, 0 if first is None else N_FIRST)
    column = None if first is None else first_column(first)
    gold = source_tags(prepared.batch, data.articles)
    written = ~np.array(data.real, bool)[prepared.batch.sentence_document]
    copies = np.where(written, recipe.sources.written_copies, 1)
    fit = memory.cache(fit_tagger)
    taggers: list[Tagger] = Parallel(n_jobs=jobs)(
        delayed(fit)(
            prepared.batch,
            np.repeat(kept, copies[kept]),
            templates.values(prepared.batch, columns[k], column),
            templates.sizes(),
            gold,
            SOURCE_TAGS,
            recipe.sources,
        )
        for k in range(recipe.folds)
        for kept in [_sentences_without(prepared, k)]
    )
    return taggers


def _cross(parts: Sequence[NDArray[T]], fold: Ints) -> NDArray[T]:
    """Take each row from the part whose model did not see it."""
    result = np.empty_like(parts[0])
    for k, part in enumerate(parts):
        result[fold == k] = part[fold == k]
    return result


def _cross_findings(
    taggers: Sequence[Tagger],
    vocabulary: Vocabulary,
    prepared: _Prepared,
    columns: Sequence[TokenColumns],
    first: Floats | None,
) -> Findings:
    parts = [
        find_sources(tagger, vocabulary, prepared.batch, prepared.hits, part, first)
        for tagger, part in zip(taggers, columns, strict=True)
    ]
    fold = prepared.sentence_fold
    return Findings(
        source=_cross([part.source for part in parts], fold),
        cue=_cross([part.cue for part in parts], fold),
        via=tuple(parts[k].via[s] for s, k in enumerate(fold.tolist())),
        first=first,
        second=_cross([part.second for part in parts], prepared.token_fold),
    )


def _read(
    prepared: _Prepared,
    columns: TokenColumns,
    vocabularies: FoldVocabularies,
    findings: Findings,
    data: TrainingData,
    recipe: Recipe,
) -> tuple[Reading, Antecedents]:
    """Link and describe the articles by antecedents learned without them; also fit the final."""
    batch, hits, quotations = prepared.batch, prepared.hits, prepared.quotations
    mentions = read_mentions(batch, hits, quotations, findings, columns.word > 0)
    choices = collect_choices(mentions, data.articles)
    crossed = [
        fit_antecedents(
            [made for made, own in zip(choices, prepared.fold, strict=True) if own != k],
            recipe.antecedents_l2,
            recipe.min_articles,
            vocabularies.words(k),
        )
        for k in [*range(recipe.folds), -1]
    ]
    sources = resolve_sources(mentions, lambda document: crossed[prepared.fold[document]].choose)
    builder = SentenceFeatures(
        batch, hits, quotations, columns, vocabularies.full, findings, sources
    )
    reading = Reading(batch, hits, quotations, findings, sources, builder.build())
    return reading, crossed[-1]


def fit_heads(
    crossed: CrossReading, data: TrainingData, recipe: Recipe, jobs: int
) -> tuple[dict[str, Head], dict[str, Floats]]:
    """Fit every classifier with its cross-fitted probabilities; temperatures come from those."""
    gold = gold_labels(data.articles)
    attributed = gold["attributed"] == "yes"
    table = FeatureTable.build(crossed.reading.features)
    fold, document = crossed.sentence_fold, crossed.reading.batch.sentence_document
    weights = np.where(data.real, 1.0, recipe.written_weight)[document]
    heads: dict[str, Head] = {}
    tables: dict[str, Floats] = {}
    for name, head_recipe in recipe.heads.items():
        member = attributed if name in GIVEN_ATTRIBUTED else np.ones(len(fold), bool)
        fitted = Parallel(n_jobs=jobs)(
            delayed(fit_head)(
                table,
                np.flatnonzero(member & (fold != k)),
                document,
                gold[name],
                head_recipe,
                recipe.min_articles,
                recipe.seed,
                weights,
            )
            for k in [*range(recipe.folds), -1]
        )
        head = fitted[-1].head
        scores = _cross([_align(f, table, head.classes) for f in fitted[:-1]], fold)
        codes = np.searchsorted(head.classes, gold[name])
        # A temperature is learned too: that of a fold comes from the scores of the others.
        tables[name] = _cross(
            [
                _probabilities(_calibrate(head, scores, codes, member & (fold != k)), scores)
                for k in range(recipe.folds)
            ],
            fold,
        )
        heads[name] = _calibrate(head, scores, codes, member)
    if "identified" in heads:
        order = [heads["identified"].classes.index(name) for name in IDENTIFIED]
        tables["identified"] = tables["identified"][:, order]
    return heads, tables


def _align(fitted: FittedHead, table: FeatureTable, classes: Sequence[str]) -> Floats:
    """Return scores with the columns of `classes`, very low where a fold lacked a class."""
    scores = fitted.scores(table)
    if scores.shape[1] == 1:
        return scores
    result = np.full((len(scores), len(classes)), -20.0)
    for column, name in enumerate(fitted.head.classes):
        result[:, list(classes).index(name)] = scores[:, column]
    return result


def _calibrate(head: Head, scores: Floats, codes: Ints, rows: NDArray[np.bool_]) -> Head:
    """Give a head the temperature that fits some rows best; an SVM is calibrated already."""
    if head.kind == "svm":
        return head
    return replace(head, temperature=fit_temperature(scores[rows], codes[rows]))


def _probabilities(head: Head, scores: Floats) -> Floats:
    scores = scores / head.temperature
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def gold_labels(articles: Sequence[AnnotatedArticle]) -> dict[str, Texts]:
    """Return the gold classes of every sentence for each classifier."""
    sentences = [sentence for article in articles for sentence in article.sentences]
    return {
        "attributed": np.array(["yes" if s.attributed else "no" for s in sentences]),
        "type": np.array([s.label for s in sentences]),
        "needs_source": np.array(["yes" if s.needs_source else "no" for s in sentences]),
        "identified": np.array([s.identified or "" for s in sentences]),
        "hedged": np.array(["yes" if s.hedged else "no" for s in sentences]),
    }

"""The public face: load once, then score articles or label sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from attribution.analysis import Analysis
from attribution.document import Document
from attribution.errors import InputError
from attribution.pipeline import BATCH_DOCUMENTS, Analyser
from attribution.profile import Profile, load_profile
from attribution.reading import parse_article
from attribution.reliability import Ratings, judge_reliability, load_ratings
from attribution.result import ModelInfo, Result
from attribution.scoring import score_analysis
from attribution.sentences import join_sentences


@dataclass(frozen=True)
class Scorer:
    """A model, a scoring profile and, optionally, ratings of sources.

    Examples
    --------
    >>> scorer = Scorer.load("default")
    >>> result = scorer.score("Rain fell. The mayor said the bridge would stay closed.")
    >>> result.analysis.sentences[1].label
    'government'
    """

    analyser: Analyser
    profile: Profile
    ratings: Ratings | None = None

    @classmethod
    def load(
        cls,
        model: str = "default",
        *,
        profile: str = "default",
        ratings: str | Path | None = None,
    ) -> Scorer:
        """Load a model and a profile, each by name or path.

        Raises
        ------
        ModelError, ProfileError
            If one of them is missing or malformed.
        """
        return cls(
            Analyser.load(model),
            load_profile(profile),
            None if ratings is None else load_ratings(Path(ratings)),
        )

    def score(self, text: str, *, outlet: str | None = None) -> Result:
        """Score one article's text."""
        return next(self.score_documents([parse_article(text, outlet=outlet)]))

    def score_many(self, texts: Iterable[str], *, jobs: int = 1) -> Iterator[Result]:
        """Score many texts, in order; `jobs` processes (joblib, loky)."""
        if jobs == 1:
            yield from self.score_documents(parse_article(text) for text in texts)
            return
        from joblib import Parallel, delayed

        pending = iter(texts)
        chunks = iter(lambda: list(islice(pending, BATCH_DOCUMENTS)), [])
        work = Parallel(n_jobs=jobs, return_as="generator")
        for results in work(delayed(self._score_texts)(chunk) for chunk in chunks):
            yield from results

    def _score_texts(self, texts: Sequence[str]) -> list[Result]:
        return list(self.score_documents(parse_article(text) for text in texts))

    def score_documents(self, documents: Iterable[Document]) -> Iterator[Result]:
        """Score parsed documents, in order."""
        for analysis in self.analyser.analyse(documents):
            yield self.score_analysis(analysis)

    def score_analysis(self, analysis: Analysis) -> Result:
        """Score an article that is read already."""
        model = self.analyser.model
        return Result(
            analysis=analysis,
            score=score_analysis(analysis, self.profile, model.intervals),
            reliability=judge_reliability(analysis, self.profile, self.ratings),
            model=ModelInfo(model.name, model.version, model.sha256),
            profile=self.profile.name,
            labels=model.labels,
        )

    def label(self, sentences: Sequence[str]) -> Analysis:
        """Label sentences that are split already, in their context.

        Raises
        ------
        InputError
            If a sentence is no text.
        """
        if isinstance(sentences, str) or not all(isinstance(s, str) for s in sentences):
            raise InputError("label takes a list of sentences", "for one text, use score")
        return next(self.analyser.analyse([join_sentences(sentences)]))

"""The result of scoring an article: frozen, and one JSON object (see the command line's docs)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from attribution.analysis import Analysis, Reference, SentenceAnalysis, Source
from attribution.labels import COARSE_LABELS, UNSOURCED, coarse_label
from attribution.reliability import Reliability
from attribution.scoring import Score

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class ModelInfo:
    """Which model made a result."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Result:
    """An article's analysis with its score; `to_dict` is the JSON of the command line."""

    analysis: Analysis
    score: Score
    reliability: Reliability
    model: ModelInfo
    profile: str
    labels: tuple[str, ...]
    findings: tuple[Any, ...] = ()
    summary: str = ""

    @property
    def title(self) -> str | None:
        """The headline's words, None where there is none."""
        document = self.analysis.document
        return document.words(document.title) if document.title else None

    def to_dict(self) -> dict[str, Any]:
        """Return the result as one JSON-ready object; offsets are code points, end exclusive."""
        analysis, score = self.analysis, self.score
        document = analysis.document
        labels = Counter(sentence.label for sentence in analysis.sentences)
        return {
            "schema_version": SCHEMA_VERSION,
            "id": document.id,
            "title": self.title,
            "text": document.text,
            "model": {
                "name": self.model.name,
                "version": self.model.version,
                "sha256": self.model.sha256,
            },
            "profile": self.profile,
            "score": score.value,  # unrounded: the contributions add up to it exactly
            "interval": None if score.interval is None else list(score.interval),
            "status": score.status,
            "warnings": list(analysis.warnings),
            "outlet": document.outlet,
            "frame": [self._reference(reference) for reference in analysis.frame],
            "reliability": {
                "value": _rounded(self.reliability.value, 1),
                "basis": self.reliability.basis,
                "judged": _rounded(self.reliability.judged, 3),
            },
            "components": {
                component.name: {
                    "value": component.value,
                    "weight": component.weight,
                    "contribution": component.contribution,
                    "explanation": component.explanation,
                }
                for component in score.components
            },
            "counts": {label: labels.get(label, 0) for label in self.labels},
            "coarse_counts": _coarse_counts(labels) if UNSOURCED in self.labels else {},
            "sentences": [sentence_record(analysis, s) for s in analysis.sentences],
            "sources": [self._source(source) for source in analysis.sources],
            "findings": [finding.to_dict() for finding in self.findings],
            "summary": self.summary,
        }

    def _reference(self, reference: Reference) -> dict[str, Any]:
        return _reference_record(self.analysis, reference)

    def _source(self, source: Source) -> dict[str, Any]:
        attributed = sum(sentence.attributed for sentence in self.analysis.sentences)
        return {
            "id": source.number,
            "name": source.name,
            "label": source.label,
            "identified": source.identified,
            "country": source.country,
            "mentions": [
                {"sentence": sentence, "start": start, "end": end}
                for sentence, start, end in source.mentions
            ],
            "sentences": len(source.sentences),
            "share": _rounded(len(source.sentences) / attributed if attributed else 0.0, 4),
            "via": list(source.via),
            "reliability": self.reliability.letters[source.number],
            "links": {},
        }


def sentence_record(analysis: Analysis, sentence: SentenceAnalysis) -> dict[str, Any]:
    """Return the JSON object of one sentence."""
    text = analysis.document.text
    cue = sentence.cue
    return {
        "index": sentence.index,
        "start": sentence.start,
        "end": sentence.end,
        "text": text[sentence.start : sentence.end],
        "label": sentence.label,
        "coarse_label": coarse_label(sentence.label),
        "probability": _rounded(sentence.probabilities[sentence.label], 4),
        "probabilities": {
            name: _rounded(value, 4) for name, value in sentence.probabilities.items()
        },
        "needs_source": _rounded(sentence.needs_source, 4),
        "identified": sentence.identification,
        "manner": sentence.manner,
        "hedged": sentence.attributed and sentence.hedged >= 0.5,
        "agentless": sentence.agentless,
        "source_id": sentence.source_number,
        "source": None if sentence.source is None else _reference_record(analysis, sentence.source),
        "cue": None if cue is None else {"start": cue[0], "end": cue[1], "text": text[slice(*cue)]},
        "via": [_reference_record(analysis, reference) for reference in sentence.via],
    }


def _reference_record(analysis: Analysis, reference: Reference) -> dict[str, Any]:
    return {
        "start": reference.start,
        "end": reference.end,
        "text": analysis.words(reference),
        "id": reference.source,
    }


def _coarse_counts(labels: Counter[str]) -> dict[str, int]:
    coarse: Counter[str] = Counter()
    for label, count in labels.items():
        coarse[coarse_label(label)] += count
    return {label: coarse.get(label, 0) for label in COARSE_LABELS}


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)

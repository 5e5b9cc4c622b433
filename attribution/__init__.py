"""attribution: who says so? Labels, sources and a sourcing score for news articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["AttributionClassifier", "Result", "Scorer", "score"]

if TYPE_CHECKING:
    from attribution.result import Result
    from attribution.scorer import Scorer
    from attribution.training.estimator import AttributionClassifier

_HOMES = {
    "AttributionClassifier": "attribution.training.estimator",
    "Result": "attribution.result",
    "Scorer": "attribution.scorer",
}


def score(text: str, *, outlet: str | None = None, model: str = "default") -> Result:
    """Score one article with a bundled model; to score many, load a `Scorer` once."""
    from attribution.scorer import Scorer

    return Scorer.load(model).score(text, outlet=outlet)


def __getattr__(name: str) -> Any:
    """Import the public classes when they are first used: `score` must start fast."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'attribution' has no attribute {name!r}")

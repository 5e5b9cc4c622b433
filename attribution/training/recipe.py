"""Recipes: TOML files that say how a model is trained."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from attribution.errors import TrainingError
from attribution.model import HEAD_KINDS


@dataclass(frozen=True)
class TaggerRecipe:
    """How a CRF is fitted.

    Attributes
    ----------
    epochs : int
        How often every sentence is seen; the first time does not count for the mean.
    rate : float
        The learning rate.
    l2 : float
        The L2 penalty of a step on the weights that it touches.
    dropout : float
        The share of features that a step does not see.
    written_copies : int
        How many times a written sentence counts.
    """

    epochs: int
    rate: float
    l2: float
    dropout: float
    written_copies: int = 1

    def __post_init__(self) -> None:
        if self.epochs < 2:
            raise TrainingError(
                f"epochs = {self.epochs}: the first is not averaged", "use 2 or more"
            )
        if not 0 <= self.dropout < 1:
            raise TrainingError(f"dropout = {self.dropout}", "use a share below 1")


@dataclass(frozen=True)
class HeadRecipe:
    """One sentence classifier: estimator kind, its setting, its feature groups."""

    kind: str
    groups: str
    C: float = 1.0
    hidden: int = 32

    def __post_init__(self) -> None:
        if self.kind not in HEAD_KINDS:
            raise TrainingError(
                f"estimator {self.kind!r} cannot be exported to arrays",
                f"use {', '.join(HEAD_KINDS)}",
            )


@dataclass(frozen=True)
class Recipe:
    """A recipe as read from its file; paths are relative to the repository.

    Attributes
    ----------
    written : int, optional
        How many of the written articles are learned from; all of them by default.
    """

    name: str
    seed: int
    folds: int
    articles: str
    splits: str | None
    labels: str | None
    written_weight: float
    min_articles: int
    spans: TaggerRecipe | None
    sources: TaggerRecipe
    heads: dict[str, HeadRecipe]
    antecedents_l2: float
    written: int | None = None

    @property
    def call(self) -> str:
        """The recipe as `attribution train --recipe` is told it."""
        return self.name if self.written is None else f"{self.name} --articles {self.written}"


def load_recipe(name: str) -> Recipe:
    """Load a bundled recipe by name, or a TOML file."""
    path = Path(name)
    if path.suffix != ".toml":
        bundled = files("attribution").joinpath("data").joinpath("recipes").joinpath(f"{name}.toml")
        path = Path(str(bundled))
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"no recipe {name!r}", "use default, base or a .toml file") from error
    except tomllib.TOMLDecodeError as error:
        raise TrainingError(f"{path}: {error}") from error
    return _build(path, table)


def _build(path: Path, table: dict[str, Any]) -> Recipe:
    try:
        data = table["data"]
        return Recipe(
            name=table["name"],
            seed=int(table["seed"]),
            folds=int(table["folds"]),
            articles=data["articles"],
            splits=data.get("splits"),
            labels=data.get("labels"),
            written_weight=float(data["written_weight"]),
            min_articles=int(table["vocabulary"]["min_articles"]),
            spans=TaggerRecipe(**table["spans"]) if "spans" in table else None,
            sources=TaggerRecipe(**table["sources"]),
            heads={name: HeadRecipe(**head) for name, head in table["heads"].items()},
            antecedents_l2=float(table["antecedents"]["l2"]),
        )
    except (KeyError, TypeError) as error:
        raise TrainingError(f"{path}: a key is missing or unknown ({error})") from error

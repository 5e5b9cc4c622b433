"""The quality gate: the shipped models on the bundled test part; floors that only rise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.corpus.loading import load_articles, read_splits, to_document
from attribution.evaluation import evaluate
from attribution.pipeline import Analyser

ROOT = Path(__file__).parent.parent
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_model_keeps_its_floors(name: str) -> None:
    splits = read_splits(ROOT / "datasets" / "splits.csv")
    articles = [
        article
        for article in load_articles(ROOT / "datasets" / "articles")
        if splits[article.id] == "test"
    ]
    analyses = list(Analyser.load(name).analyse(to_document(article) for article in articles))
    report = evaluate(articles, analyses, bootstrap=0).to_dict()
    for section, figures in FLOORS[name].items():
        for figure, floor in figures.items():
            assert report[section][figure]["value"] >= floor, f"{section} {figure}"

"""What a recipe learns from: draws of the written articles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.errors import TrainingError
from attribution.training.corpora import draw_articles, load_training_data
from attribution.training.recipe import load_recipe

ROOT = Path(__file__).parent.parent
ARTICLES = [
    AnnotatedArticle(str(k), "Rain fell.", (AnnotatedSentence(0, 10, "unsourced"),))
    for k in range(40)
]


def test_a_larger_draw_holds_every_smaller_one() -> None:
    draws = [[a.id for a in draw_articles(ARTICLES, number, 1)] for number in (10, 20, 40)]
    assert [len(draw) for draw in draws] == [10, 20, 40]
    assert set(draws[0]) < set(draws[1])
    assert draws[2] == [a.id for a in ARTICLES], "all of them are as if nothing was drawn"
    assert draws[0] == sorted(draws[0], key=int)
    assert draws[0] != [a.id for a in draw_articles(ARTICLES, 10, 2)]


@pytest.mark.parametrize("number", [0, -1, 41])
def test_what_cannot_be_drawn_is_refused(number: int) -> None:
    with pytest.raises(TrainingError, match=f"cannot draw {number} of 40"):
        draw_articles(ARTICLES, number, 1)


def test_a_recipe_learns_from_as_many_as_it_is_told() -> None:
    recipe = replace(load_recipe("base"), written=30)
    data = load_training_data(recipe, ROOT, None)
    assert len(data.articles) == 30 and not any(data.real)
    assert recipe.call == "base --articles 30"

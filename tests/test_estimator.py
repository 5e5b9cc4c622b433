"""`AttributionClassifier` is at home in scikit-learn: scoring, searching, groups, any label set."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score

from attribution import AttributionClassifier
from attribution.errors import ModelError, TrainingError

SPEAKERS = ("The mayor", "Police", "A spokesman", "The minister", "Officials", "The agency")
THINGS = ("the road", "the bridge", "the port", "the river", "the school", "the mine")


def make_rows(articles: int = 12) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Return (sentence, article) pairs, labels and groups: who said, and what the weather did."""
    X, y, groups = [], [], []
    for number in range(articles):
        speaker, thing = SPEAKERS[number % 6], THINGS[(number * 5 + number // 6) % 6]
        for text, label in (
            (f"{speaker} said that {thing} would stay closed.", "spoken"),
            (f"It rained on {thing} all day.", "weather"),
            (f"According to {speaker.lower()}, {thing} is safe.", "spoken"),
            (f"Snow fell on {thing} in the night.", "weather"),
        ):
            X.append((text, f"article {number}"))
            y.append(label)
            groups.append(f"article {number}")
    return X, y, groups


make_classifier = partial(AttributionClassifier, model="base")


def test_fits_and_predicts() -> None:
    X, y, _ = make_rows()
    classifier = make_classifier().fit(X, y)
    assert classifier.classes_.tolist() == ["spoken", "weather"]
    found = classifier.predict(["The governor said that the tunnel was flooded.", "It rained."])
    assert found.tolist() == ["spoken", "weather"]


def test_probabilities_go_with_the_classes() -> None:
    X, y, _ = make_rows()
    classifier = make_classifier().fit(X, y)
    table = classifier.predict_proba(X)
    assert table.shape == (len(X), 2)
    np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1e-9)
    assert (classifier.classes_[table.argmax(axis=1)] == classifier.predict(X)).all()
    assert classifier.score(X, y) > 0.9


def test_works_in_cross_val_predict_with_groups() -> None:
    X, y, groups = make_rows()
    predicted = cross_val_predict(make_classifier(), X, y, groups=groups, cv=GroupKFold(3))
    assert np.mean(predicted == np.array(y)) > 0.9
    table = cross_val_predict(
        make_classifier(), X, y, groups=groups, cv=GroupKFold(3), method="predict_proba"
    )
    assert table.shape == (len(X), 2)


def test_works_in_grid_search_with_groups() -> None:
    X, y, groups = make_rows()
    grid = {"C": [0.01, 1.0], "groups": ["w", "wa"]}
    search = GridSearchCV(make_classifier(), grid, cv=GroupKFold(3), scoring="f1_macro")
    search.fit(X, y, groups=groups)
    assert search.best_score_ > 0.9
    assert set(search.best_params_) == {"C", "groups"}
    assert search.predict(["It rained."]).tolist() == ["weather"]


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize("kind", ["logistic", "svm", "mlp"])
def test_every_kind(kind: str) -> None:
    X, y, groups = make_rows()
    scores = cross_val_score(make_classifier(kind=kind), X, y, groups=groups, cv=GroupKFold(3))
    assert scores.shape == (3,) and np.isfinite(scores).all()


@pytest.mark.parametrize(
    "labels", [("ja", "nein"), ("0", "1", "2"), ("a b", "ü", "x=y", "<tag>")], ids=str
)
def test_any_label_set(labels: tuple[str, ...]) -> None:
    X, _, _ = make_rows()
    y = [labels[k % len(labels)] for k in range(len(X))]
    classifier = make_classifier().fit(X, y)
    assert classifier.classes_.tolist() == sorted(labels)
    assert set(classifier.predict(X)) <= set(labels)


def test_numbers_as_labels() -> None:
    X, y, _ = make_rows()
    numbers = [int(label == "spoken") for label in y]
    classifier = make_classifier().fit(X, numbers)
    # scikit-learn scores predictions against the labels that it was given.
    assert classifier.score(X, numbers) > 0.9
    assert classifier.classes_.tolist() == [0, 1]


def test_the_same_data_give_the_same_classifier() -> None:
    X, y, _ = make_rows()
    first, second = (make_classifier().fit(X, y).predict_proba(X) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_rows_of_one_article_are_read_in_context() -> None:
    X, y, _ = make_rows()
    classifier = make_classifier(groups="n").fit(X, y)
    alone = classifier.predict_proba([text for text, _ in X])
    together = classifier.predict_proba(X)
    assert not np.allclose(alone, together)


def test_rows_without_article_stand_alone() -> None:
    X, y, _ = make_rows()
    classifier = make_classifier().fit(X, y)
    texts = [text for text, _ in X]
    one_by_one = [classifier.predict_proba([text])[0] for text in texts]
    assert classifier.predict_proba(texts).tobytes() == np.array(one_by_one).tobytes()


def test_clone_and_parameters() -> None:
    classifier = make_classifier(C=2.0, groups="wa")
    copy = clone(classifier)
    assert copy.get_params() == classifier.get_params()
    assert copy.set_params(C=3.0).C == 3.0
    assert repr(classifier).startswith("AttributionClassifier(")


def test_no_rows() -> None:
    X, y, _ = make_rows()
    assert make_classifier().fit(X, y).predict([]).shape == (0,)


# --- refused -------------------------------------------------------------------------------------


def test_one_class_is_refused() -> None:
    with pytest.raises(TrainingError, match=r"one class only \(a\)"):
        make_classifier(min_articles=1).fit(["It rained.", "He left."], ["a", "a"])


def test_lengths_must_agree() -> None:
    with pytest.raises(TrainingError, match="2 sentences, 3 labels"):
        make_classifier().fit(["It rained.", "He left."], ["a", "b", "a"])


def test_no_rows_to_fit() -> None:
    with pytest.raises(TrainingError, match="one class only"):
        make_classifier().fit([], [])


def test_an_unknown_kind_is_refused() -> None:
    X, y, _ = make_rows(2)
    with pytest.raises(TrainingError, match="'forest' cannot be exported"):
        make_classifier(kind="forest").fit(X, y)


def test_an_unknown_model_is_refused() -> None:
    X, y, _ = make_rows(2)
    with pytest.raises(ModelError, match="no model 'nothing'"):
        AttributionClassifier(model="nothing").fit(X, y)


def test_one_text_in_place_of_a_list_is_refused() -> None:
    X, y, _ = make_rows(2)
    classifier = make_classifier(min_articles=1).fit(X, y)
    with pytest.raises((TrainingError, TypeError)):
        classifier.predict("It rained.")


def test_prediction_needs_a_fit() -> None:
    with pytest.raises(NotFittedError):
        make_classifier().predict(["It rained."])

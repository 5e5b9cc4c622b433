"""Exported arrays against the scikit-learn estimators that they come from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC, LinearSVC

from attribution.classifier import FeatureIndex, Head, SparseRows
from attribution.errors import TrainingError
from attribution.feature_rows import FeatureCollector, FeatureRows, Values
from attribution.training.heads import (
    FeatureTable,
    export_estimator,
    fit_head,
    fit_temperature,
    make_estimator,
)
from attribution.training.recipe import HeadRecipe

N_ROWS, N_FEATURES = 240, 30
INDEX = FeatureIndex("w", tuple(f"w f{k}" for k in range(N_FEATURES)))
CLASS_COUNTS = (2, 3, 5)


def make_data(classes: int) -> tuple[csr_matrix, NDArray[np.str_]]:
    """Binary features that tell the classes apart, with noise; one row has none."""
    rng = np.random.default_rng(classes)
    labels = np.arange(N_ROWS) % classes
    matrix = (rng.random((N_ROWS, N_FEATURES)) < 0.15).astype(float)
    for row, label in enumerate(labels):
        matrix[row, label * 3 : label * 3 + 3] = rng.random(3) < 0.7
    matrix[0] = 0.0
    return csr_matrix(matrix), np.array([f"class {label}" for label in labels])


def collect(sentences: list[list[str]]) -> FeatureRows:
    """Features given by their names."""
    collector = FeatureCollector(len(sentences))
    rows = np.repeat(np.arange(len(sentences)), [len(names) for names in sentences])
    collector.add("{}", rows, Values.of(name for names in sentences for name in names))
    return collector.collect()


def name_rows(sentences: list[list[str]]) -> SparseRows:
    return INDEX.rows(collect(sentences))


def to_rows(matrix: csr_matrix) -> SparseRows:
    return SparseRows(matrix.indices.astype(np.int64), matrix.indptr.astype(np.int64))


def round_floats(values: NDArray[Any], kind: type) -> NDArray[np.float64]:
    """Round as the model file does, and compute in double precision as the heads do."""
    return np.asarray(values).astype(kind).astype(np.float64)


def round_own_weights(estimator: Any) -> None:
    """Give a fitted estimator the weights that are saved: 16-bit weights, 32-bit biases."""
    if isinstance(estimator, MLPClassifier):
        estimator.coefs_ = [round_floats(w, np.float16) for w in estimator.coefs_]
        estimator.intercepts_ = [round_floats(b, np.float32) for b in estimator.intercepts_]
        return
    if isinstance(estimator, CalibratedClassifierCV):
        calibrated = estimator.calibrated_classifiers_[0]
        for calibrator in calibrated.calibrators:
            calibrator.a_ = float(np.float32(calibrator.a_))
            calibrator.b_ = float(np.float32(calibrator.b_))
        estimator = calibrated.estimator
    estimator.coef_ = round_floats(estimator.coef_, np.float16)
    estimator.intercept_ = round_floats(estimator.intercept_, np.float32)


def estimators() -> list[Any]:
    mlp = MLPClassifier((8,), max_iter=30, early_stopping=True, random_state=0)
    return [
        pytest.param(LogisticRegression(max_iter=300), id="logistic"),
        pytest.param(
            CalibratedClassifierCV(LinearSVC(random_state=0), cv=3, ensemble=False), id="svm"
        ),
        pytest.param(mlp, id="mlp"),
    ]


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize("classes", CLASS_COUNTS)
@pytest.mark.parametrize("estimator", estimators())
def test_arrays_agree_with_the_estimator(estimator: Any, classes: int) -> None:
    matrix, labels = make_data(classes)
    estimator.fit(matrix, labels)
    head = export_estimator(estimator, INDEX)
    unrounded = estimator.predict_proba(matrix)
    round_own_weights(estimator)
    expected = estimator.predict_proba(matrix)
    found = head.probabilities(to_rows(matrix))
    assert head.classes == tuple(estimator.classes_)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    # Rounding is small, and it happened: else this test would compare nothing.
    assert 0 < np.abs(unrounded - expected).max() < 0.01


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize("classes", CLASS_COUNTS)
@pytest.mark.parametrize("kind", ["logistic", "svm", "mlp"])
def test_recipes_make_what_can_be_exported(kind: str, classes: int) -> None:
    matrix, labels = make_data(classes)
    matrix = csr_matrix(matrix.toarray() * (np.arange(N_FEATURES) != 4))
    # The feature in no article is no column of the classifier.
    recipe = HeadRecipe(kind, "w", hidden=8)
    members = np.flatnonzero(np.arange(N_ROWS) % 7)
    table = FeatureTable(INDEX.names, matrix)
    fitted = fit_head(table, members, np.arange(N_ROWS) // 4, labels, recipe, 2, 0)
    assert fitted.head.kind == kind
    assert fitted.head.index.names == tuple(name for name in INDEX.names if name != "w f4")
    estimator = make_estimator(recipe, 0)
    estimator.fit(matrix[members][:, fitted.columns], labels[members])
    round_own_weights(estimator)
    found = fitted.head.probabilities(to_rows(matrix[:, fitted.columns].tocsr()))
    expected = estimator.predict_proba(matrix[:, fitted.columns])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    "estimator",
    [
        RandomForestClassifier(3, random_state=0),
        SVC(kernel="rbf"),
        BernoulliNB(),
        LinearSVC(),
        CalibratedClassifierCV(LinearSVC(random_state=0), cv=3, ensemble=True),
        CalibratedClassifierCV(BernoulliNB(), cv=3, ensemble=False),
        CalibratedClassifierCV(
            LinearSVC(random_state=0), cv=3, ensemble=False, method="isotonic"
        ),
        MLPClassifier((4, 4), max_iter=5, random_state=0),
        MLPClassifier((4,), activation="tanh", max_iter=5, random_state=0),
    ],
    ids=[
        "forest", "rbf", "bayes", "uncalibrated", "ensemble", "calibrated-bayes", "isotonic",
        "two-layers", "tanh",
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_other_estimators_are_refused(estimator: Any) -> None:
    matrix, labels = make_data(3)
    estimator.fit(matrix, labels)
    with pytest.raises(TrainingError, match="cannot be exported to arrays"):
        export_estimator(estimator, INDEX)


def test_a_recipe_of_another_kind_is_refused() -> None:
    with pytest.raises(TrainingError, match="'forest' cannot be exported to arrays"):
        HeadRecipe("forest", "w")


def test_make_estimator_follows_the_recipe() -> None:
    assert make_estimator(HeadRecipe("logistic", "w", C=0.5), 0).C == 0.5
    assert make_estimator(HeadRecipe("mlp", "w", hidden=7), 0).hidden_layer_sizes == (7,)
    assert make_estimator(HeadRecipe("svm", "w"), 0).ensemble is False


def test_one_class_is_refused() -> None:
    matrix, labels = make_data(2)
    members = np.flatnonzero(labels == "class 1")
    with pytest.raises(TrainingError, match="one class only"):
        fit_head(
            FeatureTable(INDEX.names, matrix), members, np.arange(N_ROWS), labels,
            HeadRecipe("logistic", "w"), 1, 0,
        )  # fmt: skip


def test_a_rare_class_cannot_calibrate_an_svm() -> None:
    matrix, labels = make_data(2)
    members = np.array([0, 2, 4, 6, 1, 3])
    with pytest.raises(TrainingError, match="'class 1' has 2 rows"):
        fit_head(
            FeatureTable(INDEX.names, matrix), members, np.arange(N_ROWS), labels,
            HeadRecipe("svm", "w"), 1, 0,
        )  # fmt: skip


def test_features_that_no_two_articles_share_are_refused() -> None:
    matrix, labels = make_data(2)
    with pytest.raises(TrainingError, match="no feature is shared"):
        fit_head(
            FeatureTable(INDEX.names, matrix), np.arange(N_ROWS), np.zeros(N_ROWS, np.int64),
            labels, HeadRecipe("logistic", "w"), 2, 0,
        )  # fmt: skip


# --- feature tables ------------------------------------------------------------------------------


def test_table_holds_every_feature_once() -> None:
    table = FeatureTable.build(collect([["w b", "a x", "w b"], [], ["a x"]]))
    assert table.names == ("a x", "w b")
    assert table.matrix.toarray().tolist() == [[1, 1], [0, 0], [1, 0]]


def test_columns_are_chosen_by_group_and_by_articles_among_the_members() -> None:
    features = [["w a", "t x"], ["w a", "w b"], ["w b", "t x"], ["w b", "t x"]]
    table = FeatureTable.build(collect(features))
    articles = np.array([0, 0, 1, 2])

    def chosen(members: list[int], groups: str, least: int) -> list[str]:
        found = table.choose(np.array(members), articles, groups, least)
        return [table.names[k] for k in found]

    assert chosen([0, 1, 2, 3], "wt", 1) == ["t x", "w a", "w b"]
    assert chosen([0, 1, 2, 3], "w", 2) == ["w b"]  # "w a": two rows of one article
    assert chosen([0, 1, 2, 3], "t", 3) == ["t x"]
    assert chosen([1, 2], "wt", 2) == ["w b"]


# --- rows ----------------------------------------------------------------------------------------


def make_head(kind: str, seed: int = 0) -> Head:
    rng = np.random.default_rng(seed)
    shapes = [(N_FEATURES, 4), (4, 3)] if kind == "mlp" else [(N_FEATURES, 3)]
    return Head(
        kind=kind,
        classes=("a", "b", "c"),
        index=INDEX,
        weights=tuple(rng.normal(size=shape).astype(np.float32) for shape in shapes),
        biases=tuple(rng.normal(size=shape[1]).astype(np.float32) for shape in shapes),
        sigmoid=rng.normal(size=(3, 2)).astype(np.float32) if kind == "svm" else None,
        temperature=1.3,
    )


SENTENCES = st.lists(
    st.lists(st.sampled_from([*INDEX.names, "w unknown"]), max_size=25), min_size=1, max_size=12
)


@pytest.mark.parametrize("kind", ["logistic", "svm", "mlp"])
@settings(deadline=None)
@given(sentences=SENTENCES)
def test_rows_do_not_depend_on_the_batch(kind: str, sentences: list[list[str]]) -> None:
    head = make_head(kind)
    together = head.probabilities(name_rows(sentences))
    alone = [head.probabilities(name_rows([sentence]))[0] for sentence in sentences]
    assert together.tobytes() == np.array(alone).tobytes()
    backwards = head.probabilities(name_rows(sentences[::-1]))[::-1]
    assert together.tobytes() == np.ascontiguousarray(backwards).tobytes()


@settings(deadline=None)
@given(SENTENCES)
def test_order_and_repetition_of_features_do_not_matter(sentences: list[list[str]]) -> None:
    head = make_head("logistic")
    shuffled = [[*sentence[::-1], *sentence] for sentence in sentences]
    found = head.probabilities(name_rows(sentences))
    assert found.tobytes() == head.probabilities(name_rows(shuffled)).tobytes()


def test_rows_without_known_features_get_the_bias() -> None:
    head = make_head("logistic")
    scores = head.scores(name_rows([["w unknown"], [], ["w f1"]]))
    assert (scores[:2] == head.biases[0]).all()
    assert (scores[2] == head.weights[0][1].astype(np.float64) + head.biases[0]).all()


def test_no_rows() -> None:
    for kind in ("logistic", "svm", "mlp"):
        assert make_head(kind).probabilities(name_rows([])).shape == (0, 3)


@pytest.mark.parametrize("kind", ["logistic", "svm", "mlp"])
def test_large_scores_stay_finite(kind: str) -> None:
    head = make_head(kind)
    huge = replace(head, weights=tuple(w * 1000 for w in head.weights))
    found = huge.probabilities(name_rows([list(INDEX.names), [], ["w f1"]]))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-9)


# --- temperature ---------------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_recovers_a_known_temperature(temperature: float, classes: int) -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(0.0, 2.0, (20_000, classes))
    # The Gumbel trick: the largest noisy score is a draw from the softmax.
    gold = (scores / temperature + rng.gumbel(size=scores.shape)).argmax(axis=1)
    if classes == 2:  # as scikit-learn gives two classes: one column
        scores = scores[:, 1:] - scores[:, :1]
    assert fit_temperature(scores, gold) == pytest.approx(temperature, rel=0.05)

"""The features of sentences: what they are called, and that they do not depend on the batch."""

from __future__ import annotations

from tiny_model import make_tiny_model

from attribution.document import Document
from attribution.feature_rows import FeatureRows
from attribution.lexicon import load_lexicon
from attribution.pipeline import Analyser
from attribution.sentence_features import GROUPS
from attribution.sentences import join_sentences

ANALYSER = Analyser(make_tiny_model(), load_lexicon())
QUOTED = [
    "“The dam holds,” said Ivo Marn, a spokesman for the ministry.",
    "“It was checked twice.",
    "It will be checked again.”",
]
PLAIN = ["The FBI said 40 people left.", "", "^ { } {0} $", "Rain fell."]


def name_features(documents: list[Document]) -> list[set[str]]:
    return sets_of_names(ANALYSER.read(documents).features)


def sets_of_names(features: FeatureRows) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(features.n_rows)]
    for row, code in zip(features.row.tolist(), features.code.tolist(), strict=True):
        found[row].add(features.names[code])
    return found


def test_words_stand_with_the_word_before_and_names_as_classes() -> None:
    (found,) = name_features([join_sentences(["The FBI said 40 people left."])])
    words = {name for name in found if name[0] == "w"}
    assert {"w ^ <law_enforcement>", "w <law_enforcement> said", "w said", "w <number>"} <= words
    assert {"a number", "a end=.", "a length=1", "a cue=speech", "a quoted=0"} <= found
    assert {"n -1 edge", "n 1 edge", "n 2 edge"} <= found
    assert all(name[0] in GROUPS and name[1] == " " for name in found)


def test_place_counts_within_the_document() -> None:
    documents = [join_sentences(PLAIN), join_sentences(QUOTED)]
    places = [
        next(name for name in names if name.startswith("a place="))
        for names in name_features(documents)
    ]
    numbers = [0, 1, 2, 3, 0, 1, 2]
    assert places == [f"a place={number}" for number in numbers]


def test_a_batch_does_not_change_the_features() -> None:
    documents = [join_sentences(QUOTED), join_sentences(PLAIN), join_sentences(QUOTED[::-1])]
    alone = [names for document in documents for names in name_features([document])]
    assert name_features(documents) == alone


def test_no_document() -> None:
    assert name_features([]) == []

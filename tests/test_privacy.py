"""Nothing readable of the real training texts, and nobody's name, is in the shipped models."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from attribution.model import load_model


def words_of(name: str) -> set[str]:
    """Return every word that a model knows, alone or in a pair."""
    model = load_model(name)
    words = set(model.finder.vocabulary.words)
    for names in (model.antecedents.weights, *(h.index.names for h in model.heads.values())):
        for feature in names:
            words.update(re.findall(r"[^\W\d_]+", re.sub(r"<[^<>]*>", "", feature.lower())))
    return words


@pytest.mark.parametrize("name", ["base", "default"])
def test_features_hold_at_most_two_words(name: str) -> None:
    for head in load_model(name).heads.values():
        for feature in head.index.names:
            if feature.startswith("w "):
                assert len(feature.split(" ")) <= 3, feature


@pytest.mark.parametrize("name", ["base", "default"])
def test_no_names(name: str) -> None:
    words = words_of(name)
    assert not words & {"trump", "clinton", "obama", "sanders", "putin", "zelensky"}
    assert not any("trump" in word for word in words)


def test_no_bylines(private_data: Path) -> None:
    vocabulary = set(load_model("default").finder.vocabulary.words)
    bylines: set[str] = set()
    with (private_data / "polnear" / "metadata.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            bylines.update(name.strip().lower() for name in re.split(r",| and ", row["author"]))
    bylines -= {"", "none"}  # "None" is how the table writes that there is no author
    assert len(bylines) > 50
    assert not bylines & vocabulary
    surnames = {name.split()[-1] for name in bylines if " " in name}
    assert len(surnames & vocabulary) <= MAX_SURNAME_WORDS, sorted(surnames & vocabulary)


#: Last words of bylines that are ordinary English words ("press", "key"): the word, not the name.
MAX_SURNAME_WORDS = 15

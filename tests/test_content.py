"""What is said, without who says so."""

from __future__ import annotations

import numpy as np
import pytest

from attribution.content import find_content
from attribution.finder import SOURCE_TAGS, Findings
from attribution.lexicon import load_lexicon
from attribution.sentences import join_sentences
from attribution.tokens import tokenize


def content(text: str, likely: str = "", source: tuple[int, int] = (-1, -1)) -> str:
    """Return the content; the words of `likely` are likely part of a relay."""
    batch = tokenize([join_sentences([text])])
    marginals = np.zeros((batch.n_tokens, len(SOURCE_TAGS)))
    column = SOURCE_TAGS.index("IV")
    marginals[:, column] = [0.4 if word in likely.split() else 0.1 for word in batch.surfaces]
    spans = np.array([source])
    found = Findings(spans, np.full((1, 2), -1), ((),), None, marginals)
    tokens = find_content(batch, load_lexicon().match(batch), found)
    return " ".join(batch.surfaces[token] for token in tokens.tolist())


@pytest.mark.parametrize(
    "tail",
    [
        "",
        ", according to Holm",
        ", Delfi reported, quoting Holm",
        ", Delfi wrote, quoting LETA, which in turn cited Holm",
    ],
)
def test_relays_do_not_change_the_content(tail: str) -> None:
    said = content(f"The dam lost nine gates{tail}.", likely="Delfi LETA Holm in turn")
    assert said == "The dam lost nine gates ."


def test_the_words_of_a_found_source_are_no_content() -> None:
    assert content("Old Ivo Marn built nine boats.", source=(0, 3)) == "built nine boats ."

"""What a token is called in feature names: the class of a name or a role, a word, or a shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from attribution.feature_rows import Values
from attribution.lexicon import NAME_KINDS, ROLE_KINDS, Hits
from attribution.token_features import TokenColumns
from attribution.tokens import Ints, TokenBatch

_SHAPES = ("lower", "title", "upper", "mixed", "number", "abbreviation", "hyphen", "other")
# The names that are no words, in the order of their codes; the first two stand beyond the ends.
_CLASSES = (
    *("^", "$"),
    *(f"<{kind}>" for kind in NAME_KINDS),
    *(f"<{kind}:person>" for kind in NAME_KINDS),
    *(f"<{kind}:role>" for kind in ROLE_KINDS),
    *(f"<{shape}>" for shape in _SHAPES),
)
_BEFORE, _AFTER, _NAMED = 0, 1, 2
_ROLES = _NAMED + 2 * len(NAME_KINDS)
_SHAPED = _ROLES + len(ROLE_KINDS)
_FIRST_SHAPE = 2  # as in every token column
_NUMBER = _SHAPED + _SHAPES.index("number")


class TokenNames:
    """The names of a batch's tokens, to be read at any places.

    Attributes
    ----------
    every : Values
        The name of each token.
    """

    def __init__(self, batch: TokenBatch, hits: Hits, columns: TokenColumns) -> None:
        self.every = Values(_code(batch, hits, columns), (*_CLASSES, *batch.lowered_words))

    def __getitem__(self, index: NDArray[np.generic]) -> Values:
        """Return the names of some tokens."""
        return self.every[index]

    def preceding(self, index: Ints, first: Ints) -> Values:
        """Return what stands before some tokens; "^" where that is before `first`."""
        codes = np.where(index > first, self.every.codes[index - 1], _BEFORE)
        return Values(codes, self.every.names)

    def following(self, index: Ints, last: Ints) -> Values:
        """Return what stands at some places; "$" from `last` on."""
        inside = index < last
        codes = np.where(inside, self.every.codes[np.where(inside, index, 0)], _AFTER)
        return Values(codes, self.every.names)

    def numbers(self) -> Ints:
        """Return the tokens that are numbers."""
        return np.flatnonzero(self.every.codes == _NUMBER)


def _code(batch: TokenBatch, hits: Hits, columns: TokenColumns) -> Ints:
    """Return the (n,) codes: names first, then the words that are known, roles, marks, shapes."""
    mark = np.array([not word[0].isalnum() for word in batch.words], bool)[batch.word]
    word = (columns.word > 0) | (mark & (hits.role == 0))
    named = _NAMED + hits.name.astype(np.int64) + len(NAME_KINDS) * hits.person
    shape = _SHAPED + columns.shape - _FIRST_SHAPE
    codes = np.where(hits.role > 0, _ROLES + hits.role.astype(np.int64), shape)
    codes = np.where(word, len(_CLASSES) + batch.word, codes)
    return np.where(hits.name > 0, named, codes)

"""Manner of a report: direct, mixed or indirect, read off quotation marks and layout.

A direct report stands in quotation marks as a whole, whatever names its source outside: it opens
the sentence, or follows a comma or a colon with a capital. Quoted words that continue the author's
own sentence make a mixed report. The turns of a transcript and block quotations are direct too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from attribution.quotations import Quotations
from attribution.tokens import Ints, TokenBatch

#: Fewer quoted tokens than this, marks included, are a quoted term, not a quoted report.
QUOTED_TERM = 4
#: More words than this between two quoted parts, beside source and cue, are content.
ASIDE = 6


def read_manners(batch: TokenBatch, quotations: Quotations, source: Ints, cue: Ints) -> list[str]:
    """Return the manner of every sentence, as far as it is attributed.

    Parameters
    ----------
    source, cue : (s, 2) int
        Token ranges, -1 for none.
    """
    inside = quotations.inside | _unmarked(quotations, source)[batch.sentence]
    bounds = batch.sentence_ptr
    counts = np.diff(np.append(0, np.cumsum(inside))[bounds])
    whole = (counts == np.diff(bounds)) & (counts > 0)
    manners = ["direct" if quoted else "indirect" for quoted in whole.tolist()]
    marks = inside.tobytes()  # one byte a token
    for s in np.flatnonzero(~whole & (counts >= QUOTED_TERM)).tolist():
        start, end = bounds[s : s + 2].tolist()
        named = [(a - start, b - start) for a, b in (source[s].tolist(), cue[s].tolist()) if a >= 0]
        manners[s] = _read_partly_quoted(batch, start, marks[start:end], named)
    return manners


def _unmarked(quotations: Quotations, source: Ints) -> NDArray[np.bool_]:
    """Return (s,) bool: which sentences are speech as a whole, if they are attributed.

    One that names a source in the paragraphs of a block quotation goes on with the report.
    """
    unmarked = quotations.unmarked
    return np.asarray((unmarked.turn >= 0) | ((unmarked.depth > 0) & (source[:, 0] < 0)))


def _read_partly_quoted(
    batch: TokenBatch, start: int, quoted: bytes, named: list[tuple[int, int]]
) -> str:
    """Return the manner of a sentence that stands in quotation marks in part.

    Parameters
    ----------
    start : int
        The first token of the sentence.
    quoted : bytes
        Whether each of its tokens is quoted, 1 or 0.
    named : list of (int, int)
        Where in it source and cue stand.
    """
    opening, closing = quoted.index(1), quoted.rindex(1)
    covered = bytearray(quoted)
    for first, last in named:
        covered[first:last] = bytes((1,)) * (last - first)
    between = covered.count(0, opening, closing)
    if opening <= 1:
        # Opened by the quotation: what follows names the speaker, at any length.
        return "mixed" if between > 2 * ASIDE else "direct"
    before = batch.token(start + opening - 1)
    first_word = batch.token(start + min(opening + 1, len(quoted) - 1))
    introduced = before in (",", ":", "–", "—") and first_word[:1].isupper()
    return "direct" if introduced and between <= ASIDE else "mixed"

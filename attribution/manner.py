"""Manner of a report: direct, mixed or indirect, read off the quotation marks.

A direct report stands in quotation marks as a whole, whatever names its source outside: it opens
the sentence, or follows a comma or a colon with a capital. Quoted words that continue the author's
own sentence make a mixed report.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from attribution.tokens import Ints, TokenBatch

#: Fewer quoted tokens than this, marks included, are a quoted term, not a quoted report.
QUOTED_TERM = 4
#: More words than this between two quoted parts, beside source and cue, are content.
ASIDE = 6


def read_manner(
    batch: TokenBatch, inside: NDArray[np.bool_], sentence: int, source: Ints, cue: Ints
) -> str:
    """Return the manner of one attributed sentence.

    Parameters
    ----------
    inside : (n,) bool
        Whether each token of the batch stands in quotation marks.
    source, cue : (2,) int
        Token ranges, -1 for none.
    """
    start, end = batch.sentence_ptr[sentence : sentence + 2].tolist()
    quoted = inside[start:end]
    count = int(quoted.sum())
    if count == end - start and count:
        return "direct"
    if count < QUOTED_TERM:
        return "indirect"
    outside = ~quoted
    for first, last in (source.tolist(), cue.tolist()):
        if first >= 0:
            outside[first - start : last - start] = False
    opening = int(np.argmax(quoted))
    closing = end - start - 1 - int(np.argmax(quoted[::-1]))
    between = int(outside[opening:closing].sum())
    if opening <= 1:
        # Opened by the quotation: what follows names the speaker, at any length.
        return "mixed" if between > 2 * ASIDE else "direct"
    before = batch.token(start + opening - 1)
    first_word = batch.token(min(start + opening + 1, end - 1))
    introduced = before in (",", ":", "–", "—") and first_word[:1].isupper()
    return "direct" if introduced and between <= ASIDE else "mixed"

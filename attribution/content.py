"""The content of a sentence: what is said, without any word that tells who says so.

Whether a claim needs a source must not depend on whether, and over how many hands, it has one. A
word of attribution that were left would be learned as a sign of need, since what newspapers
attribute mostly needs it: leaving out "Delfi wrote, quoting LETA, which cited" would lower the
need, and with it the score of the better sourced sentence. Hence everything goes that may be part
of an attribution, at the price of some words of the content.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from attribution.finder import CITING, SOURCE_TAGS, Findings
from attribution.lexicon import CUE_KINDS, Hits
from attribution.tokens import Ints, TokenBatch

#: A token more likely than this to be part of a source, a cue or a relay is no content. Low: a
#: sentence's second cue and its far relay are rarely on the finder's best path.
NAMING_PROBABILITY = 0.3
_NAMING_TAGS = [k for k, tag in enumerate(SOURCE_TAGS) if tag[1:] in ("S", "C", "V")]
_CUES = [
    CUE_KINDS.index(kind)
    for kind in ("speech", "report", "assessment", "denial", "hedge", "preposition")
]
# What joins the links of a chain, and the commas around them.
_JOINTS = CITING | {"according", "relied", "relies", "relying", "which", ","}


def find_content(batch: TokenBatch, hits: Hits, findings: Findings) -> Ints:
    """Return the tokens of the content, in order."""
    naming = findings.second[:, _NAMING_TAGS].sum(axis=1) > NAMING_PROBABILITY
    naming |= np.isin(hits.cue, _CUES)
    naming |= np.array([word.lower() in _JOINTS for word in batch.words], bool)[batch.word]
    naming |= _within_spans(findings, len(naming))
    return np.flatnonzero(~naming)


def _within_spans(findings: Findings, n_tokens: int) -> NDArray[np.bool_]:
    """Return (n,) bool: which tokens stand in a source, cue or relay that was found."""
    edges = np.zeros(n_tokens + 1, np.int64)
    relays = np.array([span for via in findings.via for span in via], np.int64)
    for spans in (findings.source, findings.cue, relays.reshape(-1, 2)):
        first, last = spans[spans[:, 0] >= 0].T
        np.add.at(edges, first, 1)
        np.add.at(edges, last, -1)
    return np.cumsum(edges[:-1]) > 0

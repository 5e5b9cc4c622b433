"""What knows nothing, or next to nothing, to set the figures beside."""

from __future__ import annotations

import re

import numpy as np

from attribution.evaluation.alignment import Aligned, Floats, Ints
from attribution.evaluation.classes import score_classes
from attribution.evaluation.resampling import Figure
from attribution.labels import LABELS, UNSOURCED

#: The keyword rule: a sentence with any of these words or phrases is attributed.
KEYWORDS: tuple[str, ...] = (
    "according to",
    "added",
    "alleged",
    "allegedly",
    "announced",
    "announcement",
    "citing",
    "claimed",
    "claims",
    "confirmed",
    "denied",
    "report",
    "reported",
    "reportedly",
    "reports",
    "said",
    "says",
    "statement",
    "told",
    "tweeted",
    "warned",
    "wrote",
)
_KEYWORD = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\b", re.IGNORECASE)


def score_baselines(aligned: Aligned, weights: Floats) -> dict[str, dict[str, dict[str, Figure]]]:
    """Score three baselines on labels.

    ``always_attributed`` attributes every sentence, ``most_frequent`` gives every sentence the
    commonest gold label (in news, `unsourced`), ``keywords`` attributes the sentences that hold
    one of `KEYWORDS`. The type, where one is needed, is the commonest attributed one of the gold:
    the baselines may look, to be no straw men.
    """
    frequency = np.bincount(aligned.gold_label, minlength=len(LABELS))
    unsourced = LABELS.index(UNSOURCED)
    commonest_type = int(np.argmax(np.where(np.arange(len(LABELS)) == unsourced, -1, frequency)))
    hit = np.array([bool(_KEYWORD.search(text)) for text in aligned.texts])
    everywhere = np.ones(len(hit), np.int64)
    guesses: dict[str, Ints] = {
        "always_attributed": everywhere * commonest_type,
        "most_frequent": everywhere * int(np.argmax(frequency)),
        "keywords": np.where(hit, commonest_type, unsourced).astype(np.int64),
    }
    return {name: _headline(aligned, weights, guess) for name, guess in guesses.items()}


def _headline(aligned: Aligned, weights: Floats, guess: Ints) -> dict[str, dict[str, Figure]]:
    scores = score_classes(aligned, weights, guess)
    return {"attributed": scores.attributed, "coarse": scores.coarse, "fine": scores.fine}

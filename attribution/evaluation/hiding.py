"""Names that nobody told the model: some services and outlets hidden from its gazetteers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import blake2b

import numpy as np

from attribution.analysis import Analysis
from attribution.corpus.annotated import AnnotatedArticle
from attribution.corpus.loading import to_document
from attribution.evaluation.alignment import Aligned, Bools, align
from attribution.evaluation.resampling import Figure, draw_weights, measure_share
from attribution.lexicon import load_lexicon
from attribution.tokens import tokenize

_HIDEABLE = ("intelligence_agency", "media_outlet")


def draw_hidden(share: float, seed: int = 0) -> frozenset[str]:
    """Draw the ids of about this share of the lexicon's services and outlets.

    Each id is drawn by its own hash, so that a new row of a gazetteer moves no other one in or out,
    and a larger share holds every smaller one.
    """
    key = seed.to_bytes(8, "big")

    def place(id_: str) -> float:
        digest = blake2b(id_.encode("utf-8"), digest_size=8, key=key).digest()
        return int.from_bytes(digest, "big") / 2**64

    return frozenset(
        entity.id
        for entity in load_lexicon().entities
        if entity.kind in _HIDEABLE and not entity.person and place(entity.id) < share
    )


def score_hidden(
    gold: Sequence[AnnotatedArticle],
    predicted: Sequence[Analysis],
    informed: Sequence[Analysis],
    hidden: Collection[str],
    *,
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, Figure]:
    """Compare analyses without and with some gazetteer rows, where the article names one of them.

    Parameters
    ----------
    predicted, informed : sequence of Analysis
        Those of a lexicon without the hidden rows, and of the whole one.
    hidden : collection of str
        Ids of the hidden rows.

    Returns
    -------
    dict of str to Figure
        Of the sentences whose source's words hold a hidden name: ``source_attributed`` and
        ``source_label_right``. Of the unsourced sentences that hold one: ``subject_unsourced``, the
        share rightly left unsourced. The same with ``_informed``, of the other analyses.
    """
    weights = draw_weights(len(gold), bootstrap, seed)
    both = {"": align(gold, predicted), "_informed": align(gold, informed)}
    source, subject = _find_names(both[""], hidden)
    figures: dict[str, Figure] = {}
    for suffix, aligned in both.items():
        attributed = aligned.predicted_attributed
        right = aligned.predicted_label == aligned.gold_label
        for name, hits, cases in (
            ("source_attributed", attributed, source),
            ("source_label_right", right, source),
            ("subject_unsourced", ~attributed, subject),
        ):
            figures[name + suffix] = measure_share(weights, aligned.tally(hits & cases, cases))
    return dict(sorted(figures.items()))


def _find_names(aligned: Aligned, ids: Collection[str]) -> tuple[Bools, Bools]:
    """Return which sentences hold a name of these ids: as their source, or unsourced."""
    lexicon = load_lexicon()
    batch = tokenize([to_document(article) for article in aligned.articles])
    entity = lexicon.match(batch).entity
    wanted = np.array([one.id in ids for one in lexicon.entities])
    source, subject = np.zeros((2, len(aligned.gold)), bool)
    for token in np.flatnonzero((entity >= 0) & wanted[entity]).tolist():
        row = int(batch.sentence[token])
        span, base = aligned.gold[row].source, int(batch.base[aligned.article[row]])
        start, end = int(batch.start[token]) - base, int(batch.end[token]) - base
        if not aligned.gold_attributed[row]:
            subject[row] = True
        elif span is not None and span[0] < end and start < span[1]:
            source[row] = True
    return source, subject

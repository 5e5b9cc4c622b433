"""From found spans to sources: mentions, speakers of running quotations, identities.

The one place where the finder's spans, the quotation state and linking meet.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attribution.finder import Findings
from attribution.introductions import Introductions, find_people
from attribution.lexicon import NAME_KINDS, ROLE_KINDS, Hits
from attribution.linking import link_mentions
from attribution.mentions import Mention, read_mention
from attribution.quotations import Quotations
from attribution.speakers import find_holders, quoted_share
from attribution.tokens import Ints, TokenBatch


@dataclass(frozen=True)
class SourceMap:
    """The sources of a batch before any label; s sentences.

    Attributes
    ----------
    mentions : list of Mention or None
        The source words of each sentence.
    via : list of tuple of Mention
        Its relays, nearest the origin first.
    holder : (s,) int
        For a sentence of a running quotation, the sentence that names its speaker; else -1.
    number : (s,) int
        Source number within the document, -1 for none.
    via_numbers : list of tuple of int
        Source numbers of the relays.
    share : (s,) float
        Share of the sentence inside quotation marks.
    evidence : list of dict of int to Counter, one a document
        What the whole article says about each source: roles, bodies, head words.
    """

    mentions: list[Mention | None]
    via: list[tuple[Mention, ...]]
    holder: Ints
    number: Ints
    via_numbers: list[tuple[int, ...]]
    share: NDArray[np.float64]
    evidence: list[dict[int, Counter[str]]]


def resolve_sources(
    batch: TokenBatch, hits: Hits, quotations: Quotations, findings: Findings
) -> SourceMap:
    """Resolve the found spans of a batch to sources, document by document."""
    share = quoted_share(batch, quotations)
    holder = find_holders(batch, quotations, share, findings.source)
    mentions: list[Mention | None] = []
    via: list[tuple[Mention, ...]] = []
    for s, (first, last) in enumerate(findings.source.tolist()):
        mentions.append(read_mention(batch, hits, s, first, last) if first >= 0 else None)
        via.append(tuple(read_mention(batch, hits, s, a, b) for a, b in findings.via[s]))
    number = np.full(batch.n_sentences, -1, np.int64)
    via_numbers: list[tuple[int, ...]] = []
    evidence: list[dict[int, Counter[str]]] = []
    pointers = batch.document_ptr.tolist()
    for document, (start, end) in enumerate(itertools.pairwise(pointers)):
        people = [find_people(batch, hits, s, tuple(findings.source[s])) for s in range(start, end)]
        local = holder[start:end]
        numbers, relays = link_mentions(
            mentions[start:end],
            via[start:end],
            np.where(local >= 0, local - start, -1).tolist(),
            people,
        )
        number[start:end] = numbers
        via_numbers += relays
        introductions = Introductions(batch, hits, document)
        evidence.append(_collect_evidence(introductions, mentions[start:end], numbers))
    return SourceMap(mentions, via, holder, number, via_numbers, share, evidence)


def _collect_evidence(
    introductions: Introductions, mentions: list[Mention | None], numbers: list[int]
) -> dict[int, Counter[str]]:
    """Add up, per source, what its own mentions and the article around its name say."""
    evidence: dict[int, Counter[str]] = {}
    surnames: dict[int, set[str]] = {}
    for mention, number in zip(mentions, numbers, strict=True):
        if mention is None or number < 0:
            continue
        counts = evidence.setdefault(number, Counter())
        if mention.pronoun:
            counts[f"p={mention.pronoun}"] += 1
            continue
        counts.update(f"r={ROLE_KINDS[role]}" for role in mention.roles)
        if mention.head_role:
            counts[f"h={ROLE_KINDS[mention.head_role]}"] += 1
        if mention.entity_kind:
            counts[f"n={NAME_KINDS[mention.entity_kind]}"] += 1
        if mention.is_person:
            surnames.setdefault(number, set()).add(mention.surname)
            counts["person"] += 1
    for number, names in surnames.items():
        for name in sorted(names):
            evidence[number].update(introductions.of(name))
    return evidence


def relink(sources: SourceMap, attributed: NDArray[np.bool_]) -> SourceMap:
    """Drop the sources of sentences that turned out to be nobody's."""
    number = np.where(attributed, sources.number, -1)
    return replace(sources, number=number)

"""From found spans to sources: mentions, speakers of running quotations, identities.

The one place where the finder's spans, the quotation state and linking meet.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.finder import Findings
from attribution.introductions import Introductions, find_people
from attribution.lexicon import NAME_KINDS, ROLE_KINDS, Hits
from attribution.linking import link_mentions
from attribution.mentions import Mention, find_proper, read_mention
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
    proper : (n,) bool
        Which tokens are proper names.
    """

    mentions: list[Mention | None]
    via: list[tuple[Mention, ...]]
    holder: Ints
    number: Ints
    via_numbers: list[tuple[int, ...]]
    share: NDArray[np.float64]
    evidence: list[dict[int, Counter[str]]]
    proper: NDArray[np.bool_]


def resolve_sources(
    batch: TokenBatch,
    hits: Hits,
    quotations: Quotations,
    findings: Findings,
    ordinary: NDArray[np.bool_],
) -> SourceMap:
    """Resolve the found spans of a batch to sources, document by document.

    Parameters
    ----------
    ordinary : (n,) bool
        Whether each token is a word of the model's vocabulary.
    """
    proper = find_proper(batch, ordinary)
    share = quoted_share(batch, quotations)
    holder = find_holders(batch, quotations, share, findings.source)
    mentions: list[Mention | None] = []
    via: list[tuple[Mention, ...]] = []
    for s, (first, last) in enumerate(findings.source.tolist()):
        mentions.append(read_mention(batch, hits, proper, s, first, last) if first >= 0 else None)
        via.append(tuple(read_mention(batch, hits, proper, s, a, b) for a, b in findings.via[s]))
    number = np.full(batch.n_sentences, -1, np.int64)
    via_numbers: list[tuple[int, ...]] = []
    evidence: list[dict[int, Counter[str]]] = []
    people = find_people(batch, hits, proper, findings.source)
    pointers = batch.document_ptr.tolist()
    for document, (start, end) in enumerate(itertools.pairwise(pointers)):
        local = holder[start:end]
        links = link_mentions(
            mentions[start:end],
            via[start:end],
            np.where(local >= 0, local - start, -1).tolist(),
            people[start:end],
        )
        number[start:end] = links.numbers
        via_numbers += links.relays
        introductions = Introductions(batch, hits, document)
        evidence.append(_collect_evidence(introductions, links.mentions))
    return SourceMap(mentions, via, holder, number, via_numbers, share, evidence, proper)


def _collect_evidence(
    introductions: Introductions, sources: list[list[Mention]]
) -> dict[int, Counter[str]]:
    """Add up, per source, what its own mentions and the article around its name say."""
    evidence: dict[int, Counter[str]] = {}
    for number, mentions in enumerate(sources):
        counts = evidence.setdefault(number, Counter())
        surnames: set[str] = set()
        for mention in mentions:
            counts.update(_say(mention))
            if mention.is_person:
                surnames.add(mention.surname)
        for surname in sorted(surnames):
            counts.update(introductions.of(surname))
    return evidence


def _say(mention: Mention) -> Iterator[str]:
    """Yield what the words of one mention say about its source."""
    if mention.pronoun:
        yield f"p={mention.pronoun}"
        return
    for role in mention.roles:
        yield f"r={ROLE_KINDS[role]}"
    if mention.head_role:
        yield f"h={ROLE_KINDS[mention.head_role]}"
    if mention.entity_kind:
        yield f"n={NAME_KINDS[mention.entity_kind]}"
    if mention.is_person:
        yield "person"

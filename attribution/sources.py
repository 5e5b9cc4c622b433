"""From found spans to sources: mentions, speakers of running quotations, identities.

The one place where the finder's spans, the quotation state and linking meet.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from attribution.antecedents import Choose, Scene
from attribution.finder import Findings
from attribution.introductions import Bystanders, Introductions
from attribution.lexicon import NAME_KINDS, ROLE_KINDS, Hits
from attribution.linking import Links, link_mentions
from attribution.mentions import Mention, find_proper, read_mention
from attribution.quotations import Quotations
from attribution.speakers import find_holders, index_speakers, name_speaker, quoted_share
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
    proper : list of bool, one a token
        Which tokens are proper names.
    """

    mentions: list[Mention | None]
    via: list[tuple[Mention, ...]]
    holder: Ints
    number: Ints
    via_numbers: list[tuple[int, ...]]
    share: NDArray[np.float64]
    evidence: list[dict[int, Counter[str]]]
    proper: list[bool]


@dataclass(frozen=True)
class MentionMap:
    """The source words of a batch, read but not yet linked; s sentences.

    Attributes
    ----------
    sources : list of Mention or None
        The source words of each sentence.
    via, holder, share, proper
        As in `SourceMap`.
    """

    batch: TokenBatch
    sources: list[Mention | None]
    via: list[tuple[Mention, ...]]
    holder: Ints
    share: NDArray[np.float64]
    proper: list[bool]
    bystanders: Bystanders
    introductions: Introductions

    def link(self, document: int, choose: Choose) -> Links:
        """Link the mentions of one document; `choose` tells what pronouns and the like mean."""
        start, end = self.batch.document_ptr[document : document + 2].tolist()
        local = self.holder[start:end]
        scene = Scene(
            self.batch.paragraph[start:end].tolist(),
            partial(self.bystanders.of, document),
            partial(self.introductions.frequency, document),
        )
        holders = np.where(local >= 0, local - start, -1).tolist()
        return link_mentions(self.sources[start:end], self.via[start:end], holders, scene, choose)


def read_mentions(
    batch: TokenBatch,
    hits: Hits,
    quotations: Quotations,
    findings: Findings,
    ordinary: NDArray[np.bool_],
) -> MentionMap:
    """Read the found spans of a batch, and who speaks where no span is.

    Parameters
    ----------
    ordinary : (n,) bool
        Whether each token is a word of the model's vocabulary.
    """
    is_proper = find_proper(batch, ordinary)
    proper = is_proper.tolist()
    share = quoted_share(batch, quotations)
    holder = find_holders(batch, quotations, share, findings.source)
    mentions: list[Mention | None] = [None] * batch.n_sentences
    for s in np.flatnonzero(findings.source[:, 0] >= 0).tolist():
        mentions[s] = read_mention(batch, hits, proper, s, *findings.source[s].tolist())
    via = [
        tuple([read_mention(batch, hits, proper, s, first, last) for first, last in relays])
        for s, relays in enumerate(findings.via)
    ]
    bystanders = Bystanders(batch, hits, quotations, is_proper, findings.source)
    _name_turns(quotations, mentions, bystanders, batch)
    introductions = Introductions(batch, hits)
    return MentionMap(batch, mentions, via, holder, share, proper, bystanders, introductions)


def resolve_sources(read: MentionMap, choose: Callable[[int], Choose]) -> SourceMap:
    """Resolve the mentions of a batch to sources, document by document.

    Parameters
    ----------
    choose : callable
        Returns for a document what tells the antecedents of its pronouns and descriptions.
    """
    batch = read.batch
    number = np.full(batch.n_sentences, -1, np.int64)
    via_numbers: list[tuple[int, ...]] = []
    evidence: list[dict[int, Counter[str]]] = []
    for document, (start, end) in enumerate(itertools.pairwise(batch.document_ptr.tolist())):
        links = read.link(document, choose(document))
        number[start:end] = links.numbers
        via_numbers += links.relays
        said = [_collect_evidence(read.introductions, document, each) for each in links.mentions]
        evidence.append(dict(enumerate(map(Counter, said))))
    return SourceMap(
        read.sources, read.via, read.holder, number, via_numbers, read.share, evidence, read.proper
    )


def _name_turns(
    quotations: Quotations,
    mentions: list[Mention | None],
    bystanders: Bystanders,
    batch: TokenBatch,
) -> None:
    """Put the person whom the label of each turn means in its place."""
    unmarked = quotations.unmarked
    known: dict[int, dict[str, Mention]] = {}
    for s in np.flatnonzero(unmarked.label[:, 0] >= 0).tolist():
        mention, last = mentions[s], int(unmarked.label[s, 1])
        if mention is None or mention.first >= last:
            continue
        document, start = int(batch.sentence_document[s]), int(unmarked.start[s])
        if document not in known:
            opening = int(batch.document_ptr[document])
            lead = [bystanders.of(document, k) for k in range(start - opening)]
            named = [m for m in mentions[opening:start] if m is not None and m.is_person]
            known[document] = index_speakers([*named, *chain.from_iterable(lead)])
        mentions[s] = name_speaker(mention, known[document])


def _collect_evidence(
    introductions: Introductions, document: int, mentions: list[Mention]
) -> list[str]:
    """Return what a source's own mentions and the article around its names say about it."""
    said = [word for mention in mentions for word in _say(mention)]
    for surname in sorted({mention.surname for mention in mentions if mention.is_person}):
        said += introductions.of(document, surname)
    return said


def _say(mention: Mention) -> list[str]:
    """Return what the words of one mention say about its source."""
    if mention.pronoun:
        return [f"p={mention.pronoun}"]
    said = [f"r={ROLE_KINDS[role]}" for role in mention.roles]
    if mention.head_role:
        said.append(f"h={ROLE_KINDS[mention.head_role]}")
    if mention.entity_kind:
        said.append(f"n={NAME_KINDS[mention.entity_kind]}")
    if mention.is_person:
        said.append("person")
    return said

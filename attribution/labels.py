"""The label set: attribution types, their coarse groups, and the small vocabularies.

Definitions are in the annotation guidelines; this module only names them.
"""

from __future__ import annotations

from typing import Literal, get_args

Identified = Literal["named", "described", "anonymous"]
Manner = Literal["direct", "mixed", "indirect"]

#: Attribution types in the order that arrays use everywhere; `unsourced` is last.
LABELS: tuple[str, ...] = (
    "intelligence_agency",
    "media_outlet",
    "government",
    "military",
    "law_enforcement",
    "organization",
    "expert",
    "document",
    "individual",
    "unidentified",
    "unsourced",
)
UNSOURCED = "unsourced"
UNIDENTIFIED = "unidentified"
COARSE_LABELS: tuple[str, ...] = (
    "intelligence_agency",
    "media_outlet",
    "other_source",
    "unsourced",
)
IDENTIFIED: tuple[str, ...] = get_args(Identified)
MANNERS: tuple[str, ...] = get_args(Manner)


def coarse_label(label: str) -> str:
    """Return the coarse group of a label: every other attributed type is `other_source`."""
    return label if label in COARSE_LABELS else "other_source"

"""Short forms of bodies ("the agency"), and the kinds of body that each can stand for."""

from __future__ import annotations

from attribution.labels import LABELS
from attribution.lexicon import ROLE_KINDS

_AGENCY, _OUTLET, _GOVERNMENT, _MILITARY, _LAW, _ORGANIZATION, _EXPERT = map(
    ROLE_KINDS.index, LABELS[:7]
)
#: Kinds are indices into `ROLE_KINDS`, of which `NAME_KINDS` begins alike.
SHORT_FORMS: dict[str, tuple[int, ...]] = {
    "agency": (_AGENCY, _OUTLET, _GOVERNMENT, _LAW, _ORGANIZATION),
    "service": (_AGENCY, _OUTLET, _GOVERNMENT, _LAW),
    "directorate": (_AGENCY, _MILITARY, _GOVERNMENT),
    "bureau": (_AGENCY, _LAW, _GOVERNMENT),
    "outlet": (_OUTLET,),
    "newspaper": (_OUTLET,),
    "paper": (_OUTLET, _EXPERT),
    "daily": (_OUTLET,),
    "broadcaster": (_OUTLET,),
    "channel": (_OUTLET,),
    "network": (_OUTLET, _ORGANIZATION),
    "magazine": (_OUTLET,),
    "site": (_OUTLET,),
    "portal": (_OUTLET,),
    "ministry": (_GOVERNMENT, _MILITARY),
    "department": (_GOVERNMENT, _MILITARY, _LAW),
    "office": (_GOVERNMENT, _LAW, _ORGANIZATION),
    "government": (_GOVERNMENT,),
    "campaign": (_GOVERNMENT,),
    "party": (_GOVERNMENT,),
    "army": (_MILITARY,),
    "military": (_MILITARY,),
    "navy": (_MILITARY,),
    "command": (_MILITARY,),
    "force": (_MILITARY, _LAW),
    "police": (_LAW,),
    "court": (_LAW,),
    "company": (_ORGANIZATION,),
    "firm": (_ORGANIZATION,),
    "group": (_ORGANIZATION,),
    "organization": (_ORGANIZATION,),
    "organisation": (_ORGANIZATION,),
    "union": (_ORGANIZATION,),
    "charity": (_ORGANIZATION,),
    "federation": (_ORGANIZATION,),
    "institute": (_EXPERT,),
    "center": (_EXPERT, _ORGANIZATION),
    "centre": (_EXPERT, _ORGANIZATION),
    "university": (_EXPERT,),
}

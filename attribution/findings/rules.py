"""The pattern behind each rule; titles, levels and references are in the catalogue."""

from __future__ import annotations

from attribution.findings.anonymity import (
    check_anonymous_only,
    check_anonymous_opinion,
    check_anonymous_reason,
    check_bare_sources,
    check_plural_sources,
)
from attribution.findings.claims import (
    check_agentless_passive,
    check_hedge_without_source,
    check_intelligence_basis,
    check_number_without_source,
    check_quotation_nobody_said,
    check_single_accusation,
)
from attribution.findings.origins import (
    check_circular_sourcing,
    check_headline_unsupported,
    check_relay_without_origin,
    check_single_source,
)
from attribution.findings.rule import Check

#: By the id of their rule.
CHECKS: dict[str, Check] = {
    "bare-sources": check_bare_sources,
    "plural-sources": check_plural_sources,
    "anonymous-reason": check_anonymous_reason,
    "anonymous-opinion": check_anonymous_opinion,
    "anonymous-only": check_anonymous_only,
    "relay-without-origin": check_relay_without_origin,
    "agentless-passive": check_agentless_passive,
    "hedge-without-source": check_hedge_without_source,
    "number-without-source": check_number_without_source,
    "single-source": check_single_source,
    "single-accusation": check_single_accusation,
    "headline-unsupported": check_headline_unsupported,
    "circular-sourcing": check_circular_sourcing,
    "intelligence-basis": check_intelligence_basis,
    "quotation-nobody-said": check_quotation_nobody_said,
}

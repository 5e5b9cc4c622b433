"""Findings: what an editor would ask about an article's sourcing, each with the rule behind it."""

from attribution.findings.catalogue import RULES, choose_rules, find_findings, find_hits, find_rule
from attribution.findings.formats import explain
from attribution.findings.rule import LEVELS, Finding, Rule

__all__ = [
    "LEVELS",
    "RULES",
    "Finding",
    "Rule",
    "choose_rules",
    "explain",
    "find_findings",
    "find_hits",
    "find_rule",
]

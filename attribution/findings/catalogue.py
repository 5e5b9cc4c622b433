"""The catalogue of rules, and how they are applied to an article."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import Protocol

from attribution.analysis import Analysis
from attribution.errors import InputError
from attribution.findings.acceptance import find_acceptances
from attribution.findings.rule import Finding, Hit, Rule
from attribution.findings.rules import CHECKS
from attribution.profile import Profile

_AP = "AP, Statement of News Values and Principles, “Anonymous sources”"
_REUTERS = "Reuters, Handbook of Journalism, “The Essentials of Reuters sourcing”"
_BBC = "BBC, Editorial Guidelines (2019), section 3 (Accuracy)"
_ICD = "ODNI, Intelligence Community Directive 206"
_SIGNALS = "W3C Credible Web Community Group, Credibility Signals (draft)"

RULES: tuple[Rule, ...] = (
    Rule(
        "bare-sources",
        "A source of whom nothing is said",
        "warning",
        "“Sources said” gives a reader nothing to weigh: not a role, not an interest, not how they"
        " know. AP does not allow quoting simply “a source”.",
        _AP,
        False,
    ),
    Rule(
        "plural-sources",
        "Several are claimed, at most one is named",
        "note",
        "“Experts say” claims agreement among many; where the article names one or none, a"
        " reader cannot tell whether there were more. Reuters: never cite sources in the plural for"
        " one.",
        _REUTERS,
        True,
    ),
    Rule(
        "anonymous-reason",
        "A name is withheld without a reason",
        "note",
        "A reader who is told why a name is withheld can judge whether it must be; without it,"
        " anonymity looks like habit. AP asks that the story explain it.",
        _AP,
        True,
    ),
    Rule(
        "anonymous-opinion",
        "An opinion nobody stands by",
        "warning",
        "Anonymity protects people who inform, not people who judge. AP allows it for information"
        " only, not for opinion or speculation.",
        _AP,
        False,
    ),
    Rule(
        "anonymous-only",
        "Nobody in the article is named",
        "error",
        "Where every claim rests on somebody nameless, nothing in the article can be checked by"
        " its readers. Reuters calls anonymous sources the weakest.",
        _REUTERS,
        False,
    ),
    Rule(
        "relay-without-origin",
        "Second hand, from an origin that is not given",
        "warning",
        "A report of a report is worth what its origin is worth; if that is not named, readers"
        " cannot follow the chain. The BBC asks for first-hand sources where they can be had.",
        f"{_BBC}, 3.3.3",
        False,
    ),
    Rule(
        "agentless-passive",
        "Believed, said or thought by nobody",
        "warning",
        "“It is believed” attributes a claim to no one: the reader learns that somebody holds it,"
        " and not who. Reuters asks for a source for every statement that is not established.",
        _REUTERS,
        False,
    ),
    Rule(
        "hedge-without-source",
        "A hearsay word in place of a source",
        "warning",
        "“Reportedly” passes a claim on and its responsibility away. What could not be verified is"
        " to be attributed, and said to be so.",
        f"{_BBC}, 3.3.6",
        False,
    ),
    Rule(
        "number-without-source",
        "A figure without a source",
        "note",
        "A figure looks exact whoever counted; who did is what makes it worth something.",
        _REUTERS,
        False,
    ),
    Rule(
        "single-source",
        "One source carries most of the article",
        "warning",
        "If that one is wrong or interested, so is the article. The BBC is reluctant to rely on a"
        " single source.",
        f"{_BBC}, 3.3.4",
        False,
    ),
    Rule(
        "single-accusation",
        "An accusation by one source, unanswered",
        "warning",
        "An accusation may be the accuser's interest; a second source, or the answer of those who"
        " are accused, lets a reader weigh it. Reuters asks to talk to all sides.",
        _REUTERS,
        False,
    ),
    Rule(
        "headline-unsupported",
        "The headline's source is not in the body",
        "warning",
        "A headline is what most readers see; what it attributes, the article must bear out.",
        _SIGNALS,
        False,
    ),
    Rule(
        "circular-sourcing",
        "The outlet gives itself as the source",
        "warning",
        "Citing oneself adds no evidence: the reader is sent back to the same desk. ICD 206 asks"
        " for the reporting that a product's judgements depend on.",
        _ICD,
        False,
    ),
    Rule(
        "intelligence-basis",
        "Intelligence at large, without a service or a basis",
        "warning",
        "“Intelligence officials say” hides which service knows and how: an intercept, a document"
        " and a guess weigh differently. ICD 206 asks for the sources behind a judgement.",
        _ICD,
        False,
    ),
    Rule(
        "quotation-nobody-said",
        "A quotation without a speaker",
        "warning",
        "Quoted words have a speaker, who should be named as soon as they are read.",
        _REUTERS,
        False,
    ),
)
_BY_ID = {rule.id: rule for rule in RULES}
#: What `select` takes for every rule there is.
ALL = "all"


class Scored(Protocol):
    """Whatever has a score: points, or None."""

    @property
    def value(self) -> float | None:
        """The points."""
        ...


def find_findings(
    analysis: Analysis,
    profile: Profile,
    score_function: Callable[[Analysis, Profile], Scored],
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
) -> tuple[Finding, ...]:
    """Apply the rules to an article.

    Parameters
    ----------
    analysis : Analysis
        From the models or from a gold annotation.
    profile : Profile
        What the score function takes; it decides what mending is worth.
    score_function : callable
        ``score_analysis``: what a finding costs is found by scoring the mended article.
    select : iterable of str, optional
        Rules to apply; ``all`` for every one. Without it, those that are on by default.
    ignore : iterable of str, optional
        Rules to leave out.

    Returns
    -------
    tuple of Finding
        In reading order; none where the text could not be read as English, or the labels are the
        user's own.

    Raises
    ------
    InputError
        If a rule is unknown.
    """
    rules = choose_rules(select, ignore)
    now = score_function(analysis, profile).value
    findings = [
        _report(rule, hit, _effect(hit, now, lambda a: score_function(a, profile).value))
        for rule, hit in find_hits(analysis, rules)
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.rule)))


def find_hits(analysis: Analysis, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Hit]]:
    """Yield what rules find in an article, without asking what it costs."""
    if not analysis.readable:
        return
    accepted = find_acceptances(analysis)
    for rule in rules:
        for hit in CHECKS[rule.id](analysis):
            if not any(acceptance.covers(rule.id, hit) for acceptance in accepted):
                yield rule, hit


def choose_rules(
    select: Iterable[str] | None = None, ignore: Iterable[str] | None = None
) -> tuple[Rule, ...]:
    """Return the rules to apply, in the order of the catalogue.

    Raises
    ------
    InputError
        If a rule is unknown.
    """
    chosen = None if select is None else _known(select)
    left_out = _known(ignore or ())
    return tuple(
        rule
        for rule in RULES
        if rule.id not in left_out
        and (rule.default_on if chosen is None else rule.id in chosen or ALL in chosen)
    )


def find_rule(rule_id: str) -> Rule:
    """Return a rule by its id.

    Raises
    ------
    InputError
        If there is none of that id.
    """
    if rule_id not in _BY_ID:
        raise _unknown(rule_id)
    return _BY_ID[rule_id]


def _known(names: Iterable[str]) -> Collection[str]:
    names = frozenset(names)
    for name in sorted(names):
        if name not in _BY_ID and name != ALL:
            raise _unknown(name)
    return names


def _unknown(name: str) -> InputError:
    close = get_close_matches(name, _BY_ID, 1)
    hint = f"did you mean {close[0]}?" if close else f"the rules are {', '.join(_BY_ID)}"
    return InputError(f"no rule {name!r}", hint)


def _effect(hit: Hit, now: float | None, score: Callable[[Analysis], float | None]) -> float | None:
    """Return the points that mending a hit would bring, to a tenth."""
    mended = score(hit.mended) if now is not None and hit.mended is not None else None
    return None if mended is None or now is None else round(mended - now, 1) + 0.0


def _report(rule: Rule, hit: Hit, effect: float | None) -> Finding:
    return Finding(
        rule=rule.id,
        level=rule.level,
        sentence=hit.sentence,
        start=hit.start,
        end=hit.end,
        message=hit.message,
        suggestion=hit.suggestion,
        effect=effect,
        reference=rule.reference,
    )

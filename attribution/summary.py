"""A source summary statement in plain English, in the manner of ICD 206.

ICD 206 (ODNI, Sourcing Requirements for Disseminated Analytic Products) has an analytic product say
in a few sentences how good and how broad its sources are. The text here is put together from counts
by fixed rules, so that the same article always gives the same words. It says what the labels say,
and no more: that one source bears another out, or contradicts it, no label tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.reliability import Reliability
from attribution.scoring import Score
from attribution.wording import gives_reason

#: A sentence counts as a claim when its content needs a source by at least this probability.
NEEDED = 0.5
#: A source's own words are quoted up to this many characters.
MAX_NAME = 70
#: Names in a list, before "others".
MAX_NAMES = 3
#: Shares from which "most", "half", "much" and up to which "hardly any" may be said.
MOST, HALF, MUCH, HARDLY = 0.75, 0.5, 0.25, 0.05

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_KINDS = {
    "intelligence_agency": ("an intelligence source", "intelligence sources"),
    "media_outlet": ("a media outlet", "media outlets"),
    "government": ("a government source", "government sources"),
    "military": ("a military source", "military sources"),
    "law_enforcement": ("a law-enforcement source", "law-enforcement sources"),
    "organization": ("an organization", "organizations"),
    "expert": ("an expert", "experts"),
    "document": ("a document", "documents"),
    "individual": ("an individual", "individuals"),
    "unidentified": ("a source of unknown kind", "sources of unknown kind"),
}
_IDENTIFIED = {"named": "named", "described": "described but not named", "anonymous": "anonymous"}
# First words that take a capital only at the start of a sentence: always, or before lower case.
_ALWAYS_LOWERED = frozenset("the a an his her its their our he she it they we who".split())
_LOWERED = frozenset(
    "some several many two three four five six seven eight nine ten one another other both"
    " sources people officials experts analysts witnesses residents relatives neighbours".split()
)


@dataclass(frozen=True)
class _Evidence:
    """What the statement is made from."""

    analysis: Analysis
    claims: tuple[SentenceAnalysis, ...]
    attributed: tuple[SentenceAnalysis, ...]
    sources: tuple[Source, ...]

    def carried(self, source: Source) -> int:
        """Return how many claims rest on a source."""
        return sum(sentence.source_number == source.number for sentence in self.attributed)


def summarise(analysis: Analysis, score: Score, reliability: Reliability) -> str:
    """Return the source summary statement of an article, up to seven sentences.

    Parameters
    ----------
    analysis : Analysis
        From the models or from a gold annotation.
    score : Score
        Of this analysis; its figures are behind strong and weak points.
    reliability : Reliability
        Of this analysis.
    """
    if score.status == "not_english":
        return "The text was not read as English, so nothing can be said of its sources."
    evidence = _gather(analysis)
    if score.status == "no_score":
        return _summarise_labels(evidence)
    parts = (
        _state_coverage(evidence, score),
        _state_sources(evidence),
        _state_carriers(evidence),
        _state_chain(evidence),
        _state_anonymity(evidence),
        _state_reliability(evidence, reliability),
        _state_points(evidence, score),
    )
    return " ".join(part for part in parts if part)


def source_table(analysis: Analysis, reliability: Reliability) -> list[dict[str, Any]]:
    """Return a row per source, those that carry most claims first, relays last.

    Each row has ``descriptor`` (its fullest name), ``type``, ``identified``, ``reliability`` (the
    letter), ``claims`` (sentences that need a source and rest on it), ``sentences`` (all that do)
    and ``relays`` (names, nearest the origin first). What is attributed to nobody is left out.
    """
    evidence = _gather(analysis)
    relays = [source for source in analysis.sources if not source.sentences]
    rows = sorted(evidence.sources, key=lambda source: (-evidence.carried(source), source.number))
    return [
        {
            "descriptor": _squeeze(source.name),
            "type": source.label,
            "identified": source.identified,
            "reliability": reliability.letters[source.number],
            "claims": evidence.carried(source),
            "sentences": len(source.sentences),
            "relays": [_squeeze(analysis.source(number).name) for number in source.via],
        }
        for source in (*rows, *relays)
    ]


def _squeeze(words: str) -> str:
    """Return words on one line."""
    return " ".join(words.split())


def _gather(analysis: Analysis) -> _Evidence:
    claims = tuple(s for s in analysis.sentences if s.needs_source >= NEEDED)
    sources = tuple(
        source
        for source in analysis.sources
        if any(not analysis.sentences[index].agentless for index in source.sentences)
    )
    return _Evidence(analysis, claims, tuple(s for s in claims if s.attributed), sources)


def _state_coverage(evidence: _Evidence, score: Score) -> str:
    """Say how much of what needs a source has one."""
    claims, attributed = len(evidence.claims), len(evidence.attributed)
    opening = "the article breaks off; in what there is of it, " * (score.status == "truncated")
    if not claims:
        return _start(f"{opening}no sentence needs a source.")
    short = ", too few for a sourcing score," * (score.status == "too_short")
    if claims == 1:
        state = "is attributed" if attributed else "is not attributed"
        return _start(f"{opening}one sentence needs a source{short or ','} and it {state}.")
    if attributed == claims:
        every = "both" if claims == 2 else f"all {_count(claims)}"
        return _start(f"{opening}{every} sentences that need a source{short} are attributed.")
    none = "none" if not attributed else _count(attributed)
    return _start(
        f"{opening}of the {_count(claims)} sentences that need a source{short or ','} {none}"
        f" {'is' if attributed <= 1 else 'are'} attributed."
    )


def _state_sources(evidence: _Evidence) -> str:
    """Say how many sources of which kinds there are, and how far they are identified."""
    sources = evidence.sources
    if not sources:
        return "The article cites no source that a reader could look up."
    if len(sources) == 1:
        kind, identified = _kind(sources[0].label, 1), _IDENTIFIED[sources[0].identified]
        return f"The article cites one source: {kind}, {identified}."
    kinds = Counter(source.label for source in sources).most_common()
    listed = _join([_kind(label, number) for label, number in kinds])
    total = f"{_count(len(sources))} sources"
    if len(kinds) == 1:
        listed, total = "", listed
    return f"The article cites {total}{': ' * bool(listed)}{listed}; {_state_identified(sources)}."


def _state_identified(sources: Sequence[Source]) -> str:
    counts = Counter(source.identified for source in sources)
    known = [(counts[name], words) for name, words in _IDENTIFIED.items() if name in counts]
    if len(known) == 1:
        return f"{'both' if len(sources) == 2 else 'all'} are {known[0][1]}"
    return _join([f"{_count(n)} {'is' if n == 1 else 'are'} {words}" for n, words in known])


def _state_carriers(evidence: _Evidence) -> str:
    """Say which sources carry the claims, and whether one alone does."""
    whole = len(evidence.attributed)
    pairs = [(source, evidence.carried(source)) for source in evidence.sources]
    carriers = sorted((pair for pair in pairs if pair[1]), key=lambda p: (-p[1], p[0].number))
    if not carriers:
        return ""
    first, most = carriers[0]
    name = _name(first)
    if most == whole == 1:
        return f"The one attributed claim rests on {name}."
    if most == whole:
        every = "Both" if whole == 2 else f"All {_count(whole)}"
        return f"{every} attributed claims rest on a single source, {name}."
    if len(carriers) == 1:
        verb = "rests" if most == 1 else "rest"
        return _start(f"{_count(most)} of the {_count(whole)} attributed claims {verb} on {name}.")
    if most > whole / 2:
        return _start(
            f"{name} alone carries {_count(most)} of the {_count(whole)} attributed claims;"
            f" others rest on {_list_carriers(carriers[1:])}."
        )
    return f"The attributed claims rest on {_list_carriers(carriers)}."


def _list_carriers(carriers: Sequence[tuple[Source, int]]) -> str:
    shown = [f"{_name(source)} ({number})" for source, number in carriers[:MAX_NAMES]]
    return _join(shown, others=len(carriers) - len(shown))


def _state_chain(evidence: _Evidence) -> str:
    """Say what is second hand, and what the article declares for itself as a whole."""
    analysis = evidence.analysis
    relayed = [sentence for sentence in evidence.attributed if sentence.via]
    relays = list(dict.fromkeys(r.source for sentence in relayed for r in sentence.via))
    names = [_name(analysis.source(number)) for number in relays]
    clauses = []
    if analysis.frame:
        origin, *others = [_name(analysis.source(r.source)) for r in analysis.frame]
        passed = f" by way of {_join(others)}" if others else ""
        clauses.append(f"as a whole it presents itself as resting on {origin}{passed}")
    if relayed:
        shown = _join(names[:MAX_NAMES], others=len(names[MAX_NAMES:]))
        number, whole = len(relayed), len(evidence.attributed)
        if number == whole:
            subject = "the attributed claim" if whole == 1 else "every attributed claim"
            clauses.append(f"{subject} is second hand, by way of {shown}")
        else:
            verb = "is" if number == 1 else "are"
            clauses.append(
                f"of the attributed claims, {_count(number)} {verb} second hand, by way of {shown}"
            )
    return _start("; ".join(clauses) + ".") if clauses else ""


def _state_anonymity(evidence: _Evidence) -> str:
    """Say what is anonymous, whether a reason is given, and what is attributed to nobody."""
    analysis = evidence.analysis
    nobody = sum(sentence.agentless for sentence in evidence.attributed)
    hidden = [s for s in evidence.sources if s.identified == "anonymous" and evidence.carried(s)]
    carried = sum(evidence.carried(source) for source in hidden)
    if not hidden:
        if not nobody:
            return ""
        claims = "One claim is" if nobody == 1 else f"{_start(_count(nobody))} claims are"
        return f"{claims} attributed to nobody in particular."
    names = _join([_name(source) for source in hidden[:MAX_NAMES]], others=len(hidden[MAX_NAMES:]))
    reasons = sum(_has_reason(analysis, source) for source in hidden)
    claims = "one claim rests" if carried == 1 else f"{_count(carried)} claims rest"
    text = f"{claims} on {'an anonymous source' if len(hidden) == 1 else 'anonymous sources'}"
    text += f", {names}, {_state_reasons(reasons, len(hidden))}"
    if nobody:
        text += f", and {_count(nobody)} more on nobody in particular"
    return _start(text + ".")


def _state_reasons(reasons: int, sources: int) -> str:
    if reasons == sources:
        return "and a reason is given" if sources == 1 else "and reasons are given"
    if not reasons:
        return "without a reason given"
    return f"with a reason given for {_count(reasons)} of them"


def _has_reason(analysis: Analysis, source: Source) -> bool:
    """Whether the sentences around a source say why it is not named."""
    for index in source.sentences:
        around = analysis.sentences[max(0, index - 1) : index + 2]
        if gives_reason(" ".join(analysis.words((s.start, s.end)) for s in around)):
            return True
    return False


def _state_reliability(evidence: _Evidence, reliability: Reliability) -> str:
    """Give the figure for the sources' reliability and what it rests on."""
    if reliability.value is None or not evidence.attributed:
        return ""
    figure = f"is put at {reliability.value:.0f} of 100"
    if reliability.basis == "ratings":
        share = f"{reliability.judged:.0%} of what needs a source"
        return f"By the ratings given, which cover {share}, the sources' reliability {figure}."
    return f"By type and identification alone, the sources' reliability {figure}."


def _state_points(evidence: _Evidence, score: Score) -> str:
    """Name what stands out, good or bad."""
    if not evidence.claims:
        return "There is nothing here for sourcing to be strong or weak in."
    strong, weak = _strong_points(score), _weak_points(score)
    if not strong and not weak:
        return "Nothing stands out as a strength or a weakness."
    parts = []
    if strong:
        parts.append(
            f"its {'strength is' if len(strong) == 1 else 'strengths are'} that {_join(strong)}"
        )
    if weak:
        parts.append(
            f"its {'weakness is' if len(weak) == 1 else 'weaknesses are'} that {_join(weak)}"
        )
    return _start("; ".join(parts) + ".")


def _strong_points(score: Score) -> list[str]:
    figures, coverage = score.figures, _coverage(score)
    points = []
    if coverage >= MOST:
        points.append("most of what needs a source has one")
    if coverage >= HALF and figures.named_share >= MOST:
        points.append("most of what is attributed can be put to a name")
    if coverage >= HALF and figures.effective_origins >= 3.0 and figures.largest_share < HALF:
        points.append("no single source dominates")
    return points


def _weak_points(score: Score) -> list[str]:
    figures, coverage = score.figures, _coverage(score)
    if coverage < HARDLY:
        return ["a reader cannot see where what needs a source comes from"]
    points = []
    if coverage < HALF:
        points.append("much that needs a source has none")
    if figures.largest_share > HALF:
        points.append("it leans on one source")
    much = [
        words
        for share, words in (
            (figures.anonymous_share - figures.agentless_share, "rests on anonymous sources"),
            (figures.agentless_share, "comes from nobody in particular"),
            (figures.relayed_share, "is second hand"),
            (figures.hedged_share - figures.agentless_share, "is hedged"),
        )
        if share >= MUCH
    ]
    if much:
        points.append(f"much of what is attributed {_join(much)}")
    return points


def _coverage(score: Score) -> float:
    return next((c.value for c in score.components if c.name == "coverage"), 0.0)


def _summarise_labels(evidence: _Evidence) -> str:
    """Summarise an article read with labels that have none for what is not attributed."""
    counts = Counter(sentence.label for sentence in evidence.analysis.sentences)
    listed = _join([f"{label} ({number})" for label, number in counts.most_common()])
    number = len(evidence.analysis.sentences)
    sentences = "one sentence" if number == 1 else f"{_count(number)} sentences"
    return (
        "The labels in use do not tell what is attributed from what is not, so no sourcing"
        f" score is given. The article has {sentences}, labelled {listed}."
    )


def _kind(label: str, number: int) -> str:
    """Return "an expert", "two experts"; a label of the user's own is taken as an adjective."""
    words = label.replace("_", " ")
    article = "an" if words[:1].lower() in "aeiou" else "a"
    one, several = _KINDS.get(label, (f"{article} {words} source", f"{words} sources"))
    return one if number == 1 else f"{_count(number)} {several}"


def _name(source: Source) -> str:
    """Return a source's name as it reads within a sentence; a description in quotation marks."""
    words = _squeeze(source.name)
    first, _, rest = words.partition(" ")
    title = first == "The" and all(word[:1].isupper() for word in rest.split())
    outlet = source.label == "media_outlet" and source.identified == "named"
    lowered = first.lower() in _ALWAYS_LOWERED and not (outlet and title)
    if lowered or (first.lower() in _LOWERED and not rest[:1].isupper()):
        words = first.lower() + words[len(first) :]
    if len(words) > MAX_NAME:
        words = words[: MAX_NAME - 1].rpartition(" ")[0] or words[: MAX_NAME - 1]
        words += "…"
    is_name = source.identified == "named" and any(char.isupper() for char in words)
    return words if is_name else f"“{words}”"


def _count(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _join(items: Sequence[str], others: int = 0) -> str:
    """Return "a, b and c", with semicolons where items hold commas; `others` are left out."""
    parts = list(items)
    if others:
        parts.append("one other" if others == 1 else f"{_count(others)} others")
    if len(parts) == 1:
        return parts[0]
    if len(parts) > 2 and any("," in part for part in parts):
        return f"{'; '.join(parts[:-1])}; and {parts[-1]}"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _start(text: str) -> str:
    """Return a text with a capital, behind a quotation mark if it opens with one."""
    head = 1 if text.startswith("“") else 0
    return text[:head] + text[head : head + 1].upper() + text[head + 1 :]

"""How often the rules are right: hits on real articles that somebody read and judged.

A judgement is stand-off: the rule, the article, the place, and whether a careful editor would agree
that what the rule says there is true and worth telling.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from attribution.analysis import Analysis
from attribution.errors import CorpusError
from attribution.findings import RULES, find_hits

#: A rule is on by default from this precision, on at least so many judged hits.
PRECISE, ENOUGH = 0.8, 30
_COLUMNS = ["rule", "article", "start", "end", "verdict"]
_VERDICTS = {"right": True, "wrong": False}
# The normal quantile of a 95 % interval.
_Z = 1.959964

#: Where a hit is: the rule, the article's id, the offsets of the words.
Place = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class RulePrecision:
    """What was measured of one rule.

    Attributes
    ----------
    hits : int
        What the rule finds at present.
    judged, right : int
        How many of those were judged, and found right.
    gone : int
        Judged places where the rule finds nothing any more.
    """

    rule: str
    hits: int
    judged: int
    right: int
    gone: int

    @property
    def precision(self) -> float | None:
        """Share of the judged hits that are right; None where none was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def earns_default(self) -> bool:
        """Whether the rule may be on by default."""
        return self.judged >= ENOUGH and self.right >= PRECISE * self.judged


def read_judgements(path: Path) -> dict[Place, bool]:
    """Read judged hits: CSV with rule, article, start, end and verdict (right or wrong).

    Raises
    ------
    CorpusError
        If it cannot be read, or a line is malformed or given twice.
    """
    judgements: dict[Place, bool] = {}
    known = {rule.id for rule in RULES}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != _COLUMNS:
                raise CorpusError(f"{path}: not a file of judged hits", ",".join(_COLUMNS))
            for row in rows:
                place = (row["rule"], row["article"], int(row["start"]), int(row["end"]))
                if row["rule"] not in known or row["verdict"] not in _VERDICTS:
                    raise CorpusError(f"{path}:{rows.line_num}: no such rule or verdict")
                if place in judgements:
                    raise CorpusError(f"{path}:{rows.line_num}: judged twice")
                judgements[place] = _VERDICTS[row["verdict"]]
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError) as error:
        raise CorpusError(f"{path}: offsets are whole numbers") from error
    return judgements


def find_places(analyses: Iterable[tuple[str, Analysis]]) -> set[Place]:
    """Return where all rules find something in articles, given with their ids."""
    return {
        (rule.id, article, hit.start, hit.end)
        for article, analysis in analyses
        for rule, hit in find_hits(analysis, RULES)
    }


def measure_rules(
    judgements: Mapping[Place, bool], places: Iterable[Place]
) -> tuple[RulePrecision, ...]:
    """Measure every rule on its present hits, in the order of the catalogue.

    Parameters
    ----------
    judgements : mapping of place to bool
        From `read_judgements`.
    places : iterable of place
        Present hits, from `find_places`; those that nobody judged count as hits alone.
    """
    found: dict[str, set[Place]] = defaultdict(set)
    judged: dict[str, set[Place]] = defaultdict(set)
    for place in places:
        found[place[0]].add(place)
    for place in judgements:
        judged[place[0]].add(place)
    return tuple(
        RulePrecision(
            rule=rule.id,
            hits=len(found[rule.id]),
            judged=len(found[rule.id] & judged[rule.id]),
            right=sum(judgements[place] for place in found[rule.id] & judged[rule.id]),
            gone=len(judged[rule.id] - found[rule.id]),
        )
        for rule in RULES
    )


def wilson_interval(right: int, judged: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927); (0, 1) for nothing judged."""
    if not judged:
        return 0.0, 1.0
    share, weight = right / judged, _Z * _Z / judged
    middle = (share + weight / 2) / (1 + weight)
    reach = sqrt(share * (1 - share) * weight + weight * weight / 4) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def format_rules(measured: Iterable[RulePrecision]) -> str:
    """Return a Markdown table, a line per rule, and a note on judged places without a hit."""
    measured = tuple(measured)
    on = {rule.id for rule in RULES if rule.default_on}
    lines = [
        "| rule | hits | judged | right | precision | on by default |",
        "| --- | ---: | ---: | ---: | --- | --- |",
    ]
    for one in measured:
        precision = ""
        if one.precision is not None:
            low, high = wilson_interval(one.right, one.judged)
            precision = f"{one.precision:.2f} [{low:.2f}, {high:.2f}]"
        shown = "yes" if one.rule in on else "no"
        lines.append(
            f"| `{one.rule}` | {one.hits} | {one.judged} | {one.right} | {precision} | {shown} |"
        )
    gone = sum(one.gone for one in measured)
    if gone:
        lines += ["", f"{gone} judged places where nothing is found any more are left out."]
    return "\n".join(lines) + "\n"

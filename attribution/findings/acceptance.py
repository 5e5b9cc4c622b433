"""Comments in a draft by which its author accepts a finding.

``[attribution: ok]`` or ``<!-- attribution: ignore RULE -->``, either with or without rules named:
after a sentence or inside it the comment accepts what is found there; on a line of its own, what is
found in the line below. What is found in the article as a whole is accepted by a comment anywhere
that names the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from attribution.analysis import Analysis, SentenceAnalysis
from attribution.findings.rule import Hit

_COMMENT = re.compile(
    r"(?:\[|<!--)\s*attribution:\s*(?:ok|ignore)\b(?P<rules>[^\]>\r\n]*?)\s*(?:\]|-->)",
    re.IGNORECASE,
)
_RULE = re.compile(r"[a-z]+(?:-[a-z]+)*")
_BREAK = re.compile(r"[\r\n\u2028\u2029]")


@dataclass(frozen=True)
class Acceptance:
    """One comment: the sentences beside it, and the rules it names (none: all of them)."""

    sentences: frozenset[int]
    rules: frozenset[str]

    def covers(self, rule: str, hit: Hit) -> bool:
        """Whether a hit of a rule is accepted by this comment."""
        if self.rules and rule not in self.rules:
            return False
        return hit.sentence in self.sentences or (hit.whole and rule in self.rules)


def find_acceptances(analysis: Analysis) -> tuple[Acceptance, ...]:
    """Return the comments of a draft, in reading order."""
    text = analysis.document.text
    return tuple(
        Acceptance(
            frozenset(_sentences_beside(analysis, *match.span())),
            frozenset(_RULE.findall(match["rules"].lower())),
        )
        for match in _COMMENT.finditer(text)
    )


def _sentences_beside(analysis: Analysis, start: int, end: int) -> Iterator[int]:
    """Yield the sentence that a comment stands in or after, else those of the line below."""
    text = analysis.document.text
    line = max((m.end() for m in _BREAK.finditer(text, 0, start)), default=0)
    written = [s for s in analysis.sentences if _has_words(text, s)]
    before = [
        s for s in written if s.end > line and s.start < end and _words_before(text, s, start)
    ]
    if before:
        yield before[-1].index
        return
    after = [s for s in written if s.end > end]
    yield from (s.index for s in after if s.paragraph == after[0].paragraph)


def _has_words(text: str, sentence: SentenceAnalysis) -> bool:
    rest = _COMMENT.sub("", text[sentence.start : sentence.end])
    return any(char.isalnum() for char in rest)


def _words_before(text: str, sentence: SentenceAnalysis, position: int) -> bool:
    rest = _COMMENT.sub("", text[sentence.start : position])
    return any(char.isalnum() for char in rest)

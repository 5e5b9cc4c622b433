"""One style of quotation marks, so that the reading does not depend on how a text is typed.

Straight and low marks become curly ones by what they do, and every apostrophe becomes a straight
one, as the gazetteers write it. Each character stays one character, so offsets hold; a line is a
paragraph, and what happens in one touches no other. Guillemets and typewriter marks stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_MARK = re.compile(r"``|''|[\"“”„‘’‚']")
_TIGHT = "([—–-/\"“„«‹‘'"
_CLOSING = re.compile(r"(?<=\S)[’'](?!\w)")
_OPENING = re.compile(r"‘|(?<!\S)'(?=\S)")
#: How far the mate of a single mark is looked for; unbounded, a line of them would take for ever.
REACH = 500
# Short for something, never a quotation: the '90s, rock 'n' roll.
_SHORTENED = re.compile(r"'(?:\d\ds?|n['’])(?!\w)")


@lru_cache(maxsize=128)  # a batch is split into sentences first, and then into tokens
def curl_marks(text: str) -> str:
    """Return a text of the same length: quotation marks curly, apostrophes straight."""
    return _LINE.sub(lambda match: _curl_line(match[0]), text)


def _curl_line(line: str) -> str:
    if not _MARK.search(line):
        return line
    chars = list(line)
    double = ""  # the mark that opened a double quotation
    single = False
    for match in _MARK.finditer(line):
        mark, at = match[0], match.start()
        if len(mark) > 1:
            continue
        if mark in "‘’‚'":
            chars[at], single = _curl_single(line, mark, at, single)
            continue
        tight = at + 1 < len(line) and not line[at + 1].isspace()
        if double and _closes_double(line, mark, at, double, tight):
            chars[at], double = "”", ""
        elif mark != "”" and tight:
            chars[at], double = "“", double or mark
        elif mark == '"':
            chars[at] = "”"
    return "".join(chars)


def _closes_double(line: str, mark: str, at: int, opener: str, tight: bool) -> bool:
    """Whether a double mark ends the open quotation; a second opening mark does not."""
    if mark == "“":
        return opener == "„"
    return mark == "”" or (mark == '"' and not (tight and at and line[at - 1].isspace()))


def _curl_single(line: str, mark: str, at: int, single: bool) -> tuple[str, bool]:
    """Return what a single mark is, and whether a single quotation is open after it."""
    before = line[at - 1] if at else " "
    after = line[at + 1] if at + 1 < len(line) else " "
    if after.isalnum() and before.isalnum():
        return "'", single  # inside a word
    loose = before.isspace() or before in _TIGHT
    if mark == "‘" and single and not loose and not after.isalnum():
        return "’", False  # as in ‚so‘
    if mark in "‘‚" or (mark == "'" and loose and _opens(line, at)):
        return "‘", not after.isspace()
    if single and not before.isspace() and not after.isalnum() and _closes(line, at):
        return "’", False
    return "'", single


def _opens(line: str, at: int) -> bool:
    """Whether a straight single mark opens a quotation: something closes it later on."""
    if at + 1 == len(line) or line[at + 1].isspace() or _SHORTENED.match(line, at):
        return False
    return _CLOSING.search(line, at + 2, at + REACH) is not None


def _closes(line: str, at: int) -> bool:
    """Tell the end of ‘eight tonnes’ from the possessive in ‘the workers’ wages’."""
    if line[at - 1] != "s" or _ends_clause(line, at + 1):
        return True
    following = _CLOSING.search(line, at + 1, at + REACH)
    opening = _OPENING.search(line, at + 1, at + REACH)
    return following is None or (opening is not None and opening.start() < following.start())


def _ends_clause(line: str, at: int) -> bool:
    return at >= len(line) or line[at] in ',.;:!?)”"—–'

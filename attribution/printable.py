"""Text from an article made safe to print.

A control character in a draft must not steer a terminal, nor a direction mark turn a line around.
"""

from __future__ import annotations

import unicodedata

# Formatting characters that emoji and scripts need, and those that show nothing at all.
_JOINERS = "\u200c\u200d"
_UNSEEN = "\u00ad\u200b\u2060\ufeff"


def make_printable(text: str) -> str:
    """Return a text with every control and direction character shown as one that does nothing.

    The length stays the same, so that offsets hold.
    """
    return "".join(_printable(char) for char in text)


def _printable(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    category = unicodedata.category(char)
    if char in _UNSEEN:
        return _JOINERS[0]
    if category.startswith("Z") or char in "\t\r\n":
        return " "
    return "\ufffd" if category in ("Cc", "Cf", "Cs") else char

"""Quotation marks in one style: what becomes of each mark, and that nothing else moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.marks import curl_marks

PIECES = st.sampled_from(
    ["“", "”", '"', "„", "‘", "’", "‚", "'", "``", "''", "No", "s", "90s", ".", ",", " ", "\n", "«",
     "\r\n", "\u2028", "(", "—", "’s", "he said", "😀"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "curled"),
    [
        ('"No," he said. "Never."', "“No,” he said. “Never.”"),
        ("„No“, he said. „Never.”", "“No”, he said. “Never.”"),
        ("“No,” he said.", "“No,” he said."),
        ("'No,' he said. 'Never.'", "‘No,’ he said. ‘Never.’"),
        ("‘No,’ he said.", "‘No,’ he said."),
        ("\"He told me 'no' twice,\" she said.", "“He told me ‘no’ twice,” she said."),
        ('"One. "Two."', "“One. “Two.”"),
        ('("No")', "(“No”)"),
        # apostrophes
        ("O’Brien’s and O'Brien's", "O'Brien's and O'Brien's"),
        ("the workers’ pay in the ’90s", "the workers' pay in the '90s"),
        ("the workers' pay in the '90s and the '00s' end", None),
        ("‘It’s the workers’ pay,’ he said.", "‘It's the workers' pay,’ he said."),
        ("'It's the workers' pay,' he said.", "‘It's the workers' pay,’ he said."),
        ("a 'sensitive goods' list", "a ‘sensitive goods’ list"),
        ("a ‘sensitive goods’ list", None),
        ("‚Is this yours?‘, he asked.", "‘Is this yours?’, he asked."),
        ("rock 'n' roll", None),
        # nobody's business
        ("``No,'' he said; «no».", None),
        ("No marks at all.", None),
        ("", None),
    ],
)
def test_marks_by_what_they_do(text: str, curled: str | None) -> None:
    assert curl_marks(text) == (text if curled is None else curled)


def test_a_paragraph_does_not_touch_the_next() -> None:
    assert curl_marks('"One.\n"Two," he said.') == "“One.\n“Two,” he said."


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_only_marks_change_and_only_once(text: str) -> None:
    curled = curl_marks(text)
    assert len(curled) == len(text)
    assert all(a == b or a in "\"“”„‘’‚'" for a, b in zip(text, curled, strict=True))
    assert curl_marks(text + "\n" + text) == curled + "\n" + curled

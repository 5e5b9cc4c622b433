"""Text to sentences: sentencex within paragraphs, with its known slips mended.

A line break ends a paragraph. sentencex (MIT) keeps quotations together and is fast, but it cuts
after some abbreviations ("Ms.", "p.m." before a weekday) and leaves a closing quotation mark as a
sentence of its own; both are joined again here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import sentencex

from attribution.document import Document, Sentence, Span
from attribution.marks import curl_marks

_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029]+")
# Titles and the like never end a sentence; the rest do not before a lower-case word, a digit or
# the kind of name that follows them.
_TITLE = re.compile(
    r"(?:^|[\s(\[\"'“‘«])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Lt|Col|Maj|Capt|Cmdr|Cpl|Sgt|Adm|Brig|Rev|Fr"
    r"|Hon|Gov|Sen|Rep|Reps|Sens|Pres|Amb|Insp|Supt|Det|Msgr|St|Ste|vs|v|cf|approx)\.$"
)
_TIME = re.compile(r"\b[ap]\.m\.$")
_AFTER_TIME = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    r"|[A-Z]{2,4}T\b|GMT|UTC|local|Eastern|Pacific|Central|on\b|in\b|at\b)"
)
_INITIALS = re.compile(r"(?:^|[\s(“\"])(?:[A-Z]\.){1,3}$")
_NUMBER = re.compile(r"(?:^|[\s(])Nos?\.$")
# Whatever one of the four above matches; most sentences end otherwise, and need no more tests.
_MAYBE_ABBREVIATED = re.compile(r"(?:[A-Z][A-Za-z.]{0,4}|vs|v|cf|approx|[ap]\.m)\.$")
# Words that begin a sentence and no name: after them a cut behind an initial stands.
_OPENERS = re.compile(
    r"(?:The|A|An|He|She|It|They|We|I|You|In|On|At|By|But|And|Or|So|Then|This|That|These|Those|There"
    r"|When|While|If|As|His|Her|Its|Their|Our|My|Some|No|Not|For|From|After|Before|What|Who)\b"
)
# "R-S.C." and "A.F.L.-C.I.O." are one word, though a full stop stands inside.
_SPLIT_WORD = re.compile(r"[\w.][\w,-]")
_LEADING_CLOSERS = re.compile(r"([”’»)\]]+)\s+")
_CLOSERS = re.compile(r"^[\"'”’»)\]]+[.,;]?$")
_FIRST_WORD = re.compile(r"[\"'“‘«(\[]*(\S)")


def split_text(
    text: str,
    *,
    id: str | None = None,
    outlet: str | None = None,
    warnings: tuple[str, ...] = (),
) -> Document:
    """Split a text into paragraphs and sentences.

    Parameters
    ----------
    text : str
        Kept exactly; offsets count into it.
    id, outlet, warnings
        Further fields of `Document`.

    Returns
    -------
    Document
    """
    sentences: list[Sentence] = []
    for paragraph, match in enumerate(_PARAGRAPH.finditer(curl_marks(text))):
        for start, end in _split_paragraph(match[0]):
            sentences.append(Sentence(match.start() + start, match.start() + end, paragraph))
    title = _find_title(text, sentences)
    return Document(text, tuple(sentences), id, outlet, title, warnings)


def join_sentences(sentences: Sequence[str], *, id: str | None = None) -> Document:
    """Make a document of sentences that are split already, joined by one space.

    Sentences are taken as they are, blank ones too, so that results line up with the input.
    """
    spans: list[Sentence] = []
    start = 0
    for sentence in sentences:
        spans.append(Sentence(start, start + len(sentence), 0))
        start += len(sentence) + 1
    return Document(" ".join(sentences), tuple(spans), id)


def _split_paragraph(paragraph: str) -> Iterator[Span]:
    """Yield trimmed sentence spans of one paragraph."""
    pending: Span | None = None
    # A lone surrogate, which JSON can carry, is no text to sentencex: it sees a stand-in as long.
    readable = paragraph.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    end = 0
    for piece in sentencex.segment("en", readable):
        start, end = end, end + len(piece)
        span = _trim(paragraph, start, end)
        if span is None:
            continue
        if pending is not None:
            closers = _LEADING_CLOSERS.match(paragraph, span[0], span[1])
            if closers and closers.end() < span[1]:
                # The mark that closes a quotation opens no sentence.
                pending = (pending[0], closers.end(1))
                span = (closers.end(), span[1])
            if _belongs_together(paragraph, pending, span):
                pending = (pending[0], span[1])
                continue
            yield pending
        pending = span
    if pending is not None:
        yield pending


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)


def _belongs_together(text: str, left: Span, right: Span) -> bool:
    """Whether a cut between two pieces was a slip."""
    before = text[max(left[0], left[1] - 12) : left[1]]
    after = text[right[0] : right[1]]
    if _CLOSERS.match(after):
        return True
    if left[1] == right[0] and _SPLIT_WORD.match(text[left[1] - 1 : left[1] + 1]):
        return True
    if not _MAYBE_ABBREVIATED.search(before):
        return False
    first = _FIRST_WORD.match(after)
    if first is None:
        return False
    if _OPENERS.match(after):
        return False
    if _NUMBER.search(before):
        return first[1].isdigit()
    if _TITLE.search(before):
        return first[1].isupper() or first[1].isdigit()
    if _TIME.search(before):
        return first[1].islower() or _AFTER_TIME.match(after) is not None
    # An initial ("John F." + "Kennedy") counts only after another capitalised word.
    if _INITIALS.search(before):
        earlier = text[left[0] : left[1]].split()
        return len(earlier) > 1 and earlier[-2][:1].isupper() and first[1].isupper()
    return False


def _find_title(text: str, sentences: Sequence[Sentence]) -> Span | None:
    """Return the headline: a first paragraph of one sentence that does not end like one."""
    if len(sentences) < 2 or sentences[1].paragraph == sentences[0].paragraph:
        return None
    start, end = sentences[0].start, sentences[0].end
    if text[end - 1] in '.!…:;,”"' or end - start > 200:
        return None
    return start, end

"""What the words of a source or of a sentence give away, read with patterns.

The classifiers say who is attributed and how far the source is identified; the rules also need
finer things that no label holds: a bare plural, a reason for anonymity, a figure that is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attribution.analysis import Analysis, SentenceAnalysis, Source
from attribution.document import Span

_NUMBER_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|several|multiple|many|some|a few"
_EMPTY_WORD = (
    "unnamed|unidentified|anonymous|undisclosed|well[- ]placed|well[- ]informed|informed|reliable"
    "|trusted|credible|knowledgeable|confidential|separate|independent|other|different"
)
_MATTER = (
    r"(?:who (?:is|are|was|were) )?(?:close to|familiar with|briefed on|involved in|aware of"
    r"|with (?:direct |first-?hand )?knowledge of|with information about|knowledgeable about)"
    r" (?:the|this|that|these|those|his|her|their|its) (?:[\w’'-]+ )?"
    r"(?:matters?|situation|issues?|case|talks|discussions?|negotiations?|plans?|planning|decision|deal|investigation|inquiry|probe"
    r"|thinking|process|events?|operation|incident|conversations?|project|file)"
)
_BARE = re.compile(
    rf"(?:(?:an?|the|those|these|our|its|{_NUMBER_WORD}|{_EMPTY_WORD})\s+)*"
    rf"(?:sources?|insiders?|(?:people|person|persons|individuals?)\s+{_MATTER}"
    rf"|(?:sources?|insiders?)\s+{_MATTER})",
    re.IGNORECASE,
)
# What may stand before and after bare words; anything else means that the span was cut short and
# the text does describe them ("diplomatic sources", "sources at the ministry").
_OPEN_BEFORE = re.compile(
    r"(?:^|[,.;:!?()\[\]\"“”‘’—–-]|\b(?:that|to|by|as|but|and|or|because|when|while|what|which|from"
    r"|of|told|citing|quoting|per|with|if|after|before|where|although|though|since))\s*$",
    re.IGNORECASE,
)
_DESCRIBED_AFTER = re.compile(
    r"\s+(?:in|at|within|inside|from|near|of|on|with|close|familiar|involved|briefed|aware"
    r"|knowledgeable|who|whose)\b",
    re.IGNORECASE,
)
_WITHHELD = re.compile(
    r"\bsources?\b|\binsiders?\b|\banonym|\bunnamed\b"
    r"|\bnot (?:to be |be |being )?(?:named|identified)"
    rf"|\bfamiliar with\b|\bbriefed on\b|\bknowledge of\b|\b(?:an?|another|{_NUMBER_WORD})\s+"
    r"(?:[\w’'.-]+\s+){0,4}?(?:officials?|diplomats?|officers?|aides?|advis[eo]rs?|executives?"
    r"|employees?|staffers?|ministers?|lawmakers?|bankers?|traders?|engineers?)\b",
    re.IGNORECASE,
)
_NO_PERSON = frozenset(("document", "media_outlet"))
# Words before a noun are taken once and for all (atomic groups): some fit two alternatives, and to
# try both for each word of a long run would take time without end.
_MEDIA = re.compile(
    r"(?>(?:an?|the|some|several|other|various|earlier|recent|unconfirmed|local|national|foreign"
    r"|international|state|social|western|domestic|regional|multiple|(?-i:[A-Z])\w+)\s+)*"
    r"(?:media|press|reports?|media reports?|press reports?|news reports?|newspapers?|outlets?"
    r"|media outlets?|news outlets?|websites?|channels?|broadcasters?|television|tv|radio|papers?)"
    r"(?:\s+reports?)?",
    re.IGNORECASE,
)
_NO_SOURCE = re.compile(
    r"\bwithout (?:giving|naming|citing|identifying|disclosing|revealing|specifying) (?:a|any|its"
    r"|the|their)?\s*(?:\w+ )?(?:sources?|origin)\b|\bcit(?:ing|ed|es) no (?:\w+ )?sources?\b"
    r"|\b(?:did|does) not (?:name|give|identify|cite|disclose) (?:a|any|its|the|their)"
    r" (?:\w+ )?sources?\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"(?>(?:the|some|many|most|other|local|several|leading|independent|western|foreign|government"
    r"|political|military|security|legal|medical|health|industry|market|defence|defense|senior"
    r"|[a-z]+(?:an|ese|ish|ic|al))\s+)*"
    r"(?P<head>sources|experts|analysts|critics|observers|officials|witnesses|residents|researchers"
    r"|scientists|economists|activists|diplomats|lawmakers|commentators|campaigners|supporters"
    r"|opponents|doctors|lawyers|insiders|traders|historians|engineers|neighbou?rs|villagers"
    r"|locals|teachers|nurses|workers|drivers|farmers|shopkeepers)",
    re.IGNORECASE,
)
_ANONYMITY = re.compile(
    r"\banonym|\bnot (?:to be |be |being )?(?:named|identified|quoted)|\bwithheld\b|\bpseudonym"
    r"|\bname has been changed|\bnot (?:her|his|their) real name|\b(?:refused|declined|asked|wished"
    r"|wanted|requested)\b[^.]{0,40}\b(?:named|identified|name)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\bbecause\b|\bsince\b|\bas (?:they|he|she) (?:was|were|is|are) not\b|\bdue to\b|\bciting\b"
    r"|\bgiven the\b|\bfor fear\b|\bfear(?:s|ed|ing)?\b|\bout of concern\b|\bin order to\b"
    r"|\bsensitiv|\bretaliation|\breprisal|\brepercussion|\bsafety\b|\bsecurity reasons"
    r"|\bto (?:discuss|speak|talk|describe|protect|avoid|be able)\b|\bfor \w+ reasons",
    re.IGNORECASE,
)
_PLAIN_REASON = re.compile(
    r"\bnot (?:yet )?(?:been )?(?:authori[sz]ed|allowed|permitted|cleared|supposed) to"
    r" (?:speak|talk|comment|discuss|brief|give|disclose|release|make|share)"
    r"|\b(?:fear(?:ed|ing|s)?(?: of)?|risk of|avoid) (?:\w+ )?"
    r"(?:retaliation|reprisals?|repercussions)",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:should(?:n['’]t| not)?|ought to|disgrace\w*|shame(?:ful)?|outrageous|ridiculous|stupid"
    r"|idiot\w*|clown|fool(?:ish)?|incompeten\w+|pathetic|terrible|awful|horrible|brilliant"
    r"|wonderful|fantastic|disaster|disastrous|nightmare|embarrass\w+|hypocri\w+|arrogan\w+"
    r"|coward\w*|reckless|unforgivable|insane|crazy|madness|joke|liar|corrupt to|best|worst"
    r"|unfair|unacceptable|naive|clueless|dishonest|delusional|hopeless)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|also\s+|now\s+|still\s+|often\s+)?"
    r"(?:said|believed|thought|understood|reported|alleged|rumou?red|considered|claimed|assumed"
    r"|suspected|feared|known|presumed|estimated|accused|described|supposed|speculated)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|purportedly|supposedly|apparently|rumou?rs?|rumou?redly"
    r"|reputedly|ostensibly)\b|\b(?:unconfirmed |some |recent )?reports? (?:suggest|say|said|claim"
    r"|indicate)\w*|\b(?:unconfirmed|conflicting) reports\b|\bamid reports\b|\bword is\b",
    re.IGNORECASE,
)
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_NO_FIGURE = re.compile(
    rf"\b(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+(?:{_MONTH})\b\.?(?:\s+\d{{4}})?"
    r"|\b(?:1[5-9]|20)\d{2}(?:s|[-–/](?:\d{2}|\d{4}))?\b(?![,.]\d)(?!\s*(?:%|per ?cent\b))"
    r"|\b\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\b\.?|o[’']clock)|\b\d{1,2}:\d{2}\b"
    r"|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b"
    r"|\b\d{1,3}-year-olds?\b|\b(?:aged?|turned)\s+\d{1,3}\b|,\s+\d{1,3},|\b\d+(?:st|nd|rd|th)\b"
    r"|\b24/7\b|\b\d{4}\s*(?:GMT|UTC|[A-Z]{2,4}T|local time|hours|hrs)\b"
    r"|\b[A-Za-z]+-?\d[\w-]*|\b\d+-?[A-Z]\w*"
    r"|\b(?:Article|Section|Rule|Chapter|Flight|Route|Highway|Room|Channel|Unit|Phase|Line|Number"
    r"|Nos?\.?|Gate|Pier|Berth|Block|Ward|Class|Group|Type|Model|Boeing|Airbus|Title|page)"
    r"\s+\d[\w.-]*"
)
_FIGURE = re.compile(
    r"(?:[$€£¥]\s?)?\d[\d,.\u202f]*(?:\s?%)?(?:[\s-](?:hundred|thousand|million|billion|trillion"
    r"|per ?cent|percentage points?|tonnes?|tons?|people|dollars|euros|pounds))?"
    r"|\b(?:hundreds|thousands|tens of thousands|dozens|scores|millions|billions) of\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety)[\s-](?:\w+[\s-])?(?:hundred|thousand|million|billion"
    r"|per ?cent)\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"“[^“”\n]+”|\"[^\"\n]+\"|«[^«»\n]+»")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


def has_no_description(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    """Whether the words for a sentence's source say nothing about it: "sources", "insiders"."""
    if sentence.source is None or not _BARE.fullmatch(analysis.words(sentence.source).strip()):
        return False
    text, source = analysis.document.text, sentence.source
    before = text[max(sentence.start, source.start - 20) : source.start]
    return bool(
        _OPEN_BEFORE.search(before) and not _DESCRIBED_AFTER.match(text, source.end, sentence.end)
    )


def is_withheld(analysis: Analysis, source: Source) -> bool:
    """Whether a source is a person or persons whose names are kept back, so far as words tell."""
    if source.identified == "named" or source.label in _NO_PERSON or not source.sentences:
        return False
    words = [analysis.document.text[start:end] for _, start, end in source.mentions]
    return any(_WITHHELD.search(mention) for mention in words)


def is_plain_plural(words: str) -> str | None:
    """Return the noun of a plural without a number ("experts", "some analysts"), else None."""
    match = _PLURAL.fullmatch(words.strip())
    return match["head"].casefold() if match else None


def gives_reason(passage: str) -> bool:
    """Whether a passage says why a name is kept back."""
    if _PLAIN_REASON.search(passage):
        return True
    match = _ANONYMITY.search(passage)
    return match is not None and _REASON.search(passage) is not None


def is_media_at_large(words: str) -> bool:
    """Whether words stand for media in general: "local media", "reports"."""
    return _MEDIA.fullmatch(words.strip()) is not None


def gives_no_source(passage: str) -> bool:
    """Whether a passage says that a report gave no source."""
    return _NO_SOURCE.search(passage) is not None


def find_opinion(passage: str) -> Span | None:
    """Return the first word that judges rather than informs."""
    return _span(_OPINION.search(passage))


def find_passive(passage: str) -> Span | None:
    """Return an impersonal passive: "is believed", "was said"."""
    return _span(_PASSIVE.search(passage))


def find_hedge(passage: str) -> Span | None:
    """Return a hearsay word: "reportedly", "unconfirmed reports"."""
    return _span(_HEDGE.search(passage))


def find_figure(passage: str) -> Span | None:
    """Return the first figure that is no date, time, age, ordinal or part of a name."""
    taken = [match.span() for match in _NO_FIGURE.finditer(passage)]
    for match in _FIGURE.finditer(passage):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            return match.start(), match.start() + len(match[0].rstrip(" ,."))
    return None


def find_quotations(passage: str, words: int) -> Iterator[Span]:
    """Yield the quotations of at least so many words, marks included."""
    for match in _QUOTATION.finditer(passage):
        if len(_WORD.findall(match[0])) >= words:
            yield match.span()


def _span(match: re.Match[str] | None) -> Span | None:
    return None if match is None else match.span()

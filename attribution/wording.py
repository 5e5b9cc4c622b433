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
# "The source" is one that has been described before.
_SAME_ONE = re.compile(r"the (?:source|insider|person|individual)\b", re.IGNORECASE)
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
# Of "other experts" some have been named before; "our experts" are named as a panel.
_EXPERTS = re.compile(
    r"(?!other\b|our\b)(?>[\w.-]+\s+)*?(?:experts|analysts|observers|researchers|scientists"
    r"|economists|commentators|historians|scholars|academics|strategists|pundits|pollsters"
    r"|doctors|lawyers|attorneys)",
    re.IGNORECASE,
)
_EXPERT_AFTER = re.compile(
    r",? (?:an?|the) [^.;]{0,50}\b(?:expert|analyst|observer|researcher|scientist|economist"
    r"|commentator|historian|scholar|professor|strategist|pollster|lawyer|attorney)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?!\d|[\w-]+ (?:per ?cent|of)\b).*\b[A-Z]\w")
_BACK = frozenset("the it he she they this that these those".split())
_MANY = re.compile(
    r"(?:many|most|all|both|thousands|hundreds|dozens)\b|.*, .*\band\b|.*\binsiders\b",
    re.IGNORECASE,
)
_TOLD_OTHERS = re.compile(r"\b(?:told|tells|speaking to) (?:the )?[A-Z]")
# Written or shown before others: what was said was not said to the author, in confidence.
_IN_PUBLIC = re.compile(
    r"\be-?mail|\bwr(?:ite|ote|itten)|\btweet|\bput it\b|\btells?\b", re.IGNORECASE
)
_DOCUMENT = re.compile(
    r"\b(?:sheet|memo(?:randum)?|letter|statement|report|e-?mails?|transcript|poll(?:s|ing)?|survey|study|tracker|percent)\b",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"\bintelligence\b(?! committee)|\bspy (?:agenc|chief|service|master)|\bspies\b"
    r"|\b(?:security|secret) services?\b|\bspooks\b",
    re.IGNORECASE,
)
_BASIS = re.compile(
    r"\bintercept|\bsatellite|\bimagery\b|\bdocuments?\b|\bmemos?\b|\bbased on\b|\bwiretap"
    r"|\be-?mails?\b|\brecordings?\b|\btranscripts?\b|\bdefector|\breport\b|\bassessment\b",
    re.IGNORECASE,
)
_ACCUSATION = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbeen )\baccus(?:es?|ed|ing)\b"
    r"[^.]{1,60}\bof\b"
    r"|\balleg(?:es?|ed|ing) (?:that|he|she|they|it|the)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\bden(?:y|ies|ied|ying|ials?)\b|\breject(?:s|ed|ing)?\b|\bdismiss(?:es|ed|ing)?\b|\brefut"
    r"|\bdisput(?:e[ds]?|ing)\b|\bdeclin(?:e[ds]?|ing)\b|\brespon(?:d|se)|\breach(?:ed)? for\b"
    r"|\bcomment\b|\bcounter(?:ed|s)?\b|\bdefend(?:ed|s|ing)?\b|\buntrue\b|\brebut"
    r"|\b(?:push(?:ed)?|fired|hit|shot) back\b|\bretort|\breplied\b|\binsist",
    re.IGNORECASE,
)
_POLL = re.compile(r"\bpoll(?:s|sters?|ing)?\b|\bsurveys?\b|\bcensus\b", re.IGNORECASE)
_ANONYMITY = re.compile(
    r"\banonym|\bon the record\b|\bnot (?:to be |be |being )?(?:named|identified|quoted)"
    r"|\bwithheld\b|\bpseudonym|\bname has been changed|\bnot (?:her|his|their) real name"
    r"|\b(?:refused|declined|asked|wished|wanted|requested)\b[^.]{0,40}\b(?:named|identified|name)\b",
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
    r"(?:\bnot|n[’']t) (?:yet )?(?:been )?(?:authori[sz]ed|allowed|permitted|cleared|supposed) to"
    r" (?:speak|talk|comment|discuss|brief|give|disclose|release|make|share)"
    r"|\b(?:fear(?:ed|ing|s)?(?: of)?|risk of|avoid) (?:\w+ )?"
    r"(?:retaliation|reprisals?|repercussions)"
    r"|\banonym(?:ity|ously) (?:in order )?(?:to \w+|because|since|for|given|out of|due to|so)\b",
    re.IGNORECASE,
)
_HEARSAY_PASSIVE = re.compile(
    r"(?<!\bsaid )(?<!\bsay )\b(?:is|are|was|were|been|it[’']s)\s+"
    r"(?:(?:widely|also|now|still|often|long|largely|generally|commonly) )*"
    r"(?:(?:said|believed|thought|understood|rumou?red|alleged|feared|suspected|presumed"
    r"|speculated|reputed)\b|(?:expected|reported|estimated) (?:to|that)\b"
    r"|(?:seen|viewed|regarded) as\b|widely considered\b)(?! by\b)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|also\s+|now\s+|still\s+|often\s+)?"
    r"(?:said|believed|thought|understood|reported|alleged|rumou?red|considered|claimed|assumed"
    r"|suspected|feared|known|presumed|estimated|accused|described|supposed|speculated)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|purported(?:ly)?|rumou?red(?:ly)?|reputedly)\b"
    r"|\b(?:unconfirmed |some |recent )?reports? (?:suggest|say|said|claim|indicate)\w*"
    r"|\b(?:amid|with|by|despite|following|after|various|several|numerous|unconfirmed|conflicting)"
    r" (?:\w+ )?reports (?:of|that)\b|\b(?:unconfirmed|conflicting) reports\b|\bword is\b",
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
_LARGE_FIGURE = re.compile(
    r"[$€£¥]\s?\d|\d\s?%|\d,\d{3}|\d{4,}|\bhundreds|\bthousand|\bdozens|\bscores|\bmillion"
    r"|\bbillion|\btrillion|per ?cent|percentage",
    re.IGNORECASE,
)
# Counts that anybody can look up: results of votes, seats, places.
_ON_RECORD = re.compile(
    r"\s+(?:\w+\s+){0,2}(?:delegates?|votes?|states|electoral|seats|counties|districts)\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"“[^“”\n]+”|\"[^\"\n]+\"|«[^«»\n]+»")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


def has_no_description(analysis: Analysis, sentence: SentenceAnalysis) -> bool:
    """Whether the words for a sentence's source say nothing about it: "sources", "insiders"."""
    words = "" if sentence.source is None else analysis.words(sentence.source).strip()
    if sentence.source is None or not _BARE.fullmatch(words) or _SAME_ONE.match(words):
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


def names_experts(words: str) -> bool:
    """Whether words are a plural of people who know: "experts", "some Western analysts"."""
    return _EXPERTS.fullmatch(words.strip()) is not None


def is_expert_after(text: str, end: int) -> bool:
    """Whether the text after somebody's name calls them an expert: ", a bridge expert"."""
    return _EXPERT_AFTER.match(text, end) is not None


def names_somebody(words: str) -> bool:
    """Whether words name a person or a body: not "sixty percent of voters", not "the Post poll"."""
    return _NAME.match(words.strip()) is not None and not names_document(words)


def is_many(words: str) -> bool:
    """Whether words speak of a multitude or a list, in which nobody's name is kept back."""
    return _MANY.match(words.strip()) is not None


def refers_back(words: str) -> bool:
    """Whether words mean a source that was met before: "it", "the two lawmakers"."""
    return words.split(None, 1)[0].lower() in _BACK if words.strip() else False


def is_told_to_others(passage: str) -> bool:
    """Whether a passage says that its source told somebody who is named: "told NBC"."""
    return _TOLD_OTHERS.search(passage) is not None


def is_public(cue: str) -> bool:
    """Whether a cue says that words were written, or spoken before others."""
    return _IN_PUBLIC.search(cue) is not None


def names_document(words: str) -> bool:
    """Whether words hold a document's name: "a fact sheet"."""
    return _DOCUMENT.search(words) is not None


def is_service_at_large(words: str) -> bool:
    """Whether words stand for intelligence in general: "spy agencies", "an intelligence source"."""
    return _SERVICE.search(words) is not None


def gives_basis(passage: str) -> bool:
    """Whether a passage says what an intelligence claim rests on."""
    return _BASIS.search(passage) is not None


def find_accusation(passage: str) -> Span | None:
    """Return the words of an accusation: "accused him of"."""
    return _span(_ACCUSATION.search(passage))


def gives_answer(text: str) -> bool:
    """Whether a text holds an answer to an accusation, or says that none was given."""
    return _ANSWER.search(text) is not None


def speaks_of_polls(text: str) -> bool:
    """Whether a text speaks of polls, whose figures are stated apart from their source."""
    return _POLL.search(text) is not None


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


def find_hearsay_passive(passage: str) -> Span | None:
    """Return a passive in which hearsay is passed on: "is believed", "was expected to"."""
    return _span(_HEARSAY_PASSIVE.search(passage))


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


def find_large_figure(passage: str) -> Span | None:
    """Return the first figure if it is a sum, a share or a large count that is not on record."""
    span = find_figure(passage)
    if span is None or not _LARGE_FIGURE.search(passage[slice(*span)]):
        return None
    return None if _ON_RECORD.match(passage, span[1]) else span


def find_quotations(passage: str, words: int) -> Iterator[Span]:
    """Yield the quotations of at least so many words, marks included."""
    for match in _QUOTATION.finditer(passage):
        if len(_WORD.findall(match[0])) >= words:
            yield match.span()


def _span(match: re.Match[str] | None) -> Span | None:
    return None if match is None else match.span()

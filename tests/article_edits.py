"""Edits of annotated articles as a writer would make them: the text alone changes.

The annotation says where: which sentence is unsourced, which words are an anonymous source, which
are a relay. Every edit returns the new text, or None where the article holds no place for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.document import Span

Edit = Callable[[AnnotatedArticle, Random], str | None]

#: New sources by type: as a reader needs them at first, and in short afterwards.
NEWCOMERS = {
    "intelligence_agency": ("State Security Service spokeswoman Marta Ilves", "Ilves"),
    "media_outlet": ("the Northern Gazette", "the Gazette"),
    "government": ("Interior Ministry spokeswoman Petra Lindqvist", "Lindqvist"),
    "military": ("Army spokesman Colonel Jonas Averell", "Averell"),
    "law_enforcement": ("Police Chief Ingrid Malloran", "Malloran"),
    "organization": ("Relief Union director Samuel Ferrante", "Ferrante"),
    "expert": ("Professor Helena Brandvold", "Brandvold"),
    "document": ("Interior Ministry spokeswoman Petra Lindqvist", "Lindqvist"),
    "individual": ("shopkeeper Anselm Torrado", "Torrado"),
    "unidentified": ("Interior Ministry spokeswoman Petra Lindqvist", "Lindqvist"),
}
CLAIMS = (
    "The warehouse lost 412 tonnes of grain in a single week.",
    "Three of the contractors were paid twice for the same work.",
    "At least 60 families left their homes during the night.",
    "The repair cost 4.2 million euros, twice the sum first planned.",
    "Two of the guards had been dismissed a month before.",
    "The shortage was caused by a faulty order placed in January.",
)
_OPENERS = frozenset(
    "The A An This That These Those In On At By For From After Before During Since Its His Her"
    " Their It He She They There Another Some Many Most Several Two Three Four Five About".split()
)
_SINGULAR = {"say": "says", "claim": "claims", "have": "has", "are": "is", "were": "was"}
_PLURAL = re.compile(r" (say|claim|have|are|were)\b")
_QUOTATION = re.compile("[\"“”„«»‹›]|``|''|(?<!\\w)[‘'’]|[‘'’](?!\\w)")
# ", as Delfi reported", ", Delfi wrote on Monday", ", in a bulletin carried by Delfi".
_ASIDE = re.compile(
    r", (?:(?:as )?(?:quoted|cited|relayed|reported|carried|published|printed) (?:by|in)\b"
    r"|(?:as|in|per|via|according to)\b|(?:[\w’'.-]+ ){1,6}(?:reported|wrote|said|writes)\b)"
)
# Words that mean the source itself: with another in its place they would mean nobody.
_OWN = re.compile(r"\b(?:its|itself|own|our|ours|we|us|my|this (?:news)?paper)\b")
_TELLS = r"(?:reported|reports|wrote|writes|said|says|stated|has it|claims)"


def _replace(text: str, start: int, end: int, words: str) -> str:
    return text[:start] + words + text[end:]


def _body(article: AnnotatedArticle) -> list[AnnotatedSentence]:
    return [sentence for sentence in article.sentences if not sentence.headline]


def _full_name(article: AnnotatedArticle) -> str | None:
    """Return the fullest name that the article gives a source, None for no full one."""
    spans = [s.source for s in article.sentences if s.identified == "named" and s.source]
    names = [article.words(span) for span in spans]
    full = [n for n in names if len(re.findall(r"\b[A-Z][\w’'-]+", n)) > 1 and len(n) < 60]
    return max(full, key=len, default=None)


def attribute_claim(article: AnnotatedArticle, random: Random) -> str | None:
    """Attribute an unsourced claim that needs a source to a named one, old or new."""
    fit = [
        sentence
        for sentence in _body(article)
        if not sentence.attributed
        and sentence.needs_source
        and re.fullmatch(r"[A-Z].{30,}\w\.", article.text[sentence.start : sentence.end])
        and not _QUOTATION.search(article.text, sentence.start, sentence.end)
    ]
    if not fit:
        return None
    sentence = random.choice(fit)
    words = article.text[sentence.start : sentence.end - 1]
    name = random.choice([_full_name(article), None]) or NEWCOMERS["government"][0]
    name = re.sub(r"^(The|An?) ", lambda match: match[0].lower(), name)
    first, _, rest = words.partition(" ")
    lowered = f"{first.lower() if first in _OPENERS else first} {rest}"
    forms = (
        f"{words}, {name} said.",
        f"{words}, according to {name}.",
        f"According to {name}, {lowered}.",
        f"{name[0].upper()}{name[1:]} said that {lowered}.",
    )
    return _replace(article.text, sentence.start, sentence.end, random.choice(forms))


def name_anonymous(article: AnnotatedArticle, random: Random) -> str | None:
    """Put a named official in the place of an anonymous source."""
    fit = [s for s in _body(article) if s.identified == "anonymous" and s.source and s.needs_source]
    return _put_newcomers(article.text, [random.choice(fit)]) if fit else None


def split_source(article: AnnotatedArticle, random: Random) -> str | None:
    """Give the later half of what the busiest named source says to a new one of its type."""
    fit = [
        s
        for s in _body(article)
        if s.identified == "named" and s.needs_source and _speaks(s)
        if not _OWN.search(article.text, s.start, s.end)
    ]
    busiest = Counter(s.source_id for s in fit).most_common(1)
    if not busiest or busiest[0][1] < 2:
        return None
    own = [s for s in fit if s.source_id == busiest[0][0]]
    return _put_newcomers(article.text, own[(len(own) + 1) // 2 :])


def _speaks(sentence: AnnotatedSentence) -> bool:
    """Whether source and cue stand side by side: "the ministry said", "according to her"."""
    if not sentence.source or not sentence.cue:
        return False
    gap = max(sentence.cue[0] - sentence.source[1], sentence.source[0] - sentence.cue[1])
    return gap == 1


def _put_newcomers(text: str, sentences: Sequence[AnnotatedSentence]) -> str:
    """Replace the source words of sentences by a new source, in full in the first of them."""
    for sentence in reversed(sentences):  # from the end, so that offsets hold
        assert sentence.source is not None
        start, end = sentence.source
        full, short = NEWCOMERS[sentence.label]
        words = full if sentence is sentences[0] else short
        if start == sentence.start:
            words = words[0].upper() + words[1:]
        plural = _PLURAL.match(text, end)
        if plural:
            words, end = f"{words} {_SINGULAR[plural[1]]}", plural.end()
        text = text[:start] + words + text[end:]
    return text


def remove_relay(article: AnnotatedArticle, random: Random) -> str | None:
    """Leave out who passed a claim on: the sentence names its origin alone."""
    found = []
    for sentence in _body(article):
        here = [v for v in sentence.via if sentence.start <= v[0] < sentence.end]
        if here and len(here) == len(sentence.via) and sentence.source and sentence.needs_source:
            words = _without_relay(article.text, sentence, sentence.source, min(here), max(here))
            if words:
                found.append((sentence, words))
    if not found:
        return None
    sentence, words = random.choice(found)
    return _replace(article.text, sentence.start, sentence.end, words)


def _without_relay(
    text: str, sentence: AnnotatedSentence, source: Span, first: Span, last: Span
) -> str | None:
    start, end = sentence.start, sentence.end
    name, tail = text[slice(*source)], text[source[1] : end]
    if last[1] <= source[0]:
        # "Claim, Delfi wrote, quoting LETA, which cited the ministry."
        comma = text.rfind(", ", start, first[0])
        claim = text[start:comma] if comma > 0 else ""
        if len(claim.split()) > 4 and len(tail) < 3 and comma + 40 > first[0]:
            return f"{claim}, according to {name}{tail}"
        # "Delfi, citing the ministry, reported that claim."
        told = re.match(rf", {_TELLS}\b([^,]{{0,20}}) that ", tail)
        if told and first[0] - start < 30:
            # What a live page prints before an entry stays: "08:34 Delfi, citing Telia, ...".
            time = re.match(r"\d\d[:.]\d\d |", text[start:end])
            opening = (time[0] if time else "") + name[0].upper() + name[1:]
            return f"{opening} said{told[1]} that {tail[told.end() :]}"
        return None
    # "The ministry said in June, as Delfi reported, that ...": an aside that holds only relays.
    comma = text.rfind(", ", source[1], first[0])
    stop = re.compile(r"[,.](?=\s|$)").search(text, last[1], end)
    if first[0] < source[1] or comma < 0 or stop is None:
        return None
    aside, after = text[comma : stop.start()], text[stop.end() : end]
    cued = sentence.cue is not None and not comma <= sentence.cue[0] < stop.start()
    chained = re.match(r" (?:quoting|citing|referring|which|who|put)\b", after)
    if not cued or chained or not _ASIDE.match(aside) or _QUOTATION.search(aside):
        return None
    before = text[start:comma]
    # "According to Y[, quoted by X], it is"; "The protocol, four pages[, printed by X], sets".
    closes = (before.count(",") % 2 == 1 or "ccording to" in before) and after[:6] != " that "
    return before + text[stop.start() + (stop[0] == "," and not closes) : end]


def insert_claim(article: AnnotatedArticle, random: Random) -> str | None:
    """Put an unsourced claim that needs a source between two sentences, outside quotations."""
    claim = random.choice(CLAIMS)
    fit = [
        sentence
        for sentence in _body(article)
        if not sentence.attributed
        and article.text[sentence.end - 1] == "."
        and not _QUOTATION.search(article.text, sentence.start, sentence.end)
    ]
    if not fit:
        return None
    end = random.choice(fit).end
    return _replace(article.text, end, end, f" {claim}")


def duplicate(article: AnnotatedArticle, random: Random) -> str | None:
    """Put the article after itself."""
    return f"{article.text}\n\n{article.text}"


#: By name: the edit, and whether it may never lower (1), never raise (-1) or not move (0) a score.
EDITS: dict[str, tuple[Edit, int]] = {
    "attribute a claim": (attribute_claim, 1),
    "name an anonymous source": (name_anonymous, 1),
    "remove a relay": (remove_relay, 1),
    "split a source": (split_source, 1),
    "insert an unsourced claim": (insert_claim, -1),
    "duplicate the article": (duplicate, 0),
}


def straighten(text: str) -> str:
    """Write quotation marks and apostrophes as a typewriter does."""
    return text.translate(str.maketrans("“”„‘’", '"""\'\''))


def curl(text: str) -> str:
    """Write straight quotation marks and apostrophes as a typesetter does."""
    text = re.sub(r'(?:(?<=^)|(?<=[\s(\[—–-]))"(?=\S)', "“", text, flags=re.MULTILINE)
    text = re.sub(r"(?:(?<=^)|(?<=[\s(\[“—–-]))'(?=\w)(?!\d\ds)", "‘", text, flags=re.MULTILINE)
    return text.replace('"', "”").replace("'", "’")


#: Other ways to set the same words: labels must not change.
LAYOUTS: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "trailing spaces": lambda text: text.replace("\n", "  \n") + " \n",
    "extra blank lines": lambda text: "\n" + text.replace("\n", "\n\n\n") + "\n\n",
    "straight marks": straighten,
    "curly marks": curl,
}


def join_paragraphs(text: str) -> str:
    """Remove every paragraph break but that of the headline."""
    title, found, body = text.partition("\n")
    return title + found + re.sub(r"\s*\n\s*", " ", body.lstrip("\n"))

"""Which sentences name an intelligence agency, whether as source or as subject."""

from __future__ import annotations

from attribution.document import Document, Sentence
from attribution.lexicon import NAME_KINDS, load_lexicon
from attribution.tokens import tokenize

_AGENCY = NAME_KINDS.index("intelligence_agency")


def names_agency(sentence: str) -> bool:
    """Return whether the bundled lexicon finds an agency's name in a sentence.

    An abbreviation that other bodies share needs its country near it, here in the same sentence.
    """
    if not sentence.strip():
        return False
    batch = tokenize([Document(sentence, (Sentence(0, len(sentence), 0),))])
    return bool((load_lexicon().match(batch).name == _AGENCY).any())

"""The source summary statement on small annotated articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from annotated_analyses import read_lines

from attribution.analysis import Analysis
from attribution.corpus.gold import to_analysis
from attribution.corpus.plain import read_plain
from attribution.profile import load_profile
from attribution.reliability import Ratings, judge_reliability
from attribution.scoring import score_analysis
from attribution.summary import source_table, summarise

ARTICLES = Path(__file__).parent.parent / "datasets" / "articles"
PROFILE = load_profile()
PLAIN = "unsourced needs | The work had been put off for years."
NOTE = "unsourced | The river is wide there."
LUND = "expert #1 named indirect needs | {s Ivo Lund} {c said} two piers had sunk."
BROOK = "government #2 named indirect needs | {s Mayor Ada Brook} {c said} it was shut."
SOURCES = "unidentified #3 anonymous indirect needs | {s Sources} {c said} a report was buried."
REPORTEDLY = "unidentified #4 anonymous indirect hedged needs | It was {c reportedly} burned."
RELAYED = (
    "intelligence_agency #5 named indirect needs | {s The NIS} {c believes} so,"
    " {v1 Yonhap} reported, cited by {v2 The Gaze}."
)


def summary(analysis: Analysis, ratings: Ratings | None = None) -> str:
    reliability = judge_reliability(analysis, PROFILE, ratings)
    return summarise(analysis, score_analysis(analysis, PROFILE), reliability)


def write(*lines: str, status: str | None = None, **meta: str) -> str:
    return summary(read_lines(*lines, status=status, **meta))


EXACT = {
    "nothing to source": (
        [NOTE, NOTE],
        "No sentence needs a source. The article cites no source that a reader could look up."
        " There is nothing here for sourcing to be strong or weak in.",
    ),
    "nothing needed, one source": (
        ["expert #1 named indirect | {s Ivo Lund} {c said} hello."],
        "No sentence needs a source. The article cites one source: an expert, named. There is"
        " nothing here for sourcing to be strong or weak in.",
    ),
    "no source": (
        [PLAIN] * 8,
        "Of the eight sentences that need a source, none is attributed. The article cites no"
        " source that a reader could look up. Its weakness is that a reader cannot see where what"
        " needs a source comes from.",
    ),
    "one sentence, unattributed": (
        [PLAIN],
        "One sentence needs a source, too few for a sourcing score, and it is not attributed. The"
        " article cites no source that a reader could look up. Its weakness is that a reader cannot"
        " see where what needs a source comes from.",
    ),
    "one source carries all": (
        [LUND] * 6,
        "All six sentences that need a source are attributed. The article cites one source: an"
        " expert, named. All six attributed claims rest on a single source, Ivo Lund. By type and"
        " identification alone, the sources' reliability is put at 70 of 100. Its strengths are"
        " that most of what needs a source has one and most of what is attributed can be put to a"
        " name; its weakness is that it leans on one source.",
    ),
    "one source leads": (
        [LUND, LUND, LUND, BROOK, PLAIN, PLAIN],
        "Of the six sentences that need a source, four are attributed. The article cites two"
        " sources: an expert and a government source; both are named. Ivo Lund alone carries three"
        " of the four attributed claims; others rest on Mayor Ada Brook (1). By type and"
        " identification alone, the sources' reliability is put at 68 of 100. Its strength is that"
        " most of what is attributed can be put to a name; its weakness is that it leans on one"
        " source.",
    ),
    "second hand": (
        [RELAYED, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN],
        "Of the six sentences that need a source, one is attributed. The article cites one source:"
        " an intelligence source, named. The one attributed claim rests on the NIS. The attributed"
        " claim is second hand, by way of Yonhap and The Gaze. By type and identification alone,"
        " the sources' reliability is put at 55 of 100. Its weaknesses are that much that needs a"
        " source has none, it leans on one source and much of what is attributed is second hand.",
    ),
    "anonymous and nobody": (
        [LUND, BROOK, SOURCES, REPORTEDLY, REPORTEDLY.replace("#4", "#6")],
        "All five sentences that need a source are attributed. The article cites three sources: an"
        " expert, a government source and a source of unknown kind; two are named and one is"
        " anonymous. The attributed claims rest on Ivo Lund (1), Mayor Ada Brook (1) and “sources”"
        " (1). One claim rests on an anonymous source, “sources”, without a reason given, and two"
        " more on nobody in particular. By type and identification alone, the sources' reliability"
        " is put at 32 of 100. Its strength is that most of what needs a source has one; its"
        " weakness is that much of what is attributed comes from nobody in particular.",
    ),
    "a single hearsay": (
        [REPORTEDLY, PLAIN],
        "Of the two sentences that need a source, too few for a sourcing score, one is attributed."
        " The article cites no source that a reader could look up. One claim is attributed to"
        " nobody in particular. By type and identification alone, the sources' reliability is put"
        " at 10 of 100. Its weaknesses are that it leans on one source and much of what is"
        " attributed comes from nobody in particular.",
    ),
}


@pytest.mark.parametrize("name", EXACT)
def test_exact_words(name: str) -> None:
    lines, expected = EXACT[name]
    assert write(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            [BROOK, LUND],
            "Both sentences that need a source, too few for a sourcing score, are attributed.",
        ),
        ([LUND, LUND], "Both attributed claims rest on a single source, Ivo Lund."),
        (
            [LUND],
            "One sentence needs a source, too few for a sourcing score, and it is attributed.",
        ),
        ([LUND, PLAIN], "that need a source, too few for a sourcing score, one is attributed."),
        ([PLAIN] * 12, "Of the 12 sentences that need a source, none is attributed."),
        (
            [SOURCES + " They asked not to be named because they feared reprisals."],
            "One claim rests on an anonymous source, “sources”, and a reason is given.",
        ),
        (
            [SOURCES, NOTE, NOTE, SOURCES.replace("#3", "#9").replace("Sources", "An insider")],
            "Two claims rest on anonymous sources, “sources” and “an insider”, without a reason",
        ),
        (
            [LUND.replace("named", "described").replace("Ivo Lund", "A retired engineer")],
            "one source: an expert, described but not named. The one attributed claim rests on “a"
            " retired engineer”.",
        ),
        (
            [BROOK, BROOK.replace("#2", "#7").replace("Mayor Ada Brook", "Rui Paz")],
            "The article cites two government sources; both are named.",
        ),
        (
            [BROOK.replace("Mayor Ada Brook", "The mayor, Ada Brook,"), LUND, LUND, RELAYED],
            "rest on Ivo Lund (2); the mayor, Ada Brook, (1); and the NIS (1).",
        ),
        (
            [BROOK, LUND, RELAYED, RELAYED.replace("#5", "#6").replace("NIS", "SIS")],
            "(1), Ivo Lund (1), the NIS (1) and one other. Of the attributed claims, two are second"
            " hand, by way of Yonhap and The Gaze.",
        ),
        (
            [RELAYED, RELAYED],
            "Every attributed claim is second hand, by way of Yonhap and The Gaze.",
        ),
    ],
)
def test_words_that_must_appear(lines: list[str], words: str) -> None:
    assert words in write(*lines)


def test_the_frame_is_the_articles_own_claim() -> None:
    text = write(RELAYED, LUND, *[PLAIN] * 4, frame="The NIS < Yonhap")
    assert "As a whole it presents itself as resting on the NIS by way of Yonhap; of the" in text
    text = write(LUND, *[PLAIN] * 4, "unsourced | (Orbita News)", frame="Orbita News")
    assert "As a whole it presents itself as resting on Orbita News." in text


def test_an_article_that_breaks_off() -> None:
    text = write(LUND, *[PLAIN] * 5, status="truncated")
    assert text.startswith(
        "The article breaks off; in what there is of it, of the six sentences that need a source,"
        " one is attributed."
    )


def test_texts_that_could_not_be_read() -> None:
    assert write(LUND, status="not_english") == (
        "The text was not read as English, so nothing can be said of its sources."
    )
    assert write(LUND, LUND, BROOK, status="no_score") == (
        "The labels in use do not tell what is attributed from what is not, so no sourcing"
        " score is given. The article has three sentences, labelled expert (2) and government (1)."
    )


def test_ratings_are_named_as_the_basis() -> None:
    text = summary(read_lines(LUND, BROOK, *[PLAIN] * 2), Ratings({"ivo lund": 0.9}))
    assert (
        "By the ratings given, which cover 25% of what needs a source, the sources' reliability is"
        " put at 90 of 100."
    ) in text


def test_the_table_lists_sources_then_relays_and_no_nobodies() -> None:
    analysis = read_lines(BROOK, LUND, LUND, RELAYED, REPORTEDLY, SOURCES)
    rows = source_table(analysis, judge_reliability(analysis, PROFILE))
    assert [row["descriptor"] for row in rows] == [
        "Ivo Lund",
        "Mayor Ada Brook",
        "The NIS",
        "Sources",
        "Yonhap",
        "The Gaze",
    ]
    assert rows[0] == {
        "descriptor": "Ivo Lund",
        "type": "expert",
        "identified": "named",
        "reliability": "B",
        "claims": 2,
        "sentences": 2,
        "relays": [],
    }
    assert rows[2]["relays"] == ["Yonhap", "The Gaze"]
    assert rows[3]["reliability"] == "F"
    assert rows[4]["claims"] == 0


ODD = re.compile(
    r"\b(\w+) \1\b|  |\.\.| [,.;:]|\b[Aa] [aeiou]\w|\bone (?:are|sentences|claims)\b|[,;] *[.]"
)


def test_grammar_and_length_on_the_bundled_corpus() -> None:
    seen = 0
    for path in sorted(ARTICLES.glob("*.txt"))[::3]:
        analysis = to_analysis(read_plain(path))
        text = summary(analysis)
        assert text == summary(analysis)
        names = [" ".join(source.name.split()) for source in analysis.sources]
        plain = text
        for name in sorted(filter(None, names), key=len, reverse=True):
            plain = plain.replace(name, "N").replace(name[:1].lower() + name[1:], "N")
        plain = re.sub(r"“[^”]*”|\S*…", "N", plain)
        assert not (odd := ODD.search(plain)), (path.name, odd, plain)
        assert 3 <= len(re.findall(r"\.(?= [A-Z“]|$)", plain)) <= 7, (path.name, plain)
        assert not re.search(r"corroborat|confirm|independent|contradict|conflict", plain)
        seen += 1
    assert seen > 20

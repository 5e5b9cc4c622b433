"""Whether an article can be scored: its language, and whether it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.corpus.plain import read_plain
from attribution.labels import LABELS
from attribution.sentences import split_text
from attribution.status import find_status, is_english

ARTICLES = sorted((Path(__file__).parent.parent / "datasets" / "articles").glob("*.txt"))
ENGLISH = (
    "The ferry left the port of the island at dawn. It was carrying some of the people who had been"
    " waiting for it since the storm, and there was room for all of them."
)
OTHERS = {
    "German": "Die Fähre verließ den Hafen der Insel im Morgengrauen. Sie hatte einige der Leute an"
    " Bord, die seit dem Sturm auf sie gewartet hatten, und es war Platz für alle da.",
    "French": "Le ferry a quitté le port de l’île à l’aube. Il transportait quelques-unes des"
    " personnes qui l’attendaient depuis la tempête, et il y avait de la place pour toutes.",
    "Spanish": "El transbordador salió del puerto de la isla al amanecer. Llevaba a algunas de las"
    " personas que lo esperaban desde la tormenta, y había sitio para todas ellas.",
    "Dutch": "De veerboot verliet de haven van het eiland bij zonsopgang. Hij had een aantal mensen"
    " aan boord die sinds de storm op hem hadden gewacht, en er was plaats voor iedereen.",
    "Italian": "Il traghetto ha lasciato il porto dell’isola all’alba. Trasportava alcune delle"
    " persone che lo aspettavano dalla tempesta, e c’era posto per tutte quante.",
    "Swedish": "Färjan lämnade öns hamn i gryningen. Den hade med sig några av de människor som"
    " hade väntat på den sedan stormen, och det fanns plats för alla.",
    "Ukrainian": "Паром вийшов з порту острова на світанку. На борту були люди, які чекали на нього"
    " від самої бурі, і місця вистачило всім, хто того дня прийшов на причал.",
    "Korean": "여객선은 새벽에 섬의 항구를 떠났다. 폭풍 이후 배를 기다리던 사람들이"
    " 타고 있었고 모두를 위한 자리가 있었다. 선장은 말했다. 바다는 조용했다."
    " 사람들은 기뻐했다. 섬은 멀어졌다. 아침이 왔다. 항구는 비어 있었다. 배는 돌아오지 않았다.",
}


def status(text: str, labels: tuple[str, ...] = LABELS) -> str | None:
    return find_status(split_text(text), labels)[0]


def warnings(text: str, labels: tuple[str, ...] = LABELS) -> tuple[str, ...]:
    return find_status(split_text(text), labels)[1]


def test_a_whole_english_article() -> None:
    assert find_status(split_text(ENGLISH), LABELS) == (None, ())


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_languages(text: str) -> None:
    assert not is_english(text)
    assert status(text) == "not_english"
    assert "not English" in warnings(text)[0]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem[:3])
def test_every_article_of_ours_is_english(path: Path) -> None:
    assert is_english(read_plain(path).text)


def test_english_that_quotes_another_language() -> None:
    assert is_english(f"{ENGLISH} “{OTHERS['French'][:60]}”")


@pytest.mark.parametrize("text", ["Rain.", "Ferry sinks off Port Veld", "Óscar Núñez left.", "42"])
def test_short_latin_text_passes(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("text", ["Паром вийшов з порту.", "여객선은 떠났다.", "船は港を出た。"])
def test_short_text_of_another_script_does_not(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "tail",
    [
        "Subscribe now to continue reading.",
        "Subscribe to read the rest of it.",
        "This article is for subscribers only.",
        "Already a subscriber? Sign in.",
        "Sign in to continue",
        "Unlock the full article",
        "Read the full story by becoming a member",
        "“It was dark when the",
        'He said: "It was dark when the',
        "«It was dark when the",
    ],
)
def test_truncated(tail: str) -> None:
    assert status(f"{ENGLISH}\n\n{tail}") == "truncated"
    assert "breaks off" in warnings(f"{ENGLISH}\n\n{tail}")[0]


@pytest.mark.parametrize(
    "tail",
    [
        "“It was dark.”",
        "“It was dark.",  # a running quotation that nobody closed
        'He said: "It was dark."',
        "It was dark (really)",
        "She asked: why?",
        "It was dark… ",
        "It was dark —",
        "Readers may subscribe to the service of the harbour by telephone, she told the council.",
    ],
)
def test_whole(tail: str) -> None:
    assert find_status(split_text(f"{ENGLISH}\n\n{tail}\n"), LABELS) == (None, ())


def test_a_missing_full_stop_alone_is_a_warning_and_no_truncation() -> None:
    text = f"{ENGLISH}\n\nThe ferry came back at noon"
    assert status(text) is None
    assert "no full stop" in warnings(text)[0]


def test_a_paywall_line_far_from_the_end_does_not_count() -> None:
    assert status(f"Subscribe now to continue reading.\n\n{ENGLISH * 3}") is None


def test_labels_without_unsourced_give_no_score() -> None:
    assert status(ENGLISH, ("yes", "no")) == "no_score"
    assert "'unsourced'" in warnings(ENGLISH, ("yes", "no"))[0]


def test_the_first_reason_is_given() -> None:
    german = f"{OTHERS['German']} Subscribe now to continue reading."
    assert status(german, ("yes",)) == "not_english"
    assert status(f"{ENGLISH} Subscribe now to continue reading.", ("yes",)) == "truncated"


@pytest.mark.parametrize("text", ["", "\n"])
def test_no_sentences(text: str) -> None:
    assert find_status(split_text(text), LABELS) == (None, ())

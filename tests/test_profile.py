"""Scoring profiles: the bundled ones hold, and a faulty file is told its line and key."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from attribution.errors import ProfileError
from attribution.labels import LABELS, UNSOURCED
from attribution.profile import COMPONENTS, find_line, list_profiles, load_profile

BUNDLED = ("default", "investigation")


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def fault(folder: Path, text: str) -> str:
    """Return the message for a file, without the path of the test's folder."""
    with pytest.raises(ProfileError) as caught:
        load_profile(write(folder, text))
    message = str(caught.value)
    assert "\n" not in message
    return message.replace(f"{folder}/", "")


def test_bundled_profiles_are_listed() -> None:
    assert list_profiles() == BUNDLED


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_profile_is_complete(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.description
    assert math.fsum(profile.weights.values()) == 1.0
    assert tuple(profile.weights) == COMPONENTS
    assert set(profile.prior) == set(LABELS) - {UNSOURCED}
    named, described, anonymous = (
        profile.identification[key] for key in ("named", "described", "anonymous")
    )
    assert named > described > anonymous > 0


def test_default_holds_the_documented_numbers() -> None:
    profile = load_profile()
    assert profile.weights == {
        "coverage": 0.4,
        "identification": 0.25,
        "directness": 0.15,
        "breadth": 0.2,
    }
    assert profile.identification == {"named": 1.0, "described": 0.6, "anonymous": 0.1}
    assert (profile.relay, profile.cap, profile.minimum_need) == (0.8, 1 / 3, 5.0)
    assert profile.documents == 0.0


def test_investigation_differs_only_where_it_says() -> None:
    default, investigation = load_profile("default"), load_profile("investigation")
    assert investigation.documents == 0.9
    assert investigation.identification["described"] > default.identification["described"]
    assert investigation.frame == default.frame
    assert investigation.prior == default.prior


def test_own_file_extends_a_bundled_one(tmp_path: Path) -> None:
    path = write(tmp_path, 'extends = "investigation"\n[directness]\nrelay = 1\n', "desk.toml")
    profile = load_profile(str(path))
    assert profile.name == "desk"
    assert profile.relay == 1.0
    assert profile.documents == 0.9


def test_own_file_extends_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path, '\ufeffextends = "default"\nbreadth.cap = 0.5\n', "house.toml")
    path = write(tmp_path, 'name = "desk"\nextends = "house.toml"\nstatus = {minimum_need = 3}\n')
    profile = load_profile(path)
    assert (profile.name, profile.cap, profile.minimum_need) == ("desk", 0.5, 3.0)


def test_own_file_without_extends_must_be_whole(tmp_path: Path) -> None:
    bundled = Path(__file__).parent.parent / "attribution" / "data" / "profiles" / "default.toml"
    text = bundled.read_text(encoding="utf-8")
    assert load_profile(write(tmp_path, text)) == load_profile("default")
    lines = text.split("\n")
    header, gone = (
        next(number for number, line in enumerate(lines) if line.startswith(start))
        for start in ("[reliability.prior]", "military")
    )
    message = fault(tmp_path, "\n".join(lines[:gone] + lines[gone + 1 :]))
    expected = f"mine.toml, line {header + 1}: reliability.prior.military is missing"
    assert message.startswith(expected)


EXTENDS = 'extends = "default"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            EXTENDS + "\n[directness]\n# a comment\nrelai = 0.8\n",
            "mine.toml, line 5: directness.relai is unknown; did you mean directness.relay?",
        ),
        (EXTENDS + "\n[zzz]\nx = 1\n", "mine.toml, line 4: zzz.x is unknown; remove it"),
        (EXTENDS + "[zzz]\n", "mine.toml, line 2: zzz is unknown; remove it"),
        (
            EXTENDS + "[breadth]\ncap = 1.5\n",
            "mine.toml, line 3: breadth.cap must be a number from 0 to 1, not 1.5",
        ),
        (
            EXTENDS + "breadth.cap = nan\n",
            "mine.toml, line 2: breadth.cap must be a number from 0 to 1, not nan",
        ),
        (
            EXTENDS + "[ 'weights' ]\n\"coverage\" = true\n",
            "mine.toml, line 3: weights.coverage must be a number from 0 to 1, not True",
        ),
        (
            EXTENDS + "\nweights = {coverage = '0.4'}\n",
            "mine.toml, line 3: weights.coverage must be a number from 0 to 1, not '0.4'",
        ),
        (
            EXTENDS + "[weights]\ncoverage = 0.5\n",
            "mine.toml, line 2: weights add up to 1.1, not to 1; give all four, so that their sum"
            " is 1",
        ),
        (
            EXTENDS + "[identification]\nanonymous = 0.7\n",
            "mine.toml, line 3: identification.anonymous puts identification.anonymous (0.7) above"
            " identification.described (0.6); knowing more about a source must not lower a score",
        ),
        (
            EXTENDS + "[identification]\nnamed = 0.8\n[documents]\nidentified = 0.9\n",
            "mine.toml, line 5: documents.identified puts documents.identified (0.9) above"
            " identification.named (0.8); knowing more about a source must not lower a score",
        ),
        ('extends = "nope"\n', "mine.toml, line 1: extends = 'nope': no profile 'nope'; use"),
        ("extends = 3\n", "mine.toml, line 1: extends must be a text, not 3"),
        ('name = "x"\n\n[weights]\ncoverage = 0.4\n', "mine.toml, line 3: weights.identification"),
        ("x = 1\ny = = 2\n", "mine.toml, line 2: not TOML: Invalid value"),
        ("x = " + "[" * 5000, "mine.toml: not TOML: "),
        ("x = " + "9" * 5000, "mine.toml: not TOML: "),
        ('extends = "mine.toml"\n', "mine.toml, line 1: extends = 'mine.toml': leads back to"),
    ],
)
def test_faulty_file_is_told_line_and_key(tmp_path: Path, text: str, expected: str) -> None:
    assert fault(tmp_path, text).startswith(expected)


def test_fault_of_an_extended_file_names_both(tmp_path: Path) -> None:
    write(tmp_path, EXTENDS + "[frame]\nattributed = -1\n", "house.toml")
    message = fault(tmp_path, '\nextends = "house.toml"\n')
    assert message.startswith("mine.toml, line 2: extends = 'house.toml': ")
    assert "house.toml, line 3: frame.attributed must be a number" in message


def test_profile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"no profile 'nope'; use default, investigation or"):
        load_profile("nope")
    with pytest.raises(ProfileError, match="no profile"):
        load_profile("../profiles/default")
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path / "none.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path / "folder.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"\n')
    with pytest.raises(ProfileError, match="not UTF-8"):
        load_profile(tmp_path / "latin.toml")


def test_find_line_prefers_the_closest_table() -> None:
    text = "[reliability]\nx = 1\n[reliability.prior]\nexpert = 1\n[frame]\nexpert = 2\n"
    assert find_line(text, "reliability.prior.expert") == 4
    assert find_line(text, "frame.expert") == 6
    assert find_line(text, "reliability.prior.military") == 3
    assert find_line(text, "weights.coverage") == 1

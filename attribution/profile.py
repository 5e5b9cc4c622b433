"""Scoring profiles: every number that the score rests on, in TOML files that argue for it.

`default` and `investigation` are bundled. A file of the user's own may build on one of them, or on
another file beside it, with ``extends = "default"`` and then gives only what differs.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

from attribution.errors import ProfileError
from attribution.labels import IDENTIFIED, LABELS, UNSOURCED

COMPONENTS: tuple[str, ...] = ("coverage", "identification", "directness", "breadth")
#: How far the weights may be from adding up to 1.
WEIGHT_TOLERANCE = 1e-6

_SHARE = (0.0, 1.0)
#: Every number of a profile by its full key, with the least and the greatest value it may take.
_NUMBERS: dict[str, tuple[float, float]] = {
    **{f"weights.{name}": _SHARE for name in COMPONENTS},
    **{f"identification.{name}": _SHARE for name in IDENTIFIED},
    **{f"directness.{name}": _SHARE for name in ("relay", "hedged", "agentless")},
    "breadth.cap": _SHARE,
    **{f"frame.{name}": _SHARE for name in ("attributed", "identification", "directness")},
    "status.minimum_need": (0.0, 1000.0),
    **{f"reliability.prior.{name}": _SHARE for name in LABELS if name != UNSOURCED},
    **{f"reliability.identified.{name}": _SHARE for name in IDENTIFIED},
    "documents.identified": _SHARE,
}
_OPTIONAL = frozenset(("documents.identified",))
_TEXTS = ("name", "description", "extends")
_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]")
_ENTRY = re.compile(r"\s*([\w.\"'\s-]+?)\s*=")
_SYNTAX_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Profile:
    """The numbers of a scoring profile; all but `minimum_need` are from 0 to 1.

    Attributes
    ----------
    weights : mapping of str to float
        Per component of `COMPONENTS`, adding up to 1.
    identification : mapping of str to float
        What a claim is worth by how far its source is identified; rising from anonymous to named.
    relay, hedged, agentless : float
        Factors of directness: per relay, for a hedged report, for one with nobody who said it.
    cap : float
        The greatest share of the need that one origin earns breadth for.
    frame : mapping of str to float
        Part credit of the sentences of a framed article: attributed, identification, directness.
    minimum_need : float
        Fewer needed sentences than this are too short an article for a score.
    prior, prior_factors : mapping of str to float
        Reliability by type of source, and its factor by identification.
    documents : float
        A document counts as identified at least this far; 0 without a ``[documents]`` table.
    """

    name: str
    description: str
    weights: Mapping[str, float]
    identification: Mapping[str, float]
    relay: float
    hedged: float
    agentless: float
    cap: float
    frame: Mapping[str, float]
    minimum_need: float
    prior: Mapping[str, float]
    prior_factors: Mapping[str, float]
    documents: float = 0.0


def list_profiles() -> tuple[str, ...]:
    """Return the names of the bundled profiles, sorted."""
    return tuple(sorted(path.stem for path in _bundled_folder().glob("*.toml")))


def load_profile(name: str | Path = "default") -> Profile:
    """Load a bundled profile by its name, or a TOML file.

    Raises
    ------
    ProfileError
        If it is missing, is not TOML, has a key that is unknown or missing, or a value out of
        range. The message names the file, the line and the key.
    """
    file = _read(_find(str(name), Path()))
    return _build(file, _resolve(file, (file.path.resolve(),)))


@dataclass(frozen=True)
class _File:
    """One TOML file: its text, for the lines, and its values by full key."""

    path: Path
    text: str
    values: dict[str, Any]

    def error(self, key: str, what: str, hint: str = "") -> ProfileError:
        return ProfileError(f"{self.path}, line {find_line(self.text, key)}: {key} {what}", hint)


def find_line(text: str, key: str) -> int:
    """Return the line (from 1) that sets a key, else where its table begins, else 1.

    `tomllib` keeps no positions, so the text is searched: table headers and ``key =`` lines.
    """
    wanted = key.split(".")
    best, found, table = 0, 1, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = here = _split_key(header[1])
        elif entry := _ENTRY.match(line):
            here = table + _split_key(entry[1])
        else:
            continue
        alike = (a == b for a, b in zip(here, wanted, strict=False))
        common = sum(takewhile(bool, alike))
        if common > best:
            best, found = common, number
    return found


def _split_key(key: str) -> list[str]:
    return [part.strip().strip("\"'") for part in key.split(".")]


def _bundled_folder() -> Path:
    return Path(str(files("attribution").joinpath("data").joinpath("profiles")))


def _find(name: str, folder: Path) -> Path:
    if Path(name).suffix == ".toml":
        return folder / name
    path = _bundled_folder() / f"{name}.toml"
    if "/" in name or "\\" in name or not path.is_file():
        known = ", ".join(list_profiles())
        raise ProfileError(f"no profile {name!r}", f"use {known} or a .toml file")
    return path


def _read(path: Path) -> _File:
    """Read one file and check each of its own keys and values."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        file = _File(path, text, dict(_flatten(tomllib.loads(text))))
    except OSError as error:
        what = f"{path}: cannot be read ({error.strerror})"
        raise ProfileError(what, "check the path") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: not UTF-8", "save it as UTF-8") from error
    except (ValueError, RecursionError) as error:  # malformed TOML, endless digits, endless nesting
        message = str(error)
        at = _SYNTAX_LINE.search(message)
        line = f", line {at[1]}" if at else ""
        raise ProfileError(f"{path}{line}: not TOML: {_SYNTAX_LINE.sub('', message)}") from error
    for key, value in file.values.items():
        _check_value(file, key, value)
    return file


def _flatten(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of nested tables by full key."""
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flatten(value, f"{prefix}{name}.")
        elif value != {} or not any(key.startswith(f"{prefix}{name}.") for key in _NUMBERS):
            yield f"{prefix}{name}", value


def _check_value(file: _File, key: str, value: Any) -> None:
    if key in _TEXTS:
        if not isinstance(value, str) or not value.strip():
            raise file.error(key, f"must be a text, not {value!r}")
        return
    if key not in _NUMBERS:
        close = get_close_matches(key, [*_NUMBERS, *_TEXTS], n=1)
        raise file.error(key, "is unknown", f"did you mean {close[0]}?" if close else "remove it")
    low, high = _NUMBERS[key]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise file.error(key, f"must be a number from {low:g} to {high:g}, not {value!r}")


def _resolve(file: _File, seen: tuple[Path, ...]) -> dict[str, float]:
    """Return the numbers of a file over those of the profile that it extends, checked together."""
    numbers = _inherit(file, seen) if "extends" in file.values else {}
    numbers |= {key: float(value) for key, value in file.values.items() if key in _NUMBERS}
    missing = [key for key in _NUMBERS if key not in numbers and key not in _OPTIONAL]
    if missing:
        raise file.error(missing[0], "is missing", 'give it, or begin with extends = "default"')
    _check_weights(file, numbers)
    _check_order(file, numbers)
    return numbers


def _inherit(file: _File, seen: tuple[Path, ...]) -> dict[str, float]:
    name = file.values["extends"]
    try:
        base = _read(_find(name, file.path.parent))
        path = base.path.resolve()
        if path in seen:
            raise ProfileError("leads back to itself", 'try extends = "default"')
        return _resolve(base, (*seen, path))
    except ProfileError as error:
        raise file.error("extends", f"= {name!r}: {error.what}", error.hint) from error


def _check_weights(file: _File, numbers: Mapping[str, float]) -> None:
    total = math.fsum(numbers[f"weights.{name}"] for name in COMPONENTS)
    if abs(total - 1.0) > WEIGHT_TOLERANCE:
        hint = "give all four, so that their sum is 1"
        raise file.error("weights", f"add up to {total:.6g}, not to 1", hint)


def _check_order(file: _File, numbers: Mapping[str, float]) -> None:
    """Refuse values by which naming a source, or ascribing a document, would lower the score."""
    for table in ("identification", "reliability.identified"):
        for better, worse in pairwise(IDENTIFIED):
            _check_pair(file, numbers, f"{table}.{worse}", f"{table}.{better}")
    if "documents.identified" in numbers:
        _check_pair(file, numbers, "documents.identified", "identification.named")


def _check_pair(file: _File, numbers: Mapping[str, float], lower: str, upper: str) -> None:
    if numbers[lower] > numbers[upper]:
        key = lower if lower in file.values else upper
        what = f"puts {lower} ({numbers[lower]:g}) above {upper} ({numbers[upper]:g})"
        raise file.error(key, what, "knowing more about a source must not lower a score")


def _build(file: _File, numbers: Mapping[str, float]) -> Profile:
    def table(name: str) -> dict[str, float]:
        prefix = f"{name}."
        return {k.removeprefix(prefix): v for k, v in numbers.items() if k.startswith(prefix)}

    weights = table("weights")
    total = math.fsum(weights.values())
    return Profile(
        name=file.values.get("name", file.path.stem),
        description=file.values.get("description", ""),
        weights={name: weights[name] / total for name in COMPONENTS},
        identification=table("identification"),
        **table("directness"),
        cap=numbers["breadth.cap"],
        frame=table("frame"),
        minimum_need=numbers["status.minimum_need"],
        prior=table("reliability.prior"),
        prior_factors=table("reliability.identified"),
        documents=numbers.get("documents.identified", 0.0),
    )

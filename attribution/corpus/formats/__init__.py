"""Annotation formats, a module each: `read_...(path)` and `write_...(articles, path)`.

Readers return what they could not take over as lines of text, so that nothing is lost in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attribution.corpus.annotated import AnnotatedArticle
from attribution.errors import CorpusError
from attribution.files import write_atomically


@dataclass
class Imported:
    """Articles as read, and a line for each thing in the file that found no place in them."""

    articles: list[AnnotatedArticle] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def read_text(path: Path, encoding: str = "utf-8-sig") -> str:
    """Read a file without translating line ends, so that offsets hold."""
    try:
        return path.read_bytes().decode(encoding)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 ({error.reason})", "save it as UTF-8") from error


def write_text(path: Path, content: str) -> None:
    """Write a UTF-8 file without touching its line ends, beside the target and renamed."""
    write_atomically(path, content.encode("utf-8"))


def read_json(content: str, where: str) -> Any:
    """Parse JSON; an error names the place."""
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{where}: not JSON ({error.msg})") from error


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a JSON Lines file, each with its place."""
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            where = f"{path}, line {number}"
            record = read_json(line, where)
            if not isinstance(record, dict):
                raise CorpusError(f"{where}: not a JSON object")
            yield where, record


def find_file(path: Path, suffix: str) -> Path:
    """Return the path as it is, or complain that a folder was given for a file."""
    if path.is_dir():
        raise CorpusError(f"{path}: a folder", f"name a {suffix} file")
    return path

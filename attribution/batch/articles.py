"""A folder or a glob of article files, as a table with a row a file."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from attribution.batch.tables import Chunk, Column, Table, open_table
from attribution.errors import InputError

ARTICLE_SUFFIXES = (".txt", ".md", ".html", ".htm", ".xhtml")
#: The column of a file's path, from which a row's text is read.
PATH_COLUMN = "path"


@dataclass(frozen=True)
class ArticleFiles:
    """Article files; the id of each is its path within the folder.

    Only the paths are held; whoever scores a row reads its file.
    """

    path: Path
    names: tuple[str, ...]
    columns: tuple[Column, ...] = (Column("id"), Column(PATH_COLUMN))
    style: None = None
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The number of files."""
        return len(self.names)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Yield a row a file, in the order of the paths."""
        for first in range(0, len(self.names), size):
            yield Chunk(
                [
                    {"id": name, PATH_COLUMN: (self.path / name).as_posix()}
                    for name in self.names[first : first + size]
                ]
            )


def open_source(path: Path) -> Table | ArticleFiles:
    """Open what a batch reads: a table, a folder of article files, or a glob of them.

    Raises
    ------
    InputError
        If there is no such table, or no article among the files.
    """
    if path.is_dir():
        return _list_files(path, path, path.rglob("*"))
    if glob.has_magic(str(path)) and not path.exists():
        folder = _fixed_part(path)
        return _list_files(path, folder, folder.glob(str(path.relative_to(folder))))
    return open_table(path)


def _fixed_part(pattern: Path) -> Path:
    """Return the folder above the first part of a pattern that has a wildcard."""
    parts = pattern.parts
    first = next(k for k, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:first])


def _list_files(source: Path, folder: Path, found: Iterable[Path]) -> ArticleFiles:
    names = sorted(
        p.relative_to(folder).as_posix()
        for p in found
        if p.suffix.lower() in ARTICLE_SUFFIXES and p.is_file()
    )
    if not names:
        raise InputError(
            f"{source}: no article files", f"they end in {', '.join(ARTICLE_SUFFIXES)}"
        )
    return ArticleFiles(folder, tuple(names))

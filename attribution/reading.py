"""Files, standard input and HTML to documents; what cannot be read gets one clear line.

The text is kept exactly: no newline translation, no stripping, so that offsets hold.
"""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path

from attribution.document import Document
from attribution.errors import InputError
from attribution.sentences import split_text

_LETTER = re.compile(r"[^\W\d_]")
#: A longer text is no article; the limit keeps memory and time bounded.
MAX_CHARACTERS = 5_000_000
_MAX_BYTES = MAX_CHARACTERS * 4
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes that Windows-1252 uses for quotation marks, dashes and the ellipsis, and Latin-1 never.
_WINDOWS_MARKS = frozenset(b"\x80\x82\x84\x85\x91\x92\x93\x94\x96\x97")
_BINARY_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\x1f\x8b",
)


def read_article(name: str, *, outlet: str | None = None) -> Document:
    """Read one article.

    Parameters
    ----------
    name : str
        A ``.txt``, ``.md`` or ``.html`` file, or ``-`` for standard input.
    outlet : str, optional
        Who publishes.

    Raises
    ------
    InputError
        If it is missing, a directory, binary, empty, too long, or holds no sentence.
    """
    if name == "-":
        data, where, suffix = sys.stdin.buffer.read(_MAX_BYTES + 1), "standard input", ""
    else:
        path = Path(name)
        data, where, suffix = _read_file(path), name, path.suffix.lower()
    text, warnings = decode(data, where)
    if suffix in (".html", ".htm", ".xhtml") or _looks_like_html(text):
        text = extract_html(text, where)
    identifier = "-" if name == "-" else Path(name).stem
    return parse_article(text, where, id=identifier, outlet=outlet, warnings=warnings)


def parse_article(
    text: str,
    where: str = "the text",
    *,
    id: str | None = None,
    outlet: str | None = None,
    warnings: tuple[str, ...] = (),
) -> Document:
    """Split a text into a document; an empty or endless one is an `InputError`."""
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"{where}: {len(text):,} characters, over the limit of {MAX_CHARACTERS:,}",
            "give one article at a time; for many, use attribution batch",
        )
    if not text.strip():
        raise InputError(f"{where}: empty", "give an article's text")
    if not _is_encodable(text):
        raise InputError(f"{where}: half a character in it (a lone surrogate)", "mend the encoding")
    if not _LETTER.search(text):
        raise InputError(f"{where}: no sentences in it", "give an article's text")
    return split_text(text, id=id, outlet=outlet, warnings=warnings)


def _is_encodable(text: str) -> bool:
    """Whether a text holds no lone surrogate, which no file could hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _read_file(path: Path) -> bytes:
    data = b""
    try:
        if path.is_dir():
            raise InputError(
                f"{path}: a directory", "give its files, or the folder to attribution batch"
            )
        size = path.stat().st_size
        if size <= _MAX_BYTES:
            # A pipe or a device has no size, and perhaps no end.
            with path.open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", "check the path") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    size = max(size, len(data))
    if size > _MAX_BYTES:
        raise InputError(
            f"{path}: {size / 1e6:.0f} MB, too long for an article",
            "give one article at a time; for many, use attribution batch",
        )
    return data


def decode(data: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    """Decode bytes: UTF-8, else what the bytes show them to be, said in a warning.

    Returns
    -------
    text : str
    warnings : tuple of str
        Says which encoding was taken where it was not UTF-8.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            warnings = () if encoding == "utf-8-sig" else (f"read as {encoding.upper()}",)
            return _decode_as(data, encoding, where), warnings
    if data.startswith(_BINARY_MAGIC):
        raise InputError(f"{where}: a binary file, not text", "save the article as text or HTML")
    if b"\x00" in data:
        wide = _utf16_without_bom(data)
        if wide is None:
            raise InputError(f"{where}: a binary file, not text", "save the article as text")
        return _decode_as(data, wide, where), (f"read as {wide.upper()}",)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    controls = sum(byte < 9 or 13 < byte < 32 for byte in data[:10_000])
    if controls > len(data[:10_000]) // 50:
        raise InputError(f"{where}: a binary file, not text", "save the article as text or HTML")
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    # A cut letter or a stray byte among good ones; in another encoding hardly any would be good.
    if broken < sum(char > "\x7f" for char in text) - broken:
        return text, ("not all of it is UTF-8: bytes that are not show as \ufffd",)
    windows = any(byte in _WINDOWS_MARKS for byte in data)
    encoding = "cp1252" if windows else "latin-1"
    name = "Windows-1252" if windows else "Latin-1"
    warning = f"not UTF-8: read as {name}; convert the file if letters look wrong"
    return data.decode(encoding, "replace"), (warning,)


def _decode_as(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: begins as {encoding.upper()} but does not decode as such",
            "save it as UTF-8",
        ) from error


def _utf16_without_bom(data: bytes) -> str | None:
    """Recognise UTF-16 text by the zero bytes of its Latin letters."""
    sample = data[:4000]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.7 * half and sample[0::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _looks_like_html(text: str) -> bool:
    head = text[:500].lstrip().lower()
    return head.startswith(("<!doctype html", "<html"))


def extract_html(html: str, where: str) -> str:
    """Return the title and body of an article page (trafilatura)."""
    try:
        import trafilatura
    except ImportError as error:
        raise InputError(
            f"{where}: reading HTML needs trafilatura", 'pip install "attribution[html]"'
        ) from error
    body = trafilatura.extract(html, include_comments=False, include_tables=False)
    if not body:
        raise InputError(f"{where}: no article text found in the page", "save its text instead")
    metadata = trafilatura.extract_metadata(html)
    title = metadata.title if metadata else None
    return f"{title}\n{body}" if title and not body.startswith(title) else body

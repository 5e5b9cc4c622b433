"""Reading: every encoding keeps its quotation marks, and what is no article gets one clear line."""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.reading import MAX_CHARACTERS, decode, parse_article, read_article

TEXT = "Ferry sinks\r\n\r\n“It’s dark,” said Núñez – at 5 °C…\r\nIt rained.\n"
LATIN = "It was 5 °C in Zürich. Núñez said no. “No” is not in Latin-1."
PAGE = """<!DOCTYPE html>
<html><head><title>Ferry sinks off Port Veld</title></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Ferry sinks off Port Veld</h1>
<p>A ferry sank off the port of the island at dawn, and all of its passengers were saved.</p>
<p>“It’s dark out there,” said Ana Núñez, the captain, who had been at sea since the storm.</p>
<p>The owners of the ferry &amp; the port said that they would look into the cause of it.</p>
</article><footer>All rights reserved</footer></body></html>
"""


def write(folder: Path, data: bytes, name: str = "article.txt") -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def complaint(name: str) -> str:
    with pytest.raises(InputError) as caught:
        read_article(name)
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TEXT.encode("utf-8"), None),
        (TEXT.encode("utf-8-sig"), None),
        (TEXT.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "UTF-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "UTF-32"),
        (TEXT.encode("utf-16-le"), "UTF-16-LE"),
        (TEXT.encode("utf-16-be"), "UTF-16-BE"),
        (TEXT.encode("cp1252"), "Windows-1252"),
    ],
    ids=[
        "utf-8", "utf-8-bom", "utf-16-bom", "utf-16-be-bom", "utf-32-le-bom", "utf-32-be-bom",
        "utf-16-le", "utf-16-be", "windows-1252",
    ],
)  # fmt: skip
def test_every_encoding_gives_the_text_exactly(
    data: bytes, said: str | None, tmp_path: Path
) -> None:
    document = read_article(write(tmp_path, data))
    assert document.text == TEXT
    if said is None:
        assert document.warnings == ()
    else:
        assert len(document.warnings) == 1 and said in document.warnings[0]


def test_latin_1_is_told_from_windows_1252(tmp_path: Path) -> None:
    text = LATIN.replace("“No” is not in Latin-1.", "That is all.")
    document = read_article(write(tmp_path, text.encode("latin-1")))
    assert document.text == text
    assert "Latin-1" in document.warnings[0] and "Windows" not in document.warnings[0]


def test_one_bad_byte_does_not_lose_the_quotation_marks(tmp_path: Path) -> None:
    # A file cut in the middle of a letter, or with one stray byte, still is UTF-8.
    text = "“It’s dark,” said Núñez. " * 20
    for data in (text.encode() + "é".encode()[:1], text.encode() + b"\xff It rained."):
        document = read_article(write(tmp_path, data))
        assert document.text.startswith(text)
        assert document.warnings


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8])
def test_a_mark_that_the_bytes_do_not_keep(mark: bytes, tmp_path: Path) -> None:
    bad = b"\xff" if mark == codecs.BOM_UTF8 else b"a b"
    assert "does not decode as such" in complaint(write(tmp_path, mark + b"ab" + bad))


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_utf8_is_kept_exactly(text: str) -> None:
    data = text.encode()
    if text.startswith(("\ufeff", "%PDF", "PK\x03\x04", "GIF8", "\x7fELF")) or "\x00" in text:
        return
    assert decode(data, "it") == (text, ())


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_give_text_or_one_clear_line(data: bytes) -> None:
    try:
        text, _ = decode(data, "it")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        text.encode("utf-8")  # no lone surrogates


# --- what is no article --------------------------------------------------------------------------


def test_missing_file(tmp_path: Path) -> None:
    assert complaint(str(tmp_path / "none.txt")).endswith("none.txt: no such file; check the path")


def test_directory(tmp_path: Path) -> None:
    message = complaint(str(tmp_path))
    assert "a directory" in message and "attribution batch" in message


def test_a_file_taken_for_a_folder(tmp_path: Path) -> None:
    name = write(tmp_path, b"It rained.")
    assert "cannot be read" in complaint(f"{name}/article.txt")


def test_a_name_too_long_for_a_file() -> None:
    assert "cannot be read" in complaint("x" * 5000)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    name = write(tmp_path, b"It rained.")
    Path(name).chmod(0)
    assert "cannot be read (Permission denied)" in complaint(name)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 some text in it",
        b"PK\x03\x04 a document of an office program",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0 JFIF",
        b"\x1f\x8b\x08 archive",
        b"\x7fELF\x02\x01\x01",
        bytes(range(256)) * 4,
        b"\x00\x01\x02\x03" * 100,
        b"MZ\x90\x00\x03\x00\x00\x00" * 50,
        b"\x01\x02\x03\x04\x05\x06\xfe\xfa" * 50,
    ],
    ids=["pdf", "zip", "png", "jpeg", "gzip", "elf", "all", "zeros", "exe", "controls"],
)
def test_binary(data: bytes, tmp_path: Path) -> None:
    assert "a binary file, not text" in complaint(write(tmp_path, data))


@pytest.mark.parametrize("data", [b"", b"\n", b" \t\r\n\r\n ", codecs.BOM_UTF8, b"\xe2\x80\xa8"])
def test_empty(data: bytes, tmp_path: Path) -> None:
    assert "empty" in complaint(write(tmp_path, data))


@pytest.mark.parametrize("text", ["...", "123 456\n---\n", "“” ?!", "€ 5"])
def test_no_letters(text: str, tmp_path: Path) -> None:
    assert "no sentences in it" in complaint(write(tmp_path, text.encode()))


def test_too_long_a_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)  # sparse: takes no disk
    message = complaint(str(path))
    assert "50 MB, too long for an article" in message and "attribution batch" in message


def test_too_long_a_text() -> None:
    with pytest.raises(InputError, match=r"5,000,001 characters, over the limit"):
        parse_article("a" * (MAX_CHARACTERS + 1))


def test_half_a_character() -> None:
    # JSON may carry half of a pair: "\ud83d" alone; it cannot be written as UTF-8 again.
    with pytest.raises(InputError, match="half a character"):
        parse_article("It rained \ud83d all day.")


def test_complaints_name_where() -> None:
    with pytest.raises(InputError, match=r"^table\.csv, row 7: empty"):
        parse_article(" ", "table.csv, row 7")


# --- what the document says ----------------------------------------------------------------------


def test_id_and_outlet(tmp_path: Path) -> None:
    name = write(tmp_path, b"It rained.", "port-veld.txt")
    document = read_article(name, outlet="The Veld Courier")
    assert (document.id, document.outlet) == ("port-veld", "The Veld Courier")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("cp1252"))))
    document = read_article("-")
    assert (document.id, document.text) == ("-", TEXT)
    assert "Windows-1252" in document.warnings[0]


def test_empty_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert complaint("-") == "standard input: empty; give an article's text"


# --- HTML ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("page.html", "utf-8"), ("page.HTM", "utf-8"), ("page.txt", "utf-8"), ("page.html", "cp1252")],
)
def test_page(name: str, encoding: str, tmp_path: Path) -> None:
    pytest.importorskip("trafilatura", reason="the html extra is not installed")
    document = read_article(write(tmp_path, PAGE.encode(encoding), name))
    sentences = [document.words((s.start, s.end)) for s in document.sentences]
    assert sentences[0] == "Ferry sinks off Port Veld"
    assert document.title == (0, len(sentences[0]))
    assert sentences[2].startswith("“It’s dark out there,” said Ana Núñez")
    assert "ferry & the port" in sentences[3]
    assert len(sentences) == 4  # neither the title twice, nor the navigation, nor the footer
    assert document.text.count("Ferry sinks") == 1


@pytest.mark.parametrize("page", ["<html></html>", "<!doctype html><p></p>"])
def test_page_without_article(page: str, tmp_path: Path) -> None:
    pytest.importorskip("trafilatura", reason="the html extra is not installed")
    message = complaint(write(tmp_path, page.encode(), "page.html"))
    assert "no article text found" in message


def test_page_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)  # as if it were not installed
    message = complaint(write(tmp_path, PAGE.encode(), "page.html"))
    assert "trafilatura" in message and 'pip install "attribution[html]"' in message

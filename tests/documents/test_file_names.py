import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.documents.content import DOCX, PDF, XLSX
from capaian.documents.names import MAX_LENGTH, clean_name, name_for, type_by_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("laporan.pdf", "laporan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\laporan.pdf", "laporan.pdf"),
        ("/", "berkas"),
        ("", "berkas"),
        ("..", "berkas"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u200b\ufeff\u2066.pdf", "a.pdf"),
        ("re\u0301sume\u0301.pdf", "r\u00e9sum\u00e9.pdf"),
        ("a\ud800.pdf", "a.pdf"),
        ("  data   kinerja .pdf ", "data kinerja .pdf"),
        ("CON.pdf", "CON.pdf"),
        ("😀.png", "😀.png"),
    ],
)
def test_names_are_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


def test_long_names_keep_their_ending() -> None:
    assert clean_name("x" * 300 + ".pdf") == "x" * 196 + ".pdf"
    assert clean_name("x" * 300) == "x" * 200
    assert clean_name("a." + "x" * 300) == "a." + "x" * 198


def test_the_ending_tells_the_content() -> None:
    assert name_for("surat.exe", PDF) == "surat.exe.pdf"
    assert name_for("SURAT.PDF", PDF) == "SURAT.PDF"
    assert name_for("data.xlsx", DOCX) == "data.xlsx.docx"
    assert name_for("x" * 300, XLSX) == "x" * 195 + ".xlsx"
    assert name_for("a.bin", "application/unknown") == "a.bin"
    assert type_by_name("DATA.CSV", "text/plain") == "text/csv"
    assert type_by_name("data.csv", PDF) == PDF


@given(st.text(max_size=400))
def test_no_name_is_a_path_or_a_trick(text: str) -> None:
    name = clean_name(text)
    assert 0 < len(name) <= MAX_LENGTH
    assert not {"/", "\\"} & set(name)
    assert name not in (".", "..")
    assert not [character for character in name if unicodedata.category(character).startswith("C")]
    assert clean_name(name) == name or len(name) > MAX_LENGTH - 12

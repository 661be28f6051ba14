import io
import zipfile

import pytest

from capaian.documents import store
from capaian.documents.content import DOCX, XLSX, Problem, look, look_at_head
from capaian.documents.rules import PROBLEMS, reasons_not_to_keep
from capaian.journal.reason import Refused
from tests.documents.papers import a_jpeg, a_png, an_office_file

SHEET = f"{XLSX}.main+xml"
LETTER = f"{DOCX}.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def zipped(*entries: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content)
    return made.getvalue()


ALLOWED = {
    "pdf": (b"%PDF-1.7\n1 0 obj", "application/pdf"),
    "pdf with script stays bytes": (b"%PDF-1.4\n/OpenAction << /JS (app.alert(1)) >>", "application/pdf"),
    "png": (a_png(), "image/png"),
    "jpeg": (a_jpeg(), "image/jpeg"),
    "jpeg cut short": (b"\xff\xd8\xff\xe0", "image/jpeg"),
    "xlsx": (an_office_file(SHEET, ("xl/workbook.xml", b"<x/>")), XLSX),
    "docx": (an_office_file(LETTER, ("word/document.xml", b"<x/>")), DOCX),
    "csv": (b"unit;nilai\r\nBidang;1,5\r\n", "text/plain"),
    "utf-8 with mark": ("\ufeffnama;1\n".encode(), "text/plain"),
    "text of older Excel": ("nama;½ é\n".encode("cp1252"), "text/plain"),
    "an emoji": ("terima kasih 🙏".encode(), "text/plain"),
    "less than sign later": (b"nilai < 5 dan 3 <html-nya tidak ada", "text/plain"),
}
REFUSED = {
    "svg": (b'<svg xmlns="x"><script>alert(1)</script></svg>', Problem.MARKUP),
    "html": (b"\n  <!DOCTYPE html><p>", Problem.MARKUP),
    "html after text": (b"halo <SCRIPT>alert(1)</SCRIPT>", Problem.MARKUP),
    "html called xls": (b"<table><tr><td>1", Problem.MARKUP),
    "xml": (b'<?xml version="1.0"?><a/>', Problem.MARKUP),
    "php": (b"x <?php system(1)", Problem.MARKUP),
    "shell": (b"#!/bin/sh\nrm -rf /", Problem.MARKUP),
    "postscript": (b"%!PS-Adobe", Problem.MARKUP),
    "rtf": (b"{\\rtf1 x}", Problem.MARKUP),
    "program": (b"MZ\x90\x00\x03\x00\x00\x00", Problem.UNKNOWN),
    "elf": (b"\x7fELF\x02\x01\x01\x00", Problem.UNKNOWN),
    "utf-16": ("nama;1".encode("utf-16"), Problem.UNKNOWN),
    "control characters": (b"nama\x08;1", Problem.UNKNOWN),
    "no text at all": (b"\x81\x8d\x8f", Problem.UNKNOWN),
    "gif": (b"GIF89a\x01\x00\x01\x00", Problem.UNKNOWN),
    "plain zip": (zipped(("a.pdf", b"%PDF-1.7")), Problem.ZIP),
    "other office file": (an_office_file("application/vnd.ms-visio.drawing.main+xml"), Problem.ZIP),
    "macro by type": (an_office_file("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), Problem.MACRO),
    "macro by part": (an_office_file(SHEET, ("xl/vbaProject.bin", b"x")), Problem.MACRO),
    "cut zip": (an_office_file(SHEET)[:-30], Problem.DAMAGED),
    "broken zip": (b"PK\x03\x04" + b"\x00" * 40, Problem.DAMAGED),
    "zip bomb": (an_office_file(SHEET, ("xl/a.xml", b"\x00" * (101 * 1024 * 1024))), Problem.BOMB),
    "many entries": (an_office_file(SHEET, *((f"xl/{n}", b"") for n in range(1000))), Problem.BOMB),
    "old excel": (OLE, Problem.OLD_OFFICE),
    "excel with password": (OLE + "EncryptedPackage".encode("utf-16-le"), Problem.PASSWORD),
    "pdf and zip in one": (b"%PDF-1.7\n" + zipped(("a.exe", b"MZ")), Problem.MIXED),
    "png bomb": (a_png(50_000, 50_000), Problem.PICTURE_TOO_LARGE),
    "jpeg bomb": (a_jpeg(50_000, 50_000), Problem.PICTURE_TOO_LARGE),
}
# what the first bytes cannot show; the whole file does
NEEDS_WHOLE = {"plain zip", "other office file", "macro by type", "macro by part", "cut zip", "broken zip"} | {
    "zip bomb",
    "many entries",
    "pdf and zip in one",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed_by_content(name: str) -> None:
    content, media_type = ALLOWED[name]
    assert look(io.BytesIO(content)).media_type == media_type
    assert look_at_head(content).problem is None
    for wrong_name in ("a.exe", "a.pdf", "a"):
        assert store.keep(io.BytesIO(content), wrong_name).media_type == media_type


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_content_whatever_the_name(name: str) -> None:
    content, problem = REFUSED[name]
    assert look(io.BytesIO(content)).problem is problem
    for innocent in ("laporan.pdf", "data.xlsx", "foto.png", "teks.txt"):
        with pytest.raises(Refused) as caught:
            store.keep(io.BytesIO(content), innocent)
        assert [reason.code for reason in caught.value.reasons] == [f"file_{problem}"]
    assert bool(reasons_not_to_keep("a.pdf", content[:65_536], len(content))) is (name not in NEEDS_WHOLE)


def test_every_problem_has_a_sentence_and_is_in_the_corpus() -> None:
    assert set(PROBLEMS) == set(Problem) == {problem for _, problem in REFUSED.values()}
    reason = reasons_not_to_keep("x/../\u202elaporan.xls", OLE, len(OLE))[0]
    assert reason.text == "Berkas “laporan.xls” tidak diterima karena memakai format Office lama."
    assert reason.next_step == "Simpan sebagai .xlsx, .docx, atau PDF, lalu unggah lagi."
    assert reason.field == "file"


def test_empty_and_too_large() -> None:
    assert [reason.code for reason in reasons_not_to_keep("a.pdf", b"", 0)] == ["file_empty"]
    limit = 10 * 1024 * 1024
    assert [reason.code for reason in reasons_not_to_keep("a.pdf", b"%PDF-", limit + 1)] == ["file_too_large"]
    assert reasons_not_to_keep("a.pdf", b"%PDF-", limit) == []


def test_a_character_cut_by_the_head_is_no_fault() -> None:
    content = ("a" * 65_535 + "é").encode()
    assert look_at_head(content[:65_536]).media_type == "text/plain"
    assert look(io.BytesIO(content)).media_type == "text/plain"


def test_a_zip_bomb_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpack(*_: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpack)
    assert look(io.BytesIO(REFUSED["zip bomb"][0])).problem is Problem.BOMB
    with pytest.raises(AssertionError, match="unpacked"):
        look(io.BytesIO(ALLOWED["xlsx"][0]))

"""Contexts and files that the papers' tests use."""

import io
import struct
import zipfile
import zlib
from datetime import date
from typing import Any

from django.db import transaction

from capaian.agencies.models import Agency
from capaian.documents.actions import reserve
from capaian.documents.models import Document
from capaian.journal.actor import Actor

DAY = date(2026, 11, 22)
HOSTILE = '#read("/etc/passwd") $x$ *a* _b_ `c` @d <e> // f \\ [g] {h} #panic("i") = j'
SIGNATURE = {
    "title": "Plt. Kepala Dinas",
    "name": "Drs. H. Contoh, M.Si.",
    "rank": "Pembina (IV/a)",
    "nip": "197001011995031001",
}
LAYOUTS = ("sheet", "memo", "disposition", "archive")


def a_context(**changes: Any) -> dict[str, Any]:
    """A full context as `freeze` makes it, with every kind of block."""
    context: dict[str, Any] = {
        "schema": 1,
        "letterhead": {"government": "Pemerintah Kabupaten", "agency": "Dinas", "address": "Jalan 1", "contact": "Tel"},
        "title": "Rekapitulasi Data Kinerja\nTriwulan III",
        "number": "000.8.6.3/REK.0001/DISKOMINFO/XI/2026",
        "date": "2026-11-22",
        "place": "Kuala Tungkal",
        "facts": [["Hal", "Pengumpulan data"], ["Perihal", "Laporan"], ["Langkah", "8. Merekapitulasi"]],
        "blocks": [
            {"kind": "text", "heading": "A. Pendahuluan", "paragraphs": ["Satu kalimat.", "Kalimat kedua."]},
            {
                "kind": "table",
                "heading": "B. Hasil",
                "head": ["No", "Indikator", "Capaian", "SHA-256"],
                "rows": [[str(row), f"Indikator {row}", "95,50", "ab" * 32] for row in range(1, 90)],
            },
            {"kind": "list", "heading": "C. Simpulan", "items": ["Pertama", "Kedua"]},
            {"kind": "ticks", "heading": "D. Kelengkapan", "items": ["Ada", "Tidak ada"], "ticked": ["Ada"]},
        ],
        "signature": SIGNATURE,
        "footnote": "Dicetak dari Capaian; belum ditandatangani secara elektronik tersertifikasi.",
        "paper": "a4",
    }
    return context | changes


def a_draft(agency: Agency, by: Actor, **changes: Any) -> Document:
    """Reserve a small paper in a transaction of its own."""
    given: dict[str, Any] = {
        "kind_code": "ND",
        "title": "Nota Dinas Pengumpulan Data",
        "dated": DAY,
        "context": {"blocks": [{"kind": "text", "heading": "", "paragraphs": ["Isi."]}], "signature": SIGNATURE},
    }
    with transaction.atomic():
        return reserve(agency=agency, by=by, **(given | changes))


def an_office_file(main_type: str, *extra: tuple[str, bytes]) -> bytes:
    """The smallest package that says it is of a type."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'<Types><Override PartName="/x" ContentType="{main_type}"/></Types>')
        for name, content in extra:
            package.writestr(name, content)
    return made.getvalue()


def a_png(width: int = 1, height: int = 1) -> bytes:
    """A PNG that claims a size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def a_jpeg(width: int = 1, height: int = 1) -> bytes:
    """The beginning of a JPEG that claims a size, behind an EXIF segment."""
    exif = b"\xff\xe1" + struct.pack(">H", 10) + b"Exif\x00\x00\x00\x00"
    return b"\xff\xd8" + exif + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + b"\x03" * 10 + b"\xff\xd9"

"""What a file is, found from its bytes and never from its name. Pure: no rows, no disk of ours."""

import codecs
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv"
TEXT = "text/plain"
ENDINGS = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    XLSX: (".xlsx",),
    DOCX: (".docx",),
    CSV: (".csv",),
    TEXT: (".txt",),
}

HEAD_BYTES = 64 * 1024
CONTENT_TYPES = "[Content_Types].xml"
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_PIXELS = 250_000_000  # the largest phone cameras take 200 million
MAX_TYPES_BYTES = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe)[\s>/]|<\?(?:xml|php)", re.IGNORECASE)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
UNUSED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # JPEG segments that say width and height


class Problem(StrEnum):
    """Why a file's content is not taken."""

    UNKNOWN = "unknown"
    DAMAGED = "damaged"
    MACRO = "macro"
    OLD_OFFICE = "old_office"
    PASSWORD = "password"  # noqa: S105  (a finding, not a password)
    ZIP = "zip"
    BOMB = "bomb"
    MIXED = "mixed"
    MARKUP = "markup"
    PICTURE_TOO_LARGE = "picture_too_large"


@dataclass(frozen=True)
class Finding:
    """The media type of a file that may be kept, or the problem of one that may not."""

    media_type: str = ""
    problem: Problem | None = None


def look(file: BinaryIO, *, whole: bool = True) -> Finding:
    """Tell what a file is. With `whole=False` the file is only a beginning: what needs the rest is left open."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return Finding(problem=Problem.MIXED) if whole and _is_zip_too(file) else Finding(PDF)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture(PNG, _png_size(head))
    if head.startswith(b"\xff\xd8\xff"):
        return _picture(JPEG, _jpeg_size(file))
    if head.startswith(b"PK\x03\x04"):
        return _office(file) if whole else Finding(_office_guess(head))
    if head.startswith(OLE):
        file.seek(0)
        return Finding(problem=Problem.PASSWORD if ENCRYPTED_PACKAGE in file.read() else Problem.OLD_OFFICE)
    return _plain(file, head, whole=whole)


def look_at_head(head: bytes) -> Finding:
    """Tell what a file seems to be from its first bytes alone."""
    return look(io.BytesIO(head), whole=False)


def _is_zip_too(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as package:  # is_zipfile() would be fooled by four chance bytes
            return bool(package.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _picture(media_type: str, size: tuple[int, int] | None) -> Finding:
    if size is not None and size[0] * size[1] > MAX_PIXELS:
        return Finding(problem=Problem.PICTURE_TOO_LARGE)
    return Finding(media_type)


def _png_size(head: bytes) -> tuple[int, int] | None:
    if head[12:16] != b"IHDR" or len(head) < 24:
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def photo_size(file: BinaryIO) -> tuple[int, int] | None:
    """Return width and height of a JPEG in pixels; None for anything else, or when it does not say."""
    file.seek(0)
    return _jpeg_size(file) if file.read(3) == b"\xff\xd8\xff" else None


def _jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(2)
    while True:
        start = file.read(4)
        if len(start) < 4 or start[0] != 0xFF:
            return None
        if start[1] in FRAMES:
            shape = file.read(5)
            if len(shape) < 5:
                return None
            height, width = struct.unpack(">HH", shape[1:])
            return width, height
        file.seek(int.from_bytes(start[2:]) - 2, io.SEEK_CUR)


def _office(file: BinaryIO) -> Finding:
    """Excel and Word files are zips whose list of contents names their main part."""
    try:
        with zipfile.ZipFile(file) as package:
            if problem := _package_problem(package.infolist()):
                return Finding(problem=problem)
            with package.open(CONTENT_TYPES) as part:
                types = part.read(MAX_TYPES_BYTES).decode("utf-8", "replace")
            names = package.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        return Finding(problem=Problem.DAMAGED)
    if "macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        return Finding(problem=Problem.MACRO)
    found = next((media_type for media_type in (XLSX, DOCX) if f'"{media_type}.main+xml"' in types), "")
    return Finding(found) if found else Finding(problem=Problem.ZIP)


def _package_problem(entries: list[zipfile.ZipInfo]) -> Problem | None:
    """Look at the list of entries before anything is unpacked."""
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return Problem.BOMB
    if any(entry.flag_bits & 1 for entry in entries):
        return Problem.PASSWORD
    return None if any(entry.filename == CONTENT_TYPES for entry in entries) else Problem.ZIP


def _office_guess(head: bytes) -> str:
    return DOCX if b"word/" in head and b"xl/" not in head else XLSX


def _plain(file: BinaryIO, head: bytes, *, whole: bool) -> Finding:
    """Text has no control characters and reads as UTF-8 or, as older Excel writes it, Windows-1252."""
    if MARKUP.search(head[:4096]) or head.lstrip().startswith((b"<", b"#!", b"%!", b"{\\rtf")):
        return Finding(problem=Problem.MARKUP)
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, latin = True, True
    file.seek(0)
    while chunk := file.read(HEAD_BYTES):
        if CONTROL.search(chunk):
            return Finding(problem=Problem.UNKNOWN)
        latin = latin and not UNUSED_1252.search(chunk)
        utf8 = utf8 and _decodes(decoder, chunk)
    if whole:
        utf8 = utf8 and _decodes(decoder, b"", final=True)
    return Finding(TEXT) if utf8 or latin else Finding(problem=Problem.UNKNOWN)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True

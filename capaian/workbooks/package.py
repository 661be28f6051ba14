"""The package of an XLSX file: size checks before anything is opened, then its parts by name.

The workbook's XML is read directly because the numbers must arrive as the text that stands in the file (a reader that
hands out binary floats loses them) and with their format: 0.8573 shown as 85,73% means 85.73.
"""

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from capaian.workbooks.problems import UnreadableTable

MOST_BYTES: Final = 50 << 20
MOST_ENTRIES: Final = 200
MOST_RATIO: Final = 100
SMALL_ENTRY: Final = 1 << 20
BLOCK: Final = 1 << 16
ENCRYPTED: Final = 1
WORKBOOK: Final = "xl/workbook.xml"
AS_CSV: Final = "Simpan lembar itu sebagai CSV UTF-8."
# all that the library raises over bytes that do not fit together
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class Package:
    """An open XLSX file whose sizes have been checked."""

    def __init__(self, path: Path, name: str = "", *, otherwise: str = AS_CSV) -> None:
        """Open a file that people know as `name`; `otherwise` is what they can do when it is too large."""
        self.name, self.otherwise = name or path.name, otherwise
        try:
            self.zip = zipfile.ZipFile(path)
        except DAMAGE as error:
            raise self.broken() from error
        try:
            self._check()
        except UnreadableTable:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.zip.close()

    def has(self, part: str) -> bool:
        """Whether the package has a part of that name."""
        return part in self.zip.NameToInfo

    def blocks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, a block at a time."""
        try:
            with self.zip.open(part) as file:
                while block := file.read(BLOCK):
                    yield block
        except DAMAGE as error:
            raise self.broken() from error

    def feed(self, part: str, handlers: Any) -> Iterator[None]:
        """Parse a part with the handler's `start`, `end` and `text`; gives way after every block."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = handlers.start
        parser.EndElementHandler = handlers.end
        parser.CharacterDataHandler = handlers.text
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        try:
            for block in self.blocks(part):
                parser.Parse(block, False)  # noqa: FBT003 - the parser takes it by position only
                yield
            parser.Parse(b"", True)  # noqa: FBT003 - as above
        except (expat.ExpatError, LookupError, ValueError) as error:
            # also an encoding that is declared but unknown
            raise self.broken() from error

    def broken(self) -> UnreadableTable:
        """The refusal for a damaged file."""
        return UnreadableTable(f"{self.name} rusak atau bukan XLSX. Buka di Excel, lalu simpan sebagai .xlsx.")

    def _refuse_document_type(self, *_: object) -> None:
        raise UnreadableTable(f"{self.name} memuat deklarasi XML yang tidak dipakai Excel. Simpan ulang dari Excel.")

    def _check(self) -> None:
        entries = self.zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise UnreadableTable(f"{self.name} memuat lebih dari {MOST_ENTRIES} bagian. Simpan lembar pertama saja.")
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise UnreadableTable(f"{self.name} lebih dari {MOST_BYTES >> 20} MB setelah dibuka. {self.otherwise}")
        for entry in entries:
            if entry.flag_bits & ENCRYPTED:
                raise UnreadableTable(f"{self.name} berkata sandi. Simpan tanpa kata sandi.")
            if entry.file_size > max(SMALL_ENTRY, MOST_RATIO * entry.compress_size):
                raise UnreadableTable(f"{self.name} dimampatkan tidak wajar. {self.otherwise}")
        if self.has("xl/vbaProject.bin"):
            raise UnreadableTable(f"{self.name} memuat makro. Simpan sebagai .xlsx tanpa makro.")
        if not self.has(WORKBOOK):
            raise self.broken()


def tag(name: str) -> str:
    """An element's or attribute's name without its namespace."""
    return name.rpartition(" ")[2]


def plain(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their names without namespaces."""
    return {tag(name): value for name, value in attributes.items()}


def part_beside(base: str, target: str) -> str:
    """The part that a relationship of `base` points to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target)).lstrip("/")

"""Opening an input: what kind of file it is, and its rows as text in batches."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from capaian.workbooks.problems import Batch, Notes, UnreadableTable

ZIP_MARK: Final = b"PK\x03\x04"
OLD_EXCEL_MARK: Final = b"\xd0\xcf\x11\xe0"


class Source(Protocol):
    """A table: rows one by one until the headings are found, then batches. `size` and `done` in bytes."""

    size: int
    done: int
    notes: Notes

    def next_row(self) -> tuple[int, list[str]] | None:
        """The number and the cells of the next row that is not blank; None at the end."""

    def put_back(self, number: int, row: list[str]) -> None:
        """Undo the last `next_row`."""

    def batches(self) -> Iterator[Batch]:
        """The rows below the heading."""

    def close(self) -> None:
        """Let go of the file."""


def file_kind(path: Path) -> str:
    """`xlsx` or `csv` by what the file begins with; refuse what is neither."""
    if not path.exists():
        raise UnreadableTable(f"Berkas {path} tidak ditemukan.")
    if path.is_dir():
        raise UnreadableTable(f"{path} adalah folder. Sebutkan berkas CSV atau XLSX.")
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise UnreadableTable(f"Berkas {path} tidak dapat dibuka: {error.strerror}.") from error
    if head.startswith(ZIP_MARK):
        return "xlsx"
    if head.startswith(OLD_EXCEL_MARK):
        raise UnreadableTable(f"{path.name} berformat Excel lama atau berkata sandi. Simpan sebagai .xlsx tanpa sandi.")
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        raise UnreadableTable(f"{path.name} bukan berkas XLSX yang utuh. Buka di Excel, lalu simpan sebagai .xlsx.")
    return "csv"

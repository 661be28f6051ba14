"""CSV: UTF-8, heading row, `,` or `;`; in batches, in constant memory."""

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from capaian.workbooks.problems import BATCH, Batch, Notes, UnreadableTable

DELIMITERS: Final = ",;"
BOM: Final = b"\xef\xbb\xbf"
MOST_HEADING: Final = 1 << 16


class CsvSource:
    """Reads a CSV file once, from the beginning."""

    def __init__(self, path: Path) -> None:
        self.path, self.notes = path, Notes()
        self.file = io.BufferedReader(io.FileIO(path), MOST_HEADING)
        self.first = 1
        self.size, self.done = path.stat().st_size, 0
        self.delimiter = self._delimiter()
        self.has_bom = self._starts_with_bom()
        self.text = io.TextIOWrapper(self.file, encoding="utf-8-sig", newline="")
        # how many lines the taken rows stand in
        self.lines = self.lines_before = 0
        self.reader = csv.reader(self.text, delimiter=self.delimiter, strict=True)
        self.rows: Iterator[list[str]] = self._rows()

    def next_row(self) -> tuple[int, list[str]] | None:
        """The next row that is not blank."""
        self.lines_before = self.lines
        for row in self.rows:
            self.lines = self.reader.line_num
            self.first += 1
            if any(cell.strip() for cell in row):
                return self.first - 1, row
        return None

    def put_back(self, number: int, row: list[str]) -> None:
        """Undo the last `next_row`."""
        self.rows = chain([row], self.rows)
        self.first, self.lines = number, self.lines_before

    def batches(self) -> Iterator[Batch]:
        """The rows below those that were taken, a batch at a time."""
        while batch := list(islice(self.rows, BATCH)):
            self.done = self.file.tell()
            yield self.first, batch
            self.first += len(batch)

    def close(self) -> None:
        """Close the file."""
        self.text.close()

    def _rows(self) -> Iterator[list[str]]:
        try:
            yield from self.reader
        except UnicodeDecodeError as error:
            raise not_utf8(self.path.name) from error
        except csv.Error as error:
            raise badly_quoted(self.path.name, self.reader.line_num) from error

    def _starts_with_bom(self) -> bool:
        return self.file.peek(len(BOM))[: len(BOM)] == BOM

    def _delimiter(self) -> str:
        """`;` or `,`, whichever the heading row has more of outside quotes."""
        head = self.file.peek(MOST_HEADING)[:MOST_HEADING]
        return delimiter_of(head.decode("utf-8-sig", "replace"))


def delimiter_of(text: str) -> str:
    """The delimiter of the first line that is not blank; `,` when it has neither."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: len(next(csv.reader([line], delimiter=mark), [])) for mark in DELIMITERS}
    return ";" if counts[";"] > counts[","] else ","


def not_utf8(name: str) -> UnreadableTable:
    """The refusal for text in another encoding."""
    return UnreadableTable(f"{name} bukan teks UTF-8. Di Excel pilih Simpan Sebagai, jenis “CSV UTF-8”.")


def badly_quoted(name: str, line: int) -> UnreadableTable:
    """The refusal for quotes that do not close."""
    return UnreadableTable(f"{name}, sekitar baris {line}: tanda petik tidak berpasangan. Betulkan baris itu.")

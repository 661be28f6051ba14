"""A form's file: the workbook made, a filled-in one read and checked as XLSX and CSV, shown, applied; peak memory.

Needs a database of its own, so it runs in a process of its own: `python -m bench.form_files FILE`.
"""

import io
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.alone import rows_of, write
from bench.row import Row, row, seconds_of

ROWS, LARGE, TIMES = 500, 2000, 5
BOOK_BAR = 1000.0
CSV_BAR, XLSX_BAR = LARGE / 10_000 * 1000, LARGE / 3_000 * 1000
CHECKED = "seal, headings, every cell read and compared with what stood at download"


def rows() -> list[Row]:
    """Measure on SQLite in a process and a home folder of its own."""
    return rows_of("bench.form_files")


def measured_rows() -> Iterator[Row]:
    """Let a unit have a long form; time its file on the way out and back."""
    from capaian.collection.import_proposal import sheets_of
    from capaian.collection.offline_files import form_book
    from tests.collection.conftest import collect
    from tests.sop.driver import make_engine

    office = make_engine()
    plant(office, LARGE)
    run = collect(office)
    unit = office.world.units["ikp"]
    [sheet] = sheets_of(office.reach("ikp"), run, unit)
    short = type(sheet)(sheet.run, sheet.unit, sheet.form, sheet.blocks[:ROWS])
    made = [seconds_of(lambda: form_book([short])) for _ in range(TIMES)]
    yield row("workbook to fill in made", "", f"{ROWS} rows", made, BOOK_BAR, "locked and open cells, lists, signed")
    with tempfile.TemporaryDirectory() as folder:
        yield from of_reading(Path(folder), sheet)
    yield from of_applying(office, run, sheet)


def plant(office: Any, count: int) -> None:
    """Make many cards of one unit."""
    from tests.planning.cards import make_card

    for place in range(count):
        make_card(office.world, f"Indikator {place}", units=("ikp",), targets={"2026-Q1": "80"})


def filled(sheet: Any) -> tuple[bytes, bytes]:
    """Return the form's files with a number in every row: XLSX and CSV."""
    from capaian.collection.offline_files import form_book, form_csv
    from tests.collection.offline_edit import opened

    book = opened(form_book([sheet]))
    value = book.column("value")
    for down in book.body():
        book.rows[down][value] = down + 0.5
    lines = form_csv([sheet]).decode().split("\r\n")
    for at, line in enumerate(lines):
        cells = line.split(";")
        if cells[0].startswith("K") and cells[0] != "Kode":
            cells[value] = f"{at},5"
            lines[at] = ";".join(cells)
    return book.saved(), "\r\n".join(lines).encode()


def of_reading(folder: Path, sheet: Any) -> Iterator[Row]:
    """Time how files are read and checked, and how much memory that takes at most."""
    from capaian.collection.offline_columns import inputs_of
    from capaian.collection.offline_entries import read_rows
    from capaian.collection.offline_reading import read_returned

    for content, name, bar in zip(filled(sheet), ("isian.xlsx", "isian.csv"), (XLSX_BAR, CSV_BAR), strict=True):
        path = folder / name
        path.write_bytes(content)

        def check(path: Path = path, name: str = name) -> None:
            read = read_rows(read_returned(path, name), list(inputs_of([sheet])))
            if len(read.told) != LARGE or read.refusals:
                raise RuntimeError(f"{len(read.told)} fields, {len(read.refusals)} refused")

        seconds = [seconds_of(check) for _ in range(TIMES)]
        kind = name.rpartition(".")[2].upper()
        note = f"{CHECKED}; {LARGE / min(seconds):,.0f} rows/s at best, peak {peak_of(check)} MB"
        yield row(f"filled-in {kind} read and checked", "", f"{LARGE:,} rows", seconds, bar, note)


def peak_of(act: Callable[[], None]) -> int:
    """Return the most memory that Python held for this, in MB."""
    tracemalloc.start()
    act()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak >> 20


def of_applying(office: Any, run: Any, sheet: Any) -> Iterator[Row]:
    """Time the preview and the writing of a filled-in workbook."""
    from capaian.collection import actions
    from capaian.collection.import_actions import proposal_of
    from capaian.documents import store

    content, _ = filled(sheet)
    person, unit = office.reach("ikp"), office.world.units["ikp"]
    kept = store.keep(io.BytesIO(content), "isian.xlsx")
    upload = actions.keep_import(run=run, unit=unit, kept=kept, by=person.actor(), reach=person)
    seconds = [seconds_of(lambda: proposal_of(upload, person)) for _ in range(TIMES)]
    yield row("what a filled-in workbook would change", "SQLite", f"{LARGE:,} rows", seconds, None, "read, merged")
    seen = proposal_of(upload, person).digest

    def apply() -> None:
        if actions.apply_import(upload=upload, seen=seen, mine=(), by=person.actor(), reach=person) != LARGE:
            raise RuntimeError("not all rows were written")

    yield row("a filled-in workbook applied", "SQLite", f"{LARGE:,} rows", [seconds_of(apply)], None, "one transaction")


if __name__ == "__main__":
    write(measured_rows)

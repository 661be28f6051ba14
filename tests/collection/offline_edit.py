"""Stands in for the spreadsheet of a unit: opens our workbook, changes cells, saves it as another program would."""

import io
from dataclasses import dataclass, field
from typing import Any

import python_calamine
import xlsxwriter

from capaian.agencies.queries import Reach
from capaian.collection import actions
from capaian.collection.import_proposal import sheets_of
from capaian.collection.models import FormImport
from capaian.collection.offline_columns import HEADINGS, SEAL, SHEET
from capaian.collection.offline_files import form_book
from capaian.documents import store
from capaian.sop import step_rules
from capaian.sop.models import Run
from tests.collection.conftest import filling, who
from tests.sop.driver import Engine

HEAD = 3  # the row of the headings, from 0


@dataclass(frozen=True)
class Formula:
    """A formula with the value that was saved with it; None when none was."""

    text: str
    value: Any = None


@dataclass
class Book:
    """A workbook in a spreadsheet: the rows of its sheet, the texts of its hidden one."""

    rows: list[list[Any]]
    seal: list[str]
    name: str = SHEET
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_sheet: bool = False
    further: list[tuple[str, list[list[Any]]]] = field(default_factory=list)
    first: list[str] = field(default_factory=list)

    @property
    def head(self) -> list[Any]:
        """The row of headings."""
        return next(row for row in self.rows if "Kode" in row and "Indikator" in row)

    def column(self, key: str) -> int:
        """Where a column stands."""
        return self.head.index(HEADINGS[key])

    def body(self) -> list[int]:
        """The numbers of the rows below the headings, from 0."""
        return list(range(self.rows.index(self.head) + 1, len(self.rows)))

    def put(self, down: int, key: str, value: Any) -> None:
        """Write into a cell."""
        self.rows[down][self.column(key)] = value

    def saved(self) -> bytes:
        """Save."""
        out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(out, options) as made:
            for name in self.first:
                made.add_worksheet(name)
            sheet = made.add_worksheet(self.name)
            fill(sheet, self.rows)
            for area in self.merged:
                sheet.merge_range(*area, "")
                write(sheet, *area[:2], self.rows[area[0]][area[1]])
            for down in self.hidden_rows:
                sheet.set_row(down, None, None, {"hidden": True})
            for name, rows in self.further:
                fill(made.add_worksheet(name), rows)
            hidden = made.add_worksheet(SEAL)
            for down, text in enumerate(self.seal):
                hidden.write_string(down, 0, text)
            hidden.very_hidden()
            if self.hidden_sheet:
                made.get_worksheet_by_name(self.further[0][0]).activate()
                made.get_worksheet_by_name(self.further[0][0]).set_first_sheet()
                sheet.hide()
        return out.getvalue()


def fill(sheet: Any, rows: list[list[Any]]) -> None:
    """Write rows into a sheet."""
    for down, cells in enumerate(rows):
        for at, value in enumerate(cells):
            write(sheet, down, at, value)


def write(sheet: Any, down: int, at: int, value: Any) -> None:
    """Write a value as a spreadsheet keeps it."""
    if isinstance(value, Formula):
        sheet.write_formula(down, at, value.text, None, "" if value.value is None else value.value)
    elif isinstance(value, bool):
        sheet.write_boolean(down, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(down, at, value)
    elif value not in (None, ""):
        sheet.write_string(down, at, str(value))


def opened(content: bytes) -> Book:
    """Open one of our workbooks."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = [list(row) for row in book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)]
    seal = [str(row[0]) for row in book.get_sheet_by_name(SEAL).to_python(skip_empty_area=False)]
    return Book(rows, seal)


def taken_along(office: Engine, run: Run, unit: str) -> Book:
    """Download a unit's workbook as its submitter, all units' as Tim SAKIP for "", and open it."""
    return opened(form_book(sheets(office, run, unit)))


def sheets(office: Engine, run: Run, unit: str) -> list[Any]:
    """Return the forms that a file is made of."""
    return sheets_of(reach_of(office, unit), run, office.world.units[unit] if unit else None)


def reach_of(office: Engine, unit: str) -> Reach:
    """Return who brings the file of a unit, or of all."""
    return office.reach(who(unit) if unit else "team")


def bring(office: Engine, run: Run, unit: str, content: bytes, name: str = "isian.xlsx") -> FormImport:
    """Upload a file."""
    person = reach_of(office, unit)
    by = step_rules.actor_for(person, filling(run, office, unit)) if unit else person.actor()
    kept = store.keep(io.BytesIO(content), name)
    return actions.keep_import(run=run, unit=office.world.units[unit] if unit else None, kept=kept, by=by, reach=person)


def apply(office: Engine, upload: FormImport, unit: str, *mine: str, seen: str = "", token: str = "") -> int:
    """Apply a file as it is proposed."""
    from capaian.collection.import_actions import proposal_of

    person = reach_of(office, unit)
    by = person.actor(token=token)
    seen = seen or proposal_of(upload, person).digest
    return actions.apply_import(upload=upload, seen=seen, mine=mine, by=by, reach=person)

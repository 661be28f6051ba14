"""Reporting periods: month, quarter, year."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from enum import StrEnum

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
# not \d: it also takes the digits of other scripts
CODE = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


class PeriodKind(StrEnum):
    """Length of a period. The names sort from short to long."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS_OF = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year. `number` is 1-12, 1-4 or 1; ValueError for any other."""

    year: int
    kind: PeriodKind
    number: int = 1

    def __post_init__(self) -> None:
        if not MINYEAR <= self.year <= MAXYEAR or not 1 <= self.number <= 12 // self.months:
            raise ValueError(f"no such period: {self.year} {self.kind} {self.number}")

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Read `2026-03`, `2026-Q1` or `2026`; raise ValueError for anything else."""
        match = CODE.fullmatch(code)
        if match is None:
            raise ValueError(f"not a period: {code!r}")
        year, quarter, month = match.groups()
        if quarter:
            return cls(int(year), PeriodKind.QUARTER, int(quarter))
        if month:
            return cls(int(year), PeriodKind.MONTH, int(month))
        return cls(int(year), PeriodKind.YEAR)

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> "Period":
        """Return the period of this kind that the day lies in."""
        return cls(day.year, kind, (day.month - 1) // MONTHS_OF[kind] + 1)

    @property
    def code(self) -> str:
        """The code that rows and URLs carry."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.year:04d}-{self.number:02d}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.year:04d}-Q{self.number}"
        return f"{self.year:04d}"

    @property
    def months(self) -> int:
        """How many months it lasts."""
        return MONTHS_OF[self.kind]

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        month = self.number * self.months
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def label(self) -> str:
        """Indonesian name: `Maret 2026`, `Triwulan I 2026`, `Tahun 2026`."""
        if self.kind is PeriodKind.MONTH:
            return f"{MONTHS[self.number - 1]} {self.year}"
        if self.kind is PeriodKind.QUARTER:
            return f"Triwulan {ROMAN[self.number - 1]} {self.year}"
        return f"Tahun {self.year}"

    def next(self) -> "Period":
        """Return the period of the same kind that begins the day after this one ends."""
        return self._moved(1)

    def previous(self) -> "Period":
        """Return the period of the same kind that ends the day before this one begins."""
        return self._moved(-1)

    def _moved(self, steps: int) -> "Period":
        in_year = 12 // self.months
        years, place = divmod(self.number - 1 + steps, in_year)
        return Period(self.year + years, self.kind, place + 1)

    def parts(self, kind: PeriodKind) -> "tuple[Period, ...]":
        """Return the whole periods of that kind inside this one, in order; none when that kind is longer."""
        months = MONTHS_OF[kind]
        first = (self.number - 1) * self.months // months + 1
        return tuple(Period(self.year, kind, first + i) for i in range(self.months // months))

    def elapsed_parts(self, kind: PeriodKind, on: date) -> "tuple[Period, ...]":
        """Return the parts of that kind whose last day lies before `on`."""
        return tuple(part for part in self.parts(kind) if part.end < on)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.code


def periods_of_year(year: int) -> tuple[Period, ...]:
    """Return the 12 months and 4 quarters of a year by end date; a quarter follows its last month."""
    whole = Period(year, PeriodKind.YEAR)
    both = whole.parts(PeriodKind.MONTH) + whole.parts(PeriodKind.QUARTER)
    return tuple(sorted(both, key=lambda period: (period.end, period.kind)))

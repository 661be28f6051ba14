"""Reporting periods: month, quarter, year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


class PeriodKind(StrEnum):
    """Length of a period."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year. `number` is 1-12, 1-4 or 1."""

    year: int
    kind: PeriodKind
    number: int = 1

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
        return {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[self.kind]

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        after = self.number * self.months
        return date(self.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)

    @property
    def label(self) -> str:
        """Indonesian name: `Maret 2026`, `Triwulan I 2026`, `Tahun 2026`."""
        if self.kind is PeriodKind.MONTH:
            return f"{MONTHS[self.number - 1]} {self.year}"
        if self.kind is PeriodKind.QUARTER:
            return f"Triwulan {ROMAN[self.number - 1]} {self.year}"
        return f"Tahun {self.year}"

    def __str__(self) -> str:
        return self.code

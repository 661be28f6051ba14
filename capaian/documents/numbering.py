"""How numbers and dates are written. A number follows its agency's pattern of tokens.

The usual pattern: `{klas}/{kode}.{urut}/{instansi}/{bulan}/{tahun}`.
"""

from dataclasses import dataclass
from datetime import date

from capaian.agencies.rules import NUMBER_TOKEN
from capaian.periods.period import MONTHS, ROMAN

COMPULSORY = ("urut", "tahun")  # without them numbers would repeat, in a year or the next


@dataclass(frozen=True)
class NumberValues:
    """What the tokens of one number stand for; `place` in the series counts from 1."""

    classification: str
    code: str
    place: int
    agency: str
    dated: date


def write_number(pattern: str, values: NumberValues) -> str:
    """Return the number: its place with four digits at least, the month in Roman numerals."""
    words = {
        "klas": values.classification,
        "kode": values.code,
        "urut": f"{values.place:04}",
        "instansi": values.agency,
        "bulan": ROMAN[values.dated.month - 1],
        "tahun": str(values.dated.year),
    }
    return NUMBER_TOKEN.sub(lambda found: words[found[1]], pattern)


def write_date(day: date) -> str:
    """Return `22 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

"""Office hours: the spans of a day, and from which date they hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import pairwise

CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")
DASH = re.compile("\\s*[-\u2013]\\s*")
FRIDAY = 4


@dataclass(frozen=True, order=True)
class Span:
    """Office hours without a break, in local clock time and whole minutes; ValueError (Indonesian) otherwise."""

    start: time
    end: time

    def __post_init__(self) -> None:
        for clock in (self.start, self.end):
            if clock.tzinfo or clock.second or clock.microsecond:
                raise ValueError("Jam kerja ditulis dalam jam dan menit setempat, misalnya 07:30.")
        if self.end <= self.start:
            raise ValueError(f"Jam selesai {self.end:%H:%M} harus sesudah jam mulai {self.start:%H:%M}.")

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans of one day by clock time; ValueError (Indonesian) when two overlap."""
    ordered = tuple(sorted(spans))
    for before, after in pairwise(ordered):
        if after.start < before.end:
            raise ValueError(f"Jam kerja {before} dan {after} tumpang tindih.")
    return ordered


@lru_cache(maxsize=256)
def parse_spans(text: str) -> tuple[Span, ...]:
    """Read "07:30-12:00,13:00-16:00"; empty text means closed. ValueError carries an Indonesian sentence."""
    if not text.strip():
        return ()
    return in_order(_parse_span(part.strip()) for part in text.split(","))


def _parse_span(text: str) -> Span:
    ends = DASH.split(text)
    if len(ends) != 2:
        raise ValueError(f"Rentang jam kerja \u201c{text}\u201d tidak terbaca; tulis seperti 07:30-12:00.")
    return Span(_parse_clock(ends[0]), _parse_clock(ends[1]))


def _parse_clock(text: str) -> time:
    match = CLOCK.fullmatch(text)
    if match is None or int(match[1]) > time.max.hour or int(match[2]) > time.max.minute:
        raise ValueError(f"\u201c{text}\u201d bukan jam; tulis seperti 07:30.")
    return time(int(match[1]), int(match[2]))


def spans_text(spans: Iterable[Span]) -> str:
    """Write spans as `parse_spans` reads them."""
    return ",".join(map(str, spans))


@dataclass(frozen=True)
class HoursFrom:
    """Office hours of one weekday (0 = Monday) from a date on; no spans = closed. ValueError when they overlap."""

    valid_from: date
    weekday: int
    spans: tuple[Span, ...]
    ramadan: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"no such weekday: {self.weekday}")
        object.__setattr__(self, "spans", in_order(self.spans))

    @property
    def minutes(self) -> int:
        """Office minutes of such a day."""
        return sum(span.minutes for span in self.spans)


def overlaid(national: Iterable[HoursFrom], own: Iterable[HoursFrom]) -> tuple[HoursFrom, ...]:
    """Lay an agency's hours over the national ones: from its first row on, a weekday follows the agency alone."""
    mine = tuple(own)
    first: dict[tuple[int, bool], date] = {}
    for row in mine:
        kind = (row.weekday, row.ramadan)
        first[kind] = min(row.valid_from, first.get(kind, row.valid_from))
    kept = (row for row in national if row.valid_from < first.get((row.weekday, row.ramadan), date.max))
    return (*kept, *mine)


# Perpres 21/2023, signed on 12 April 2023. Pasal 3: Monday to Friday. Pasal 4: 37 h 30 min a week from 07.30, break
# 60 min, Friday 90; in Ramadan 32 h 30 min from 08.00, break 30 min, Friday 60. The clock times of breaks and ends are
# each agency's to set (same Pasal): these are the plainest that give 450 and 390 minutes a day.
PERPRES_21_2023 = date(2023, 4, 12)
DEFAULT_HOURS: tuple[HoursFrom, ...] = tuple(
    HoursFrom(PERPRES_21_2023, weekday, parse_spans(text), ramadan)
    for ramadan, ordinary, friday in (
        (False, "07:30-12:00,13:00-16:00", "07:30-11:30,13:00-16:30"),
        (True, "08:00-12:00,12:30-15:00", "08:00-11:30,12:30-15:30"),
    )
    for weekday, text in enumerate((ordinary, ordinary, ordinary, ordinary, friday))
)

"""Numbers and targets as people type them: read without guessing, or a sentence that says why not."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from capaian.formulas.number_text import Number, Refusal, format_number, parse_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import ORDINALS, ordinals_of
from capaian.planning.entries import TargetEntry
from capaian.planning.number_fields import canonical, places_of

RANGE = re.compile(r"(.*?[0-9%])\s*(?:\.\.|…|s\.?\s?d\.?|s/d|sampai|-|–|—)\s*([-−]?[0-9].*)", re.IGNORECASE)
RANGES = (Polarity.RANGE_MAX, Polarity.RANGE_MIN)
DONE = frozenset({"ya", "selesai", "tercapai"})
PERCENT_UNITS = ("%", "persen")
ABSENT = ("empty", "not_available")


class Unread(Exception):
    """What was typed is no number here; `text` is the sentence."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


def read_figure(text: str, measured_in: str = "%", *, rupiah: bool = False) -> Decimal | None:
    """Return the number that was typed, None when nothing was; raise `Unread`.

    A comma alone is the decimal comma; `1.234` alone is asked back. A percent sign fits where the unit is percent,
    `Rp` where an amount is meant.
    """
    only_comma = "," in text and "." not in text and text.count(",") == 1
    parsed = parse_number(text, decimal="," if only_comma or rupiah else None)
    if isinstance(parsed, Refusal) and parsed.code in ABSENT:
        return None
    if not isinstance(parsed, Number):
        raise Unread(parsed.text)
    if parsed.percent and not any(mark in measured_in.casefold() for mark in PERCENT_UNITS):
        raise Unread(f"“{text.strip()}” bertanda persen, tetapi satuannya {measured_in}. Betulkan salah satunya.")
    if parsed.rupiah and not rupiah and "rp" not in measured_in.casefold() and "rupiah" not in measured_in.casefold():
        raise Unread(f"“{text.strip()}” bertanda rupiah, tetapi satuannya {measured_in}. Betulkan salah satunya.")
    return checked(parsed.value)


def checked(value: Decimal) -> Decimal:
    """Return a number that the tables can hold; raise `Unread`."""
    try:
        canonical(value)
    except ValidationError:
        raise Unread("Angka ini lebih dari 24 digit. Periksa kembali angkanya.") from None
    return value


def read_target(text: str, period: str, polarity: str, measured_in: str) -> TargetEntry | None:
    """Return the target that was typed for a period, None when nothing was; raise `Unread`."""
    text = text.strip()
    if not text:
        return None
    if polarity == Polarity.PREDICATE:
        letter = text.upper()
        if ordinals_of(letter) is None:
            known = "; ".join(", ".join(each.values) for each in ORDINALS)
            raise Unread(f"Predikat “{text}” tidak dikenal. Yang dikenal: {known}.")
        return TargetEntry(period, letter=letter)
    if polarity in RANGES:
        return _range(text, period, measured_in)
    if polarity == Polarity.MILESTONE and text.casefold() in DONE:
        return TargetEntry(period, value=Decimal(1))
    value = read_figure(text, measured_in)
    return None if value is None else TargetEntry(period, value=value)


def _range(text: str, period: str, measured_in: str) -> TargetEntry:
    match = RANGE.fullmatch(text)
    if match is None:
        raise Unread(f"“{text}” bukan rentang. Tulis misalnya 80–90.")
    low, high = (read_figure(part, measured_in) for part in match.groups())
    if low is None or high is None:
        raise Unread(f"“{text}” bukan rentang. Tulis misalnya 80–90.")
    return TargetEntry(period, low=low, high=high)


def target_text(entry: TargetEntry) -> str:
    """Return a target as pages show it and forms take it back: `2,85`, `80–90`, `BB`."""
    if entry.letter:
        return entry.letter
    if entry.low is not None and entry.high is not None:
        return f"{figure_text(entry.low)}–{figure_text(entry.high)}"
    return figure_text(entry.value)


def rupiah_text(amount: Decimal) -> str:
    """Return an amount as papers write it: `Rp 1.500.000`, with sen `Rp 1.500.000,50`."""
    return format_number(amount, 2 if places_of(amount) else None, rupiah=True)


def figure_text(value: Decimal | None) -> str:
    """Return a number as forms take it back: no thousands' dots, a decimal comma; empty for None."""
    return "" if value is None else format_number(value, grouping=False)

"""Which sign in a row of digits groups thousands and which one begins the decimals."""

import re
from decimal import Decimal
from typing import Final, Literal

SHAPE: Final = re.compile(r"[0-9.,' ]+")
PARTS: Final = re.compile(r"[.,' ]")
GROUP: Final = 3


class Unreadable(Exception):
    """The digits make no number; `text` is an Indonesian sentence, empty when there is nothing to add."""

    def __init__(self, code: str = "not_a_number", text: str = "") -> None:
        self.code, self.text = code, text
        super().__init__(text or code)


class Unclear(Exception):
    """Two readings: with the sign grouping thousands, and with the sign beginning the decimals."""

    def __init__(self, readings: tuple[Decimal, Decimal]) -> None:
        self.readings = readings
        super().__init__(str(readings))


def read_digits(body: str, decimal: Literal[",", "."] | None, *, whole: bool = False, most_digits: int = 40) -> Decimal:
    """The number that unsigned digits with separators stand for; raise `Unclear` or `Unreadable`.

    Without `decimal` both writings are accepted (`1.234,5` and `1,234.5`) as long as only one reading exists.
    """
    if not SHAPE.fullmatch(body) or not body[-1].isdigit():
        raise Unreadable
    groups, signs = PARTS.split(body), PARTS.findall(body)
    if sum(map(len, groups)) > most_digits:
        raise Unreadable("too_many_digits", f"Lebih dari {most_digits} digit. Periksa kembali angkanya.")
    value = _one_sign(groups, signs[0], decimal, whole=whole) if len(signs) == 1 else _many(groups, signs, decimal)
    if whole and value != value.to_integral_value():
        raise Unreadable("not_whole", "Di sini hanya bilangan bulat. Tulis tanpa desimal.")
    return value


def _one_sign(groups: list[str], sign: str, decimal: str | None, *, whole: bool) -> Decimal:
    grouped = _are_thousands(groups)
    if sign in " '" or (decimal is not None and sign != decimal):
        if not grouped:
            raise _misplaced(sign, decimal)
        return Decimal("".join(groups))
    parted = Decimal(f"{groups[0] or '0'}.{groups[1]}")
    if decimal is not None or not grouped:
        return parted
    together = Decimal("".join(groups))
    if whole:
        return together
    raise Unclear((together, parted))


def _many(groups: list[str], signs: list[str], decimal: str | None) -> Decimal:
    """No sign at all, or several: the last one begins the decimals if it differs from the others."""
    if not signs:
        return Decimal(groups[0])
    thousands, last = signs[0], signs[-1]
    parts = "0"
    if last != thousands:
        if last not in ".,":
            raise _misplaced(last, decimal)
        groups, signs, parts = groups[:-1], signs[:-1], groups[-1]
    if decimal is not None and (thousands == decimal or (last not in (thousands, decimal))):
        raise _misplaced(thousands if thousands == decimal else last, decimal)
    if set(signs) != {thousands} or not _are_thousands(groups):
        raise _misplaced(thousands, decimal)
    return Decimal(f"{''.join(groups)}.{parts}") if last != thousands else Decimal("".join(groups))


def _are_thousands(groups: list[str]) -> bool:
    first, *others = groups
    return 1 <= len(first) <= GROUP and first[0] != "0" and all(len(group) == GROUP for group in others)


def _misplaced(sign: str, decimal: str | None) -> Unreadable:
    name = {".": "Titik", ",": "Koma", " ": "Spasi", "'": "Petik"}[sign]
    if decimal is None or sign == decimal:
        return Unreadable("misplaced_separator", f"{name} tidak pada tempatnya. Periksa kembali angkanya.")
    mark = "koma" if decimal == "," else "titik"
    return Unreadable(
        "misplaced_separator",
        f"{name} hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini {mark}. Periksa kembali "
        "angkanya.",
    )

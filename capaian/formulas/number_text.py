"""Numbers in text: one way to write them and one way to read them.

Reading never guesses. The answer is a `Number`, a `Question` (two readings are possible, ask) or a `Refusal`
(an Indonesian sentence). `1.234` alone is a question; `1.234,5` is not.
"""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from capaian.formulas.rounding import Exact, divided, quotient, rounded
from capaian.formulas.separators import Unclear, Unreadable, read_digits

Separator = Literal[",", "."]

MOST_CHARACTERS: Final = 64
MOST_DIGITS: Final = 40
ABSENT_WORDS: Final = frozenset({"n/a", "n.a", "n.a.", "na", "#n/a", "#na", "n / a"})
# hyphens, dashes and minus signs from U+2010 to U+2015, the mathematical one, small and full-width ones
DASHES: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d")
SAME_AS: Final = {
    **dict.fromkeys(DASHES, "-"),
    # full-width, small and Arabic signs, and the typographic apostrophe
    "\uff0b": "+",
    "\uff0e": ".",
    "\uff0c": ",",
    "\uff05": "%",
    "\ufe6a": "%",
    "\u066a": "%",
    "\uff08": "(",
    "\uff09": ")",
    "\u2019": "'",
    "\uff07": "'",
}
CURRENCIES: Final = ("rp.", "rp", "idr")
PERCENT_SIGNS: Final = ("%", "persen")
RUPIAH_ENDS: Final = (",--", ",-", ".-")
HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number was read, exactly as written. `percent`, `rupiah`: which mark stood beside it."""

    value: Decimal
    percent: bool = False
    rupiah: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Two readings are possible; `text` asks the writer which one is meant."""

    readings: tuple[Decimal, Decimal]
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not read. `code` is stable (`empty`, `not_available`, `dash`, …); `text` says why and what to write."""

    code: str
    text: str


Parsed = Number | Question | Refusal


def parse_number(text: str, *, decimal: Separator | None = None, whole: bool = False) -> Parsed:
    """Read a number; `decimal` fixes the decimal sign, `whole` says that only whole numbers make sense here."""
    if len(text) > MOST_CHARACTERS:
        return Refusal("too_long", f"Teks lebih dari {MOST_CHARACTERS} karakter. Tulis angkanya saja.")
    plain = _plain(text.strip())
    if isinstance(plain, Refusal):
        return plain
    if not plain:
        return Refusal("empty", "Kosong.")
    if plain.casefold() in ABSENT_WORDS:
        return Refusal("not_available", "“n/a” bukan angka. Kosongkan bila belum ada.")
    if set(plain) <= {"-", " "}:
        return Refusal("dash", "Tanda hubung dapat berarti nol atau belum ada. Tulis 0, atau kosongkan.")
    return _read(text.strip(), plain, decimal, whole=whole)


def format_number(
    value: Exact,
    places: int | None = None,
    *,
    decimal: Separator = ",",
    grouping: bool = True,
    percent: bool = False,
    rupiah: bool = False,
) -> str:
    """Write a number: `1.234,56`; all its decimals when `places` is None, else rounded half up to `places`."""
    exact = _as_decimal(value) if places is None else rounded(value, places)
    whole, _, parts = f"{exact.copy_abs():f}".partition(".")
    if places is None:
        parts = parts.rstrip("0")
    if grouping:
        whole = f"{int(whole):,}".replace(",", "." if decimal == "," else ",")
    text = f"{whole}{decimal}{parts}" if parts else whole
    sign = "-" if exact < 0 else ""
    return f"{'Rp ' if rupiah else ''}{sign}{text}{'%' if percent else ''}"


def _as_decimal(value: Exact) -> Decimal:
    numerator, denominator = quotient(value)
    return value if isinstance(value, Decimal) else divided(numerator, denominator)


def _plain(text: str) -> str | Refusal:
    """The same text with plain digits, signs and spaces."""
    out = []
    scripts = set()
    for character in text:
        category = unicodedata.category(character)
        if category == "Nd":
            digit = unicodedata.decimal(character)
            scripts.add(ord(character) - digit)
            out.append(str(digit))
        elif category == "Zs":
            out.append(" ")
        elif category in HIDDEN_CATEGORIES:
            return Refusal("hidden", "Ada karakter yang tidak terlihat. Ketik ulang angkanya.")
        else:
            out.append(SAME_AS.get(character, character))
    if len(scripts) > 1:
        return Refusal("mixed_digits", "Angka dari dua jenis aksara tercampur. Ketik ulang angkanya.")
    return "".join(out).strip()


@dataclass(slots=True)
class _Marks:
    """What stands around the digits."""

    body: str
    negative: bool = False
    percent: bool = False
    rupiah: bool = False
    signed: bool = False
    twice_signed: bool = False

    def peel(self) -> None:
        """Take off sign, parentheses, currency and percent, each at most once, in any usual order."""
        while self._peel_one():
            self.body = self.body.strip()

    def _peel_one(self) -> bool:
        body, lower = self.body, self.body.casefold()
        if body.startswith("(") and body.endswith(")"):
            return self._sign(body[1:-1], negative=True)
        if body[:1] in ("+", "-"):
            return self._sign(body[1:], negative=body[0] == "-")
        for mark in PERCENT_SIGNS:
            if lower.endswith(mark) and not self.percent:
                self.percent, self.body = True, body[: -len(mark)]
                return True
        for mark in CURRENCIES:
            if lower.startswith(mark) and not self.rupiah:
                self.rupiah, self.body = True, body[len(mark) :]
                return True
        return False

    def _sign(self, rest: str, *, negative: bool) -> bool:
        self.twice_signed, self.signed = self.signed, True
        self.negative, self.body = negative, rest
        return not self.twice_signed


def _read(written: str, plain: str, decimal: Separator | None, *, whole: bool) -> Parsed:
    marks = _Marks(plain)
    marks.peel()
    if marks.twice_signed or (marks.percent and marks.rupiah):
        return _not_a_number(written)
    return _value(written, marks, decimal, whole=whole)


def _value(written: str, marks: _Marks, decimal: Separator | None, *, whole: bool) -> Parsed:
    body = marks.body
    for end in RUPIAH_ENDS:
        # "6.116.339.202,-" is how Rupiah amounts without sen are closed
        if body.endswith(end):
            body = body[: -len(end)]
            # "10.000.-" closes with the sign of its thousands; only a comma before it makes the point a decimal sign
            decimal = "." if end[0] == "." and ("," in body or "." not in body) else ","
            break
    if decimal is None and marks.rupiah and body.count(".") == 1 and "," not in body:
        decimal = ","
    try:
        value = read_digits(body, decimal, whole=whole, most_digits=MOST_DIGITS)
    except Unclear as unclear:
        return _question(written, marks, unclear.readings)
    except Unreadable as unreadable:
        return Refusal(unreadable.code, unreadable.text) if unreadable.text else _not_a_number(written)
    return Number(_signed(value, marks), percent=marks.percent, rupiah=marks.rupiah)


def _signed(value: Decimal, marks: _Marks) -> Decimal:
    return value.copy_negate() if marks.negative and value else value


def _question(written: str, marks: _Marks, readings: tuple[Decimal, Decimal]) -> Question:
    first, second = (_signed(reading, marks) for reading in readings)
    one, other = (format_number(reading, grouping=False) for reading in (first, second))
    return Question((first, second), f"“{written}” dapat dibaca {one} atau {other}. Tulis salah satunya.")


def _not_a_number(written: str) -> Refusal:
    return Refusal("not_a_number", f"“{written}” bukan angka. Tulis angkanya saja, misalnya 1.234,56.")

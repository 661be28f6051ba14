"""Why a published achievement differs from the computed one: other formulas and the usual slips, looked for in order.

A published figure is compared at the decimals it was printed with. The first explanation that reproduces it is given;
explanations nearer to the right formula come first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from capaian.formulas import absence as why
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.result import Result
from capaian.formulas.rounding import half_up, quotient
from capaian.formulas.rule import CAPS

EQUAL: Final = "equal"
PRINTED: Final = "printed"
UNEXPLAINED: Final = "unexplained"
NO_FIGURE: Final = "no_figure"


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as printed: its value and how many decimals it was printed with."""

    value: Decimal
    places: int

    @property
    def exact(self) -> Fraction:
        """The value as a fraction."""
        return Fraction(self.value)


@dataclass(frozen=True, slots=True)
class Finding:
    """A stable code and an Indonesian phrase."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Previous:
    """The row above: its computed and its published figure, as far as they exist."""

    computed: Decimal | None
    published: Decimal | None


def find(result: Result, published: Published | None, previous: Previous | None = None) -> Finding:
    """The first explanation of the published figure."""
    if published is None:
        return Finding(NO_FIGURE, "tidak ada angka terbit")
    if result.exact is None:
        return _without_number(result, published)
    for finding in _candidates(result, result.exact, published, previous):
        return finding
    return Finding(UNEXPLAINED, "tidak dapat dijelaskan")


def difference(result: Result, published: Published | None) -> Decimal | None:
    """Published minus shown, exact; None when either is missing."""
    return None if published is None or result.shown is None else published.value - result.shown


def _without_number(result: Result, published: Published) -> Finding:
    """No figure should have been printed at all."""
    printed = format_number(published.value)
    if result.absence in (why.ZERO_TARGET, why.ZERO_TARGET_ACTUAL):
        return Finding("zero_target", f"target nol: capaian tidak terdefinisi, sumber mencetak {printed}")
    if result.absence is why.NO_ACTUAL:
        meaning = "menganggapnya nol" if published.value == 0 else f"mencetak {printed}"
        return Finding("no_actual", f"realisasi kosong, sumber {meaning}")
    if result.absence is why.NO_TARGET:
        return Finding("no_target", f"target kosong, sumber mencetak {printed}")
    return Finding("not_computable", f"{result.reason}, sumber mencetak {printed}")


def _candidates(result: Result, raw: Fraction, published: Published, previous: Previous | None) -> Iterator[Finding]:
    yield from _equal(result, raw, published)
    yield from _slips(raw, published, "own", "rumus sama")
    yield from _capped(raw, published, "own", "rumus sama")
    numbers = _numbers(result)
    for code, name, value in numbers.formulas:
        if value is not None and value != raw:
            if _rounds(value, published, published.places):
                yield Finding(code, f"memakai {name}")
            yield from _slips(value, published, code, f"memakai {name}")
    yield from _repeats(numbers, published, previous)
    for code, name, value in numbers.formulas:
        if value is not None and value != raw:
            yield from _capped(value, published, code, f"memakai {name}")
    yield from _misplaced(raw, published)


def _equal(result: Result, raw: Fraction, published: Published) -> Iterator[Finding]:
    if result.shown == published.value:
        yield Finding(EQUAL, "sama")
    if _rounds(raw, published, published.places):
        yield Finding(PRINTED, f"sama dalam {published.places} desimal tercetak")
    if result.score == published.value:
        yield Finding("score", "mencetak skor yang dibatasi, bukan capaian")


def _rounds(value: Fraction, published: Published, places: int) -> bool:
    """Whether the value rounded half up to so many places is the published figure."""
    return Fraction(half_up(value.numerator, value.denominator, places), 10**places) == published.exact


def _truncates(value: Fraction, published: Published, places: int) -> bool:
    cut = abs(value) * 10**places
    size = Fraction(cut.numerator // cut.denominator, 10**places)
    return (size if value >= 0 else -size) == published.exact


ROUNDINGS: Final[tuple[tuple[str, str, Callable[[Fraction, Published, int], bool], bool], ...]] = (
    ("truncated", "dipotong, tidak dibulatkan", _truncates, False),
    ("whole", "dibulatkan ke bilangan bulat", _rounds, True),
    ("whole_truncated", "dipotong ke bilangan bulat", _truncates, True),
)


def _slips(value: Fraction, published: Published, code: str, name: str) -> Iterator[Finding]:
    """Other ways of shortening the same number."""
    for slip, words, matches, whole in ROUNDINGS:
        if matches(value, published, 0 if whole else published.places):
            yield Finding(f"{code}_{slip}", f"{name}, {words}")


def _capped(value: Fraction, published: Published, code: str, name: str) -> Iterator[Finding]:
    for cap in CAPS:
        if cap is not None and value > cap and published.exact == cap:
            yield Finding(f"{code}_capped", f"{name}, dibatasi {cap}")
    if value < 0 and published.exact == 0:
        yield Finding(f"{code}_floored", f"{name}, dinaikkan menjadi 0")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What the row's numbers make under the formulas seen in the field."""

    target: Fraction | None
    actual: Fraction | None
    formulas: tuple[tuple[str, str, Fraction | None], ...]


def _numbers(result: Result) -> _Numbers:
    values = {item.name: Fraction(*quotient(item.value)) for item in result.inputs if item.value is not None}
    actual = values.get("R")
    if actual is None or result.rule.polarity is Polarity.MILESTONE:
        return _Numbers(None, actual, ())
    formulas: list[tuple[str, str, Fraction | None]] = []
    for name in ("T", "L", "U"):
        if values.get(name):
            formulas += _formulas(values[name], actual, name)
    return _Numbers(values.get("T"), actual, tuple(formulas))


def _formulas(target: Fraction, actual: Fraction, name: str) -> Iterator[tuple[str, str, Fraction | None]]:
    """Every formula seen in public systems, for a target other than zero (stabilize is one of the first two)."""
    share = actual / target
    suffix = "" if name == "T" else f" (batas {name})"
    yield "ratio", f"R ÷ T{suffix}", share * 100
    yield "linear", f"(2T − R) ÷ T{suffix}", (2 - share) * 100
    yield "inverse", f"T ÷ R{suffix}", 100 / share if share else None
    yield "gap", f"(T − R) ÷ T{suffix}", (1 - share) * 100
    yield "growth", f"(R − T) ÷ T{suffix}", (share - 1) * 100


def _repeats(numbers: _Numbers, published: Published, previous: Previous | None) -> Iterator[Finding]:
    """A figure copied from another cell."""
    if numbers.actual == published.exact:
        yield Finding("repeats_actual", "mengulang realisasi")
    if numbers.target == published.exact:
        yield Finding("repeats_target", "mengulang target")
    if numbers.actual is not None and numbers.target is not None and numbers.actual - numbers.target == published.exact:
        yield Finding("subtraction", "selisih R − T, bukan persentase")
    if previous is not None and published.value in (previous.published, previous.computed):
        yield Finding("previous_row", "mengulang angka baris sebelumnya")


def _misplaced(raw: Fraction, published: Published) -> Iterator[Finding]:
    """The right digits in the wrong place or order."""
    if _rounds(raw / 100, published, published.places):
        yield Finding("not_times_100", "tidak dikali 100")
    for shift, words in (
        (Fraction(1, 10), "ke kiri"),
        (Fraction(10), "ke kanan"),
        (Fraction(100), "dua angka ke kanan"),
    ):
        if raw and _rounds(raw * shift, published, published.places):
            yield Finding("decimal_sign", f"tanda desimal bergeser {words}")
    if _swapped(half_up(raw.numerator, raw.denominator, published.places), published):
        yield Finding("swapped_digits", "dua angka tertukar")


def _swapped(scaled: int, published: Published) -> bool:
    """Whether exchanging two neighbouring digits of the right figure gives the published one."""
    right, printed = str(abs(scaled)), str(abs(int(published.value.scaleb(published.places))))
    pairs = (right[:place] + right[place + 1] + right[place] + right[place + 2 :] for place in range(len(right) - 1))
    return right != printed and printed in pairs

"""Puts the figures of units and periods together: the rules of `formulas` on the rows of this room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from capaian.formulas.consolidation import PeriodFigure, PeriodMethod, consolidate
from capaian.formulas.evaluate import NotComputable, card_formula
from capaian.formulas.grammar import FormulaRefused
from capaian.formulas.locations import LocationMethod, UnitFigure, consolidate_units
from capaian.formulas.polarity import Polarity
from capaian.formulas.rounding import rounded
from capaian.planning.models import Card
from capaian.planning.number_fields import MOST_DIGITS, canonical

PLACES = 12  # of a quotient that never ends
Data = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Reported:
    """What one unit reports on a card for one period; nothing when value and letter are empty."""

    value: Decimal | None = None
    letter: str = ""
    data: Data | None = None

    @property
    def is_missing(self) -> bool:
        """Whether nothing is reported."""
        return self.value is None and not self.letter


@dataclass(frozen=True)
class Together:
    """What several units (or periods) say together; `why` says in words why there is no figure."""

    value: Fraction | None = None
    letter: str = ""
    provisional: bool = False
    why: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether there is no figure."""
        return self.value is None and not self.letter


def stored(value: Fraction) -> Decimal:
    """Return a quotient as a column holds it: exact, or rounded half up to 12 decimals; fewer when it is large."""
    whole = len(str(abs(value.numerator) // value.denominator))
    return rounded(value, max(0, min(PLACES, MOST_DIGITS - whole)))


def text_of(value: Fraction | None) -> str | None:
    """Return a quotient as a snapshot holds it."""
    return None if value is None else canonical(stored(value))


def value_of(formula: str, data: Data) -> Fraction | None:
    """Return a card's value from its raw data; None while a datum is missing.

    Raises `NotComputable` (zero below the line, too large) with a sentence; a formula that cannot be read too.
    """
    if any(value is None for value in data.values()):
        return None
    try:
        return card_formula(formula).exact(data)
    except FormulaRefused as refused:
        raise NotComputable("formula", f"Rumus kartu tidak dapat dibaca: {refused}") from refused


def has_formula(card: Card) -> bool:
    """Tell whether a card takes its value from raw data. Reads `card.data.all()`."""
    return bool(card.formula) and bool(card.data.all())


def of_units(card: Card, units: Sequence[Reported]) -> Together:
    """Return what the units say together in one period, by the card's consolidation over units."""
    given = [unit for unit in units if not unit.is_missing]
    if not given:
        return Together(why="belum ada unit yang melaporkan")
    lacking = len(given) < len(units)
    if card.polarity == Polarity.PREDICATE:
        letters = sorted({unit.letter for unit in given})
        return Together(letter=letters[0], provisional=lacking) if len(letters) == 1 else _differing(letters)
    if lacking and card.location == LocationMethod.SUM and card.polarity != Polarity.MAXIMIZE:
        # a missing count would make "lower is better" look better than it is
        return Together(why="belum semua unit melaporkan, sehingga tidak dijumlahkan")
    try:
        value = _located(card, given)
    except NotComputable as error:
        return Together(why=error.text)
    if value is None:
        return Together(why="kartu meminta data mentah, tetapi datanya tidak tersedia")
    return Together(value=value, provisional=lacking)


def _differing(letters: Sequence[str]) -> Together:
    return Together(why=f"predikat unit berbeda ({', '.join(letters)})")


def _located(card: Card, given: Sequence[Reported]) -> Fraction | None:
    if card.location == LocationMethod.RAW_DATA and has_formula(card):
        return value_of(card.formula, summed(card, given))
    figures = [UnitFigure(value=_exact(card, unit)) for unit in given]
    if card.location == LocationMethod.RAW_DATA:
        return consolidate_units(LocationMethod.SUM, figures).exact if len(given) == 1 else None
    return consolidate_units(LocationMethod(card.location), figures).exact


def summed(card: Card, given: Sequence[Reported]) -> dict[str, Decimal | None]:
    """Return each raw datum summed over the units that reported."""
    totals: dict[str, Decimal | None] = {}
    for datum in card.data.all():
        figures = [UnitFigure(value=(unit.data or {}).get(datum.name)) for unit in given]
        total = consolidate_units(LocationMethod.SUM, figures).exact
        totals[datum.name] = None if total is None else stored(total)
    return totals


def _exact(card: Card, unit: Reported) -> Fraction | Decimal | None:
    """A unit's value without the rounding of its column, where raw data give it."""
    if not has_formula(card) or not unit.data:
        return unit.value
    return value_of(card.formula, unit.data)


def of_periods(card: Card, periods: Sequence[Together]) -> Together:
    """Return what a card's own periods say together at the end of a run's period."""
    if not periods:
        return Together(why="belum jatuh tempo")
    if card.polarity == Polarity.PREDICATE:
        return periods[-1]
    method = PeriodMethod.LAST if card.entry == Card.Entry.TO_DATE else PeriodMethod(card.consolidation)
    figures = [PeriodFigure(1, period.value) for period in periods]  # every one of them is due
    found = consolidate(method, Polarity(card.polarity), figures, len(figures))
    if found.absence is not None or found.actual is None:
        return Together(why=found.absence.text if found.absence else "belum ada realisasi")
    used = periods[-1:] if method is PeriodMethod.LAST else periods
    lacking = found.provisional and method is not PeriodMethod.LAST
    return Together(value=found.actual, provisional=lacking or any(period.provisional for period in used))

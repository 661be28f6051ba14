"""A worked example of a card that is still being written: invented figures of two units and two quarters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.evaluate import NotComputable, card_formula
from capaian.formulas.grammar import FormulaRefused
from capaian.formulas.locations import LocationMethod, UnitFigure, consolidate_units
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.rounding import Exact, rounded
from capaian.formulas.weights import weighted_mean
from capaian.measurement.computing import Outcome
from capaian.measurement.trial import Choices, Tried, tried
from capaian.planning.card_rules import reasons_about_card
from capaian.planning.entries import CardEntry, TargetEntry
from capaian.planning.models import Card

#: the fields of a card that change an example
SHOWN: Final = frozenset(
    {"polarity", "consolidation", "location", "entry", "scale", "cap", "tolerance", "weight", "negative_target",
     "formula", "data"}
)  # fmt: skip
PREFIXES: Final = frozenset(name.partition("_")[0] for name in SHOWN)
UNITS: Final = ("Unit A", "Unit B")
NEIGHBOUR: Final = Decimal(100)  # score of the indicator of weight 1 beside which this one is averaged
WORSE_WHEN_HIGHER: Final = (Polarity.MINIMIZE, Polarity.MINIMIZE_RATIO)
ACTUALS: Final = (Decimal(72), Decimal(84))
LOCATED: Final = {
    LocationMethod.RAW_DATA.value: "data mentah dijumlahkan dahulu, lalu dihitung dengan rumus",
    LocationMethod.SUM.value: "dijumlahkan",
    LocationMethod.AVERAGE.value: "dirata-ratakan",
}


@dataclass(frozen=True)
class Worked:
    """The example: how figures came about, the achievement, what its weight does; or why there is none yet."""

    refused: Sequence[str] = ()
    steps: Sequence[str] = ()
    outcome: Outcome | None = None
    how: str = ""
    weighed: str = ""


def worked(entry: CardEntry, year: int) -> Worked:
    """Return the example of what a card says now; only reasons about the measuring keep it back."""
    reasons = [each for each in reasons_about_card(entry, year) if each.field.partition("_")[0] in PREFIXES]
    if reasons:
        return Worked(refused=[str(each) for each in reasons])
    try:
        steps, periods = _periods(entry)
    except (NotComputable, FormulaRefused) as error:
        return Worked(refused=[f"Rumus tidak dapat dihitung dengan angka contoh: {error.text}"])
    found, how = tried(_choices(entry), periods)
    return Worked((), steps, found.outcome, how, _weighed(entry, found.outcome))


def _choices(entry: CardEntry) -> Choices:
    is_to_date = entry.entry == Card.Entry.TO_DATE
    return Choices(
        polarity=entry.polarity,
        consolidation=PeriodMethod.LAST.value if is_to_date else entry.consolidation,
        scale=entry.scale,
        cap=entry.cap,
        tolerance=entry.tolerance,
        negative_target=entry.negative_target,
    )


def _periods(entry: CardEntry) -> tuple[list[str], list[Tried]]:
    """Return two quarters with invented figures, and the sentences that tell them."""
    polarity = Polarity(entry.polarity)
    if polarity is Polarity.PREDICATE:
        target = TargetEntry("", letter="BB")
        return ["Triwulan I dan II: target BB, realisasi CC lalu B."], [
            Tried(target, None, each) for each in ("CC", "B")
        ]
    if polarity is Polarity.MILESTONE:
        stages = [Tried(TargetEntry("", Decimal(place)), Decimal(1)) for place in (1, 2)]
        return ["Triwulan I: target 1 tahap, selesai 1. Triwulan II: target 2 tahap, selesai 1."], stages
    steps, actuals = [], []
    for place, name in enumerate(("I", "II")):
        told, actual = _together(entry, place)
        steps += [f"Triwulan {name}: {sentence}" for sentence in told]
        actuals.append(actual)
    target = _target(polarity, actuals[-1])
    steps.append(f"Target setiap triwulan: {_target_text(target)}.")
    return steps, [Tried(target, actual) for actual in actuals]


def _together(entry: CardEntry, place: int) -> tuple[list[str], Exact]:
    """Return what two units report in a quarter, in words, and as one figure."""
    method = LocationMethod(entry.location)
    if not entry.formula.strip():
        whole = ACTUALS[place]
        parts = (whole - 4, whole + 4) if method is LocationMethod.AVERAGE else (whole - 30, Decimal(30))
        found = consolidate_units(method, [UnitFigure(value=each) for each in parts]).exact
        told = ", ".join(f"{unit} {_text(value)}" for unit, value in zip(UNITS, parts, strict=True))
        return [f"{told}; {LOCATED[method.value]}: {_text(found or 0)}."], found or Fraction(0)
    return _of_formula(entry, method, place)


def _of_formula(entry: CardEntry, method: LocationMethod, place: int) -> tuple[list[str], Exact]:
    formula = card_formula(entry.formula)
    given = [_data(entry, unit, place) for unit in range(len(UNITS))]
    if method is LocationMethod.RAW_DATA:
        sums = {name: sum((each[name] for each in given), Decimal(0)) for name in given[0]}
        data = ", ".join(f"{name} {_text(value)}" for name, value in sums.items())
        told = [f"jumlah data mentah kedua unit: {data}.", f"{formula.in_numbers(sums)}."]
        return told, formula.exact(sums)
    values = [formula.exact(each) for each in given]
    told = [f"{unit}: {formula.in_numbers(each)}." for unit, each in zip(UNITS, given, strict=True)]
    found = consolidate_units(method, [UnitFigure(value=each) for each in values]).exact or Fraction(0)
    return [*told, f"kedua unit {LOCATED[method.value]}: {_text(found)}."], found


def _data(entry: CardEntry, unit: int, place: int) -> Mapping[str, Decimal]:
    return {each.name: Decimal(40 + 20 * at + 10 * unit + 5 * place) for at, each in enumerate(entry.data)}


def _target(polarity: Polarity, actual: Exact) -> TargetEntry:
    """Return a round target that the last actual misses a little."""
    near = rounded(Fraction(actual) * Fraction(9 if polarity in WORSE_WHEN_HIGHER else 11, 10), 0)
    if polarity in (Polarity.RANGE_MAX, Polarity.RANGE_MIN):
        return TargetEntry("", low=near, high=near + max(Decimal(10), abs(near) / 10))
    return TargetEntry("", near)


def _target_text(target: TargetEntry) -> str:
    if target.low is not None and target.high is not None:
        return f"{_text(target.low)}–{_text(target.high)}"
    return _text(target.value or 0)


def _weighed(entry: CardEntry, outcome: Outcome) -> str:
    """Tell what the weight does to a mean with one neighbour."""
    score = outcome.result.score_exact
    mean = weighted_mean([(score, entry.weight), (NEIGHBOUR, 1)])
    if score is None or mean.shown is None:
        return ""
    own, weight = format_number(rounded(score), 2), format_number(entry.weight)
    return (
        f"Bobot {weight}: bersama indikator lain berbobot 1 dengan skor 100, rata-ratanya "
        f"({weight} × {own} + 1 × 100) ÷ ({weight} + 1) = {format_number(mean.shown, 2)}."
    )


def _text(value: Exact) -> str:
    exact = Fraction(value)
    return format_number(exact if exact.denominator == 1 else rounded(exact, 2))

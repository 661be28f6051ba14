"""A card's formula in numbers, before anybody has reported: an invented actual against the real target."""

from decimal import Decimal

from capaian.formulas.evaluate import NotComputable, card_formula
from capaian.formulas.example import example
from capaian.formulas.grammar import FormulaRefused
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import EVALUATION, ordinals_of
from capaian.formulas.rule import Rule
from capaian.formulas.shipped_scales import shipped_scale
from capaian.planning.models import Card


def rule_of(card: Card, letter: str = "") -> Rule:
    """Return how a card is measured."""
    return Rule(
        polarity=Polarity(card.polarity),
        cap=card.cap,
        scale=shipped_scale(card.scale),
        tolerance=card.tolerance,
        negative_target=card.negative_target,
        ordinals=ordinals_of(letter) or EVALUATION,
    )


def worked_example(card: Card) -> tuple[str, ...]:
    """Return sentences that show raw data and achievement in numbers; none while the year has no target.

    Reads `card.targets.all()` and `card.data.all()`: prefetch them.
    """
    year = f"{card.year:04d}"
    target = next((row for row in card.targets.all() if row.period == year), None)
    if target is None:
        return ()
    shown = example(
        rule_of(card, target.letter), target=target.value, low=target.low, high=target.high, letter=target.letter
    )
    return (*_data_in_numbers(card), *shown.explanation)


def _data_in_numbers(card: Card) -> tuple[str, ...]:
    """Return the card's own formula with small round numbers; nothing when it has none, or they do not fit it."""
    if not card.formula:
        return ()
    data = {row.name: Decimal(40 + 20 * place) for place, row in enumerate(card.data.all())}
    try:
        return (f"Angka indikator: {card_formula(card.formula).in_numbers(data)}.",)
    except (NotComputable, FormulaRefused):
        return ()

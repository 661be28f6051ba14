"""Units and periods put together: letters, gaps, quotients that never end."""

from decimal import Decimal
from fractions import Fraction

import pytest

from capaian.collection.consolidation import Reported, of_periods, of_units, stored, text_of
from tests.planning.cards import make_card
from tests.sop.driver import Engine

A, B = Reported(Decimal(10)), Reported(Decimal("20.5"))
NOTHING = Reported()


@pytest.mark.parametrize(
    ("location", "polarity", "units", "value", "provisional"),
    [
        ("sum", "maximize", [A, B], "30.5", False),
        ("sum", "maximize", [A, NOTHING], "10", True),
        ("sum", "minimize", [A, NOTHING], None, False),
        ("average", "minimize", [A, NOTHING], "10", True),
        ("average", "maximize", [A, B], "15.25", False),
        ("raw_data", "maximize", [A], "10", False),
        ("raw_data", "maximize", [A, B], None, False),
        ("sum", "maximize", [NOTHING], None, False),
    ],
)
def test_units_together(
    office: Engine, *, location: str, polarity: str, units: list[Reported], value: str | None, provisional: bool
) -> None:
    card = make_card(office.world, "Kartu", location=location, polarity=polarity)
    found = of_units(card, units)
    assert (text_of(found.value), found.provisional) == (value, provisional)
    assert bool(found.why) == (value is None)


def test_letters_must_agree(office: Engine) -> None:
    card = make_card(office.world, "Kartu", polarity="predicate")
    assert of_units(card, [Reported(letter="BB"), Reported(letter="BB")]).letter == "BB"
    found = of_units(card, [Reported(letter="BB"), Reported(letter="A")])
    assert (found.letter, found.why) == ("", "predikat unit berbeda (A, BB)")
    assert (
        of_periods(card, [of_units(card, [Reported(letter="B")]), of_units(card, [Reported(letter="A")])]).letter == "A"
    )


def test_missing_month_leaves_less_is_better_without_a_figure(office: Engine) -> None:
    for polarity, value in (("maximize", "30.5"), ("minimize", None)):
        card = make_card(office.world, polarity, polarity=polarity, consolidation="sum")
        months = [of_units(card, [A]), of_units(card, [NOTHING]), of_units(card, [B])]
        found = of_periods(card, months)
        assert (text_of(found.value), found.provisional) == (value, value is not None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(-1, 3), "-0.333333333333"),
        (Fraction(10**20, 3), "33333333333333333333.3333"),
        (Fraction(181995, 2000), "90.9975"),
        (Fraction(0), "0"),
    ],
)
def test_quotients_are_rounded_once(value: Fraction, text: str) -> None:
    assert text_of(value) == text
    assert stored(value) == Decimal(text)

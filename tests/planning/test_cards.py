"""The tables of planning refuse what cannot be meant."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from capaian.planning.models import Card, Target
from tests.factories import make_agency
from tests.planning.cards import make_card

pytestmark = pytest.mark.django_db


def test_a_card_comes_back_with_its_targets() -> None:
    world = make_agency("Melati")
    card = make_card(world, "Indeks SPBE", targets={"2026-Q1": "2.85", "2026": "3.00"}, units=("aptika", "ikp"))
    assert sorted((row.period, row.value) for row in card.targets.all()) == [
        ("2026", Decimal(3)),
        ("2026-Q1", Decimal("2.85")),
    ]
    assert card.suppliers.count() == 2


@pytest.mark.parametrize("says", [{}, {"value": Decimal(1), "letter": "A"}, {"low": Decimal(1)}])
def test_a_target_says_one_thing(says: dict[str, object]) -> None:
    card = make_card(make_agency("Melati"), "Indeks SPBE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(card=card, period="2026-Q1", **says)


def test_an_indicator_has_one_current_card_a_year() -> None:
    card = make_card(make_agency("Melati"), "Indeks SPBE")
    again = {"indicator": card.indicator, "agency": card.agency, "year": card.year, "weight": Decimal(1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.create(**again, name="Lain", measured_in="indeks", version=2)
    assert Card.objects.create(**again, name="Lain", measured_in="indeks", version=2, is_current=False).pk

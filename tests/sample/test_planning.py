"""What the sample agency promises: complete whatever the day of installation, every figure with its source."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine

from capaian.agencies.models import Agency, Person
from capaian.agencies.queries import Reach, reach
from capaian.collection.models import Actual
from capaian.planning.models import BudgetMonth, Card, Node, Target
from capaian.planning.queries import cards_due
from capaian.sample.load import load, planned_quarters

pytestmark = pytest.mark.django_db
DAYS = ("2026-11-22", "2027-01-04", "2027-05-01", "2029-02-01")


@contextmanager
def loaded(day: str) -> Iterator[tuple[Agency, Reach]]:
    with time_machine.travel(datetime.fromisoformat(f"{day}T09:00:00+07:00"), tick=False):
        agency = load()
        yield agency, reach(Person.objects.get(username="tim"), date.fromisoformat(day))


@pytest.mark.parametrize("day", DAYS)
def test_every_unit_has_something_due_in_every_quarter_of_the_sample(day: str) -> None:
    with loaded(day) as (agency, of):
        units = set(agency.units.values_list("pk", flat=True))
        for quarter in planned_quarters(of.on):
            cards = cards_due(of, quarter)
            assert {row.unit_id for card in cards for row in card.suppliers.all()} == units
            assert {card.polarity for card in cards} == {"maximize", "minimize"}
            assert all(card.activated_at for card in cards)


def test_every_row_names_its_source() -> None:
    with loaded(DAYS[0]):
        assert not Node.objects.filter(origin="").exists()
        assert not Card.objects.filter(origin="").exists()
        assert not Actual.objects.filter(origin="").exists()
        assert not BudgetMonth.objects.filter(origin="").exists()


def test_published_figures_are_kept_and_made_up_ones_marked() -> None:
    with loaded(DAYS[0]):
        spbe = Actual.objects.filter(card__name="Indeks SPBE").order_by("period")
        assert [(row.period, row.value) for row in spbe] == [
            ("2020", Decimal("3.22")),
            ("2021", Decimal("3.53")),
            ("2022", Decimal("3.53")),
            ("2023", Decimal("4.5")),
            ("2024", Decimal("4.77")),
        ]
        targets = Target.objects.filter(card__name="Indeks Pembangunan Statistik", card__year=2026)
        assert [(row.value, row.is_example) for row in targets] == [(Decimal("2.7"), False)]
        assert not Target.objects.filter(period__contains="Q", is_example=False).exists()


def test_a_year_beyond_the_published_targets_takes_the_last_one_as_an_example() -> None:
    with loaded("2030-12-01"):
        assert Target.objects.get(card__name="Nilai SAKIP", period="2030").is_example is False


def test_budgets_of_the_year_add_up_to_the_published_ones() -> None:
    with loaded(DAYS[0]):
        months = BudgetMonth.objects.filter(node__code="2.16.01", year=2026)
        assert sum(row.ceiling for row in months) == Decimal(11347530574)
        assert sum(row.spent for row in months) == Decimal(10803240713)

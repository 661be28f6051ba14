"""A card is due where its frequency and its targets say so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capaian.periods.period import Period
from capaian.planning.models import Card, Level
from capaian.planning.queries import cards_due, cards_of_year
from capaian.planning.rules import due, natural_periods
from tests.factories import make_agency
from tests.planning.cards import make_card

NATURAL = [
    ("month", "2026-Q1", ("2026-01", "2026-02", "2026-03")),
    ("month", "2026-02", ("2026-02",)),
    ("quarter", "2026-Q3", ("2026-Q3",)),
    ("quarter", "2026-02", ()),
    ("quarter", "2026", ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")),
    ("semester", "2026-Q1", ()),
    ("semester", "2026-Q2", ("2026-Q2",)),
    ("semester", "2026", ("2026-Q2", "2026-Q4")),
    ("semester", "2026-06", ()),
    ("year", "2026-Q3", ()),
    ("year", "2026-Q4", ("2026",)),
    ("year", "2026", ("2026",)),
    ("year", "2026-12", ()),
]


@pytest.mark.parametrize(("frequency", "run", "expected"), NATURAL)
def test_natural_periods_end_inside_the_run(frequency: str, run: str, expected: tuple[str, ...]) -> None:
    assert tuple(each.code for each in natural_periods(frequency, Period.parse(run))) == expected


DUE = [
    ("quarter", "maximize", {}, "2026-Q1", True),
    ("quarter", "maximize", {"2026": "4"}, "2026-Q1", True),  # the year's target says nothing of quarters
    ("quarter", "maximize", {"2026-Q1": "4"}, "2026-Q1", True),
    ("quarter", "maximize", {"2026-Q2": "4"}, "2026-Q1", False),
    ("quarter", "maximize", {"2026-Q1": "0", "2026-Q2": "4"}, "2026-Q1", False),
    ("quarter", "minimize", {"2026-Q1": "0", "2026-Q2": "4"}, "2026-Q1", True),
    ("quarter", "predicate", {"2026-Q1": "B"}, "2026-Q1", True),
    ("quarter", "maximize", {"2026-Q1": "4"}, "2027-Q1", False),
    ("quarter", "maximize", {}, "2025-Q1", False),
    ("month", "maximize", {"2026-02": "4"}, "2026-Q1", True),
    ("month", "maximize", {"2026-02": "4"}, "2026-Q2", False),
    ("semester", "maximize", {"2026-Q2": "4"}, "2026-Q1", False),
    ("semester", "maximize", {"2026-Q2": "4"}, "2026-Q2", True),
    ("year", "maximize", {"2026": "4"}, "2026-Q3", False),
    ("year", "maximize", {"2026": "4"}, "2026-Q4", True),
    ("year", "maximize", {}, "2026-Q4", True),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("frequency", "polarity", "targets", "run", "expected"), DUE)
def test_due(frequency: str, polarity: str, targets: dict[str, str], run: str, *, expected: bool) -> None:
    card = make_card(make_agency("Melati"), "Indeks", targets=targets, frequency=frequency, polarity=polarity)
    assert due(card, Period.parse(run)) is expected


@pytest.mark.django_db
def test_cards_stand_in_the_order_of_the_tree() -> None:
    world, other = make_agency("Melati"), make_agency("Kenanga")
    names = [
        make_card(world, "d", level=Level.ACTIVITY).name,
        make_card(world, "a", level=Level.GOAL).name,
        make_card(world, "c", level=Level.PROGRAMME, active=False).name,
        make_card(world, "b", level=Level.OBJECTIVE).name,
    ]
    make_card(other, "asing")
    old = make_card(world, "lama")
    Card.objects.filter(pk=old.pk).update(is_current=False)
    make_card(world, "tahun lain", year=2025)
    reach = world.reach("team")
    assert [card.name for card in cards_of_year(reach, 2026)] == sorted(names)
    assert [card.name for card in cards_due(reach, Period.parse("2026-Q1"))] == sorted(set(names) - {names[2]})


@pytest.mark.django_db
def test_as_many_queries_for_many_cards_as_for_one() -> None:
    world = make_agency("Melati")
    counts = []
    for number in range(1, 5):
        make_card(world, f"n{number}", units=("ikp", "aptika"), targets={"2026-Q1": "1"})
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = cards_due(world.reach("team"), Period.parse("2026-Q1"))
            assert [row.unit.name for card in found for row in card.suppliers.all()]
        counts.append((len(found), len(seen)))
    assert [count for count, _ in counts] == [1, 2, 3, 4]
    assert len({queries for _, queries in counts}) == 1

"""What leaders see beside their work: the key indicators as last measured, and the units that are still missing."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from capaian.reporting.overview import Overview, overview
from tests.collection.conftest import collect
from tests.measurement.conftest import collected, measure, measuring
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine, make_engine
from tests.web.looks import text

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
VALUES = {"Layanan": "72", "Insiden": "2"}


@pytest.fixture
def office() -> Engine:
    made = make_engine()
    make_card(made.world, "Layanan", targets={"2026-Q1": "80"})
    make_card(made.world, "Insiden", targets={"2026-Q1": "0"}, polarity="minimize", level="programme")
    make_card(made.world, "Belum", targets={"2026-Q2": "5"}, level="goal")
    return made


def seen(office: Engine, who: str = "head") -> Overview:
    found = overview(office.reach(who), NOW)
    assert found is not None
    return found


def test_nothing_measured_and_nothing_missing_shows_nothing(office: Engine) -> None:
    assert seen(office).is_empty


def test_key_indicators_of_the_newest_measurement_with_their_colours(office: Engine) -> None:
    collected(office, VALUES)
    measure(office, measuring(office))
    lines = {line.name.split()[0]: (line.shown, line.category, line.tone) for line in seen(office).lines}
    assert lines["Layanan"] == ("90,00", "Tinggi", "info")
    assert lines["Insiden"] == ("0,00", "Sangat Rendah", "danger")
    assert lines.get("Belum", ("–", "", "neutral"))[0] == "–"
    assert seen(office).period == "Triwulan I 2026"


def test_units_that_have_not_submitted_are_named_until_they_have(office: Engine) -> None:
    run = collect(office, "A07")
    assert {row.item.unit for row in seen(office).missing} == set(office.world.units.values())
    first = run.items.filter(step__key="A07", status="open").order_by("pk")[0]
    office.complete(first)
    assert first.unit not in {row.item.unit for row in seen(office).missing}


def test_another_agency_and_other_roles_see_nothing_of_it(office: Engine) -> None:
    collect(office, "A07")
    assert seen(make_engine("Mawar")).is_empty
    assert overview(office.reach("ikp.staff"), NOW) is None
    assert "Belum menyampaikan formulir" in text(client_of(office, "head").get("/"))
    assert "Belum menyampaikan formulir" not in text(client_of(office, "ikp.staff").get("/"))


def test_the_number_of_queries_is_constant(office: Engine, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    collected(office, VALUES)
    measure(office, measuring(office))
    collect(office, "A07", "2026-Q2")
    reach = office.reach("head")
    with django_assert_num_queries(4):
        overview(reach, NOW)

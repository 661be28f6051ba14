"""The national nomenclature: matched by code, the support programme in every urusan, picked with what stands above."""

from datetime import date

import pytest

from capaian.agencies.models import Agency, Region
from capaian.journal.reason import Forbidden, Refused
from capaian.planning import actions
from capaian.planning.models import Level, Node
from capaian.planning.nomenclature import Nomenclature, code_above, nomenclature
from tests.factories import World, make_agency
from tests.planning.cards import make_plan

DAY = date(2026, 1, 20)
REPORT = "2.16.01.2.01.0006"


def national(urusan: str = "2.16", kind: str = "regency") -> Nomenclature:
    return nomenclature(Agency(region=Region(kind=kind), main_urusan=urusan), DAY)


def test_the_whole_list_is_shipped() -> None:
    assert (len(national().rows), len(national(kind="province").rows)) == (4462, 5397)


def test_the_support_programme_is_every_urusans() -> None:
    here, there = national().get(REPORT), national("1.01").get("1.01.01.2.01.0006")
    assert here is not None
    assert there is not None
    assert (here.level, here.measured_in, here.name) == (Level.SUBACTIVITY, "Laporan", there.name)
    assert national().get("2.16.99") is None
    assert national(kind="province").get("2.16.02.1.01") is not None
    assert national().get("2.16.02.1.01") is None


def test_the_own_urusan_comes_first() -> None:
    assert [row.code for row in national().find("laporan capaian kinerja")][:1] == [REPORT]
    assert {row.code[:4] for row in national().find("informasi", limit=5)} == {"2.16"}
    below = national().find("", below="2.16.02")
    assert below
    assert all(row.code.startswith("2.16.02.") for row in below)
    assert national().find("tidakadasamasekali") == []


def test_the_code_above() -> None:
    assert [code_above(code) for code in (REPORT, "2.16.01.2.01", "2.16.01", "")] == ["2.16.01.2.01", "2.16.01", "", ""]


def test_an_older_plan_is_read_with_the_first_list() -> None:
    agency = Agency(region=Region(kind="regency"), main_urusan="2.16")
    assert nomenclature(agency, date(2020, 1, 1)).edition == nomenclature(agency, DAY).edition


@pytest.fixture
def world(db: None) -> World:
    world = make_agency("Melati")
    world.agency.main_urusan = "2.16"
    world.agency.save()
    return world


def test_picking_brings_what_stands_above(world: World) -> None:
    plan, by = make_plan(world), world.actor("team")
    objective = Node.objects.get(plan=plan, level=Level.OBJECTIVE)
    made = actions.add_from_nomenclature(plan=plan, codes=[REPORT], parent=objective, by=by)
    assert [(node.code, node.level) for node in made] == [
        ("2.16.01", "programme"), ("2.16.01.2.01", "activity"), (REPORT, "subactivity"),
    ]  # fmt: skip
    assert [node.parent for node in made] == [objective, made[0], made[1]]
    assert made[2].ordinal == 6
    assert made[0].origin == "Kepmendagri 900.1.15.5-1317/2023"
    [again] = actions.add_from_nomenclature(plan=plan, codes=["2.16.01.2.01.0007"], by=by)
    assert again.parent == made[1]
    assert not any(national().is_local(node) for node in [*made, again])
    assert national().is_local(Node.objects.get(plan=plan, level=Level.PROGRAMME, code=""))
    assert not national().is_local(objective)


def test_all_or_none_is_picked(world: World) -> None:
    plan, by = make_plan(world), world.actor("team")
    actions.add_from_nomenclature(plan=plan, codes=["2.16.02"], by=by)
    before = plan.nodes.count()
    for codes, expected in ((["2.16.03", "9.99.99"], "code_unknown"), (["2.16.03", "2.16.02"], "code_taken")):
        with pytest.raises(Refused) as refused:
            actions.add_from_nomenclature(plan=plan, codes=codes, by=by)
        assert [reason.code for reason in refused.value.reasons] == [expected]
    with pytest.raises(Refused):
        actions.add_from_nomenclature(plan=plan, codes=[], by=by)
    with pytest.raises(Forbidden):
        actions.add_from_nomenclature(plan=plan, codes=["2.16.03"], by=world.actor("ikp"))
    assert plan.nodes.count() == before

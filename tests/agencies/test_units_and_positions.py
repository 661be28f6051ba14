"""Units and positions: each refusal beside the neighbour that is accepted."""

from datetime import date

import pytest

from capaian.agencies import actions
from capaian.agencies.models import Position, RoleKey, Unit
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.journal.reason import Forbidden
from tests.agencies.refusals import codes
from tests.factories import World, make_agency

TODAY = date(2026, 6, 1)


def new_unit(world: World, name: str, **how: object) -> Unit:
    details: dict[str, object] = {"kind": "division", "by": world.admin, "valid_from": TODAY} | how
    return actions.create_unit(agency=world.agency, name=name, **details)  # type: ignore[arg-type]


def test_a_unit_brings_its_usual_positions(alfa: World) -> None:
    unit = new_unit(alfa, "Bidang Persandian", with_positions=True)
    made = {row.title: {held.role for held in row.roles.all()} for row in unit.positions.all()}
    assert made == {"Kepala Bidang Persandian": {"unit_head", "submitter"}, "Staf Bidang Persandian": {"staff"}}
    secretariat = alfa.units["secretariat"]
    made = {row.title: {held.role for held in row.roles.all()} for row in secretariat.positions.all()}
    # the Sekretaris decides on the data, so somebody else submits them
    assert made == {
        "Sekretaris": {"secretary", "unit_head"},
        "Kasubbag Perencanaan": {"submitter"},
        "Staf Secretariat Alfa": {"staff"},
    }


def test_unit_names_are_given_once(alfa: World, beta: World) -> None:
    assert codes(lambda: new_unit(alfa, "ikp ALFA")) == ["unit_name_taken"]
    assert codes(lambda: new_unit(alfa, "")) == ["unit_name_empty"]
    assert new_unit(alfa, "Ikp Beta").agency == alfa.agency  # the name of another agency's unit is free
    unit = alfa.units["aptika"]
    changed = actions.change_unit(unit=unit, name=unit.name, kind="other", by=alfa.admin)
    assert (changed.kind, changed.valid_to) == ("other", None)


def test_a_unit_is_never_below_itself_or_a_foreign_one(alfa: World, beta: World) -> None:
    ikp, aptika = alfa.units["ikp"], alfa.units["aptika"]
    actions.change_unit(unit=ikp, name=ikp.name, kind=ikp.kind, parent=aptika, by=alfa.admin)
    below = Unit.objects.get(pk=ikp.pk)
    assert codes(
        lambda: actions.change_unit(unit=aptika, name=aptika.name, kind=aptika.kind, parent=below, by=alfa.admin)
    ) == ["parent_loop"]
    assert codes(lambda: new_unit(alfa, "Seksi", parent=beta.units["ikp"])) == ["parent_foreign"]
    assert new_unit(alfa, "Seksi", parent=ikp).parent == ikp


def test_ending_a_unit_says_what_to_do_first(alfa: World) -> None:
    unit = new_unit(alfa, "Bidang Sementara", with_positions=True)
    assert codes(lambda: actions.end_unit(unit=unit, last_day=date(2026, 5, 31), by=alfa.admin)) == [
        "ends_before_start",
        "unit_has_positions",
    ]
    child = new_unit(alfa, "Seksi", parent=unit)
    for position in unit.positions.all():
        actions.close_position(position=position, by=alfa.admin)
    assert codes(lambda: actions.end_unit(unit=unit, last_day=TODAY, by=alfa.admin)) == ["unit_has_children"]
    actions.end_unit(unit=child, last_day=TODAY, by=alfa.admin)
    assert actions.end_unit(unit=unit, last_day=TODAY, by=alfa.admin).valid_to == TODAY
    assert codes(lambda: actions.end_unit(unit=unit, last_day=TODAY, by=alfa.admin)) == ["unit_ended"]
    assert codes(lambda: new_unit(alfa, "Bidang Sementara")) == ["unit_name_taken"]  # begun on the same day
    assert new_unit(alfa, "Bidang Sementara", valid_from=date(2026, 7, 1)).pk != unit.pk


def new_position(world: World, title: str, roles: list[str], unit: Unit | None = None) -> Position:
    return actions.create_position(agency=world.agency, title=title, roles=roles, unit=unit, by=world.admin)


@pytest.mark.parametrize(
    ("title", "roles", "unit", "refused"),
    [
        ("", ["staff"], "ikp", ["title_empty"]),
        ("SEKRETARIS", ["staff"], "ikp", ["title_taken"]),
        ("Baru", [], "ikp", ["role_missing"]),
        ("Baru", ["region_planner"], "ikp", ["role_unknown"]),
        ("Baru", ["root"], "ikp", ["role_unknown"]),
        ("Baru", ["submitter"], None, ["role_needs_unit"]),
        ("Baru", ["head"], None, ["seat_taken"]),
        ("Baru", ["secretary"], "ikp", ["seat_taken"]),
        ("Baru", ["staff"], "foreign", ["unit_foreign"]),
    ],
)
def test_positions_are_refused(  # noqa: PLR0917
    alfa: World, beta: World, title: str, roles: list[str], unit: str | None, refused: list[str]
) -> None:
    chosen = beta.units["ikp"] if unit == "foreign" else alfa.units[unit] if unit else None
    assert codes(lambda: new_position(alfa, title, roles, chosen)) == refused


def test_neighbouring_positions_are_accepted(alfa: World) -> None:
    position = new_position(alfa, "Baru", ["staff", "submitter", "staff"], alfa.units["ikp"])
    assert sorted(row.role for row in position.roles.all()) == ["staff", "submitter"]
    assert new_position(alfa, "Pranata Komputer", ["team"]).unit is None


def test_the_one_who_decides_does_not_submit_unless_the_agency_allows_it(alfa: World) -> None:
    position, unit = alfa.positions["secretary"], alfa.units["secretariat"]
    roles = [RoleKey.SECRETARY, RoleKey.SUBMITTER]

    def change() -> Position:
        return actions.change_position(
            position=position, title=position.title, roles=[role.value for role in roles], unit=unit, by=alfa.admin
        )

    assert codes(change) == ["decides_own_data"]
    type(alfa.agency).objects.filter(pk=alfa.agency.pk).update(self_approval_allowed=True)
    assert {row.role for row in change().roles.all()} == {"secretary", "submitter"}


def test_a_held_position_cannot_be_closed(alfa: World) -> None:
    position = alfa.positions["aptika.staff"]
    assert codes(lambda: actions.close_position(position=position, by=alfa.admin)) == ["position_held"]
    actions.end_appointment(appointment=position.appointments.get(), last_day=date(2024, 2, 1), by=alfa.admin)
    assert actions.close_position(position=position, by=alfa.admin).closed_on
    assert codes(lambda: actions.close_position(position=position, by=alfa.admin)) == ["position_closed"]


def test_only_an_admin_of_that_agency_changes_it(alfa: World, beta: World) -> None:
    for by in (beta.admin, alfa.actor("head"), alfa.actor("planner")):
        with pytest.raises(Forbidden) as refused:
            actions.create_unit(agency=alfa.agency, name="Bidang Baru", kind="division", by=by)
        assert [reason.code for reason in refused.value.reasons] == ["not_admin"]
        with pytest.raises(Forbidden):
            actions.end_unit(unit=alfa.units["ikp"], last_day=TODAY, by=by)
    # negative control: without the question the foreign admin gets through
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("capaian.agencies.administration.reasons_not_to_administer", lambda agency, by: [])
        actions.create_unit(agency=alfa.agency, name="Bidang Baru", kind="division", by=beta.admin)
    assert alfa.agency.units.filter(name="Bidang Baru").count() == 1


def test_every_change_stands_in_the_own_chain(alfa: World) -> None:
    beta = make_agency("Beta")
    before = Entry.objects.filter(chain__key=beta.agency.public_id).count()
    unit = new_unit(alfa, "Bidang Baru")
    entry = Entry.objects.filter(chain__key=alfa.agency.public_id).latest("seq")
    assert (entry.verb, entry.target_public_id, entry.person) == (
        "created_unit",
        unit.public_id,
        alfa.admin.person_key,
    )
    assert Entry.objects.filter(chain__key=beta.agency.public_id).count() == before
    assert list(breaks(alfa.agency.public_id)) == []

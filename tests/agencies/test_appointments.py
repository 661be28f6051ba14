"""Who may hold a position, in which form, and how it ends."""

from datetime import date, timedelta

import pytest

from capaian.agencies import actions
from capaian.agencies.models import Appointment
from capaian.agencies.queries import today
from capaian.agencies.rules import advice_on_appointment, months_later
from capaian.journal.models import Entry
from tests.agencies.refusals import codes
from tests.factories import World

JUNE, LAST = date(2026, 6, 1), date(2026, 6, 30)


@pytest.mark.parametrize(
    ("how", "refused"),
    [
        ({"kind": "acting"}, ["acting_needs_end"]),
        ({"kind": "daily"}, ["acting_needs_end"]),
        ({"kind": "acting", "valid_to": date(2026, 5, 31)}, ["ends_before_start"]),
        ({"kind": "for ever"}, ["kind_unknown"]),
        ({"kind": "definitive"}, ["seat_held"]),
    ],
)
def test_appointments_are_refused(alfa: World, how: dict[str, object], refused: list[str]) -> None:
    alfa.person("baru")
    assert codes(lambda: alfa.appoint("baru", alfa.positions["head"], valid_from=JUNE, **how)) == refused


def test_the_neighbours_are_accepted(alfa: World) -> None:
    head = alfa.positions["head"]
    alfa.appoint("plt", head, kind="acting", valid_from=JUNE, valid_to=LAST, decree="SP 1")
    alfa.appoint("plh", head, kind="daily", valid_from=JUNE, valid_to=JUNE)  # one of each kind at a time
    alfa.person("lain")
    assert codes(lambda: alfa.appoint("lain", head, kind="acting", valid_from=LAST, valid_to=LAST)) == ["seat_held"]
    alfa.appoint("lain", head, kind="acting", valid_from=date(2026, 7, 1), valid_to=date(2026, 7, 1))
    alfa.appoint("baru", alfa.positions["team"], valid_from=JUNE)  # the team has many seats
    assert alfa.reach("plt", LAST).actor("head").title == "Plt. Kepala Dinas Alfa"


def test_nobody_holds_a_position_twice_at_once(alfa: World) -> None:
    team = alfa.positions["team"]
    assert codes(lambda: alfa.appoint("team", team, valid_from=JUNE)) == ["held_twice"]
    actions.end_appointment(appointment=alfa.people["team"].appointments.get(), last_day=LAST, by=alfa.admin)
    assert codes(lambda: alfa.appoint("team", team, valid_from=LAST)) == ["held_twice"]
    alfa.appoint("team", team, valid_from=date(2026, 7, 1))


def test_foreign_and_inactive_people_and_closed_positions(alfa: World, beta: World) -> None:
    alfa.people["foreign"] = beta.people["ikp"]
    assert codes(lambda: alfa.appoint("foreign", alfa.positions["team"])) == ["person_foreign"]
    actions.deactivate_person(person=alfa.people["staff"], by=alfa.admin)
    assert codes(lambda: alfa.appoint("staff", alfa.positions["team"])) == ["person_inactive"]
    spare = actions.create_position(agency=alfa.agency, title="Cadangan", roles=["staff"], by=alfa.admin)
    actions.close_position(position=spare, by=alfa.admin)
    assert codes(lambda: alfa.appoint("team", spare)) == ["position_closed"]


def test_ending_keeps_the_row_and_withdrawing_removes_what_never_began(alfa: World) -> None:
    held = alfa.people["ikp"].appointments.get()
    assert codes(lambda: actions.end_appointment(appointment=held, last_day=date(2024, 1, 1), by=alfa.admin)) == [
        "ends_before_start"
    ]
    actions.end_appointment(appointment=held, last_day=date(2024, 1, 31), by=alfa.admin)
    assert Appointment.objects.get(pk=held.pk).valid_to == date(2024, 1, 31)
    assert codes(lambda: actions.end_appointment(appointment=held, last_day=LAST, by=alfa.admin)) == [
        "appointment_ended"
    ]
    later = today(alfa.agency) + timedelta(days=30)
    coming = alfa.appoint("ikp", alfa.positions["ikp"], valid_from=later)
    actions.end_appointment(appointment=coming, last_day=today(alfa.agency), by=alfa.admin)
    assert not Appointment.objects.filter(pk=coming.pk).exists()
    entry = Entry.objects.get(target_public_id=coming.public_id, verb="ended_appointment")
    assert entry.payload["last_day"] == ""


def test_an_end_cannot_be_moved_later(alfa: World) -> None:
    end = today(alfa.agency) + timedelta(days=10)
    held = alfa.appoint("plt", alfa.positions["head"], kind="acting", valid_from=JUNE, valid_to=end)
    assert codes(
        lambda: actions.end_appointment(appointment=held, last_day=end + timedelta(days=1), by=alfa.admin)
    ) == ["ends_later"]
    actions.end_appointment(appointment=held, last_day=end - timedelta(days=1), by=alfa.admin)


def test_the_last_admin_stays(alfa: World) -> None:
    seat, on = alfa.positions["admin"], today(alfa.agency)
    mine = alfa.people["admin"].appointments.get()

    def end() -> None:
        actions.end_appointment(appointment=mine, last_day=on, by=alfa.admin)

    assert codes(end) == ["last_admin"]
    assert codes(lambda: actions.deactivate_person(person=alfa.people["admin"], by=alfa.admin)) == ["last_admin"]
    assert codes(lambda: actions.change_position(position=seat, title=seat.title, roles=["staff"], by=alfa.admin)) == [
        "last_admin"
    ]
    # an acting admin goes by himself, so he does not count
    alfa.appoint("plt", seat, kind="acting", valid_from=JUNE, valid_to=on + timedelta(days=90))
    assert codes(end) == ["last_admin"]
    alfa.appoint("kedua", seat, valid_from=JUNE)
    end()
    assert alfa.people["admin"].appointments.get().valid_to == on


def test_long_acting_is_advised_against_not_refused() -> None:
    start = date(2026, 1, 31)
    assert months_later(start, 3) == date(2026, 4, 30)
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert advice_on_appointment("acting", start, date(2026, 4, 29)) == []
    assert [reason.code for reason in advice_on_appointment("acting", start, date(2026, 4, 30))] == ["acting_long"]
    assert advice_on_appointment("daily", start, date(2026, 12, 31)) == []

"""Reminders: by hand or refused with a reason, by themselves once each, carried as one digest, never in the way."""

import sys
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.test import override_settings

from capaian.agencies.models import Unit
from capaian.collection import actions, board, carrying, follow_queries, reminder_actions
from capaian.collection.models import Actual, Reminder
from capaian.journal.models import Entry
from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from capaian.planning.models import Card
from capaian.sop.models import Run, WorkItem
from tests.collection.conftest import collect, filling, report, save, sheet, told
from tests.planning.cards import make_card
from tests.sop.driver import Engine

FRIDAY, MONDAY, TUESDAY = "2026-04-10 03:00", "2026-04-13 03:00", "2026-04-14 03:00"  # 10.00 WIB
UNITS = ("secretariat", "ikp", "aptika")


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+00:00")


def remind(office: Engine, run: Run, *units: str, who: str = "team", token: str = "") -> list[Unit]:
    chosen = [office.world.units[unit] for unit in units]
    reach = office.reach(who)
    return actions.remind_units(run=run, units=chosen, by=reach.actor(token=token), reach=reach)


def due(run: Run, moment: str) -> None:
    WorkItem.objects.filter(run=run, step__key="A07").update(due_at=at(moment), opened_at=at("2026-03-02 03:00"))


def people(unit: str) -> set[str]:
    found = Reminder.objects.filter(item__unit__name__istartswith=unit).values_list("person__username", flat=True)
    return {name.removesuffix(".melati") for name in found}


def test_units_that_are_waited_for_are_reminded_by_hand(office: Engine, card: Card) -> None:
    run = collect(office)
    report(office, run, "ikp", 10)
    assert {unit.name for unit in remind(office, run, token="x")} == {"Secretariat Melati", "Aptika Melati"}
    assert people("aptika") == {"aptika", "aptika.staff"}
    assert not people("ikp")
    entry = Entry.objects.get(verb="reminded_units")
    assert set(entry.payload["units"].values()) == {2, 3}
    with pytest.raises(Replayed):
        remind(office, run, token="x")
    with pytest.raises(Refused, match=r"Ikp Melati tidak sedang ditunggu"):
        remind(office, run, "ikp")
    with pytest.raises(Refused, match=r"Aptika Melati baru saja diingatkan"):
        remind(office, run, "aptika")


@pytest.mark.parametrize("who", ["ikp", "ikp.staff", "planner", "admin"])
def test_only_those_who_oversee_remind(office: Engine, card: Card, who: str) -> None:
    run = collect(office)
    with pytest.raises(Refused, match="Unit diingatkan oleh Tim SAKIP"):
        remind(office, run, "ikp", who=who)
    assert not Reminder.objects.exists()


def test_marks_go_out_once_and_only_in_office_hours(office: Engine, card: Card) -> None:
    run = collect(office)
    due(run, TUESDAY)
    report(office, run, "ikp", 10)
    assert reminder_actions.remind_by_itself(at=at("2026-04-09 22:00")) == 0, "05.00 on the clock there"
    assert reminder_actions.remind_by_itself(at=at("2026-04-11 03:00")) == 0, "a Saturday"
    first = reminder_actions.remind_by_itself(at=at(FRIDAY))
    assert first == Reminder.objects.count() > 0
    assert set(Reminder.objects.values_list("days", flat=True)) == {3}
    assert not people("ikp")
    assert people("aptika") == {"aptika", "aptika.staff"}
    assert reminder_actions.remind_by_itself(at=at("2026-04-10 04:00")) == 0
    assert reminder_actions.remind_by_itself(at=at(MONDAY)) == first
    assert reminder_actions.remind_by_itself(at=at(TUESDAY)) == first
    late = reminder_actions.remind_by_itself(at=at("2026-04-16 03:00"))
    assert late >= first
    assert set(Reminder.objects.values_list("days", flat=True)) == {-2, 0, 1, 3}


def test_who_switched_reminders_off_gets_none_by_itself(office: Engine, card: Card) -> None:
    run = collect(office)
    due(run, MONDAY)
    staff = office.reach("aptika.staff")
    actions.choose_reminders(person=staff.person, is_on=False, address="", by=staff.actor())
    reminder_actions.remind_by_itself(at=at(FRIDAY))
    assert people("aptika") == {"aptika"}
    remind(office, run, "aptika")
    assert people("aptika") == {"aptika", "aptika.staff"}, "Tim SAKIP is heard on one's own page all the same"
    with_address(office, "aptika", "aptika.staff")
    assert reminder_actions.carry_reminders(at=Reminder.objects.latest("pk").sent_at) == 1
    assert [message.to for message in mail.outbox] == [["aptika@contoh.go.id"]]


def with_address(office: Engine, *people: str) -> None:
    for who in people:
        person = office.world.people[who]
        person.email = f"{who}@contoh.go.id"
        person.save(update_fields=["email"])


def test_one_digest_tells_of_several_forms(office: Engine, card: Card) -> None:
    make_card(office.world, "Bulanan", frequency="month", units=("ikp",))
    runs = [collect(office), collect(office, period="2026-01")]
    with_address(office, "ikp")
    with override_settings(CAPAIAN_ADDRESS="https://capaian.contoh.go.id"):
        for run in runs:
            due(run, MONDAY)
        reminder_actions.remind_by_itself(at=at(FRIDAY))
        assert reminder_actions.carry_reminders(at=at(FRIDAY)) == 1
        assert reminder_actions.carry_reminders(at=at("2026-04-10 05:00")) == 0
    (message,) = mail.outbox
    assert message.subject == "Pengingat: 2 formulir belum disampaikan"
    for words in ("Triwulan I 2026, batas 13 April 2026 (sisa 1 hari kerja)", "Januari 2026", "Yth. Ikp MELATI"):
        assert words in message.body
    assert f"https://capaian.contoh.go.id/langkah/{filling(runs[0], office, 'ikp').public_id}/" in message.body


def test_nothing_leaves_an_installation_that_was_not_told_how(office: Engine, card: Card) -> None:
    remind(office, collect(office))
    with_address(office, "ikp")
    with override_settings(EMAIL_BACKEND=carrying.NOWHERE):
        assert reminder_actions.carry_reminders(at=Reminder.objects.latest("pk").sent_at) == 0
    assert mail.outbox == []


def test_a_failing_server_is_tried_again_and_stops_nothing(
    office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    remind(office, collect(office), "ikp")
    with_address(office, "ikp")
    sent = Reminder.objects.latest("pk").sent_at

    def broken(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("capaian.collection.carrying.send_mail", broken)
    assert reminder_actions.carry_reminders(at=sent) == 0
    assert "could not be mailed" in caplog.text
    monkeypatch.setattr("capaian.collection.carrying.send_mail", send_mail)
    assert reminder_actions.carry_reminders(at=sent + timedelta(minutes=5)) == 0, "not yet"
    assert reminder_actions.carry_reminders(at=sent + timedelta(minutes=11)) == 1
    assert len(mail.outbox) == 1


def test_two_machines_carry_a_digest_once(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    remind(office, collect(office), "ikp")
    with_address(office, "ikp")
    sent = Reminder.objects.latest("pk").sent_at
    waiting = follow_queries.to_carry(sent - timedelta(hours=1), sent, 5)
    assert reminder_actions.carry_reminders(at=sent) == 1
    monkeypatch.setattr(follow_queries, "to_carry", lambda *_: waiting)  # what the other one had read before
    assert reminder_actions.carry_reminders(at=sent) == 0
    assert len(mail.outbox) == 1
    monkeypatch.setattr(reminder_actions, "_claim", lambda *_: True)
    assert reminder_actions.carry_reminders(at=sent) == 1, "without the claim it would go out twice"


def test_the_gateway_is_asked_only_where_it_is_set_up(
    office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    class Gateway:
        def add(self, url: str) -> None:
            asked.append(url)

        def notify(self, **message: str) -> bool:
            asked.append(message["title"])
            return True

    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=Gateway))
    remind(office, collect(office), "ikp")
    ikp = office.reach("ikp")
    with pytest.raises(Refused, match="Nomor ini tidak dapat dipakai"):
        actions.choose_reminders(person=ikp.person, is_on=True, address="https://a.id", by=ikp.actor())
    actions.choose_reminders(person=ikp.person, is_on=True, address="+62 812-3456-789", by=ikp.actor())
    sent = Reminder.objects.latest("pk").sent_at
    assert reminder_actions.carry_reminders(at=sent) == 0
    assert asked == []
    with override_settings(CAPAIAN_GATEWAY="whatsapp://kunci@nomor/{nomor}"):
        assert reminder_actions.carry_reminders(at=sent) == 1
    assert asked == [
        "whatsapp://kunci@nomor/+628123456789",
        "Pengingat: formulir Ikp Melati Triwulan I 2026 belum disampaikan",
    ]


def test_board_tells_every_indicator_of_every_unit(office: Engine, card: Card) -> None:
    make_card(office.world, "Rasio", units=("ikp",), data=("a", "b"), formula="a / b * 100")
    make_card(office.world, "Tahunan", frequency="year", units=("ikp",))
    leap = make_card(office.world, "Lompat", units=("ikp",))
    make_card(office.world, "Tertunda", units=("ikp",))
    old = Card.objects.create(
        agency=leap.agency, indicator=leap.indicator, year=2025, name="Lama", measured_in="persen", weight=1
    )
    Actual.objects.create(
        agency=leap.agency, card=old, unit=office.world.units["ikp"], period="2025-Q4", value=Decimal(1),
        entered_at=at(FRIDAY), entered_by=office.world.people["ikp"],
    )  # fmt: skip
    run = collect(office)
    lines = {line.card.name.split()[0]: line for line in sheet(office, run, "ikp").lines}
    first = lines["Rasio"].card.data.all()[0].pk
    save(
        office, run, "ikp", told(lines["Layanan"], 5), told(lines["Rasio"], data={first: 5}), told(lines["Lompat"], 50),
        told(lines["Tertunda"], obstacle="Belum dirilis"),
    )  # fmt: skip
    found = board.board(office.reach("team"), run, at(FRIDAY))
    ikp = found.rows[1]
    assert {cell.card.name.split()[0]: cell.state.value for cell in ikp.cells} == {
        "Layanan": "filled", "Rasio": "unread", "Lompat": "explain", "Tertunda": "excused", "Tahunan": "not_due",
    }  # fmt: skip
    assert (ikp.filled, ikp.due_cells, found.missing) == (2, 4, 3)
    assert ikp.last is not None
    assert ikp.last[:2] == ("disimpan", "Ikp MELATI")
    assert [cell.state.value for cell in found.rows[0].cells] == ["empty"]
    names = {}
    for state in ("empty", "unread", "waited"):
        rows = board.board(office.reach("team"), run, at(FRIDAY), state=state).rows
        names[state] = [row.standing.unit.name.split()[0] for row in rows]
    assert names == {"empty": ["Secretariat"], "unread": ["Ikp"], "waited": ["Secretariat", "Ikp", "Aptika"]}


def test_reminder_of_a_form_stands_in_the_inbox_until_it_is_done(office: Engine, card: Card) -> None:
    run = collect(office)
    remind(office, run, "ikp")
    (call,) = follow_queries.my_calls(office.reach("ikp"))
    assert (call.item, call.by) == (filling(run, office, "ikp"), "Team MELATI")
    assert follow_queries.my_calls(office.reach("aptika")) == []
    report(office, run, "ikp", 10)
    assert follow_queries.my_calls(office.reach("ikp")) == []


def test_a_mark_sent_twice_is_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    def lay(rows: list[Reminder]) -> int:
        for row in rows:
            row.days = None
            row.save()
        return len(rows)

    monkeypatch.setattr(reminder_actions, "_lay_once", lay)
    with pytest.raises(AssertionError):
        test_marks_go_out_once_and_only_in_office_hours(office, card)

"""When steps are due, through the engine: the same calendar as in `periods`, whatever opens the step."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from capaian.agencies import actions as agencies
from capaian.agencies.models import TimeZone, WorkDay
from capaian.sop import actions, deadline_actions, flow_actions
from capaian.sop.models import Run, WorkItem
from tests.sop import declared
from tests.sop.driver import Engine, make_engine, open_items
from tests.sop.fingerprint import rolled_back
from tests.sop.mutants import Guard

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
#: (zone, step that opens, agency's clock when it opens, agency's clock when it is due, why)
TABLE = [
    ("WIB", "A01", "2026-01-08 10:00", "Thu 2026-01-08 10:05", "five minutes"),
    ("WIB", "A02", "2026-01-08 15:30", "Fri 2026-01-09 08:00", "closing carries over"),
    ("WIB", "A02", "2026-01-09 11:00", "Fri 2026-01-09 13:30", "the long break of Friday"),
    ("WIB", "A02", "2026-01-08 15:00", "Thu 2026-01-08 16:00", "due at closing time"),
    ("WIB", "A02", "2026-01-10 10:00", "Mon 2026-01-12 08:30", "opened on a Saturday"),
    ("WIB", "A02", "2026-01-08 22:00", "Fri 2026-01-09 08:30", "opened at night"),
    ("WIB", "A05", "2026-01-08 10:30", "Thu 2026-01-08 13:30", "over the break"),
    ("WIB", "A05", "2026-12-23 15:50", "Mon 2026-12-28 09:20", "Christmas and its joint leave"),
    ("WIB", "A05", "2026-12-31 15:50", "Mon 2027-01-04 09:20", "year end"),
    ("WIB", "A02", "2026-02-19 14:30", "Fri 2026-02-20 08:30", "Ramadan: 08.00 to 15.00"),
    ("WIB", "A02", "2026-02-20 11:00", "Fri 2026-02-20 13:00", "Friday in Ramadan"),
    ("WIB", "A02", "2026-03-17 14:30", "Wed 2026-03-25 08:00", "Nyepi, Idul Fitri, joint leave"),
    ("WIB", "A04", "2026-01-08 10:00", "Fri 2026-01-09 10:00", "a day: same clock time"),
    ("WIB", "A04", "2026-01-09 10:00", "Mon 2026-01-12 10:00", "a day over the weekend"),
    ("WIB", "A04", "2026-03-17 14:00", "Wed 2026-03-25 14:00", "a day is never 390 or 450 minutes"),
    ("WIB", "A04", "2026-02-18 15:45", "Thu 2026-02-19 15:00", "a day back to Ramadan's closing"),
    ("WIB", "A04", "2025-08-15 09:00", "Tue 2025-08-19 09:00", "the joint leave decreed late"),
    ("WIB", "A04", "2026-12-31 09:00", "Mon 2027-01-04 09:00", "a day over the year's end"),
    ("WIB", "B05", "2026-04-30 09:00", "Mon 2026-05-04 09:00", "a day over Labour Day"),
    ("WITA", "A02", "2026-01-08 15:30", "Fri 2026-01-09 08:00", "the same clock in Makassar"),
    ("WITA", "A04", "2026-12-31 09:00", "Mon 2027-01-04 09:00", "the same day in Makassar"),
    ("WIT", "A02", "2026-01-08 15:30", "Fri 2026-01-09 08:00", "the same clock in Jayapura"),
    ("WIT", "A02", "2026-01-09 07:00", "Fri 2026-01-09 08:30", "still Thursday in Jakarta's evening"),
    ("WIT", "A04", "2026-03-17 14:00", "Wed 2026-03-25 14:00", "Nyepi in Jayapura"),
]


#: the step whose completion opens the other
BEFORE = {"A02": "A01", "A04": "A03", "A05": "A04", "B05": "A10"}
PERIODS = {"A01": "2026-Q1", "A03": "2026-Q2", "A04": "2026-Q3", "A10": "2026-Q4"}


@dataclass
class Offices:
    """An agency in each zone on the national calendar; runs are brought to the places that the table needs."""

    engines: dict[str, Engine]
    ready: dict[tuple[str, str], tuple[Run, Run]] = field(default_factory=dict)

    def prepare(self, zone: str, step: str) -> None:
        """Bring a pair of runs to the step whose completion opens this one."""
        before = BEFORE.get(step)
        if before is None or (zone, before) in self.ready:
            return
        first, second = self.engines[zone].open(PERIODS[before], "A", "B")
        self.engines[zone].advance(first, until=before)
        if before == "A10":
            self.engines[zone].advance(second)
        self.ready[zone, before] = (first, second)

    def opening(self, zone: str, step: str, clock: str) -> WorkItem:
        """Let a step be opened at a local time; return it."""
        engine = self.engines[zone]
        if step not in BEFORE:
            (run,) = engine.schedule("2025-Q4", "A")
            with time_machine.travel(moment(zone, clock), tick=False):
                engine.open_scheduled(run)
            return open_items(run)[0]
        first, second = self.ready[zone, BEFORE[step]]
        with time_machine.travel(moment(zone, clock), tick=False):
            engine.complete(open_items(first)[0])
        return open_items(second if step.startswith("B") else first)[0]


def moment(zone: str, clock: str) -> datetime:
    """Read an agency's clock."""
    return datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(ZONES[zone])).astimezone(UTC)


def shown(zone: str, due: datetime | None) -> str:
    """Write a moment by an agency's clock."""
    return f"{due.astimezone(ZoneInfo(ZONES[zone])):%a %Y-%m-%d %H:%M}" if due else "—"


@pytest.fixture
def offices(db: None) -> Offices:
    engines = {zone: make_engine(f"Dinas{zone}", region=zone, time_zone=name) for zone, name in ZONES.items()}
    agencies.seed_national_calendar(by=engines["WIB"].world.admin)
    return Offices(engines)


def differences(offices: Offices) -> Iterator[str]:
    """Yield every row of the table that the engine answers otherwise."""
    for zone, step, opened, due, why in TABLE:
        offices.prepare(zone, step)
        with rolled_back():
            item = offices.opening(zone, step, opened)
            assert item.step.key == step
            assert item.opened_at == moment(zone, opened)
            if shown(zone, item.due_at) != due:
                yield f"{zone} {step} {opened}: {shown(zone, item.due_at)} instead of {due} ({why})"


def test_steps_are_due_as_the_calendar_says(offices: Offices) -> None:
    assert list(differences(offices)) == []


def test_the_agencys_time_zone_is_missed(offices: Offices) -> None:
    for engine in offices.engines.values():
        type(engine.world.agency).objects.filter(pk=engine.world.agency.pk).update(time_zone=TimeZone.WIB)
    missed = list(differences(offices))
    assert {row.split()[0] for row in missed} == {"WITA", "WIT"}


def test_joint_leave_is_missed(offices: Offices) -> None:
    WorkDay.objects.filter(kind="joint_leave").delete()
    assert any("Nyepi" in row for row in differences(offices))
    assert any("Christmas" in row for row in differences(offices))


def test_steps_without_a_time_are_never_late(offices: Offices) -> None:
    engine = offices.engines["WIB"]
    runs = engine.open("2026-Q1", "A", "B")
    engine.finish(*runs)
    timeless = {item.step.key for item in WorkItem.objects.filter(due_at=None).select_related("step")}
    blank = {key for code in "AB" for key, step in declared.steps(code).items() if step["time"] is None}
    assert timeless == blank == {"A11", "A12", "B08", "B10"}


def close(engine: Engine, day: date) -> int:
    """Close a day, as the calendar page does; return how many deadlines moved."""
    admin = engine.world.admin
    agencies.put_work_day(agency=engine.world.agency, day=day, kind="holiday", name="Libur daerah", by=admin)
    return actions.recompute_deadlines(agency=engine.world.agency)


def test_a_changed_calendar_moves_open_steps_only(offices: Offices) -> None:
    engine, other = offices.engines["WIB"], offices.engines["WITA"]
    with time_machine.travel(moment("WIB", "2026-01-08 15:58"), tick=False):
        first, second = engine.open("2026-Q1", "A", "B")
        third, _ = other.open("2026-Q1", "A", "B")
        engine.complete(open_items(first)[0])
        engine.advance(second, until="B02")
    done = dict(WorkItem.objects.filter(status="done").values_list("pk", "due_at"))
    elsewhere = open_items(third)[0].due_at
    assert close(engine, date(2026, 1, 9)) == 2
    assert [shown("WIB", item.due_at) for item in open_items(first)] == ["Mon 2026-01-12 08:28"]
    assert dict(WorkItem.objects.filter(status="done").values_list("pk", "due_at")) == done
    assert open_items(third)[0].due_at == elsewhere, "another agency's calendar is its own"
    assert actions.recompute_deadlines(agency=engine.world.agency) == 0
    agencies.remove_work_day(agency=engine.world.agency, day=date(2026, 1, 9), by=engine.world.admin)
    assert actions.recompute_deadlines(agency=engine.world.agency) == 2
    assert [shown("WIB", item.due_at) for item in open_items(first)] == ["Fri 2026-01-09 08:28"]


def test_a_step_without_time_stays_without_after_a_change(offices: Offices) -> None:
    engine = offices.engines["WIB"]
    (run,) = engine.open("2026-Q1", "A")
    engine.advance(run, until="A11")
    close(engine, date(2030, 1, 1))
    assert open_items(run)[0].due_at is None


def test_the_question_whether_a_step_is_open_is_missed(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = "agency=agency, status=WorkItem.Status.OPEN"
    Guard(deadline_actions, "recompute_deadlines", guard, "agency=agency").remove(monkeypatch)
    with pytest.raises(AssertionError):
        test_a_changed_calendar_moves_open_steps_only(offices)


def test_a_return_starts_the_clock_again(offices: Offices) -> None:
    engine = offices.engines["WIB"]
    (run,) = engine.open("2026-Q1", "A")
    engine.advance(run, until="A10")
    with time_machine.travel(moment("WIB", "2026-01-09 11:00"), tick=False):
        engine.complete(open_items(run)[0], decision="no", note="Perbaiki", target="A08")
    (item,) = open_items(run)
    assert (item.visit, item.opened_at) == (2, moment("WIB", "2026-01-09 11:00"))
    assert shown("WIB", item.due_at) == "Fri 2026-01-09 14:30"
    (before,) = WorkItem.objects.filter(run=run, step__key="A08", visit=1)
    assert before.due_at != item.due_at


def pair(engine: Engine, collected: str, prepared: str) -> WorkItem:
    """Let A10 be approved and B04 be completed at two local times; return B05."""
    first, second = engine.open("2026-Q1", "A", "B")
    engine.advance(first, until="A10")
    engine.advance(second, until="B04")
    for clock, run in sorted([(collected, first), (prepared, second)], key=lambda row: row[0]):
        assert not WorkItem.objects.filter(step__key="B05").exists()
        with time_machine.travel(moment("WIB", clock), tick=False):
            engine.complete(open_items(run)[0])
    return WorkItem.objects.get(step__key="B05")


@pytest.mark.parametrize(
    ("collected", "prepared"), [("2026-01-08 10:00", "2026-01-09 09:00"), ("2026-01-09 09:00", "2026-01-08 10:00")]
)
def test_the_clock_of_b05_starts_when_both_are_done(offices: Offices, collected: str, prepared: str) -> None:
    item = pair(offices.engines["WIB"], collected, prepared)
    assert item.opened_at == moment("WIB", "2026-01-09 09:00")
    assert shown("WIB", item.due_at) == "Mon 2026-01-12 09:00"


def test_the_wait_of_b05_is_missed(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_actions, "waits_met", lambda *_: True)
    with pytest.raises((AssertionError, WorkItem.MultipleObjectsReturned)):
        test_the_clock_of_b05_starts_when_both_are_done(offices, "2026-01-09 09:00", "2026-01-08 10:00")

"""The periods of a year are scheduled at once; runs open on their date, and before it nothing stands anywhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from capaian.agencies import actions as agencies
from capaian.agencies.actions import create_unit
from capaian.agencies.models import Unit
from capaian.journal.queries import breaks
from capaian.journal.reason import Refused
from capaian.periods.period import Period
from capaian.sop import actions, queries, run_actions
from capaian.sop.models import Run, RunUnit, WorkItem
from tests.sop import declared
from tests.sop.driver import Engine, keys, make_engine, open_items
from tests.sop.mutants import Guard

YEAR = [Period.parse(f"2026-{month:02}") for month in range(1, 13)] + [Period.parse(f"2026-Q{n}") for n in range(1, 5)]


def schedule(office: Engine, who: str = "team", token: str = "") -> list[Run]:
    """Schedule a year: short variants for months, both full SOPs for quarters."""
    own = office.definitions
    return actions.schedule_year(
        agency=office.world.agency,
        periods=YEAR,
        definitions={"month": (own["A-R"], own["B-R"]), "quarter": (own["A"], own["B"])},
        by=office.actor(who, token=token),
        reach=office.reach(who),
    )


def test_a_year_is_scheduled_at_once_and_only_once(office: Engine) -> None:
    runs = schedule(office)
    assert len(runs) == 12 * 2 + 4 * 2
    assert {run.status for run in runs} == {"scheduled"}
    assert Run.objects.get(period="2026-Q1", stands_for="A").opens_on == date(2026, 4, 1)
    assert Run.objects.get(period="2026-01", stands_for="A").opens_on == date(2026, 2, 2), "1 February is a Sunday"
    assert Run.objects.get(period="2026-12", stands_for="B").opens_on == date(2027, 1, 1), "no holiday is known here"
    assert schedule(office, "secretary") == []
    assert Run.objects.count() == 32


def test_the_question_what_is_scheduled_already_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    Guard(run_actions, "_runs_to_come", "(definition.stands_for, period.code) not in have", "True").remove(monkeypatch)
    with pytest.raises(Exception, match=r"(?i)unique"):
        test_a_year_is_scheduled_at_once_and_only_once(office)


def test_holidays_move_the_opening(office: Engine) -> None:
    agencies.seed_national_calendar(by=office.world.admin)
    schedule(office)
    opens = dict(Run.objects.filter(stands_for="A").values_list("period", "opens_on"))
    assert opens["2026-12"] == date(2027, 1, 4), "New Year is a Friday"
    assert opens["2026-02"] == date(2026, 3, 2)
    assert opens["2026-Q4"] == opens["2026-12"]


def test_a_cancelled_period_is_scheduled_anew(office: Engine) -> None:
    schedule(office)
    run = Run.objects.get(period="2026-03", stands_for="A")
    actions.cancel_run(run=run, reason="Salah", by=office.actor("head"), reach=office.reach("head"))
    (again,) = schedule(office)
    assert (again.period, again.stands_for, again.revision) == ("2026-03", "A", 1)


@pytest.mark.parametrize("who", ["planner", "ikp", "staff"])
def test_others_do_not_schedule(office: Engine, who: str) -> None:
    with pytest.raises(Refused) as refused:
        schedule(office, who)
    assert [reason.code for reason in refused.value.reasons] == ["not_allowed"]
    assert Run.objects.count() == 0


def test_another_agency_does_not_schedule(office: Engine) -> None:
    other = make_engine("Kenanga", region="Lain")
    with pytest.raises(Refused) as refused:
        actions.schedule_year(
            agency=office.world.agency,
            periods=YEAR,
            definitions={"quarter": (office.definitions["A"],)},
            by=other.actor("head"),
            reach=other.reach("head"),
        )
    assert [reason.code for reason in refused.value.reasons] == ["foreign_agency"]


def test_a_scheduled_run_stands_in_no_inbox_and_has_no_clock(office: Engine) -> None:
    schedule(office)
    office.world.person("nobody")
    assert WorkItem.objects.count() == 0
    assert RunUnit.objects.count() == 0
    for who in declared.PEOPLE:
        assert queries.my_items(office.reach(who)) == []
    assert not Run.objects.exclude(opened_at=None, finished_at=None, waiting_at=None).exists()
    run = Run.objects.get(period="2026-01", stands_for="A")
    with pytest.raises(Refused):
        actions.correct_run(run=run, reason="Keliru", by=office.actor("head"), reach=office.reach("head"))


def test_runs_open_by_the_date_of_their_agency(db: None) -> None:
    """At 15.30 UTC it is half past midnight of 1 April in Jayapura, 31 March elsewhere."""
    west = make_engine("Melati")
    east = make_engine("Kenanga", region="Timur", time_zone="Asia/Jayapura")
    for engine in (west, east):
        schedule(engine)
    before = datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)
    moment = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    for engine in (west, east):
        actions.open_due_runs(at=before, agency=engine.world.agency)
    assert not Run.objects.filter(status="open", opens_on=date(2026, 4, 1)).exists()
    assert actions.open_due_runs(at=moment) == 4, "March and the first quarter, both procedures"
    opened = Run.objects.filter(status="open", opens_on=date(2026, 4, 1))
    assert {run.agency_id for run in opened} == {east.world.agency.pk}
    assert actions.open_due_runs(at=moment) == 0
    assert actions.open_due_runs(at=datetime(2026, 3, 31, 17, 0, tzinfo=UTC)) == 4
    assert {run.opened_at for run in opened.filter(agency=east.world.agency)} == {moment}
    assert list(breaks(east.world.agency.public_id)) == []


def test_the_agencys_date_is_missed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capaian.sop.run_rules.zone_of", lambda _: UTC)
    with pytest.raises(AssertionError):
        test_runs_open_by_the_date_of_their_agency(db)


def test_a_late_opening_catches_up(office: Engine) -> None:
    schedule(office)
    assert actions.open_due_runs(at=datetime(2027, 3, 1, tzinfo=UTC)) == 32
    (first, second) = Run.objects.filter(period="2026-05").order_by("stands_for")
    assert keys(first) == ["A06"]
    assert keys(second) == []
    assert second.waiting_at is not None


def test_one_agency_without_working_days_holds_up_no_other(office: Engine) -> None:
    other = make_engine("Kenanga", region="Lain")
    for engine in (office, other):
        schedule(engine)
    for weekday in range(7):
        agencies.put_work_hours(
            agency=office.world.agency, valid_from=date(2024, 1, 2), weekday=weekday, spans="", by=office.world.admin
        )
    assert actions.open_due_runs(at=datetime(2026, 2, 2, 3, 0, tzinfo=UTC)) == 3
    held_up = Run.objects.get(opens_on=date(2026, 2, 2), status="scheduled")
    assert (held_up.agency, held_up.stands_for) == (office.world.agency, "A"), "its B waits: nothing is due yet"
    run = Run.objects.get(agency=office.world.agency, period="2026-01", stands_for="A")
    with pytest.raises(Refused) as refused:
        office.open_scheduled(run)
    assert [reason.code for reason in refused.value.reasons] == ["no_workday"]


def test_a_year_is_not_scheduled_on_a_calendar_without_working_days(office: Engine) -> None:
    for weekday in range(7):
        agencies.put_work_hours(
            agency=office.world.agency, valid_from=date(2024, 1, 2), weekday=weekday, spans="", by=office.world.admin
        )
    with pytest.raises(Refused, match="Kalender"):
        schedule(office)


def test_units_take_part_as_they_are_when_the_run_opens(office: Engine) -> None:
    admin, agency = office.world.admin, office.world.agency
    create_unit(agency=agency, name="Bidang Baru", kind="division", by=admin, valid_from=date(2024, 5, 1))
    create_unit(agency=agency, name="Bidang Nanti", kind="division", by=admin, valid_from=date(2099, 1, 1))
    (run,) = office.open("2026-Q1", "A")
    assert set(run.run_units.values_list("unit__name", flat=True)) == {
        *(unit.name for unit in office.world.units.values()),
        "Bidang Baru",
    }
    create_unit(agency=agency, name="Bidang Terlambat", kind="division", by=admin, valid_from=date(2024, 5, 1))
    Unit.objects.filter(pk=office.world.units["aptika"].pk).update(valid_to=date(2024, 12, 31))
    office.advance(run, until="A07")
    assert len(keys(run)) == 4


def test_a_step_of_units_is_passed_through_when_there_is_none(office: Engine) -> None:
    Unit.objects.filter(agency=office.world.agency).update(supplies_data=False)
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A06")
    office.complete(open_items(run)[0])
    assert keys(run) == ["A08"]
    assert not run.items.filter(step__key="A07").exists()


class Threads:
    """The same thing done at once, in threads with connections of their own."""

    def __init__(self, count: int) -> None:
        self.barrier = Barrier(count)
        self.count = count
        self.results: list[object] = []

    def run(self, act: Callable[[], object]) -> list[object]:
        """Do it in every thread at the same moment; return results and errors."""
        threads = [Thread(target=self._one, args=(act,)) for _ in range(self.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.results

    def _one(self, act: Callable[[], object]) -> None:
        try:
            self.barrier.wait()
            self.results.append(act())
        except Exception as error:  # noqa: BLE001  (whatever happened is what the test looks at)
            self.results.append(error)
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_schedulers_at_once_schedule_once() -> None:
    office = make_engine()
    made = Threads(8).run(lambda: schedule(office))
    assert sorted(len(runs) if isinstance(runs, list) else -1 for runs in made) == [0] * 7 + [32], made
    assert Run.objects.count() == 32
    assert list(breaks(office.world.agency.public_id)) == []


@pytest.mark.django_db(transaction=True)
def test_eight_openers_at_once_open_once() -> None:
    office = make_engine()
    schedule(office)
    moment = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
    made = Threads(8).run(lambda: actions.open_due_runs(at=moment))
    assert all(isinstance(count, int) for count in made), made
    assert Run.objects.filter(status="open").count() == 8
    assert WorkItem.objects.count() == 5, "three short collections at A06, A01 and B01; the rest wait"
    assert list(breaks(office.world.agency.public_id)) == []

"""Step completions: an agency carries out a year of both SOPs, and its completions of A02 to A09 are timed.

Each is followed by the least that any design must do: one UPDATE and one INSERT in a transaction.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.row import Row, row, seconds_of
from capaian.agencies import actions as agencies
from capaian.agencies.queries import Reach, reach
from capaian.documents.models import Document, StoredFile
from capaian.periods.period import Period, PeriodKind, periods_of_year
from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, Work, WorkItem
from capaian.sop.queries import items
from tests.sop.driver import ON, Engine, make_engine

YEAR = 2026
TIMED = {f"A0{number}" for number in range(2, 10)}
#: Where the last month and quarter stand when the year is measured; everything before is archived.
STANDS_AT = {"2026-12": "A07", "2026-Q4": "A10"}
NEXT_PERIODS = ("2027-01", "2027-02", "2027-03", "2027-Q1")  # carried out among the copies
WARM_UP = 1  # periods that are driven before the clock counts
BARS = {"SQLite": 5.0, "PostgreSQL": 10.0}


@dataclass
class Timings:
    """What was measured while the agency worked, in seconds."""

    completions: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)


@dataclass
class Driver:
    """Lets an agency's people complete steps, and times them."""

    engine: Engine
    timings: Timings = field(default_factory=Timings)
    counting: bool = False

    def __post_init__(self) -> None:
        people = sorted(set(self.engine.world.people.values()), key=lambda person: person.pk)
        self.reaches: list[Reach] = [reach(person, ON) for person in people]

    def advance(self, run: Run, until: str = "") -> None:
        """Complete every open item of a run in order, until a step is reached or nothing is open."""
        waiting = WorkItem.objects.filter(run=run, status=WorkItem.Status.OPEN).order_by("step__ordinal", "pk")
        while item := waiting.select_related("run__agency", "step", "unit").first():
            if item.step.key == until:
                return
            if item.step.work == Work.ARCHIVE:
                stand_in_for_papers(self.engine)
            self.complete(item)

    def complete(self, item: WorkItem) -> None:
        """Complete one item as the first of those who may."""
        who = next(mine for mine in self.reaches if step_rules.may_complete(item, mine))
        note = "Sudah dikerjakan sesuai arahan."
        if item.step.work == Work.HAND_OVER:
            secretary = self.engine.reach("secretary")
            actions.hand_over(item=item, note=note, by=step_rules.performer_for(secretary, item), reach=secretary)
        answer = Answer(note=note, decision=WorkItem.Decision.YES if item.step.work == Work.DECIDE else None)
        item = items(who).get(pk=item.pk)  # as the page reads it before it calls the action
        by = step_rules.actor_for(who, item, token=item.public_id)
        if not self.counting or item.step.key not in TIMED:
            actions.complete_step(item=item, answer=answer, by=by, reach=who)
            return
        with statements() as seen:
            begun = time.perf_counter()
            actions.complete_step(item=item, answer=answer, by=by, reach=who)
            self.timings.completions.append(time.perf_counter() - begun)
        self.timings.statements.append(len(seen))
        self.timings.floor.append(seconds_of(least))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements sent while the block runs, those apart that begin and end transactions."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  (Django calls it so)
        seen.extend([] if sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")) else [sql])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def make_floor() -> None:
    """Make the two tables of the least that any design must do, with a row to update."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE floor_item (id integer PRIMARY KEY, note text)")
        cursor.execute("CREATE TABLE floor_event (id integer, note text)")
        cursor.execute("INSERT INTO floor_item VALUES (1, '')")


def least() -> None:
    """Update one row and insert one, in a transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE floor_item SET note = %s WHERE id = 1", ["selesai"])
        cursor.execute("INSERT INTO floor_event VALUES (1, %s)", ["selesai"])


def stand_in_for_papers(engine: Engine) -> None:
    """Give reserved papers one file, where the product would make a PDF of each: that is measured by itself."""
    agency = engine.world.agency
    file = StoredFile.objects.filter(agency=agency).first() or StoredFile.objects.create(
        agency=agency,
        key="bench",
        sha256="0" * 64,
        size=20_000,
        media_type="application/pdf",
        original_name="naskah.pdf",
        uploaded_at=timezone.now(),
        uploaded_by=engine.world.people["team"],
    )
    drafts = Document.objects.filter(agency=agency, state=Document.State.DRAFT)
    drafts.update(state=Document.State.ISSUED, file=file, issued_at=timezone.now())


def work_a_year(database: str) -> tuple[Driver, list[Row]]:
    """Let an agency of five units carry out a year of both SOPs, the last periods in part; return its timings."""
    agencies.seed_national_calendar(by=agencies.founding_actor())
    engine = make_engine("Melati", units=5)
    driver = Driver(engine)
    make_floor()
    for place, period in enumerate(periods_of_year(YEAR)):
        driver.counting = place >= WARM_UP
        work_a_period(driver, period)
    return driver, timed_rows(driver, database, "the first agency")


def work_among_others(driver: Driver, database: str) -> list[Row]:
    """Let the agency carry out some periods of the next year, now that it is one of many; return the timings."""
    driver.timings = Timings()
    for code in NEXT_PERIODS:
        work_a_period(driver, Period.parse(code))
    runs, items = Run.objects.count(), WorkItem.objects.count()
    return timed_rows(driver, database, f"{runs:,} runs, {items:,} items")[:1]


def timed_rows(driver: Driver, database: str, much: str) -> list[Row]:
    """Return what was timed: completions, and the least that any design must do."""
    timings = driver.timings
    size = f"{len(timings.completions)} completions, {much}"
    counts = sorted(timings.statements)
    note = f"{counts[len(counts) // 2]} statements (median), {counts[-1]} at most"
    return [
        row("step completion, action only (A02–A09)", database, size, timings.completions, BARS[database], note),
        row("floor: one UPDATE + one INSERT", database, size, timings.floor, note="in one transaction, same moments"),
    ]


def work_a_period(driver: Driver, period: Period) -> None:
    """Schedule, open and carry out both SOPs for one period."""
    if period.kind == PeriodKind.YEAR:
        return
    first, second = driver.engine.open(period.code, "A", "B")
    stand = STANDS_AT.get(period.code, "")
    driver.advance(second, until="B03" if stand else "")
    driver.advance(first, until=stand)
    if not stand:
        driver.advance(second)

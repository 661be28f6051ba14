"""An office whose collection is approved, and whose measurement stands where a work of this room begins."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from capaian.journal.actor import Actor
from capaian.measurement import actions, queries
from capaian.measurement.entries import ALL_TICKS, MethodologyEntry, SmartEntry
from capaian.measurement.models import Measurement, Methodology, Worksheet
from capaian.sop import step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, WorkItem
from tests.collection.conftest import advance, collect, save, sheet, submit, told
from tests.factories import World
from tests.planning.cards import make_card
from tests.sop.driver import Engine, make_engine, open_items

BLANK = Answer()
Values = Mapping[str, str | None]


@pytest.fixture
def office(db: None) -> Engine:
    """An agency with people for every role, three units and the shipped SOPs."""
    return make_engine()


def four_cards(world: World) -> None:
    """Make cards of four kinds: a consolidated one, one of target zero, a predicate, and a heavier one."""
    make_card(world, "Layanan", units=("secretariat", "ikp"), targets={"2026-Q1": "80", "2026-Q2": "80"})
    make_card(world, "Insiden", targets={"2026-Q1": "0"}, polarity="minimize", level="programme")
    make_card(world, "Predikat", targets={"2026-Q1": "BB"}, polarity="predicate", level="goal")
    make_card(world, "Belum", targets={"2026-Q1": "5"}, level="programme", weight="3")


def fill(office: Engine, run: Run, values: Values) -> None:
    """Let every unit report: `values` by the beginning of a card's name, letters too; None reports nothing."""
    for item in list(open_items(run)):
        unit = next(key for key, row in office.world.units.items() if row == item.unit)
        lines = sheet(office, run, unit).open_lines
        said = []
        for line in lines:
            value = next((text for name, text in values.items() if line.card.name.startswith(name)), None)
            if value is None:
                said.append(told(line, obstacle="Belum ada data"))
            elif value.isalpha():
                said.append(told(line, letter=value))
            else:
                said.append(told(line, Decimal(value)))
        if said:
            save(office, run, unit, *said)
            submit(office, run, unit)
        else:
            office.complete(item)


def collected(office: Engine, values: Values, period: str = "2026-Q1") -> Run:
    """Carry out and approve the collection of a period."""
    run = collect(office, "A07", period)
    fill(office, run, values)
    advance(office, run, "A11")
    return run


def measuring(office: Engine, until: str = "B05", period: str = "2026-Q1") -> WorkItem:
    """Open the measurement of a period and bring it to a step."""
    (run,) = office.open(period, "B")
    return bring(office, run, until)


def bring(office: Engine, run: Run, until: str) -> WorkItem:
    """Bring a measurement to a step, its works done by this room; return the step's item."""
    while True:
        item = WorkItem.objects.select_related("run__agency", "step", "unit").get(pk=open_items(run)[0].pk)
        if item.step.key == until:
            return item
        work = WORKS.get(item.step.work)
        if work is None:
            office.complete(item)
        else:
            work(office, item)


def acting(office: Engine, who: str, item: WorkItem, token: str = "") -> Actor:
    return step_rules.actor_for(office.reach(who), item, token)


def entry(office: Engine, *, note: str = "", **unticked: str) -> MethodologyEntry:
    """Return the methodology that an untouched page sends; `unticked` takes a letter off every card, with a note."""
    reach = office.reach("team")
    current = queries.methodology(reach, 2026)
    ticks = ALL_TICKS - set(unticked)
    rows = [SmartEntry(card.pk, ticks, "; ".join(unticked.values())) for card in queries.cards_in_force(reach, 2026)]
    return MethodologyEntry(rows, note, current.digest if current else "")


def lock(office: Engine, *, note: str = "", **unticked: str) -> Methodology:
    """Lock the methodology of 2026 outside a step."""
    reach = office.reach("team")
    given = entry(office, note=note, **unticked)
    return actions.lock_methodology(year=2026, entry=given, by=reach.actor(), reach=reach)


def set_methodology(office: Engine, item: WorkItem, given: MethodologyEntry | None = None) -> WorkItem:
    reach = office.reach("team")
    return actions.set_methodology(
        item=item, entry=given or entry(office), answer=BLANK, by=acting(office, "team", item), reach=reach
    )


def measure(office: Engine, item: WorkItem, token: str = "") -> WorkItem:
    by = acting(office, "team", item, token)
    return actions.measure(item=item, answer=BLANK, by=by, reach=office.reach("team"))


def recapitulate(office: Engine, item: WorkItem) -> WorkItem:
    by = acting(office, "team", item)
    return actions.recapitulate(item=item, answer=BLANK, by=by, reach=office.reach("team"))


def decide(office: Engine, item: WorkItem, **how: object) -> WorkItem:
    given = {"decision": WorkItem.Decision.YES} | how
    answer = Answer(**given)  # type: ignore[arg-type]
    by = acting(office, "secretary", item)
    return actions.decide(item=item, answer=answer, by=by, reach=office.reach("secretary"))


WORKS: dict[str, Callable[[Engine, WorkItem], WorkItem]] = {
    "set_methodology": set_methodology,
    "measure": measure,
    "recapitulate": recapitulate,
    "decide": decide,
}


def worksheet(office: Engine, run: Run) -> Worksheet:
    """Return the worksheet in force of a run."""
    found = queries.worksheet_of(office.reach("team"), run)
    assert found is not None
    return found


def row(office: Engine, run: Run, name: str) -> Measurement:
    """Return the measurement of a card by the beginning of its name."""
    return worksheet(office, run).measurements.get(card__name__startswith=name)

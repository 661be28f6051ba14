"""An office with cards, whose collection stands where a work of this room begins."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from capaian.collection import actions, form_queries
from capaian.collection.entries import ActualEntry, FormEntry
from capaian.collection.sheets import Line, Sheet
from capaian.planning.models import Card
from capaian.sop import step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, WorkItem
from tests.planning.cards import make_card
from tests.sop.driver import Engine, make_engine, open_items

BLANK = Answer()


@pytest.fixture
def office(db: None) -> Engine:
    """An agency with people for every role, three units and the shipped SOPs."""
    return make_engine()


@pytest.fixture
def card(office: Engine) -> Card:
    """A quarterly card that two units supply by a sum."""
    return make_card(office.world, "Layanan", units=("secretariat", "ikp"), targets={"2026-Q1": "80", "2026": "320"})


def collect(office: Engine, until: str = "A07", period: str = "2026-Q1") -> Run:
    """Open the collection of a period and bring it to a step, its forms prepared and distributed."""
    (run,) = office.open(period, "A")
    advance(office, run, until)
    return run


def advance(office: Engine, run: Run, until: str) -> None:
    """Bring a run to a step; the works of this room by its actions."""
    by_work: dict[str, Callable[..., WorkItem]] = {
        "prepare_form": actions.prepare_forms,
        "distribute": actions.distribute_forms,
        "recapitulate": actions.recapitulate,
    }
    while True:
        item = open_items(run).select_related("run__agency").first()
        if item is None or item.step.key == until:
            return
        act = by_work.get(item.step.work)
        if act is None:
            office.complete(item)
        else:
            team = office.reach("team")
            act(item=item, answer=BLANK, by=step_rules.actor_for(team, item), reach=team)


def filling(run: Run, office: Engine, unit: str) -> WorkItem:
    """Return a unit's open item."""
    return open_items(run).select_related("run__agency").get(unit=office.world.units[unit], step__key="A07")


def who(unit: str) -> str:
    """Return who submits for a unit."""
    return "planner" if unit == "secretariat" else unit


def sheet(office: Engine, run: Run, unit: str) -> Sheet:
    """Return a unit's form as it stands."""
    return form_queries.sheet(office.reach(who(unit)), run, office.world.units[unit])


def told(line: Line, value: object = None, **more: object) -> ActualEntry:
    """Return what is said on a line."""
    given = {"value": value} if value is not None else {}
    return ActualEntry(line.card.pk, line.period.code, **given, **more)  # type: ignore[arg-type]


def save(office: Engine, run: Run, unit: str, *actuals: ActualEntry, edition: int | None = None, **more: object) -> int:
    """Keep a draft as the unit's submitter, on the newest edition unless another is named."""
    item, person = filling(run, office, unit), office.reach(who(unit))
    opened = sheet(office, run, unit).edition if edition is None else edition
    entry = FormEntry(actuals, **more)  # type: ignore[arg-type]
    return actions.save_form(
        item=item, entry=entry, edition=opened, by=step_rules.actor_for(person, item), reach=person
    )


def submit(office: Engine, run: Run, unit: str, token: str = "") -> WorkItem:
    """Submit a unit's form as it was last saved."""
    item, person = filling(run, office, unit), office.reach(who(unit))
    by = step_rules.actor_for(person, item, token)
    edition = sheet(office, run, unit).edition
    return actions.submit_form(item=item, edition=edition, answer=BLANK, by=by, reach=person)


def report(office: Engine, run: Run, unit: str, value: object) -> WorkItem:
    """Report one value on every line of a unit's form and submit it."""
    save(office, run, unit, *(told(line, value) for line in sheet(office, run, unit).open_lines))
    return submit(office, run, unit)


def rounds_of_sizes(office: Engine) -> Iterator[Run]:
    """Collect three quarters, the later ones with more and more cards filled in: pages ask as often for each."""
    for period, more in (("2026-Q1", 0), ("2026-Q2", 1), ("2026-Q3", 6)):
        for place in range(more):
            make_card(office.world, f"Kartu {period} {place}", units=("ikp", "aptika"))
        run = collect(office, period=period)
        save(office, run, "ikp", *(told(line, Decimal(5)) for line in sheet(office, run, "ikp").open_lines))
        yield run

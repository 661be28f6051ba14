"""An action that dies at any of its writes leaves nothing behind, and happens exactly once when tried again."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from capaian.agencies import actions as agencies
from capaian.documents.actions import adopt_kinds
from capaian.journal.queries import breaks
from capaian.periods.period import Period
from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, Step, Version, Work, WorkItem
from capaian.sop.shipped import shipped
from tests.factories import make_agency
from tests.sop.driver import Engine, issue_papers, keys, make_engine, open_items
from tests.sop.kills import leaky, survives
from tests.sop.moves import SCAN

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NO = WorkItem.Decision.NO


def completing(office: Engine, item: WorkItem, **answer: Any) -> Callable[[], object]:
    """Return the completion of an item by the first who may, with a form's token."""
    item = WorkItem.objects.select_related("run__agency", "run__definition", "run__version", "step", "unit").get(
        pk=item.pk
    )
    who = office.reach(next(who for who in office.world.people if step_rules.may_complete(item, office.reach(who))))
    if item.step.work == Work.DECIDE:
        answer = {"decision": WorkItem.Decision.YES} | answer
    if item.step.work == Work.HAND_OVER:
        answer = {"note": "Lanjutkan"} | answer
    by = step_rules.actor_for(who, item, f"formulir-{item.pk}-{answer}"[:40])
    return lambda: actions.complete_step(item=item, answer=Answer(**answer), by=by, reach=who)


def handing_over(office: Engine, item: WorkItem) -> Callable[[], object]:
    secretary = office.reach("secretary")
    by = secretary.actor(token=f"penyampaian-{item.pk}")
    return lambda: actions.hand_over(item=item, note="Mohon arahan", by=by, reach=secretary)


def walk(office: Engine, run: Run, until: str = "") -> tuple[set[str], int]:
    """Take a run to its end, killing every completion at every write. Returns the works done and the kills."""
    works, kills = set(), 0
    while (item := open_items(run).first()) is not None and item.step.key != until:
        issue_papers()
        works.add(item.step.work)
        if item.step.work == Work.HAND_OVER:
            kills += survives(handing_over(office, item))
        kills += survives(completing(office, item))
    return works, kills


def test_completing_every_kind_of_work() -> None:
    office = make_engine()
    first, second = office.open("2026-Q1", "A", "B")
    works, kills = walk(office, first, until="A10")
    (item,) = open_items(first)
    kills += survives(completing(office, item, decision=NO, note="Perbaiki", target="A08"))
    assert keys(first) == ["A08"]
    for run, until in ((second, ""), (first, ""), (second, "")):
        done, more = walk(office, run, until)
        works, kills = works | done, kills + more
    assert works == set(Work.values) - {"free"}
    assert set(Run.objects.values_list("status", flat=True)) == {"done"}
    assert list(breaks(office.world.agency.public_id)) == []
    assert kills > 200


def test_what_else_is_done_with_steps() -> None:
    office = make_engine()
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A07")
    team, head, own = office.reach("team"), office.reach("head"), office.reach("ikp")
    ikp = office.world.units["ikp"]
    secretariat, of_ikp, aptika = open_items(run)
    kills = [
        survives(lambda: actions.attach_file(item=of_ikp, file=SCAN, by=own.actor(token="berkas"), reach=own)),
        survives(
            lambda: actions.reassign_item(
                item=of_ikp, assignee=office.world.people["ikp"], by=head.actor(token="tugas"), reach=head
            )
        ),
    ]
    office.complete(of_ikp)
    step = Step.objects.get(version=run.version, key="A08")
    answer = Answer(note="Kurang", target="A07", unit_ids=(ikp.pk,))
    by = team.actor(token="kembali")
    kills.append(survives(lambda: actions.return_work(run=run, step=step, answer=answer, by=by, reach=team)))
    for item in (secretariat, aptika, open_items(run)[2]):
        by = team.actor(token=f"kecuali-{item.pk}")
        kills.append(survives(partial(actions.waive_unit, item=item, reason="Bubar", by=by, reach=team)))
    assert keys(run) == ["A08"]
    assert min(kills) >= 3, "the row, the entry, the head of the chain"


def test_what_is_done_with_runs() -> None:
    office = make_engine()
    head, own = office.reach("head"), office.definitions
    by = head.actor(token="jadwal")
    year = [Period.parse(f"2026-{month:02}") for month in range(1, 4)]
    schedule = {"month": (own["A-R"], own["B-R"])}

    def scheduling() -> object:
        return actions.schedule_year(agency=office.world.agency, periods=year, definitions=schedule, by=by, reach=head)

    survives(scheduling)
    first, second = Run.objects.filter(period="2026-01").order_by("stands_for")
    survives(lambda: actions.open_run(run=first, by=head.actor(token="buka-1"), reach=head))
    survives(lambda: actions.open_run(run=second, by=head.actor(token="buka-2"), reach=head))
    office.finish(first)
    survives(lambda: actions.correct_run(run=first, reason="Keliru", by=head.actor(token="perbaiki"), reach=head))
    new = Run.objects.get(corrects=first)
    survives(lambda: actions.cancel_run(run=new, reason="Batal", by=head.actor(token="batal"), reach=head))
    assert Run.objects.filter(status="scheduled").count() == 4
    assert list(breaks(office.world.agency.public_id)) == []


def test_what_is_done_with_definitions_and_the_calendar() -> None:
    office = make_engine()
    other = make_agency("Kenanga", region="Lain")
    adopt_kinds(agency=other.agency)
    survives(lambda: actions.adopt_definition(agency=other.agency, template_key="pengumpulan", by=other.admin))
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A07")
    spec = deepcopy(dict(shipped("pengumpulan")))
    spec["steps"][6]["time"] = {"amount": 2, "unit": "day", "printed": "2 Hari"}
    by = office.reach("admin").actor(token="terbit")
    survives(lambda: actions.publish_version(definition=office.definitions["A"], spec=spec, by=by))
    version = Version.objects.get(definition=office.definitions["A"], state="published")
    head = office.reach("head")
    survives(lambda: actions.move_run(run=run, version=version, by=head.actor(token="pindah"), reach=head))
    due = {item.due_at for item in open_items(run)}
    closed = {item.due_at.date() for item in open_items(run) if item.due_at}
    for day in closed:
        agencies.put_work_day(agency=office.world.agency, day=day, kind="holiday", name="Libur", by=office.world.admin)
    survives(lambda: actions.recompute_deadlines(agency=office.world.agency))
    assert due.isdisjoint(item.due_at for item in open_items(run))


def test_transactions_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_engine()
    (run,) = office.open("2026-Q1", "A")
    monkeypatch.setattr(transaction, "atomic", leaky)
    with pytest.raises(AssertionError, match="left behind when killed at write 2"):
        survives(completing(office, open_items(run)[0]))

"""What happened to a run or a step, told from the journal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from capaian.agencies.models import Person
from capaian.agencies.queries import PEOPLE, UNITS
from capaian.journal.models import Entry
from capaian.journal.prepared import Prepared
from capaian.journal.verbs import Verb
from capaian.sop.models import Run, WorkItem
from capaian.sop.published import step_of

TONES = {
    Verb.COMPLETED_STEP: "success",
    Verb.DECIDED_YES: "success",
    Verb.FINISHED_RUN: "success",
    Verb.DECIDED_NO: "warning",
    Verb.RETURNED_WORK: "warning",
    Verb.WAIVED_UNIT: "warning",
    Verb.CANCELLED_RUN: "danger",
}


ITEMS = Prepared(lambda run_id: WorkItem.objects.filter(run_id=run_id).order_by("pk"), -1)


@dataclass(frozen=True)
class HistoryLine:
    """One line: when, who (with title), did what to what, and what they wrote."""

    at: datetime
    who: str
    title: str
    verb: str
    target: str
    note: str
    tone: str


def history_of(
    run: Run, chain: str, items: Sequence[WorkItem], only: Collection[WorkItem] | None = None
) -> list[HistoryLine]:
    """Return the history of a run with all its items, or of some of them only, oldest first. Two queries."""
    by_key = {item.public_id: item for item in items}
    wanted = set(by_key) if only is None else {item.public_id for item in only}
    about_run = Q(target_public_id=run.public_id)
    if only is not None:
        about_run &= Q(verb=Verb.RETURNED_WORK)
    entries = list(
        Entry.objects.filter(chain__key=chain).filter(Q(target_public_id__in=wanted) | about_run).order_by("seq")
    )
    if only is not None:
        entries = [
            entry
            for entry in entries
            if entry.target_public_id in wanted or wanted & set(entry.payload.get("opened", []))
        ]
    people = dict(Person.objects.filter(public_id__in={e.person for e in entries}).values_list("public_id", "name"))
    return [_line(entry, by_key, people) for entry in entries]


def items_told(run: Run) -> list[WorkItem]:
    """Return the items of a run in order as pages tell of them: with step, unit, who did it, whose it is. 3 queries."""
    items: list[WorkItem] = ITEMS.ask(run.pk)
    units = {unit.pk: unit for unit in UNITS.ask({item.unit_id for item in items if item.unit_id is not None})}
    named = {pk for item in items for pk in (item.done_by_id, item.assignee_id) if pk is not None}
    people = {person.pk: person for person in PEOPLE.ask(named)}
    for item in items:
        item.run, item.unit = run, None if item.unit_id is None else units[item.unit_id]
        item.done_by = None if item.done_by_id is None else people[item.done_by_id]
        item.assignee = None if item.assignee_id is None else people[item.assignee_id]
        item.step = step_of(item)
    return items


def _line(entry: Entry, items: dict[str, WorkItem], people: dict[str, str]) -> HistoryLine:
    verb = Verb(entry.verb)
    payload: dict[str, Any] = entry.payload
    item = items.get(entry.target_public_id)
    return HistoryLine(
        at=entry.at,
        who=people.get(entry.person, "Jadwal"),
        title=str(payload.get("title", "")),
        verb=str(verb.label),
        target=_target(item),
        note=str(payload.get("note") or payload.get("reason") or ""),
        tone=TONES.get(verb, "neutral"),
    )


def _target(item: WorkItem | None) -> str:
    if item is None:
        return ""
    unit = f", {item.unit.name}" if item.unit else ""
    visit = f", kunjungan ke-{item.visit}" if item.visit > 1 else ""
    return f"langkah {item.step.ordinal}{unit}{visit}"

"""What happened to a run or a step, told from the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from capaian.agencies.models import Person
from capaian.journal.models import Entry
from capaian.journal.verbs import Verb
from capaian.sop.models import Run, WorkItem

TONES = {
    Verb.COMPLETED_STEP: "success",
    Verb.DECIDED_YES: "success",
    Verb.FINISHED_RUN: "success",
    Verb.DECIDED_NO: "warning",
    Verb.RETURNED_WORK: "warning",
    Verb.WAIVED_UNIT: "warning",
    Verb.CANCELLED_RUN: "danger",
}


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


def history_of(run: Run, chain: str, item_keys: Iterable[str] | None = None) -> list[HistoryLine]:
    """Return the history of a run, or of some of its items only, oldest first. Three queries at most."""
    items = {item.public_id: item for item in WorkItem.objects.filter(run=run).select_related("step", "unit")}
    wanted = set(items) if item_keys is None else set(item_keys)
    about_run = Q(target_public_id=run.public_id)
    if item_keys is not None:
        about_run &= Q(verb=Verb.RETURNED_WORK)
    entries = list(
        Entry.objects.filter(chain__key=chain).filter(Q(target_public_id__in=wanted) | about_run).order_by("seq")
    )
    if item_keys is not None:
        entries = [
            entry
            for entry in entries
            if entry.target_public_id in wanted or wanted & set(entry.payload.get("opened", []))
        ]
    people = dict(Person.objects.filter(public_id__in={e.person for e in entries}).values_list("public_id", "name"))
    return [_line(entry, items, people) for entry in entries]


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

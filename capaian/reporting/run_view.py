"""The page of a run: the live SOP table, what is open now, who is missing, the papers, the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from capaian.agencies.queries import Reach, calendar_of
from capaian.documents.models import Document
from capaian.reporting.board import RunCard, cards_of
from capaian.reporting.chart import Chart
from capaian.reporting.history import HistoryLine, history_of, items_told
from capaian.reporting.live_chart import LiveTable, column_roles
from capaian.reporting.step_view import step_words
from capaian.sop import run_rules, step_rules
from capaian.sop.models import Run, Step, Version, WorkItem
from capaian.sop.papers import documents_of
from capaian.sop.published import steps_by_key


@dataclass
class RunView:
    """What the page of a run shows to one person."""

    run: Run
    card: RunCard
    chart: Chart
    open_items: list[WorkItem]
    papers: list[Document]
    history: list[HistoryLine]
    waiting_text: str
    returnable: list[Step]
    units: list[str]


def run_view(run: Run, reach: Reach, now: datetime) -> RunView:
    """Return everything the page of `run` shows; a constant number of queries."""
    steps = list(steps_by_key(run.version).values())
    items = items_told(run)
    return RunView(
        run=run,
        card=cards_of([run], now)[run.pk],
        chart=LiveTable(run, steps, column_roles(run.version), items, calendar_of(reach.agency), now).draw(),
        open_items=[item for item in items if item.status == WorkItem.Status.OPEN],
        papers=documents_of(run),
        history=history_of(run, reach.agency.public_id, items),
        waiting_text=waiting_text(run),
        returnable=returnable(run, steps, items, reach),
        units=[row.unit.name for row in run.run_units.select_related("unit").order_by("unit_id")],
    )


def returnable(run: Run, steps: Sequence[Step], items: Sequence[WorkItem], reach: Reach) -> list[Step]:
    """Return the steps from which this person may send work back now, decisions apart."""
    if run.status != Run.Status.OPEN:
        return []
    open_keys = {item.step.key for item in items if item.status == WorkItem.Status.OPEN}
    done_units = {item.step.key for item in items if item.unit_id and item.status == WorkItem.Status.DONE}
    found = []
    for step in steps:
        targets = list(step.return_targets.all())
        if step.kind == Step.Kind.DECISION or not targets:
            continue
        early = any(row.per_unit and row.target.key in open_keys & done_units for row in targets)
        if (step.key in open_keys or early) and step_rules.held_as(reach, step_rules.completers(step), None):
            found.append(step)
    return found


def waiting_text(run: Run) -> str:
    """Say what a run waits for, when it waits."""
    if run.waiting_at is None or run.status != Run.Status.OPEN:
        return ""
    waits = ", ".join(step_words(wait.step_key, wait.definition_code) for wait in run.waiting_at.waits.all())
    return f"Langkah {run.waiting_at.ordinal} menunggu {waits} untuk periode yang sama."


def newer_version(run: Run, reach: Reach) -> Version | None:
    """Return the version in force when this person may move the run to it, else None."""
    version = Version.objects.filter(definition_id=run.definition_id, state=Version.State.PUBLISHED).first()
    if version is None or run_rules.reasons_not_to_move(run, version, reach):
        return None
    return version

"""The board of a year's periods: where each SOP stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from capaian.agencies.queries import Reach
from capaian.periods.period import Period, periods_of_year
from capaian.sop.models import Run, Step, WorkItem
from capaian.sop.queries import runs

#: What a card is made of: a year has some five hundred items.
CARD_FIELDS = ("run_id", "status", "due_at", "return_note", "step__key", "step__ordinal")


@dataclass
class RunCard:
    """One run on the board: its progress in steps, what is open now and how late."""

    run: Run
    done: int = 0
    total: int = 0
    now: list[str] = field(default_factory=list)
    late: bool = False
    returned: int = 0
    segments: list[dict[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Progress in words, for those who do not see the bar."""
        return f"{self.done} dari {self.total} langkah selesai"


@dataclass(frozen=True)
class PeriodRow:
    """One period of the year with its runs; `procedures` by code, revisions included."""

    period: Period
    cards: Sequence[RunCard]


def board(reach: Reach, year: int, now: datetime) -> list[PeriodRow]:
    """Return the periods of a year in order of their end, each with its runs. A constant number of queries."""
    found = list(runs(reach).filter(period__startswith=f"{year:04d}").order_by("stands_for", "revision", "pk"))
    cards = cards_of(found, now)
    by_period = defaultdict(list)
    for run in found:
        by_period[run.period].append(cards[run.pk])
    return [PeriodRow(period, by_period.get(period.code, [])) for period in periods_of_year(year)]


def cards_of(found: Sequence[Run], now: datetime) -> dict[int, RunCard]:
    """Return the cards of runs by row number, from two queries."""
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(version_id__in={run.version_id for run in found}).order_by("ordinal"):
        steps[step.version_id].append(step)
    items: dict[int, list[WorkItem]] = defaultdict(list)
    rows = WorkItem.objects.filter(run_id__in=[run.pk for run in found]).select_related("step").only(*CARD_FIELDS)
    for item in rows.order_by("pk"):
        items[item.run_id].append(item)
    return {run.pk: _card(run, steps[run.version_id], items[run.pk], now) for run in found}


def _card(run: Run, steps: Sequence[Step], items: Sequence[WorkItem], now: datetime) -> RunCard:
    card = RunCard(run, total=len(steps))
    open_keys = {item.step.key for item in items if item.status == WorkItem.Status.OPEN}
    first_open = min((item.step.ordinal for item in items if item.status == WorkItem.Status.OPEN), default=None)
    if run.status == Run.Status.OPEN and first_open is None and run.waiting_at is not None:
        first_open = run.waiting_at.ordinal
    reached = {item.step.key for item in items if item.status == WorkItem.Status.DONE}
    for step in steps:
        past = step.key in reached and (first_open is None or step.ordinal < first_open)
        state = "now" if step.key in open_keys else "done" if past else "future"
        if run.waiting_at_id == step.pk:
            state = "waiting"
        if run.status == Run.Status.DONE:
            state = "done"
        card.done += state == "done"
        card.segments.append({"state": state, "label": f"{step.ordinal}. {step.text}"})
    card.now = [f"{step.ordinal}. {step.text}" for step in steps if step.key in open_keys]
    card.late = any(item.status == WorkItem.Status.OPEN and item.due_at and now > item.due_at for item in items)
    card.returned = sum(bool(item.return_note) for item in items)
    return card

"""What a leader sees at a glance: this period's key indicators with their colours, and who has not filled in yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach, calendar_of
from capaian.formulas.shipped_scales import shipped_scale
from capaian.measurement.models import Measurement, Worksheet
from capaian.measurement.papers import percent
from capaian.measurement.queries import worksheets
from capaian.periods.lateness import describe_due
from capaian.periods.period import Period
from capaian.reporting.tones import tone_of
from capaian.sop.models import Run, Work, WorkItem

FOR = (RoleKey.HEAD, RoleKey.SECRETARY, RoleKey.TEAM)


@dataclass(frozen=True)
class KeyLine:
    """A key indicator (IKU) as it was last measured."""

    row: Measurement
    name: str
    shown: str
    category: str
    tone: str


@dataclass(frozen=True)
class Missing:
    """A unit that has not submitted its form."""

    item: WorkItem
    due_text: str
    late: bool


@dataclass(frozen=True)
class Overview:
    """The newest measurement of the agency and the forms that are still out."""

    worksheet: Worksheet | None
    lines: Sequence[KeyLine]
    missing: Sequence[Missing]

    @property
    def period(self) -> str:
        """The measured period in words."""
        return Period.parse(self.worksheet.period).label if self.worksheet else ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.lines and not self.missing


def overview(reach: Reach, now: datetime) -> Overview | None:
    """Return what Kepala, Sekretaris and Tim SAKIP see beside their work; None for everybody else. Four queries."""
    if not any(reach.has(role) for role in FOR):
        return None
    worksheet = _newest(reach)
    rows = (
        Measurement.objects.filter(worksheet=worksheet, card__indicator__is_iku=True).order_by("ordinal")
        if worksheet
        else []
    )
    return Overview(worksheet, [_line(row) for row in rows], _missing(reach, now))


def _newest(reach: Reach) -> Worksheet | None:
    """Return the worksheet of the latest period that was measured."""
    found = worksheets(reach).filter(item__status=WorkItem.Status.DONE).exclude(item__run__status=Run.Status.CANCELLED)
    return max(found, key=lambda row: (Period.parse(row.period).end, row.pk), default=None)


def _line(row: Measurement) -> KeyLine:
    card = row.inputs["card"]
    level = None if row.shown is None else shipped_scale(card["scale"]).level(row.shown)
    return KeyLine(row, card["name"], percent(row.shown), row.category or row.reason, tone_of(level))


def _missing(reach: Reach, now: datetime) -> list[Missing]:
    waiting = WorkItem.objects.filter(
        agency_id=reach.agency.pk, status=WorkItem.Status.OPEN, step__work=Work.FILL, unit__isnull=False
    )
    rows = list(waiting.select_related("unit", "run__definition", "step").order_by("run__period", "unit__name"))
    if not rows:
        return []
    calendar = calendar_of(reach.agency)
    return [
        Missing(
            item,
            describe_due(calendar, item.due_at, now) if item.due_at else "SOP tidak menetapkan waktu",
            late=item.due_at is not None and now > item.due_at,
        )
        for item in rows
    ]

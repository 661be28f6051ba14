"""Every figure of a round in one table: what Tim SAKIP looks over before it recapitulates, and sends back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from capaian.agencies.queries import Reach
from capaian.collection import checks, queries
from capaian.collection.board import CellState, state_of_line
from capaian.collection.models import UnitForm
from capaian.collection.preview import preview
from capaian.collection.queries import Standing
from capaian.collection.recapitulation import figures_of
from capaian.collection.round_sheets import sheets
from capaian.collection.sheets import Line
from capaian.sop.models import Run

#: What the table can be narrowed to, in words.
ONLY = {
    "warned": "Ada peringatan",
    "changed": "Berubah sejak rekapitulasi lalu",
    "unproved": "Tanpa bukti",
    "empty": "Belum diisi",
}
Before = Mapping[tuple[str, str, str], tuple[str, str]]


@dataclass(frozen=True)
class BulkRow:
    """One line of a unit's form, in words."""

    card_key: str
    name: str
    measured_in: str
    period: str
    shown: str
    target: str
    achievement: str
    provisional: bool
    warnings: Sequence[str]
    reason: str  # the explanation that stands beside the figure
    proofs: int
    state: CellState
    before: str  # what the last recapitulation said, "" where it says the same or there is none
    told_on: str

    @property
    def changed(self) -> bool:
        """Whether the last recapitulation said something else."""
        return bool(self.before)

    def fits(self, only: str) -> bool:
        """Tell whether the row is one of those that the table is narrowed to."""
        if only == "warned":
            return bool(self.warnings)
        if only == "changed":
            return self.changed
        if only == "unproved":
            return not self.proofs and bool(self.shown)
        return only != "empty" or self.state in (CellState.EMPTY, CellState.UNREAD)


@dataclass(frozen=True)
class BulkForm:
    """A unit's form with the lines to show of it."""

    standing: Standing
    rows: Sequence[BulkRow]

    @property
    def may_return(self) -> bool:
        """Whether it has been submitted and not been approved yet."""
        return self.standing.state == UnitForm.State.SUBMITTED


def forms_of(reach: Reach, run: Run) -> tuple[list[BulkForm], bool]:
    """Return every form of a run with all its lines, and whether there is an earlier recapitulation to compare with.

    A constant number of queries.
    """
    found = sheets(reach, run)
    runs = [pk for pk in (run.pk, run.corrects_id) if pk is not None]
    last = queries.recapitulations(reach).filter(item__run_id__in=runs).order_by("-item__run_id", "-pk").first()
    before = figures_of(last.content) if last else {}
    forms = [
        BulkForm(each.standing, [_row(line, each.standing.unit.public_id, before, run) for line in each.sheet.lines])
        for each in found
    ]
    return forms, last is not None


def narrowed(forms: Iterable[BulkForm], unit: str, only: str) -> list[BulkForm]:
    """Return the forms of one unit (public id), of every unit where "", with the lines that fit; the empty left out."""
    chosen = [form for form in forms if not unit or form.standing.unit.public_id == unit]
    if only not in ONLY:
        return chosen
    kept = [BulkForm(form.standing, [row for row in form.rows if row.fits(only)]) for form in chosen]
    return [form for form in kept if form.rows]


def _row(line: Line, unit_key: str, before: Before, run: Run) -> BulkRow:
    actual, told = line.actual, line.reported
    _, then = before.get((line.card.public_id, line.period.code, unit_key), ("", line.shown))
    return BulkRow(
        card_key=line.card.public_id,
        name=line.card.name,
        measured_in=line.card.measured_in,
        period="" if line.period == run.period_value else line.period.label,
        shown=line.shown,
        target=line.target,
        achievement=preview(line, told.value, told.letter),
        provisional=bool(actual and actual.is_provisional),
        warnings=[found.text for found in checks.findings(line)],
        reason=". ".join(text.strip().rstrip(".") for text in (actual.cause, actual.obstacle) if text.strip())
        if actual
        else "",
        proofs=len(actual.evidence.all()) if actual else 0,
        state=state_of_line(line),
        before="" if then == line.shown else then or "belum dilaporkan",
        told_on=line.told_on,
    )

"""Dari mana angka ini: everything behind one achievement, from its snapshot and the people who decided on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime

from capaian.agencies.models import Agency
from capaian.collection.models import Actual, Submission
from capaian.formulas.evaluate import NotComputable, card_formula
from capaian.formulas.grammar import FormulaRefused
from capaian.formulas.number_text import format_number
from capaian.formulas.result import Input
from capaian.measurement.computing import Point, explained, number, promise, subject_of
from capaian.measurement.models import Measurement
from capaian.measurement.promised import agreements_of, long_name, source_of_target
from capaian.measurement.recap import Line
from capaian.periods.period import Period
from capaian.sop.models import Work, WorkItem
from capaian.sop.papers import moment_text

FOR_UNIT = " (diisikan oleh Tim SAKIP)"
SOURCES = {
    "recapitulation": "rekapitulasi yang disetujui untuk periode ini",
    "approved": "rekapitulasi yang disetujui untuk periode sebelumnya",
    "actuals": "realisasi yang tercatat",
}


@dataclass(frozen=True)
class Proof:
    """A file or link that proves a figure; `key` opens the file while it still hangs on the figure."""

    name: str
    sha256: str
    key: str


@dataclass(frozen=True)
class UnitLine:
    """What one unit reported, who entered and submitted it, with which files."""

    unit: str
    value: str
    data: Sequence[tuple[str, str]]
    entered: str
    submitted: str
    evidence: Sequence[Proof]
    waived: str
    words: Sequence[tuple[str, str]]
    form: str  # key of the unit's form


@dataclass(frozen=True)
class PeriodLine:
    """One of the card's own periods: target and actual, where each was taken from, and the units."""

    label: str
    target: str
    promised: str
    actual: str
    source: str
    in_numbers: str
    units: Sequence[UnitLine]


@dataclass(frozen=True)
class Origin:
    """Everything behind one achievement."""

    line: Line
    periods: Sequence[PeriodLine]
    consolidation: str
    agreements: Sequence[tuple[str, str]]  # key and name of those that the targets were taken from
    approved: WorkItem | None  # the decision on what was collected
    decided: WorkItem | None  # the decision on what was measured

    @property
    def recomputed(self) -> str:
        """The digest that computing now gives."""
        return self.line.measured.digest


def origin_of(row: Measurement) -> Origin:
    """Return what stands behind a measurement; the number of queries does not grow with the units."""
    subject = subject_of(row.inputs)
    points = row.inputs["periods"]
    sheet = row.worksheet
    actuals = _actuals(row.agency, points)
    return Origin(
        line=Line(row),
        periods=[_period_line(row, given, point, actuals) for given, point in zip(points, subject.points, strict=True)],
        consolidation=explained(subject.points, subject.method),
        agreements=[(key, long_name(facts)) for key, facts in agreements_of(row.inputs).items()],
        approved=yes_of(sheet.recapitulation.item.run_id),
        decided=yes_of(sheet.item.run_id),
    )


def yes_of(run_id: int) -> WorkItem | None:
    """Return the newest decision of a run when it was Ya. An internal read."""
    rows = WorkItem.objects.filter(run_id=run_id, step__work=Work.DECIDE).select_related("step", "done_by")
    last = rows.order_by("-pk").first()
    return last if last is not None and last.decision == WorkItem.Decision.YES else None


def _written(value: Any, letter: str = "") -> str:
    return letter or ("–" if value is None else Input("R", "", value).written)


def target_text(given: Mapping[str, Any] | None) -> str:
    """Return a target of a snapshot as people read it."""
    target = promise(given)
    if target.low is not None and target.high is not None:
        return f"{_written(target.low)}–{_written(target.high)}"
    return _written(target.value, target.letter)


def collected_lines(agency: Agency, formula: str, points: Sequence[Mapping[str, Any]]) -> list[PeriodLine]:
    """Return what units reported in the periods of a recapitulation's row, without targets."""
    actuals = _actuals(agency, points)
    return [
        PeriodLine(
            label=Period.parse(each["period"]).label,
            target="",
            promised="",
            actual=_written(number(each["value"]), each["letter"]),
            source="",
            in_numbers=_in_numbers(formula, each["units"]),
            units=[_unit_line(agency, unit, actuals.get(unit["actual"])) for unit in each["units"]],
        )
        for each in points
    ]


def _actuals(agency: Agency, points: Sequence[Mapping[str, Any]]) -> dict[str, Actual]:
    """Return the rows that a snapshot's periods name, by key."""
    keys = [unit["actual"] for point in points for unit in point["units"] if unit["actual"]]
    found = Actual.objects.filter(agency=agency, public_id__in=keys).select_related("form")
    found = found.annotate(for_unit=Exists(Submission.objects.filter(form=OuterRef("form"), for_unit=True)))
    return {each.public_id: each for each in found.prefetch_related("evidence__file")}


def _period_line(row: Measurement, given: Mapping[str, Any], point: Point, actuals: Mapping[str, Actual]) -> PeriodLine:
    return PeriodLine(
        label=Period.parse(given["period"]).label,
        target=target_text(given["target"]),
        promised=source_of_target(row.inputs, given.get("agreement", "")) if given["target"] else "",
        actual=_written(point.actual, point.letter),
        source=SOURCES[given["from"]],
        in_numbers=_in_numbers(row.inputs["card"]["formula"], given["units"]),
        units=[_unit_line(row.agency, unit, actuals.get(unit["actual"])) for unit in given["units"]],
    )


def _unit_line(agency: Agency, unit: Mapping[str, Any], actual: Actual | None) -> UnitLine:
    at = parse_datetime(unit["entered_at"]) if unit["entered_at"] else None
    words = (("Penyebab", unit["cause"]), ("Hambatan", unit["obstacle"]), ("Tindak lanjut", unit["follow_up"]))
    return UnitLine(
        unit=unit["unit"],
        value=_written(number(unit["value"]), unit["letter"]),
        data=[(name, _written(number(value))) for name, value in unit["data"].items()],
        entered=f"{unit['entered_by']}, {moment_text(agency, at)}" if at else "",
        submitted=f"{unit['submitted_by']}{FOR_UNIT if getattr(actual, 'for_unit', False) else ''}",
        evidence=_proofs(unit["evidence"], actual),
        waived=unit["waived"],
        words=[(label, text) for label, text in words if text],
        form=actual.form.public_id if actual and actual.form else "",
    )


def _proofs(given: Sequence[Mapping[str, str]], actual: Actual | None) -> list[Proof]:
    rows = actual.evidence.all() if actual else ()
    keys = {each.file.sha256: each.public_id for each in rows if each.file}
    return [Proof(each["name"], each["sha256"], keys.get(each["sha256"], "")) for each in given]


def _in_numbers(formula: str, units: Sequence[Mapping[str, Any]]) -> str:
    """Return the card's formula over the summed raw data: `(8 + 10) ÷ 50 × 100 = 36,00`; empty without raw data."""
    sums: dict[str, Decimal] = {}
    for unit in units:
        for name, value in unit["data"].items():
            if value is not None:
                sums[name] = sums.get(name, Decimal(0)) + Decimal(value)
    if not formula or not sums:
        return ""
    try:
        return f"{formula}: {card_formula(formula).in_numbers(sums)}"
    except (NotComputable, FormulaRefused):
        return ", ".join(f"{name} {format_number(value)}" for name, value in sums.items())

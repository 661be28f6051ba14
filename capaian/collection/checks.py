"""What looks wrong about a reported figure, in sentences, as strictly as the indicator's checks say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from capaian.collection.entries import CheckEntry
from capaian.collection.models import Actual, Check
from capaian.collection.reading import shown_number
from capaian.collection.sheets import Line
from capaian.journal.reason import Reason
from capaian.periods.period import Period
from capaian.planning.models import Card

Kind, Severity = Check.Kind, Check.Severity
#: The usual: what an indicator without rows of its own is checked for.
USUAL: Mapping[str, CheckEntry] = {
    Kind.LOWEST: CheckEntry(Severity.OFF),
    Kind.HIGHEST: CheckEntry(Severity.OFF),
    Kind.LEAP: CheckEntry(Severity.EXPLAIN, Decimal(10)),
    Kind.SAME: CheckEntry(Severity.TELL),
    Kind.SAME_LAST_YEAR: CheckEntry(Severity.OFF),
    Kind.FALLING: CheckEntry(Severity.EXPLAIN),
    Kind.UNPROVED: CheckEntry(Severity.OFF),  # required evidence is asked for whatever stands here
    Kind.OUTSIDE: CheckEntry(Severity.EXPLAIN),
}
LIMITED = (Kind.LOWEST, Kind.HIGHEST, Kind.LEAP)


@dataclass(frozen=True)
class Finding:
    """A sentence about a figure, and how strictly it is meant."""

    text: str
    severity: str


def in_force(rows: Mapping[str, Check]) -> dict[str, CheckEntry]:
    """Return every kind of check with its strictness, from an indicator's rows."""
    own = {kind: CheckEntry(row.severity, row.limit) for kind, row in rows.items()}
    return {kind: own.get(kind, usual) for kind, usual in USUAL.items()}


def findings(line: Line) -> list[Finding]:
    """Return what should be looked at again on a line; nothing where no number is reported."""
    value = line.reported.value
    if value is None:
        return []
    found = []
    for kind, check in in_force(line.checks).items():
        if check.severity != Severity.OFF:
            text = SENTENCES[kind](line, value, check.limit)
            found += [Finding(text, check.severity)] if text else []
    return found


def reasons_about(line: Line, name: str) -> list[Reason]:
    """Return why a line cannot be submitted: figures that are blocked, and odd ones that nobody has explained."""
    explained = bool(line.actual and line.actual.cause.strip())
    reasons = []
    for found in findings(line):
        text = f"{name}: {found.text}"
        if found.severity == Severity.BLOCK:
            next_step = "Betulkan angkanya, atau minta Tim SAKIP memeriksa batas pada kartunya."
            reasons.append(Reason("check_blocked", text, next_step, line.key))
        elif found.severity == Severity.EXPLAIN and not explained:
            next_step = "Periksa angkanya; bila benar, tulis alasannya pada Penyebab."
            reasons.append(Reason("check_unexplained", text, next_step, line.key))
    return reasons


def reasons_about_checks(checks: Mapping[str, CheckEntry]) -> list[Reason]:
    """Return what is wrong with the checks that somebody wants for an indicator."""
    reasons = []
    for kind, check in checks.items():
        if check.severity == Severity.OFF or kind not in LIMITED:
            continue
        if check.limit is None:
            text = f"Batas untuk “{Kind(kind).label}” belum diisi."
            reasons.append(
                Reason("limit_missing", text, "Isi batasnya, atau matikan pemeriksaan ini.", f"limit_{kind}")
            )
        elif kind == Kind.LEAP and check.limit <= 1:
            text = "Kelipatan harus lebih dari 1."
            reasons.append(Reason("limit_small", text, "Tulis misalnya 10.", f"limit_{kind}"))
    low, high = checks[Kind.LOWEST], checks[Kind.HIGHEST]
    used = Severity.OFF not in (low.severity, high.severity)
    if used and low.limit is not None and high.limit is not None and low.limit > high.limit:
        text = "Batas terendah lebih besar daripada batas tertinggi."
        reasons.append(Reason("limits_crossed", text, "Tukar atau betulkan batasnya.", f"limit_{Kind.LOWEST}"))
    return reasons


def _lowest(_: Line, value: Decimal, limit: Decimal | None) -> str:
    low = limit is not None and value < limit
    return f"Di bawah batas terendah indikator ini ({shown_number(limit)})." if low else ""


def _highest(_: Line, value: Decimal, limit: Decimal | None) -> str:
    high = limit is not None and value > limit
    return f"Di atas batas tertinggi indikator ini ({shown_number(limit)})." if high else ""


def _leap(line: Line, value: Decimal, limit: Decimal | None) -> str:
    before = line.before
    if before is None or not before.value or limit is None or abs(value) < limit * abs(before.value):
        return ""
    return f"Lebih dari {shown_number(limit)} kali {_label(before)} ({shown_number(before.value)})."


def _same_as(before: Actual | None, value: Decimal) -> str:
    if before is None or not value or before.value != value:
        return ""
    return f"Sama persis dengan {_label(before)} ({shown_number(value)})."


def _falling(line: Line, value: Decimal, _: Decimal | None) -> str:
    before = line.before
    if before is None or before.value is None or line.card.entry != Card.Entry.TO_DATE:
        return ""
    if Period.parse(before.period).year != line.period.year or value >= before.value:
        return ""
    return f"Angka sejak awal tahun turun dari {shown_number(before.value)} ({_label(before)})."


def _unproved(line: Line, _: Decimal, __: Decimal | None) -> str:
    return "" if line.actual and line.actual.evidence.all() else "Belum ada bukti untuk angka ini."


def _outside(line: Line, _: Decimal, __: Decimal | None) -> str:
    """Name the first proof of another time; one without a date says nothing."""
    for proof in line.actual.evidence.all() if line.actual else ():
        if proof.dated is not None and not line.period.start <= proof.dated <= line.period.end:
            name = proof.file.original_name if proof.file else proof.link
            return f"Bukti “{name}” bertanggal {proof.dated:%d-%m-%Y}, di luar {line.period.label}."
    return ""


def _label(actual: Actual) -> str:
    return Period.parse(actual.period).label


SENTENCES: Mapping[str, Callable[[Line, Decimal, Decimal | None], str]] = {
    Kind.LOWEST: _lowest,
    Kind.HIGHEST: _highest,
    Kind.LEAP: _leap,
    Kind.SAME: lambda line, value, _: _same_as(line.before, value),
    Kind.SAME_LAST_YEAR: lambda line, value, _: _same_as(line.year_before, value),
    Kind.FALLING: _falling,
    Kind.UNPROVED: _unproved,
    Kind.OUTSIDE: _outside,
}

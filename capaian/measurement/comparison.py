"""An achievement beside others: last period, last year, the year's own target, the target that ends the Renstra."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, prefetch_related_objects

from capaian.agencies.queries import Reach
from capaian.formulas.result import Result
from capaian.measurement.computing import Outcome, held_against, promise
from capaian.measurement.models import Measurement
from capaian.measurement.recap import Line
from capaian.measurement.snapshot import target_facts
from capaian.measurement.tables import Cell, Column, Table, figured, said
from capaian.measurement.year_queries import history_lines, tone_of, worksheets_by_period
from capaian.periods.period import Period
from capaian.planning.models import Target
from capaian.planning.promises import promises

WORDS = (("cause", "Penyebab"), ("obstacle", "Hambatan"), ("follow_up", "Tindak lanjut"))
NO_FIGURE = "belum ada angka"


@dataclass(frozen=True)
class Beside:
    """What an achievement is compared with: how it is called, target and actual there, and the achievement."""

    label: str
    target: str
    actual: str
    result: Result | None
    scale: str
    key: str = ""  # of the measurement that explains it


@dataclass(frozen=True)
class Compared:
    """One line with everything beside it; a comparison is None where there is nothing to compare with."""

    line: Line
    last_period: Beside | None = None
    last_year: Beside | None = None
    year_target: Beside | None = None
    end_target: Beside | None = None

    @property
    def besides(self) -> list[Beside]:
        """Those comparisons that there are, in the order people ask for them."""
        every = (self.last_period, self.last_year, self.year_target, self.end_target)
        return [each for each in every if each is not None]


@dataclass(frozen=True)
class _Known:
    """What is known of all indicators (row numbers), read at once."""

    last_period: Mapping[int, Line] = field(default_factory=dict)
    last_year: Mapping[int, Line] = field(default_factory=dict)
    targets: Mapping[int, Target] = field(default_factory=dict)
    ends: Mapping[int, Target] = field(default_factory=dict)


def compared(reach: Reach, lines: Sequence[Line]) -> list[Compared]:
    """Return a worksheet's lines (with card and indicator) with all comparisons; a fixed number of queries."""
    if not lines:
        return []
    period = Period.parse(lines[0].row.period)
    known = _known(reach, period, lines)
    return [_of_line(line, known) for line in lines]


def _known(reach: Reach, period: Period, lines: Sequence[Line]) -> _Known:
    before, year_before = period.previous(), Period(period.year - 1, period.kind, period.number)
    sheets = worksheets_by_period(reach, [period.year - 1, period.year])
    codes = [before.code, year_before.code]
    wanted = {sheets[code].pk for code in codes if code in sheets}
    indicators = {line.row.card.indicator_id for line in lines}
    rows = Measurement.objects.filter(agency_id=reach.agency.pk, worksheet__period__in=codes)
    found: dict[str, dict[int, Line]] = {code: {} for code in codes}
    for row in rows.filter(card__indicator__in=indicators).select_related("card"):
        if row.worksheet_id in wanted:
            found[row.period][row.card.indicator_id] = Line(row)
    last_year = found[year_before.code]
    if year_before.code not in sheets:
        recorded = history_lines(reach, [period.year - 1]).get(period.year - 1, [])
        last_year = {line.row.card.indicator_id: line for line in recorded}
    of_cards = [line.row.card for line in lines]
    prefetch_related_objects(of_cards, "targets")
    promised, whole = promises(reach, period.year), str(period.year)
    aims = {card.pk: promised.aims(card, period.end)[whole].target for card in of_cards}
    ends = Target.objects.filter(
        card__indicator__in=indicators,
        card__is_current=True,
        card__year=F("card__indicator__node__plan__last_year"),
    ).select_related("card")
    return _Known(
        found[before.code],
        last_year,
        {pk: target for pk, target in aims.items() if target is not None},
        {target.card.indicator_id: target for target in ends if target.period == str(target.card.year)},
    )


def _of_line(line: Line, known: _Known) -> Compared:
    indicator, year = line.row.card.indicator_id, line.card["year"]
    target, end = known.targets.get(line.row.card_id), known.ends.get(indicator)
    return Compared(
        line,
        _earlier(known.last_period.get(indicator)),
        _earlier(known.last_year.get(indicator)),
        _against(line, target, f"Target tahunan {year}") if target else None,
        _against(line, end, f"Target akhir Renstra {end.period}") if end and end.period != str(year) else None,
    )


def _earlier(line: Line | None) -> Beside | None:
    if line is None:
        return None
    outcome, period = line.measured.outcome, Period.parse(line.row.period).label
    label = period if line.row.pk else f"{period} (riwayat)"
    scale = line.card["scale"]
    return Beside(
        label, outcome.target, outcome.actual, outcome.result, scale, line.row.public_id if line.row.pk else ""
    )


def _against(line: Line, target: Target, label: str) -> Beside:
    outcome: Outcome | None = held_against(line.row.inputs, promise(target_facts(target)))
    if outcome is None:
        return Beside(label, "–", "–", None, line.card["scale"])
    return Beside(label, outcome.target, outcome.actual, outcome.result, line.card["scale"])


def beside_table(found: Compared) -> Table:
    """Return the comparisons of one indicator, a row for each."""
    columns = (
        Column("Dibandingkan dengan", 34),
        Column("Target", 16, numeric=True),
        Column("Realisasi", 16, numeric=True),
        Column("Capaian (%)", 16, numeric=True),
        Column("Kategori", 18),
    )
    rows = [
        [
            said(each.label),
            Cell(each.target),
            Cell(each.actual),
            _achieved(each),
            said(each.result.category or "" if each.result else "", tone=_tone(each)),
        ]
        for each in found.besides
    ]
    note = "Terhadap target tahunan dan target akhir Renstra: realisasi sampai periode ini."
    return Table("perbandingan", "Perbandingan", columns, rows, note)


def _tone(each: Beside) -> str:
    return tone_of(each.scale, each.result.shown) if each.result else ""


def _achieved(each: Beside | None, *, toned: bool = False) -> Cell:
    if each is None or each.result is None:
        return said("")
    link: tuple[Any, ...] = ("measurement", each.key) if each.key else ()
    if each.result.shown is None:
        return said(each.result.reason or NO_FIGURE, link=link)
    return figured(each.result.shown, tone=_tone(each) if toned else "", link=link)


def compared_table(found: Sequence[Compared]) -> Table:
    """Return the comparisons of a whole worksheet, a row for each indicator."""
    columns = (
        Column("Indikator", 60),
        Column("Periode ini (%)", 14, numeric=True),
        Column("Periode lalu (%)", 14, numeric=True),
        Column("Tahun lalu (%)", 14, numeric=True),
        Column("Terhadap target tahunan (%)", 16, numeric=True),
        Column("Terhadap target akhir Renstra (%)", 16, numeric=True),
    )
    rows = [
        [
            said(each.line.card["name"], link=("measurement", each.line.row.public_id)),
            _achieved(Beside("", "", "", each.line.measured.outcome.result, each.line.card["scale"])),
            _achieved(each.last_period),
            _achieved(each.last_year),
            _achieved(each.year_target),
            _achieved(each.end_target),
        ]
        for each in found
        if each.line.is_due
    ]
    note = "Terhadap target tahunan dan target akhir Renstra: realisasi sampai periode ini."
    return Table("perbandingan", "Perbandingan", columns, rows, note)


def words_of(line: Line) -> list[tuple[str, str, str]]:
    """Return what units wrote about the figures of the run's own period: unit, kind of sentence, sentence."""
    return [
        (unit["unit"], label, unit[name])
        for point in line.row.inputs["periods"]
        if point["from"] == "recapitulation"
        for unit in point["units"]
        for name, label in WORDS
        if unit[name].strip()
    ]


def words_table(lines: Sequence[Line]) -> Table:
    """Return causes, obstacles and follow-ups by indicator and unit."""
    columns = (Column("Indikator", 50), Column("Unit", 30), Column("Penyebab", 40), Column("Hambatan", 40),
               Column("Tindak lanjut", 40))  # fmt: skip
    rows = []
    for line in lines:
        by_unit: dict[str, dict[str, str]] = {}
        for unit, label, text in words_of(line):
            by_unit.setdefault(unit, {})[label] = text
        for unit, told in by_unit.items():
            name = said(line.card["name"], link=("measurement", line.row.public_id))
            rows.append([name, said(unit), *(said(told.get(label, "")) for _, label in WORDS)])
    return Table("penjelasan", "Penyebab, hambatan, dan tindak lanjut", columns, rows)

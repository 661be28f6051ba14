"""Which cards are due in a period; may this be planned, and if not, why not."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from capaian.agencies.models import Agency, PositionRole, RoleKey, Unit
from capaian.agencies.rules import is_founder, number, written
from capaian.formulas.polarity import Polarity
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason
from capaian.periods.period import MONTHS, Period, PeriodKind
from capaian.planning.entries import MonthEntry, NodeEntry, PlanEntry
from capaian.planning.models import BudgetMonth, Card, Level, Node, Plan, Target
from capaian.planning.number_fields import places_of

#: Levels from the vision down, as numbers to compare by.
DEPTH = {level: depth for depth, level in enumerate(Level.values)}
FIRST_MEASURED = DEPTH[Level.GOAL]
BUDGETED = (Level.PROGRAMME, Level.ACTIVITY, Level.SUBACTIVITY)
PLANNERS = (RoleKey.TEAM, RoleKey.AGENCY_ADMIN)
ENFORCERS = (RoleKey.HEAD, RoleKey.SECRETARY)
FIRST_YEAR, LAST_YEAR = 2015, 2100
MOST_ORDINAL = 999
MOST_RUPIAH = 10**15
CODE = re.compile(r"[0-9X]{1,4}(\.[0-9X]{1,4})*")


def natural_periods(frequency: str, period: Period) -> tuple[Period, ...]:
    """Return the periods of a card's own frequency that end inside the period of a run, in order.

    A semester is stored under its last quarter (Q2, Q4), a year under the year; both end with a quarter's run.
    """
    if frequency == Card.Frequency.MONTH:
        return period.parts(PeriodKind.MONTH)
    if frequency == Card.Frequency.QUARTER:
        return period.parts(PeriodKind.QUARTER)
    if frequency == Card.Frequency.SEMESTER:
        return tuple(part for part in period.parts(PeriodKind.QUARTER) if part.number in (2, 4))
    whole = Period(period.year, PeriodKind.YEAR)
    ends_year = period == whole or (period.kind is PeriodKind.QUARTER and period.number == 4)
    return (whole,) if ends_year else ()


def due(card: Card, period: Period) -> bool:
    """Tell whether a card has something to report in the period of a run.

    Reads `card.targets.all()`: prefetch it. A card without any target by period reports whenever its frequency
    says so; one with targets reports where they are, except where a higher-is-better target is 0.
    """
    if period.year != card.year:
        return False
    own = {each.code for each in natural_periods(card.frequency, period)}
    targets = [each for each in card.targets.all() if len(each.period) > 4 or card.frequency == Card.Frequency.YEAR]
    if not targets:
        return bool(own)
    return any(each.period in own and _is_wanted(card, each) for each in targets)


def _is_wanted(card: Card, target: Target) -> bool:
    """Tell a real target from a 0 that means "nothing this period"."""
    return card.polarity != Polarity.MAXIMIZE or target.value is None or target.value != 0


def reasons_not_to_plan(agency: Agency, by: Actor) -> list[Reason]:
    """Only Tim SAKIP and the admins of that very agency change its planning; the founder may too."""
    return reasons_without_role(agency, by, PLANNERS, "Perencanaan diubah oleh Tim SAKIP atau admin.")


def reasons_not_to_put_in_force(agency: Agency, by: Actor) -> list[Reason]:
    """Only the Kepala or the Sekretaris puts an agreement in force."""
    text = "Perjanjian Kinerja diberlakukan oleh Kepala atau Sekretaris."
    return reasons_without_role(agency, by, ENFORCERS, text)


def reasons_without_role(agency: Agency, by: Actor, roles: tuple[RoleKey, ...], text: str) -> list[Reason]:
    """Return the reason when somebody holds none of the roles in that very agency; the founder may all."""
    if is_founder(by):
        return []
    mine = PositionRole.objects.filter(role__in=roles, position__agency=agency)
    if by.agency_id == agency.pk and by.position_id is not None and mine.filter(position_id=by.position_id).exists():
        return []
    return [Reason("not_planner", text, "Minta pejabat itu melakukannya.")]


def reasons_about_plan(agency: Agency, entry: PlanEntry, other_than: Plan | None = None) -> list[Reason]:
    """Check a plan: titled, not twice, its years in order."""
    reasons = []
    title = entry.title.strip()
    if not title:
        reasons.append(Reason("plan_title_empty", "Judul rencana belum diisi.", "Tulis judulnya.", "title"))
    elif Plan.objects.filter(agency=agency, title__iexact=title).exclude(pk=number(other_than)).exists():
        text = f"Rencana “{title}” sudah ada."
        reasons.append(Reason("plan_title_taken", text, "Gunakan judul lain atau buka rencana itu.", "title"))
    if not FIRST_YEAR <= entry.first_year <= entry.last_year <= LAST_YEAR:
        text = f"Tahun rencana harus berurutan, antara {FIRST_YEAR} dan {LAST_YEAR}."
        reasons.append(Reason("plan_years", text, "Perbaiki tahun pertama dan terakhirnya.", "last_year"))
    return reasons


def reasons_not_to_shorten(plan: Plan, entry: PlanEntry) -> list[Reason]:
    """Years in which something is planned stay inside the plan."""
    years = set(Card.objects.filter(indicator__node__plan=plan).values_list("year", flat=True))
    years |= set(BudgetMonth.objects.filter(node__plan=plan).values_list("year", flat=True))
    outside = sorted(year for year in years if not entry.first_year <= year <= entry.last_year)
    if not outside:
        return []
    text = f"Tahun {', '.join(map(str, outside))} sudah mempunyai kartu indikator atau anggaran."
    field = "first_year" if outside[0] < entry.first_year else "last_year"
    return [Reason("plan_years_used", text, "Pilih masa yang memuat tahun itu.", field)]


def reasons_about_node(plan: Plan, entry: NodeEntry, node: Node | None = None) -> list[Reason]:
    """Check a node, new or changed: its place below its parent, its code, its text, its owner."""
    reasons = []
    if entry.level not in Level.values:
        return [Reason("level_unknown", "Jenjang tidak dikenal.", "Pilih dari daftar.", "level")]
    if not entry.text.strip():
        reasons.append(Reason("node_text_empty", "Uraian butir kinerja belum diisi.", "Tulis uraiannya.", "text"))
    if not 1 <= entry.ordinal <= MOST_ORDINAL:
        text = f"Nomor urut harus antara 1 dan {MOST_ORDINAL}."
        reasons.append(Reason("ordinal_range", text, "Perbaiki nomor urutnya.", "ordinal"))
    if entry.owner_id is not None and not open_unit(plan.agency_id, entry.owner_id):
        reasons.append(Reason("unit_unknown", "Unit penanggung jawab tidak dikenal.", "Pilih dari daftar.", "owner"))
    return reasons + _reasons_about_place(plan, entry, node) + _reasons_about_code(plan, entry, node)


def _reasons_about_place(plan: Plan, entry: NodeEntry, node: Node | None) -> list[Reason]:
    depth = DEPTH[entry.level]
    if entry.parent_id is not None:
        parent = plan.nodes.filter(pk=entry.parent_id, valid_to__isnull=True).first()
        if parent is None or DEPTH[parent.level] >= depth:
            text = f"Butir induk dari {Level(entry.level).label} harus berada pada jenjang di atasnya."
            return [Reason("parent_level", text, "Pilih butir induk lain.", "parent")]
    if node is not None:
        lower = [child.level for child in node.children.filter(valid_to__isnull=True)]
        if any(DEPTH[level] <= depth for level in lower):
            text = "Butir ini mempunyai butir turunan yang jenjangnya tidak lebih rendah."
            return [Reason("child_level", text, "Pilih jenjang yang lebih tinggi.", "level")]
        if depth < FIRST_MEASURED and node.indicators.exists():
            return [not_measured(entry.level)]
    return []


def reasons_about_code_shape(code: str) -> list[Reason]:
    """Check that a code is written like the nomenclature's."""
    if not code or CODE.fullmatch(code):
        return []
    text = "Kode nomenklatur terdiri atas angka (atau X) yang dipisahkan titik."
    return [Reason("code_shape", text, "Tulis misalnya 2.16.01.2.01.0006.", "code")]


def _reasons_about_code(plan: Plan, entry: NodeEntry, node: Node | None) -> list[Reason]:
    code = entry.code.strip()
    if reasons := reasons_about_code_shape(code):
        return reasons
    if code and plan.nodes.filter(code=code, valid_to__isnull=True).exclude(pk=number(node)).exists():
        text = f"Kode {code} sudah dipakai pada rencana ini."
        return [Reason("code_taken", text, "Periksa kodenya atau ubah butir yang sudah ada.", "code")]
    return []


def not_measured(level: str) -> Reason:
    """Return why a node of this level bears no indicators."""
    text = f"{Level(level).label} tidak diukur dengan indikator."
    return Reason("level_not_measured", text, "Pasang indikator pada tujuan atau jenjang di bawahnya.", "level")


def reasons_not_to_end_node(node: Node, last_day: date) -> list[Reason]:
    """Check that nothing hangs below a node any more."""
    if node.valid_to is not None:
        return [Reason("node_ended", "Butir ini sudah berakhir.", "Muat ulang halaman ini.")]
    if last_day < node.valid_from:
        text = f"Hari terakhir tidak boleh sebelum {written(node.valid_from)}, hari pertama butir ini."
        return [Reason("node_ends_before_start", text, "Perbaiki tanggalnya.", "last_day")]
    if node.children.filter(valid_to__isnull=True).exists():
        return [Reason("node_has_children", "Butir ini masih mempunyai butir turunan.", "Akhiri turunannya dahulu.")]
    later = Card.objects.filter(indicator__node=node, is_current=True, year__gt=last_day.year)
    if later.exists():
        text = f"Butir ini masih mempunyai kartu indikator sesudah tahun {last_day.year}."
        return [Reason("node_has_cards", text, "Pilih hari terakhir yang lebih lambat.", "last_day")]
    return []


def open_unit(agency_id: int, unit_id: int) -> bool:
    """Tell whether a unit is one of the agency's and has no end."""
    return Unit.objects.filter(agency_id=agency_id, pk=unit_id, valid_to__isnull=True).exists()


def reasons_not_to_budget(node: Node, year: int) -> list[Reason]:
    """Check that a node may bear amounts of a year: its level, and none above or below it that would count twice."""
    if node.level not in BUDGETED:
        text = f"Anggaran dicatat pada program, kegiatan, atau sub kegiatan, bukan pada {node.get_level_display()}."
        return [Reason("level_without_budget", text, "Pilih butir lain.")]
    reasons = []
    kin = {*ancestors(node), *descendants(node)}
    other = Node.objects.filter(pk__in=kin, budget_months__year=year).first()
    if other is not None:
        text = f"Anggaran {year} sudah dicatat pada {other.get_level_display().lower()} {other}."
        next_step = "Catat pada satu jenjang saja agar tidak terhitung dua kali."
        reasons.append(Reason("budget_twice", text, next_step))
    if not node.plan.first_year <= year <= node.plan.last_year:
        reasons.append(outside_plan(node.plan, year))
    return reasons


def reasons_about_budget(node: Node, year: int, months: Sequence[MonthEntry]) -> list[Reason]:
    """Check a year's amounts of a node: where they stand, and that each is one."""
    reasons = reasons_not_to_budget(node, year) if months else []
    for each in months:
        amounts = [amount for amount in (each.ceiling, each.spent) if amount is not None]
        if any(amount < 0 or amount > MOST_RUPIAH or places_of(amount) > 2 for amount in amounts):
            text = f"{MONTHS[each.month - 1]}: nilai rupiah negatif, terlalu besar, atau lebih dari dua desimal."
            reasons.append(Reason("amount_range", text, "Perbaiki nilainya.", f"month_{each.month}"))
    return reasons


def outside_plan(plan: Plan, year: int) -> Reason:
    """Return why a year is not one of a plan's."""
    text = f"Tahun {year} di luar masa {plan.title} ({plan.first_year}–{plan.last_year})."
    return Reason("outside_plan", text, "Pilih tahun lain atau rencana lain.", "year")


def ancestors(node: Node) -> list[int]:
    """Return the row numbers of the nodes above one, nearest first."""
    parents = dict(Node.objects.filter(plan_id=node.plan_id).values_list("pk", "parent_id"))
    found: list[int] = []
    parent = parents.get(node.pk)
    while parent is not None:
        found.append(parent)
        parent = parents.get(parent)
    return found


def descendants(node: Node) -> list[int]:
    """Return the row numbers of the nodes below one."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in Node.objects.filter(plan_id=node.plan_id).values_list("pk", "parent_id"):
        below[parent].append(pk)
    found: list[int] = []
    waiting = list(below[node.pk])
    while waiting:
        found.append(waiting.pop())
        waiting += below[found[-1]]
    return found


def changed_since(what: str) -> Reason:
    """Return why a form that was opened before somebody's change is not taken."""
    text = f"{what} sudah diubah orang lain sejak halaman ini dibuka."
    return Reason("changed_since", text, "Bandingkan dengan isi terbaru, lalu kirim lagi bila isian Anda yang dipakai.")

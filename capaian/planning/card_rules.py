"""May a card say this, may it be changed, may it be activated, and if not, why not."""

from collections.abc import Iterable, Sequence

from django.db.models import Field, Model

from capaian.agencies.models import Unit
from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.evaluate import card_formula
from capaian.formulas.grammar import FormulaRefused, is_name
from capaian.formulas.locations import LocationMethod
from capaian.formulas.polarity import Polarity
from capaian.formulas.shipped_scales import SCALES
from capaian.journal.reason import Reason
from capaian.periods.period import MONTHS, ROMAN, Period, PeriodKind
from capaian.planning.entries import CardEntry, TargetEntry
from capaian.planning.models import Card, CardDatum, Node
from capaian.planning.number_fields import places_of
from capaian.planning.rules import DEPTH, FIRST_MEASURED, MOST_ORDINAL, natural_periods, not_measured, outside_plan

WEIGHT_PLACES = 12
MOST_DATA = 20
CHOICES = ("kind", "polarity", "consolidation", "location", "frequency", "entry")
MAY_BE_EMPTY = ("aspect", "validity", "control")
LABELS = {
    "name": "Nama indikator", "measured_in": "Satuan", "definition": "Definisi operasional",
    "calculation": "Cara perhitungan", "formula": "Rumus", "kind": "Jenis", "polarity": "Polaritas",
    "consolidation": "Konsolidasi periode", "location": "Konsolidasi unit", "frequency": "Periode pelaporan",
    "entry": "Cara mengisi", "scale": "Skala", "source": "Sumber data", "evidence": "Bukti yang diminta",
    "origin": "Asal kartu", "aspect": "Aspek target", "validity": "Tingkat validitas", "control": "Tingkat kendali",
    "responsible": "Penanggung jawab", "collector": "Petugas pengumpul data",
}  # fmt: skip
DATUM_LABELS = {"name": "Nama data mentah", "label": "Keterangan data mentah", "measured_in": "Satuan data mentah"}


def longest_text(model: type[Model], field: str) -> int | None:
    """Return how many letters a column takes; None = any number."""
    column = model._meta.get_field(field)
    return column.max_length if isinstance(column, Field) else None


def choices_of(field: str) -> list[tuple[str, str]]:
    """Return the closed list of a card's column: value and Indonesian name."""
    if field == "scale":
        return [(scale.code, scale.title) for scale in SCALES]
    column = Card._meta.get_field(field)
    return list(column.flatchoices) if isinstance(column, Field) else []


def reasons_about_indicator(node: Node, year: int, ordinal: int) -> list[Reason]:
    """Check where an indicator would stand: a measured level, a node in force, a year of the plan."""
    reasons = []
    if DEPTH[node.level] < FIRST_MEASURED:
        reasons.append(not_measured(node.level))
    if node.valid_to is not None and node.valid_to.year < year:
        reasons.append(Reason("node_ended", "Butir ini sudah berakhir.", "Pilih butir lain."))
    if not node.plan.first_year <= year <= node.plan.last_year:
        reasons.append(outside_plan(node.plan, year))
    if not 1 <= ordinal <= MOST_ORDINAL:
        text = f"Nomor urut harus antara 1 dan {MOST_ORDINAL}."
        reasons.append(Reason("ordinal_range", text, "Perbaiki nomor urutnya.", "ordinal"))
    return reasons


def reasons_about_card(entry: CardEntry, year: int) -> list[Reason]:
    """Check all that a card says by itself."""
    return [
        *_reasons_texts(entry),
        *_reasons_choices(entry),
        *_reasons_numbers(entry, year),
        *_reasons_data(entry),
        *_reasons_formula(entry),
    ]


def _reasons_texts(entry: CardEntry) -> list[Reason]:
    reasons = [
        Reason("card_empty", f"{LABELS[field]} belum diisi.", "Lengkapi, lalu simpan lagi.", field)
        for field in ("name", "measured_in")
        if not getattr(entry, field).strip()
    ]
    for field, label in LABELS.items():
        longest = longest_text(Card, field)
        if longest is not None and len(getattr(entry, field)) > longest:
            text = f"{label} lebih dari {longest} huruf."
            reasons.append(Reason("card_long", text, "Ringkas tulisannya.", field))
    return reasons


def _reasons_choices(entry: CardEntry) -> list[Reason]:
    known = {field: set(dict(choices_of(field))) for field in (*CHOICES, "scale")}
    known |= {field: {"", *dict(choices_of(field))} for field in MAY_BE_EMPTY}
    reasons = [
        Reason("not_in_list", f"{LABELS[field]} tidak dikenal.", "Pilih dari daftar.", field)
        for field in known
        if getattr(entry, field) not in known[field]
    ]
    if entry.entry == Card.Entry.TO_DATE and entry.consolidation != PeriodMethod.LAST:
        text = "Hasil yang diisi sejak awal tahun sudah memuat periode sebelumnya."
        reasons.append(Reason("counted_twice", text, "Pilih konsolidasi nilai terakhir.", "consolidation"))
    return reasons


def _reasons_numbers(entry: CardEntry, year: int) -> list[Reason]:
    reasons = []
    if entry.weight < 0 or places_of(entry.weight) > WEIGHT_PLACES:
        text = f"Bobot tidak boleh negatif dan paling banyak {WEIGHT_PLACES} desimal."
        reasons.append(Reason("weight_range", text, "Tulis misalnya 1.", "weight"))
    if entry.cap is not None and entry.cap <= 0:
        reasons.append(Reason("cap_range", "Batas skor harus lebih dari 0.", "Tulis misalnya 120.", "cap"))
    if entry.tolerance is not None and (entry.tolerance < 0 or entry.polarity != Polarity.STABILIZE):
        text = "Toleransi hanya untuk polaritas stabilkan dan tidak boleh negatif."
        reasons.append(Reason("tolerance_range", text, "Kosongkan toleransinya.", "tolerance"))
    if (entry.baseline is None) != (entry.baseline_year is None):
        text = "Data awal dan tahunnya diisi keduanya atau dikosongkan keduanya."
        reasons.append(Reason("baseline_half", text, "Lengkapi salah satunya.", "baseline_year"))
    if entry.measured_month is not None and not 1 <= entry.measured_month <= len(MONTHS):
        text = "Bulan terukur harus antara 1 dan 12."
        reasons.append(Reason("month_range", text, "Tulis nomor bulannya, misalnya 6.", "measured_month"))
    if entry.baseline_year is not None and not year - 20 <= entry.baseline_year < year:
        text = f"Tahun data awal harus sebelum {year}."
        reasons.append(Reason("baseline_year", text, "Perbaiki tahunnya.", "baseline_year"))
    return reasons


def _reasons_data(entry: CardEntry) -> list[Reason]:
    reasons = []
    if len(entry.data) > MOST_DATA:
        reasons.append(Reason("data_many", f"Data mentah lebih dari {MOST_DATA}.", "Kurangi barisnya.", "formula"))
    for place, datum in enumerate(entry.data):
        if not is_name(datum.name):
            text = f"“{datum.name[:40]}” tidak dapat menjadi nama data mentah."
            next_step = "Pakai huruf, angka, dan garis bawah, misalnya jumlah_selesai."
            reasons.append(Reason("datum_name", text, next_step, f"data_{place}_name"))
        if not datum.label.strip():
            text = f"Keterangan data mentah {place + 1} belum diisi."
            reasons.append(Reason("datum_label", text, "Tulis apa yang dihitung.", f"data_{place}_label"))
        for field, what in DATUM_LABELS.items():
            longest = longest_text(CardDatum, field)
            if longest is not None and len(getattr(datum, field)) > longest:
                text = f"{what} lebih dari {longest} huruf."
                reasons.append(Reason("datum_long", text, "Ringkas tulisannya.", f"data_{place}_{field}"))
    names = [datum.name for datum in entry.data]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        text = f"Nama data mentah {', '.join(twice)} dipakai lebih dari satu kali."
        reasons.append(Reason("datum_twice", text, "Beri nama yang berbeda.", "formula"))
    return reasons


def _reasons_formula(entry: CardEntry) -> list[Reason]:
    if not entry.formula.strip():
        return _reasons_without_formula(entry)
    if entry.polarity in (Polarity.PREDICATE, Polarity.MILESTONE):
        text = "Kartu dengan predikat atau tonggak tidak memakai rumus."
        return [Reason("formula_unfit", text, "Kosongkan rumus dan data mentahnya.", "formula")]
    try:
        formula = card_formula(entry.formula)
    except FormulaRefused as refused:
        place = f" (huruf ke-{refused.position})" if refused.position else ""
        return [Reason("formula_unread", f"{refused.text}{place}", "Perbaiki rumusnya.", "formula")]
    given = {datum.name for datum in entry.data}
    reasons = []
    if not formula.names:
        text = "Rumus tidak menyebut satu pun data mentah."
        reasons.append(Reason("formula_constant", text, "Tulis misalnya selesai / masuk * 100.", "formula"))
    if missing := [name for name in formula.names if name not in given]:
        text = f"Rumus menyebut {', '.join(missing)}, tetapi data mentahnya belum ada."
        reasons.append(Reason("datum_missing", text, "Tambahkan data mentah itu.", "formula"))
    if unused := sorted(given - set(formula.names)):
        text = f"Data mentah {', '.join(unused)} tidak disebut dalam rumus."
        reasons.append(Reason("datum_unused", text, "Sebut dalam rumus atau hapus barisnya.", "formula"))
    return reasons


def _reasons_without_formula(entry: CardEntry) -> list[Reason]:
    if entry.data:
        text = "Data mentah sudah ada, tetapi rumusnya belum."
        return [Reason("formula_missing", text, "Tulis rumusnya, atau hapus data mentahnya.", "formula")]
    if entry.location == LocationMethod.RAW_DATA:
        text = "Menjumlahkan data mentah antarunit memerlukan rumus dan data mentah."
        return [Reason("formula_missing", text, "Tulis rumusnya, atau pilih konsolidasi unit lain.", "location")]
    return []


def reasons_not_to_change(card: Card) -> list[Reason]:
    """An activated card is frozen."""
    if card.activated_at is None:
        return []
    return [Reason("card_active", "Kartu ini sudah aktif dan tidak dapat diubah.", "Buka versi baru kartu ini.")]


def carried_already(cards: Iterable[Card], year: int) -> set[int]:
    """Return the row numbers of the indicators of cards that have a card of a year."""
    wanted = [card.indicator_id for card in cards]
    return set(Card.objects.filter(indicator_id__in=wanted, year=year).values_list("indicator_id", flat=True))


def reasons_not_to_carry(card: Card, year: int, taken: set[int] | None = None) -> list[Reason]:
    """A card is carried into a year of the plan in which its indicator has none; `taken` saves asking for each card."""
    if card.indicator_id in (carried_already([card], year) if taken is None else taken):
        text = f"“{card.name}” sudah mempunyai kartu tahun {year}."
        return [Reason("card_there", text, "Buka kartu itu.", "year")]
    return reasons_about_indicator(card.indicator.node, year, card.indicator.ordinal)


def reasons_not_to_revise(card: Card) -> list[Reason]:
    """Only the current, activated card is revised, once at a time."""
    if card.activated_at is None or not card.is_current:
        return [Reason("card_draft", "Versi baru dibuat dari kartu yang aktif.", "Ubah konsep yang sudah ada.")]
    if Card.objects.filter(indicator_id=card.indicator_id, year=card.year, activated_at__isnull=True).exists():
        return [Reason("revision_open", "Versi baru kartu ini sudah dibuka.", "Lanjutkan konsep itu.")]
    return []


def reasons_about_suppliers(card: Card, unit_ids: Iterable[int]) -> list[Reason]:
    """Suppliers are units of the agency that are in force and supply data."""
    wanted = set(unit_ids)
    known = Unit.objects.filter(agency_id=card.agency_id, pk__in=wanted, valid_to__isnull=True, supplies_data=True)
    if known.count() == len(wanted):
        return []
    text = "Ada unit yang tidak dikenal atau tidak menyampaikan data."
    return [Reason("unit_unknown", text, "Pilih unit dari daftar.", "units")]


def target_periods(frequency: str, year: int) -> tuple[Period, ...]:
    """Return the periods for which a card of this frequency has targets: its own, and the year last."""
    whole = Period(year, PeriodKind.YEAR)
    own = natural_periods(frequency, whole)
    return own if whole in own else (*own, whole)


def target_shape(polarity: str) -> str:
    """Return how a polarity says its targets: `letter`, `range` or `value`."""
    if polarity == Polarity.PREDICATE:
        return "letter"
    return "range" if polarity in (Polarity.RANGE_MAX, Polarity.RANGE_MIN) else "value"


def shape_of(target: TargetEntry) -> str:
    """Return how a target is said."""
    if target.letter:
        return "letter"
    return "value" if target.value is not None else "range"


def period_label(frequency: str, period: Period) -> str:
    """Return what a card's period is called: a semester is stored under its last quarter."""
    if frequency == Card.Frequency.SEMESTER and period.kind is PeriodKind.QUARTER:
        return f"Semester {ROMAN[period.number // 2 - 1]} {period.year}"
    return period.label


def reasons_about_targets(card: Card, targets: Sequence[TargetEntry]) -> list[Reason]:
    """Check targets against the card: its periods, one way of saying it, bounds in order, no 0 for a whole year."""
    known = {period.code: period for period in target_periods(card.frequency, card.year)}
    reasons = []
    for target in targets:
        period, field = known.get(target.period), f"target_{target.period}"
        if period is None:
            text = f"Kartu ini tidak mempunyai target untuk {target.period}."
            reasons.append(Reason("target_period", text, "Hapus target itu.", field))
            continue
        if why := _target_fault(card, target, is_year=period.kind is PeriodKind.YEAR):
            code, text, next_step = why
            reasons.append(Reason(code, f"{period_label(card.frequency, period)}: {text}", next_step, field))
    return reasons


def _target_fault(card: Card, target: TargetEntry, *, is_year: bool) -> tuple[str, str, str] | None:
    if shape_of(target) != target_shape(card.polarity):
        wanted = {"letter": "huruf predikat", "range": "rentang", "value": "satu angka"}[target_shape(card.polarity)]
        return "target_shape", f"target kartu ini berupa {wanted}.", "Tulis ulang targetnya."
    numbers = [number for number in (target.value, target.low, target.high) if number is not None]
    if target.low is not None and target.high is not None and target.low > target.high:
        return "target_bounds", "batas bawah di atas batas atas.", "Tukar kedua batasnya."
    if any(number < 0 for number in numbers) and not card.negative_target:
        return "target_negative", "target negatif.", "Perbaiki, atau izinkan target negatif pada kartu."
    if is_year and card.polarity == Polarity.MAXIMIZE and target.value == 0 and not card.negative_target:
        return "target_zero", "target setahun tidak boleh 0.", "Isi target setahunnya."
    return None


def reasons_not_to_activate(card: Card) -> list[Reason]:
    """Return what a draft card still lacks; reads its suppliers and targets (prefetch them)."""
    lacking = []
    if not card.suppliers.all():
        lacking.append("unit penyedia data")
    periods = {row.period for row in card.targets.all()}
    if f"{card.year:04d}" not in periods:
        lacking.append("target setahun")
    if card.frequency != Card.Frequency.YEAR and not any(len(code) > 4 for code in periods):
        lacking.append("target per periode")
    if not card.measured_in.strip():
        lacking.append("satuan")
    if not lacking:
        return []
    return [Reason("card_lacks", f"“{card.name}” belum mempunyai {', '.join(lacking)}.", "Lengkapi kartunya.")]

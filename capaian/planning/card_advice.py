"""What a card could say better: SMART, wording, targets that do not fit together. It advises and never blocks."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.locations import LocationMethod
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.rounding import rounded
from capaian.planning.entries import TargetEntry
from capaian.planning.models import Card, Level
from capaian.planning.number_fields import places_of
from capaian.planning.typed_figures import PERCENT_UNITS, target_text

SPECIFIC, MEASURABLE, ACHIEVABLE = "Spesifik", "Terukur", "Dapat dicapai"
RELEVANT, TIMED, TARGETS, WORDING = "Relevan", "Berbatas waktu", "Target", "Hasil atau keluaran"
OUTCOME_LEVELS = (Level.GOAL, Level.OBJECTIVE, Level.PROGRAMME)
OUTPUT_LEVELS = (Level.ACTIVITY, Level.SUBACTIVITY)
OUTPUT_WORDS = ("jumlah", "terlaksananya", "tersedianya", "tersusunnya", "banyaknya", "terselenggaranya")
OUTCOME_KINDS = (Card.Kind.OUTCOME, Card.Kind.BENEFIT, Card.Kind.IMPACT)
RANGES = (Polarity.RANGE_MAX, Polarity.RANGE_MIN)
LEAP = 2
MOST_KEY, MOST_AT_OBJECTIVE = 20, 3


@dataclass(frozen=True)
class Advice:
    """One thing that could be better: which element, what, and what to do."""

    about: str
    text: str
    next_step: str


def card_advice(card: Card) -> list[Advice]:
    """Return what a card could say better. Reads its node, targets and data: prefetch them."""
    targets = [TargetEntry.of(row) for row in card.targets.all()]
    return [
        *_specific(card),
        *_measurable(card),
        *_achievable(card, targets),
        *_relevant(card),
        *_timed(card, targets),
        *target_advice(card, targets),
    ]


def _specific(card: Card) -> list[Advice]:
    found = []
    words = f" {card.name.casefold()} "
    if any(joint in words for joint in (" dan/atau ", " serta ")) or words.count(" dan ") > 1:
        text = "Nama indikator menyebut lebih dari satu hal."
        found.append(Advice(SPECIFIC, text, "Pilih satu arti, atau pisahkan menjadi dua indikator."))
    if not card.definition.strip():
        found.append(Advice(SPECIFIC, "Definisi operasional belum diisi.", "Tulis apa yang termasuk dan yang tidak."))
    return found


def _measurable(card: Card) -> list[Advice]:
    found = []
    is_share = any(mark in card.measured_in.casefold() for mark in PERCENT_UNITS)
    if not card.calculation.strip() and not card.formula:
        found.append(Advice(MEASURABLE, "Cara perhitungan belum diisi.", "Tulis dengan kata-kata atau sebagai rumus."))
    if is_share and not card.formula:
        text = "Persentase tanpa data mentah tidak dapat ditelusuri."
        found.append(Advice(MEASURABLE, text, "Tulis rumus dari pembilang dan penyebutnya."))
    if is_share and card.location == LocationMethod.SUM and len(card.suppliers.all()) > 1:
        text = "Persentase beberapa unit tidak dapat dijumlahkan."
        found.append(Advice(MEASURABLE, text, "Jumlahkan data mentahnya."))
    if not card.source.strip() or not card.evidence.strip():
        text = "Sumber data atau bukti yang diminta belum diisi."
        found.append(Advice(MEASURABLE, text, "Sebut dokumen yang membuktikan angkanya."))
    return found


def _achievable(card: Card, targets: Sequence[TargetEntry]) -> list[Advice]:
    year = next((target.value for target in targets if target.period == f"{card.year:04d}"), None)
    found = []
    if year is not None and card.baseline is not None and card.baseline > 0:
        better = year < card.baseline if card.polarity == Polarity.MAXIMIZE else False
        if better:
            text = f"Target setahun di bawah data awal {format_number(card.baseline)}."
            found.append(Advice(ACHIEVABLE, text, "Jelaskan sebabnya, atau naikkan targetnya."))
        if year > card.baseline * LEAP:
            text = f"Target setahun lebih dari {LEAP} kali data awal {format_number(card.baseline)}."
            found.append(Advice(ACHIEVABLE, text, "Pastikan dapat dicapai dalam setahun."))
    if card.control == Card.Control.WEAK:
        text = "Tingkat kendali rendah."
        found.append(Advice(ACHIEVABLE, text, "Pertimbangkan indikator yang lebih dapat dikendalikan."))
    return found


def _relevant(card: Card) -> list[Advice]:
    node, indicator = card.indicator.node, card.indicator
    found = []
    says_output = card.name.casefold().startswith(OUTPUT_WORDS)
    if node.level in OUTCOME_LEVELS and (says_output or card.kind not in OUTCOME_KINDS):
        text = f"{node.get_level_display()} diukur dengan hasil, bukan dengan banyaknya pekerjaan atau dokumen."
        next_step = "Sebut perubahan yang dirasakan, misalnya persentase atau indeks, dan pilih jenis Hasil."
        found.append(Advice(WORDING, text, next_step))
    if node.level in OUTPUT_LEVELS and card.kind in OUTCOME_KINDS:
        text = f"{node.get_level_display()} biasanya diukur dengan keluaran."
        found.append(Advice(WORDING, text, "Pindahkan hasil ke program atau sasaran."))
    if indicator.is_iku and card.validity == Card.Validity.ACTIVITY_ONLY:
        text = "IKU hanya menghitung kegiatan."
        found.append(Advice(RELEVANT, text, "Pilih indikator yang mengukur sasaran secara langsung."))
    if indicator.is_iku and card.validity == Card.Validity.EXACT and card.control == Card.Control.STRONG:
        text = "IKU yang langsung dan sepenuhnya terkendali jarang menantang bagi pimpinan."
        found.append(Advice(RELEVANT, text, "Periksa apakah indikator ini milik jenjang di bawahnya."))
    return found


def _timed(card: Card, targets: Sequence[TargetEntry]) -> list[Advice]:
    found = []
    if not targets:
        found.append(Advice(TIMED, "Belum ada target.", "Tetapkan target setahun dan setiap periodenya."))
    if card.released_next_year and card.frequency != Card.Frequency.YEAR:
        text = "Nilai yang terbit tahun berikutnya tidak dapat dilaporkan lebih sering dari setahun sekali."
        found.append(Advice(TIMED, text, "Pilih periode pelaporan tahunan."))
    return found


def target_advice(card: Card, targets: Sequence[TargetEntry]) -> list[Advice]:
    """Compare the targets of the periods, consolidated as the card says, with the year's; name the difference."""
    year = next((target for target in targets if target.period == f"{card.year:04d}"), None)
    own = sorted((target for target in targets if len(target.period) > 4), key=lambda target: target.period)
    if year is None or not own:
        return []
    found = _backwards(card, own)
    if card.consolidation == PeriodMethod.LAST or card.polarity in (Polarity.PREDICATE, Polarity.MILESTONE):
        if target_text(own[-1]) != target_text(year):
            text = f"Target periode terakhir {target_text(own[-1])}, target setahun {target_text(year)}."
            found.append(Advice(TARGETS, text, "Samakan keduanya; capaian setahun memakai target setahun."))
        return found
    bounds = ("low", "high") if card.polarity in RANGES else ("value",)
    for bound in bounds:
        if sentence := _difference(card, [getattr(each, bound) for each in own], getattr(year, bound)):
            found.append(Advice(TARGETS, sentence, "Samakan keduanya; capaian setahun memakai target setahun."))
    return found


def _difference(card: Card, parts: Sequence[Decimal | None], whole: Decimal | None) -> str:
    """Return the sentence about parts that do not make up the whole, "" when they do or one is not a number."""
    numbers = [Fraction(part) for part in parts if part is not None]
    if whole is None or len(numbers) != len(parts):
        return ""
    is_sum = card.consolidation == PeriodMethod.SUM
    made = sum(numbers, Fraction(0)) / (1 if is_sum else len(numbers))
    wanted = Fraction(whole)
    if made == wanted:
        return ""
    word = "Jumlah" if is_sum else "Rata-rata"
    shown = [_shown(each) for each in (made, wanted, abs(made - wanted))]
    return f"{word} target periode {shown[0]}, target setahun {shown[1]}; selisih {shown[2]}."


def _shown(value: Fraction) -> str:
    exact = rounded(value, 4)
    return format_number(exact.normalize() if places_of(exact) else exact.to_integral_value())


def _backwards(card: Card, own: Sequence[TargetEntry]) -> list[Advice]:
    """Targets since the year's beginning never fall where higher is better."""
    if card.entry != Card.Entry.TO_DATE or card.polarity != Polarity.MAXIMIZE:
        return []
    values = [each.value for each in own if each.value is not None]
    if all(one <= other for one, other in itertools.pairwise(values)):
        return []
    text = "Target sejak awal tahun menurun dari satu periode ke periode berikutnya."
    return [Advice(TARGETS, text, "Periksa urutan targetnya.")]


def set_advice(cards: Sequence[Card]) -> list[Advice]:
    """Return what the cards of a year could say better together: too many IKU, a sasaran with none or many."""
    key = [card for card in cards if card.indicator.is_iku]
    found = []
    if len(key) > MOST_KEY:
        text = f"Ada {len(key)} IKU; pedoman yang lazim paling banyak {MOST_KEY}."
        found.append(Advice("Jumlah IKU", text, "Pilih yang paling mewakili sasaran."))
    by_node: dict[int, list[Card]] = {}
    for card in key:
        by_node.setdefault(card.indicator.node_id, []).append(card)
    for rows in by_node.values():
        if len(rows) > MOST_AT_OBJECTIVE:
            name = rows[0].indicator.node.text
            text = f"“{name}” mempunyai {len(rows)} IKU; yang lazim paling banyak {MOST_AT_OBJECTIVE}."
            found.append(Advice("Jumlah IKU", text, "Pertahankan yang langsung mengukur."))
        if all(card.validity == Card.Validity.ACTIVITY_ONLY for card in rows):
            text = f"“{rows[0].indicator.node.text}” hanya diukur dengan hitungan kegiatan."
            found.append(Advice("Validitas", text, "Tambahkan indikator yang mengukur sasarannya."))
    return found

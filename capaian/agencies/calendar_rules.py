"""May this be put into a working calendar, and if not, why not."""

from datetime import date

from capaian.agencies.models import WorkDay
from capaian.journal.reason import Reason
from capaian.periods.office_hours import parse_spans

FIRST_YEAR = 2024
LAST_YEAR = 2099
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
SHORTEST_RAMADAN = 29
LONGEST_RAMADAN = 30


def reasons_about_date(day: date, field: str) -> list[Reason]:
    """Refuse dates before the calendar begins or absurdly late."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return []
    text = f"Kalender berlaku dari tahun {FIRST_YEAR} sampai {LAST_YEAR}."
    return [Reason("date_outside", text, "Perbaiki tanggalnya.", field)]


def reasons_about_work_day(day: date, kind: str, name: str) -> list[Reason]:
    """Check a day that differs from the ordinary week."""
    reasons = reasons_about_date(day, "date")
    if kind not in WorkDay.Kind.values:
        reasons.append(Reason("day_kind_unknown", "Pilih jenis harinya dari daftar.", field="kind"))
    if not name:
        reasons.append(Reason("day_name_empty", "Keterangan hari wajib diisi.", "Tulis misalnya Hari jadi.", "name"))
    return reasons


def reasons_about_hours(valid_from: date, weekday: int, spans: str) -> list[Reason]:
    """Check the office hours of a weekday, written like "07:30-12:00,13:00-16:00"."""
    reasons = reasons_about_date(valid_from, "valid_from")
    if not 0 <= weekday < len(WEEKDAYS):
        reasons.append(Reason("weekday_unknown", "Pilih harinya dari daftar.", field="weekday"))
    try:
        parse_spans(spans)
    except ValueError as unread:
        reasons.append(Reason("hours_unread", str(unread), "Pisahkan dengan koma; kosong berarti libur.", "spans"))
    return reasons


def reasons_about_ramadan(first_day: date, last_day: date) -> list[Reason]:
    """Check the first and last day of Ramadan: 29 or 30 days."""
    reasons = reasons_about_date(first_day, "first_day")
    if not SHORTEST_RAMADAN <= (last_day - first_day).days + 1 <= LONGEST_RAMADAN:
        text = "Ramadan berlangsung 29 atau 30 hari."
        reasons.append(Reason("ramadan_length", text, "Perbaiki hari pertama atau hari terakhirnya.", "last_day"))
    return reasons

"""May this happen to a person's account, and if not, why not."""

import re
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from capaian.agencies.entries import PersonEntry
from capaian.agencies.models import Appointment, Person, RoleKey
from capaian.agencies.reach import today
from capaian.agencies.rules import number, reasons_not_to_lose_admin
from capaian.journal.reason import Reason

# shown on the log-in page as long as sample people exist; it opens nothing else
SAMPLE_PASSWORD = "contoh-capaian-2026"  # noqa: S105  # gitleaks:allow
USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,59}")
NIP = re.compile(r"[0-9]{18}")
SHORTEST_PASSWORD = 10
PASSWORD_TEXTS = {
    "password_too_short": (
        f"Kata sandi ini kurang dari {SHORTEST_PASSWORD} huruf.",
        f"Gunakan paling sedikit {SHORTEST_PASSWORD} huruf, misalnya tiga kata yang tidak berhubungan.",
    ),
    "password_too_common": ("Kata sandi ini terlalu sering dipakai orang.", "Pilih yang tidak mudah ditebak."),
    "password_entirely_numeric": ("Kata sandi ini hanya berisi angka.", "Tambahkan huruf."),
    "password_too_similar": ("Kata sandi ini mirip dengan nama atau NIP Anda.", "Pilih yang tidak mudah ditebak."),
}
WRONG_CODE = Reason(
    "wrong_code",
    "Nama pengguna/NIP dan kode tidak cocok, atau kode tidak berlaku lagi.",
    "Periksa ketikannya. Kode berlaku 24 jam dan paling banyak lima kali dicoba; "
    "mintalah kode baru kepada admin perangkat daerah Anda.",
    "code",
)
WRONG_PASSWORD = Reason("wrong_password", "Kata sandi sekarang tidak cocok.", "Ketik ulang.", "oldpassword")


def reasons_about_person(entry: PersonEntry, other_than: Person | None = None) -> list[Reason]:
    """Check a person's data: shapes, and user name and NIP that nobody else in the installation has."""
    others = Person.objects.exclude(pk=number(other_than))
    reasons = []
    if not entry.name:
        reasons.append(Reason("person_name_empty", "Nama pegawai wajib diisi.", field="name"))
    if not USERNAME.fullmatch(entry.username):
        text = "Nama pengguna terdiri atas 3 sampai 60 huruf kecil, angka, titik, garis, dan diawali huruf."
        reasons.append(Reason("username_shape", text, "Tulis misalnya siti.aminah.", "username"))
    elif others.filter(username=entry.username).exists():
        text = f"Nama pengguna “{entry.username}” sudah dipakai."
        reasons.append(Reason("username_taken", text, "Tambahkan nama unit atau angka.", "username"))
    if entry.nip and not NIP.fullmatch(entry.nip):
        text = "NIP terdiri atas tepat 18 angka."
        reasons.append(Reason("nip_shape", text, "Periksa ketikannya; tanpa spasi.", "nip"))
    elif entry.nip and others.filter(nip=entry.nip).exists():
        text = "NIP ini sudah terdaftar pada akun lain."
        next_step = "Jika pegawai pindah tugas, admin lama menonaktifkan akunnya dan melepaskan NIP-nya lebih dahulu."
        reasons.append(Reason("nip_taken", text, next_step, "nip"))
    if entry.email and not _is_email(entry.email):
        reasons.append(Reason("email_shape", "Alamat surel tidak terbaca.", "Tulis misalnya nama@contoh.id.", "email"))
    return reasons


def _is_email(text: str) -> bool:
    """Tell whether a text has the shape of an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def reasons_not_to_deactivate(person: Person, on: date) -> list[Reason]:
    """An account is deactivated once, and never the agency's last admin."""
    if not person.is_active:
        return [Reason("person_inactive", f"Akun {person.name} sudah tidak aktif.")]
    return reasons_not_to_lose_admin(person.agency, on, Appointment.objects.filter(person=person))


def reasons_not_to_issue_code(person: Person) -> list[Reason]:
    """A one-time code is for active accounts only."""
    if person.is_active:
        return []
    text = f"Akun {person.name} tidak aktif."
    return [Reason("person_inactive", text, "Kode hanya untuk akun yang aktif.")]


def reasons_not_to_take_password(person: Person, password: str) -> list[Reason]:
    """Check a new password by the validators of the settings, in our words."""
    try:
        validate_password(password, person)
    except ValidationError as failed:
        codes = dict.fromkeys(error.code or "" for error in failed.error_list)
        return [_password_reason(code) for code in codes]
    return []


def _password_reason(code: str) -> Reason:
    """Return our sentence for a validator's code."""
    unsaid = ("Kata sandi ini tidak dapat dipakai.", "Pilih yang lain.")
    text, next_step = PASSWORD_TEXTS.get(code, unsaid)
    return Reason(code, text, next_step, "password1")


def reasons_not_to_remove_sample() -> list[Reason]:
    """Sample people stay until somebody real administers an agency, otherwise nobody could log in."""
    if not Person.objects.filter(is_sample=True, is_active=True).exists():
        return [Reason("no_sample", "Tidak ada akun contoh yang masih aktif.")]
    real = Appointment.objects.filter(
        person__is_active=True,
        person__is_sample=False,
        position__closed_on__isnull=True,
        position__roles__role=RoleKey.AGENCY_ADMIN,
    )
    for held in real.select_related("person", "agency"):
        on = today(held.agency)
        begun, over = held.valid_from <= on, held.valid_to is not None and held.valid_to < on
        if begun and not over and held.person.has_usable_password():
            return []
    text = "Belum ada admin perangkat daerah yang bukan akun contoh dan sudah membuat kata sandinya."
    next_step = "Mulai perangkat daerah sendiri, lalu masuk sebagai adminnya dengan kode sekali pakai."
    return [Reason("only_sample_admins", text, next_step)]

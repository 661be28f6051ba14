"""May this be kept, numbered, replaced, signed, and if not, why not."""

from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.utils import timezone

from capaian.agencies.models import Agency
from capaian.documents.content import JPEG, PDF, PNG, Finding, Problem, look, look_at_head
from capaian.documents.glyphs import printable
from capaian.documents.models import Document
from capaian.documents.names import clean_name
from capaian.documents.numbering import write_date
from capaian.journal.reason import Reason

MAX_BYTES = 10 * 1024 * 1024
MAX_NUMBER = 120  # the columns' lengths, which SQLite does not hold anybody to
MAX_TITLE = 240
SIGNED_TYPES = (PDF, PNG, JPEG)
ACCEPTED = "PDF, gambar PNG atau JPEG, Excel (.xlsx), Word (.docx), CSV, atau teks"

# what is wrong with a content, and what the person can do
PROBLEMS = {
    Problem.UNKNOWN: ("jenis isinya tidak dikenal", f"Unggah berkas berjenis {ACCEPTED}."),
    Problem.DAMAGED: ("isinya rusak atau tidak lengkap", "Buka dan simpan ulang di komputer Anda, lalu unggah lagi."),
    Problem.MACRO: ("memuat makro", "Simpan sebagai .xlsx atau .docx tanpa makro, lalu unggah lagi."),
    Problem.OLD_OFFICE: ("memakai format Office lama", "Simpan sebagai .xlsx, .docx, atau PDF, lalu unggah lagi."),
    Problem.PASSWORD: ("dikunci dengan kata sandi", "Simpan tanpa kata sandi, lalu unggah lagi."),
    Problem.ZIP: ("berupa kumpulan berkas (zip)", "Keluarkan isinya, lalu unggah berkasnya satu per satu."),
    Problem.BOMB: ("isinya terlalu besar setelah dibuka", "Bagi isinya ke dalam beberapa berkas, lalu unggah lagi."),
    Problem.MIXED: ("isinya gabungan dua jenis berkas", "Cetak ulang sebagai PDF biasa, lalu unggah lagi."),
    Problem.MARKUP: ("berisi halaman web atau program", "Simpan atau cetak sebagai PDF, lalu unggah lagi."),
    Problem.PICTURE_TOO_LARGE: ("ukuran gambarnya melebihi 250 juta piksel", "Perkecil gambarnya, lalu unggah lagi."),
}


#: The allowed moves of a paper. The generated file stays when a signed one is laid beside it.
DOCUMENT_MOVES: dict[str, tuple[str, ...]] = {
    Document.State.DRAFT: (Document.State.ISSUED,),
    Document.State.ISSUED: (Document.State.SIGNED, Document.State.SUPERSEDED),
    Document.State.SIGNED: (Document.State.SUPERSEDED,),
    Document.State.SUPERSEDED: (),
}


def reasons_too_large(name: str, size: int, limit: int = MAX_BYTES) -> list[Reason]:
    """Return why a file of so many bytes is not taken, if it is too large."""
    if size <= limit:
        return []
    text = f"Berkas “{clean_name(name)}” tidak diterima karena lebih besar dari {limit // 1024 // 1024} MB."
    return [Reason("file_too_large", text, "Perkecil atau bagi berkas itu, lalu unggah lagi.", "file")]


def reasons_not_to_keep(
    name: str, head: bytes, size: int, *, whole: BinaryIO | None = None, limit: int = MAX_BYTES
) -> list[Reason]:
    """Return why a file may not be kept: by its content, never by its name's ending.

    `head` is its first 64 KiB and gives an early answer; `store.keep` asks again with the `whole` file.
    """
    if size == 0:
        text = f"Berkas “{clean_name(name)}” tidak diterima karena kosong."
        return [Reason("file_empty", text, "Periksa isi berkas itu, lalu unggah lagi.", "file")]
    if too_large := reasons_too_large(name, size, limit):
        return too_large
    finding = look(whole) if whole is not None else look_at_head(head)
    return _content_reasons(name, finding)


def _content_reasons(name: str, finding: Finding) -> list[Reason]:
    if finding.problem is None:
        return []
    why, next_step = PROBLEMS[finding.problem]
    text = f"Berkas “{clean_name(name)}” tidak diterima karena {why}."
    return [Reason(f"file_{finding.problem}", text, next_step, "file")]


def reasons_not_to_number(agency: Agency, number: str) -> list[Reason]:
    """Return why a typed number may not stand on a new paper of an agency."""
    if not number.strip():
        next_step = "Ketik nomor dari buku agenda atau Srikandi."
        return [Reason("number_empty", "Nomor naskah masih kosong.", next_step, "number")]
    if too_long := reasons_too_long(number):
        return too_long
    if any(ord(character) not in printable() for character in number):
        text = "Nomor naskah memuat tanda yang tidak dapat dicetak."
        next_step = "Ketik ulang nomor itu, jangan disalin dari aplikasi lain."
        return [Reason("number_unprintable", text, next_step, "number")]
    if taken := Document.objects.filter(agency=agency, number=number).first():
        return [number_taken(taken)]
    return []


def reasons_too_long(number: str) -> list[Reason]:
    """Return why a number, typed or made from the pattern, does not fit on a paper."""
    if len(number) <= MAX_NUMBER:
        return []
    text = f"Nomor naskah terlalu panjang: {len(number)} huruf, paling banyak {MAX_NUMBER}."
    return [Reason("number_too_long", text, "Periksa nomor atau pola nomornya, lalu persingkat.", "number")]


def number_taken(document: Document) -> Reason:
    """Return the reason that names the paper which already bears a number."""
    text = f"Nomor {document.number} sudah dipakai naskah “{document.title}” tanggal {write_date(document.dated)}."
    return Reason("number_taken", text, "Ketik nomor lain, atau kosongkan agar nomor dibuat otomatis.", "number")


def kind_unknown(kind_code: str) -> Reason:
    """Return the reason that an agency has no such kind of paper."""
    text = f"Jenis naskah {kind_code} belum ada pada perangkat daerah ini."
    return Reason("kind_unknown", text, "Minta admin menambahkan jenis naskah itu.")


def reasons_not_to_title(title: str) -> list[Reason]:
    """Return why a paper may not bear a title."""
    if not title:
        return [Reason("title_empty", "Judul naskah masih kosong.", "Ketik judul naskah.", "title")]
    if len(title) > MAX_TITLE:
        text = f"Judul naskah terlalu panjang: {len(title)} huruf, paling banyak {MAX_TITLE}."
        return [Reason("title_too_long", text, "Ringkas judul itu.", "title")]
    return []


def reasons_not_to_supersede(agency: Agency, document: Document) -> list[Reason]:
    """Return why a new paper may not take the place of this one."""
    if document.agency_id != agency.pk:
        text = "Naskah yang akan diganti tidak ditemukan."
        return [Reason("supersedes_foreign", text, "Pilih naskah perangkat daerah ini.")]
    successor = Document.objects.filter(supersedes=document).first()
    if successor is not None:
        text = f"Naskah {document.number} sudah diganti oleh naskah {successor.number}."
        return [Reason("supersedes_replaced", text, "Ganti naskah yang terakhir itu.")]
    return []


def reasons_not_to_upload_signed(document: Document, head: bytes, size: int) -> list[Reason]:
    """Return why a signed version may not be laid beside an issued paper."""
    state = Document.State(document.state)
    if state is Document.State.DRAFT:
        text = f"Naskah {document.number} belum terbit, jadi belum dapat ditandatangani."
        return [Reason("signed_not_issued", text, "Tunggu sebentar sampai PDF-nya terbit, lalu unggah lagi.")]
    if state is Document.State.SUPERSEDED:
        text = f"Naskah {document.number} sudah diganti, jadi tidak menerima versi bertanda tangan."
        return [Reason("signed_superseded", text, "Unggah versi bertanda tangan dari naskah penggantinya.")]
    if state is Document.State.SIGNED:
        text = f"Naskah {document.number} sudah memiliki versi bertanda tangan{_signed_by(document)}."
        return [Reason("signed_already", text, "Bila versi itu keliru, terbitkan naskah pengganti.")]
    if reasons := reasons_not_to_keep("naskah bertanda tangan", head, size):
        return reasons
    if look_at_head(head).media_type not in SIGNED_TYPES:
        text = "Versi bertanda tangan tidak diterima karena bukan PDF, PNG, atau JPEG."
        next_step = "Pindai naskah yang sudah ditandatangani sebagai PDF, lalu unggah."
        return [Reason("signed_wrong_type", text, next_step, "file")]
    return []


def _signed_by(document: Document) -> str:
    upload = document.signed_upload
    if upload is None:
        return ""
    day = timezone.localtime(upload.uploaded_at, ZoneInfo(document.agency.time_zone)).date()
    return f", diunggah {upload.uploaded_by.name} tanggal {write_date(day)}"

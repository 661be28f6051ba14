"""The archive of a finished run: what belongs in it, and its ZIP with a readable list and a list of fingerprints."""

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO

from django.utils import timezone

from capaian.collection.models import Evidence, Submission, UnitForm
from capaian.documents import store
from capaian.documents.models import Document, StoredFile
from capaian.proceedings.models import ChecklistItem, FollowUp
from capaian.sop.models import Attachment, Paper, Run, WorkItem
from capaian.sop.papers import long_date, moment_text
from capaian.sop.run_rules import zone_of

CHUNK = 256 * 1024
NAME_LENGTH = 80
SUMS = "SHA256SUMS"
LIST = "daftar.csv"
README = "BACA-DAHULU.txt"
PAPER = "Naskah"
SIGNED = "Bertanda tangan"
ATTACHED = "Lampiran"
CHECKED = "Dokumen checklist"
RECEIPT = "Tanda terima"
PROOF = "Bukti"
FOLLOWED = "Bukti tindak lanjut"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
HEAD = (
    "No.",
    "Langkah",
    "Putaran",
    "Unit",
    "Jenis",
    "Nomor",
    "Judul",
    "Tanggal",
    "Keadaan",
    "Berkas",
    "Ukuran (byte)",
    "SHA-256",
    "Keterangan",
)


@dataclass(frozen=True)
class Kept:
    """One thing of an archive; `file` is None for a paper whose PDF was never made."""

    item: WorkItem
    kind: str
    title: str
    file: StoredFile | None
    number: str = ""
    day: str = ""
    state: str = ""

    @property
    def folder(self) -> str:
        """The folder of its step, and below it of its unit and visit."""
        step, unit = self.item.step, self.item.unit
        parts = [f"langkah-{step.ordinal:02d}-{safe_name(str(step.get_work_display()).lower())}"]
        parts += [safe_name(unit.name)] if unit else []
        parts += [f"putaran-{self.item.visit}"] if self.item.visit > 1 else []
        return "/".join(parts)


def safe_name(text: str, ending: str = "") -> str:
    """Return a name that every system and `sha256sum -c` take: ASCII letters, digits, dots, hyphens, not too long."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    short = re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip(".-")[:NAME_LENGTH].strip(".-")
    return f"{short or 'berkas'}{ending}"


def file_name(kept: Kept) -> str:
    """Return the name of a file in its folder: number and title of a paper, the own name of anything else."""
    if kept.file is None:
        return ""
    stem, dot, ending = kept.file.original_name.rpartition(".")
    ending = safe_name(ending.lower()) if dot else ""
    said = f"{kept.number} {kept.title}" if kept.number else stem or kept.file.original_name
    return safe_name(f"{said} {kept.kind}" if kept.kind == SIGNED else said, f".{ending}" if ending else "")


def contents(run: Run) -> list[Kept]:
    """Return everything of a run's archive, in the order of its steps; a constant number of queries."""
    found = [*_papers(run), *_attachments(run), *_receipts(run), *_checked(run), *_proofs(run), *_followed(run)]
    return sorted(found, key=lambda kept: (kept.item.step.ordinal, kept.item.unit_id or 0, kept.item.visit))


def _papers(run: Run) -> Iterator[Kept]:
    rows = Paper.objects.filter(item__run=run).select_related(
        "document__file", "document__signed_upload", "item__step", "item__unit"
    )
    for row in rows.defer("document__context").order_by("document_id"):
        document = row.document
        told = {"number": document.number, "day": long_date(document.dated), "state": document.get_state_display()}
        yield Kept(row.item, PAPER, document.title, document.file, **told)
        if document.signed_upload is not None:
            yield Kept(row.item, SIGNED, document.title, document.signed_upload, **told)


def _receipts(run: Run) -> Iterator[Kept]:
    """The receipts of forms: for the blank one under the unit's first item, for each submission under its own."""
    filled = WorkItem.objects.filter(run=run, submission__isnull=False).select_related("step", "unit")
    first = {item.unit_id: item for item in filled.order_by("-pk")}
    blank = UnitForm.objects.filter(round__run=run, receipt__isnull=False).order_by("unit_id")
    for form in blank.select_related("receipt__file", "receipt__signed_upload"):
        if form.receipt is not None and form.unit_id in first:
            yield from _receipt(first[form.unit_id], form.receipt)
    rows = Submission.objects.filter(item__run=run, receipt__isnull=False).order_by("pk")
    for row in rows.select_related("receipt__file", "receipt__signed_upload", "item__step", "item__unit"):
        if row.receipt is not None:
            yield from _receipt(row.item, row.receipt)


def _receipt(item: WorkItem, document: Document) -> Iterator[Kept]:
    told = {"number": document.number, "day": long_date(document.dated), "state": document.get_state_display()}
    yield Kept(item, RECEIPT, document.title, document.file, **told)
    if document.signed_upload is not None:
        yield Kept(item, SIGNED, document.title, document.signed_upload, **told)


def _attachments(run: Run) -> Iterator[Kept]:
    rows = Attachment.objects.filter(item__run=run).select_related("file", "item__step", "item__unit").order_by("pk")
    yield from (Kept(row.item, ATTACHED, row.file.original_name, row.file) for row in rows)


def _checked(run: Run) -> Iterator[Kept]:
    rows = ChecklistItem.objects.filter(checklist__item__run=run, file__isnull=False)
    for row in rows.select_related("file", "checklist__item__step", "checklist__item__unit").order_by("pk"):
        yield Kept(row.checklist.item, CHECKED, row.name, row.file)


def _proofs(run: Run) -> Iterator[Kept]:
    """What proves the figures, beside the unit's form: under the newest filling item of the unit."""
    rows = Evidence.objects.filter(actual__form__round__run=run, file__isnull=False)
    rows = rows.select_related("file", "actual__card").order_by("pk")
    filled = WorkItem.objects.filter(run=run, unit__isnull=False).select_related("step", "unit").order_by("pk")
    items = {item.unit_id: item for item in filled}
    for row in rows:
        item = items.get(row.actual.unit_id)
        if item is not None:
            yield Kept(item, PROOF, f"{row.actual.card.name}, {row.actual.period}", row.file)


def _followed(run: Run) -> Iterator[Kept]:
    rows = FollowUp.objects.filter(origin__run=run, evidence__isnull=False)
    for row in rows.select_related("evidence", "origin__step", "origin__unit").order_by("pk"):
        yield Kept(row.origin, FOLLOWED, row.text, row.evidence)


def archive_name(run: Run) -> str:
    """Return the name of a run's archive, without ending: `arsip-A-2026-Q1`."""
    again = f"-perbaikan-{run.revision}" if run.revision else ""
    return f"arsip-{safe_name(run.definition.code)}-{run.period}{again}"


def write_archive(run: Run, stream: BinaryIO) -> None:
    """Write the ZIP of a run to a stream, file by file; never more than a piece of one in memory.

    `SHA256SUMS` holds the fingerprints that were recorded when the files were kept: `sha256sum -c` finds a file that
    is damaged or missing, and the list says so too.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, strict_timestamps=False) as target:
        writer = _Writer(target, archive_name(run), timezone.localtime(run.finished_at, zone_of(run.agency)))
        rows = [writer.add(place, kept) for place, kept in enumerate(contents(run), start=1)]
        writer.text(README, _readme(run))
        writer.text(LIST, _csv(rows))
        writer.text(SUMS, "".join(f"{digest}  {path}\n" for path, digest in writer.sums.items()), listed=False)


class _Writer:
    """Writes files into one folder of a ZIP, each under a name of its own, and keeps their fingerprints."""

    def __init__(self, target: zipfile.ZipFile, folder: str, at: datetime) -> None:
        self.target, self.folder, self.at = target, folder, at
        self.sums: dict[str, str] = {}
        self.taken: set[str] = set()

    def add(self, place: int, kept: Kept) -> list[str]:
        """Write one thing; return its line of the list."""
        path, note = "", "PDF tidak dibuat"
        if kept.file is not None:
            path = self._free(f"{kept.folder}/{file_name(kept)}")
            self.sums[path] = kept.file.sha256
            note = self._copy(path, kept.file)
        item = kept.item
        return [
            str(place),
            f"{item.step.ordinal}. {item.step.text}",
            str(item.visit),
            item.unit.name if item.unit else "",
            kept.kind,
            kept.number,
            kept.title,
            kept.day,
            kept.state,
            path,
            str(kept.file.size) if kept.file else "",
            kept.file.sha256 if kept.file else "",
            note,
        ]

    def _free(self, path: str) -> str:
        """Return the path, numbered when another file has it, also where capitals do not count."""
        stem, dot, ending = path.rpartition(".")
        free, place = path, 1
        while free.lower() in self.taken:
            place += 1
            free = f"{stem}-{place}{dot}{ending}" if dot else f"{path}-{place}"
        self.taken.add(free.lower())
        return free

    def _copy(self, path: str, file: StoredFile) -> str:
        """Copy a kept file; return what must be said of it."""
        digest = hashlib.sha256()
        try:
            with store.open_file(file.key) as source, self._open(path, file.size) as into:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    into.write(chunk)
        except FileNotFoundError:
            return "berkas hilang dari penyimpanan"
        return "" if digest.hexdigest() == file.sha256 else "isi berkas tidak sama dengan saat disimpan"

    def _open(self, path: str, size: int) -> IO[bytes]:
        info = zipfile.ZipInfo(f"{self.folder}/{path}", self.at.timetuple()[:6])
        info.external_attr = 0o644 << 16
        return self.target.open(info, "w", force_zip64=size >= zipfile.ZIP64_LIMIT)

    def text(self, path: str, text: str, *, listed: bool = True) -> None:
        """Write a text of our own."""
        content = text.encode()
        if listed:
            self.sums[path] = hashlib.sha256(content).hexdigest()
        with self._open(path, len(content)) as into:
            into.write(content)


def _csv(rows: Iterable[Iterable[str]]) -> str:
    """Return the list as spreadsheets of this country open it: semicolons, a byte order mark; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _readme(run: Run) -> str:
    finished = moment_text(run.agency, run.finished_at) if run.finished_at else "–"
    return (
        f"Arsip {run.definition.name}, {run.period_value.label}\r\n"
        f"{run.agency.name}, selesai {finished}\r\n\r\n"
        f"{LIST}: daftar seluruh naskah, lampiran, dan bukti menurut langkah SOP.\r\n"
        f"{SUMS}: sidik SHA-256 setiap berkas yang dicatat ketika berkas itu disimpan.\r\n"
        f"Pemeriksaan keutuhan: jalankan `sha256sum -c {SUMS}` di dalam folder ini.\r\n"
    )

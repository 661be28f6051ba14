"""May this be saved, completed, finished, and if not, why not."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from capaian.agencies.models import Appointment, Person, Position, RoleKey
from capaian.agencies.queries import Reach
from capaian.journal.reason import Reason
from capaian.proceedings.entries import (
    ChecklistEntry,
    DispositionEntry,
    DocumentEntry,
    Entry,
    MeetingEntry,
    OrderEntry,
    ReportEntry,
    StageEntry,
    TaskEntry,
    WorkPlanEntry,
)
from capaian.proceedings.models import ChecklistItem, DispositionAsk, FollowUp, Paperwork, Urgency
from capaian.sop import step_rules
from capaian.sop.models import Run, Step, StepInput, Work, WorkItem
from capaian.sop.papers import moment_text

#: The allowed moves of a follow-up. Cancelled: the step it came from was done anew.
FOLLOW_UP_MOVES: dict[str, tuple[str, ...]] = {
    FollowUp.State.OPEN: (FollowUp.State.DONE, FollowUp.State.CANCELLED),
    FollowUp.State.DONE: (),
    FollowUp.State.CANCELLED: (),
}
TASK_LENGTH = 500
#: the columns' lengths, which SQLite does not hold anybody to
ORDER_LENGTHS = {
    "recipient": ("Yth.", 300),
    "copies": ("Tembusan", 300),
    "subject": ("Hal", 300),
    "body": ("Isi", step_rules.NOTE_LIMIT),
}
STAGE_LENGTHS = {"stage": ("Uraian", 400), "result": ("Output", 300)}
DOCUMENT_LENGTHS = {
    "name": ("Nama dokumen", 300),
    "year_or_version": ("Tahun atau versi", 60),
    "source": ("Sumber", 200),
    "reason": ("Alasan", 400),
}
REPORT_LENGTH = 8000
REPORT_SECTIONS = {
    "general": "Pendahuluan",
    "activities": "Kegiatan yang dilaksanakan",
    "results": "Hasil yang dicapai",
    "conclusion": "Kesimpulan dan saran",
}
PART_OF = "bagian dari "  # how the reading of an input says that another one contains it
OVERSEERS = (RoleKey.HEAD, RoleKey.SECRETARY)


def reasons_not_to_save(item: WorkItem, reach: Reach) -> list[Reason]:
    """Return why this person may not save a draft for this item."""
    if item.agency_id != reach.agency.pk or item.run.status != Run.Status.OPEN or item.status != WorkItem.Status.OPEN:
        return [Reason("not_open", "Langkah ini tidak terbuka lagi.", "Muat ulang halaman ini.")]
    if item.step.work == Work.HAND_OVER:
        if item.performed_at is None:
            text = "Sekretaris belum menyampaikan laporan ini."
            return [Reason("not_handed_over", text, "Tunggu penyampaian, lalu tulis disposisi.")]
        return step_rules.reasons_not_mine(item, reach)
    if not step_rules.may_work(item, reach):
        return [Reason("not_party", "Konsep disimpan oleh pelaksana langkah ini.", "Hubungi pelaksana langkah.")]
    return []


def draft_changed(row: Paperwork) -> Reason:
    """Return why a form that was opened before somebody's saving is not taken."""
    text = f"Isian ini sudah disimpan oleh {row.saved_by.name} pada {moment_text(row.agency, row.saved_at)}."
    return Reason("draft_changed", text, "Bandingkan di tab lain. Kirim sekali lagi bila isian Anda yang dipakai.")


def reasons_not_to_keep(item: WorkItem, entry: Entry) -> list[Reason]:
    """Return what may not even stand in a draft: what is too long, contradicts itself or belongs to others."""
    if isinstance(entry, WorkPlanEntry):
        owners = [stage.owner_id for stage in entry.stages if stage.owner_id]
        reasons = [*_reasons_text(entry.background, "Latar dan tujuan", "background")]
        for place, stage in enumerate(entry.stages, start=1):
            reasons += _reasons_long(f"Tahap {place}", stage, STAGE_LENGTHS) + _reasons_order_of_days(place, stage)
        return reasons + reasons_foreign_positions(item, owners)
    if isinstance(entry, ChecklistEntry):
        reasons = []
        for place, document in enumerate(entry.documents, start=1):
            reasons += _reasons_long(f"Dokumen {place}", document, DOCUMENT_LENGTHS)
        return reasons + _reasons_foreign_files(item, entry)
    if isinstance(entry, ReportEntry):
        sections = [(getattr(entry, name), label, name) for name, label in REPORT_SECTIONS.items()]
        return [reason for section in sections for reason in _reasons_text(*section, most=REPORT_LENGTH)]
    return []


def _reasons_text(text: str, label: str, field: str, most: int = step_rules.NOTE_LIMIT) -> list[Reason]:
    if len(text) <= most:
        return []
    next_step = f"Ringkas menjadi paling banyak {most} huruf."
    return [Reason("text_long", f"{label} terlalu panjang ({len(text)} huruf).", next_step, field)]


def _reasons_long(what: str, row: object, lengths: Mapping[str, tuple[str, int]]) -> list[Reason]:
    return [
        Reason("text_long", f"{what}: {label} terlalu panjang.", f"Ringkas menjadi paling banyak {most} huruf.", "rows")
        for name, (label, most) in lengths.items()
        if len(getattr(row, name)) > most
    ]


def reasons_not_to_finish(item: WorkItem, entry: Entry) -> list[Reason]:
    """Return what is missing or wrong in what completes an item."""
    if isinstance(entry, WorkPlanEntry):
        return _reasons_work_plan(entry) + reasons_not_to_keep(item, entry)
    if isinstance(entry, ChecklistEntry):
        return _reasons_checklist(item, entry) + reasons_not_to_keep(item, entry)
    if isinstance(entry, ReportEntry):
        return _reasons_report(entry) + reasons_not_to_keep(item, entry)
    if isinstance(entry, OrderEntry):
        return _reasons_order(entry)
    if isinstance(entry, MeetingEntry):
        return _reasons_meeting(item, entry)
    return _reasons_disposition(item, entry)


def _reasons_order(entry: OrderEntry) -> list[Reason]:
    needed = (("recipient", "Yth.", entry.recipient), ("subject", "Hal", entry.subject), ("body", "Isi", entry.body))
    reasons = [
        Reason("order_empty", f"{label} belum diisi.", "Lengkapi, lalu kirim lagi.", field)
        for field, label, value in needed
        if not value.strip()
    ]
    if entry.urgency not in Urgency.values:
        reasons.append(Reason("not_in_list", "Sifat tidak dikenal.", "Pilih dari daftar.", "urgency"))
    for field, (label, most) in ORDER_LENGTHS.items():
        if len(getattr(entry, field)) > most:
            next_step = f"Ringkas menjadi paling banyak {most} huruf."
            reasons.append(Reason("text_long", f"{label} nota dinas terlalu panjang.", next_step, field))
    return reasons


def _reasons_meeting(item: WorkItem, entry: MeetingEntry) -> list[Reason]:
    needed = (
        ("planned_at", "Waktu rapat", entry.planned_at),
        ("place", "Tempat rapat", entry.place.strip()),
        ("agenda", "Acara rapat", entry.agenda.strip()),
        ("attended", "Daftar hadir", entry.attended_ids),
        ("note_taker", "Notulis", entry.note_taker_id),
        ("discussion", "Pembahasan", entry.discussion.strip()),
    )
    reasons = [
        Reason("meeting_empty", f"{label} belum diisi.", "Lengkapi, lalu kirim lagi.", field)
        for field, label, value in needed
        if not value
    ]
    if entry.planned_at is not None and entry.planned_at > timezone.now():
        text = "Rapat belum berlangsung menurut waktu yang direncanakan."
        reasons.append(Reason("not_held", text, "Simpan konsep dahulu, atau perbaiki waktunya.", "planned_at"))
    reasons += reasons_tasks(entry.decisions, "Keputusan", needs_owner=False)
    owners = [task.owner_id for task in entry.decisions if task.owner_id]
    return reasons + reasons_foreign_positions(item, owners) + _reasons_foreign_people(item, entry)


def _reasons_foreign_people(item: WorkItem, entry: MeetingEntry) -> list[Reason]:
    listed = {*entry.invited_ids, *entry.attended_ids}
    known = Appointment.objects.filter(agency_id=item.agency_id, pk__in=listed).count() == len(listed)
    taker = entry.note_taker_id
    if known and (taker is None or Person.objects.filter(agency_id=item.agency_id, pk=taker).exists()):
        return []
    return [Reason("person_unknown", "Ada peserta yang tidak dikenal.", "Pilih peserta dari daftar.", "attended")]


def reasons_not_to_join(item: WorkItem, other: WorkItem) -> list[Reason]:
    """Return why one order may not stand for both items: same agency, another run, both orders, of any period."""
    if (
        item.agency_id == other.agency_id
        and item.run_id != other.run_id
        and {item.step.work, other.step.work} == {Work.ORDER}
    ):
        return []
    text = "Perintah itu tidak dapat disatukan dengan perintah ini."
    return [Reason("not_joint", text, "Satukan hanya langkah perintah yang masih terbuka.", "together")]


def _reasons_work_plan(entry: WorkPlanEntry) -> list[Reason]:
    reasons = []
    if not entry.background.strip():
        text = "Latar dan tujuan belum diisi."
        reasons.append(Reason("plan_empty", text, "Lengkapi, lalu kirim lagi.", "background"))
    if not entry.stages:
        text = "Program kerja belum memuat tahap."
        reasons.append(Reason("no_stage", text, "Tulis sedikitnya satu tahap kegiatan.", "rows"))
    for place, stage in enumerate(entry.stages, start=1):
        needed = (
            ("uraian", stage.stage.strip()),
            ("tanggal mulai", stage.starts_on),
            ("tanggal selesai", stage.ends_on),
            ("penanggung jawab", stage.owner_id),
            ("output", stage.result.strip()),
        )
        if lacking := ", ".join(label for label, value in needed if not value):
            text = f"Tahap {place} belum lengkap: {lacking}."
            reasons.append(Reason("stage_empty", text, "Lengkapi tahap itu, atau kosongkan seluruhnya.", "rows"))
    return reasons


def _reasons_order_of_days(place: int, stage: StageEntry) -> list[Reason]:
    if stage.starts_on is None or stage.ends_on is None or stage.starts_on <= stage.ends_on:
        return []
    text = f"Tahap {place} selesai sebelum dimulai."
    return [Reason("stage_backwards", text, "Perbaiki tanggal mulai atau tanggal selesainya.", "rows")]


def named_documents(step: Step) -> list[StepInput]:
    """Return the documents that a step of the SOP names, without one that is read as a part of another."""
    return [needed for needed in step.inputs.all() if not needed.reading.startswith(PART_OF)]


def document_name(needed: StepInput) -> str:
    """Return what a document is called on a checklist: as it is read, else as printed."""
    return needed.reading or needed.name


def is_named(step: Step, name: str) -> bool:
    """Tell whether the SOP itself names a document for this step."""
    return name.strip().casefold() in {document_name(needed).casefold() for needed in named_documents(step)}


def _reasons_checklist(item: WorkItem, entry: ChecklistEntry) -> list[Reason]:
    names = [document.name.strip().casefold() for document in entry.documents]
    reasons = []
    for needed in named_documents(item.step):
        if document_name(needed).casefold() not in names:
            text = f"Dokumen “{document_name(needed)}” yang disebut SOP tidak ada dalam daftar."
            next_step = "Tambahkan kembali; bila tidak ada, pilih Tidak ada dan tulis alasannya."
            reasons.append(Reason("named_missing", text, next_step, "rows"))
    for place, document in enumerate(entry.documents, start=1):
        reasons += _reasons_document(place, document)
        if document.name.strip() and names.index(names[place - 1]) != place - 1:
            text = f"Dokumen “{document.name.strip()}” tercantum dua kali."
            reasons.append(Reason("document_twice", text, "Kosongkan salah satu barisnya.", "rows"))
    return reasons


def _reasons_document(place: int, document: DocumentEntry) -> list[Reason]:
    if not document.name.strip():
        text = f"Dokumen {place} belum bernama."
        return [Reason("document_unnamed", text, "Tulis nama dokumen itu, atau kosongkan barisnya.", "rows")]
    if document.state not in ChecklistItem.State.values:
        return [Reason("not_in_list", "Keadaan dokumen tidak dikenal.", "Pilih Ada atau Tidak ada.", "rows")]
    if document.state == ChecklistItem.State.UNCHECKED:
        text = f"Dokumen “{document.name.strip()}” belum diperiksa."
        return [Reason("unchecked", text, "Pilih Ada atau Tidak ada.", "rows")]
    if document.state == ChecklistItem.State.ABSENT and not document.reason.strip():
        text = f"Dokumen “{document.name.strip()}” tidak ada, tetapi alasannya belum ditulis."
        return [Reason("no_reason", text, "Tulis mengapa dokumen itu tidak ada dan apa penggantinya.", "rows")]
    return []


def _reasons_foreign_files(item: WorkItem, entry: ChecklistEntry) -> list[Reason]:
    """A file is taken over from a checklist of the same agency, never from elsewhere."""
    wanted = {document.file_id for document in entry.documents if document.file_id and document.kept is None}
    own = ChecklistItem.objects.filter(checklist__agency_id=item.agency_id, file_id__in=wanted)
    if set(own.values_list("file_id", flat=True)) == wanted:
        return []
    return [Reason("file_unknown", "Ada berkas yang tidak dikenal.", "Unggah kembali berkas dokumen itu.", "rows")]


def _reasons_report(entry: ReportEntry) -> list[Reason]:
    return [
        Reason("report_empty", f"Bagian {label} belum diisi.", "Lengkapi, lalu kirim lagi.", name)
        for name, label in REPORT_SECTIONS.items()
        if not getattr(entry, name).strip()
    ]


def _reasons_disposition(item: WorkItem, entry: DispositionEntry) -> list[Reason]:
    reasons = []
    if not entry.addressee_ids:
        text = "Belum ada penerima disposisi."
        reasons.append(Reason("no_addressee", text, "Centang sedikitnya satu jabatan.", "addressees"))
    if entry.urgency not in Urgency.values or not set(entry.asks) <= set(DispositionAsk.Ask.values):
        reasons.append(Reason("not_in_list", "Sifat atau permintaan tidak dikenal.", "Pilih dari daftar.", "urgency"))
    reasons += reasons_tasks(entry.tasks, "Instruksi", needs_owner=True)
    owners = [task.owner_id for task in entry.tasks if task.owner_id]
    return reasons + reasons_foreign_positions(item, [*entry.addressee_ids, *owners])


def reasons_tasks(tasks: Sequence[TaskEntry], what: str, *, needs_owner: bool) -> list[Reason]:
    """Return what is missing in decisions or instructions; `what` is the word for one of them."""
    reasons = []
    for place, task in enumerate(tasks, start=1):
        if not task.text.strip():
            reasons.append(Reason("task_empty", f"{what} {place} belum ditulis.", "Tulis uraiannya.", "tasks"))
        if len(task.text) > TASK_LENGTH:
            next_step = f"Ringkas menjadi paling banyak {TASK_LENGTH} huruf."
            reasons.append(Reason("task_long", f"{what} {place} terlalu panjang.", next_step, "tasks"))
        if task.owner_id is None and (needs_owner or task.due is not None):
            text = f"{what} {place} belum mempunyai penanggung jawab."
            reasons.append(Reason("task_no_owner", text, "Pilih penanggung jawabnya.", "tasks"))
    return reasons


def reasons_foreign_positions(item: WorkItem, ids: Iterable[int]) -> list[Reason]:
    """Return a reason when a position is not one of the item's agency."""
    wanted = set(ids)
    if Position.objects.filter(agency_id=item.agency_id, pk__in=wanted).count() == len(wanted):
        return []
    return [Reason("position_unknown", "Ada jabatan yang tidak dikenal.", "Pilih jabatan dari daftar.")]


def may_finish(follow_up: FollowUp, reach: Reach) -> bool:
    """Tell whether a person may mark a follow-up done: who holds the owner's position, Kepala or Sekretaris."""
    own = any(held.position_id == follow_up.owner_id for held in reach.held)
    return follow_up.agency_id == reach.agency.pk and (own or any(reach.has(role) for role in OVERSEERS))


def reasons_not_to_finish_follow_up(follow_up: FollowUp, reach: Reach, note: str) -> list[Reason]:
    """Return why this person may not mark a follow-up done with this note."""
    if not may_finish(follow_up, reach):
        text = f"Tindak lanjut ini dikerjakan oleh {follow_up.owner.title}."
        return [Reason("not_owner", text, "Hubungi pejabat itu.")]
    if not note.strip():
        return [Reason("note_empty", "Hasil tindak lanjut belum ditulis.", "Tulis apa yang sudah dilakukan.", "note")]
    if len(note) > step_rules.NOTE_LIMIT:
        next_step = f"Ringkas menjadi paling banyak {step_rules.NOTE_LIMIT} huruf."
        return [Reason("note_long", "Hasil tindak lanjut terlalu panjang.", next_step, "note")]
    return []

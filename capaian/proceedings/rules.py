"""May this be saved, completed, finished, and if not, why not."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from capaian.agencies.models import Appointment, Person, Position, RoleKey
from capaian.agencies.queries import Reach
from capaian.journal.reason import Reason
from capaian.proceedings.entries import DispositionEntry, Entry, MeetingEntry, OrderEntry, TaskEntry
from capaian.proceedings.models import DispositionAsk, FollowUp, Paperwork, Urgency
from capaian.sop import step_rules
from capaian.sop.models import Run, Work, WorkItem
from capaian.sop.papers import moment_text

#: The allowed moves of a follow-up. Cancelled: the step it came from was done anew.
FOLLOW_UP_MOVES: dict[str, tuple[str, ...]] = {
    FollowUp.State.OPEN: (FollowUp.State.DONE, FollowUp.State.CANCELLED),
    FollowUp.State.DONE: (),
    FollowUp.State.CANCELLED: (),
}
TASK_LENGTH = 500
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


def reasons_not_to_finish(item: WorkItem, entry: Entry) -> list[Reason]:
    """Return what is missing or wrong in what completes an item."""
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
    if len(entry.body) > step_rules.NOTE_LIMIT:
        next_step = f"Ringkas menjadi paling banyak {step_rules.NOTE_LIMIT} huruf."
        reasons.append(Reason("body_long", "Isi nota dinas terlalu panjang.", next_step, "body"))
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
    """Return why one order may not stand for both items: same agency, same period, another run, both orders."""
    same = (item.agency_id, item.run.period) == (other.agency_id, other.run.period)
    if same and item.run_id != other.run_id and {item.step.work, other.step.work} == {Work.ORDER}:
        return []
    text = "Kedua perintah itu tidak dapat disatukan."
    return [Reason("not_joint", text, "Satukan hanya perintah kedua SOP untuk periode yang sama.", "together")]


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

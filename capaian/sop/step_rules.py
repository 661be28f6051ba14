"""May this be done with a step, and if not, why not."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from capaian.agencies.models import Person, RoleKey
from capaian.agencies.queries import Held, Reach, reach
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, Refused
from capaian.periods.period import MONTHS
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, PartyKey, ReturnTarget, Run, RunUnit, Step, StepParty, Work, WorkItem
from capaian.sop.run_rules import reasons_foreign, zone_of

Part = StepParty.Part
#: Which roles of a position act as which party; unit parties count only in the unit's own positions.
ROLES: dict[str, tuple[str, ...]] = {
    PartyKey.HEAD: (RoleKey.HEAD,),
    PartyKey.SECRETARY: (RoleKey.SECRETARY,),
    PartyKey.TEAM: (RoleKey.TEAM,),
    PartyKey.UNIT: (RoleKey.UNIT_HEAD, RoleKey.SUBMITTER),
    PartyKey.STAFF: (RoleKey.STAFF,),
    PartyKey.SUBMITTER: (RoleKey.SUBMITTER,),
}
UNIT_ROLES = (RoleKey.UNIT_HEAD, RoleKey.SUBMITTER, RoleKey.STAFF)
NOTE_LIMIT = 4000
OVERSEERS = (RoleKey.HEAD, RoleKey.SECRETARY, RoleKey.AGENCY_ADMIN)


def parts_of(step: Step) -> dict[str, set[str]]:
    """Return the party keys of each part of a step."""
    parts: dict[str, set[str]] = {part: set() for part in Part.values}
    for party in step.parties.all():
        parts[party.part].add(party.role.key)
    return parts


def completers(step: Step) -> set[str]:
    """Return the party keys that may complete a step: those named to, else its performers."""
    parts = parts_of(step)
    return parts[Part.COMPLETES] or parts[Part.PERFORMS]


def held_as(person: Reach, keys: Iterable[str], unit_id: int | None) -> Held | None:
    """Return the position in which a person is one of these parties; None when in none."""
    wanted = {role for key in keys for role in ROLES[key]}
    per_unit = unit_id is not None
    fits = [
        held
        for held in person.held
        if wanted & held.roles and (not per_unit or held.unit_id == unit_id or not _is_unit_role(wanted & held.roles))
    ]
    return fits[0] if fits else None


def _is_unit_role(roles: Iterable[str]) -> bool:
    return set(roles) <= set(UNIT_ROLES)


def actor_for(person: Reach, item: WorkItem, token: str = "") -> Actor:
    """Return the person as the one who completes (or else works on) this item."""
    parts = parts_of(item.step)
    for keys in (completers(item.step), parts[Part.PERFORMS], parts[Part.ASSISTS]):
        held = held_as(person, keys, item.unit_id)
        if held is not None:
            role = next(iter(sorted({role for key in keys for role in ROLES[key]} & held.roles)))
            return person.actor(role=role, unit_id=held.unit_id, token=token)
    return person.actor(role=RoleKey.TEAM if stands_in(item, person) else None, token=token)


def performer_for(person: Reach, item: WorkItem, token: str = "") -> Actor:
    """Return the person as the one who performs this item (and hands it over)."""
    keys = parts_of(item.step)[Part.PERFORMS]
    held = held_as(person, keys, item.unit_id)
    if held is None:
        return person.actor(token=token)
    role = next(iter(sorted({role for key in keys for role in ROLES[key]} & held.roles)))
    return person.actor(role=role, unit_id=held.unit_id, token=token)


def may_complete(item: WorkItem, person: Reach) -> bool:
    """Tell whether a person is one of those who complete this item."""
    own = item.agency_id == person.agency.pk
    return own and (held_as(person, completers(item.step), item.unit_id) is not None or stands_in(item, person))


def may_work(item: WorkItem, person: Reach) -> bool:
    """Tell whether a person performs, assists or completes this item."""
    parts = parts_of(item.step)
    keys = parts[Part.PERFORMS] | parts[Part.ASSISTS] | parts[Part.COMPLETES]
    return held_as(person, keys, item.unit_id) is not None or stands_in(item, person)


def stands_in(item: WorkItem, person: Reach) -> bool:
    """Tell whether a person does a unit's work in its place, as one of those who wait for it."""
    return item.stand_in_id == person.person.pk and may_oversee_units(item.step, person)


def may_oversee_units(step: Step, person: Reach) -> bool:
    """Tell whether a person performs the step that a per-unit step joins into: he waives and returns units."""
    following = step.next_yes
    return following is not None and held_as(person, completers(following), None) is not None


def _moment(run: Run, at: datetime | None) -> str:
    local = timezone.localtime(at, zone_of(run.agency))
    label = run.agency.get_time_zone_display()
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {label}"


def already_closed(item: WorkItem) -> Conflict:
    """Return the 409 of a second click: who did it and when."""
    who = item.done_by.name if item.done_by else "jadwal"
    when = _moment(item.run, item.done_at)
    done = {"done": "diselesaikan", "cancelled": "ditutup", "superseded": "dikembalikan"}[item.status]
    text = f"Langkah {item.step.ordinal} sudah {done} oleh {who} pada {when}."
    return Conflict([Reason("already_closed", text, "Buka halaman proses untuk melihat keadaan terbaru.")])


def _reasons_run(run: Run, person: Reach) -> list[Reason]:
    if foreign := reasons_foreign(run.agency_id, person):
        return foreign
    if run.status == Run.Status.OPEN:
        return []
    text = f"Proses ini {run.get_status_display().lower()}, sehingga tidak dapat diubah lagi."
    return [Reason("run_not_open", text, "Bila isinya perlu diperbaiki, buka proses perbaikan dari halaman proses.")]


def _reasons_note(note: str, *, needed: str = "") -> list[Reason]:
    if needed and not note.strip():
        return [Reason("note_empty", f"{needed} belum diisi.", "Tulis catatan, lalu kirim lagi.", "note")]
    if len(note) > NOTE_LIMIT:
        return [
            Reason(
                "note_long",
                f"Catatan terlalu panjang ({len(note)} huruf).",
                f"Ringkas menjadi paling banyak {NOTE_LIMIT} huruf.",
                "note",
            )
        ]
    return []


def completer_label(item: WorkItem) -> str:
    """Return in words who completes an item: "Sekretaris", "Penyampai data Bidang Aptika"."""
    return " atau ".join(sorted({_label(item, key) for key in completers(item.step)}))


def reasons_not_mine(item: WorkItem, person: Reach) -> list[Reason]:
    """Return why this item is not this person's to complete."""
    if not may_complete(item, person):
        who = completer_label(item)
        return [
            Reason(
                "not_party",
                f"Langkah {item.step.ordinal} diselesaikan oleh {who}, bukan oleh jabatan Anda.",
                "Hubungi pejabat itu bila langkah ini mendesak.",
            )
        ]
    assignee = item.assignee if item.stand_in_id != person.person.pk else None
    if assignee is not None and assignee.pk != person.person.pk and may_complete(item, reach(assignee, person.on)):
        return [
            Reason(
                "assigned_to_other",
                f"Langkah ini ditugaskan kepada {assignee.name}.",
                "Minta Sekretaris menugaskan ulang bila perlu.",
            )
        ]
    return []


def _label(item: WorkItem, key: str) -> str:
    label = PartyKey(key).label
    return f"{label} {item.unit.name}" if item.unit and key in (PartyKey.SUBMITTER, PartyKey.UNIT) else str(label)


def reasons_not_to_complete(item: WorkItem, person: Reach, answer: Answer) -> list[Reason]:
    """Return why this person may not complete this item with this answer."""
    reasons = _reasons_run(item.run, person) + reasons_not_mine(item, person)
    if reasons:
        return reasons
    if item.step.work == Work.HAND_OVER and item.performed_at is None:
        return [
            Reason(
                "not_handed_over",
                "Sekretaris belum menyampaikan laporan ini.",
                "Tunggu penyampaian, lalu tulis disposisi.",
            )
        ]
    reasons = _reasons_decision(item, answer)
    if (
        item.step.work == Work.ARCHIVE
        and Paper.objects.filter(item__run_id=item.run_id, document__state="draft").exists()
    ):
        text = "Masih ada naskah proses ini yang sedang dibuat, sehingga daftarnya belum lengkap."
        reasons.append(Reason("papers_pending", text, "Coba lagi sebentar kemudian."))
    if (
        item.step.kind == Step.Kind.DECISION
        and not item.run.agency.self_approval_allowed
        and prepared_by(item, person.person.pk)
    ):
        text = "Anda ikut menyusun bahan yang diputuskan pada langkah ini, sehingga tidak boleh memutuskannya sendiri."
        reasons.append(
            Reason(
                "self_approval",
                text,
                "Minta pejabat lain (misalnya Plh.) memutuskan, atau ubah pengaturan perangkat daerah.",
            )
        )
    return reasons


def _reasons_decision(item: WorkItem, answer: Answer) -> list[Reason]:
    decides = item.step.kind == Step.Kind.DECISION
    if decides and answer.decision is None:
        return [Reason("no_decision", "Keputusan belum dipilih.", "Pilih Ya atau Tidak.", "decision")]
    if not decides and answer.decision is not None:
        return [Reason("not_a_decision", "Langkah ini bukan keputusan.", "Muat ulang halaman ini.")]
    if answer.decision == WorkItem.Decision.NO:
        return _reasons_note(answer.note, needed="Catatan pengembalian") + _reasons_target(item.run, item.step, answer)
    if answer.target or answer.unit_ids:
        return [
            Reason(
                "target_without_no",
                "Tujuan pengembalian hanya dipakai untuk jawaban Tidak.",
                "Kosongkan tujuan atau pilih Tidak.",
                "target",
            )
        ]
    needed = "Isi disposisi" if item.step.work == Work.HAND_OVER else ""
    return _reasons_note(answer.note, needed=needed)


def _reasons_target(run: Run, step: Step, answer: Answer) -> list[Reason]:
    targets = {row.target.key: row for row in step.return_targets.all()}
    if answer.target not in targets:
        return [
            Reason(
                "target_unknown",
                "Tujuan pengembalian tidak tersedia untuk langkah ini.",
                "Pilih salah satu tujuan yang tercantum.",
                "target",
            )
        ]
    units = set(RunUnit.objects.filter(run=run).values_list("unit_id", flat=True))
    if targets[answer.target].per_unit and not answer.unit_ids:
        return [Reason("no_unit", "Belum ada unit yang dipilih.", "Pilih sedikitnya satu unit.", "units")]
    if answer.unit_ids and (not targets[answer.target].per_unit or not set(answer.unit_ids) <= units):
        return [
            Reason("unit_unknown", "Ada unit yang tidak ikut dalam proses ini.", "Pilih unit dari daftar.", "units")
        ]
    return []


def return_target(step: Step, key: str) -> ReturnTarget:
    """Return the declared target with this step key. Raises `Refused` when it is not declared."""
    for row in step.return_targets.all():
        if row.target.key == key:
            return row
    raise Refused(
        [
            Reason(
                "target_unknown",
                "Tujuan pengembalian tidak tersedia untuk langkah ini.",
                "Pilih tujuan yang tercantum.",
            )
        ]
    )


def prepared_by(item: WorkItem, person_id: int) -> bool:
    """Tell whether a person did any of the work that this decision may send back: he would approve his own."""
    targets = [row.target.key for row in item.step.return_targets.all()]
    done = WorkItem.objects.filter(run_id=item.run_id, step__key__in=targets, status=WorkItem.Status.DONE)
    return done.filter(done_by_id=person_id).exists()


def is_self_approval(item: WorkItem, person_id: int) -> bool:
    """Tell whether completing this item approves one's own work (allowed only by the agency's setting)."""
    return item.step.kind == Step.Kind.DECISION and prepared_by(item, person_id)


def reasons_not_to_hand_over(item: WorkItem, person: Reach) -> list[Reason]:
    """Return why this person may not hand this item to the one who completes it."""
    parts = parts_of(item.step)
    reasons = _reasons_run(item.run, person)
    if item.step.work != Work.HAND_OVER:
        reasons.append(
            Reason("not_hand_over", "Langkah ini tidak memerlukan penyampaian.", "Selesaikan langkah seperti biasa.")
        )
    elif held_as(person, parts[Part.PERFORMS], item.unit_id) is None:
        reasons.append(Reason("not_party", "Laporan disampaikan oleh Sekretaris.", "Hubungi Sekretaris."))
    elif item.performed_by is not None:
        when = _moment(item.run, item.performed_at)
        text = f"Laporan ini sudah disampaikan oleh {item.performed_by.name} pada {when}."
        reasons.append(Reason("handed_over", text, "Tunggu disposisi Kepala."))
    return reasons


def reasons_not_to_return(run: Run, step: Step, person: Reach, answer: Answer) -> list[Reason]:
    """Return why this person may not send work back from `step` (a task) to `answer.target`."""
    reasons = _reasons_run(run, person)
    if reasons:
        return reasons
    if step.kind == Step.Kind.DECISION:
        return [
            Reason(
                "decide_instead",
                "Pengembalian dari langkah keputusan dilakukan dengan memilih Tidak.",
                "Buka langkah keputusan.",
            )
        ]
    if step.version_id != run.version_id or held_as(person, completers(step), None) is None:
        return [Reason("not_party", "Jabatan Anda tidak berwenang mengembalikan pekerjaan ini.", "Hubungi Tim SAKIP.")]
    reasons = _reasons_note(answer.note, needed="Catatan pengembalian") + _reasons_target(run, step, answer)
    return reasons or _reasons_not_reached(run, step, answer)


def _reasons_not_reached(run: Run, step: Step, answer: Answer) -> list[Reason]:
    items = WorkItem.objects.filter(run=run)
    here = items.filter(status=WorkItem.Status.OPEN, step__key=step.key).exists()
    filling = items.filter(status=WorkItem.Status.OPEN, step__key=answer.target).exists()
    if not here and not (filling and answer.unit_ids):
        return [
            Reason(
                "not_reached", f"Proses tidak sedang berada pada langkah {step.ordinal}.", "Muat ulang halaman proses."
            )
        ]
    again = items.filter(status=WorkItem.Status.OPEN, step__key=answer.target, unit_id__in=answer.unit_ids)
    if again.exists():
        names = ", ".join(again.order_by("unit__name").values_list("unit__name", flat=True))
        return [
            Reason(
                "still_open",
                f"Formulir {names} belum disampaikan, sehingga tidak perlu dikembalikan.",
                "Pilih unit yang sudah menyampaikan.",
                "units",
            )
        ]
    return []


def latest_item(run: Run, step: Step, unit_ids: Sequence[int]) -> WorkItem:
    """Return the newest item of a step (of the chosen units): what the return was caused by."""
    items = WorkItem.objects.filter(run=run, step__key=step.key)
    chosen = items.filter(unit_id__in=unit_ids) if unit_ids else items
    found = chosen.order_by("-pk").first()
    if found is None:
        raise Refused([Reason("not_reached", "Langkah tujuan belum pernah dikerjakan.", "Muat ulang halaman proses.")])
    return found


def reasons_not_to_waive(item: WorkItem, person: Reach, reason: str) -> list[Reason]:
    """Return why this person may not let the run go on without this unit."""
    reasons = _reasons_run(item.run, person)
    if item.unit_id is None:
        reasons.append(
            Reason("not_per_unit", "Hanya langkah per unit yang dapat dikecualikan.", "Selesaikan langkah ini.")
        )
    elif not may_oversee_units(item.step, person):
        reasons.append(Reason("not_party", "Pengecualian unit dilakukan oleh Tim SAKIP.", "Hubungi Tim SAKIP."))
    return reasons or _reasons_note(reason, needed="Alasan pengecualian")


def reasons_not_to_reassign(item: WorkItem, person: Reach, assignee: Person | None) -> list[Reason]:
    """Return why this person may not give this item to `assignee`."""
    reasons = _reasons_run(item.run, person)
    if not any(person.has(role) for role in OVERSEERS):
        reasons.append(
            Reason(
                "not_overseer",
                "Penugasan ulang dilakukan oleh Kepala, Sekretaris, atau admin.",
                "Hubungi salah satu dari mereka.",
            )
        )
    if assignee is not None and not may_complete(item, reach(assignee, person.on)):
        reasons.append(
            Reason(
                "not_eligible",
                f"{assignee.name} tidak berwenang menyelesaikan langkah ini.",
                "Pilih pejabat yang berwenang.",
                "assignee",
            )
        )
    return reasons


def reasons_not_to_attach(item: WorkItem, person: Reach) -> list[Reason]:
    """Return why this person may not add a file to this item."""
    reasons = _reasons_run(item.run, person)
    if not may_work(item, person):
        reasons.append(
            Reason("not_party", "Berkas dilampirkan oleh pelaksana langkah ini.", "Hubungi pelaksana langkah.")
        )
    return reasons

"""May somebody be reminded of a form, and if not, why not; what a person may choose about reminders."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from capaian.agencies.models import RoleKey, Unit
from capaian.agencies.queries import Reach
from capaian.collection.models import Reminder, UnitForm
from capaian.journal.reason import Reason
from capaian.sop.models import Run, WorkItem
from capaian.sop.papers import moment_text
from capaian.sop.run_rules import reasons_foreign

REMINDERS = (RoleKey.TEAM, RoleKey.SECRETARY, RoleKey.HEAD)
PAUSE = timedelta(hours=1)  # between two reminders by hand
ADDRESS = re.compile(r"\+?[0-9]{6,20}")


def reasons_not_to_ask(run: Run, reach: Reach) -> list[Reason]:
    """Return why this person may remind nobody in this run."""
    if foreign := reasons_foreign(run.agency_id, reach):
        return foreign
    if not any(reach.has(role) for role in REMINDERS):
        text = "Unit diingatkan oleh Tim SAKIP, Sekretaris, atau Kepala."
        return [Reason("not_reminder", text, "Hubungi Tim SAKIP.")]
    return []


def reasons_not_to_remind(  # noqa: PLR0917
    run: Run,
    reach: Reach,
    items: Mapping[int, WorkItem],
    units: Collection[Unit],
    people: Mapping[int, Collection[int]],
    last: Mapping[int, Reminder],
    at: datetime,
) -> list[Reason]:
    """Return why these units may not be reminded now: nothing is open, nobody to remind, reminded a moment ago."""
    if reasons := reasons_not_to_ask(run, reach):
        return reasons
    if not units:
        text = "Tidak ada unit yang ditunggu."
        return [Reason("nobody_waits", text, "Muat ulang halaman ini untuk melihat keadaan terbaru.")]
    reasons = []
    for unit in units:
        before = last.get(unit.pk)
        if unit.pk not in items:
            text = f"Formulir {unit.name} tidak sedang ditunggu."
            reasons.append(Reason("not_waiting", text, "Muat ulang halaman ini untuk melihat keadaan terbaru."))
        elif not people.get(unit.pk):
            text = f"{unit.name} belum mempunyai pejabat atau staf yang dapat diingatkan."
            reasons.append(Reason("nobody_there", text, "Minta admin menetapkan pejabatnya."))
        elif before is not None and before.sent_by_id is not None and at - before.sent_at < PAUSE:
            when = moment_text(run.agency, before.sent_at)
            text = f"{unit.name} baru saja diingatkan pada {when}."
            reasons.append(Reason("reminded_already", text, "Tunggu satu jam sebelum mengingatkan lagi."))
    return reasons


def reasons_about_address(address: str) -> list[Reason]:
    """Return what is wrong with a number for the gateway; none is fine."""
    if not address or ADDRESS.fullmatch(address):
        return []
    text = "Nomor ini tidak dapat dipakai."
    return [Reason("address_wrong", text, "Tulis angka saja, misalnya +6281234567890.", "address")]


def no_way_back() -> Reason:
    """Return why no form of a run can be returned."""
    text = "SOP ini tidak mengenal pengembalian formulir."
    return Reason("no_return", text, "Minta unit melengkapi datanya pada periode berikutnya.")


def reasons_not_to_choose(units: Sequence[Unit]) -> list[Reason]:
    """Return what is wrong with a choice of forms: nothing was chosen."""
    if units:
        return []
    return [Reason("no_unit", "Belum ada formulir yang dipilih.", "Pilih sedikitnya satu formulir.", "units")]


def about_units(refused: Sequence[tuple[Unit, Sequence[Reason]]], of: int) -> list[Reason]:
    """Return the reasons of several forms, each with its unit's name; one that holds for all `of` them is said once."""
    told = {(reason.code, reason.text) for _, reasons in refused for reason in reasons}
    if len(refused) == of and len(told) == 1:
        return list(refused[0][1])
    return [
        Reason(reason.code, f"{unit.name}: {reason.text}", reason.next_step, reason.field)
        for unit, reasons in refused
        for reason in reasons
    ]


def reasons_not_to_allow(form: UnitForm, reach: Reach) -> list[Reason]:
    """Return why this person may not let a unit fill in late."""
    run = form.round.run
    if foreign := reasons_foreign(run.agency_id, reach):
        return foreign
    if not reach.has(RoleKey.TEAM):
        return [Reason("not_team", "Izin terlambat diberikan oleh Tim SAKIP.", "Hubungi Tim SAKIP.")]
    if run.status != Run.Status.OPEN:
        text = "Proses ini tidak berjalan lagi, sehingga formulirnya tidak dapat diisi."
        return [Reason("run_not_open", text, "Bila isinya perlu diperbaiki, buka proses perbaikan.")]
    return []


def reasons_not_to_reopen(form: UnitForm, item: WorkItem | None, reach: Reach, *, accepted: bool) -> list[Reason]:
    """Return why an approved form may not be opened again; the engine's own reasons come after these."""
    if foreign := reasons_foreign(form.agency_id, reach):
        return foreign
    if form.round.run.status != Run.Status.OPEN:
        text = "Proses ini sudah diarsipkan atau dibatalkan, sehingga formulirnya tidak dibuka kembali."
        return [Reason("run_not_open", text, "Buka proses perbaikan dari halaman proses; ia membuat revisi baru.")]
    if accepted and item is not None and item.status == WorkItem.Status.DONE:
        return []
    text = f"Formulir {form.unit.name} belum disetujui."
    return [Reason("not_accepted", text, "Kembalikan formulir itu dengan catatan; untuk itu ia tidak perlu dibuka.")]

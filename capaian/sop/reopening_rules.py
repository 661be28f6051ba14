"""May somebody do a unit's work in its place, may finished work of a unit be opened again, and if not, why not."""

from collections.abc import Sequence

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.journal.reason import Reason
from capaian.sop.models import Run, Step, WorkItem
from capaian.sop.run_rules import reasons_foreign
from capaian.sop.step_rules import NOTE_LIMIT, may_oversee_units


def _reasons(run: Run, step: Step, person: Reach, reason: str, who: str) -> list[Reason]:
    if foreign := reasons_foreign(run.agency_id, person):
        return foreign
    if run.status != Run.Status.OPEN:
        text = f"Proses ini {run.get_status_display().lower()}, sehingga tidak dapat diubah lagi."
        return [Reason("run_not_open", text, "Bila isinya perlu diperbaiki, buka proses perbaikan.")]
    if not may_oversee_units(step, person):
        return [Reason("not_party", f"{who} oleh Tim SAKIP.", "Hubungi Tim SAKIP.")]
    if not reason.strip():
        return [Reason("reason_empty", "Alasan belum diisi.", "Tulis alasannya, lalu kirim lagi.", "reason")]
    if len(reason) > NOTE_LIMIT:
        text = f"Alasan terlalu panjang ({len(reason)} huruf)."
        return [Reason("reason_long", text, f"Ringkas menjadi paling banyak {NOTE_LIMIT} huruf.", "reason")]
    return []


def reasons_not_to_stand_in(item: WorkItem, person: Reach, reason: str) -> list[Reason]:
    """Return why this person may not do a unit's work in its place."""
    if item.unit_id is None:
        return [Reason("not_per_unit", "Langkah ini bukan langkah per unit.", "Selesaikan langkah ini.")]
    return _reasons(item.run, item.step, person, reason, "Formulir unit diisikan")


def reasons_not_to_reopen(run: Run, step: Step, units: Sequence[Unit], person: Reach, reason: str) -> list[Reason]:
    """Return why this person may not open finished work of units again."""
    if reasons := _reasons(run, step, person, reason, "Formulir dibuka kembali"):
        return reasons
    items = WorkItem.objects.filter(run=run, step__key=step.key, unit__in=units)
    still = set(items.filter(status=WorkItem.Status.OPEN).values_list("unit_id", flat=True))
    known = set(items.values_list("unit_id", flat=True))
    reasons = [
        Reason("still_open", f"Formulir {unit.name} belum disampaikan.", "Unit masih dapat mengisinya.")
        for unit in units
        if unit.pk in still
    ]
    return reasons + [
        Reason("not_reached", f"{unit.name} belum pernah menerima langkah ini.", "Muat ulang halaman proses.")
        for unit in units
        if unit.pk not in known
    ]

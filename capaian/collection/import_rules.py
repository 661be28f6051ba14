"""May this person bring a filled-in file to a form, may it be applied, and if not, why not."""

from collections.abc import Mapping, Sequence

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.collection import queries, window_rules
from capaian.collection.sheets import Sheet
from capaian.journal.reason import Conflict, Reason
from capaian.sop import step_rules
from capaian.sop.models import Run, WorkItem
from capaian.sop.published import step_of

AGAIN = "Unggah berkas baru untuk perubahan lain."


def may_fill(item: WorkItem, reach: Reach) -> bool:
    """Tell whether a person fills in this unit's form, or brings filled-in files for all units (Tim SAKIP)."""
    return step_rules.may_work(item, reach) or step_rules.may_oversee_units(item.step, reach)


def may_bring(reach: Reach, run: Run, unit: Unit, item: WorkItem | None) -> bool:
    """Tell whether this person may bring a file for a unit's form now; `item` is the unit's newest filling item."""
    if item is None or run.agency_id != reach.agency.pk or reason_closed(unit, item, run):
        return False
    item.run = run
    item.step = step_of(item)
    return may_fill(item, reach)


def reason_closed(unit: Unit, item: WorkItem | None, run: Run) -> str:
    """Return why a unit's form cannot be filled in by anybody now, "" when it can."""
    if run.status == Run.Status.OPEN and item is not None and item.status == WorkItem.Status.OPEN:
        return ""
    state = "dikecualikan" if item is not None and item.waived else "tidak sedang diisi"
    return f"Formulir {unit.name} {state}."


def barred(reach: Reach, run: Run, sheets: Sequence[Sheet]) -> dict[int, str]:
    """Return by unit why its form may not be changed by this person now, "" where it may; as many queries for many."""
    items = _items(run)
    shut = window_rules.shut(items.values())
    found = {}
    for sheet in sheets:
        unit, item = sheet.unit, items.get(sheet.unit.pk)
        why = reason_closed(unit, item, run)
        if not why and item is not None and item.pk in shut:
            why = str(shut[item.pk])
        if not why and item is not None and (run.agency_id != reach.agency.pk or not may_fill(item, reach)):
            why = f"Formulir {unit.name} diisi oleh unit itu atau Tim SAKIP."
        found[unit.pk] = why
    return found


def reasons_not_to_import(reach: Reach, run: Run, unit: Unit | None) -> list[Reason]:
    """Return why this person may not bring a file for a unit's form, or for those of all units."""
    items = _items(run)
    wanted = [items[unit.pk]] if unit is not None and unit.pk in items else list(items.values()) if unit is None else []
    if run.agency_id != reach.agency.pk or not any(_may_bring(item, reach, unit) for item in wanted):
        whose = f"Berkas formulir {unit.name} diunggah oleh unit itu" if unit else "Berkas semua unit diunggah"
        who = "atau Tim SAKIP" if unit else "oleh Tim SAKIP"
        return [Reason("not_party", f"{whose} {who}.", "Minta mereka mengunggahnya.", "file")]
    closed = [reason_closed(item.unit, item, run) for item in wanted if item.unit]
    if all(closed):
        text = closed[0] if unit else "Tidak ada formulir unit yang sedang diisi."
        return [Reason("form_closed", text, "Bila isinya perlu diperbaiki, minta Tim SAKIP mengembalikannya.", "file")]
    return []


def _may_bring(item: WorkItem, reach: Reach, unit: Unit | None) -> bool:
    return may_fill(item, reach) if unit else step_rules.may_oversee_units(item.step, reach)


def _items(run: Run) -> Mapping[int, WorkItem]:
    items = queries.filling_items(run)
    for item in items.values():
        item.run = run
        item.step = step_of(item)
    return items


def reasons_not_to_apply(*, changes: int, asked: int) -> list[Reason]:
    """Return why a file is not applied: it changes nothing. `asked` counts what others changed too."""
    if changes:
        return []
    if asked:
        text = "Semua yang berbeda dibiarkan seperti sekarang, sehingga tidak ada yang perlu ditulis."
        return [Reason("nothing_chosen", text, "Pilih isian berkas pada sedikitnya satu baris, atau biarkan saja.")]
    return [Reason("nothing_new", "Berkas ini tidak mengubah apa pun.", "Isi sel kuningnya, lalu unggah lagi.")]


def applied_already() -> Conflict:
    """Return the 409 of a second applying."""
    return Conflict([Reason("import_applied", "Isian berkas ini sudah diterapkan.", AGAIN)])

"""What a file that came back would change: field by field, beside what others entered since it was downloaded."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import prefetch_related_objects

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.collection import form_queries, import_rules, round_sheets
from capaian.collection.entries import ActualEntry
from capaian.collection.merging import Content, entry_of, laid, merge
from capaian.collection.offline_columns import DONE, NOT_DONE, Input, Place, inputs_of
from capaian.collection.offline_entries import Read, content_of, read_rows
from capaian.collection.offline_reading import Returned
from capaian.collection.offline_seal import AGAIN, Seal
from capaian.collection.sheets import Sheet
from capaian.formulas.number_text import format_number
from capaian.journal.rules import digest_of
from capaian.sop.models import Run
from capaian.workbooks.problems import UnreadableTable
from capaian.workbooks.table_rows import CellRefusal

LABELS: Final = {
    "is_provisional": "Sementara",
    "cause": "Penyebab",
    "obstacle": "Hambatan",
    "follow_up": "Tindak lanjut",
}
WRITE, CLASH, SAME = "write", "clash", "same"


@dataclass(frozen=True)
class Change:
    """One field that the file says something new about; `key` names it in a choice. Texts as people read them."""

    key: str
    each: Input
    field: str
    label: str
    base: str
    stands: str
    given: str
    content: Content
    address: str
    is_formula: bool
    effect: str


@dataclass
class FormPart:
    """What the file says about one form: the lines as they would be kept, the changes, why they may not be made."""

    sheet: Sheet
    barred: str = ""
    changes: list[Change] = field(default_factory=list)
    entries: dict[Place, ActualEntry] = field(default_factory=dict)
    others: int = 0  # fields that others changed since the download, and the file did not

    def chosen(self, mine: Collection[str]) -> list[ActualEntry]:
        """Return the lines to keep; `mine` are the keys of the clashes in which the file's value counts."""
        taken: dict[Place, dict[str, Content]] = {}
        for change in self.changes:
            if change.effect == CLASH and change.key in mine:
                taken.setdefault(change.each.place, {})[change.field] = change.content
        touched = {change.each.place for change in self.changes if change.effect == WRITE} | taken.keys()
        return [laid(self.entries[place], taken.get(place, {})) for place in self.entries if place in touched]


@dataclass
class FormProposal:
    """All that a file would change, every refused cell, and what else people should know."""

    parts: list[FormPart] = field(default_factory=list)
    refusals: list[CellRefusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def named(self) -> list[CellRefusal]:
        """The refused cells in the order of the file."""
        return sorted(self.refusals, key=lambda each: (each.row, each.column))

    @property
    def changes(self) -> list[Change]:
        """Every change of every form."""
        return [change for part in self.parts for change in part.changes]

    @property
    def written(self) -> list[Change]:
        """The changes that nobody has to decide on."""
        return [change for change in self.changes if change.effect == WRITE]

    @property
    def clashes(self) -> list[Change]:
        """The fields that others changed meanwhile, to something else."""
        return [change for change in self.changes if change.effect == CLASH]

    @property
    def has_units(self) -> bool:
        """Whether the file is of several units."""
        return len(self.parts) > 1

    @property
    def digest(self) -> str:
        """The mark of all that was shown: applying asks whether it is still so."""
        told = [[each.key, each.base, each.stands, each.given, each.effect] for each in self.changes]
        return digest_of({"changes": told, "refused": [[each.where, each.text] for each in self.named]})


def sheets_of(reach: Reach, run: Run, unit: Unit | None) -> list[Sheet]:
    """Return the form of a unit, else the forms of all units of a run, as they stand; only those that are prepared."""
    if unit is not None:
        found = [form_queries.sheet(reach, run, unit)]
    else:
        found = [each.sheet for each in round_sheets.sheets(reach, run)]
        lines = [line for sheet in found for line in sheet.lines]
        prefetch_related_objects([line.actual for line in lines if line.actual], "entered_by")
        then = [actual for line in lines if line.card.formula for actual in (line.before, line.year_before) if actual]
        prefetch_related_objects(then, "data__datum")
    return [sheet for sheet in found if sheet.form is not None and sheet.lines]


def propose(reach: Reach, run: Run, unit: Unit | None, returned: Returned) -> FormProposal:
    """Lay a file over the forms as they stand; raise `UnreadableTable` when it is of other forms."""
    sheets = sheets_of(reach, run, unit)
    check_whose(returned.seal, run, sheets)
    inputs = list(inputs_of(sheets))
    read = read_rows(returned, inputs)
    barred = import_rules.barred(reach, run, sheets)
    parts = [_part(sheet, barred[sheet.unit.pk], read, inputs) for sheet in sheets]
    proposal = FormProposal(parts, read.refusals, _remarks(returned, read, parts))
    for part in parts:
        _bar(part, read, proposal)
    return proposal


def check_whose(seal: Seal, run: Run, sheets: Sequence[Sheet]) -> None:
    """Raise `UnreadableTable` for the file of another agency, run or unit."""
    if seal.agency != run.agency.public_id:
        raise UnreadableTable(f"Berkas ini milik perangkat daerah lain. {AGAIN}")
    if seal.run != run.public_id:
        text = "Berkas ini diunduh dari formulir periode atau putaran lain, bukan dari "
        raise UnreadableTable(f"{text}{run.period_value.label}. Unggah pada formulir asalnya. {AGAIN}")
    if not set(seal.forms) & {sheet.form.public_id for sheet in sheets if sheet.form}:
        raise UnreadableTable(f"Berkas ini berisi formulir unit lain. Unggah pada formulir asalnya. {AGAIN}")


def _part(sheet: Sheet, barred: str, read: Read, inputs: Iterable[Input]) -> FormPart:
    part = FormPart(sheet, barred)
    for each in inputs:
        if each.sheet is not sheet or each.place not in read.given:
            continue
        base, stands, given = read.base[each.place], entry_of(each.line), read.given[each.place]
        if each.place not in part.entries:
            part.entries[each.place] = merge(base, stands, given).entry
        for name in (each.field, *LABELS) if each.is_first else (each.field,):
            told = read.told.get((each.place, name))
            contents = tuple(content_of(entry, name) for entry in (base, stands, given))
            part.others += told is None and contents[0] != contents[1]
            if told is not None:
                part.changes.append(_change(each, name, contents, (told.address, told.is_formula)))
    return part


def _change(each: Input, name: str, contents: Sequence[Content], told: tuple[str, bool]) -> Change:
    base, stands, given = contents
    return Change(
        key=f"{each.code}-{name.replace(':', '')}",
        each=each,
        field=name,
        label=LABELS.get(name, each.label),
        base=shown(each, name, base),
        stands=shown(each, name, stands),
        given=shown(each, name, given),
        content=given,
        address=told[0],
        is_formula=told[1],
        effect=SAME if given == stands else WRITE if stands == base else CLASH,
    )


def shown(each: Input, name: str, content: Content) -> str:
    """Return what a field holds as people read it, with all its digits."""
    if isinstance(content, bool):
        return "ya" if content else "tidak"
    if isinstance(content, Decimal):
        return (DONE if content else NOT_DONE) if each.is_yes_no and name == each.field else format_number(content)
    return content or ""


def _bar(part: FormPart, read: Read, proposal: FormProposal) -> None:
    """Turn changes that may not be made into refused cells: a form that is closed, a line told on another form."""
    kept = []
    for change in part.changes:
        told_on = change.each.line.told_on
        why = part.barred or (f"Sudah dilaporkan pada {told_on}." if told_on else "")
        if why and change.effect != SAME:
            where = read.told[change.each.place, change.field].where
            next_step = "Isian ini tidak berubah; minta Tim SAKIP bila perlu diperbaiki."
            proposal.refusals.append(_because(where, why, next_step))
        else:
            kept.append(change)
    part.changes = kept


def _because(where: CellRefusal, text: str, next_step: str) -> CellRefusal:
    return CellRefusal(where.sheet, where.row, where.column, where.heading, text, next_step)


def _remarks(returned: Returned, read: Read, parts: Iterable[FormPart]) -> list[str]:
    remarks = []
    if read.missing:
        remarks.append(f"{read.missing} baris formulir tidak ada dalam berkas; isiannya tidak berubah.")
    formulas = sum(told.is_formula for told in read.told.values())
    if formulas:
        remarks.append(f"{formulas} isian berasal dari rumus; nilai yang tersimpan di berkas dipakai. Periksalah.")
    if returned.hidden:
        remarks.append(f"Baris tersembunyi ikut dibaca: {returned.hidden}.")
    others = sum(part.others for part in parts)
    if others:
        remarks.append(f"{others} isian lain diubah di web sesudah berkas ini diunduh; yang sekarang dipertahankan.")
    return remarks

"""Checklist dokumen: what stands in an untouched one, what is taken over from the last, what its paper says."""

from collections.abc import Iterable

from capaian.proceedings.entries import DocumentEntry
from capaian.proceedings.models import Checklist, ChecklistItem
from capaian.proceedings.papers import Parts, attached_block, table, text_block
from capaian.proceedings.rules import DOCUMENT_LENGTHS, document_name, is_named, named_documents
from capaian.sop.models import StepInput, WorkItem
from capaian.sop.papers import input_documents

State = ChecklistItem.State
CLOSING = "Demikian checklist ini dibuat sesuai keadaan dokumen pada tanggal tersebut di bawah ini."


def first_documents(item: WorkItem, last: Checklist | None) -> list[DocumentEntry]:
    """Return the documents that the SOP names, then the agency's own of the last checklist.

    What the last checklist tells of a document is taken over; whether it is still there has to be said anew. A
    document that this run itself has made is there.
    """
    before = {row.name.casefold(): row for row in _rows(last)}
    named = [
        _named(item, needed, before.get(document_name(needed).casefold())) for needed in named_documents(item.step)
    ]
    own = [_again(row) for row in before.values() if not is_named(item.step, row.name)]
    return [*named, *own]


def _rows(checklist: Checklist | None) -> Iterable[ChecklistItem]:
    return () if checklist is None else checklist.documents.select_related("file").order_by("ordinal")


def _again(row: ChecklistItem) -> DocumentEntry:
    return DocumentEntry(
        name=row.name,
        year_or_version=row.year_or_version,
        source=row.source,
        reason=row.reason,
        file_id=row.file_id,
    )


def _named(item: WorkItem, needed: StepInput, before: ChecklistItem | None) -> DocumentEntry:
    name = document_name(needed)
    if needed.source != StepInput.Source.STEP:
        return _again(before) if before is not None else DocumentEntry(name)
    made = input_documents(item, needed)
    if not made:
        return DocumentEntry(name)
    return DocumentEntry(
        name=name,
        state=State.PRESENT.value,
        year_or_version=str(made[-1].dated.year),
        source="; ".join(document.number for document in made)[: DOCUMENT_LENGTHS["source"][1]],
    )


def states_before(last: Checklist | None) -> dict[str, str]:
    """Return what the last checklist said of each document, by its name in small letters."""
    if last is None:
        return {}
    period = last.item.run.period_value.label
    return {row.name.casefold(): f"{period}: {row.get_state_display()}." for row in _rows(last)}


def checklist_parts(row: Checklist) -> Parts:
    """Return the checklist: each document, whether it is there, of which year, from where; then the files' prints."""
    documents = list(_rows(row))
    head = ["Dokumen", "Ada/tidak", "Tahun/versi", "Sumber", "Keterangan"]
    lines = [
        [one.name, str(one.get_state_display()), one.year_or_version or "–", one.source or "–", _remark(one)]
        for one in documents
    ]
    files = [[one.name, one.file.original_name, one.file.sha256] for one in documents if one.file]
    run = row.item.run
    present = sum(one.state == State.PRESENT for one in documents)
    return {
        "facts": [
            ["Kegiatan", run.definition.name],
            ["Periode", run.period_value.label],
            ["Jumlah", f"{len(documents)} dokumen: {present} ada, {len(documents) - present} tidak ada"],
        ],
        "blocks": [
            *table("Daftar dokumen", head, lines, [6, 3, 3, 4, 5]),
            *table("Berkas dokumen", ["Dokumen", "Nama berkas", "SHA-256"], files, [4, 4, 8]),
            *attached_block(row.item),
            *text_block("", CLOSING),
        ],
    }


def _remark(one: ChecklistItem) -> str:
    parts = [one.reason, "berkas terlampir" if one.file else "", "" if not one.is_own else "dokumen perangkat daerah"]
    return "; ".join(part for part in parts if part) or "–"

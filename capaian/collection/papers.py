"""What stands on the papers of this room: parts of a paper's context, built from the rows just written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from capaian.agencies.models import Person
from capaian.collection.models import Recapitulation, Submission, UnitForm
from capaian.collection.queries import Standing
from capaian.collection.recapitulation import Difference, row_code, shown_value
from capaian.collection.sheets import Block, Line, Sheet
from capaian.documents.snapshot import FOOTNOTE, SCHEMA
from capaian.journal.actor import Actor
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.proceedings.papers import attached_block, table, text_block
from capaian.sop.models import WorkItem
from capaian.sop.papers import letterhead, moment_text, step_facts
from capaian.sop.run_rules import zone_of

Parts = dict[str, Any]
NONE = "–"
RECEIPT = "TT"
CODES = "Kode asal membuka formulir, data, bukti, dan persetujuan setiap angka: menu Kinerja, Kertas kerja."
RECAPITULATED = ["Indikator", "Satuan", "Realisasi", "Sifat", "Catatan", "Kode asal"]
BY_UNIT = ["Indikator", "Periode", "Unit", "Realisasi", "Kode asal"]
WIDE: Parts = {"paper": "f4", "orientation": "landscape"}


def _facts(item: WorkItem, by: Actor) -> list[list[str]]:
    return step_facts(item, f"{by.name}, {by.title}" if by.title else by.name)


def listing(heading: str, items: Sequence[str]) -> list[Parts]:
    """Return a list; none without items."""
    return [{"kind": "list", "heading": heading, "items": list(items)}] if items else []


def prepared_parts(item: WorkItem, sheets: Sequence[Sheet], by: Actor) -> Parts:
    """Return the blank forms: what every unit is asked for."""
    head = ["Indikator", "Satuan", "Target", "Periode yang diisi", "Bukti yang diminta"]
    blocks = [
        block
        for sheet in sheets
        for block in table(sheet.unit.name, head, [_asked(each) for each in sheet.blocks], [6, 2, 3, 3, 4])
    ]
    without = [sheet.unit.name for sheet in sheets if not sheet.blocks]
    blocks += listing("Unit tanpa indikator pada periode ini", without)
    return {**WIDE, "facts": _facts(item, by), "blocks": [*blocks, *_note(item), *attached_block(item)]}


def _asked(block: Block) -> list[str]:
    periods = ", ".join(line.period.label for line in block.lines)
    return [block.card.name, block.card.measured_in, block.target or NONE, periods, block.card.evidence or NONE]


def receipt_parts(item: WorkItem, found: Sequence[Standing], by: Actor, at: datetime) -> Parts:
    """Return the receipts: a line for every unit, to be signed when its form is received."""
    local = timezone.localtime(at, zone_of(item.run.agency))
    clock = f"{local:%H.%M} {item.run.agency.get_time_zone_display()}"
    form = f"Formulir {item.run.period_value.label}"
    rows = [[row.unit.name, form, str(row.cards), by.name, clock, ""] for row in found]
    head = ["Unit", "Dokumen", "Jumlah indikator", "Diserahkan oleh", "Pukul", "Diterima oleh (nama, waktu, paraf)"]
    words = (
        "Penerimaan ditandai setiap unit pada formulirnya; tanda terima setiap unit terbit dengan nama dan waktunya."
    )
    blocks = table("Tanda terima formulir", head, rows, [4, 4, 3, 4, 2, 5])
    note = {"kind": "text", "heading": "", "paragraphs": [words]}
    facts = [*_facts(item, by), ["Diserahkan", moment_text(item.run.agency, at)]]
    return {"facts": facts, "blocks": [*blocks, note, *_note(item), *attached_block(item)]}


def acknowledged_parts(form: UnitForm, cards: Sequence[Card], person: Person, by: Actor) -> Parts:
    """Return the whole context of a unit's receipt: what it received, from whom, when and who took it."""
    run = form.round.run
    sent = moment_text(form.agency, form.distributed_at) if form.distributed_at else NONE
    facts = [
        ["SOP", run.definition.name],
        ["Periode", run.period_value.label],
        ["Unit", form.unit.name],
        ["Diserahkan oleh", form.distributed_by.name if form.distributed_by else NONE],
        ["Dibagikan", sent],
        ["Diterima oleh", f"{person.name}, {by.title}" if by.title else person.name],
        ["Diterima", moment_text(form.agency, form.received_at) if form.received_at else NONE],
        ["Kunci formulir", form.public_id],
    ]
    head = ["Indikator", "Satuan", "Bukti yang diminta"]
    rows = [[card.name, card.measured_in, card.evidence or NONE] for card in cards]
    return {
        "schema": SCHEMA,
        "letterhead": letterhead(form.agency),
        "title": "Tanda Terima Formulir",
        "place": form.agency.place,
        "facts": facts,
        "blocks": table(f"Formulir dengan {len(cards)} indikator", head, rows, [7, 2, 5]),
        "signature": {"title": by.title, "name": person.name, "rank": person.rank, "nip": person.nip or ""},
        "footnote": FOOTNOTE,
    }


def filled_parts(item: WorkItem, sheet: Sheet, by: Actor, kept: Submission) -> Parts:
    """Return a unit's filled form: figures, explanations, evidence with fingerprints."""
    rows = [_filled(line) for line in sheet.lines]
    head = ["Indikator", "Satuan", "Periode", "Target", "Realisasi", "Penyebab, hambatan, tindak lanjut", "Kode asal"]
    proofs = [
        [
            line.card.name,
            proof.file.original_name if proof.file else proof.link,
            proof.file.sha256 if proof.file else NONE,
        ]
        for line in sheet.lines
        for proof in (line.actual.evidence.all() if line.actual else ())
    ]
    received = sheet.form.received_at if sheet.form else None
    facts = [*_facts(item, by), ["Formulir diterima", moment_text(item.run.agency, received) if received else NONE]]
    if kept.for_unit:
        facts.append(["Pengisian", f"diisikan oleh Tim SAKIP: {item.stand_in_reason}"])
    if kept.late_reason:
        facts.append(["Izin terlambat", kept.late_reason])
    facts.append(["SHA-256 isi", kept.digest])
    return {
        **WIDE,
        "facts": facts,
        "blocks": [
            *table("Realisasi", head, rows, [6, 2, 3, 2, 3, 6, 4]),
            *text_block("", CODES),
            *table("Bukti", ["Indikator", "Berkas atau tautan", "SHA-256"], proofs, [4, 4, 6]),
            *_note(item),
            *attached_block(item),
        ],
    }


def _filled(line: Line) -> list[str]:
    row = line.actual
    told = (
        ". ".join(text.strip().rstrip(".") for text in (row.cause, row.obstacle, row.follow_up) if text) if row else ""
    )
    data = [f"{datum.datum.label}: {shown_value(datum.value)}" for datum in row.data.all()] if row else []
    figure = line.shown or "belum dilaporkan"
    if row is not None and row.is_provisional:
        figure = f"{figure} (sementara)"
    target = line.target or NONE
    value = "; ".join([figure, *data])
    return [
        line.card.name,
        line.card.measured_in,
        line.period.label,
        target,
        value,
        told or NONE,
        row.public_id if row else NONE,
    ]


def _note(item: WorkItem) -> list[Parts]:
    note = item.note.strip()
    return [{"kind": "text", "heading": "Catatan", "paragraphs": note.splitlines()}] if note else []


def recapitulation_parts(item: WorkItem, frozen: Recapitulation, differences: Iterable[Difference], by: Actor) -> Parts:
    """Return a frozen recapitulation: the agency's figures, each unit's, gaps, what changed since the last one."""
    content: Parts = frozen.content
    rows = [
        [
            row["name"],
            row["measured_in"],
            shown_value(row["value"], row["letter"]) or NONE,
            "Sementara" if row["provisional"] else "",
            " ".join([*row["gaps"], *row["warnings"]]) or NONE,
            row_code(frozen.public_id, row),
        ]
        for row in content["rows"]
    ]
    changed = [[each.name, each.where, each.before or NONE, each.after or NONE] for each in differences]
    counted = f"{content['reported']} dari {content['due']} indikator dilaporkan"
    return {
        **WIDE,
        "facts": [*_facts(item, by), ["Kelengkapan", counted], ["SHA-256 isi", frozen.digest]],
        "blocks": [
            *table("Rekapitulasi", RECAPITULATED, rows, [7, 2, 2, 2, 6, 4]),
            *table("Rincian per unit", BY_UNIT, _by_unit(content), [7, 3, 5, 3, 4]),
            *text_block("", CODES),
            *listing("Data yang belum ada", content["gaps"]),
            *table(
                "Perubahan sejak rekapitulasi sebelumnya",
                ["Indikator", "Letak", "Semula", "Menjadi"],
                changed,
                [6, 5, 3, 3],
            ),
            *_note(item),
            *attached_block(item),
        ],
    }


def _by_unit(content: Parts) -> list[list[str]]:
    return [
        [row["name"], Period.parse(period["period"]).label, unit["unit"], _said(unit), unit["actual"] or NONE]
        for row in content["rows"]
        for period in row["periods"]
        for unit in period["units"]
    ]


def _said(unit: Parts) -> str:
    if unit["waived"]:
        return "dikecualikan"
    return shown_value(unit["value"], unit["letter"]) or "belum dilaporkan"

"""What stands on the paper that a step leaves: a frozen snapshot, built from rows, rendered by `documents`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from capaian.agencies.models import Agency, Person
from capaian.documents.models import Document
from capaian.journal.actor import Actor
from capaian.periods.period import MONTHS
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, Run, Step, StepInput, StepOutput, TimeUnit, Work, WorkItem
from capaian.sop.run_rules import zone_of

SCHEMA = 1
FOOTNOTE = (
    "Dibuat oleh Capaian dari langkah SOP yang diselesaikan; belum ditandatangani secara elektronik tersertifikasi."
)


def moment_text(agency: Agency, at: datetime) -> str:
    """Return `22 November 2026 pukul 14.05 WIB` in the agency's time zone."""
    local = timezone.localtime(at, zone_of(agency))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {agency.get_time_zone_display()}"


def time_text(amount: int | None, unit: str | None) -> str:
    """Return `120 Menit`, `1 Hari`, or an em dash where the SOP gives no time."""
    return f"{amount} {TimeUnit(unit).label}" if amount is not None and unit else "—"


def letterhead(agency: Agency) -> dict[str, str]:
    """Return the letterhead as typed by the agency."""
    return {
        "government": agency.letterhead_government,
        "agency": agency.name,
        "address": agency.letterhead_address,
        "contact": agency.letterhead_contact,
    }


def papers_of(run: Run) -> list[Paper]:
    """Return every paper of a run in the order they were made, superseded ones included."""
    rows = Paper.objects.filter(item__run=run).select_related(
        "document__file", "document__signed_upload", "item__step", "item__unit"
    )
    return list(rows.order_by("document_id"))


def latest_document(run: Run, step_key: str, unit_id: int | None = None) -> list[Document]:
    """Return the papers of a step that stand now: not superseded, of one unit or of all."""
    rows = Document.objects.filter(paper__item__run=run, paper__item__step__key=step_key).exclude(
        state=Document.State.SUPERSEDED
    )
    newer = rows.filter(Q(paper__item__unit_id=unit_id) | Q(paper__item__unit_id=None)) if unit_id else rows
    replaced = {row.supersedes_id for row in newer}
    return [row for row in newer.order_by("pk") if row.pk not in replaced]


def input_documents(item: WorkItem, needed: StepInput) -> list[Document]:
    """Return the papers that serve as one input of an item: of this run, or of the other SOP's run."""
    if not needed.from_step_key:
        return []
    run: Run | None = item.run
    if needed.from_definition_code and needed.from_definition_code != item.run.stands_for:
        others = Run.objects.filter(
            agency_id=item.agency_id, period=item.run.period, stands_for=needed.from_definition_code
        )
        run = others.exclude(status=Run.Status.CANCELLED).order_by("-revision", "-pk").first()
    return [] if run is None else latest_document(run, needed.from_step_key, item.unit_id)


def sheet_context(item: WorkItem, output: StepOutput, answer: Answer, by: Actor) -> dict[str, Any]:
    """Return the snapshot of the paper for one output of a completed item. Number and date are added on reserving."""
    agency, run, step = item.run.agency, item.run, item.step
    person = Person.objects.get(pk=by.person_id)
    blank = step.work == Work.DECIDE and output.document_kind == "LDS"  # the empty disposition sheet, filled later
    facts = [
        ["SOP", run.definition.name],
        ["Periode", run.period_value.label],
        ["Langkah", f"{step.ordinal}. {step.text}"],
        *([["Unit", item.unit.name]] if item.unit else []),
        ["Pelaksana", f"{person.name}, {by.title}" if by.title else person.name],
        ["Dibuka", moment_text(agency, item.opened_at)],
        ["Diselesaikan", moment_text(agency, item.done_at or timezone.now())],
        ["Waktu baku", time_text(step.amount, step.time_unit)],
        *[list(fact) for fact in answer.facts],
    ]
    if run.revision:
        facts.insert(2, ["Perbaikan", f"ke-{run.revision}: {run.reason}"])
    return {
        "schema": SCHEMA,
        "letterhead": letterhead(agency),
        "title": output.name,
        "place": agency.place,
        "facts": facts[:3] if blank else facts,
        "blocks": [] if blank else _blocks(item, answer),
        "signature": None
        if blank
        else {"title": by.title, "name": person.name, "rank": person.rank, "nip": person.nip or ""},
        "footnote": FOOTNOTE,
    }


def _blocks(item: WorkItem, answer: Answer) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    rows = [[needed.name, _sources(item, needed)] for needed in item.step.inputs.all()]
    if rows:
        blocks.append(
            {
                "kind": "table",
                "heading": "Kelengkapan",
                "head": ["Dokumen", "Naskah yang dipakai"],
                "rows": rows,
                "widths": [2, 3],
            }
        )
    if answer.decision:
        blocks.append(
            {"kind": "text", "heading": "Keputusan", "paragraphs": [WorkItem.Decision(answer.decision).label]}
        )
    if item.performed_note:
        blocks.append(
            {"kind": "text", "heading": "Catatan penyampaian", "paragraphs": _paragraphs(item.performed_note)}
        )
    if item.note:
        heading = "Disposisi" if item.step.work == Work.HAND_OVER else "Catatan"
        blocks.append({"kind": "text", "heading": heading, "paragraphs": _paragraphs(item.note)})
    files = [[row.file.original_name, row.file.sha256] for row in item.attachments.select_related("file")]
    if files:
        blocks.append(
            {
                "kind": "table",
                "heading": "Berkas terlampir",
                "head": ["Nama berkas", "SHA-256"],
                "rows": files,
                "widths": [2, 3],
            }
        )
    if item.step.work == Work.ARCHIVE:
        blocks += archive_blocks(item.run)
    return blocks


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _sources(item: WorkItem, needed: StepInput) -> str:
    found = [document.number for document in input_documents(item, needed)]
    if found:
        return "; ".join(found)
    return {"template": "Blangko", "external": "Dokumen luar"}.get(needed.source, "Belum ada naskah")


def archive_blocks(run: Run) -> list[dict[str, Any]]:
    """Return the archive's lists: every paper with its hash, every decision that approved own work, every waiver."""
    rows = [
        [
            str(place),
            paper.document.number,
            _title(paper),
            str(paper.document.dated),
            paper.document.get_state_display(),
            _hash(paper),
        ]
        for place, paper in enumerate(papers_of(run), start=1)
    ]
    head = ["No.", "Nomor", "Naskah", "Tanggal", "Keadaan", "SHA-256"]
    blocks: list[dict[str, Any]] = [
        {"kind": "table", "heading": "Daftar naskah", "head": head, "rows": rows, "widths": [1, 4, 5, 2, 2, 6]}
    ]
    closed = WorkItem.objects.filter(run=run).select_related("step", "unit", "done_by").order_by("pk")
    own = [
        f"Langkah {i.step.ordinal}: {i.done_by.name if i.done_by else ''}, {i.done_title}"
        for i in closed
        if i.self_approved
    ]
    if own:
        blocks.append(
            {
                "kind": "list",
                "heading": "Keputusan atas pekerjaan sendiri (diizinkan pengaturan perangkat daerah)",
                "items": own,
            }
        )
    waived = [f"Langkah {i.step.ordinal}, {i.unit}: {i.note}" for i in closed if i.waived]
    if waived:
        blocks.append({"kind": "list", "heading": "Unit yang dikecualikan", "items": waived})
    return blocks


def _title(paper: Paper) -> str:
    return f"{paper.document.title} (kunjungan {paper.item.visit})" if paper.item.visit > 1 else paper.document.title


def _hash(paper: Paper) -> str:
    signed, made = paper.document.signed_upload, paper.document.file
    return signed.sha256 if signed else (made.sha256 if made else "")


def paper_title(step: Step, output: StepOutput, item: WorkItem) -> str:
    """Return the title of a paper: the SOP's word for the output, with the unit where there are several."""
    return f"{output.name} – {item.unit.name}" if item.unit and step.fan_out == Step.FanOut.UNIT else output.name


def pending(papers: Sequence[Paper]) -> list[Document]:
    """Return the documents whose PDF is still to be made."""
    return [paper.document for paper in papers if paper.document.state == Document.State.DRAFT]

"""What stands on the paper that a step leaves: a frozen snapshot, built from rows, rendered by `documents`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from capaian.agencies.models import Agency, Person
from capaian.agencies.queries import local_date
from capaian.documents.models import Document
from capaian.documents.queries import DOCUMENTS, FILES
from capaian.journal.actor import Actor
from capaian.journal.prepared import Prepared
from capaian.periods.period import MONTHS
from capaian.sop.answer import Answer
from capaian.sop.models import Attachment, Paper, Run, Step, StepInput, StepOutput, StepParty, TimeUnit, Work, WorkItem
from capaian.sop.run_rules import zone_of

SCHEMA = 1
BLANK_KIND = "LDS"  # the empty sheet that a decision leaves for the disposition to come
FOOTNOTE = (
    "Dibuat oleh Capaian dari langkah SOP yang diselesaikan; belum ditandatangani secara elektronik tersertifikasi."
)


def moment_text(agency: Agency, at: datetime) -> str:
    """Return `22 November 2026 pukul 14.05 WIB` in the agency's time zone."""
    local = timezone.localtime(at, zone_of(agency))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {agency.get_time_zone_display()}"


def long_date(day: date) -> str:
    """Return `22 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


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
    """Return every paper of a run in the order they were made, superseded ones included; contexts when asked for."""
    rows = Paper.objects.filter(item__run=run).select_related(
        "document__file", "document__signed_upload", "item__step", "item__unit"
    )
    return list(rows.defer("document__context").order_by("document_id"))


OF_RUN = Prepared(lambda run_id: Paper.objects.filter(item__run_id=run_id).values_list("document_id", "item_id"), -1)


def documents_of(run: Run, item: WorkItem | None = None) -> list[Document]:
    """Return the papers of a run (of one of its items) in the order they were made, with their files; three queries.

    Their contexts are read when asked for.
    """
    made = OF_RUN.ask(run.pk)
    found: list[Document] = DOCUMENTS.ask([pk for pk, item_id in made if item is None or item_id == item.pk])
    files = {file.pk: file for file in FILES.ask({each.file_id for each in found if each.file_id is not None})}
    for document in found:
        document.file = files.get(document.file_id)
    return found


ATTACHED = Prepared(
    lambda item_id: (
        Attachment.objects.filter(item_id=item_id).order_by("pk").values_list("file__original_name", "file__sha256")
    ),
    -1,
)
PAPERS_OF_STEP = Prepared(
    lambda run_id, step_key: (
        Paper.objects.filter(item__run_id=run_id, item__step__key=step_key)
        .order_by("document_id")
        .values_list(
            "document_id",
            "document__number",
            "document__supersedes_id",
            "output__name",
            "item__unit_id",
            "document__reserved_at",
        )
    ),
    -1,
    "step",
)


def standing_documents(run: Run, needed: StepInput, unit_id: int | None, at: datetime | None) -> list[Document]:
    """Return the papers that stood as an input at a moment (None: now), of one unit or of all: none replaced by then.

    Those of the output that the input names, or of every output of the step. Their contexts are read when asked for.
    """
    keys = list(standing_numbers(run, needed, unit_id, at))
    return list(Document.objects.filter(pk__in=keys).defer("context").order_by("pk")) if keys else []


def standing_numbers(run: Run, needed: StepInput, unit_id: int | None, at: datetime | None) -> dict[int, str]:
    """Return the numbers of the papers that stood as an input, by the papers' row numbers, in order."""
    made = PAPERS_OF_STEP.ask(run.pk, needed.from_step_key)
    found = [row[:4] for row in made if (unit_id is None or row[4] in (None, unit_id)) and (at is None or row[5] <= at)]
    replaced = {earlier for _, _, earlier, _ in found}
    standing = {pk: number for pk, number, _, _ in found if pk not in replaced}
    named = {pk: standing[pk] for pk, _, _, name in found if pk in standing and name in (needed.name, needed.reading)}
    return named or standing


def input_documents(item: WorkItem, needed: StepInput) -> list[Document]:
    """Return the papers that serve (or served, when done) as one input of an item: of this run or the other SOP's."""
    run = _run_of_input(item, needed)
    return [] if run is None else standing_documents(run, needed, item.unit_id, item.done_at)


def _run_of_input(item: WorkItem, needed: StepInput) -> Run | None:
    """Return the run whose papers serve as an input: this one, the newest of the other SOP, or none."""
    if not needed.from_step_key:
        return None
    run: Run | None = item.run
    if needed.from_definition_code and needed.from_definition_code != item.run.stands_for:
        others = Run.objects.filter(
            agency_id=item.agency_id, period=item.run.period, stands_for=needed.from_definition_code
        )
        run = others.exclude(status=Run.Status.CANCELLED).order_by("-revision", "-pk").first()
    return run


def sheet_context(item: WorkItem, output: StepOutput, answer: Answer, by: Actor) -> dict[str, Any]:
    """Return the snapshot of the paper for one output of a completed item. Number and date are added on reserving."""
    person = item.done_by or Person.objects.get(pk=by.person_id)
    is_blank = item.step.work == Work.DECIDE and output.document_kind == BLANK_KIND
    signature = {"title": by.title, "name": person.name, "rank": person.rank, "nip": person.nip or ""}
    if item.step.work == Work.ORDER:
        facts, blocks = order_facts(item), order_blocks(item)
    elif is_blank or item.step.work == Work.HAND_OVER:
        facts, blocks = letter_facts(item), [] if is_blank else _blocks(item, answer)
    else:
        facts, blocks = (
            step_facts(item, f"{person.name}, {by.title}" if by.title else person.name),
            _blocks(item, answer),
        )
    return {
        "schema": SCHEMA,
        "letterhead": letterhead(item.run.agency),
        "title": output.name,
        "place": item.run.agency.place,
        "facts": facts,
        "blocks": blocks,
        "signature": None if is_blank else signature,
        "footnote": FOOTNOTE,
        **answer.papers.get(output.pk, {}),
    }


def step_facts(item: WorkItem, who: str) -> list[list[str]]:
    """Return what every sheet says of its step: the SOP's words, who, when."""
    agency, run, step = item.run.agency, item.run, item.step
    facts = [["SOP", run.definition.name], ["Periode", run.period_value.label]]
    if run.revision:
        facts.append(["Perbaikan", f"ke-{run.revision}: {run.reason}"])
    facts.append(["Langkah", f"{step.ordinal}. {step.text}"])
    if item.unit:
        facts.append(["Unit", item.unit.name])
    return [
        *facts,
        ["Pelaksana", who],
        ["Dibuka", moment_text(agency, item.opened_at)],
        ["Diselesaikan", moment_text(agency, item.done_at or timezone.now())],
        ["Waktu baku", time_text(step.amount, step.time_unit)],
    ]


def order_facts(item: WorkItem) -> list[list[str]]:
    """Return the heading of a nota dinas: to whom (the parties that receive the order) and about what."""
    receivers = [str(party.role.label) for party in item.step.parties.all() if party.part == StepParty.Part.RECEIVES]
    return [
        ["Yth.", ", ".join(receivers) or "-"],
        ["Hal", f"{item.run.definition.name}, {item.run.period_value.label}"],
    ]


def order_blocks(item: WorkItem) -> list[dict[str, Any]]:
    """Return the body of a nota dinas: the order in the SOP's words, the head's own words, the closing."""
    source = f"{item.run.definition.name} langkah {item.step.ordinal} ({item.step.text})"
    order = f"Sesuai {source}, Saudara diminta melaksanakannya untuk periode {item.run.period_value.label}."
    closing = "Demikian untuk dilaksanakan sebagaimana mestinya."
    body = [{"kind": "text", "heading": "", "paragraphs": [order, *_paragraphs(item.note), closing]}]
    return body + _attached(item)


def letter_facts(item: WorkItem) -> list[list[str]]:
    """Return the heading of a lembar disposisi: the report that is passed on."""
    own = [paper.document for paper in item.papers.select_related("document").order_by("pk")]
    given = [document for needed in item.step.inputs.all() for document in input_documents(item, needed)]
    source = next((document for document in [*own, *given] if document.context.get("signature")), None)
    received = (
        [["Diterima tanggal", long_date(local_date(item.run.agency, item.performed_at))]] if item.performed_at else []
    )
    return [
        *received,
        ["Surat dari", source.context["signature"]["title"] if source else ""],
        ["Nomor surat", source.number if source else ""],
        ["Tanggal surat", long_date(source.dated) if source else ""],
        ["Perihal", f"{source.title if source else item.step.text}, {item.run.period_value.label}"],
    ]


def _blocks(item: WorkItem, answer: Answer) -> list[dict[str, Any]]:
    if item.step.work == Work.HAND_OVER:
        return _texts(item, answer) + _attached(item)
    # what stands in the column by a slip is this step's own output, not something it was given
    given = [needed for needed in item.step.inputs.all() if needed.from_step_key != item.step.key]
    rows = [[needed.name, _sources(item, needed)] for needed in given]
    table = {
        "kind": "table",
        "heading": "Kelengkapan",
        "head": ["Dokumen", "Naskah yang dipakai"],
        "rows": rows,
        "widths": [2, 3],
    }
    archive = archive_blocks(item.run) if item.step.work == Work.ARCHIVE else []
    return [*([table] if rows else []), *_texts(item, answer), *_attached(item), *archive]


def _texts(item: WorkItem, answer: Answer) -> list[dict[str, Any]]:
    heading = "Isi disposisi" if item.step.work == Work.HAND_OVER else "Catatan"
    parts = [
        ("Keputusan", str(WorkItem.Decision(answer.decision).label) if answer.decision else ""),
        ("Catatan penyampaian", item.performed_note),
        (heading, item.note),
    ]
    return [{"kind": "text", "heading": name, "paragraphs": _paragraphs(text)} for name, text in parts if text]


def _attached(item: WorkItem) -> list[dict[str, Any]]:
    files = [list(row) for row in ATTACHED.ask(item.pk)]
    if not files:
        return []
    return [
        {
            "kind": "table",
            "heading": "Berkas terlampir",
            "head": ["Nama berkas", "SHA-256"],
            "rows": files,
            "widths": [2, 3],
        }
    ]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _sources(item: WorkItem, needed: StepInput) -> str:
    run = _run_of_input(item, needed)
    found = {} if run is None else standing_numbers(run, needed, item.unit_id, item.done_at)
    if found:
        return "; ".join(found.values())
    return {"template": "Blangko", "external": "Dokumen luar"}.get(needed.source, "Belum ada naskah")


def archive_blocks(run: Run) -> list[dict[str, Any]]:
    """Return the archive's lists: every paper with its hash, every decision that approved own work, every waiver."""
    rows = [
        [
            str(place),
            paper.document.number,
            _title(paper),
            long_date(paper.document.dated),
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

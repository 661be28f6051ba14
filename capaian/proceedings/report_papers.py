"""The report of a run: what an untouched draft says, from what was really done, and what its paper says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capaian.agencies.queries import local_date
from capaian.proceedings.entries import ReportEntry
from capaian.proceedings.models import Report
from capaian.proceedings.papers import Parts, attached_block, listed, paragraphs, text_block
from capaian.proceedings.queries import standing_report
from capaian.proceedings.rules import REPORT_LENGTH, REPORT_SECTIONS
from capaian.sop.models import Paper, Run, Work, WorkItem
from capaian.sop.papers import long_date
from capaian.sop.published import step_of
from capaian.sop.queries import run_items

MOST_UPRIGHT = 6  # columns
CLOSING = "Demikian laporan ini disampaikan untuk dipergunakan sebagaimana mestinya."
Status = WorkItem.Status


@dataclass(frozen=True)
class Figures:
    """What the rooms that hold figures say for a report: sentences, gaps named, and blocks of tables to print."""

    said: Sequence[str] = ()
    gaps: Sequence[str] = ()
    blocks: Sequence[Parts] = ()


def first_report(item: WorkItem, figures: Figures) -> ReportEntry:
    """Return the usual text of a report on a run, from its items and papers so far; a constant number of queries."""
    rows = list(run_items(item.run))
    for row in rows:
        row.run = item.run
        row.step = step_of(row)
    done = [row for row in rows if row.status == Status.DONE]
    waived = [row for row in rows if row.waived]
    texts = {
        "general": _general(item, done),
        "activities": "\n".join(_activities(done, waived)),
        "results": "\n".join(_results(item, done, waived, figures)),
        "conclusion": _conclusion(item, done, figures),
    }
    return ReportEntry(**{name: text[:REPORT_LENGTH] for name, text in texts.items()})


def _general(item: WorkItem, done: Sequence[WorkItem]) -> str:
    run = item.run
    name, period = run.definition.name, run.period_value.label
    units = listed(sorted({row.unit.name for row in done if row.unit}))
    number = f" nomor {run.version.sop_number}" if run.version.sop_number else ""
    orders = Paper.objects.filter(item__run=run, item__step__work=Work.ORDER).select_related("document").order_by("pk")
    based = [f"{row.document.title} nomor {row.document.number}, {long_date(row.document.dated)}" for row in orders]
    return (
        f"Umum: laporan ini memuat pelaksanaan {name} {run.agency.name} untuk periode {period}.\n"
        "Maksud dan tujuan: menyampaikan hasilnya kepada Sekretaris sebagai bahan keputusan "
        "dan penyusunan Laporan Kinerja.\n"
        f"Ruang lingkup: {units or run.agency.name}, periode {period}.\n"
        f"Dasar: {'; '.join([f'{name}{number}', *based])}."
    )


def _activities(done: Sequence[WorkItem], waived: Sequence[WorkItem]) -> list[str]:
    """Return a line for each step that was done: who, when; for one done by every unit how many, and the last."""
    by_step: dict[int, list[WorkItem]] = {}
    for row in done:
        by_step.setdefault(row.step.ordinal, []).append(row)
    lines = []
    for ordinal, rows in sorted(by_step.items()):
        last = max(rows, key=lambda row: (row.done_at, row.pk))
        if last.unit is None:
            lines.append(f"Langkah {ordinal}, {_output(last)}: {_who(last)}, {_day(last)}{_again(last)}.")
            continue
        units = {row.unit_id for row in rows}
        said = f"{len(units)} unit menyampaikan, terakhir {last.unit.name} pada {_day(last)}"
        lines.append(f"Langkah {ordinal}, {_output(last)}: {said}.")
    lines += [f"Dikecualikan: {row.unit}, {row.note.strip().rstrip('.')}." for row in waived]
    return lines


def _output(row: WorkItem) -> str:
    return listed(output.name for output in row.step.outputs.all()) or row.step.text.strip(" .")


def _who(row: WorkItem) -> str:
    name = row.done_by.name if row.done_by else ""
    return f"{name} ({row.done_title})" if row.done_title else name


def _day(row: WorkItem) -> str:
    return long_date(local_date(row.run.agency, row.done_at)) if row.done_at else "–"


def _again(row: WorkItem) -> str:
    return f" (putaran ke-{row.visit})" if row.visit > 1 else ""


def _results(item: WorkItem, done: Sequence[WorkItem], waived: Sequence[WorkItem], figures: Figures) -> list[str]:
    submitted = {row.unit_id for row in done if row.unit_id}
    lines = list(figures.said)
    if submitted or waived:
        lines.append(
            f"Formulir: {len(submitted)} unit menyampaikan, {len({row.unit_id for row in waived} - submitted)} unit "
            "dikecualikan."
        )
    if not lines:
        lines = [f"Kegiatan {item.run.definition.name} periode {item.run.period_value.label} telah dilaksanakan."]
    return [*lines, *(f"Belum lengkap: {gap}" for gap in figures.gaps)]


def _conclusion(item: WorkItem, done: Sequence[WorkItem], figures: Figures) -> str:
    timed = [row for row in done if row.due_at is not None and row.done_at is not None]
    in_time = sum(row.done_at <= row.due_at for row in timed if row.done_at and row.due_at)
    run = item.run
    advice = (
        "unit terkait melengkapi data yang belum ada sebelum laporan ditetapkan."
        if figures.gaps
        else "laporan ini ditetapkan dan dipakai sebagai bahan Laporan Kinerja."
    )
    return (
        f"Kesimpulan: {run.definition.name} periode {run.period_value.label} terlaksana sampai langkah "
        f"{item.step.ordinal}; {in_time} dari {len(timed)} pekerjaan berbatas waktu selesai tepat waktu.\n"
        f"Saran: {advice}"
    )


def report_parts(row: Report, extra_blocks: Iterable[Parts] = ()) -> Parts:
    """Return the report in its five parts; `extra_blocks`, tables of figures, stand below what was achieved."""
    run = row.item.run
    sections = {
        letter: {
            "kind": "text",
            "heading": f"{letter}. {label}",
            "paragraphs": paragraphs(getattr(row, name)),
        }
        for letter, (name, label) in zip("ABCD", REPORT_SECTIONS.items(), strict=True)
    }
    blocks = [
        sections["A"],
        sections["B"],
        sections["C"],
        *extra_blocks,
        *attached_block(row.item),
        sections["D"],
        {"kind": "text", "heading": "E. Penutup", "paragraphs": [CLOSING]},
    ]
    facts = [["Tentang", f"{run.definition.name}, {run.period_value.label}"]]
    if run.revision:
        facts.append(["Perbaikan", f"ke-{run.revision}: {run.reason}"])
    return {"facts": facts, "blocks": blocks, **_paper(blocks)}


def _paper(blocks: Iterable[Parts]) -> Parts:
    """Return a wide sheet for wide tables."""
    wide = any(len(block.get("head", ())) > MOST_UPRIGHT for block in blocks)
    return {"paper": "f4", "orientation": "landscape"} if wide else {}


def approved_parts(run: Run, note: str) -> Parts | None:
    """Return the report that a "Ya" makes of the newest draft: its very words and tables, and the decision.

    None for a run whose draft is no report of this room.
    """
    report = standing_report(run)
    paper = report and Paper.objects.filter(item=report.item).select_related("document").first()
    if not paper:
        return None
    draft = paper.document
    *blocks, closing = draft.context["blocks"]
    decided = f"Draf laporan nomor {draft.number} disetujui menjadi laporan ini."
    return {
        "facts": [*draft.context["facts"], ["Draf", f"Nomor {draft.number}, {long_date(draft.dated)}"]],
        "blocks": [*blocks, *text_block("Keputusan", f"{decided}\n{note}"), closing],
        **_paper(blocks),
    }

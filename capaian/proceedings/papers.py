"""What stands on the papers of this room: parts of a paper's context, built from the rows just written."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from capaian.agencies.models import Appointment, Person, Position
from capaian.agencies.queries import Reach, held_title, today
from capaian.agencies.rules import in_force
from capaian.documents import store
from capaian.documents.content import JPEG, photo_size
from capaian.documents.models import StoredFile
from capaian.journal.actor import Actor
from capaian.proceedings.models import Disposition, DispositionAsk, FollowUp, Meeting, Order, Task
from capaian.proceedings.queries import seats
from capaian.sop.models import WorkItem
from capaian.sop.papers import letter_facts, long_date
from capaian.sop.run_rules import zone_of

Parts = dict[str, Any]
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MOST_PERIODS = 4  # beyond this a subject names the first and the last
MOST_PHOTOS = 4
MOST_PIXELS = 25_000_000
MOST_BOXES = 12  # beyond this only the chosen addressees are printed


def paragraphs(text: str) -> list[str]:
    """Return the lines of a text that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def text_block(heading: str, text: str) -> list[Parts]:
    """Return a block of paragraphs; none for an empty text."""
    return [{"kind": "text", "heading": heading, "paragraphs": paragraphs(text)}] if text.strip() else []


def table(heading: str, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[Parts]:
    """Return a numbered table; none without rows."""
    numbered = [[f"{place}.", *row] for place, row in enumerate(rows, start=1)]
    return (
        [{"kind": "table", "heading": heading, "head": ["No.", *head], "rows": numbered, "widths": [1, *widths]}]
        if rows
        else []
    )


def day_text(day: date | None) -> str:
    """Return `22 November 2026`, or an en dash where there is none."""
    return long_date(day) if day else "–"


def holder_names(item: WorkItem, ids: Iterable[int | None]) -> dict[int, str]:
    """Return who holds positions today, as a paper prints it: "Joko Prabowo, Tim SAKIP"."""
    wanted = [pk for pk in ids if pk]
    held = Appointment.objects.filter(in_force(today(item.run.agency)), position_id__in=wanted)
    people: dict[int, list[str]] = {}
    titles = dict(Position.objects.filter(pk__in=wanted).values_list("pk", "title"))
    for row in held.select_related("person", "position").order_by("valid_from", "pk"):
        people.setdefault(row.position_id, []).append(row.person.name)
        titles[row.position_id] = held_title(row.kind, row.position.title)
    return {pk: f"{title} ({', '.join(people[pk])})" if pk in people else title for pk, title in titles.items()}


def task_rows(item: WorkItem, tasks: Sequence[Task]) -> list[list[str]]:
    """Return decisions or instructions as rows: what, who, until when."""
    names = holder_names(item, [task.owner_id for task in tasks])
    return [[task.text, names.get(task.owner_id or 0, "–"), day_text(task.due)] for task in tasks]


def attached_block(item: WorkItem, heading: str = "Lampiran") -> list[Parts]:
    """Return the files that hang on the item, with their fingerprints."""
    rows = [[row.file.original_name, row.file.sha256] for row in item.attachments.select_related("file")]
    return table(heading, ["Nama berkas", "SHA-256"], rows, [5, 8])


def photo_block(item: WorkItem, heading: str) -> list[Parts]:
    """Return the first photos that hang on the item, to be printed; the others are only listed."""
    found = item.attachments.select_related("file").filter(file__media_type=JPEG).order_by("pk")
    shown = [row.file for row in found if is_printable(row.file)][:MOST_PHOTOS]
    if not shown:
        return []
    return [
        {
            "kind": "pictures",
            "heading": heading,
            "items": [file.original_name for file in shown],
            "keys": [file.key for file in shown],
        }
    ]


def is_printable(file: StoredFile) -> bool:
    """Tell whether a photo is there and small enough to be printed without straining the server."""
    try:
        with store.open_file(file.key) as stream:
            size = photo_size(stream)
    except FileNotFoundError:
        return False
    return size is not None and 0 < size[0] * size[1] <= MOST_PIXELS


def disposition_parts(row: Disposition, reach: Reach) -> Parts:
    """Return the filled lembar disposisi: the frame's ticks, the text, the instructions."""
    item = row.item
    chosen = {link.position_id for link in row.addressees.all()}
    open_seats = [seat for seat in seats(reach) if seat.position.pk in chosen or seat.position.pk not in _own(reach)]
    boxes = open_seats if len(open_seats) <= MOST_BOXES else [s for s in open_seats if s.position.pk in chosen]
    asked = {link.ask for link in row.asks.all()}
    tasks = list(row.tasks.order_by("ordinal"))
    blocks = [
        {
            "kind": "ticks",
            "heading": "Diteruskan kepada Sdr.",
            "items": [seat.title for seat in boxes],
            "ticked": [seat.title for seat in boxes if seat.position.pk in chosen],
        },
        {
            "kind": "ticks",
            "heading": "Dengan hormat harap",
            "items": [str(ask.label) for ask in DispositionAsk.Ask],
            "ticked": [str(ask.label) for ask in DispositionAsk.Ask if ask.value in asked],
        },
        *text_block("Catatan penyampaian", item.performed_note),
        *text_block("Isi disposisi", row.text),
        *table("Instruksi", ["Instruksi", "Penanggung jawab", "Batas waktu"], task_rows(item, tasks), [6, 4, 3]),
        *attached_block(item, "Berkas terlampir"),
    ]
    return {"facts": [*letter_facts(item), ["Sifat", row.get_urgency_display()]], "blocks": blocks}


def _own(reach: Reach) -> set[int]:
    return {held.position_id for held in reach.held}


def order_task(item: WorkItem) -> str:
    """Return what the step orders, in the SOP's words: "melakukan pengumpulan data kinerja"."""
    return item.step.text.partition(" untuk ")[2].strip(" .") or item.step.text


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them: "a, b dan c"; the same word once."""
    given = list(dict.fromkeys(words))
    return " dan ".join([*([", ".join(given[:-1])] if given[1:] else []), *given[-1:]])


def order_subject(items: Sequence[WorkItem]) -> str:
    """Return the usual subject of an order for one or several SOPs and periods."""
    tasks = listed(order_task(item).removeprefix("melakukan ") for item in items)
    periods = list(dict.fromkeys(item.run.period_value.label for item in items))
    many = f"untuk {len(periods)} periode, {periods[0]} s.d. {periods[-1]}"
    return f"Pelaksanaan {tasks} {listed(periods) if len(periods) <= MOST_PERIODS else many}"


def order_body(items: Sequence[WorkItem]) -> str:
    """Return the usual text of an order; when it is not the same SOPs for every period, it says which for which."""
    names = listed(item.run.definition.name for item in items)
    by_period: dict[str, list[str]] = {}
    for item in items:
        by_period.setdefault(item.run.period_value.label, []).append(order_task(item))
    groups: dict[frozenset[str], list[str]] = {}
    for period, tasks in by_period.items():
        groups.setdefault(frozenset(tasks), []).append(period)
    asked = "; serta ".join(
        f"{listed(by_period[periods[0]])} untuk periode {listed(periods)}" for periods in groups.values()
    )
    return (
        f"Dalam rangka pelaksanaan {names}, Saudara diminta {asked}.\n"
        "Pelaksanaannya agar mengikuti langkah, waktu baku, dan output yang ditetapkan dalam SOP, "
        "serta hasilnya dilaporkan kepada kami.\n"
        "Demikian untuk dilaksanakan sebagaimana mestinya."
    )


def order_parts(row: Order) -> Parts:
    """Return the heading and the text of a nota dinas."""
    files = row.item.attachments.count()
    facts = [
        ["Yth.", row.recipient],
        ["Tembusan", row.copies or "-"],
        ["Sifat", row.get_urgency_display()],
        ["Lampiran", f"{files} berkas" if files else "-"],
        ["Hal", row.subject],
    ]
    body = [{"kind": "text", "heading": "", "paragraphs": paragraphs(row.body)}]
    return {"facts": facts, "blocks": [*body, *attached_block(row.item, "Berkas terlampir")]}


def meeting_parts(row: Meeting, by: Actor) -> Parts:
    """Return the notulen: what, when, where, who was there, what was said and decided; signed by chair and notulis."""
    listed = list(row.attendances.select_related("person").order_by("pk"))
    present = [who for who in listed if who.attended]
    names = [[who.person.name, who.title, "Hadir" if who.attended else "Tidak hadir", ""] for who in listed]
    guests = [[guest, "Peserta lain", "Hadir", ""] for guest in paragraphs(row.guests)]
    decisions = list(row.decisions.order_by("ordinal"))
    chair = Person.objects.get(pk=by.person_id)
    blocks = [
        {"kind": "list", "heading": "Acara", "items": paragraphs(row.agenda)},
        *text_block("Pembahasan", row.discussion),
        *table(
            "Keputusan dan tindak lanjut",
            ["Keputusan", "Penanggung jawab", "Batas waktu"],
            task_rows(row.item, decisions),
            [6, 4, 3],
        ),
        *table("Daftar hadir", ["Nama", "Jabatan", "Keterangan", "Tanda tangan"], [*names, *guests], [5, 6, 3, 4]),
        *photo_block(row.item, "Dokumentasi"),
        *attached_block(row.item, "Lampiran (foto dan berkas rapat)"),
    ]
    titles = {who.person_id: who.title for who in listed}
    taker = row.note_taker
    return {
        "facts": _meeting_facts(row, chair, by.title, invited=sum(who.invited for who in listed), present=len(present)),
        "blocks": blocks,
        "signature": {**signer(chair, by.title), "caption": "Pimpinan rapat"},
        "cosignatures": [{**signer(taker, titles.get(taker.pk, "")), "caption": "Notulis"}] if taker else [],
    }


def _meeting_facts(row: Meeting, chair: Person, title: str, *, invited: int, present: int) -> list[list[str]]:
    agency, run = row.item.run.agency, row.item.run
    planned = timezone.localtime(row.planned_at, zone_of(agency)) if row.planned_at else None
    when = f"{WEEKDAYS[planned.weekday()]}, {long_date(planned.date())}" if planned else "-"
    return [
        ["Rapat", f"{run.definition.name}, {run.period_value.label}"],
        ["Hari, tanggal", when],
        ["Waktu", f"{planned:%H.%M} {agency.get_time_zone_display()}" if planned else "-"],
        ["Tempat", row.place],
        ["Pimpinan rapat", f"{chair.name}, {title}"],
        ["Notulis", row.note_taker.name if row.note_taker else "-"],
        ["Peserta", f"{invited} orang diundang, {present} orang hadir dari daftar perangkat daerah"],
    ]


def signer(person: Person, title: str) -> Parts:
    """Return a signature block."""
    return {"title": title, "name": person.name, "rank": person.rank, "nip": person.nip or ""}


def meeting_agenda(item: WorkItem, open_rows: Iterable[FollowUp]) -> str:
    """Return the usual agenda: what the step is for, then every follow-up that is still open."""
    purpose = order_task(item).removeprefix("memberikan ")
    lines = [purpose[:1].upper() + purpose[1:]]
    lines += [
        f"Tindak lanjut: {row.text} ({row.owner.title}{f', batas {long_date(row.due)}' if row.due else ''})"
        for row in open_rows
    ]
    return "\n".join(lines)

"""The invitation to a meeting, as a sheet to print and sign: without a row and without a number of the series."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from capaian.agencies.queries import Reach, local_date
from capaian.documents.snapshot import check, cleaned
from capaian.journal.reason import Reason
from capaian.proceedings.models import Attendance, Meeting
from capaian.proceedings.papers import WEEKDAYS, Parts, paragraphs, signer, table
from capaian.proceedings.queries import seats
from capaian.sop import step_rules
from capaian.sop.papers import SCHEMA, letterhead, long_date
from capaian.sop.run_rules import zone_of

LAYOUT = "memo"
MOST_NAMED = 5  # beyond this the heading points to the list below
BY_HAND = "........................"


def reasons_not_to_invite(row: Meeting | None) -> list[Reason]:
    """Return what a saved meeting still lacks before anybody can be invited."""
    said = {
        "waktu": row is not None and row.planned_at,
        "tempat": row is not None and row.place.strip(),
        "acara": row is not None and row.agenda.strip(),
        "yang diundang": row is not None and row.attendances.filter(invited=True).exists(),
    }
    if lacking := ", ".join(label for label, value in said.items() if not value):
        text = f"Undangan belum dapat dicetak karena konsep rapat belum memuat {lacking}."
        return [Reason("invitation_incomplete", text, "Isi, pilih Simpan konsep, lalu cetak undangannya.")]
    return []


def invitation(row: Meeting, reach: Reach) -> dict[str, Any]:
    """Return the whole context of the invitation: signed by who leads the meeting; its number is written by hand."""
    run, agency = row.item.run, row.item.run.agency
    invited = list(row.attendances.filter(invited=True).select_related("person").order_by("pk"))
    context: dict[str, Any] = {
        "schema": SCHEMA,
        "letterhead": letterhead(agency),
        "title": "Undangan Rapat",
        "number": BY_HAND,
        "date": local_date(agency, row.saved_at).isoformat(),
        "place": agency.place,
        "facts": _facts(row, invited),
        "blocks": _blocks(row, invited),
        "signature": _chair(row, reach),
        "footnote": f"Konsep undangan {run.definition.name}, {run.period_value.label}; dicetak dari Capaian.",
    }
    context["letterhead"]["government"] = context["letterhead"]["government"] or f"Pemerintah {agency.region}"
    ready: dict[str, Any] = cleaned(context)
    check(ready)
    return ready


def _facts(row: Meeting, invited: Sequence[Attendance]) -> list[list[str]]:
    agency = row.item.run.agency
    planned = timezone.localtime(row.planned_at or row.saved_at, zone_of(agency))
    names = ", ".join(dict.fromkeys(who.title for who in invited))
    return [
        ["Yth.", names if len(invited) <= MOST_NAMED else "Daftar undangan di bawah"],
        ["Sifat", "Biasa"],
        ["Hal", f"Undangan rapat {row.item.run.definition.name} {row.item.run.period_value.label}"],
        ["Hari, tanggal", f"{WEEKDAYS[planned.weekday()]}, {long_date(planned.date())}"],
        ["Waktu", f"{planned:%H.%M} {agency.get_time_zone_display()} sampai selesai"],
        ["Tempat", row.place],
    ]


def _blocks(row: Meeting, invited: Sequence[Attendance]) -> list[Parts]:
    run = row.item.run
    opening = (
        f"Sehubungan dengan pelaksanaan {run.definition.name} periode {run.period_value.label}, kami mengharapkan "
        "kehadiran Saudara pada rapat tersebut di atas dengan acara sebagai berikut."
    )
    listed = [[who.person.name, who.title] for who in invited] if len(invited) > MOST_NAMED else []
    return [
        {"kind": "text", "heading": "", "paragraphs": [opening]},
        {"kind": "list", "heading": "Acara", "items": paragraphs(row.agenda)},
        *table("Daftar undangan", ["Nama", "Jabatan"], listed, [5, 6]),
        {
            "kind": "text",
            "heading": "",
            "paragraphs": ["Demikian atas perhatian dan kehadirannya disampaikan terima kasih."],
        },
    ]


def _chair(row: Meeting, reach: Reach) -> Parts | None:
    """Return who leads: the first who may complete the step."""
    roles = {role for key in step_rules.completers(row.item.step) for role in step_rules.ROLES[key]}
    seat = next((seat for seat in seats(reach) if roles & seat.roles), None)
    return signer(seat.people[0], seat.title) if seat else None

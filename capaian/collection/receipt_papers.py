"""What stands on the receipt of a submitted form: when, by whom, which edition, and the fingerprint of its content."""

from capaian.collection.models import Submission
from capaian.collection.papers import NONE, Parts
from capaian.documents.snapshot import FOOTNOTE, SCHEMA
from capaian.journal.actor import Actor
from capaian.periods.period import Period
from capaian.proceedings.papers import table
from capaian.sop.papers import letterhead, moment_text

FOR_UNIT = "diisikan oleh Tim SAKIP"


def submitted_parts(row: Submission, by: Actor) -> Parts:
    """Return the whole context of the receipt for a submission, not yet saved."""
    form, run, person = row.form, row.item.run, row.submitted_by
    rows = [_told(each) for each in row.content["rows"]]
    facts = [
        ["SOP", run.definition.name],
        ["Periode", run.period_value.label],
        ["Unit", form.unit.name],
        ["Disampaikan oleh", f"{person.name}, {by.title}" if by.title else person.name],
        ["Disampaikan", moment_text(form.agency, row.submitted_at)],
        ["Penyampaian ke-", str(row.item.visit)],
        ["Versi formulir", str(row.edition)],
        ["Kunci formulir", form.public_id],
        ["SHA-256 isi", row.digest],
        *origin_facts(row),
    ]
    words = (
        "Keaslian diperiksa di Capaian: buka Naskah, Periksa tanda terima, lalu ketik delapan huruf pertama atau "
        "seluruh SHA-256 di atas. Halaman itu menyebut apakah isi formulir masih sama."
    )
    return {
        "schema": SCHEMA,
        "letterhead": letterhead(form.agency),
        "title": "Tanda Terima Penyampaian Formulir",
        "place": form.agency.place,
        "facts": facts,
        "blocks": [
            *table(f"{len(rows)} isian", ["Indikator", "Periode", "Realisasi", "Bukti"], rows, [7, 3, 3, 1]),
            {"kind": "text", "heading": "", "paragraphs": [words]},
        ],
        "signature": {"title": by.title, "name": person.name, "rank": person.rank, "nip": person.nip or ""},
        "footnote": FOOTNOTE,
    }


def _told(row: Parts) -> list[str]:
    said = row["shown"] or "belum dilaporkan"
    return [row["name"], Period.parse(row["period"]).label, said, str(len(row["evidence"]))]


def origin_facts(row: Submission) -> list[list[str]]:
    """Return what is out of the ordinary about a submission: filled in by Tim SAKIP, after the last day."""
    facts = [["Pengisian", f"{FOR_UNIT}: {row.item.stand_in_reason or NONE}"]] if row.for_unit else []
    return facts + ([["Izin terlambat", row.late_reason]] if row.late_reason else [])

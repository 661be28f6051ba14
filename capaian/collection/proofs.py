"""What a unit's evidence takes of the store, and where the same file proves something else too."""

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Sum

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.collection.entries import FormEntry
from capaian.collection.models import Evidence
from capaian.journal.reason import Reason
from capaian.periods.period import Period

MB = 1_000_000


def reasons_no_room(unit: Unit, entry: FormEntry) -> list[Reason]:
    """Return why new files do not fit into what a unit may keep as evidence; no query without new files."""
    new = sum(proof.file.size for proof in entry.evidence if proof.file)
    if not new:
        return []
    kept = Evidence.objects.filter(actual__unit=unit, file__isnull=False).aggregate(bytes=Sum("file__size"))["bytes"]
    if (kept or 0) + new <= settings.CAPAIAN_UNIT_MB * MB:
        return []
    text = f"Bukti {unit.name} sudah memenuhi jatah {settings.CAPAIAN_UNIT_MB} MB."
    return [
        Reason("unit_full", text, "Gunakan tautan, perkecil berkasnya, atau minta admin menambah jatah.", "uploads")
    ]


def lay_twins(reach: Reach, proofs: Sequence[Evidence]) -> None:
    """Tell each file what else it proves in the agency, in words (`Evidence.also`); one query where there are files.

    The same file may rightly prove two figures; a file of last quarter under this quarter's figure is looked at twice.
    """
    marks = {proof.file.sha256 for proof in proofs if proof.file}
    if not marks:
        return
    rows = Evidence.objects.filter(
        actual__agency_id=reach.agency.pk, actual__is_current=True, file__sha256__in=marks
    ).select_related("file", "actual__card", "actual__unit")
    same: dict[str, list[Evidence]] = defaultdict(list)
    for row in rows.order_by("actual__period", "pk"):
        if row.file is not None:
            same[row.file.sha256].append(row)
    for proof in proofs:
        if proof.file is not None:
            proof.also = tuple(_told(row) for row in same[proof.file.sha256] if row.actual_id != proof.actual_id)


def _told(row: Evidence) -> str:
    actual = row.actual
    return f"“{actual.card.name}” {Period.parse(actual.period).label}, {actual.unit.name}"

"""The sample's people work as soon as it is loaded: every page has something on it, whatever the day."""

from datetime import datetime

import pytest
import time_machine

from capaian.collection.models import UnitForm
from capaian.documents.models import Document
from capaian.formulas.number_text import format_number
from capaian.journal.queries import breaks
from capaian.measurement.models import Measurement, Worksheet
from capaian.proceedings.models import Checklist, Meeting, Order, WorkPlan
from capaian.sample.load import load, load_work, planned_quarters
from capaian.sop.models import Run, WorkItem

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
IN_A_YEAR, AFTER_A_YEAR = "2026-11-22", "2027-04-05"


@pytest.mark.parametrize("day", [IN_A_YEAR, AFTER_A_YEAR])
def test_a_quarter_is_archived_and_the_next_stands_at_the_units_forms(day: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{day}T09:00:00+07:00")):
        agency = load()
        load_work(agency)
        before, latest, _ = planned_quarters(datetime.fromisoformat(day).date())
    archived = Run.objects.filter(agency=agency, period=before.code)
    assert {run.status for run in archived} == {Run.Status.DONE}
    assert {run.stands_for for run in archived} == {"A", "B"}
    waiting = WorkItem.objects.filter(run__period=latest.code, status=WorkItem.Status.OPEN)
    assert {item.step.key for item in waiting} == {"A07"}
    states = UnitForm.objects.filter(round__run__period=latest.code).values_list("state", flat=True)
    assert sorted(states) == ["distributed"] * 3 + ["submitted"] * 2
    assert not Document.objects.filter(state=Document.State.DRAFT).exists()
    assert list(breaks(agency.public_id)) == []
    for table in (Order, Meeting, WorkPlan, Checklist, Worksheet):
        assert table.objects.filter(agency=agency).exists(), table.__name__
    check_figures(closes_year=before.number == 4)


def check_figures(*, closes_year: bool) -> None:
    """The measured figures are those of the formulas: (2 × 4 − 3,5) ÷ 4 × 100 and 49 of 52."""
    shown = {
        row.card.name: format_number(row.shown, 2) if row.shown is not None else row.reason
        for row in Measurement.objects.select_related("card")
    }
    assert shown["Rata-rata waktu pemulihan gangguan jaringan (contoh)"] == "112,50"
    connected = next(name for name in shown if name.startswith("Persentase Perangkat Daerah"))
    assert shown[connected] == "94,23"
    expected = "99,99" if closes_year else "belum jatuh tempo"  # 90,64 of 90,65
    assert shown["Indeks Kepuasan Masyarakat"] == expected

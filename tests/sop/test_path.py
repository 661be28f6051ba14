"""Both SOPs from order to archive, with returns, waits, joins, waivers."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from capaian.agencies.actions import create_unit
from capaian.sop.models import Paper, Run, WorkItem
from tests.sop.driver import Engine, issue_papers, keys, make_engine, open_items

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine() -> Engine:
    return make_engine()


def test_both_sops_run_from_order_to_archive(engine: Engine) -> None:
    first, second = engine.open("2026-Q1", "A", "B")
    engine.advance(second)
    second.refresh_from_db()
    assert second.waiting_at is not None
    assert second.waiting_at.key == "B05"
    engine.advance(first, until="A10")
    assert keys(second) == []
    engine.complete(open_items(first)[0], decision="no", note="Data IKP kurang", target="A08")
    assert keys(first) == ["A08"]
    engine.advance(first, until="A10")
    engine.complete(open_items(first)[0])
    assert keys(second) == ["B05"]
    engine.advance(first, until="A12")
    issue_papers()
    engine.advance(first)
    first.refresh_from_db()
    assert first.status == Run.Status.DONE
    engine.advance(second, until="B08")
    engine.complete(open_items(second)[0], decision="no", note="Hitung ulang", target="B05")
    assert keys(second) == ["B05"]
    engine.advance(second, until="B10")
    issue_papers()
    engine.advance(second)
    second.refresh_from_db()
    assert second.status == Run.Status.DONE
    named = {paper.output.name for paper in Paper.objects.select_related("output")}
    assert {
        "Nota Dinas",
        "Notulen Rapat",
        "Checklist Dokumen",
        "Bukti tanda terima formulir",
        "Lembar Disposisi",
    } <= named
    assert Paper.objects.filter(item__run=first, item__step__key="A07").count() == 3
    assert WorkItem.objects.filter(run=first, step__key="A08").count() == 2


def test_short_variants_run_from_start_to_end(engine: Engine) -> None:
    first, second = engine.open("2026-01", "A-R", "B-R")
    assert keys(second) == []
    engine.advance(first, until="A12")
    assert keys(second) == ["B05"]
    issue_papers()
    engine.advance(first)
    engine.advance(second, until="B10")
    issue_papers()
    engine.advance(second)
    assert set(Run.objects.values_list("status", flat=True)) == {"done"}


def test_units_of_today_take_part_where_the_day_begins_before_utc(engine: Engine) -> None:
    with time_machine.travel(datetime(2026, 6, 1, 22, 0, tzinfo=UTC), tick=False):  # 2 June, 05.00 WIB
        today = date(2026, 6, 2)
        create_unit(
            agency=engine.world.agency, name="Bidang Baru", kind="division", by=engine.world.admin, valid_from=today
        )
        run = engine.open("2026-Q1", "A")[0]
    assert run.run_units.filter(unit__name="Bidang Baru").exists()

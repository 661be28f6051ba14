"""Both SOPs from order to archive, with returns, waits, joins, waivers."""

import pytest

from capaian.documents.models import Document
from capaian.sop.models import Paper, Run, WorkItem
from tests.sop.driver import Engine, keys, make_engine, open_items

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine() -> Engine:
    return make_engine()


def issue_all() -> None:
    """Stand in for the rendering that happens outside: archive needs papers that are made."""
    Document.objects.filter(state="draft").update(state="superseded")


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
    issue_all()
    engine.advance(first)
    first.refresh_from_db()
    assert first.status == Run.Status.DONE
    engine.advance(second, until="B08")
    engine.complete(open_items(second)[0], decision="no", note="Hitung ulang", target="B05")
    assert keys(second) == ["B05"]
    engine.advance(second, until="B10")
    issue_all()
    engine.advance(second)
    second.refresh_from_db()
    assert second.status == Run.Status.DONE
    named = {paper.output.name for paper in Paper.objects.select_related("output")}
    assert {"Nota Dinas", "Notulen Rapat", "Checklist Dokumen", "Bukti tanda terima formulir", "Lembar Disposisi"} <= named
    assert Paper.objects.filter(item__run=first, item__step__key="A07").count() == 3
    assert WorkItem.objects.filter(run=first, step__key="A08").count() == 2


def test_short_variants_run_from_start_to_end(engine: Engine) -> None:
    first, second = engine.open("2026-01", "A-R", "B-R")
    assert keys(second) == []
    engine.advance(first, until="A12")
    assert keys(second) == ["B05"]
    issue_all()
    engine.advance(first)
    engine.advance(second, until="B10")
    issue_all()
    engine.advance(second)
    assert set(Run.objects.values_list("status", flat=True)) == {"done"}

"""The page on which Tim SAKIP looks over all figures of a round: narrowed, returned, as many queries for any size."""

from decimal import Decimal

from capaian.planning.models import Card
from capaian.sop.models import WorkItem
from tests.collection.conftest import card, collect, office, report, rounds_of_sizes
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.people_in import text_of
from tests.web.test_collection_pages import queries_of, text

__all__ = ["card", "office"]


def test_forms_are_looked_over_and_returned(office: Engine, card: Card) -> None:
    run = collect(office)
    report(office, run, "ikp", Decimal(10))
    path, team = f"/proses/{run.public_id}/pemeriksaan/", client_of(office, "team")
    unit = office.world.units["ikp"].public_id
    assert "12,50 %" in text_of(team.get(path))
    assert text(team.get(path)).count('name="units"') == 1
    assert "checked" in text(team.get(f"{path}?pilih=semua"))
    assert 'name="units"' not in text(client_of(office, "secretary").get(path))
    refused = team.post(path, {"units": [unit], "note": ""})
    assert refused.status_code == 422
    assert "Catatan pengembalian belum diisi" in text(refused)
    assert "checked" in text(refused)
    assert team.post(path, {"units": [unit], "note": "Periksa lagi"}).status_code == 302
    assert WorkItem.objects.get(run=run, visit=2).return_note == "Periksa lagi"
    again = team.post(path, {"units": [unit], "note": "Sekali lagi"})
    assert "Sekali lagi</textarea>" in text(again) or "belum disampaikan" in text(again)


def test_page_asks_as_often_for_any_size(office: Engine, card: Card) -> None:
    client = client_of(office, "team")
    counts = [queries_of(client, f"/proses/{run.public_id}/pemeriksaan/") for run in rounds_of_sizes(office)]
    assert counts[1] == counts[2]

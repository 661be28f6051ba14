"""The board of a round: who has not filled in, one click reminds, and everybody chooses how to be reminded."""

from capaian.planning.models import Card
from tests.collection.conftest import card, collect, office, rounds_of_sizes
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.people_in import text_of
from tests.web.test_collection_pages import queries_of, text

__all__ = ["card", "office"]


def test_one_click_reminds_and_the_inbox_tells(office: Engine, card: Card) -> None:
    run = collect(office)
    path, team = f"/proses/{run.public_id}/formulir/", client_of(office, "team")
    assert "Ingatkan 3 unit" in text_of(team.get(path))
    assert "Ingatkan" not in text_of(client_of(office, "ikp").get(path))
    answer = team.post(f"/proses/{run.public_id}/ingatkan/", {"units": [office.world.units["ikp"].public_id]})
    assert answer.status_code == 302
    again = team.post(f"/proses/{run.public_id}/ingatkan/", {"units": [office.world.units["ikp"].public_id]})
    assert again.status_code == 422
    assert "Ikp Melati baru saja diingatkan" in text(again)
    assert "Team MELATI" in text_of(team.get(path))
    inbox = text_of(client_of(office, "ikp").get("/"))
    assert "Anda diingatkan" in inbox
    assert "Formulir Ikp Melati, Triwulan I 2026 belum disampaikan" in inbox
    assert "Anda diingatkan" not in text_of(client_of(office, "aptika").get("/"))


def test_board_is_filtered_and_asks_as_often_for_any_size(office: Engine, card: Card) -> None:
    client, counts = client_of(office, "team"), []
    for run in rounds_of_sizes(office):
        counts.append(queries_of(client, f"/proses/{run.public_id}/formulir/"))
        page = text_of(client.get(f"/proses/{run.public_id}/formulir/?keadaan=filled"))
        assert "Ikp Melati" in page.split("Aktivitas terakhir")[1]
        assert "Aptika Melati" not in page.split("Aktivitas terakhir")[1]
    assert counts[1] == counts[2]


def test_everybody_chooses_for_himself_about_reminders(office: Engine) -> None:
    client = client_of(office, "ikp")
    assert "checked" in text(client.get("/akun/pengingat/"))
    assert client.post("/akun/pengingat/", {}).status_code == 302
    assert "checked" not in text(client.get("/akun/pengingat/"))
    assert "checked" in text(client_of(office, "aptika").get("/akun/pengingat/"))

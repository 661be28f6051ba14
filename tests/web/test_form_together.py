"""Two people in one form, on pages: each sees what the other saved, and what both changed is asked about."""

from decimal import Decimal

from capaian.collection.models import Actual
from capaian.planning.models import Card
from tests.collection.conftest import card, collect, filling, office, save, sheet, told
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.test_collection_pages import key, send, text

__all__ = ["card", "office"]


def test_two_people_in_one_form_see_each_others_savings(office: Engine) -> None:
    for name in ("Satu", "Dua"):
        make_card(office.world, name, units=("ikp",), targets={"2026-Q1": "10"})
    run = collect(office)
    item, (first, second) = filling(run, office, "ikp"), (key(office, run), key(office, run, place=1))
    path = f"/langkah/{item.public_id}/konsep/"
    head, staff = client_of(office, "ikp"), client_of(office, "ikp.staff")
    assert head.get(path, {"edition": "0"}).json() == {"edition": 0}
    mine = {f"sent-{first}": "1", f"base-{first}": "{}", f"value-{first}": "5", "edition": "0"}
    assert head.post(path, mine).json()["lines"][first]["result"] == "50,00 %"
    hers = {f"sent-{second}": "1", f"base-{second}": "{}", f"value-{second}": "12", "edition": "0"}
    told_back = staff.post(path, hers).json()
    assert (told_back["edition"], told_back["by"], told_back["clashes"]) == (2, "Ikp.Staff MELATI", [])
    assert {name: line["base"] for name, line in told_back["lines"].items()} == {
        first: '{"value":"5"}',
        second: '{"value":"12"}',
    }
    seen = head.get(path, {"edition": "1"}).json()
    assert (seen["by"], seen["lines"][second]["saved"]) == ("Ikp.Staff MELATI", "12")
    late = staff.post(path, mine | {f"value-{first}": "6", f"cause-{first}": "Ramai"}).json()
    assert late["clashes"] == [{"name": f"value-{first}", "by": "Ikp MELATI", "stands": "5"}]
    assert Actual.objects.get(value=5).cause == "Ramai"


def test_a_clash_without_script_shows_both_and_takes_the_second_sending(office: Engine, card: Card) -> None:
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(7), obstacle="Hujan"))
    typed = {f"sent-{name}": "1", f"base-{name}": "{}", f"value-{name}": "9", f"cause-{name}": "Ramai", "draft": "1"}
    answer = send(office, "ikp.staff", item, **typed, edition="0")
    assert answer.status_code == 409
    page = text(answer)
    assert "sementara itu diisi Ikp MELATI: 7. Isian Anda: 9." in page
    assert ">Hujan</textarea>" in page, "what was left alone shows what stands"
    assert 'value="9"' in page
    assert f'name="base-{name}" value="' in page
    row = Actual.objects.get()
    assert (row.value, row.cause, row.obstacle) == (7, "Ramai", "Hujan")
    again = typed | {f"base-{name}": page.split(f'name="base-{name}" value="')[1].split('">')[0], "edition": "2"}
    assert send(office, "ikp.staff", item, **again | {f"obstacle-{name}": "Hujan"}).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.obstacle) == (9, "Hujan")


def test_a_base_that_no_page_sent_counts_for_nothing(office: Engine, card: Card) -> None:
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(7)))
    for odd in ("[", "[1]", '{"value":"1.234"}', "3"):
        fields = {f"sent-{name}": "1", f"base-{name}": odd, f"value-{name}": "9", "draft": "1", "edition": "0"}
        assert send(office, "ikp.staff", item, **fields).status_code == 409, odd
    assert Actual.objects.get().value == 7

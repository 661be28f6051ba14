"""The performance tree: nested as it stands, found with what is above, supporting where units of measure differ."""

from collections.abc import Sequence
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.agencies.models import Agency, Region
from capaian.planning.models import Level, Node
from capaian.planning.nomenclature import nomenclature
from capaian.planning.performance_tree import Leaf, Spot, Twig, twigs
from tests.factories import make_agency
from tests.planning.cards import make_card

NATIONAL = nomenclature(Agency(region=Region(kind="regency"), main_urusan="2.16"), date(2026, 1, 1))


def place(depth: int, text: str, *units: str, level: str = Level.GOAL, code: str = "") -> Spot:
    leaves = tuple(Leaf("k", f"{text} {unit}", unit) for unit in units)
    return Spot(Node(level=level, text=text, code=code), depth, leaves=leaves)


TREE = (
    place(0, "Tujuan"),
    place(1, "Sasaran", "indeks"),
    place(2, "Program A", "indeks", "media", level=Level.PROGRAMME, code="2.16.02"),
    place(3, "Kegiatan A1", "Indeks", level=Level.ACTIVITY),
    place(1, "Sasaran lain"),
)


def drawn(*, search: str = "", all_open: bool = False, tree: Sequence[Spot] = TREE) -> tuple[Twig, ...]:
    return twigs(tree, NATIONAL, search=search, all_open=all_open)


def test_twigs_open_and_end_as_they_are_nested() -> None:
    found = drawn()
    assert [(twig.has_children, twig.is_open, twig.ends) for twig in found] == [
        (True, True, 0), (True, True, 0), (True, False, 0), (False, False, 2), (False, False, 1),
    ]  # fmt: skip
    assert sum(twig.has_children for twig in found) == sum(twig.ends for twig in found)
    assert all(twig.is_open for twig in drawn(all_open=True) if twig.has_children)


def test_a_card_of_another_unit_supports() -> None:
    marks = {leaf.name: leaf.is_supporting for twig in drawn() for leaf in twig.leaves}
    assert marks == {
        "Sasaran indeks": False, "Program A indeks": False, "Program A media": True, "Kegiatan A1 Indeks": False,
    }  # fmt: skip


def test_what_is_found_keeps_what_is_above() -> None:
    found = drawn(search="a1 INDEKS")
    assert [(twig.spot.node.text, twig.is_found) for twig in found] == [
        ("Tujuan", False), ("Sasaran", False), ("Program A", False), ("Kegiatan A1", True),
    ]  # fmt: skip
    assert all(twig.is_open for twig in found[:3])
    assert found[-1].ends == 3
    assert drawn(search="tidak ada") == ()


def test_local_nodes_are_marked() -> None:
    assert [twig.is_local for twig in drawn()] == [False, False, False, True, False]


@pytest.mark.django_db
def test_the_page_asks_as_often_for_any_size(client: Client) -> None:
    world = make_agency("Melati")
    client.force_login(world.people["team"])
    counts, text = [], ""
    for _ in range(2):
        for number in range(4):
            make_card(world, f"Indikator {number}", level=Level.ACTIVITY, targets={"2026": "3"})
        with CaptureQueriesContext(connection) as asked:
            text = client.get(reverse("performance_tree", args=[2026])).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    drawn_tree = text.partition('class="kin-tree"')[2]
    assert drawn_tree.count("<details") == drawn_tree.count("</details>") == 3
    assert text.count("target 3 persen") == 8
    assert "0 butir cocok" in client.get(reverse("performance_tree", args=[2026]), {"cari": "zzz"}).content.decode()

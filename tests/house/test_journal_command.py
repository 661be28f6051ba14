"""`capaian journal verify`: exit code 0 on whole chains, 1 with the row's number on every kind of damage."""

from collections.abc import Callable

import pytest
from django.db import models

from capaian.cli.main import main
from capaian.journal.models import Chain, Entry
from tests.factories import World, make_agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two agencies, each with a chain of its own."""
    make_agency("Lain")
    return make_agency("Utuh")


def verified(world: World, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command on every chain; return exit code and words."""
    capsys.readouterr()
    code = main(["journal", "verify"])
    return code, capsys.readouterr().out


def test_whole_chains(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(world, capsys) == (0, "Jurnal utuh: 2 rantai diperiksa.\n")


DAMAGES: dict[str, tuple[Callable[[World], object], str]] = {
    "payload": (lambda world: entries(world).filter(seq=2).update(payload={"palsu": "1"}), "isi tidak sesuai"),
    "person": (lambda world: entries(world).filter(seq=2).update(person="orang"), "tidak sesuai dengan sidiknya"),
    "removed": (lambda world: entries(world).filter(seq=2).delete(), "baris 2 hilang"),
    "cut": (lambda world: entries(world).order_by("-seq")[0].delete(), "kepala rantai"),
    "head": (lambda world: Chain.objects.filter(key=world.agency.public_id).update(hash="0" * 64), "kepala rantai"),
}


def entries(world: World) -> models.QuerySet[Entry]:
    """Return the rows of one agency's chain."""
    return Entry.objects.filter(chain__key=world.agency.public_id)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named(world: World, capsys: pytest.CaptureFixture[str], damage: str) -> None:
    do, words = DAMAGES[damage]
    do(world)
    code, out = verified(world, capsys)
    assert code == 1
    assert f"rantai {world.agency.public_id}, baris" in out
    assert words in out
    assert "Jurnal TIDAK utuh" in out


def test_one_agency_alone(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify", "--agency", world.agency.public_id]) == 0
    assert main(["journal", "verify", "--agency", "tidak-ada"]) == 1

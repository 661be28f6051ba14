"""Evidence of a unit: how much it may keep, and where the same file proves something else."""

from decimal import Decimal

import pytest
from pytest_django.fixtures import Settings

from capaian.collection.entries import EvidenceEntry
from capaian.collection.models import Evidence
from capaian.collection.proofs import lay_twins
from capaian.documents.store import Kept
from capaian.journal.reason import Refused
from capaian.planning.models import Card
from tests.collection.conftest import card, collect, office, save, sheet, told
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.people_in import text_of

__all__ = ["card", "office"]


def proof(card: Card, key: str, sha256: str, size: int = 10, period: str = "2026-Q1") -> EvidenceEntry:
    """Return a file that proves a card's figure."""
    return EvidenceEntry(card.pk, period, Kept(key * 40, sha256 * 64, size, "application/pdf", "bukti.pdf"))


def test_the_same_file_elsewhere_is_told(office: Engine, card: Card) -> None:
    other = make_card(office.world, "Aduan", units=("ikp",))
    run = collect(office)
    mine = [proof(card, "a", "f"), proof(other, "b", "f"), proof(other, "c", "e")]
    save(office, run, "ikp", *(told(line, Decimal(1)) for line in sheet(office, run, "ikp").lines), evidence=mine)
    rows = list(Evidence.objects.select_related("file").order_by("pk"))
    lay_twins(office.reach("ikp"), rows)
    here, there = (f"“{each.name}” Triwulan I 2026, Ikp Melati" for each in (card, other))
    assert [row.also for row in rows] == [(there,), (here,), ()]
    form = sheet(office, run, "ikp").form
    assert form is not None
    page = text_of(client_of(office, "team").get(f"/formulir/{form.public_id}/"))
    assert f"Berkas yang sama juga menjadi bukti {there}." in page


def test_a_unit_keeps_no_more_than_its_share(office: Engine, card: Card, settings: Settings) -> None:
    settings.CAPAIAN_UNIT_MB = 1
    run = collect(office)
    save(office, run, "ikp", evidence=[proof(card, "a", "f", 700_000)])
    with pytest.raises(Refused, match="sudah memenuhi jatah 1 MB"):
        save(office, run, "ikp", evidence=[proof(card, "b", "e", 300_001)])
    assert Evidence.objects.count() == 1
    save(office, run, "secretariat", evidence=[proof(card, "c", "d", 900_000)])
    save(office, run, "ikp", evidence=[proof(card, "d", "c", 300_000)])
    settings.CAPAIAN_UNIT_MB = 2
    save(office, run, "ikp", evidence=[proof(card, "b", "e", 300_001)])
    assert Evidence.objects.count() == 4

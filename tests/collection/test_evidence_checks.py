"""Evidence that is missing or of another time: told, to be explained, or blocking, as the indicator's checks say."""

from datetime import date
from decimal import Decimal

import pytest

from capaian.collection import actions, checks
from capaian.collection.checks import USUAL
from capaian.collection.entries import CheckEntry, EvidenceEntry
from capaian.collection.models import Check, Evidence
from capaian.journal.reason import Refused
from capaian.planning.models import Card
from capaian.sop.models import Run
from tests.collection.conftest import collect, save, sheet, submit, told
from tests.sop.driver import Engine

LINK = "https://contoh.go.id/laporan"


def filled(office: Engine, dated: date | None, *, proof: bool = True, cause: str = "") -> Run:
    run = collect(office)
    line = sheet(office, run, "ikp").lines[0]
    proofs = [EvidenceEntry(line.card.pk, line.period.code, link=LINK, dated=dated)] if proof else []
    save(office, run, "ikp", told(line, Decimal(5), cause=cause), evidence=proofs)
    return run


def held(office: Engine, card: Card, **severities: str) -> None:
    wanted = dict(USUAL) | {kind: CheckEntry(severity) for kind, severity in severities.items()}
    actions.set_checks(indicator=card.indicator, checks=wanted, edition=0, by=office.actor("team"))


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 4, 1)])
def test_evidence_of_another_time_is_to_be_explained(office: Engine, card: Card, day: date) -> None:
    run = filled(office, day)
    with pytest.raises(Refused, match=f"bertanggal {day:%d-%m-%Y}, di luar Triwulan I 2026"):
        submit(office, run, "ikp")
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(5), cause="Terbit kemudian"))
    submit(office, run, "ikp")


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 3, 31), None])
def test_evidence_of_the_period_or_without_a_date_says_nothing(office: Engine, card: Card, day: date | None) -> None:
    run = filled(office, day)
    assert Evidence.objects.get().dated == day
    submit(office, run, "ikp")


def test_missing_evidence_is_held_as_the_checks_say(office: Engine, card: Card) -> None:
    run = filled(office, None, proof=False)
    assert checks.findings(sheet(office, run, "ikp").lines[0]) == []
    held(office, card, unproved="block")
    with pytest.raises(Refused, match="Belum ada bukti untuk angka ini"):
        submit(office, run, "ikp")


def test_a_blind_check_is_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = {**checks.SENTENCES, Check.Kind.OUTSIDE: lambda *_: ""}
    monkeypatch.setattr(checks, "SENTENCES", blind)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_evidence_of_another_time_is_to_be_explained(office, card, date(2026, 4, 1))

"""Targets come from the Perjanjian Kinerja in force at a period's end; elapsed periods keep theirs."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from capaian.journal.reason import Refused
from capaian.measurement import measuring, papers, promised, queries
from capaian.measurement.computing import measured
from capaian.measurement.recap import lines
from capaian.measurement.snapshot import NOBODY, Before, inputs_of
from capaian.periods.period import Period
from capaian.planning import actions, promise_rules
from capaian.planning.entries import PartyEntry, TargetEntry
from capaian.planning.models import Agreement, Card, Level, Target
from capaian.planning.promises import promises
from tests.factories import World, make_agency
from tests.measurement.conftest import collected, measure, office, row, worksheet
from tests.measurement.conftest import measuring as brought
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.looks import text

__all__ = ["office"]
pytestmark = pytest.mark.django_db
TARGETS = {"2026": "50", "2026-Q1": "10", "2026-Q2": "10", "2026-Q3": "10", "2026-Q4": "10"}
NO_ROW: Mapping[str, Any] = {"key": "", "digest": "", "computed_at": "", "computed_by": ""}


@pytest.fixture
def world() -> World:
    return make_agency("Melati")


def at(day: str) -> Any:
    return time_machine.travel(f"{day} 09:00 +07:00", tick=False)


def promise(world: World, since: str, on: str = "", position: str = "head", **how: Any) -> Agreement:
    with at(on or since):
        party = PartyEntry("Bupati Contoh", "Bupati", reason="APBD Perubahan")
        draft = actions.draft_agreement(
            agency=world.agency, year=2026, party=party, edition=0, by=world.actor("team"),
            position=world.positions[position], **how,
        )  # fmt: skip
        day, by = date.fromisoformat(since), world.actor("head")
        return actions.put_agreement_in_force(agreement=draft, in_force_from=day, edition=1, by=by)


def revise(world: World, card: Card, on: str, **said: str) -> Card:
    """Open, change, approve and activate a later version: targets by the end of their period's code."""
    with at(on):
        by = world.actor("team")
        draft = actions.revise_card(card=card, reason="APBD Perubahan", by=by)
        texts = {target.period: str(target.value) for target in card.targets.all()}
        texts |= {"2026" if name == "year" else f"2026-{name}": value for name, value in said.items()}
        targets = [TargetEntry(period, Decimal(value)) for period, value in texts.items()]
        draft = actions.set_targets(card=draft, targets=targets, edition=1, by=by)
        actions.approve_revision(card=draft, edition=2, by=world.actor("head"))
        return actions.activate_cards(agency=world.agency, year=2026, seen={draft.pk: 2}, by=by)[0]


def snapshot(world: World, card: Card, period: str, *, value: str = "10") -> dict[str, Any]:
    own = [each.code for each in Period.parse("2026").parts(Period.parse("2026-Q1").kind)]
    rows = {code: {"period": code, "value": value, "units": []} for code in own}
    given = {"periods": [rows[period]]}
    before = Before({code: rows[code] for code in own})
    return inputs_of(card, Period.parse(period), given, before, NO_ROW, promises(world.reach("team"), 2026))


def targets(inputs: Mapping[str, Any]) -> list[str | None]:
    return [point["target"] and point["target"]["value"] for point in inputs["periods"]]


def versions(inputs: Mapping[str, Any]) -> list[int | None]:
    found = promised.agreements_of(inputs)
    return [found[point["agreement"]]["version"] if point["agreement"] else None for point in inputs["periods"]]


def test_a_target_counts_once_it_is_promised(world: World) -> None:
    first = make_card(world, "a", targets=TARGETS, consolidation="sum")
    promise(world, "2026-01-02")
    second = revise(world, first, "2026-08-15", Q3="20", Q4="30", year="70")
    promise(world, "2026-10-20")
    end = snapshot(world, second, "2026-Q4")
    assert (targets(end), versions(end)) == (["10", "10", "10", "30"], [1, 1, 1, 2])
    assert (end["year_target"]["value"], promised.agreements_of(end)[end["year_agreement"]]["version"]) == ("70", 2)
    third = snapshot(world, second, "2026-Q3")
    assert (targets(third), versions(third)) == (["10", "10", "10"], [1, 1, 1])
    own = inputs_of(second, Period.parse("2026-Q3"), None, Before(), NO_ROW, NOBODY)
    assert targets(own) == ["10", "10", "20"]  # what the card alone would say


def test_the_year_is_held_against_its_own_target_never_the_sum(world: World) -> None:
    card = make_card(world, "a", targets=TARGETS, consolidation="sum")
    promise(world, "2026-01-02")
    found = measured(snapshot(world, card, "2026-Q4"))
    assert (found.outcome.result.shown, found.outcome.target) == (Decimal(100), "40")
    assert found.year is not None
    assert (found.year.result.shown, found.year.target) == (Decimal(80), "50")


def test_without_an_agreement_the_cards_own_target_counts_and_is_called_so(world: World) -> None:
    card = make_card(world, "a", targets=TARGETS)
    inputs = snapshot(world, card, "2026-Q2")
    assert (targets(inputs), versions(inputs)) == (["10", "10"], [None, None])
    assert promised.source_of_target(inputs, "") == promised.OWN
    assert promised.target_remark(inputs) == ""
    promise(world, "2026-05-04")
    mixed = snapshot(world, card, "2026-Q2")
    assert versions(mixed) == [None, 1]
    assert promised.target_remark(mixed) == "target PK versi 1"


def test_what_the_kepala_does_not_promise_comes_from_another_official(world: World) -> None:
    card = make_card(world, "a", targets=TARGETS, level=Level.PROGRAMME)
    iku = make_card(world, "b", targets=TARGETS)
    promise(world, "2026-01-05", position="ikp", card_ids=[card.pk, iku.pk])
    promise(world, "2026-01-06", card_ids=[iku.pk])
    of_division, of_head = snapshot(world, card, "2026-Q1"), snapshot(world, iku, "2026-Q1")
    (facts,) = promised.agreements_of(of_division).values()
    assert (facts["of_the_head"], facts["version"]) == (False, 1)
    assert promised.target_remark(of_division) == f"target PK {facts['official']} versi 1"
    assert promised.target_remark(of_head) == "target PK versi 1"


def back_dated(world: World) -> Agreement:
    card = make_card(world, "a", targets=TARGETS, consolidation="sum")
    promise(world, "2026-01-02")
    revise(world, card, "2026-08-15", Q3="20", Q4="30")
    return promise(world, "2026-08-20", on="2026-11-10")


def test_an_agreement_dated_back_rewrites_no_elapsed_period(world: World) -> None:
    with pytest.raises(Refused) as refused:
        back_dated(world)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [("period_elapsed", "in_force_from")]
    assert "Triwulan III" in refused.value.reasons[0].text
    assert targets(snapshot(world, Card.objects.get(is_current=True), "2026-Q3")) == ["10", "10", "10"]


def test_without_that_guard_it_would(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise_rules, "closed", lambda *_: ())
    back_dated(world)
    assert targets(snapshot(world, Card.objects.get(is_current=True), "2026-Q3")) == ["10", "10", "20"]


def test_an_agreement_dated_back_that_changes_nothing_is_taken(world: World) -> None:
    make_card(world, "a", targets=TARGETS)
    assert promise(world, "2026-01-02", on="2026-08-20").in_force_from == date(2026, 1, 2)


def test_page_paper_and_snapshot_say_which(office: Engine) -> None:
    make_card(office.world, "Layanan", targets={"2026-Q1": "80"})
    other = make_card(office.world, "Lain", targets={"2026-Q1": "5"})
    kept = [card.pk for card in Card.objects.exclude(pk=other.pk)]
    with time_machine.travel("2026-03-02 09:00 +07:00", tick=False):
        promise(office.world, "2026-03-02", card_ids=kept)
    collected(office, {"Layanan": "72", "Lain": "4"})
    item = brought(office)
    Target.objects.filter(card__name__startswith="Lain").update(value=Decimal(4))
    measure(office, item)
    assert set(Card.objects.values_list("measured_to", flat=True)) == {date(2026, 3, 31)}
    sheet, found = worksheet(office, item.run), row(office, item.run, "Layanan")
    (facts,) = found.inputs["agreements"].values()
    name = promised.long_name(facts)
    cells_of = [papers.line_cells(line) for line in measuring.preview(office.reach("team"), item.run).lines]
    assert [cells[-2] for cells in cells_of] == ["target PK versi 1", ""]
    (origins,) = papers.promise_blocks(lines(sheet.measurements.all()))
    assert origins["rows"] == [["1.", name, "1"], ["2.", promised.OWN_TARGET, "1"]]
    team = client_of(office, "team")
    whole = text(team.get(f"/kertas-kerja/{sheet.public_id}/"))
    assert name in whole
    assert promised.OWN_TARGET in whole
    shown = text(team.get(f"/pengukuran/{found.public_id}/"))
    assert f"Target: {name}" in shown
    assert f"Target: {promised.OWN}" in text(team.get(f"/pengukuran/{row(office, item.run, 'Lain').public_id}/"))
    assert queries.outdated(office.reach("team"), sheet) is False

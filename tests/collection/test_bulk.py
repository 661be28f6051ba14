"""All figures of a round in one table, narrowed; several forms returned with one note, or none with named reasons."""

from decimal import Decimal

import pytest

from capaian.agencies.models import Unit
from capaian.collection import actions, bulk, return_actions
from capaian.collection.bulk import BulkForm
from capaian.journal.models import Entry
from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from capaian.planning.models import Card
from capaian.sop.models import Run, WorkItem
from tests.collection.conftest import advance, collect, filling, report, save, sheet, submit, told
from tests.planning.cards import make_card
from tests.sop.driver import Engine, open_items

UNITS = ("secretariat", "ikp", "aptika")


def units(office: Engine, *names: str) -> list[Unit]:
    return [office.world.units[name] for name in names]


def send_back(office: Engine, run: Run, *names: str, note: str = "Periksa lagi", token: str = "") -> list[WorkItem]:
    team = office.reach("team")
    return actions.return_forms(
        run=run, units=units(office, *names), note=note, by=team.actor(role="team", token=token), reach=team
    )


def submitted(office: Engine, *names: str) -> Run:
    """A round in which some units have submitted 10."""
    make_card(office.world, "Bersama", units=UNITS, targets={"2026-Q1": "20"})
    run = collect(office)
    for name in names:
        report(office, run, name, Decimal(10))
    return run


def forms(office: Engine, run: Run, only: str = "", unit: str = "") -> list[BulkForm]:
    found, _ = bulk.forms_of(office.reach("team"), run)
    return bulk.narrowed(found, office.world.units[unit].public_id if unit else "", only)


def shown(found: list[BulkForm]) -> list[tuple[str, str]]:
    return [(form.standing.unit.name.split()[0], row.name.split()[0]) for form in found for row in form.rows]


def test_rows_tell_figure_target_achievement_and_state(office: Engine) -> None:
    run = submitted(office, "ikp")
    rows = {form.standing.unit.name.split()[0]: form.rows[0] for form in forms(office, run)}
    ikp = rows["Ikp"]
    assert (ikp.shown, ikp.target, ikp.achievement, ikp.proofs, ikp.state.value) == ("10", "20", "50,00 %", 0, "filled")
    assert (rows["Aptika"].shown, rows["Aptika"].achievement, rows["Aptika"].state.value) == ("", "", "empty")
    assert [form.may_return for form in forms(office, run)] == [False, True, False]


def test_table_is_narrowed(office: Engine, card: Card) -> None:
    make_card(office.world, "Wajib", units=("ikp",), evidence="Laporan")
    run = submitted(office, "aptika")
    lines = sheet(office, run, "ikp").lines
    save(office, run, "ikp", told(lines[0], Decimal(1)), told(lines[1], Decimal(2), cause="Ada sebabnya"))
    assert shown(forms(office, run, "empty")) == [
        ("Secretariat", "Layanan"),
        ("Secretariat", "Bersama"),
        ("Ikp", "Bersama"),
    ]
    assert shown(forms(office, run, "unproved")) == [("Ikp", "Layanan"), ("Ikp", "Wajib"), ("Aptika", "Bersama")]
    assert shown(forms(office, run, "unproved", "ikp")) == [("Ikp", "Layanan"), ("Ikp", "Wajib")]
    assert forms(office, run, "changed") == forms(office, run, "warned") == []
    assert forms(office, run)[1].rows[1].reason == "Ada sebabnya"


def test_what_differs_from_the_last_recapitulation_is_found(office: Engine) -> None:
    run = submitted(office, *UNITS)
    assert not bulk.forms_of(office.reach("team"), run)[1]
    advance(office, run, "A09")
    office.complete(open_items(run)[0])
    office.complete(
        open_items(run)[0], decision="no", note="Periksa", target="A07", unit_ids=(office.world.units["ikp"].pk,)
    )
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(12)))
    submit(office, run, "ikp")
    (form,) = forms(office, run, "changed")
    assert (form.rows[0].shown, form.rows[0].before) == ("12", "10")


def test_several_forms_go_back_with_one_note(office: Engine) -> None:
    run = submitted(office, *UNITS)
    opened = send_back(office, run, "ikp", "aptika", token="x")
    assert {(item.unit.name.split()[0], item.return_note, item.visit) for item in opened if item.unit} == {
        ("Ikp", "Periksa lagi", 2), ("Aptika", "Periksa lagi", 2),
    }  # fmt: skip
    assert [item.step.key for item in open_items(run)] == ["A07", "A07"]
    assert Entry.objects.filter(verb="returned_work").count() == 2
    with pytest.raises(Replayed):
        send_back(office, run, "ikp", "aptika", token="x")
    report(office, run, "ikp", Decimal(11))
    report(office, run, "aptika", Decimal(11))
    assert [item.step.key for item in open_items(run)] == ["A08"]


def test_one_form_that_cannot_go_back_keeps_all(office: Engine) -> None:
    run = submitted(office, "ikp")
    with pytest.raises(Refused, match="Aptika Melati: Formulir Aptika Melati belum disampaikan") as refused:
        send_back(office, run, "ikp", "aptika")
    assert "Ikp" not in str(refused.value)
    assert not WorkItem.objects.filter(run=run, visit=2).exists()
    assert not Entry.objects.filter(verb="returned_work").exists()


def test_what_holds_for_all_is_said_once(office: Engine) -> None:
    run = submitted(office, "ikp", "aptika")
    with pytest.raises(Refused) as refused:
        send_back(office, run, "ikp", "aptika", note=" ")
    assert [reason.code for reason in refused.value.reasons] == ["note_empty"]
    with pytest.raises(Refused, match="Belum ada formulir yang dipilih"):
        send_back(office, run)
    planner = office.reach("planner")
    with pytest.raises(Refused, match="tidak berwenang"):
        actions.return_forms(run=run, units=units(office, "ikp"), note="x", by=planner.actor(), reach=planner)


def test_a_return_of_some_is_noticed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_actions, "about_units", lambda *_: [])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_one_form_that_cannot_go_back_keeps_all(office)


def test_waived_and_open_forms_are_not_offered(office: Engine) -> None:
    run = submitted(office, "ikp")
    office.waive(filling(run, office, "aptika"))
    assert [form.may_return for form in forms(office, run)] == [False, True, False]

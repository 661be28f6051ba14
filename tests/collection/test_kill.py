"""Every action of the collection, killed at each of its writes, leaves all or nothing, and happens once."""

import io
import os
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from random import Random

import pytest
from django.db import transaction

from capaian.collection import actions
from capaian.collection.checks import USUAL
from capaian.collection.entries import EvidenceEntry, FormEntry, HistoryEntry
from capaian.collection.import_actions import proposal_of
from capaian.collection.models import Actual, FormImport, UnitForm
from capaian.documents import store
from capaian.documents.store import Kept
from capaian.journal.queries import breaks
from capaian.planning.models import Card
from capaian.sop import step_rules
from capaian.sop.models import Run
from tests.collection.conftest import BLANK, advance, collect, filling, save, sheet, submit, told
from tests.collection.offline_edit import taken_along
from tests.planning.cards import make_card
from tests.sop.driver import Engine, open_items
from tests.sop.fingerprint import ALL_ROOMS, changed, fingerprint, rolled_back
from tests.sop.kills import Killed, killed_at, leaky, survives

PROOF = os.environ.get("CAPAIAN_PROOF") == "1"
ROWS, KILLS = (2000, 40) if PROOF else (30, 3)


def by_team(office: Engine, run: Run, act: Callable[..., object]) -> partial[object]:
    """Return an action of Tim SAKIP on the run's open item, with a form's token."""
    item = open_items(run).select_related("run__agency").get()
    team = office.reach("team")
    by = step_rules.actor_for(team, item, f"formulir-{item.pk}")
    return partial(act, item=item, answer=BLANK, by=by, reach=team)


def filled(office: Engine, run: Run) -> FormEntry:
    """Return what a unit says: a figure, raw data, explanations, a file and a link."""
    plain, ratio = sheet(office, run, "ikp").lines
    first, second = ratio.card.data.all()
    place = (plain.card.pk, plain.period.code)
    file = Kept("c" * 40, "c" * 64, 10, "application/pdf", "bukti.pdf")
    data = told(ratio, data={first.pk: Decimal(1), second.pk: Decimal(4)}, cause="Sebab")
    proofs = [EvidenceEntry(*place, file), EvidenceEntry(*place, link="https://contoh.go.id")]
    return FormEntry([told(plain, Decimal(5)), data], proofs)


@pytest.mark.slow
def test_every_action_of_a_round(office: Engine, card: Card) -> None:
    make_card(office.world, "Rasio", units=("ikp",), data=("a", "b"), formula="a / b * 100")
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A05")
    kills = [survives(by_team(office, run, actions.prepare_forms), ALL_ROOMS)]
    kills.append(survives(by_team(office, run, actions.distribute_forms), ALL_ROOMS))
    person, item = office.reach("ikp"), filling(run, office, "ikp")
    form = UnitForm.objects.get(round__run=run, unit=office.world.units["ikp"])
    by = person.actor(token="terima")
    kills.append(survives(partial(actions.acknowledge_form, form=form, by=by, reach=person), ALL_ROOMS))
    by = step_rules.actor_for(person, item, "simpan")
    said = partial(actions.save_form, item=item, entry=filled(office, run), edition=0, by=by, reach=person)
    kills.append(survives(said, ALL_ROOMS))
    by = step_rules.actor_for(person, item, "sampaikan")
    sent = partial(actions.submit_form, item=item, edition=1, answer=BLANK, by=by, reach=person)
    kills.append(survives(sent, ALL_ROOMS))
    save(office, run, "secretariat", told(sheet(office, run, "secretariat").lines[0], Decimal(1)))
    submit(office, run, "secretariat")
    office.waive(filling(run, office, "aptika"))
    kills.append(survives(by_team(office, run, actions.recapitulate), ALL_ROOMS))
    assert min(kills) >= 3, kills
    assert list(breaks(office.world.agency.public_id)) == []


def test_history_is_recorded_whole(office: Engine, card: Card) -> None:
    unit = office.world.units["ikp"].pk
    figures = [HistoryEntry(card.pk, unit, f"2026-Q{number}", Decimal(number), "Renstra") for number in (1, 2)]
    by = office.actor("team").with_token("riwayat")
    act = partial(actions.record_history, agency=office.world.agency, figures=figures, by=by)
    assert survives(act, ALL_ROOMS) >= 3


def test_checks_are_set_whole(office: Engine, card: Card) -> None:
    by = office.actor("team").with_token("periksa")
    act = partial(actions.set_checks, indicator=card.indicator, checks=dict(USUAL), edition=0, by=by)
    assert survives(act, ALL_ROOMS) >= 8


@pytest.mark.slow
def test_halves_are_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    run = collect(office)
    for unit in ("secretariat", "ikp"):
        save(office, run, unit, told(sheet(office, run, unit).lines[0], Decimal(1)))
        submit(office, run, unit)
    office.waive(filling(run, office, "aptika"))
    advance(office, run, "A08")
    act = by_team(office, run, actions.recapitulate)
    monkeypatch.setattr(transaction, "atomic", leaky)
    with pytest.raises(AssertionError, match="left behind when killed at write 2"):
        survives(act, ALL_ROOMS)


def brought(office: Engine, run: Run) -> partial[FormImport]:
    """Return what keeps a filled-in file of a unit."""
    book = taken_along(office, run, "ikp")
    for down in book.body():
        book.put(down, "value", 5)
    kept = store.keep(io.BytesIO(book.saved()), "isian.xlsx")
    person = office.reach("ikp")
    by, unit = person.actor(token="unggah"), office.world.units["ikp"]
    return partial(actions.keep_import, run=run, unit=unit, kept=kept, by=by, reach=person)


def test_a_file_is_kept_and_applied_whole(office: Engine, card: Card) -> None:
    make_card(office.world, "Rasio", units=("ikp",), data=("a", "b"), formula="a / b * 100")
    run = collect(office)
    keep = brought(office, run)
    with rolled_back():
        assert survives(keep, ALL_ROOMS) == 2
    upload = keep()
    person = office.reach("ikp")
    seen = proposal_of(upload, person).digest
    by = person.actor(token="terapkan")
    act = partial(actions.apply_import, upload=upload, seen=seen, mine=(), by=by, reach=person)
    assert survives(act, ALL_ROOMS) >= 8
    assert list(breaks(office.world.agency.public_id)) == []


@pytest.mark.slow
def test_a_large_file_killed_at_any_moment_is_applied_whole_or_not_at_all(office: Engine) -> None:
    for place in range(ROWS):
        make_card(office.world, f"Indikator {place}", units=("ikp",))
    run = collect(office)
    upload = brought(office, run)()
    person = office.reach("ikp")
    seen, by = proposal_of(upload, person).digest, person.actor(token="terapkan")
    act = partial(actions.apply_import, upload=upload, seen=seen, mine=(), by=by, reach=person)
    before = fingerprint(ALL_ROOMS)
    for moment in sorted(Random(1123).sample(range(1, ROWS + 4), KILLS)):
        with pytest.raises(Killed), killed_at(moment):
            act()
        assert not changed(before, fingerprint(ALL_ROOMS)), f"left behind when killed at write {moment}"
    assert act() == ROWS
    assert Actual.objects.filter(is_current=True).count() == ROWS
    print(f"{ROWS} rows, {KILLS} kills, {KILLS} times nothing written, then all rows")

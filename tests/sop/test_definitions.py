"""Definitions belong to agencies, versions never change, runs keep theirs unless they are moved."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from capaian.agencies.queries import calendar_of
from capaian.journal.models import Entry
from capaian.journal.reason import Refused
from capaian.sop import actions, flow_actions, run_actions, run_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Definition, Run, Step, Version, WorkItem
from capaian.sop.shipped import shipped, shipped_hash, shipped_text
from tests.sop import declared
from tests.sop.driver import Engine, issue_papers, keys, make_engine, open_items
from tests.sop.fingerprint import changed, fingerprint, rows
from tests.sop.mutants import without

VERSION_TABLES = ("role", "step", "stepparty", "stepinput", "stepoutput", "stepreading", "returntarget", "stepwait")
Spec = dict[str, Any]


def content() -> dict[str, list[tuple[object, ...]]]:
    """Return every row that a version consists of."""
    return {table: rows(f"sop_{table}") for table in VERSION_TABLES}


def edited() -> Spec:
    """Return the collection with a step put in after A08 and A09 left out."""
    spec: Spec = deepcopy(dict(shipped("pengumpulan")))
    steps = {step["key"]: step for step in spec["steps"]}
    extra = {
        "key": "A08a",
        "text": "Tim SAKIP memeriksa rekapitulasi",
        "parties": {"performs": ["team"]},
        "time": {"amount": 15, "unit": "minute", "printed": "15 Menit"},
        "outputs": [{"name": "Catatan Pemeriksaan"}],
        "next": "A10",
    }
    steps["A08"]["next"] = "A08a"
    steps["A10"]["inputs"] = [{"name": "Rekapitulasi", "source": "step", "from_step": "A08"}]
    steps["A10"]["returns"] = [{"to": "A08", "default": True}, {"to": "A07", "per_unit": True}]
    spec["steps"] = [step for step in spec["steps"] if step["key"] != "A09"]
    spec["steps"].insert([step["key"] for step in spec["steps"]].index("A10"), extra)
    return spec


def without_wait() -> Spec:
    """Return the measurement without its wait for A10, with a shorter time for B05."""
    spec: Spec = deepcopy(dict(shipped("pengukuran")))
    step = next(step for step in spec["steps"] if step["key"] == "B05")
    del step["waits"]
    step["time"] = {"amount": 30, "unit": "minute", "printed": "30 Menit"}
    return spec


def without_b05() -> Spec:
    """Return the measurement without B05."""
    spec: Spec = deepcopy(dict(shipped("pengukuran")))
    steps = {step["key"]: step for step in spec["steps"]}
    steps["B04"]["next"] = "B06"
    steps["B06"]["inputs"] = [{"name": "Kertas Kerja Pengukuran Kinerja", "source": "step", "from_step": "B04"}]
    steps["B08"]["returns"] = [{"to": "B06", "default": True}]
    spec["steps"] = [step for step in spec["steps"] if step["key"] != "B05"]
    return spec


def publish(office: Engine, code: str, spec: Spec) -> Version:
    return actions.publish_version(definition=office.definitions[code], spec=spec, by=office.actor("admin"))


def move(office: Engine, run: Run, version: Version, who: str = "head") -> Run:
    return actions.move_run(run=run, version=version, by=office.actor(who), reach=office.reach(who))


def test_an_agency_owns_its_copies(office: Engine) -> None:
    other = make_engine("Kenanga", region="Lain")
    assert sorted(office.definitions) == ["A", "A-R", "B", "B-R"]
    for code, file in declared.FILES.items():
        mine = office.definitions[code]
        assert mine.pk != other.definitions[code].pk
        assert (mine.template_key, mine.template_hash) == (file, shipped_hash(file))
        (version,) = mine.versions.all()
        assert (version.number, version.state) == (1, "published")
        assert [step.key for step in version.steps.all()] == list(declared.steps(code))
        assert version.text["chapters"] == shipped_text()["chapters"]
    publish(office, "A", edited())
    assert [row.state for row in other.definitions["A"].versions.all()] == ["published"]
    assert actions.adopt_shipped(agency=office.world.agency, by=office.world.admin) == []
    assert Definition.objects.filter(agency=office.world.agency).count() == 4


def test_numbers_of_steps_are_those_of_the_sop(office: Engine) -> None:
    for code in declared.FILES:
        steps = office.definitions[code].versions.get().steps.all()
        assert [step.ordinal for step in steps] == [int(step.key[1:]) for step in steps]
    version = publish(office, "A", edited())
    numbered = {step.key: step.ordinal for step in version.steps.all()}
    assert list(numbered.values()) == list(range(1, 13))
    assert (numbered["A08"], numbered["A08a"], numbered["A10"]) == (8, 9, 10)


def test_a_published_version_never_changes(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    before = content()
    version = publish(office, "A", edited())
    office.advance(run, until="A07")
    move(office, run, version)
    office.finish(run)
    after = content()
    assert {table: after[table][: len(found)] for table, found in before.items()} == before
    states = office.definitions["A"].versions.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "retired"), (2, "published")]


def test_only_one_version_is_in_force(office: Engine) -> None:
    publish(office, "A", edited())
    with pytest.raises(IntegrityError), transaction.atomic():
        office.definitions["A"].versions.update(state=Version.State.PUBLISHED)


def test_a_version_that_cannot_run_is_not_published(office: Engine) -> None:
    spec = edited()
    spec["steps"][3]["next"] = "A99"
    before = fingerprint()
    with pytest.raises(Refused) as refused:
        publish(office, "A", spec)
    assert "next_unknown" in [reason.code for reason in refused.value.reasons]
    assert not changed(before, fingerprint())


def test_an_open_run_keeps_its_version(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A08")
    version = publish(office, "A", edited())
    (newer,) = office.schedule("2026-Q2", "A")
    assert newer.version == version
    office.finish(run)
    assert {item.step.version_id for item in run.items.select_related("step")} == {run.version_id}
    assert run.items.filter(step__key="A09").exists()


def test_a_moved_run_keeps_its_open_units_and_goes_the_new_way(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A07")
    office.complete(open_items(run)[0])
    before = list(open_items(run).values_list("pk", "unit_id", "visit"))
    version = publish(office, "A", edited())
    run = move(office, run, version)
    assert list(open_items(run).values_list("pk", "unit_id", "visit")) == before
    assert {item.step.version_id for item in open_items(run)} == {version.pk}
    office.complete(open_items(run)[0])
    assert keys(run) == ["A07"]
    passed = []
    while (item := open_items(run).first()) is not None:
        passed.append(item.step.key)
        issue_papers()
        office.complete(item)
    assert passed == ["A07", "A08", "A08a", "A10", "A11", "A12"]
    moved = Entry.objects.get(verb="moved_run")
    assert moved.payload["to"] == version.public_id


def test_a_moved_run_returns_within_its_new_version(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A10")
    run = move(office, run, publish(office, "A", edited()))
    with pytest.raises(Refused):
        office.complete(open_items(run)[0], decision="no", note="Redaksi", target="A09")
    unit = office.world.units["ikp"]
    office.complete(open_items(run)[0], decision="no", note="Kurang", target="A07", unit_ids=(unit.pk,))
    (item,) = open_items(run)
    assert (item.unit, item.visit, item.step.version_id) == (unit, 2, run.version_id)


def test_a_run_is_not_moved_off_the_step_on_which_it_stands(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A09")
    version = publish(office, "A", edited())
    before = fingerprint()
    with pytest.raises(Refused) as refused:
        move(office, run, version)
    assert [reason.code for reason in refused.value.reasons] == ["open_step_gone"]
    assert not changed(before, fingerprint())
    office.complete(open_items(run)[0])
    assert keys(run) == ["A10"]


def test_a_moved_item_is_due_by_its_new_time(office: Engine) -> None:
    first, second = office.open("2026-Q1", "A", "B")
    office.advance(first, until="A11")
    office.advance(second, until="B05")
    second = move(office, second, publish(office, "B", without_wait()))
    (item,) = open_items(second)
    calendar = calendar_of(office.world.agency)
    assert item.due_at == flow_actions.due_at(calendar, item.step, item.opened_at)
    assert item.step.amount == 30


def test_a_waiting_run_waits_on_in_its_new_version(office: Engine) -> None:
    first, second = office.open("2026-Q1", "A", "B")
    office.advance(second)
    version = publish(office, "B", deepcopy(dict(shipped("pengukuran"))))
    second = move(office, second, version)
    assert keys(second) == []
    office.advance(first, until="A11")
    (item,) = open_items(second)
    assert (item.step.key, item.step.version_id) == ("B05", version.pk)


def test_a_waiting_run_goes_on_when_the_new_version_waits_for_nothing(office: Engine) -> None:
    _, second = office.open("2026-Q1", "A", "B")
    office.advance(second)
    second = move(office, second, publish(office, "B", without_wait()))
    assert keys(second) == ["B05"]
    assert Run.objects.get(pk=second.pk).waiting_at is None


def test_a_waiting_run_is_not_moved_off_the_step_it_waits_for(office: Engine) -> None:
    _, second = office.open("2026-Q1", "A", "B")
    office.advance(second)
    version = publish(office, "B", without_b05())
    before = fingerprint()
    with pytest.raises(Refused) as refused:
        move(office, second, version)
    assert [reason.code for reason in refused.value.reasons] == ["open_step_gone"]
    assert not changed(before, fingerprint())


@pytest.mark.parametrize("who", ["team", "planner", "staff"])
def test_others_do_not_move_a_run(office: Engine, who: str) -> None:
    (run,) = office.open("2026-Q1", "A")
    version = publish(office, "A", edited())
    with pytest.raises(Refused) as refused:
        move(office, run, version, who)
    assert [reason.code for reason in refused.value.reasons] == ["not_allowed"]


@pytest.mark.parametrize("which", ["own", "retired", "other"])
def test_a_run_is_moved_only_to_the_version_in_force(office: Engine, which: str) -> None:
    (run,) = office.open("2026-Q1", "A")
    version: dict[str, Callable[[], Version]] = {
        "own": lambda: run.version,
        "retired": lambda: (publish(office, "A", edited()), publish(office, "A", edited()))[0],
        "other": office.definitions["B"].versions.get,
    }
    with pytest.raises(Refused) as refused:
        move(office, run, version[which]())
    assert [reason.code for reason in refused.value.reasons] == ["version_not_newer"]


def test_the_question_for_the_version_in_force_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, run_rules, "reasons_not_to_move", "version.definition_id != run.definition_id", "False")
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        test_a_run_is_moved_only_to_the_version_in_force(office, "other")


def test_the_question_for_a_step_that_is_gone_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, run_actions, "_same_step", "steps.get(step.key)", "steps.get(step.key, step)")
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_a_run_is_not_moved_off_the_step_on_which_it_stands(office)


def finished(office: Engine, period: str = "2026-01") -> Run:
    (run,) = office.open(period, "A-R")
    office.finish(run)
    return run


def correct(office: Engine, run: Run) -> Run:
    return actions.correct_run(run=run, reason="Data keliru", by=office.actor("head"), reach=office.reach("head"))


def frozen(run: Run) -> list[object]:
    """Return everything that an archived run consists of."""
    items = list(WorkItem.objects.filter(run=run).order_by("pk").values_list())
    papers = list(run.items.order_by("papers__pk").values_list("papers__pk", "papers__document__number"))
    return [list(Run.objects.filter(pk=run.pk).values_list()), items, papers]


def test_a_correction_is_a_new_revision_and_leaves_the_archive_alone(office: Engine) -> None:
    run = finished(office)
    before = frozen(run)
    version = publish(office, "A-R", deepcopy(dict(shipped("pengumpulan-ringkas"))))
    new = correct(office, run)
    assert (new.revision, new.corrects, new.status, new.version) == (1, run, "open", version)
    assert new.reason == "Data keliru"
    assert keys(new) == ["A06"]
    office.finish(new)
    assert frozen(run) == before
    again = correct(office, new)
    assert (again.revision, again.corrects) == (2, new)


def test_one_correction_at_a_time(office: Engine) -> None:
    run = finished(office)
    new = correct(office, run)
    before = fingerprint()
    with pytest.raises(Refused) as refused:
        correct(office, run)
    assert [reason.code for reason in refused.value.reasons] == ["correction_open"]
    assert not changed(before, fingerprint())
    actions.cancel_run(run=new, reason="Tidak jadi", by=office.actor("head"), reach=office.reach("head"))
    assert correct(office, run).revision == 2


def test_the_question_for_an_open_correction_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database still refuses: one unfinished run for a procedure and period."""
    without(monkeypatch, run_rules, "reasons_not_to_correct", "unfinished.exists()", "False")
    with pytest.raises(IntegrityError), transaction.atomic():
        test_one_correction_at_a_time(office)


def test_waking_after_a_cancellation_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_actions.Flow, "wake", lambda _: [])
    with pytest.raises(AssertionError, match="the archived revision stands again"):
        test_a_cancelled_correction_wakes_what_waited_for_it(office)


def test_a_cancelled_correction_wakes_what_waited_for_it(office: Engine) -> None:
    first, second = office.open("2026-01", "A-R", "B")
    office.finish(first)
    new = correct(office, first)
    office.advance(second)
    assert keys(second) == []
    actions.cancel_run(run=new, reason="Tidak jadi", by=office.actor("head"), reach=office.reach("head"))
    assert keys(second) == ["B05"], "the archived revision stands again"


def test_step_of_another_version_returns_nothing(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A08")
    publish(office, "A", edited())
    step = Step.objects.get(version__definition=office.definitions["A"], version__number=2, key="A08")
    team = office.reach("team")
    answer = Answer(note="Kurang", target="A07", unit_ids=(office.world.units["ikp"].pk,))
    with pytest.raises(Refused):
        actions.return_work(run=run, step=step, answer=answer, by=team.actor(), reach=team)

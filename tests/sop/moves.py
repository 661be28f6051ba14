"""Everything that anybody could try at one place of a run, and what the shipped data say about it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

from capaian.agencies.queries import Reach
from capaian.documents.store import Kept
from capaian.journal.actor import Actor
from capaian.journal.reason import Refused
from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, Step, WorkItem
from tests.sop import declared
from tests.sop.driver import Engine, open_items
from tests.sop.fingerprint import changed, fingerprint, rolled_back

NO, YES = WorkItem.Decision.NO, WorkItem.Decision.YES
OVERSEERS = {"head", "secretary", "admin"}
FOREIGN = ("head", "secretary", "team")
SCAN = Kept(key="kunci", sha256="0" * 64, size=1, media_type="application/pdf", original_name="pindaian.pdf")


@dataclass(frozen=True)
class Attempt:
    """One person trying one thing; `allowed` is what the shipped file says."""

    what: str
    who: str
    allowed: bool
    act: Callable[[], object]
    detail: str = ""


@dataclass
class Sweep:
    """Tries everything and counts it. `foreign` is another agency, whose people try too."""

    office: Engine
    foreign: Engine
    tried: Counter[str] = field(default_factory=Counter)
    allowed: Counter[str] = field(default_factory=Counter)
    pairs: set[tuple[str, str]] = field(default_factory=set)

    def people(self) -> Iterator[tuple[str, Reach]]:
        """Yield everybody who tries, by name; people of the other agency with a mark."""
        yield from ((who, self.office.reach(who)) for who in declared.PEOPLE)
        yield from ((f"{who}@lain", self.foreign.reach(who)) for who in FOREIGN)

    def check(self, attempts: Iterator[Attempt]) -> None:
        """Let every attempt happen or be refused as declared; what is refused says why and writes nothing."""
        before = fingerprint()
        for attempt in attempts:
            self.tried[attempt.what] += 1
            self.allowed[attempt.what] += attempt.allowed
            if attempt.allowed:
                with rolled_back():
                    attempt.act()
            else:
                refused(attempt)
        assert not changed(before, fingerprint())

    def at(self, run: Run) -> None:
        """Try everything at the place where a run stands now."""
        self.check(self.completions(run))
        self.check(self.decisions(run))
        self.check(self.returns(run))
        self.check(self.waivers(run))
        self.check(self.handing_over(run))
        self.check(self.reassignments(run))
        self.check(self.attachments(run))

    def spec(self, run: Run) -> dict[str, dict[str, object]]:
        """Return the shipped steps of a run's SOP."""
        return declared.steps(run.definition.code)

    def items_and_people(self, run: Run) -> Iterator[tuple[WorkItem, str, Reach]]:
        """Yield every open item with everybody, and every closed one with those whose work it was."""
        for item in WorkItem.objects.filter(run=run).select_related("step", "unit", "run__agency").order_by("pk"):
            was = declared.working(self.spec(run)[item.step.key], unit_of(self.office, item)) | {"team"}
            for who, reach in self.people():
                if item.status == WorkItem.Status.OPEN or who in was:
                    yield item, who, reach

    def completions(self, run: Run) -> Iterator[Attempt]:
        """Everybody completes every item of the run."""
        for item, who, reach in self.items_and_people(run):
            step = self.spec(run)[item.step.key]
            handed = step["work"] != "hand_over" or item.performed_at is not None
            is_open = item.status == WorkItem.Status.OPEN
            allowed = is_open and handed and who in declared.completing(step, unit_of(self.office, item))
            answer = Answer(note="Catatan", decision=YES if step["work"] == "decide" else None)
            yield Attempt("complete", who, allowed, complete(item, answer, reach), f"{item.step.key} {item.unit}")

    def decisions(self, run: Run) -> Iterator[Attempt]:
        """Everybody answers "Tidak" to a decision, one who may complete also to a task; towards every step there is."""
        everywhere = [*declared.steps("A"), *declared.steps("B"), "", "X99"]
        for item in open_items(run):
            step = self.spec(run)[item.step.key]
            right = declared.completing(step, unit_of(self.office, item))
            decides = step["work"] == "decide"
            for (who, reach), target in product(self.people(), everywhere):
                if decides or who == min(right):
                    allowed = decides and who in right and target in declared.targets(step)
                    answer = Answer(note="Perbaiki", decision=NO, target=target, unit_ids=self.units(target))
                    yield Attempt("decide no", who, allowed, complete(item, answer, reach), f"{step['key']}→{target}")

    def returns(self, run: Run) -> Iterator[Attempt]:
        """Everybody returns from the step where the run stands to every step; whoever may elsewhere tries it now."""
        spec = self.spec(run)
        standing = {item.step.key for item in open_items(run)}
        rows = {row.key: row for row in Step.objects.filter(version=run.version)}
        for source, target in product(rows, rows):
            for who, reach in self.people():
                may = spec[source]["work"] != "decide" and who in declared.completing(spec[source])
                if source not in standing and not (may and target in declared.targets(spec[source])):
                    continue
                if source in standing:
                    self.pairs.add((source, target))
                allowed = may and target in declared.targets(spec[source]) and self.reached(run, source, target)
                answer = Answer(note="Perbaiki", target=target, unit_ids=self.units(target))
                act = send_back(run, rows[source], answer, reach)
                yield Attempt("return", who, allowed, act, f"{source}→{target}")

    def reached(self, run: Run, source: str, target: str) -> bool:
        """Tell whether a run stands on a step, or its chosen unit is ready while others still fill."""
        standing = {(item.step.key, unit_of(self.office, item)) for item in open_items(run)}
        here = source in {key for key, _ in standing}
        filling = declared.targets(self.spec(run)[source])[target] and target in {key for key, _ in standing}
        return (here or filling) and (target, "ikp") not in standing

    def units(self, target: str) -> tuple[int, ...]:
        """Return the unit that is chosen for a return to the step done once per unit."""
        return (self.office.world.units["ikp"].pk,) if target == "A07" else ()

    def waivers(self, run: Run) -> Iterator[Attempt]:
        """Everybody waives every item."""
        for item, who, reach in self.items_and_people(run):
            allowed = item.status == WorkItem.Status.OPEN and item.unit is not None and who in declared.ONCE["team"]
            yield Attempt("waive", who, allowed, waive(item, reach), item.step.key)

    def handing_over(self, run: Run) -> Iterator[Attempt]:
        """Everybody hands every item over."""
        for item, who, reach in self.items_and_people(run):
            step = self.spec(run)[item.step.key]
            waits = item.status == WorkItem.Status.OPEN and item.performed_at is None
            allowed = waits and step["work"] == "hand_over" and who in declared.performing(step)
            yield Attempt("hand over", who, allowed, hand_over(item, reach), item.step.key)

    def reassignments(self, run: Run) -> Iterator[Attempt]:
        """The Kepala gives every open item to everybody; everybody gives it to one who may complete it."""
        for item in open_items(run):
            right = declared.completing(self.spec(run)[item.step.key], unit_of(self.office, item))
            for name, to in self.people():
                yield Attempt("reassign", "head", name in right, reassign(item, to, self.office.reach("head")), name)
            for who, reach in self.people():
                one = self.office.reach(min(right))
                yield Attempt("reassign", who, who in OVERSEERS, reassign(item, one, reach), item.step.key)
                yield Attempt("reassign", who, who in OVERSEERS, reassign(item, None, reach), item.step.key)

    def attachments(self, run: Run) -> Iterator[Attempt]:
        """Everybody adds a file to every item."""
        for item, who, reach in self.items_and_people(run):
            right = declared.working(self.spec(run)[item.step.key], unit_of(self.office, item))
            allowed = item.status == WorkItem.Status.OPEN and who in right
            yield Attempt("attach", who, allowed, attach(item, reach), item.step.key)

    def of_run(self, run: Run) -> Iterator[Attempt]:
        """Everybody opens, cancels and corrects a run."""
        status = Run.objects.get(pk=run.pk).status
        for who, reach in self.people():
            opens = status == "scheduled" and who in {"head", "secretary", "team", "team2", "admin"}
            cancels = status in ("scheduled", "open") and who in {"head", "secretary"}
            corrects = status == "done" and who in {"head", "secretary"}
            if status != "open":  # opening what is open changes nothing, for anybody
                yield Attempt("open", who, opens, opening(run, reach))
            yield Attempt("cancel", who, cancels, cancelling(run, reach))
            yield Attempt("correct", who, corrects, correcting(run, reach))


def refused(attempt: Attempt) -> None:
    """Let an attempt be refused with reasons that say what and what next."""
    try:
        attempt.act()
    except Refused as refusal:
        reasons = refusal.reasons
    else:
        raise AssertionError(f"{attempt.who}: {attempt.what} {attempt.detail}".strip() + " was not refused")
    assert reasons, attempt
    for reason in reasons:
        assert reason.code, attempt
        assert reason.text.endswith((".", "?")), (attempt, reason)
        assert reason.next_step.endswith("."), (attempt, reason)


def unit_of(office: Engine, item: WorkItem) -> str | None:
    """Return the short name of an item's unit."""
    return next((key for key, unit in office.world.units.items() if unit.pk == item.unit_id), None)


def by(reach: Reach, item: WorkItem | None = None) -> Actor:
    """Return a person acting."""
    return reach.actor() if item is None else step_rules.actor_for(reach, item)


def complete(item: WorkItem, answer: Answer, reach: Reach) -> Callable[[], object]:
    """Completing an item, to be done later."""
    return lambda: actions.complete_step(item=item, answer=answer, by=by(reach, item), reach=reach)


def send_back(run: Run, step: Step, answer: Answer, reach: Reach) -> Callable[[], object]:
    """Returning work, to be done later."""
    return lambda: actions.return_work(run=run, step=step, answer=answer, by=by(reach), reach=reach)


def waive(item: WorkItem, reach: Reach) -> Callable[[], object]:
    """Waiving an item, to be done later."""
    return lambda: actions.waive_unit(item=item, reason="Tidak ada data", by=by(reach), reach=reach)


def hand_over(item: WorkItem, reach: Reach) -> Callable[[], object]:
    """Handing an item over, to be done later."""
    return lambda: actions.hand_over(item=item, note="Mohon arahan", by=by(reach), reach=reach)


def reassign(item: WorkItem, to: Reach | None, reach: Reach) -> Callable[[], object]:
    """Giving an item to somebody, to be done later."""
    who = to.person if to else None
    return lambda: actions.reassign_item(item=item, assignee=who, by=by(reach), reach=reach)


def attach(item: WorkItem, reach: Reach) -> Callable[[], object]:
    """Adding a file, to be done later."""
    return lambda: actions.attach_file(item=item, file=SCAN, by=by(reach), reach=reach)


def opening(run: Run, reach: Reach) -> Callable[[], object]:
    """Opening a run, to be done later."""
    return lambda: actions.open_run(run=run, by=by(reach), reach=reach)


def cancelling(run: Run, reach: Reach) -> Callable[[], object]:
    """Cancelling a run, to be done later."""
    return lambda: actions.cancel_run(run=run, reason="Salah periode", by=by(reach), reach=reach)


def correcting(run: Run, reach: Reach) -> Callable[[], object]:
    """Correcting a run, to be done later."""
    return lambda: actions.correct_run(run=run, reason="Data keliru", by=by(reach), reach=reach)

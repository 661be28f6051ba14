"""Thousands of histories: what hypothesis lets people try, and how often."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.sop.driver import Engine
from tests.sop.reference import BACK, DECISIONS, HAND_OVERS, ORDER, UNITS, Copy, Place
from tests.sop.side_by_side import STEPS, SideBySide

numbers = st.integers(0, 40)
people = st.sampled_from(["team", "team2", "secretary", "head", "ikp", "planner", "staff", "admin"])
units = st.sets(st.sampled_from(UNITS)).map(sorted)
#: where the runs stand when the trying begins: the end is "", B05 mostly waits
COLLECTIONS = st.sampled_from(["A01", "A07", "A07", "A08", "A10", "A10", "A11", ""])
MEASUREMENTS = st.sampled_from(["B01", "B05", "B08", "B09", ""])


class Machine(RuleBasedStateMachine):
    """`office` is set by the test; every history is taken back at its end."""

    office: ClassVar[Engine]
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.pair = SideBySide(self.office)

    def teardown(self) -> None:
        """Add what was tried to the figures and take the history back."""
        self.done.update(self.pair.tried)
        self.pair.leave()

    def anywhere(self, number: int, among: Sequence[str] = ()) -> tuple[Copy, Place]:
        """Choose a place that was ever open, of some steps if there is one."""
        places = [(run, place) for run in self.pair.reference.runs for place in sorted(run.visits, key=str)]
        wanted = [row for row in places if row[1][0] in among] or places
        return wanted[number % len(wanted)]

    def somewhere(self, number: int, among: Sequence[str] = ()) -> tuple[Copy, Place]:
        """Choose an open place, of some steps if there is one."""
        places = self.pair.open_places()
        wanted = [row for row in places if row[1][0] in among] or places
        return wanted[number % len(wanted)]

    @initialize(codes=st.permutations("AB"), first=COLLECTIONS, second=MEASUREMENTS)
    def begin(self, codes: Sequence[str], first: str, second: str) -> None:
        """Open both procedures in any order and bring them to some places."""
        for code in codes:
            self.pair.open_run(code)
        for code, until in (("A", first), ("B", second)):
            self.pair.bring(self.pair.reference.runs[codes.index(code)], until)

    @rule(number=numbers, who=numbers)
    @precondition(lambda self: self.pair.open_places())
    def work(self, number: int, who: int) -> None:
        """Do what is next somewhere: submit, approve, hand over, dispose, archive."""
        copy, place = self.somewhere(number)
        right = self.pair.right(copy, place)
        self.pair.work(copy, place, right[who % len(right)])

    @rule(number=numbers, times=st.integers(1, 4))
    @precondition(lambda self: self.pair.open_places())
    def work_on(self, number: int, times: int) -> None:
        """Do what is next several times."""
        for _ in range(times):
            if self.pair.open_places():
                self.work(number, 0)

    @rule(number=numbers)
    @precondition(lambda self: any(place[1] for _, place in self.pair.open_places()))
    def submit(self, number: int) -> None:
        """A unit submits its form."""
        self.pair.work(*self.somewhere(number, ["A07"]))

    @rule(number=numbers)
    @precondition(lambda self: self.pair.open_places())
    def approve(self, number: int) -> None:
        """Approve, or do what leads to an approval."""
        copy, place = self.somewhere(number, tuple(DECISIONS))
        self.pair.work(copy, place, self.pair.right(copy, place)[0])

    @rule(number=numbers)
    @precondition(lambda self: self.pair.open_places())
    def close_the_period(self, number: int) -> None:
        """Bring what is open to its next decision or report, or to its end."""
        copy, place = self.somewhere(number)
        following = [step for step in ("A08", "A10", "A11", "B08", "B09", "") if step > place[0] or not step]
        self.pair.bring(copy, following[0] if following[0][:1] == copy.code else "")

    @rule(number=numbers, who=people)
    def meddle(self, number: int, who: str) -> None:
        """Somebody completes or hands over something: open, done, superseded, his own or not."""
        copy, place = self.anywhere(number, tuple(HAND_OVERS) if number % 4 == 0 else ())
        if number % 4 == 0:
            self.pair.hand_over(copy, place, who)
        elif place[0] != ORDER[copy.code][-1]:  # an archive may also be refused for papers not yet made
            self.pair.complete(copy, place, who)

    @rule(number=numbers, towards=st.sampled_from(sorted(STEPS)), chosen=units, who=people)
    @precondition(lambda self: any(place[0] in DECISIONS for _, place in self.pair.open_places()))
    def refuse_approval(self, number: int, towards: str, chosen: list[str], who: str) -> None:
        """Answer "Tidak" to a decision: mostly as its decider and to where it may lead."""
        copy, place = self.somewhere(number, tuple(DECISIONS))
        if number % 4:
            towards, who = sorted(BACK[place[0]])[number % 3], "secretary"
            chosen = (chosen or ["ikp"]) if towards == "A07" else []
        self.pair.decide_no(copy, place, towards, chosen, who)

    @rule(number=numbers, source=st.sampled_from(sorted(STEPS)), chosen=units, who=people)
    @precondition(lambda self: any(place[0] in ("A07", "A08", "A11", "B09") for _, place in self.pair.open_places()))
    def send_back(self, number: int, source: str, chosen: list[str], who: str) -> None:
        """Return work: single units early, units from A08, as the Kepala; now and then from anywhere."""
        runs = self.pair.reference.runs
        copies = [run for run in runs if run.standing() & {"A07", "A08", "A11", "B09"}]
        copy = copies[number % len(copies)]
        if number % 4:
            standing = min(copy.standing())
            source = "A08" if standing == "A07" else standing
            ready = [unit for unit in UNITS if ("A07", unit) not in copy.open]
            chosen = ([unit for unit in chosen if unit in ready] or ready[:1]) if source == "A08" else []
            who = {"A08": "team"}.get(source, "head")
        if source in ORDER[copy.code]:
            self.pair.send_back(copy, source, min(BACK.get(source, {source})), chosen, who)

    @rule(number=numbers, who=people)
    @precondition(lambda self: self.pair.open_places())
    def waive(self, number: int, who: str) -> None:
        """Let a run go on without a unit, mostly as Tim SAKIP."""
        copy, place = self.somewhere(number, ["A07"])
        self.pair.waive(copy, place, "team" if number % 3 and place[1] else who)

    @rule(number=numbers, who=people, to=st.one_of(st.none(), people))
    @precondition(lambda self: self.pair.open_places())
    def reassign(self, number: int, who: str, to: str | None) -> None:
        """Give something open to somebody, or back to all."""
        self.pair.reassign(*self.somewhere(number), to, who)

    @rule(number=numbers, who=people)
    @precondition(lambda self: self.pair.open_places())
    def fill(self, number: int, who: str) -> None:
        """Add a file to what is open."""
        self.pair.attach(*self.somewhere(number), who)

    @rule(number=numbers, who=people)
    def cancel(self, number: int, who: str) -> None:
        """Cancel a run, seldom one that is open."""
        runs = self.pair.reference.runs
        copy = runs[number % len(runs)]
        if copy.status != "open" or number % 3 == 0:
            self.pair.cancel(copy, who)

    @rule(code=st.sampled_from("AB"))
    @precondition(lambda self: not all(self.pair.reference.newest(code) for code in "AB"))
    def again(self, code: str) -> None:
        """Schedule and open a procedure that was cancelled."""
        if self.pair.reference.newest(code) is None:
            self.pair.open_run(code)

    @rule(number=numbers, who=people)
    @precondition(lambda self: any(run.status == "done" for run in self.pair.reference.runs))
    def correct(self, number: int, who: str) -> None:
        """Open a correction, mostly of an archived run and as the Kepala."""
        runs = self.pair.reference.runs
        done = [run for run in runs if run.status == "done" or number % 5 == 0]
        self.pair.correct(done[number % len(done)], who if number % 3 == 0 else "head")

    @rule(days=st.integers(0, 60), kind=st.sampled_from(["holiday", "special_workday", ""]))
    def change_calendar(self, days: int, kind: str) -> None:
        """Close, open or free a day."""
        self.pair.change_day(days, kind)

    @rule(minutes=st.sampled_from([1, 30, 480, 1440, 4320, 20160]))
    def tick(self, minutes: int) -> None:
        """Let time pass."""
        self.pair.clock.shift(timedelta(minutes=minutes))

    @invariant()
    def engine_and_reference_agree(self) -> None:
        """Compare both after every move."""
        self.done["rule steps"] += 1
        self.pair.agree()

"""What should be open and who may do what: the rules of both SOPs once more, in few words, without the engine."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

ORDER = {"A": [f"A{n:02}" for n in range(1, 13)], "B": [f"B{n:02}" for n in range(1, 11)]}
UNITS = ("secretariat", "ikp", "aptika")
PER_UNIT = {"A07"}
DECISIONS = {"A10", "B08"}
HAND_OVERS = {"A11", "B09"}
BACK = {
    "A08": {"A07"},
    "A10": {"A07", "A08", "A09"},
    "A11": {"A10"},
    "B08": {"B05", "B06", "B07"},
    "B09": {"B08"},
}
WAITS = {"B05": "A"}  # for the approval of the collection
Place = tuple[str, str | None]  # step and unit


@dataclass
class Copy:
    """One run: what is open in it, how often each place was opened, who did what."""

    code: str
    revision: int
    status: str = "open"
    open: set[Place] = field(default_factory=set)
    visits: Counter[Place] = field(default_factory=Counter)
    assignees: dict[Place, str] = field(default_factory=dict)
    done_by: set[tuple[str, str]] = field(default_factory=set)
    waiting: str = ""
    approved: bool = False
    handed: bool = False

    def standing(self) -> set[str]:
        """Return the steps on which it stands."""
        return {step for step, _ in self.open}

    def may_decide(self, step: str, who: str) -> bool:
        """Tell whether somebody did none of the work that the decision may send back."""
        return not any((target, who) in self.done_by for target in BACK[step])

    def may_go_back(self, source: str, target: str, units: Iterable[str]) -> bool:
        """Tell whether work may be sent back so: declared, with units where there are units."""
        return target in BACK.get(source, ()) and bool(units) == (target in PER_UNIT)

    def may_return(self, source: str, target: str, units: Iterable[str]) -> bool:
        """Tell whether a task may send work back now; single units also while others still fill."""
        if self.status != "open" or source in DECISIONS or not self.may_go_back(source, target, units):
            return False
        reached = source in self.standing() or (bool(units) and target in self.standing())
        return reached and not any((target, unit) in self.open for unit in units)


@dataclass
class Reference:
    """Both procedures in one period."""

    runs: list[Copy] = field(default_factory=list)
    verbs: Counter[str] = field(default_factory=Counter)

    def newest(self, code: str) -> Copy | None:
        """Return the run that stands for a procedure now."""
        return next((run for run in reversed(self.runs) if run.code == code and run.status != "cancelled"), None)

    def begin(self, code: str) -> Copy:
        """Open a new run of a procedure."""
        run = Copy(code, sum(other.code == code for other in self.runs))
        self.runs.append(run)
        self.enter(run, ORDER[code][0])
        return run

    def enter(self, run: Copy, step: str, units: Iterable[str] = ()) -> None:
        """Open a step, or wait before it."""
        other = self.newest(WAITS[step]) if step in WAITS else None
        if step in WAITS and not (other and other.approved):
            run.waiting = step
            return
        run.waiting, run.handed = "", False
        run.approved = run.approved and step != "A10"
        for unit in (units or UNITS) if step in PER_UNIT else (None,):
            run.visits[step, unit] += 1
            run.open.add((step, unit))

    def close(self, run: Copy, place: Place, who: str = "") -> None:
        """Close a place with a yes; go on when it was the last of its step."""
        run.open.remove(place)
        run.done_by |= {(place[0], who)} if who else set()
        if place[0] in run.standing():
            return
        run.approved = run.approved or place[0] == "A10"
        self.wake()
        following = ORDER[run.code].index(place[0]) + 1
        if following < len(ORDER[run.code]):
            self.enter(run, ORDER[run.code][following])
        else:
            run.status = "done"

    def go_back(self, run: Copy, target: str, units: Iterable[str]) -> None:
        """Send work back; whatever comes after is taken up again later."""
        run.open = {place for place in run.open if place[0] <= target}
        self.enter(run, target, units)

    def cancel(self, run: Copy) -> None:
        """Cancel a run."""
        run.status, run.open = "cancelled", set()
        self.wake()

    def wake(self) -> None:
        """Let runs go on that waited for what is done now."""
        for run in self.runs:
            if run.status == "open" and run.waiting:
                self.enter(run, run.waiting)

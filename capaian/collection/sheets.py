"""A unit's form as pages, papers and checks see it: cards, their own periods, what stands there and stood before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from capaian.agencies.models import Unit
from capaian.collection.consolidation import Reported, of_periods, of_units, stored
from capaian.collection.models import Actual, Check, UnitForm
from capaian.collection.reading import shown_actual, shown_target
from capaian.periods.period import Period
from capaian.planning.models import Card, Target
from capaian.sop.models import Run


@dataclass(frozen=True)
class Line:
    """One of a card's own periods on a form. `told_on` names the form on which it was reported already.

    `checks` are the rows of its indicator, by kind.
    """

    card: Card
    period: Period
    actual: Actual | None
    before: Actual | None
    year_before: Actual | None
    told_on: str = ""
    checks: Mapping[str, Check] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name under which a page's fields carry it."""
        return f"{self.card.public_id}-{self.period.code}"

    @property
    def is_open(self) -> bool:
        """Whether it may be filled in on this form."""
        return not self.told_on

    @property
    def reported(self) -> Reported:
        """What stands there."""
        return reported(self.actual)

    @property
    def target(self) -> str:
        """The target of this very period, "" where the year's alone is set."""
        return shown_target(target_of(self.card, self.period))

    @property
    def shown(self) -> str:
        """What stands there, as people read it."""
        return shown_of(self.card, self.actual)


@dataclass(frozen=True)
class Block:
    """A card on a form with the periods that it asks for."""

    card: Card
    lines: Sequence[Line]
    period: Period

    @property
    def target(self) -> str:
        """The target of the run's period with its words, else the year's."""
        whole = Period.parse(str(self.card.year))
        for period in (self.period, whole):
            if text := shown_target(target_of(self.card, period)):
                return f"{text} ({period.label})"
        return ""

    @property
    def before(self) -> str:
        """What was reported for the period before the first one here."""
        return self._then(self.lines[0].before)

    @property
    def year_before(self) -> str:
        """What was reported for the same period a year ago."""
        return self._then(self.lines[-1].year_before)

    def _then(self, actual: Actual | None) -> str:
        text = shown_of(self.card, actual)
        return f"{text} ({Period.parse(actual.period).label})" if actual and text else ""

    @property
    def told_lines(self) -> list[Line]:
        """The periods reported on other forms."""
        return [line for line in self.lines if not line.is_open]

    @property
    def open_lines(self) -> list[Line]:
        """The periods to be filled in here."""
        return [line for line in self.lines if line.is_open]

    @property
    def together(self) -> str:
        """The unit's periods put together, "" where there is only one or they make no figure."""
        if len(self.lines) < 2:
            return ""
        found = of_periods(self.card, [of_units(self.card, [line.reported]) for line in self.lines])
        return shown_actual(self.card, None if found.value is None else stored(found.value), found.letter)


@dataclass(frozen=True)
class Sheet:
    """A unit's form in a run; `form` is None while nobody has prepared it."""

    run: Run
    unit: Unit
    form: UnitForm | None
    blocks: Sequence[Block]

    @cached_property
    def lines(self) -> list[Line]:
        """All lines in order."""
        return [line for block in self.blocks for line in block.lines]

    @property
    def open_lines(self) -> Iterator[Line]:
        """The lines that may be filled in."""
        return (line for line in self.lines if line.is_open)

    @property
    def edition(self) -> int:
        """How often it was saved."""
        return self.form.edition if self.form else 0

    @property
    def filled(self) -> int:
        """How many lines hold a figure."""
        return sum(not line.reported.is_missing for line in self.lines)


def reported(actual: Actual | None) -> Reported:
    """Return what an actual says. Reads `actual.data.all()` with their data."""
    if actual is None:
        return Reported()
    return Reported(actual.value, actual.letter, {row.datum.name: row.value for row in actual.data.all()})


def shown_of(card: Card, actual: Actual | None) -> str:
    """Return what an actual says as people read it."""
    return "" if actual is None else shown_actual(card, actual.value, actual.letter)


def target_of(card: Card, period: Period) -> Target | None:
    """Return a card's target of a period. Reads `card.targets.all()`."""
    return next((target for target in card.targets.all() if target.period == period.code), None)

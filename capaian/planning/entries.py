"""What people type about plans, cards, targets and budgets before it becomes a row."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.locations import LocationMethod
from capaian.formulas.polarity import Polarity
from capaian.planning.models import Card, Node, Plan, Target

CARD_TEXTS = (
    "name", "definition", "calculation", "formula", "measured_in", "responsible", "collector", "source", "evidence",
    "origin",
)  # fmt: skip


@dataclass(frozen=True)
class PlanEntry:
    """A strategic plan: its title, first and last year."""

    title: str
    first_year: int
    last_year: int

    @classmethod
    def of(cls, plan: Plan) -> "PlanEntry":
        """Return what a plan's row says now."""
        return cls(plan.title, plan.first_year, plan.last_year)


@dataclass(frozen=True)
class NodeEntry:
    """A place in the cascade; `parent_id` and `owner_id` are row numbers of a node and a unit."""

    level: str
    text: str
    parent_id: int | None = None
    code: str = ""
    ordinal: int = 1
    owner_id: int | None = None
    origin: str = ""

    @classmethod
    def of(cls, node: Node) -> "NodeEntry":
        """Return what a node's row says now."""
        return cls(**{name: getattr(node, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class DatumEntry:
    """A raw datum of a card's formula: its name there, what people read, its unit of measure."""

    name: str
    label: str
    measured_in: str = ""


@dataclass(frozen=True)
class CardEntry:
    """All that a card says, except suppliers and targets. Numbers are exact; None = not given."""

    name: str
    measured_in: str
    definition: str = ""
    calculation: str = ""
    formula: str = ""
    kind: str = Card.Kind.OUTPUT.value
    polarity: str = Polarity.MAXIMIZE.value
    consolidation: str = PeriodMethod.LAST.value
    location: str = LocationMethod.SUM.value
    frequency: str = Card.Frequency.QUARTER.value
    entry: str = Card.Entry.PERIOD.value
    scale: str = "permendagri"
    cap: Decimal | None = Decimal(120)
    tolerance: Decimal | None = None
    weight: Decimal = Decimal(1)
    negative_target: bool = False
    released_next_year: bool = False
    aspect: str = ""
    validity: str = ""
    control: str = ""
    measured_month: int | None = None
    responsible: str = ""
    collector: str = ""
    source: str = ""
    evidence: str = ""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    origin: str = ""
    data: tuple[DatumEntry, ...] = ()

    @classmethod
    def of(cls, card: Card) -> "CardEntry":
        """Return what a card's rows say now."""
        said = {name: getattr(card, name) for name in cls.__dataclass_fields__ if name != "data"}
        data = tuple(DatumEntry(row.name, row.label, row.measured_in) for row in card.data.all())
        return cls(**said, data=data)


@dataclass(frozen=True)
class IndicatorEntry:
    """The identity of an indicator: its place at the node and its flags."""

    ordinal: int = 1
    is_iku: bool = False
    is_ikk: bool = False
    is_lppd: bool = False


@dataclass(frozen=True)
class TargetEntry:
    """A target of a period (`2026-Q1`) or the year (`2026`): a value, a range or a letter."""

    period: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    letter: str = ""
    is_example: bool = False  # set by the sample, not by a real document

    @classmethod
    def of(cls, row: Target) -> "TargetEntry":
        """Return what a target's row says."""
        return cls(row.period, row.value, row.low, row.high, row.letter, row.is_example)


@dataclass(frozen=True)
class MonthEntry:
    """Ceiling and spending of a month; None = not known."""

    month: int
    ceiling: Decimal | None = None
    spent: Decimal | None = None


@dataclass(frozen=True)
class PartyEntry:
    """The second party of an agreement, the superior, the day from which it counts, and why it changes another.

    `superior_position_id` is the superior's position inside the agency; the Kepala's superior has none.
    """

    superior_name: str
    superior_title: str
    in_force_from: date | None = None
    superior_position_id: int | None = None
    reason: str = ""

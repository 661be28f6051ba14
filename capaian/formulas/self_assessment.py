"""SAKIP self-assessment (LKE): weights by regulation, gradations, values, predicate."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from capaian.formulas.lke_frameworks import Framework
from capaian.formulas.rounding import Exact, quotient, rounded
from capaian.formulas.scales import Level, Scale

GRADES: Final = {"AA": 100, "A": 90, "BB": 80, "B": 70, "CC": 60, "C": 50, "D": 30, "E": 0}
# share of criteria met, in percent: strictly above the bound
SHARES: Final = (("B", 75), ("CC", 50), ("C", 25), ("D", 0))

PREDICATES: Final = Scale(
    code="predikat-sakip",
    version=1,
    valid_from=2015,
    title="Predikat SAKIP",
    levels=(
        Level("AA (Sangat Memuaskan)", Decimal(90), inclusive=False),
        Level("A (Memuaskan)", Decimal(80), inclusive=False, high=Decimal(90)),
        Level("BB (Sangat Baik)", Decimal(70), inclusive=False, high=Decimal(80)),
        Level("B (Baik)", Decimal(60), inclusive=False, high=Decimal(70)),
        Level("CC (Cukup)", Decimal(50), inclusive=False, high=Decimal(60)),
        Level("C (Kurang)", Decimal(30), inclusive=False, high=Decimal(50)),
        Level("D (Sangat Kurang)", None, high=Decimal(30)),
    ),
    basis=("PermenPAN-RB 12/2015", "PermenPAN-RB 88/2021"),
    note="Batas bawah tidak termasuk: 80,00 adalah BB.",
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Values of the graded sub-components. The total stands only when every one is graded."""

    framework: Framework
    values: Mapping[str, Fraction]

    @property
    def complete(self) -> bool:
        """Whether every sub-component has a gradation."""
        return len(self.values) == len(self.framework.parts)

    @property
    def points(self) -> Fraction:
        """Points collected so far."""
        return sum(self.values.values(), Fraction(0))

    @property
    def total(self) -> Decimal | None:
        """The total of 100, rounded half up to 2 decimals; None while incomplete."""
        return rounded(self.points) if self.complete else None

    @property
    def predicate(self) -> Level | None:
        """The predicate of the total; None while incomplete."""
        return None if self.total is None else PREDICATES.level(self.total)

    def component(self, number: str) -> Fraction:
        """Points of a component, by the digit its sub-components begin with."""
        return sum((value for code, value in self.values.items() if code.startswith(number)), Fraction(0))


def share_grade(met: Exact, criteria: Exact) -> str:
    """The gradation of a share of criteria met: all BB, above 75 % B, … none E. AA and A need judgement."""
    part, whole = Fraction(*quotient(met)), Fraction(*quotient(criteria))
    if not 0 <= part <= whole or not whole:
        raise ValueError("criteria met must lie between 0 and the number of criteria")
    if part == whole:
        return "BB"
    return next((grade for grade, bound in SHARES if part * 100 > bound * whole), "E")


def part_value(weight: Exact, grade: str) -> Fraction:
    """Weight × gradation ÷ 100; KeyError for an unknown gradation."""
    return Fraction(*quotient(weight)) * GRADES[grade] / 100


def assess(framework: Framework, grades: Mapping[str, str]) -> Assessment:
    """The values of the graded sub-components; KeyError for codes the framework does not have."""
    weights = {part.code: part.weight for part in framework.parts}
    return Assessment(framework, {code: part_value(weights[code], grade) for code, grade in grades.items()})

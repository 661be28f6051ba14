"""How a table is to be measured: what the command's options say."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from capaian.formulas.number_text import Separator
from capaian.formulas.polarity import Polarity
from capaian.formulas.rule import DEFAULT_CAP, Rule
from capaian.formulas.scales import Scale
from capaian.formulas.shipped_scales import PERMENDAGRI

MARKS: Final[dict[str, Separator]] = {"comma": ",", "point": "."}


@dataclass(frozen=True, slots=True)
class Settings:
    """`ratio` says that rows `minimize` use T ÷ R; rows `minimize_ratio` always do."""

    decimal: Separator = ","
    ratio: bool = False
    cap: Decimal | None = DEFAULT_CAP
    scale: Scale = PERMENDAGRI

    def rule(self, polarity: Polarity, tolerance: Decimal | None = None) -> Rule:
        """The rule of a row: a negative target is what the writer of the table meant."""
        return Rule(self.effective(polarity), cap=self.cap, scale=self.scale, tolerance=tolerance, negative_target=True)

    def effective(self, polarity: Polarity) -> Polarity:
        """The polarity whose formula is used."""
        return Polarity.MINIMIZE_RATIO if self.ratio and polarity is Polarity.MINIMIZE else polarity

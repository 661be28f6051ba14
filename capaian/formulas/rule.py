"""How one indicator is measured: polarity, cap, scale and the allowances its card gives."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import EVALUATION, Ordinals
from capaian.formulas.scales import Scale
from capaian.formulas.shipped_scales import PERMENDAGRI

CAPS: Final = (None, Decimal(100), Decimal(110), Decimal(120), Decimal(150), Decimal(200))
DEFAULT_CAP: Final = Decimal(120)


@dataclass(frozen=True, slots=True)
class Rule:
    """The card's choices, frozen for the year.

    `cap` bounds the score only (None = no bound); `tolerance` in percent is for stabilize; `negative_target`
    says that the card allows targets below zero; `ordinals` orders the letters of a predicate.
    """

    polarity: Polarity = Polarity.MAXIMIZE
    cap: Decimal | None = DEFAULT_CAP
    scale: Scale = PERMENDAGRI
    tolerance: Decimal | None = None
    negative_target: bool = False
    ordinals: Ordinals = EVALUATION

    def __post_init__(self) -> None:
        if self.cap is not None and self.cap <= 0:
            raise ValueError("cap must be positive")
        if self.tolerance is not None and self.tolerance < 0:
            raise ValueError("tolerance must not be negative")

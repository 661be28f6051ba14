"""Every formula of the standard, by code and year."""

from typing import Final

from capaian.formulas.achievement_formulas import ACHIEVEMENT_FORMULAS
from capaian.formulas.formula import Formula
from capaian.formulas.other_formulas import OTHER_FORMULAS

FORMULAS: Final[tuple[Formula, ...]] = (*ACHIEVEMENT_FORMULAS, *OTHER_FORMULAS)


def formula(code: str, year: int) -> Formula:
    """The version in force for measurements of that year; KeyError when there is none."""
    for each in FORMULAS:
        if each.code == code and each.in_force(year):
            return each
    raise KeyError(f"{code} in {year}")

"""The national calendar as first offered: read from the `holidays` package, then the admin's to edit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

SEED_YEARS = range(2024, 2029)
ESTIMATED = " (perkiraan)"
# the package leaves joint leave (cuti bersama) out unless asked
CATEGORIES: tuple[tuple[str, Literal["holiday", "joint_leave"]], ...] = (
    ("government", "joint_leave"),
    ("public", "holiday"),
)
# first and last day; the package has none, and only the government's isbat session decides: all are estimates
RAMADAN = (
    (date(2024, 3, 12), date(2024, 4, 9)),
    (date(2025, 3, 1), date(2025, 3, 30)),
    (date(2026, 2, 19), date(2026, 3, 20)),
    (date(2027, 2, 8), date(2027, 3, 9)),
    (date(2028, 1, 28), date(2028, 2, 26)),
)


@dataclass(frozen=True)
class SeedDay:
    """A national holiday or joint leave; `estimated` when the package is not yet sure of the date."""

    date: date
    kind: Literal["holiday", "joint_leave"]
    name: str
    estimated: bool


def seed_days(years: Iterable[int]) -> list[SeedDay]:
    """Return the national days of these years by date, one a date; reads no network and no database."""
    from holidays import country_holidays  # noqa: PLC0415 - a fifth of a second, wanted once in an installation

    wanted = tuple(years)
    found: dict[date, SeedDay] = {}
    for category, kind in CATEGORIES:
        for day, name in country_holidays("ID", years=wanted, categories=category, language="id").items():
            found[day] = SeedDay(day, kind, name.replace(ESTIMATED, ""), ESTIMATED in name)
    return [found[day] for day in sorted(found)]

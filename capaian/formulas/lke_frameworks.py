"""The sheets of the SAKIP self-assessment (LKE) as their regulations weigh them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-component with its weight in points of 100."""

    code: str
    component: str
    title: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Framework:
    """The sheet of one regulation. `valid_to` None = still in force."""

    code: str
    valid_from: int
    valid_to: int | None
    basis: str
    parts: tuple[Part, ...]


def _parts(*components: tuple[str, str, str]) -> tuple[Part, ...]:
    """Each component: number, title, weights of its sub-components a, b, c."""
    names = ("Keberadaan", "Kualitas", "Pemanfaatan")
    return tuple(
        Part(f"{number}{letter}", title, name, Decimal(weight))
        for number, title, weights in components
        for letter, name, weight in zip("abc", names, weights.split(), strict=True)
    )


LKE_2021: Final = Framework(
    code="lke-88-2021",
    valid_from=2021,
    valid_to=None,
    basis="PermenPAN-RB 88/2021",
    parts=_parts(
        ("1", "Perencanaan Kinerja", "6 9 15"),
        ("2", "Pengukuran Kinerja", "6 9 15"),
        ("3", "Pelaporan Kinerja", "3 4.5 7.5"),
        ("4", "Evaluasi Akuntabilitas Kinerja Internal", "5 7.5 12.5"),
    ),
)
LKE_2015: Final = Framework(
    code="lke-12-2015",
    valid_from=2015,
    valid_to=2020,
    basis="PermenPAN-RB 12/2015 (diganti 88/2021)",
    parts=(
        *_parts(
            ("1", "Perencanaan Kinerja: Renstra", "2 5 3"),
            ("2", "Perencanaan Kinerja: tahunan", "4 10 6"),
            ("3", "Pengukuran Kinerja", "5 12.5 7.5"),
            ("4", "Pelaporan Kinerja", "3 7.5 4.5"),
            ("5", "Evaluasi Internal", "2 5 3"),
        ),
        # the split into output and outcome differs between sources, so the component stays whole
        Part("6", "Capaian Kinerja", "Capaian Kinerja", Decimal(20)),
    ),
)
FRAMEWORKS: Final = (LKE_2021, LKE_2015)

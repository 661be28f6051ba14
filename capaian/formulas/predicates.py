"""Letters as ordinals: the predicates of the SAKIP evaluation and of the audit opinion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Ordinals:
    """An ordered set of letters. Only the order counts; the numbers serve the maximize formula."""

    code: str
    title: str
    values: Mapping[str, int]
    basis: str

    def value(self, letter: str) -> int | None:
        """The ordinal of a letter in any case; None when it is not in the set."""
        return self.values.get(letter.strip().upper())


EVALUATION: Final = Ordinals(
    code="sakip",
    title="Predikat evaluasi SAKIP",
    values={"E": 0, "D": 1, "C": 2, "CC": 3, "B": 4, "BB": 5, "A": 6, "AA": 7},
    basis="Urutan gradasi PermenPAN-RB 88/2021; angka urutnya pilihan standar ini",
)
OPINION: Final = Ordinals(
    code="opini",
    title="Opini BPK",
    values={"WDP": 3, "WTP": 4},
    basis="Angka urut dari aplikasi publik e-SAKIP Kabupaten Pringsewu; opini lain tidak disebut sumber",
)
ORDINALS: Final = (EVALUATION, OPINION)


def ordinals_of(target: str) -> Ordinals | None:
    """The shipped set that knows this letter; None when no set does."""
    return next((ordinals for ordinals in ORDINALS if ordinals.value(target) is not None), None)

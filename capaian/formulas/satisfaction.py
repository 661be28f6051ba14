"""Community satisfaction survey (SKM, PermenPAN-RB 14/2017): element means, index, quality, sample size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from capaian.formulas.rounding import Exact, half_up, quotient, rounded
from capaian.formulas.scales import Level, Scale

ELEMENTS: Final = {
    "persyaratan": "Persyaratan",
    "prosedur": "Sistem, mekanisme, dan prosedur",
    "waktu": "Waktu penyelesaian",
    "biaya": "Biaya/tarif",
    "produk": "Produk spesifikasi jenis pelayanan",
    "kompetensi": "Kompetensi pelaksana",
    "perilaku": "Perilaku pelaksana",
    "pengaduan": "Penanganan pengaduan, saran, dan masukan",
    "sarana": "Sarana dan prasarana",
}
LOWEST, HIGHEST = 1, 4
FACTOR: Final = 25

QUALITY: Final = Scale(
    code="mutu-skm",
    version=1,
    valid_from=2017,
    title="Mutu pelayanan",
    levels=(
        Level("A (Sangat baik)", Decimal("88.31"), colour="green"),
        Level("B (Baik)", Decimal("76.61"), colour="teal", high=Decimal("88.30")),
        Level("C (Kurang baik)", Decimal("65.00"), colour="orange", high=Decimal("76.60")),
        Level("D (Tidak baik)", None, colour="red", high=Decimal("64.99")),
    ),
    basis=("PermenPAN-RB 14/2017",),
    note="Mutu ditentukan dari IKM konversi dua desimal, bukan dari indeks 1-4 yang tabelnya berlubang.",
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element: the sum of its scores and how many answered it."""

    key: str
    total: Exact
    answers: int

    @property
    def mean(self) -> Fraction | None:
        """NRR: the mean score; None when nobody answered."""
        return Fraction(*quotient(self.total)) / self.answers if self.answers else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The survey's result over its elements, each with the exact weight 1/N."""

    elements: tuple[Element, ...]

    @property
    def index(self) -> Fraction | None:
        """Σ NRR × 1/N, from 1 to 4; None as long as an element has no answer."""
        means = [element.mean for element in self.elements]
        known = [each for each in means if each is not None]
        return sum(known, Fraction(0)) / len(known) if known and len(known) == len(means) else None

    @property
    def exact(self) -> Fraction | None:
        """IKM converted: the index times 25."""
        return None if self.index is None else self.index * FACTOR

    @property
    def shown(self) -> Decimal | None:
        """IKM converted, rounded half up to 2 decimals."""
        return None if self.exact is None else rounded(self.exact)

    @property
    def quality(self) -> Level | None:
        """Mutu of the shown number."""
        return None if self.shown is None else QUALITY.level(self.shown)


def survey(answers: Mapping[str, Sequence[int | None]]) -> Satisfaction:
    """From the answers of each element; a missing answer (None) leaves. Scores outside 1-4: ValueError."""
    elements = []
    for key, scores in answers.items():
        given = [score for score in scores if score is not None]
        if any(not LOWEST <= score <= HIGHEST for score in given):
            raise ValueError(f"a score of {key} is outside {LOWEST}-{HIGHEST}")
        elements.append(Element(key, sum(given), len(given)))
    return Satisfaction(tuple(elements))


def survey_of_totals(totals: Mapping[str, int], respondents: int) -> Satisfaction:
    """From the total score of each element when all respondents answered everything."""
    return Satisfaction(tuple(Element(key, total, respondents) for key, total in totals.items()))


def sample_size(population: int) -> int:
    """Krejcie-Morgan with λ² = 3,841, P = Q = 0,5 and d = 0,05, rounded half up; ValueError below 1."""
    if population < 1:
        raise ValueError("a population has at least one member")
    spread = Fraction(3841, 1000) / 4
    error = Fraction(5, 100) ** 2 * (population - 1)
    size = spread * population / (error + spread)
    return half_up(size.numerator, size.denominator, 0)

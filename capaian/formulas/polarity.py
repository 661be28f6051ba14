"""Which direction is good: the polarities and the names people write for them."""

from enum import StrEnum
from typing import Final


class Polarity(StrEnum):
    """How an achievement is computed from target and actual."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"
    MINIMIZE_RATIO = "minimize_ratio"
    STABILIZE = "stabilize"
    RANGE_MAX = "range_max"
    RANGE_MIN = "range_min"
    PREDICATE = "predicate"
    MILESTONE = "milestone"

    @property
    def label(self) -> str:
        """Indonesian name."""
        return LABELS[self]


LABELS: Final = {
    Polarity.MAXIMIZE: "maksimalkan (semakin tinggi semakin baik)",
    Polarity.MINIMIZE: "minimalkan (semakin rendah semakin baik)",
    Polarity.MINIMIZE_RATIO: "minimalkan rasio (semakin rendah semakin baik, T ÷ R)",
    Polarity.STABILIZE: "stabilkan (semakin dekat target semakin baik)",
    Polarity.RANGE_MAX: "rentang maksimalkan",
    Polarity.RANGE_MIN: "rentang minimalkan",
    Polarity.PREDICATE: "predikat (huruf)",
    Polarity.MILESTONE: "tonggak (selesai atau belum)",
}
NAMES: Final[dict[Polarity, tuple[str, ...]]] = {
    Polarity.MAXIMIZE: (
        "maksimalkan", "maksimal", "maksimum", "maksimasi", "maksimisasi", "maks", "max", "maximum", "maximise",
        "positif", "semakin_tinggi_semakin_baik", "makin_tinggi_makin_baik",
    ),
    Polarity.MINIMIZE: (
        "minimalkan", "minimal", "minimum", "minimasi", "minimisasi", "min", "minimise",
        "negatif", "semakin_rendah_semakin_baik", "makin_rendah_makin_baik",
    ),
    Polarity.MINIMIZE_RATIO: ("minimalkan_rasio", "minimal_rasio", "minimum_rasio", "min_rasio", "min_ratio"),
    Polarity.STABILIZE: ("stabilkan", "stabil", "stabilisasi", "stab", "stabilise"),
    Polarity.RANGE_MAX: ("rentang_maksimalkan", "rentang_maksimal", "rentang_maksimum", "rentang_maks", "rentang_max"),
    Polarity.RANGE_MIN: ("rentang_minimalkan", "rentang_minimal", "rentang_minimum", "rentang_min"),
    Polarity.PREDICATE: ("predikat", "huruf"),
    Polarity.MILESTONE: ("tonggak", "tonggak_capaian", "tahapan", "ya_tidak", "ya/tidak"),
}  # fmt: skip
BY_NAME: Final = {name: polarity for polarity in Polarity for name in (polarity.value, *NAMES[polarity])}


def polarity_named(text: str) -> Polarity | None:
    """The polarity of a code or an Indonesian name in any spelling; empty means maximize, None means unknown."""
    name = "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    return BY_NAME.get(name) if name else Polarity.MAXIMIZE

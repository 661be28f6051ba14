"""The interpolation engine; the points are invented, because the official table is not public."""

from decimal import Decimal
from fractions import Fraction

import pytest

from capaian.formulas.index_table import Point, folded, interpolated, table_problem

TABLE = [Point(0, 0), Point(80, 70), Point(100, 120)]


@pytest.mark.parametrize(
    ("achievement", "index"),
    [
        (0, 0),
        (40, 35),
        (80, 70),
        (90, 95),
        (100, 120),
        (110, 95),
        (120, 70),
        (200, 0),
        (Decimal("99.5"), Fraction(475, 4)),
    ],
)
def test_the_index_lies_between_its_neighbours(achievement: int | Decimal, index: int | Fraction) -> None:
    assert interpolated(TABLE, achievement) == index


def test_outside_the_table_there_is_no_index() -> None:
    assert interpolated(TABLE, -1) is None
    assert interpolated(TABLE, 201) is None
    assert interpolated(TABLE[1:], 79) is None
    assert interpolated([], 100) is None
    assert interpolated(TABLE[:1], 0) is None


def test_folding() -> None:
    assert [folded(value) for value in (99, 100, 101, 250)] == [99, 100, 99, -50]


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        (TABLE, ""),
        ([], "Tabel indeks memerlukan sedikitnya dua titik. Isi titik-titiknya."),
        ([Point(0, 0), Point(0, 1)], "Capaian dalam tabel indeks harus menaik. Urutkan titik-titiknya."),
        ([Point(1, 0), Point(0, 1)], "Capaian dalam tabel indeks harus menaik. Urutkan titik-titiknya."),
        ([Point(0, 0), Point(1, 121)], "Indeks paling tinggi 120. Betulkan titik yang melebihinya."),
        ([Point(0, 0), Point(1, 120)], ""),
    ],
)
def test_tables_are_checked(points: list[Point], problem: str) -> None:
    assert table_problem(points) == problem

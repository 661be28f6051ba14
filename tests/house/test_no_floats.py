"""No float comes near a number of the domain, and nothing but the one function rounds."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import Fault, python_files, room_of

# doors show and carry numbers; they compute none
DOORS = {"site", "web", "api", "jobs", "cli"}
# recognises how somebody else rounded a published figure, so it must round as they do
ROUNDS_LIKE_OTHERS = {"capaian/formulas/published.py"}


def floats(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and reason of everything that makes, reads or rounds a float."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id="float"):
                yield node.lineno, "float"
            case ast.Constant(value=float() | complex()):
                yield node.lineno, f"float literal {node.value!r}"
            case ast.Attribute(attr="FloatField" | "DecimalField") | ast.Name(id="FloatField" | "DecimalField"):
                yield node.lineno, "a column that stores floats (on SQLite DecimalField does too)"
            case ast.Call(func=ast.Name(id="round")):
                yield node.lineno, "round(): formulas.rounding rounds"


def is_domain(path: str) -> bool:
    """Tell whether a file computes or stores numbers of the domain."""
    return room_of(path) not in DOORS


def test_no_floats_in_domain_code() -> None:
    faults = [
        Fault(path, line, what)
        for path, source in python_files("capaian/")
        if path.count("/") > 1 and is_domain(path)
        for line, what in floats(source)
        if not (what.startswith("round()") and path in ROUNDS_LIKE_OTHERS)
    ]
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.parametrize(
    "planted",
    [
        "x = float('1')",
        "def f(x: float) -> None: ...",
        "x = 1.0",
        "x = 1e3",
        "value = models.FloatField()",
        "value = models.DecimalField(max_digits=20)",
        "value = DecimalField()",
        "x = round(y, 2)",
        "list(map(float, rows))",
    ],
)
def test_a_planted_float_is_caught(planted: str) -> None:
    assert len(list(floats(planted))) == 1


@pytest.mark.parametrize("harmless", ["x = Decimal('1.5')", "x = 1", "x = '1.5'", "value = Figure()", "x = half_up(y)"])
def test_exact_numbers_are_no_floats(harmless: str) -> None:
    assert not list(floats(harmless))

"""Formulas: one achievement, one card formula, one number read, and a table of an agency's size."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path

from bench.indicators import write
from bench.row import Row, row, seconds_of
from capaian.cli.main import main
from capaian.formulas.achievement import achieve
from capaian.formulas.evaluate import card_formula
from capaian.formulas.number_text import parse_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.rule import Rule

TIMES = 100
CALLS = 200
TABLE = 10_000


def per_call(call: Callable[[], object]) -> list[float]:
    """Return seconds per call, each the mean of many."""

    def many() -> None:
        for _ in range(CALLS):
            call()

    return [seconds_of(many) / CALLS for _ in range(TIMES)]


def figures(rule: Rule, target: Decimal, actual: Decimal) -> object:
    """Compute one achievement with everything that is shown of it."""
    result = achieve(rule, target, actual)
    return result.raw, result.shown, result.score, result.category


def rows() -> Iterator[Row]:
    """Measure what needs no database."""
    size = f"{TIMES * CALLS} calls"
    rule, target, actual = Rule(Polarity.MINIMIZE), Decimal("88.82"), Decimal("135.15")
    note = "raw, shown, score and category of one indicator"
    yield row("achievement of one value", "", size, per_call(lambda: figures(rule, target, actual)), None, note)
    formula = card_formula("if(target ≠ 0; realisasi ÷ target × 100; 0)")
    data = {"target": target, "realisasi": actual}
    note = "if(target ≠ 0; realisasi ÷ target × 100; 0), parsed once"
    yield row("card formula of one value", "", size, per_call(lambda: formula.value(data)), None, note)
    yield row("number read from text", "", size, per_call(lambda: parse_number("1.234.567,89", decimal=",")))
    with tempfile.TemporaryDirectory(prefix="capaian-bench-") as name:
        source = write(Path(name) / "in.csv", TABLE)
        for ending in (".csv", ".xlsx"):
            words = ["measure", str(source), "--output", str(Path(name) / f"out{ending}")]
            with redirect_stdout(StringIO()):
                seconds = [seconds_of(lambda words=words: main(words)) for _ in range(5)]  # type: ignore[misc]
            yield row(f"`capaian measure` to {ending}", "", f"{TABLE} rows", seconds, None, "in one process, CSV input")

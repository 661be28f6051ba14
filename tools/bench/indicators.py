"""A table of invented indicators, the same for everybody who measures."""

import random
from pathlib import Path

HEADING = "indikator;satuan;polaritas;target;realisasi;bobot;unit kerja\n"
POLARITIES = ("", "maximize", "maximize", "minimize", "stabilize", "minimize_ratio")


def write(path: Path, rows: int) -> Path:
    """Write the table: targets up to 1.000,00, actuals of 40 to 130 % of them, one in twenty still missing."""
    source = random.Random(1)  # noqa: S311 - the same rows every time is the point
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADING)
        for number in range(rows):
            target = source.randint(100, 100_000)
            actual = target * source.randint(400, 1300) // 1000
            cells = (
                f"Indikator {number % 5000}", "%", source.choice(POLARITIES), _written(target),
                _written(actual) if source.random() > 0.05 else "", str(source.randint(1, 5)), f"Unit {number % 40}",
            )  # fmt: skip
            file.write(";".join(cells) + "\n")
    return path


def _written(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"

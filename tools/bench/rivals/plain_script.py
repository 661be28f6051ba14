"""A careful plain script, as an analyst would write it: csv, Decimal, rounded half up once."""

import csv
import sys
from decimal import ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

CENT, RAW, CAP = Decimal("0.01"), Decimal("1e-12"), Decimal(120)
LEVELS = ((91, "Sangat Tinggi"), (76, "Tinggi"), (66, "Sedang"), (51, "Rendah"))
ADDED = ["achievement_raw", "achievement", "score", "category", "reason"]


def number(text: str) -> Decimal | None:
    """A number with a decimal comma; None for a blank; ValueError for anything else."""
    text = text.strip()
    if not text:
        return None
    whole, mark, parts = text.partition(",")
    groups = whole.split(".")
    grouped = len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    digits = "".join(groups)
    if grouped or not digits.isdigit() or (mark and not parts.isdigit()):
        raise ValueError(text)
    return Decimal(f"{digits}.{parts}" if mark else digits)


def written(value: Decimal, unit: Decimal) -> str:
    """A number with a decimal comma and the decimals of the unit."""
    return f"{value.quantize(unit):f}".replace(".", ",")


def percentage(polarity: str, target: Decimal, actual: Decimal) -> Decimal:
    """The achievement of a target above zero."""
    if polarity == "minimize":
        return (2 * target - actual) / target * 100
    if polarity == "minimize_ratio":
        return target / actual * 100 if actual else CAP
    if polarity == "stabilize" and actual > target:
        return 200 - actual / target * 100
    return actual / target * 100


def results(row: dict[str, str]) -> dict[str, str]:
    """The five cells of a row."""
    target, actual = number(row["target"]), number(row["realisasi"])
    if not target or actual is None:
        return dict(zip(ADDED, ["", "", "", "", "belum ada realisasi"], strict=True))
    raw = percentage(row["polaritas"], target, actual)
    floored = max(raw, Decimal(0))
    shown = floored.quantize(CENT)
    label = next((name for low, name in LEVELS if shown >= low), "Sangat Rendah")
    cells = [written(raw, RAW), written(shown, CENT), written(min(floored, CAP), CENT), label, ""]
    return dict(zip(ADDED, cells, strict=True))


def main(source: str, output: str) -> None:
    """Measure one file."""
    getcontext().prec = 50
    getcontext().rounding = ROUND_HALF_UP
    with (
        Path(source).open(encoding="utf-8", newline="") as file,
        Path(output).open("w", encoding="utf-8", newline="") as out,
    ):
        reader = csv.DictReader(file, delimiter=";")
        writer = csv.DictWriter(out, [*(reader.fieldnames or []), *ADDED], delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | results(row) for row in reader)


if __name__ == "__main__":
    main(*sys.argv[1:])

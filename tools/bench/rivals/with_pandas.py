"""The same with pandas: columns of Decimal objects, the arithmetic of the plain script."""

import sys
from decimal import ROUND_HALF_UP, Decimal, getcontext

import pandas as pd  # only where somebody installed it

from bench.rivals.plain_script import CAP, CENT, LEVELS, RAW, number, percentage, written


def main(source: str, output: str) -> None:
    """Measure one file."""
    getcontext().prec = 50
    getcontext().rounding = ROUND_HALF_UP
    table = pd.read_csv(source, sep=";", dtype=str, keep_default_na=False)
    target, actual = (table[name].map(number).astype(object) for name in ("target", "realisasi"))
    some = actual.map(lambda value: isinstance(value, Decimal))
    triples = zip(table["polaritas"][some], target[some], actual[some], strict=True)
    raw = pd.Series([percentage(*each) for each in triples], index=table.index[some], dtype=object)
    floored = raw.map(lambda value: max(value, Decimal(0)))
    shown = floored.map(lambda value: value.quantize(CENT))
    labels = shown.map(lambda value: next((name for low, name in LEVELS if value >= low), "Sangat Rendah"))
    table["achievement_raw"] = raw.map(lambda value: written(value, RAW))
    table["achievement"] = shown.map(lambda value: written(value, CENT))
    table["score"] = floored.map(lambda value: written(min(value, CAP), CENT))
    table["category"] = labels
    table["reason"] = some.map({True: "", False: "belum ada realisasi"})
    table.to_csv(output, sep=";", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

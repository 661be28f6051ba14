"""`capaian measure`: the achievement of every row of a CSV or XLSX table."""

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capaian.tables.settings import Settings

EXAMPLE = """contoh:
  capaian measure capaian.csv
  capaian measure capaian.xlsx --output hasil.xlsx
  capaian measure data.csv --decimal point --cap none --output hasil.json

kolom: indicator (indikator), unit (satuan), polarity (polaritas), target, actual (realisasi), dan bila perlu
weight (bobot), target_low, target_high, tolerance (toleransi). Kolom lain ikut apa adanya.
polarity: maximize, minimize, minimize_ratio, stabilize, range_max, range_min, predicate, milestone; kosong = maximize.
"""


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "measure",
        help="hitung capaian setiap baris tabel CSV atau XLSX",
        description="Menghitung capaian, skor, dan kategori setiap baris tabel CSV atau XLSX.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser)
    parser.set_defaults(run=run)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that `explain` shares."""
    from capaian.formulas.shipped_scales import PERMENDAGRI, SCALES

    parser.add_argument("input", type=Path, metavar="INPUT", help="berkas CSV (UTF-8) atau XLSX (lembar pertama)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="tulis ke .csv, .xlsx, atau .json; baku: ke layar")
    parser.add_argument("--decimal", choices=("comma", "point"), default="comma", help="tanda desimal; baku: comma")
    parser.add_argument(
        "--minimize", choices=("linear", "ratio"), default="linear", help="rumus baris minimize; baku: linear (2T−R)/T"
    )
    parser.add_argument("--cap", type=cap, default="120", metavar="N|none", help="batas skor; baku: 120")
    parser.add_argument(
        "--scale", choices=[scale.code for scale in SCALES], default=PERMENDAGRI.code, help="skala kategori"
    )


def cap(text: str) -> Decimal | None:
    """The cap as typed, with either decimal sign; ValueError words the refusal for argparse."""
    from capaian.formulas.number_text import Number, parse_number

    if text.casefold() in ("none", "tanpa"):
        return None
    parsed = parse_number(text)
    if not isinstance(parsed, Number) or parsed.value <= 0:
        raise argparse.ArgumentTypeError(f"“{text}” bukan batas skor: tulis angka di atas nol atau none")
    return parsed.value


def settings_of(arguments: argparse.Namespace) -> "Settings":
    """What the options say."""
    from capaian.formulas.shipped_scales import shipped_scale
    from capaian.tables.settings import MARKS, Settings

    return Settings(
        decimal=MARKS[arguments.decimal],
        ratio=arguments.minimize == "ratio",
        cap=arguments.cap,
        scale=shipped_scale(arguments.scale),
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure the table; 0, or 2 when something cannot be read."""
    from capaian.cli.tables import running
    from capaian.tables.columns import NEEDED, RESULTS
    from capaian.tables.measuring import Measurer
    from capaian.tables.tally import summary

    settings = settings_of(arguments)
    return running.run(
        running.Plan(
            source=arguments.input,
            output=arguments.output,
            settings=settings,
            needed=NEEDED,
            added=RESULTS,
            work=Measurer,
            closing_lines=lambda work: summary(work.tally, settings),
            in_parts=True,
        )
    )

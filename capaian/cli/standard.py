"""`capaian formulas`: prints the achievement standard, its formulas, bases and worked cases."""

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "formulas",
        help="tampilkan standar penghitungan capaian",
        description="Menampilkan standar penghitungan capaian: semua rumus, dasar, dan contoh hitungannya.",
    )
    parser.add_argument(
        "--format", choices=("text", "markdown", "csv"), default="text", help="csv: contoh hitungan saja; baku: text"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print it; 0."""
    from capaian.cli.tables.running import hang_up
    from capaian.formulas.standard_text import golden_cases, standard_markdown, standard_text

    made = {"text": standard_text, "markdown": standard_markdown, "csv": golden_cases}[arguments.format]
    try:
        print(made(), end="", flush=True)
    except BrokenPipeError:
        hang_up()
    return 0

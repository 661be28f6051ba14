"""`capaian explain`: why published achievements differ from the computed ones."""

import argparse
from typing import Any

from capaian.cli.measure import add_options, settings_of

EXAMPLE = """contoh:
  capaian explain terbit.csv
  capaian explain terbit.xlsx --output periksa.xlsx

Seperti measure, dengan satu kolom lagi: published (terbit), capaian yang dicetak sumber.
Hasilnya bertambah kolom difference (terbit − capaian) dan explanation.
"""


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "explain",
        help="jelaskan mengapa capaian yang terbit berbeda dari hitungan",
        description="Membandingkan capaian yang terbit dengan hitungan dan mencari rumus atau kesalahan penyebabnya.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Explain the table; 0, or 2 when something cannot be read."""
    from capaian.cli.tables import running
    from capaian.tables.columns import EXPLAINED, NEEDED, RESULTS
    from capaian.tables.explaining import Explainer, findings
    from capaian.tables.tally import summary

    settings = settings_of(arguments)
    return running.run(
        running.Plan(
            source=arguments.input,
            output=arguments.output,
            settings=settings,
            needed=(*NEEDED, "published"),
            added=(*RESULTS, *EXPLAINED),
            work=Explainer,
            closing_lines=lambda work: [*summary(work.tally, settings), *findings(work)],
        )
    )

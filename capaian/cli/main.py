"""The `capaian` command: finds its sub-commands in this room and runs one.

A module of this room, and `commands` of the doors beside it, that has `register(subparsers)` adds sub-commands. It
sets `run` (arguments -> exit code) and, when it reads or writes rows, `needs_django=True`; its top-level imports stay
light, so that commands which only compute start at once.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import capaian.cli

# the doors do not import each other; each brings its own commands
DOORS = ("capaian.jobs.commands", "capaian.sample.commands")


def set_up_django() -> None:
    """Load settings and rooms."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.site.settings")
    django.setup()


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every sub-command of this room."""
    parser = argparse.ArgumentParser(
        prog="capaian", description="Menjalankan SOP pengumpulan data dan pengukuran kinerja (SAKIP)."
    )
    subparsers = parser.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    own = [f"capaian.cli.{found.name}" for found in pkgutil.iter_modules(capaian.cli.__path__)]
    for name in sorted({*own, *DOORS} - {"capaian.cli.main", "capaian.cli.__main__"}):
        module = importlib.import_module(name)
        if hasattr(module, "register"):
            module.register(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 after a refusal whose sentence went to standard error, 130 after Ctrl-C."""
    arguments = build_parser().parse_args(argv)
    try:
        if getattr(arguments, "needs_django", False):
            return run_with_rows(arguments)
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        return 130


def run_with_rows(arguments: argparse.Namespace) -> int:
    """Run a command that reads or writes rows; a refusal becomes its sentences and exit code 1."""
    set_up_django()
    from capaian.journal.reason import Refused

    try:
        return int(arguments.run(arguments))
    except Refused as refused:
        for reason in refused.reasons:
            print(reason, file=sys.stderr)
        return 1

"""`capaian sample`: the sample agency with its sample people, loaded or removed."""

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    """Add `sample load` and `sample remove`."""
    parser = subparsers.add_parser("sample", help="perangkat daerah contoh")
    commands = parser.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    commands.add_parser("load", help="memuat perangkat daerah contoh").set_defaults(run=run_load, needs_django=True)
    commands.add_parser("remove", help="menonaktifkan semua akun contoh").set_defaults(
        run=run_remove, needs_django=True
    )


def run_load(_arguments: argparse.Namespace) -> int:
    """Load the sample agency."""
    from capaian.sample.load import load, load_work

    print("Memuat perangkat daerah contoh …", flush=True)
    load_work(load())
    return 0


def run_remove(_arguments: argparse.Namespace) -> int:
    """Deactivate every sample account."""
    from capaian.agencies.actions import founding_actor, remove_sample_people

    print(f"{remove_sample_people(by=founding_actor())} akun contoh tidak dapat masuk lagi.")
    return 0

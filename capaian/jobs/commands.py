"""`capaian jobs`: the work that happens by itself, once for cron or again and again beside a server."""

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    """Add `jobs once` and `jobs beside`."""
    parser = subparsers.add_parser("jobs", help="pekerjaan berkala")
    commands = parser.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    once = commands.add_parser("once", help="menjalankan semua pekerjaan berkala satu kali (untuk cron)")
    once.set_defaults(run=run_once, needs_django=True)
    beside = commands.add_parser("beside", help="menjalankannya setiap menit selama proses server masih ada")
    beside.add_argument("parent", type=int, metavar="PID", help="nomor proses server")
    beside.set_defaults(run=run_beside, needs_django=True)


def run_once(_arguments: argparse.Namespace) -> int:
    """Run every job once; return 1 when one failed."""
    from django.utils import timezone

    from capaian.jobs.ticker import Ticker

    done = Ticker().tick(timezone.now())
    for name, count in done.items():
        print(f"{name}: {'gagal' if count is None else count}")
    return int(None in done.values())


def run_beside(arguments: argparse.Namespace) -> int:
    """Tick until the server is gone."""
    from capaian.jobs.ticker import run_until_orphaned

    run_until_orphaned(arguments.parent)
    return 0

"""`capaian journal verify`: walks the journal's chains and names every break."""

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    """Add `journal verify`."""
    parser = subparsers.add_parser("journal", help="jurnal: siapa melakukan apa")
    actions = parser.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    check = actions.add_parser("verify", help="memeriksa keutuhan rantai jurnal")
    check.add_argument("--agency", default="", metavar="ID", help="id publik satu perangkat daerah (bawaan: semua)")
    check.set_defaults(run=verify, needs_django=True)


def verify(arguments: argparse.Namespace) -> int:
    """Print every break with its chain and row; return 0 when all chains are whole, else 1."""
    from capaian.journal.models import Chain
    from capaian.journal.queries import breaks

    keys = list(Chain.objects.order_by("key").values_list("key", flat=True))
    if arguments.agency:
        if arguments.agency not in keys:
            print(f"Tidak ada jurnal untuk {arguments.agency!r}. Yang ada: {', '.join(keys) or 'belum ada'}.")
            return 1
        keys = [arguments.agency]
    found = 0
    for key in keys:
        for place in breaks(key):
            found += 1
            print(f"rantai {place.chain}, baris {place.seq}: {place.what}")
    if found:
        print(f"Jurnal TIDAK utuh: {found} kerusakan dalam {len(keys)} rantai.")
        return 1
    print(f"Jurnal utuh: {len(keys)} rantai diperiksa.")
    return 0

"""`capaian agency start`: an agency of one's own on an installation without the sample."""

import argparse
import sys
from typing import Any

TIME_ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
KINDS = {"kabupaten": "regency", "kota": "city", "provinsi": "province"}
# flag -> (question, needed): what is not given as a flag is asked, when somebody sits at the terminal
QUESTIONS = {
    "region": ("Nama kabupaten/kota/provinsi, tanpa kata itu (mis. Tanjung Jabung Barat)", True),
    "name": ("Nama perangkat daerah", True),
    "short_name": ("Nama singkat (mis. DISKOMINFO)", True),
    "place": ("Tempat penandatanganan (mis. Kuala Tungkal)", False),
    "admin_name": ("Nama admin, dengan gelar", True),
    "admin_username": ("Nama pengguna admin", True),
    "admin_nip": ("NIP admin (18 angka, boleh kosong)", False),
}


def register(subparsers: Any) -> None:
    """Add `agency start`."""
    parser = subparsers.add_parser("agency", help="perangkat daerah")
    commands = parser.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    start = commands.add_parser("start", help="memulai perangkat daerah sendiri, dengan admin pertamanya")
    for name, (question, _needed) in QUESTIONS.items():
        start.add_argument(f"--{name.replace('_', '-')}", default="", help=question)
    start.add_argument("--kind", choices=KINDS, default="kabupaten", help="jenis pemerintah daerah (bawaan: kabupaten)")
    start.add_argument("--time-zone", choices=TIME_ZONES, default="WIB", help="zona waktu (bawaan: WIB)")
    start.set_defaults(run=start_agency, needs_django=True)


def complete(arguments: argparse.Namespace) -> list[str]:
    """Ask for what was not given; return the flags that are still missing."""
    for name, (question, _needed) in QUESTIONS.items():
        if not getattr(arguments, name) and sys.stdin.isatty():
            setattr(arguments, name, input(f"{question}: ").strip())
    needed = [name for name, (_question, needed) in QUESTIONS.items() if needed and not getattr(arguments, name)]
    return [f"--{name.replace('_', '-')}" for name in needed]


def start_agency(arguments: argparse.Namespace) -> int:
    """Start the agency with its kinds of papers, calendar and SOPs; print its admin's one-time code."""
    from capaian.agencies.actions import founding_actor
    from capaian.agencies.entries import AgencyEntry, PersonEntry, RegionEntry
    from capaian.agencies.models import Region
    from capaian.cli.serve import prepare
    from capaian.sop.founding_actions import found_agency

    if missing := complete(arguments):
        print(f"Belum lengkap: {', '.join(missing)}.", file=sys.stderr)
        return 1
    prepare()
    zone = TIME_ZONES[arguments.time_zone]
    known = Region.objects.filter(name__iexact=arguments.region, kind=KINDS[arguments.kind]).first()
    agency, person, code = found_agency(
        region=known or RegionEntry(arguments.region, KINDS[arguments.kind], zone),
        entry=AgencyEntry(arguments.name, arguments.short_name, zone, arguments.place),
        admin=PersonEntry(arguments.admin_username, arguments.admin_name, arguments.admin_nip),
        by=founding_actor(),
    )
    print(f"{agency.name} dimulai. Admin: {person.name}, nama pengguna {person.username}.")
    print(f"Kode sekali pakai untuk membuat kata sandi: {code}")
    print("Buka halaman masuk, pilih “Saya punya kode”, ketik nama pengguna dan kode itu.")
    return 0

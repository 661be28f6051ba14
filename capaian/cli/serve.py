"""`capaian serve`: prepares the installation, then runs the web server and the jobs beside it."""

import argparse
import ctypes
import errno
import hashlib
import importlib
import ipaddress
import multiprocessing
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
WILDCARDS = {"0.0.0.0", "::"}  # noqa: S104  (compared with, never bound by default)
THREADS = 4  # per worker; each holds one database connection
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
KILL_TIMEOUT = 10  # seconds for open requests when the server stops

PORT_TAKEN = """Port {port} di {host} sudah dipakai program lain. Pakai port lain: make run PORT={other}
Port {port} on {host} is in use by another program. Choose another: make run PORT={other}"""
PORT_DENIED = """Port {port} hanya boleh dipakai administrator. Pakai port 1024 ke atas: make run PORT=8000
Port {port} may be used by administrators only. Use 1024 or above: make run PORT=8000"""
HOST_UNKNOWN = """Alamat {host} bukan milik komputer ini ({problem}). Periksa HOST.
{host} is not an address of this machine ({problem}). Check HOST."""
SAMPLE_IS_OPEN = """Ditolak: akun contoh masih aktif dan kata sandinya umum, padahal {host} terjangkau dari jaringan.
Mulai perangkat daerah sendiri dan buat kata sandi adminnya di localhost, lalu hapus akun contoh:
    .venv/bin/capaian agency start
    .venv/bin/capaian sample remove
Refused: sample people are still active and their passwords are public, but {host} can be reached from the network.
Start your own agency and set its admin's password on localhost, then remove the sample people (commands above)."""
NOBODY_YET = """Ditolak: belum ada perangkat daerah, data contoh tidak dimuat karena {host} terjangkau dari jaringan.
Mulai perangkat daerah sendiri, lalu ulangi:
    .venv/bin/capaian agency start
Refused: there is no agency yet, and the sample is not loaded because {host} can be reached from the network.
Start your own agency (command above), then repeat."""


def register(subparsers: Any) -> None:
    """Add `serve` and `migrate`."""
    parser = subparsers.add_parser("serve", help="menjalankan aplikasi di web", description=__doc__)
    parser.add_argument("--host", default="localhost", help="alamat yang didengarkan (bawaan: localhost)")
    parser.add_argument("--port", type=int, default=8000, help="port (bawaan: 8000)")
    parser.add_argument("--workers", type=int, default=2, help="banyaknya proses server (bawaan: 2)")
    parser.add_argument("--no-sample", action="store_true", help="jangan memuat perangkat daerah contoh")
    parser.add_argument("--no-jobs", action="store_true", help="pekerjaan berkala dijalankan cron: capaian jobs once")
    parser.set_defaults(run=serve)
    parser = subparsers.add_parser("migrate", help="menyesuaikan basis data dengan versi aplikasi ini")
    parser.set_defaults(run=lambda _arguments: prepare(), needs_django=True)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host`."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(host: str) -> str:
    """Return the numeric address to bind; raise OSError for a name that is not known."""
    if host == "localhost":
        return "127.0.0.1"
    return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])


def own_names(host: str) -> list[str]:
    """Return the names under which browsers reach a server bound to `host`."""
    if host not in WILDCARDS:
        return [f"[{host}]" if ":" in host else host]
    names = {socket.gethostname(), socket.getfqdn()}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # sends nothing: asks the routing table which address faces the network (RFC 5737 address)
            probe.connect(("192.0.2.1", 9))
            names.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(names)


def reasons_not_to_bind(host: str, port: int) -> str:
    """Return a sentence when the address cannot be bound, else an empty one."""
    try:
        address = address_of(host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return PORT_TAKEN.format(host=host, port=port, other=port + 1)
        if error.errno == errno.EACCES:
            return PORT_DENIED.format(port=port)
        return HOST_UNKNOWN.format(host=host, problem=error.strerror or error)
    except OverflowError:
        return f"Port {port} tidak ada; pakai 1024 sampai 65535. There is no port {port}; use 1024 to 65535."
    return ""


def is_empty() -> bool:
    """Tell whether no agency has been started yet."""
    from capaian.agencies.models import Agency

    return not Agency.objects.exists()


def reasons_not_to_open(host: str) -> str:
    """Return a sentence when strangers could reach sample accounts or an empty installation, else an empty one."""
    from capaian.agencies.models import Person

    if is_loopback(host):
        return ""
    if Person.objects.filter(is_sample=True, is_active=True).exists():
        return SAMPLE_IS_OPEN.format(host=host)
    if is_empty():
        return NOBODY_YET.format(host=host)
    return ""


def prepare() -> int:
    """Bring tables and static files up to this version; return 0. Does nothing when nothing changed."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Menyiapkan basis data …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    stamp = Path(settings.STATIC_ROOT) / "collected"
    now = static_files()
    if not stamp.exists() or stamp.read_text() != now:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now)
    return 0


def static_files() -> str:
    """Return a digest over name, size and time of every static file that the pages use."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            digest.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def refuse(sentence: str) -> int:
    """Print a refusal and return the exit code."""
    print(f"\n{sentence}\n", file=sys.stderr, flush=True)
    return 1


def serve(arguments: argparse.Namespace) -> int:
    """Prepare, then serve until Ctrl-C or SIGTERM."""
    from capaian.cli.main import main, set_up_django

    host = arguments.host
    if sentence := reasons_not_to_bind(host, arguments.port):
        return refuse(sentence)
    hosts = [name for name in os.environ.get("CAPAIAN_HOSTS", "").split(",") if name]
    if not is_loopback(host):
        hosts += own_names(host)
    os.environ["CAPAIAN_HOSTS"] = ",".join(hosts)
    set_up_django()
    prepare()
    if sentence := reasons_not_to_open(host):
        return refuse(sentence)
    if not arguments.no_sample and is_empty():
        main(["sample", "load"])
    listen(arguments)
    return 0


def load_in_worker(target: str) -> Any:
    """Return the application, in a worker process that stops only with its parent, and always with it.

    Ctrl-C reaches every process of a terminal's group: a worker that stops before its parent is taken for
    crashed. And a worker that outlives a killed parent would hold the port.
    """
    os.setpgrp()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def listen(arguments: argparse.Namespace) -> None:
    """Run the server and, in a process beside it, the jobs; return when told to stop."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from capaian.cli.main import main

    connections.close_all()  # what is open here must not be shared with the processes below
    jobs = multiprocessing.Process(target=main, args=(["jobs", "beside", str(os.getpid())],), daemon=True)
    if not arguments.no_jobs:
        jobs.start()
    server = Granian(
        "capaian.site.wsgi:application",
        address=address_of(arguments.host),
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_TIMEOUT,
        websockets=False,
        log_level=LogLevels.warning,
    )
    shown = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    print(f"\nCapaian: http://{shown}:{arguments.port}   (berhenti: Ctrl-C)\n", flush=True)
    try:
        server.serve(target_loader=load_in_worker)
    finally:
        if jobs.pid is not None:
            jobs.terminate()
            jobs.join(10)
        print("Capaian berhenti.", flush=True)

"""A PostgreSQL server for tests: made in a temporary folder, thrown away afterwards, reached by socket only.

Binaries come from PATH or from Debian's place; PostgreSQL refuses to run as root, so root hands it to the
user `postgres`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

MISSING = "PostgreSQL is missing: sudo apt-get install postgresql"
OWNER = "postgres"
ROOT = Path(__file__).resolve().parents[1]
# nothing here survives the run, so nothing has to survive a power cut
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
}


def binaries() -> Path | None:
    """Return the folder with initdb and postgres, the newest where there are several; None when not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("initdb")
    candidates = [*reversed(folders), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in candidates if (folder / "postgres").exists()), None)


def as_owner(command: Sequence[str | Path]) -> list[str]:
    """Return the command as it must be started: by root in the name of `postgres`, else as it is."""
    words = [str(word) for word in command]
    if os.geteuid():
        return words
    if shutil.which("setpriv"):
        return ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups", *words]
    return ["runuser", "-u", OWNER, "--", *words]


def has_owner() -> bool:
    """Tell whether somebody is there to run the server."""
    try:
        return bool(os.geteuid()) or bool(pwd.getpwnam(OWNER))
    except KeyError:
        return False


@contextmanager
def cluster(settings: dict[str, str] | None = None) -> Iterator[str]:
    """Run a server until the block ends; yield the DATABASE_URL of its empty database `capaian`.

    `settings` override SETTINGS: a benchmark keeps fsync on. Raises RuntimeError with MISSING when not installed.
    """
    folder = binaries()
    if folder is None or not has_owner():
        raise RuntimeError(MISSING)
    with tempfile.TemporaryDirectory(prefix="capaian-pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        user = OWNER
        if os.geteuid() == 0:
            shutil.chown(home, OWNER, OWNER)
        else:
            user = pwd.getpwuid(os.geteuid()).pw_name
        data = home / "data"
        subprocess.run(
            as_owner([folder / "initdb", "-D", data, "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync"]),
            check=True,
            capture_output=True,
            cwd="/",
        )
        options = [f"-c{key}={value}" for key, value in (SETTINGS | (settings or {})).items()]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                as_owner([folder / "postgres", "-D", data, "-k", home, *options]),
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C ends the tests first, then this
            )
        try:
            wait_until_ready(folder, home, server)
            subprocess.run([folder / "createdb", "-h", home, "-U", user, "capaian"], check=True, cwd="/")
            yield f"postgresql://{user}@{quote(name, safe='')}/capaian"
        finally:
            server.send_signal(signal.SIGQUIT)  # immediate shutdown: nothing here is kept
            server.wait(30)


def wait_until_ready(folder: Path, home: Path, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; raise RuntimeError with its log when it does not."""
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        asked = subprocess.run([folder / "pg_isready", "-q", "-h", home], check=False, cwd="/")
        if asked.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text(errors='replace')}")


def main() -> None:
    """Run a command with DATABASE_URL set to a fresh server: `postgres.py COMMAND …`."""
    with cluster() as url:
        sys.exit(subprocess.run(sys.argv[1:], check=False, env=os.environ | {"DATABASE_URL": url}).returncode)


if __name__ == "__main__":
    main()

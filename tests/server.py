"""Real server processes for tests: the product as it is served, on a free port, beside the test's own database."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
READY_WITHIN = 60  # seconds, on a busy machine


@dataclass
class Server:
    """A running server: `base_url` without a final slash, its process and what it printed."""

    base_url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL, at once; its workers die with it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        wait_until(lambda: not answers(self.base_url), 10)

    def stop(self) -> None:
        """End it as an administrator would."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


def die_with_tests() -> None:
    """Let the server die with the tests, also when they are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Tell whether a server answers there, whatever it answers."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


def wait_until(condition: Callable[[], object], seconds: float) -> bool:
    """Wait until `condition()` is true; tell whether it became so in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def url_of_test_database() -> str:
    """Return the DATABASE_URL of the database that the running test uses."""
    from django.db import connection

    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    user, host = quote(settings["USER"]), quote(settings["HOST"], safe="")
    password = f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{user}{password}@{host}{port}/{settings['NAME']}"


def start(database_url: str, words: Sequence[str], environment: dict[str, str]) -> Server:
    """Start a server on a free port and wait until it answers or ends."""
    port = free_port()
    log = Path(os.environ["CAPAIAN_HOME"]) / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "capaian.cli", "serve", "--port", str(port), "--no-sample", *words],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database_url} | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_tests,  # noqa: PLW1509  (no thread holds a lock while a server starts)
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    wait_until(lambda: process.poll() is not None or answers(server.base_url), READY_WITHIN)
    return server


@contextmanager
def serve(
    database_url: str, *, workers: int = 2, jobs: bool = False, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Serve on a free port until the block ends; raise RuntimeError with the server's words if it does not start."""
    words = ["--workers", str(workers), *([] if jobs else ["--no-jobs"])]
    server = start(database_url, words, environment or {})
    if server.process.poll() is not None and "sudah dipakai" in server.log.read_text(errors="replace"):
        server = start(database_url, words, environment or {})  # another test took the port in between
    try:
        if server.process.poll() is not None or not answers(server.base_url):
            raise RuntimeError(f"the server did not start:\n{server.log.read_text(errors='replace')}")
        yield server
    finally:
        server.stop()

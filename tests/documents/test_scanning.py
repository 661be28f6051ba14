"""A virus scanner before the store: infected files are refused, and without its word nothing is kept."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from capaian.documents import store
from capaian.journal.reason import Refused
from tests.web.offices import PDF

# the harmless text that every scanner knows, put together here so that this file is not found itself
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """Answers as clamd does: reads the whole stream, knows one virus; or says something else, or nothing."""

    def __init__(self, says: bytes | None = b"") -> None:
        self.says, self.seen = says, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with self.listener, self.listener.accept()[0] as peer, peer.makefile("rwb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", stream.read(4))[0]:
                self.seen += stream.read(size)
            if self.says is None:
                threading.Event().wait(5)
                return
            stream.write(self.says or (b"stream: Eicar-Test FOUND\0" if EICAR in self.seen else b"stream: OK\0"))


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.FILES = tmp_path
    settings.CAPAIAN_CLAMD_SECONDS = 0.5
    yield tmp_path
    assert not list((tmp_path / "tmp").iterdir())


def kept(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_a_clean_file_is_kept_as_it_is(files: Path, settings: Settings) -> None:
    scanner = Scanner()
    settings.CAPAIAN_CLAMD = scanner.address
    found = store.keep(io.BytesIO(PDF), "bukti.pdf")
    assert store.read(found.key) == scanner.seen == PDF


def test_an_infected_file_is_refused_by_name(files: Path, settings: Settings) -> None:
    settings.CAPAIAN_CLAMD = Scanner().address
    with pytest.raises(Refused, match="ditolak karena pemindai menemukan Eicar-Test"):
        store.keep(io.BytesIO(PDF + EICAR), "bukti.pdf")
    assert kept(files) == 0


@pytest.mark.parametrize("says", [None, b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"stream: OK FOUND ERROR\0"])
def test_without_a_clear_word_nothing_is_kept(files: Path, settings: Settings, says: bytes | None) -> None:
    settings.CAPAIAN_CLAMD = Scanner(says).address
    with pytest.raises(Refused, match="pemindai virus tidak menjawab"):
        store.keep(io.BytesIO(PDF), "bukti.pdf")
    assert kept(files) == 0


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock"])
def test_a_scanner_that_is_down_is_never_skipped(files: Path, settings: Settings, address: str) -> None:
    settings.CAPAIAN_CLAMD = address
    with pytest.raises(Refused, match="pemindai virus tidak menjawab"):
        store.keep(io.BytesIO(PDF), "bukti.pdf")
    assert kept(files) == 0


def test_control_without_a_scanner_the_same_file_is_kept(files: Path, settings: Settings) -> None:
    settings.CAPAIAN_CLAMD = ""
    assert store.keep(io.BytesIO(PDF + EICAR), "bukti.pdf").size == len(PDF + EICAR)


def test_papers_of_our_own_need_no_scanner(files: Path, settings: Settings) -> None:
    settings.CAPAIAN_CLAMD = "127.0.0.1:1"
    assert store.keep(io.BytesIO(PDF), "naskah.pdf", is_own=True).size == len(PDF)

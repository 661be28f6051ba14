"""Asks a virus scanner (clamd, by INSTREAM) about a file before it is kept. No answer means that it is not kept."""

import logging
import socket
import struct
from typing import BinaryIO

from django.conf import settings

from capaian.documents.names import clean_name
from capaian.journal.reason import Reason

log = logging.getLogger(__name__)
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
CLEAN, INFECTED = "stream: OK", " FOUND"


def reasons_not_to_trust(file: BinaryIO, name: str) -> list[Reason]:
    """Return why a file may not be kept after the scanner has seen it; nothing where no scanner is set up.

    A scanner that is down, too slow or answers anything else holds the file back: it is never skipped.
    """
    if not settings.CAPAIAN_CLAMD:
        return []
    try:
        verdict = _ask(file)
    except OSError as error:
        log.warning("no answer of the virus scanner: %s", error)
        return [_unseen(name)]
    if verdict == CLEAN:
        return []
    log.warning("virus scanner about an upload: %s", verdict)
    if not verdict.endswith(INFECTED):
        return [_unseen(name)]
    found = verdict.removeprefix("stream: ").removesuffix(INFECTED)
    text = f"Berkas “{clean_name(name)}” ditolak karena pemindai menemukan {found}."
    return [Reason("malware", text, "Jangan buka berkas itu; beri tahu pengelola komputer Anda.", "file")]


def _ask(file: BinaryIO) -> str:
    """Send a file to the scanner and return its answer; OSError without one."""
    with _connected() as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            scanner.sendall(struct.pack("!L", len(chunk)) + chunk)
        scanner.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := scanner.recv(LONGEST_ANSWER)):
            answer += more
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connected() -> socket.socket:
    """Return a connection to `host:port` or to the path of a socket."""
    address, seconds = settings.CAPAIAN_CLAMD, settings.CAPAIAN_CLAMD_SECONDS
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=seconds)
    scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        scanner.settimeout(seconds)
        scanner.connect(address)
    except OSError:
        scanner.close()
        raise
    return scanner


def _unseen(name: str) -> Reason:
    text = f"Berkas “{clean_name(name)}” belum diterima karena pemindai virus tidak menjawab."
    return Reason("scanner_silent", text, "Coba lagi sebentar lagi; bila tetap begitu, beri tahu admin.", "file")

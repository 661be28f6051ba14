"""Bytes of files, on disk under `settings.FILES`. Names on disk are random; no row is written here.

A file is written and synced before anything may point at it: bytes to a temporary file, fsync, rename, fsync of the
folder. A crash leaves at most a file that no row names; `sweep_orphans` removes those.
"""

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from capaian.documents.content import HEAD_BYTES, look
from capaian.documents.models import StoredFile
from capaian.documents.names import name_for, type_by_name
from capaian.documents.rules import MAX_BYTES, reasons_not_to_keep, reasons_too_large
from capaian.documents.scanning import reasons_not_to_trust
from capaian.journal.reason import Reason, Refused, refuse_if

KEY = re.compile(r"[0-9a-f]{40}")
CHUNK = 256 * 1024
# younger files may belong to a row that is just being written
MIN_AGE = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """Bytes that are safely on disk. `size` in bytes, `sha256` in hex."""

    key: str
    sha256: str
    size: int
    media_type: str
    original_name: str


class StorageFull(Refused):
    """The disk has no room; nothing was kept."""

    status = 507


def path_of(key: str) -> Path:
    """Return where a key's bytes are. ValueError for anything that is not a key."""
    if not KEY.fullmatch(key):
        raise ValueError(f"not a key of the store: {key!r}")
    return Path(settings.FILES) / key[:2] / key


def keep(stream: BinaryIO, name: str, *, limit: int = MAX_BYTES, is_own: bool = False) -> Kept:
    """Write a stream to disk, synced, and return what was kept. Call it outside any transaction.

    What the product made itself (`is_own`) is not shown to the virus scanner. Raises `Refused` when the content may not
    be kept, `StorageFull` when there is no room; either leaves nothing.
    """
    key = secrets.token_hex(20)
    temporary = _temporary_folder() / key
    try:
        digest, size = _write(stream, temporary, name, limit)
        with temporary.open("rb") as file:
            refuse_if(reasons_not_to_keep(name, file.read(HEAD_BYTES), size, whole=file, limit=limit))
            media_type = type_by_name(name, look(file).media_type)
            if not is_own:
                file.seek(0)
                refuse_if(reasons_not_to_trust(file, name))
        _settle(temporary, path_of(key))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull([_no_room(name)]) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)
    return Kept(key, digest, size, media_type, name_for(name, media_type))


def open_file(key: str) -> BinaryIO:
    """Open a kept file for reading. FileNotFoundError when the bytes are gone."""
    return path_of(key).open("rb")


def read(key: str) -> bytes:
    """Return the bytes of a kept file."""
    return path_of(key).read_bytes()


def read_head(key: str) -> bytes:
    """Return the first 64 KiB of a kept file, as the rules want them."""
    with open_file(key) as file:
        return file.read(HEAD_BYTES)


def is_whole(key: str, sha256: str) -> bool:
    """Tell whether a file is there with exactly the bytes that were kept."""
    try:
        with path_of(key).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def discard(key: str) -> None:
    """Remove kept bytes that no row will ever name."""
    path_of(key).unlink(missing_ok=True)


def orphans(older_than: timedelta = timedelta(0)) -> list[str]:
    """Return the keys on disk that no row names, of files at least so old, in order."""
    latest = time.time() - older_than.total_seconds()
    found: list[str] = []
    for shard in _shards():
        keys = {path.name for path in shard.iterdir() if KEY.fullmatch(path.name) and path.stat().st_mtime <= latest}
        if keys:
            found += keys - set(StoredFile.objects.filter(key__startswith=shard.name).values_list("key", flat=True))
    return sorted(found)


def sweep_orphans(older_than: timedelta = DAY) -> int:
    """Remove files that no row names, and unfinished ones, of at least this age; return how many.

    ValueError under an hour.
    """
    if older_than < MIN_AGE:
        raise ValueError("a young file may belong to a row that is just being written")
    lost = [path_of(key) for key in orphans(older_than)]
    latest = time.time() - older_than.total_seconds()
    lost += [path for path in _temporary_folder().iterdir() if path.stat().st_mtime <= latest]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def _shards() -> Iterator[Path]:
    root = Path(settings.FILES)
    if root.is_dir():
        yield from sorted(path for path in root.iterdir() if len(path.name) == 2 and path.is_dir())


def _temporary_folder() -> Path:
    folder = Path(settings.FILES) / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(stream: BinaryIO, path: Path, name: str, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            refuse_if(reasons_too_large(name, size, limit))
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _settle(temporary: Path, path: Path) -> None:
    """Give a synced file its place; the folders that name it are synced too."""
    is_new = not path.parent.is_dir()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    temporary.rename(path)
    _sync_folder(path.parent)
    if is_new:
        _sync_folder(path.parent.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_room(name: str) -> Reason:
    return Reason(
        "storage_full",
        f"Berkas “{name}” belum tersimpan karena ruang penyimpanan penuh.",
        "Simpan berkas di komputer Anda dan beri tahu admin; unggah lagi setelah ruang tersedia.",
    )

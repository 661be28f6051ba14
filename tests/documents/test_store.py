import errno
import hashlib
import io
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from capaian.agencies.models import Agency
from capaian.documents import store
from capaian.documents.actions import add_file
from capaian.documents.rules import MAX_BYTES
from capaian.journal.actor import Actor
from capaian.journal.reason import Refused
from tests.documents.papers import a_png

DAY = timedelta(days=1)


def on_disk(files: Path) -> list[Path]:
    return sorted(path for path in files.rglob("*") if path.is_file())


def make_old(key: str, days: int) -> None:
    past = store.path_of(key).stat().st_mtime - days * 86_400
    os.utime(store.path_of(key), (past, past))


def test_keeps_bytes_under_a_random_key_with_hash_and_size(files: Path) -> None:
    first = store.keep(io.BytesIO(b"%PDF-1.7 isi"), "laporan.pdf")
    second = store.keep(io.BytesIO(b"%PDF-1.7 isi"), "laporan.pdf")
    assert first.key != second.key
    assert first.sha256 == second.sha256 == hashlib.sha256(b"%PDF-1.7 isi").hexdigest()
    assert (first.size, first.media_type, first.original_name) == (12, "application/pdf", "laporan.pdf")
    assert store.read(first.key) == b"%PDF-1.7 isi"
    with store.open_file(first.key) as file:
        assert file.read() == b"%PDF-1.7 isi"
    assert on_disk(files) == sorted(files / kept.key[:2] / kept.key for kept in (first, second))


def test_file_then_folder_are_synced_before_and_after_the_rename(monkeypatch: pytest.MonkeyPatch) -> None:
    happened = []
    really_sync, really_rename = os.fsync, Path.rename

    def sync(handle: int) -> None:
        happened.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        really_sync(handle)

    def rename(path: Path, target: Path) -> Path:
        happened.append("rename")
        return really_rename(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    store.keep(io.BytesIO(b"isi"), "a.txt")
    assert happened == ["file", "rename", "folder", "folder"]


def test_a_refused_or_broken_upload_leaves_nothing(files: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    for stream, error in ((io.BytesIO(b"<html>"), Refused), (io.BytesIO(b""), Refused), (Broken(b"x" * 99), OSError)):
        with pytest.raises(error):
            store.keep(stream, "a.txt")
    assert on_disk(files) == []


def test_too_large_is_refused_while_it_is_read(files: Path) -> None:
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1) -> bytes:
            self.given += size or 0
            return b"x" * (size or 0)

    stream = Endless()
    with pytest.raises(Refused) as caught:
        store.keep(stream, "besar.txt")
    assert [reason.code for reason in caught.value.reasons] == ["file_too_large"]
    assert stream.given <= MAX_BYTES + store.CHUNK
    assert on_disk(files) == []
    assert store.keep(io.BytesIO(b"x" * MAX_BYTES), "pas.txt").size == MAX_BYTES


def test_a_full_disk_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, files: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(store.StorageFull) as caught:
        store.keep(io.BytesIO(b"isi"), "a.txt")
    assert caught.value.status == 507
    assert "ruang penyimpanan penuh" in str(caught.value)
    assert on_disk(files) == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 39, "A" * 40, "a" * 40 + "\n", "a/" * 20])
def test_only_keys_open_files(key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.open_file(key)


@pytest.mark.django_db
def test_orphans_are_files_without_a_row(files: Path, agency: Agency, actor: Actor) -> None:
    named, lost, young = (store.keep(io.BytesIO(a_png()), "a.png") for _ in range(3))
    add_file(kept=named, agency=agency, by=actor)
    for kept in (named, lost):
        make_old(kept.key, days=2)
    assert store.orphans() == sorted([lost.key, young.key])
    assert store.orphans(DAY) == [lost.key]
    unfinished = files / "tmp" / "belum"
    unfinished.write_bytes(b"x")
    os.utime(unfinished, (0, 0))
    assert store.sweep_orphans() == 2
    assert on_disk(files) == sorted(store.path_of(kept.key) for kept in (named, young))
    assert store.sweep_orphans() == 0


@pytest.mark.django_db
def test_sweeping_young_files_is_an_error(files: Path) -> None:
    with pytest.raises(ValueError, match="young"):
        store.sweep_orphans(timedelta(minutes=59))
    assert store.sweep_orphans(timedelta(hours=1)) == 0


def test_altered_or_lost_bytes_are_seen() -> None:
    kept = store.keep(io.BytesIO(b"isi"), "a.txt")
    assert store.is_whole(kept.key, kept.sha256)
    store.path_of(kept.key).write_bytes(b"Isi")
    assert not store.is_whole(kept.key, kept.sha256)
    store.discard(kept.key)
    assert not store.is_whole(kept.key, kept.sha256)

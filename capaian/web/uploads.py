"""Uploaded files: judged, then written to the store, before anything may point at them."""

from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from capaian.documents import store
from capaian.documents.content import HEAD_BYTES
from capaian.documents.rules import reasons_not_to_keep
from capaian.journal.reason import Refused


def keep_files(files: "Iterable[UploadedFile[Any]]") -> list[store.Kept]:
    """Write uploaded files to the store; refuse all of them when one is not acceptable."""
    given = list(files)
    reasons = []
    for file in given:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        reasons += reasons_not_to_keep(file.name or "", head, file.size or 0)
    if reasons:
        raise Refused(reasons)
    return [store.keep(cast("BinaryIO", file), file.name or "berkas") for file in given]

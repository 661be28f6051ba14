"""What makes a chain of entries whole."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from capaian.journal.models import Entry

ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Replayed(Exception):
    """The same person sent the same form again; the first sending has taken effect, this one has not."""


def canonical(payload: Mapping[str, Any]) -> str:
    """Return the one text of a payload that its digest covers: sorted keys, no spaces, UTF-8."""
    return ENCODER.encode(payload)


def digest_of(payload: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a payload in its one text."""
    return hashlib.sha256(canonical(payload).encode()).hexdigest()


def entry_hash(entry: Entry) -> str:
    """Return the SHA-256 (hex) over an entry's fields and the hash before it."""
    fields = (
        entry.previous_hash,
        str(entry.seq),
        entry.at.isoformat(timespec="microseconds"),
        entry.person,
        entry.position,
        entry.verb,
        entry.target_kind,
        entry.target_public_id,
        entry.payload_digest,
    )
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()

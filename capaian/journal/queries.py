"""Reads of the journal, always of one chain."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from capaian.journal.models import Chain, Entry
from capaian.journal.rules import digest_of, entry_hash


def history(chain: str, target_public_id: str) -> QuerySet[Entry]:
    """Return what happened to one thing, oldest first."""
    return Entry.objects.filter(chain__key=chain, target_public_id=target_public_id).order_by("seq")


def done_with_token(chain: str, person: str, token: str, *verbs: str) -> bool:
    """Tell whether this person's form token has already taken effect, as one of `verbs` when they are given.

    All forms of a page carry one token, so a question about one form names the verbs of that form.
    """
    if not token:
        return False
    entries = Entry.objects.filter(chain__key=chain, person=person, token=token)
    return (entries.filter(verb__in=verbs) if verbs else entries).exists()


@dataclass(frozen=True)
class Break:
    """A place where a chain is not whole."""

    chain: str
    seq: int
    what: str


def breaks(key: str) -> Iterator[Break]:
    """Walk one chain and yield every break: gap, altered payload, altered entry, cut or grown head."""
    head = Chain.objects.get(key=key)
    seq, previous = 0, ""
    for entry in Entry.objects.filter(chain=head).order_by("seq").iterator(chunk_size=2000):
        seq += 1
        if entry.seq != seq:
            yield Break(key, seq, f"baris {seq} hilang")
            seq = entry.seq
        elif entry.previous_hash != previous:
            yield Break(key, seq, "tidak bersambung dengan baris sebelumnya")
        if digest_of(entry.payload) != entry.payload_digest:
            yield Break(key, seq, "isi tidak sesuai dengan sidik isinya")
        if entry_hash(entry) != entry.hash:
            yield Break(key, seq, "baris tidak sesuai dengan sidiknya")
        previous = entry.hash
    if (head.seq, head.hash) != (seq, previous):
        yield Break(key, head.seq, "kepala rantai tidak sesuai dengan baris terakhir")

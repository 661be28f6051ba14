"""Writes the journal. Called inside the transaction of the change it tells of, as its last write."""

from collections.abc import Mapping
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from capaian.journal.actor import Actor
from capaian.journal.keys import Keyed
from capaian.journal.models import Chain, Entry
from capaian.journal.prepared import Prepared
from capaian.journal.rules import Replayed, digest_of, entry_hash
from capaian.journal.verbs import Verb

CHAIN_LOCKED = Prepared(lambda key: Chain.objects.filter(key=key).select_for_update(no_key=True), "key")


def lock_chain(key: str) -> Chain:
    """Lock and return the head of a chain, beginning it when it has none."""
    found = CHAIN_LOCKED.ask(key)
    if not found:
        Chain.objects.bulk_create([Chain(key=key)], ignore_conflicts=True)
        found = CHAIN_LOCKED.ask(key)
    (head,) = found
    return cast("Chain", head)


def record(*, by: Actor, verb: Verb, target: Keyed, payload: Mapping[str, Any] | None = None, chain: str = "") -> Entry:
    """Append one entry to the chain of `by`'s agency (or `chain`) and return it.

    Must run inside the transaction of the change. Raises `Replayed` when the same person has already done
    this verb with the same form token: the caller's transaction is then rolled back as a whole.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a journal row is written in the transaction of its change")
    body = {**(payload or {}), "title": by.title}  # the title of that moment, with Plt. or Plh.
    head = lock_chain(chain or by.agency_key)
    entry = Entry(
        chain=head,
        seq=head.seq + 1,
        at=timezone.now(),
        person=by.person_key,
        position=by.position_key,
        verb=verb.value,
        target_kind=type(target).__name__,
        target_public_id=target.public_id,
        token=by.token,
        payload=body,
        payload_digest=digest_of(body),
        previous_hash=head.hash,
    )
    entry.hash = entry_hash(entry)
    try:
        entry.save(force_insert=True)
    except IntegrityError as error:
        # the head is locked and gives the place, so only the form token can be taken
        if not by.token:
            raise
        raise Replayed(by.token) from error
    head.seq, head.hash = entry.seq, entry.hash
    head.save(update_fields=["seq", "hash"])
    return entry

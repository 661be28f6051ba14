"""The journal's rows: one chain per agency (or region), entries that are never changed."""

from django.db import models


class Chain(models.Model):
    """Head of one hash chain. Locked last in every transaction that writes a journal row."""

    key = models.CharField(max_length=16, unique=True)  # public id of the agency or region
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True, default="")


class Entry(models.Model):
    """One thing that somebody did.

    The hash covers the payload's digest, not the payload itself, so that personal data can later be
    pseudonymised without breaking the chain.
    """

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    person = models.CharField(max_length=16)  # public ids, not keys: the journal knows no other room
    position = models.CharField(max_length=16, blank=True, default="")
    verb = models.CharField(max_length=40)
    target_kind = models.CharField(max_length=40)
    target_public_id = models.CharField(max_length=16)
    token = models.CharField(max_length=40, blank=True, default="")
    payload = models.JSONField(default=dict)
    payload_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["chain", "seq"], name="entry_seq_once"),
            models.UniqueConstraint(
                fields=["chain", "person", "token", "verb"],
                condition=~models.Q(token=""),
                name="entry_form_token_once",
            ),
        )
        indexes = (models.Index(fields=["chain", "target_public_id", "seq"], name="entry_by_target"),)

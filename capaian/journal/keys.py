"""Random public ids: what stands in URLs, file names and papers instead of row numbers."""

import secrets

from django.db import models

# no 0/O, 1/l/I: people read these ids aloud over the phone
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 14


def new_public_id() -> str:
    """Return a random id of 14 characters (69 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class Keyed(models.Model):
    """A row that is named outside by a random id."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)

    class Meta:
        abstract = True

"""Everything that stands in the tables of our rooms, as one value."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.db import connection, transaction

from capaian.journal.models import Entry

ROOMS = ("journal", "agencies", "documents", "sop")
ALL_ROOMS = (*ROOMS, "proceedings", "planning", "collection", "measurement")
Fingerprint = dict[str, tuple[int, str]]


@cache
def tables(rooms: tuple[str, ...] = ROOMS) -> tuple[str, ...]:
    """Return the tables of rooms that may change."""
    return tuple(sorted(model._meta.db_table for room in rooms for model in apps.get_app_config(room).get_models()))


def rows(table: str) -> list[tuple[object, ...]]:
    """Return every row of a table in the order of its row numbers."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')
        return list(cursor.fetchall())


def fingerprint(rooms: tuple[str, ...] = ROOMS) -> Fingerprint:
    """Return the number of rows and a hash over all of them for each table."""
    found = {}
    for table in tables(rooms):
        content = rows(table)
        found[table] = (len(content), hashlib.sha256(repr(content).encode()).hexdigest())
    return found


def changed(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Return the tables that differ, in words."""
    return [
        f"{table}: {before[table][0]} → {after[table][0]} rows" for table in before if before[table] != after[table]
    ]


def journal_length() -> int:
    """Return how many entries all chains have together."""
    return Entry.objects.count()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo every write of the block; deferred foreign keys are asked for first, as a commit would."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(rollback=True)

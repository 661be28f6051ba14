"""Multiplies one agency into many: every row that hangs on it is copied by the database itself.

Copy number n of a row has its key plus n times a stride, so that all rows of one copy fit together; random ids,
user names and the like get the number in place of their end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from capaian.agencies.models import Agency, Region
from capaian.documents.models import Document
from capaian.journal.models import Entry

Table = type[models.Model]
DIGITS = 5  # of the copy's number
KEPT = 9  # characters of a random id before it
#: Columns of the journal that hold random ids of other tables.
POINTERS = ("person", "position", "target_public_id")
#: Indexes that are no constraints: dropped while rows pour in and built afterwards, as one does.
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    AND indexname NOT IN (SELECT conname FROM pg_constraint) AND tablename = ANY(%s)
"""


def multiply(copies: int) -> None:
    """Copy the only agency of this database so many times."""
    if Agency.objects.count() != 1:
        raise RuntimeError("one agency is multiplied, this database has another number of them")
    rooms = [room for room in apps.get_app_configs() if room.name.startswith("capaian.")]
    tables = [model for room in rooms for model in room.get_models() if model is not Region]
    stride = 1 + max(last_key(model) for model in tables)
    with connection.cursor() as cursor, unhindered(cursor, tables):
        for model in tables:
            cursor.execute(statement(model, tables, stride), [copies])
    with connection.cursor() as cursor:
        for command in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(command)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def last_key(model: Table) -> int:
    """Return the highest key of a table, 0 when it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        return int(cursor.fetchone()[0])


@contextmanager
def unhindered(cursor: Any, tables: list[Table]) -> Iterator[None]:
    """Let rows pour in without looking up foreign keys and, on PostgreSQL, without keeping indexes."""
    if connection.vendor != "postgresql":
        cursor.execute("PRAGMA foreign_keys = OFF")
        yield
        cursor.execute("PRAGMA foreign_keys = ON")
        return
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute(INDEXES, [[model._meta.db_table for model in tables]])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    cursor.execute("RESET maintenance_work_mem")
    cursor.execute("RESET session_replication_role")


def statement(model: Table, tables: list[Table], stride: int) -> str:
    """Return the INSERT … SELECT that copies one table; its parameter is the number of copies."""
    quote = connection.ops.quote_name
    fields = list(model._meta.local_fields)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join(copied(field, tables, stride) for field in fields)
    table = quote(model._meta.db_table)
    # rows without agency are the nation's
    own = " WHERE agency_id IS NOT NULL" if any(field.name == "agency" and field.null for field in fields) else ""
    numbers = "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < %s)"
    return f"{numbers} INSERT INTO {table} ({columns}) SELECT {values} FROM {table} CROSS JOIN copy{own}"  # noqa: S608


def copied(field: "models.Field[Any, Any]", tables: list[Table], stride: int) -> str:
    """Return the SQL of a column's value in copy n."""
    column = connection.ops.quote_name(str(field.column))
    postgres = connection.vendor == "postgresql"
    if field.primary_key or field.related_model in tables:
        return f"{column} + n * {stride}"
    if field.name == "nip":
        return "NULL"
    if (field.unique and isinstance(field, models.CharField)) or (field.model is Entry and field.name in POINTERS):
        number = f"lpad(n::text, {DIGITS}, '0')" if postgres else f"printf('%%0{DIGITS}d', n)"
        kept = 2 * KEPT if field.name == "username" else KEPT
        return f"CASE {column} WHEN '' THEN '' ELSE substr({column}, 1, {kept}) || {number} END"
    if field.model is Agency and field.name == "name":
        return f"{column} || ' ' || n"
    if isinstance(field, models.JSONField) and field.model in {Document, Entry}:
        return "'{}'::jsonb" if postgres else "'{}'"  # gigabytes that no measured page of a copy reads
    return column

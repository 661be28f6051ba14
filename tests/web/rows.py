"""Compares all rows before and after a form: everything that it really changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

ROOMS = ("agencies", "documents", "journal", "sop", "collection")
#: random, or the time: differs between two sendings of the same form
VOLATILE = frozenset(
    {"id", "public_id", "target_public_id", "key", "hash", "previous_hash", "payload", "payload_digest"}
    | {"token", "password", "code_hash", "sha256", "seq", "context"}
)
Rows = dict[tuple[str, int], dict[str, Any]]


def models() -> Iterator[type[Model]]:
    """Yield the models of all rooms."""
    for room in ROOMS:
        yield from apps.get_app_config(room).get_models()


def columns() -> "Iterator[Field[Any, Any]]":
    """Yield every column of every room."""
    for model in models():
        yield from (field for field in model._meta.get_fields() if isinstance(field, Field))


def all_rows() -> Rows:
    """Return all rows of all rooms."""
    return {
        (model.__name__, row["pk"]): row
        for model in models()
        for row in model._default_manager.values("pk", *_names(model))
    }


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def changes(before: Rows, after: Rows) -> list[tuple[str, str, str, str]]:
    """Return what differs: model, what happened, field, new value; new rows go without their numbers."""
    found = [(name, "removed", "", str(pk)) for name, pk in before.keys() - after.keys()]
    for place, row in after.items():
        old = before.get(place)
        what = "added" if old is None else f"changed {place[1]}"
        for field, value in row.items():
            if old is None or old[field] != value:
                found.append((place[0], what, field, _shown(place[0], field, value, before)))
    return sorted(found)


def _shown(model: str, name: str, value: Any, before: Rows) -> str:
    if name in VOLATILE or name == "pk" or isinstance(value, datetime):
        return "…"
    field = next(field for known in models() if known.__name__ == model for field in [known._meta.get_field(name)])
    if isinstance(field, ForeignKey) and value is not None:
        target = field.related_model.__name__
        return str(value) if (target, value) in before else "new"
    return str(value)


def every_field_name() -> list[str]:
    """Return the names of all columns, as an attacker who has read the code would send them."""
    names = {name for field in columns() for name in (field.name, field.attname)}
    return sorted(names | {"is_staff", "is_superuser", "instansi", "versi", "verified_by", "pk"})

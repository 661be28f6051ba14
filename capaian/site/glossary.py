"""One Indonesian word for every name in the tables: models, fields, choices. A test finds what is missing or unused."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.apps import apps

from capaian.site.performance_terms import PERFORMANCE_TERMS
from capaian.site.procedure_terms import PROCEDURE_TERMS

TERMS = dict(sorted({**PROCEDURE_TERMS, **PERFORMANCE_TERMS}.items()))

WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass
class Use:
    """Where a word of the code stands: as a table, as fields of tables, as choices of fields."""

    table: bool = False
    fields: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)


def snake(name: str) -> str:
    """Return `WorkItem` as `work_item`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def words() -> dict[str, Use]:
    """Return every word of the project's own tables with its uses; `id` and time zone names are no words."""
    found: defaultdict[str, Use] = defaultdict(Use)
    for model in apps.get_models():
        if not model.__module__.startswith("capaian."):
            continue
        found[snake(model.__name__)].table = True
        for column in model._meta.concrete_fields:
            if column.name == "id":
                continue
            found[column.name].fields.add(model.__name__)
            for value, _label in column.flatchoices:
                if WORD.fullmatch(str(value)):
                    found[str(value)].choices.add(f"{model.__name__}.{column.name}")
    return dict(found)

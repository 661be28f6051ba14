"""Fills in the form of any step as its page shows it, whatever page its work has, with the least that it asks for."""

from collections.abc import Iterable
from typing import Any

from django.forms import BoundField, ChoiceField, DateField, DateTimeField, Form, MultipleChoiceField
from django.utils import timezone

from capaian.agencies.queries import Reach
from capaian.sop.models import WorkItem
from capaian.web.works import work_page

NOT_SENT = ("uploads", "decision", "target", "units", "number_")


def untouched(item: WorkItem, reach: Reach) -> dict[str, Any]:
    """Return the fields of a step's form as it is first shown, empty compulsory ones filled in."""
    item = WorkItem.objects.select_related("run__agency", "run__definition", "step", "unit").get(pk=item.pk)
    form = work_page(item).form(item=item, reach=reach)
    must = set(getattr(form, "must", ()))
    rows = getattr(form, "rows", None)
    sent = {
        bound.html_name: _value(bound, must if bound.form is form else _row_must(bound)) for bound in _shown(form, rows)
    }
    return {"note": "Lanjut"} | {name: value for name, value in sent.items() if value not in (None, "", [])}


def _row_must(bound: BoundField) -> set[str]:
    """Return what a row asks for, when it holds anything."""
    return set(getattr(bound.form, "must", ())) if bound.form.initial else set()


def _shown(form: Form, rows: Any) -> Iterable[BoundField]:
    yield from (bound for bound in form if not bound.name.startswith(NOT_SENT))
    if rows is not None:
        yield from rows.management_form
        for row in rows:
            yield from row


def _value(bound: BoundField, must: set[str]) -> Any:
    value = bound.value()
    field = bound.field
    if value in (None, "", []) and (bound.name in must or field.required):
        value = _something(field)
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    return field.widget.format_value(value) if hasattr(field.widget, "format_value") and value is not None else value


def _something(field: Any) -> Any:
    if isinstance(field, ChoiceField):
        choices: Any = field.choices
        first = next(str(key) for key, _ in choices if key)
        return [first] if isinstance(field, MultipleChoiceField) else first
    if isinstance(field, DateTimeField):
        return timezone.now()
    return timezone.localdate() if isinstance(field, DateField) else "Uji"

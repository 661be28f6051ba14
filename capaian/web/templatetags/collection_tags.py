"""Filters of the collection's pages: figures of a frozen content as people read them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from capaian.collection import recapitulation, window_rules
from capaian.collection.reading import shown_number
from capaian.collection.recapitulation import shown_value
from capaian.sop.models import WorkItem

register = template.Library()


@register.filter
def figure(row: Mapping[str, Any]) -> str:
    """Return the figure of a row, a period or a unit of a recapitulation's content; "" where there is none."""
    return shown_value(row["value"], row["letter"])


@register.filter
def row_code(key: str, row: Mapping[str, Any]) -> str:
    """The code of origin of a recapitulation's row."""
    return recapitulation.row_code(key, row)


@register.filter
def number_text(value: Decimal | None) -> str:
    """Return a number as people read it."""
    return shown_number(value)


@register.inclusion_tag("parts/collection/window.html")
def filling_window(item: WorkItem | None) -> dict[str, Any]:
    """Tell until when a form may be filled in, by whose leave, and who fills it in for the unit."""
    if item is None:
        return {}
    window = window_rules.window_of(item.run)
    is_open = item.status == WorkItem.Status.OPEN
    return {
        "item": item,
        "window": window,
        "bound": is_open and window_rules.is_bound(item),
        "closed": window_rules.reasons_closed(item) if window and is_open else [],
        "leave": window_rules.last_permission(item) if window else None,
    }

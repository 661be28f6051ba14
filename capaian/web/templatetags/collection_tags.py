"""Filters of the collection's pages: figures of a frozen content as people read them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from capaian.collection import recapitulation
from capaian.collection.reading import shown_number
from capaian.collection.recapitulation import shown_value

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

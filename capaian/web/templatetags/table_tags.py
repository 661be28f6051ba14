"""Tags of tables that page, file and paper share: a chart from its option, the address of a cell."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from capaian.measurement.drawing import Option, svg

register = template.Library()


@register.simple_tag
def drawing(option: Option) -> SafeString:
    """Draw a chart."""
    return mark_safe(svg(option))  # noqa: S308  (every text in it is escaped where it is drawn)


@register.filter
def drawn(made: str) -> SafeString:
    """Show a chart that was drawn for a paper."""
    return mark_safe(made)  # noqa: S308  (every text in it was escaped where it was drawn)


@register.filter
def address(link: tuple[Any, ...]) -> str:
    """Return the address of a cell's link."""
    return reverse(link[0], args=link[1:])

"""The tag that draws a part of a page with Jinja2: see `capaian.web.quick`."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from capaian.web.quick import draw

register = template.Library()


@register.simple_tag
def quick(name: str, **context: object) -> SafeString:
    """Draw a part with what is named, and nothing else of the page."""
    return mark_safe(draw(name, **context))  # noqa: S308  (drawn with everything escaped)

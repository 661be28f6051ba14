"""Parts of pages that repeat hundreds of times, drawn by Jinja2 instead of Django's templates (decision 0010)."""

from functools import cache, partial
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import linebreaks
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from capaian.web.templatetags import capaian_chart, capaian_tags

FILTERS = (
    "file_size",
    "local_iso",
    "local_time",
    "local_time_short",
    "period_label",
    "plain_date",
    "status_icon",
)
FOLDER = Path(__file__).parent / "quick"


@cache
def environment() -> Environment:
    """Return what draws: the tags and filters that Django's templates use here, under their own names."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.DEBUG,
    )
    made.globals |= {"icon": cache(capaian_tags.icon), "url": address, "cell_drawing": capaian_chart.cell_drawing}
    for name in FILTERS:
        made.filters[name] = getattr(capaian_tags, name)
    made.filters["paragraphs"] = partial(linebreaks, autoescape=True)
    made.filters["line_breaks"] = partial(linebreaksbr, autoescape=True)
    return made


def address(name: str, *args: object) -> str:
    """Return the address of a page."""
    return reverse(name, args=args)


def draw(name: str, **context: object) -> str:
    """Return a part as HTML, everything in it escaped; UndefinedError for a name that it was not given."""
    return environment().get_template(name).render(context)

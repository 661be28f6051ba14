"""Papers: the PDF by itself, and its making, keeping and issuing together."""

from collections.abc import Iterator

from bench.row import Row, row, seconds_of
from capaian.documents.actions import issue
from capaian.documents.models import Document
from capaian.documents.render import render

PAPERS = 20


def rows(database: str) -> Iterator[Row]:
    """Measure the papers that wait to be made in this database."""
    found = list(Document.objects.filter(state=Document.State.DRAFT).order_by("pk")[:PAPERS])
    issue(found.pop())  # loads fonts
    size = f"{len(found)} papers"
    made = [seconds_of(lambda one=one: render(one.context["layout"], one.context)) for one in found]  # type: ignore[misc]
    yield row("paper: PDF/A rendered", "", size, made, note="one page, the generated sheet of a step")
    issued = [seconds_of(lambda one=one: issue(one)) for one in found]  # type: ignore[misc]
    yield row("paper: rendered, kept on disk and issued", database, size, issued, note="file and rows fsynced")

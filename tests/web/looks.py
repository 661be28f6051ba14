"""Looks at pages as somebody who may open them."""

from collections.abc import Iterator
from html import unescape
from typing import Any

from capaian.web.access import ACCESS
from tests.web.offices import Office
from tests.web.posts import address, addresses, thing_of

ALL = dict(addresses())
PAGES = [name for name in ALL if "GET" in ACCESS[name].methods]


def here(office: Office, name: str, **other: str) -> str:
    """Return the path of one of the office's things."""
    return address(name, ALL[name], thing_of(office, name, ALL[name]) if not other else other["key"])


def text(answer: Any) -> str:
    """Return a page as text, its entities read."""
    return unescape(answer.content.decode())


def read(answer: Any) -> Any:
    """Read an answer that comes in pieces to its end, as a browser does, so that its file is closed."""
    if answer.streaming:
        answer.getvalue()
    return answer


def every_page(office: Office) -> Iterator[tuple[str, Any]]:
    """Open every page as somebody who may."""
    for name in PAGES:
        answers = [read(office.client(role).get(here(office, name))) for role in ("team", "agency_admin")]
        opened = [answer for answer in answers if answer.status_code == 200]
        assert opened or name == "account_login", f"{name} did not open"
        yield from ((name, answer) for answer in opened[:1])

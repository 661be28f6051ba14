"""What every page shares: the request of a member, and text typed before a session ended."""

from typing import Any, Protocol, cast

from django.http import HttpRequest

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach


class MemberRequest(HttpRequest):
    """A request after the access table: somebody who holds a position today."""

    reach: Reach
    user: Person  # type: ignore[assignment]

"""What every page shares: the request of a member."""

from django.http import HttpRequest

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach


class MemberRequest(HttpRequest):
    """A request after the access table: somebody who holds a position today."""

    reach: Reach
    user: Person

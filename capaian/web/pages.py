"""What every page shares: the request of a member, the words of a search."""

from django.http import HttpRequest

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach


class MemberRequest(HttpRequest):
    """A request after the access table: somebody who holds a position today."""

    reach: Reach
    user: Person


LONGEST_SEARCH = 100


def search_text(request: HttpRequest) -> str:
    """Return what stands in the search box, without signs that nobody can type: PostgreSQL takes no NUL."""
    typed = request.GET.get("cari", "")
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:LONGEST_SEARCH]

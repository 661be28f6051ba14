"""Puts the access table before every page: who asks, for whom, with which method."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach, reach, today
from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from capaian.web import refusal_pages
from capaian.web.access import ACCESS

log = logging.getLogger(__name__)


class AccessMiddleware:
    """Sets `request.reach` (None without log-in) and lets through only what the access table allows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; pages are never kept by caches."""
        request.reach = None  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self,
        request: HttpRequest,
        _page: Callable[..., HttpResponse],
        _args: Sequence[Any],
        _kwargs: Mapping[str, Any],
    ) -> HttpResponse | None:
        """Answer instead of the page when the table says no."""
        match = request.resolver_match
        name = (match and match.url_name) or ""
        access = ACCESS.get(name)
        if access is None:
            raise ImproperlyConfigured(f"URL name {name!r} ({request.path}) is not in the access table")
        mine = _reach_of(request)
        request.reach = mine  # type: ignore[attr-defined]
        if not access.permits(request.method or ""):
            return refusal_pages.wrong_method(request, access.methods)
        if access.lets(mine):
            return None
        if mine is not None:
            return refusal_pages.forbidden(request, access, mine)
        if request.method == "POST":
            return refusal_pages.session_ended(request)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals that a page did not answer itself, and forms sent twice."""
        if isinstance(exception, Replayed):
            access = ACCESS[request.resolver_match.url_name or ""] if request.resolver_match else None
            return redirect(request.path if access and access.permits("GET") else "/")
        if isinstance(exception, Refused):
            if exception.status == HTTPStatus.FORBIDDEN:
                log.warning("forbidden at %s: %s", request.path, [reason.code for reason in exception.reasons])
            return refusal_pages.refused(request, exception.reasons, exception.status)
        return None


def _reach_of(request: HttpRequest) -> Reach | None:
    """Return what the logged-in person may act for today; the agency's clock becomes the page's clock."""
    person = request.user
    if not isinstance(person, Person):
        return None
    timezone.activate(ZoneInfo(person.agency.time_zone))
    return reach(person, today(person.agency))

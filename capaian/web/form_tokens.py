"""Form tokens: a form takes effect once, and only for the person to whom it was shown."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from capaian.journal.actor import Actor
from capaian.journal.reason import Forbidden, Reason
from capaian.journal.rules import Replayed

if TYPE_CHECKING:
    from capaian.web.pages import MemberRequest

FIELD = "form_token"
SALT = "capaian.form"


def new_token(request: "MemberRequest") -> str:
    """Return the value of a form's hidden field: the person and a random mark, signed."""
    mark = secrets.token_urlsafe(16)
    return signing.Signer(salt=SALT).sign(f"{request.reach.person.public_id}.{mark}")


def read_token(value: str) -> tuple[str, str]:
    """Return person (public id) and mark of a token; two empty texts when it was not made here."""
    try:
        person, _, mark = signing.Signer(salt=SALT).unsign(value).partition(".")
    except signing.BadSignature:
        return "", ""
    return person, mark


def token_of(request: "MemberRequest") -> str:
    """Return the mark of the form that was sent, "" when it carries none; Forbidden when it is somebody else's."""
    value = request.POST.get(FIELD, "")
    if not value:
        return ""
    person, mark = read_token(value)
    if person != request.reach.person.public_id:
        text = "Formulir ini dibuka dengan akun lain atau rusak dalam perjalanan."
        raise Forbidden([Reason("foreign_form", text, "Buka kembali halamannya, lalu isi dan kirim lagi.")])
    return mark


def actor_of(request: "MemberRequest", role: str | None = None, unit_id: int | None = None) -> Actor:
    """Return who acts in this request, carrying the mark of the form."""
    return request.reach.actor(role=role, unit_id=unit_id, token=token_of(request))


Page = Callable[..., HttpResponse]


def once(result: str, *names: str) -> Callable[[Page], Page]:
    """Answer a form sent twice with the page that the first sending led to: URL name and which arguments it takes."""

    def wrap(page: Page) -> Page:
        @wraps(page)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return page(request, **kwargs)
            except Replayed:
                messages.info(request, "Formulir ini sudah diterima sebelumnya dan hanya dijalankan satu kali.")
                return redirect(reverse(result, kwargs={name: kwargs[name] for name in names}))

        return answer

    return wrap

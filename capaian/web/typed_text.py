"""Nothing typed is lost: what stood in a form when the session had ended, or when a form was refused."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from capaian.agencies.models import Person
from capaian.web.access import ACCESS
from capaian.web.form_tokens import FIELD, read_token

SALT = "capaian.typed"
KEPT_FOR = 12 * 60 * 60  # seconds
SEALED = "typed"
# secrets are typed again; the rest belongs to the form, not to the person
LEFT_OUT = frozenset(
    {"csrfmiddlewaretoken", FIELD, SEALED, "next", "password", "oldpassword", "password1", "password2", "code"}
)
Typed = dict[str, str | list[str]]


def typed_in(request: HttpRequest) -> Typed:
    """Return the text fields of a sent form, without passwords and codes; several values as a list."""
    fields: Typed = {}
    for name, values in request.POST.lists():
        texts = [str(value) for value in values]
        if name not in LEFT_OUT and any(texts):
            fields[name] = texts[0] if len(texts) == 1 else texts
    return fields


def had_files(request: HttpRequest) -> bool:
    """Tell whether the form carried files, which cannot be kept."""
    return bool(request.FILES)


def page_of(request: HttpRequest) -> str:
    """Return the address of the page that shows the form: where it was sent, else where it came from."""
    if _shows(request.path):
        return request.path
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}) and _shows(urlsplit(came_from).path):
        return urlsplit(came_from).path
    return "/"


def _shows(path: str) -> bool:
    """Tell whether an address answers GET."""
    try:
        access = ACCESS.get(resolve(path).url_name or "")
    except Resolver404:
        return False
    return access is not None and access.permits("GET")


def sealed(request: HttpRequest) -> str:
    """Return what was typed, signed with the time and bound to the page and, where the form tells it, the person."""
    person, _ = read_token(request.POST.get(FIELD, ""))
    return signing.dumps(
        {"path": page_of(request), "person": person, "fields": typed_in(request)}, salt=SALT, compress=True
    )


def unseal(value: str, person: Person) -> tuple[str, Typed] | None:
    """Return page and fields of a sealed text; nothing when it is old, altered or somebody else's."""
    try:
        body: dict[str, Any] = signing.loads(value, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    if body["person"] not in ("", person.public_id):
        return None
    return str(body["path"]), body["fields"]


def keep_typed(request: HttpRequest, path: str, fields: Typed) -> None:
    """Lay typed text into the session for the page that asks for it next."""
    request.session[f"typed:{path}"] = fields


def typed_before(request: HttpRequest) -> Typed:
    """Return, once, what the person had typed on this page before the session ended: initial values of its forms."""
    if request.method != "GET":
        return {}
    fields: Typed = request.session.pop(f"typed:{request.path}", {})
    if fields:
        messages.info(
            request, "Yang Anda ketik sebelum sesi berakhir sudah diisikan kembali. Berkas perlu dipilih ulang."
        )
    return fields

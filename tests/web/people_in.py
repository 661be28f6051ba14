"""People logging in, and what they read."""

import re
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

from tests.factories import PASSWORD

WRONG = "kata sandi lain"


def log_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/masuk/", {"login": login, "password": password, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/akun/").status_code == 200)


def text_of(response: HttpResponseBase) -> str:
    """Return what people read: without tags and the random CSRF value."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

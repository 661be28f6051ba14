"""Log-in by user name or NIP."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from capaian.agencies.models import Person
from capaian.agencies.people_rules import NIP


def find_person(login: str) -> Person | None:
    """Return the person with this user name or NIP (gaps and capitals do not matter), with the agency."""
    typed = login.strip()
    digits = "".join(typed.split())
    people = Person.objects.select_related("agency__region")
    if NIP.fullmatch(digits):
        return people.filter(nip=digits).first()
    return people.filter(username=typed.lower()).first()


class NameOrNipBackend(ModelBackend):
    """Checks a password; takes as long for an unknown person as for a known one."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str | None = None,
        password: str | None = None,
        **_others: Any,
    ) -> Person | None:
        """Return the active person whose password this is, else nothing."""
        if not username or not password:
            return None
        person = find_person(username)
        if person is None:
            make_password(password)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: int) -> Person | None:
        """Return the person of a session with the agency, in one query; nobody once inactive."""
        return Person.objects.select_related("agency__region").filter(pk=user_id, is_active=True).first()

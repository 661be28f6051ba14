"""How allauth behaves here: our words, log-in counted per person whether by user name or NIP, local redirects only."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from capaian.agencies.models import Person
from capaian.agencies.people_rules import reasons_not_to_take_password
from capaian.agencies.sign_in import find_person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Adapter without sign-up and without e-mail."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": (
            "Nama pengguna/NIP dan kata sandi tidak cocok. Periksa ketikannya; bila lupa, minta kode sekali pakai "
            "kepada admin perangkat daerah Anda."
        ),
        "too_many_login_attempts": (
            "Terlalu banyak percobaan masuk yang gagal. Tunggu 15 menit, lalu coba lagi, atau minta kode sekali pakai "
            "kepada admin perangkat daerah Anda."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never: accounts are made by admins."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Redirect only within this site."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count failures per person: user name and NIP are one account, capitals and gaps do not help."""
        login = str(credentials.get("username", ""))
        person = find_person(login)
        name = person.username if person else "".join(login.lower().split())
        super().pre_authenticate(request, **{**credentials, "username": name})

    def clean_password(self, password: str, user: Person | None = None) -> str:
        """Check a new password with our sentences."""
        reasons = reasons_not_to_take_password(user or Person(), password)
        if reasons:
            raise ValidationError([str(reason) for reason in reasons])
        return password

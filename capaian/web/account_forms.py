"""Forms of log-in, password and one-time code."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from django import forms

from capaian.agencies.people_rules import SHORTEST_PASSWORD
from capaian.web.form_parts import PlainForm

LOGIN_LABEL = "Nama pengguna atau NIP"
PASSWORD_HINT = (
    f"Paling sedikit {SHORTEST_PASSWORD} huruf, tidak hanya angka, tidak mirip nama Anda. "
    "Tiga kata yang tidak berhubungan mudah diingat dan sulit ditebak."
)
TWICE = "Kedua kata sandi baru tidak sama. Ketik ulang keduanya."


def password_input(autocomplete: str) -> forms.PasswordInput:
    """Return a password box that tells password managers what it is."""
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class LogInForm(LoginForm):  # type: ignore[misc]
    """User name or NIP, and password."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.error_messages["required"] = LOGIN_LABEL, "Isi nama pengguna atau NIP Anda."
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        password.label, password.help_text = "Kata sandi", ""
        password.error_messages["required"] = "Isi kata sandi Anda."
        password.widget.attrs = {"autocomplete": "current-password"}


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """The password now, and the new one twice."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "Kata sandi sekarang", "password1": "Kata sandi baru", "password2": "Ulangi"}
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, PASSWORD_HINT if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)
        self.fields["password2"].label = "Kata sandi baru, sekali lagi"

    def clean_oldpassword(self) -> str:
        """Leave the comparison to the action, which makes it anyway: a hash takes a fifth of a second."""
        return str(self.cleaned_data["oldpassword"])

    def clean(self) -> dict[str, Any]:
        """Compare the new passwords with each other."""
        cleaned: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        if {"password1", "password2"} <= set(cleaned) and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", TWICE)
        return cleaned


class CodeForm(PlainForm):
    """First log-in or forgotten password: who, the one-time code, a password twice."""

    login = forms.CharField(
        label=LOGIN_LABEL,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label="Kode sekali pakai",
        max_length=20,
        help_text="Sepuluh huruf dan angka dari admin perangkat daerah Anda, misalnya K7M4Q-X2P9H. Berlaku 24 jam.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    password1 = forms.CharField(
        label="Kata sandi baru",
        strip=False,
        max_length=200,
        help_text=PASSWORD_HINT,
        widget=password_input("new-password"),
    )
    password2 = forms.CharField(
        label="Kata sandi baru, sekali lagi", strip=False, max_length=200, widget=password_input("new-password")
    )

    def clean(self) -> dict[str, Any]:
        """Compare the new passwords with each other."""
        cleaned = super().clean() or self.cleaned_data
        if {"password1", "password2"} <= set(cleaned) and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", TWICE)
        return cleaned

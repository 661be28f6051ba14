"""Log-in, the own account, password, one-time code. Log-in and password change are allauth's views, in our words."""

from typing import Any

from allauth.account import signals
from allauth.account.views import LoginView, PasswordChangeView
from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from capaian.agencies import actions
from capaian.agencies.models import Person
from capaian.agencies.people_rules import SAMPLE_PASSWORD
from capaian.agencies.queries import appointments_of, sample_accounts
from capaian.journal.reason import Refused
from capaian.web import refusal_pages
from capaian.web.account_forms import CodeForm
from capaian.web.form_parts import NOT_READ, sent, show_reasons
from capaian.web.form_tokens import actor_of, new_token
from capaian.web.pages import MemberRequest
from capaian.web.typed_text import SEALED, keep_typed, unseal

LONGEST_NAME = 60


class LogInPage(LoginView):  # type: ignore[misc]
    """The log-in page; lists the sample people as long as there are any."""

    template_name = "account/login.html"

    def get_initial(self) -> dict[str, Any]:
        """Fill in the user name of a link, and nothing else."""
        return {**super().get_initial(), "login": self.request.GET.get("nama", "")[:LONGEST_NAME]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sample people and what was typed before the session ended."""
        samples = sample_accounts()
        return {
            **super().get_context_data(**kwargs),
            "samples": samples,
            "sample_password": SAMPLE_PASSWORD if samples else "",
            "sealed": self.request.POST.get(SEALED, ""),
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Log in; hand typed text to its page when this is the person who typed it."""
        response: HttpResponse = super().form_valid(form)
        value = self.request.POST.get(SEALED, "")
        if value and isinstance(self.request.user, Person):
            if kept := unseal(value, self.request.user):
                keep_typed(self.request, *kept)
            else:
                messages.warning(self.request, "Isian sebelumnya tidak ditampilkan: sudah lama atau milik akun lain.")
        return response


def account(request: MemberRequest) -> HttpResponse:
    """Show the own account: who I am here, what I hold, and until when."""
    context = {"person": request.reach.person, "appointments": appointments_of(request.reach)}
    return render(request, "pages/account/account.html", context)


class ChangePasswordPage(PasswordChangeView):  # type: ignore[misc]
    """Change the own password; the other sessions end."""

    template_name = "account/password_change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form token."""
        return {**super().get_context_data(**kwargs), "form_token": new_token(self.request)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Let the action decide; keep this session."""
        request: MemberRequest = self.request
        try:
            actions.change_password(
                person=request.user,
                old_password=form.cleaned_data["oldpassword"],
                new_password=form.cleaned_data["password1"],
                by=actor_of(request),
                keep_session=request.session.session_key or "",
            )
        except Refused as refused:
            show_reasons(form, refused.reasons)
            return self.form_invalid(form)
        update_session_auth_hash(request, request.user)
        signals.password_changed.send(sender=Person, request=request, user=request.user)
        messages.success(request, "Kata sandi sudah diganti. Sesi Anda di perangkat lain sudah diakhiri.")
        return redirect("account")

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Show the form again, as not accepted."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = NOT_READ
        return response


def code(request: HttpRequest) -> HttpResponse:
    """Set a password with a one-time code: first log-in or forgotten password."""
    form = CodeForm(sent(request), initial={"login": request.GET.get("nama", "")[:LONGEST_NAME]})
    if request.method == "POST" and not ratelimit.consume(request, action="use_code"):
        return refusal_pages.too_many(request)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.set_password_with_code(
                login=form.cleaned_data["login"],
                code=form.cleaned_data["code"],
                new_password=form.cleaned_data["password1"],
            )
        except Refused as refused:
            show_reasons(form, refused.reasons)
        else:
            messages.success(request, "Kata sandi tersimpan. Silakan masuk dengan kata sandi baru.")
            return redirect(f"{reverse('account_login')}?nama={person.username}")
    status = NOT_READ if form.is_bound and form.errors else 200
    return render(request, "pages/account/code.html", {"form": form}, status=status)

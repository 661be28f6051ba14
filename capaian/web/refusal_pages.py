"""Pages that say no: what, why, what next; nothing typed is lost."""

import logging
import secrets
import sys
from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach, holders
from capaian.journal.reason import Reason
from capaian.web.access import Access, Who
from capaian.web.typed_text import Typed, had_files, page_of, sealed, typed_in

log = logging.getLogger(__name__)
TYPED_SHOWN = 20_000  # signs of one field


def refused(
    request: HttpRequest, reasons: Sequence[Reason], status: int, heading: str = "Belum dapat dilakukan"
) -> HttpResponse:
    """Render reasons as a page of their own, with what was typed beneath."""
    context = {
        "reasons": reasons,
        "refusal_heading": heading,
        "back_url": page_of(request) if request.method == "POST" else "/",
        **typed_back(request),
    }
    return render(request, "pages/account/refused.html", context, status=status)


def typed_back(request: HttpRequest) -> dict[str, object]:
    """Return what `parts/typed.html` shows of a sent form: for a page that does not show the form itself any more."""
    if request.method != "POST":
        return {}
    return {"typed": shown(typed_in(request)), "had_files": had_files(request)}


def shown(typed: Typed) -> list[tuple[str, str]]:
    """Return typed fields as name and text, long ones cut only on the page."""
    return [
        (name.replace("_", " "), ("\n".join(text) if isinstance(text, list) else text)[:TYPED_SHOWN])
        for name, text in typed.items()
    ]


def forbidden(request: HttpRequest, access: Access, reach: Reach) -> HttpResponse:
    """Say which role a page is for and whom to ask."""
    admins = ", ".join(person.name for person in holders(reach.agency, RoleKey.AGENCY_ADMIN, reach.on))
    named = f"perangkat daerah: {admins.rstrip('.')}" if admins else "perangkat daerah Anda"
    whom = f"Hubungi admin {named}."
    if not reach.held:
        reason = Reason("no_position", "Hari ini Anda tidak memegang jabatan, jadi tidak ada data yang terbuka.", whom)
    else:
        labels = " atau ".join(sorted(RoleKey(who.value).label for who in access.allowed - {Who.MEMBER, Who.PERSON}))
        text = f"Halaman ini untuk peran {labels}; jabatan Anda hari ini tidak memuat peran itu."
        reason = Reason("role_missing", text, f"Jika menurut Anda keliru, {whom[0].lower()}{whom[1:]}")
    return refused(request, [reason], HTTPStatus.FORBIDDEN, "Halaman ini tidak terbuka bagi Anda")


def session_ended(request: HttpRequest) -> HttpResponse:
    """Ask to log in again and carry what was typed through the log-in."""
    from capaian.web.account_forms import LogInForm  # noqa: PLC0415 - that form needs the log-in settings loaded

    context = {
        "form": LogInForm(request=request),
        "sealed": sealed(request),
        "next": page_of(request),
        "had_files": had_files(request),
        "kept": bool(typed_in(request)),
    }
    return render(request, "pages/account/session_ended.html", context, status=HTTPStatus.UNAUTHORIZED)


def wrong_method(request: HttpRequest, methods: Sequence[str]) -> HttpResponse:
    """Answer a method that a page does not know."""
    reason = Reason("wrong_method", "Alamat ini tidak menerima permintaan seperti itu.", "Mulai dari halaman utama.")
    response = refused(request, [reason], HTTPStatus.METHOD_NOT_ALLOWED, "Permintaan tidak dikenal")
    response["Allow"] = ", ".join(methods)
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was not sent from a page of ours in this session, and give back what was typed."""
    log.warning("csrf check failed at %s: %s", request.path, reason)
    why = Reason(
        "csrf",
        "Formulir ini tidak dapat diterima karena sesi pada peramban Anda sudah berganti.",
        "Buka kembali halamannya dan kirim ulang; salin isian Anda dari bawah ini.",
    )
    return refused(request, [why], HTTPStatus.FORBIDDEN, "Formulir tidak diterima")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read."""
    log.warning("bad request at %s: %s", request.path, type(exception).__name__)
    return _plain("Permintaan tidak dapat dibaca", "Muat ulang halaman sebelumnya, lalu coba lagi.", 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer what the framework itself forbids."""
    reason = Reason("forbidden", "Anda tidak dapat membuka halaman ini.", "Mulai dari halaman utama.")
    return refused(request, [reason], HTTPStatus.FORBIDDEN, "Halaman ini tidak terbuka bagi Anda")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer missing and foreign things alike, to the byte: nothing on this page depends on the request."""
    text = "Halaman atau data itu tidak ada, atau bukan bagian dari perangkat daerah Anda."
    return _plain("Tidak ditemukan", text, HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Slow down somebody who asks too often."""
    text = "Terlalu banyak permintaan dari jaringan ini. Tunggu beberapa menit, lalu coba lagi."
    return _plain("Mohon tunggu", text, HTTPStatus.TOO_MANY_REQUESTS)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer an unforeseen failure with a number that the log carries too."""
    incident = secrets.token_hex(4).upper()
    log.error("incident %s: %s %s", incident, request.method, request.path, exc_info=sys.exc_info())
    text = (
        "Terjadi kesalahan pada aplikasi; tidak ada data yang berubah. "
        f"Coba sekali lagi. Bila terulang, sampaikan nomor kejadian {incident} kepada pengelola."
    )
    return _plain("Ada yang tidak beres", text, HTTPStatus.INTERNAL_SERVER_ERROR)


def _plain(heading: str, text: str, status: int) -> HttpResponse:
    """Render a page that needs neither session nor database."""
    return HttpResponse(
        render_to_string("pages/account/plain.html", {"plain_heading": heading, "plain_text": text}), status=status
    )

"""The agency's papers and files: list, page of a paper, download, upload of the signed version."""

from typing import Any, BinaryIO, cast
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from capaian.documents import actions, store
from capaian.documents.content import HEAD_BYTES
from capaian.documents.models import Document, StoredFile
from capaian.documents.rules import reasons_not_to_upload_signed
from capaian.journal.reason import Reason, Refused, refuse_if
from capaian.journal.rules import Replayed
from capaian.sop.queries import documents as own_documents
from capaian.sop.queries import files as own_files
from capaian.web.form_tokens import new_token, token_of
from capaian.web.pages import MemberRequest, search_text
from capaian.web.step_pages import issue_now

PAGE = 25


class SignedForm(forms.Form):
    """The signed version of a paper."""

    use_required_attribute = False
    file = forms.FileField(
        label="Naskah bertanda tangan",
        required=False,
        help_text="Hasil pindai atau PDF bertanda tangan elektronik; PDF, PNG atau JPEG, paling besar 10 MB.",
    )


def documents(request: MemberRequest) -> HttpResponse:
    """List the papers, newest first, with a search by number or title."""
    search = search_text(request)
    found = own_documents(request.reach)
    for word in search.split():
        found = found.filter(Q(number__icontains=word) | Q(title__icontains=word))
    page = Paginator(found, PAGE).get_page(request.GET.get("halaman"))
    return render(request, "pages/documents.html", {"page": page, "search": search})


def _document(request: MemberRequest, key: str) -> Document:
    return get_object_or_404(own_documents(request.reach), public_id=key)


def document(request: MemberRequest, key: str) -> HttpResponse:
    """Show one paper: number, state, hash, where it comes from, what replaced it."""
    shown = _document(request, key)
    if shown.state == Document.State.DRAFT:
        issue_now(request, [shown])
        shown = _document(request, key)
    return _show(request, shown)


def _show(request: MemberRequest, shown: Document, refused: Refused | None = None) -> HttpResponse:
    context = {
        "document": shown,
        "later": Document.objects.filter(supersedes=shown).first(),
        "form": SignedForm(),
        "reasons": refused.reasons if refused else [],
        "form_token": new_token(request),
        "section": "documents",
    }
    return render(request, "pages/document.html", context, status=refused.status if refused else 200)


def send_file(file: StoredFile, *, inline: bool) -> HttpResponse:
    """Answer with a stored file; only PDFs of our own open in the browser."""
    response = HttpResponse(store.read(file.key), content_type=file.media_type)
    kind = "inline" if inline and file.media_type == "application/pdf" else "attachment"
    response.headers["Content-Disposition"] = _disposition(kind, file.original_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # what people upload must not run as a page of ours; a sandbox would stop the browser's own PDF reader
    if kind == "attachment":
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _disposition(kind: str, name: str) -> str:
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def document_file(request: MemberRequest, key: str) -> HttpResponse:
    """Send the generated PDF."""
    shown = _document(request, key)
    if shown.file is None:
        raise Http404
    return send_file(shown.file, inline=True)


def document_signed(request: MemberRequest, key: str) -> HttpResponse:
    """Send the signed version."""
    shown = _document(request, key)
    if shown.signed_upload is None:
        raise Http404
    return send_file(shown.signed_upload, inline=False)


@require_POST
def document_upload(request: MemberRequest, key: str) -> HttpResponse:
    """Keep the signed version beside the generated one."""
    shown = _document(request, key)
    form = SignedForm(request.POST, request.FILES)
    chosen = form.cleaned_data.get("file") if form.is_valid() else None
    try:
        kept = _keep_signed(shown, chosen)
        actions.upload_signed(document=shown, kept=kept, by=request.reach.actor(token=token_of(request)))
    except Replayed:
        return redirect("document", key=key)
    except Refused as refused:
        return _show(request, _document(request, key), refused)
    messages.success(request, "Naskah bertanda tangan tersimpan beserta sidik SHA-256-nya.")
    return redirect("document", key=key)


def _keep_signed(shown: Document, chosen: "UploadedFile[Any] | None") -> store.Kept:
    """Write the signed version to the store. Raises `Refused` when there is none or it is not acceptable."""
    if chosen is None:
        text = "Berkas belum dipilih."
        raise Refused([Reason("no_file", text, "Pilih berkas naskah bertanda tangan, lalu unggah.", "file")])
    head = chosen.read(HEAD_BYTES)
    chosen.seek(0)
    refuse_if(reasons_not_to_upload_signed(shown, head, chosen.size or 0))
    return store.keep(cast("BinaryIO", chosen), chosen.name or "naskah")


def file(request: MemberRequest, key: str) -> HttpResponse:
    """Send a file that hangs on a step."""
    shown = get_object_or_404(own_files(request.reach), public_id=key)
    return send_file(shown, inline=False)

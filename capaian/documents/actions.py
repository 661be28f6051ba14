"""Writes files' rows and papers.

A paper's number is reserved in one transaction, its PDF made outside any, and the paper issued in a second one; a crash
between the two leaves a draft that `issue_pending` finishes.
"""

import io
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from capaian.agencies.models import Agency
from capaian.agencies.rules import reasons_about_number_pattern
from capaian.documents import store
from capaian.documents.kinds import shipped_kinds
from capaian.documents.models import Document, Kind, NumberSeries, StoredFile
from capaian.documents.numbering import COMPULSORY, NumberValues, write_number
from capaian.documents.render import RenderFailed, render
from capaian.documents.rules import (
    kind_unknown,
    number_taken,
    reasons_not_to_number,
    reasons_not_to_supersede,
    reasons_not_to_title,
    reasons_not_to_upload_signed,
    reasons_too_long,
)
from capaian.documents.snapshot import WrongShape, clean, freeze, maker
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, Forbidden, Reason, Refused, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb

log = logging.getLogger(__name__)
MAX_GENERATED = 100 * 1024 * 1024  # bytes of a paper of our own
PENDING_AT_ONCE = 20


def add_file(*, kept: store.Kept, agency: Agency, by: Actor) -> StoredFile:
    """Give kept bytes their row. The caller's transaction holds the journal row that tells what the file is for."""
    _own(agency, by)
    return StoredFile.objects.create(
        agency=agency,
        key=kept.key,
        sha256=kept.sha256,
        size=kept.size,
        media_type=kept.media_type,
        original_name=kept.original_name,
        uploaded_at=timezone.now(),
        uploaded_by_id=by.person_id,
    )


def adopt_kinds(*, agency: Agency) -> list[Kind]:
    """Give an agency the shipped kinds of papers that it lacks; return all it has. What it renamed stays renamed."""
    with transaction.atomic():
        Kind.objects.bulk_create(
            [Kind(agency=agency, **asdict(kind)) for kind in shipped_kinds()],
            ignore_conflicts=True,
        )
    return list(Kind.objects.filter(agency=agency).order_by("pk"))


def reserve(
    *,
    agency: Agency,
    kind_code: str,
    title: str,
    dated: date,
    context: Mapping[str, Any],
    by: Actor,
    typed_number: str = "",
    supersedes: Document | None = None,
) -> Document:
    """Begin a paper: give it its number and freeze its context, inside the caller's transaction.

    `typed_number` (from the agency's register or Srikandi) bypasses the series. Raises `Refused` with reasons;
    `WrongShape` for a context that is none. The caller's journal row tells why there is a paper.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is reserved in the transaction of what it is for")
    _own(agency, by)
    title = " ".join(clean(title).split())
    refuse_if(reasons_not_to_title(title))
    if supersedes is not None:
        supersedes = Document.objects.select_for_update(no_key=True).get(pk=supersedes.pk)
        refuse_if(reasons_not_to_supersede(agency, supersedes))
    draft = Document(
        agency=agency,
        title=title,
        dated=dated,
        supersedes=supersedes,
        reserved_at=timezone.now(),
        reserved_by_id=by.person_id,
    )
    if typed_number.strip():
        draft.kind = _kind_of(agency, kind_code)
        return _numbered_by_hand(draft, typed_number.strip(), context, by)
    return _numbered_from_series(draft, kind_code, context, by)


def _kind_of(agency: Agency, code: str) -> Kind:
    try:
        return Kind.objects.get(agency=agency, code=code)
    except Kind.DoesNotExist:
        raise Refused([kind_unknown(code)]) from None


def _numbered_by_hand(draft: Document, number: str, context: Mapping[str, Any], by: Actor) -> Document:
    refuse_if(reasons_not_to_number(draft.agency, number))
    draft.number_typed = True
    if not _claim(draft, number, context, by):
        refuse_if([number_taken(Document.objects.get(agency=draft.agency, number=number))])
    return draft


def _numbered_from_series(draft: Document, kind_code: str, context: Mapping[str, Any], by: Actor) -> Document:
    """Take the next free number; the locked series row makes parallel takers wait for each other."""
    agency = draft.agency
    refuse_if(reasons_about_number_pattern(agency.number_pattern, COMPULSORY))
    series = _locked_series(agency, kind_code, draft.dated.year)
    draft.kind = series.kind
    while True:
        series.last += 1
        number = write_number(agency.number_pattern, _values(draft, series.last))
        refuse_if(reasons_too_long(number))
        # somebody may have typed this number, or kinds may share a pattern without {kode}: then the next one
        if _claim(draft, number, context, by):
            series.save(update_fields=["last"])
            return draft


def _values(draft: Document, place: int) -> NumberValues:
    return NumberValues(
        classification=draft.kind.classification,
        code=draft.kind.code,
        place=place,
        agency=draft.agency.short_name,
        dated=draft.dated,
    )


def _locked_series(agency: Agency, kind_code: str, year: int) -> NumberSeries:
    """Return the series of a kind and year with its kind, locked; begin it when there is none."""
    # one statement: a kind never changes its code, so what is joined to the locked row is as true as the row
    rows = NumberSeries.objects.select_for_update(no_key=True, of=("self",)).select_related("kind")
    try:
        return rows.get(agency=agency, kind__code=kind_code, year=year)
    except NumberSeries.DoesNotExist:
        kind = _kind_of(agency, kind_code)
        NumberSeries.objects.bulk_create([NumberSeries(agency=agency, kind=kind, year=year)], ignore_conflicts=True)
        return rows.get(agency=agency, kind=kind, year=year)


def _claim(draft: Document, number: str, context: Mapping[str, Any], by: Actor) -> bool:
    """Write the draft with this number; False when somebody else took the number in this moment."""
    draft.number = number
    draft.context = freeze(draft, context, by)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        if not Document.objects.filter(agency=draft.agency, number=number).exists():
            raise
        return False
    return True


def issue(document: Document) -> Document:
    """Make the PDF of a reserved paper and issue it; return the paper as it stands. Doing it again changes nothing.

    Needs nobody's request: the journal names who reserved it. Must run outside any transaction, because the
    PDF is made and written here; a test that calls it needs `django_db(transaction=True)`. Raises
    `RenderFailed` when no PDF can be made; the number stays reserved and the paper pending.
    """
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("a paper is made outside any transaction")
    waiting = Document.objects.select_related("agency", "reserved_by", "supersedes").get(pk=document.pk)
    if waiting.state != Document.State.DRAFT:
        return waiting
    if waiting.supersedes is not None:
        issue(waiting.supersedes)  # else a number would stay without its paper
    pdf = render(waiting.context["layout"], waiting.context)
    name = f"{waiting.number} {waiting.title}.pdf".replace("/", "-")
    kept = store.keep(io.BytesIO(pdf), name, limit=MAX_GENERATED, is_own=True)
    issued = _issue(waiting, kept)
    if issued.file is None or issued.file.key != kept.key:
        store.discard(kept.key)
    return issued


def _issue(waiting: Document, kept: store.Kept) -> Document:
    by = maker(waiting)
    with transaction.atomic():
        document = Document.objects.select_for_update(no_key=True).get(pk=waiting.pk)
        if document.state != Document.State.DRAFT:
            return document
        document.file = add_file(kept=kept, agency=waiting.agency, by=by)
        document.state = Document.State.ISSUED
        document.issued_at = timezone.now()
        document.save(update_fields=["file", "state", "issued_at"])
        if document.supersedes_id is not None:
            Document.objects.filter(pk=document.supersedes_id).update(state=Document.State.SUPERSEDED)
        record(
            by=by,
            verb=Verb.ISSUED_DOCUMENT,
            target=document,
            payload={
                "number": document.number,
                "name": document.title,
                "sha256": kept.sha256,
                "supersedes": waiting.supersedes.number if waiting.supersedes else "",
            },
        )
    return document


def issue_pending(limit: int = PENDING_AT_ONCE) -> int:
    """Issue reserved papers that are still without their PDF, oldest first, at most `limit`; return how many.

    One that cannot be made is logged and does not stop the others.
    """
    done = 0
    drafts = Document.objects.filter(state=Document.State.DRAFT).order_by("reserved_at")
    for key in list(drafts.values_list("pk", flat=True)):
        if done >= limit:
            break
        try:
            issue(Document(pk=key))
            done += 1
        except (RenderFailed, WrongShape, Refused):
            log.exception("paper %s could not be made; it stays pending", key)
    return done


def upload_signed(*, document: Document, kept: store.Kept, by: Actor) -> Document:
    """Lay the signed version beside an issued paper, whose generated one stays.

    Raises `Refused` with reasons, `Conflict` when somebody was first, `Replayed` for the same form again.
    """
    head = store.read_head(kept.key)
    with transaction.atomic():
        row = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        _own(row.agency, by)
        if done_with_token(by.agency_key, by.person_key, by.token):
            raise Replayed(by.token)
        reasons = reasons_not_to_upload_signed(row, head, kept.size)
        if row.state == Document.State.SIGNED:
            raise Conflict(reasons)
        refuse_if(reasons)
        row.signed_upload = add_file(kept=kept, agency=row.agency, by=by)
        row.state = Document.State.SIGNED
        row.save(update_fields=["signed_upload", "state"])
        record(by=by, verb=Verb.UPLOADED_SIGNED, target=row, payload={"number": row.number, "sha256": kept.sha256})
    return row


def _own(agency: Agency, by: Actor) -> None:
    """Nobody writes papers or files in the name of another agency."""
    if by.agency_id != agency.pk:
        text = "Naskah dan berkas hanya dapat dibuat atas nama perangkat daerah sendiri."
        raise Forbidden([Reason("foreign_agency", text, "Masuk sebagai pegawai perangkat daerah itu.")])

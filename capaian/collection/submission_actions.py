"""Writes what a form said when it was submitted, with a numbered receipt for it."""

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Person
from capaian.agencies.queries import today
from capaian.collection import papers, submissions, window_rules
from capaian.collection.models import Submission, UnitForm
from capaian.collection.receipt_papers import submitted_parts
from capaian.collection.sheets import Sheet
from capaian.documents.actions import reserve
from capaian.journal.actor import Actor
from capaian.journal.rules import digest_of
from capaian.sop.models import WorkItem

TITLE_LENGTH = 240


def keep_submission(*, form: UnitForm, item: WorkItem, sheet: Sheet, by: Actor) -> Submission:
    """Freeze what a submitted form says; reserve its receipt, to be issued outside. In the caller's transaction.

    The journal row of the submission is the caller's.
    """
    with transaction.atomic():
        content = submissions.content_of(sheet)
        leave = window_rules.is_late(item)
        person = Person.objects.get(pk=by.person_id)
        row = Submission(
            agency_id=form.agency_id,
            form=form,
            item=item,
            edition=form.edition,
            content=content,
            digest=digest_of(content),
            submitted_at=form.submitted_at or timezone.now(),
            submitted_by=person,
            for_unit=item.stand_in_id == by.person_id,
            late_reason=leave.reason if leave else "",
        )
        row.receipt = reserve(
            agency=form.agency,
            kind_code=papers.RECEIPT,
            title=f"Tanda terima penyampaian {form.unit.name}, {item.run.period_value.label}"[:TITLE_LENGTH],
            dated=today(form.agency),
            context=submitted_parts(row, by),
            by=by,
        )
        row.save()
    return row

"""Rows of following up: when forms may be filled in, who was reminded, what was submitted each time."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from capaian.agencies.models import Agency
from capaian.documents.models import Document
from capaian.journal.keys import Keyed
from capaian.sop.models import WorkItem


class Reminder(Keyed):
    """One reminder to one person about an open form; carried outside by e-mail or gateway where that is set up."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)  # the deadline that it tells of
    days = models.SmallIntegerField(null=True, blank=True)  # working days left, below zero late; None: sent by hand
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(  # None: by itself
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tried_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    carried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item", "person", "due_on", "days"], condition=Q(days__isnull=False), name="reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(due_on__isnull=False), name="reminder_mark_has_deadline"
            ),
        )
        indexes = (models.Index(fields=["sent_at"], condition=Q(carried_at__isnull=True), name="reminder_to_carry"),)


class ReminderChoice(Keyed):
    """How a person wants to be reminded; without a row: by itself, by e-mail."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminder_choice")
    is_on = models.BooleanField(default=True)
    address = models.CharField(max_length=24, blank=True, default="")  # number on the gateway: digits


class FillingWindow(Keyed):
    """From when to when the forms of a period may be filled in; without a row: from the step's opening, without end."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="filling_windows")
    period = models.CharField(max_length=8)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)  # last day
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "period"], name="filling_window_once"),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=models.F("opens_on")),
                name="filling_window_closes_after",
            ),
        )


class LatePermission(Keyed):
    """A unit may fill in its form after the last day, until another one, for a reason."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey("collection.UnitForm", on_delete=models.PROTECT, related_name="late_permissions")
    until = models.DateField()  # last day
    reason = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class Submission(Keyed):
    """What a form said each time it was submitted: frozen, with its digest and the receipt for it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey("collection.UnitForm", on_delete=models.PROTECT, related_name="submissions")
    item = models.OneToOneField(WorkItem, on_delete=models.PROTECT, related_name="submission")
    edition = models.PositiveIntegerField()  # of the form
    content = models.JSONField(default=dict)  # frozen snapshot, numbers as strings
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    for_unit = models.BooleanField(default=False)  # filled in by Tim SAKIP in the unit's place
    late_reason = models.TextField(blank=True, default="")
    receipt = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="submission_of"
    )

    class Meta:
        indexes = (models.Index(fields=["agency", "digest"], name="submission_by_digest"),)

"""Rows of following up: who was reminded of which form, and who wants to be."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from capaian.agencies.models import Agency
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

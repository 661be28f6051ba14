"""The rows of running SOPs: runs, work items, what hangs on them. History = these rows + journal."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from capaian.agencies.models import Agency, Position, Unit
from capaian.documents.models import Document, StoredFile
from capaian.journal.keys import Keyed
from capaian.periods.period import Period


class Run(Keyed):
    """One SOP carried out for one period. A correction of a finished run is a new revision linked to it."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "Terjadwal"
        OPEN = "open", "Berjalan"
        DONE = "done", "Selesai dan diarsipkan"
        CANCELLED = "cancelled", "Dibatalkan"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="runs")
    definition = models.ForeignKey("sop.Definition", on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey("sop.Version", on_delete=models.PROTECT, related_name="runs")
    stands_for = models.CharField(max_length=12)  # copied: one run per procedure and period, whatever the variant
    period = models.CharField(max_length=8)  # 2026-03, 2026-Q1, 2026
    revision = models.PositiveSmallIntegerField(default=0)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    reason = models.TextField(blank=True, default="")  # of the correction or the cancellation
    opens_on = models.DateField()
    opened_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    waiting_at = models.ForeignKey(  # the step it would enter, had it not to wait for the other SOP
        "sop.Step", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "definition", "period", "revision"], name="run_revision_once"),
            models.UniqueConstraint(
                fields=["agency", "stands_for", "period"],
                condition=Q(status__in=["scheduled", "open"]),
                name="run_one_unfinished",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["scheduled", "open"], finished_at__isnull=True)
                | Q(status__in=["done", "cancelled"], finished_at__isnull=False),
                name="run_finished_has_time",
            ),
        )
        indexes = (
            models.Index(fields=["agency", "period"], name="run_by_period"),
            models.Index(fields=["opens_on"], condition=Q(status="scheduled"), name="run_due_to_open"),
        )

    def __str__(self) -> str:
        return f"{self.definition} {self.period}"

    @property
    def period_value(self) -> Period:
        """The period as a value with start, end and Indonesian label."""
        return Period.parse(self.period)


class RunUnit(models.Model):
    """A unit that takes part in the steps done once per unit."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="run_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "unit"], name="run_unit_once"),)


class WorkItem(Keyed):
    """One step to be done once, or once by one unit, in one visit."""

    class Status(models.TextChoices):
        OPEN = "open", "Menunggu"
        DONE = "done", "Selesai"
        CANCELLED = "cancelled", "Dibatalkan"
        SUPERSEDED = "superseded", "Digantikan"

    class Decision(models.TextChoices):
        YES = "yes", "Ya"
        NO = "no", "Tidak"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="items")
    step = models.ForeignKey("sop.Step", on_delete=models.PROTECT, related_name="items")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    visit = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    waived = models.BooleanField(default=False)  # cancelled with a reason: the join goes on without it
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)  # None: the SOP gives no time, so never late
    cause = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="effects")
    return_note = models.TextField(blank=True, default="")  # why it was sent back here
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stand_in = models.ForeignKey(  # one of those who wait for the unit does its work, as such
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stand_in_reason = models.TextField(blank=True, default="")
    performed_at = models.DateTimeField(null=True, blank=True)  # handed over to the one who completes
    performed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    performed_note = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_as = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_title = models.CharField(max_length=180, blank=True, default="")  # title at that moment, with Plt./Plh.
    decision = models.CharField(max_length=4, choices=Decision.choices, null=True, blank=True)
    note = models.TextField(blank=True, default="")
    self_approved = models.BooleanField(default=False)  # allowed by the agency's setting; printed in the archive

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["run", "step", "visit"], condition=Q(unit__isnull=True), name="work_item_once"
            ),
            models.UniqueConstraint(
                fields=["run", "step", "visit", "unit"],
                condition=Q(unit__isnull=False),
                name="work_item_once_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(status="open", done_at__isnull=True) | (~Q(status="open") & Q(done_at__isnull=False)),
                name="work_item_open_or_done_at",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="work_item_done_at_by",
            ),
            models.CheckConstraint(
                condition=Q(performed_at__isnull=True, performed_by__isnull=True)
                | Q(performed_at__isnull=False, performed_by__isnull=False),
                name="work_item_performed_at_by",
            ),
            models.CheckConstraint(condition=~Q(decision="no") | ~Q(note=""), name="work_item_no_has_note"),
        )
        indexes = (models.Index(fields=["agency", "due_at"], condition=Q(status="open"), name="work_item_inbox"),)


class Attachment(models.Model):
    """A file that somebody added to a work item."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="attachment")


class Paper(models.Model):
    """The document that a work item left for one output of its step."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="papers")
    output = models.ForeignKey("sop.StepOutput", on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="paper")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "output"], name="paper_once_per_output"),)

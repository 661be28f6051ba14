"""Rounds of collection: unit forms, the actuals on them, their evidence, the recapitulation that is decided on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from capaian.agencies.models import Agency, Unit
from capaian.documents.models import Document, StoredFile
from capaian.journal.keys import Keyed
from capaian.planning.models import Card, CardDatum, Indicator
from capaian.planning.number_fields import Figure
from capaian.sop.models import Run, WorkItem


def pair(name: str) -> Q:
    """Return the condition that a moment and its person come together."""
    return Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True}) | Q(
        **{f"{name}_at__isnull": False, f"{name}_by__isnull": False}
    )


class Round(Keyed):
    """The collection that one run of SOP A carries out for its period."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="rounds")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="round")


class UnitForm(Keyed):
    """One unit's form in a round: from prepared to accepted."""

    class State(models.TextChoices):
        """Returned, accepted and waived are read from the step's items (`rules.state_of`), never written."""

        PREPARED = "prepared", "Disiapkan"
        DISTRIBUTED = "distributed", "Dibagikan"
        IN_PROGRESS = "in_progress", "Sedang diisi"
        SUBMITTED = "submitted", "Disampaikan"
        RETURNED = "returned", "Dikembalikan"
        ACCEPTED = "accepted", "Diterima"
        WAIVED = "waived", "Dikecualikan"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="forms")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="forms")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    edition = models.PositiveIntegerField(default=0)  # counts the savings
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    distributed_at = models.DateTimeField(null=True, blank=True)
    distributed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    receipt = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="receipt_of")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round", "unit"], name="unit_form_once"),
            models.CheckConstraint(condition=pair("saved"), name="unit_form_saved_at_by"),
            models.CheckConstraint(condition=pair("distributed"), name="unit_form_distributed_at_by"),
            models.CheckConstraint(condition=pair("received"), name="unit_form_received_at_by"),
            models.CheckConstraint(condition=pair("submitted"), name="unit_form_submitted_at_by"),
        )


class FormCard(models.Model):
    """A card that a unit's form asks for."""

    form = models.ForeignKey(UnitForm, on_delete=models.CASCADE, related_name="form_cards")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["form", "card"], name="form_card_once"),)


class Actual(Keyed):
    """What a unit reports on a card for the card's own period. Corrected by a new revision, never overwritten.

    `value` is None when nothing is reported (zero is a value); `letter` is the actual of a predicate.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="actuals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)
    revision = models.PositiveSmallIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    form = models.ForeignKey(UnitForm, on_delete=models.PROTECT, null=True, blank=True, related_name="actuals")
    value = Figure(null=True, blank=True)
    letter = models.CharField(max_length=8, blank=True, default="")
    is_provisional = models.BooleanField(default=False)
    cause = models.TextField(blank=True, default="")
    obstacle = models.TextField(blank=True, default="")
    follow_up = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=300, blank=True, default="")  # where a figure of the history was taken from
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["card", "unit", "period", "revision"], name="actual_revision_once"),
            models.UniqueConstraint(
                fields=["card", "unit", "period"], condition=Q(is_current=True), name="actual_one_current"
            ),
        )
        indexes = (models.Index(fields=["agency", "period"], name="actual_by_period"),)


class ActualDatum(models.Model):
    """One raw datum of an actual."""

    actual = models.ForeignKey(Actual, on_delete=models.CASCADE, related_name="data")
    datum = models.ForeignKey(CardDatum, on_delete=models.PROTECT, related_name="+")
    value = Figure(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actual", "datum"], name="actual_datum_once"),)


class Evidence(Keyed):
    """A file or a link that proves an actual."""

    also: tuple[str, ...] = ()  # what else the same file proves, told by `proofs.lay_twins`
    actual = models.ForeignKey(Actual, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link = models.CharField(max_length=400, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    dated = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(file__isnull=False, link="") | (Q(file__isnull=True) & ~Q(link="")),
                name="evidence_file_or_link",
            ),
        )


class Check(Keyed):
    """How strictly one kind of check is held for an indicator's figures, and its limit; the usual where no row is."""

    class Kind(models.TextChoices):
        LOWEST = "lowest", "Di bawah batas terendah"
        HIGHEST = "highest", "Di atas batas tertinggi"
        LEAP = "leap", "Berlipat kali periode lalu"
        SAME = "same", "Sama persis dengan periode lalu"
        SAME_LAST_YEAR = "same_last_year", "Sama persis dengan tahun lalu"
        FALLING = "falling", "Angka sejak awal tahun turun"
        UNPROVED = "unproved", "Belum ada bukti"
        OUTSIDE = "outside", "Bukti bertanggal di luar periode"

    class Severity(models.TextChoices):
        OFF = "off", "Tidak diperiksa"
        TELL = "tell", "Diberitahukan saja"
        EXPLAIN = "explain", "Perlu alasan"
        BLOCK = "block", "Tidak dapat disampaikan"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    limit = Figure(null=True, blank=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["indicator", "kind"], name="check_once"),)


class FormImport(Keyed):
    """A filled-in file of a unit's form (of all units of a run without one): shown beforehand, then applied once."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (models.CheckConstraint(condition=pair("applied"), name="form_import_applied_at_by"),)


class Recapitulation(Keyed):
    """What one recapitulation step put together: frozen, so that the decision sees exactly this."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    item = models.OneToOneField(WorkItem, on_delete=models.PROTECT, related_name="recapitulation")
    content = models.JSONField(default=dict)  # frozen snapshot, numbers as strings
    digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


from capaian.collection.follow_models import (  # noqa: E402  (Django finds a room's tables through its models module)
    FillingWindow,
    LatePermission,
    Reminder,
    ReminderChoice,
    Submission,
)

__all__ = [
    "Actual",
    "ActualDatum",
    "Check",
    "Evidence",
    "FillingWindow",
    "FormCard",
    "FormImport",
    "LatePermission",
    "Recapitulation",
    "Reminder",
    "ReminderChoice",
    "Round",
    "Submission",
    "UnitForm",
]

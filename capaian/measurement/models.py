"""The methodology of a year, worksheets, and the measurements on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from capaian.agencies.models import Agency
from capaian.collection.models import Recapitulation
from capaian.journal.keys import Keyed
from capaian.planning.models import Card
from capaian.planning.number_fields import Figure
from capaian.sop.models import WorkItem


class Methodology(Keyed):
    """How an agency measures in one year: locked before the first worksheet; changed only by a new version."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="methodologies")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "year", "version"], name="methodology_version_once"),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, locked_by__isnull=True)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="methodology_locked_at_by",
            ),
        )


class MethodologyCard(models.Model):
    """How one card is measured, as the methodology fixed it, and whether the indicator is SMART."""

    methodology = models.ForeignKey(Methodology, on_delete=models.CASCADE, related_name="cards")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    formula_code = models.CharField(max_length=40)
    formula_version = models.CharField(max_length=12)
    polarity = models.CharField(max_length=16)
    consolidation = models.CharField(max_length=8)
    source = models.CharField(max_length=300, blank=True, default="")
    is_specific = models.BooleanField(default=True)
    is_measurable = models.BooleanField(default=True)
    is_achievable = models.BooleanField(default=True)
    is_relevant = models.BooleanField(default=True)
    is_time_bound = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["methodology", "card"], name="methodology_card_once"),)


class Worksheet(Keyed):
    """Kertas kerja: the measurements of one run of SOP B, from one approved recapitulation of SOP A."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="worksheets")
    item = models.OneToOneField(WorkItem, on_delete=models.PROTECT, related_name="worksheet")
    methodology = models.ForeignKey(Methodology, on_delete=models.PROTECT, related_name="worksheets")
    recapitulation = models.ForeignKey(Recapitulation, on_delete=models.PROTECT, related_name="worksheets")
    period = models.CharField(max_length=8)
    is_stale = models.BooleanField(default=False)  # an actual was corrected since: perlu diukur ulang
    digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class Measurement(Keyed):
    """The achievement of one card in one worksheet, with everything needed to compute it again."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="measurements")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="measurements")
    ordinal = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=8)
    inputs = models.JSONField(default=dict)  # frozen snapshot, numbers as strings
    formula_code = models.CharField(max_length=40)
    formula_version = models.CharField(max_length=12)
    raw = Figure(null=True, blank=True)  # percent, 12 decimals
    shown = Figure(null=True, blank=True)  # percent, 2 decimals, not below 0
    score = Figure(null=True, blank=True)  # percent, capped
    category = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")  # why there is no number
    is_provisional = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(fields=["worksheet", "card"], name="measurement_once"),
            models.CheckConstraint(
                condition=Q(raw__isnull=True, shown__isnull=True) | Q(raw__isnull=False, shown__isnull=False),
                name="measurement_number_or_none",
            ),
        )

"""Stored files and the numbered papers of an agency."""

from django.conf import settings
from django.db import models

from capaian.agencies.models import Agency
from capaian.journal.keys import Keyed


class StoredFile(Keyed):
    """A file kept for good. Its bytes are written and fsynced before this row; the name on disk is random."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="stored_files")
    key = models.CharField(max_length=40, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()  # bytes
    media_type = models.CharField(max_length=120)
    original_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.original_name


class Kind(models.Model):
    """A kind of paper of an agency: its name, code in numbers, classification (Permendagri 83/2022), layout."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="document_kinds")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    classification = models.CharField(max_length=24)
    layout = models.CharField(max_length=24, default="sheet")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "code"], name="kind_code_once_in_agency"),)

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The last number given out for a kind in a year. Numbers are never used twice; gaps stay gaps."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="number_series")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "kind", "year"], name="number_series_once"),)


class Document(Keyed):
    """A numbered paper. Reserved (draft) in one transaction, rendered outside, issued in a second."""

    class State(models.TextChoices):
        DRAFT = "draft", "Konsep"
        ISSUED = "issued", "Terbit"
        SIGNED = "signed", "Bertanda tangan"
        SUPERSEDED = "superseded", "Diganti"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="documents")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="documents")
    number = models.CharField(max_length=120)
    number_typed = models.BooleanField(default=False)  # from the agency's own register or Srikandi
    title = models.CharField(max_length=240)
    dated = models.DateField()
    context = models.JSONField()  # frozen snapshot: what render() was given
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_upload = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reserved_at = models.DateTimeField()
    reserved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "number"], name="document_number_once_in_agency"),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(file__isnull=False, issued_at__isnull=False)
                | models.Q(state="superseded"),
                name="document_issued_has_file",
            ),
        )
        indexes = (
            models.Index(fields=["agency", "reserved_at"], condition=models.Q(state="draft"), name="document_pending"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

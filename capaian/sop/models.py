"""SOP definitions as data. The rows of running SOPs stand in `run_models`."""

from django.db import models

from capaian.agencies.models import Agency
from capaian.journal.keys import Keyed


class PartyKey(models.TextChoices):
    """Who a column or party of a SOP stands for."""

    HEAD = "head", "Kepala Dinas"
    SECRETARY = "secretary", "Sekretaris"
    UNIT = "unit", "Sekretariat dan Bidang"
    TEAM = "team", "Tim SAKIP"
    STAFF = "staff", "Staf"
    SUBMITTER = "submitter", "Penyampai data"


class Work(models.TextChoices):
    """What kind of work a step is. Code knows works, never step keys."""

    ORDER = "order", "Perintah"
    MEETING = "meeting", "Rapat"
    PLAN = "plan", "Rencana kerja"
    CHECKLIST = "checklist", "Checklist dokumen"
    PREPARE_FORM = "prepare_form", "Penyiapan formulir"
    DISTRIBUTE = "distribute", "Distribusi formulir"
    FILL = "fill", "Pengisian formulir"
    RECAPITULATE = "recapitulate", "Rekapitulasi"
    REPORT = "report", "Pelaporan"
    DECIDE = "decide", "Keputusan"
    HAND_OVER = "hand_over", "Penyampaian dan disposisi"
    ARCHIVE = "archive", "Pengarsipan"
    SET_METHODOLOGY = "set_methodology", "Penetapan metodologi"
    MEASURE = "measure", "Pengukuran"
    FREE = "free", "Pekerjaan umum"


class TimeUnit(models.TextChoices):
    """Unit of a standard time. A day is a working day, never a number of minutes."""

    MINUTE = "minute", "Menit"
    DAY = "day", "Hari"


class Definition(Keyed):
    """A SOP of an agency. `stands_for` is the procedure it carries out: a short variant stands for the full one."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="definitions")
    code = models.CharField(max_length=12)
    stands_for = models.CharField(max_length=12)
    name = models.CharField(max_length=160)
    template_key = models.CharField(max_length=40, blank=True, default="")
    template_hash = models.CharField(max_length=64, blank=True, default="")
    reason = models.TextField(blank=True, default="")  # why this variant exists, shown beside it

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "code"], name="definition_code_once_in_agency"),)

    def __str__(self) -> str:
        return self.name


class Version(Keyed):
    """One version of a definition; immutable once published."""

    class State(models.TextChoices):
        DRAFT = "draft", "Konsep"
        PUBLISHED = "published", "Berlaku"
        RETIRED = "retired", "Tidak berlaku"

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    text = models.JSONField(default=dict)  # frozen snapshot of chapters I-IX as printed, with correction notes
    sop_number = models.CharField(max_length=80, blank=True, default="")
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.CharField(max_length=160, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["definition", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["definition"], condition=models.Q(state="published"), name="version_one_published"
            ),
            models.UniqueConstraint(fields=["definition"], condition=models.Q(state="draft"), name="version_one_draft"),
        )

    def __str__(self) -> str:
        return f"{self.definition.name}, versi {self.number}"


class Role(models.Model):
    """A party of a SOP version; those with an ordinal are the pelaksana columns of its table."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="roles")
    key = models.CharField(max_length=12, choices=PartyKey.choices)
    label = models.CharField(max_length=60)
    ordinal = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "key"], name="role_once_in_version"),)


class Step(models.Model):
    """A row of the SOP table. `amount` stays empty where the SOP leaves the time blank; a proposal is only shown."""

    class Kind(models.TextChoices):
        TASK = "task", "Kegiatan"
        DECISION = "decision", "Keputusan"

    class FanOut(models.TextChoices):
        NONE = "none", "Sekali"
        UNIT = "unit", "Setiap unit"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=12)
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TASK)
    work = models.CharField(max_length=16, choices=Work.choices, default=Work.FREE)
    fan_out = models.CharField(max_length=6, choices=FanOut.choices, default=FanOut.NONE)
    text = models.TextField()
    amount = models.PositiveSmallIntegerField(null=True, blank=True)
    time_unit = models.CharField(max_length=8, choices=TimeUnit.choices, null=True, blank=True)
    time_printed = models.CharField(max_length=20, blank=True, default="")
    proposed_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    proposed_time_unit = models.CharField(max_length=8, choices=TimeUnit.choices, null=True, blank=True)
    note = models.TextField(blank=True, default="")  # Ket.
    next_yes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="previous")

    class Meta:
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(fields=["version", "key"], name="step_key_once_in_version"),
            models.UniqueConstraint(fields=["version", "ordinal"], name="step_ordinal_once_in_version"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True, time_unit__isnull=True)
                | models.Q(amount__isnull=False, time_unit__isnull=False),
                name="step_time_has_unit",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="decision", fan_out="unit"), name="step_decision_not_per_unit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.text}"


class StepParty(models.Model):
    """A role's part in a step."""

    class Part(models.TextChoices):
        PERFORMS = "performs", "Melaksanakan"
        ASSISTS = "assists", "Membantu"
        RECEIVES = "receives", "Menerima"
        COMPLETES = "completes", "Menyelesaikan"

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="parties")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="parties")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["step", "role", "part"], name="step_party_once"),)


class StepInput(models.Model):
    """Kelengkapan: a document that the step needs. `name` as printed, `reading` as understood."""

    class Source(models.TextChoices):
        STEP = "step", "Dari langkah"
        EXTERNAL = "external", "Dokumen luar"
        TEMPLATE = "template", "Blangko"

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="inputs")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    reading = models.CharField(max_length=160, blank=True, default="")
    is_printed = models.BooleanField(default=True)  # False: stands in the reading only
    source = models.CharField(max_length=10, choices=Source.choices)
    from_step_key = models.CharField(max_length=12, blank=True, default="")  # the step whose output it is
    from_definition_code = models.CharField(max_length=12, blank=True, default="")  # set when another SOP's step

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["step", "ordinal"], name="step_input_once"),)


class StepOutput(models.Model):
    """Output: a document that the step leaves. `name` as printed, `reading` as understood."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="outputs")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    reading = models.CharField(max_length=200, blank=True, default="")
    is_printed = models.BooleanField(default=True)
    document_kind = models.CharField(max_length=12, blank=True, default="")  # code of documents.Kind

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["step", "ordinal"], name="step_output_once"),)


class StepReading(models.Model):
    """A "tafsir" mark: where the SOP is unclear, how it is read here, and on what basis."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="readings")
    ordinal = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=40)  # which cell: uraian, pelaksana, waktu, output, keputusan …
    text = models.TextField()
    basis = models.TextField()

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["step", "ordinal"], name="step_reading_once"),)


class ReturnTarget(models.Model):
    """A step to which work may be sent back from `step`."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="return_targets")
    target = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="returned_from")
    is_default = models.BooleanField(default=False)
    per_unit = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["step", "target"], name="return_target_once"),
            models.UniqueConstraint(
                fields=["step"], condition=models.Q(is_default=True), name="return_target_one_default"
            ),
        )


class StepWait(models.Model):
    """`step` opens only when `step_key` of the other procedure is done, same agency and period."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="waits")
    definition_code = models.CharField(max_length=12)  # the other definition's `stands_for`
    step_key = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["step", "definition_code", "step_key"], name="step_wait_once"),)


from capaian.sop.run_models import (  # noqa: E402  (Django finds a room's tables through its models module)
    Attachment,
    Paper,
    Run,
    RunUnit,
    WorkItem,
)

__all__ = ["Attachment", "Paper", "Run", "RunUnit", "WorkItem"]

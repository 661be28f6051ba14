"""Orders, meetings, plans, checklists, reports, dispositions, and the follow-ups that come of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from capaian.agencies.models import Agency, Position
from capaian.documents.models import StoredFile
from capaian.journal.keys import Keyed
from capaian.sop.models import WorkItem


class Urgency(models.TextChoices):
    """Sifat of a letter; the labels are those of the papers' layouts."""

    VERY_URGENT = "very_urgent", "Sangat Segera"
    URGENT = "urgent", "Segera"
    SECRET = "secret", "Rahasia"
    ORDINARY = "ordinary", "Biasa"


class Paperwork(models.Model):
    """What one work item is filled in with. It may be saved as a draft; `edition` counts the savings."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    item = models.OneToOneField(WorkItem, on_delete=models.PROTECT, related_name="%(class)s")
    edition = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Task(models.Model):
    """A decision or an instruction: what, by whom, until when. Becomes a follow-up when it has an owner."""

    ordinal = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Order(Paperwork):
    """A nota dinas that orders the work to begin; one text may order both SOPs of a period."""

    recipient = models.CharField(max_length=300)
    copies = models.CharField(max_length=300, blank=True, default="")
    urgency = models.CharField(max_length=12, choices=Urgency.choices, default=Urgency.ORDINARY)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    together_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined")


class Meeting(Paperwork):
    """A meeting: planned, then held. Lateness of its step counts from the planned time."""

    planned_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True, default="")
    agenda = models.TextField(blank=True, default="")
    note_taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    guests = models.TextField(blank=True, default="")
    discussion = models.TextField(blank=True, default="")


class Attendance(models.Model):
    """Somebody invited to a meeting or present at it, in the position of that day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=180)
    invited = models.BooleanField(default=False)
    attended = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["meeting", "position", "person"], name="attendance_once"),
            models.CheckConstraint(condition=Q(invited=True) | Q(attended=True), name="attendance_says_something"),
        )


class MeetingDecision(Task):
    """One decision of a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["meeting", "ordinal"], name="meeting_decision_once"),)


class WorkPlan(Paperwork):
    """Program kerja kegiatan: why, and its stages."""

    background = models.TextField(blank=True, default="")


class PlanItem(models.Model):
    """One stage of a work plan."""

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="stages")
    ordinal = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=400)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["plan", "ordinal"], name="plan_item_once"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="plan_item_ends_after_start",
            ),
        )


class Checklist(Paperwork):
    """Which documents are at hand: those that the SOP names and the agency's own."""


class ChecklistItem(models.Model):
    """One document of a checklist: present, or absent with a reason."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", "Belum diperiksa"
        PRESENT = "present", "Ada"
        ABSENT = "absent", "Tidak ada"

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="documents")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    is_own = models.BooleanField(default=False)  # added by the agency, not named by the SOP
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNCHECKED)
    year_or_version = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["checklist", "ordinal"], name="checklist_item_once"),)


class Report(Paperwork):
    """The text of a report draft: introduction, what was done, what came of it, conclusion. Its tables are computed."""

    general = models.TextField(blank=True, default="")
    activities = models.TextField(blank=True, default="")
    results = models.TextField(blank=True, default="")
    conclusion = models.TextField(blank=True, default="")


class Disposition(Paperwork):
    """What the Kepala (or Plt., Plh.) writes on a report: to whom, what for, how urgent."""

    text = models.TextField(blank=True, default="")
    urgency = models.CharField(max_length=12, choices=Urgency.choices, default=Urgency.ORDINARY)


class DispositionAddressee(models.Model):
    """A position to which the report is passed on."""

    disposition = models.ForeignKey(Disposition, on_delete=models.CASCADE, related_name="addressees")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["disposition", "position"], name="disposition_addressee_once"),)


class DispositionAsk(models.Model):
    """One tick of "dengan hormat harap"; the labels are those of the paper's layout."""

    class Ask(models.TextChoices):
        RESPOND = "respond", "Tanggapan dan saran"
        PROCEED = "proceed", "Proses lebih lanjut"
        COORDINATE = "coordinate", "Koordinasi/konfirmasi"
        TAKE_NOTE = "take_note", "Untuk diketahui"
        STORE = "store", "Arsipkan"

    disposition = models.ForeignKey(Disposition, on_delete=models.CASCADE, related_name="asks")
    ask = models.CharField(max_length=12, choices=Ask.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["disposition", "ask"], name="disposition_ask_once"),)


class DispositionTask(Task):
    """One instruction of a disposition."""

    disposition = models.ForeignKey(Disposition, on_delete=models.CASCADE, related_name="tasks")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["disposition", "ordinal"], name="disposition_task_once"),)


class FollowUp(Keyed):
    """What somebody has to do after a decision or an instruction; with whoever holds the owner's position."""

    class State(models.TextChoices):
        OPEN = "open", "Belum selesai"
        DONE = "done", "Selesai"
        CANCELLED = "cancelled", "Digantikan"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    origin = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    note = models.TextField(blank=True, default="")
    evidence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finished_by__isnull=True)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="follow_up_finished_at_by",
            ),
            models.CheckConstraint(
                condition=Q(state="open", finished_at__isnull=True) | (~Q(state="open") & Q(finished_at__isnull=False)),
                name="follow_up_open_or_finished",
            ),
        )
        indexes = (models.Index(fields=["agency", "owner"], condition=Q(state="open"), name="follow_up_inbox"),)

    def __str__(self) -> str:
        return self.text

"""Plans and their nodes, indicators with a card for each year, targets, agreements, budgets."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from capaian.agencies.models import Agency, Position, Unit
from capaian.documents.models import Document, StoredFile
from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.locations import LocationMethod
from capaian.formulas.polarity import Polarity
from capaian.journal.keys import Keyed
from capaian.planning.number_fields import Figure, Rupiah


class Level(models.TextChoices):
    """Levels of the cascade, from the vision down. The seed's SOP measures from the goal down."""

    VISION = "vision", "Visi"
    MISSION = "mission", "Misi"
    GOAL = "goal", "Tujuan"
    OBJECTIVE = "objective", "Sasaran"
    PROGRAMME = "programme", "Program"
    ACTIVITY = "activity", "Kegiatan"
    SUBACTIVITY = "subactivity", "Sub kegiatan"


class Plan(Keyed):
    """A strategic plan (Renstra) of an agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=200)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    edition = models.PositiveIntegerField(default=1)  # counts changes: a form opened before one is not taken

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "title"], name="plan_title_once_in_agency"),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="plan_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.title


class Node(Keyed):
    """One place in the cascade. `code` is the national nomenclature's, where the level has one."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="nodes")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(max_length=12, choices=Level.choices)
    code = models.CharField(max_length=24, blank=True, default="")
    ordinal = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.CharField(max_length=300, blank=True, default="")  # where the row was taken from
    edition = models.PositiveIntegerField(default=1)  # counts changes: a form opened before one is not taken
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code"], condition=~Q(code="") & Q(valid_to__isnull=True), name="node_code_once_in_plan"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="node_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Indicator(Keyed):
    """What is measured at a node: the identity across years. What is said of it in a year stands on its card."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="indicators")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="indicators")
    ordinal = models.PositiveSmallIntegerField(default=1)
    is_iku = models.BooleanField(default=False)  # indikator kinerja utama
    is_ikk = models.BooleanField(default=False)  # indikator kinerja kegiatan
    is_lppd = models.BooleanField(default=False)  # indikator kinerja kunci of the LPPD


class Card(Keyed):
    """An indicator as it is measured in one year. Frozen once activated; a change is a new version."""

    class Kind(models.TextChoices):
        INPUT = "input", "Masukan"
        OUTPUT = "output", "Keluaran"
        OUTCOME = "outcome", "Hasil"
        BENEFIT = "benefit", "Manfaat"
        IMPACT = "impact", "Dampak"

    class Aspect(models.TextChoices):
        QUANTITY = "quantity", "Kuantitas"
        QUALITY = "quality", "Kualitas"
        TIME = "time", "Waktu"
        COST = "cost", "Biaya"

    class Validity(models.TextChoices):
        EXACT = "exact", "Exact: mengukur langsung"
        PROXY = "proxy", "Proxy: mengukur tidak langsung"
        ACTIVITY_ONLY = "activity_only", "Activity: menghitung kegiatan"

    class Control(models.TextChoices):
        WEAK = "weak", "Rendah"
        MODERATE = "moderate", "Sedang"
        STRONG = "strong", "Tinggi"

    class Frequency(models.TextChoices):
        MONTH = "month", "Bulanan"
        QUARTER = "quarter", "Triwulanan"
        SEMESTER = "semester", "Semesteran"
        YEAR = "year", "Tahunan"

    class Entry(models.TextChoices):
        PERIOD = "period", "Hasil periode itu saja"
        TO_DATE = "to_date", "Hasil sejak awal tahun"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="cards")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="cards")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    name = models.CharField(max_length=400)
    definition = models.TextField(blank=True, default="")
    calculation = models.TextField(blank=True, default="")  # the formula in words
    formula = models.CharField(max_length=400, blank=True, default="")  # in the card grammar, over its raw data
    measured_in = models.CharField(max_length=60)  # satuan
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OUTPUT)
    aspect = models.CharField(max_length=8, choices=Aspect.choices, blank=True, default="")
    validity = models.CharField(max_length=16, choices=Validity.choices, blank=True, default="")
    control = models.CharField(max_length=8, choices=Control.choices, blank=True, default="")  # tingkat kendali
    polarity = models.CharField(
        max_length=16, choices=[(each.value, each.label) for each in Polarity], default=Polarity.MAXIMIZE.value
    )
    consolidation = models.CharField(
        max_length=8,
        choices=[(PeriodMethod.SUM.value, "Dijumlahkan"), (PeriodMethod.AVERAGE.value, "Dirata-ratakan"),
                 (PeriodMethod.LAST.value, "Nilai terakhir")],
        default=PeriodMethod.LAST.value,
    )  # fmt: skip
    location = models.CharField(
        max_length=8,
        choices=[(LocationMethod.RAW_DATA.value, "Data mentah dijumlahkan"), (LocationMethod.SUM.value, "Dijumlahkan"),
                 (LocationMethod.AVERAGE.value, "Dirata-ratakan")],
        default=LocationMethod.SUM.value,
    )  # fmt: skip
    frequency = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.QUARTER)
    entry = models.CharField(max_length=8, choices=Entry.choices, default=Entry.PERIOD)
    scale = models.CharField(max_length=40, default="permendagri")  # code of a shipped scale
    cap = Figure(null=True, blank=True)  # bound of the score in percent; none = unbounded
    tolerance = Figure(null=True, blank=True)  # percent, for stabilize
    weight = Figure()
    negative_target = models.BooleanField(default=False)
    released_next_year = models.BooleanField(default=False)
    measured_month = models.PositiveSmallIntegerField(null=True, blank=True)  # from which month it can be measured
    responsible = models.CharField(max_length=160, blank=True, default="")  # penanggung jawab: a position
    collector = models.CharField(max_length=200, blank=True, default="")  # petugas pengumpul data
    source = models.CharField(max_length=300, blank=True, default="")  # sumber data
    evidence = models.CharField(max_length=300, blank=True, default="")  # bukti yang diminta
    baseline = Figure(null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=300, blank=True, default="")  # where the row was taken from
    edition = models.PositiveIntegerField(default=1)  # counts changes: a form opened before one is not taken
    reason = models.TextField(blank=True, default="")  # why this version was opened
    approved_at = models.DateTimeField(null=True, blank=True)  # of a later version, by Kepala or Sekretaris
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts_from = models.DateField(null=True, blank=True)  # of a later version that says something else
    measured_to = models.DateField(null=True, blank=True)  # end of the last period that was measured
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["indicator", "year", "version"], name="card_version_once"),
            models.UniqueConstraint(
                fields=["indicator", "year"], condition=Q(is_current=True), name="card_one_current_a_year"
            ),
            models.CheckConstraint(
                condition=Q(activated_at__isnull=True, activated_by__isnull=True)
                | Q(activated_at__isnull=False, activated_by__isnull=False),
                name="card_activated_at_by",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="card_approved_at_by",
            ),
        )
        indexes = (models.Index(fields=["agency", "year"], name="card_by_year"),)

    def __str__(self) -> str:
        return self.name


class CardDatum(models.Model):
    """A raw datum that the card's formula names: what units enter instead of the finished figure."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="data")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)  # as in the formula
    label = models.CharField(max_length=200)
    measured_in = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["card", "name"], name="card_datum_name_once"),)


class CardUnit(models.Model):
    """A unit that supplies the figures of a card; several may."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="suppliers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["card", "unit"], name="card_unit_once"),)


class Agreement(Keyed):
    """A performance agreement (Perjanjian Kinerja) of one official for one year; names as on the day it was made."""

    class State(models.TextChoices):
        DRAFT = "draft", "Konsep"
        IN_FORCE = "in_force", "Berlaku"
        SUPERSEDED = "superseded", "Diganti"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="agreements")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="agreements")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    in_force_from = models.DateField(null=True, blank=True)
    promiser_name = models.CharField(max_length=120, blank=True, default="")  # pihak pertama
    promiser_title = models.CharField(max_length=180, blank=True, default="")
    superior_name = models.CharField(max_length=120, blank=True, default="")  # pihak kedua
    superior_title = models.CharField(max_length=180, blank=True, default="")
    superior_position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # inside the agency; the Kepala's superior has none
    reason = models.CharField(max_length=300, blank=True, default="")  # why the one before was changed
    edition = models.PositiveIntegerField(default=1)  # counts changes: a form opened before one is not taken
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="agreement"
    )  # the paper, from the day it was put in force

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "position", "year", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["agency", "position", "year"], condition=Q(state="draft"), name="agreement_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(in_force_from__isnull=False), name="agreement_in_force_has_date"
            ),
        )


class AgreementItem(models.Model):
    """An indicator that an agreement promises."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="items")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["agreement", "card"], name="agreement_item_once"),)


class AgreementBudget(models.Model):
    """A programme's (or activity's) budget in an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="budgets")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    amount = Rupiah()
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agreement", "node"], name="agreement_budget_once"),)


class Target(models.Model):
    """What a card promises for a period (`2026-Q1`) or the year (`2026`): a value, a range or a letter."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="targets")
    period = models.CharField(max_length=8)
    value = Figure(null=True, blank=True)
    low = Figure(null=True, blank=True)
    high = Figure(null=True, blank=True)
    letter = models.CharField(max_length=8, blank=True, default="")
    is_example = models.BooleanField(default=False)  # set by the sample, not by a real document
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["card", "period"], name="target_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, low__isnull=True, high__isnull=True, letter="")
                | Q(value__isnull=True, low__isnull=False, high__isnull=False, letter="")
                | (Q(value__isnull=True, low__isnull=True, high__isnull=True) & ~Q(letter="")),
                name="target_says_one_thing",
            ),
        )


class BudgetMonth(models.Model):
    """Ceiling (pagu) and spending (realisasi) of a node in one month."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="budget_months")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    ceiling = Rupiah(null=True, blank=True)
    spent = Rupiah(null=True, blank=True)
    origin = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["node", "year", "month"], name="budget_month_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budget_month_is_one"),
        )


class Workbook(Keyed):
    """An uploaded table of a year, a plan's or its money: shown beforehand, then applied once or never."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Butir, kartu, dan target"
        BUDGET = "budget", "Pagu dan realisasi"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="workbooks")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="workbooks")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PLAN)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="workbook_applied_at_by",
            ),
        )

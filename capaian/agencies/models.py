"""Regions, agencies, units, people and the positions they hold."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from capaian.journal.keys import Keyed


class RoleKey(models.TextChoices):
    """What a position may act as. Region roles are keys only until they get pages."""

    HEAD = "head", "Kepala"
    SECRETARY = "secretary", "Sekretaris"
    TEAM = "team", "Tim SAKIP"
    UNIT_HEAD = "unit_head", "Kepala unit"
    SUBMITTER = "submitter", "Penyampai data"
    STAFF = "staff", "Staf"
    AGENCY_ADMIN = "agency_admin", "Admin perangkat daerah"
    REGION_PLANNER = "region_planner", "Perencana daerah (Bappeda)"
    REGION_ORGANISATION = "region_organisation", "Bagian Organisasi"
    REGION_INSPECTOR = "region_inspector", "Inspektorat"


class TimeZone(models.TextChoices):
    """The three time zones of Indonesia."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class Region(Keyed):
    """A regional government (pemda)."""

    class Kind(models.TextChoices):
        REGENCY = "regency", "Kabupaten"
        CITY = "city", "Kota"
        PROVINCE = "province", "Provinsi"

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGENCY)
    time_zone = models.CharField(max_length=20, choices=TimeZone.choices, default=TimeZone.WIB)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class Agency(Keyed):
    """A perangkat daerah: the tenant. Letterhead fields stand on its papers as typed."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="agencies")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)
    main_urusan = models.CharField(max_length=10, blank=True, default="")
    time_zone = models.CharField(max_length=20, choices=TimeZone.choices, default=TimeZone.WIB)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    letterhead_government = models.CharField(max_length=160, blank=True, default="")
    letterhead_address = models.CharField(max_length=240, blank=True, default="")
    letterhead_contact = models.CharField(max_length=240, blank=True, default="")
    place = models.CharField(max_length=80, blank=True, default="")
    number_pattern = models.CharField(max_length=120, default="{klas}/{kode}.{urut}/{instansi}/{bulan}/{tahun}")
    self_approval_allowed = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["region", "name"], name="agency_name_once_in_region"),)

    def __str__(self) -> str:
        return self.name


class Unit(Keyed):
    """A part of an agency that supplies data: Sekretariat, Bidang, UPTD."""

    class Kind(models.TextChoices):
        SECRETARIAT = "secretariat", "Sekretariat"
        DIVISION = "division", "Bidang"
        TECHNICAL_UNIT = "technical_unit", "UPTD"
        OTHER = "other", "Lainnya"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DIVISION)
    supplies_data = models.BooleanField(default=True)  # takes part in steps done once per unit
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "name", "valid_from"], name="unit_name_once_in_agency"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="unit_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds people by user name; rows are made only in actions."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person with this user name."""
        return self.get(username=username)


class Person(AbstractBaseUser, Keyed):
    """A civil servant with an account; logs in by user name or NIP."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="people")
    username = models.CharField(max_length=60, unique=True)
    nip = models.CharField(max_length=18, unique=True, null=True, blank=True)
    name = models.CharField(max_length=120)  # with titles, as on papers
    rank = models.CharField(max_length=80, blank=True, default="")  # pangkat/golongan
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name


class Position(Keyed):
    """A post in an agency (jabatan), or membership of Tim SAKIP. Its roles say what it may act as."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="positions")
    title = models.CharField(max_length=160)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "title"], name="position_title_once_in_agency"),)

    def __str__(self) -> str:
        return self.title


class PositionRole(models.Model):
    """One role of a position."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=24, choices=RoleKey.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["position", "role"], name="position_role_once"),)


class Appointment(Keyed):
    """A person holds a position from one date to another; Plt. and Plh. end by themselves."""

    class Kind(models.TextChoices):
        DEFINITIVE = "definitive", "Definitif"
        ACTING = "acting", "Plt."
        DAILY = "daily", "Plh."

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DEFINITIVE)
    decree = models.CharField(max_length=160, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # last day in office

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="appointment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="definitive") | models.Q(valid_to__isnull=False),
                name="appointment_acting_has_end",
            ),
        )
        indexes = (models.Index(fields=["person", "valid_from"], name="appointment_by_person"),)


class ResetCode(models.Model):
    """A one-time code, issued by an admin, with which a person sets a password. Only its hash is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reset_codes")
    code_hash = models.CharField(max_length=128)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)


class WorkDay(models.Model):
    """A day that differs from the ordinary week. Agency rows override national ones of the same date."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Hari libur nasional"
        JOINT_LEAVE = "joint_leave", "Cuti bersama"
        SPECIAL_WORKDAY = "special_workday", "Hari kerja khusus"

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="work_days")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, blank=True)
    date = models.DateField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=160)
    decree = models.CharField(max_length=160, blank=True, default="")
    estimated = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["date"], condition=models.Q(agency=None, region=None), name="work_day_once_national"
            ),
            models.UniqueConstraint(
                fields=["agency", "date"], condition=models.Q(agency__isnull=False), name="work_day_once_in_agency"
            ),
        )


class WorkHours(models.Model):
    """Office hours of one weekday (0 = Monday), from a date on. `spans` like "07:30-12:00,13:00-16:00"."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="work_hours")
    valid_from = models.DateField()
    weekday = models.PositiveSmallIntegerField()
    spans = models.CharField(max_length=80, blank=True, default="")
    ramadan = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["valid_from", "weekday", "ramadan"],
                condition=models.Q(agency=None),
                name="work_hours_once_national",
            ),
            models.UniqueConstraint(
                fields=["agency", "valid_from", "weekday", "ramadan"],
                condition=models.Q(agency__isnull=False),
                name="work_hours_once_in_agency",
            ),
        )


class RamadanDates(models.Model):
    """First and last day of Ramadan; an estimate until the government's isbat session."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="ramadan_dates")
    first_day = models.DateField()
    last_day = models.DateField()
    estimated = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["first_day"], condition=models.Q(agency=None), name="ramadan_once_national"
            ),
            models.UniqueConstraint(
                fields=["agency", "first_day"], condition=models.Q(agency__isnull=False), name="ramadan_once_in_agency"
            ),
        )

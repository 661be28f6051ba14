"""Forms about people, positions and who holds them."""

from typing import Any

from django import forms

from capaian.agencies.entries import PersonEntry
from capaian.agencies.models import Appointment, Person, Unit
from capaian.agencies.queries import Reach, open_units
from capaian.agencies.rules import AGENCY_ROLES
from capaian.web.form_parts import PlainForm, day_field, text_field

ROLE_HINTS = {
    "head": "memerintahkan dan menandatangani",
    "secretary": "memutuskan hasil rekapitulasi",
    "team": "menjalankan sebagian besar langkah",
    "unit_head": "memimpin unit",
    "submitter": "menyampaikan data unit",
    "staff": "membantu mengisi",
    "agency_admin": "mengatur unit, pegawai, dan kalender",
}


class PersonForm(PlainForm):
    """A person with an account; fields are named like those of `PersonEntry`."""

    name = text_field("Nama", 120, help_text="Dengan gelar, seperti pada naskah.")
    username = text_field("Nama pengguna", 60, help_text="Huruf kecil, misalnya siti.aminah.")
    nip = text_field("NIP", 30, required=False, help_text="18 angka. Dapat dipakai untuk masuk.")
    rank = text_field("Pangkat/golongan", 80, required=False, help_text="Misalnya Penata (III/c).")
    email = text_field("Surel", 254, required=False, help_text="Hanya untuk dihubungi.")

    def entry(self) -> PersonEntry:
        """Return what was typed; gaps in the NIP are left out."""
        data = self.cleaned_data
        nip = "".join(data["nip"].split())
        return PersonEntry(data["username"].lower(), data["name"], nip, data["rank"], data["email"])


class DeactivateForm(PlainForm):
    """Closing an account."""

    release_nip = forms.BooleanField(
        label="Pegawai pindah: lepaskan NIP-nya",
        required=False,
        help_text="Dengan begitu perangkat daerah barunya dapat mendaftarkan NIP itu.",
    )


class PositionForm(PlainForm):
    """A position, its unit and its roles."""

    title = text_field("Nama jabatan", 160, help_text="Seperti pada blok tanda tangan.")
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Unit",
        required=False,
        to_field_name="public_id",
        empty_label="— perangkat daerah secara keseluruhan —",
    )
    roles = forms.MultipleChoiceField(
        label="Peran",
        choices=[(role.value, f"{role.label} — {ROLE_HINTS[role.value]}") for role in AGENCY_ROLES],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = open_units(reach)  # type: ignore[attr-defined]


class AppointForm(PlainForm):
    """Who holds a position, in which form, from when to when, by which decree."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label="Pegawai", to_field_name="public_id", empty_label="— pilih —"
    )
    kind = forms.ChoiceField(
        label="Bentuk penetapan",
        choices=Appointment.Kind.choices,
        initial=Appointment.Kind.DEFINITIVE,
        widget=forms.RadioSelect,
        help_text="Plt. (jabatan kosong) dan Plh. (pejabat berhalangan) berakhir sendiri pada hari terakhirnya.",
    )
    valid_from = day_field("Mulai")
    valid_to = day_field("Hari terakhir", required=False, help_text="Wajib untuk Plt. dan Plh.")
    decree = text_field("Dasar penetapan", 160, required=False, help_text="Nomor SK atau surat perintah.")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = reach.agency.people.filter(is_active=True).order_by("name")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class CloseForm(PlainForm):
    """Nothing to fill in: the button says it."""

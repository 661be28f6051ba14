"""Forms about an agency and its units."""

from typing import Any

from django import forms

from capaian.agencies.entries import AgencyEntry, PersonEntry, RegionEntry
from capaian.agencies.models import Region, TimeZone, Unit
from capaian.agencies.queries import Reach, open_units, regions
from capaian.web.form_parts import PlainForm, day_field, text_field


class AgencyForm(PlainForm):
    """The data of an agency; fields are named like those of `AgencyEntry`."""

    name = text_field("Nama perangkat daerah", 200, help_text="Seperti tertulis pada kop naskah.")
    short_name = text_field("Singkatan", 40, help_text="Dipakai dalam nomor naskah, misalnya DISKOMINFO.")
    main_urusan = text_field(
        "Kode urusan utama", 10, required=False, help_text="Menurut nomenklatur, misalnya 2.16 untuk kominfo."
    )
    time_zone = forms.ChoiceField(
        label="Zona waktu", choices=TimeZone.choices, help_text="Jam kerja dan tenggat dihitung dalam zona ini."
    )
    place = text_field("Tempat penandatanganan", 80, required=False, help_text="Misalnya Kuala Tungkal.")
    letterhead_government = text_field("Kop: pemerintah daerah", 160, required=False)
    letterhead_address = text_field("Kop: alamat", 240, required=False)
    letterhead_contact = text_field("Kop: telepon, surel, laman", 240, required=False)

    def entry(self) -> AgencyEntry:
        """Return what was typed."""
        return AgencyEntry(**{name: self.cleaned_data[name] for name in AgencyForm.base_fields})


class AgencyChangeForm(AgencyForm):
    """The data of an existing agency: also its number pattern and the setting on one's own work."""

    number_pattern = text_field("Pola nomor naskah", 120)
    self_approval_allowed = forms.BooleanField(
        label="Penyampai boleh memutuskan hasil kerjanya sendiri",
        required=False,
        help_text=(
            "Biasanya tidak. Bila dicentang, orang yang menyampaikan data dapat pula menyetujuinya; "
            "hal ini dicatat dan dicetak pada arsip setiap proses."
        ),
    )

    def entry(self) -> AgencyEntry:
        """Return what was typed."""
        return AgencyEntry(**{name: self.cleaned_data[name] for name in AgencyEntry.__dataclass_fields__})


class NewAgencyForm(AgencyForm):
    """A new agency, its regional government and its first admin."""

    region = forms.ModelChoiceField(
        Region.objects.none(),
        label="Pemerintah daerah",
        required=False,
        to_field_name="public_id",
        empty_label="— belum ada dalam daftar —",
    )
    region_kind = forms.ChoiceField(label="Jenis pemerintah daerah baru", choices=Region.Kind.choices, required=False)
    region_name = text_field(
        "Nama pemerintah daerah baru", 120, required=False, help_text="Tanpa kata Kabupaten, Kota, atau Provinsi."
    )
    admin_name = text_field("Nama admin pertama", 120, help_text="Dengan gelar, seperti pada naskah.")
    admin_username = text_field("Nama pengguna admin", 60, help_text="Huruf kecil, misalnya siti.aminah.")
    admin_nip = text_field("NIP admin", 18, required=False)
    order = ("region", "region_kind", "region_name")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions(reach)  # type: ignore[attr-defined]
        self.order_fields(self.order)

    def region_entry(self) -> Region | RegionEntry:
        """Return the region chosen, or the new one."""
        chosen: Region | None = self.cleaned_data["region"]
        kind = self.cleaned_data["region_kind"] or Region.Kind.REGENCY.value
        return chosen or RegionEntry(self.cleaned_data["region_name"], kind, self.cleaned_data["time_zone"])

    def admin_entry(self) -> PersonEntry:
        """Return the first admin."""
        data = self.cleaned_data
        return PersonEntry(data["admin_username"], data["admin_name"], "".join(data["admin_nip"].split()))


class UnitForm(PlainForm):
    """A unit as it is."""

    name = text_field("Nama unit", 160)
    kind = forms.ChoiceField(label="Jenis", choices=Unit.Kind.choices, initial=Unit.Kind.DIVISION)
    parent = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Unit induk",
        required=False,
        to_field_name="public_id",
        empty_label="— langsung di bawah kepala —",
    )
    supplies_data = forms.BooleanField(
        label="Menyampaikan data kinerja",
        required=False,
        initial=True,
        help_text="Unit ini mengisi formulirnya sendiri pada setiap periode.",
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = open_units(reach)  # type: ignore[attr-defined]


class NewUnitForm(UnitForm):
    """A new unit, from which day, and whether its usual positions come with it."""

    valid_from = day_field("Berlaku sejak")
    with_positions = forms.BooleanField(
        label="Sekaligus buat jabatan yang lazim",
        required=False,
        initial=True,
        help_text=(
            "Kepala unit (juga penyampai data) dan staf. Untuk Sekretariat: Sekretaris, Kasubbag Perencanaan "
            "sebagai penyampai data, dan staf."
        ),
    )


class LastDayForm(PlainForm):
    """The last day of something."""

    last_day = day_field("Hari terakhir")

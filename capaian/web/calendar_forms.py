"""Forms about the working calendar."""

from django import forms

from capaian.agencies.models import WorkDay
from capaian.web.form_parts import PlainForm, day_field, text_field


class DayForm(PlainForm):
    """A day that differs from the ordinary week."""

    date = day_field("Tanggal")
    kind = forms.ChoiceField(label="Jenis", choices=WorkDay.Kind.choices)
    name = text_field("Keterangan", 160, help_text="Misalnya Hari jadi kabupaten.")
    decree = text_field("Dasar", 160, required=False, help_text="Nomor SKB, SK, atau surat edaran.")
    estimated = forms.BooleanField(label="Masih perkiraan", required=False)


class HoursForm(PlainForm):
    """Office hours of one weekday from a date on."""

    valid_from = day_field("Berlaku sejak")
    spans = text_field(
        "Jam kerja",
        80,
        required=False,
        help_text="Tulis misalnya 07:30-12:00, 13:00-16:00. Kosongkan bila hari itu tidak ada jam kerja.",
    )


class RamadanForm(PlainForm):
    """First and last day of Ramadan."""

    first_day = day_field("Hari pertama Ramadan")
    last_day = day_field("Hari terakhir Ramadan")
    estimated = forms.BooleanField(
        label="Masih perkiraan", required=False, help_text="Hilangkan centang sesudah sidang isbat."
    )

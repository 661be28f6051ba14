"""The form that schedules the periods of a year."""

from datetime import date
from typing import Any

from django import forms

from capaian.periods.period import Period, PeriodKind, periods_of_year


class ScheduleForm(forms.Form):
    """From which period on, which kinds of periods, and how months are run."""

    use_required_attribute = False

    def __init__(self, *args: Any, year: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"] = forms.ChoiceField(
            label="Mulai dari periode",
            choices=[(period.code, period.label) for period in periods_of_year(year)],
            initial=first_period(year, on).code,
            help_text="Periode sebelumnya tidak dijadwalkan. Yang sudah berakhir langsung dibuka.",
        )
        self.fields["kinds"] = forms.MultipleChoiceField(
            label="Periode yang dijadwalkan",
            choices=[("month", "Setiap bulan"), ("quarter", "Setiap triwulan")],
            initial=["month", "quarter"],
            widget=forms.CheckboxSelectMultiple,
            help_text="SOP meminta keduanya.",
        )
        self.fields["monthly"] = forms.ChoiceField(
            label="Bulan dijalankan dengan",
            choices=[("full", "SOP lengkap, seperti tertulis"), ("short", "Varian ringkas")],
            initial="full",
            widget=forms.RadioSelect,
            help_text=(
                "Varian ringkas memakai langkah inti saja: rapat, rencana kerja dan disposisi penuh setiap bulan "
                "dapat tidak sebanding dengan hasilnya. Triwulan selalu memakai SOP lengkap."
            ),
        )


def first_period(year: int, on: date) -> Period:
    """Return where a year's schedule usually begins: the latest ended month of the running year, else January."""
    latest = Period.containing(on, PeriodKind.MONTH).previous()
    return latest if latest.year == year else Period(year, PeriodKind.MONTH, 1)

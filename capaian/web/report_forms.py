"""The draft of a report: filled in from what was really done, edited; its tables are computed, not typed."""

from typing import Any, ClassVar

from django import forms

from capaian.proceedings.entries import ReportEntry
from capaian.proceedings.models import Report
from capaian.proceedings.queries import last_report
from capaian.proceedings.report_papers import first_report
from capaian.proceedings.rules import REPORT_LENGTH, REPORT_SECTIONS
from capaian.reporting.report_figures import figures_of
from capaian.sop.models import WorkItem
from capaian.web.paperwork_forms import PaperworkForm

SECTION_ROWS = 7


class ReportForm(PaperworkForm):
    """The report of a step. An untouched form may be sent as it is; a returned one begins with what it said before."""

    must: ClassVar[tuple[str, ...]] = tuple(REPORT_SECTIONS)

    def saved(self, item: WorkItem) -> Report | None:
        """Return the saved report."""
        return Report.objects.filter(item=item).first()

    def add_fields(self) -> None:
        """Add a text for each section, and read the figures that stand below."""
        self.figures = figures_of(self.reach, self.item.run)
        self.before = last_report(self.item)
        for letter, (name, label) in zip("ABCD", REPORT_SECTIONS.items(), strict=True):
            self.fields[name] = forms.CharField(
                label=f"{letter}. {label}",
                max_length=REPORT_LENGTH,
                help_text="Satu paragraf satu baris." if name == "general" else "",
                widget=forms.Textarea(attrs={"rows": SECTION_ROWS}),
            )

    @property
    def offer(self) -> str:
        """The words of the button that writes the text anew; "" for a form that has just been written."""
        return "Tulis ulang dari keadaan terakhir" if self.row or self.before else ""

    def first_values(self) -> dict[str, Any]:
        """Return what the report said before it was returned, else the usual text."""
        return self.values_of(self.before) if self.before else self.values_of(first_report(self.item, self.figures))

    def values_of(self, row: Report | ReportEntry) -> dict[str, Any]:
        """Return the sections as values."""
        return {name: getattr(row, name) for name in REPORT_SECTIONS}

    def entry(self) -> ReportEntry:
        """Return the report; written anew when that button was pressed."""
        if self.takes_offer:
            return first_report(self.item, self.figures)
        return ReportEntry(**{name: self.cleaned_data.get(name, "") for name in REPORT_SECTIONS})

"""Bandingkan dengan aplikasi lama: its table is read, each difference is explained, nothing is kept."""

import tempfile
from pathlib import Path
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render

from capaian.documents.content import HEAD_BYTES
from capaian.documents.names import clean_name
from capaian.documents.rules import reasons_not_to_keep
from capaian.formulas.shipped_scales import shipped_scale
from capaian.journal.reason import Reason
from capaian.measurement.table_files import CSV_TYPE, XLSX_TYPE, csv_of, xlsx_of
from capaian.reporting.published_report import Report, report_of
from capaian.tables.settings import MARKS, Settings
from capaian.web.downloads import attachment
from capaian.web.form_parts import NOT_READ, sent
from capaian.web.form_tokens import new_token
from capaian.web.pages import MemberRequest
from capaian.web.rule_fields import RuleFields
from capaian.workbooks.problems import UnreadableTable

MOST_BYTES: Final = 5 << 20
NEXT: Final = "Perbaiki tabelnya, lalu unggah lagi."


class PublishedForm(RuleFields):
    """A table of published figures, and how they are to be computed."""

    field_order = ("file", "decimal", "minimize", "cap", "scale")

    file = forms.FileField(
        label="Tabel capaian (.xlsx atau .csv)",
        help_text="Baris judul memuat: indikator, polaritas, target, realisasi, dan terbit (capaian yang dicetak).",
    )
    decimal = forms.ChoiceField(
        label="Tanda desimal dalam tabel", choices=(("comma", "koma: 1.234,56"), ("point", "titik: 1,234.56"))
    )
    minimize = forms.ChoiceField(
        label="Rumus baris minimalkan", choices=(("linear", "(2T − R) ÷ T × 100"), ("ratio", "T ÷ R × 100"))
    )

    def settings(self) -> Settings:
        """Return how the figures are to be computed."""
        given = self.cleaned_data
        return Settings(
            decimal=MARKS[given["decimal"]],
            ratio=given["minimize"] == "ratio",
            cap=self.chosen_cap,
            scale=shipped_scale(given["scale"]),
        )


def published_compare(request: MemberRequest) -> HttpResponse:
    """Explain the figures that an older application published, on the page or as a file."""
    form = PublishedForm(sent(request), request.FILES or None)
    report, reasons = None, list[Reason]()
    if request.method == "POST" and form.is_valid():
        report, reasons = _report(form)
    if report is not None and request.POST.get("bentuk") in ("csv", "xlsx"):
        return _file(report, request.POST["bentuk"], form.cleaned_data["file"].name or "")
    context = {
        "form": form,
        "report": report,
        "reasons": reasons,
        "form_token": new_token(request),
        "section": "performance",
    }
    status = NOT_READ if reasons or (form.is_bound and form.errors) else 200
    return render(request, "pages/measurement/published.html", context, status=status)


def _report(form: PublishedForm) -> tuple[Report | None, list[Reason]]:
    """Read the uploaded table from a folder that is gone afterwards."""
    file: UploadedFile[Any] = form.cleaned_data["file"]
    name = clean_name(file.name or "")
    head = file.read(HEAD_BYTES)
    if reasons := reasons_not_to_keep(name, head, file.size or 0, limit=MOST_BYTES):
        return None, reasons
    file.seek(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            out.writelines(file.chunks())
        try:
            return report_of(path, form.settings()), []
        except UnreadableTable as unreadable:
            lines = [line for line in unreadable.lines if line.strip()]
            return None, [Reason("table_unread", line, NEXT if line == lines[-1] else "") for line in lines]


def _file(report: Report, form: str, name: str) -> HttpResponse:
    if form == "csv":
        return attachment(csv_of(report.table), CSV_TYPE, "periksa.csv")
    under = "; ".join(f"{group} {count}" for group, count, _ in report.counts)
    return attachment(xlsx_of([report.table], clean_name(name), under), XLSX_TYPE, "periksa.xlsx")

"""Pages of the measurement: the year's methodology, a worksheet and its workbook, where a number comes from."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from capaian.measurement import actions, queries
from capaian.measurement.comparison import beside_table, compared, compared_table, words_of, words_table
from capaian.measurement.models import Methodology, Worksheet
from capaian.measurement.origin import origin_of
from capaian.measurement.papers import METHODS, formula_text, smart_text
from capaian.measurement.promised import promised_by
from capaian.measurement.recap import recap, tally
from capaian.measurement.rules import reason_outdated, reasons_not_to_set_apart
from capaian.measurement.sheet_tables import lines_table, recap_table
from capaian.measurement.workbook import MEDIA_TYPE, file_name, workbook
from capaian.measurement.year_queries import all_worksheets, lines_of
from capaian.periods.period import Period
from capaian.reporting.figure_codes import place_of
from capaian.web.downloads import asked_for, download
from capaian.web.form_tokens import new_token, token_of
from capaian.web.methodology_forms import YearMethodologyForm
from capaian.web.pages import MemberRequest

YEARS = range(2000, 2101)


def methodology(request: MemberRequest, year: int) -> HttpResponse:
    """Show how a year is measured; Tim SAKIP locks or changes it here, outside the steps of a run."""
    if year not in YEARS:
        raise Http404
    if request.method != "POST":
        return _methodology(request, year)
    form = YearMethodologyForm(request.POST, reach=request.reach, year=year)
    if not form.is_valid():
        return _methodology(request, year, form)
    try:
        by = request.reach.actor(role="team", token=token_of(request))
        row = actions.lock_methodology(year=year, entry=form.entry(), by=by, reach=request.reach)
    except Replayed:
        return redirect("methodology", year=year)
    except Refused as refused:
        form.take_newest()
        return _methodology(request, year, form, refused)
    messages.success(request, f"Metodologi {year} versi {row.version} berlaku.")
    return redirect("methodology", year=year)


def _methodology(
    request: MemberRequest, year: int, form: YearMethodologyForm | None = None, refused: Refused | None = None
) -> HttpResponse:
    may_lock = not reasons_not_to_set_apart(request.reach)
    versions = list(queries.methodologies(request.reach, year))
    current = versions[0] if versions else None
    context = {
        "year": year,
        "current": current,
        "rows": _rows(current) if current and not may_lock else [],
        "earlier": versions[1:],
        "form": (form or YearMethodologyForm(reach=request.reach, year=year)) if may_lock else None,
        "reasons": refused.reasons if refused else [],
        "form_token": new_token(request),
    }
    status = refused.status if refused else 422 if form is not None and form.errors else 200
    return render(request, "pages/measurement/methodology.html", context, status=status)


def _rows(current: Methodology) -> list[dict[str, Any]]:
    return [
        {
            "card": row.card,
            "formula": formula_text(row, current.year),
            "method": METHODS[row.consolidation],
            "source": row.source,
            "smart": smart_text(row),
            "note": row.note,
        }
        for row in current.cards.all()
    ]


def _worksheet(request: MemberRequest, key: str) -> Worksheet:
    return get_object_or_404(queries.worksheets(request.reach), public_id=key)


def worksheets(request: MemberRequest) -> HttpResponse:
    """List every worksheet by year; a code on a paper opens the figure it stands beside."""
    code = request.GET.get("kode", "")
    if place := place_of(request.reach, code.strip()):
        return redirect(place[0], key=place[1])
    context = {"years": all_worksheets(request.reach).items(), "code": code, "section": "performance"}
    return render(request, "pages/measurement/worksheets.html", context)


def worksheet(request: MemberRequest, key: str) -> HttpResponse:
    """Show a worksheet: every achievement, each level together, and whether computing again gives the same."""
    sheet = _worksheet(request, key)
    found = lines_of(sheet)
    beside = compared(request.reach, found)
    levels = recap(found)
    extra = [each for each in (compared_table(beside), words_table(found)) if each.rows]
    if asked_for(request):
        title = f"Kertas kerja {Period.parse(sheet.period).label}"
        shown = [lines_table(found), recap_table(levels, sheet.public_id), *extra]
        return download(request, shown, title, request.reach.agency.name, f"kertas-kerja-{sheet.period}")
    newest = queries.worksheet_of(request.reach, sheet.item.run)
    context = {
        "sheet": sheet,
        "levels": levels,
        "tables": extra,
        "tally": tally(line.row for line in found),
        "promised": promised_by(found),
        "different": sum(not line.is_same for line in found),
        "newer": newest if newest is not None and newest.pk != sheet.pk else None,
        "outdated": reason_outdated(sheet) if queries.outdated(request.reach, sheet) else None,
    }
    return render(request, "pages/measurement/worksheet.html", context)


def worksheet_xlsx(request: MemberRequest, key: str) -> HttpResponse:
    """Send a worksheet as a workbook."""
    sheet = _worksheet(request, key)
    response = HttpResponse(workbook(sheet), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(sheet)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def measurement(request: MemberRequest, key: str) -> HttpResponse:
    """Answer "Dari mana angka ini?"."""
    row = get_object_or_404(queries.measurements(request.reach), public_id=key)
    origin = origin_of(row)
    (beside,) = compared(request.reach, [origin.line])
    table = beside_table(beside)
    if asked_for(request):
        return download(request, [table], origin.line.card["name"], Period.parse(row.period).label, f"angka-{key}")
    context = {"row": row, "sheet": row.worksheet, "origin": origin, "table": table, "words": words_of(origin.line)}
    return render(request, "pages/measurement/measurement.html", context)

"""Tables of a page as files: `?unduh=csv&tabel=…` for one, `?unduh=xlsx` for all of them in one workbook."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse

from capaian.measurement.table_files import CSV_TYPE, XLSX_TYPE, csv_of, xlsx_of
from capaian.measurement.tables import Table


def asked_for(request: HttpRequest) -> bool:
    """Tell whether a request wants tables as a file."""
    return "unduh" in request.GET


def download(request: HttpRequest, tables: Sequence[Table], title: str, under: str, name: str) -> HttpResponse:
    """Send a page's tables as they stand on it; 404 for a form or a table that there is not."""
    wanted = request.GET.get("tabel", "")
    chosen = [table for table in tables if wanted in ("", table.key)]
    form = request.GET.get("unduh")
    if not chosen:
        raise Http404
    if form == "xlsx":
        return attachment(xlsx_of(chosen, title, under), XLSX_TYPE, f"{name}{f'-{wanted}' if wanted else ''}.xlsx")
    if form == "csv":
        return attachment(csv_of(chosen[0]), CSV_TYPE, f"{name}-{chosen[0].key}.csv")
    raise Http404


def attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Return bytes to be saved under a name of letters, digits, points and hyphens."""
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer

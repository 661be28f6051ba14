"""Kinerja: an agency's year, a place of the cascade, an indicator, several years; every table also as a file."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render

from capaian.measurement.drawing import Bars, Trend
from capaian.measurement.tables import Table
from capaian.reporting import performance, performance_indicators, performance_nodes, years
from capaian.reporting.performance import YearView, year_view
from capaian.web.downloads import asked_for, download
from capaian.web.measurement_pages import YEARS
from capaian.web.pages import MemberRequest

LEAST_POINTS = 2


def _year(request: MemberRequest, year: int) -> YearView:
    if year not in YEARS:
        raise Http404
    return year_view(request.reach, year, request.GET.get("periode", ""))


def _until(view: YearView) -> str:
    return f"sampai {view.period.label}" if view.period else f"Tahun {view.year}"


def performance_year(request: MemberRequest, year: int | None = None) -> HttpResponse:
    """Show an agency's year: achievement of its objectives, traffic lights, budget beside achievement."""
    view = _year(request, request.reach.on.year if year is None else year)
    tables = performance.tables_of(view)
    if asked_for(request):
        name = f"kinerja-{view.period.code if view.period else view.year}"
        return download(request, tables, f"Kinerja {_until(view)}", request.reach.agency.name, name)
    drawings: dict[str, Callable[[YearView], Bars]] = {
        "butir": performance.node_bars,
        "anggaran": performance.money_bars,
    }
    context = {
        "view": view,
        "tables": [(table, drawings[table.key](view) if table.key in drawings else None) for table in tables],
        "is_old": view.sheet is None and bool(view.lines),
        "section": "performance",
    }
    return render(request, "pages/measurement/year.html", context)


def performance_node(request: MemberRequest, year: int, key: str) -> HttpResponse:
    """Show a node of the cascade in a year, with the way up to it and what lies below."""
    view = _year(request, year)
    found = performance_nodes.node_view(view, key)
    if found is None:
        raise Http404
    tables = performance_nodes.node_tables(found)
    if asked_for(request):
        return download(request, tables, str(found.node), _until(view), f"butir-{year}-{found.node.public_id}")
    context = {"found": found, "view": view, "tables": [(table, None) for table in tables], "section": "performance"}
    return render(request, "pages/measurement/node.html", context)


def performance_indicator(request: MemberRequest, key: str) -> HttpResponse:
    """Show an indicator over its periods, years and units."""
    found = performance_indicators.indicator_view(request.reach, key)
    if found is None:
        raise Http404
    tables = performance_indicators.tables_of(found)
    if asked_for(request):
        name = f"indikator-{found.indicator.public_id}"
        return download(request, tables, found.card.name, request.reach.agency.name, name)
    drawings = {
        "tahun": performance_indicators.years_trend(found),
        "periode": performance_indicators.periods_trend(found),
    }
    context = {"found": found, "tables": _with_trends(tables, drawings), "section": "performance"}
    return render(request, "pages/measurement/indicator.html", context)


def _with_trends(tables: Sequence[Table], drawings: dict[str, Trend]) -> list[tuple[Table, Trend | None]]:
    """Put each trend beside its table; one of a single point says nothing."""
    shown = {key: each for key, each in drawings.items() if len(each.points) >= LEAST_POINTS}
    return [(table, shown.get(table.key)) for table in tables]


def performance_years(request: MemberRequest) -> HttpResponse:
    """Show several years side by side."""
    view = years.years_view(request.reach)
    tables = years.tables_of(view)
    if asked_for(request):
        return download(request, tables, "Perbandingan antartahun", request.reach.agency.name, "antartahun")
    context = {"view": view, "tables": [(table, None) for table in tables], "section": "performance"}
    return render(request, "pages/measurement/years.html", context)

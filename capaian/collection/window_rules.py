"""When a form may be filled in, and if not now, why not and what to do."""

from collections.abc import Iterable, Mapping
from datetime import date

from capaian.agencies.queries import today
from capaian.collection.entries import WindowEntry
from capaian.collection.models import FillingWindow, LatePermission
from capaian.journal.reason import Reason
from capaian.periods.period import Period
from capaian.sop.models import Run, WorkItem
from capaian.sop.papers import long_date


def window_of(run: Run) -> FillingWindow | None:
    """Return when the forms of a run's period may be filled in; None without limits. An internal read."""
    return FillingWindow.objects.filter(agency_id=run.agency_id, period=run.period).first()


def last_permission(item: WorkItem) -> LatePermission | None:
    """Return the newest permission to fill in late of an item's form. An internal read."""
    rows = LatePermission.objects.filter(form__round__run_id=item.run_id, form__unit=item.unit)
    return rows.select_related("given_by").order_by("-pk").first()


def is_bound(item: WorkItem) -> bool:
    """Tell whether the window counts: not for corrections, nor for what was sent back to be mended."""
    return item.run.corrects_id is None and item.visit == 1


def last_days(items: Iterable[WorkItem]) -> dict[int, date]:
    """Return the last day that windows and permissions give to items, by row number; three queries at most."""
    bound = [item for item in items if is_bound(item)]
    if not bound:
        return {}
    rows = FillingWindow.objects.filter(agency_id__in={item.agency_id for item in bound}, closes_on__isnull=False)
    closing = {(row.agency_id, row.period): row.closes_on for row in rows}
    permitted = LatePermission.objects.filter(form__round__run_id__in={item.run_id for item in bound}).order_by("pk")
    names = ("form__round__run_id", "form__unit_id", "until")
    until = {(run_id, unit_id): day for run_id, unit_id, day in permitted.values_list(*names)}
    found = {}
    for item in bound:
        day = closing.get((item.agency_id, item.run.period))
        if day is not None:
            found[item.pk] = max(day, until.get((item.run_id, item.unit_id or 0), day))
    return found


def reasons_closed(item: WorkItem) -> list[Reason]:
    """Return why a form may not be filled in today: not opened yet, or closed without leave."""
    return list(shut([item]).values())


def shut(items: Iterable[WorkItem]) -> dict[int, Reason]:
    """Return the items whose forms may not be filled in today, with the reason, by row number; two queries at most."""
    bound = [item for item in items if is_bound(item)]
    rows = FillingWindow.objects.filter(
        agency_id__in={item.agency_id for item in bound}, period__in={item.run.period for item in bound}
    )
    windows = {(row.agency_id, row.period): row for row in rows} if bound else {}
    found: dict[int, Reason] = {}
    closed: dict[int, tuple[WorkItem, date]] = {}
    for item in bound:
        window = windows.get((item.agency_id, item.run.period))
        on = today(item.run.agency)
        if window is not None and window.opens_on is not None and on < window.opens_on:
            text = f"Pengisian {item.run.period_value.label} dibuka mulai {long_date(window.opens_on)}."
            found[item.pk] = Reason("not_open_yet", text, "Isilah mulai hari itu, atau hubungi Tim SAKIP.")
        elif window is not None and window.closes_on is not None and on > window.closes_on:
            closed[item.pk] = (item, window.closes_on)
    return found | _without_leave(closed)


def _without_leave(closed: Mapping[int, tuple[WorkItem, date]]) -> dict[int, Reason]:
    if not closed:
        return {}
    runs = {item.run_id for item, _ in closed.values()}
    names = ("form__round__run_id", "form__unit_id", "until")
    given = LatePermission.objects.filter(form__round__run_id__in=runs).order_by("pk").values_list(*names)
    until = {(run_id, unit_id): day for run_id, unit_id, day in given}
    found = {}
    for pk, (item, last) in closed.items():
        leave = until.get((item.run_id, item.unit_id or 0))
        if leave is not None and today(item.run.agency) <= leave:
            continue
        text = f"Pengisian {item.run.period_value.label} ditutup pada {long_date(last)}."
        text += f" Izin terlambat berakhir pada {long_date(leave)}." if leave else ""
        found[pk] = Reason("window_closed", text, "Minta izin pengisian terlambat kepada Tim SAKIP.")
    return found


def is_late(item: WorkItem) -> LatePermission | None:
    """Return the permission by which a form is filled in after its last day; None while it is not late."""
    window = window_of(item.run) if is_bound(item) else None
    if window is None or window.closes_on is None or today(item.run.agency) <= window.closes_on:
        return None
    return last_permission(item)


def reasons_about_windows(windows: Mapping[str, WindowEntry]) -> list[Reason]:
    """Return what is wrong with the windows of a year."""
    return [
        Reason(
            "window_reversed",
            f"Pengisian {Period.parse(code).label} ditutup sebelum dibuka.",
            "Betulkan salah satu tanggalnya.",
            f"closes_{code}",
        )
        for code, said in windows.items()
        if said.opens_on and said.closes_on and said.closes_on < said.opens_on
    ]


def reasons_about_leave(until: date, on: date, reason: str, limit: int) -> list[Reason]:
    """Return what is wrong with a permission to fill in late."""
    reasons = []
    if until < on:
        reasons.append(Reason("until_past", "Batas izin sudah lewat.", "Pilih hari ini atau sesudahnya.", "until"))
    if not reason.strip():
        reasons.append(Reason("reason_empty", "Alasan belum diisi.", "Tulis alasannya, lalu kirim lagi.", "reason"))
    elif len(reason) > limit:
        text = "Alasan terlalu panjang."
        reasons.append(Reason("reason_long", text, f"Ringkas menjadi paling banyak {limit} huruf.", "reason"))
    return reasons

"""May this be done with a run, and if not, why not."""

from zoneinfo import ZoneInfo

from capaian.agencies.models import Agency, RoleKey
from capaian.agencies.queries import Reach
from capaian.journal.reason import Reason, Refused
from capaian.periods.working_time import NoWorkdayError
from capaian.sop.models import Run, Version, WorkItem

#: The allowed moves of a run; the diagram in the docs and the tests are made from this table.
RUN_MOVES: dict[str, tuple[str, ...]] = {
    Run.Status.SCHEDULED: (Run.Status.OPEN, Run.Status.CANCELLED),
    Run.Status.OPEN: (Run.Status.DONE, Run.Status.CANCELLED),
    Run.Status.DONE: (),
    Run.Status.CANCELLED: (),
}
#: The allowed moves of a work item. Nothing closed is ever opened again: a return makes a new visit.
ITEM_MOVES: dict[str, tuple[str, ...]] = {
    WorkItem.Status.OPEN: (WorkItem.Status.DONE, WorkItem.Status.CANCELLED, WorkItem.Status.SUPERSEDED),
    WorkItem.Status.DONE: (),
    WorkItem.Status.CANCELLED: (),
    WorkItem.Status.SUPERSEDED: (),
}
#: The allowed moves of a version of a SOP.
VERSION_MOVES: dict[str, tuple[str, ...]] = {
    Version.State.DRAFT: (Version.State.PUBLISHED,),
    Version.State.PUBLISHED: (Version.State.RETIRED,),
    Version.State.RETIRED: (),
}
PLANNERS = (RoleKey.AGENCY_ADMIN, RoleKey.TEAM, RoleKey.SECRETARY, RoleKey.HEAD)
DECIDERS = (RoleKey.HEAD, RoleKey.SECRETARY)


def zone_of(agency: Agency) -> ZoneInfo:
    """Return the agency's time zone."""
    return ZoneInfo(agency.time_zone)


def reasons_foreign(agency_id: int, reach: Reach) -> list[Reason]:
    """Return why somebody of another agency may do nothing here, whatever the position held there."""
    if reach.agency.pk == agency_id:
        return []
    text = "Proses ini milik perangkat daerah lain."
    return [Reason("foreign_agency", text, "Masuk sebagai pegawai perangkat daerah itu.")]


def no_workday(error: NoWorkdayError) -> Refused:
    """Return the refusal of whatever needs a date, when the agency's calendar has no working day any more."""
    return Refused([Reason("no_workday", str(error), "Minta admin perangkat daerah memperbaiki kalender kerja.")])


def _reasons_not_role(run: Run, reach: Reach, roles: tuple[str, ...], what: str) -> list[Reason]:
    return reasons_foreign(run.agency_id, reach) or _reasons_no_such_role(reach, roles, what)


def _reasons_no_such_role(reach: Reach, roles: tuple[str, ...], what: str) -> list[Reason]:
    if any(reach.has(role) for role in roles):
        return []
    who = ", ".join(str(RoleKey(role).label) for role in roles)
    return [Reason("not_allowed", f"{what} dilakukan oleh {who}.", "Hubungi salah satu dari mereka.")]


def reasons_not_to_schedule(reach: Reach) -> list[Reason]:
    """Return why this person may not schedule the periods of a year."""
    return _reasons_no_such_role(reach, PLANNERS, "Penjadwalan periode")


def reasons_not_to_open(run: Run, reach: Reach | None) -> list[Reason]:
    """Return why a scheduled run may not be opened; `reach` is None when its date opens it."""
    if Run.Status.OPEN not in RUN_MOVES[run.status]:
        return [
            Reason(
                "run_not_scheduled",
                f"Proses ini {run.get_status_display().lower()}, sehingga tidak dapat dibuka.",
                "Buka proses perbaikan bila isinya perlu diubah.",
            )
        ]
    return [] if reach is None else _reasons_not_role(run, reach, PLANNERS, "Pembukaan proses sebelum tanggalnya")


def reasons_not_to_cancel(run: Run, reach: Reach, reason: str) -> list[Reason]:
    """Return why this person may not cancel a run."""
    if Run.Status.CANCELLED not in RUN_MOVES[run.status]:
        return [
            Reason(
                "run_finished",
                f"Proses ini {run.get_status_display().lower()}, sehingga tidak dapat dibatalkan.",
                "Buka proses perbaikan bila isinya keliru.",
            )
        ]
    return _reasons_not_role(run, reach, DECIDERS, "Pembatalan proses") or _reasons_no_text(reason, "Alasan pembatalan")


def reasons_not_to_correct(run: Run, reach: Reach, reason: str) -> list[Reason]:
    """Return why this person may not open a correction of a run."""
    if run.status != Run.Status.DONE:
        return [
            Reason(
                "run_not_done",
                "Hanya proses yang sudah diarsipkan yang dapat diperbaiki dengan proses perbaikan.",
                "Selesaikan proses ini dahulu, atau kembalikan langkahnya.",
            )
        ]
    unfinished = Run.objects.filter(
        agency_id=run.agency_id,
        stands_for=run.stands_for,
        period=run.period,
        status__in=(Run.Status.SCHEDULED, Run.Status.OPEN),
    )
    if unfinished.exists():
        return [
            Reason(
                "correction_open",
                "Proses perbaikan untuk periode ini sudah berjalan.",
                "Selesaikan proses perbaikan itu dahulu.",
            )
        ]
    if not Version.objects.filter(definition_id=run.definition_id, state=Version.State.PUBLISHED).exists():
        return [Reason("no_version", "SOP ini tidak mempunyai versi yang berlaku.", "Terbitkan versi SOP dahulu.")]
    return _reasons_not_role(run, reach, DECIDERS, "Pembukaan proses perbaikan") or _reasons_no_text(
        reason, "Alasan perbaikan"
    )


def reasons_not_to_move(run: Run, version: Version, reach: Reach) -> list[Reason]:
    """Return why a run may not be moved to a version."""
    if run.status not in (Run.Status.OPEN, Run.Status.SCHEDULED):
        return [
            Reason("run_finished", "Proses yang sudah selesai tetap pada versinya.", "Tidak ada yang perlu dilakukan.")
        ]
    if (
        version.definition_id != run.definition_id
        or version.state != Version.State.PUBLISHED
        or version.pk == run.version_id
    ):
        return [
            Reason("version_not_newer", "Versi yang dituju bukan versi berlaku SOP ini.", "Pilih versi yang berlaku.")
        ]
    return _reasons_not_role(run, reach, (RoleKey.AGENCY_ADMIN, *DECIDERS), "Pemindahan versi")


def _reasons_no_text(text: str, what: str) -> list[Reason]:
    return (
        []
        if text.strip()
        else [Reason("reason_empty", f"{what} belum diisi.", "Tulis alasannya, lalu kirim lagi.", "reason")]
    )

"""Writes when forms may be filled in, leave to do it late, and what Tim SAKIP does with a single form."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Agency
from capaian.agencies.queries import Reach, today
from capaian.collection import queries, window_rules
from capaian.collection.entries import WindowEntry
from capaian.collection.follow_rules import reasons_not_to_allow, reasons_not_to_reopen
from capaian.collection.models import FillingWindow, LatePermission, UnitForm
from capaian.collection.places import locked_form
from capaian.collection.window_queries import windows_of
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.planning.plan_actions import planned
from capaian.planning.rules import changed_since
from capaian.sop.actions import reopen_units
from capaian.sop.models import WorkItem
from capaian.sop.published import step_of
from capaian.sop.step_rules import NOTE_LIMIT


def set_windows(
    *, agency: Agency, windows: Mapping[str, WindowEntry], seen: Mapping[str, WindowEntry], by: Actor
) -> list[FillingWindow]:
    """Say from when to when the forms of periods (by code) may be filled in; `seen` is what the page showed.

    Raises Conflict when somebody has changed them since, Refused for days in the wrong order.
    """
    with transaction.atomic():
        agency = planned(agency, by)
        stands = windows_of(agency, windows)
        if stands != dict(seen):
            raise Conflict([changed_since("Jadwal pengisian ini")])
        refuse_if(window_rules.reasons_about_windows(windows))
        rows = {row.period: row for row in FillingWindow.objects.filter(agency=agency, period__in=windows)}
        changed = {code: said for code, said in windows.items() if stands[code] != said}
        moment, made = timezone.now(), []
        for code, said in changed.items():
            row = rows.get(code) or FillingWindow(agency=agency, period=code)
            row.opens_on, row.closes_on = said.opens_on, said.closes_on
            row.set_at, row.set_by_id = moment, by.person_id
            row.save()
            made.append(row)
        told = {code: [str(said.opens_on or ""), str(said.closes_on or "")] for code, said in changed.items()}
        record(by=by, verb=Verb.SET_WINDOWS, target=agency, payload={"windows": told})
    return made


def allow_late(*, form: UnitForm, until: date | None, reason: str, by: Actor, reach: Reach) -> LatePermission:
    """Let a unit fill in its form after the last day, until another one; the reason stands on form and paper."""
    with transaction.atomic():
        form = locked_form(form)
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.ALLOWED_LATE):
            raise Replayed(by.token)
        refuse_if(reasons_not_to_allow(form, reach))
        day = until or date.min
        refuse_if(window_rules.reasons_about_leave(day, today(form.agency), reason, NOTE_LIMIT))
        row = LatePermission.objects.create(
            agency=form.agency,
            form=form,
            until=day,
            reason=reason.strip(),
            given_at=timezone.now(),
            given_by_id=by.person_id,
        )
        payload = {"run": form.round.run.public_id, "unit": form.unit.public_id, "until": str(day), "why": row.reason}
        record(by=by, verb=Verb.ALLOWED_LATE, target=form, payload=payload)
    return row


def reopen_form(*, form: UnitForm, reason: str, by: Actor, reach: Reach) -> list[WorkItem]:
    """Open an approved form again, as a new visit: its unit mends it, then the way to approval is gone once more."""
    with transaction.atomic():
        form = locked_form(form)
        run = form.round.run
        item = queries.filling_items(run).get(form.unit_id)
        # asked first: the first sending of this very form has changed what the rules look at
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.REOPENED_FORM):
            raise Replayed(by.token)
        refuse_if(reasons_not_to_reopen(form, item, reach, accepted=queries.stands_accepted(run)))
        if item is None:
            raise ValueError("an approved form was filled in")
        item.run = run
        return reopen_units(run=run, step=step_of(item), units=[form.unit], reason=reason, by=by, reach=reach)

"""Writes how the figures of an indicator are checked before they are submitted."""

from collections.abc import Mapping

from django.db import transaction

from capaian.collection.checks import reasons_about_checks
from capaian.collection.entries import CheckEntry
from capaian.collection.models import Check
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning.models import Indicator
from capaian.planning.plan_actions import planned
from capaian.planning.rules import changed_since


def set_checks(*, indicator: Indicator, checks: Mapping[str, CheckEntry], edition: int, by: Actor) -> list[Check]:
    """Say how strictly every kind of check is held for an indicator, in all its years from now on.

    `edition` is the one the form was opened with, 0 where nothing was set. Raises Conflict, Refused.
    """
    with transaction.atomic():
        agency = planned(indicator.agency, by)
        rows = {row.kind: row for row in Check.objects.filter(indicator=indicator)}
        now = max((row.edition for row in rows.values()), default=0)
        if now != edition:
            raise Conflict([changed_since("Pemeriksaan indikator ini")])
        refuse_if(reasons_about_checks(checks))
        for kind, said in checks.items():
            row = rows.setdefault(kind, Check(agency=agency, indicator=indicator, kind=kind))
            row.severity, row.limit, row.edition = said.severity, said.limit, edition + 1
            row.save()
        told = {kind: [said.severity, "" if said.limit is None else str(said.limit)] for kind, said in checks.items()}
        record(by=by, verb=Verb.SET_CHECKS, target=indicator, payload={"checks": told})
    return list(rows.values())

"""What a form said each time it was submitted: the frozen content, whether it still says so, what changed since.

Content, schema 1: numbers as canonical text, None where there is none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capaian.agencies.queries import Reach
from capaian.collection import form_queries
from capaian.collection.models import Submission, UnitForm
from capaian.collection.reading import shown_actual
from capaian.collection.sheets import Line, Sheet
from capaian.journal.rules import digest_of
from capaian.periods.period import Period
from capaian.planning.number_fields import canonical

SCHEMA = 1
Content = dict[str, Any]
DIGEST = re.compile(r"[0-9a-f]{8,64}")
MOST_FOUND = 20


def content_of(sheet: Sheet) -> Content:
    """Return what a form says now."""
    return {
        "schema": SCHEMA,
        "form": sheet.form.public_id if sheet.form else "",
        "unit": sheet.unit.name,
        "period": sheet.run.period,
        "rows": [_row(line) for line in sheet.lines],
    }


def _row(line: Line) -> Content:
    row = line.actual
    texts = {name: getattr(row, name) if row else "" for name in ("letter", "cause", "obstacle", "follow_up")}
    return texts | {
        "card": line.card.public_id,
        "name": line.card.name,
        "period": line.period.code,
        "value": None if row is None or row.value is None else canonical(row.value),
        "shown": shown_actual(line.card, row.value, row.letter) if row else "",
        "provisional": row.is_provisional if row else False,
        "data": {each.datum.name: None if each.value is None else canonical(each.value) for each in row.data.all()}
        if row
        else {},
        "evidence": [
            {
                "name": proof.file.original_name if proof.file else proof.link,
                "sha256": proof.file.sha256 if proof.file else "",
            }
            for proof in (row.evidence.all() if row else ())
        ],
    }


@dataclass(frozen=True)
class Change:
    """A figure that is not what it was when the form was submitted before."""

    name: str
    period: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the figures in which two contents differ, in the order of the later one."""
    then = {(row["card"], row["period"]): row for row in before["rows"]}
    now = {(row["card"], row["period"]): row for row in after["rows"]}
    found = []
    for place in [*now, *(place for place in then if place not in now)]:
        old, new = then.get(place), now.get(place)
        told = new or old or {}
        was, says = (old or {}).get("shown", ""), (new or {}).get("shown", "")
        if was != says:
            found.append(Change(told["name"], Period.parse(place[1]).label, was, says))
    return found


@dataclass(frozen=True)
class Told:
    """A submission with what changed since the one before; None for the first."""

    row: Submission
    changes: Sequence[Change] | None

    @property
    def why(self) -> str:
        """Why the form had been opened again."""
        return self.row.item.return_note


def history_of(form: UnitForm) -> list[Told]:
    """Return a form's submissions, the newest first; one query. The form was asked for by scope."""
    found = Submission.objects.filter(form=form).select_related("item", "submitted_by", "receipt")
    rows = list(found.defer("receipt__context").order_by("pk"))
    told = [
        Told(row, changes(rows[place - 1].content, row.content) if place else None) for place, row in enumerate(rows)
    ]
    return told[::-1]


@dataclass(frozen=True)
class Verdict:
    """What is known of a submission whose digest somebody typed."""

    row: Submission
    is_whole: bool  # the content kept gives this digest
    is_newest: bool  # nothing was submitted after it
    is_current: bool  # the form says the same today

    @property
    def at(self) -> datetime:
        """When it was submitted."""
        return self.row.submitted_at


def verdicts(reach: Reach, typed: str) -> list[Verdict]:
    """Return the agency's submissions whose digest is or begins with what was typed (8 characters at least)."""
    digest = "".join(typed.split()).lower()
    if not DIGEST.fullmatch(digest):
        return []
    rows = Submission.objects.filter(agency_id=reach.agency.pk, digest__startswith=digest)
    related = ("form__unit", "form__round__run__definition", "submitted_by", "receipt", "item")
    found = rows.select_related(*related).defer("receipt__context").order_by("-pk")[:MOST_FOUND]
    return [_verdict(reach, row) for row in found]


def _verdict(reach: Reach, row: Submission) -> Verdict:
    sheet = form_queries.sheet(reach, row.form.round.run, row.form.unit)
    newest = Submission.objects.filter(form=row.form).order_by("-pk").values_list("pk", flat=True).first()
    return Verdict(
        row,
        is_whole=digest_of(row.content) == row.digest,
        is_newest=newest == row.pk,
        is_current=digest_of(content_of(sheet)) == row.digest,
    )


def receipts_to_issue(item_id: int) -> list[Any]:
    """Return the receipt that completing an item has reserved, if it has. An internal read."""
    row = Submission.objects.filter(item_id=item_id, receipt__isnull=False).select_related("receipt").first()
    return [row.receipt] if row else []

"""Writes the Kepala's orders: one text for one or several open order steps."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.journal.reason import refuse_if
from capaian.proceedings import papers, rules
from capaian.proceedings import paperwork_actions as paperwork
from capaian.proceedings.entries import OrderEntry
from capaian.proceedings.models import Order
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import Run, WorkItem


def issue_order(
    *,
    item: WorkItem,
    entry: OrderEntry,
    edition: int,
    answer: Answer,
    by: Actor,
    reach: Reach,
    together: Sequence[WorkItem] = (),
    numbers: Mapping[int, str] | None = None,
) -> WorkItem:
    """Complete an order item by a nota dinas, and those `together` with it: each with a numbered paper of its own.

    The others may be of the other SOP and of other periods; `numbers` are typed numbers by their row number. All
    happen or none does. Returns the item done; the others are in `queries.joined_items`.
    """
    with transaction.atomic():
        _lock_periods([item, *together])
        item, row = paperwork.filled(item, lay_order, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
        if row is not None:
            answer = paperwork.with_parts(item, answer, papers.order_parts(row))
        done = complete_step(item=item, answer=answer, by=by, reach=reach)
        for place, other in enumerate(together, start=1):
            if row is not None:
                # the journal takes a token once per verb, so each paper has its own
                own = by.with_token(f"{by.token}+{place}") if by.token else by
                number = (numbers or {}).get(other.pk, "")
                _issue_joined(other, item, row, entry=entry, number=number, by=own, reach=reach)
    return done


def _lock_periods(items: Sequence[WorkItem]) -> None:
    """Lock the runs of all periods in the engine's order, before each item locks those of its own."""
    periods = {one.run.period for one in items}
    rows = Run.objects.filter(agency_id=items[0].agency_id, period__in=periods).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _issue_joined(
    other: WorkItem, item: WorkItem, leading: Order, *, entry: OrderEntry, number: str, by: Actor, reach: Reach
) -> None:
    """Issue the same text for another order item."""
    refuse_if(rules.reasons_not_to_join(item, other))
    draft = Order.objects.filter(item=other).first()
    edition = draft.edition if draft else 0
    numbers = {output.pk: number for output in other.step.outputs.all()[:1]}
    answer = Answer(numbers=numbers)
    other, row = paperwork.filled(other, lay_order, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
    if row is not None:
        row.together_with = leading
        row.save(update_fields=["together_with"])
        answer = paperwork.with_parts(other, answer, papers.order_parts(row))
    complete_step(item=other, answer=answer, by=by, reach=reach)


def lay_order(item: WorkItem, entry: OrderEntry, edition: int, by: Actor) -> Order:
    """Write the nota dinas as it stands."""
    fields = {name: getattr(entry, name).strip() for name in ("recipient", "copies", "subject", "body")}
    return paperwork.lay(Order.objects.all(), item, edition, by, urgency=entry.urgency, **fields)

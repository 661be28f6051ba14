"""Writes the Kepala's orders: one text for one or several open order steps."""

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
from capaian.sop.models import WorkItem


def issue_order(
    *,
    item: WorkItem,
    entry: OrderEntry,
    edition: int,
    answer: Answer,
    by: Actor,
    reach: Reach,
    together: WorkItem | None = None,
    together_number: str = "",
) -> WorkItem:
    """Complete an order item by a nota dinas; with `together` the other SOP's as well, each with a numbered paper.

    Both happen or neither does. Returns the item done; the other one is in `queries.joined_items`.
    """
    with transaction.atomic():
        item, row = paperwork.filled(item, lay_order, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
        if row is not None:
            answer = paperwork.with_parts(item, answer, papers.order_parts(row))
        done = complete_step(item=item, answer=answer, by=by, reach=reach)
        if together is not None and row is not None:
            _issue_joined(together, item, row, entry=entry, number=together_number, by=by, reach=reach)
    return done


def _issue_joined(
    other: WorkItem, item: WorkItem, leading: Order, *, entry: OrderEntry, number: str, by: Actor, reach: Reach
) -> None:
    """Issue the same text for the other SOP. The journal takes a token once per verb, so this one has its own."""
    refuse_if(rules.reasons_not_to_join(item, other))
    by = by.with_token(f"{by.token}+") if by.token else by
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

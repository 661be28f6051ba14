"""Takes an uploaded workbook in: first kept, then applied as a whole or not at all."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from capaian.agencies.administration import note
from capaian.agencies.models import Agency
from capaian.documents import store
from capaian.documents.actions import add_file
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning.card_actions import data_of, fill_card
from capaian.planning.models import Card, CardDatum, CardUnit, Indicator, Node, Plan, Target, Workbook
from capaian.planning.plan_actions import planned, write_node
from capaian.planning.rules import changed_since, outside_plan
from capaian.planning.workbook_cells import read_cells
from capaian.planning.workbook_proposal import CardLine, NodeLine, Proposal, propose


def keep_workbook(*, plan: Plan, year: int, kept: store.Kept, by: Actor, kind: str = Workbook.Kind.PLAN) -> Workbook:
    """Keep an uploaded workbook until it is applied; nothing else changes. Raises Refused."""
    with transaction.atomic():
        agency = planned(plan.agency, by)
        if not plan.first_year <= year <= plan.last_year:
            refuse_if([outside_plan(plan, year)])
        file = add_file(kept=kept, agency=agency, by=by)
        return Workbook.objects.create(agency=agency, plan=plan, year=year, file=file, kind=kind)


def proposal_of(workbook: Workbook) -> Proposal:
    """Read a kept workbook and return what it would change now; raise `UnreadableTable` when it is none."""
    file = workbook.file
    return propose(workbook.plan, workbook.year, read_cells(store.path_of(file.key), file.original_name, workbook.year))


def apply_workbook(*, workbook: Workbook, seen: str, by: Actor) -> Proposal:
    """Write all that a workbook says, or nothing. `seen` is the digest of the proposal that was looked at.

    Raises Conflict when what is stored has changed since, Refused while any cell is refused, `UnreadableTable`.
    """
    file = workbook.file
    cells = read_cells(store.path_of(file.key), file.original_name, workbook.year)
    with transaction.atomic():
        agency, row = not_yet_applied(workbook, "buku kerja", by)
        proposal = propose(row.plan, row.year, cells)
        refuse_if(reasons_not_to_apply(proposal))
        if proposal.digest != seen:
            raise Conflict([changed_since("Perencanaan")])
        _write(agency, row, proposal)
        mark_applied(row, by)
        payload = {
            "year": row.year,
            "sha256": file.sha256,
            "digest": seen,
            "nodes": len(proposal.new_nodes),
            "cards": {"new": _count(proposal, "new"), "changed": _count(proposal, "changed")},
        }
        note(agency, by, Verb.IMPORTED_CARDS, row, payload)
    return proposal


def _count(proposal: Proposal, effect: str) -> int:
    return sum(line.effect == effect for line in proposal.cards)


def reasons_not_to_apply(proposal: Proposal) -> list[Reason]:
    """Return why a proposal is not written: refused cells, or nothing to write."""
    return reasons_about(len(proposal.refusals), "buku kerja", is_new=bool(proposal.new_nodes or proposal.written))


def not_yet_applied(workbook: Workbook, what: str, by: Actor) -> tuple[Agency, Workbook]:
    """Lock a kept file and its agency; raise Conflict when it was applied already. `what` it is, in a sentence."""
    agency = planned(workbook.agency, by)
    row = Workbook.objects.select_for_update(of=("self",)).select_related("plan").get(pk=workbook.pk)
    if row.applied_at is not None:
        text = f"{what.capitalize()} ini sudah diterapkan."
        raise Conflict([Reason("workbook_applied", text, f"Unggah {what} baru untuk perubahan lain.")])
    return agency, row


def mark_applied(row: Workbook, by: Actor) -> None:
    """Remember when a kept file was applied, and by whom."""
    row.applied_at, row.applied_by_id = timezone.now(), by.person_id
    row.save(update_fields=["applied_at", "applied_by"])


def reasons_about(refused: int, what: str, *, is_new: bool) -> list[Reason]:
    """Return why a kept file is not applied: refused cells, or nothing to write."""
    if refused:
        text = f"{refused} sel ditolak; tidak ada yang ditulis."
        return [Reason("cells_refused", text, f"Perbaiki sel itu di {what}, lalu unggah lagi.")]
    if not is_new:
        text = f"{what.capitalize()} ini tidak mengubah apa pun."
        return [Reason("nothing_new", text, "Isi barisnya, lalu unggah lagi.")]
    return []


def _write(agency: Agency, workbook: Workbook, proposal: Proposal) -> None:
    made: dict[NodeLine, Node] = {line: line.existing for line in proposal.nodes if line.existing is not None}
    for line in proposal.new_nodes:
        parent = made[line.parent] if isinstance(line.parent, NodeLine) else line.parent
        node = write_node(workbook.plan, line.entry)
        if parent is not None:
            node.parent = parent
            node.save(update_fields=["parent"])
        made[line] = node
    lines = [(each, made[each.node] if isinstance(each.node, NodeLine) else each.node) for each in proposal.written]
    _write_cards(agency, workbook.year, lines)


def _write_cards(agency: Agency, year: int, lines: list[tuple[CardLine, Node]]) -> None:
    """Write all cards with as many queries for any number of new ones; those that are there one by one."""
    fresh = [
        (line, Indicator(agency_id=node.agency_id, node=node, **vars(line.indicator)))
        for line, node in lines
        if line.identity is None
    ]
    Indicator.objects.bulk_create([indicator for _, indicator in fresh])
    of_line = {id(line): indicator for line, indicator in fresh}
    cards = []
    for line, _ in lines:
        card = line.existing or Card(agency=agency, indicator=line.identity or of_line[id(line)], year=year)
        fill_card(card, line.entry)
        cards.append(card)
        if line.existing is not None:
            card.edition += 1
            card.approved_at = card.approved_by = None
            card.save()
        if line.identity is not None:
            Indicator.objects.filter(pk=line.identity.pk).update(**vars(line.indicator))
    said = [(card, line) for card, (line, _) in zip(cards, lines, strict=True)]
    Card.objects.bulk_create([card for card, line in said if line.existing is None])
    there = [line.existing.pk for line, _ in lines if line.existing is not None]
    for rows in (CardDatum, CardUnit, Target):
        rows.objects.filter(card_id__in=there).delete()
    CardDatum.objects.bulk_create([row for card, line in said for row in data_of(card, line.entry)])
    CardUnit.objects.bulk_create([CardUnit(card=card, unit_id=pk) for card, line in said for pk in line.unit_ids])
    Target.objects.bulk_create([Target(card=card, **asdict(target)) for card, line in said for target in line.targets])

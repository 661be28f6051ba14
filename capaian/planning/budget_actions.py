"""Takes an uploaded table of ceilings and spending in: first kept, then applied as a whole or not at all."""

from django.db import transaction

from capaian.agencies.administration import note
from capaian.documents import store
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning.budget_proposal import BudgetProposal, propose_budget
from capaian.planning.budget_sheet import read_budget
from capaian.planning.models import Workbook
from capaian.planning.plan_actions import write_budget
from capaian.planning.rules import changed_since
from capaian.planning.workbook_actions import mark_applied, not_yet_applied, reasons_about


def budget_proposal_of(workbook: Workbook) -> BudgetProposal:
    """Read a kept table and return what it would change now; raise `UnreadableTable` when it is none."""
    file = workbook.file
    return propose_budget(workbook.plan, workbook.year, *read_budget(store.path_of(file.key), file.original_name))


def apply_budget(*, workbook: Workbook, seen: str, by: Actor) -> BudgetProposal:
    """Write all that a table says, or nothing. `seen` is the digest of the proposal that was looked at.

    Raises Conflict when what is stored has changed since, Refused while any cell is refused, `UnreadableTable`.
    """
    file = workbook.file
    rows, refusals = read_budget(store.path_of(file.key), file.original_name)
    with transaction.atomic():
        agency, row = not_yet_applied(workbook, "tabel", by)
        proposal = propose_budget(row.plan, row.year, rows, refusals)
        refuse_if(reasons_not_to_apply_budget(proposal))
        if proposal.digest != seen:
            raise Conflict([changed_since("Anggaran")])
        for line in proposal.written:
            write_budget(line.node, row.year, line.months, f"Impor {file.original_name}"[:300])
            line.node.edition += 1
            line.node.save(update_fields=["edition"])
        mark_applied(row, by)
        payload = {"year": row.year, "sha256": file.sha256, "digest": seen, "nodes": len(proposal.written)}
        payload |= {"ceiling": str(proposal.total.ceiling), "spent": str(proposal.total.spent)}
        note(agency, by, Verb.IMPORTED_BUDGET, row, payload)
    return proposal


def reasons_not_to_apply_budget(proposal: BudgetProposal) -> list[Reason]:
    """Return why a proposal is not written: refused cells, or nothing to write."""
    return reasons_about(len(proposal.refusals), "tabel", is_new=bool(proposal.written))

"""Takes in a form that was filled in as a file: first kept, then applied as a whole or not at all."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.collection import import_rules
from capaian.collection.form_actions import lay_lines
from capaian.collection.import_proposal import FormProposal, propose
from capaian.collection.models import FormImport
from capaian.collection.offline_reading import Returned, read_returned
from capaian.documents import store
from capaian.documents.actions import add_file
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.planning.rules import changed_since
from capaian.sop.flow_actions import lock_runs
from capaian.sop.models import Run


def keep_import(*, run: Run, unit: Unit | None, kept: store.Kept, by: Actor, reach: Reach) -> FormImport:
    """Keep a filled-in file of a unit's form (of all units without one) until it is applied; nothing else changes."""
    with transaction.atomic():
        run = lock_runs(run)[run.pk]
        refuse_if(import_rules.reasons_not_to_import(reach, run, unit))
        file = add_file(kept=kept, agency=run.agency, by=by)
        return FormImport.objects.create(agency_id=run.agency_id, run=run, unit=unit, file=file)


def returned_of(upload: FormImport) -> Returned:
    """Read a kept file; raise `UnreadableTable` when it is none of ours."""
    return read_returned(store.path_of(upload.file.key), upload.file.original_name)


def proposal_of(upload: FormImport, reach: Reach) -> FormProposal:
    """Return what a kept file would change now; raise `UnreadableTable` when it is none of ours, or of another form."""
    return propose(reach, upload.run, upload.unit, returned_of(upload))


def apply_import(*, upload: FormImport, seen: str, mine: Collection[str], by: Actor, reach: Reach) -> int:
    """Write what a file says, or nothing; return how many fields were written. Refused cells change nothing.

    `seen` is the digest of the proposal that was looked at; `mine` are the keys of the clashes in which the file
    counts, the others keep what stands. Raises Conflict when a form has changed since, or the file was applied;
    Refused when nothing would be written, `UnreadableTable`.
    """
    returned = returned_of(upload)
    with transaction.atomic():
        run = lock_runs(upload.run)[upload.run_id]
        row = FormImport.objects.select_for_update(of=("self",)).select_related("file", "unit").get(pk=upload.pk)
        if row.applied_at is not None:
            if done_with_token(by.agency_key, by.person_key, by.token, Verb.IMPORTED_FORM):
                raise Replayed(by.token)
            raise import_rules.applied_already()
        proposal = propose(reach, run, row.unit, returned)
        if proposal.digest != seen:
            raise Conflict([changed_since("Formulir ini")])
        chosen = [change for change in proposal.clashes if change.key in mine]
        count = len(proposal.written) + len(chosen)
        refuse_if(import_rules.reasons_not_to_apply(changes=count, asked=len(proposal.clashes)))
        written = _write(proposal, mine, by)
        row.applied_at, row.applied_by_id = timezone.now(), by.person_id
        row.save(update_fields=["applied_at", "applied_by"])
        payload = {
            "sha256": row.file.sha256,
            "digest": seen,
            "fields": count,
            "mine": sorted(change.key for change in chosen),
            "refused": len(proposal.refusals),
            "forms": written,
        }
        record(by=by, verb=Verb.IMPORTED_FORM, target=row, payload=payload)
    return count


def _write(proposal: FormProposal, mine: Collection[str], by: Actor) -> list[dict[str, object]]:
    """Write the lines of every form; return what the journal keeps of it."""
    written: list[dict[str, object]] = []
    for part in proposal.parts:
        said = part.chosen(mine)
        if said and part.sheet.form is not None:
            edition = lay_lines(sheet=part.sheet, actuals=said, by=by)
            written.append({"form": part.sheet.form.public_id, "edition": edition, "lines": len(said)})
    return written

"""Writes a checklist of documents, with a file for each."""

from django.db import transaction

from capaian.agencies.queries import Reach
from capaian.documents.actions import add_file
from capaian.documents.models import StoredFile
from capaian.documents.store import Kept
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.verbs import Verb
from capaian.proceedings import paperwork_actions as paperwork
from capaian.proceedings import rules
from capaian.proceedings.checklist_papers import checklist_parts
from capaian.proceedings.entries import ChecklistEntry, DocumentEntry
from capaian.proceedings.models import Checklist, ChecklistItem
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import WorkItem


def close_checklist(
    *, item: WorkItem, entry: ChecklistEntry, edition: int, answer: Answer, by: Actor, reach: Reach
) -> WorkItem:
    """Complete a collecting item by its checklist. Returns the item done."""
    with transaction.atomic():
        item, row = paperwork.filled(
            item, lay_checklist, entry=entry, edition=edition, answer=answer, by=by, reach=reach
        )
        if row is not None:
            answer = paperwork.with_parts(item, answer, checklist_parts(row))
        return complete_step(item=item, answer=answer, by=by, reach=reach)


def lay_checklist(item: WorkItem, entry: ChecklistEntry, edition: int, by: Actor) -> Checklist:
    """Write the checklist as it stands, its documents in the place of the earlier ones; an absent one has no file."""
    row = paperwork.lay(Checklist.objects.all(), item, edition, by)
    row.documents.all().delete()
    ChecklistItem.objects.bulk_create(
        [
            ChecklistItem(
                checklist=row,
                ordinal=place,
                name=document.name.strip(),
                is_own=not rules.is_named(item.step, document.name),
                state=document.state,
                year_or_version=document.year_or_version.strip(),
                source=document.source.strip(),
                reason=document.reason.strip(),
                file_id=_file_id(item, document, by),
            )
            for place, document in enumerate(entry.documents, start=1)
        ]
    )
    return row


def _file_id(item: WorkItem, document: DocumentEntry, by: Actor) -> int | None:
    if document.state == ChecklistItem.State.ABSENT:
        return None
    return document.file_id if document.kept is None else _add(item, document.name.strip(), document.kept, by).pk


def _add(item: WorkItem, name: str, kept: Kept, by: Actor) -> StoredFile:
    """Give an uploaded file its row; the form's token belongs to the completion, so this entry has none."""
    by = by.with_token("")
    file = add_file(kept=kept, agency=item.run.agency, by=by)
    payload = {"file": file.original_name, "sha256": file.sha256, "document": name}
    record(by=by, verb=Verb.ATTACHED_FILE, target=item, payload=payload)
    return file

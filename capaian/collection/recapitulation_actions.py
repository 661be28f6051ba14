"""Writes recapitulations: what all units reported, frozen when the step is completed."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from capaian.agencies.queries import Reach
from capaian.collection import papers, queries, recapitulation
from capaian.collection.models import Recapitulation
from capaian.collection.places import locked_item
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.rules import digest_of
from capaian.journal.verbs import Verb
from capaian.sop import step_rules
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import WorkItem


def recapitulate(*, item: WorkItem, answer: Answer, by: Actor, reach: Reach, digest: str = "") -> WorkItem:
    """Complete the recapitulating item: freeze what the forms say, with the table as paper. Returns the item.

    `digest` is that of the content that the person saw; another one now raises `Conflict`.
    """
    with transaction.atomic():
        item = locked_item(item, by)
        refuse_if(step_rules.reasons_not_to_complete(item, reach, answer))
        content = recapitulation.content_of(reach, item.run)
        found = digest_of(content)
        if digest and digest != found:
            text = "Data pada formulir unit berubah sejak halaman ini dibuka."
            raise Conflict([Reason("content_changed", text, "Periksa kembali tabelnya, lalu selesaikan langkah ini.")])
        changed = recapitulation.differences(queries.previous_recapitulation(reach, item), content)
        row = Recapitulation.objects.create(
            agency_id=item.agency_id,
            item=item,
            content=content,
            digest=found,
            computed_at=timezone.now(),
            computed_by_id=by.person_id,
        )
        parts = papers.recapitulation_parts(item, row, changed, by)
        answer = replace(answer, papers={output.pk: parts for output in item.step.outputs.all()})
        done = complete_step(item=item, answer=answer, by=by, reach=reach)
        payload = {"run": item.run.public_id, "digest": found, "due": content["due"], "reported": content["reported"]}
        record(by=by, verb=Verb.RECAPITULATED, target=row, payload=payload)
    return done

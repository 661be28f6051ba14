"""Units' forms for an office of the access proofs: distributed, filled in, each with a proof."""

import io
from decimal import Decimal

from django.utils import timezone

from capaian.collection.import_proposal import sheets_of
from capaian.collection.models import Actual, Evidence, FormCard, FormImport, Round, UnitForm
from capaian.collection.offline_files import form_book
from capaian.documents import store
from capaian.documents.actions import add_file
from capaian.sop.models import Run
from tests.planning.cards import make_card
from tests.sop.driver import Engine

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def plant_forms(engine: Engine, run: Run, *units: str) -> list[dict[str, str]]:
    """Leave a filled form of each unit on a run, of a card that no other run asks for; return the keys by unit."""
    world, now = engine.world, timezone.now()
    person = world.people["team"]
    card = make_card(world, "Formulir", units=units, frequency="month", targets={run.period: "3"}, active=False)
    round_ = Round.objects.create(agency=world.agency, run=run)
    found = []
    for unit in units:
        form = UnitForm.objects.create(
            agency=world.agency, round=round_, unit=world.units[unit], state="distributed", distributed_at=now,
            distributed_by=person,
        )  # fmt: skip
        FormCard.objects.create(form=form, card=card, ordinal=1)
        actual = Actual.objects.create(
            agency=world.agency, card=card, unit=world.units[unit], period=run.period, value=Decimal(2), form=form,
            obstacle=f"Hambatan {world.agency.short_name}", entered_at=now, entered_by=person,
        )  # fmt: skip
        kept = store.keep(io.BytesIO(PDF), f"Bukti {world.agency.short_name}.pdf")
        file = add_file(kept=kept, agency=world.agency, by=world.actor("team"))
        proof = Evidence.objects.create(actual=actual, file=file, added_at=now, added_by=person)
        book = store.keep(io.BytesIO(form_book(sheets_of(world.reach("team"), run, form.unit))), "isian.xlsx")
        kept_book = add_file(kept=book, agency=world.agency, by=world.actor("team"))
        brought = FormImport.objects.create(agency=world.agency, run=run, unit=form.unit, file=kept_book)
        keys = {"unit_form": form.public_id, "evidence": proof.public_id, "form_import": brought.public_id}
        found.append(keys)
    return found

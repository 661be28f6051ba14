"""The papers of a collection can be printed, and a failure leaves nothing half done."""

import json
from decimal import Decimal

import pytest

from capaian.collection import actions, form_actions
from capaian.collection.entries import EvidenceEntry
from capaian.collection.models import Actual, Evidence, UnitForm
from capaian.documents.render import render
from capaian.documents.store import Kept
from capaian.journal.models import Entry
from capaian.journal.reason import Conflict
from capaian.planning.models import Card
from capaian.sop.actions import correct_run
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, Run
from tests.collection.conftest import advance, collect, filling, report, save, sheet, submit, told
from tests.planning.cards import make_card
from tests.sop.driver import Engine, issue_papers


def printed(run: Run, step: str) -> str:
    document = Paper.objects.filter(item__run=run, item__step__key=step).order_by("pk")[0].document
    assert render(document.context["layout"], document.context).startswith(b"%PDF-")
    return json.dumps(document.context, ensure_ascii=False)


def test_papers_can_be_printed(office: Engine, card: Card) -> None:
    make_card(office.world, "Aduan", units=("ikp",), data=("selesai", "masuk"), formula="selesai / masuk * 100")
    run = collect(office)
    lines = sheet(office, run, "ikp").lines
    first, second = lines[1].card.data.all()
    raw = told(lines[1], data={first.pk: Decimal(1), second.pk: Decimal(3)}, cause="Sebab.", follow_up="Tindakan")
    save(office, run, "ikp", told(lines[0], Decimal("1234.5")), raw)
    submit(office, run, "ikp")
    report(office, run, "secretariat", Decimal(10))
    office.waive(filling(run, office, "aptika"))
    advance(office, run, "A09")
    for step, words in (
        ("A05", ("Ikp Melati", "80 (Triwulan I 2026)", "Unit tanpa indikator")),
        ("A06", ("Tanda terima formulir", "Team MELATI")),
        ("A07", ("1.234,5", "Selesai: 1", "Sebab. Tindakan")),
        ("A08", ("Rekapitulasi", "1.244,5", "Rincian per unit")),
    ):
        text = printed(run, step)
        assert [word for word in words if word not in text] == [], step


def test_a_failure_on_the_way_leaves_the_form_as_it_was(
    office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = collect(office)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(1)))
    before = Entry.objects.count()

    def fail(**_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(form_actions, "record", fail)
    with pytest.raises(RuntimeError):
        submit(office, run, "ikp")
    form = UnitForm.objects.get(unit=office.world.units["ikp"])
    assert (form.state, form.submitted_at, Entry.objects.count()) == ("in_progress", None, before)
    assert filling(run, office, "ikp").status == "open"
    assert not Paper.objects.filter(item__run=run, item__step__key="A07").exists()


def test_a_new_revision_takes_its_evidence_over(office: Engine, card: Card) -> None:
    run = collect(office)
    line = sheet(office, run, "ikp").lines[0]
    place = (line.card.pk, line.period.code)
    proofs = [
        EvidenceEntry(*place, Kept("b" * 40, "b" * 64, 10, "application/pdf", "bukti.pdf")),
        EvidenceEntry(*place, link="https://contoh.go.id/laporan"),
    ]
    save(office, run, "ikp", told(line, Decimal(1)), evidence=proofs)
    submit(office, run, "ikp")
    for unit in ("secretariat", "aptika"):
        office.waive(filling(run, office, unit))
    advance(office, run, "A12")
    issue_papers()
    advance(office, run, "")
    head = office.reach("head")
    new = correct_run(run=Run.objects.get(pk=run.pk), reason="Keliru", by=head.actor(), reach=head)
    advance(office, new, "A07")
    gone = Evidence.objects.get(file=None)
    save(office, new, "ikp", removed=[gone.public_id])
    old, now = Actual.objects.order_by("revision")
    assert (old.is_current, now.is_current, now.value) == (False, True, 1)
    assert old.evidence.count() == 2
    assert [proof.file.original_name for proof in now.evidence.all() if proof.file] == ["bukti.pdf"]


def test_submitting_a_stale_form_is_a_conflict(office: Engine, card: Card) -> None:
    run = collect(office)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(1)))
    item, person = filling(run, office, "ikp"), office.reach("ikp")
    with pytest.raises(Conflict, match="sudah disimpan"):
        actions.submit_form(item=item, edition=0, answer=Answer(), by=person.actor(), reach=person)

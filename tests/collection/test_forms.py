"""A form's life: prepared, distributed, received, filled in, submitted, returned, corrected."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from capaian.collection import actions, form_queries, queries
from capaian.collection.entries import EvidenceEntry, FormEntry
from capaian.collection.models import Actual, Evidence, FormCard, Round, UnitForm
from capaian.collection.round_actions import prepare
from capaian.documents.store import Kept
from capaian.journal.models import Entry
from capaian.journal.reason import Conflict, Refused
from capaian.journal.rules import Replayed
from capaian.planning.models import Card
from capaian.sop.actions import correct_run, return_work
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, Run, WorkItem
from tests.collection.conftest import advance, collect, filling, report, save, sheet, submit, told
from tests.planning.cards import make_card
from tests.sop.driver import Engine, issue_papers, open_items

State = UnitForm.State


def states(office: Engine, run: Run) -> dict[str, str]:
    names = {unit.pk: key for key, unit in office.world.units.items()}
    return {names[row.unit.pk]: row.state.value for row in queries.standings(office.reach("team"), run)}


def send_back(office: Engine, run: Run, unit: str, note: str = "Periksa lagi") -> None:
    step = run.version.steps.get(key="A08")
    answer = Answer(note=note, target="A07", unit_ids=(office.world.units[unit].pk,))
    return_work(run=run, step=step, answer=answer, by=office.actor("team"), reach=office.reach("team"))


def test_forms_are_prepared_for_every_unit(office: Engine, card: Card) -> None:
    make_card(office.world, "Tahunan", frequency="year", units=("aptika",))
    run = collect(office, "A06")
    assert Round.objects.get().run == run
    assert set(states(office, run).values()) == {State.PREPARED}
    asked = FormCard.objects.values_list("form__unit__name", "card__name")
    assert sorted(asked) == [("Ikp Melati", "Layanan MELATI"), ("Secretariat Melati", "Layanan MELATI")]
    context = Paper.objects.get(item__run=run, item__step__key="A05").document.context
    assert [block["heading"] for block in context["blocks"]] == [
        "Secretariat Melati",
        "Ikp Melati",
        "Unit tanpa indikator pada periode ini",
    ]
    assert context["blocks"][0]["rows"] == [
        ["1.", "Layanan MELATI", "persen", "80 (Triwulan I 2026)", "Triwulan I 2026", "–"]
    ]


def test_forms_are_distributed_and_acknowledged_once(office: Engine, card: Card) -> None:
    run = collect(office)
    assert states(office, run)["ikp"] == State.DISTRIBUTED
    form = UnitForm.objects.get(unit=office.world.units["ikp"])
    for who in ("aptika", "team", "head"):
        with pytest.raises(Refused, match="diterima oleh Ikp Melati"):
            actions.acknowledge_form(form=form, by=office.actor(who), reach=office.reach(who))
    assert form.received_at is None
    staff = office.reach("ikp.staff")
    done = actions.acknowledge_form(form=form, by=staff.actor(token="x"), reach=staff)
    assert done.received_by == office.world.people["ikp.staff"]
    with pytest.raises(Replayed):
        actions.acknowledge_form(form=form, by=staff.actor(token="x"), reach=staff)
    with pytest.raises(Conflict, match="sudah diterima oleh"):
        actions.acknowledge_form(form=form, by=office.actor("ikp"), reach=office.reach("ikp"))
    rows = Paper.objects.get(item__run=run, item__step__key="A06").document.context["blocks"][0]["rows"]
    assert [(row[1], row[3], row[-1]) for row in rows] == [
        ("Secretariat Melati", "1", ""),
        ("Ikp Melati", "1", ""),
        ("Aptika Melati", "0", ""),
    ]


def test_opening_the_form_is_no_receipt(office: Engine, card: Card) -> None:
    run = collect(office)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(5)))
    assert UnitForm.objects.get(unit=office.world.units["ikp"]).received_at is None


def test_form_is_filled_in_and_submitted(office: Engine, card: Card) -> None:
    run = collect(office)
    line = sheet(office, run, "ikp").lines[0]
    assert save(office, run, "ikp", told(line, Decimal("12.5"), cause="Banyak permintaan")) == 1
    assert states(office, run)["ikp"] == State.IN_PROGRESS
    done = submit(office, run, "ikp", token="t")
    assert (done.status, states(office, run)["ikp"]) == ("done", State.SUBMITTED)
    row = Actual.objects.get()
    assert (row.value, row.cause, row.revision, row.is_current) == (Decimal("12.5"), "Banyak permintaan", 0, True)
    context = Paper.objects.get(item=done).document.context
    assert context["blocks"][0]["rows"][0][4:-1] == ["80", "12,5", "Banyak permintaan"]
    entry = Entry.objects.get(verb="submitted_form")
    assert entry.payload["rows"][0]["value"] == "12,5"
    with pytest.raises(Replayed):
        actions.submit_form(
            item=done, edition=1, answer=Answer(), by=office.actor("ikp", done, "t"), reach=office.reach("ikp")
        )


def test_staff_saves_and_only_the_submitter_submits(office: Engine, card: Card) -> None:
    run = collect(office)
    item = filling(run, office, "ikp")
    staff = office.reach("ikp.staff")
    said = FormEntry([told(sheet(office, run, "ikp").lines[0], Decimal(1))])
    assert actions.save_form(item=item, entry=said, edition=0, by=staff.actor(), reach=staff) == 1
    with pytest.raises(Refused, match="bukan oleh jabatan Anda"):
        actions.submit_form(item=item, edition=1, answer=Answer(), by=staff.actor(), reach=staff)
    for who in ("aptika", "team", "head"):
        other = office.reach(who)
        with pytest.raises(Refused, match="pelaksana langkah"):
            actions.save_form(item=item, entry=said, edition=1, by=other.actor(), reach=other)


def test_stale_form_never_overwrites_silently(office: Engine, card: Card) -> None:
    run = collect(office)
    line = sheet(office, run, "ikp").lines[0]
    save(office, run, "ikp", told(line, Decimal(1)))
    with pytest.raises(Conflict, match="sudah disimpan oleh Ikp MELATI"):
        save(office, run, "ikp", told(line, Decimal(2)), edition=0)
    assert Actual.objects.get().value == 1
    assert save(office, run, "ikp", told(line, Decimal(1)), edition=0) == 1, "the same figures are no conflict"
    assert save(office, run, "ikp", told(line, Decimal(2)), edition=1) == 2


def test_draft_is_not_journalled(office: Engine, card: Card) -> None:
    run = collect(office)
    before = Entry.objects.count()
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(1)))
    assert Entry.objects.count() == before


def test_returned_form_alone_changes(office: Engine, card: Card) -> None:
    run = collect(office)
    office.waive(filling(run, office, "aptika"))
    report(office, run, "secretariat", Decimal(10))
    report(office, run, "ikp", Decimal(20))
    others = dict(Actual.objects.exclude(unit=office.world.units["ikp"]).values_list("pk", "entered_at"))
    send_back(office, run, "ikp")
    assert states(office, run) == {
        "secretariat": State.SUBMITTED,
        "ikp": State.RETURNED,
        "aptika": State.WAIVED,
    }
    line = sheet(office, run, "ikp").lines[0]
    assert (line.is_open, line.shown) == (True, "20")
    save(office, run, "ikp", told(line, Decimal(21)))
    assert states(office, run)["ikp"] == State.IN_PROGRESS
    submit(office, run, "ikp")
    assert dict(Actual.objects.exclude(unit=office.world.units["ikp"]).values_list("pk", "entered_at")) == others
    assert [item.step.key for item in open_items(run)] == ["A08"]


def test_correction_makes_revisions_of_what_changed(office: Engine, card: Card) -> None:
    run = collect(office)
    office.waive(filling(run, office, "aptika"))
    report(office, run, "secretariat", Decimal(10))
    report(office, run, "ikp", Decimal(20))
    advance(office, run, "A12")
    assert states(office, run)["ikp"] == State.ACCEPTED
    issue_papers()
    advance(office, run, "")
    head = office.reach("head")
    new = correct_run(run=Run.objects.get(pk=run.pk), reason="Angka keliru", by=head.actor(), reach=head)
    advance(office, new, "A07")
    line = sheet(office, new, "ikp").lines[0]
    assert (line.is_open, line.shown) == (True, "20")
    save(office, new, "ikp", told(line, Decimal(20)))
    assert Actual.objects.count() == 2, "what was taken over unchanged stays as it is"
    save(office, new, "ikp", told(line, Decimal(22)))
    rows = Actual.objects.filter(unit=office.world.units["ikp"]).order_by("revision")
    assert [(row.value, row.is_current, row.revision) for row in rows] == [(20, False, 0), (22, True, 1)]
    assert sheet(office, run, "secretariat").lines[0].actual == Actual.objects.get(value=Decimal(10))


def kept(name: str = "bukti.pdf", sha256: str = "a" * 64) -> Kept:
    return Kept(sha256[:40], sha256, 10, "application/pdf", name)


def test_evidence_hangs_on_a_line_once(office: Engine, card: Card) -> None:
    run = collect(office)
    line = sheet(office, run, "ikp").lines[0]
    place = (line.card.pk, line.period.code)
    proofs = [
        EvidenceEntry(*place, kept()),
        EvidenceEntry(*place, kept("lain.pdf")),
        EvidenceEntry(*place, link="https://a.id/b"),
    ]
    save(office, run, "ikp", evidence=proofs)
    assert [(row.link, row.file.original_name if row.file else "") for row in Evidence.objects.order_by("pk")] == [
        ("", "bukti.pdf"),
        ("https://a.id/b", ""),
    ]
    gone = Evidence.objects.get(link="")
    save(office, run, "ikp", removed=[gone.public_id])
    assert Evidence.objects.get().link == "https://a.id/b"
    with pytest.raises(Refused, match="diawali https"):
        save(office, run, "ikp", evidence=[EvidenceEntry(*place, link="javascript:alert(1)")])


def test_months_reported_already_are_read_only(office: Engine) -> None:
    monthly = make_card(office.world, "Bulanan", frequency="month", consolidation="sum", units=("ikp",))
    (short,) = office.open("2026-01", "A-R")
    advance(office, short, "A07")
    for unit in ("secretariat", "aptika"):
        office.waive(filling(short, office, unit))
    report(office, short, "ikp", Decimal(7))
    run = collect(office)
    form = sheet(office, run, "ikp")
    assert [(line.period.code, line.told_on) for line in form.lines] == [
        ("2026-01", "formulir Januari 2026"),
        ("2026-02", ""),
        ("2026-03", ""),
    ]
    with pytest.raises(Refused, match="sudah dilaporkan"):
        save(office, run, "ikp", told(form.lines[0], Decimal(9)))
    save(office, run, "ikp", told(form.lines[1], Decimal(1)), told(form.lines[2], Decimal(2)))
    assert sheet(office, run, "ikp").blocks[0].together == "10"
    assert Actual.objects.filter(card=monthly).count() == 3


def test_agency_without_cards_fills_in_nothing(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A07")
    item = filling(run, office, "ikp")
    assert not queries.asks(item)
    assert sheet(office, run, "ikp").blocks == []


def test_preparing_again_adds_what_is_new(office: Engine, card: Card) -> None:
    run = collect(office, "A06")
    more = make_card(office.world, "Baru", units=("ikp",))
    prepare(run, office.reach("team"))
    prepare(run, office.reach("team"))
    names = FormCard.objects.filter(form__unit=office.world.units["ikp"]).values_list("card__name", flat=True)
    assert list(names) == [card.name, more.name]
    assert UnitForm.objects.count() == 3


@pytest.mark.parametrize("count", [1, 6])
def test_form_is_read_with_the_same_queries(
    office: Engine, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(count):
        make_card(office.world, f"Kartu {place}", units=("ikp",), data=("a", "b"), formula="a / b * 100")
    run = collect(office)
    person, unit = office.reach("ikp"), office.world.units["ikp"]
    run = Run.objects.select_related("agency").get(pk=run.pk)
    with django_assert_num_queries(10):
        assert len(form_queries.sheet(person, run, unit).lines) == count
    assert WorkItem.objects.filter(run=run, step__key="A07").count() == 3

"""The recapitulation: sums of what the forms say, gaps in sentences, frozen for the decision."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capaian.collection import actions, queries
from capaian.collection.models import Actual, Recapitulation
from capaian.collection.recapitulation import content_of, differences
from capaian.journal.reason import Conflict
from capaian.journal.rules import digest_of
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.sop.actions import correct_run, return_work
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, Run
from tests.collection.conftest import advance, collect, filling, report, save, sheet, submit, told
from tests.planning.cards import make_card
from tests.sop.driver import Engine, issue_papers, open_items

UNITS = ("secretariat", "ikp", "aptika")


def content(office: Engine, run: Run) -> dict[str, Any]:
    return content_of(office.reach("team"), Run.objects.get(pk=run.pk))


def finished(office: Engine, run: Run, values: dict[str, str]) -> dict[str, Any]:
    """Report one value for each unit; units without one are waived."""
    for unit in UNITS:
        if unit in values:
            report(office, run, unit, Decimal(values[unit]))
        else:
            office.waive(filling(run, office, unit))
    return content(office, run)


def test_units_are_summed_and_named(office: Engine, card: Card) -> None:
    run = collect(office)
    found = finished(office, run, {"secretariat": "10.5", "ikp": "20"})
    (row,) = found["rows"]
    assert (found["due"], found["reported"], found["gaps"]) == (1, 1, [])
    assert (row["value"], row["provisional"], row["card"]) == ("30.5", False, card.public_id)
    (period,) = row["periods"]
    assert (period["period"], period["value"]) == ("2026-Q1", "30.5")
    assert [(unit["unit"], unit["value"], unit["submitted_by"]) for unit in period["units"]] == [
        ("Secretariat Melati", "10.5", "Planner MELATI"),
        ("Ikp Melati", "20", "Ikp MELATI"),
    ]
    assert period["units"][0]["actual"] == Actual.objects.get(value=Decimal("10.5")).public_id


def test_missing_units_are_gaps(office: Engine, card: Card) -> None:
    run = collect(office)
    (row,) = finished(office, run, {"ikp": "20"})["rows"]
    assert (row["value"], row["provisional"]) == ("20", True)
    assert row["gaps"] == ["Secretariat Melati dikecualikan (Tidak ada data)."]


def test_missing_count_never_makes_less_is_better_look_better(office: Engine) -> None:
    make_card(office.world, "Keluhan", units=("secretariat", "ikp"), polarity="minimize")
    run = collect(office)
    found = finished(office, run, {"ikp": "20"})
    assert (found["rows"][0]["value"], found["reported"]) == (None, 0)
    assert "Triwulan I 2026: belum semua unit melaporkan, sehingga tidak dijumlahkan." in found["rows"][0]["gaps"]


def test_reason_travels_with_the_gap(office: Engine, card: Card) -> None:
    run = collect(office)
    office.waive(filling(run, office, "aptika"))
    report(office, run, "ikp", Decimal(0))
    line = sheet(office, run, "secretariat").lines[0]
    save(office, run, "secretariat", told(line, obstacle="Data belum dirilis"))
    submit(office, run, "secretariat")
    (row,) = content(office, run)["rows"]
    assert (row["value"], row["gaps"]) == (
        "0",
        ["Secretariat Melati belum melaporkan Triwulan I 2026 (Data belum dirilis)."],
    )


def test_raw_data_are_summed_before_dividing(office: Engine) -> None:
    make_card(
        office.world, "Aduan", units=("secretariat", "ikp"), location="raw_data", data=("selesai", "masuk"),
        formula="selesai / masuk * 100",
    )  # fmt: skip
    run = collect(office)
    for unit, done, got in (("secretariat", 8, 10), ("ikp", 10, 40)):
        line = sheet(office, run, unit).lines[0]
        first, second = line.card.data.all()
        save(office, run, unit, told(line, data={first.pk: Decimal(done), second.pk: Decimal(got)}))
        submit(office, run, unit)
    office.waive(filling(run, office, "aptika"))
    assert set(Actual.objects.values_list("value", flat=True)) == {25, 80}
    (row,) = content(office, run)["rows"]
    assert row["value"] == "36"
    assert row["periods"][0]["units"][0]["data"] == {"selesai": "8", "masuk": "10"}


def test_periods_are_put_together_by_the_card(office: Engine) -> None:
    for name, how, entry in (
        ("J", "sum", "period"),
        ("R", "average", "period"),
        ("A", "last", "period"),
        ("K", "sum", "to_date"),
    ):
        make_card(office.world, name, frequency="month", consolidation=how, entry=entry, units=("ikp",))
    run = collect(office)
    for unit in ("secretariat", "aptika"):
        office.waive(filling(run, office, unit))
    values = dict(zip(("2026-01", "2026-02", "2026-03"), (3, 4, 8), strict=True))
    said = [told(line, Decimal(values[line.period.code])) for line in sheet(office, run, "ikp").lines]
    save(office, run, "ikp", *said)
    submit(office, run, "ikp")
    assert [row["value"] for row in content(office, run)["rows"]] == ["15", "5", "8", "8"]


def test_content_is_frozen_and_approved(office: Engine, card: Card) -> None:
    run = collect(office)
    found = finished(office, run, {"secretariat": "10", "ikp": "20"})
    (item,) = open_items(run).select_related("run__agency")
    team = office.reach("team")
    with pytest.raises(Conflict, match="berubah sejak"):
        actions.recapitulate(
            item=item, answer=Answer(), by=office.actor("team", item), reach=team, digest=digest_of(found | {"due": 2})
        )
    assert not Recapitulation.objects.exists()
    actions.recapitulate(item=item, answer=Answer(), by=office.actor("team", item), reach=team, digest=digest_of(found))
    row = Recapitulation.objects.get()
    assert (row.content, row.digest) == (found, digest_of(found))
    facts = dict(Paper.objects.get(item=item).document.context["facts"])
    assert (facts["Kelengkapan"], facts["SHA-256 isi"]) == ("1 dari 1 indikator dilaporkan", row.digest)
    (measuring,) = office.open("2026-Q1", "B")
    assert queries.approved_recapitulation(team, measuring) is None
    advance(office, run, "A11")
    assert queries.approved_recapitulation(team, measuring) == row
    assert queries.approved_recapitulation(team, run) == row


def test_what_changed_since_the_last_round_is_marked(office: Engine, card: Card) -> None:
    run = collect(office)
    finished(office, run, {"secretariat": "10", "ikp": "20"})
    advance(office, run, "A10")
    (item,) = open_items(run).select_related("run__agency")
    unit = office.world.units["ikp"].pk
    office.complete(item, decision="no", note="Periksa", target="A07", unit_ids=(unit,))
    report(office, run, "ikp", Decimal(25))
    (again,) = open_items(run).select_related("run__agency")
    team = office.reach("team")
    before = queries.previous_recapitulation(team, again)
    (one,) = differences(before, content(office, run))
    assert (one.name, one.where, one.before, one.after) == (card.name, "Triwulan I 2026, Ikp Melati", "20", "25")
    advance(office, run, "A09")
    context = Paper.objects.get(item=again).document.context
    assert context["blocks"][-1]["heading"] == "Perubahan sejak rekapitulasi sebelumnya"


def test_correction_begins_from_what_it_corrects(office: Engine, card: Card) -> None:
    run = collect(office)
    finished(office, run, {"secretariat": "10", "ikp": "20"})
    advance(office, run, "A12")
    issue_papers()
    advance(office, run, "")
    head = office.reach("head")
    new = correct_run(run=Run.objects.get(pk=run.pk), reason="Keliru", by=head.actor(), reach=head)
    team = office.reach("team")
    assert queries.approved_recapitulation(team, new) is None
    advance(office, new, "A07")
    finished(office, new, {"secretariat": "10", "ikp": "21"})
    (item,) = open_items(new).select_related("run__agency", "run__corrects")
    assert [each.after for each in differences(queries.previous_recapitulation(team, item), content(office, new))] == [
        "21"
    ]


def test_returning_one_form_leaves_the_rest_of_the_content(office: Engine, card: Card) -> None:
    run = collect(office)
    before = finished(office, run, {"secretariat": "10", "ikp": "20"})
    answer = Answer(note="Periksa", target="A07", unit_ids=(office.world.units["ikp"].pk,))
    step = run.version.steps.get(key="A08")
    return_work(run=run, step=step, answer=answer, by=office.actor("team"), reach=office.reach("team"))
    submit(office, run, "ikp")
    after = content(office, run)
    assert after == before


def test_figures_are_those_that_stand(office: Engine, card: Card) -> None:
    run = collect(office)
    finished(office, run, {"secretariat": "10", "ikp": "20"})
    found = queries.figures(office.reach("team"), [card.pk], 2026, Period.parse("2026-Q1"))
    assert {period: [row.value for row in rows] for period, rows in found[card.pk].items()} == {"2026-Q1": [10, 20]}
    assert queries.figures(office.reach("team"), [card.pk], 2026, Period.parse("2026-02"))[card.pk] == {}


FIGURE = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.none() | FIGURE, min_size=3, max_size=3), min_size=1, max_size=3))
def test_recapitulation_is_the_sum_of_the_forms(office: Engine, figures: list[list[Decimal | None]]) -> None:
    with transaction.atomic():
        cards = [make_card(office.world, f"Kartu {place}", units=UNITS) for place in range(len(figures))]
        run = collect(office)
        for place, unit in enumerate(UNITS):
            said = {card.pk: row[place] for card, row in zip(cards, figures, strict=True)}
            lines = sheet(office, run, unit).lines
            save(office, run, unit, *(told(line, said[line.card.pk], obstacle="Ada") for line in lines))
            submit(office, run, unit)
        rows = {row["card"]: row["value"] for row in content(office, run)["rows"]}
        for card, given_figures in zip(cards, figures, strict=True):
            known = [value for value in given_figures if value is not None]
            text = rows[card.public_id]
            assert (None if text is None else Decimal(text)) == (sum(known) if known else None)
        transaction.set_rollback(True)

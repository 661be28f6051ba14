"""From approved actuals to a worksheet: locked methodology, exact numbers, snapshots that compute the same again."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Conflict, Refused
from capaian.journal.rules import Replayed
from capaian.measurement import actions, queries, rules
from capaian.measurement.computing import measured
from capaian.measurement.entries import MethodologyEntry
from capaian.measurement.models import Measurement, Methodology, Worksheet
from capaian.measurement.recap import lines, recap, tally
from capaian.sop.models import Paper, WorkItem
from tests.collection.conftest import advance
from tests.measurement.conftest import (
    bring,
    collected,
    decide,
    entry,
    fill,
    four_cards,
    lock,
    measure,
    measuring,
    row,
    set_methodology,
    worksheet,
)
from tests.measurement.snapshots import snapshot
from tests.planning.cards import make_card
from tests.sop.driver import Engine, keys


@pytest.fixture
def cards(office: Engine) -> None:
    four_cards(office.world)
    make_card(office.world, "Tahunan", targets={"2026": "90"}, frequency="year")


VALUES = {"Layanan": "36", "Insiden": "0", "Predikat": "B", "Belum": None}


@pytest.mark.usefixtures("cards")
def test_worksheet_from_approved_actuals(office: Engine) -> None:
    approved = collected(office, VALUES)
    item = measuring(office)
    done = measure(office, item)
    assert (done.status, keys(item.run)) == ("done", ["B06"])
    found = worksheet(office, item.run)
    shown = {each.card.name.split()[0]: (each.shown, each.category, each.reason) for each in found.measurements.all()}
    assert shown == {
        "Predikat": (Decimal(80), "Tinggi", ""),
        "Layanan": (Decimal(90), "Tinggi", ""),
        "Tahunan": (None, "", "belum jatuh tempo"),
        "Insiden": (Decimal(100), "Sangat Tinggi", ""),
        "Belum": (None, "", "jatuh tempo tetapi belum ada realisasi"),
    }
    assert found.recapitulation.item.run == approved
    layanan = row(office, item.run, "Layanan")
    (period,) = layanan.inputs["periods"]
    assert (period["value"], [unit["value"] for unit in period["units"]]) == ("72", ["36", "36"])
    assert (layanan.raw, layanan.score, layanan.formula_code, layanan.formula_version) == (90, 90, "maximize", "1")
    assert JournalEntry.objects.filter(verb="measured").count() == 1


@pytest.mark.usefixtures("cards")
def test_stored_measurements_compute_the_same_again(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office)
    measure(office, item)
    found = lines(worksheet(office, item.run).measurements.all())
    assert len(found) == 5
    assert all(line.is_same for line in found)


@pytest.mark.usefixtures("cards")
@pytest.mark.parametrize("field", ["digest", "shown", "score", "category", "value", "target", "evidence"])
def test_whatever_was_changed_by_hand_is_seen(office: Engine, field: str) -> None:
    collected(office, VALUES)
    item = measuring(office)
    measure(office, item)
    layanan = row(office, item.run, "Layanan")
    point = layanan.inputs["periods"][0]
    if field in ("value", "target"):
        point[field] = "73" if field == "value" else point["target"] | {"value": "79"}
    elif field == "evidence":
        point["units"][0]["evidence"] = [{"name": "lain.pdf", "sha256": "0" * 64}]
    else:
        setattr(layanan, field, {"digest": "0" * 64, "category": "Sedang"}.get(field, Decimal(91)))
    layanan.save()
    found = lines(worksheet(office, item.run).measurements.all())
    assert [line.card["name"].split()[0] for line in found if not line.is_same] == ["Layanan"]


@pytest.mark.usefixtures("cards")
def test_levels_come_from_their_own_indicators(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office, "B06")
    levels = {level.label: level for level in recap(lines(worksheet(office, item.run).measurements.all()))}
    assert {label: (str(level.whole.shown), level.whole.mean.coverage) for label, level in levels.items()} == {
        "Tujuan": ("80.00", "1 dari 1 dilaporkan"),
        "Sasaran": ("90.00", "1 dari 2 dilaporkan"),
        "Program": ("100.00", "1 dari 2 dilaporkan"),
    }
    assert [line.card["name"].split()[0] for line in levels["Program"].whole.left_out] == ["Belum"]
    assert sum(len(node.members) for level in levels.values() for node in level.nodes) == 5
    count = tally(worksheet(office, item.run).measurements.all())
    assert (count.measured, count.total) == (3, 5)


@pytest.mark.usefixtures("cards")
def test_papers_hold_the_tables(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office, "B08")
    decide(office, item)
    contexts = {
        paper.item.step.key: paper.document.context
        for paper in Paper.objects.filter(item__run=item.run).exclude(output__document_kind="LDS")
    }
    sheet = contexts["B05"]
    assert (sheet["paper"], sheet["orientation"]) == ("f4", "landscape")
    rows = [cells for block in sheet["blocks"] if block["kind"] == "table" for cells in block["rows"]]
    code = row(office, item.run, "Layanan").public_id
    assert ["1.", "Sasaran MELATI", "Layanan MELATI", "persen", "80", "72", "90,00", "Tinggi", "", code] in rows
    assert {"kind": "list", "heading": "Belum jatuh tempo", "items": ["Tahunan MELATI"]} in sheet["blocks"]
    assert any(worksheet(office, item.run).digest in cells for cells in rows)
    out = [block["items"] for block in contexts["B06"]["blocks"] if block["kind"] == "list"]
    assert ["Belum MELATI: jatuh tempo tetapi belum ada realisasi"] in out
    method = next(block for block in contexts["B04"]["blocks"] if block["kind"] == "table")
    assert method["rows"][0][-2] == "S M A R T"
    assert {"Tinggi"} <= {cells[-2] for block in contexts["B08"]["blocks"][2:3] for cells in block["rows"]}


@pytest.mark.usefixtures("cards")
def test_without_locked_methodology_nothing_is_measured(office: Engine) -> None:
    collected(office, VALUES)
    (run,) = office.open("2026-Q1", "B")
    office.advance(run, until="B05")  # the methodology step as a generic sheet
    item = bring(office, run, "B05")
    with pytest.raises(Refused) as refused:
        measure(office, item)
    assert [reason.code for reason in refused.value.reasons] == ["no_methodology"]
    assert (Worksheet.objects.count(), keys(run)) == (0, ["B05"])
    lock(office)
    measure(office, item)
    assert Worksheet.objects.get().methodology.version == 1


def test_guard_of_the_methodology_is_missed(office: Engine, cards: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "reasons_not_to_measure", lambda *_: [])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_without_locked_methodology_nothing_is_measured(office)


def test_a_card_that_came_later_is_not_measured_by_a_methodology_without_it(office: Engine, cards: None) -> None:
    collected(office, VALUES)
    item = measuring(office)
    make_card(office.world, "Susulan", targets={"2026-Q1": "1"})
    with pytest.raises(Refused) as refused:
        measure(office, item)
    assert [reason.code for reason in refused.value.reasons] == ["card_not_fixed"]
    with pytest.raises(Refused) as refused:
        lock(office)
    assert [reason.code for reason in refused.value.reasons] == ["change_no_note"]
    assert lock(office, note="Indikator susulan").version == 2
    measure(office, item)
    assert row(office, item.run, "Susulan").reason == "jatuh tempo tetapi belum ada realisasi"


def test_an_agency_without_cards_measures_generically(office: Engine) -> None:
    (collecting,) = office.open("2026-Q1", "A")
    office.advance(collecting, until="A11")
    item = measuring(office, "B08")
    decide(office, item)
    assert (Worksheet.objects.count(), Methodology.objects.count()) == (0, 0)
    assert Paper.objects.get(item__run=item.run, item__step__key="B05").document.context["paper"] == "a4"


@pytest.mark.usefixtures("cards")
def test_confirming_makes_no_second_methodology(office: Engine) -> None:
    for period in ("2026-Q1", "2026-Q2"):
        collected(office, VALUES, period)
        measuring(office, "B05", period)
    row = Methodology.objects.get()
    assert (row.version, row.cards.count(), row.item is not None) == (1, 5, True)
    assert JournalEntry.objects.filter(verb="locked_methodology").count() == 1


@pytest.mark.usefixtures("cards")
def test_a_changed_methodology_is_a_new_version_with_a_note(office: Engine) -> None:
    lock(office)
    with pytest.raises(Refused) as refused:
        lock(office, t="")
    assert {reason.code for reason in refused.value.reasons} == {"smart_no_note"}
    with pytest.raises(Refused) as refused:
        lock(office, t="Tanpa batas waktu")
    assert {reason.code for reason in refused.value.reasons} == {"change_no_note"}
    changed = lock(office, t="Tanpa batas waktu", note="Hasil reviu")
    assert (changed.version, changed.cards.filter(is_time_bound=False).count()) == (2, 5)


@pytest.mark.usefixtures("cards")
def test_a_stale_methodology_form_overwrites_nothing(office: Engine) -> None:
    opened = entry(office)
    lock(office)
    reach = office.reach("team")
    with pytest.raises(Conflict):
        actions.lock_methodology(year=2026, entry=opened, by=reach.actor(), reach=reach)
    assert Methodology.objects.count() == 1


@pytest.mark.usefixtures("cards")
def test_only_the_team_locks_outside_a_step(office: Engine) -> None:
    reach = office.reach("head")
    with pytest.raises(Refused) as refused:
        actions.lock_methodology(year=2026, entry=entry(office), by=reach.actor(), reach=reach)
    assert [reason.code for reason in refused.value.reasons] == ["not_team"]


@pytest.mark.usefixtures("cards")
def test_the_same_form_measures_once(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office)
    measure(office, item, token="satu")
    with pytest.raises(Replayed):
        measure(office, item, token="satu")
    with pytest.raises(Conflict):
        measure(office, item)
    assert Worksheet.objects.count() == 1


@pytest.mark.usefixtures("cards")
def test_a_new_visit_makes_a_new_worksheet(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office, "B08")
    first = worksheet(office, item.run)
    decide(office, item, decision=WorkItem.Decision.NO, note="Hitung ulang", target="B05")
    measure(office, bring(office, item.run, "B05"))
    assert worksheet(office, item.run) != first
    assert Worksheet.objects.count() == 2


@pytest.mark.usefixtures("cards")
def test_a_month_by_the_short_variant(office: Engine) -> None:
    make_card(office.world, "Bulanan", targets={"2026-01": "10"}, frequency="month", units=("secretariat",))
    (run,) = office.open("2026-01", "A-R")
    advance(office, run, "A07")
    fill(office, run, {"Bulanan": "9"})
    advance(office, run, "A12")
    (run,) = office.open("2026-01", "B-R")
    item = bring(office, run, "B05")
    with pytest.raises(Refused) as refused:
        measure(office, item)
    assert [reason.code for reason in refused.value.reasons] == ["no_methodology"]
    lock(office)
    decide(office, bring(office, run, "B08"))
    (found,) = worksheet(office, run).measurements.all()
    assert (found.card.name, found.shown, keys(run)) == ("Bulanan MELATI", 90, ["B10"])
    paper = Paper.objects.get(item__run=run, item__step__key="B08")
    assert paper.document.context["orientation"] == "landscape"


@pytest.mark.usefixtures("cards")
def test_a_quarter_adds_up_approved_quarters(office: Engine) -> None:
    make_card(office.world, "Jumlah", targets={"2026-Q1": "25", "2026-Q2": "25"}, consolidation="sum", entry="period")
    collected(office, VALUES | {"Jumlah": "20"})
    collected(office, VALUES | {"Jumlah": "30"}, "2026-Q2")
    item = measuring(office, "B06", "2026-Q2")
    found = row(office, item.run, "Jumlah")
    assert [point["from"] for point in found.inputs["periods"]] == ["approved", "recapitulation"]
    assert found.shown == Decimal(100)


def test_queries_do_not_grow_with_the_cards(office: Engine) -> None:
    counts = []
    collected(office, {})  # so that both quarters have one before them
    for period, number in (("2026-Q2", 2), ("2026-Q3", 6)):
        for place in range(number):
            make_card(office.world, f"{period}{place}", targets={period: "10"})
        collected(office, {period: "9"}, period)
        item = measuring(office, "B04", period)
        set_methodology(office, item, entry(office, note="Bertambah"))
        item = bring(office, item.run, "B05")
        with CaptureQueriesContext(connection) as context:
            measure(office, item)
        counts.append(len(context))
    assert counts[0] == counts[1]


def test_lists_of_cards_must_agree(office: Engine, cards: None) -> None:
    reach = office.reach("team")
    reasons = rules.reasons_not_to_lock(queries.cards_in_force(reach, 2026), MethodologyEntry())
    assert [reason.code for reason in reasons] == ["cards_changed"]
    assert [reason.code for reason in rules.reasons_not_to_lock([], MethodologyEntry())] == ["no_cards"]


@pytest.mark.usefixtures("cards")
def test_worksheet_and_step_or_neither(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    collected(office, VALUES)
    item = measuring(office)
    before = JournalEntry.objects.count()
    monkeypatch.setattr(actions, "complete_step", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        measure(office, item)
    assert (Worksheet.objects.count(), Measurement.objects.count(), JournalEntry.objects.count()) == (0, 0, before)


CELLS = st.tuples(st.sampled_from(["80", "0", None]), st.sampled_from(["72", "100", "0", "-3", None]))
ROWS = st.lists(
    st.tuples(CELLS, st.sampled_from(["maximize", "minimize", "stabilize"]), st.integers(0, 3)), min_size=1, max_size=30
)


@given(ROWS)
def test_every_indicator_is_counted_once(drawn: list[tuple[tuple[str | None, str | None], str, int]]) -> None:
    rows = []
    for (promised, brought), polarity, weight in drawn:
        inputs = snapshot([promised], [brought], later=True, polarity=polarity, weight=str(weight))
        result = measured(inputs).outcome.result
        rows.append(
            Measurement(inputs=inputs, shown=result.shown, category=result.category or "", reason=result.reason)
        )
    count, found = tally(rows), lines(rows)
    assert count.total == len(rows)
    assert count.measured == sum(row.shown is not None for row in rows)
    (level,) = recap(found)
    assert level.whole.mean.members == len(rows)
    assert level.whole.mean.reported + len(level.whole.left_out) == len(rows)
    shares = [(line.score, Fraction(line.weight)) for line in found if line.score is not None]
    weights = sum(weight for _, weight in shares)
    assert level.whole.mean.exact == (sum(score * weight for score, weight in shares) / weights if weights else None)

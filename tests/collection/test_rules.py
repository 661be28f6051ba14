"""What a form asks for, what it warns of, what it will not take."""

from decimal import Decimal

import pytest

from capaian.collection import actions, rules
from capaian.collection.checks import USUAL
from capaian.collection.entries import ActualEntry, CheckEntry, FormEntry
from capaian.collection.models import Actual, Check
from capaian.collection.reading import read_letter, shown_actual, shown_number, shown_target
from capaian.collection.recapitulation import content_of
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.periods.period import Period
from capaian.planning.models import Card, Target
from capaian.planning.typed_figures import Unread
from capaian.sop.models import Run
from tests.collection.conftest import collect, filling, report, save, sheet, submit, told
from tests.planning.cards import make_card
from tests.sop.driver import Engine


def period(code: str) -> Period:
    return Period.parse(code)


@pytest.mark.parametrize(
    ("frequency", "run", "asked"),
    [
        ("month", "2026-Q1", ["2026-01", "2026-02", "2026-03"]),
        ("month", "2026-02", ["2026-02"]),
        ("quarter", "2026-Q1", ["2026-Q1"]),
        ("quarter", "2026-02", []),
        ("semester", "2026-Q2", ["2026-Q2"]),
        ("year", "2026-Q4", ["2026"]),
        ("year", "2026-Q3", []),
    ],
)
def test_form_asks_for_the_cards_own_periods(office: Engine, frequency: str, run: str, asked: list[str]) -> None:
    card = make_card(office.world, "Kartu", frequency=frequency)
    assert [each.code for each in rules.asked(card, period(run))] == asked


def test_only_periods_with_a_target_are_asked_for(office: Engine) -> None:
    card = make_card(office.world, "Kartu", frequency="month", targets={"2026-02": "5", "2026-03": "0"})
    assert [each.code for each in rules.asked(card, period("2026-Q1"))] == ["2026-02"]


@pytest.mark.parametrize(
    ("frequency", "at", "before"),
    [("month", "2026-01", "2025-12"), ("semester", "2026-Q2", "2025-Q4"), ("year", "2026", "2025")],
)
def test_period_before(frequency: str, at: str, before: str) -> None:
    assert rules.period_before(frequency, period(at)).code == before


def two_quarters(office: Engine, first: str, second: str, **fields: object) -> list[str]:
    """Report one value and then another; return what the second is warned of."""
    make_card(office.world, "Kartu", units=("ikp",), **fields)  # type: ignore[arg-type]
    run = collect(office)
    report(office, run, "ikp", Decimal(first))
    later = collect(office, period="2026-Q2")
    save(office, later, "ikp", told(sheet(office, later, "ikp").lines[0], Decimal(second)))
    return rules.warnings(sheet(office, later, "ikp").lines[0])


@pytest.mark.parametrize(
    ("first", "second", "entry", "warned"),
    [
        ("12", "12", "period", ["Sama persis dengan Triwulan I 2026 (12)."]),
        ("12", "120", "period", ["Lebih dari 10 kali Triwulan I 2026 (12)."]),
        ("12", "11", "to_date", ["Angka sejak awal tahun turun dari 12 (Triwulan I 2026)."]),
        ("12", "11", "period", []),
        ("0", "0", "period", []),
        ("0", "5", "period", []),
    ],
)
def test_odd_figures_are_pointed_out(office: Engine, first: str, second: str, entry: str, warned: list[str]) -> None:
    assert two_quarters(office, first, second, entry=entry) == warned


def test_odd_figure_needs_a_reason_that_travels(office: Engine) -> None:
    assert two_quarters(office, "12", "120")
    run = Run.objects.get(period="2026-Q2")
    with pytest.raises(Refused, match=r"Lebih dari 10 kali .* tulis alasannya pada Penyebab"):
        submit(office, run, "ikp")
    line = sheet(office, run, "ikp").lines[0]
    save(office, run, "ikp", told(line, Decimal(120), cause="Layanan baru dibuka."))
    assert submit(office, run, "ikp").status == "done"
    (row,) = content_of(office.reach("team"), run)["rows"]
    assert row["warnings"] == [
        "Ikp Melati, Triwulan II 2026: Lebih dari 10 kali Triwulan I 2026 (12). Alasan: Layanan baru dibuka."
    ]


def usual(**other: CheckEntry) -> dict[str, CheckEntry]:
    return dict(USUAL) | other


@pytest.mark.parametrize(
    ("checks", "value", "refused"),
    [
        ({"highest": CheckEntry("block", Decimal(100))}, "100.5", "Di atas batas tertinggi indikator ini"),
        ({"highest": CheckEntry("block", Decimal(100))}, "100", ""),
        ({"lowest": CheckEntry("explain", Decimal(5))}, "4", "Di bawah batas terendah indikator ini"),
        ({"lowest": CheckEntry("tell", Decimal(5))}, "4", ""),
        ({}, "4", ""),
    ],
)
def test_checks_are_those_of_the_indicator(
    office: Engine, checks: dict[str, CheckEntry], value: str, refused: str
) -> None:
    card = make_card(office.world, "Kartu", units=("ikp",))
    actions.set_checks(indicator=card.indicator, checks=usual(**checks), edition=0, by=office.actor("team"))
    run = collect(office)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(value)))
    if refused:
        with pytest.raises(Refused, match=refused):
            submit(office, run, "ikp")
    else:
        assert submit(office, run, "ikp").status == "done"


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ({"highest": CheckEntry("block")}, "limit_missing"),
        ({"leap": CheckEntry("tell", Decimal(1))}, "limit_small"),
        ({"lowest": CheckEntry("tell", Decimal(9)), "highest": CheckEntry("tell", Decimal(1))}, "limits_crossed"),
    ],
)
def test_checks_that_cannot_be_are_refused(office: Engine, checks: dict[str, CheckEntry], code: str) -> None:
    card = make_card(office.world, "Kartu")
    with pytest.raises(Refused) as refused:
        actions.set_checks(indicator=card.indicator, checks=usual(**checks), edition=0, by=office.actor("team"))
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert not Check.objects.exists()


def test_checks_are_set_by_planners_on_the_newest(office: Engine) -> None:
    card = make_card(office.world, "Kartu")
    with pytest.raises(Forbidden):
        actions.set_checks(indicator=card.indicator, checks=usual(), edition=0, by=office.actor("ikp"))
    actions.set_checks(indicator=card.indicator, checks=usual(), edition=0, by=office.actor("team"))
    with pytest.raises(Conflict):
        actions.set_checks(indicator=card.indicator, checks=usual(), edition=0, by=office.actor("team"))
    assert {row.edition for row in Check.objects.all()} == {1}


def test_what_is_only_told_stops_nobody_and_travels_on(office: Engine) -> None:
    assert two_quarters(office, "12", "12")
    run = Run.objects.get(period="2026-Q2")
    assert submit(office, run, "ikp").status == "done"
    (row,) = content_of(office.reach("team"), run)["rows"]
    assert row["warnings"] == ["Ikp Melati, Triwulan II 2026: Sama persis dengan Triwulan I 2026 (12)."]


@pytest.mark.parametrize(("allowed", "refused"), [(False, True), (True, False)])
def test_negative_needs_the_cards_leave(office: Engine, *, allowed: bool, refused: bool) -> None:
    make_card(office.world, "Kartu", units=("ikp",), negative_target=allowed)
    run = collect(office)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(-1)))
    if refused:
        with pytest.raises(Refused, match="tidak mengizinkan angka negatif"):
            submit(office, run, "ikp")
    else:
        assert submit(office, run, "ikp").status == "done"


def test_foreign_lines_and_long_texts_are_refused(office: Engine, card: Card) -> None:
    other = make_card(office.world, "Lain", units=("aptika",))
    run = collect(office)
    line = sheet(office, run, "ikp").lines[0]
    for said in (ActualEntry(other.pk, "2026-Q1", Decimal(1)), ActualEntry(card.pk, "2026-Q2", Decimal(1))):
        with pytest.raises(Refused, match="bukan bagian dari formulir ini"):
            save(office, run, "ikp", said)
    with pytest.raises(Refused, match="terlalu panjang"):
        save(office, run, "ikp", told(line, cause="x" * 2001))
    assert not Actual.objects.exists()


def test_closed_form_takes_nothing(office: Engine, card: Card) -> None:
    run = collect(office)
    item, line = filling(run, office, "ikp"), sheet(office, run, "ikp").lines[0]
    report(office, run, "ikp", Decimal(1))
    person = office.reach("ikp")
    with pytest.raises(Refused, match="sudah diselesaikan"):
        actions.save_form(
            item=item, entry=FormEntry([told(line, Decimal(2))]), edition=1, by=person.actor(), reach=person
        )
    assert Actual.objects.get().value == 1


def test_letters_are_those_of_a_known_order() -> None:
    assert (read_letter(" bb "), read_letter("")) == ("BB", "")
    with pytest.raises(Unread, match="Predikat “x” tidak dikenal"):
        read_letter("x")


def test_figures_and_targets_as_people_read_them(office: Engine) -> None:
    stone = make_card(office.world, "Tonggak", polarity="milestone", targets={"2026": "1"})
    stages = make_card(office.world, "Tahap", polarity="milestone", targets={"2026": "4"})
    assert [shown_actual(stone, Decimal(value), "") for value in (1, 0)] == ["Selesai", "Belum selesai"]
    assert shown_actual(stages, Decimal(3), "") == "3"
    assert shown_target(Target(card=stone, period="2026", low=Decimal(7), high=Decimal("8.5"))) == "7–8,5"
    assert shown_target(None) == ""
    assert [shown_number(Decimal(text)) for text in ("1234.5678", "33.333333333333", "0.66666", "2")] == [
        "1.234,5678",
        "33,3333",
        "0,6667",
        "2",
    ]

"""A worksheet's lines beside last period, last year, the annual target and the target that ends the Renstra."""

from decimal import Decimal

from capaian.collection.actions import record_history
from capaian.collection.entries import HistoryEntry
from capaian.measurement.comparison import Compared, compared, compared_table, words_table
from capaian.measurement.models import Measurement
from capaian.measurement.papers import recap_blocks
from capaian.measurement.recap import recap
from capaian.measurement.year_queries import lines_of
from capaian.planning.models import Card, Target
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.reporting.planted import plant
from tests.sop.driver import Engine
from tests.web.looks import text

EACH = {"2026-Q1": "80", "2026-Q2": "80", "2026": "90"}


def beside(office: Engine, period: str, values: dict[str, str | None]) -> dict[str, Compared]:
    """Return the comparisons of a planted worksheet by the first word of their names."""
    found = compared(office.reach("team"), lines_of(plant(office, period, values)))
    return {each.line.card["name"].split()[0]: each for each in found}


def shown(each: Compared) -> list[tuple[str, str, str]]:
    return [(one.label, one.target, str(one.result and one.result.shown)) for one in each.besides]


def test_nothing_to_compare_with(office: Engine) -> None:
    make_card(office.world, "Layanan", targets={"2026-Q1": "80"})
    assert not beside(office, "2026-Q1", {"Layanan": "72"})["Layanan"].besides


def test_all_four_comparisons(office: Engine) -> None:
    card = make_card(office.world, "Layanan", targets=EACH)
    make_card(office.world, "Insiden", targets=EACH, polarity="minimize", consolidation="sum")
    end = Card.objects.create(
        agency=office.world.agency, indicator=card.indicator, year=2029, name="Layanan", measured_in="persen", weight=1
    )
    Target.objects.create(card=end, period="2029", value=Decimal(120))
    before = Card.objects.create(
        agency=office.world.agency, indicator=card.indicator, year=2025, name="Layanan", measured_in="persen",
        weight=1, frequency="year",
    )  # fmt: skip
    Target.objects.create(card=before, period="2025", value=Decimal(70))
    unit = office.world.units["secretariat"].pk
    figure = HistoryEntry(before.pk, unit, "2025", Decimal(77), "LKjIP 2025")
    record_history(agency=office.world.agency, figures=[figure], by=office.world.actor("team"))
    plant(office, "2026-Q1", {"Layanan": "72", "Insiden": "40"})
    found = beside(office, "2026-Q2", {"Layanan": "84", "Insiden": "60"})
    assert shown(found["Layanan"]) == [
        ("Triwulan I 2026", "80", "90.00"),
        ("Tahun 2025 (riwayat)", "70", "110.00"),
        ("Target tahunan 2026", "90", "93.33"),
        ("Target akhir Renstra 2029", "120", "70.00"),
    ]
    # the first quarter was never approved: a missing count must not look like a better year
    assert shown(found["Insiden"]) == [("Triwulan I 2026", "80", "150.00"), ("Target tahunan 2026", "90", "None")]
    rows = {row[0].split()[0]: row[1:] for row in compared_table(list(found.values())).texts()}
    assert rows["Layanan"] == ["105,00", "90,00", "110,00", "93,33", "70,00"]


def test_a_missing_period_is_never_compared_as_zero(office: Engine) -> None:
    make_card(office.world, "Layanan", targets=EACH)
    plant(office, "2026-Q1", {"Layanan": None})
    found = beside(office, "2026-Q2", {"Layanan": "84"})["Layanan"]
    assert compared_table([found]).texts()[0][2] == "jatuh tempo tetapi belum ada realisasi"


def test_words_of_units_stand_on_the_pages(office: Engine) -> None:
    make_card(office.world, "Layanan", targets=EACH)
    sheet = plant(office, "2026-Q1", {"Layanan": "72"})
    row = Measurement.objects.get(worksheet=sheet)
    told: dict[str, object] = {"unit": "Sekretariat", "actual": None, "value": "72", "letter": "", "data": {},
            "evidence": [], "cause": "Kabel putus", "obstacle": "", "follow_up": "Pasang ulang", "entered_by": "",
            "entered_at": "", "submitted_by": "", "waived": ""}  # fmt: skip
    row.inputs["periods"][0]["units"] = [told]
    row.save()
    assert words_table(lines_of(sheet)).texts() == [
        ["Layanan MELATI", "Sekretariat", "Kabel putus", "–", "Pasang ulang"]
    ]
    for path in (f"/pengukuran/{row.public_id}/", f"/kertas-kerja/{sheet.public_id}/"):
        page = text(client_of(office, "head").get(path))
        assert "Kabel putus" in page
        assert "Target tahunan" in page or "target tahunan" in page


def test_recap_names_weights_and_who_is_left_out(office: Engine) -> None:
    make_card(office.world, "Layanan", targets=EACH, weight="3")
    make_card(office.world, "Belum", targets={"2026-Q2": "1"}, weight="1.5")
    table, left_out = recap_blocks(recap(lines_of(plant(office, "2026-Q1", {"Layanan": "72"}))), "k")
    assert table["rows"][0][2:] == ["1 dari 2 dilaporkan", "3 dari 4,5", "90,00", "Tinggi", "k-r1"]
    assert left_out["items"] == ["Belum MELATI: belum jatuh tempo"]

"""The figures of a worksheet are those of `capaian measure` on the same targets and actuals."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.measurement.computing import measured
from capaian.measurement.recap import tally
from capaian.planning.models import Target
from capaian.tables.columns import RESULTS
from tests.cli.tables import rows_of, run, write
from tests.measurement.conftest import collected, measuring, worksheet
from tests.measurement.snapshots import Cell, snapshot
from tests.planning.cards import make_card
from tests.sop.driver import Engine

HEADING = "indikator;polaritas;target;realisasi;toleransi"
#: name, polarity, target, actual; "80..90" is a range, "" is nothing
PAIRS = (
    ("Satu", "maximize", "400", "363.98"),
    ("Dua", "maximize", "3", "1"),
    ("Tiga", "maximize", "75", "120"),
    ("Empat", "maximize", "100", "0"),
    ("Lima", "maximize", "100", ""),
    ("Enam", "maximize", "2", "-1"),
    ("Tujuh", "minimize", "10", "12"),
    ("Delapan", "minimize", "10", "30"),
    ("Sembilan", "minimize", "0", "0"),
    ("Sepuluh", "minimize", "0", "2"),
    ("Sebelas", "minimize_ratio", "88.82", "135.15"),
    ("Duabelas", "minimize_ratio", "10", "0"),
    ("Tigabelas", "stabilize", "50", "110"),
    ("Empatbelas", "stabilize", "0", "1"),
    ("Limabelas", "range_max", "80..90", "92"),
    ("Enambelas", "range_min", "7..8", "6.5"),
    ("Tujuhbelas", "predicate", "BB", "B"),
    ("Delapanbelas", "milestone", "5", "4"),
    ("Sembilanbelas", "maximize", "1234.5", "1111.05"),
    ("Duapuluh", "maximize", "-2", "-1"),
    ("Duasatu", "minimize", "-2", "-3"),
)  # fmt: skip
EMPTY = {"": None}


def number(text: str) -> Decimal | None:
    """Read a figure of the command's output."""
    return Decimal(text.replace(",", ".")) if text else None


def by_command(folder: Path, rows: list[str]) -> list[dict[str, str]]:
    """Return what the command says of rows written with a decimal comma."""
    source = write(folder / "masuk.csv", HEADING, *rows)
    assert run("measure", source, "--output", folder / "keluar.csv") == 0
    return rows_of(folder / "keluar.csv")


def row_of(name: str, polarity: str, target: str, actual: str, tolerance: str = "") -> str:
    cells = (name, polarity, target.replace("..", "–").replace(".", ",").replace("–", ".."), actual.replace(".", ","))
    return ";".join((*cells, tolerance))


def test_a_worksheet_says_what_the_command_says(office: Engine, tmp_path: Path) -> None:
    for name, polarity, target, _ in PAIRS:
        low, _, high = target.partition("..")
        targets = {} if high else {"2026-Q1": target}
        card = make_card(office.world, name, targets=targets, polarity=polarity, negative_target=True)
        if high:
            Target.objects.create(card=card, period="2026-Q1", low=Decimal(low), high=Decimal(high))
    collected(office, {f"{name} ": EMPTY.get(actual, actual) for name, _, _, actual in PAIRS})
    found = worksheet(office, measuring(office, "B06").run)
    said = {row["indikator"]: row for row in by_command(tmp_path, [row_of(*pair) for pair in PAIRS])}
    assert found.measurements.count() == len(said) == len(PAIRS)
    for row in found.measurements.select_related("card"):
        told = said[row.card.name.split()[0]]
        raw, shown, score, category, reason = (told[name] for name in RESULTS)
        assert (row.raw, row.shown, row.score, row.category) == (
            number(raw),
            number(shown),
            number(score),
            category,
        ), row.card.name
        assert bool(row.reason) == bool(reason), row.card.name
    count = tally(found.measurements.all())
    assert (count.total, count.measured) == (len(PAIRS), sum(bool(row["achievement"]) for row in said.values()))


FIGURES = st.none() | st.decimals(-2000, 2000, places=2)
ROWS = st.lists(
    st.tuples(st.sampled_from(["maximize", "minimize", "minimize_ratio", "stabilize"]), FIGURES, FIGURES),
    min_size=1,
    max_size=40,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("command")


@given(ROWS)
def test_any_figures_give_the_same(folder: Path, rows: list[tuple[str, Decimal | None, Decimal | None]]) -> None:
    texts = [[polarity, *("" if each is None else str(each) for each in pair)] for polarity, *pair in rows]
    said = by_command(folder, [row_of(f"I{place}", *cells) for place, cells in enumerate(texts)])
    for (polarity, target, actual), told in zip(texts, said, strict=True):
        given_: tuple[Cell, Cell] = (target or None, actual or None)
        inputs = snapshot([given_[0]], [given_[1]], later=True, polarity=polarity, negative_target=True)
        result = measured(inputs).outcome.result
        if target and Decimal(target) == 0 and polarity == "maximize":
            continue  # in a plan a 0 by period says "not due", in a table it says "target nol"
        assert (result.raw, result.shown, result.score, result.category or "") == (
            number(told["achievement_raw"]),
            number(told["achievement"]),
            number(told["score"]),
            told["category"],
        )

"""200 generated mutations of our own workbook: the right values or a named cell, never a wrong value accepted."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from capaian.collection.import_actions import proposal_of
from capaian.sop.models import Run
from capaian.workbooks.problems import UnreadableTable
from tests.collection.conftest import collect, save, sheet, told
from tests.collection.offline_edit import Book, Formula, bring, reach_of, taken_along
from tests.planning.cards import make_card
from tests.sop.driver import Engine

pytestmark = pytest.mark.django_db
MUTATIONS = 200 if os.environ.get("CAPAIAN_PROOF") == "1" else 34
CARDS = 8


@dataclass
class Sheet:
    """A filled workbook with what its author means: by a row's code the value; None where nobody can tell."""

    book: Book
    random: Random
    means: dict[str, Decimal | None] = field(default_factory=dict)
    must_name: bool = False

    @property
    def at(self) -> int:
        """Where the codes stand."""
        return self.book.column("key")

    def code(self, down: int) -> str:
        """The code of a row."""
        return str(self.book.rows[down][self.at])

    def row(self) -> int:
        """One of the rows."""
        return self.random.choice(self.book.body())

    def says(self, value: Any, meaning: Decimal | None) -> None:
        """Write into the value of one of the rows; None means that it must be named."""
        down = self.random.choice(self.book.body()[:CARDS])  # those in per cent
        self.book.put(down, "value", value)
        self.means[self.code(down)] = meaning
        self.must_name = meaning is None


Mutation = Callable[[Sheet], None]


def merged(sheet: Sheet) -> None:
    down = sheet.random.choice(sheet.book.body()[:-1])
    column = sheet.book.column("value")
    sheet.book.merged.append((down, column, down + 1, column))
    for each in (down, down + 1):
        sheet.means[sheet.code(each)] = None
    sheet.must_name = True


def merged_codes(sheet: Sheet) -> None:
    down = sheet.random.choice(sheet.book.body()[:-1])
    sheet.means[sheet.code(down + 1)] = None
    sheet.book.merged.append((down, sheet.at, down + 1, sheet.at))
    sheet.book.rows[down + 1][sheet.at] = ""
    sheet.must_name = True


def hidden_rows(sheet: Sheet) -> None:
    sheet.book.hidden_rows = {sheet.row(), sheet.row()}


def renamed_value(sheet: Sheet) -> None:
    sheet.book.head[sheet.book.column("value")] = sheet.random.choice(["Nilai TW I", "Realisasi", "Capaian", ""])
    sheet.means = dict.fromkeys(sheet.means)
    sheet.must_name = True


def renamed_fact(sheet: Sheet) -> None:
    sheet.book.head[sheet.book.column(sheet.random.choice(["unit", "period", "input", "measured_in"]))] = "Lain"
    sheet.means = dict.fromkeys(sheet.means)
    sheet.must_name = True


def doubled_value(sheet: Sheet) -> None:
    for row in sheet.book.rows:
        row.append(sheet.random.randint(1, 9))
    sheet.book.head[-1] = "Nilai"
    sheet.means = dict.fromkeys(sheet.means)
    sheet.must_name = True


def moved_columns(sheet: Sheet) -> None:
    order = list(range(len(sheet.book.head)))
    sheet.random.shuffle(order)
    for row in sheet.book.rows:
        row.extend([""] * (len(order) - len(row)))
        row[:] = [row[at] for at in order]


def further_column(sheet: Sheet) -> None:
    for down in sheet.book.body():
        sheet.book.rows[down].append(sheet.random.randint(1, 999))
    sheet.book.head.append("Catatan kami")
    sheet.must_name = True


def rows_above(sheet: Sheet) -> None:
    for _ in range(sheet.random.randint(1, 5)):
        sheet.book.rows.insert(sheet.random.randint(0, 3), ["Judul tambahan", 5])


def second_head(sheet: Sheet) -> None:
    sheet.book.rows.insert(sheet.row(), list(sheet.book.head))


def blank_rows(sheet: Sheet) -> None:
    for _ in range(3):
        sheet.book.rows.insert(sheet.row(), [""] * 14)


def doubled_row(sheet: Sheet) -> None:
    down = sheet.row()
    again = list(sheet.book.rows[down])
    again[sheet.book.column("value")] = 999
    sheet.means[sheet.code(down)] = None
    sheet.book.rows.insert(sheet.row(), again)
    sheet.must_name = True


def totals(sheet: Sheet) -> None:
    total: list[Any] = [""] * 15
    total[sheet.book.column("name")] = "Jumlah"
    total[sheet.book.column("value")] = sheet.random.choice([4321, Formula("=SUM(J5:J9)", 4321)])
    sheet.book.rows.append(total)
    sheet.must_name = True


def sorted_rows(sheet: Sheet) -> None:
    first = sheet.book.body()[0]
    below = sheet.book.rows[first:]
    sheet.random.shuffle(below)
    sheet.book.rows[first:] = below


def removed_rows(sheet: Sheet) -> None:
    down = sheet.row()
    sheet.means.pop(sheet.code(down), None)
    del sheet.book.rows[down]


def shifted_right(sheet: Sheet) -> None:
    down = sheet.row()
    sheet.means[sheet.code(down)] = None
    sheet.book.rows[down].insert(sheet.random.randint(0, 8), sheet.random.choice(["", 7]))
    sheet.must_name = True


def shifted_down(sheet: Sheet) -> None:
    """Cells of the left columns pushed down by one, as "insert cells" does."""
    body = sheet.book.body()
    begin = sheet.random.randrange(len(body) - 1)
    width = sheet.random.randint(1, 9)
    sheet.means |= {sheet.code(down): None for down in body[begin:]}
    for down in reversed(body[begin + 1 :]):
        sheet.book.rows[down][:width] = sheet.book.rows[down - 1][:width]
    sheet.book.rows[body[begin]][:width] = [""] * width
    sheet.must_name = True


def everything_shifted(sheet: Sheet) -> None:
    for row in sheet.book.rows:
        row.insert(0, "")


def another_code(sheet: Sheet) -> None:
    first, second = sheet.random.sample(sheet.book.body(), 2)
    one, other = sheet.code(first), sheet.code(second)
    for down, code in ((first, other), (second, one)):
        sheet.book.put(down, "key", code)
        sheet.book.put(down, "again", code)
    sheet.means |= {one: None, other: None}
    sheet.must_name = True


def made_up_code(sheet: Sheet) -> None:
    down = sheet.row()
    sheet.means[sheet.code(down)] = None
    sheet.book.rows[down][sheet.at] = sheet.random.choice(["K123", 5, "kode", sheet.code(down).lower()])
    sheet.must_name = True


def another_fact(sheet: Sheet) -> None:
    down = sheet.row()
    sheet.means[sheet.code(down)] = None
    sheet.book.put(down, sheet.random.choice(["name", "period", "measured_in", "unit"]), "Lain")
    sheet.must_name = True


def broken_seal(sheet: Sheet) -> None:
    text = sheet.book.seal[0]
    sheet.book.seal[0] = sheet.random.choice([text[:-3], f"{text[:50]}A{text[51:]}", "", "s"])
    sheet.means = dict.fromkeys(sheet.means)
    sheet.must_name = True


def renamed_sheet(sheet: Sheet) -> None:
    sheet.book.name = sheet.random.choice(["Sheet1", "Isian (2)"])
    sheet.means = dict.fromkeys(sheet.means)
    sheet.must_name = True


def hidden_sheet(sheet: Sheet) -> None:
    sheet.book.further = [("Lain", [["x"]])]
    sheet.book.hidden_sheet = True
    sheet.means = dict.fromkeys(sheet.means)
    sheet.must_name = True


def sheets_beside(sheet: Sheet) -> None:
    sheet.book.first = ["Ringkasan"]
    sheet.book.further = [("Hitungan", [["Kode", "Nilai"], ["x", 5]])]


def value(given: Any, meaning: str | None) -> Mutation:
    def mutate(sheet: Sheet) -> None:
        sheet.says(given, None if meaning is None else Decimal(meaning))

    mutate.__name__ = f"value {given!r}"
    return mutate


MUTATIONS_OF: tuple[Mutation, ...] = (
    merged, merged_codes, hidden_rows, renamed_value, renamed_fact, doubled_value, moved_columns, further_column,
    rows_above, second_head, blank_rows, doubled_row, totals, sorted_rows, removed_rows, shifted_right, shifted_down,
    everything_shifted, another_code, made_up_code, another_fact, broken_seal, renamed_sheet, hidden_sheet,
    sheets_beside, value("1.234,56", "1234.56"), value("1,234.56", "1234.56"), value("1.234", None),
    value("85,73%", "85.73"), value("85.73", "85.73"), value("1 234", "1234"), value("\u22125", "-5"),
    value("1e3", None), value("½", None), value("-", None), value("\uff18\uff15", "85"), value("85\u00a0", "85"),
    value("Rp 6.116.339.202,-", None), value("dua", None), value("80 orang", None), value("TRUE", None),
    value(Formula("=40+2", 42), "42"), value(Formula("=40+2"), None), value(Formula('="42"', "42"), None),
    value(Formula("=1/0", "#DIV/0!"), None), value("#REF!", None), value("2026-03-31", None), value(1.234, "1.234"),
    value(0, "0"), value("0", "0"), value(1e22, "10000000000000000000000"),
)  # fmt: skip


@pytest.fixture
def run(office: Engine) -> Run:
    for place in range(CARDS):
        make_card(office.world, f"Indikator {place}", units=("ikp",))
    make_card(office.world, "Rasio", units=("ikp",), data=("selesai", "masuk"), formula="selesai / masuk * 100")
    run = collect(office)
    lines = sheet(office, run, "ikp").lines
    save(office, run, "ikp", *(told(line, Decimal(number)) for number, line in enumerate(lines[:3], start=60)))
    return run


def filled(book: Book, random: Random) -> Sheet:
    """Return the workbook with a number in every row."""
    found = Sheet(book, random)
    for place, down in enumerate(book.body()):
        book.put(down, "value", 100 + place)
        found.means[found.code(down)] = Decimal(100 + place)
    return found


def test_mutations_of_our_own_workbook(office: Engine, run: Run) -> None:
    random = Random(1123)
    original = taken_along(office, run, "ikp")
    counts = {"right": 0, "named": 0}
    every = [MUTATIONS_OF[place % len(MUTATIONS_OF)] for place in range(max(MUTATIONS, len(MUTATIONS_OF)))]
    for mutation in every if len(every) == MUTATIONS else random.sample(every, MUTATIONS):
        mutated = filled(Book([list(row) for row in original.rows], list(original.seal)), random)
        mutation(mutated)
        accepted, named = read(office, run, mutated.book)
        for code, meant in accepted.items():
            assert mutated.means.get(code) == meant, f"{mutation.__name__}: {code} read as {meant}"
        expected = {code: meant for code, meant in mutated.means.items() if meant is not None}
        assert accepted.keys() == expected.keys(), mutation.__name__
        assert bool(named) == mutated.must_name, (mutation.__name__, named)
        counts["named" if named else "right"] += 1
    print(f"{MUTATIONS} mutations, {counts['right']} read right, {counts['named']} named, 0 wrong")


def read(office: Engine, run: Run, book: Book) -> tuple[dict[str, Any], list[str]]:
    """Return what would be written by a row's code, and the sentences of what would not."""
    upload = bring(office, run, "ikp", book.saved())
    try:
        proposal = proposal_of(upload, reach_of(office, "ikp"))
    except UnreadableTable as unread:
        return {}, list(unread.lines)
    assert all(each.text and each.where for each in proposal.refusals)
    values = {each.each.code: each.content for each in proposal.changes if each.field != "is_provisional"}
    return values, [each.text for each in proposal.refusals]


def test_control_a_value_that_is_wrongly_accepted_is_found(
    office: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capaian.collection.offline_entries.mark_of", lambda _: _Same())
    book = taken_along(office, run, "ikp")
    mutated = filled(book, Random(1))
    another_code(mutated)
    accepted, _ = read(office, run, mutated.book)
    assert any(mutated.means[code] != meant for code, meant in accepted.items())


class _Same:
    def __eq__(self, _: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from capaian.agencies.models import Agency
from capaian.agencies.rules import reasons_about_number_pattern
from capaian.documents import actions
from capaian.documents.actions import adopt_kinds, reserve
from capaian.documents.kinds import shipped_kinds
from capaian.documents.models import Document, Kind, NumberSeries
from capaian.documents.numbering import COMPULSORY, NumberValues, write_date, write_number
from capaian.documents.render import layouts
from capaian.documents.rules import reasons_not_to_number
from capaian.journal.actor import Actor
from capaian.journal.reason import Forbidden, Refused
from tests.documents.papers import DAY, a_draft

pytestmark = pytest.mark.django_db
RACERS = 16
ALL_TOKENS = "{klas}/{kode}.{urut}/{instansi}/{bulan}/{tahun}"


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


def test_shipped_kinds_are_adopted_once_and_stay_renamed(agency: Agency) -> None:
    assert [kind.code for kind in adopt_kinds(agency=agency)] == [kind.code for kind in shipped_kinds()]
    Kind.objects.filter(agency=agency, code="ND").update(name="Nota")
    Kind.objects.filter(agency=agency, code="LBR").delete()
    assert {kind.code for kind in adopt_kinds(agency=agency)} == {kind.code for kind in shipped_kinds()}
    assert Kind.objects.get(agency=agency, code="ND").name == "Nota"
    assert {kind.layout for kind in shipped_kinds()} == layouts()


def test_tokens_and_dates_are_written_as_in_the_law() -> None:
    values = NumberValues(classification="000.7.2.8", code="ND", place=7, agency="DISKOMINFO", dated=date(2026, 9, 1))
    assert write_number(ALL_TOKENS, values) == "000.7.2.8/ND.0007/DISKOMINFO/IX/2026"
    assert write_number("B/{urut}/{tahun}", values) == "B/0007/2026"
    assert write_date(date(2026, 11, 2)) == "2 November 2026"


def test_series_are_per_kind_and_year(agency: Agency, other_agency: Agency, actor: Actor, other_actor: Actor) -> None:
    numbers = [
        a_draft(agency, actor).number,
        a_draft(agency, actor).number,
        a_draft(agency, actor, kind_code="REK").number,
        a_draft(agency, actor, dated=date(2027, 1, 4)).number,
        a_draft(other_agency, other_actor).number,
    ]
    assert numbers == [
        "000.7.2.8/ND.0001/DISKOMINFO/XI/2026",
        "000.7.2.8/ND.0002/DISKOMINFO/XI/2026",
        "000.8.6.3/REK.0001/DISKOMINFO/XI/2026",
        "000.7.2.8/ND.0001/DISKOMINFO/I/2027",
        "000.7.2.8/ND.0001/DINKES/XI/2026",
    ]


def test_an_undone_transaction_gives_its_number_back(agency: Agency, actor: Actor) -> None:
    with transaction.atomic():
        assert a_draft(agency, actor).number.split("/")[1] == "ND.0001"
        transaction.set_rollback(True)
    assert a_draft(agency, actor).number.split("/")[1] == "ND.0001"


def test_kinds_that_share_a_pattern_share_its_numbers(agency: Agency, actor: Actor) -> None:
    agency.number_pattern = "{klas}/{urut}/{tahun}"
    made = [a_draft(agency, actor, kind_code=code).number for code in ("REK", "FRM", "REK", "FRM")]
    assert made == [f"000.8.6.3/{place:04}/2026" for place in (1, 2, 3, 4)]


def test_a_typed_number_bypasses_the_series(agency: Agency, actor: Actor) -> None:
    typed = a_draft(agency, actor, typed_number="  B/500.12/0001/SRIKANDI/2026 ")
    assert (typed.number, typed.number_typed) == ("B/500.12/0001/SRIKANDI/2026", True)
    assert typed.context["number"] == typed.number
    assert NumberSeries.objects.count() == 0
    ahead = a_draft(agency, actor, typed_number="000.7.2.8/ND.0001/DISKOMINFO/XI/2026")
    automatic = a_draft(agency, actor)
    assert (ahead.number_typed, automatic.number_typed) == (True, False)
    assert automatic.number == "000.7.2.8/ND.0002/DISKOMINFO/XI/2026"


def test_a_typed_number_already_used_is_refused_in_a_sentence(
    agency: Agency, other_agency: Agency, actor: Actor, other_actor: Actor
) -> None:
    a_draft(agency, actor, typed_number="B/1/2026", title="Laporan")
    with pytest.raises(Refused) as caught:
        a_draft(agency, actor, typed_number="B/1/2026")
    reason = caught.value.reasons[0]
    assert reason.text == "Nomor B/1/2026 sudah dipakai naskah “Laporan” tanggal 22 November 2026."
    assert (reason.code, reason.field) == ("number_taken", "number")
    assert Document.objects.count() == 1
    assert a_draft(other_agency, other_actor, typed_number="B/1/2026").number == "B/1/2026"


def test_a_number_typed_in_the_same_moment_is_refused_too(
    agency: Agency, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule saw nothing, the database's own constraint decides, and the transaction goes on."""
    a_draft(agency, actor, typed_number="B/1/2026")
    monkeypatch.setattr(actions, "reasons_not_to_number", lambda *_: [])
    with transaction.atomic():
        with pytest.raises(Refused) as caught:
            a_draft(agency, actor, typed_number="B/1/2026")
        assert codes(caught) == ["number_taken"]
        assert a_draft(agency, actor, typed_number="B/2/2026").pk


def test_without_the_constraint_numbers_would_double(agency: Agency, actor: Actor) -> None:
    """Negative control: the constraint, not the rule, is what holds."""
    first = a_draft(agency, actor)
    twin = Document.objects.get(pk=first.pk)
    twin.pk, twin.public_id = None, "kembaran234567"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (" ", "number_empty"),
        ("x" * 121, "number_too_long"),
        ("B/1\x00", "number_unprintable"),
        ("B/1\n2", "number_unprintable"),
        ("B/\u202e1", "number_unprintable"),
        ("B/1/中", "number_unprintable"),
    ],
)
def test_numbers_that_no_register_has(agency: Agency, number: str, code: str) -> None:
    reasons = reasons_not_to_number(agency, number)
    assert [reason.code for reason in reasons] == [code]
    assert reasons[0].next_step
    assert reasons_not_to_number(agency, "x" * 120) == []


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("{klas}/{tahun}", "pattern_incomplete"),
        ("{urut}", "pattern_incomplete"),
        ("{urut}/{tahun}/{unit}", "pattern_unknown"),
        ("{urut}/{tahun}/{", "pattern_braces"),
        ("{urut}/{tahun}/{{klas}}", "pattern_braces"),
        ("", "pattern_incomplete"),
    ],
)
def test_patterns_that_cannot_number(agency: Agency, actor: Actor, pattern: str, code: str) -> None:
    assert [reason.code for reason in reasons_about_number_pattern(pattern, COMPULSORY)] == [code]
    agency.number_pattern = pattern
    with pytest.raises(Refused) as caught:
        a_draft(agency, actor)
    assert codes(caught) == [code]
    assert reasons_about_number_pattern(ALL_TOKENS) == []


def test_a_pattern_that_makes_too_long_numbers(agency: Agency, actor: Actor) -> None:
    agency.number_pattern = "x" * 111 + "{urut}/{tahun}"
    assert len(a_draft(agency, actor).number) == 120
    agency.number_pattern = "x" * 112 + "{urut}/{tahun}"
    with pytest.raises(Refused) as caught:
        a_draft(agency, actor)
    assert codes(caught) == ["number_too_long"]


def test_what_else_refuses_a_paper(agency: Agency, other_agency: Agency, actor: Actor, other_actor: Actor) -> None:
    for changes, code in (
        ({"kind_code": "XX"}, "kind_unknown"),
        ({"title": " \n "}, "title_empty"),
        ({"title": "x" * 241}, "title_too_long"),
        ({"supersedes": a_draft(other_agency, other_actor)}, "supersedes_foreign"),
    ):
        with pytest.raises(Refused) as caught:
            a_draft(agency, actor, **changes)
        assert codes(caught) == [code]
    with pytest.raises(Forbidden):
        a_draft(agency, other_actor)
    assert Document.objects.filter(agency=agency).count() == 0


@pytest.mark.django_db(transaction=True)
def test_reserving_outside_a_transaction_is_an_error(agency: Agency, actor: Actor) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        reserve(agency=agency, kind_code="ND", title="Nota", dated=DAY, context={}, by=actor)


def race(take: Callable[[], str]) -> list[str]:
    """Let 16 threads take a number at once; return their numbers."""
    barrier, numbers, errors = threading.Barrier(RACERS), [], []

    def run() -> None:
        try:
            barrier.wait(10)
            numbers.append(take())
        except Exception as error:  # noqa: BLE001  (told by the assertion below)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return sorted(numbers)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_get_sixteen_numbers_without_gap(agency: Agency, actor: Actor) -> None:
    numbers = race(lambda: a_draft(agency, actor).number)
    assert numbers == [f"000.7.2.8/ND.{place:04}/DISKOMINFO/XI/2026" for place in range(1, RACERS + 1)]
    assert NumberSeries.objects.get().last == RACERS


@pytest.mark.django_db(transaction=True)
def test_the_same_race_doubles_numbers_that_are_read_outside_the_lock(agency: Agency, actor: Actor) -> None:
    """Negative control: read, then write in a transaction."""
    a_draft(agency, actor)
    everybody_has_read = threading.Barrier(RACERS)

    def take() -> str:
        last = NumberSeries.objects.get().last
        everybody_has_read.wait(10)
        with transaction.atomic():
            NumberSeries.objects.update(last=last + 1)
        return f"{last + 1:04}"

    assert race(take) == ["0002"] * RACERS

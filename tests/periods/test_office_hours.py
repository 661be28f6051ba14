"""Office hours: what people type is read or refused in a sentence; the shipped hours are those of Perpres 21/2023."""

from datetime import UTC, date, time

import pytest

from capaian.periods.office_hours import DEFAULT_HOURS, HoursFrom, Span, overlaid, parse_spans, spans_text

MORNING, AFTERNOON = Span(time(7, 30), time(12)), Span(time(13), time(16))


@pytest.mark.parametrize(
    "text",
    [
        "07:30-12:00,13:00-16:00",
        "7.30 - 12.00, 13.00 \u2013 16.00",
        "13:00-16:00 , 07:30-12:00",
        " 7:30-12:00,13:00-16:00 ",
    ],
)
def test_spans_are_read_as_people_write_them(text: str) -> None:
    assert parse_spans(text) == (MORNING, AFTERNOON)
    assert spans_text(parse_spans(text)) == "07:30-12:00,13:00-16:00"


@pytest.mark.parametrize("text", ["", "   "])
def test_empty_text_is_a_day_off(text: str) -> None:
    assert parse_spans(text) == ()
    assert spans_text(()) == ""


def test_spans_may_touch() -> None:
    assert [span.minutes for span in parse_spans("07:30-12:00,12:00-16:00")] == [270, 240]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("12:00-07:30", "Jam selesai 07:30 harus sesudah jam mulai 12:00."),
        ("07:30-07:30", "Jam selesai 07:30 harus sesudah jam mulai 07:30."),
        ("07:30-12:00,11:59-16:00", "Jam kerja 07:30-12:00 dan 11:59-16:00 tumpang tindih."),
        ("13:00-16:00,07:30-13:01", "Jam kerja 07:30-13:01 dan 13:00-16:00 tumpang tindih."),
        ("07:30-24:00", "\u201c24:00\u201d bukan jam; tulis seperti 07:30."),
        ("07:60-12:00", "\u201c07:60\u201d bukan jam; tulis seperti 07:30."),
        ("pagi-12:00", "\u201cpagi\u201d bukan jam; tulis seperti 07:30."),
        ("-07:30", "\u201c\u201d bukan jam; tulis seperti 07:30."),
        ("0730-12:00", "\u201c0730\u201d bukan jam; tulis seperti 07:30."),
        ("07:30", "Rentang jam kerja \u201c07:30\u201d tidak terbaca; tulis seperti 07:30-12:00."),
        ("07:30-12:00,", "Rentang jam kerja \u201c\u201d tidak terbaca; tulis seperti 07:30-12:00."),
        (
            "07:30-12:00-16:00",
            "Rentang jam kerja \u201c07:30-12:00-16:00\u201d tidak terbaca; tulis seperti 07:30-12:00.",
        ),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"[Jj]am") as refusal:
        parse_spans(text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("start", [time(7, 30, 1), time(7, 30, 0, 1), time(7, 30, tzinfo=UTC)])
def test_a_span_is_whole_minutes_of_local_time(start: time) -> None:
    with pytest.raises(ValueError, match="jam dan menit setempat"):
        Span(start, time(12))


def test_hours_of_a_weekday_are_checked_too() -> None:
    assert HoursFrom(date(2026, 1, 1), 6, (AFTERNOON, MORNING)).spans == (MORNING, AFTERNOON)
    with pytest.raises(ValueError, match="tumpang tindih"):
        HoursFrom(date(2026, 1, 1), 0, (MORNING, MORNING))
    with pytest.raises(ValueError, match="weekday"):
        HoursFrom(date(2026, 1, 1), 7, (MORNING,))


def minutes_of_breaks(row: HoursFrom) -> int:
    whole = Span(row.spans[0].start, row.spans[-1].end)
    return whole.minutes - row.minutes


def test_default_hours_are_those_of_the_decree() -> None:
    ordinary = [row for row in DEFAULT_HOURS if not row.ramadan]
    ramadan = [row for row in DEFAULT_HOURS if row.ramadan]
    assert [row.weekday for row in ordinary] == [row.weekday for row in ramadan] == [0, 1, 2, 3, 4]
    assert [row.minutes for row in ordinary] == [450] * 5
    assert [row.minutes for row in ramadan] == [390] * 5
    assert sum(row.minutes for row in ordinary) == 37 * 60 + 30
    assert sum(row.minutes for row in ramadan) == 32 * 60 + 30
    assert [minutes_of_breaks(row) for row in ordinary] == [60, 60, 60, 60, 90]
    assert [minutes_of_breaks(row) for row in ramadan] == [30, 30, 30, 30, 60]
    assert {row.spans[0].start for row in ordinary} == {time(7, 30)}
    assert {row.spans[0].start for row in ramadan} == {time(8)}


def test_an_agency_follows_its_own_hours_from_its_first_row_on() -> None:
    def row(year: int, weekday: int, *, ramadan: bool = False) -> HoursFrom:
        return HoursFrom(date(year, 1, 1), weekday, (MORNING,), ramadan)

    own = row(2026, 0)
    kept = (row(2023, 0), row(2027, 1), row(2027, 0, ramadan=True))
    assert overlaid([*kept, row(2026, 0), row(2027, 0)], [own]) == (*kept, own)
    assert overlaid(DEFAULT_HOURS, []) == DEFAULT_HOURS
    later = row(2028, 0)
    assert overlaid([row(2027, 0)], [later, own]) == (later, own)

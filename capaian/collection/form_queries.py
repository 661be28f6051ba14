"""Reads one unit's form whole: its cards, what stands on their periods, what stood before.

The page of a form and every saving while it is typed ask this, so its questions are prepared (`journal.prepared`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from capaian.agencies.models import Person, Unit
from capaian.agencies.queries import PEOPLE, Reach
from capaian.collection import rules
from capaian.collection.models import Actual, ActualDatum, Check, Evidence, FormCard, Round, UnitForm
from capaian.collection.queries import wanted_cards
from capaian.collection.sheets import Block, Line, Sheet
from capaian.documents.queries import DOCUMENTS, FILES
from capaian.journal.prepared import Prepared, PreparedMany, lay_rows
from capaian.periods.period import Period
from capaian.planning.models import Card, CardDatum, Target
from capaian.sop.models import Run

#: What people do with a form, each kept with its person and time.
DEEDS = ("saved", "received", "submitted", "distributed")
FORM = Prepared(
    lambda agency_id, run_id, unit_id: UnitForm.objects.filter(
        agency_id=agency_id, round__run_id=run_id, unit_id=unit_id
    ),
    -1,
    -2,
    -3,
)
ROUNDS = PreparedMany(lambda numbers: Round.objects.filter(pk__in=numbers))
FORMS = PreparedMany(lambda numbers: UnitForm.objects.filter(pk__in=numbers))
RUNS = PreparedMany(lambda numbers: Run.objects.filter(pk__in=numbers))
CARDS_OF_FORM = Prepared(
    lambda pk: FormCard.objects.filter(form_id=pk).order_by("ordinal", "pk").values_list("card_id", "card__public_id"),
    -1,
)
CARDS = PreparedMany(lambda numbers: Card.objects.filter(pk__in=numbers))
SIBLINGS = PreparedMany(
    lambda numbers: Card.objects.filter(indicator_id__in=numbers).values_list("pk", "indicator_id", "year")
)
DATA_OF_CARDS = PreparedMany(lambda numbers: CardDatum.objects.filter(card_id__in=numbers).order_by("ordinal"))
TARGETS = PreparedMany(lambda numbers: Target.objects.filter(card_id__in=numbers))
ACTUALS = PreparedMany(lambda numbers: Actual.objects.filter(card_id__in=numbers, is_current=True).order_by("pk"))
DATA = PreparedMany(
    lambda numbers: ActualDatum.objects.filter(actual_id__in=numbers).order_by("actual_id", "datum__ordinal")
)
EVIDENCE = PreparedMany(lambda numbers: Evidence.objects.filter(actual_id__in=numbers).order_by("pk"))
CHECKS = PreparedMany(lambda numbers: Check.objects.filter(indicator_id__in=numbers))
Found = dict[tuple[int, str], Actual]


@dataclass(frozen=True)
class _Reading:
    """One reading of a form: whose it is, and what was read so far."""

    run: Run
    unit: Unit
    form: UnitForm | None
    people: dict[int, Person]


def sheet(reach: Reach, run: Run, unit: Unit, only: Collection[str] | None = None) -> Sheet:
    """Return a unit's form in a run: as prepared, else as it would be; a constant number of queries.

    With `only`, public ids of cards, the others are left out.
    """
    reading = _Reading(run, unit, next(iter(FORM.ask(reach.agency.pk, run.pk, unit.pk)), None), {})
    cards = _cards_on(reading.form, only) if reading.form else None
    if cards is None:
        cards = [card for card in wanted_cards(reach, run, unit.pk) if only is None or card.public_id in only]
    found = _actuals_of(reading, cards)
    _lay_people(reading, found.values())
    return Sheet(run, unit, reading.form, _blocks(reading, cards, found))


def _blocks(reading: _Reading, cards: Sequence[Card], found: Found) -> list[Block]:
    run = reading.run
    asked = [(card, rules.asked(card, run.period_value)) for card in cards]
    _lay_forms(reading, [found[place] for place in found.keys() & _places(asked)])
    checks = _checks_of([card.indicator_id for card in cards])

    def line(card: Card, period: Period) -> Line:
        actual = found.get((card.indicator_id, period.code))
        a_year_ago = Period(period.year - 1, period.kind, period.number)
        return Line(
            card,
            period,
            actual,
            found.get((card.indicator_id, rules.period_before(card.frequency, period).code)),
            found.get((card.indicator_id, a_year_ago.code)),
            rules.told_on(actual, run, reading.form),
            checks.get(card.indicator_id, {}),
        )

    return [
        Block(card, [line(card, period) for period in periods], run.period_value) for card, periods in asked if periods
    ]


def _places(asked: Iterable[tuple[Card, Sequence[Period]]]) -> set[tuple[int, str]]:
    return {(card.indicator_id, period.code) for card, periods in asked for period in periods}


def _cards_on(form: UnitForm, only: Collection[str] | None) -> list[Card] | None:
    """Return the wanted cards of a form; None while it was not prepared."""
    asked = CARDS_OF_FORM.ask(form.pk)
    if not asked:
        return None
    numbers = [pk for pk, key in asked if only is None or key in only]
    rows = {card.pk: card for card in CARDS.ask(numbers)}
    data, targets = _by("card_id", DATA_OF_CARDS.ask(numbers)), _by("card_id", TARGETS.ask(numbers))
    for pk, card in rows.items():
        lay_rows(card, "data", data[pk])
        lay_rows(card, "targets", targets[pk])
    return [rows[pk] for pk in numbers]


def _actuals_of(reading: _Reading, cards: Sequence[Card]) -> Found:
    """A unit's current actuals of the cards' indicators, this year and last, by indicator and period."""
    years = {year for card in cards for year in (card.year, card.year - 1)}
    siblings = {
        pk: indicator_id for pk, indicator_id, year in SIBLINGS.ask([c.indicator_id for c in cards]) if year in years
    }
    rows = [row for row in ACTUALS.ask(siblings) if row.unit_id == reading.unit.pk]
    numbers = [row.pk for row in rows]
    proofs, data = _by("actual_id", EVIDENCE.ask(numbers)), _by("actual_id", DATA.ask(numbers))
    known = {row.pk: row for row in DATA_OF_CARDS.ask({row.card_id for row in rows if data[row.pk]})}
    for row in rows:
        row.unit = reading.unit
        for datum in data[row.pk]:
            datum.datum = known[datum.datum_id]
        lay_rows(row, "data", data[row.pk])
        lay_rows(row, "evidence", proofs[row.pk])
    return {(siblings[row.card_id], row.period): row for row in rows}


def _lay_people(reading: _Reading, actuals: Collection[Actual]) -> None:
    """Read everybody whom the form names, and the files, once."""
    form, proofs = reading.form, [proof for actual in actuals for proof in actual.evidence.all()]
    named = [getattr(form, f"{did}_by_id") for did in DEEDS] if form else []
    named += [row.entered_by_id for row in actuals] + [row.added_by_id for row in proofs]
    people = {row.pk: row for row in PEOPLE.ask(_numbers(named))}
    files = {row.pk: row for row in FILES.ask(_numbers(row.file_id for row in proofs))}
    for row in actuals:
        row.entered_by = people[row.entered_by_id]
    for proof in proofs:
        proof.added_by, proof.file = people[proof.added_by_id], files.get(proof.file_id)
    if form is None:
        return
    for did in DEEDS:
        setattr(form, f"{did}_by", people.get(getattr(form, f"{did}_by_id")))
    form.unit, form.receipt = reading.unit, next(iter(DOCUMENTS.ask(_numbers([form.receipt_id]))), None)
    (form.round,) = ROUNDS.ask([form.round_id])
    form.round.run = reading.run


def _lay_forms(reading: _Reading, actuals: Collection[Actual]) -> None:
    """Give the actuals of the asked periods their forms: what was reported on another form says on which."""
    own = {} if reading.form is None else {reading.form.pk: reading.form}
    others = {row.pk: row for row in FORMS.ask(_numbers(row.form_id for row in actuals) - own.keys())}
    rounds = {row.pk: row for row in ROUNDS.ask({row.round_id for row in others.values()})}
    runs = {row.pk: row for row in RUNS.ask({row.run_id for row in rounds.values()})}
    for form in others.values():
        form.round = rounds[form.round_id]
        form.round.run = runs[form.round.run_id]
    for row in actuals:
        row.form = None if row.form_id is None else (own | others)[row.form_id]


def _checks_of(indicator_ids: Collection[int]) -> dict[int, dict[str, Check]]:
    found: dict[int, dict[str, Check]] = defaultdict(dict)
    for row in CHECKS.ask(indicator_ids):
        found[row.indicator_id][row.kind] = row
    return found


def _numbers(found: Iterable[int | None]) -> set[int]:
    return {number for number in found if number is not None}


def _by(name: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found

"""From the snapshot of a card's figures to its achievement. Reads no rows: the snapshot alone gives the same again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple

from capaian.formulas import absence as why
from capaian.formulas.absence import Absence
from capaian.formulas.achievement import (
    achieve,
    achieve_milestone,
    achieve_predicate,
    achieve_range,
    achieve_stages,
    without_number,
)
from capaian.formulas.consolidation import Consolidated, PeriodFigure, PeriodMethod, consolidate
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import EVALUATION, ordinals_of
from capaian.formulas.result import Input, Result
from capaian.formulas.rounding import Exact
from capaian.formulas.rule import Rule
from capaian.formulas.shipped_scales import shipped_scale
from capaian.journal.rules import digest_of

Snapshot = Mapping[str, Any]
Picked = Callable[["Point"], Exact | None]

TABLE_PLACES: Final = 4
LARGEST: Final = 10**12  # percent; with 12 decimals such a figure fills its column
TOO_LARGE: Final = Absence("too_large", "capaian terlalu besar: periksa satuan target dan realisasi")
UNKNOWN_LETTER: Final = Absence("unknown_letter", "huruf predikat tidak dikenal")
REVERSED: Final = Absence("range_reversed", "batas bawah target di atas batas atas")
#: What a figure that is published in the next year waits for, instead of being missing.
MISSING: Final = (why.NO_ACTUAL, why.DUE_MISSING, why.INCOMPLETE)
RANGES: Final = (Polarity.RANGE_MAX, Polarity.RANGE_MIN)
DONE: Final = frozenset({"ya", "selesai", "sudah"})
ONE: Final = Fraction(1)
WORDS: Final = {True: "true", False: "false", None: "null"}


class Promise(NamedTuple):
    """A target: a value, a range or a letter; nothing at all when none is set."""

    value: Exact | None = None
    low: Exact | None = None
    high: Exact | None = None
    letter: str = ""

    def __bool__(self) -> bool:
        return self.value is not None or self.low is not None or bool(self.letter)


NO_PROMISE: Final = Promise()


class Point(NamedTuple):
    """What one of the card's own periods promised and brought."""

    period: str
    target: Promise
    actual: Exact | None
    letter: str
    provisional: bool


class Outcome(NamedTuple):
    """An achievement with the figures it was computed from (or would have been), and their coverage."""

    result: Result
    inputs: tuple[Input, ...] = ()
    provisional: bool = False
    coverage: str = ""

    @property
    def target(self) -> str:
        """The target as tables write it: `80`, `80–90`, `BB`."""
        written = [_in_table(item) for item in self.inputs if item.name != "R" and _is_given(item)]
        return "–".join(written) or "–"

    @property
    def actual(self) -> str:
        """The actual as tables write it, a quotient with 4 decimals."""
        return next((_in_table(item) for item in self.inputs if item.name == "R" and _is_given(item)), "–")

    def facts(self) -> list[str | bool | None]:
        """What was decided beyond the inputs, exactly; the digest covers it."""
        result = self.result
        computed, absence = result.computed, result.absence
        number = None if computed is None else computed.reduced
        reason = None if absence is None else absence.code
        return [result.formula.key, number, result.category, reason, self.provisional, self.coverage]


def _in_table(item: Input) -> str:
    written = item.written
    if item.text or item.value is None or len(written.partition(",")[2]) <= TABLE_PLACES:
        return written
    return format_number(item.value, TABLE_PLACES)


class Measured(NamedTuple):
    """What a snapshot gives: the achievement up to the period and, where the year closes, that of the year."""

    outcome: Outcome
    year: Outcome | None
    digest: str


class Subject(NamedTuple):
    """A snapshot, read."""

    rule: Rule
    method: PeriodMethod
    points: tuple[Point, ...]
    has_targets: bool  # some period of the year has a target of its own
    year_target: Promise  # empty unless the year closes
    late_release: bool

    @property
    def polarity(self) -> Polarity:
        """Which direction is good."""
        return self.rule.polarity


def _is_given(item: Input) -> bool:
    return item.value is not None or bool(item.text)


@lru_cache(maxsize=8192)
def number(text: str | None) -> Exact | None:
    """Read a canonical number of a snapshot: decimal text, or a quotient where no decimals suffice."""
    if text is None:
        return None
    return Fraction(text) if "/" in text else Decimal(text)


def promise(given: Mapping[str, Any] | None) -> Promise:
    """Read a target of a snapshot."""
    if not given:
        return NO_PROMISE
    return Promise(number(given["value"]), number(given["low"]), number(given["high"]), given["letter"])


def rule_of(card: Snapshot) -> Rule:
    """Return the rule by which a card of a snapshot is measured."""
    return _rule(card["polarity"], card["cap"], card["scale"], card["tolerance"], card["negative_target"])


@lru_cache(maxsize=1024)
def _rule(polarity: str, cap: str | None, scale: str, tolerance: str | None, negative: bool) -> Rule:  # noqa: FBT001  (kept by its values)
    bound, allowed = number(cap), number(tolerance)
    return Rule(
        polarity=Polarity(polarity),
        cap=bound if isinstance(bound, Decimal) else None,
        scale=shipped_scale(scale),
        tolerance=allowed if isinstance(allowed, Decimal) else None,
        negative_target=negative,
    )


def subject_of(inputs: Snapshot) -> Subject:
    """Read a snapshot."""
    card = inputs["card"]
    points = [
        Point(row["period"], promise(row["target"]), number(row["value"]), row["letter"], row["provisional"])
        for row in inputs["periods"]
    ]
    # what is entered as "since the beginning of the year" is consolidated already
    method = PeriodMethod.LAST if card["entry"] == "to_date" else PeriodMethod(card["consolidation"])
    return Subject(
        rule=rule_of(card),
        method=method,
        points=tuple(points),
        has_targets=inputs["has_targets"],
        year_target=promise(inputs["year_target"]),
        late_release=card["released_next_year"],
    )


def measured(inputs: Snapshot) -> Measured:
    """Return the achievement that a sealed snapshot gives. The same snapshot always gives the same digest."""
    subject = subject_of(inputs)
    outcome, year = _outcomes(subject)
    # the inputs stand in it by their own digest: computing a year of a kabupaten again takes seconds, not minutes
    told = f'{{"inputs":{_quoted(inputs["digest"])},"outcome":{_listed(outcome)},"year":{_listed(year)}}}'
    return Measured(outcome, year, hashlib.sha256(told.encode()).hexdigest())


def _listed(outcome: Outcome | None) -> str:
    """Return an outcome's facts in the one text of a payload, without the general encoder: many thousands a second."""
    return f"[{','.join([_quoted(each) for each in outcome.facts()])}]" if outcome else "null"


def _quoted(fact: str | bool | None) -> str:  # noqa: FBT001  (as it stands in a payload)
    return encode_basestring(fact) if isinstance(fact, str) else WORDS[fact]


def sealed(inputs: Snapshot) -> dict[str, Any]:
    """Return a snapshot with the digest of all that stands in it."""
    return {**inputs, "digest": _own_digest(inputs)}


def is_whole(inputs: Snapshot) -> bool:
    """Tell whether a snapshot still is what it was when it was made."""
    return bool(inputs["digest"] == _own_digest(inputs))


def _own_digest(inputs: Snapshot) -> str:
    return digest_of({key: value for key, value in inputs.items() if key != "digest"})


def _outcomes(subject: Subject) -> tuple[Outcome, Outcome | None]:
    year = _judged(subject, _of_year(subject)) if subject.year_target and subject.points else None
    if not subject.points:
        return Outcome(without_number(subject.rule, why.NOT_DUE)), None
    if subject.has_targets or (subject.polarity is Polarity.MILESTONE and year is None):
        return _judged(subject, _of_period(subject)), year
    return year or Outcome(without_number(subject.rule, why.NO_TARGET), _last_actual(subject)), None


def held_against(inputs: Snapshot, target: Promise) -> Outcome | None:
    """Return what the actual so far is against a target of the whole year, of this or another one; None before it."""
    subject = subject_of(inputs)._replace(year_target=target)
    return _judged(subject, _of_year(subject)) if target and subject.points else None


def _judged(subject: Subject, outcome: Outcome) -> Outcome:
    """Refuse figures that no column holds; tell what waits for its publication from what is missing."""
    result = outcome.result
    found = result.computed
    if found is not None and abs(found.numerator) >= LARGEST * found.denominator:
        return outcome._replace(result=without_number(result.rule, TOO_LARGE), provisional=False)
    if subject.late_release and result.absence in MISSING:
        return outcome._replace(result=without_number(result.rule, why.WAITING_RELEASE))
    return outcome


def _of_period(subject: Subject) -> Outcome:
    """Measure up to the period against the targets of the elapsed periods."""
    if subject.polarity is Polarity.PREDICATE:
        return _letters(subject, None)
    if subject.polarity is Polarity.MILESTONE:
        return _milestone(subject)
    if subject.polarity in RANGES:
        low = _together(subject, lambda point: point.target.low)
        high = _together(subject, lambda point: point.target.high)
        return _ranged(subject, low, low.target, high.target)
    together = _together(subject, lambda point: point.target.value)
    return _valued(subject, together, together.target)


def _of_year(subject: Subject) -> Outcome:
    """Measure the whole year against its own target, never against the sum of those of its periods."""
    target = subject.year_target
    if subject.polarity is Polarity.PREDICATE:
        return _letters(subject, target.letter)
    together = _together(subject, lambda point: _counts(subject, point))
    if subject.polarity in RANGES:
        return _ranged(subject, together, target.low, target.high)
    if subject.polarity is Polarity.MILESTONE:
        return _milestone(subject, target)
    return _valued(subject, together, target.value)


def _counts(subject: Subject, point: Point) -> Exact | None:
    """Return a stand-in for a period's target: only whether it is due matters for the actual of the year."""
    if not subject.has_targets:
        return ONE
    return point.target.value if point.target.value is not None else (ONE if point.target else None)


def _together(subject: Subject, pick: Picked) -> Consolidated:
    figures = [PeriodFigure(pick(point), point.actual) for point in subject.points]
    return consolidate(subject.method, subject.polarity, figures, len(figures))


def _provisional(subject: Subject, together: Consolidated) -> bool:
    """Tell whether a missing period, or a figure marked so by its unit, makes the whole provisional."""
    if together.provisional or not any([point.provisional for point in subject.points]):  # noqa: C419  (a list is faster)
        return together.provisional
    given = [point for point in subject.points if point.actual is not None or point.letter]
    used = given[-1:] if subject.method is PeriodMethod.LAST else given
    return any(point.provisional for point in used)


def _outcome(subject: Subject, together: Consolidated, result: Result, *targets: Input) -> Outcome:
    inputs = result.inputs or (*targets, Input("R", "realisasi", together.actual))
    has_number = result.computed is not None
    return Outcome(result, inputs, has_number and _provisional(subject, together), together.coverage)


def _valued(subject: Subject, together: Consolidated, target: Exact | None) -> Outcome:
    rule = subject.rule
    absent = together.absence
    result = without_number(rule, absent) if absent else achieve(rule, target, together.actual)
    return _outcome(subject, together, result, Input("T", "target", target))


def _ranged(subject: Subject, together: Consolidated, low: Exact | None, high: Exact | None) -> Outcome:
    rule = subject.rule
    absent = REVERSED if low is not None and high is not None and low > high else together.absence
    result = without_number(rule, absent) if absent else achieve_range(rule, low, high, together.actual)
    bounds = (Input("L", "batas bawah", low), Input("U", "batas atas", high))
    return _outcome(subject, together, result, *bounds)


def _milestone(subject: Subject, year_target: Promise | None = None) -> Outcome:
    """Stages done of all stages where the target is a number; else done or not."""
    due = [point for point in subject.points if point.target] or list(subject.points)
    target = year_target or due[-1].target
    if target.value is None:
        together = Consolidated(None, None, len(due), ())
        result = achieve_milestone(subject.rule, done=_is_done(due[-1]))
        return _outcome(subject, together, result)._replace(coverage="")
    stages: Exact | None
    if year_target:
        together, stages = _together(subject, lambda point: _counts(subject, point)), target.value
    else:
        together = _together(subject, lambda point: point.target.value)
        stages = together.target
    return _staged(subject, together, stages)


def _staged(subject: Subject, together: Consolidated, stages: Exact | None) -> Outcome:
    rule, absent = subject.rule, together.absence
    result = without_number(rule, absent) if absent else achieve_stages(rule, stages, together.actual)
    return _outcome(subject, together, result, Input("T", "jumlah tahap", stages))


def _is_done(point: Point) -> bool | None:
    if point.letter:
        return point.letter.casefold() in DONE
    return None if point.actual is None else point.actual != 0


def _letters(subject: Subject, year_target: str | None) -> Outcome:
    """Take the last due letter; letters are never added or averaged."""
    due = [point for point in subject.points if point.target.letter] if subject.has_targets else list(subject.points)
    if not due:
        return Outcome(without_number(subject.rule, why.NOT_DUE))
    last = due[-1]
    target, actual = year_target or last.target.letter, last.letter
    inputs = (Input("T", "target", None, target), Input("R", "realisasi", None, actual))
    missing = sum(not point.letter for point in due)
    coverage = f"{len(due) - missing} dari {len(due)} periode dilaporkan"
    if not actual:
        return Outcome(without_number(subject.rule, why.DUE_MISSING), inputs, coverage=coverage)
    result = _letter_result(subject.rule, target, actual)
    provisional = result.computed is not None and (missing > 0 or last.provisional)
    return Outcome(result, result.inputs or inputs, provisional, coverage)


def _letter_result(rule: Rule, target: str, actual: str) -> Result:
    ordinals = ordinals_of(target) if target else EVALUATION
    if ordinals is None or ordinals.value(actual) is None:
        return without_number(rule, UNKNOWN_LETTER)
    return achieve_predicate(replace(rule, ordinals=ordinals), target, actual)


def _last_actual(subject: Subject) -> tuple[Input, ...]:
    """Show what was reported although there is no target to hold it against."""
    together = _together(subject, lambda _: ONE)
    letter = subject.points[-1].letter
    return (Input("R", "realisasi", together.actual, letter),)


def explained(points: Sequence[Point], method: PeriodMethod) -> str:
    """Return in one sentence how several periods became one figure; empty for a single one."""
    if len(points) < 2:
        return ""
    return {
        PeriodMethod.SUM: "Target dan realisasi seluruh periode yang sudah berlalu dijumlahkan.",
        PeriodMethod.AVERAGE: "Target dan realisasi periode yang sudah berlalu dirata-ratakan.",
        PeriodMethod.LAST: "Dipakai target dan realisasi periode terakhir yang jatuh tempo.",
    }[method]

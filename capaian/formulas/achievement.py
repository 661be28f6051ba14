"""Achievement (capaian): every polarity, with zero, missing and negative targets.

All arithmetic is on whole numbers in the same proportion as target and actual, so it is exact; percentages are
homogeneous, which is why the proportion suffices.
"""

from collections.abc import Callable
from typing import Final

from capaian.formulas import absence as why
from capaian.formulas.absence import Absence
from capaian.formulas.achievement_formulas import FORMULA_OF
from capaian.formulas.polarity import Polarity
from capaian.formulas.result import Computed, Input, Result, common_scale
from capaian.formulas.rounding import Exact, quotient
from capaian.formulas.rule import Rule

Outcome = Computed | Absence
Arithmetic = Callable[[int, int, Rule], Outcome]

ZERO_MET: Final = Computed(100, 1, "target {T} dan realisasi {R} terpenuhi")
ZERO_MISSED: Final = Computed(0, 1, "target {T} tetapi realisasi {R}")


def maximize(t: int, r: int, rule: Rule) -> Outcome:
    """R ÷ T × 100; below zero the deviation from the target decides; target 0 gives no number."""
    if t > 0:
        return Computed(100 * r, t, "{R} ÷ {T} × 100")
    if t == 0:
        return why.ZERO_TARGET_ACTUAL if r else why.ZERO_TARGET
    if not rule.negative_target:
        return why.NEGATIVE_TARGET
    return Computed(100 * (r - 2 * t), -t, "100 + ({R} − {T}) ÷ |{T}| × 100")


def minimize(t: int, r: int, rule: Rule) -> Outcome:
    """(2T − R) ÷ T × 100; target 0 is met (100) or missed (0)."""
    if t > 0:
        return Computed(100 * (2 * t - r), t, "(2 × {T} − {R}) ÷ {T} × 100")
    if t == 0:
        return ZERO_MISSED if r > 0 else ZERO_MET
    if not rule.negative_target:
        return why.NEGATIVE_TARGET
    return Computed(-100 * r, -t, "100 − ({R} − {T}) ÷ |{T}| × 100")


def minimize_ratio(t: int, r: int, rule: Rule) -> Outcome:
    """T ÷ R × 100; a perfect 0 takes the cap, because the quotient is not defined there."""
    if t <= 0:
        return minimize(t, r, rule)
    if r < 0:
        return why.RATIO_NEGATIVE
    if r > 0:
        return Computed(100 * t, r, "{T} ÷ {R} × 100")
    if rule.cap is None:
        return why.RATIO_ZERO
    return Computed(*quotient(rule.cap), "target {T}, realisasi {R}: diambil batas skor")


def stabilize(t: int, r: int, rule: Rule) -> Outcome:
    """100 minus the relative deviation to either side; within the tolerance 100."""
    if t == 0:
        return why.ZERO_TARGET if r else Computed(100, 1, "target {T} dan realisasi {R} sama")
    if t < 0 and not rule.negative_target:
        return why.NEGATIVE_TARGET
    size, deviation = abs(t), abs(r - t)
    if rule.tolerance is not None:
        allowed, parts = quotient(rule.tolerance)
        if 100 * deviation * parts <= allowed * size:
            return Computed(100, 1, "|{R} − {T}| ÷ |{T}| dalam toleransi")
    if t < 0:
        return Computed(100 * (size - deviation), size, "100 − |{R} − {T}| ÷ |{T}| × 100")
    if r <= t:
        return Computed(100 * r, t, "{R} ÷ {T} × 100")
    return Computed(100 * (2 * t - r), t, "200 − {R} ÷ {T} × 100")


ARITHMETIC: Final[dict[Polarity, Arithmetic]] = {
    Polarity.MAXIMIZE: maximize,
    Polarity.MINIMIZE: minimize,
    Polarity.MINIMIZE_RATIO: minimize_ratio,
    Polarity.STABILIZE: stabilize,
}
OUTSIDE_RANGE: Final[dict[Polarity, Arithmetic]] = {Polarity.RANGE_MAX: maximize, Polarity.RANGE_MIN: minimize}


def achieve(rule: Rule, target: Exact | None, actual: Exact | None) -> Result:
    """Achievement against one target number: maximize, minimize, minimize_ratio, stabilize (else KeyError)."""
    arithmetic = ARITHMETIC[rule.polarity]
    inputs = (Input("T", "target", target), Input("R", "realisasi", actual))
    if target is None or actual is None:
        return _result(rule, inputs, why.NO_TARGET if target is None else why.NO_ACTUAL)
    (above, below), (r_above, r_below) = quotient(target), quotient(actual)
    return _result(rule, inputs, arithmetic(above * r_below, r_above * below, rule))


def achieve_range(rule: Rule, low: Exact | None, high: Exact | None, actual: Exact | None) -> Result:
    """Achievement against a range; ValueError when `low` > `high`, KeyError for other polarities."""
    arithmetic = OUTSIDE_RANGE[rule.polarity]
    inputs = (Input("L", "batas bawah", low), Input("U", "batas atas", high), Input("R", "realisasi", actual))
    if low is None or high is None or actual is None:
        return _result(rule, inputs, why.NO_ACTUAL if low is not None and high is not None else why.NO_TARGET)
    bottom, top, r = common_scale(low, high, actual)
    if bottom > top:
        raise ValueError("lower bound above upper bound")
    if bottom <= r <= top:
        return _result(rule, inputs, Computed(100, 1, "{R} di dalam {L} sampai {U}"))
    bound, name = (top, "U") if r > top else (bottom, "L")
    outcome = arithmetic(bound, r, rule)
    if isinstance(outcome, Computed):
        pattern = outcome.pattern.replace("{T}", f"{{{name}}}")
        outcome = Computed(outcome.numerator, outcome.denominator, pattern)
    return _result(rule, inputs, outcome)


def achieve_predicate(rule: Rule, target: str | None, actual: str | None) -> Result:
    """Achievement of a letter against a letter; KeyError for a letter outside `rule.ordinals`."""
    inputs = (_letter(rule, "T", "target", target), _letter(rule, "R", "realisasi", actual))
    t, r = (item.value for item in inputs)
    if t is None or r is None:
        return _result(rule, inputs, why.NO_TARGET if t is None else why.NO_ACTUAL)
    return _result(rule, inputs, maximize(int(t), int(r), rule))


def achieve_milestone(rule: Rule, *, done: bool | None) -> Result:
    """100 when done, else 0."""
    text = "" if done is None else ("selesai" if done else "belum selesai")
    inputs = (Input("R", "realisasi", None if done is None else int(done), text),)
    if done is None:
        return _result(rule, inputs, why.NO_ACTUAL)
    return _result(rule, inputs, Computed(100 if done else 0, 1, "{R}"))


def achieve_stages(rule: Rule, stages: Exact | None, done: Exact | None) -> Result:
    """Weighted stages done of all stages; outside 0 to `stages` there is no number."""
    inputs = (Input("T", "jumlah tahap", stages), Input("R", "tahap selesai", done))
    if stages is None or done is None:
        return _result(rule, inputs, why.NO_TARGET if stages is None else why.NO_ACTUAL)
    t, r = common_scale(stages, done)
    if t <= 0:
        return _result(rule, inputs, why.ZERO_TARGET)
    if not 0 <= r <= t:
        return _result(rule, inputs, why.OUTSIDE_STAGES)
    return _result(rule, inputs, Computed(100 * r, t, "{R} ÷ {T} × 100"))


def without_number(rule: Rule, absence: Absence) -> Result:
    """A result that has no number for a reason known from elsewhere: not due, waiting for release."""
    return _result(rule, (), absence)


def _letter(rule: Rule, name: str, label: str, letter: str | None) -> Input:
    if letter is None or not letter.strip():
        return Input(name, label, None)
    value = rule.ordinals.value(letter)
    if value is None:
        raise KeyError(letter)
    return Input(name, label, value, f"{letter.strip().upper()} ({value})")


def _result(rule: Rule, inputs: tuple[Input, ...], outcome: Outcome) -> Result:
    formula = FORMULA_OF[rule.polarity]
    if isinstance(outcome, Absence):
        return Result(formula, rule, inputs, None, outcome)
    return Result(formula, rule, inputs, outcome, None)

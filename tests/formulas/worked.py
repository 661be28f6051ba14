"""Runs a worked case of the standard through the product and gives what came out, written as the case writes it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from capaian.formulas import efficiency, satisfaction, self_assessment
from capaian.formulas.achievement import achieve, achieve_milestone, achieve_predicate, achieve_range, achieve_stages
from capaian.formulas.consolidation import PeriodFigure, PeriodMethod, achieve_period
from capaian.formulas.formula import Case
from capaian.formulas.lke_frameworks import FRAMEWORKS
from capaian.formulas.locations import LocationMethod, UnitFigure, consolidate_units
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import EVALUATION, ordinals_of
from capaian.formulas.result import Result
from capaian.formulas.rounding import rounded
from capaian.formulas.rule import Rule
from capaian.formulas.weights import weighted_mean

Texts = dict[str, str]


def outcome(formula: str, case: Case) -> Texts:
    """What the product makes of the case."""
    given = dict(case.given)
    if "polarity" in given and "method" not in given:
        return achievement(given)
    return RUNNERS[formula](given)


def number(text: str) -> Decimal | None:
    return Decimal(text) if text and text != "-" else None


def plain(value: Decimal | Fraction | None) -> str:
    return "" if value is None else format_number(value, decimal=".", grouping=False)


def fixed(value: Decimal | Fraction | None, places: int = 2) -> str:
    return "" if value is None else str(rounded(value, places))


def measured(given: Texts) -> Result:
    rule = Rule(
        Polarity(given["polarity"]),
        tolerance=number(given["tolerance"]),
        negative_target=True,
        ordinals=ordinals_of(given["target"]) or EVALUATION,
    )
    target, actual = given["target"], given["actual"]
    match rule.polarity:
        case Polarity.RANGE_MAX | Polarity.RANGE_MIN:
            return achieve_range(rule, number(given["target_low"]), number(given["target_high"]), number(actual))
        case Polarity.PREDICATE:
            return achieve_predicate(rule, target, actual)
        case Polarity.MILESTONE if not target:
            return achieve_milestone(rule, done=actual == "ya")
        case Polarity.MILESTONE:
            return achieve_stages(rule, number(target), number(actual))
        case _:
            return achieve(rule, number(target), number(actual))


def achievement(given: Texts) -> Texts:
    result = measured(given)
    raw = result.exact
    return {
        "raw": fixed(raw),
        "achievement": plain_two(result.shown),
        "score": plain_two(result.score),
        "category": result.category or "",
        "reason": result.reason,
    }


def plain_two(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def period(given: Texts) -> Texts:
    targets = [number(text) for text in given["targets"].split()]
    actuals = [number(text) for text in given["actuals"].split()]
    actuals += [None] * (len(targets) - len(actuals))
    figures = [PeriodFigure(target, actual) for target, actual in zip(targets, actuals, strict=True)]
    rule = Rule(Polarity(given["polarity"]))
    together, result = achieve_period(rule, PeriodMethod(given["method"]), figures, int(given["up_to"]))
    return {
        "target": plain(together.target),
        "actual": plain(together.actual),
        "result": plain_two(result.shown),
        **({"state": "sementara"} if together.provisional else {}),
        **({"reason": result.reason} if result.reason else {}),
    }


def location(given: Texts) -> Texts:
    method = LocationMethod(given["method"])
    if method is LocationMethod.RAW_DATA:
        parts = [unit.split("/") for unit in given["units"].split()]
        units = [UnitFigure(numerator=Decimal(above), denominator=Decimal(below)) for above, below in parts]
    else:
        units = [UnitFigure(Decimal(unit)) for unit in given["units"].split()]
    return {"result": fixed(consolidate_units(method, units).exact)}


def average(given: Texts) -> Texts:
    cap = None if given["cap"] == "none" else Decimal(given["cap"])
    rule = Rule(cap=cap)
    scores = [achieve(rule, Decimal(100), number(text)).score_exact for text in given["values"].split()]
    mean = weighted_mean(zip(scores, map(Decimal, given["weights"].split()), strict=True))
    return {"result": plain_two(mean.shown), **({"coverage": mean.coverage} if mean.reported < mean.members else {})}


def simple(given: Texts) -> Texts:
    if "ceiling" in given:
        return {"result": fixed(efficiency.absorption(Decimal(given["ceiling"]), Decimal(given["spent"])))}
    if "ratio_of" in given:
        return {"result": fixed(efficiency.absorption_ratio(Decimal(given["achievement"]), Decimal(given["ratio_of"])))}
    absorbed = Decimal(given["absorption"])
    if "achievement" in given:
        return {"result": fixed(efficiency.simple_efficiency(Decimal(given["achievement"]), absorbed))}
    return {"result": fixed(efficiency.unused_budget(absorbed))}


def pmk(given: Texts) -> Texts:
    output = efficiency.Output(*(Decimal(given[name]) for name in ("budget", "spent", "achievement")))
    exact = efficiency.pmk_efficiency([output])
    assert exact is not None
    return {"result": fixed(exact), "value": fixed(efficiency.pmk_value(exact))}


def survey(given: Texts) -> Texts:
    totals = dict(zip(satisfaction.ELEMENTS, map(int, given["totals"].split()), strict=True))
    result = satisfaction.survey_of_totals(totals, int(given["respondents"]))
    assert result.quality is not None
    means = " ".join(fixed(element.mean, 4) for element in result.elements)
    return {"means": means, "result": plain_two(result.shown), "category": result.quality.label}


def sample(given: Texts) -> Texts:
    return {"result": str(satisfaction.sample_size(int(given["population"])))}


def assessment(given: Texts) -> Texts:
    framework = next(each for each in FRAMEWORKS if each.code == given["framework"])
    if given["grades"].startswith("semua "):
        grades = {part.code: given["grades"].removeprefix("semua ") for part in framework.parts}
        whole = self_assessment.assess(framework, grades)
        assert whole.predicate is not None
        return {"result": plain_two(whole.total), "category": whole.predicate.label}
    graded = dict(pair.split() for pair in given["grades"].split(", "))
    number_of = next(iter(graded))[0]
    return {"component": number_of, "result": fixed(self_assessment.assess(framework, graded).component(number_of))}


def share(given: Texts) -> Texts:
    return {"result": self_assessment.share_grade(int(given["met"]), int(given["criteria"]))}


RUNNERS: dict[str, Callable[[Texts], Texts]] = {
    "period_consolidation": period,
    "location_consolidation": location,
    "weighted_mean": average,
    "efficiency": simple,
    "efficiency_pmk": pmk,
    "skm": survey,
    "skm_sample": sample,
    "lke": assessment,
    "lke_share": share,
}

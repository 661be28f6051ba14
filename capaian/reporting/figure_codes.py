"""What the codes of origin printed beside figures open: an achievement, a mean, what was collected, a unit's figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capaian.agencies.queries import Reach
from capaian.collection.models import Actual, Recapitulation
from capaian.collection.queries import recapitulations
from capaian.collection.recapitulation import row_code
from capaian.formulas.number_text import format_number
from capaian.formulas.rounding import rounded
from capaian.measurement.models import Worksheet
from capaian.measurement.origin import PeriodLine, collected_lines, yes_of
from capaian.measurement.queries import origin_key, worksheets
from capaian.measurement.recap import LevelRecap, Line, Together, mean_numbered, recap
from capaian.measurement.year_queries import lines_of
from capaian.planning.models import Card
from capaian.planning.queries import cards
from capaian.sop.models import Run, WorkItem

MOST_DIGITS = 5


@dataclass(frozen=True)
class MeanOrigin:
    """A mean of a worksheet: its level, its members, and who decided on the worksheet."""

    sheet: Worksheet
    level: LevelRecap
    mean: Together
    decided: WorkItem | None

    @property
    def counted(self) -> list[Line]:
        """The members that have a score."""
        return [line for line in self.mean.members if line.score is not None]

    @property
    def in_numbers(self) -> str:
        """The mean in numbers: `(1 × 91,30 + 2 × 80,00) ÷ (1 + 2) = 83,77`; empty without a number."""
        if self.mean.shown is None:
            return ""
        weights = [format_number(line.weight) for line in self.counted]
        scores = [format_number(rounded(line.score), 2) for line in self.counted if line.score is not None]
        above = " + ".join(f"{weight} × {score}" for weight, score in zip(weights, scores, strict=True))
        return f"({above}) ÷ ({' + '.join(weights)}) = {format_number(self.mean.shown, 2)}"


@dataclass(frozen=True)
class CollectedOrigin:
    """A figure of a recapitulation: its row, its card, what the units reported, and who decided on it."""

    frozen: Recapitulation
    row: Mapping[str, Any]
    card: Card | None
    periods: list[PeriodLine]
    approved: WorkItem | None

    @property
    def run(self) -> Run:
        """The collecting run."""
        return self.frozen.item.run


@dataclass(frozen=True)
class UnitOrigin:
    """A unit's figure that no recapitulation holds yet: its form tells the rest."""

    form: str  # key


Origin = MeanOrigin | CollectedOrigin | UnitOrigin


def place_of(reach: Reach, code: str) -> tuple[str, str] | None:
    """Return address and key of the page that a code or fingerprint on a paper opens; None when nothing has it."""
    if key := origin_key(reach, code):
        return "measurement", key
    return ("figure", code) if origin_by(reach, code) else None


def origin_by(reach: Reach, code: str) -> Origin | None:
    """Return what stands behind the figure of a code, in the own agency only."""
    key, _, number = code.partition("-")
    if not (key.isascii() and key.isalnum()):
        return None
    digits = number.removeprefix("r")
    if not number:
        return _of_unit(reach, key)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
        return None
    return _mean(reach, key, int(digits)) if number != digits else _collected(reach, key, int(digits))


def _mean(reach: Reach, key: str, number: int) -> MeanOrigin | None:
    sheet = worksheets(reach).filter(public_id=key).first()
    found = mean_numbered(recap(lines_of(sheet)), number) if sheet else None
    return MeanOrigin(sheet, *found, yes_of(sheet.item.run_id)) if sheet and found else None


def _collected(reach: Reach, key: str, number: int) -> CollectedOrigin | None:
    rows = recapitulations(reach).select_related("agency", "computed_by", "item__run__definition", "item__step")
    frozen = rows.filter(public_id=key).first()
    row = next((each for each in frozen.content["rows"] if each["ordinal"] == number), None) if frozen else None
    if frozen is None or row is None:
        return None
    card = cards(reach).filter(public_id=row["card"]).first()
    periods = collected_lines(frozen.agency, card.formula if card else "", row["periods"])
    return CollectedOrigin(frozen, row, card, periods, yes_of(frozen.item.run_id))


def _of_unit(reach: Reach, key: str) -> Origin | None:
    """Return the newest recapitulation's row that holds a unit's figure, else the unit's form."""
    actual = Actual.objects.filter(agency_id=reach.agency.pk, public_id=key).select_related("form__round").first()
    if actual is None or actual.form is None:
        return None
    for frozen in recapitulations(reach).filter(item__run_id=actual.form.round.run_id):
        for row in frozen.content["rows"]:
            if any(unit["actual"] == key for period in row["periods"] for unit in period["units"]):
                return origin_by(reach, row_code(frozen.public_id, row))
    return UnitOrigin(actual.form.public_id)

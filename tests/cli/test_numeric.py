"""PostgreSQL's `numeric` computes the same achievements: a third implementation, in SQL. Defined on PostgreSQL only."""

import random
from decimal import Decimal

import pytest
from django.db import connection

from capaian.formulas.achievement import achieve
from capaian.formulas.polarity import Polarity
from capaian.formulas.rule import Rule

CASES = 10_000
POLARITIES = (Polarity.MAXIMIZE, Polarity.MINIMIZE, Polarity.MINIMIZE_RATIO, Polarity.STABILIZE)
# thirty decimals: numeric divides to as many digits as its operands have
QUERY = """
WITH given AS (
  SELECT place, polarity, t::numeric(70, 30) AS t, r::numeric(70, 30) AS r
  FROM unnest(%s::text[], %s::numeric[], %s::numeric[]) WITH ORDINALITY AS row (polarity, t, r, place)),
raw AS (
  SELECT place, CASE
    WHEN t IS NULL OR r IS NULL THEN NULL
    WHEN t = 0 AND polarity = 'maximize' THEN NULL
    WHEN t = 0 AND polarity = 'stabilize' THEN CASE WHEN r = 0 THEN 100 END
    WHEN t = 0 THEN CASE WHEN r <= 0 THEN 100 ELSE 0 END
    WHEN polarity = 'stabilize' THEN 100 - abs(r - t) * 100 / abs(t)
    WHEN t < 0 AND polarity = 'maximize' THEN 100 + (r - t) * 100 / abs(t)
    WHEN t < 0 THEN 100 - (r - t) * 100 / abs(t)
    WHEN polarity = 'maximize' THEN r * 100 / t
    WHEN polarity = 'minimize' THEN (2 * t - r) * 100 / t
    WHEN r < 0 THEN NULL
    WHEN r = 0 THEN 120
    ELSE t * 100 / r END AS raw
  FROM given),
shown AS (SELECT place, raw, CASE WHEN raw < 0 THEN 0 ELSE raw END AS floored FROM raw),
rounded AS (SELECT place, raw, floored, round(floored, 2) AS shown FROM shown)
SELECT round(raw, 12), shown, round(CASE WHEN floored > 120 THEN 120 ELSE floored END, 2),
  CASE WHEN shown >= 91 THEN 'Sangat Tinggi' WHEN shown >= 76 THEN 'Tinggi' WHEN shown >= 66 THEN 'Sedang'
    WHEN shown >= 51 THEN 'Rendah' WHEN shown >= 0 THEN 'Sangat Rendah' END
FROM rounded ORDER BY place
"""


def cases() -> list[tuple[Polarity, Decimal | None, Decimal | None]]:
    source = random.Random(19)
    made: list[tuple[Polarity, Decimal | None, Decimal | None]] = []
    for _ in range(CASES):
        kinds: list[Decimal | None] = []
        for _ in range(2):
            tie, small = Decimal(source.choice((8, 16, 32, 40, 80, 160, 400, 800))), Decimal(source.randint(-2, 2))
            large = Decimal(source.randint(-(10**9), 10**9)).scaleb(-source.randint(0, 6))
            kinds.append(source.choice([tie, Decimal(source.randint(0, 1000)), large, small, None]))
        made.append((source.choice(POLARITIES), kinds[0], kinds[1]))
    return made


if connection.vendor == "postgresql":

    @pytest.mark.django_db
    def test_numeric_agrees() -> None:
        given = cases()
        with connection.cursor() as cursor:
            cursor.execute(
                QUERY, [[str(each[0]) for each in given], [each[1] for each in given], [each[2] for each in given]]
            )
            answers = cursor.fetchall()
        assert len(answers) == CASES
        for (polarity, target, actual), answer in zip(given, answers, strict=True):
            result = achieve(Rule(polarity, negative_target=True), target, actual)
            assert (result.raw, result.shown, result.score, result.category) == answer, (polarity, target, actual)

    @pytest.mark.django_db
    def test_another_rounding_would_be_noticed() -> None:
        """Negative control: half to even, PostgreSQL's way with binary numbers, differs on some of the same cases."""
        differing = 0
        for polarity, target, actual in cases():
            result = achieve(Rule(polarity, negative_target=True), target, actual)
            if result.exact is not None and result.shown is not None:
                differing += max(round(result.exact, 2), 0) != result.shown
        assert differing > 10

"""Plans and cards for tests, as rows: what planning's own pages would leave."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone

from capaian.planning.models import Card, CardDatum, CardUnit, Indicator, Level, Node, Plan, Target
from tests.factories import World

YEAR = 2026
LEVELS = (Level.GOAL, Level.OBJECTIVE, Level.PROGRAMME, Level.ACTIVITY)


def make_plan(world: World) -> Plan:
    """Make a plan with one node of each measured level, each below the one before."""
    name = world.agency.short_name
    plan, made = Plan.objects.get_or_create(
        agency=world.agency, title=f"Renstra {name}", defaults={"first_year": 2025, "last_year": 2029}
    )
    parent: Node | None = None
    for level in LEVELS if made else ():
        parent = Node.objects.create(
            agency=world.agency,
            plan=plan,
            parent=parent,
            level=level,
            text=f"{level.label} {name}",
            valid_from=date(2025, 1, 1),
        )
    return plan


def make_card(
    world: World,
    name: str,
    *,
    level: str = Level.OBJECTIVE,
    units: Sequence[str] = ("secretariat",),
    targets: Mapping[str, str] | None = None,
    data: Sequence[str] = (),
    weight: str = "1",
    active: bool = True,
    **fields: object,
) -> Card:
    """Make a card of 2026 supplied by some of the world's units; `targets` by period code, "A" to "Z" are letters.

    `data` are names of raw data; give `formula` with them. Activated, unless `active` says otherwise.
    """
    node = Node.objects.get(plan=make_plan(world), level=level)
    known = Indicator.objects.filter(node=node).count()
    indicator = Indicator.objects.create(agency=world.agency, node=node, ordinal=known + 1, is_iku=True)
    given = {"measured_in": "persen", "cap": Decimal(120), "year": YEAR} | fields
    if active:
        given |= {"activated_at": timezone.now(), "activated_by": world.people["team"]}
    card = Card.objects.create(
        agency=world.agency, indicator=indicator, name=f"{name} {world.agency.short_name}", weight=Decimal(weight),
        **given,
    )  # fmt: skip
    CardUnit.objects.bulk_create([CardUnit(card=card, unit=world.units[unit]) for unit in units])
    CardDatum.objects.bulk_create(
        [CardDatum(card=card, ordinal=place, name=each, label=each.title()) for place, each in enumerate(data, start=1)]
    )
    for period, text in (targets or {}).items():
        says = {"letter": text} if text.isalpha() else {"value": Decimal(text)}
        Target.objects.create(card=card, period=period, **says)
    return card

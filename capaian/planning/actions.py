"""What people do to plans, cards, targets, budgets and agreements: one name per real-world verb."""

from capaian.planning.agreement_actions import draft_agreement, put_agreement_in_force
from capaian.planning.card_actions import (
    activate_cards,
    add_indicator,
    approve_revision,
    change_card,
    revise_card,
    set_suppliers,
    set_targets,
)
from capaian.planning.nomenclature_actions import add_from_nomenclature
from capaian.planning.plan_actions import add_node, change_node, change_plan, create_plan, end_node, set_budget
from capaian.planning.year_actions import carry_card, carry_year

__all__ = [
    "activate_cards",
    "add_from_nomenclature",
    "add_indicator",
    "add_node",
    "approve_revision",
    "carry_card",
    "carry_year",
    "change_card",
    "change_node",
    "change_plan",
    "create_plan",
    "draft_agreement",
    "end_node",
    "put_agreement_in_force",
    "revise_card",
    "set_budget",
    "set_suppliers",
    "set_targets",
]

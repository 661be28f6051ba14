"""The one table of who may open which page. A URL name that is not in it stops the request and fails the build."""

from dataclasses import dataclass
from enum import StrEnum

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach

READ = ("GET",)
WRITE = ("POST",)
BOTH = ("GET", "POST")


class Who(StrEnum):
    """Who may ask at all. Values from HEAD on are role keys."""

    ANYONE = "anyone"  # also without log-in
    PERSON = "person"  # logged in, even without any position
    MEMBER = "member"  # holds a position today
    HEAD = RoleKey.HEAD.value
    SECRETARY = RoleKey.SECRETARY.value
    TEAM = RoleKey.TEAM.value
    UNIT_HEAD = RoleKey.UNIT_HEAD.value
    SUBMITTER = RoleKey.SUBMITTER.value
    STAFF = RoleKey.STAFF.value
    ADMIN = RoleKey.AGENCY_ADMIN.value


class Relation(StrEnum):
    """Whose the thing named in the URL must be; anything else is answered like a thing that does not exist."""

    NONE = "none"  # the URL names nothing
    OWN_ACCOUNT = "own_account"
    OWN_AGENCY = "own_agency"
    OWN_UNIT = "own_unit"  # finer than the agency: the rules of the room decide, with reasons


@dataclass(frozen=True)
class Access:
    """Who may use a URL, with which methods (HEAD goes with GET), about whose things."""

    who: Who | frozenset[Who]
    methods: tuple[str, ...]
    relation: Relation = Relation.NONE

    @property
    def allowed(self) -> frozenset[Who]:
        """Those who may, as a set."""
        return self.who if isinstance(self.who, frozenset) else frozenset({self.who})

    def lets(self, reach: Reach | None) -> bool:
        """Tell whether somebody with this reach may use the URL; None is somebody without log-in."""
        if Who.ANYONE in self.allowed:
            return True
        if reach is None:
            return False
        if Who.PERSON in self.allowed or (Who.MEMBER in self.allowed and reach.held):
            return True
        return not self.allowed.isdisjoint(reach.roles)

    def permits(self, method: str) -> bool:
        """Tell whether the URL answers this method."""
        return method in self.methods or (method == "HEAD" and "GET" in self.methods)


def admin(methods: tuple[str, ...], relation: Relation = Relation.OWN_AGENCY) -> Access:
    """Return the access of an admin's page about things of the own agency."""
    return Access(Who.ADMIN, methods, relation)


ACCOUNT_PAGES = {
    "account_login": Access(Who.ANYONE, BOTH),
    "account_logout": Access(Who.ANYONE, BOTH),
    "account_code": Access(Who.ANYONE, BOTH),
    "account": Access(Who.PERSON, READ, Relation.OWN_ACCOUNT),
    "account_reminders": Access(Who.PERSON, BOTH, Relation.OWN_ACCOUNT),
    "account_change_password": Access(Who.PERSON, BOTH, Relation.OWN_ACCOUNT),
    "usersessions_list": Access(Who.PERSON, BOTH, Relation.OWN_ACCOUNT),
}
AGENCY_PAGES = {
    "agency": admin(BOTH, Relation.NONE),
    "agency_new": admin(BOTH, Relation.NONE),
    "sample_remove": admin(BOTH, Relation.NONE),
    "units": admin(READ, Relation.NONE),
    "unit_new": admin(BOTH, Relation.NONE),
    "unit": admin(BOTH),
    "unit_end": admin(BOTH),
    "people": admin(READ, Relation.NONE),
    "person_new": admin(BOTH, Relation.NONE),
    "person": admin(BOTH),
    "person_code": admin(BOTH),
    "person_deactivate": admin(BOTH),
    "positions": admin(READ, Relation.NONE),
    "position_new": admin(BOTH, Relation.NONE),
    "position": admin(BOTH),
    "position_appoint": admin(BOTH),
    "position_close": admin(BOTH),
    "appointment_end": admin(BOTH),
    "calendar": admin(READ, Relation.NONE),
    "calendar_year": admin(READ, Relation.NONE),
    "calendar_day": admin(BOTH, Relation.NONE),
    "calendar_day_remove": admin(BOTH),
    "calendar_hours": admin(BOTH, Relation.NONE),
    "calendar_hours_drop": admin(BOTH, Relation.NONE),
    "calendar_ramadan": admin(BOTH, Relation.NONE),
    "calendar_ramadan_remove": admin(BOTH),
}
MEMBER_READS = Access(Who.MEMBER, READ)
OWN_READS = Access(Who.MEMBER, READ, Relation.OWN_AGENCY)
OWN_BOTH = Access(Who.MEMBER, BOTH, Relation.OWN_AGENCY)
OWN_WRITES = Access(Who.MEMBER, WRITE, Relation.OWN_AGENCY)
# who of the members may do what with a step or a run is a rule of the engine, answered with reasons
RUN_PAGES = {
    "guides": MEMBER_READS,
    "guide": MEMBER_READS,
    "inbox": MEMBER_READS,
    "board": MEMBER_READS,
    "board_year": MEMBER_READS,
    "schedule": Access(Who.MEMBER, BOTH),
    "run": OWN_READS,
    "run_print": OWN_READS,
    "run_archive": OWN_READS,
    "run_open": OWN_WRITES,
    "run_cancel": OWN_WRITES,
    "run_correct": OWN_WRITES,
    "run_move": OWN_WRITES,
    "run_return": Access(Who.MEMBER, BOTH, Relation.OWN_AGENCY),
    "step": OWN_READS,
    "step_invitation": OWN_READS,
    "step_complete": OWN_WRITES,
    "step_hand_over": OWN_WRITES,
    "step_attach": OWN_WRITES,
    "step_waive": OWN_WRITES,
    "step_reassign": OWN_WRITES,
    "definitions": MEMBER_READS,
    "definition": OWN_READS,
    "definition_text": OWN_READS,
    "definition_print": OWN_READS,
    "documents": MEMBER_READS,
    "document": OWN_READS,
    "document_file": OWN_READS,
    "document_signed": OWN_READS,
    "document_upload": OWN_WRITES,
    "file": OWN_READS,
    "checklist_file": OWN_READS,
    "methodology": Access(Who.MEMBER, BOTH),
    "worksheet": OWN_READS,
    "worksheet_xlsx": OWN_READS,
    "measurement": OWN_READS,
    "figure": OWN_READS,
    "run_forms": OWN_READS,
    "run_remind": OWN_WRITES,
    "form_late": Access(Who.TEAM, BOTH, Relation.OWN_AGENCY),
    "form_stand_in": Access(Who.TEAM, BOTH, Relation.OWN_AGENCY),
    "form_reopen": Access(Who.TEAM, BOTH, Relation.OWN_AGENCY),
    "receipts": MEMBER_READS,
    "filling_windows": Access(frozenset({Who.TEAM, Who.ADMIN}), BOTH),
    "run_check": Access(Who.MEMBER, BOTH, Relation.OWN_AGENCY),
    "run_recapitulation": OWN_READS,
    "run_recapitulation_xlsx": OWN_READS,
    "step_draft": Access(Who.MEMBER, BOTH, Relation.OWN_AGENCY),
    "unit_form": OWN_READS,
    "form_xlsx": OWN_READS,
    "form_receive": OWN_WRITES,
    "form_file": OWN_READS,
    "form_upload": OWN_BOTH,
    "form_import": OWN_BOTH,
    "form_import_marked": OWN_READS,
    "run_forms_file": OWN_READS,
    "run_forms_upload": OWN_BOTH,
    "evidence": OWN_READS,
    "follow_up": OWN_READS,
    "follow_up_finish": OWN_WRITES,
    "follow_up_file": OWN_READS,
}
PLANS = frozenset({Who.TEAM, Who.ADMIN})
OWN_PLANNED = Access(PLANS, BOTH, Relation.OWN_AGENCY)
# everybody of the agency reads its planning; Tim SAKIP and admins change it; the Kepala's agreement is put in force
PLANNING_PAGES = {
    "planning": MEMBER_READS,
    "plan_new": Access(PLANS, BOTH),
    "planning_year": MEMBER_READS,
    "cards_activate": Access(PLANS, BOTH),
    "cards_carry": Access(PLANS, BOTH),
    "plan_change": OWN_PLANNED,
    "performance_tree": MEMBER_READS,
    "budget_year": MEMBER_READS,
    "budget_new": OWN_PLANNED,
    "budget_template": Access(PLANS, READ, Relation.OWN_AGENCY),
    "budget_table": OWN_PLANNED,
    "nomenclature_pick": OWN_PLANNED,
    "agreement_list": MEMBER_READS,
    "agreement_draft": Access(PLANS, BOTH),
    "node_new": OWN_PLANNED,
    "node": OWN_PLANNED,
    "node_end": OWN_PLANNED,
    "workbook_new": OWN_PLANNED,
    "workbook_template": Access(PLANS, READ, Relation.OWN_AGENCY),
    "workbook": OWN_PLANNED,
    "node_budget": OWN_PLANNED,
    "indicator_new": OWN_PLANNED,
    "card": OWN_READS,
    "card_change": OWN_PLANNED,
    "card_targets": OWN_PLANNED,
    "card_suppliers": OWN_PLANNED,
    "card_checks": OWN_PLANNED,
    "card_revise": Access(PLANS, WRITE, Relation.OWN_AGENCY),
    "card_approve": Access(frozenset({Who.HEAD, Who.SECRETARY}), WRITE, Relation.OWN_AGENCY),
    "agreement": OWN_READS,
    "agreement_enforce": Access(frozenset({Who.HEAD, Who.SECRETARY}), WRITE, Relation.OWN_AGENCY),
}
PERFORMANCE_PAGES = {
    "performance": MEMBER_READS,
    "performance_year": MEMBER_READS,
    "performance_years": MEMBER_READS,
    "performance_trial": MEMBER_READS,
    "performance_node": OWN_READS,
    "performance_indicator": OWN_READS,
    "published_compare": Access(Who.MEMBER, BOTH),
    "worksheets": MEMBER_READS,
}
ACCESS: dict[str, Access] = {**ACCOUNT_PAGES, **AGENCY_PAGES, **RUN_PAGES, **PLANNING_PAGES, **PERFORMANCE_PAGES}

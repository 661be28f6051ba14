"""For every page that takes a form: an address, a form filled in so that it is accepted, and who may send it."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from capaian.agencies.models import Region
from capaian.planning.budget_actions import budget_proposal_of
from capaian.planning.models import Card, Plan, Workbook
from capaian.planning.workbook_actions import proposal_of
from capaian.planning.workbook_template import workbook_bytes
from capaian.sop.models import StepOutput
from tests.factories import PASSWORD
from tests.web.offices import DAYS, PDF, Office, form_token

Form = dict[str, Any]
MEMBERS = frozenset({"head", "secretary", "team", "unit_head", "submitter", "staff", "agency_admin"})
PLANNERS = frozenset({"head", "secretary", "team", "agency_admin"})
DECIDERS = frozenset({"head", "secretary"})
NEW_PASSWORD = "empat ekor burung"
#: what stands behind the key of an address, by the first word of the address
KINDS = {
    "proses": "run",
    "langkah": "step",
    "sop": "definition",
    "naskah": "document",
    "berkas": "file",
    "formulir": "unit_form",
    "isian": "form_import",
    "bukti": "evidence",
    "checklist": "checklist_file",
    "tindak-lanjut": "follow_up",
    "kertas-kerja": "worksheet",
    "pengukuran": "measurement",
    "angka": "figure",
    "rencana": "plan",
    "butir": "node",
    "impor": "workbook",
    "impor-anggaran": "budget_table",
    "kartu": "card",
    "perjanjian": "agreement",
    "unit": "unit",
    "pegawai": "person",
    "jabatan": "position",
    "penetapan": "appointment",
}
#: pages whose form only fits a thing in another state
SPECIAL = {
    "run_open": "scheduled",
    "run_forms_file": "deciding",
    "run_forms_upload": "deciding",
    "run_correct": "done",
    "run_archive": "done",
    "step_invitation": "meeting",
    "unit_end": "unit_end",
    "person_deactivate": "person_deactivate",
    "position_close": "position_close",
    "document_upload": "document_upload",
    "card_revise": "card_active",
    "card_approve": "card_revision",
    "performance_node": "node",
    "performance_indicator": "indicator",
    "calendar_day_remove": "day",
    "calendar_ramadan_remove": "ramadan_day",
}
NEVER = {"day": "2026-08-25", "ramadan_day": "2027-02-11"}
NOBODY = frozenset[str]()
#: of the members that the access table lets through, those whom the rules of the room let act on the own thing
MAY_ACT = {
    "schedule": PLANNERS,
    "run_open": PLANNERS,
    "run_cancel": DECIDERS,
    "run_correct": DECIDERS,
    "run_move": DECIDERS | {"agency_admin"},
    "run_return": frozenset({"team"}),
    "step_complete": frozenset({"submitter"}),
    "step_hand_over": frozenset(),
    "step_attach": frozenset({"unit_head", "submitter", "staff"}),
    "step_waive": frozenset({"team"}),
    "step_reassign": DECIDERS | {"agency_admin"},
    "step_draft": frozenset(),
    "form_receive": frozenset({"unit_head", "submitter", "staff"}),
    "form_upload": NOBODY,  # the forms of this office are submitted
    "form_import": NOBODY,
    "run_forms_upload": NOBODY,
    "document_upload": MEMBERS,
    "run_remind": DECIDERS | {"team"},
    "run_check": frozenset({"team"}),
    "form_stand_in": frozenset(),
    "form_reopen": frozenset(),
    "methodology": frozenset({"team"}),
    "follow_up_finish": DECIDERS | {"unit_head"},
}
#: the same on the thing of a unit that is not theirs
MAY_ACT_BESIDE = MAY_ACT | {
    "step_complete": NOBODY,
    "step_attach": NOBODY,
    "step_reassign": NOBODY,
    "form_receive": NOBODY,
}


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and route of every address of the product."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield pattern.name or "", route


def names_a_thing(route: str) -> bool:
    """Tell whether an address names a thing of somebody's."""
    return "key>" in route.replace("step_key>", "") or "day>" in route.replace("weekday>", "")


def kind_of(name: str, route: str) -> str:
    """Return what kind of thing an address names, as the offices call it."""
    return SPECIAL.get(name) or KINDS[route.split("/", maxsplit=1)[0]]


def address(name: str, route: str, thing: str) -> str:
    """Return the path of an address that names this thing."""
    given: dict[str, Any] = {}
    for parameter, value in (
        ("slug:key", thing),
        ("slug:day", thing),
        ("slug:step_key", "A08"),
        ("int:year", 2026),
        ("slug:guide", "kepala"),
    ):
        if f"<{parameter}>" in route:
            given[parameter.split(":")[1]] = value
    for parameter in ("weekday", "ramadan"):
        if f"<int:{parameter}>" in route:
            given[parameter] = 0
    return reverse(name, kwargs=given)


def thing_of(office: Office, name: str, route: str, *, sibling: bool = False) -> str:
    """Return the key of the office's thing for an address, "" where the address names none or the sibling has none."""
    if not names_a_thing(route):
        return ""
    kind = kind_of(name, route)
    return office.sibling.get(kind, "") if sibling else office.keys[kind]


def missing_thing(name: str, route: str) -> str:
    """Return a key of the right shape that nothing has."""
    return NEVER.get(kind_of(name, route)) or f"z{secrets.token_hex(6)}z"


def filled(name: str, office: Office, who: str = "") -> Form:
    """Return a page's form filled in so that it is accepted, with the form token of who sends it."""
    make = FORMS.get(name)
    form: Form = dict(make(office)) if make else {}
    return form | {"form_token": form_token(office.person(who))} if who else form


def _agency(office: Office) -> Form:
    agency = office.engine.world.agency
    fields = ("name", "short_name", "time_zone", "place", "number_pattern")
    return {field: getattr(agency, field) for field in fields} | {"letterhead_address": "Jalan Uji 1"}


def _agency_new(_office: Office) -> Form:
    region = Region.objects.get(name="Uji").public_id
    admin = {"admin_name": "Admin Baru", "admin_username": "admin.baru"}
    return {"name": "Dinas Baru", "short_name": "BARU", "time_zone": "Asia/Jakarta", "region": region} | admin


def _numbers(office: Office) -> Form:
    output = StepOutput.objects.get(step=office.item().step)
    return {f"number_{output.pk}": "700/1/UJI", "note": f"Isian {office.name}"}


def upload(name: str = "bukti.pdf", content: bytes = PDF + b"% lain\n") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content, "application/pdf")


def _login(_office: Office) -> Form:
    return {"login": "admin.melati", "password": PASSWORD}


def _passwords(_office: Office) -> Form:
    return {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


def _code(_office: Office) -> Form:
    return {"login": "admin.melati", "code": "AAAAA-BBBBB", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


def _schedule(_office: Office) -> Form:
    return {"first": "2026-01", "kinds": ["month", "quarter"], "monthly": "short"}


def _return(office: Office) -> Form:
    unit = office.engine.world.units["secretariat"].public_id
    return {"target": "A07", "units": [unit], "note": "Lengkapi"}


def _appoint(office: Office) -> Form:
    return {"person": office.person("guest").public_id, "kind": "definitive", "valid_from": "2026-11-01"}


def planning_workbook(office: Office) -> SimpleUploadedFile:
    """Return the office's workbook of planning as a browser sends it."""
    plan = Plan.objects.get(public_id=office.keys["plan"])
    return SimpleUploadedFile("rencana.xlsx", workbook_bytes(office.engine.reach("team"), plan, 2026))


def _card(office: Office) -> Form:
    chosen = {"polarity": "maximize", "frequency": "quarter", "entry_kind": "period", "consolidation": "last"}
    chosen |= {"location": "sum", "scale": "permendagri", "kind": "output", "weight": "1", "ordinal": "1"}
    return chosen | {"name": f"Indikator {office.name}", "measured_in": "indeks", "edition": _edition(office)}


def _edition(office: Office) -> str:
    return str(Card.objects.get(public_id=office.keys["card"]).edition)


def published(_office: Office) -> Form:
    """Return a table of published figures as a browser sends it."""
    table = b"indikator;polaritas;target;realisasi;terbit\nLayanan;;80;72;90,00\n"
    chosen = {"decimal": "comma", "minimize": "linear", "cap": "120", "scale": "permendagri"}
    return {"file": SimpleUploadedFile("lama.csv", table, "text/csv"), **chosen}


CHECKS = {f"severity_{kind}": "tell" for kind in ("leap", "same", "same_last_year", "falling", "unproved", "outside")}
CHECKS |= {"severity_lowest": "off", "severity_highest": "block", "limit_highest": "100", "limit_leap": "10"}
FORMS: Mapping[str, Any] = {
    "published_compare": published,
    "plan_new": lambda office: {"title": f"Renstra baru {office.name}", "first_year": "2030", "last_year": "2034"},
    "workbook_new": lambda office: {"file": planning_workbook(office)},
    "workbook": lambda office: {"seen": proposal_of(Workbook.objects.get(public_id=office.keys["workbook"])).digest},
    "node_new": lambda _: {"level": "goal", "text": "Tujuan lain", "ordinal": "2"},
    "node": lambda _: {"level": "programme", "text": "Program lain", "ordinal": "1", "edition": "1"},
    "node_end": lambda _: {"last_day": "2026-12-31"},
    "node_budget": lambda _: {"month_1": "1500000", "edition": "1"},
    "indicator_new": _card,
    "card_change": _card,
    "card_targets": lambda office: {"target_2026": "3", "edition": _edition(office)},
    "card_checks": lambda _: CHECKS,
    "card_suppliers": lambda office: {"edition": _edition(office)},
    "cards_carry": lambda office: {"cards": [f"{office.keys['card_last']}:1"]},
    "nomenclature_pick": lambda _: {"codes": ["2.16.02.2.01.0014"]},
    "card_revise": lambda _: {"reason": "Perubahan anggaran"},
    "card_approve": lambda _: {"edition": "1"},
    "budget_new": lambda _: {"file": SimpleUploadedFile("a.csv", b"Kode;Pagu Januari\n9.99;1\n")},
    "budget_table": lambda office: {
        "seen": budget_proposal_of(Workbook.objects.get(public_id=office.keys["budget_table"])).digest
    },
    "plan_change": lambda office: {
        "title": f"Renstra diubah {office.name}",
        "first_year": "2025",
        "last_year": "2029",
        "edition": "1",
    },
    "cards_activate": lambda office: {"cards": [f"{office.keys['card']}:{_edition(office)}"]},
    "agreement_draft": lambda _: {"superior_name": "Bupati", "superior_title": "Bupati", "edition": "1"},
    "agreement_enforce": lambda _: {"in_force_from": "2026-06-01", "edition": "1"},
    "account_login": _login,
    "account_code": _code,
    "account_change_password": _passwords,
    "agency": _agency,
    "agency_new": _agency_new,
    "unit_new": lambda _: {"name": "Unit Baru", "kind": "division", "valid_from": "2026-01-02", "with_positions": "on"},
    "unit": lambda _: {"name": "Unit Lain", "kind": "division", "supplies_data": "on"},
    "unit_end": lambda _: {"last_day": "2026-12-31"},
    "person_new": lambda _: {"name": "Orang Baru", "username": "orang.baru"},
    "person": lambda _: {"name": "Orang Lain", "username": "orang.lain"},
    "position_new": lambda _: {"title": "Jabatan Baru", "roles": ["staff"]},
    "position": lambda _: {"title": "Jabatan Lain", "roles": ["staff"]},
    "position_appoint": _appoint,
    "appointment_end": lambda _: {"last_day": "2026-12-31"},
    "calendar_day": lambda _: {"date": "2026-09-01", "kind": "holiday", "name": "Hari Uji"},
    "calendar_hours": lambda _: {"valid_from": "2026-01-01", "spans": "07:30-12:00, 13:00-16:00"},
    "calendar_ramadan": lambda _: {"first_day": "2028-01-28", "last_day": "2028-02-25"},
    "schedule": _schedule,
    "run_remind": lambda office: {"units": [office.engine.world.units["ikp"].public_id]},
    "run_check": lambda office: {"units": [office.engine.world.units["secretariat"].public_id], "note": "Lengkapi"},
    "form_late": lambda _: {"until": "2099-12-31", "reason": "Server padam"},
    "form_stand_in": lambda _: {"reason": "Unit sedang dinas luar"},
    "form_reopen": lambda _: {"reason": "Salah ketik"},
    "filling_windows": lambda _: {"opens_2026-Q1": "2026-04-01", "closes_2026-Q1": "2026-04-20"},
    "account_reminders": lambda _: {"is_on": "on"},
    "run_cancel": lambda _: {"reason": "Keliru"},
    "run_correct": lambda _: {"reason": "Keliru"},
    "run_return": _return,
    "step_complete": _numbers,
    "step_hand_over": lambda _: {"note": "Mohon arahan"},
    "step_attach": lambda _: {"uploads": upload()},
    "step_waive": lambda _: {"reason": "Tidak ada data"},
    "step_reassign": lambda office: {"assignee": office.person("submitter").public_id},
    "document_upload": lambda _: {"file": upload("naskah.pdf")},
    "follow_up_finish": lambda _: {"note": "Sudah", "evidence": upload()},
}
__all__ = ["DAYS", "FORMS", "MAY_ACT", "MAY_ACT_BESIDE", "address", "addresses", "filled", "missing_thing", "thing_of"]

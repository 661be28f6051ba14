"""Takes programmes, activities and sub-activities over from the national nomenclature."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from capaian.agencies.administration import note
from capaian.agencies.reach import today
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning.entries import NodeEntry
from capaian.planning.models import Node, Plan
from capaian.planning.nomenclature import Named, Nomenclature, code_above, nomenclature
from capaian.planning.plan_actions import planned, write_node

MOST_AT_ONCE = 100


def add_from_nomenclature(*, plan: Plan, codes: Sequence[str], by: Actor, parent: Node | None = None) -> list[Node]:
    """Add nodes by code, with the programme and activity above them that the plan lacks; all or none.

    New programmes hang below `parent`. Raises Refused naming the codes that the nomenclature does not know or the
    plan has already.
    """
    with transaction.atomic():
        agency = planned(plan.agency, by)
        national = nomenclature(agency, today(agency))
        there = {node.code: node for node in plan.nodes.filter(valid_to__isnull=True).exclude(code="")}
        chosen = list(dict.fromkeys(codes))
        refuse_if(_reasons_not_to_take(national, there, chosen))
        above = plan.nodes.filter(pk=parent.pk, valid_to__isnull=True).first() if parent else None
        wanted = {each.code: each for code in chosen for each in _line(national, code) if each.code not in there}
        made = []
        for named in sorted(wanted.values(), key=lambda each: each.code):
            node = _written(plan, named, there.get(code_above(named.code)) or above, national)
            there[named.code] = node
            made.append(node)
            note(agency, by, Verb.ADDED_NODE, node, asdict(NodeEntry.of(node)))
            by = by.with_token("")  # a form's token stands in one entry
    return made


def _line(national: Nomenclature, code: str) -> list[Named]:
    row = national.get(code)
    return national.line(row) if row else []


def _written(plan: Plan, named: Named, above: Node | None, national: Nomenclature) -> Node:
    entry = NodeEntry(
        level=named.level,
        text=named.name,
        parent_id=above.pk if above else None,
        code=named.code,
        ordinal=int(named.segments[-1]) if 0 < int(named.segments[-1]) <= 999 else 1,
        owner_id=above.owner_id if above else None,
        origin=national.edition.basis,
    )
    return write_node(plan, entry)


def _reasons_not_to_take(national: Nomenclature, there: dict[str, Node], codes: list[str]) -> list[Reason]:
    if not codes:
        return [Reason("nothing_chosen", "Belum ada butir yang dipilih.", "Centang butirnya.", "codes")]
    if len(codes) > MOST_AT_ONCE:
        text = f"Paling banyak {MOST_AT_ONCE} butir sekaligus."
        return [Reason("many_chosen", text, "Kurangi pilihannya.", "codes")]
    unknown = [code for code in codes if national.get(code) is None]
    reasons = [
        Reason("code_unknown", f"Kode {code[:24]} tidak ada pada nomenklatur.", "Pilih dari daftar.", "codes")
        for code in unknown
    ]
    reasons += [
        Reason("code_taken", f"Kode {code} sudah ada pada rencana ini.", "Buka butir itu.", "codes")
        for code in codes
        if code in there
    ]
    return reasons

"""The performance tree of a year, and picking its programmes to sub-activities from the national nomenclature."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.journal.reason import Reason, Refused
from capaian.planning import actions
from capaian.planning.nomenclature import MOST_FOUND, nomenclature
from capaian.planning.performance_tree import spots, twigs
from capaian.planning.queries import may_plan, nodes, plan_of_year, plans
from capaian.planning.rules import FIRST_YEAR, LAST_YEAR
from capaian.web.form_tokens import new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_pages import planner, slug

MOST_TYPED = 120


def performance_tree(request: MemberRequest, year: int) -> HttpResponse:
    """Show the tree of a year; `?cari=` searches, `?buka=semua` opens every twig."""
    year = year if FIRST_YEAR <= year <= LAST_YEAR else request.reach.on.year
    plan = plan_of_year(request.reach, year)
    search = request.GET.get("cari", "").strip()[:MOST_TYPED]
    all_open = request.GET.get("buka") == "semua"
    national = nomenclature(request.reach.agency, request.reach.on)
    drawn = twigs(spots(request.reach, plan, year), national, search=search, all_open=all_open) if plan else ()
    context = {
        "plan": plan,
        "year": year,
        "years": range(plan.first_year, plan.last_year + 1) if plan else (),
        "twigs": drawn,
        "cards_url": reverse("card", args=["-"]).removesuffix("-/"),
        "search": search,
        "found": sum(twig.is_found for twig in drawn),
        "all_open": all_open,
        "locals": any(twig.is_local for twig in drawn),
        "supporting": any(leaf.is_supporting for twig in drawn for leaf in twig.leaves),
        "may_plan": may_plan(request.reach),
        "section": "planning",
    }
    return render(request, "pages/planning/tree.html", context)


@once("planning")
def nomenclature_pick(request: MemberRequest, key: str) -> HttpResponse:
    """Search the national nomenclature and add what is ticked, with the programme and activity above it."""
    plan = get_object_or_404(plans(request.reach).select_related("agency__region"), public_id=key)
    above = nodes(request.reach).filter(plan=plan, public_id=slug(request.GET.get("induk", ""))).first()
    search = request.GET.get("cari", "").strip()[:MOST_TYPED]
    below = above.code if above else ""
    reasons: list[Reason] = []
    status = 200
    if request.method == "POST":
        codes = request.POST.getlist("codes")
        try:
            made = actions.add_from_nomenclature(
                plan=plan, codes=codes, parent=None if below else above, by=planner(request)
            )
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        else:
            messages.success(request, f"{len(made)} butir ditambahkan dari nomenklatur nasional.")
            return redirect("planning")
    national = nomenclature(plan.agency, request.reach.on)
    there = set(plan.nodes.filter(valid_to__isnull=True).exclude(code="").values_list("code", flat=True))
    rows = national.find(search, below=below, limit=MOST_FOUND + 1) if search or below else []
    context = {
        "plan": plan,
        "above": above,
        "below": below,
        "search": search,
        "rows": [(row, row.code in there) for row in rows[:MOST_FOUND]],
        "more": len(rows) > MOST_FOUND,
        "chosen": request.POST.getlist("codes"),
        "edition": national.edition,
        "reasons": reasons,
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, "pages/planning/nomenclature.html", context, status=status)

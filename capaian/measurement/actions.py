"""Writes methodologies, worksheets and measurements, and completes their steps in the same transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Agency
from capaian.agencies.queries import Reach
from capaian.collection.models import Recapitulation
from capaian.collection.queries import COLLECTS, approved_recapitulation
from capaian.formulas.achievement_formulas import FORMULA_OF
from capaian.formulas.catalogue import formula
from capaian.formulas.polarity import Polarity
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.rules import Replayed, digest_of
from capaian.journal.verbs import Verb
from capaian.measurement import papers, queries, rules
from capaian.measurement.comparison import compared
from capaian.measurement.entries import SMART, MethodologyEntry, SmartEntry
from capaian.measurement.measuring import digest_of_all, measurement_of
from capaian.measurement.models import Measurement, Methodology, MethodologyCard, Worksheet
from capaian.measurement.year_queries import lines_of
from capaian.planning.card_actions import mark_measured
from capaian.planning.models import Card
from capaian.proceedings.papers import Parts
from capaian.proceedings.report_papers import approved_parts
from capaian.sop import step_rules
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.flow_actions import lock_item
from capaian.sop.models import WorkItem


def _completed(
    item: WorkItem, answer: Answer, by: Actor, reach: Reach, work: Callable[[WorkItem], Parts | None]
) -> WorkItem:
    """Complete an item by `work`, which writes its rows and returns what stands on the paper; None: a generic sheet.

    A closed item is left to the engine, which says by whom it was closed.
    """
    with transaction.atomic():
        item, _ = lock_item(item)
        if item.status == WorkItem.Status.OPEN:
            refuse_if(step_rules.reasons_not_to_complete(item, reach, answer))
            item.done_by = reach.person
            parts = work(item)
            if parts is not None:
                answer = replace(answer, papers=_papers(item, parts))
        return complete_step(item=item, answer=answer, by=by, reach=reach)


def _papers(item: WorkItem, parts: Parts) -> dict[int, Parts]:
    """Put the parts on the first output of the step; further ones (a blank disposition) stay as they are."""
    return {output.pk: parts for output in item.step.outputs.all()[:1]}


def set_methodology(*, item: WorkItem, entry: MethodologyEntry, answer: Answer, by: Actor, reach: Reach) -> WorkItem:
    """Complete the step that sets the methodology: lock the year's, or confirm the one in force.

    A changed one becomes a new version and needs a note. Without cards the step is a generic sheet.
    """

    def work(item: WorkItem) -> Parts | None:
        year = item.run.period_value.year
        if not entry.rows and not queries.cards_in_force(reach, year):
            return None
        row = _lock(year, entry, item=item, by=by, reach=reach)
        return papers.methodology_parts(row, item, answer.note)

    return _completed(item, answer, by, reach, work)


def lock_methodology(*, year: int, entry: MethodologyEntry, by: Actor, reach: Reach) -> Methodology:
    """Lock or change a year's methodology outside a step: a short SOP has none, and cards come late."""
    with transaction.atomic():
        refuse_if(rules.reasons_not_to_set_apart(reach))
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.LOCKED_METHODOLOGY):
            raise Replayed(by.token)
        return _lock(year, entry, item=None, by=by, reach=reach)


def _lock(year: int, entry: MethodologyEntry, *, item: WorkItem | None, by: Actor, reach: Reach) -> Methodology:
    """Return the methodology in force after this entry: a new version, or the same one when nothing differs."""
    Agency.objects.select_for_update(no_key=True).get(pk=reach.agency.pk)  # nobody else begins the same version
    current = queries.methodology(reach, year)
    if entry.seen != (current.digest if current else ""):
        raise Conflict([_changed_meanwhile(current)])
    cards = queries.cards_in_force(reach, year)
    refuse_if(rules.reasons_not_to_lock(cards, entry))
    rows = _method_rows(cards, entry.rows)
    digest = digest_of({"year": year, "cards": [_method_facts(row) for row in rows]})
    if current is not None and current.digest == digest:
        return current
    refuse_if(rules.reasons_not_to_change(current, entry))
    row = Methodology.objects.create(
        agency=reach.agency,
        year=year,
        version=current.version + 1 if current else 1,
        item=item,
        note=entry.note.strip(),
        digest=digest,
        locked_at=timezone.now(),
        locked_by_id=by.person_id,
    )
    for each in rows:
        each.methodology = row
    MethodologyCard.objects.bulk_create(rows)
    told = {"year": year, "version": row.version, "digest": digest, "note": row.note, "cards": len(rows)}
    record(by=by, verb=Verb.LOCKED_METHODOLOGY, target=row, payload=told)
    return row


def _changed_meanwhile(current: Methodology | None) -> Reason:
    who = current.locked_by.name if current and current.locked_by else "orang lain"
    text = f"Metodologi ini sudah dikunci atau diubah oleh {who} sejak halaman ini dibuka."
    return Reason(
        "methodology_changed", text, "Bandingkan di tab lain. Kirim sekali lagi bila isian Anda yang dipakai."
    )


def _method_rows(cards: Sequence[Card], entries: Sequence[SmartEntry]) -> list[MethodologyCard]:
    given = {entry.card_id: entry for entry in entries}
    rows = []
    for place, card in enumerate(cards, start=1):
        entry = given[card.pk]
        found = formula(FORMULA_OF[Polarity(card.polarity)].code, card.year)
        ticks = {field: letter in entry.ticks for letter, field, _ in SMART}
        rows.append(
            MethodologyCard(
                card=card,
                ordinal=place,
                formula_code=found.code,
                formula_version=str(found.version),
                polarity=card.polarity,
                consolidation=card.consolidation,
                source=card.source,
                note=entry.note.strip(),
                **ticks,
            )
        )
    return rows


def _method_facts(row: MethodologyCard) -> dict[str, Any]:
    fields = ("formula_code", "formula_version", "polarity", "consolidation", "source", "note")
    ticks = [letter for letter, field, _ in SMART if getattr(row, field)]
    return {"card": row.card.public_id, "smart": ticks, **{name: getattr(row, name) for name in fields}}


def measure(*, item: WorkItem, answer: Answer, by: Actor, reach: Reach, seen: str = "") -> WorkItem:
    """Complete the step that measures: write the worksheet of the approved recapitulation, with all its results.

    Without cards, or without anything collected, the step is a generic sheet. Raises `Refused` while the
    methodology is not locked or what was collected is not approved, `Conflict` when the results are not those
    that the person saw (`seen`, their digest).
    """

    def work(item: WorkItem) -> Parts | None:
        period = item.run.period_value
        Agency.objects.select_for_update(no_key=True).get(pk=reach.agency.pk)  # planning waits until this is measured
        recapitulation = approved_recapitulation(reach, item.run)
        if recapitulation is None:
            refuse_if(rules.reasons_not_approved(reach, item.run))
            return None
        cards = queries.cards_to_measure(reach, period, recapitulation)
        if not cards:
            return None
        methodology = queries.methodology(reach, period.year)
        refuse_if(rules.reasons_not_to_measure(methodology, cards, period.year))
        if methodology is None:
            return None
        found = [
            measurement_of(card, inputs, place)
            for place, (card, inputs) in enumerate(queries.snapshots(reach, period, recapitulation, cards), start=1)
        ]
        if seen and seen != digest_of_all(found):
            raise Conflict([_figures_changed()])
        row = _write_worksheet(item, methodology, recapitulation, found, by=by)
        return papers.worksheet_parts(row, item, answer.note, compared(reach, lines_of(row)))

    return _completed(item, answer, by, reach, work)


def _figures_changed() -> Reason:
    text = "Realisasi, target, atau kartu indikator berubah sejak halaman ini dibuka, sehingga hasilnya lain."
    return Reason("figures_changed", text, "Periksa hasil yang baru, lalu selesaikan langkah ini.")


def _write_worksheet(
    item: WorkItem,
    methodology: Methodology,
    recapitulation: Recapitulation,
    found: Sequence[Measurement],
    *,
    by: Actor,
) -> Worksheet:
    facts = {
        "period": item.run.period,
        "methodology": methodology.digest,
        "recapitulation": recapitulation.digest,
        "measurements": [row.digest for row in found],
    }
    worksheet = Worksheet.objects.create(
        agency=item.run.agency,
        item=item,
        methodology=methodology,
        recapitulation=recapitulation,
        period=item.run.period,
        digest=digest_of(facts),
        computed_at=timezone.now(),
        computed_by_id=by.person_id,
    )
    for row in found:
        row.worksheet, row.agency = worksheet, item.run.agency
    Measurement.objects.bulk_create(found)
    mark_measured(cards=[row.card for row in found], through=item.run.period_value.end)
    told = {"run": item.run.public_id, "digest": worksheet.digest, "recapitulation": recapitulation.public_id}
    record(by=by, verb=Verb.MEASURED, target=worksheet, payload={**told, "indicators": len(found)})
    return worksheet


def recapitulate(*, item: WorkItem, answer: Answer, by: Actor, reach: Reach) -> WorkItem:
    """Complete the step that puts achievements together by level, from the run's newest worksheet."""

    def work(item: WorkItem) -> Parts | None:
        worksheet = queries.worksheet_of(reach, item.run)
        return None if worksheet is None else papers.recap_parts(worksheet, item, answer.note)

    return _completed(item, answer, by, reach, work)


def decide(*, item: WorkItem, answer: Answer, by: Actor, reach: Reach) -> WorkItem:
    """Complete a decision of either SOP.

    "Ya" on a measurement is refused while something must be measured again; "Ya" on a collection marks what was
    measured from figures that it corrects.
    """

    def work(item: WorkItem) -> Parts | None:
        if not rules.decides_yes(answer.decision):
            return None
        refuse_if(rules.reasons_not_to_approve(reach, item.run))
        if report := approved_parts(item.run, answer.note):
            return report
        worksheet = queries.worksheet_of(reach, item.run)
        return None if worksheet is None else papers.decision_parts(worksheet, item, answer.note)

    with transaction.atomic():
        done = _completed(item, answer, by, reach, work)
        if done.run.stands_for == COLLECTS and rules.decides_yes(answer.decision):
            mark_stale(reach=reach, year=done.run.period_value.year, by=by.with_token(""))
        return done


def mark_stale(*, reach: Reach, year: int, by: Actor) -> list[Worksheet]:
    """Mark the year's worksheets whose figures were corrected since; return those newly marked.

    Called in the transaction that approves a collection.
    """
    with transaction.atomic():
        found = [row for row in queries.standing_worksheets(reach, year) if queries.outdated(reach, row)]
        for row in found:
            row.is_stale = True
            row.save(update_fields=["is_stale"])
            record(by=by, verb=Verb.MARKED_STALE, target=row, payload={"period": row.period, "digest": row.digest})
        return found

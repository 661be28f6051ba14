"""Writes what units report: drafts while a form is filled in, and the form submitted with its step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from capaian.agencies.queries import Reach
from capaian.collection import form_queries, papers, rules
from capaian.collection.entries import ActualEntry, EvidenceEntry, FormEntry
from capaian.collection.merging import Clash, entry_of, merge
from capaian.collection.models import Actual, ActualDatum, Evidence, FormCard, UnitForm
from capaian.collection.places import locked_item
from capaian.collection.proofs import reasons_no_room
from capaian.collection.round_actions import prepare
from capaian.collection.sheets import Line, Sheet
from capaian.collection.submission_actions import keep_submission
from capaian.collection.window_rules import reasons_closed
from capaian.documents.actions import add_file
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.prepared import Prepared
from capaian.journal.reason import Conflict, refuse_if
from capaian.journal.verbs import Verb
from capaian.proceedings.rules import reasons_not_to_save
from capaian.sop import step_rules
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import WorkItem

Place = tuple[int, str]
#: The cards on a form, while its edition is the one that was seen.
STANDS = Prepared(
    lambda pk, edition: FormCard.objects.filter(form_id=pk, form__edition=edition).values_list("card_id"),
    -1,
    2_000_000_000,  # no edition of any form, and positive as they are
)


@dataclass(frozen=True)
class Saved:
    """A form as it stands after a saving: its edition, whether others saved meanwhile, what was not taken and why."""

    edition: int
    others_saved: bool = False
    clashes: Sequence[Clash] = ()


def save_form(
    *, item: WorkItem, entry: FormEntry, edition: int, by: Actor, reach: Reach, seen: Sheet | None = None
) -> int:
    """Keep what was filled in so far, without submitting; return the form's edition. Drafts are not journalled.

    `edition` is the one the form was opened with. Raises `Conflict` when somebody has saved something else since;
    sending again what stands there already changes nothing. Lines reported on other forms are refused. `seen` is the
    form as this request has just read it: it is not read again unless it has changed since.
    """
    with transaction.atomic():
        item, sheet = _opened(item, by, reach, seen)
        form = _form_of(sheet)
        refuse_if(rules.reasons_not_to_lay(sheet, entry) or reasons_no_room(sheet.unit, entry))
        writing = _writing(form, sheet, by)
        changed = writing.changes(entry)
        if not changed.is_empty and form.edition != edition:
            raise Conflict([rules.form_changed(form)])
        return _keep(form, writing, changed)


def merge_form(
    *, item: WorkItem, entry: FormEntry, edition: int, by: Actor, reach: Reach, seen: Sheet | None = None
) -> Saved:
    """Keep what was filled in over what others saved meanwhile, by field; return what was not taken.

    A line with a base takes the fields that were changed since then, unless somebody else changed them too. A line
    without one counts only while nobody else has saved: else `Conflict`, as in `save_form`.
    """
    with transaction.atomic():
        item, sheet = _opened(item, by, reach, seen)
        form = _form_of(sheet)
        refuse_if(rules.reasons_not_to_lay(sheet, entry) or reasons_no_room(sheet.unit, entry))
        entry, clashes = _merged(sheet, entry)
        writing, others_saved = _writing(form, sheet, by), form.edition != edition
        changed = writing.changes(entry)
        if others_saved and any((said.card_id, said.period) not in entry.base for said in changed.actuals):
            raise Conflict([rules.form_changed(form)])
        return Saved(_keep(form, writing, changed), others_saved, tuple(clashes))


def lay_lines(*, sheet: Sheet, actuals: Sequence[ActualEntry], by: Actor) -> int:
    """Keep lines on a form; return its edition.

    Inside the caller's transaction, which has locked the run, read `sheet` since, and judged who may fill it in.
    """
    form, entry = _form_of(sheet), FormEntry(actuals)
    refuse_if(rules.reasons_not_to_lay(sheet, entry))
    writing = _writing(form, sheet, by)
    return _keep(form, writing, writing.changes(entry))


def _opened(item: WorkItem, by: Actor, reach: Reach, seen: Sheet | None) -> tuple[WorkItem, Sheet]:
    """Lock what a saving works on; return the open item and the form as it stands."""
    item = locked_item(item, by)
    refuse_if(reasons_not_to_save(item, reach) or reasons_closed(item))
    return item, seen if seen is not None and _still_stands(seen) else _sheet(item, reach)


def _merged(sheet: Sheet, entry: FormEntry) -> tuple[FormEntry, list[Clash]]:
    lines = {(line.card.pk, line.period.code): line for line in sheet.lines}
    said: list[ActualEntry] = []
    clashes: list[Clash] = []
    for given in entry.actuals:
        place = (given.card_id, given.period)
        if place not in entry.base:
            said.append(given)
            continue
        merged = merge(entry.base[place], entry_of(lines[place]), given)
        said.append(merged.entry)
        row = lines[place].actual
        clashes += [replace(clash, by=row.entered_by.name) if row else clash for clash in merged.clashes]
    return replace(entry, actuals=said), clashes


def _writing(form: UnitForm, sheet: Sheet, by: Actor) -> "_Writing":
    return _Writing(form, {(line.card.pk, line.period.code): line for line in sheet.lines}, by, timezone.now())


def _keep(form: UnitForm, writing: "_Writing", changed: "_Changes") -> int:
    """Write what has changed, if anything has; return the form's edition."""
    if changed.is_empty:
        return form.edition
    writing.write(changed)
    form.state = UnitForm.State.IN_PROGRESS
    form.edition, form.saved_at, form.saved_by_id = form.edition + 1, writing.moment, writing.by.person_id
    form.save(update_fields=["state", "edition", "saved_at", "saved_by"])
    return form.edition


def submit_form(*, item: WorkItem, edition: int, answer: Answer, by: Actor, reach: Reach) -> WorkItem:
    """Submit a form as it was last saved, and complete its step with the filled form as paper; return the item.

    Raises `Refused` with a sentence for every line that lacks something, `Conflict` for a stale `edition`.
    """
    with transaction.atomic():
        item = locked_item(item, by)
        refuse_if(step_rules.reasons_not_to_complete(item, reach, answer) or reasons_closed(item))
        sheet = _sheet(item, reach)
        form = _form_of(sheet)
        if form.edition != edition:
            raise Conflict([rules.form_changed(form)])
        refuse_if(rules.reasons_not_to_submit(sheet))
        form.state, form.submitted_at, form.submitted_by_id = UnitForm.State.SUBMITTED, timezone.now(), by.person_id
        form.save(update_fields=["state", "submitted_at", "submitted_by"])
        kept = keep_submission(form=form, item=item, sheet=sheet, by=by)
        parts = papers.filled_parts(item, sheet, by, kept)
        answer = replace(answer, papers={output.pk: parts for output in item.step.outputs.all()})
        done = complete_step(item=item, answer=answer, by=by, reach=reach)
        told = _told(sheet) | {"submission": kept.public_id, "digest": kept.digest, "for_unit": kept.for_unit}
        record(by=by, verb=Verb.SUBMITTED_FORM, target=form, payload=told)
    return done


def _sheet(item: WorkItem, reach: Reach) -> Sheet:
    """The unit's form under lock, prepared now when its run had no step for that."""
    if item.unit is None:
        raise ValueError("a form is filled in by a unit")
    sheet = form_queries.sheet(reach, item.run, item.unit)
    if sheet.form is not None and sheet.form.form_cards.exists():
        return sheet
    prepare(item.run, reach)
    return form_queries.sheet(reach, item.run, item.unit)


def _still_stands(seen: Sheet) -> bool:
    """Tell whether a form that was read before the lock is as it was: every saving counts its edition on."""
    if seen.form is None:
        return False
    cards = {card_id for (card_id,) in STANDS.ask(seen.form.pk, seen.edition)}
    return bool(cards) and cards >= {block.card.pk for block in seen.blocks}


def _form_of(sheet: Sheet) -> UnitForm:
    if sheet.form is None:
        raise ValueError("a unit that takes part in a run has a form")
    sheet.form.round.run, sheet.form.agency = sheet.run, sheet.run.agency
    return sheet.form


def _told(sheet: Sheet) -> dict[str, object]:
    """What the journal keeps of a submitted form: every figure with the row that holds it."""
    rows = [
        {
            "actual": line.actual.public_id,
            "period": line.period.code,
            "value": line.shown,
            "revision": line.actual.revision,
        }
        for line in sheet.lines
        if line.actual is not None
    ]
    return {"run": sheet.run.public_id, "unit": sheet.unit.public_id, "rows": rows}


@dataclass(frozen=True)
class _Changes:
    actuals: Sequence[ActualEntry]
    evidence: Sequence[EvidenceEntry]
    removed: Sequence[Evidence]

    @property
    def is_empty(self) -> bool:
        return not (self.actuals or self.evidence or self.removed)


@dataclass
class _Writing:
    """One saving of a form under lock."""

    form: UnitForm
    lines: dict[Place, Line]
    by: Actor
    moment: datetime

    def changes(self, entry: FormEntry) -> _Changes:
        """Return what of an entry differs from what stands on the form. The same file or link counts once."""
        proofs = {place: list(line.actual.evidence.all()) if line.actual else [] for place, line in self.lines.items()}
        mine = [proof for place, line in self.lines.items() if line.is_open for proof in proofs[place]]
        have = {
            (*place, proof.file.sha256 if proof.file else proof.link)
            for place, rows in proofs.items()
            for proof in rows
        }
        new = []
        for given in entry.evidence:
            mark = (given.card_id, given.period, given.file.sha256 if given.file else given.link)
            if mark not in have:
                have.add(mark)
                new.append(given)
        told = [given for given in entry.actuals if _differs(self.lines[given.card_id, given.period], given)]
        return _Changes(told, new, [proof for proof in mine if proof.public_id in entry.removed])

    def write(self, changed: _Changes) -> None:
        """Write the rows that differ; a figure of another form gets a new revision, with its evidence taken over."""
        rows = {place: line.actual for place, line in self.lines.items()}
        for given in changed.actuals:
            place = (given.card_id, given.period)
            rows[place] = self._lay(self.lines[place], given)
        for proof in changed.evidence:
            place = (proof.card_id, proof.period)
            row = rows[place] = self._own(self.lines[place], rows[place])
            self._add(row, proof)
        for gone in changed.removed:
            self._remove(gone, rows)

    def _lay(self, line: Line, given: ActualEntry) -> Actual:
        row = self._own(line, line.actual)
        row.value, row.letter = rules.computed(line.card, given), given.letter
        row.is_provisional = given.is_provisional
        row.cause, row.obstacle, row.follow_up = given.cause.strip(), given.obstacle.strip(), given.follow_up.strip()
        row.entered_at, row.entered_by_id = self.moment, self.by.person_id
        row.save()
        wanted = {datum.pk: given.data.get(datum.pk) for datum in line.card.data.all()}
        if not wanted:
            return row
        known = {datum.datum_id: datum for datum in ActualDatum.objects.filter(actual=row)}
        for pk, value in wanted.items():
            datum = known.get(pk) or ActualDatum(actual=row, datum_id=pk)
            datum.value = value
            datum.save()
        return row

    def _own(self, line: Line, row: Actual | None) -> Actual:
        """Return the row that this form may write: its own, else a new one or the next revision of another form's."""
        if row is not None and row.form_id == self.form.pk and row.card_id == line.card.pk:
            return row
        first = row is None or row.card_id != line.card.pk
        new = Actual(
            agency_id=self.form.agency_id,
            card=line.card,
            unit_id=self.form.unit_id,
            period=line.period.code,
            revision=0 if first or row is None else row.revision + 1,
            form=self.form,
            entered_at=self.moment,
            entered_by_id=self.by.person_id,
        )
        if row is not None:
            for name in ("value", "letter", "is_provisional", "cause", "obstacle", "follow_up"):
                setattr(new, name, getattr(row, name))
            Actual.objects.filter(pk=row.pk).update(is_current=False)
        new.save()
        self._take_over(row, new)
        return new

    def _take_over(self, old: Actual | None, new: Actual) -> None:
        if old is None:
            return
        if old.card_id == new.card_id:
            ActualDatum.objects.bulk_create(
                [ActualDatum(actual=new, datum_id=row.datum_id, value=row.value) for row in old.data.all()]
            )
        names = ("file_id", "link", "note", "dated", "added_at", "added_by_id")
        Evidence.objects.bulk_create(
            [Evidence(actual=new, **{name: getattr(row, name) for name in names}) for row in old.evidence.all()]
        )

    def _add(self, row: Actual, proof: EvidenceEntry) -> None:
        file = add_file(kept=proof.file, agency=self.form.agency, by=self.by) if proof.file else None
        Evidence.objects.create(
            actual=row,
            file=file,
            link="" if file else proof.link,
            dated=proof.dated,
            added_at=self.moment,
            added_by_id=self.by.person_id,
        )

    def _remove(self, gone: Evidence, rows: dict[Place, Actual | None]) -> None:
        """Take a proof off the form; what an earlier revision showed stays with that revision."""
        place = next(place for place, line in self.lines.items() if line.actual and line.actual.pk == gone.actual_id)
        row = rows[place] = self._own(self.lines[place], rows[place])
        Evidence.objects.filter(actual=row, file_id=gone.file_id, link=gone.link).delete()


def _differs(line: Line, given: ActualEntry) -> bool:
    """Tell whether an entry says something else than what stands there; an empty one changes no empty line."""
    row = line.actual
    texts = (given.cause.strip(), given.obstacle.strip(), given.follow_up.strip())
    wanted = {datum.pk: given.data.get(datum.pk) for datum in line.card.data.all()}
    said = (rules.computed(line.card, given), given.letter, given.is_provisional, *texts)
    if row is None:
        return said != (None, "", False, "", "", "") or any(value is not None for value in wanted.values())
    stands = (row.value, row.letter, row.is_provisional, row.cause, row.obstacle, row.follow_up)
    return said != stands or wanted != dict.fromkeys(wanted) | {datum.datum_id: datum.value for datum in row.data.all()}

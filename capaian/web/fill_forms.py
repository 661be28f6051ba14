"""The unit's form: filled in line by line, kept as a draft, submitted with its step."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from capaian.agencies.queries import Reach
from capaian.collection import actions, form_queries, queries, rules
from capaian.collection.entries import FormEntry
from capaian.collection.merging import Clash
from capaian.collection.proofs import lay_twins
from capaian.documents.store import Kept
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, Refused
from capaian.sop.models import WorkItem
from capaian.web.form_lines import FormLine, lines_of
from capaian.web.step_forms import AnswerForm
from capaian.web.uploads import keep_files
from capaian.web.work_page import GENERIC, WorkPage, complete_generic

REMOVE, SENT, BASE = "remove", "sent", "base"  # before the names of fields


class NoCardsForm(AnswerForm):
    """The generic answer, with the notice that there is no card for this period."""

    part = "parts/collection/no_cards.html"


class FillForm(AnswerForm):
    """What a unit reports. The lines are read apart from Django's fields: see `form_lines`."""

    part = "parts/collection/fill.html"

    def __init__(
        self,
        data: QueryDict | None = None,
        *args: Any,
        item: WorkItem,
        reach: Reach,
        sent_alone: bool = False,
        **kwargs: Any,
    ) -> None:
        typed = dict(kwargs.get("initial") or {})
        super().__init__(data.copy() if data is not None else None, *args, item=item, reach=reach, **kwargs)
        self.typed, self.sent_alone = typed, sent_alone
        self.marked: dict[str, list[str]] = {}
        self.fields["edition"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self._lay()
        self.initial = {**self.initial, "edition": self.sheet.edition}

    def _lay(self) -> None:
        """Read the form's rows and lay what was typed over them; with `sent_alone` those of the sent lines alone."""
        if self.item.unit is None:
            raise ValueError("a form is filled in by a unit")
        given = self.data if self.is_bound and isinstance(self.data, QueryDict) else None
        only = cards_sent(given) if self.sent_alone and given is not None else None
        self.sheet = form_queries.sheet(self.reach, self.item.run, self.item.unit, only)
        self.blocks = [lines_of(block, given, self.typed, self.files) for block in self.sheet.blocks]
        if not self.sent_alone:
            lay_twins(self.reach, [proof for line in self.lines for proof in line.evidence])
        for line in self.lines:
            line.faults = self.marked.get(line.key, [])
        self.may_receive = (
            self.sheet.form is not None
            and self.sheet.form.received_at is None
            and not rules.reasons_not_to_receive(self.sheet.form, self.reach)
        )

    @property
    def lines(self) -> list[FormLine]:
        """The lines that may be filled in."""
        return [line for block in self.blocks for line in block.lines]

    @property
    def has_unread(self) -> bool:
        """Tell whether a line that was sent could not be read."""
        return self.is_bound and any(line.has_errors for line in self.lines)

    @property
    def last_fields(self) -> list[forms.BoundField]:
        """The fields below the lines: note, files for the whole form, numbers of the paper."""
        return [bound for bound in self if not bound.is_hidden]

    def is_valid(self) -> bool:
        """Tell whether fields and lines can be read."""
        return super().is_valid() and not self.has_unread

    @property
    def edition(self) -> int:
        """The edition that the form was opened with."""
        return self.cleaned_data.get("edition") or 0

    def take_newest(self) -> None:
        """After a refusal: show what stands now beneath what was typed; sending once more is a decision."""
        if not isinstance(self.data, QueryDict):
            return
        opened = {line.key: line.base_texts for line in self.lines}
        for place in [name for name in self.data if name.startswith(f"{BASE}-")]:
            del self.data[place]
        self._lay()
        self.data["edition"] = str(self.sheet.edition)
        for line in self.lines:
            line.take_over(opened.get(line.key))
            if line.link.text.strip() in {proof.link for proof in line.evidence}:
                line.link.text = ""  # kept by now

    def mark(self, reasons: Sequence[Reason]) -> None:
        """Put reasons at the lines that they are about."""
        self.marked = {}
        for reason in reasons:
            self.marked.setdefault(reason.field, []).append(str(reason))

    def entry(self, kept: Sequence[Sequence[Kept]] = ()) -> FormEntry:
        """Return what the readable lines say, with the files kept for each line; a file has nothing to be misread."""
        files = kept or [[] for _ in self.lines]
        removed = self.data.getlist(REMOVE) if isinstance(self.data, QueryDict) else []
        proofs = [proof for line, own in zip(self.lines, files, strict=True) for proof in line.proofs(own)]
        said = [(line.entry(), line.base_entry()) for line in self.lines if not line.has_errors]
        base = {(entry.card_id, entry.period): before for entry, before in said if before is not None}
        return FormEntry([entry for entry, _ in said], proofs, [str(key) for key in removed], base)

    def reasons_about(self, clashes: Sequence[Clash]) -> list[Reason]:
        """Return for each field that somebody else has changed too what stands and what was typed."""
        lines = {(line.line.card.pk, line.line.period.code): line for line in self.lines}
        return [rules.clash(lines[clash.card_id, clash.period].line, clash) for clash in clashes]


def cards_sent(data: QueryDict) -> set[str]:
    """Return the public ids of the cards whose lines were sent."""
    return {name.split("-")[1] for name in data if name.startswith(f"{SENT}-")}


def _kept(form: FillForm) -> list[list[Kept]]:
    """Keep the files of every line, before anything is written."""
    return [keep_files(line.uploads) for line in form.lines]


def save_fill(item: WorkItem, form: FillForm, by: Actor, reach: Reach) -> int:
    """Keep what was filled in so far; return the new edition.

    Raises `Conflict` after keeping the rest, when somebody else changed a field that was changed here too.
    """
    entry = form.entry(_kept(form))
    saved = actions.merge_form(item=item, entry=entry, edition=form.edition, by=by, reach=reach, seen=form.sheet)
    if saved.clashes:
        reasons = form.reasons_about(saved.clashes)
        form.mark(reasons)
        raise Conflict(reasons)
    return saved.edition


def complete_fill(item: WorkItem, form: FillForm, by: Actor, reach: Reach) -> WorkItem:
    """Submit the form. It is kept first: what is refused for a missing line is not lost with its files."""
    edition = form.edition
    if item.status == WorkItem.Status.OPEN:
        edition = save_fill(item, form, by, reach)
    try:
        return actions.submit_form(item=item, edition=edition, answer=form.answer(), by=by, reach=reach)
    except Refused as refused:
        form.mark(refused.reasons)
        raise


NO_CARDS = WorkPage(NoCardsForm, complete_generic, NoCardsForm.part)
FILL = WorkPage(FillForm, complete_fill, FillForm.part, save_fill, keeps_readable=True)


def fill_page(item: WorkItem) -> WorkPage:
    """Return the page of a filling step: the unit's form, else the generic one."""
    if item.unit_id is None:
        return GENERIC
    return FILL if queries.asks(item) else NO_CARDS

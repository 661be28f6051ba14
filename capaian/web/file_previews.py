"""Files that bring many values: taken in, everything shown, then applied as a whole. What all such pages share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms

from capaian.documents.store import Kept
from capaian.journal.reason import Reason, Refused
from capaian.web.form_parts import show_reasons
from capaian.web.pages import MemberRequest
from capaian.web.uploads import keep_files
from capaian.workbooks.problems import UnreadableTable

MOST_SHOWN = 200


def take(form: forms.Form, keep: Callable[[Kept], Any]) -> Any | None:
    """Keep the file of a form that was sent, and what stands for it; None when it was refused, with its reasons."""
    if not form.is_valid():
        return None
    try:
        [kept] = keep_files([form.cleaned_data["file"]])
        return keep(kept)
    except Refused as refused:
        show_reasons(form, refused.reasons)
    return None


@dataclass
class Shown:
    """What a page shows of a kept file; `done` is what the applying answered, None while it is not applied."""

    proposal: Any
    reasons: list[Reason] = field(default_factory=list)
    status: int = 200
    done: Any = None

    @property
    def context(self) -> dict[str, Any]:
        """The part of the page that all such files share: the refused cells, as many as can be looked through."""
        return {
            "proposal": self.proposal,
            "refusals": self.proposal.named[:MOST_SHOWN],
            "more": max(len(self.proposal.refusals) - MOST_SHOWN, 0),
            "reasons": self.reasons,
        }


def show_or_apply(
    request: MemberRequest,
    *,
    is_applied: bool,
    apply: Callable[[str], Any],
    propose: Callable[[], Any],
    nothing: Callable[[], Any],
) -> Shown:
    """Apply a kept file when that was sent; else, and when it is refused, read what it would change now."""
    shown = Shown(nothing())
    if request.method == "POST":
        try:
            shown.done = apply(request.POST.get("seen", ""))
        except Refused as refused:
            shown.reasons, shown.status = refused.reasons, refused.status
        except UnreadableTable as unread:
            shown.reasons, shown.status = unreadable(unread), 422
        else:
            return shown
    if not is_applied:
        try:
            shown.proposal = propose()
        except UnreadableTable as unread:
            shown.reasons = unreadable(unread)
    return shown


def unreadable(unread: UnreadableTable) -> list[Reason]:
    """Return why a kept file cannot be read, as reasons."""
    return [Reason("workbook_unread", line, "Perbaiki berkasnya, lalu unggah lagi.") for line in unread.lines]

"""What a work's own page is made of; `works` says which work has which."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.sop import actions
from capaian.sop.models import WorkItem
from capaian.web.step_forms import AnswerForm

FormMaker = Callable[..., AnswerForm]
Completer = Callable[[WorkItem, Any, Actor, Reach], WorkItem]
Saver = Callable[[WorkItem, Any, Actor, Reach], object]


def complete_generic(item: WorkItem, form: AnswerForm, by: Actor, reach: Reach) -> WorkItem:
    """Complete an item with note, decision and files alone."""
    return actions.complete_step(item=item, answer=form.answer(), by=by, reach=reach)


@dataclass(frozen=True)
class WorkPage:
    """A work's own page. `form` takes `item` and `reach`; `part` is the template that shows the form.

    `complete` calls the owning room's action, which writes its rows and completes the item in one transaction;
    `keep_draft` keeps a draft without completing, where the work has drafts; with `keeps_readable` also of a form
    that can be read in part only.
    """

    form: FormMaker
    complete: Completer
    part: str = "parts/form.html"
    keep_draft: Saver | None = None
    keeps_readable: bool = False


#: A work whose page depends on its item (has it cards? which SOP?) chooses it.
PageChooser = Callable[[WorkItem], WorkPage]
GENERIC = WorkPage(AnswerForm, complete_generic)

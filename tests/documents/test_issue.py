import hashlib
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from capaian.agencies.models import Agency
from capaian.documents import actions, store
from capaian.documents.actions import issue, issue_pending
from capaian.documents.models import Document, NumberSeries, StoredFile
from capaian.documents.render import RenderFailed, render
from capaian.journal.actor import Actor
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.journal.reason import Refused
from capaian.journal.verbs import Verb
from tests.documents.papers import a_draft

pytestmark = pytest.mark.django_db(transaction=True)
State = Document.State


def states() -> list[str]:
    return list(Document.objects.order_by("pk").values_list("state", flat=True))


def test_an_issued_paper_has_its_file_and_its_entry(agency: Agency, actor: Actor) -> None:
    draft = a_draft(agency, actor)
    assert (draft.state, draft.file, draft.issued_at) == (State.DRAFT, None, None)
    issued = issue(draft)
    stored = Document.objects.get()
    file = file_of(stored)
    assert (issued.state, stored.state) == (State.ISSUED, State.ISSUED)
    pdf = store.read(file.key)
    assert pdf == render("memo", draft.context)
    assert file.sha256 == hashlib.sha256(pdf).hexdigest()
    assert (file.media_type, file.size) == ("application/pdf", len(pdf))
    assert file.original_name == "000.7.2.8-ND.0001-DISKOMINFO-XI-2026 Nota Dinas Pengumpulan Data.pdf"
    assert file.uploaded_by_id == stored.reserved_by_id == actor.person_id
    entry = Entry.objects.get()
    assert (entry.verb, entry.target_public_id, entry.person) == (
        Verb.ISSUED_DOCUMENT,
        stored.public_id,
        actor.person_key,
    )
    assert entry.payload == {
        "number": stored.number,
        "name": stored.title,
        "sha256": file.sha256,
        "supersedes": "",
        "title": "Plt. Kepala Dinas",
    }
    assert list(breaks(agency.public_id)) == []


def test_issuing_again_changes_nothing(agency: Agency, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = issue(a_draft(agency, actor))
    monkeypatch.setattr(actions, "render", lambda *_: pytest.fail("rendered again"))
    again = issue(first)
    assert (again.number, again.file_id, again.issued_at) == (first.number, first.file_id, first.issued_at)
    assert (StoredFile.objects.count(), Entry.objects.count()) == (1, 1)
    assert store.orphans() == []


def test_papers_are_never_made_inside_a_transaction(agency: Agency, actor: Actor) -> None:
    draft = a_draft(agency, actor)
    with transaction.atomic(), pytest.raises(RuntimeError, match="outside any transaction"):
        issue(draft)
    assert states() == [State.DRAFT]


def file_of(document: Document) -> StoredFile:
    document.refresh_from_db()
    assert document.file is not None
    return document.file


def is_whole(document: Document) -> bool:
    file = file_of(document)
    return store.is_whole(file.key, file.sha256)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("place", ["render", "add_file", "record"])
def test_a_crash_leaves_a_draft_that_is_finished_with_the_same_number(
    agency: Agency, actor: Actor, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    draft = a_draft(agency, actor)

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(actions, place, die)
        with pytest.raises(Killed):
            issue(draft)
    assert (states(), StoredFile.objects.count(), Entry.objects.count()) == ([State.DRAFT], 0, 0)
    assert issue_pending() == 1
    finished = Document.objects.get()
    assert (finished.state, finished.number) == (State.ISSUED, draft.number)
    assert NumberSeries.objects.get().last == 1
    assert Entry.objects.count() == 1
    assert is_whole(finished)
    assert len(store.orphans()) == (0 if place == "render" else 1)
    assert issue_pending() == 0


def test_without_the_transaction_a_crash_leaves_half_a_paper(
    agency: Agency, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the same crash before the journal, with the two writes committed one by one."""

    class NotAtomic:
        def __enter__(self) -> None:
            """Nothing begins."""

        def __exit__(self, *_: object) -> None:
            """Nothing is undone."""

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    draft = a_draft(agency, actor)
    monkeypatch.setattr(transaction, "atomic", NotAtomic)
    monkeypatch.setattr(actions, "record", die)
    monkeypatch.setattr(Document.objects, "select_for_update", lambda **_how: Document.objects.all())
    with pytest.raises(Killed):
        issue(draft)
    assert (states(), Entry.objects.count()) == ([State.ISSUED], 0)


def test_pending_papers_are_issued_oldest_first_up_to_a_limit(
    agency: Agency, actor: Actor, other_agency: Agency, other_actor: Actor
) -> None:
    drafts = [a_draft(agency, actor), a_draft(other_agency, other_actor), a_draft(agency, actor)]
    assert issue_pending(limit=2) == 2
    assert states() == [State.ISSUED, State.ISSUED, State.DRAFT]
    assert issue_pending(limit=2) == 1
    assert [Entry.objects.filter(target_public_id=draft.public_id).count() for draft in drafts] == [1, 1, 1]


def test_one_paper_that_cannot_be_made_does_not_stop_the_others(
    agency: Agency, actor: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    broken, good = a_draft(agency, actor), a_draft(agency, actor)
    Document.objects.filter(pk=broken.pk).update(context=broken.context | {"layout": "hilang"})
    assert issue_pending() == 1
    assert states() == [State.DRAFT, State.ISSUED]
    assert "no layout 'hilang'" in caplog.text
    with pytest.raises(RenderFailed, match="hilang"):
        issue(broken)
    assert issue(good).state == State.ISSUED


def test_two_who_issue_at_once_issue_one_paper(agency: Agency, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = a_draft(agency, actor)
    both_rendered = threading.Barrier(2)
    really_render = render
    results, errors = [], []

    def slowly(layout: str, context: dict[str, Any]) -> bytes:
        pdf = really_render(layout, context)
        both_rendered.wait(10)
        return pdf

    def run() -> None:
        try:
            results.append(issue(draft))
        except Exception as error:  # noqa: BLE001  (told by the assertion below)
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(actions, "render", slowly)
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert {result.file_id for result in results} == {Document.objects.get().file_id}
    assert (StoredFile.objects.count(), Entry.objects.count()) == (1, 1)
    assert store.orphans() == []


def test_a_successor_supersedes_when_it_is_issued(agency: Agency, actor: Actor) -> None:
    first = issue(a_draft(agency, actor))
    second = a_draft(agency, actor, supersedes=first)
    assert states() == [State.ISSUED, State.DRAFT]
    issue(second)
    third = issue(a_draft(agency, actor, supersedes=second))
    assert states() == [State.SUPERSEDED, State.SUPERSEDED, State.ISSUED]
    assert third.supersedes_id == second.pk
    assert second.supersedes_id == first.pk
    assert Entry.objects.get(target_public_id=third.public_id).payload["supersedes"] == second.number
    assert is_whole(first)


def test_a_paper_has_one_successor(agency: Agency, actor: Actor) -> None:
    first = issue(a_draft(agency, actor))
    second = a_draft(agency, actor, supersedes=first)
    with pytest.raises(Refused) as caught:
        a_draft(agency, actor, supersedes=first)
    assert caught.value.reasons[0].text == f"Naskah {first.number} sudah diganti oleh naskah {second.number}."
    assert Document.objects.count() == 2


def test_a_pending_predecessor_is_issued_before_its_successor(agency: Agency, actor: Actor) -> None:
    first = a_draft(agency, actor)
    second = a_draft(agency, actor, supersedes=first)
    issue(second)
    assert states() == [State.SUPERSEDED, State.ISSUED]
    assert list(Entry.objects.order_by("seq").values_list("target_public_id", flat=True)) == [
        first.public_id,
        second.public_id,
    ]
    first.refresh_from_db()
    assert first.file is not None

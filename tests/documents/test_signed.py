import io

import pytest

from capaian.agencies.models import Agency
from capaian.documents import store
from capaian.documents.actions import add_file, issue, upload_signed
from capaian.documents.models import Document, StoredFile
from capaian.documents.rules import reasons_not_to_upload_signed
from capaian.journal.actor import Actor
from capaian.journal.models import Entry
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from tests.documents.papers import a_draft, a_jpeg, a_png

pytestmark = pytest.mark.django_db(transaction=True)
State = Document.State
SCAN = b"%PDF-1.6 pindaian"


def kept(content: bytes = SCAN, name: str = "pindaian.pdf") -> store.Kept:
    return store.keep(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("content", "name"), [(SCAN, "a.pdf"), (a_png(), "a.png"), (a_jpeg(), "a.jpg")], ids=("pdf", "png", "jpeg")
)
def test_the_signed_version_stands_beside_the_generated_one(
    agency: Agency, actor: Actor, content: bytes, name: str
) -> None:
    issued = issue(a_draft(agency, actor))
    signed = upload_signed(document=issued, kept=kept(content, name), by=actor)
    stored = Document.objects.get()
    assert stored.signed_upload is not None
    assert (signed.state, stored.state) == (State.SIGNED, State.SIGNED)
    assert stored.file_id == issued.file_id
    assert store.read(stored.signed_upload.key) == content
    entry = Entry.objects.latest("seq")
    assert entry.verb == Verb.UPLOADED_SIGNED
    sha256 = stored.signed_upload.sha256
    assert entry.payload == {"number": stored.number, "sha256": sha256, "title": "Plt. Kepala Dinas"}


def refusal(document: Document, content: bytes, by: Actor) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        upload_signed(document=document, kept=kept(content, "a.txt"), by=by)
    reason = caught.value.reasons[0]
    assert reason.next_step
    assert reasons_not_to_upload_signed(Document.objects.get(pk=document.pk), content, len(content)) == [reason]
    return reason.code, reason.text


def test_what_is_refused_and_why(agency: Agency, actor: Actor) -> None:
    draft = a_draft(agency, actor)
    assert refusal(draft, SCAN, actor)[0] == "signed_not_issued"
    issued = issue(draft)
    assert refusal(issued, b"hanya teks", actor)[0] == "signed_wrong_type"
    successor = issue(a_draft(agency, actor, supersedes=issued))
    assert refusal(issued, SCAN, actor)[0] == "signed_superseded"
    upload_signed(document=successor, kept=kept(), by=actor)
    code, text = refusal(successor, SCAN, actor)
    assert code == "signed_already"
    assert text.startswith(
        f"Naskah {successor.number} sudah memiliki versi bertanda tangan, diunggah Tim, S.Kom. tanggal "
    )
    assert StoredFile.objects.filter(original_name="pindaian.pdf").count() == 1


def test_somebody_else_second_is_a_conflict_the_same_form_a_replay(agency: Agency, actor: Actor) -> None:
    issued = issue(a_draft(agency, actor))
    by = actor.with_token("formulir-1")
    upload_signed(document=issued, kept=kept(), by=by)
    with pytest.raises(Conflict) as caught:
        upload_signed(document=issued, kept=kept(), by=actor.with_token("formulir-2"))
    assert caught.value.status == 409
    with pytest.raises(Replayed):
        upload_signed(document=issued, kept=kept(), by=by)
    assert Entry.objects.filter(verb=Verb.UPLOADED_SIGNED).count() == 1


def test_nobody_signs_or_keeps_for_another_agency(agency: Agency, actor: Actor, other_actor: Actor) -> None:
    issued = issue(a_draft(agency, actor))
    with pytest.raises(Forbidden):
        upload_signed(document=issued, kept=kept(), by=other_actor)
    with pytest.raises(Forbidden):
        add_file(kept=kept(), agency=agency, by=other_actor)
    assert StoredFile.objects.count() == 1

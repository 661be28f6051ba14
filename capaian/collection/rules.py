"""What a form asks for, may this be saved, received, submitted, and if not, why not."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach
from capaian.collection.checks import findings, reasons_about
from capaian.collection.consolidation import has_formula, stored, value_of
from capaian.collection.entries import ActualEntry, FormEntry
from capaian.collection.merging import Clash, Content
from capaian.collection.models import Actual, UnitForm
from capaian.collection.reading import shown_actual, shown_number
from capaian.collection.sheets import Line, Sheet
from capaian.formulas.evaluate import NotComputable
from capaian.journal.reason import Reason
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.planning.rules import due, natural_periods
from capaian.sop.models import Run, WorkItem
from capaian.sop.papers import moment_text

State = UnitForm.State
#: The moves of a form as its unit sees it. Accepted: the collection was decided with Ya.
FORM_MOVES: dict[str, tuple[str, ...]] = {
    State.PREPARED: (State.DISTRIBUTED, State.IN_PROGRESS, State.WAIVED),
    State.DISTRIBUTED: (State.IN_PROGRESS, State.SUBMITTED, State.WAIVED),
    State.IN_PROGRESS: (State.SUBMITTED, State.WAIVED),
    State.SUBMITTED: (State.RETURNED, State.ACCEPTED),
    State.RETURNED: (State.IN_PROGRESS, State.SUBMITTED, State.WAIVED),
    State.ACCEPTED: (),
    State.WAIVED: (State.RETURNED,),
}
RECEIVERS = (RoleKey.UNIT_HEAD, RoleKey.SUBMITTER, RoleKey.STAFF)
TEXT_LENGTH = 2000
LINK_LENGTH = 400
MOST_EVIDENCE = 20  # of one line
FIELD_LABELS = {
    "value": "Realisasi",
    "letter": "Predikat",
    "is_provisional": "Tanda angka sementara",
    "cause": "Penyebab",
    "obstacle": "Hambatan",
    "follow_up": "Tindak lanjut",
}


def asked(card: Card, period: Period) -> tuple[Period, ...]:
    """Return the card's own periods that a run's form asks for."""
    return tuple(each for each in natural_periods(card.frequency, period) if due(card, each))


def period_before(frequency: str, period: Period) -> Period:
    """Return the card's own period before one of them: a semester lies two quarters back."""
    return period.previous().previous() if frequency == Card.Frequency.SEMESTER else period.previous()


def told_on(actual: Actual | None, run: Run, form: UnitForm | None) -> str:
    """Return on which other form a figure was reported already; "" where this form may still say it.

    A correction may change everything; a cancelled run's figures, and lines without a figure, are filled in anew.
    """
    if actual is None or (actual.value is None and not actual.letter) or run.corrects_id is not None:
        return ""
    if actual.form is None:
        return actual.origin or "data tahun-tahun sebelumnya"
    other = actual.form.round.run
    own = form is not None and actual.form_id == form.pk
    return "" if own or other.status == Run.Status.CANCELLED else f"formulir {other.period_value.label}"


def state_of(form: UnitForm | None, item: WorkItem | None, *, accepted: bool = False) -> UnitForm.State:
    """Return how a form stands, by its row and the unit's newest filling item."""
    if item is not None and item.waived:
        return State.WAIVED
    state = State(form.state) if form else State.PREPARED
    if state != State.SUBMITTED:
        return state
    if item is not None and item.status == WorkItem.Status.OPEN:
        return State.RETURNED
    return State.ACCEPTED if accepted else State.SUBMITTED


def form_changed(form: UnitForm) -> Reason:
    """Return why a form that was opened before somebody's saving is not taken."""
    who = form.saved_by.name if form.saved_by else "orang lain"
    when = f" pada {moment_text(form.agency, form.saved_at)}" if form.saved_at else ""
    text = f"Formulir ini sudah disimpan oleh {who}{when}, sesudah Anda membukanya."
    next_step = "Yang tersimpan tertulis di bawah isian Anda. Kirim sekali lagi bila isian Anda yang dipakai."
    return Reason("draft_changed", text, next_step)


def clash(line: Line, found: Clash) -> Reason:
    """Return that a field was changed by two people, with what stands now and what was given."""
    label = label_of(line, found)
    stands, given = (shown_content(line, found, content) for content in (found.stands, found.given))
    text = f"{label} {naming(line)} sementara itu diisi {found.by or 'orang lain'}: {stands}. Isian Anda: {given}."
    return Reason("clash", text, "Pilih yang benar, lalu simpan sekali lagi.", line.key)


def label_of(line: Line, found: Clash) -> str:
    """Return how people call the field of a clash."""
    if found.datum_id is not None:
        return next(datum.label for datum in line.card.data.all() if datum.pk == found.datum_id)
    return FIELD_LABELS[found.field]


def shown_content(line: Line, found: Clash, content: Content) -> str:
    """Return what a field of a clash holds, as people read it; "kosong" for nothing."""
    if isinstance(content, bool):
        return "dicentang" if content else "tidak dicentang"
    if content is None or content == "":
        return "kosong"
    if isinstance(content, str):
        return f"“{content}”"
    return shown_number(content) if found.datum_id is not None else shown_actual(line.card, content, "")


def may_receive(form: UnitForm, reach: Reach) -> bool:
    """Tell whether a person is one of those who acknowledge a form: the unit's head, submitter or staff."""
    own = form.agency_id == reach.agency.pk
    return own and any(form.unit_id in reach.units_with(role) for role in RECEIVERS)


def reasons_not_to_receive(form: UnitForm, reach: Reach) -> list[Reason]:
    """Return why this person may not acknowledge this form now."""
    if not may_receive(form, reach):
        text = f"Formulir ini diterima oleh {form.unit.name}."
        return [Reason("not_party", text, "Minta pegawai unit itu menandai penerimaannya.")]
    if form.distributed_at is None:
        return [Reason("not_distributed", "Formulir ini belum dibagikan.", "Tunggu Tim SAKIP membagikannya.")]
    return []


def received_already(form: UnitForm) -> Reason:
    """Return who received a form and when."""
    who = form.received_by.name if form.received_by else ""
    when = moment_text(form.agency, form.received_at) if form.received_at else ""
    return Reason("received", f"Formulir ini sudah diterima oleh {who} pada {when}.", "Lanjutkan mengisi.")


def reasons_not_to_lay(sheet: Sheet, entry: FormEntry) -> list[Reason]:
    """Return why what was sent can not stand on this form: foreign or closed lines, texts and lists too long."""
    known = {(line.card.pk, line.period.code): line for line in sheet.lines if line.is_open}
    places = [(each.card_id, each.period) for each in entry.actuals]
    places += [(each.card_id, each.period) for each in entry.evidence]
    if not known.keys() >= set(places):
        text = "Ada isian yang bukan bagian dari formulir ini atau sudah dilaporkan."
        return [Reason("line_unknown", text, "Muat ulang halaman ini.")]
    reasons = []
    for said in entry.actuals:
        line = known[said.card_id, said.period]
        if max(len(said.cause), len(said.obstacle), len(said.follow_up)) > TEXT_LENGTH:
            text = f"Penjelasan {naming(line)} terlalu panjang."
            reasons.append(Reason("text_long", text, f"Ringkas menjadi paling banyak {TEXT_LENGTH} huruf."))
    for proof in entry.evidence:
        if proof.file is None and not is_link(proof.link):
            text = f"Tautan bukti {naming(known[proof.card_id, proof.period])} tidak dapat dipakai."
            reasons.append(Reason("link_wrong", text, "Tulis alamat lengkap yang diawali https://."))
    return reasons + _reasons_too_much(known.values(), entry)


def is_link(link: str) -> bool:
    """Tell whether a text can be a link to evidence."""
    plain = link.startswith(("https://", "http://")) and len(link) <= LINK_LENGTH
    return plain and link.isprintable() and " " not in link


def _reasons_too_much(lines: Iterable[Line], entry: FormEntry) -> list[Reason]:
    reasons = []
    for line in lines:
        new = sum((proof.card_id, proof.period) == (line.card.pk, line.period.code) for proof in entry.evidence)
        if new and new + (len(line.actual.evidence.all()) if line.actual else 0) > MOST_EVIDENCE:
            text = f"Bukti {naming(line)} lebih dari {MOST_EVIDENCE}."
            reasons.append(Reason("evidence_many", text, "Gabungkan beberapa berkas, lalu unggah lagi."))
    return reasons


def naming(line: Line) -> str:
    """Return how a sentence names a line."""
    return f"“{line.card.name}” {line.period.label}"


def computed(card: Card, said: ActualEntry) -> Decimal | None:
    """Return the value that an entry gives a card: typed, or from its raw data; None while it gives none."""
    if not has_formula(card):
        return said.value
    try:
        value = value_of(card.formula, named_data(card, said.data))
    except NotComputable:
        return None  # said in words before the form is submitted
    return None if value is None else stored(value)


def named_data(card: Card, data: Mapping[int, Decimal | None]) -> dict[str, Decimal | None]:
    """Return raw data by the names that the card's formula uses."""
    return {datum.name: data.get(datum.pk) for datum in card.data.all()}


def reasons_not_to_submit(sheet: Sheet) -> list[Reason]:
    """Return what is missing on a form; what is written under "Hambatan" counts as the reason for a missing figure."""
    reasons = []
    for line in sheet.open_lines:
        reasons += _reasons_line(line)
    return reasons


def _reasons_line(line: Line) -> list[Reason]:
    excused = bool(line.actual and line.actual.obstacle.strip())
    told = line.reported
    if told.is_missing:
        return [] if excused else [_missing(line)]
    reasons = []
    if told.value is not None and told.value < 0 and not line.card.negative_target:
        text = f"Realisasi {naming(line)} negatif, sedangkan kartunya tidak mengizinkan angka negatif."
        reasons.append(Reason("negative", text, "Periksa angkanya, atau minta Tim SAKIP memeriksa kartu.", line.key))
    reasons += reasons_about(line, naming(line))
    lacks = line.card.evidence and not (line.actual and line.actual.evidence.all())
    if lacks and not excused:
        text = f"Bukti {naming(line)} belum dilampirkan ({line.card.evidence})."
        next_step = "Lampirkan berkas atau tautannya, atau tulis sebabnya pada Hambatan."
        reasons.append(Reason("no_evidence", text, next_step, line.key))
    return reasons


def _missing(line: Line) -> Reason:
    next_step = "Isi angkanya, atau tulis alasannya pada Hambatan. Nol ditulis 0."
    data = line.reported.data or {}
    if has_formula(line.card) and any(value is not None for value in data.values()):
        try:
            value_of(line.card.formula, data)
        except NotComputable as error:
            return Reason("not_computable", f"{naming(line)} tidak dapat dihitung: {error.text}", next_step, line.key)
        text = f"Data mentah {naming(line)} belum lengkap."
        return Reason("data_missing", text, next_step, line.key)
    return Reason("value_missing", f"Realisasi {naming(line)} belum diisi.", next_step, line.key)


def warnings(line: Line) -> list[str]:
    """Return what should be looked at again; it travels with the recapitulation, with its explanation."""
    return [found.text for found in findings(line)]

"""May figures of the time before the product be recorded, and if not, why not."""

from collections.abc import Sequence

from capaian.agencies.models import Agency, Unit
from capaian.collection.entries import HistoryEntry
from capaian.collection.models import Actual
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason
from capaian.planning.card_rules import target_periods
from capaian.planning.models import Card
from capaian.planning.rules import reasons_not_to_plan


def reasons_about_history(agency: Agency, figures: Sequence[HistoryEntry], by: Actor) -> list[Reason]:
    """Only planners record figures; each needs a card and a unit, the card's own period, a source, an empty place."""
    if reasons := reasons_not_to_plan(agency, by):
        return reasons
    cards = Card.objects.filter(agency=agency, pk__in={figure.card_id for figure in figures}).in_bulk()
    units = set(Unit.objects.filter(agency=agency).values_list("pk", flat=True))
    taken = set(Actual.objects.filter(card_id__in=cards, is_current=True).values_list("card_id", "unit_id", "period"))
    reasons = []
    for place, figure in enumerate(figures, start=1):
        card = cards.get(figure.card_id)
        if card is None or figure.unit_id not in units:
            text = f"Angka ke-{place} menunjuk kartu atau unit yang tidak dikenal."
            reasons.append(Reason("history_unknown", text, "Pilih dari daftar."))
            continue
        reasons += _reasons_figure(card, figure, taken)
    return reasons


def _reasons_figure(card: Card, figure: HistoryEntry, taken: set[tuple[int, int, str]]) -> list[Reason]:
    if figure.period not in {period.code for period in target_periods(card.frequency, card.year)}:
        text = f"“{card.name}” tidak dilaporkan untuk periode {figure.period}."
        return [Reason("history_period", text, "Perbaiki periodenya.")]
    if not figure.origin.strip():
        text = f"Sumber angka “{card.name}” {figure.period} belum disebut."
        return [Reason("history_source", text, "Tulis dari mana angkanya.")]
    if (figure.card_id, figure.unit_id, figure.period) in taken:
        text = f"“{card.name}” {figure.period} sudah mempunyai realisasi."
        return [Reason("history_taken", text, "Perbaiki melalui proses perbaikan periode itu.")]
    return []

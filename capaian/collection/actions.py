"""Everything that writes what is collected, under one roof; the verbs live in the `*_actions` files."""

from capaian.collection.check_actions import set_checks
from capaian.collection.form_actions import merge_form, save_form, submit_form
from capaian.collection.history_actions import record_history
from capaian.collection.import_actions import apply_import, keep_import
from capaian.collection.recapitulation_actions import recapitulate
from capaian.collection.reminder_actions import carry_reminders, choose_reminders, remind_by_itself, remind_units
from capaian.collection.return_actions import return_forms
from capaian.collection.round_actions import acknowledge_form, distribute_forms, prepare_forms
from capaian.collection.window_actions import allow_late, reopen_form, set_windows

__all__ = [
    "acknowledge_form",
    "allow_late",
    "apply_import",
    "carry_reminders",
    "choose_reminders",
    "distribute_forms",
    "keep_import",
    "merge_form",
    "prepare_forms",
    "recapitulate",
    "record_history",
    "remind_by_itself",
    "remind_units",
    "reopen_form",
    "return_forms",
    "save_form",
    "set_checks",
    "set_windows",
    "submit_form",
]

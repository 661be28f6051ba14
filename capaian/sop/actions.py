"""Everything that writes the engine's rows, under one roof; the verbs live in the `*_actions` files."""

from capaian.sop.deadline_actions import recompute_deadlines
from capaian.sop.definition_actions import adopt_definition, adopt_shipped, publish_version
from capaian.sop.reopening_actions import reopen_units, stand_in
from capaian.sop.run_actions import cancel_run, correct_run, move_run, open_due_runs, open_run, schedule_year
from capaian.sop.step_actions import attach_file, complete_step, hand_over, reassign_item, return_work, waive_unit

__all__ = [
    "adopt_definition",
    "adopt_shipped",
    "attach_file",
    "cancel_run",
    "complete_step",
    "correct_run",
    "hand_over",
    "move_run",
    "open_due_runs",
    "open_run",
    "publish_version",
    "reassign_item",
    "recompute_deadlines",
    "reopen_units",
    "return_work",
    "schedule_year",
    "stand_in",
    "waive_unit",
]

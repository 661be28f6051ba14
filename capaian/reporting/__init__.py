"""Puts the rooms below together: inbox, board of periods, the live chart of a run."""

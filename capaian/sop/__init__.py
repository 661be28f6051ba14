"""The engine: SOP definitions as data, runs, work items."""

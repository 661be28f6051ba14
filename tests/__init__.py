"""Tests: one folder per room, `house` for the checks of the house itself."""

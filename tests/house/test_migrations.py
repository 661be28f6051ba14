"""Migrations are numbered in a line, and each says in its name what it does."""

import re

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

ROOMS = [config.label for config in apps.get_app_configs() if config.name.startswith("capaian.") and config.models]
NAMED = re.compile(r"\d{4}_(?!auto_)[a-z][a-z0-9_]+")


def faults(names: list[str]) -> list[str]:
    """Return the names of one room's migrations that break the line or say nothing."""
    expected = [f"{number:04}" for number in range(1, len(names) + 1)]
    return [name for name, number in zip(sorted(names), expected, strict=True) if name[:4] != number] + [
        name for name in names if not NAMED.fullmatch(name)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_migrations_stand_in_a_line(room: str) -> None:
    loader = MigrationLoader(None)
    names = [name for label, name in loader.disk_migrations if label == room]
    assert names
    assert faults(names) == []
    assert len(loader.graph.leaf_nodes(room)) == 1


def test_planted_faults_are_caught() -> None:
    assert faults(["0001_initial", "0002_auto_20260101_0000"]) == ["0002_auto_20260101_0000"]
    assert faults(["0001_initial", "0003_add_series"]) == ["0003_add_series"]
    assert faults(["0001_initial", "0002_add_a", "0002_add_b"]) == ["0002_add_b"]

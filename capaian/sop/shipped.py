"""Reads the shipped SOP files: definitions as plain data, before any row is made."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Spec = Mapping[str, Any]

FULL = ("pengumpulan", "pengukuran")
SHORT = ("pengumpulan-ringkas", "pengukuran-ringkas")


def _text(key: str) -> str:
    return files("capaian.sop").joinpath("shipped", f"{key}.yaml").read_text(encoding="utf-8")


@cache
def shipped(key: str) -> Spec:
    """Return a shipped definition: code, name, roles, steps. `key` is one of FULL + SHORT."""
    spec: Spec = yaml.safe_load(_text(key))
    return spec


@cache
def shipped_hash(key: str) -> str:
    """Return the SHA-256 (hex) of a shipped file, kept by the agency that adopts it."""
    return hashlib.sha256(_text(key).encode()).hexdigest()


@cache
def shipped_text() -> dict[str, Any]:
    """Return chapters I-IX as printed, with correction notes."""
    text: dict[str, Any] = yaml.safe_load(_text("naskah"))
    return text

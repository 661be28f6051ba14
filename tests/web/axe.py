"""What axe-core finds on an open page, and whether the page fits its screen."""

import json
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"


def findings(page: Page) -> list[str]:
    """Return what axe-core finds, one line each; it is run from outside, past the page's policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {json.dumps([node['html'] for node in one['nodes']])[:300]}" for one in violations]


def too_wide(page: Page) -> int:
    """Return by how many pixels the page sticks out of the screen at the right."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

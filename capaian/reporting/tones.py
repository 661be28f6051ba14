"""The tone in which a category is shown: pages know tones, scales know colours."""

from capaian.formulas.scales import Level

TONES = {"green": "success", "teal": "info", "blue": "info", "yellow": "warning", "orange": "warning", "red": "danger"}


def tone_of(level: Level | None) -> str:
    """Return the tone of a category's colour; neutral where there is no category."""
    return "neutral" if level is None else TONES.get(level.colour, "info")

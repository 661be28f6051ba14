"""Template tags of the account pages."""

from django import template

register = template.Library()

Marks = tuple[tuple[str, str], ...]
# the first that fits wins: Edge and Opera call themselves Chrome, Chrome calls itself Safari
BROWSERS: Marks = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Marks = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def first_in(text: str, known: Marks) -> str:
    """Return the name of the first mark that a text contains."""
    return next((name for mark, name in known if mark in text), "")


@register.filter
def browser_name(user_agent: str) -> str:
    """Chrome di Android, from what a browser says of itself."""
    browser = first_in(user_agent, BROWSERS) or "Peramban lain"
    system = first_in(user_agent, SYSTEMS)
    return f"{browser} di {system}" if system else browser

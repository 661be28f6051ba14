"""The guides of docs/panduan as pages: Markdown to HTML, their links and pictures turned to the product's own."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach

FOLDER = settings.ROOT / "docs" / "panduan"
PICTURES = "panduan"  # the prefix of docs/images among the static files
FIRST = "README"
#: the guide of a role; who holds several positions reads the first
GUIDE_OF_ROLE = {
    RoleKey.HEAD: "kepala",
    RoleKey.SECRETARY: "sekretaris",
    RoleKey.TEAM: "tim-sakip",
    RoleKey.UNIT_HEAD: "unit",
    RoleKey.SUBMITTER: "unit",
    RoleKey.STAFF: "unit",
    RoleKey.AGENCY_ADMIN: "admin",
}
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Guide:
    """A guide: `name` as in its address, its heading, and its HTML without that heading."""

    name: str
    heading: str
    html: SafeString


def names() -> list[str]:
    """Return the names of all guides: what holds for everybody, then by role as the SOP names them."""
    order = [FIRST, *dict.fromkeys(GUIDE_OF_ROLE.values())]
    found = [file.stem for file in FOLDER.glob("*.md")]
    return sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))


def own_guide(reach: Reach) -> str:
    """Return the name of the guide for the roles that somebody holds; "" without any."""
    return next((name for role, name in GUIDE_OF_ROLE.items() if reach.has(role)), "")


@lru_cache(maxsize=32)
def guide(name: str) -> Guide:
    """Return a guide. Raises KeyError when there is none of that name."""
    if name not in names():
        raise KeyError(name)
    tokens = MARKDOWN.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    heading = tokens[1].content
    body = tokens[3:]
    for token in body:
        for child in token.children or ():
            _turn(child)
    # what people of the project wrote, raw HTML refused
    html = mark_safe(MARKDOWN.renderer.render(body, MARKDOWN.options, {}))  # noqa: S308
    return Guide(name, heading, html)


def _turn(token: Token) -> None:
    """Let a link to another guide lead to its page, and a picture to the static file."""
    target = PurePosixPath(str(token.attrGet("href") or token.attrGet("src") or ""))
    if token.type == "link_open" and target.suffix == ".md":
        token.attrSet("href", address(target.stem))
    elif token.type == "image":
        token.attrSet("src", static(f"{PICTURES}/{target.name}"))
        token.attrSet("loading", "lazy")


def address(name: str) -> str:
    """Return the address of a guide."""
    return reverse("guides") if name == FIRST else reverse("guide", kwargs={"guide": name})

"""The guides in the product: every one opens, the reader's own is marked, links and pictures lead somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from capaian.web import guides
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine, make_engine
from tests.web.looks import text

PICTURES = settings.ROOT / "docs" / "images"


@pytest.fixture
def office(db: None) -> Engine:
    return make_engine()


def targets(html: str) -> list[str]:
    """Return what a guide's links and pictures point to."""
    return re.findall(r'(?:href|src)="([^"]*)"', html)


def lost(client: Client, html: str) -> list[str]:
    """Return the links and pictures of a page's text that lead nowhere."""
    pictures = [Path(name) for name in targets(html) if "/static/" in name]
    gone = [str(name) for name in pictures if not list(PICTURES.glob(f"{name.stem.split('.')[0]}.*"))]
    links = [name for name in targets(html) if "/static/" not in name]
    return gone + [name for name in links if client.get(name).status_code != 200]


def test_every_guide_opens_and_leads_on(office: Engine) -> None:
    client = client_of(office, "team")
    for name in guides.names():
        page = text(client.get(guides.address(name)))
        guide = guides.guide(name)
        assert f"<h1>{guide.heading}</h1>" in page
        assert guide.html in client.get(guides.address(name)).content.decode()
        assert lost(client, guide.html) == []
    assert 'aria-current="page">Tim SAKIP (Anda)</a>' in text(client.get("/panduan/tim-sakip/"))
    assert client.get("/panduan/tidak-ada/").status_code == 404


def test_every_role_has_its_guide(office: Engine) -> None:
    own = {
        who: guides.own_guide(office.reach(who)) for who in ("head", "secretary", "team", "admin", "ikp", "ikp.staff")
    }
    assert own == {
        "head": "kepala",
        "secretary": "sekretaris",
        "team": "tim-sakip",
        "admin": "admin",
        "ikp": "unit",
        "ikp.staff": "unit",
    }
    assert set(own.values()) < set(guides.names())


def test_a_lost_link_and_raw_html_are_noticed(office: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides, "FOLDER", tmp_path)
    guides.guide.cache_clear()
    (tmp_path / "uji.md").write_text(
        "# Uji\n\n<script>x</script> [hilang](hilang.md) ![gambar](../images/hilang.png)\n"
    )
    html = guides.guide("uji").html
    guides.guide.cache_clear()
    assert "<script>" not in html
    assert [name.rpartition("/")[2] or name for name in lost(client_of(office, "team"), html)] == [
        "hilang.png",
        "/panduan/hilang/",
    ]

"""The frame and the parts: what they say, that they need no inline style, and that the vendor files are few."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from jinja2 import UndefinedError

from capaian.agencies.queries import Told
from capaian.journal.reason import Reason
from capaian.reporting.chart import ChartStep, Reading, ReturnArrow, StatusLine, draw_chart
from capaian.reporting.chart_pages import split_pages
from capaian.site.static_files import LISTED, HashedFiles, VendorFiles
from capaian.web.quick import draw
from capaian.web.templatetags import capaian_menu, capaian_tags

TEMPLATES = Path(settings.ROOT) / "capaian" / "web" / "templates"
NOON = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)


def part(name: str, /, **context: object) -> str:
    """Render a part with its white space squeezed."""
    return squeeze(render_to_string(f"parts/{name}.html", context))


def quick(name: str, /, **context: object) -> str:
    """Draw a quick part with its white space squeezed."""
    return squeeze(draw(f"{name}.jinja", **context))


def squeeze(text: str) -> str:
    """Return text on one line."""
    return re.sub(r"\s+", " ", text).strip()


def words(html: str) -> str:
    """Return what is read: the text without tags."""
    return squeeze(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    assert inline(path.read_text()) == []


def inline(html: str) -> list[str]:
    """Return what a strict Content-Security-Policy would refuse, and addresses of other hosts."""
    return re.findall(
        r"""\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*["']|(?:src|href)="(?:https?:)?//""", html
    )


def test_inline_style_and_script_are_caught() -> None:
    planted = '<p style="x"><script>1</script><a onclick="x"><img src="https://x"><link href="//x">'
    assert len(inline(planted)) == 5
    assert inline('<script src="/static/app.js" defer></script><a href="/x">') == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_template_compiles_and_every_icon_in_it_exists(path: Path) -> None:
    engines["django"].from_string(path.read_text())
    for name in re.findall(r'{% icon "([^"]+)"|icon_name="([^"]+)"', path.read_text()):
        assert capaian_tags.icon_paths("".join(name))


def test_an_icon_is_inlined_and_hidden_from_readers() -> None:
    drawn = capaian_tags.icon("inbox")

    assert drawn.startswith('<svg class="glyph"')
    assert 'aria-hidden="true"' in drawn
    assert 'fill="currentColor"' in drawn
    assert "<path" in drawn


@pytest.mark.parametrize("name", ["no-such-icon", "../inbox", "inbox.svg", ""])
def test_an_unknown_icon_is_an_error(name: str) -> None:
    with pytest.raises(LookupError):
        capaian_tags.icon(name)


@pytest.mark.parametrize(
    ("zone", "text", "short", "iso"),
    [
        ("Asia/Jakarta", "22 November 2026 pukul 14.05 WIB", "22 Nov 2026 14.05 WIB", "2026-11-22T14:05+07:00"),
        ("Asia/Makassar", "22 November 2026 pukul 15.05 WITA", "22 Nov 2026 15.05 WITA", "2026-11-22T15:05+08:00"),
        ("Asia/Jayapura", "22 November 2026 pukul 16.05 WIT", "22 Nov 2026 16.05 WIT", "2026-11-22T16:05+09:00"),
    ],
)
def test_times_are_told_in_the_agency_s_zone(zone: str, text: str, short: str, iso: str) -> None:
    with timezone.override(zone):
        active = capaian_tags.local_time(NOON), capaian_tags.local_time_short(NOON), capaian_tags.local_iso(NOON)

    assert active == (text, short, iso)
    assert capaian_tags.local_time(NOON, zone) == text


def test_without_an_active_zone_times_are_wib() -> None:
    assert capaian_tags.local_time(NOON) == "22 November 2026 pukul 14.05 WIB"
    assert (capaian_tags.local_time(None), capaian_tags.local_iso(None)) == ("", "")


def test_dates_periods_sizes_and_sentences() -> None:
    assert capaian_tags.long_date(date(2026, 11, 22)) == "Minggu, 22 November 2026"
    assert capaian_tags.plain_date(date(2026, 2, 1)) == "1 Februari 2026"
    assert capaian_tags.period_label("2026-Q1") == "Triwulan I 2026"
    assert [capaian_tags.file_size(size) for size in (812, 1499, 1500, 2_349_999)] == [
        "812 B",
        "1 kB",
        "2 kB",
        "2,3 MB",
    ]
    assert capaian_tags.sentence_case("tim SAKIP") == "Tim SAKIP"


class Answer(forms.Form):
    """A form with each kind of field."""

    note = forms.CharField(label="Catatan", widget=forms.Textarea, help_text="Dicetak.")
    decision = forms.ChoiceField(label="Keputusan", choices=[("yes", "Ya"), ("no", "Tidak")], widget=forms.RadioSelect)
    target = forms.ChoiceField(label="Tujuan", choices=[("8", "8")], required=False)
    checked = forms.BooleanField(label="Sudah diperiksa")
    file = forms.FileField(label="Berkas", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_names_its_help_and_its_error() -> None:
    html = part("field", field=Answer({})["note"])

    assert '<label class="form-label" for="id_note">Catatan</label>' in html
    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_note_helptext"' in html
    assert 'id="id_note_error"' in html
    assert 'class="form-control is-invalid"' in html


def test_choices_stand_in_a_fieldset_with_their_legend() -> None:
    html = part("field", field=Answer({})["decision"])

    assert '<fieldset class="field" aria-describedby="id_decision_error">' in html
    assert '<legend class="form-label">Keputusan</legend>' in html
    assert html.count('class="choice"') == 2


def test_a_form_carries_token_keep_and_files() -> None:
    html = part(
        "form", form=Answer(), form_token="t0ken", keep="A07", submit_label="Kirim", cancel_url="/", form_action="/x/"
    )

    assert 'enctype="multipart/form-data"' in html
    assert 'action="/x/"' in html
    assert 'data-keep="A07"' in html
    assert '<input type="hidden" name="form_token" value="t0ken">' in html
    assert '<input type="hidden" name="key" id="id_key">' in html
    assert words(html).endswith("Kirim Batal")
    assert "(boleh kosong)" in html


def test_a_form_with_errors_says_so_above() -> None:
    assert "Isian bertanda merah perlu diperbaiki" in part("form", form=Answer({}))
    assert "Isian bertanda merah" not in part("form", form=Answer())


def test_reasons_say_what_why_and_what_next() -> None:
    html = part("reasons", reasons=[Reason("note-missing", "Catatan kosong.", "Tulis alasannya.")])

    assert 'role="alert"' in html
    assert words(html) == "Belum dapat dilakukan Catatan kosong. Tulis alasannya."
    assert part("reasons", reasons=[]) == ""


@pytest.mark.parametrize(
    ("tone", "role"), [("info", "status"), ("success", "status"), ("warning", "alert"), ("danger", "alert")]
)
def test_notices_speak_at_their_loudness(tone: str, role: str) -> None:
    assert f'class="notice notice-{tone}" role="{role}"' in part("notice", tone=tone, text="Teks")


def test_a_deadline_says_how_late() -> None:
    html = part("deadline", due_at=NOON, text="terlambat 40 menit kerja", late=True)

    assert words(html) == "22 Nov 2026 14.05 WIB terlambat 40 menit kerja"
    assert "deadline-late" in html
    assert words(part("deadline", due_at=None)) == "tanpa batas waktu"


def test_progress_has_words_and_one_segment_a_step() -> None:
    segments = [SimpleNamespace(state=state, label="") for state in ("done", "now", "future")]
    html = part("progress_bar", segments=segments, text="1 dari 3 langkah selesai")

    assert 'role="img" aria-label="1 dari 3 langkah selesai"' in html
    assert re.findall(r"segment-(\w+)", html) == ["done", "now", "future"]


def test_history_tells_who_as_what_when_and_why() -> None:
    entry = SimpleNamespace(
        at=NOON, who="Rina", title="Plt. Sekretaris", verb="mengembalikan", target="8", note="Kurang", tone=""
    )

    assert words(quick("history", entries=[entry])) == (
        "Rina (Plt. Sekretaris) mengembalikan 8 22 November 2026 pukul 14.05 WIB Kurang"
    )
    assert words(quick("history", entries=[])) == "Belum ada catatan."


def test_files_show_number_size_and_digest() -> None:
    file = {"url": "/f", "name": "Nota.pdf", "number": "1/2026", "size": 1500, "sha256": "ab" * 32, "by": "Rina"}

    assert words(part("file_list", files=[file])) == f"Nota.pdf Nomor 1/2026 · 2 kB · Rina SHA-256 {'ab' * 8}…"


def test_small_parts() -> None:
    assert words(part("badge", tone="danger", text="Terlambat")) == "Terlambat"
    assert words(part("person", name="Rina", title="Plt. Sekretaris")) == "Rina Plt. Sekretaris"
    assert (
        words(part("empty", heading="Kosong", text="Nanti.", action_url="/", action_label="Papan"))
        == "Kosong Nanti. Papan"
    )
    assert words(part("step_status", state="now", text="Berjalan")) == "Berjalan"
    assert words(part("pagination", page=Paginator(range(30), 10).page(2))) == "Sebelumnya Halaman 2 dari 3 Berikutnya"
    assert part("pagination", page=Paginator(range(3), 10).page(1)) == ""


@dataclass
class Somebody:
    """Stands for the reach of a request."""

    roles: frozenset[str] = frozenset()
    agency: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(short_name="Diskominfo", is_sample=False))
    person: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="Rina", public_id="p"))
    held: tuple[SimpleNamespace, ...] = (SimpleNamespace(title="Plt. Sekretaris"),)

    def has(self, role: str) -> bool:
        """Whether the person holds a role."""
        return role in self.roles


def frame(path: str = "/", *, roles: frozenset[str] = frozenset()) -> str:
    """Render the empty frame for somebody."""
    request = RequestFactory().get(path)
    request.reach = Somebody(roles)  # type: ignore[attr-defined]
    request.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]
    return engines["django"].get_template("base.html").render({}, request)


def test_every_menu_entry_leads_to_a_page() -> None:
    assert [reverse(entry.name) for entry in capaian_menu.ENTRIES]


def test_the_menu_shows_admin_pages_to_admins_only() -> None:
    admin = {reverse(entry.name) for entry in capaian_menu.ENTRIES if entry.role}
    links: Callable[[str], set[str]] = lambda html: set(re.findall(r'<a href="(/[^"]*)"', html))  # noqa: E731

    assert len(admin) == 3
    assert admin.isdisjoint(links(frame()))
    assert admin <= links(frame(roles=frozenset({"agency_admin"})))


def test_the_menu_marks_where_one_is() -> None:
    board = reverse("board")

    assert frame(board).count(f'href="{board}" aria-current="page"') == 2  # wide and narrow menu
    assert frame(f"{board}2026/").count(f'href="{board}" aria-current="true"') == 2
    assert frame("/").count('href="/" aria-current="page"') == 2


def test_the_frame_says_who_one_is_and_lets_one_skip_the_menu() -> None:
    html = frame()

    assert '<html lang="id"' in html
    assert '<a class="skip" href="#isi">' in html
    assert '<main id="isi"' in html
    assert "Plt. Sekretaris" in html
    assert html.count("<h1>") == 1


def test_only_listed_vendor_files_are_found() -> None:
    finder = VendorFiles()

    assert sorted(name for name, _ in finder.list([])) == sorted(LISTED)
    assert Path(str(finders.find("vendor/tabler/tabler.min.css"))).is_file()
    for name in (
        "vendor/axe-core/axe.js",
        "vendor/@tabler/core/package.json",
        "vendor/../package.json",
        "tabler/tabler.min.css",
    ):
        assert finder.find(name) == []


def test_a_missing_package_is_an_error(tmp_path: Path, settings: SimpleNamespace) -> None:
    settings.NODE_MODULES = tmp_path

    with pytest.raises(FileNotFoundError, match="front-end package not installed"):
        list(VendorFiles().list([]))
    assert VendorFiles().find("vendor/tabler/tabler.min.css") == []


def test_static_names_work_before_and_after_collecting(tmp_path: Path) -> None:
    collected = HashedFiles(location=tmp_path)
    assert collected.stored_name("tabler/tabler.min.css") == "tabler/tabler.min.css"

    for name, source in VendorFiles().list([]):
        with source.open(name) as file:
            collected.save(name, file)
    faults = [
        item for item in collected.post_process({name: (collected, name) for name in LISTED}) if item[2] is not True
    ]

    assert [item for item in faults if isinstance(item[2], Exception)] == []
    hashed = HashedFiles(location=tmp_path).stored_name("tabler/tabler.min.css")
    assert re.fullmatch(r"tabler/tabler\.min\.[0-9a-f]{12}\.css", hashed)
    assert (tmp_path / f"{hashed}.gz").is_file()
    assert staticfiles_storage.url("capaian/app.css").startswith("/static/capaian/app")


STEPS = [
    ChartStep(
        "1", "1", "Perintah", (0,), "start", state="done", status_lines=(StatusLine("success", "Selesai oleh Rina"),)
    ),
    ChartStep(
        "2", "2", "Isi formulir", (1,), stacked=True, state="now", symbol_text="4/6", time="1 Hari", url="/langkah/x/"
    ),
    ChartStep("3", "3", "Setuju?", (0,), "decision", returns=(ReturnArrow("2", is_default=True), ReturnArrow("1"))),
    ChartStep(
        "4", "4", "Arsip", (1,), "end", proposed_time="30 menit", readings=(Reading("waktu", "Kosong", "SOP B"),)
    ),
]


def test_the_live_table_says_everything_beside_its_colours() -> None:
    html = part("chart", chart=draw_chart(["Kepala", "Bidang"], STEPS))

    assert html.count('aria-current="step"') == 1
    for said in ("Selesai oleh Rina", "4/6", "Tidak juga dapat ke langkah 1", "tafsir", "usulan", "30 menit", "SOP B"):
        assert said in html
    assert "<title>Bidang: kegiatan tiap unit, sedang berjalan</title>" in html
    assert '<a href="/langkah/x/">Isi formulir</a>' in html
    assert len(re.findall(r"<col ", html)) == 2 + 2 + 4


def test_on_a_phone_the_same_steps_are_a_list() -> None:
    html = quick("step_list", chart=draw_chart(["Kepala", "Bidang"], STEPS))

    assert html.count('<li class="step-card') == 4
    assert html.count('aria-current="step"') == 1
    assert "Bila Ya ke langkah 4; bila Tidak kembali ke langkah 2. Tidak juga dapat ke langkah 1" in html


def test_paper_pages_repeat_the_head_and_end_with_the_signature() -> None:
    chart = draw_chart(["Kepala", "Bidang"], STEPS)
    signature = {"title": "Plt. Kepala Dinas", "name": "Rina", "rank": "", "nip": "contoh"}
    html = part("chart_print", chart=chart, pages=split_pages(chart, 2), title="SOP A", signature=signature)

    assert html.count("<thead>") == 2
    assert html.count("Plt. Kepala Dinas") == 1
    assert "Ke halaman 2: A, B" in html
    assert "Dari halaman 1: A, B" in html
    assert "Catatan tafsir" in html
    assert "Selesai oleh Rina" not in html
    assert "Selesai oleh Rina" in part("chart_print", chart=chart, pages=split_pages(chart, 2), live=True)


def test_quick_parts_escape_all_that_people_write() -> None:
    evil = '<script>alert("x")</script>&'
    entry = Told(timezone.now(), evil, evil, evil, evil, f"{evil}\n{evil}")
    drawn = quick("history", entries=[entry])
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 6
    assert "<br>" in drawn


def test_a_quick_part_draws_nothing_that_it_was_not_given() -> None:
    with pytest.raises(UndefinedError, match="entries"):
        draw("history.jinja")

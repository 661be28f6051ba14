"""Writes the workbook that people fill in: instructions, the nodes and cards that are there, lists to choose from."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from capaian.agencies.queries import Reach
from capaian.planning.card_rules import MAY_BE_EMPTY, choices_of
from capaian.planning.entries import CARD_TEXTS, TargetEntry
from capaian.planning.models import Card, Node, Plan
from capaian.planning.queries import cards, nodes, suppliers
from capaian.planning.tree import branches
from capaian.planning.typed_figures import figure_text, target_text
from capaian.planning.workbook_columns import CARDS, GUIDE, NO, NODES, TARGET, YES, Column, columns_of

BLANK_ROWS = 500
WIDE = {"text": 50, "name": 50, "definition": 40, "calculation": 40, "data": 40, "units": 30, "node": 30, "parent": 30}
USUAL_WIDTH = 18
STEPS = (
    "Isi lembar Butir dan Kartu, satu baris untuk setiap butir dan setiap indikator. Judul kolom jangan diubah.",
    "Kolom dengan judul berwarna wajib diisi. Arahkan penunjuk ke judul kolom untuk membaca cara mengisinya.",
    "Tulis angka dengan koma desimal, misalnya 2,85. Sel kosong berarti belum ada; nol ditulis 0.",
    "Butir yang sudah ada tidak diubah oleh buku kerja ini; yang belum ada ditambahkan. Induk ditulis lebih dahulu.",
    "Kartu yang masih konsep diperbarui menurut barisnya. Kartu yang sudah aktif tidak diubah.",
    "Sesudah diunggah, semua baris diperlihatkan dahulu. Bila satu sel ditolak, tidak ada yang ditulis.",
)


def workbook_bytes(reach: Reach, plan: Plan, year: int) -> bytes:
    """Return the workbook of a plan and year as XLSX, filled with what is stored."""
    found = [branch.node for branch in branches(nodes(reach).filter(plan=plan, valid_to__isnull=True))]
    place = {node.pk: at for at, node in enumerate(found)}
    stored = cards(reach).filter(indicator__node__in=found, year=year).order_by("version")
    newest = {card.indicator_id: card for card in stored}
    rows = sorted(newest.values(), key=lambda card: (place[card.indicator.node_id], card.indicator.ordinal, card.pk))
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    _guide(book, plan, year, [unit.name for unit in suppliers(reach)])
    _sheet(book, NODES, columns_of(NODES, year), [_node_texts(node) for node in found])
    _sheet(book, CARDS, columns_of(CARDS, year), [card_texts(card) for card in rows])
    book.close()
    return stream.getvalue()


def _guide(book: Any, plan: Plan, year: int, units: Sequence[str]) -> None:
    sheet = book.add_worksheet(GUIDE)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"Buku kerja perencanaan {year}: {plan.title}", bold)
    at = 2
    for number, text in enumerate(STEPS, start=1):
        sheet.write_string(at, 0, f"{number}. {text}", wrapped)
        at += 1
    sheet.write_string(at + 1, 0, "Unit penyedia data", bold)
    for offset, name in enumerate(units, start=at + 2):
        sheet.write_string(offset, 0, name)


def _sheet(book: Any, name: str, columns: Sequence[Column], rows: Sequence[dict[str, str]]) -> None:
    sheet = book.add_worksheet(name)
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = {True: book.add_format({"bold": True, "bg_color": "#D6E4F5"}), False: book.add_format({"bold": True})}
    last = len(rows) + BLANK_ROWS
    for at, column in enumerate(columns):
        sheet.set_column(at, at, WIDE.get(column.key, USUAL_WIDTH), plain)
        sheet.write_string(0, at, column.heading, head[column.required])
        sheet.write_comment(0, at, f"{'Wajib diisi. ' if column.required else ''}{column.hint}")
        if column.words:
            sheet.data_validation(1, at, last, at, _choice(column))
    for number, texts in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            if texts.get(column.key):
                sheet.write_string(number, at, texts[column.key], plain)
    sheet.freeze_panes(1, 2)


def _choice(column: Column) -> dict[str, Any]:
    """Return a list to choose from. Excel takes no more than 255 signs there; longer lists are only explained."""
    if len(",".join(column.words)) > 255 or any("," in word for word in column.words):
        return {"validate": "any", "input_title": column.heading[:32], "input_message": "; ".join(column.words)[:255]}
    return {"validate": "list", "source": list(column.words), "error_type": "warning"}


def _node_texts(node: Node) -> dict[str, str]:
    parent = node.parent
    return {
        "level": node.get_level_display(),
        "code": node.code,
        "text": node.text,
        "parent": (parent.code or parent.text) if parent else "",
        "ordinal": str(node.ordinal),
        "owner": node.owner.name if node.owner else "",
        "origin": node.origin,
    }


def card_texts(card: Card) -> dict[str, str]:
    """Return a card as the texts of its row: what the reader takes back as the same card."""
    node, indicator = card.indicator.node, card.indicator
    flags = {name: getattr(indicator, name) for name in ("is_iku", "is_ikk", "is_lppd")}
    flags |= {name: getattr(card, name) for name in ("negative_target", "released_next_year")}
    chosen = ("kind", "polarity", "frequency", "entry", "consolidation", "location", "scale", *MAY_BE_EMPTY)
    numbers = ("weight", "tolerance", "baseline")
    texts = {name: str(getattr(card, name)) for name in CARD_TEXTS}
    texts |= {name: YES if flag else NO for name, flag in flags.items()}
    texts |= {name: dict(choices_of(name)).get(getattr(card, name), "") for name in chosen}
    texts |= {name: figure_text(getattr(card, name)) for name in numbers}
    texts |= {TARGET + row.period: target_text(TargetEntry.of(row)) for row in card.targets.all()}
    return texts | {
        "node": node.code or node.text,
        "ordinal": str(indicator.ordinal),
        "cap": "tanpa" if card.cap is None else figure_text(card.cap),
        "baseline_year": str(card.baseline_year or ""),
        "measured_month": str(card.measured_month or ""),
        "data": "; ".join(
            f"{row.name} = {row.label}{f' [{row.measured_in}]' if row.measured_in else ''}" for row in card.data.all()
        ),
        "units": "; ".join(row.unit.name for row in card.suppliers.all()),
    }

"""The review workbook: a row a claim, to be decided by a person and taken by ``kaohe accept``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from kaohe.facts.codec import decimal_text
from kaohe.reading.review.columns import (
    ACCEPT_WORDS,
    APPROX_WORDS,
    DIFFERENT,
    HEADINGS,
    NO,
    OPTIONS_SHEET,
    ROLES,
    SHEET,
    YES,
)
from kaohe.reading.review.proposals import Proposal, Review

_WIDTHS = {
    "number": 5, "accept": 6, "unit": 11, "indicator": 20, "role": 8, "period": 15, "value": 10,
    "measure": 8, "approx": 5, "estimated": 5, "held": 13, "sentence": 46, "figure": 12, "confidence": 6,
    "candidates": 26, "source": 18,
}  # fmt: skip
_FIXED = 30
"""Rows below the last one in which the drop-downs work as well, for figures added by hand."""

_GUIDE = (
    "怎样核定",
    "1. 采纳列:“是”记入台账,“否”不记;台账已有不同的数、确要改时写“更正”(旧数保留,新数接在后面)。",
    "2. 标“是”的行有把握;浅黄的行请先看“候选”和“原文”,改对了再采纳;浅红的行台账已有不同的数。",
    "3. 填报单位、指标可写名称或编号,只能用台账里有的。",
    "   时期写 2005-01/2005-09(累计)、2005-09(时点)、2005(全年)。",
    "4. 数值只写数字,亏损、下降写负数;计量单位要能换算成指标的计量单位。",
    "5. 可以排序、隐藏或移动列、删行,也可以在下面加行;不要改表头和“出处”。",
    "6. 存盘后运行 kaohe accept 本文件 台账文件夹。有一处不对就全部不记,逐条说明在哪一行哪一列。",
)


@dataclass(frozen=True, slots=True)
class _Looks:
    """The formats of the page."""

    head: Any
    plain: Any
    centre: Any
    long: Any
    text: Any
    strong: Any
    share: Any
    doubt: Any
    conflict: Any


def review_workbook(reviews: Sequence[Review]) -> bytes:
    """The rows of one document, or of several one after the other, as .xlsx.

    The lists of the drop-downs are on the second sheet. Texts are never formulas.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        page = book.add_worksheet(SHEET)
        looks = _looks(book)
        rows = [row for review in reviews for row in review.proposals]
        _head(page, looks)
        for at, row in enumerate(rows, start=1):
            _write(page, looks, at, row)
        _options(book, reviews)
        _validated(page, reviews, len(rows))
        _printed(page, looks, reviews, len(rows))
    return content.getvalue()


def _looks(book: Any) -> _Looks:
    base = {"valign": "top", "border": 1, "border_color": "#BFBFBF", "font_name": "宋体", "font_size": 10}
    made = book.add_format
    return _Looks(
        head=made(base | {"bold": True, "bg_color": "#DDE6F0", "align": "center", "valign": "vcenter",
                          "text_wrap": True}),
        plain=made(base), centre=made(base | {"align": "center"}), long=made(base | {"text_wrap": True}),
        text=made({"font_name": "宋体", "font_size": 10}),
        strong=made({"bold": True, "underline": 1, "font_color": "#9C0006", "font_name": "宋体",
                     "font_size": 10}),
        share=made(base | {"num_format": "0%", "align": "center"}),
        doubt=made({"bg_color": "#FFF4CE"}), conflict=made({"bg_color": "#FBE0DD"}),
    )  # fmt: skip


def _head(page: Any, looks: _Looks) -> None:
    page.set_row(0, 30)
    for place, name in enumerate(HEADINGS):
        page.write_string(0, place, HEADINGS[name], looks.head)
        page.set_column(place, place, _WIDTHS[name], looks.plain if name == "period" else None)
    page.freeze_panes(1, _place("unit"))


def _place(name: str) -> int:
    return list(HEADINGS).index(name)


def _letter(name: str) -> str:
    return chr(ord("A") + _place(name))


def _write(page: Any, looks: _Looks, at: int, row: Proposal) -> None:
    texts = {
        "accept": row.accept, "unit": row.unit, "role": row.role, "period": row.period,
        "measure": row.measure, "approx": row.approx, "estimated": YES if row.estimated else "",
        "figure": row.figure,
    }  # fmt: skip
    page.write_number(at, _place("number"), row.match.claim.id + 1, looks.centre)
    for name, text in texts.items():
        page.write_string(at, _place(name), text, looks.centre)
    for name, text in {"indicator": row.indicator, "held": row.held, "candidates": row.candidates}.items():
        page.write_string(at, _place(name), text, looks.long)
    page.write_string(at, _place("source"), row.source, looks.plain)
    page.write_number(at, _place("confidence"), float(row.match.confidence), looks.share)
    _write_value(page, looks, at, row)
    _write_sentence(page, looks, at, row)


def _write_value(page: Any, looks: _Looks, at: int, row: Proposal) -> None:
    place = _place("value")
    if row.value is None:
        page.write_blank(at, place, None, looks.plain)
        return
    text = decimal_text(row.value)
    if len(text.replace("-", "").replace(".", "")) > 15:
        # A spreadsheet keeps 15 digits: a longer number stays whole as text.
        page.write_string(at, place, text, looks.plain)
    else:
        page.write_number(at, place, float(text), looks.plain)


def _write_sentence(page: Any, looks: _Looks, at: int, row: Proposal) -> None:
    end = row.at + len(row.figure)
    before, after = row.sentence[: row.at], row.sentence[end:]
    figure = row.sentence[row.at : end]
    pieces = [part for text, look in ((before, looks.text), (figure, looks.strong), (after, looks.text))
              for part in (look, text) if text]  # fmt: skip
    if len(pieces) > 2:
        page.write_rich_string(at, _place("sentence"), *pieces, looks.long)
    else:
        page.write_string(at, _place("sentence"), row.sentence, looks.long)
    lines = max(_lines(row.sentence, "sentence"), _lines(row.candidates, "candidates"),
                _lines(row.indicator, "indicator"), _lines(row.held, "held"))  # fmt: skip
    page.set_row(at, 2 + 14 * lines)


def _lines(text: str, column: str) -> int:
    """How many lines a text takes in its column; a Chinese character is two wide."""
    wide = sum(1 if char.isascii() else 2 for char in text)
    return max(1, -(-wide // (_WIDTHS[column] - 3)))


def _options(book: Any, reviews: Sequence[Review]) -> None:
    page = book.add_worksheet(OPTIONS_SHEET)
    bold = book.add_format({"bold": True})
    for place, (heading, names) in enumerate(_lists(reviews).items()):
        page.write_string(0, place, heading, bold)
        page.write_column(1, place, names)
    page.set_column(0, 2, 30)
    guide = len(_lists(reviews)) + 1
    for at, line in enumerate(_GUIDE):
        page.write_string(at, guide, line, bold if at == 0 else None)
    page.set_column(guide, guide, 90)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _lists(reviews: Sequence[Review]) -> dict[str, tuple[str, ...]]:
    first = reviews[0]
    return {"填报单位": first.units, "指标": first.indicators, "计量单位": first.measures}


def _validated(page: Any, reviews: Sequence[Review], count: int) -> None:
    """Drop-downs; units, indicators and measures warn only, since ids and other measures are good too."""
    fixed = {
        "accept": list(ACCEPT_WORDS), "role": list(ROLES),
        "approx": list(dict.fromkeys(word for word in APPROX_WORDS.values() if word)), "estimated": [YES, NO],
    }  # fmt: skip
    for name, words in fixed.items():
        page.data_validation(1, _place(name), count + _FIXED, _place(name), {
            "validate": "list", "source": words, "ignore_blank": True, "error_title": HEADINGS[name],
            "error_message": f"应为{'、'.join(words)}",
        })  # fmt: skip
    for place, (heading, names) in enumerate(_lists(reviews).items()):
        name = next(key for key, text in HEADINGS.items() if text == heading)
        column = chr(ord("A") + place)
        page.data_validation(1, _place(name), count + _FIXED, _place(name), {
            "validate": "list", "source": f"={OPTIONS_SHEET}!${column}$2:${column}${max(len(names), 1) + 1}",
            "ignore_blank": True, "error_type": "warning", "error_title": heading,
            "error_message": "列表里没有这个名称;写编号也可以",
        })  # fmt: skip


def _printed(page: Any, looks: _Looks, reviews: Sequence[Review], count: int) -> None:
    last = max(count, 1)
    held = f"${_letter('held')}2"
    doubt = f'AND(${_letter("accept")}2="{NO}",{held}="")'
    conflict = f'ISNUMBER(SEARCH("{DIFFERENT}",{held}))'
    area = (1, 0, last, _place("candidates"))
    page.conditional_format(*area, {"type": "formula", "criteria": f"={conflict}", "format": looks.conflict,
                                    "stop_if_true": True})  # fmt: skip
    page.conditional_format(*area, {"type": "formula", "criteria": f"={doubt}", "format": looks.doubt})
    page.autofilter(0, 0, last, len(HEADINGS) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.print_area(0, 0, last, _place("figure"))
    names = "、".join(review.document for review in reviews)
    where = f"{reviews[0].unit} {reviews[0].period or ''}".strip()
    page.set_header(f"&L{_escaped(names)}&C文稿数据核定表&R{_escaped(where)}")
    page.set_footer("&L核定人:            日期:&R第 &P 页,共 &N 页")


def _escaped(text: str) -> str:
    return text.replace("&", "&&")

"""The board's page asks for nothing, cuts nothing, and marks what was made up."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from kaohe.demo import folder
from kaohe.outlook.board import board
from kaohe.outlook.model import Board
from kaohe.writing.board_html import board_html

VOID = {"meta", "br", "link", "img", "hr", "input"}


@pytest.fixture(scope="module")
def stand() -> Board:
    return board(folder() / "county.yaml", folder() / "ledger", "qingzhu")


@pytest.fixture(scope="module")
def page(stand: Board) -> str:
    return board_html(stand)


class Elements(HTMLParser):
    """Checks that elements close in order; keeps tags, attributes and the text of cells."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))


@pytest.fixture(scope="module")
def elements(page: str) -> Elements:
    found = Elements()
    found.feed(page)
    assert found.open == []
    return found


def test_the_page_asks_for_nothing(page: str, elements: Elements) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", page)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in elements.tags}
    assert not [attrs for _, attrs in elements.tags if "src" in attrs or "style" in attrs]
    assert "default-src 'none'" in page


def test_it_can_be_read_aloud(elements: Elements) -> None:
    html = next(attrs for tag, attrs in elements.tags if tag == "html")
    assert html["lang"] == "zh-CN"
    heads = [attrs for tag, attrs in elements.tags if tag == "th"]
    assert heads and all(attrs.get("scope") for attrs in heads)
    bars = [attrs for tag, attrs in elements.tags if tag == "svg" and "k-bar" in (attrs.get("class") or "")]
    assert bars and all(attrs.get("aria-label") for attrs in bars)
    assert [tag for tag, _ in elements.tags].count("h1") == 1


def test_status_is_shape_and_word(page: str) -> None:
    chips = re.findall(r'<span class="k-chip k-\w+">(.*?)</span>([^<]+)</span>', page)
    assert chips and all(word.strip() for _, word in chips)


def test_made_up_figures_carry_the_dagger(stand: Board, page: str) -> None:
    assert "演示数据" in page
    for row in stand.rows:
        gap = (row.progress.gap,) if row.progress.pace.present else ()
        for figure in (row.progress.target, row.progress.attainment, *gap):
            if figure.present and figure.demo:
                whole = re.escape((figure.mark + figure.number).split(".")[0])
                assert re.search(rf'<span class="k-int">{whole}</span><span class="[^"]*">[^<]*<sup', page), (
                    row.name
                )
    heads = re.findall(r"<th[^>]*>(.*?)</th>", page)
    for word in ("分值", "得分", "责任人"):
        assert any(word in head and "†" in head for head in heads), word


def test_nothing_from_the_speech_carries_the_dagger(page: str) -> None:
    for number in ("6.25", "597.46", "2747.46"):
        whole, fraction = number.split(".")
        assert f'<span class="k-int">{whole}</span><span class="k-frac k-f2">.{fraction}</span>' in page


def test_decimal_points_of_a_column_stand_below_each_other(page: str) -> None:
    gaps = page.split("差距清单")[1].split("</table>")[0]
    cells = re.findall(
        r'data-label="累计"><span class="k-int">[^<]*</span><span class="k-frac (k-f\d)"', gaps
    )
    assert len(cells) == 5 and len(set(cells)) == 1


def test_the_contradiction_is_on_the_row(page: str) -> None:
    assert "31.4万美元" in page.split("差距清单")[1].split("</table>")[0]


def test_words_of_the_ledger_cannot_become_markup(stand: Board) -> None:
    from dataclasses import replace

    evil = replace(stand.rows[0], name="<script>x</script>", cause='"><b>')
    page = board_html(replace(stand, rows=(evil, *stand.rows[1:]), name="<i>甲</i>"))
    assert "<script" not in page and "<i>" not in page


def test_interface_text_has_full_width_punctuation(elements: Elements) -> None:
    han = "\u4e00-\u9fff"
    for parent, text in elements.texts:
        if parent not in ("style", "title"):
            assert not re.search(rf"[{han}][,;:](?!\d)|[,;:][{han}]", text), text

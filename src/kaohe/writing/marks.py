"""How a board's figures and their marks are written in plain text, and the note that explains the marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.outlook.figures import Figure
from kaohe.outlook.model import Board, Row

_FULL_WIDTH = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "!": "\uff01", "?": "\uff1f"}
_HAN = "\u3400-\u9fff\u201c\u201d\u300a\u300b\u3001\u3002\uff00-\uffef"
_POINTS = re.compile(rf"(?<=[{_HAN}])[,;:!?]|[,;:!?](?=[{_HAN}])")
_BRACKETS = re.compile(
    rf"(?<=[{_HAN}])\((?!示例\)|虚构\))([^()]*)\)|\((?!示例\)|虚构\))([^()]*[{_HAN}][^()]*)\)"
)
_FEW = 2
DAGGER = "†"
BANNER = "演示数据:标 † 的数是为演示而编,不是讲话原文"


def typeset(text: str) -> str:
    """Full-width punctuation beside Chinese characters; numbers and the names of demo places stay.

    >>> typeset("共 12,000 元,其中(预计)") == "共 12,000 元\uff0c其中\uff08预计\uff09"
    True
    """
    bracketed = _BRACKETS.sub(lambda found: f"\uff08{found[1] or found[2] or ''}\uff09", text)
    return _POINTS.sub(lambda found: _FULL_WIDTH[found[0]], bracketed)


def marked(figure: Figure) -> str:
    """The figure with all of its marks in a line of text.

    >>> from fractions import Fraction
    >>> marked(Figure(Fraction(7500), demo=True)), marked(Figure(Fraction(60), stated=True))
    ('7500†', '60(原文)')
    """
    words = [figure.measure] if figure.measure and figure.present else []
    tags = "".join(f"({tag})" for tag in tags_of(figure))
    return figure.text + "".join(words) + (DAGGER if has_dagger(figure) else "") + tags


def has_dagger(figure: Figure) -> bool:
    """Whether the figure is a number that was made up; words such as 缺报 are no figure."""
    return figure.demo and figure.present


def tags_of(figure: Figure) -> Iterator[str]:
    """The words that follow a figure: 预计, 含预计, 原文."""
    if figure.estimated and figure.present:
        yield figure.estimated
    if figure.stated and figure.present:
        yield "原文"


def points_text(row: Row) -> str:
    """The points of a row: a range while they are open; part of the row above; not scored."""
    if row.full is None:
        return "并入上项" if row.scored and row.depth else "不计分"
    return row.points.text(2)


def rank_text(board: Board) -> str:
    """The place as a range, 未定 while it is not known."""
    return f"第 {board.rank.text(0)} 名" if board.rank.known else "未定"


def subject(row: Row) -> str:
    """What the row measures, where its indicator is not the criterion itself; blank otherwise."""
    name = row.progress.name.removesuffix("(公布)")
    if name in row.name or (len(name) <= len(row.name) + _FEW and _is_within(row.name, name)):
        return ""
    return name.removeprefix(row.name)


def _is_within(short: str, long: str) -> bool:
    """Whether the characters of ``short`` stand in ``long`` in this order."""
    rest = iter(long)
    return all(char in rest for char in short)


def day_text(day: str) -> str:
    """A due day as a clerk reads it.

    >>> day_text("2005-12-31"), day_text("")
    ('12月31日前', '')
    """
    parts = day.split("-")
    return f"{int(parts[1])}月{int(parts[2])}日前" if len(parts) == 3 else day


def legend(board: Board) -> tuple[str, ...]:
    """The notes under a board: what the marks on it mean."""
    notes = ["≈ 由公布的完成率推算,原文未载目标数。原文:公布的增幅、完成率,与计算数并存,不互相替代。"]
    notes.append("缺报、未到期、已知为零是三件事;— 为不适用。比时序、差距以百分点计。")
    if board.has_demo:
        head = "责任单位和责任人、时限、"
        points = "分值、得分、名次、" if board.points_demo else ""
        notes.append(
            f"† 演示数据:{head}{points}标 † 的数和由它算出的数为演示而编;其余出自一篇讲话,年份为推断。"
        )
    return tuple(notes)

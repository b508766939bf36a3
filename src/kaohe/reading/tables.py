"""Tables as claims: headers of row and column give indicator, period, measure and kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from kaohe.quantities import NumberError, Period, find_periods, find_quantities, measure_of, read_number
from kaohe.quantities.numbers import decimals_of
from kaohe.reading.claims import Claim, Direction, Kind, Role
from kaohe.reading.documents import Document, Table
from kaohe.reading.lexicon import any_of, pattern
from kaohe.reading.view import normalised

_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?[%‰]?")
_MEASURE = re.compile(r"[(（\[]\s?(?:单位[:：])?\s?([^()（）\]\d]{1,8})\s?[)）\]]")
_CAPTION_MEASURE = re.compile(r"单位[:：]\s?([^\s,，;；()（）\d]{1,8})")
_GROWTH = pattern("column_growth")
_POINTS = re.compile(r"百分点")
_COMPLETION = pattern("column_completion")
_SHARE = pattern("column_share")
_TARGET = pattern("column_target")
_RANK = re.compile(r"位次|名次|排名|排位")
_DELTA = re.compile(r"增减[数额量]|增加[数额量]|增量|净增")
_SERIAL = re.compile(r"^(?:序号|编号|No\.?|行次|备注|说明)$")
_MEASURE_COLUMN = re.compile(r"^(?:计量)?单位$")
_PLACE = re.compile(any_of("place_end") + "$")
_TOTAL = re.compile(r"^(?:合计|总计|小计|全[县市区镇乡省国])$")
_ASPECT = re.compile(
    rf"(?:{any_of('scope')}|{any_of('column_aspect')}|(?:比|较)[上去]年.*|同比.*|增[长幅速].*|占.*|\d+)*$"
)
_LISTED = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．]|其中[:：]?|#)"
)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table's texts by place, merged cells repeated, with the first row and column of its figures."""

    texts: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, ...], ...]
    top: int
    left: int


def table_claims(
    document: Document, table: Table, first_id: int, scope: str, year: int | None
) -> list[Claim]:
    """The claims of a table, ids from ``first_id``; ratios of a row relate to its first amount."""
    grid = _grid(document, table)
    claims: list[Claim] = []
    for row in range(grid.top, len(grid.texts)):
        head: int | None = None
        for claim in _row(document, table, grid, row, scope, year):
            related = head if claim.is_ratio or claim.kind in ("delta", "rank") else None
            made = _numbered(claim, first_id + len(claims), related)
            if related is None and not claim.is_ratio and not claim.role:
                head = made.id
            claims.append(made)
    return claims


def _numbered(claim: Claim, number: int, related: int | None) -> Claim:
    return replace(claim, id=number, relation_to=related)


def _grid(document: Document, table: Table) -> _Grid:
    height, width = table.height, table.width
    texts = [[""] * width for _ in range(height)]
    places = [[-1] * width for _ in range(height)]
    for cell in table.cells:
        written = document.text[cell.start : cell.end].strip()
        for row in range(cell.row, min(cell.row + cell.rows, height)):
            for column in range(cell.column, min(cell.column + cell.columns, width)):
                texts[row][column] = written
        lead = len(document.text[cell.start : cell.end]) - len(document.text[cell.start : cell.end].lstrip())
        places[cell.row][cell.column] = cell.start + lead
    top = next((row for row, line in enumerate(texts) if _has_figures(line)), height)
    left = _first_column(texts[top:]) if top else 0
    return _Grid(tuple(map(tuple, texts)), tuple(map(tuple, places)), max(top, 1), left)


def _has_figures(line: list[str]) -> bool:
    """A row of the body: a number that is no year and no serial number in the first column."""
    return any(_is_number(text) and not re.fullmatch(r"(?:19|20)\d\d", text) for text in line[1:])


def _first_column(body: list[list[str]]) -> int:
    """The first column, behind the first, in which most cells are numbers."""
    for column in range(1, len(body[0]) if body else 0):
        written = [line[column] for line in body if line[column]]
        if written and sum(map(_is_number, written)) * 2 > len(written):
            return column
    return 1


def _is_number(text: str) -> bool:
    plain = re.sub(r"\s", "", text)
    if _NUMBER.fullmatch(plain):
        return True
    found = find_quantities(plain)
    return len(found) == 1 and found[0].start == 0 and found[0].end == len(plain)


def _row(
    document: Document, table: Table, grid: _Grid, row: int, scope: str, year: int | None
) -> Iterator[Claim]:
    labels = [
        text for column, text in enumerate(grid.texts[row][: grid.left])
        if text and not _is_number(text) and not any(map(_is_no_label, _headers(grid, column)))
    ]  # fmt: skip
    label = labels[-1] if labels else ""
    for column in range(grid.left, len(grid.texts[row])):
        place, written = grid.places[row][column], grid.texts[row][column]
        if place >= 0 and written and _is_number(written):
            headers = _headers(grid, column)
            if not any(map(_is_no_label, headers)):
                yield _claim(document, table, grid, (row, column), label, headers, scope, year)


def _is_no_label(header: str) -> bool:
    return bool(_SERIAL.match(header) or _MEASURE_COLUMN.match(header))


def _headers(grid: _Grid, column: int) -> list[str]:
    found: list[str] = []
    for row in range(grid.top):
        text = grid.texts[row][column]
        if text and text not in found:
            found.append(text)
    return found


def _claim(
    document: Document, table: Table, grid: _Grid, at: tuple[int, int], label: str, headers: list[str],
    scope: str, year: int | None,
) -> Claim:  # fmt: skip
    row, column = at
    place, written = grid.places[row][column], grid.texts[row][column]
    header = "".join(headers)
    value, unit, decimals = _figure(written, _measure(document, table, grid, row, label, headers))
    kind = _kind(header, label, unit)
    if not unit and kind in ("growth", "completion", "share", "rate"):
        unit = "%"
    indicator, own_scope = _names(label, headers)
    period = _period(headers, label, table.caption, year)
    direction: Direction = "" if value >= 0 else "down" if kind in ("growth", "delta", "delta_pp") else "loss"
    role: Role = "target" if _TARGET.search(header) and kind != "completion" else ""
    return Claim(
        0, place, place + len(written), written, kind, abs(value), unit, indicator, own_scope or scope,
        period[0], period[1], direction=direction, role=role, confidence=Decimal("0.8"), decimals=decimals,
    )  # fmt: skip


def _figure(written: str, measure: str) -> tuple[Decimal, str, int]:
    plain = normalised(written).text
    found = find_quantities(plain)
    if found and found[0].end - found[0].start == len(plain) and isinstance(found[0].value, Decimal):
        return found[0].value, found[0].measure, found[0].decimals
    sign = plain[-1] if plain[-1] in "%‰" else ""
    try:
        value = read_number(plain.rstrip("%‰").lstrip("+"))
    except NumberError:
        value = Decimal(0)
    return Decimal(value), sign or measure, decimals_of(plain.rstrip("%‰").lstrip("+-"))  # type: ignore[arg-type]


def _measure(document: Document, table: Table, grid: _Grid, row: int, label: str, headers: list[str]) -> str:
    """The measure from the column's header, a column of measures, the row's label, or above the table."""
    for text in (*reversed(headers), label):
        match = _MEASURE.search(text)
        if match and _known(match[1]):
            return match[1].strip()
    if any(_GROWTH.search(header) or _COMPLETION.search(header) for header in headers):
        return ""
    for column in range(len(grid.texts[row])):
        if any(_MEASURE_COLUMN.match(header) for header in _headers(grid, column)):
            return _MEASURE.sub(r"\1", grid.texts[row][column])
    above = document.text[max(0, table.start - 80) : table.start] + table.caption
    match = _CAPTION_MEASURE.search(above)
    return match[1] if match and _known(match[1]) else ""


def _known(name: str) -> bool:
    measure = measure_of(name.strip())
    return measure.dimension != measure.name or measure.kind == "discrete"


def _kind(header: str, label: str, unit: str) -> Kind:
    if _RANK.search(header):
        return "rank"
    if unit == "百分点" or _POINTS.search(header):
        return "delta_pp"
    dimension = measure_of(unit).dimension if unit else "number"
    if dimension == "ratio" or not unit:
        for text, pattern, kind in (
            (header, _COMPLETION, "completion"), (header, _GROWTH, "growth"), (header, _SHARE, "share"),
            (label, _COMPLETION, "completion"), (label, _GROWTH, "growth"), (label, _SHARE, "share"),
        ):  # fmt: skip
            if pattern.search(text) and not (kind == "growth" and _DELTA.search(text)):
                return kind  # type: ignore[return-value]
        return "rate" if dimension == "ratio" else "count"
    if _DELTA.search(header):
        return "delta"
    return _plain_kind(dimension.split("/")[0], unit)


def _plain_kind(dimension: str, unit: str) -> Kind:
    if dimension in ("money", "usd", "eur", "hkd", "jpy", "gbp"):
        return "amount"
    if dimension == "area":
        return "area"
    if dimension == "power":
        return "capacity"
    return "count" if measure_of(unit).kind == "discrete" else "quantity"


def _names(label: str, headers: list[str]) -> tuple[str, str]:
    """Indicator, and the body that a row is about: rows of places have their indicators above."""
    bare = _bare(label)
    above = [name for name in map(_bare, headers) if name and not _ASPECT.match(name)]
    if _PLACE.search(bare) or _TOTAL.match(bare):
        return "".join(above) or bare, bare
    return (bare or "".join(above)) if not above or bare else "".join(above), ""


def _bare(text: str) -> str:
    """A header without its measure, serial mark and 其中."""
    name = _MEASURE.sub("", text)
    name = _LISTED.sub("", name, count=1) if _LISTED.match(name) else name
    return re.sub(r"(?:(?:19|20)\d\d年?度?|[\s±%])", "", name)


def _period(headers: list[str], label: str, caption: str, year: int | None) -> tuple[str, Period | None]:
    for text in (*reversed(headers), label, caption):
        found = find_periods(text, year)
        if found:
            return found[-1].text, found[-1].period
        bare = re.fullmatch(r"\s*((?:19|20)\d\d)\s*", text)
        if bare:
            return bare[1] + "年", find_periods(bare[1] + "年")[0].period
    return "", None

"""Claims of documents as JSON Lines, as a table and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kaohe.messages import text
from kaohe.reading import Claim, Document, Milestone, claims_to_lines
from kaohe.writing.tables import Heading, TextTable

_COLUMNS = (
    "document", "line", "figure", "sort", "printed", "measure", "indicator", "scope", "period", "role",
    "approx", "relation", "whole", "part_of", "confidence",
)  # fmt: skip
_NUMBERS = frozenset({"line", "printed", "confidence"})


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with what was read from it."""

    document: Document
    claims: tuple[Claim, ...]
    milestones: tuple[Milestone, ...] = ()

    @property
    def in_order(self) -> list[Claim | Milestone]:
        """Claims and milestones by their place."""
        return sorted([*self.claims, *self.milestones], key=lambda claim: claim.start)


def claims_lines(documents: Sequence[ReadDocument], several: bool | None = None) -> str:
    """One JSON object a claim; with ``several`` documents each names its own."""
    several = len(documents) > 1 if several is None else several
    return "".join(
        claims_to_lines(one.in_order, document=one.document.source if several else "") for one in documents
    )


def claims_table(documents: Sequence[ReadDocument]) -> TextTable:
    """A row a claim, without the columns that are empty throughout."""
    rows = [row for one in documents for row in _rows(one)]
    kept = [place for place, name in enumerate(_COLUMNS) if any(row[place] for row in rows) or not rows]
    if len(documents) == 1:
        kept = [place for place in kept if place]
    headings = tuple(Heading(_heading(_COLUMNS[place]), _COLUMNS[place] in _NUMBERS) for place in kept)
    return TextTable("", headings, tuple(tuple(row[place] for place in kept) for row in rows))


def claims_workbook(documents: Sequence[ReadDocument]) -> bytes:
    """A row a claim under one header row; values as numbers."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(text("heading.claims"))
        head = book.add_format({"bold": True, "bottom": 1})
        for place, name in enumerate(_COLUMNS):
            page.write_string(0, place, _heading(name), head)
        rows = [row for one in documents for row in _rows(one)]
        for at, row in enumerate(rows, start=1):
            _write_row(page, at, row)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(_COLUMNS) - 1)
        page.set_column(2, 2, 14)
        page.set_column(6, 6, 26)
    return content.getvalue()


def _write_row(page: Any, at: int, row: Sequence[str]) -> None:
    for place, (name, written) in enumerate(zip(_COLUMNS, row, strict=True)):
        if name in _NUMBERS and written and written.replace(".", "", 1).isdecimal():
            page.write_number(at, place, float(written))
        elif written:
            page.write_string(at, place, written)


def _heading(name: str) -> str:
    return text(f"heading.{name}")


def _rows(one: ReadDocument) -> Iterator[tuple[str, ...]]:
    texts = {claim.id: claim.text for claim in one.claims}
    for claim in one.in_order:
        line = str(one.document.line_of(claim.start))
        yield (one.document.source, line, *_fields(claim, texts))


def _fields(claim: Claim | Milestone, texts: dict[int, str]) -> tuple[str, ...]:
    if isinstance(claim, Milestone):
        reached = text("label.reached" if claim.reached else "label.planned")
        return (
            claim.stage, text("kind.milestone"), "", "", claim.subject, claim.scope,
            claim.date or claim.period, reached, "", "", "", "", "",
        )  # fmt: skip
    links = (claim.relation_to, claim.whole, claim.part_of)
    return (
        claim.text, text(f"kind.{claim.kind}"), _value(claim), claim.unit, claim.indicator, claim.scope,
        claim.period, text(f"role.{claim.role}") if claim.role else "", claim.approx,
        *("" if link is None else texts.get(link, "") for link in links), format(claim.confidence, "f"),
    )  # fmt: skip


def _value(claim: Claim) -> str:
    sign = "-" if claim.direction else ""
    parts = [format(number, "f") if isinstance(number, Decimal) else str(number) for number in claim.numbers]
    return sign + (":" if claim.kind == "structure" else "—").join(parts)

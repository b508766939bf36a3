"""A working as a Word document: a sheet to check, to appeal with and to sign."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from kaohe.messages import text
from kaohe.scoring.words import value_text
from kaohe.scoring.working import Member, NodeWorking, StepWorking, Working
from kaohe.writing.workings import (
    fact_marks,
    fact_name,
    fact_source,
    fact_value,
    figure_text,
    gate_text,
    member_name,
    member_words,
    node_label,
    results_of,
    step_result,
)

# The fonts that 党政机关公文格式 prescribes; an office computer has them, elsewhere Word takes its own.
TITLE, BODY, NOTE, HEADING = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"


def working_document(working: Working) -> bytes:
    """The working as .docx: clause, figures with period and source, steps with arithmetic, signatures."""
    from docx import Document

    document = Document()
    _set_page(document)
    _title(document, working)
    for top in working.nodes:
        for node in _own_nodes(top):
            _node(document, node)
    for note in working.notes:
        _paragraph(document, note, NOTE, 12)
    _signatures(document)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _own_nodes(top: NodeWorking) -> Iterator[NodeWorking]:
    """A node and the lines below it; records and periods stay inside the node that combines them."""
    yield top
    if _has_records(top):
        return
    for member in top.members:
        if member.working is not None:
            yield from _own_nodes(member.working)


def _has_records(node: NodeWorking) -> bool:
    return any(member.working is None or member.label != member.working.node for member in node.members)


# --- page and text ---------------------------------------------------------------------------------


def _set_page(document: Any) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.left_margin, section.right_margin = Mm(24), Mm(22)
    _set_font(document.styles["Normal"], BODY, Pt(12))
    document.styles["Normal"].paragraph_format.space_after = Pt(0)


def _set_font(part: Any, name: str, size: Any) -> None:
    from docx.oxml.ns import qn

    part.font.name, part.font.size = name, size
    fonts = part.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(slot), name)


def _paragraph(
    holder: Any, content: str, font: str = BODY, size: float = 12, *, centred: bool = False
) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = holder.add_paragraph()
    _run(paragraph, content, font, size)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)
    return paragraph


def _run(paragraph: Any, content: str, font: str, size: float) -> None:
    from docx.shared import Pt

    _set_font(paragraph.add_run(content), font, Pt(size))


def _title(document: Any, working: Working) -> None:
    from docx.shared import Pt

    shown = f"{working.unit_name}{text('working.title')}"
    paragraph = _paragraph(document, shown, TITLE, 22, centred=True)
    paragraph.paragraph_format.space_after = Pt(6)
    if working.demo:
        _paragraph(document, f"【{text('label.demo')}】", HEADING, 14, centred=True)
    rows = [
        (text("working.scheme"), working.scheme),
        (text("working.unit"), f"{working.unit_name}({working.unit})"),
        (text("heading.period"), working.period),
    ]
    _table(document, [(label, value) for label, value in rows if value], widths=(30, 134))


# --- a node ------------------------------------------------------------------------------------------


def _node(document: Any, node: NodeWorking) -> None:
    from docx.shared import Pt

    heading = _paragraph(document, node_label(node), HEADING, 14)
    heading.paragraph_format.space_before = Pt(10)
    heading.paragraph_format.keep_with_next = True
    rows = [(label, value) for label, value in _duties(node) if value]
    if rows:
        _table(document, rows, widths=(30, 134))
    if node.facts:
        _facts(document, node)
    if node.figure is not None:
        shown = value_text(node.figure.value, percent=node.figure.share)
        arithmetic = figure_text(node)
        equals = "" if arithmetic == shown else f" = {shown}"
        _paragraph(document, f"{text('working.figure')}:{arithmetic}{equals}")
    if node.members:
        _members(document, node)
    _steps(document, node)
    _results(document, node)


def _duties(node: NodeWorking) -> Iterator[tuple[str, str]]:
    yield text("working.clause"), node.clause
    yield text("working.points"), "" if node.points is None else value_text(node.points)
    yield text("working.assessor"), node.assessor
    yield text("working.basis"), dict(node.duties).get("basis", "")


def _facts(document: Any, node: NodeWorking) -> None:
    headings = ("working.fact", "working.fact_value", "heading.period", "working.marks", "working.source")
    rows = [
        (fact_name(fact), fact_value(fact), fact.period, fact_marks(fact), fact_source(fact))
        for fact in node.facts
    ]
    _table(document, rows, [text(heading) for heading in headings], widths=(36, 28, 34, 16, 50))


def _members(document: Any, node: NodeWorking) -> None:
    _paragraph(document, f"{text('working.combine')}:{node.combine} = {value_text(node.source)}")
    headings = ("working.member", "working.score", "working.weight", "working.contribution")
    rows = [row for member in node.members for row in _member_rows(member, "")]
    rows += [(text("working.left_out"), left, "", "") for left in node.left_out]
    _table(document, rows, [text(heading) for heading in headings], widths=(62, 38, 22, 42))


def _member_rows(member: Member, indent: str) -> Iterator[tuple[str, ...]]:
    weight = "" if member.dropped else value_text(member.weight)
    adds = member_words(member) if member.dropped else ""
    if member.contribution is not None:
        adds = value_text(member.contribution)
    yield indent + member_name(member), value_text(member.value), weight, adds
    for inner in member.members:
        yield from _member_rows(inner, indent + "\u3000")


def _steps(document: Any, node: NodeWorking) -> None:
    lines = [(change.words, value_text(change.after)) for change in node.held]
    lines += list(_step_lines(node.steps))
    lines += [(change.words, value_text(change.after)) for change in node.settled]
    lines += [(f"{text('working.gate')}:{gate_text(gate)}", value_text(gate.after)) for gate in node.gates]
    rows = [(str(number), words, after) for number, (words, after) in enumerate(lines, start=1)]
    if rows:
        headings = ["", text("working.steps"), text("heading.value")]
        _table(document, rows, headings, widths=(10, 108, 46))


def _step_lines(steps: Sequence[StepWorking]) -> Iterator[tuple[str, str]]:
    for step in steps:
        rule = f"({text('working.rule')} {step.rule})" if step.rule else ""
        yield f"{step.words}{rule}", step_result(step)
        yield from _step_lines(step.inner)


def _results(document: Any, node: NodeWorking) -> None:
    paragraph = _paragraph(document, "")
    for place, (label, shown) in enumerate(results_of(node)):
        _run(paragraph, ("    " if place else "") + f"{label}:", HEADING, 12)
        _run(paragraph, shown, BODY, 12)
    if node.estimated:
        _run(paragraph, f"    ({text('label.estimated')})", NOTE, 12)


# --- tables ------------------------------------------------------------------------------------------


def _table(
    document: Any, rows: Sequence[Sequence[str]], headings: Sequence[str] = (), *, widths: Sequence[int]
) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for place, row in enumerate(([headings] if headings else []) + list(rows)):
        cells = table.add_row().cells
        for at, (cell, content, width) in enumerate(zip(cells, row, widths, strict=True)):
            cell.width = Mm(width)
            is_label = (headings and place == 0) or (not headings and at == 0)
            _run(cell.paragraphs[0], content, HEADING if is_label else BODY, 10.5)
        _keep_whole(table.rows[-1])
    if headings:
        _repeat_header(table)
    # Without a paragraph between them Word joins two tables into one.
    _paragraph(document, "", BODY, 4)


def _repeat_header(table: Any) -> None:
    from docx.oxml import OxmlElement

    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _signatures(document: Any) -> None:
    from docx.shared import Mm, Pt

    heading = _paragraph(document, text("working.signatures"), HEADING, 14)
    heading.paragraph_format.space_before = Pt(6)
    heading.paragraph_format.keep_with_next = True
    boxes = (
        ("working.sign_unit", "working.opinion"),
        ("working.sign_assessor", "working.opinion_office"),
        ("working.sign_office", "working.opinion_office"),
    )
    table = document.add_table(rows=1, cols=len(boxes), style="Table Grid")
    table.rows[0].height = Mm(42)
    _keep_whole(table.rows[0])
    for cell, (who, opinion) in zip(table.rows[0].cells, boxes, strict=True):
        _run(cell.paragraphs[0], text(who), HEADING, 10.5)
        _paragraph(cell, text(opinion), BODY, 10.5)
        for _ in range(2):
            _paragraph(cell, "", BODY, 10.5)
        _paragraph(cell, text("working.sign_date"), BODY, 10.5)


def _keep_whole(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))

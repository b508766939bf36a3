"""Papers out: what stands in them reads back equal to the ledger, and holds no more than their maker sees."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from demonstration import demonstration, signed_in  # noqa: F401

from kaohe.quantities import read_number
from kaohe.reading import read
from kaohe.reading.sheets import read_workbook
from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, permits_of
from kaohe.web.documents import actions, queries
from kaohe.web.documents.models import Paper, PaperTemplate
from kaohe.web.documents.papers import NOT_SUBMITTED, paper_facts
from kaohe.web.documents.storage import path_of
from kaohe.web.ledger.models import Observation, ReportingUnit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
COUNTED = ("submitted", "reviewed", "verified")


def permits(name: str = "文书甲") -> Permits:
    return permits_of(Person.objects.get(username=name))


def town(code: str = "qingzhu") -> ReportingUnit:
    return ReportingUnit.objects.get(code=code)


def made(unit: ReportingUnit, month: str, key: str, folder: Path, who: str = "县考核办甲") -> Path:
    paper = actions.make_paper(permits=permits(who), unit=unit, month=month, key=f"{queries.SHIPPED}{key}")
    place = folder / f"paper.{key.rpartition('.')[2]}"
    place.write_bytes(path_of(paper.sha256).read_bytes())
    return place


def held(unit: ReportingUnit, month: str) -> dict[str, Fraction]:
    """The ledger's own figures by the indicator's name, straight from the rows."""
    rows = Observation.objects.filter(unit=unit, month=month, state__in=COUNTED, presence="present")
    return {
        row.indicator.name: Fraction(row.verified.value if hasattr(row, "verified") else row.value)
        for row in rows.select_related("indicator", "verified")
        if not row.indicator.numerator_id
    }


def number(text: str) -> Fraction:
    """A figure of a document, without its mark."""
    return Fraction(read_number(text.removeprefix("预计")))


def samples() -> list[tuple[str, str]]:
    chance = random.Random(20051012)
    towns = list(ReportingUnit.objects.filter(kind="town", duties__isnull=False).distinct())
    months = sorted(set(Observation.objects.values_list("month", flat=True)))
    return [(chance.choice(towns).code, chance.choice(months)) for _ in range(5)] + [("qingzhu", "2005-09")]


def test_workbook_and_document_read_back_equal_to_the_ledger(tmp_path: Path) -> None:
    compared = 0
    for code, month in samples():
        unit = town(code)
        expected = held(unit, month)
        book = read_workbook(made(unit, month, "完成情况表.xlsx", tmp_path), int(month[:4]))
        seen = {
            cell.indicator: Fraction(cell.value)
            for cell in book.cells
            if cell.role == "actual" and cell.value
        }
        from docx import Document

        table = Document(str(made(unit, month, "完成情况表.docx", tmp_path))).tables[0]
        printed = {row.cells[1].text: row.cells[4].text for row in table.rows[1:]}
        for name, value in expected.items():
            assert number(printed[name]) == value, (code, month, name)
            assert seen.get(name) == value, (code, month, name, seen.get(name))
            compared += 1
    assert compared > 100


def test_the_reader_of_documents_finds_the_figures_of_the_paper(tmp_path: Path) -> None:
    claims = read(made(town(), "2005-09", "完成情况表.docx", tmp_path), 2005)
    figures = {Fraction(str(claim.value)) for claim in claims if claim.value is not None}
    values = set(held(town(), "2005-09").values())
    assert len(values & figures) > 0.6 * len(values)


def test_marks_survive_and_what_was_not_submitted_is_no_figure() -> None:
    facts = paper_facts(permits(), town(), "2005-09")
    rows = {row["指标"].text: row for row in facts.paper.rows["行"]}
    estimated = Observation.objects.filter(
        unit=town(), month="2005-09", estimated=True, state__in=COUNTED
    ).select_related("indicator")
    assert estimated
    for row in estimated:
        assert rows[row.indicator.name]["累计"].text.startswith("预计")
    drafts = Observation.objects.filter(unit=town(), month="2005-09").exclude(state__in=COUNTED)
    assert drafts
    for row in drafts.select_related("indicator"):
        assert rows[row.indicator.name]["累计"].text == NOT_SUBMITTED
    assert facts.paper.single["页脚"].text.count(" ") >= 8 + 4
    assert str(facts.ledger_size) in facts.paper.single["页脚"].text


def test_who_may_make_take_and_hand_in() -> None:
    with pytest.raises(Forbidden):
        actions.make_paper(permits=permits("副镇长甲"), unit=town(), month="2005-09", key="shipped:通报.docx")
    with pytest.raises(Unknown):
        actions.make_paper(permits=permits("乙镇文书"), unit=town(), month="2005-09", key="shipped:通报.docx")
    with pytest.raises(Unknown):
        actions.make_paper(permits=permits(), unit=town(), month="2005-09", key="shipped:../fields.py")
    paper = actions.make_paper(permits=permits(), unit=town(), month="2005-09", key="shipped:通报.docx")
    with pytest.raises(Unknown):
        queries.paper(permits("乙镇文书"), paper.pk)
    assert queries.paper(permits("县考核办甲"), paper.pk) == paper


def test_a_wrong_template_is_told_and_nothing_is_kept() -> None:
    from io import BytesIO

    from docx import Document

    wrong, right = Document(), Document()
    wrong.add_paragraph("{{单为}}")
    right.add_paragraph("{{单位}}")
    kept = [BytesIO(), BytesIO()]
    for document, stream in zip((wrong, right), kept, strict=True):
        document.save(stream)
    with pytest.raises(actions.Unusable, match="第 1 段"):
        actions.hand_in_template(permits=permits(), unit=town(), name="月报.docx", content=kept[0].getvalue())
    assert not PaperTemplate.objects.exists()
    for edition in (1, 2):
        row = actions.hand_in_template(
            permits=permits(), unit=town(), name="月报.docx", content=kept[1].getvalue()
        )
        assert row.edition == edition
    assert [each.edition for each in queries.templates_for(permits(), town())] == [2]
    actions.retire_template(permits=permits(), template=row)
    assert queries.templates_for(permits(), town()) == []


def test_the_pages_in_the_browser(django_assert_max_num_queries) -> None:
    client = signed_in("文书甲")
    with django_assert_max_num_queries(12):
        assert client.get("/papers/?unit=qingzhu&month=2005-09").status_code == 200
    posted = client.post(
        "/papers/make", {"unit": "qingzhu", "month": "2005-09", "template": "shipped:通报.docx"}
    )
    assert posted.status_code == 302
    taken = client.get(f"/papers/{Paper.objects.first().pk}/file")
    assert taken.status_code == 200 and taken["Content-Disposition"].startswith("attachment")
    assert (
        taken["Content-Security-Policy"].startswith("sandbox")
        and taken["X-Content-Type-Options"] == "nosniff"
    )
    assert signed_in("经办乙").get("/papers/").status_code == 403

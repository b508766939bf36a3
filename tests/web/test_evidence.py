"""Evidence: filed once, seen by line, refused by content, and bound to the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from demonstration import demonstration, signed_in  # noqa: F401
from django.conf import settings

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, permits_of
from kaohe.web.audit.export import export
from kaohe.web.audit.kaohe_verify import verify
from kaohe.web.documents import evidence, evidence_actions
from kaohe.web.documents.admitting import NotAdmitted, admitted
from kaohe.web.documents.binder import binder
from kaohe.web.documents.models import EvidenceFile, EvidenceLink
from kaohe.web.documents.storage import path_of
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import ReportingUnit
from kaohe.writing.packages import packed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PDF = b"%PDF-1.4 monthly"
MONTH = "2005-09"


def permits(name: str = "文书甲") -> Permits:
    return permits_of(Person.objects.get(username=name))


def town() -> ReportingUnit:
    return ReportingUnit.objects.get(code="qingzhu")


def page(who: str = "文书甲") -> evidence.EvidencePage:
    return evidence.evidence_page(permits(who), town(), 2005)


def file(subject: str = "c:output", who: str = "文书甲", need: str = "统计月报", content: bytes = PDF):
    (filing,) = evidence_actions.file_evidence(
        permits=permits(who), unit=town(), month=MONTH, subject=page(who).subject(subject), need=need,
        uploads=[("统计月报.pdf", content)],
    )  # fmt: skip
    return filing


def test_needed_there_and_missing_follow_the_scheme() -> None:
    before = page()
    assert before.needed > 20 and before.there == 0
    assert [need.text for need in before.subject("c:output").missing] == ["统计月报"]
    filing = file()
    assert path_of(filing.link.file.sha256).read_bytes() == PDF
    after = page()
    assert (after.there, after.missing) == (1, before.needed - 1)
    assert [filed.number for filed in after.subject("c:output").files] == [
        f"{after.subject('c:output').number}-1"
    ]


def test_the_same_file_is_kept_once_and_told() -> None:
    assert not file().again
    assert file("c:output_growth").again
    assert EvidenceFile.objects.count() == 1 and EvidenceLink.objects.count() == 2
    assert file().again and EvidenceLink.objects.count() == 2
    blobs = [
        each for each in settings.SITE.evidence.rglob("*") if each.is_file() and each.read_bytes() == PDF
    ]
    assert len(blobs) == 1


def test_the_verifier_looks_where_files_are_kept(tmp_path: Path) -> None:
    kept = path_of(file().link.file.sha256)
    export(tmp_path / "ledger.zip")
    assert not faults_of_files(tmp_path / "ledger.zip")
    kept.write_bytes(b"%PDF-1.4 another")
    assert len(faults_of_files(tmp_path / "ledger.zip")) == 1
    kept.unlink()
    assert len(faults_of_files(tmp_path / "ledger.zip")) == 1


def faults_of_files(exported: Path) -> list[str]:
    findings = verify(exported, evidence=settings.SITE.evidence).findings
    return [finding.text for finding in findings if finding.kind == "evidence"]


def test_who_sees_another_line_or_town_sees_nothing_of_it() -> None:
    filing = file()
    assert evidence.evidence_file(permits("经办乙"), filing.link.file.pk)
    for who in ("经办丙", "乙镇文书"):
        with pytest.raises(Unknown):
            evidence.evidence_file(permits(who), filing.link.file.pk)
    with pytest.raises(Unknown):
        page("经办丙").subject("c:output")
    with pytest.raises(Unknown):
        page("乙镇文书")
    with pytest.raises(Forbidden):
        file(who="副镇长甲")


def test_a_reference_is_taken_away_with_a_reason_and_the_file_stays() -> None:
    filing = file()
    with pytest.raises(Refused):
        evidence_actions.remove_link(permits=permits(), link=filing.link, reason=" ")
    evidence_actions.remove_link(permits=permits(), link=filing.link, reason="传错了")
    assert page().there == 0 and EvidenceFile.objects.count() == 1


def test_more_can_be_asked_for() -> None:
    evidence_actions.ask_for(
        permits=permits(), unit=town(), year=2005, subject=page().subject("c:output"), text="企业名册"
    )
    assert [need.text for need in page().subject("c:output").requirements] == ["统计月报", "企业名册"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"MZ"),
        ("a.html", b"<script>"),
        ("a.svg", b"<svg/>"),
        ("a.txt", b"\x00\x01"),
        ("a.pdf", b""),
        ("a.docx", packed([("word/document.xml", b""), ("word/vbaProject.bin", b"")])),
        ("a.xlsx", packed([("xl/workbook.xml", b"0" * 30_000_000)])),
        ("a.docx", packed([("xl/workbook.xml", b"")])),
        ("a.xlsx", packed([("xl/workbook.xml", b""), ("../../x", b"")])),
    ],
)
def test_what_is_not_taken(name: str, content: bytes) -> None:
    with pytest.raises(NotAdmitted):
        admitted(name, content)


def test_the_binder_has_cover_index_and_files_in_order_and_the_same_bytes() -> None:
    file()
    file("c:output_growth", content=PDF + b"2")
    first, second = (binder(town(), 2005, page()).read() for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        names = package.namelist()
        assert names[:2] == ["封面.docx", "目录.xlsx"]
        assert [name.partition("/")[2] for name in names[2:]] == ["1-1 统计月报.pdf", "2-1 统计月报.pdf"]
        assert package.read(names[2]) == PDF and package.testzip() is None


def test_the_pages_in_the_browser(django_assert_max_num_queries) -> None:
    client = signed_in("文书甲")
    # The first visit also keeps the unit and the month in the session.
    client.get(f"/evidence/?unit=qingzhu&month={MONTH}")
    with django_assert_max_num_queries(12):
        assert client.get(f"/evidence/?unit=qingzhu&month={MONTH}").status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(f"/evidence/add/?unit=qingzhu&month={MONTH}&subject=c:output").status_code == 200
    upload = io.BytesIO(PDF)
    upload.name = "统计月报.pdf"
    sent = {"unit": "qingzhu", "month": MONTH, "subject": "c:output", "need": "统计月报", "file": upload}
    assert client.post("/evidence/add/", sent).status_code == 302
    row = EvidenceFile.objects.get()
    taken = client.get(f"/evidence/file/{row.pk}")
    assert b"".join(taken.streaming_content) == PDF
    assert taken["Content-Disposition"].startswith("attachment")
    assert (
        taken["Content-Security-Policy"].startswith("sandbox")
        and taken["X-Content-Type-Options"] == "nosniff"
    )
    assert client.get(f"/evidence/binder/?unit=qingzhu&month={MONTH}").status_code == 200
    assert signed_in("乙镇文书").get(f"/evidence/file/{row.pk}").status_code == 404

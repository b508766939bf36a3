"""Who took a file or a binder, or opened a register about persons, is an event; names are masked."""

from __future__ import annotations

import json

import pytest
from cast import Cast, make_cast, signed_in

from kaohe.web.accounts.permissions import Forbidden
from kaohe.web.assessment.models import Record
from kaohe.web.audit.models import Access, Event
from kaohe.web.audit.recording import history, recorded
from kaohe.web.documents import evidence_actions
from kaohe.web.documents.evidence import evidence_page
from kaohe.web.documents.models import EvidenceFile, EvidenceNeed
from kaohe.web.ledger.actions import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("page", "action"),
    [
        ("/evidence/file/{file}", "evidence.download"),
        ("/evidence/binder/?unit=qing&month=2005-09", "binder.download"),
        ("/registers/petitions/?unit=qing&month=2005-09", "register.consult"),
    ],
)
def test_an_access_is_an_event_of_who_took_what(cast: Cast, page: str, action: str) -> None:
    file = EvidenceFile.objects.filter(unit__code="qing").first()
    client = signed_in("clerk")
    assert client.head(page.format(file=file.pk)).status_code == 200
    assert not Event.objects.filter(action=action).exists()
    assert client.get(page.format(file=file.pk)).status_code == 200
    event = Event.objects.get(action=action)
    assert event.actor == f"person:{cast.people['clerk'].pk}"
    assert Access.objects.get().unit == cast.units["qing"].name


def test_a_refused_access_and_other_registers_leave_nothing(cast: Cast) -> None:
    client = signed_in("clerk")
    other = EvidenceFile.objects.filter(unit__code="lan").first()
    assert client.get(f"/evidence/file/{other.pk}").status_code == 404
    client.get("/registers/events/?unit=qing")
    assert not Access.objects.exists()


def test_names_and_numbers_of_a_register_about_persons_are_masked(cast: Cast) -> None:
    row = Record.objects.filter(unit__code="qing", table="petitions").first()
    row.values = json.dumps(
        {"unit": "qing", "applicant": "欧阳某某", "phone": "13800001234", "due": "2005-10-31"}
    )
    with recorded("test.record", by=None) as entry:
        entry.update(row)
    page = signed_in("clerk").get("/registers/petitions/?unit=qing").content.decode()
    assert "欧***" in page and "****1234" in page and "2005-10-31" in page
    assert "欧阳" not in page and "13800001234" not in page


def test_a_register_of_another_name_is_about_persons_by_its_columns(cast: Cast) -> None:
    told = json.dumps({"unit": "qing", "姓名": "欧阳某某", "户数": "3"})
    at = Record.objects.first().entered_at
    with recorded("test.record", by=None) as entry:
        entry.create(Record(table="low_rent", unit=cast.units["qing"], values=told, entered_at=at))
    page = signed_in("clerk").get("/registers/low_rent/?unit=qing").content.decode()
    assert "欧***" in page and "欧阳" not in page
    assert Access.objects.filter(what="low_rent").count() == 1


def test_the_auditor_reads_who_accessed_what(cast: Cast) -> None:
    signed_in("clerk").get("/registers/petitions/?unit=qing")
    page = signed_in("auditor").get("/audit/?action=register.consult").content.decode()
    assert "查阅台账" in page and cast.people["clerk"].name in page


def test_a_material_is_no_longer_asked_for(cast: Cast) -> None:
    row = EvidenceNeed.objects.get(unit__code="qing", indicator__code="output")
    page = evidence_page(cast.permits("clerk"), cast.units["qing"], 2005)
    assert row.text in [need.text for subject in page.subjects for need in subject.requirements]
    with pytest.raises(Refused, match="原因"):
        evidence_actions.remove_need(permits=cast.permits("clerk"), need=row, reason=" ")
    with pytest.raises(Forbidden):
        evidence_actions.remove_need(permits=cast.permits("owner"), need=row, reason="重复")
    pk = row.pk
    client = signed_in("clerk")
    client.post(f"/evidence/need/{pk}/remove", {"reason": "与办法重复"})
    assert not EvidenceNeed.objects.filter(pk=pk).exists()
    row.pk = pk
    assert history(row)[-1].action == "evidence.remove_need"
    page = evidence_page(cast.permits("clerk"), cast.units["qing"], 2005)
    assert row.text not in [need.text for subject in page.subjects for need in subject.requirements]

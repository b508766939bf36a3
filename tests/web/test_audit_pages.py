"""Receipts are for whoever acted and for auditors; the ledger itself for auditors alone."""

from __future__ import annotations

import json

import pytest
from audit_ledger import alter, signing
from django.test import Client
from town import make_county

from kaohe.web.accounts.actions import take_over_session
from kaohe.web.accounts.models import Person
from kaohe.web.audit.models import Event
from kaohe.web.audit.queries import history_of
from kaohe.web.audit.recording import erase, recorded
from kaohe.web.ledger.models import Target

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    session = client.session
    take_over_session(person=person, session=session)
    session.save()
    return client


@pytest.fixture
def county():
    with signing():
        made = make_county()
        auditor = Person(username="audit", name="审计甲", admin_role="audit", must_change_password=False)
        with recorded("person.create", by=None) as entry:
            entry.create(auditor)
        made.people["audit"] = auditor
        yield made


def adjust(county) -> int:
    target = Target.objects.get(code="t1")
    target.value, target.lead_unit = "10", county.units["lan"]
    with recorded("target.adjust", by=county.people["clerk"], reason="文件调整") as entry:
        entry.update(target)
    return entry.seq


def test_history_says_who_changed_what_from_what_to_what(county) -> None:
    adjust(county)
    created, adjusted = history_of(Target.objects.get(code="t1"))
    assert (created.who, adjusted.who, adjusted.posts) == ("系统", "文书甲", "文书甲")
    assert (adjusted.action, adjusted.reason) == ("调整目标", "文件调整")
    changes = {(field.label, field.before, field.after) for field in adjusted.fields}
    assert ("目标值", "9", "10") in changes
    assert ("责任单位", "（空）", "兰溪镇") in changes


def test_history_of_an_erased_person_names_nobody(county) -> None:
    adjust(county)
    clerk = county.people["clerk"]
    erase(clerk, by=county.people["audit"], reason="本人要求")
    assert history_of(Target.objects.get(code="t1"))[-1].who == "已删除的人"
    last = history_of(clerk)[-1]
    assert last.action == "删除个人信息"
    assert ("姓名", "（个人信息，台账中不可读）", "（已删除）") in {
        (field.label, field.before, field.after) for field in last.fields
    }


def test_a_receipt_is_for_whoever_acted_and_for_auditors(county) -> None:
    seq = adjust(county)
    address = f"/receipts/{seq}/"
    kept = signed_in(county.people["clerk"]).get(address)
    assert kept.status_code == 200 and json.loads(kept.content)["seq"] == seq
    assert signed_in(county.people["audit"]).get(address).status_code == 200
    for other in ("stranger", "leader", "owner"):
        assert signed_in(county.people[other]).get(address).status_code == 404


def test_a_kept_receipt_is_checked_on_a_page(county) -> None:
    seq = adjust(county)
    client = signed_in(county.people["clerk"])
    kept = client.get(f"/receipts/{seq}/").content.decode()
    assert "一致" in client.post("/receipts/", {"receipt": kept}).content.decode()
    forged = kept.replace('"size": ', '"size": 1')
    assert "本身不成立" in client.post("/receipts/", {"receipt": forged}).content.decode()
    assert "不是本系统的回执" in client.post("/receipts/", {"receipt": "{}"}).content.decode()
    assert "不是本系统的回执" in client.post("/receipts/", {"receipt": "[1]"}).content.decode()
    alter("UPDATE audit_event SET hash = %s WHERE seq = %s", "0" * 64, seq)
    assert "与回执不符" in client.post("/receipts/", {"receipt": kept}).content.decode()


@pytest.mark.parametrize("address", ["/audit/", "/audit/1/", "/audit/heads/"])
def test_the_ledger_is_for_auditors(county, address: str) -> None:
    assert signed_in(county.people["audit"]).get(address).status_code == 200
    for other in ("clerk", "leader", "verifier", "county"):
        assert signed_in(county.people[other]).get(address).status_code == 404


def test_events_are_filtered(county, django_assert_max_num_queries) -> None:
    adjust(county)
    client = signed_in(county.people["audit"])
    client.get("/audit/key/")  # The first page of a minute also keeps the session alive.
    with django_assert_max_num_queries(12):
        page = client.get(
            "/audit/", {"action": "target.adjust", "table": "ledger_target", "since": "2020-01-01"}
        )
    assert [entry.action for entry in page.context["entries"]] == ["调整目标"]
    none = client.get("/audit/", {"actor": "系统", "action": "target.adjust"})
    assert none.context["entries"] == []
    with django_assert_max_num_queries(12):
        assert client.get("/audit/1/").status_code == 200


def test_only_the_audit_administrator_signs(county) -> None:
    assert signed_in(county.people["clerk"]).post("/audit/sign/").status_code == 404
    client = signed_in(county.people["audit"])
    assert client.post("/audit/sign/").status_code == 302
    assert f"\n{Event.objects.count()}\n" in client.get("/audit/heads/").content.decode()
    assert client.get("/audit/key/").content.decode().startswith("kaohe/")

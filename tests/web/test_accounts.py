"""Three exclusive administrators, posts and their hand-over, one-time codes."""

from __future__ import annotations

from datetime import date

import pytest
from cast import PASSWORD, Cast, make_cast
from django.test import Client

from kaohe.web.accounts import actions, queries
from kaohe.web.accounts.actions import Refused
from kaohe.web.accounts.models import Holding, LiveSession, Person
from kaohe.web.accounts.permissions import Unknown, Verb
from kaohe.web.accounts.totp import accepted_step, code_at, new_secret
from kaohe.web.audit.models import Event
from kaohe.web.audit.recording import recorded
from kaohe.web.ledger.models import Target

pytestmark = pytest.mark.django_db
DAY = date(2005, 10, 12)
# RFC 6238, appendix B, SHA-1: seconds and code of eight digits.
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds // 30, digits=8) == code


def test_a_code_works_once_and_half_a_minute_around() -> None:
    secret = new_secret()
    code = code_at(secret, 100)
    assert accepted_step(secret, code, 3000, 0) == 100
    assert accepted_step(secret, code, 3030, 0) == 100
    assert accepted_step(secret, code, 3060, 0) is None
    assert accepted_step(secret, code, 3000, 100) is None


def test_an_administrator_has_no_data_rights_and_takes_no_post(cast: Cast) -> None:
    security, system = cast.permits("security"), cast.people["system"]
    with pytest.raises(Refused, match="三员分立"):
        actions.begin_holding(permits=security, post=cast.posts["clerk"], person=system, since=DAY)
    with pytest.raises(Refused, match="三员分立"):
        actions.hand_over(permits=security, post=cast.posts["clerk"], successor=system, day=DAY)
    Holding.objects.bulk_create([Holding(post=cast.posts["clerk"], person=system, since=date(2005, 1, 1))])
    assert not cast.permits("system").may(Verb.VIEW, cast.units["qing"])


@pytest.mark.parametrize("who", ["clerk", "county", "system", "audit"])
def test_nobody_else_appoints(cast: Cast, who: str) -> None:
    with pytest.raises(Unknown):
        actions.add_person(permits=cast.permits(who), username="x", name="x")
    with pytest.raises(Unknown):
        actions.hand_over(
            permits=cast.permits(who), post=cast.posts["clerk"], successor=cast.people["owner"], day=DAY
        )


def test_a_post_is_handed_over_in_one_event(cast: Cast) -> None:
    before = Event.objects.count()
    actions.hand_over(
        permits=cast.permits("security"), post=cast.posts["clerk"], successor=cast.people["leader"], day=DAY
    )
    assert Event.objects.count() == before + 1
    assert not cast.permits("clerk").all
    assert cast.permits("leader").may(Verb.ENTER, cast.units["qing"])
    left = Holding.objects.get(person=cast.people["clerk"])
    assert left.until == date(2005, 10, 11)
    assert [each.person.username for each in queries.leaving(cast.posts["clerk"], DAY)] == ["clerk"]


def test_what_goes_over_names_things_and_tells_no_figure(cast: Cast) -> None:
    kinds = queries.goes_over(cast.permits("security"), cast.posts["clerk"])
    told = "".join(item for kind in kinds for item in kind.items)
    assert "工业总产值 2005-09（草稿）" in told and "2005-10（退回）" in told
    assert "工业总产值 措施 qing-industry（期限 2005-12-31）" in told and "lan" not in told
    hidden = ("value", "message", "note", "task", "cause", "owner")
    values = {token for token, owned in cast.canaries.items() if owned.kind in hidden}
    assert not any(token in told for token in values)


def test_the_targets_of_a_post_are_those_of_its_people_and_of_its_unit(cast: Cast) -> None:
    cast.people["clerk"].name = "文书某"
    with recorded("test.owner", by=None) as entry:
        entry.update(cast.people["clerk"])
        for line, owner in (("industry", "文书某"), ("finance", "别人")):
            row = Target.objects.get(code=f"qing_{line}_2005")
            row.owner = owner
            entry.update(row)
        led = Target.objects.get(code="qing_v_finance_2005")
        led.lead_unit = cast.units["qing"]
        entry.update(led)
    kinds = {
        kind.heading: kind.items for kind in queries.goes_over(cast.permits("security"), cast.posts["clerk"])
    }
    names = [item.rpartition("K ")[2] for item in kinds["负责的目标"]]
    assert names == ["工业总产值 2005", "财政总收入 2005"]


def test_a_new_person_must_change_the_password_that_is_shown_once(cast: Cast) -> None:
    made = actions.add_person(permits=cast.permits("security"), username="新人", name="新来的")
    client = Client()
    client.post("/login/", {"username": "新人", "password": made.password})
    assert client.get("/board/")["Location"] == "/password/"


def test_disabling_ends_the_session_at_once(cast: Cast) -> None:
    client = _signed_in("clerk")
    assert client.get("/").status_code == 200
    actions.set_active(permits=cast.permits("security"), person=cast.people["clerk"], active=False)
    assert client.get("/").status_code == 302


def test_ending_a_session_signs_out(cast: Cast) -> None:
    client = _signed_in("clerk")
    actions.end_session(permits=cast.permits("security"), person=cast.people["clerk"])
    assert client.get("/")["Location"].startswith("/login/")


def test_a_bound_authenticator_is_asked_before_signing_in(cast: Cast, monkeypatch) -> None:
    secret = new_secret()
    actions.enrol_authenticator(person=cast.people["clerk"], secret=secret)
    client = _signed_in("clerk")
    assert client.get("/").status_code == 302, "the password alone opens nothing"
    monkeypatch.setattr("kaohe.web.accounts.second_step._now", lambda: client.session["second"]["at"])
    step = client.session["second"]["at"] // 30
    assert client.post("/login/code/", {"code": "000000"}).status_code == 200
    code = code_at(secret, step)
    assert client.post("/login/code/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200
    assert LiveSession.objects.get(person=cast.people["clerk"]).totp_step == step


def test_the_last_change_of_a_password_is_not_undone_by_oneself(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能对自己"):
        actions.set_active(permits=cast.permits("security"), person=cast.people["security"], active=False)
    assert Person.objects.get(username="security").is_active


def _signed_in(who: str) -> Client:
    client = Client()
    client.post("/login/", {"username": who, "password": PASSWORD})
    return client

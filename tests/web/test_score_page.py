"""The page of a score: range and points at stake as on the board, evidence, appeals."""

from __future__ import annotations

from typing import Any

import pytest
from cast import STATES, Cast, make_cast, signed_in

from kaohe.web.accounts.permissions import Forbidden, Unknown
from kaohe.web.assessment import appeals
from kaohe.web.assessment.models import Appeal, AppealState
from kaohe.web.assessment.working_page import StoredWorking, working_of, working_page
from kaohe.web.audit.recording import Conflict, history
from kaohe.web.dashboard.queries import desk
from kaohe.web.ledger.actions import Refused

pytestmark = pytest.mark.django_db
MONTH = STATES["verified"]
ADDRESS = f"/score/qing/industry/?unit=qing&month={MONTH}"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    Appeal.objects.all().delete()
    return made


def stored(cast: Cast, who: str, unit: str = "qing") -> StoredWorking:
    return working_of(cast.permits(who), unit, "industry", MONTH)


def appealed(cast: Cast, who: str = "clerk") -> Appeal:
    found = stored(cast, who)
    return appeals.appeal(permits=cast.permits(who), stored=found, line=found.line, grounds="第 2 步取数有误")


def test_the_page_shows_the_row_of_the_board_of_the_same_run(cast: Cast) -> None:
    page = working_page(cast.permits("clerk"), "qing", "industry", MONTH)
    assert page.row is not None and page.row.full == 10
    assert page.row.points.low == page.node.printed or page.row.points.low is not None
    assert page.total.low is not None
    assert working_page(cast.permits("deputy"), "qing", "industry", MONTH).total.low is None


def test_an_appeal_is_made_and_answered(cast: Cast) -> None:
    row = appealed(cast)
    assert ("申诉", row.grounds) in [
        (each.mark, each.why) for each in desk(cast.permits("county"), MONTH).later
    ]
    seen = appeals.appeal_seen(cast.permits("county"), row.pk)
    done = appeals.answer_appeal(
        permits=cast.permits("county"), row=seen, state=AppealState.UPHELD, answer="应按认定数计算"
    )
    assert (done.state, done.answer) == ("upheld", "应按认定数计算")
    assert [event.action for event in history(done)] == ["score.appeal", "score.answer_appeal"]
    assert not [each for each in desk(cast.permits("county"), MONTH).later if each.mark == "申诉"]


@pytest.mark.parametrize(("who", "may"), [("owner", True), ("deputy", False), ("verifier", False)])
def test_who_submits_the_line_may_appeal(cast: Cast, who: str, may: bool) -> None:
    if may:
        assert appealed(cast, who).pk
    else:
        with pytest.raises(Forbidden):
            appealed(cast, who)


def test_one_appeal_waits_at_a_time(cast: Cast) -> None:
    appealed(cast)
    with pytest.raises(Refused, match="等待答复"):
        appealed(cast, "owner")


def test_only_the_issuer_answers_and_only_once(cast: Cast) -> None:
    row = appealed(cast)
    with pytest.raises(Forbidden):
        appeals.answer_appeal(
            permits=cast.permits("clerk"), row=row, state=AppealState.REJECTED, answer="不成立"
        )
    with pytest.raises(Unknown):
        appeals.appeal_seen(cast.permits("stranger"), row.pk)
    first, second = (appeals.appeal_seen(cast.permits("county"), row.pk) for _ in range(2))
    answer = {"permits": cast.permits("county"), "state": AppealState.REJECTED, "answer": "按办法计算无误"}
    appeals.answer_appeal(row=first, **answer)
    with pytest.raises(Conflict):
        appeals.answer_appeal(row=second, **answer)


def test_the_page_has_evidence_and_the_appeal(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for who in ("clerk", "owner", "deputy", "county", "verifier"):
        client = signed_in(who)
        client.get(ADDRESS)
        with django_assert_max_num_queries(12):
            page = client.get(ADDRESS).content.decode()
        assert 'id="evidence"' in page and 'id="appeals"' in page and "可能失分" in page
        assert ('name="grounds"' in page) == (who in ("clerk", "owner"))


def test_appealing_in_the_browser(cast: Cast) -> None:
    answer = signed_in("clerk").post(
        "/score/qing/industry/appeal", {"grounds": "取数有误", "month": MONTH}, follow=True
    )
    assert "已提出申诉" in answer.content.decode()
    row = Appeal.objects.get()
    county = signed_in("county")
    assert 'name="answer"' in county.get(ADDRESS).content.decode()
    done = county.post(f"/appeals/{row.pk}/answer", {"state": "upheld", "answer": "已更正"}, follow=True)
    assert "已更正" in done.content.decode()
    assert Appeal.objects.get().state == "upheld"

"""Desk, indicator and unit pages: work for each role, history, drafts kept from others, few queries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from demonstration import scored_demonstration, signed_in  # noqa: F401

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import permits_of
from kaohe.web.dashboard.queries import desk, to_do_counts

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.usefixtures("scored_demonstration"),
]
MOST_QUERIES = 12
PEOPLE = (
    "文书甲",
    "经办乙",
    "副镇长甲",
    "镇长甲",
    "县考核办甲",
    "县财政局认定员甲",
    "村报账员甲",
    "审计员甲",
)
PAGES = (
    "/",
    "/board/",
    "/board/?unit=qingzhu",
    "/board/?unit=qingzhu&compare=1",
    "/indicators/",
    "/indicators/local_tax/?unit=qingzhu",
    "/indicators/afforestation/?unit=qingzhu",
    "/indicators/large_output_share/?unit=qingzhu",
    "/score/qingzhu/local_tax_income/",
    "/score/qingzhu/tax_share/",
    "/score/qingzhu/water/",
    "/score/qingzhu/internal/",
    "/score/qingzhu/total/",
    "/registers/events/?unit=qingzhu",
    "/units/",
    "/units/qingzhu/",
    "/units/county/",
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", PEOPLE)
def test_pages_take_few_queries(person: str, page: str, django_assert_max_num_queries: Any) -> None:
    client = signed_in(person)
    client.get(page)  # remembers unit and month in the session
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(page).status_code in (200, 404)


@pytest.mark.parametrize("person", [p for p in PEOPLE if p != "审计员甲"])
def test_each_role_has_something_to_do(person: str) -> None:
    assert desk(permits_of(Person.objects.get(username=person)), "2005-09").number > 0


def test_counts_agree_with_the_desk() -> None:
    permits = permits_of(Person.objects.get(username="经办乙"))
    assert to_do_counts(permits, "2005-09") == {"entry": 2}
    assert [each.mark for each in desk(permits, "2005-09").now] == ["退回", "草稿"]


def test_a_reviewer_leaves_drafts_to_their_writers() -> None:
    mine = desk(permits_of(Person.objects.get(username="文书甲")), "2005-09")
    assert not [each for each in mine.now if each.mark in ("退回", "草稿")]
    assert "改正退回的 出货值" in [each.title for each in mine.waiting]


def test_the_desk_says_how_late_in_working_days() -> None:
    found = desk(permits_of(Person.objects.get(username="文书甲")), "2005-09")
    assert (str(found.due), found.days) == ("2005-10-10", -2)


def _indicator(person: str, code: str) -> str:
    address = f"/indicators/{code}/?unit=qingzhu&month=2005-09"
    return signed_in(person).get(address).content.decode()


def test_an_indicator_shows_its_year_targets_and_history() -> None:
    page = (
        signed_in("镇长甲").get("/indicators/industrial_output/?unit=qingzhu&month=2005-09").content.decode()
    )
    for text in (
        "69.4%",
        "0.917",
        "0.694",
        "5.48</span> → ",
        "一家企业重复计入",
        "规模以上企业产值",
        "63.4",
        "市下达",
    ):
        assert text in page, text


def test_a_draft_is_shown_only_to_those_who_enter_it() -> None:
    assert "未上报" in _indicator("镇长甲", "sales")
    lists = "/indicators/?unit=qingzhu&line=industry&month=2005-09"
    leader, owner = (
        re.sub(r"<[^>]+>", "", signed_in(name).get(lists).content.decode()) for name in ("镇长甲", "经办乙")
    )
    assert "6.13" not in leader and "还没有上报" in leader
    assert "6.13" in owner and "草稿" in owner


def test_missing_is_a_word_and_never_a_zero() -> None:
    page = _indicator("镇长甲", "notices_closed")
    assert "缺报" in page and "不按零算" in page


def test_no_page_carries_a_style_or_a_script_of_its_own() -> None:
    client = signed_in("文书甲")
    for page in PAGES:
        body = client.get(page).content.decode()
        assert " style=" not in body and "<script>" not in body and " onclick=" not in body, page

"""The board and the workings behind it: what is shown, to whom, and that no point is a dead end."""

from __future__ import annotations

import random
import re
from html import unescape

import pytest
from demonstration import scored_demonstration, signed_in  # noqa: F401
from django.test import Client

from kaohe.web.assessment.models import Run, RunWorking
from kaohe.web.assessment.stored import from_text
from kaohe.web.assessment.tracing import own_facts

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.usefixtures("scored_demonstration"),
]
POINTS = 200
SOME = 30
_FACT = re.compile(r'<tr class="k-fact">(.*?)</tr>', re.S)
_LINK = re.compile(r'<a href="([^"]+)">')
_WHO = re.compile(r'class="k-who">([^<]+)<')
_WHEN = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _words(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_the_board_says_where_the_town_stands() -> None:
    page = _words(_page(signed_in("镇长甲"), "/board/"))
    for text in ("66.5—81.5", "差距清单", "总量掩盖", "数字待核实", "领导批示", "地方税收", "−9.3", "≈104.0"):
        assert text in page, text


def test_gaps_are_sorted_by_points_behind_their_own_curve() -> None:
    page = _page(signed_in("镇长甲"), "/board/")
    gaps = page[page.index("差距清单") : page.index("总量掩盖")]
    order = [gaps.index(name) for name in ("转移劳动力就业", "地方税收", "工业总产值")]
    assert order == sorted(order)


def test_a_status_filters_the_table_of_all() -> None:
    page = _page(signed_in("镇长甲"), "/board/?status=amber")
    everything = page[page.index('id="all"') :]
    assert "规模企业盈亏" in everything and "自营出口" not in everything


def test_comparison_with_last_month_says_what_moved() -> None:
    page = _page(signed_in("镇长甲"), "/board/?compare=1")
    assert "与上月（2005年1—8月）比" in page and "安全隐患整改闭环率" in page


def test_who_has_one_line_sees_that_line_and_no_total() -> None:
    page = _page(signed_in("经办丙"), "/board/?unit=qingzhu")
    assert "地方税收" in page
    assert "66.5—81.5" not in page and "工业总产值" not in page and "打开计分过程" not in page


def test_another_town_is_unknown() -> None:
    client = signed_in("甲镇文书")
    assert client.get("/board/?unit=qingzhu").status_code == 404
    assert client.get("/score/qingzhu/output/?month=2005-09").status_code == 404
    assert client.get("/indicators/industrial_output/?unit=qingzhu").status_code == 404
    assert client.get("/units/qingzhu/").status_code == 404
    assert client.get("/registers/events/?unit=qingzhu").status_code == 404


def test_the_working_of_another_line_is_unknown() -> None:
    client = signed_in("经办丙")
    assert client.get("/score/qingzhu/local_tax_income/?month=2005-09").status_code == 200
    for criterion in ("output", "total", "parks"):
        assert client.get(f"/score/qingzhu/{criterion}/?month=2005-09").status_code == 404
        assert client.get(f"/score/qingzhu/{criterion}/word?month=2005-09").status_code == 404


def test_the_county_sees_its_towns_by_group_and_place() -> None:
    page = _page(signed_in("县考核办甲"), "/board/?unit=county")
    assert (
        page.index("清渚镇(示例)") < page.index("示例子镇") < page.index("示例甲镇") and "76.00—90.00" in page
    )


def test_a_month_without_scores_says_so() -> None:
    assert "还没有计分" in _page(signed_in("镇长甲"), "/board/?month=2005-06")


def test_the_working_downloads_as_word() -> None:
    answer = signed_in("镇长甲").get("/score/qingzhu/local_tax_income/word?month=2005-09")
    assert answer.content[:2] == b"PK" and "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("number", [SOME, pytest.param(POINTS, marks=pytest.mark.slow)])
def test_no_point_is_a_dead_end(number: int) -> None:
    """Point → working → figure → source → who and when, for random points of all towns and villages."""
    client = signed_in("审计员甲")
    told = [
        row for row in RunWorking.objects.filter(run__in=Run.objects.filter(month="2005-09")) if _is_leaf(row)
    ]
    chosen = random.Random(20051012).sample(told, number)
    seen: set[str] = set()
    for row in RunWorking.objects.filter(pk__in=[row.pk for row in chosen]).select_related("unit"):
        page = _page(client, f"/score/{row.unit.code}/{row.criterion}/?month=2005-09")
        facts = _FACT.findall(page)
        assert facts, (row.unit.code, row.criterion)
        for fact in facts:
            _follow(client, unescape(fact), seen, f"{row.unit.code} {row.criterion}")
    assert len(seen) > number


def _is_leaf(row: RunWorking) -> bool:
    node = from_text(row.working).nodes[0]
    return any(True for _fact in own_facts(node))


def _follow(client: Client, fact: str, seen: set[str], where: str) -> None:
    links = _LINK.findall(fact)
    assert len(links) == 1, where
    if "没有人报过" not in fact:
        assert _WHO.search(fact) and _WHEN.search(fact), (where, fact)
    address = links[0].partition("#")[0]
    if address not in seen:
        seen.add(address)
        page = _page(client, address)
        if "/cells/" in address and "没有人报过" not in fact:
            assert _WHEN.search(page), address

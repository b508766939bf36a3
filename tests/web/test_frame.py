"""The frame of every page: what it shows to whom, and that no page can break the content security policy."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from town import MONTH, PASSWORD, County, make_county

from kaohe.web.ledger.models import Target
from kaohe.web.ui.templatetags.kaohe import figure, light_chip, month_text, to_date_text, workflow_chip

WEB = Path(__file__).resolve().parents[2] / "src" / "kaohe" / "web"


@pytest.fixture
def county(db: None) -> County:
    return make_county()


def signed_in(who: str) -> Client:
    client = Client()
    assert client.post("/login/", {"username": who, "password": PASSWORD}).status_code == 302
    return client


def navigation(page: str) -> set[str]:
    side = page[page.index('<nav class="k-side"') : page.index("</nav>", page.index('<nav class="k-side"'))]
    return set(re.findall(r"<span>([^<]+)</span>", side))


def test_the_sign_in_page_names_the_site_and_a_demonstration(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SITE", replace(settings.SITE, name="清渚镇考核", demonstration=True))
    page = Client().get("/login/").content.decode()
    assert "清渚镇考核" in page and "演示数据" in page and "testserver" not in page


def test_an_entry_is_there_for_those_who_may_use_it(county: County) -> None:
    clerk = navigation(signed_in("clerk").get("/search/").content.decode())
    leader = navigation(signed_in("leader").get("/search/").content.decode())
    assert {"我的工作台", "月度填报", "审核"} <= clerk and "认定" not in clerk
    assert not {"月度填报", "审核", "认定", "人员和岗位"} & leader


def test_the_top_bar_says_who_works_where_as_what(county: County) -> None:
    page = signed_in("owner").get("/search/").content.decode()
    assert "清渚镇</span></a>" in page and "<b>经办乙</b> 经办乙" in page


def test_the_period_goes_with_every_link_and_is_remembered(county: County) -> None:
    client = signed_in("clerk")
    page = client.get(f"/search/?month={MONTH}").content.decode()
    assert "2005年1—9月" in page and "?month=2005-08" in page and "?month=2005-10" in page
    side = re.findall(r'<nav class="k-side".*?</nav>', page, re.DOTALL)[0]
    assert all(f"?month={MONTH}" in address for address in re.findall(r'<a href="([^"]+)"', side))
    assert "2005年1—9月" in client.get("/search/").content.decode()
    assert "2005年1—9月" in client.get("/search/?month=2005-13").content.decode()
    assert 'href="?q=%E7%A8%8E&amp;month=2005-08"' in client.get("/search/?q=税").content.decode()


def test_english_is_one_press_away(county: County) -> None:
    client = signed_in("clerk")
    client.post("/language/", {"language": "en", "next": "/search/"})
    page = client.get(f"/search/?month={MONTH}").content.decode()
    assert '<html lang="en">' in page and "My desk" in page and "2005, months 1–9" in page


def test_what_one_may_not_see_looks_like_what_is_not_there(county: County) -> None:
    client = signed_in("stranger")
    absent, hidden = client.get("/cells/nothing/output/2005-09/"), client.get("/cells/qing/output/2005-09/")
    assert absent.status_code == hidden.status_code == 404
    assert "没有这个页面" in hidden.content.decode() and "清渚镇" not in hidden.content.decode()


def test_the_search_finds_what_may_be_seen(county: County) -> None:
    Target.objects.filter(code="t1").update(document="示例政〔2005〕1号", issuer="示例县")
    mine, theirs = signed_in("clerk"), signed_in("stranger")
    assert "工业总产值" in mine.get("/search/?q=总产").content.decode()
    assert "清渚镇" in mine.get("/search/?q=清渚").content.decode()
    assert "示例政〔2005〕1号" in mine.get("/search/?q=〔2005〕").content.decode()
    for words in ("清渚", "〔2005〕"):
        assert "没有找到" in theirs.get(f"/search/?q={words}").content.decode()
    assert "财政总收入" not in signed_in("owner").get("/search/?q=财政").content.decode()


def test_the_search_costs_few_queries(county: County, django_assert_max_num_queries) -> None:
    client = signed_in("clerk")
    client.get("/search/?q=产")
    with django_assert_max_num_queries(12):
        client.get("/search/?q=产")


@pytest.mark.parametrize("file", sorted(WEB.rglob("*.html")), ids=lambda file: file.name)
def test_no_template_needs_what_the_content_security_policy_forbids(file: Path) -> None:
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    for tag in re.findall(r"<[a-zA-Z][^>]*>", source):
        assert not re.search(r"\s(style|on[a-z]+)\s*=", tag), tag
        assert not tag.startswith("<style") and (not tag.startswith("<script") or " src=" in tag), tag
        assert "javascript:" not in tag and not re.search(r"(src|href)=\W?(https?:)?//", tag), tag


@pytest.mark.parametrize("file", sorted(WEB.rglob("static/**/*.css")), ids=lambda file: file.name)
def test_styles_work_in_chromium_107_and_ask_nobody_else(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    for new in ("oklch(", "color-mix(", ":has(", "light-dark(", "@layer", "@import", "@container"):
        assert new not in source, new
    assert not re.search(r"url\((?!#)", source)


def test_figures_stand_on_one_decimal_point() -> None:
    assert str(figure("-596.5", 2)) == '−596<span class="k-frac k-f2">.5</span>'
    assert str(figure("12000", 0, "†")) == '12000<span class="k-frac k-f0">†</span>'


def test_a_status_is_always_a_word_too() -> None:
    assert "滞后" in light_chip("red", "滞后") and "▼" in light_chip("red", "滞后")
    assert "未到期" in workflow_chip("reviewed", "not_due")
    assert "&lt;b&gt;" in light_chip("red", "<b>")


def test_months_are_written_as_people_write_them() -> None:
    assert (month_text("2005-09"), to_date_text("2005-09")) == ("2005年9月", "2005年1—9月")
    assert to_date_text("2005-01") == "2005年1月" and month_text("") == ""

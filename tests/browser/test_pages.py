"""Every page, at desk and phone width, in both languages: readable by anybody, quiet, and never too wide.

The list is taken from the addresses of the web app: a new route is either visited here, or it says why it has
no page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kaohe.web.accounts import totp
from kaohe.web.config.routes import routes

UNIT, MONTH = "qingzhu", "2005-09"
LANGUAGES = ("zh", "en")
HERE = f"unit={UNIT}&month={MONTH}"
CLERK, OFFICER, LEADER = "文书甲", "县考核办甲", "镇长甲"
SYSTEM, SECURITY, AUDITOR = "系统管理员", "安全管理员", "审计管理员"

PAGES: dict[str, tuple[str, str]] = {
    # route: who opens it, and at which address; "path > href" follows the first link of that address
    "login": ("", "/login/"),
    "password": (CLERK, "/password/"),
    "authenticator": (CLERK, "/authenticator/"),
    "search": (CLERK, f"/search/?q=%E5%B7%A5%E4%B8%9A&month={MONTH}"),
    "desk": (CLERK, f"/?month={MONTH}"),
    "board": (CLERK, f"/board/?{HERE}&compare=1"),
    "indicators": (CLERK, f"/indicators/?{HERE}"),
    "indicator": (CLERK, f"/indicators/industrial_output/?{HERE}"),
    "units": (OFFICER, f"/units/?month={MONTH}"),
    "unit": (CLERK, f"/units/{UNIT}/?month={MONTH}"),
    "entry": (CLERK, f"/entry/{UNIT}/?month={MONTH}"),
    "review": ("副镇长甲", f"/review/?month={MONTH}"),
    "verify": ("县财政局认定员甲", f"/verify/?month={MONTH}"),
    "cell": ("县财政局认定员甲", f"/cells/{UNIT}/local_tax/{MONTH}/"),
    "collections": (OFFICER, "/collections/"),
    "collection": (OFFICER, "/collections/ > /collections/\\d"),
    "imports": (CLERK, "/imports/"),
    "working": (CLERK, f"/board/?{HERE} > /score/"),
    "register": (CLERK, f"/registers/projects/?{HERE}"),
    "tasks": (LEADER, f"/tasks/?{HERE}"),
    "task": (LEADER, f"/tasks/?{HERE} > /tasks/\\d"),
    "task-new": (LEADER, f"/tasks/new?{HERE}&indicator=local_tax"),
    "targets": (OFFICER, f"/targets/?{HERE}"),
    "target": (OFFICER, f"/targets/?{HERE} > /targets/\\d"),
    "target-new": (OFFICER, f"/targets/new?{HERE}"),
    "target-break-down": (OFFICER, f"/targets/?{HERE} > /targets/\\d > /break-down$"),
    "papers": (CLERK, f"/papers/?{HERE}"),
    "papers-fields": (CLERK, f"/papers/fields/?{HERE}"),
    "evidence": (CLERK, f"/evidence/?{HERE}"),
    "evidence-add": (CLERK, f"/evidence/?{HERE} > /evidence/add/"),
    "receipt-check": (CLERK, "/receipts/"),
    "people": (SECURITY, "/people/"),
    "people-person": (SECURITY, "/people/ > /people/\\d"),
    "people-posts": (SECURITY, "/posts/"),
    "people-post": (SECURITY, "/posts/ > /posts/\\d"),
    "people-hand-over": (SECURITY, "/posts/1/hand-over/"),
    "people-hand-over-list": (SECURITY, "/posts/1/hand-over/2005-10-12/"),
    "units-admin": (SYSTEM, "/units-admin/"),
    "units-admin-lines": (SYSTEM, "/units-admin/lines/"),
    "units-admin-deadlines": (SYSTEM, "/units-admin/deadlines/"),
    "units-admin-holidays": (SYSTEM, "/units-admin/holidays/"),
    "units-admin-unit": (SYSTEM, f"/units-admin/unit/{UNIT}/"),
    "audit": (AUDITOR, "/audit/"),
    "audit-event": (AUDITOR, "/audit/ > /audit/\\d"),
}  # fmt: skip

PREPARED = {"login-code", "import", "task-import"}
"""Routes whose page is there only after something was done: they have a test of their own below."""

NO_PAGE = {
    "healthz": "for machines, JSON",
    "audit-key": "a file, the public key",
    "audit-heads": "a file, JSON",
    "receipt": "a file, JSON",
    "working-word": "a file, docx",
    "tasks-workbook": "a file, xlsx",
    "targets-workbook": "a file, xlsx",
    "papers-file": "a file, docx or xlsx",
    "papers-template-file": "a file, docx or xlsx",
    "evidence-file": "a file, as it was filed",
    "evidence-binder": "a file, zip",
}
"""Routes that answer GET, but with no page, and with what instead."""

OTHERS = {
    # what is no route of its own: who, where, the status that comes with it
    "other roles' desk": ("村报账员甲", f"/?month={MONTH}", 200),
    "a village's entry": ("村报账员甲", f"/entry/qz_v1/?month={MONTH}", 200),
    "a leader's board": (LEADER, f"/board/?{HERE}&status=red", 200),
    "a county's board": (OFFICER, "/board/?unit=county&month=2005-09", 200),
    "a month without scores": (OFFICER, f"/board/?unit={UNIT}&month=2005-02", 200),
    "a ratio": (CLERK, f"/indicators/local_tax/?{HERE}", 200),
    "forbidden": ("经办乙", f"/papers/?{HERE}", 403),
    "unknown": (CLERK, "/units/nowhere/", 404),
}


def test_every_route_is_visited_or_says_why_not() -> None:
    answering = {route.name for route in routes() if "GET" in route.methods}
    told = set(PAGES) | PREPARED | set(NO_PAGE)
    assert answering == told, f"not visited: {answering - told}; no longer there: {told - answering}"


class Visitors:
    """One window a person, kept for all pages of this module."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._kept: dict[str, Any] = {}

    def __getitem__(self, who: str) -> Any:
        if who not in self._kept:
            self._kept[who] = self._window(who)
        return self._kept[who]


@pytest.fixture(scope="module")
def visitors(module_window: Any) -> Iterator[Visitors]:
    """Everybody who looks at pages."""
    yield Visitors(module_window)


def problems_of(one: Any) -> list[str]:
    """What is wrong with the open page in both languages and at both widths."""
    found: list[str] = []
    for language in sorted(LANGUAGES, key=lambda each: each != one.language):
        one.speak(language)
        for size in ("desktop", "phone"):
            one.resize(size)
            place = f"{one.page.url} [{language}, {size}]"
            found += [f"{place}: {each}" for each in one.accessible()]
            if wide := one.too_wide():
                found.append(f"{place}: wider than the {size}: {wide}")
    return found + one.take_faults()


def walk(one: Any, path: str, status: int = 200) -> None:
    """Opens an address and follows the links after ``>``."""
    one.take_faults()  # of a test that failed half-way
    first, *links = path.split(" > ")
    one.resize("desktop").go(first, status)
    for pattern in links:
        addresses = one.page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        found = [each for each in addresses if re.search(pattern, each or "")]
        assert found, f"{one.page.url} has no link to {pattern}"
        one.go(found[0], status)


@pytest.mark.parametrize("route", PAGES)
def test_page(visitors: Visitors, route: str) -> None:
    who, path = PAGES[route]
    one = visitors[who]
    walk(one, path)
    problems = problems_of(one)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("what", OTHERS)
def test_other_page(visitors: Visitors, what: str) -> None:
    who, path, status = OTHERS[what]
    one = visitors[who]
    walk(one, path, status)
    one.expected = status
    problems = problems_of(one)
    assert not problems, "\n".join(problems)


def test_the_preview_of_an_import(visitors: Visitors) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page = book.add_worksheet("9月")
    rows = [
        ["清渚镇2005年1-9月主要指标"], ["指标", "单位", "本月", "1-9月累计"],
        ["工业总产值", "亿元", "", 6.3], ["销售收入", "亿元", "", 6.13], ["奇怪的指标", "个", 1, 2],
    ]  # fmt: skip
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    one = visitors[CLERK]
    upload(one, "9月.xlsx", content.getvalue())
    one.page.wait_for_url(re.compile(r"/imports/\d+/"))
    problems = problems_of(one)
    assert not problems, "\n".join(problems)


def test_the_preview_of_a_list_of_tasks(visitors: Visitors) -> None:
    one = visitors[CLERK].resize("desktop").go(f"/tasks/?{HERE}")
    with one.page.expect_download() as coming:
        one.page.locator("a[href*='list.xlsx']").click()
    upload(one, "整改清单.xlsx", Path(coming.value.path()).read_bytes())
    one.page.wait_for_url(re.compile(r"/tasks/import/\d+/"))
    problems = problems_of(one)
    assert not problems, "\n".join(problems)


def upload(one: Any, name: str, content: bytes) -> None:
    """Hands in a workbook at the import centre."""
    one.resize("desktop").go("/imports/")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    one.page.set_input_files("input[type=file]", files=[file])
    one.page.click("main form .k-primary")


def test_the_second_step_of_signing_in(visitors: Visitors, module_window: Any) -> None:
    one = visitors["审计员甲"].go("/authenticator/")
    secret = one.page.locator("code").first.inner_text().replace(" ", "")
    now = int(one.page.evaluate("Date.now()")) // 1000
    one.page.fill("input[name=code]", totp.code_at(secret, now // totp.STEP))
    one.page.click("main .k-primary")
    one.go("/authenticator/")
    problems = problems_of(one)
    again = module_window("")
    again.go("/login/").give_password("审计员甲")
    again.page.wait_for_url("**/login/code/")
    problems += problems_of(again)
    assert not problems, "\n".join(problems)


def test_a_new_person_changes_the_one_time_password(visitors: Visitors, module_window: Any) -> None:
    one = visitors[SECURITY].resize("desktop").go("/people/")
    one.page.fill("input[name=username]", "xinren")
    one.page.fill("input[name=name]", "新人甲")
    one.page.click("#new button")
    password = one.page.locator(".k-once").inner_text()
    problems = [*one.accessible(), one.resize("phone").too_wide(), *one.accessible()]
    new = module_window().go("/login/")
    new.give_password("xinren", password)
    new.page.wait_for_url("**/password/")
    problems += [*new.accessible(), new.too_wide()]
    new.page.fill("input[name=old_password]", password)
    for field in ("new_password1", "new_password2"):
        new.page.fill(f"input[name={field}]", "qingzhu-2005-xin")
    new.press("改密码")
    new.page.wait_for_url(re.compile(r"/$"))
    assert not any(problems), "\n".join(problems)

"""What people come for, from the first click to the last: at a desk and on a phone, in both languages.

Each of the four ways has a demonstration of its own; a journey stands on nothing that another one did.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

UNIT, MONTH = "qingzhu", "2005-09"
HERE = f"unit={UNIT}&month={MONTH}"
WAYS = [(size, language) for size in ("desktop", "phone") for language in ("zh", "en")]


class Way:
    """A size and a language; everybody who is asked for has one window."""

    def __init__(self, make: Any, size: str, language: str) -> None:
        self.make, self.size, self.language = make, size, language
        self.people: dict[str, Any] = {}

    def __getitem__(self, who: str) -> Any:
        if who not in self.people:
            self.people[who] = self.make(who, self.size, self.language)
        return self.people[who]


@pytest.fixture(scope="module", params=WAYS, ids="-".join)
def way(request: pytest.FixtureRequest, fresh_site: Any, browser: Any) -> Iterator[Way]:
    """A fresh demonstration and the people's windows on it; afterwards none may have a fault."""
    with fresh_site() as site, site.windows(browser) as make:
        yield Way(make, *request.param)


@pytest.fixture(autouse=True)
def _quiet(way: Way) -> Iterator[None]:
    """No journey leaves a console error, a break of the content policy or a request to elsewhere."""
    yield
    faults = [fault for one in way.people.values() for fault in one.take_faults()]
    assert not faults, "\n".join(faults)


def keep(way: Way, one: Any, name: str, part: str, height: int = 10_000) -> None:
    """A picture for the quick start: of the desk, in Chinese."""
    if (way.size, way.language) == ("desktop", "zh"):
        one.picture(name, part, height)


# --- figures ------------------------------------------------------------------------------------------


def save(one: Any) -> None:
    """Saves what was typed and waits for the number of the audit ledger."""
    with one.page.expect_response(lambda answer: answer.url.endswith("/save")):
        one.page.click("#save")
    one.page.locator("#told", has_text="№").wait_for()


def submit(one: Any) -> None:
    """Reports (上报) and waits for the page to say so."""
    one.page.click("#submit")
    one.page.wait_for_selector(".k-told.k-success")


def test_the_first_entry_of_a_month(way: Way) -> None:
    one = way["经办乙"].go(f"/entry/{UNIT}/?month={MONTH}")
    page = one.page
    page.fill("#v-sales", "61300")
    page.locator("#v-sales").blur()
    page.locator("#row-sales .k-doubt").wait_for()
    one.must_be_sound()
    page.locator("#row-sales [data-repair]").first.click()
    assert page.input_value("#v-sales") == "6.13"
    page.fill("#v-sales", "6.14")
    page.fill("#v-export_delivery", "1210")
    save(one)
    submit(one)
    assert page.locator("#row-sales .k-held").inner_text().startswith("6.14")
    assert one.word("已上报") in page.locator("#row-sales .k-state").inner_text()
    one.must_be_sound()


def test_returned_mended_reviewed_and_verified(way: Way) -> None:
    cell = f"/cells/{UNIT}/local_tax/{MONTH}/"
    deputy = way["副镇长乙"].go(f"/review/?month={MONTH}")
    deputy.page.locator("a[href$='#act'][href*='local_tax/']").first.click()
    deputy.page.fill("textarea[name=message]", "与入库数不一致，请核对")
    deputy.press("退回这个数")
    assert "与入库数不一致" in deputy.page.locator("#act").inner_text()
    owner = way["经办丙"].go(f"/entry/{UNIT}/?month={MONTH}")
    assert "与入库数不一致" in owner.page.locator("#row-local_tax").inner_text()
    owner.page.fill("#v-local_tax", "598.1")
    save(owner)
    for reason in owner.page.locator("#row-local_tax input[name^=answer]").all():
        reason.fill("入库数已核对")
        save(owner)
    submit(owner)
    deputy.go(f"/review/?month={MONTH}")
    keep(way, deputy, "review", "main section", 250)
    row = deputy.page.locator("tr", has=deputy.page.locator("a[href$='local_tax/2005-09/']"))
    row.locator("input[type=checkbox]").check()
    deputy.press("审核选中的数")
    deputy.page.wait_for_selector(".k-told.k-success")
    verifier = way["县财政局认定员甲"].go(f"/verify/?month={MONTH}")
    verifier.page.locator(f"a[href='{cell}#act']").click()
    verifier.page.fill("input[name=value]", "597.46")
    verifier.page.fill("input[name=reason]", "剔除尚未入库的一笔")
    verifier.press("另定认定数")
    text = verifier.page.locator("main").inner_text()
    assert all(part in text for part in ("598.1", "597.46", "剔除尚未入库的一笔", verifier.word("已认定")))
    verifier.must_be_sound()
    keep(way, verifier, "cell", "main .k-two section", 310)


def bad_rows() -> dict[str, Any]:
    """A workbook of which three rows cannot be taken in: two are verified, one is official."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page = book.add_worksheet("9月")
    rows = [
        ["清渚镇2005年1-9月主要指标"], ["序号", "指标", "单位", "1-9月累计"],
        [1, "工业总产值", "亿元", 6.3], [2, "投资额", "万元", 9999], [3, "财政总收入", "万元", 2800],
        [4, "封山育林", "亩", 35030],
    ]  # fmt: skip
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return {"name": "9月月报.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}


def test_three_bad_rows_of_a_workbook_stop_it_and_are_named(way: Way) -> None:
    one = way["文书甲"].go("/imports/")
    one.page.set_input_files("input[type=file]", files=[bad_rows()])
    one.press("上传并预览")
    one.page.wait_for_url(re.compile(r"/imports/\d+/"))
    refused = one.page.locator("section", has_text="9月!D3").inner_text()
    assert all(place in refused for place in ("9月!D3", "9月!D4", "9月!D5"))
    assert one.page.get_by_role("button", name=one.word("还不能导入")).is_disabled()
    one.must_be_sound()
    keep(way, one, "import-preview", "main section")
    one.go(f"/cells/{UNIT}/hill_closure/{MONTH}/")
    assert "35030" not in one.page.locator("main").inner_text()


# --- targets and tasks --------------------------------------------------------------------------------


def test_a_target_is_broken_down_with_more_than_it_holds(way: Way) -> None:
    one = way["文书甲"].go(f"/targets/?{HERE}")
    page = one.page
    page.locator("a[href^='/targets/']", has_text="工业总产值").first.click()
    one.press("分解目标")
    for office, share, owner in (("qz_jingfa", "6.9", "经办乙"), ("qz_qiye", "3", "经办丁")):
        page.fill(f"input[name='share.{office}']", share)
        page.fill(f"input[name='leader.{office}']", "副镇长甲")
        page.fill(f"input[name='owner.{office}']", owner)
    assert "9.9" in page.locator("output.k-sum").inner_text()
    one.press("下达分解")
    refused = page.locator(".k-told.k-error").inner_text()
    assert "10.0%" in refused, refused
    assert page.input_value("input[name='share.qz_qiye']") == "3"
    one.must_be_sound()
    page.fill("input[name=reason]", "为全年目标留出余地")
    one.press("下达分解")
    shares = page.locator("#shares")
    shares.wait_for()
    text = shares.inner_text()
    assert all(part in text for part in ("9.9", "6.9", "为全年目标留出余地", "经办乙", "10")), text
    one.must_be_sound()


def test_a_gap_is_given_a_task(way: Way) -> None:
    one = way["镇长甲"].go(f"/tasks/?{HERE}")
    page = one.page
    page.locator("a[href^='/tasks/']", has_text="扶持骨干企业").click()
    one.press("取消这项措施")
    page.fill("input[name=text]", "项目没有落地")
    one.press("取消措施")
    one.go(f"/tasks/?{HERE}")
    gap = page.locator("#gaps tr", has_text="工业总产值")
    assert "−5.6" in gap.inner_text()
    one.must_be_sound()
    keep(way, one, "gaps", "#gaps")
    gap.locator("a.k-btn").click()
    page.fill("input[name=cause]", "两家骨干企业停产检修")
    page.fill("textarea[name=deliverable]", "十一月底前两条线复产")
    page.fill("input[name=due]", "2005-11-30")
    page.fill("input[name=contribution]", "2")
    one.must_be_sound()
    page.locator("main form .k-primary").click()
    page.wait_for_url(re.compile(r"/tasks/\d+/"))
    assert "十一月底前两条线复产" in page.locator("h1").inner_text()
    one.go(f"/tasks/?{HERE}")
    assert not page.locator("#gaps tr", has_text="工业总产值").count()
    one.go(f"/targets/?{HERE}")
    page.locator("a[href^='/targets/']", has_text="工业总产值").first.click()
    closing = page.locator("#tasks .k-closing").inner_text()
    assert "2.75" in closing and "0.75" in closing, closing


# --- papers -------------------------------------------------------------------------------------------


def test_evidence_is_filed_and_bound(way: Way, tmp_path: Path) -> None:
    one = way["文书甲"].go(f"/evidence/?{HERE}")
    page = one.page
    lacking = page.locator(".k-missing").count()
    page.locator("tr", has=page.locator(".k-missing")).first.locator("a.k-btn").click()
    paper = {"name": "9月归档件.txt", "mimeType": "text/plain", "buffer": "工业总产值 6.25 亿元".encode()}
    page.set_input_files("input[type=file]", files=[paper])
    one.press("归档这些文件")
    page.wait_for_selector(".k-told.k-success")
    assert "9月归档件.txt" in page.locator("main").inner_text()
    one.must_be_sound()
    one.go(f"/evidence/?{HERE}")
    assert page.locator(".k-missing").count() == lacking - 1
    with page.expect_download() as coming:
        one.press("装订成册（zip）")
    kept = tmp_path / "binder.zip"
    coming.value.save_as(kept)
    with zipfile.ZipFile(kept) as binder:
        names = binder.namelist()
        assert {"封面.docx", "目录.xlsx"} <= set(names)
        filed = next(name for name in names if name.endswith("9月归档件.txt"))
        assert binder.read(filed).decode() == "工业总产值 6.25 亿元"
        assert f"尚缺 {lacking - 1} 项" in words_of(binder.read("封面.docx"))
        with zipfile.ZipFile(io.BytesIO(binder.read("目录.xlsx"))) as index:
            assert filed in index.read("xl/sharedStrings.xml").decode()


def words_of(document: bytes) -> str:
    """The text of a .docx, a paragraph or cell a line."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        body = package.read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:(p|tc)>", "\n", body))


def test_papers_go_out_with_the_figures_of_the_ledger(way: Way, tmp_path: Path) -> None:
    one = way["文书甲"].go(f"/cells/{UNIT}/industrial_output/{MONTH}/")
    held = one.page.locator("dd.k-main").inner_text().split()[0]
    one.go(f"/papers/?{HERE}")
    table = one.page.locator("tr", has_text="完成情况表").filter(has_text="Word")
    table.locator("button").first.click()
    one.page.wait_for_selector(".k-told.k-success")
    one.must_be_sound()
    with one.page.expect_download() as coming:
        one.page.locator("a[href$='/file']").first.click()
    kept = tmp_path / "table.docx"
    coming.value.save_as(kept)
    lines = [line.strip() for line in words_of(kept.read_bytes()).splitlines() if line.strip()]
    row = lines[lines.index("工业总产值") :][:8]
    assert held == "6.25" and held in row, row


# --- people -------------------------------------------------------------------------------------------


def test_a_post_is_handed_over_with_a_printed_list(way: Way) -> None:
    one = way["安全管理员"].go("/people/")
    page = one.page
    page.fill("input[name=username]", "文书乙")
    page.fill("input[name=name]", "文书乙")
    page.click("#new button")
    password = page.locator(".k-once").inner_text()
    one.go("/posts/")
    page.locator("tr", has_text="党政办文书").filter(has_text="文书甲").locator("a.k-btn").click()
    page.select_option("select[name=person]", label="文书乙（文书乙）")
    one.press("交接")
    page.wait_for_url(re.compile(r"/hand-over/2005-10-12/"))
    text = page.locator("main").inner_text()
    assert all(part in text for part in ("文书甲", "文书乙", "2005-10-12", one.word("监交人"))), text
    assert page.locator(".k-items li").count() > 10
    one.must_be_sound()
    keep(way, one, "hand-over", "main", 420)
    page.emulate_media(media="print")
    assert not page.locator(".k-top").is_visible() and page.locator(".k-signatures").is_visible()
    page.emulate_media(media="screen")
    came = way.make("", way.size, way.language)
    came.go("/login/").give_password("文书乙", password)
    came.page.wait_for_url("**/password/")
    came.page.fill("input[name=old_password]", password)
    for field in ("new_password1", "new_password2"):
        came.page.fill(f"input[name={field}]", "qingzhu-2005-xin")
    came.press("改密码")
    came.page.wait_for_url(re.compile(r"/$"))
    came.go(f"/entry/{UNIT}/?month={MONTH}")
    assert came.page.locator("#submit").count() == 1
    left = way.make("文书甲", way.size, way.language)
    left.go(f"/entry/{UNIT}/?month={MONTH}", 404)
    assert not left.take_faults() and not came.take_faults()
    left.context.close()
    came.context.close()

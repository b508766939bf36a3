"""A month from the first keystroke to the verified figure, as the people do it."""

from __future__ import annotations

import io

import xlsxwriter

MONTH = "?month=2005-09"


def save(one) -> str:
    """Saves by keyboard and gives what the page says."""
    with one.page.expect_response(lambda answer: answer.url.endswith("/save")):
        one.page.keyboard.press("Control+s")
    one.page.locator("#told", has_text="№").wait_for()
    one.page.locator("#save[disabled]").wait_for()
    return str(one.page.locator("#told").inner_text())


def test_the_main_journey_by_keyboard_alone(window) -> None:
    one = window("经办乙").go(f"/entry/{MONTH}")
    page = one.page
    page.locator("#v-sales").focus()
    page.keyboard.type("61300")
    page.wait_for_selector("#row-sales .k-doubt")
    assert "十倍" in page.locator("#row-sales .k-doubt").inner_text()
    one.picture("entry-doubt")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#v-sales").input_value() == "6.13"
    page.locator("#v-sales").focus()
    page.keyboard.type("6.14")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "v-export_delivery"
    page.keyboard.type("1210")
    assert "2" in save(one)
    page.locator("#submit").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-told.k-success")
    assert "已上报" in one.told()
    assert page.locator("#row-sales .k-held").inner_text().startswith("6.14")


def test_return_resubmit_review_and_verify(window) -> None:
    deputy = window("副镇长甲").go(f"/review/{MONTH}")
    deputy.picture("review")
    deputy.page.locator("th a", has_text="销售收入").click()
    deputy.page.fill("textarea[name=message]", "与统计站的数不一致，请核对")
    deputy.page.click("text=退回这个数")
    assert "已退回" in deputy.told()
    owner = window("经办乙").go(f"/entry/{MONTH}")
    assert "与统计站的数不一致" in owner.page.locator("#row-sales").inner_text()
    owner.page.fill("#v-sales", "6.12")
    save(owner)
    owner.page.click("#submit")
    owner.page.wait_for_selector(".k-told.k-success")
    deputy.go(f"/review/{MONTH}")
    deputy.page.locator("tr", has_text="销售收入").locator("input[type=checkbox]").check()
    deputy.page.click("text=审核选中的数")
    assert "已审核 1 项" in deputy.told()
    verifier = window("县统计局认定员甲").go("/cells/qingzhu/sales/2005-09/")
    verifier.page.fill("input[name=value]", "6.10")
    verifier.page.fill("input[name=reason]", "剔除重复企业")
    verifier.page.click("text=另定认定数")
    text = verifier.page.locator("main").inner_text()
    assert "6.12" in text and "6.10" in text and "剔除重复企业" in text
    verifier.picture("cell", full=True)


def test_a_conflict_is_shown_and_decided(window) -> None:
    clerk = window("文书甲").go(f"/entry/qingzhu/{MONTH}")
    other = window("经办己").go(f"/entry/qingzhu/{MONTH}")
    other.page.locator(".k-cell").first.fill("35010")
    name = other.page.locator(".k-unsaved").first.get_attribute("data-code")
    save(other)
    clerk.page.fill(f"#v-{name}", "35020")
    clerk.page.keyboard.press("Control+s")
    box = clerk.page.locator(".k-conflict")
    box.wait_for()
    assert "35020" in box.inner_text() and "35010" in box.inner_text() and "经办己" in box.inner_text()
    clerk.picture("entry-conflict")
    box.locator("button").first.click()
    save(clerk)
    clerk.go(f"/cells/qingzhu/{name}/2005-09/")
    history = clerk.page.locator(".k-history").inner_text()
    assert "35010 → 35020" in history


def test_a_pasted_block_goes_by_names(window) -> None:
    one = window("文书甲").go(f"/entry/qingzhu/{MONTH}")
    cells = one.page.locator(".k-cell")
    codes = [cells.nth(number).get_attribute("id").removeprefix("v-") for number in range(2)]
    names = [one.page.locator(f"#row-{code} th").inner_text().strip() for code in codes]
    block = f"{names[1]}\t11\n{names[0]}\t12"
    one.page.evaluate("text => navigator.clipboard.writeText(text)", block)
    cells.first.focus()
    one.page.keyboard.press("Control+v")
    assert [one.page.locator(f"#v-{code}").input_value() for code in codes] == ["12", "11"]


def test_three_bad_rows_of_a_workbook_stop_it_and_are_named(window, tmp_path) -> None:
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
    file = tmp_path / "9月月报.xlsx"
    file.write_bytes(content.getvalue())
    one = window("文书甲").go("/imports/")
    one.page.set_input_files("input[type=file]", str(file))
    one.page.click("text=上传并预览")
    refused = one.page.locator("section", has_text="不能导入的").inner_text()
    assert all(place in refused for place in ("9月!D3", "9月!D4", "9月!D5"))
    assert one.page.locator("button", has_text="还不能导入").is_disabled()
    one.picture("import-preview", full=True)


def test_the_phone_shows_what_is_open_first(window) -> None:
    one = window("文书甲", "phone").go(f"/entry/qingzhu/{MONTH}")
    one.page.click("[data-show=todo]")
    assert not one.too_wide()
    one.picture("entry-phone")

"""The grid of a month: by keyboard alone, two people on one cell, a pasted block, the phone."""

from __future__ import annotations

import pytest

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
    one.picture("entry-doubt", ".k-entry", 380)
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
    clerk.must_be_sound()
    clerk.picture("entry-conflict", "tr:has(.k-conflict)")
    box.locator("button").first.click()
    save(clerk)
    clerk.go(f"/cells/qingzhu/{name}/2005-09/")
    history = clerk.page.locator(".k-history").inner_text()
    assert "35010 → 35020" in history


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pasted_block_goes_by_names(window, language: str) -> None:
    one = window("文书甲", language=language).go(f"/entry/qingzhu/{MONTH}")
    cells = one.page.locator(".k-cell")
    codes = [cells.nth(number).get_attribute("id").removeprefix("v-") for number in range(2)]
    names = [one.page.locator(f"#row-{code} th").inner_text().strip() for code in codes]
    block = f"{names[1]}\t11\n{names[0]}\t12"
    one.page.evaluate("text => navigator.clipboard.writeText(text)", block)
    cells.first.focus()
    one.page.keyboard.press("Control+v")
    one.must_be_sound()
    assert [one.page.locator(f"#v-{code}").input_value() for code in codes] == ["12", "11"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_village_mends_by_phone_what_came_back(window, language: str) -> None:
    one = window("村报账员甲", "phone", language).go(f"/entry/{MONTH}")
    page = one.page
    page.click("[data-show=returned]")
    if page.locator("#row-pension .k-returned").count():  # the second language finds it mended
        assert "名册 99 人" in page.locator("#row-pension").inner_text()
        one.must_be_sound()
        one.picture("entry-phone", "main", 420)
        page.fill("#v-pension", "99")
        save_by_tap(one)
        page.click("#submit")
        page.wait_for_selector(".k-told.k-success")
    page.click("[data-show=all]")
    assert page.locator("#row-pension .k-held").inner_text().startswith("99")
    one.must_be_sound()


def save_by_tap(one) -> None:
    """Saves by the button."""
    one.page.click("#save")
    one.page.locator("#told", has_text="№").wait_for()

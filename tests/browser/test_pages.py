"""Every page, at desk and phone width, in both languages: readable by anybody, quiet, and never too wide."""

from __future__ import annotations

import pytest

PAGES = {
    "文书甲": ["/", "/board/", "/entry/qingzhu/", "/review/", "/collections/", "/imports/", "/indicators/",
             "/indicators/industrial_output/", "/units/", "/units/qingzhu/",
             "/cells/qingzhu/industrial_output/2005-09/", "/password/"],
    "县财政局认定员甲": ["/", "/verify/", "/cells/qingzhu/local_tax/2005-09/"],
    "村报账员甲": ["/", "/entry/"],
    "审计管理员": ["/audit/", "/receipts/"],
}  # fmt: skip
CASES = [(who, path) for who, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_page_is_accessible_and_fits(window, size: str, language: str) -> None:
    problems = []
    for who, paths in PAGES.items():
        one = window(who, size, language)
        for path in paths:
            one.go(path)
            problems += [f"{who} {path}: {found}" for found in one.accessible()]
            if one.sideways():
                problems.append(f"{who} {path}: wider than the {size}")
    assert not problems, "\n".join(problems)


def test_the_sign_in_page(window) -> None:
    one = window().go("/login/")
    assert not one.accessible()
    one.picture("sign-in")

"""A broken table tells all its faults at once, in the order of its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.facts.dataset import open_dataset
from kaohe.facts.errors import DataError


def faults(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "units.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        open_dataset(folder / "units.csv")
    return caught.value.messages


def test_widths_keys_and_numbers_together(tmp_path: Path) -> None:
    text = "unit,output,output.target\n甲,约12,100\n乙,50\n甲,5,6\n,7,8\n"
    assert faults(tmp_path, text) == (
        "units.csv 第 2、4 行:“甲”重复,每个只应有一行",
        "units.csv 第 2 行 output 列:应为数字,实为“约12”",
        "units.csv 第 3 行:应有 3 格,实有 2 格",
        "units.csv 第 5 行:缺少 unit",
    )


def test_a_repeated_unit_does_not_hide_a_bad_number(tmp_path: Path) -> None:
    found = faults(tmp_path, "unit,output\n甲,约12\n甲,5\n乙,6\n丙,7\n")
    assert found == (
        "units.csv 第 2、3 行:“甲”重复,每个只应有一行",
        "units.csv 第 2 行 output 列:应为数字,实为“约12”",
    )

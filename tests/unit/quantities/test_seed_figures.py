"""The figures of the seed speech, against the labels made by hand."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from kaohe.quantities import Quantity, find_periods, find_quantities

SHARED = Path(__file__).parents[4] / "shared" / "reading"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.exists(), reason="../shared/reading is not here"),
]


@pytest.fixture(scope="module")
def text() -> str:
    return (SHARED / "texts" / "00.txt").read_text(encoding="utf-8")


def test_spans_values_and_measures_agree_with_the_labels(text: str, record_property: Any) -> None:
    labels = [label for label in _lines("00.jsonl") if not label.get("optional")]
    optional = {(label["start"], label["end"]) for label in _lines("00.jsonl") if label.get("optional")}
    found = [item for item in find_quantities(text) if (item.start, item.end) not in optional]
    hits = {_as_found(item) for item in found} & {_as_label(label) for label in labels}
    f1 = 2 * len(hits) / (len(found) + len(labels))
    record_property("f1", f1)
    print(f"seed figures: F1 {f1:.4f} of {len(labels)} labels, {len(found)} found")
    assert f1 >= 0.97


def test_no_figure_lies_on_a_hard_negative(text: str) -> None:
    negatives = [(label["start"], label["end"]) for label in _lines("00.neg.jsonl")]
    found = [(item.start, item.end, item.text) for item in find_quantities(text)]
    assert [item for item in found for low, high in negatives if item[0] < high and low < item[1]] == []


def test_periods_of_the_labels_are_found(text: str) -> None:
    dates = {"1—9月", "2006年度", "第四季度", "今年最后一个季度"}
    labelled = {(label["start"], label["end"]) for label in _lines("00.neg.jsonl") if label["text"] in dates}
    found = {(period.start, period.end) for period in find_periods(text, 2005)}
    assert labelled <= found


def test_reading_is_quick(text: str) -> None:
    started = time.perf_counter()
    for _ in range(5):
        find_quantities(text)
    # A tenth of what a quiet machine does; slower than this means a pattern that backtracks.
    assert 5 * len(text) / (time.perf_counter() - started) > 100_000


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHARED / "gold" / name).read_text(encoding="utf-8").splitlines()]


def _as_found(item: Quantity) -> tuple[int, int, float, str]:
    value, measure = item.base
    return item.start, item.end, round(float(value), 9), measure


def _as_label(label: dict[str, Any]) -> tuple[int, int, float, str]:
    return label["start"], label["end"], round(abs(label["base_value"]), 9), label["base_unit"]

"""Long correct passages of our own raise nothing: accusing a correct report is the worst fault."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kaohe.checking import check_text

CORRECT = sorted((Path(__file__).parent / "correct").glob("*.txt"))


@pytest.mark.parametrize("path", CORRECT, ids=lambda path: path.stem)
def test_nothing_is_said_against_a_correct_report(path: Path) -> None:
    findings = check_text(path.read_text(encoding="utf-8")).findings
    assert not [one.message for one in findings if one.verdict != "holds" and one.severity != "info"]


def test_reading_and_checking_is_fast_enough() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in CORRECT)
    check_text(text)
    started = time.process_time()
    check_text(text)
    # The goal is 50,000 characters a second on a quiet core; the machines of the tests are shared.
    assert len(text) / (time.process_time() - started) > 25_000

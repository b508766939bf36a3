"""The examples of docs/reference/checks.md: every check has some, and each does what it is shown for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kaohe.checking import CHECKS, Finding

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "checks.md"
EXAMPLE = re.compile(r"^```(holds|silent|fails|unsure)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def sections() -> dict[str, str]:
    """The text under each heading of a check."""
    parts = re.split(r"^### (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


EXAMPLES = [
    pytest.param(check, kind, text, id=f"{check}-{kind}-{number}")
    for check, body in sections().items()
    for number, (kind, text) in enumerate(EXAMPLE.findall(body))
]


def test_every_check_has_its_examples() -> None:
    assert sorted(sections()) == sorted(CHECKS)
    for check, body in sections().items():
        kinds = {kind for kind, _ in EXAMPLE.findall(body)}
        assert kinds & {"holds", "silent"} and kinds & {"fails", "unsure"}, check


@pytest.mark.parametrize(("check", "kind", "text"), EXAMPLES)
def test_example(check: str, kind: str, text: str, findings_of: Callable[[str], tuple[Finding, ...]]) -> None:
    verdicts = {finding.verdict for finding in findings_of(text) if finding.check == check}
    if kind == "silent":
        assert not verdicts - {"holds"}
    elif kind == "holds":
        assert verdicts == {"holds"}
    else:
        assert kind in verdicts


@pytest.mark.parametrize(
    ("check", "kind", "text"), [one for one in EXAMPLES if one.values[1] in ("holds", "silent")]
)
def test_right_examples_raise_no_other_check(
    check: str, kind: str, text: str, findings_of: Callable[[str], tuple[Finding, ...]]
) -> None:
    doubts = [one for one in findings_of(text) if one.verdict != "holds" and one.severity != "info"]
    assert not doubts, [one.message for one in doubts]

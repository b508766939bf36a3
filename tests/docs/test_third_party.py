"""The notices name exactly what a user installs."""

from __future__ import annotations

import re
from pathlib import Path

ROW = re.compile(r"^\| ([A-Za-z0-9_.-]+) \| ([0-9][^ |]*) \|", re.MULTILINE)
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^ \\]+)", re.MULTILINE)


def test_notices_hold_every_pinned_dependency_at_its_version(root: Path) -> None:
    pinned = set(PIN.findall((root / "requirements.lock").read_text("utf-8")))
    noticed = set(ROW.findall((root / "THIRD_PARTY.md").read_text("utf-8")))
    assert pinned <= noticed, f"run `make docs`: missing {sorted(pinned - noticed)}"

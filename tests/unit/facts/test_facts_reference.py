"""The example of the reference page is a ledger that reads as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "ledger.md"


def test_the_small_ledger_of_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text("utf-8")
    (tmp_path / "ledger").mkdir()
    for name, table in re.findall(r"`(\w+\.csv)`\n```csv\n(.*?)```", text, re.DOTALL):
        (tmp_path / "ledger" / name).write_text(table, "utf-8")
    example = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "ledger.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed == re.findall(r"# (.+)$", example, re.MULTILINE)

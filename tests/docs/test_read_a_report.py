"""The how-to on reports is run as it stands: its files, its commands, and the lines that they print."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kaohe.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "read-a-report.md"
BLOCK = re.compile(r"^```(csv|text|bash)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed, commands = "", 0
    for kind, name, body in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if name:
            os.makedirs(Path(name).parent, exist_ok=True)
            Path(name).write_text(body, encoding="utf-8")
        elif kind == "bash":
            program, *arguments = shlex.split(body)
            assert program == "kaohe"
            result = CliRunner().invoke(main, arguments)
            assert result.exit_code == (1 if arguments[0] == "check" else 0), result.output
            printed, commands = result.output, commands + 1
        else:
            absent = [line for line in body.splitlines() if line not in printed]
            assert not absent, f"{absent} not in {printed}"
    assert commands == 4

"""The blocks of the how-to page on checking run as written, and say what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import docx

_BLOCK = re.compile(r"```(bash|text)\n(.*?)```", re.DOTALL)


def test_the_page_runs(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "docs/how-to/check-a-report", tmp_path / "page")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, rest in (("kaohe", '-m kaohe "$@"'), ("python", '"$@"')):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {rest}\n')
        (programs / name).chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(root / "src"), "KAOHE_LANG": "zh"}
    printed = ""
    for kind, content in _BLOCK.findall((root / "docs/how-to/check-a-report.md").read_text("utf-8")):
        if kind == "text":
            assert content in printed
            continue
        done = subprocess.run(
            ["bash", "-c", content], cwd=tmp_path / "page", env=environment, capture_output=True, text=True
        )
        assert "Traceback" not in done.stderr and done.returncode in (0, 1, 2)
        printed = done.stdout
    made = {one.relative_to(tmp_path / "page").as_posix() for one in (tmp_path / "page").rglob("*.*")}
    assert {"总结.html", "结果/summary.html", "结果/总结.html", "批注/总结.docx", "数据/总结.jsonl"} <= made
    assert len(docx.Document(str(tmp_path / "page/总结-批注.docx")).comments) == 3

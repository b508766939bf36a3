"""Parsing in a child process with limits: a hostile file can stop the child, never the caller.

The only module with POSIX calls. On Windows there are no such limits: there the gate before it, the wall
clock and the count of cells still hold, memory does not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from kaohe.facts.errors import DataError
from kaohe.reading.sheets.gate import Form, admitted
from kaohe.reading.sheets.raw import RawSheet, sheets_from_plain, sheets_to_plain

MEMORY = 1 << 30
CPU_SECONDS = 20
WALL_SECONDS = 30
_REFUSED = 3


def open_sheets(path: Path) -> tuple[RawSheet, ...]:
    """The sheets of a workbook or text file, parsed in a child process.

    Raises ``DataError`` on what the gate refuses, what is damaged, and what takes too long or too much.
    """
    form = admitted(path)
    command = [sys.executable, "-m", "kaohe.reading.sheets.child", form, str(path.resolve())]
    source = str(Path(__file__).resolve().parents[3])
    before = os.environ.get("PYTHONPATH", "")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (source, before))), "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=WALL_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(f"{path.name}:{WALL_SECONDS} 秒内没有读完,文件可能有问题") from error
    if done.returncode == _REFUSED:
        raise DataError(json.loads(done.stdout))
    if done.returncode:
        raise DataError(f"{path.name}:读取时超出内存或时间的限制,文件可能有问题;请用 Excel 重新另存后再试")
    return sheets_from_plain(json.loads(done.stdout))


def parsed(form: Form, path: Path) -> tuple[RawSheet, ...]:
    """The sheets of a file that passed the gate, parsed here and now."""
    if form == "xlsx":
        from kaohe.reading.sheets.xlsx import read_xlsx

        return read_xlsx(path)
    if form == "xls":
        from kaohe.reading.sheets.xls import read_xls

        return read_xls(path)
    from kaohe.reading.sheets.delimited import read_delimited

    return read_delimited(path)


def _limited() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(form: Form, path: str) -> int:
    """The child's own work: the sheets, or the faults, as JSON on stdout."""
    _limited()
    try:
        plain = sheets_to_plain(parsed(form, Path(path)))
    except DataError as error:
        json.dump(error.messages, sys.stdout, ensure_ascii=False)
        return _REFUSED
    json.dump(plain, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))  # type: ignore[arg-type]

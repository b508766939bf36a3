"""Runs one measurement in a process of its own: wall time, peak memory, and the load it met."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
QUIET_LOAD, LONGEST_WAIT = 1.6, 10.0


@dataclass(frozen=True, slots=True)
class Measured:
    """``wall`` of the whole process in seconds; ``peak`` in MB; ``load`` of the machine before it."""

    wall: float
    peak: float
    load: float
    told: dict[str, Any]


class Failed(Exception):
    """A child that ended with an error; the text is the end of what it printed."""


def load_now() -> float:
    return float(Path("/proc/loadavg").read_text(encoding="ascii").split()[0])


def wait_for_quiet(longest: float = LONGEST_WAIT) -> float:
    """Waits until others leave the machine alone, but not for ever; the load met in the end."""
    until = time.monotonic() + longest
    while load_now() > QUIET_LOAD and time.monotonic() < until:
        time.sleep(3)
    return load_now()


def measure(command: list[str], wait: float = LONGEST_WAIT) -> Measured:
    """Runs a command to its end. Peak memory: the kernel's high-water mark of every process of the tree,
    added up, so that Spark's Java and LibreOffice's inner process count."""
    load = wait_for_quiet(wait)
    started = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=REPOSITORY, env=_environment()
    )
    marks = _Watched(child.pid)
    output, errors = child.communicate()
    wall = time.perf_counter() - started
    peak = marks.ended()
    if child.returncode:
        raise Failed(errors.decode(errors="replace").strip()[-2000:])
    return Measured(wall, peak, load, _told(output))


def measure_method(method: str, folder: Path, out: Path, wait: float = LONGEST_WAIT) -> Measured:
    """One method of :mod:`benchmarks.child`."""
    return measure([sys.executable, "-m", "benchmarks.child", method, str(folder), str(out)], wait)


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    return {**os.environ, "PYTHONPATH": path, "LC_ALL": "C.UTF-8"}


def _told(output: bytes) -> dict[str, Any]:
    last = output.decode(errors="replace").strip().splitlines()[-1:]
    try:
        return dict(json.loads(last[0])) if last else {}
    except ValueError:
        return {}


class _Watched:
    """Reads VmHWM of a process and its descendants until told to end."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._marks: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            for pid in _tree(self._root):
                self._marks[pid] = max(self._marks.get(pid, 0), _high_water(pid))

    def ended(self) -> float:
        self._over.set()
        self._thread.join()
        return sum(self._marks.values()) / 1000


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue
    return found


def _high_water(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)

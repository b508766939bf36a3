"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.processes import REPOSITORY

_PACKAGES = ("duckdb", "sqlglot", "pandas", "numpy", "pyspark", "XlsxWriter")


def facts() -> dict[str, Any]:
    """Processor, memory, versions and the commit."""
    return {
        "machine": {
            "processor": _first("/proc/cpuinfo", "model name"),
            "cores": os.cpu_count(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
            "system": platform.platform(),
        },
        "versions": {"python": platform.python_version(), **_installed(), **_programs()},
        "commit": _said(["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"]),
    }


def _first(path: str, key: str) -> str:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")


def _installed() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _programs() -> dict[str, str]:
    shown = {"LibreOffice": _said(["soffice", "--version"]), "Java": _said(["java", "--version"])}
    return {name: text for name, text in shown.items() if text}


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return ""
    return (done.stdout.strip().splitlines() or [""])[0].strip()

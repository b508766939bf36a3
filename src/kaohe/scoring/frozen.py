"""Frozen sheets: finished results on disk that later revisions do not rewrite."""

from __future__ import annotations

from pathlib import Path

from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.scoring.imports import PrintedSheet, read_sheet


def frozen_folder(scheme: m.Scheme, data: Path) -> Path:
    """Where the frozen runs of a scheme over these facts are kept: ``DATA/frozen/<scheme>/<period>/``."""
    base = data if data.is_dir() else data.parent
    return base / "frozen" / scheme.path.stem


def frozen_sheets(scheme: m.Scheme, data: Path) -> dict[Period, PrintedSheet]:
    """The frozen sheets of a scheme, by period."""
    found: dict[Period, PrintedSheet] = {}
    folder = frozen_folder(scheme, data)
    for path in sorted(folder.glob("*/sheet.csv")) if folder.is_dir() else ():
        found[Period.parse(path.parent.name.replace("_", "/"))] = read_sheet(path)
    return found

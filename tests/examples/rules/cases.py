"""The rule cases: one YAML file each, read as text and laid out as files that kaohe can score."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
Rows = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """One rule: a scheme, the files it sees, what must come out, and the sums that say why."""

    name: str
    rule: str
    primitives: tuple[str, ...]
    title: str
    period: str | None
    scheme: str
    data: dict[str, str]
    expect: Rows
    arithmetic: Rows

    def __str__(self) -> str:
        return self.name


def load_cases(folder: Path = FOLDER) -> list[Case]:
    """All cases in the order of their file names."""
    return [read_case(path) for path in sorted(folder.glob("*.yaml"))]


def read_case(path: Path) -> Case:
    """One case; every scalar stays the text that was written (``07`` is not 7)."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return Case(
        name=path.stem,
        rule=content["rule"],
        primitives=tuple(content["primitives"]),
        title=content["title"],
        period=content.get("period"),
        scheme=content["scheme"],
        data=content["data"],
        expect=content["expect"],
        arithmetic=content["arithmetic"],
    )


def materialise(case: Case, folder: Path) -> tuple[Path, Path]:
    """Writes scheme and data under ``folder``; returns the scheme path and the DATA path.

    DATA is the one file of a scheme without ``tables``, else the folder ``data``.
    """
    scheme_path = folder / "scheme.yaml"
    scheme_path.write_text(case.scheme, encoding="utf-8")
    data = folder / "data"
    for name, text in case.data.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if "reporting_units.csv" in case.data:
        _write_package(data, list(case.data))
    return scheme_path, data if _is_folder(case) else data / next(iter(case.data))


def _is_folder(case: Case) -> bool:
    return len(case.data) > 1 or "tables" in yaml.load(case.scheme, Loader=yaml.BaseLoader)


def _write_package(data: Path, names: list[str]) -> None:
    # A ledger folder is told from a heap of CSV files by its package file.
    resources = [{"name": Path(name).stem, "path": name} for name in names if name.endswith(".csv")]
    text = json.dumps({"name": "case", "resources": resources}, ensure_ascii=False)
    (data / "datapackage.json").write_text(text, encoding="utf-8")

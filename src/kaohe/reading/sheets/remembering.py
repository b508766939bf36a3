"""Answers that hold for the next sheet with the same headers: a json beside the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kaohe.facts.errors import DataError
from kaohe.reading.sheets.asking import Answer
from kaohe.reading.sheets.model import Question, WorkbookReading

MAPPING = "import-mapping.json"
LASTING = frozenset({"measure", "growth", "scale", "mark", "axis", "role", "indicator", "unit"})
"""The kinds of questions whose answers hold next month too; a period or a figure is asked anew."""


def remembered(answers: Sequence[Answer], fingerprint: str) -> tuple[Answer, ...]:
    """The answers that may apply to a sheet: those for any, and those kept for its headers."""
    return tuple(a for a in answers if not a.sheet.startswith("#") or a.sheet == f"#{fingerprint}")


def load_answers(folder: Path) -> tuple[Answer, ...]:
    """The answers kept beside a ledger. Raises ``DataError`` when the file is not what it should be."""
    kept = _kept(folder)
    names = [
        Answer(answer, kind=f"name_{key.removesuffix('s')}", topic=name)
        for key in ("units", "indicators") for name, answer in kept.get(key, {}).items()
    ]  # fmt: skip
    answers = [
        Answer(each["answer"], sheet=f"#{fingerprint}", kind=each["kind"], topic=each["topic"])
        for fingerprint, rows in kept.get("answers", {}).items()
        for each in rows
    ]
    return (*answers, *names)


def load_names(folder: Path) -> dict[str, dict[str, str]]:
    """The names kept beside a ledger: what a sheet calls a unit or an indicator, and what the ledger does."""
    kept = _kept(folder)
    return {key: dict(kept.get(key, {})) for key in ("units", "indicators")}


def mapping_text(
    folder: Path,
    reading: WorkbookReading,
    answered: Iterable[tuple[Question, str]],
    names: dict[str, dict[str, str]],
) -> str:
    """The file's new text: what is kept, with the lasting answers and the names of this import."""
    kept = _kept(folder)
    fingerprints = dict(reading.headers)
    answers = {key: list(rows) for key, rows in kept.get("answers", {}).items()}
    for question, answer in answered:
        if question.kind not in LASTING or (question.kind in ("unit", "indicator") and not question.topic):
            continue
        rows = answers.setdefault(fingerprints[question.sheet], [])
        rows[:] = [r for r in rows if (r["kind"], r["topic"]) != (question.kind, question.topic)]
        rows.append({"kind": question.kind, "topic": question.topic, "answer": answer})
    merged = {key: {**kept.get(key, {}), **names.get(key, {})} for key in ("units", "indicators")}
    return json.dumps({"answers": answers, **merged}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _kept(folder: Path) -> dict[str, Any]:
    path = folder / MAPPING
    if not path.is_file():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{MAPPING}:不是 JSON({error})") from error
    if not isinstance(kept, dict):
        raise DataError(f"{MAPPING}:应为一个对象")
    return kept

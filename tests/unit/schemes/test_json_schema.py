"""The published JSON Schema: made from the vocabulary, true of every scheme, false of broken ones."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
PLACE = ROOT / "src" / "kaohe" / "schemes" / "kaohe-scheme-1.schema.json"
SCHEMA = json.loads(PLACE.read_text(encoding="utf-8"))
EXAMPLES = ROOT / "tests" / "examples"
SCHEMES = [
    *(path for path in sorted((EXAMPLES / "indices").glob("*.yaml"))),
    *(path for path in sorted((ROOT / "src" / "kaohe" / "demo").glob("*.yaml"))),
]
CASES = sorted((EXAMPLES / "rules").glob("*.yaml"))


def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator(SCHEMA)


def faults(text: str) -> list[str]:
    """What the schema objects to, for the text as editors read it and as the language does."""
    check = validator()
    both = (yaml.load(text, Loader=yaml.BaseLoader), yaml.load(text, Loader=yaml.SafeLoader))
    return [error.message[:300] for read in both for error in check.iter_errors(plain(read))]


def plain(value: Any) -> Any:
    """YAML dates are texts to JSON; so are keys that are numbers."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def test_the_committed_file_is_what_the_vocabulary_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    try:
        import scheme_schema

        assert scheme_schema.schema() == SCHEMA, "run make docs"
    finally:
        sys.modules.pop("scheme_schema", None)


def test_it_is_a_schema_itself() -> None:
    validator().check_schema(SCHEMA)


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_schemes_are_valid(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


def test_schemes_of_all_rule_cases_are_valid() -> None:
    found = {
        path.stem: messages
        for path in CASES
        if (messages := faults(yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["scheme"]))
    }
    assert found == {}


HEAD = "scheme: a\nlanguage: kaohe/1\n"
BROKEN = [
    "scheme: a\nfigure: 1\n",
    "scheme: a\nlanguage: kaohe/2\nfigure: 1\n",
    HEAD,
    HEAD + "figure: 1\neach: t\n",
    HEAD + "figure: 1\npionts: 3\n",
    HEAD + "figure: 1\nsteps: [cpa: 1]\n",
    HEAD + "figure: 1\nsteps: [{cap: 1, floor: 0}]\n",
    HEAD + "figure: 1\nsteps: [clamp: [1]]\n",
    HEAD + "figure: 1\nsteps: [stop: {points: 1}]\n",
    HEAD + "figure: 1\nsteps: [round: {mode: half}]\n",
    HEAD + "figure: 1\ncombine: avg\n",
    HEAD + "figure: 1\nmissing: nul\n",
    HEAD + "figure: 1\ngates: [{when: a}]\n",
    HEAD + "figure: 1\ngates: [{when: a, effect: {grad: b}}]\n",
    HEAD + "figure: 1\ngrades: [{at_least: 90}]\n",
    HEAD + "criteria: [{id: a}]\n",
    HEAD + "criteria: {id: a, figure: 1}\n",
    HEAD + "each: t\nonce: {keep: first}\n",
    HEAD + "tables: {t: {fiel: a}}\nfigure: 1\n",
]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_schemes_are_refused(text: str) -> None:
    assert faults(text)

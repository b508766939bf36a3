"""Reading side by side: what each tool finds in the same texts, and how fast.

python -m benchmarks.reading                             every tool that this Python has
python -m benchmarks.reading --python /tmp/x/bin/python  other people's tools from another environment

The quality is that of ``../shared/reading/evaluate.py`` on the audited speech beside it, and on this
project's own documents (tests/corpus/documents). Writes benchmarks/results/reading/tools.json, and the page.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import machine, report
from benchmarks.processes import REPOSITORY
from benchmarks.reading_tools import ABSENT, TOOLS
from kaohe.quantities import measure_of

SHARED = REPOSITORY.parent / "shared" / "reading"
FOLDER = REPOSITORY / "benchmarks" / "results" / "reading"
GIVES = {
    "kaohe": ("vu", "kind", "ind", "link"),
    "recognizers-text": ("vu",),
    "JioNLP": ("vu",),
    "jieba": ("vu",),
}


def main() -> None:
    asked = _arguments()
    scorer = _module(asked.shared / "evaluate.py", "evaluate")
    with tempfile.TemporaryDirectory() as temporary:
        corpora = {"speech": asked.shared, "documents": _own_documents(Path(temporary) / "own")}
        found = {
            corpus: {tool: _measured(tool, corpus, folder, asked, scorer, Path(temporary)) for tool in TOOLS}
            for corpus, folder in corpora.items()
        }
    FOLDER.mkdir(parents=True, exist_ok=True)
    record = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **machine.facts(), "corpora": found}
    (FOLDER / "tools.json").write_text(
        json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    report.write(FOLDER.parent)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--python", default=sys.executable, help="the Python that has the other tools")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with evaluate.py, gold, texts")
    return parser.parse_args()


def _module(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        sys.exit(f"{path} is not there; --shared names the folder that holds it")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _measured(
    tool: str, corpus: str, folder: Path, asked: argparse.Namespace, scorer: ModuleType, temporary: Path
) -> dict[str, Any]:
    out = temporary / corpus / tool
    python = sys.executable if tool == "kaohe" else asked.python
    script = REPOSITORY / "benchmarks" / "reading_tools.py"
    path = {"PYTHONPATH": str(REPOSITORY / "src")} if tool == "kaohe" else {}
    command = [python, str(script), tool, str(folder / "texts"), str(out)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | path)
    if ran.returncode:
        state = "absent" if ran.returncode == ABSENT else "failed"
        print(f"{corpus}: {tool} is {state}: {ran.stderr.strip().splitlines()[-1:]}", flush=True)
        return {state: ran.stderr.strip()[-300:]}
    told = json.loads((out / "speed.json").read_text(encoding="utf-8"))
    quality = _quality(scorer, folder, out)
    kept = {name: quality[name] for name in ("value", *GIVES.get(tool, ()))}
    print(f"{corpus}: {tool} {kept} {told['characters_a_second']:,.0f} characters/s", flush=True)
    return {**told, "quality": kept}


def _quality(scorer: ModuleType, folder: Path, out: Path) -> dict[str, float]:
    """The F1 of each measure over every document of a folder."""
    total: Counter[Any] = Counter()
    for meta in sorted((folder / "gold").glob("*.meta.json")):
        stem = meta.name.removesuffix(".meta.json")
        passage = json.loads(meta.read_text(encoding="utf-8"))["passage"]
        gold, negatives = (scorer.load(folder / "gold" / f"{stem}{suffix}.jsonl") for suffix in ("", ".neg"))
        text = (folder / "texts" / f"{stem}.txt").read_text(encoding="utf-8")
        predicted = scorer.load(out / f"{stem}.jsonl")
        scorer.score(gold, predicted, negatives, passage, text, total, [], stem)
    return {name: round(f1, 4) for name, (_, _, f1) in scorer.report(total).items()}


def _own_documents(folder: Path) -> Path:
    """This project's marked documents, written as the scorer reads them."""
    corpus = _module(REPOSITORY / "tests" / "corpus" / "marked.py", "marked")
    for name in ("texts", "gold"):
        (folder / name).mkdir(parents=True)
    for document in corpus.documents():
        gold = folder / "gold" / document.name
        (folder / "texts" / f"{document.name}.txt").write_text(document.text, encoding="utf-8")
        _lines(gold.with_suffix(".jsonl"), [_fact(at, fact) for at, fact in enumerate(document.figures)])
        places = [{"start": start, "end": end, "type": why} for start, end, why in document.negatives]
        _lines(gold.with_suffix(".neg.jsonl"), places)
        passage = {"doc": document.name, "passage": [0, len(document.text)]}
        gold.with_suffix(".meta.json").write_text(json.dumps(passage), encoding="utf-8")
    return folder


def _fact(at: int, figure: Any) -> dict[str, Any]:
    """A marked figure as a fact of schema.md."""
    measure = measure_of(figure.measure)
    values = [float(value) for value in figure.values]
    based = [float(Fraction(value) * measure.multiplier) for value in figure.values]
    several = len(values) > 1
    return {
        "id": at, "start": figure.start, "end": figure.end, "text": "", "kind": figure.kind,
        "value": values if several else values[0], "unit": figure.measure,
        "base_value": based if several else based[0], "base_unit": measure.plain,
        "indicator": figure.indicator, "scope": "", "period": "", "relation_to": figure.relation,
        "whole": figure.whole, "optional": figure.optional,
    }  # fmt: skip


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()

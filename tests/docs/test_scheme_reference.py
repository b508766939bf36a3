"""Every ``kaohe`` block of the scheme reference is run, and every word of the language has one.

A block has a ``# title:``, one or more ``# data [FILE]``, a ``# scheme`` and an ``# expect`` table (blank
cells are null, numbers agree after rounding to the decimals that are printed) or words, a line each, that
the message of an ``# error`` or a ``# finding`` must have.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

import kaohe
from kaohe.quantities.rounding import round_exact
from kaohe.schemes import vocabulary
from kaohe.schemes.loader import load_scheme

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (
    DOCS / "reference" / "scheme-language.md",
    *sorted((DOCS / "reference" / "scheme").glob("*.md")),
    DOCS / "how-to" / "write-a-scheme.md",
)
BLOCK = re.compile(r"^```kaohe\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^# (title:|data|scheme|expect|error|finding)[ ]?(.*)$")
# One file without a name is DATA itself; named files lie in a folder that is DATA.
SINGLE = "data.csv"


@dataclass(frozen=True)
class Example:
    """One runnable block: where it stands, its files, its scheme and what must come out."""

    where: str
    title: str
    files: dict[str, str]
    scheme: str
    expect: str
    error: tuple[str, ...] = ()
    finding: tuple[str, ...] = ()


def examples() -> Iterator[Example]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield parsed(match[1], f"{page.relative_to(DOCS)}:{line}")


def parsed(block: str, where: str) -> Example:
    """The parts of a block; a heading without the others is an error of the page."""
    title, files, parts, lines = "", {}, {}, []
    for line in block.splitlines():
        heading = HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        lines = []
        if heading[1] == "title:":
            title = heading[2]
        elif heading[1] == "data":
            files[heading[2].strip() or SINGLE] = lines
        else:
            parts[heading[1]] = lines
    assert title and files and "scheme" in parts, f"{where}: incomplete block"
    assert len(parts.keys() & {"expect", "error", "finding"}) == 1, f"{where}: say what comes out"
    assert len(files) == 1 or SINGLE not in files, f"{where}: name every data file"
    written = {name: "\n".join(rows) + "\n" for name, rows in files.items()}
    scheme, expect = ("\n".join(parts.get(key, [])) + "\n" for key in ("scheme", "expect"))
    error, finding = (tuple(parts.get(key, [])) for key in ("error", "finding"))
    return Example(where, title, written, scheme, expect, error, finding)


EXAMPLES = tuple(examples())


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.error], ids=lambda example: example.where)
def test_example_is_refused_in_these_words(example: Example, tmp_path: Path) -> None:
    with pytest.raises(kaohe.KaoheError) as caught:
        kaohe.score(*written_to(tmp_path, example), engine="oracle")
    absent = [words for words in example.error if words not in str(caught.value)]
    assert not absent, f"{example.title}: {absent} not in {caught.value}"


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.finding], ids=lambda example: example.where)
def test_example_is_scored_with_a_finding(example: Example, tmp_path: Path) -> None:
    sheet = kaohe.score(*written_to(tmp_path, example), engine="oracle")
    absent = [words for words in example.finding if not any(words in found for found in sheet.findings)]
    assert not absent, f"{example.title}: {absent} not in {sheet.findings}"


@pytest.mark.parametrize(
    "example", [e for e in EXAMPLES if e.expect.strip()], ids=lambda example: example.where
)
def test_example_gives_what_it_says(example: Example, tmp_path: Path) -> None:
    sheet = kaohe.score(*written_to(tmp_path, example), engine="oracle")
    got = {row["unit"]: row for row in sheet.rows}
    differences = []
    for wanted in csv.DictReader(io.StringIO(example.expect)):
        row = got.get(wanted["unit"], {})
        for column, value in wanted.items():
            found = row.get(column)
            if found is None or not agree(value, found):
                differences.append(f"{wanted['unit']} {column}: expected {value!r}, got {found!r}")
    assert not differences, f"{example.title}: {differences}"


def written_to(folder: Path, example: Example) -> tuple[Path, Path]:
    """The scheme and DATA of an example, on disk."""
    scheme, data = folder / "scheme.yaml", folder / "data"
    scheme.write_text(example.scheme, encoding="utf-8")
    for name, text in example.files.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return scheme, data / SINGLE if SINGLE in example.files else data


def agree(wanted: str, found: str) -> bool:
    """Equal as text, or as numbers at the decimals printed in ``wanted``."""
    number = re.fullmatch(r"-?\d+(?:\.(\d+))?", wanted)
    if number is None or not re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", found):
        return wanted == found
    decimals = len(number[1] or "")
    # A whole number is exact: "5" must not accept 5.3.
    return Fraction(wanted) == (round_exact(Fraction(found), decimals) if decimals else Fraction(found))


CLAUSES = (DOCS / "reference" / "scheme" / "clauses.md").read_text(encoding="utf-8")
CLAUSE_LINES = [
    code
    for row in CLAUSES.splitlines()
    if row.startswith("| ")
    for code in re.findall(r"`(\w+: [^`]+)`", row)
    if "…" not in code and code.split(":")[0] in vocabulary.STEPS | vocabulary.NODE_KEYS
]


@pytest.mark.parametrize("code", CLAUSE_LINES)
def test_lines_of_the_clause_tables_are_read(code: str, tmp_path: Path) -> None:
    """``floor: 0`` as a step, ``figure: …`` and ``weight: …`` as keys of a node."""
    key = code.split(":")[0]
    if key in vocabulary.STEPS:
        lines = ["figure: 1", "steps:", f"  - {code}"]
    else:
        record_key = key in vocabulary.EACH_KEYS
        source = [] if key in vocabulary.SOURCE_KEYS else ["each: t" if record_key else "figure: 1"]
        lines = [code, *source]
    scheme = tmp_path / "scheme.yaml"
    body = "".join(f"\n    {line}" for line in lines)
    scheme.write_text(f"scheme: 示例\nlanguage: kaohe/1\ncriteria:\n  - id: a{body}\n", encoding="utf-8")
    load_scheme(scheme)


def words_used() -> str:
    return "\n".join(re.sub(r" #.*", "", example.scheme) for example in EXAMPLES)


@pytest.mark.parametrize("function", sorted(vocabulary.FUNCTIONS))
def test_every_function_has_an_example(function: str) -> None:
    assert re.search(rf"(?<!\w){function}\(", words_used())


@pytest.mark.parametrize("step", sorted(vocabulary.STEPS))
def test_every_step_has_an_example(step: str) -> None:
    assert re.search(rf"(steps: \[(.*\W)?|- |, ){step}: ", words_used())


@pytest.mark.parametrize("combine", sorted(vocabulary.COMBINES))
def test_every_combine_has_an_example(combine: str) -> None:
    assert re.search(rf"combine: (\{{)?{combine}\b", words_used())


@pytest.mark.parametrize("policy", sorted(vocabulary.POLICIES))
def test_every_policy_has_an_example(policy: str) -> None:
    reasons = "|".join((*vocabulary.REASONS, "empty"))
    assert re.search(rf"({reasons}): (\{{)?{policy}\b", words_used())


@pytest.mark.parametrize("effect", sorted(vocabulary.EFFECTS))
def test_every_effect_has_an_example(effect: str) -> None:
    assert re.search(rf"effect: {{{effect}: ", words_used())

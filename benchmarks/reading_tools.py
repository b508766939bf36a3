"""One tool over some texts, in a process of its own: its figures as JSON lines, and how fast it is.

python reading_tools.py TOOL TEXTS OUT     TEXTS and OUT are folders; OUT/NN.jsonl and OUT/speed.json come out

Runs under whatever Python has the tool installed, so it imports nothing of this project at its head.
Exit code 3 says that the tool is not installed.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Any

Figures = list[dict[str, Any]]
Tool = Callable[[str], Figures]
ABSENT = 3
_NUMERAL = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?[百千万亿]*|[零一二两三四五六七八九十百千万亿]+")
# The names that recognizers-text gives to measures, as the reports print them.
_NAMES = {
    "Chinese yuan": "元", "United States dollar": "美元", "Mu": "亩", "Jin": "斤", "Ton": "吨", "Meter": "米",
    "Kilometer": "公里", "Cubic meter": "立方米", "Square meter": "平方米", "Square kilometer": "平方公里",
    "Kilogram": "公斤", "Hectare": "公顷", "Euro": "欧元", "Hong Kong dollar": "港元",
}  # fmt: skip


def kaohe() -> Tool:
    from kaohe import read

    return lambda text: [_plain(claim.to_json()) for claim in read(text)]


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Numbers as floats, which is what the scorer compares."""
    numbers = {name: fields[name] for name in ("value", "base_value")}
    return fields | {
        name: [float(part) for part in value] if isinstance(value, tuple) else float(value)
        for name, value in numbers.items()
    } | {"confidence": None}  # fmt: skip


def recognizers() -> Tool:
    from recognizers_number import recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension
    from recognizers_text import Culture

    def figures(text: str) -> Figures:
        found: Figures = []
        for recognise in (recognize_currency, recognize_dimension, recognize_percentage):
            for result in recognise(text, Culture.Chinese):
                said = result.resolution or {}
                value, unit = str(said.get("value") or ""), str(said.get("unit", "%"))
                number = value.rstrip("%")
                if re.fullmatch(r"-?[\d.]+(?:E\+?\d+)?", number):
                    found.append(_figure(result.start, result.end + 1, float(number), _NAMES.get(unit, unit)))
        return found

    return figures


def jionlp() -> Tool:
    import jionlp as jio

    def figures(text: str) -> Figures:
        found: Figures = []
        for money in jio.ner.extract_money(text, with_parsing=True):
            said = money.get("detail") or {}
            number = said.get("num")
            if isinstance(number, str):
                start, end = money["offset"]
                found.append(_figure(start, end, float(number), said["case"]))
        return found

    return figures


def cn2an() -> Tool:
    """Reads isolated numerals only: where they stand is told by an expression of ours."""
    import cn2an as library

    def figures(text: str) -> Figures:
        found: Figures = []
        for match in _NUMERAL.finditer(text):
            try:
                value = float(library.cn2an(match[0].replace(",", ""), "smart"))
            except ValueError:
                continue
            found.append(_figure(match.start(), match.end(), value, ""))
        return found

    return figures


def jieba() -> Tool:
    """Part-of-speech tags: a numeral (m) with the measure words (m, q) or the % behind it."""
    import jieba as library
    import jieba.posseg as tagger

    library.setLogLevel(60)

    def figures(text: str) -> Figures:
        found: Figures = []
        words: list[tuple[str, str, int]] = []
        place = 0
        for pair in tagger.cut(text):
            words.append((pair.word, pair.flag, place))
            place += len(pair.word)
        for (word, _, start), (behind, tag, _) in pairwise(words):
            if re.fullmatch(r"\d+(?:\.\d+)?", word) and (tag in ("m", "q") or behind == "%"):
                found.append(_figure(start, start + len(word + behind), float(word), behind))
        return found

    return figures


def _figure(start: int, end: int, value: float, unit: str) -> dict[str, Any]:
    return {"start": start, "end": end, "value": value, "unit": unit}


TOOLS: dict[str, tuple[Callable[[], Tool], str]] = {
    "kaohe": (kaohe, "kaohe"),
    "recognizers-text": (recognizers, "recognizers-text-suite"),
    "JioNLP": (jionlp, "jionlp"),
    "cn2an": (cn2an, "cn2an"),
    "jieba": (jieba, "jieba"),
}


def main(name: str, texts: Path, out: Path) -> int:
    make, package = TOOLS[name]
    try:
        tool = make()
    except ImportError as error:
        print(error, file=sys.stderr)
        return ABSENT
    read = {path.stem: path.read_text(encoding="utf-8") for path in sorted(texts.glob("*.txt"))}
    out.mkdir(parents=True, exist_ok=True)
    for stem, text in read.items():
        lines = [json.dumps(figure, ensure_ascii=False, default=str) for figure in tool(text)]
        (out / f"{stem}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = {"characters_a_second": _speed(tool, list(read.values())), "version": _version(package)}
    (out / "speed.json").write_text(json.dumps(told), encoding="utf-8")
    return 0


def _speed(tool: Tool, texts: list[str]) -> float:
    """One pass over what the tool has not seen, once the first third of each text has warmed it up."""
    cuts = [text.find("\n", len(text) // 3) for text in texts]
    for text, cut in zip(texts, cuts, strict=True):
        tool(text[:cut])
    rest = [text[cut:] for text, cut in zip(texts, cuts, strict=True)]
    start = time.process_time()
    for text in rest:
        tool(text)
    return sum(map(len, rest)) / (time.process_time() - start)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))

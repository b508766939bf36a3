"""Reading a scheme: what a clerk is told, with line and column, and all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.facts.errors import SchemeError
from kaohe.schemes import model as m
from kaohe.schemes.loader import load_scheme

HEAD = "scheme: 示例\nlanguage: kaohe/1\n"


def load(folder: Path, text: str, head: str = HEAD) -> m.Scheme:
    path = folder / "s.yaml"
    path.write_text(head + text, encoding="utf-8")
    return load_scheme(path)


def faults(folder: Path, text: str, head: str = HEAD) -> list[str]:
    """The messages, file name first letters off: ``3:4 …``."""
    with pytest.raises(SchemeError) as caught:
        load(folder, text, head)
    return [message.removeprefix(f"{folder / 's.yaml'}:").strip() for message in caught.value.messages]


ONE_FAULT = [
    ("figure: 1\npionts: 3\n", "4:1 考核办法没有键 pionts,是否 points?"),
    ("criteria:\n  - {id: a, figrue: 1, figure: 1}\n", "4:13 评分项没有键 figrue,是否 figure?"),
    ("figure: 1\nfigure: 2\n", "4:1 键 figure 重复(前一个在 3 行)"),
    ("criteria:\n  - {id: a, figure: 1}\n  - {id: a, figure: 2}\n", "5:10 id a 重复(前一个在 4 行)"),
    ("criteria:\n  - {id: 1a, figure: 1}\n", "4:10 id 应以文字开头,只含文字、数字、下划线,实为“1a”"),
    ("criteria:\n  - {id: a}\n", "4:5 评分项 a 没有来源:应写 figure、criteria 或 each 其中一个"),
    ("figure: 1\neach: t\n", "1:1 评分项 total 有 2 个来源(figure、each),只能写一个"),
    ("figure: 1\nonce: {per: p}\n", "4:1 once 只能与 each 同用,这里没有 each"),
    ("figure: 1\nsteps: [cap]\n", "4:9 每一步应写成“操作: 值”,例如 - cap: 30"),
    ("figure: 1\nsteps:\n  - cap: 1\n    floor: 0\n", "5:5 每一步只写一个操作,这里写了 cap、floor"),
    ("figure: 1\nsteps: [cpa: 1]\n", "4:9 没有步骤 cpa,是否 cap?"),
    ("figure: 1\nsteps: [curve: [[0, 0], [2, 1], [2, 3]]]\n", "4:34 curve 的横坐标应逐个增大,实有 2 之后 2"),
    ("figure: 1\nsteps: [curve: [[0, 0], [2]]]\n", "4:25 折点应写成 [横坐标, 得分],实有 1 个值"),
    ("figure: 1\nsteps: [curve: []]\n", "4:16 curve 至少要有一个折点"),
    ("figure: 1\nsteps: [bands: [{points: 1}]]\n", "4:17 这一档没有条件;最后一档写 {else: true, points: …}"),
    ("figure: 1\nsteps: [bands: [{else: yes, points: 1}]]\n", "4:24 这里应为 keep、true 之一,实为“yes”"),
    ("figure: 1\nsteps: [round: 两位]\n", "4:16 这里应为整数,实为“两位”"),
    ("figure: 1\nsteps: [use: nothing]\n", "4:14 没有规则 nothing(一个也没有定义)"),
    ("figure: 1\ncombine: avg\n", "4:10 这里应为 count、geometric、harmonic、max、mean"),
    ("figure: 1\nmissing: zeor\n", "是否 zero?"),
    ("figure: 1\ngates: [{when: 1 = 1}]\n", "4:9 gate 缺少 effect"),
    ("figure: 1\ngates: [{when: 1 = 1, effect: {}}]\n", "effect 是空的"),
    ("figure: 1\ngrades: [{at_least: 1}]\n", "4:10 这一等缺少 grade(等次名称)"),
    ("figure: 1\nextra: [1]\n", "4:8 extra 应写成 [最低, 最高],实有 1 个值"),
    ("figure: 1\ncounts_from: 七月\n", "4:14 这里应为日期(2005-07-01),实为“七月”"),
    ("figure: {by: kind, 甲: 1 +}\n", "没有写完"),
    ("figure: iff(a, 1, 2)\n", "3:9 没有函数 iff,是否 if?"),
    ("figure: if(a, 1)\n", "3:9 函数 if 应有3 个参数,实有 2 个"),
    ("criteria: 5\n", "3:11 criteria 应为列表"),
    ("criteria: [a]\n", "3:12 评分项应写成“键: 值”,实为“a”"),
    ("each: t\nonce: {keep: first}\n", "4:7 once 缺少 per"),
    ("each: {rows: t}\n", "each 没有键 rows"),
    ("imports: {a: {link: b}}\nfigure: 1\n", "3:14 imports 的 a 应写 scheme 或 sheet"),
    ("rules: {r: {with: [f]}}\nfigure: 1\n", "3:12 规则 r 缺少 steps"),
    ("rules: {r: {steps: [cpa: 1]}}\nfigure: 1\n", "没有步骤 cpa,是否 cap?"),
    ("tables: {t: {fiel: a.csv}}\nfigure: 1\n", "表 t 没有键 fiel,是否 file?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), ONE_FAULT)
def test_a_fault_is_told_once_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    (message,) = faults(tmp_path, text)
    assert said in message
    assert message[0].isdigit()


def test_head(tmp_path: Path) -> None:
    assert faults(tmp_path, "figure: 1\n", "") == [
        "1:1 缺少 scheme(办法名称)",
        "1:1 缺少 language,应为 kaohe/1",
    ]
    assert faults(tmp_path, "figure: 1\n", "scheme: a\nlanguage: kaohe/2\n") == [
        "2:11 language 应为 kaohe/1,实为“kaohe/2”"
    ]


CUT = [
    ("criteria:\n  - {id: a, figure: if(x > 1, 2, 3), points: 5}\n", "4:21", "if(x > 1, 2, 3)"),
    ("figure: x1\nsteps: [calc: if(x > 1, 2, 3), cap: 5]\n", "4:15", "if(x > 1, 2, 3)"),
    ("figure: {by: kind, 甲: max(a, b), else: 0}\n", "3:23", "max(a, b)"),
    ("figure: x1\nsteps: [curve: [[min(a, b), 0], [9, 1]]]\n", "4:18", "min(a, b)"),
]


@pytest.mark.parametrize(("text", "at", "whole"), CUT)
def test_an_expression_cut_at_a_comma_is_the_only_fault(
    text: str, at: str, whole: str, tmp_path: Path
) -> None:
    assert faults(tmp_path, text) == [f"{at} 表达式在逗号处被截断,请给它加引号:'{whole}'"]


BAD_YAML = [
    ("criteria:\n\t- figure: 1\n", "4:1", "制表符"),
    ("figure: a: b\n", "3:10", "冒号"),
    ("criteria: [a, b\n", "4:1", "括号没有配对"),
    ("figure: 'a\n", "4:1", "引号没有配对"),
    ("criteria:\n  - {id: a, figure: in [1]}\n", "4:24", "请给算式加引号"),
    ("figure: *a\n", "3:9", "请加引号"),
    ("criteria:\n  - id: a\n   figure: 1\n", "5:4", "缩进没有对齐"),
    ("a: 1\n---\nb: 2\n", "4:1", "一部办法"),
]


@pytest.mark.parametrize(("text", "at", "advice"), BAD_YAML)
def test_bad_yaml_is_told_in_chinese(text: str, at: str, advice: str, tmp_path: Path) -> None:
    (message,) = faults(tmp_path, text)
    assert message.startswith(f"{at} 不是合法的 YAML:")
    assert advice in message


def test_for(tmp_path: Path) -> None:
    unequal = "criteria:\n  - for: {a: [x, y], b: [1]}\n    figure: 1\n  - {id: ok, figrue: 1}\n"
    assert faults(tmp_path, unequal)[0] == "4:10 for 的各列表应一样长,实有 a 2 个、b 1 个"
    assert len(faults(tmp_path, unequal)) == 3, "the other line is read as well"
    assert faults(tmp_path, "criteria:\n  - for: {a: x y}\n    figure: '{b} + {a1}'\n") == [
        "5:14 {b} 没有填上:for 里没有名称 b(可用:a)",
        "5:14 {a1} 没有填上:for 里没有名称 a1,是否 a?",
    ]
    assert faults(tmp_path, "criteria:\n  - for: {rows: t}\n    figure: 1\n")[0].startswith("4:17 没有表 t")


def test_a_for_over_a_table_asks_for_the_data(tmp_path: Path) -> None:
    text = (
        "tables: {w: {file: w.csv}}\ncriteria:\n  - for: {rows: w}\n    id: '{code}'\n    figure: '{code}'\n"
    )
    (message,) = faults(tmp_path, text)
    assert message.startswith("5:17 ") and "请同时给出数据文件夹" in message
    (tmp_path / "w.csv").write_text("code\ntax\njobs\n", encoding="utf-8")
    assert [node.id for node in load(tmp_path, text).root.criteria] == ["tax", "jobs"]


def test_an_inner_for_has_its_own_names_first(tmp_path: Path) -> None:
    text = """criteria:
  - for: {w: a b}
    id: "{w}"
    criteria:
      - for: {w: "{w}1 {w}2"}
        id: "{w}"
        figure: "{w}"
"""
    assert [node.id for node in load(tmp_path, text).nodes()] == ["total", "a", "a1", "a2", "b", "b1", "b2"]


def test_files_that_are_no_schemes(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(SchemeError) as caught:
            load_scheme(path)
        (message,) = caught.value.messages
        return message.removeprefix(str(path))

    empty, binary, zeros = tmp_path / "empty.yaml", tmp_path / "binary.yaml", tmp_path / "zeros.yaml"
    empty.write_text("# 只有注释\n", encoding="utf-8")
    binary.write_bytes(b"PK\x03\x04\xff\xfe")
    zeros.write_bytes(b"scheme: a\x00b")
    assert said(empty) == ":文件是空的,应为一部考核办法"
    assert said(binary) == ":不是 UTF-8 文本(第 5 字节处无法识别)"
    assert said(zeros) == ":不是文本文件,应为考核办法文件(.yaml)"
    assert said(tmp_path) == ":是文件夹,应为考核办法文件(.yaml)"
    assert said(tmp_path / "none.yaml") == ":找不到考核办法文件"


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = """pionts: 3
defaults: {missing: nul, assesor: 县}
criteria:
  - id: a
    figure: 1 +
    steps:
      - cpa: 1
      - bands: [{belo: 1, points: 2}, {below: (, points: 3}]
      - clamp: [1 1, 2 2]
      - per_unit: {base: ), from: ( }
    gates:
      - {when: a &, effect: {grad: x}}
      - {effect: {score: 0}}
  - id: a
    each: t
    where: a b
    item: {figure: c d, steps: [flor: 0]}
    once: {keep: first}
also:
  - {id: b, figure: 1, figrue: 2}
"""
    found = faults(tmp_path, text)
    lines = sorted(int(message.split(":")[0]) for message in found)
    assert lines == [3, 4, 4, 7, 9, 10, 10, 11, 11, 12, 12, 12, 14, 14, 15, 16, 18, 19, 19, 20, 22]


def test_what_is_read(tmp_path: Path) -> None:
    scheme = load(
        tmp_path,
        """scale: 12
defaults: {missing: zero, assessor: 县统计局, evidence: [月报, 台账]}
rules: {in_proportion: {with: [full], steps: [curve: [[0, 0], [1, full]]]}}
criteria:
  - {id: tax, name: 税收, points: 12, figure: tax, steps: [use: {rule: in_proportion, full: 12}]}
  - {each: {columns: J1..J3}, item: 'nullif(value, 0)', combine: {drop: {best: 1, worst: 1, then: mean}}}
""",
    )
    tax, judged = scheme.root.criteria
    assert (tax.id, tax.name, judged.id) == ("tax", "税收", "c2")
    assert tax.policy("missing").kind == "zero" and tax.duty("evidence") == "月报、台账"
    assert tax.steps[0].rule == "in_proportion" and tax.steps[0].kind == "curve"
    assert judged.each is not None and judged.each.columns == ("J1", "J2", "J3")
    assert (judged.combine.kind, judged.combine.best, judged.combine.then) == ("drop", 1, "mean")

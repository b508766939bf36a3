"""Lint: every finding of the table in the language reference, and silence on schemes written with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.schemes.checks.cautions import cautions
from kaohe.schemes.findings import Finding
from kaohe.schemes.lint import lint_scheme
from kaohe.schemes.loader import load_scheme

ROOT = Path(__file__).parents[3]
POLICIES = "missing: block, undefined: block, not_due: block, not_applicable: block"
HEAD = f"scheme: 示例\nlanguage: kaohe/1\ndefaults: {{assessor: 县统计局, {POLICIES}}}\n"


def lint(folder: Path, text: str) -> tuple[Finding, ...]:
    path = folder / "s.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return lint_scheme(load_scheme(path))


def told(folder: Path, text: str, identifier: str) -> list[str]:
    """The findings of one kind, as ``line:column message``."""
    return [
        f"{found.position.line}:{found.position.column} {found.message}"
        for found in lint(folder, text)
        if found.id == identifier
    ]


def line(steps: str, figure: str = "a", points: str = "points: 10, ") -> str:
    return f"criteria:\n  - {{id: n, {points}clause: 原文, figure: '{figure}', steps: [{steps}]}}\n"


# --- sums -------------------------------------------------------------------------------------------

BLOCKS = """criteria:
  - {id: e, name: 经济发展, points: 30, figure: a}
  - {id: s, name: 社会事业, points: 40, figure: a}
  - {id: p, name: 党建, points: 28, figure: a}
"""


def test_points_that_do_not_add_up(tmp_path: Path) -> None:
    assert told(tmp_path, "scale: 100\n" + BLOCKS, "points-sum") == [
        "4:8 分值合计 98,应为 100(经济发展 30 + 社会事业 40 + 党建 28)"
    ]
    assert told(tmp_path, "scale: 98\n" + BLOCKS, "points-sum") == []
    adjusted = BLOCKS + "  - {id: x, extra: [-5, 5], figure: a}\n"
    assert told(tmp_path, "scale: 98\n" + adjusted, "points-sum") == [], "adjustments have no points"


def test_points_by_class_are_added_in_each_class(tmp_path: Path) -> None:
    text = """scale: 20
parameters: {full: 12}
criteria:
  - {id: m, points: {by: kind, 山区: 8, 平原: 6}, figure: a}
  - {id: n, points: full, figure: a}
"""
    (said,) = told(tmp_path, text, "points-sum")
    assert "分值合计(平原) 18,应为 20" in said


def test_lines_that_apply_to_some_units_may_replace_each_other(tmp_path: Path) -> None:
    text = """scale: 20
criteria:
  - {id: m, points: 10, figure: a}
  - {id: f, points: 10, figure: a, applies: kind = "农场"}
  - {id: t, points: 10, figure: a, applies: kind != "农场"}
"""
    assert told(tmp_path, text, "points-sum") == []


def test_groups_without_points_count_by_their_lines(tmp_path: Path) -> None:
    text = """scale: 10
criteria:
  - id: g
    name: 块
    criteria:
      - {id: a, points: 4, figure: a}
      - {id: b, points: 5, figure: a}
"""
    assert told(tmp_path, text, "points-sum") == ["4:8 分值合计 9,应为 10(块 9)"]


@pytest.mark.parametrize(
    ("weights", "combine", "expected"),
    [
        (("60%", "30%"), "sum", ["权重合计 0.9,应为 1 或 100(a 0.6 + b 0.3)"]),
        (("60", "30"), "mean", ["权重合计 90,应为 1 或 100(a 60 + b 30)"]),
        (("60%", "40%"), "sum", []),
        (("60", "40"), "mean", []),
        (("2", "1"), "mean", []),
        (("1", "-1"), "sum", []),
    ],
)
def test_weights(weights: tuple[str, str], combine: str, expected: list[str], tmp_path: Path) -> None:
    first, second = weights
    lines = [f"  - {{id: a, weight: {first}, figure: a}}", f"  - {{id: b, weight: {second}, figure: a}}"]
    text = f"combine: {combine}\ncriteria:\n" + "\n".join(lines)
    assert [said.split(" ", 1)[1] for said in told(tmp_path, text, "weights-sum")] == expected


# --- ranges -----------------------------------------------------------------------------------------

WIDER = [
    ("scale: 10", "attainment(a)", "没有封顶"),
    ("curve: {knots: [[0, 0], [100%, 10]], right: extend}", "attainment(a)", "没有封顶"),
    ("curve: [[0, 0], [100%, 12]]", "attainment(a)", "最高可得 12 分"),
    ("bands: [{at_least: 90%, points: 10}, {else: true, points: -2}]", "attainment(a)", "最低可得 -2 分"),
    ("curve: [[0, 0], [100%, 10]], bonus: {points: 3}", "attainment(a)", "最高可得 13 分"),
    ("calc: 10 - x", "count(t)", "没有底线"),
    ("calc: 10 - 2 * x, cap: 9", "count(t)", "没有底线"),
    ("rank: high, place_points: [12, 10, 8]", "a", "最高可得 12 分"),
    ("map: {好: 11, 差: 0}", "a", "最高可得 11 分"),
    ("goalposts: {low: peer_min(x), high: peer_max(x), to: [0, 15]}", "a", "最高可得 15 分"),
    ("per_unit: {base: 10, every: 1, above: 0.5}", "attainment(a)", "没有封顶"),
    ("deduct: {points: 3 * count(t)}", "min(b, 10)", ""),
    ("stop: {when: x < 60%, points: -1}, curve: [[60%, 0], [1, 10]]", "attainment(a)", "最低可得 -1 分"),
]
WITHIN = [
    ("scale: 10, cap: 10", "attainment(a)"),
    ("cap: 1, scale: 10", "attainment(a)"),
    ("curve: [[0, 0], [100%, 10]]", "attainment(a)"),
    ("calc: 10 - x, floor: 0", "count(t)"),
    ("calc: 10 * x / peer_max(x)", "attainment(a)"),
    ("scale: 10", "count(t, where=done = 1) / count(t)"),
    ("deduct: {points: 2 * x, floor: 0}, cap: 10", "count(t)"),
    ("rank: high, per_unit: {base: 10, from: 1, every: 1, above: -0.5}, floor: 4", "a"),
    ("stop: {when: x < 60%, points: 0}, calc: 25 * (x - 60%), cap: 10", "attainment(a)"),
    ("percent_rank: max, scale: 10", "a"),
    ("clamp: [0, 10]", "a"),
    ("round: 2", "mark"),
    ("", "mark"),
    ("", "a"),
    ("bands: [{below: 60%, points: 0}, {else: true, steps: [scale: 10, cap: 10]}]", "attainment(a)"),
]


@pytest.mark.parametrize(("steps", "figure", "said"), WIDER)
def test_steps_that_leave_the_points(steps: str, figure: str, said: str, tmp_path: Path) -> None:
    found = told(tmp_path, line(steps, figure), "wider-than-points")
    assert [message for message in found if said in message] if said else found == []


@pytest.mark.parametrize(("steps", "figure"), WITHIN)
def test_steps_that_stay_within(steps: str, figure: str, tmp_path: Path) -> None:
    assert told(tmp_path, line(steps, figure), "wider-than-points") == []


def test_records_and_groups_of_records(tmp_path: Path) -> None:
    text = """criteria:
  - {id: open, points: 10, each: t, item: {figure: 2}}
  - {id: capped, points: 10, each: t, item: {figure: 2}, steps: [cap: 10]}
  - id: shares
    points: 8
    each: t
    item: {figure: m, steps: [map: {好: 1, 差: 0}]}
    group_by: {key: g, combine: mean, weights: {村: 60%, 企业: 40%}}
    steps: [scale: 8]
  - {id: best, points: 6, each: t, item: {figure: 2}, combine: {keep: {best: 3, then: sum}}}
  - id: judged
    points: 10
    each: {columns: J1..J3}
    item: {figure: 'min(max(value, 0), 10)'}
    combine: {drop: {best: 1, worst: 1, then: mean}}
"""
    assert [said.split(" ")[1][:4] for said in told(tmp_path, text, "wider-than-points")] == ["open"]


# --- bands ------------------------------------------------------------------------------------------

BANDS = [
    ("{at_least: 60, points: 1}, {at_least: 80, points: 2}, {else: true, points: 0}", "unreachable-band"),
    ("{below: 60, points: 0}, {at_least: 60, points: 1}, {above: 70, points: 2}", "unreachable-band"),
    ("{below: 60, points: 0}, {at_least: 60, points: 1}, {equals: 60, points: 2}", "unreachable-band"),
    ("{at_least: 9, below: 8, points: 1}, {else: true, points: 0}", "unreachable-band"),
    (
        "{up_to: 60, points: 0}, {when: x <= 50 and a = 1, points: 1}, {else: true, points: 2}",
        "unreachable-band",
    ),
    ("{else: true, points: 0}, {at_least: 60, points: 1}", "else-not-last"),
    ("{at_least: 60, up_to: 80, points: 1}, {at_least: 80, points: 2}", "overlapping-bands"),
    ("{above: 60, points: 1}, {below: 80, points: 2}", "overlapping-bands"),
]
GOOD_BANDS = [
    "{up_to: 3, points: 5}, {up_to: 6, points: 3}, {else: true, points: 1}",
    "{at_least: 90, points: 5}, {at_least: 80, points: 3}, {else: true, points: 0}",
    "{when: x >= 60 and a = 1, points: 3}, {at_least: 60, points: 2}, {else: true, points: 0}",
    "{at_least: 60, below: 80, points: 1}, {at_least: 80, points: 2}, {below: 60, points: 0}",
    "{above: 0, points: 3}, {when: change(a) > 0, points: 1}, {else: true, points: 0}",
    "{up_to: 80, points: x / 8}, {at_least: 80, points: 10}",
    "{below: limit, points: 1}, {else: true, points: 0}",
]


@pytest.mark.parametrize(("rows", "identifier"), BANDS)
def test_bands_that_never_apply_or_overlap(rows: str, identifier: str, tmp_path: Path) -> None:
    found = [
        item for item in lint(tmp_path, line(f"bands: [{rows}]")) if "band" in item.id or "else" in item.id
    ]
    assert {item.id for item in found} == {identifier}


@pytest.mark.parametrize("rows", GOOD_BANDS)
def test_bands_written_with_care(rows: str, tmp_path: Path) -> None:
    found = lint(tmp_path, line(f"bands: [{rows}]"))
    assert [item for item in found if "band" in item.id or "else" in item.id] == []


def test_grades(tmp_path: Path) -> None:
    unreachable = (
        "figure: a\ngrades: [{grade: 合格, at_least: 60}, {grade: 优秀, at_least: 90}, {grade: 差}]\n"
    )
    assert told(tmp_path, unreachable, "unreachable-band") == ["5:37 这一等轮不到:前面的各档已全部接收"]
    rows = "{grade: 优秀, at_least: 60, top: 30%}, {grade: 良好, at_least: 60}, {grade: 差}"
    quota = f"figure: a\ngrades: [{rows}]\n"
    assert told(tmp_path, quota, "unreachable-band") == []


# --- duties, nulls ----------------------------------------------------------------------------------


def test_duties(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "scheme: 示例\nlanguage: kaohe/1\nscale: 1000\ncriteria:\n"
        "  - id: g\n    clause: 原文\n    criteria: [{id: a, points: 1000, figure: a, assessor: 县}]\n"
        "  - {id: b, extra: [0, 1], figure: a}\n"
        "gates: [{id: v, when: a = 1, effect: {score: 0}}, {id: f, when: a = 1, effect: {flag: 约谈}}]\n",
        encoding="utf-8",
    )
    found = {(item.id, item.position.line) for item in lint_scheme(load_scheme(path))}
    assert {("no-assessor", 8), ("no-clause", 8), ("no-basis", 3), ("no-basis", 9)} <= found
    assert ("no-clause", 7) not in found, "the clause of the group speaks for its lines"
    assert sum(identifier == "no-basis" for identifier, _ in found) == 2


def test_nulls_that_nobody_spoke_of(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "scheme: 示例\nlanguage: kaohe/1\ncriteria:\n"
        "  - {id: a, points: 5, figure: progress(a), missing: zero}\n"
        "  - {id: b, points: 5, figure: a, applies: c = 1}\n"
        "  - {id: c, points: 5, figure: 'count(t)'}\n",
        encoding="utf-8",
    )
    found = [item.message for item in lint_scheme(load_scheme(path)) if item.id == "null-without-policy"]
    assert [message.split(";")[0] for message in found] == [
        "没有写明未到期(not_due)怎么办:a",
        "没有写明无法计算(undefined)怎么办:a",
        "没有写明未报(missing)怎么办:b",
        "没有写明不适用(not_applicable)怎么办:b",
    ]


def test_reweight_in_a_sum_of_points(tmp_path: Path) -> None:
    lines = (
        "criteria:\n  - {id: a, points: 5, figure: a, missing: reweight}\n  - {id: b, points: 5, figure: a}\n"
    )
    assert len(told(tmp_path, lines, "reweight-under-sum")) == 1
    assert told(tmp_path, "combine: mean\n" + lines, "reweight-under-sum") == []


# --- references -------------------------------------------------------------------------------------


def test_cycles_print_their_path(tmp_path: Path) -> None:
    text = """criteria:
  - {id: a, name: 甲, figure: score(b)}
  - {id: b, name: 乙, figure: 'peer_mean(score(a))'}
  - {id: c, name: 丙, figure: score(c)}
  - {id: d, name: 丁, each: {periods: months}, item: {figure: score(total)}}
"""
    assert told(tmp_path, text, "cycle") == [
        "5:5 评分项循环引用:甲 → 乙 → 甲",
        "7:5 评分项循环引用:丙 → 丙",
    ]


def test_schemes_that_import_each_other(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "scheme: 乙办法\nlanguage: kaohe/1\nimports: {s: {scheme: s.yaml}}\nfigure: s.score(total)\n",
        encoding="utf-8",
    )
    text = "imports: {t: {scheme: t.yaml}}\nfigure: t.score(total)\n"
    assert told(tmp_path, text, "cycle") == ["4:14 考核办法循环引用:示例 → 乙办法 → 示例"]
    printed = "imports: {t: {scheme: t.yaml, sheet: t.csv}}\nfigure: t.score(total)\n"
    assert told(tmp_path, printed, "cycle") == []


def test_what_is_not_there(tmp_path: Path) -> None:
    text = """criteria:
  - {id: roads, figure: score(raods)}
  - {id: b, figure: place(roads) + fired(g2) + grade(roads) + v.score(x)}
  - {id: c, points: 5, figure: a, missing: {move_to: [roads, waters]}}
gates:
  - {id: g, when: a = 1, effect: {grade: 差}, basis: 依据}
  - {id: g, when: a = 1, effect: {grade_at_most: 合格}, basis: 依据}
grades: [{grade: 合格}]
"""
    errors = {(item.id, item.message) for item in lint(tmp_path, text) if item.severity == "error"}
    assert errors == {
        ("unknown-node", "找不到评分项 raods,是否 roads?"),
        ("no-outcome", "评分项 roads 没有 rank,取不到名次"),
        ("no-outcome", "评分项 roads 没有 grades,取不到等次"),
        ("unknown-gate", "找不到一票否决等条件(gate) g2,是否 g?"),
        ("unknown-import", "没有引入办法 v"),
        ("unknown-move", "c的 move_to 找不到评分项 waters"),
        ("unknown-grade", "没有等次“差”:只有 合格"),
        ("duplicate-id", "gate g 重复(前一个在 9 行)"),
    }


def test_geometric_over_what_can_be_negative(tmp_path: Path) -> None:
    lines = "criteria: [{id: a, extra: [-2, 5], figure: a}, {id: b, figure: yoy(b)}, {id: c, figure: c}]\n"
    assert len(told(tmp_path, "combine: geometric\n" + lines, "geometric-negative")) == 2
    assert told(tmp_path, "combine: mean\n" + lines, "geometric-negative") == []


def test_growth_of_a_share(tmp_path: Path) -> None:
    (said,) = told(tmp_path, "figure: yoy(参保率)\n", "yoy-of-share")
    assert "change(参保率)" in said
    assert told(tmp_path, "figure: yoy(税收)\n", "yoy-of-share") == []


# --- rules that do harm -----------------------------------------------------------------------------

HARMFUL = [
    ("petition-count", "name: 信访, clause: 每发生一件信访扣1分, figure: count(t)"),
    ("petition-count", "name: 越级访, clause: 每批次扣2分, figure: a"),
    ("petition-count", "name: 稳定, clause: 原文, figure: 'events(\"进京访\")'"),
    ("births", "name: 人口, clause: 出生率低于目标的得满分, figure: a"),
    ("births", "name: 计划生育, clause: 按完成率, figure: a"),
    ("births", "name: 人口, clause: 二孩家庭每户加1分, figure: a"),
    ("activity", "name: 考勤, clause: 每缺勤一次扣1分, figure: a"),
    ("activity", "name: 平台使用, clause: 登录次数不足的扣分, figure: a"),
    ("activity", "name: 宣传, clause: 转发每条加0.1分, figure: a"),
    ("activity", "name: 走访, clause: 拍照留痕每次加1分, figure: a"),
    ("activity", "name: 干部, clause: 原文, figure: attendance"),
    ("casualties", "name: 安全, clause: 每死亡1人扣5分, figure: a"),
    ("casualties", "name: 安全, clause: 原文, each: t, item: {figure: {by: kind, 重伤: 1, 轻伤: 0.5}}"),
    ("money-fine", "name: 纪律, clause: 迟到一次罚款50元, figure: a"),
    ("money-fine", "name: 纪律, clause: '未完成的,扣发绩效', figure: a"),
    ("money-fine", "name: 纪律, clause: 每次扣20元, figure: a"),
]
HARMLESS = [
    "name: 信访件办结, clause: '按按期办结率得分,不按信访件数扣分', figure: a",
    "name: 育儿服务, clause: 托育位数按完成率, figure: a",
    "name: 转移支付, clause: 每少1亿元扣1分, figure: a",
    "name: 作风, clause: '不以打卡、留痕计分,看办成的事', figure: a",
    "name: 安全, clause: '死亡1人扣5分,主动如实报告的减半', figure: a",
    "name: 财政, clause: '收入每超100万元加1分,每少100万元扣1分', figure: a",
    "name: 生育保险, clause: 参保按完成率, figure: a",
]


@pytest.mark.parametrize(("identifier", "keys"), HARMFUL)
def test_rules_that_do_harm(identifier: str, keys: str, tmp_path: Path) -> None:
    (found,) = [i for i in lint(tmp_path, f"criteria:\n  - {{id: n, {keys}}}\n") if i.id in _harms()]
    assert found.id == identifier
    assert found.severity == "warning"
    assert "建议:" in found.message


@pytest.mark.parametrize("keys", HARMLESS)
def test_rules_that_do_none(keys: str, tmp_path: Path) -> None:
    assert [i for i in lint(tmp_path, f"criteria:\n  - {{id: n, {keys}}}\n") if i.id in _harms()] == []


def test_a_veto_on_deaths_needs_relief(tmp_path: Path) -> None:
    keys = "id: g, name: 死亡事故一票否决, when: a >= 3, basis: 依据, effect: {{score: 0}}"
    gate = f"figure: a\ngates: [{{{{{keys}{{}}}}}}]\n"
    assert len(told(tmp_path, gate.format(""), "casualties")) == 1
    assert told(tmp_path, gate.format(", unless: self_report = 1"), "casualties") == []


def _harms() -> set[str]:
    return {caution.id for caution in cautions()}


def test_lists_of_words_have_several_members() -> None:
    assert _harms() == {"petition-count", "births", "activity", "casualties", "money-fine"}
    assert all(len(caution.words) >= 5 and caution.reason and caution.instead for caution in cautions())


# --- silence ----------------------------------------------------------------------------------------

CAREFUL = [
    *sorted((ROOT / "src" / "kaohe" / "demo").glob("*.yaml")),
    *sorted((ROOT / "tests" / "examples" / "indices").glob("*.yaml")),
]


@pytest.mark.parametrize("path", CAREFUL, ids=lambda path: path.stem)
def test_no_false_alarm(path: Path) -> None:
    data = ROOT.parent / "shared" / "indices" / path.stem
    if "rows:" in path.read_text("utf-8") and not data.exists():
        pytest.skip("needs ../shared")
    assert lint_scheme(load_scheme(path, data if data.exists() else None)) == ()

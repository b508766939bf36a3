"""How one criterion came to its points for one unit: clause, figures, each step, result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kaohe.outlook.figures import Figure
from kaohe.outlook.model import Working, WorkingStep
from kaohe.outlook.observed import WORDS, UnitFacts
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Input, walk
from kaohe.scoring.numbers import Null, Value, number_text
from kaohe.scoring.oracle.run import Run

_ROLES = {"figure": "", "target": "目标 ", "due": "到期应完成 ", "pace": "时序 ", "baseline": "上年同期 "}
_STEPS = {
    "curve": "按折线换算",
    "bands": "按档计分",
    "stop": "符合条件即止",
    "cap": "封顶",
    "floor": "保底",
    "clamp": "限于上下限",
    "scale": "乘",
    "add": "加",
    "calc": "计算",
    "bonus": "加分",
    "deduct": "扣分",
    "per_unit": "逐单位增减",
    "goalposts": "功效系数",
    "standardise": "标准化",
    "round": "取舍",
    "map": "按词换数",
    "rank": "排位次",
    "place_points": "按位次计分",
    "percent_rank": "百分位",
    "impute": "补数",
    "winsorise": "缩尾",
    "expect": "核对",
}
_NULLS = {
    Null.MISSING: "缺报",
    Null.NOT_DUE: "未到期",
    Null.UNDEFINED: "无法计算",
    Null.NOT_APPLICABLE: "不适用",
}


def working_of(run: Run, facts: UnitFacts, node: m.Criterion) -> Working:
    """The working of ``node`` for the unit of ``facts``, from the run's own traces."""
    row = run.units.index(facts.unit)
    outcome = run.outcome(node)
    steps = [*_inputs(run, facts, node), WorkingStep("起算值", _shown(outcome.source[row]))]
    for trace in outcome.traces:
        parameters = "、".join(f"{name}={_shown(column[row])}" for name, column in trace.parameters)
        what = _STEPS.get(trace.step.kind, trace.step.kind) + (f"({parameters})" if parameters else "")
        steps.append(WorkingStep(what, f"{_shown(trace.before[row])} → {_shown(trace.after[row])}"))
    return Working(node.id, node.name, node.duty("clause"), tuple(steps), _shown(outcome.values[row]))


def _inputs(run: Run, facts: UnitFacts, node: m.Criterion) -> Iterator[WorkingStep]:
    seen: set[tuple[str, str]] = set()
    for top in m.expressions_of(replace(node, criteria=())):
        for part in walk(top):
            if isinstance(part, Input) and part.role in _ROLES and (part.role, part.name) not in seen:
                seen.add((part.role, part.name))
                yield _input(run, facts, part)


def _input(run: Run, facts: UnitFacts, part: Input) -> WorkingStep:
    definition = facts.data.indicator(part.name)
    name = definition.name if definition else part.name
    measure = f" {part.measure}" if part.measure and part.role != "pace" else ""
    figure = _figure(run, facts, part)
    value = figure.text + (measure if figure.present else "")
    return WorkingStep(f"取数 {_ROLES[part.role]}{name}", value, figure.demo)


def _figure(run: Run, facts: UnitFacts, part: Input) -> Figure:
    if part.role == "figure" and part.numeric:
        return facts.figure(part.name, part.period)
    cell = run.cells(part)[facts.place]
    if cell.number is None:
        return Figure(words=WORDS.get(cell.presence, str(cell.value or "")))
    return Figure(words=number_text(cell.number))


def _shown(value: Value) -> str:
    if isinstance(value, Null):
        return _NULLS.get(value, "不计")
    return value if isinstance(value, str) else number_text(value)  # type: ignore[arg-type]

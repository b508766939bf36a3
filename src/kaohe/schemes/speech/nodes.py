"""A node in Chinese words: what it is worth, its source, its steps, its policies, its outcome."""

from __future__ import annotations

from dataclasses import replace

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression
from kaohe.schemes.speech.expressions import Speech
from kaohe.schemes.speech.steps import combine_words, ranking_words, steps_words, tests_words
from kaohe.schemes.texts import REASON_WORDS

POLICIES = {
    "block": "暂缺,给出上下限",
    "propagate": "不给分",
    "zero": "得0分",
    "full": "得满分",
    "points": "得{0}分",
    "peer_mean": "按同类平均计",
    "leave_out": "不计入",
    "reweight": "权重分给其余各项",
    "move_to": "分值转给{0}",
    "apart": "单列,不排名",
}
_EFFECTS = {
    "score": "记{0}分",
    "cap": "最高{0}分",
    "deduct": "扣{0}分",
    "void": "不给分",
    "grade": "定为{0}",
    "grade_at_most": "最高定为{0}",
    "grade_down": "降{0}等",
    "unranked": "不参加排名",
    "flag": "提示{0}",
}
_MODES = {"half_up": "", "half_even": "(五取偶)", "down": "(舍去)", "up": "(进位)"}
_SEATS = {"down": "名额取整(舍)", "up": "名额取整(进)", "half_up": "名额四舍五入"}


def node_sentence(node: m.Criterion, speech: Speech) -> str:
    """The whole node as one sentence: 地方税收(12分):完成率低于60%得0分;否则…;保留2位小数。"""
    speech = replace(speech, own=node.name)
    return f"{node.name}{_worth(node, speech)}:{';'.join(_working(node, speech) + _outcome(node, speech))}"


def _worth(node: m.Criterion, speech: Speech) -> str:
    said = []
    if node.points is not None:
        said.append(f"{speech.says(node.points)}分")
    if node.extra is not None:
        low, high = (speech.says(end) for end in node.extra)
        said.append(f"可加减{low}到{high}分")
    if node.weight is not None:
        said.append(f"权重{speech.says(node.weight)}")
    return f"({','.join(said)})" if said else ""


def _working(node: m.Criterion, speech: Speech) -> list[str]:
    """Conditions, source, steps and policies."""
    said = _conditions(node, speech)
    if node.figure is not None:
        said += _figure(node.figure, node.name, node.steps, speech)
    else:
        source = _records(node, node.each, speech) if node.each is not None else _children(node, speech)
        said += [*source, *steps_words(node.steps, speech.calling("合计" if node.each else "得分"))]
    return said + _policies(node, speech)


def _conditions(node: m.Criterion, speech: Speech) -> list[str]:
    said = []
    if node.applies is not None:
        said.append(f"只适用于{speech.says(node.applies)}的单位")
    if node.counts_from is not None:
        said.append(f"{node.counts_from}起计分")
    return said


# Of these steps the words name the value that they start from.
_NAMING = (m.Curve, m.Bands, m.Stop, m.PerUnit, m.Goalposts, m.Rank, m.PercentRank)
_SHORT = 24


def _figure(figure: Expression, name: str, steps: tuple[m.Step, ...], speech: Speech) -> list[str]:
    """A short figure is called by its name in the steps; a longer one is told first, then called 该数."""
    words = speech.says(figure)
    if not steps:
        return [f"按“{words}”计分" if "," in words or " " in words else f"以{words}为得分"]
    own = words.removeprefix(name) or words
    first = words if words.startswith("按") else f"取{words}"
    if len(words) > _SHORT or any(mark in words for mark in " ,(("):
        return [first, *steps_words(steps, speech.calling("该数"))]
    said = steps_words(steps, speech.calling(own))
    return said if isinstance(steps[0], _NAMING) and own in said[0] else [first, *said]


def _children(node: m.Criterion, speech: Speech) -> list[str]:
    names = "、".join(f"“{child.name}”" for child in node.criteria) or "各项"
    weighted = "按权重" if any(child.weight is not None for child in node.criteria) else ""
    said = [f"{names}{weighted}{combine_words(node.combine, speech)}"]
    return said + ([f"至少{node.need}项有数"] if node.need else [])


def _records(node: m.Criterion, each: m.Each, speech: Speech) -> list[str]:
    """``where → item → once → group_by → combine``, in the order in which they work."""
    said = [_whose(each, speech)]
    if each.item is not None:
        said.append("每条:" + ",".join(_item(each.item, speech)))
    if each.once is not None:
        said.append(_once(each.once, speech))
    if each.group_by is not None:
        said += _groups(each.group_by, speech)
    said.append(f"各{'组' if each.group_by else '条'}{combine_words(node.combine, speech)}")
    if each.weights:
        said.append("权重依次为" + "、".join(speech.says(weight) for weight in each.weights))
    if each.empty is not None:
        said.append(f"一条也没有时{_policy(each.empty, speech)}")
    return said + ([f"至少{node.need}条有数"] if node.need else [])


def _whose(each: m.Each, speech: Speech) -> str:
    where = f"(只计{speech.says(each.where)}的)" if each.where is not None else ""
    match each.source:
        case "columns":
            return f"对{'、'.join(each.columns)}各列{where}"
        case "periods":
            words = {"months": "全年各月", "quarters": "全年各季"}
            return f"对{'、'.join(words.get(period, period) for period in each.periods)}各期{where}"
        case "units":
            return f"对所属各单位{where}"
        case "linked":
            return f"对{speech.name(each.table)}所指的各单位{where}"
        case "marks":
            return f"对各评分{where}"
    return f"对{speech.name(each.table)}的每条记录{where}"


def _item(item: m.Criterion, speech: Speech) -> list[str]:
    said = _working(item, speech)
    if item.weight is not None:
        said.append(f"权重{speech.says(item.weight)}")
    if item.criteria:
        said += [f"其中{child.name or child.id}:{','.join(_item(child, speech))}" for child in item.criteria]
    return said


def _once(once: m.Once, speech: Speech) -> str:
    keys = "、".join(speech.says(key) for key in once.per)
    by = f"{speech.says(once.by)}" if once.by is not None else ""
    kept = {"first": "最先的", "last": "最后的", "highest": "最高的", "lowest": "最低的"}[once.keep]
    among = "全体单位中" if once.among_all else ""
    return f"{among}同一{keys}只计一条(取{by}{kept})"


def _groups(group: m.GroupBy, speech: Speech) -> list[str]:
    said = [f"先按{speech.says(group.key)}分组,组内{combine_words(group.combine, speech)}"]
    said += [f"每组{phrase}" for phrase in steps_words(group.steps, speech.calling("组内得分"))]
    if group.weights:
        said.append("各组权重:" + "、".join(f"{name}{speech.says(weight)}" for name, weight in group.weights))
    return said


def _policies(node: m.Criterion, speech: Speech) -> list[str]:
    """What is said of nulls; ``block`` is what happens anyway."""
    return [
        f"{REASON_WORDS[reason]}的{_policy(policy, speech)}"
        for reason, policy in node.policies
        if policy.stated and policy.kind != "block"
    ]


def _policy(policy: m.Policy, speech: Speech) -> str:
    if policy.points is not None:
        return POLICIES["points"].format(speech.says(policy.points))
    targets = "、".join(f"“{speech.nodes.get(name, name)}”" for name in policy.move_to)
    return POLICIES[policy.kind].format(targets)


def _outcome(node: m.Criterion, speech: Speech) -> list[str]:
    speech = speech.calling("得分")
    said = [_gate(gate, speech) for gate in node.gates]
    if node.publish is not None and (node.rank is not None or node.grades or not node.criteria):
        mode = _MODES.get(node.publish.mode, f"({node.publish.mode})")
        said.append(f"公布数保留{node.publish.decimals}位小数{mode}")
    if node.rank is not None:
        said.append(ranking_words(node.rank, speech))
    if node.grades:
        said.append("等次:" + "、".join(_grade(row, speech) for row in node.grades))
    return said


def _gate(gate: m.Gate, speech: Speech) -> str:
    effects = ",".join(_effect(kind, value, speech) for kind, value in gate.effects)
    said = f"{gate.name or gate.id}:{speech.says(gate.when)}的,{effects}"
    if gate.unless is not None:
        said += f"(但{speech.says(gate.unless)}的除外)"
    if gate.starts is not None or gate.ends is not None:
        said += f"({gate.starts or ''}至{gate.ends or ''}有效)"
    return said


def _effect(kind: str, value: Expression | str, speech: Speech) -> str:
    return _EFFECTS[kind].format(value if isinstance(value, str) else speech.says(value))


def _grade(row: m.GradeRow, speech: Speech) -> str:
    tests = [tests_words(row.tests, speech)] if row.tests else []
    if row.top is not None:
        among = (
            ""
            if row.within is None
            else "全体"
            if row.within == "all"
            else f"按{speech.says(row.within)}分组"
        )
        ties = "末位并列的都算" if row.ties == "include" else "末位并列的都不算"
        tests.append(f"{among}前{speech.says(row.top)}({_SEATS[row.seats]},{ties})")
    return f"{'且'.join(tests)}为{row.grade}" if tests else f"其余为{row.grade}"


def _among(within: Expression | str | None, speech: Speech) -> str:
    if within is None:
        return ""
    return "全体" if isinstance(within, str) else f"按{speech.says(within)}分组"

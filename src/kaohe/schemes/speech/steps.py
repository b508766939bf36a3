"""Steps, combines and rankings in Chinese words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Binary, Call, Expression, Literal, Unary
from kaohe.schemes.speech.expressions import Speech

_TESTS = {"below": "低于", "up_to": "不高于", "above": "高于", "at_least": "不低于", "equals": "等于"}
_MODES = {
    "half_up": "", "half_even": "(五取偶)", "half_down": "(五舍六入)", "down": "(舍去)",
    "up": "(进位)", "floor": "(向下取)", "ceil": "(向上取)",
}  # fmt: skip
TIES = {"min": "并列取前", "max": "并列取后", "mean": "并列取平均名次", "dense": "并列不占名次"}
_PERCENT_RANKS = {
    "exclusive": "(名次−1)÷(个数−1)", "max": "并列取高÷个数", "min": "并列取低÷个数",
    "mean": "(平均名次−½)÷个数",
}  # fmt: skip
COMBINES = {
    "sum": "相加", "mean": "平均", "geometric": "几何平均", "harmonic": "调和平均", "product": "相乘",
    "min": "取最低", "max": "取最高", "median": "取中位数", "count": "计个数",
}  # fmt: skip


def steps_words(steps: Sequence[m.Step], speech: Speech) -> list[str]:
    """A phrase for each step. After a step that gives points the value so far is 得分."""
    said: list[str] = []
    otherwise = ""
    for step in steps:
        said.append(otherwise + _WORDS[type(step)](step, speech))
        otherwise = "否则" if isinstance(step, m.Stop) else ""
        if isinstance(step, m.Rank):
            speech = speech.calling("名次")
        elif not isinstance(step, m.Stop | m.Expect | m.Round | m.Impute | m.Winsorise):
            speech = speech.calling("得分")
    return said


def _points(expression: Expression, speech: Speech) -> str:
    """``得5分``; an expression in words stands before its 分."""
    said = speech.says(expression)
    plain = isinstance(expression.operand if isinstance(expression, Unary) else expression, Literal)
    return f"{said}分" if plain else f"“{said}”分"


def _curve(step: m.Curve, speech: Speech) -> str:
    knots = [(speech.says(x), speech.says(y)) for x, y in step.knots]
    if len(knots) == 2:
        (x0, y0), (x1, y1) = knots
        said = f"按{speech.x}由{x0}到{x1}对应{y0}到{y1}分"
    else:
        said = f"按{speech.x}分段按比例计分:" + "、".join(f"{x}得{y}分" for x, y in knots)
    return (
        said + _tail("低于", knots[0][0], step.left, speech) + _tail("高于", knots[-1][0], step.right, speech)
    )


def _tail(side: str, knot: str, tail: m.Tail, speech: Speech) -> str:
    if tail == "flat":
        return ""
    if tail == "extend":
        return f",{side}{knot}按同一比例延伸"
    assert not isinstance(tail, str)
    return f",{side}{knot}得{speech.says(tail)}分"


def tests_words(tests: Sequence[tuple[str, Expression]], speech: Speech) -> str:
    """``不低于60%且低于80%``; ``when`` as the condition that it is."""
    said = [
        speech.says(value) if test == "when" else f"{speech.x}{_TESTS[test]}{speech.says(value)}"
        for test, value in tests
    ]
    return "且".join(said)


def _bands(step: m.Bands, speech: Speech) -> str:
    return ";".join(_band(row, speech) for row in step.rows)


def _band(row: m.Band, speech: Speech) -> str:
    when = tests_words(row.tests, speech) if row.tests else "其他"
    if row.points is not None:
        return f"{when}得{_points(row.points, speech)}"
    if row.steps is None:
        return f"{when}不变"
    return f"{when}时" + ",".join(steps_words(row.steps, speech))


def _stop(step: m.Stop, speech: Speech) -> str:
    return f"{speech.says(step.when)}得{_points(step.points, speech)}"


def _amount(points: Expression, sign: str, speech: Speech) -> str:
    """``0.1 * every(e - 100%, 1%)``: 超过100%后每满1个百分点加0.1分; anything else as it stands."""
    unit = _per_whole_unit(points)
    if unit is None:
        return f"{sign}{_points(points, speech)}"
    each, amount, size = unit
    for_each = f"每满{speech.unit(size)}{sign}{speech.says(each)}分"
    if isinstance(amount, Binary) and amount.operator == "-":
        return f"{speech.says(amount.left)}超过{speech.says(amount.right, 6)}后{for_each}"
    return f"{speech.says(amount)}{for_each}"


def _per_whole_unit(points: Expression) -> tuple[Expression, Expression, Expression] | None:
    if not (isinstance(points, Binary) and points.operator == "*"):
        return None
    for each, units in ((points.left, points.right), (points.right, points.left)):
        if isinstance(units, Call) and units.function == "every" and isinstance(each, Literal):
            return each, units.arguments[0], units.arguments[1]
    return None


def _bonus(step: m.Bonus, speech: Speech) -> str:
    said = _amount(step.points, "加", speech)
    return said if step.cap is None else f"{said},最多加{speech.says(step.cap)}分"


def _deduct(step: m.Deduct, speech: Speech) -> str:
    said = _amount(step.points, "扣", speech)
    if step.cap is not None:
        said += f",最多扣{speech.says(step.cap)}分"
    return said if step.floor is None else f"{said},扣到{speech.says(step.floor)}分为止"


def _per_unit(step: m.PerUnit, speech: Speech) -> str:
    said = f"{speech.x}为{speech.says(step.origin)}得{speech.says(step.base)}分"
    size = speech.unit(step.every)
    for side, change in (("高", step.above), ("低", step.below)):
        if change is not None:
            said += f",每{side}{size}{_change(change, speech)}分"
    return said + (",不足一个单位按比例" if step.exact else ",不足一个单位不计")


def _change(points: Expression, speech: Speech) -> str:
    """加0.2; −0.1 is 减0.1."""
    if isinstance(points, Unary) and points.operator == "-":
        return f"减{speech.says(points.operand)}"
    return f"加{speech.says(points)}"


def _goalposts(step: m.Goalposts, speech: Speech) -> str:
    low, high, start, end = (speech.says(e) for e in (step.low, step.high, step.to_low, step.to_high))
    said = f"按{speech.x}由{low}到{high}对应{start}到{end}分(功效系数)"
    return said if step.equal is None else f"{said},两端相等时得{speech.says(step.equal)}分"


def _standardise(step: m.Standardise, speech: Speech) -> str:
    kind = "样本标准差" if step.sample else "总体标准差"
    return f"标准化为平均{speech.says(step.mean)}、标准差{speech.says(step.sd)}({kind})"


def _round(step: m.Round, speech: Speech) -> str:
    if step.to is not None:
        return f"取{speech.says(step.to)}的整数倍{_MODES[step.mode]}"
    return f"保留{step.decimals}位小数{_MODES[step.mode]}" if step.decimals else f"取整数{_MODES[step.mode]}"


def _map(step: m.MapText, speech: Speech) -> str:
    rows = [f"{text}计{speech.says(value)}" for text, value in step.rows]
    return "、".join([*rows, *(f"{text}不计" for text in step.excluded)])


def ranking_words(ranking: m.Ranking, speech: Speech) -> str:
    """``在同类中由高到低排名``, with its conditions and its chain of tie-breaks."""
    among = "同类" if ranking.within is None else "全体"
    if ranking.within is not None and ranking.within != "all":
        among = f"按{speech.says(ranking.within)}分组"
    said = f"在{among}中由{'高到低' if ranking.high_first else '低到高'}排名"
    if ranking.where is not None:
        said += f",只排{speech.says(ranking.where)}的"
    if ranking.outside is not None:
        said += f",其余记{speech.says(ranking.outside)}"
    said += "" if ranking.ties == "min" else f",{TIES[ranking.ties]}"
    if ranking.breaks:
        said += ",并列的依次比较" + "、".join(_break_words(link, speech) for link in ranking.breaks)
    return said + (",按未取整的数比较" if ranking.uses_exact else "")


def _break_words(link: m.Break, speech: Speech) -> str:
    if isinstance(link.by, m.CountBack):
        where = "" if link.by.where is None else f"(只计{speech.says(link.by.where)}的)"
        places = f"{speech.says(link.by.place)}第1名至第{link.by.places}名的个数"
        return f"{speech.name(link.by.table)}中{places}{where}"
    return f"{speech.says(link.by)}({'高' if link.high_first else '低'}者在前)"


def _rank(step: m.Rank, speech: Speech) -> str:
    return f"按{speech.x}{ranking_words(step.ranking, speech)}"


def _place_points(step: m.PlacePoints, speech: Speech) -> str:
    places = [f"第{place}名{speech.says(points)}分" for place, points in enumerate(step.points, start=1)]
    return "、".join(places) + ",其后0分"


def _percent_rank(step: m.PercentRank, speech: Speech) -> str:
    among = "同类" if step.within is None else "全体"
    if step.within is not None and step.within != "all":
        among = f"按{speech.says(step.within)}分组"
    said = f"取{speech.x}在{among}中由低到高的百分位({_PERCENT_RANKS[step.method]})"
    if step.where is not None:
        said += f",只排{speech.says(step.where)}的,其余记"
        said += speech.says(step.outside) if step.outside is not None else "0"
    return said


def _winsorise(step: m.Winsorise, speech: Speech) -> str:
    among = "在全体中" if step.within == "all" else "在同类中"
    if step.within not in (None, "all"):
        among = f"按{speech.says(step.within)}分组"  # type: ignore[arg-type]
    if step.quantiles is not None:
        low, high = (speech.says(share) for share in step.quantiles)
        return f"{among}缩尾到{low}与{high}分位数之间"
    assert step.skew_below is not None
    said = f"{among}逐个缩尾直到偏度绝对值小于{speech.says(step.skew_below)}"
    if step.kurtosis_below is not None:
        said += f"或超额峰度小于{speech.says(step.kurtosis_below)}"
    return f"{said},最多{step.at_most}次"


_WORDS: dict[type[m.Step], Callable[..., str]] = {
    m.Curve: _curve,
    m.Bands: _bands,
    m.Stop: _stop,
    m.Cap: lambda step, speech: f"最高{speech.says(step.limit)}",
    m.Floor: lambda step, speech: f"最低{speech.says(step.limit)}",
    m.Clamp: lambda step, speech: f"限于{speech.says(step.low)}到{speech.says(step.high)}之间",
    m.Scale: lambda step, speech: f"乘以{speech.says(step.by, 6)}",
    m.Add: lambda step, speech: f"加上{speech.says(step.amount, 6)}",
    m.Calc: lambda step, speech: f"按“{speech.says(step.expression)}”计算",
    m.Bonus: _bonus,
    m.Deduct: _deduct,
    m.PerUnit: _per_unit,
    m.Goalposts: _goalposts,
    m.Standardise: _standardise,
    m.Round: _round,
    m.MapText: _map,
    m.Rank: _rank,
    m.PlacePoints: _place_points,
    m.PercentRank: _percent_rank,
    m.Impute: lambda step, speech: f"无数的以{speech.says(step.value)}补(记为预计)",
    m.Winsorise: _winsorise,
    m.Expect: lambda step, speech: f"应满足{speech.says(step.condition)},否则报错",
}


def combine_words(combine: m.Combine, speech: Speech) -> str:
    """``相加``, ``几何平均``, ``去掉最高1个、最低1个后平均`` …"""
    if combine.power is not None:
        return f"{speech.says(combine.power)}次幂平均"
    if combine.kind not in ("keep", "drop"):
        return COMBINES[combine.kind]
    ends = [f"最高{combine.best}个"] * (combine.best > 0) + [f"最低{combine.worst}个"] * (combine.worst > 0)
    verb = "只取" if combine.kind == "keep" else "去掉"
    return f"{verb}{'、'.join(ends)}后{COMBINES[combine.then]}"

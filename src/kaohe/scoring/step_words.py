"""What a step did with the numbers at hand, as one line of a working."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Expression
from kaohe.scoring import numbers as n
from kaohe.scoring.numbers import Null, Number, Value
from kaohe.scoring.words import value_text

_MODES = {
    "half_up": "四舍五入", "half_even": "四舍六入五成双", "half_down": "五舍六入", "up": "进一",
    "down": "去尾", "floor": "向下取整", "ceil": "向上取整",
}  # fmt: skip
_TIES = {"min": "并列取先", "max": "并列取后", "mean": "并列取平均", "dense": "并列不占位"}
_TESTS = {"below": "<", "up_to": "≤", "above": ">", "at_least": "≥", "equals": "="}


@dataclass(frozen=True)
class Seen:
    """A step in one row: the value before and after, its parameters as evaluated, conditions in words.

    ``filled`` writes an expression with its numbers, ``holds`` tells a condition; ``place`` and ``size`` are
    of the peers that a rank looked at; ``chosen`` the band that took the value.
    """

    before: Value
    after: Value
    parameters: Mapping[str, Value]
    filled: Callable[[Expression], str]
    worded: Callable[[Expression], str]
    holds: Callable[[Expression], bool]
    share: bool = False
    chosen: int | None = None
    size: int = 0

    def x(self) -> str:
        return self.text(self.before)

    def text(self, value: Value) -> str:
        """A value on the scale of x: in per cent while x is a share."""
        shown = value_text(value, percent=self.share)
        return shown.rpartition("≈ ")[2] if "≈" in shown else shown

    def of(self, name: str) -> str:
        """A parameter, as points or as a plain number."""
        shown = value_text(self.parameters[name])
        return shown.rpartition("≈ ")[2] if "≈" in shown else shown

    def like_x(self, name: str) -> str:
        """A parameter that stands on the scale of x."""
        return self.text(self.parameters[name])


def step_words(step: m.Step, seen: Seen) -> str:
    """The line of the working for a step that was applied to a value."""
    if isinstance(seen.before, Null) and not isinstance(step, m.Impute):
        return f"没有数({value_text(seen.before)}),本步不计算"
    return _WORDS[type(step)](step, seen)


def _number(value: Value) -> Number:
    assert not isinstance(value, Null | str | bool)
    return value


def _over(left: Value, right: Value) -> bool:
    return not isinstance(right, Null) and n.compare(_number(left), _number(right)) > 0


def _curve(step: m.Curve, seen: Seen) -> str:
    count = len(step.knots)
    xs = [seen.parameters[f"x{i}"] for i in range(count)]
    if not _over(seen.before, xs[0]) and step.left != "extend":
        tail = "left" if "left" in seen.parameters and _over(xs[0], seen.before) else "y0"
        return f"{seen.x()} 不高于 {seen.like_x('x0')},取 {seen.of(tail)}"
    last = count - 1
    if not _over(xs[last], seen.before) and step.right != "extend":
        tail = "right" if "right" in seen.parameters and _over(seen.before, xs[last]) else f"y{last}"
        return f"{seen.x()} 不低于 {seen.like_x(f'x{last}')},取 {seen.of(tail)}"
    place = next((i for i in range(last) if _over(xs[i + 1], seen.before)), max(last - 1, 0))
    return _segment(seen, place)


def _segment(seen: Seen, place: int) -> str:
    a, b, low, high = f"x{place}", f"x{place + 1}", f"y{place}", f"y{place + 1}"
    return (
        f"在 ({seen.like_x(a)}, {seen.of(low)}) 与 ({seen.like_x(b)}, {seen.of(high)}) 之间按比例:"
        f"{seen.of(low)} + ({seen.x()} − {seen.like_x(a)}) ÷ ({seen.like_x(b)} − {seen.like_x(a)})"
        f" × ({seen.of(high)} − {seen.of(low)})"
    )


def _bands(step: m.Bands, seen: Seen) -> str:
    if seen.chosen is None:
        return f"{seen.x()}:无法判断属于哪一段"
    band = step.rows[seen.chosen]
    tests = [_test(word, expression, seen, seen.chosen) for word, expression in band.tests]
    where = f"第{seen.chosen + 1}段({'且'.join(tests) if tests else '其余'})"
    if band.steps is not None:
        return f"{seen.x()} 属于{where},按该段的算法"
    if band.points is None:
        return f"{seen.x()} 属于{where},保持不变"
    return f"{seen.x()} 属于{where},取 {seen.of(f'points{seen.chosen}')}"


def _test(word: str, expression: Expression, seen: Seen, place: int) -> str:
    if word == "when":
        return seen.worded(expression)
    return f"{_TESTS[word]} {seen.like_x(f'{word}{place}')}"


def _stop(step: m.Stop, seen: Seen) -> str:
    condition = f"{seen.worded(step.when)}(即 {seen.filled(step.when)})"
    if seen.holds(step.when):
        return f"符合 {condition},取 {seen.of('points')},其后各步不再计算"
    return f"不符合 {condition},继续"


def _cap(step: m.Step, seen: Seen) -> str:
    verdict = f"超过,取 {seen.like_x('cap')}" if _over(seen.before, seen.parameters["cap"]) else "未超过,不变"
    return f"最高 {seen.like_x('cap')}:{seen.x()} {verdict}"


def _floor(step: m.Step, seen: Seen) -> str:
    verdict = (
        f"低于,取 {seen.like_x('floor')}" if _over(seen.parameters["floor"], seen.before) else "不低于,不变"
    )
    return f"最低 {seen.like_x('floor')}:{seen.x()} {verdict}"


def _clamp(step: m.Step, seen: Seen) -> str:
    changed = "不变" if n.equal(seen.before, seen.after) else f"取 {seen.text(seen.after)}"
    return f"限于 {seen.like_x('low')} 至 {seen.like_x('high')}:{seen.x()} {changed}"


def _scale(step: m.Step, seen: Seen) -> str:
    return f"{_signed(seen.x())} × {_signed(seen.of('by'))}"


def _add(step: m.Step, seen: Seen) -> str:
    return f"{seen.x()} + {_signed(seen.like_x('amount'))}"


def _signed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _calc(step: m.Calc, seen: Seen) -> str:
    return f"{seen.worded(step.expression)},即 {seen.filled(step.expression)}"


def _bonus(step: m.Bonus, seen: Seen) -> str:
    return f"加分:{seen.x()} + {_limited(seen)}(加分为 {seen.filled(step.points)})"


def _limited(seen: Seen) -> str:
    points = seen.parameters["points"]
    if "cap" in seen.parameters and not isinstance(points, Null) and _over(points, seen.parameters["cap"]):
        return f"{seen.of('cap')}(最多 {seen.of('cap')})"
    return _signed(seen.of("points"))


def _deduct(step: m.Deduct, seen: Seen) -> str:
    floor = f",不低于 {seen.of('floor')}" if "floor" in seen.parameters else ""
    return f"扣分:{seen.x()} − {_limited(seen)}{floor}(扣分为 {seen.filled(step.points)})"


def _per_unit(step: m.PerUnit, seen: Seen) -> str:
    sign = n.compare(_number(seen.before), _number(seen.parameters["from"]))
    head = f"以 {seen.like_x('from')} 得 {seen.of('base')} 分为准"
    if sign == 0:
        return f"{head},正好相等"
    word, side = ("高", "above") if sign > 0 else ("低", "below")
    rate = seen.of(side) if side in seen.parameters else "0"
    ends = (seen.x(), seen.like_x("from")) if sign > 0 else (seen.like_x("from"), seen.x())
    distance = f"({ends[0]} − {_signed(ends[1])}) ÷ {seen.like_x('every')}"
    counted = distance if step.exact else f"⌊{distance}⌋"
    each = "按比例" if step.exact else "不满的不计"
    arithmetic = f"{seen.of('base')} + {counted} × {_signed(rate)}"
    return f"{head},每{word} {seen.like_x('every')} 加 {_signed(rate)} 分({each}):{arithmetic}"


def _goalposts(step: m.Goalposts, seen: Seen) -> str:
    low, high, start, end = seen.like_x("low"), seen.like_x("high"), seen.of("to_low"), seen.of("to_high")
    if n.equal(seen.parameters["low"], seen.parameters["high"]):
        return f"上下限同为 {low},取规定的值"
    return f"功效系数:{start} + ({seen.x()} − {_signed(low)}) ÷ ({high} − {_signed(low)}) × ({end} − {start})"


def _standardise(step: m.Standardise, seen: Seen) -> str:
    kind = "样本" if step.sample else "总体"
    return f"标准化:(x − 同类平均) ÷ 同类{kind}标准差 × {seen.of('sd')} + {seen.of('mean')}"


def _round(step: m.Round, seen: Seen) -> str:
    mode = _MODES.get(step.mode, step.mode)
    if step.to is not None:
        return f"取 {seen.of('to')} 的整倍数({mode})"
    return f"保留 {step.decimals} 位小数({mode})" if step.decimals > 0 else f"取整({mode})"


def _map(step: m.MapText, seen: Seen) -> str:
    return f"“{value_text(seen.before)}”→ {value_text(seen.after)}"


def _rank(step: m.Rank, seen: Seen) -> str:
    if isinstance(seen.after, Null):
        return "不参加排位"
    order = "从高到低" if step.ranking.high_first else "从低到高"
    ties = _TIES.get(step.ranking.ties, step.ranking.ties)
    return f"{order}排位({ties}),{seen.size} 个单位中列第 {value_text(seen.after)}"


def _place_points(step: m.PlacePoints, seen: Seen) -> str:
    return f"第 {seen.x()} 名得 {value_text(seen.after)} 分"


def _percent_rank(step: m.PercentRank, seen: Seen) -> str:
    kinds = {"exclusive": "(名次−1)÷(个数−1)", "max": "并列取后÷个数", "min": "并列取先÷个数",
             "mean": "(并列平均−½)÷个数"}  # fmt: skip
    return f"百分位,从低到高数,{kinds.get(step.method, step.method)},共 {seen.size} 个单位"


def _impute(step: m.Impute, seen: Seen) -> str:
    if isinstance(seen.before, Null) and not isinstance(seen.after, Null):
        how = f"按 {seen.worded(step.value)} 补为 {value_text(seen.after)}(估计)"
        return f"没有数({value_text(seen.before)}),{how}"
    return "有数,不补" if not isinstance(seen.before, Null) else "没有数,也无从补"


def _winsorise(step: m.Winsorise, seen: Seen) -> str:
    return "不是极端值,不变" if n.equal(seen.before, seen.after) else f"极端值收缩为 {seen.text(seen.after)}"


def _expect(step: m.Expect, seen: Seen) -> str:
    return f"核对 {seen.worded(step.condition)}:符合"


_WORDS: dict[type[m.Step], Callable[..., str]] = {
    m.Curve: _curve, m.Bands: _bands, m.Stop: _stop, m.Cap: _cap, m.Floor: _floor, m.Clamp: _clamp,
    m.Scale: _scale, m.Add: _add, m.Calc: _calc, m.Bonus: _bonus, m.Deduct: _deduct, m.PerUnit: _per_unit,
    m.Goalposts: _goalposts, m.Standardise: _standardise, m.Round: _round, m.MapText: _map, m.Rank: _rank,
    m.PlacePoints: _place_points, m.PercentRank: _percent_rank, m.Impute: _impute,
    m.Winsorise: _winsorise, m.Expect: _expect,
}  # fmt: skip

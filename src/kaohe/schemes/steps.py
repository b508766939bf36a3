"""Steps, combines, rankings and publishing: YAML → model."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from fractions import Fraction
from typing import cast

from kaohe.facts.errors import SchemeError
from kaohe.quantities.rounding import MODES
from kaohe.schemes import model as m
from kaohe.schemes.documents import Mapping, Node, Position, Scalar, Sequence
from kaohe.schemes.expressions import ByTable, Expression, Literal, Name, literal
from kaohe.schemes.parser import parse_expression
from kaohe.schemes.vocabulary import BAND_TESTS, COMBINES, PERCENT_RANKS, STEPS, TIES


class Rules:
    """The named lists of steps (``rules:``) that ``use`` refers to."""

    def __init__(self, named: dict[str, tuple[tuple[str, ...], Sequence]]) -> None:
        self.named = named


def expression_of(node: Node) -> Expression:
    """An expression, or a table by class, wherever an expression may stand."""
    if isinstance(node, Scalar):
        if node.text == "" and node.in_flow:
            raise SchemeError(f"{node.at} 表达式在逗号处被截断,请给它加引号")
        return parse_expression(node)
    if isinstance(node, Mapping) and "by" in node:
        return _by_table(node)
    raise SchemeError(f"{node.at} 这里应为算式或按类取值 {{by: 属性, 类: 值}}")


def _by_table(node: Mapping) -> ByTable:
    rows = tuple(
        (key, expression_of(value)) for key, value in node.entries.items() if key not in ("by", "else")
    )
    otherwise = node.get("else")
    return ByTable(
        expression_of(node.entries["by"]), rows, expression_of(otherwise) if otherwise else None, node.at
    )


def text_of(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    raise SchemeError(f"{node.at} 这里应为一段文字")


def integer_of(node: Node) -> int:
    value = text_of(node)
    try:
        return int(value)
    except ValueError:
        raise SchemeError(f"{node.at} 这里应为整数,实为“{value}”") from None


def flag_of(node: Node) -> bool:
    value = text_of(node)
    if value not in ("true", "false"):
        raise SchemeError(f"{node.at} 这里应为 true 或 false,实为“{value}”")
    return value == "true"


def word_of(node: Node, allowed: frozenset[str] | tuple[str, ...]) -> str:
    value = text_of(node)
    if value not in allowed:
        raise SchemeError(f"{node.at} 这里应为 {'、'.join(sorted(allowed))} 之一,实为“{value}”")
    return value


def mapping_of(node: Node, allowed: frozenset[str], what: str) -> Mapping:
    """``node`` as a mapping whose keys are all ``allowed``."""
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} {what}应写成“键: 值”")
    for key, value in node.entries.items():
        if key not in allowed:
            if node.in_flow and isinstance(value, Scalar) and value.text == "" and not value.quoted:
                raise SchemeError(f"{node.keys[key]} 表达式在逗号处被截断,请给它加引号:“{key}”")
            raise SchemeError(f"{node.keys[key]} {what}没有键 {key}{nearest(key, allowed)}")
    return node


def nearest(word: str, known: frozenset[str] | tuple[str, ...]) -> str:
    near = get_close_matches(word, sorted(known), n=1)
    return f",是否 {near[0]}?" if near else f"(可用:{'、'.join(sorted(known))})"


def sequence_of(node: Node, what: str) -> Sequence:
    if not isinstance(node, Sequence):
        raise SchemeError(f"{node.at} {what}应为列表")
    return node


def optional(node: Mapping, key: str) -> Expression | None:
    value = node.get(key)
    return None if value is None else expression_of(value)


def required(node: Mapping, key: str, what: str) -> Expression:
    value = node.get(key)
    if value is None:
        raise SchemeError(f"{node.at} {what}缺少 {key}")
    return expression_of(value)


def steps_of(node: Node, rules: Rules, using: tuple[str, ...] = ()) -> tuple[m.Step, ...]:
    """The steps of a list, rules written out in place.

    Raises ``SchemeError`` listing every step that cannot be read.
    """
    steps: list[m.Step] = []
    messages: list[str] = []
    for item in sequence_of(node, "steps "):
        try:
            steps.extend(_step(item, rules, using))
        except SchemeError as error:
            messages.extend(error.messages)
    if messages:
        raise SchemeError(messages)
    return tuple(steps)


def _step(node: Node, rules: Rules, using: tuple[str, ...]) -> tuple[m.Step, ...]:
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        raise SchemeError(f"{node.at} 每一步只写一个操作,例如 - cap: 30")
    ((word, body),) = node.entries.items()
    if word not in STEPS:
        raise SchemeError(f"{node.keys[word]} 没有步骤 {word}{nearest(word, STEPS)}")
    if word == "use":
        return _used(body, rules, using)
    if word == "bands":
        return (_bands(body, node.at, rules, using),)
    return (_READERS[word](body, node.at),)


def _used(body: Node, rules: Rules, using: tuple[str, ...]) -> tuple[m.Step, ...]:
    if isinstance(body, Scalar):
        name, arguments = body.text, {}
    else:
        if not isinstance(body, Mapping) or "rule" not in body:
            raise SchemeError(f"{body.at} use 应写成规则名,或 {{rule: 规则名, 参数: 值}}")
        name = text_of(body.entries["rule"])
        arguments = {key: expression_of(value) for key, value in body.entries.items() if key != "rule"}
    if name not in rules.named:
        raise SchemeError(f"{body.at} 没有规则 {name}{nearest(name, tuple(rules.named))}")
    if name in using:
        raise SchemeError(f"{body.at} 规则循环引用:{' → '.join((*using, name))}")
    expected, steps = rules.named[name]
    if set(arguments) != set(expected):
        raise SchemeError(
            f"{body.at} 规则 {name} 需要参数 {'、'.join(expected) or '(无)'},实有 {'、'.join(arguments) or '(无)'}"
        )
    read = steps_of(steps, rules, (*using, name))
    filled = m.map_expressions(read, lambda expression: m.substitute(expression, arguments))
    return tuple(_labelled(step, name) for step in filled)


def _labelled(step: m.Step, rule: str) -> m.Step:
    from dataclasses import replace

    return replace(step, rule=rule)


def _curve(body: Node, at: Position) -> m.Curve:
    if isinstance(body, Sequence):
        return m.Curve(_knots(body), at=at)
    node = mapping_of(body, frozenset({"knots", "left", "right"}), "curve ")
    if "knots" not in node:
        raise SchemeError(f"{node.at} curve 缺少 knots")
    return m.Curve(_knots(node.entries["knots"]), _tail(node.get("left")), _tail(node.get("right")), at=at)


def _knots(node: Node) -> tuple[tuple[Expression, Expression], ...]:
    knots: list[tuple[Expression, Expression]] = []
    for pair in sequence_of(node, "curve 的折点"):
        if not isinstance(pair, Sequence) or len(pair.items) != 2:
            raise SchemeError(f"{pair.at} 折点应写成 [横坐标, 得分]")
        knots.append((expression_of(pair.items[0]), expression_of(pair.items[1])))
    if not knots:
        raise SchemeError(f"{node.at} curve 至少要有一个折点")
    _check_rising(node.at, knots)
    return tuple(knots)


def _check_rising(at: Position, knots: list[tuple[Expression, Expression]]) -> None:
    xs = [constant(x) for x, _ in knots]
    for left, right in zip(xs, xs[1:], strict=False):
        if left is not None and right is not None and right <= left:
            raise SchemeError(f"{at} curve 的横坐标应逐个增大,实有 {_shown(left)} 之后 {_shown(right)}")


def constant(expression: Expression) -> Fraction | None:
    """The number that the expression is, when it is written as one."""
    from kaohe.schemes.expressions import Unary

    if isinstance(expression, Literal) and isinstance(expression.value, Fraction):
        return expression.value
    if isinstance(expression, Unary) and expression.operator == "-":
        inner = constant(expression.operand)
        return None if inner is None else -inner
    return None


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _tail(node: Node | None) -> m.Tail:
    if node is None:
        return "flat"
    if isinstance(node, Scalar) and node.text in ("flat", "extend"):
        return cast(m.Tail, node.text)
    return expression_of(node)


def _bands(body: Node, at: Position, rules: Rules, using: tuple[str, ...]) -> m.Bands:
    return m.Bands(tuple(_band(row, rules, using) for row in sequence_of(body, "bands ")), at=at)


def _band(row: Node, rules: Rules, using: tuple[str, ...]) -> m.Band:
    node = mapping_of(row, frozenset({*BAND_TESTS, "points", "steps", "else"}), "bands 的一档")
    tests = band_tests(node)
    last = node.get("else")
    if last is None and not tests:
        raise SchemeError(f"{node.at} 这一档没有条件;最后一档写 {{else: true, points: …}}")
    if isinstance(last, Scalar) and last.text == "keep":
        return m.Band((), None, None, node.at)
    if last is not None and tests:
        raise SchemeError(f"{node.at} else 的一档不能再带条件")
    points, steps = node.get("points"), node.get("steps")
    if (points is None) == (steps is None):
        raise SchemeError(f"{node.at} 这一档应写 points 或 steps 其中一个")
    return m.Band(
        tests,
        expression_of(points) if points is not None else None,
        steps_of(steps, rules, using) if steps is not None else None,
        node.at,
    )


def band_tests(node: Mapping) -> tuple[tuple[str, Expression], ...]:
    """The tests of a band or of a grade, in the order of the file."""
    return tuple((key, expression_of(value)) for key, value in node.entries.items() if key in BAND_TESTS)


def _stop(body: Node, at: Position) -> m.Stop:
    node = mapping_of(body, frozenset({"when", "points"}), "stop ")
    return m.Stop(required(node, "when", "stop "), optional(node, "points") or literal(0), at=at)


def _clamp(body: Node, at: Position) -> m.Clamp:
    pair = sequence_of(body, "clamp ")
    if len(pair.items) != 2:
        raise SchemeError(f"{body.at} clamp 应写成 [下限, 上限]")
    return m.Clamp(expression_of(pair.items[0]), expression_of(pair.items[1]), at=at)


def _bonus(body: Node, at: Position) -> m.Bonus:
    if not (isinstance(body, Mapping) and "points" in body):
        return m.Bonus(expression_of(body), at=at)
    node = mapping_of(body, frozenset({"points", "cap"}), "bonus ")
    return m.Bonus(required(node, "points", "bonus "), optional(node, "cap"), at=at)


def _deduct(body: Node, at: Position) -> m.Deduct:
    if not (isinstance(body, Mapping) and "points" in body):
        return m.Deduct(expression_of(body), at=at)
    node = mapping_of(body, frozenset({"points", "cap", "floor"}), "deduct ")
    return m.Deduct(required(node, "points", "deduct "), optional(node, "cap"), optional(node, "floor"), at=at)


def _per_unit(body: Node, at: Position) -> m.PerUnit:
    node = mapping_of(body, frozenset({"base", "from", "every", "above", "below", "exact"}), "per_unit ")
    exact = node.get("exact")
    return m.PerUnit(
        optional(node, "base") or literal(0),
        optional(node, "from") or literal(0),
        required(node, "every", "per_unit "),
        optional(node, "above"),
        optional(node, "below"),
        exact is not None and flag_of(exact),
        at=at,
    )


def _goalposts(body: Node, at: Position) -> m.Goalposts:
    node = mapping_of(body, frozenset({"low", "high", "to", "equal"}), "goalposts ")
    to = node.get("to")
    pair = sequence_of(to, "goalposts 的 to ") if to is not None else None
    if pair is not None and len(pair.items) != 2:
        raise SchemeError(f"{pair.at} goalposts 的 to 应写成 [起点分, 终点分]")
    return m.Goalposts(
        required(node, "low", "goalposts "),
        required(node, "high", "goalposts "),
        expression_of(pair.items[0]) if pair else literal(0),
        expression_of(pair.items[1]) if pair else literal(1),
        optional(node, "equal"),
        at=at,
    )


def _standardise(body: Node, at: Position) -> m.Standardise:
    node = mapping_of(body, frozenset({"mean", "sd", "kind"}), "standardise ")
    kind = node.get("kind")
    word = word_of(kind, ("sample", "population")) if kind is not None else "sample"
    return m.Standardise(
        optional(node, "mean") or literal(0), optional(node, "sd") or literal(1), word == "sample", at=at
    )


def _round(body: Node, at: Position) -> m.Round:
    if isinstance(body, Scalar):
        return m.Round(integer_of(body), at=at)
    node = mapping_of(body, frozenset({"decimals", "mode", "to"}), "round ")
    decimals, mode = node.get("decimals"), node.get("mode")
    return m.Round(
        integer_of(decimals) if decimals is not None else 0,
        word_of(mode, MODES) if mode is not None else "half_up",
        optional(node, "to"),
        at=at,
    )


def _map(body: Node, at: Position) -> m.MapText:
    if not isinstance(body, Mapping):
        raise SchemeError(f"{body.at} map 应写成 {{满意: 100, 不了解: exclude}}")
    rows: list[tuple[str, Expression]] = []
    excluded: list[str] = []
    for key, value in body.entries.items():
        if isinstance(value, Scalar) and value.text == "exclude":
            excluded.append(key)
        else:
            rows.append((key, expression_of(value)))
    return m.MapText(tuple(rows), tuple(excluded), at=at)


def _within(node: Mapping) -> Expression | str | None:
    value = node.get("within")
    if value is None:
        return None
    if isinstance(value, Scalar) and value.text == "all":
        return "all"
    return expression_of(value)


_RANK_KEYS = frozenset({"first", "within", "where", "outside", "ties", "break", "uses"})


def ranking_of(body: Node) -> m.Ranking:
    """The options of ``rank``, as a step or as an outcome (``rank: true``)."""
    if isinstance(body, Scalar):
        if body.text == "true":
            return m.Ranking()
        return m.Ranking(high_first=word_of(body, ("high", "low")) == "high")
    node = mapping_of(body, _RANK_KEYS, "rank ")
    first, ties, uses, chain = (node.get(key) for key in ("first", "ties", "uses", "break"))
    return m.Ranking(
        first is None or word_of(first, ("high", "low")) == "high",
        cast("Expression | None", _within(node)),
        optional(node, "where"),
        optional(node, "outside"),
        word_of(ties, TIES) if ties is not None else "min",
        tuple(_break(item) for item in sequence_of(chain, "break ")) if chain is not None else (),
        uses is not None and word_of(uses, ("exact", "published")) == "exact",
    )


def _break(item: Node) -> m.Break:
    if isinstance(item, Mapping) and "low" in item:
        return m.Break(expression_of(item.entries["low"]), high_first=False)
    if isinstance(item, Mapping) and "high" in item:
        return m.Break(expression_of(item.entries["high"]))
    if isinstance(item, Mapping) and "count_back" in item:
        body = mapping_of(
            item.entries["count_back"], frozenset({"table", "place", "places", "where"}), "count_back "
        )
        places = body.get("places")
        if "table" not in body:
            raise SchemeError(f"{body.at} count_back 缺少 table")
        return m.Break(
            m.CountBack(
                text_of(body.entries["table"]),
                required(body, "place", "count_back "),
                integer_of(places) if places is not None else 20,
                optional(body, "where"),
            )
        )
    return m.Break(expression_of(item))


def _rank(body: Node, at: Position) -> m.Rank:
    return m.Rank(ranking_of(body), at=at)


def _place_points(body: Node, at: Position) -> m.PlacePoints:
    return m.PlacePoints(tuple(expression_of(item) for item in sequence_of(body, "place_points ")), at=at)


def _percent_rank(body: Node, at: Position) -> m.PercentRank:
    if isinstance(body, Scalar):
        return m.PercentRank(word_of(body, PERCENT_RANKS), at=at)
    node = mapping_of(body, frozenset({"kind", "where", "outside", "within"}), "percent_rank ")
    kind = node.get("kind")
    return m.PercentRank(
        word_of(kind, PERCENT_RANKS) if kind is not None else "exclusive",
        cast("Expression | None", _within(node)),
        optional(node, "where"),
        optional(node, "outside"),
        at=at,
    )


def _winsorise(body: Node, at: Position) -> m.Winsorise:
    node = mapping_of(
        body, frozenset({"skew_below", "kurtosis_below", "at_most", "quantiles", "within"}), "winsorise "
    )
    quantiles, at_most = node.get("quantiles"), node.get("at_most")
    pair = sequence_of(quantiles, "quantiles ") if quantiles is not None else None
    within = _within(node)
    if pair is None and ("skew_below" not in node or at_most is None):
        raise SchemeError(f"{node.at} winsorise 应写 quantiles,或 skew_below(可加 kurtosis_below)与 at_most")
    return m.Winsorise(
        optional(node, "skew_below"),
        optional(node, "kurtosis_below"),
        integer_of(at_most) if at_most is not None else 0,
        (expression_of(pair.items[0]), expression_of(pair.items[1])) if pair else None,
        cast("Expression | None", "all" if within is None else within),
        at=at,
    )


_READERS: dict[str, Callable[[Node, Position], m.Step]] = {
    "curve": _curve,
    "stop": _stop,
    "cap": lambda body, at: m.Cap(expression_of(body), at=at),
    "floor": lambda body, at: m.Floor(expression_of(body), at=at),
    "clamp": _clamp,
    "scale": lambda body, at: m.Scale(expression_of(body), at=at),
    "add": lambda body, at: m.Add(expression_of(body), at=at),
    "calc": lambda body, at: m.Calc(expression_of(body), at=at),
    "bonus": _bonus,
    "deduct": _deduct,
    "per_unit": _per_unit,
    "goalposts": _goalposts,
    "standardise": _standardise,
    "round": _round,
    "map": _map,
    "rank": _rank,
    "place_points": _place_points,
    "percent_rank": _percent_rank,
    "impute": lambda body, at: m.Impute(expression_of(body), at=at),
    "winsorise": _winsorise,
    "expect": lambda body, at: m.Expect(expression_of(body), at=at),
}


def combine_of(node: Node | None) -> m.Combine:
    """``combine: sum`` · ``{power: 2}`` · ``{drop: {best: 1, worst: 1, then: mean}}``."""
    if node is None:
        return m.Combine()
    if isinstance(node, Scalar):
        return m.Combine(word_of(node, COMBINES - {"power", "keep", "drop"}), stated=True)
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        raise SchemeError(f"{node.at} combine 应为一个词,或 {{power: p}}、{{keep: …}}、{{drop: …}}")
    ((word, body),) = node.entries.items()
    if word == "power":
        return m.Combine("power", power=expression_of(body), stated=True)
    if word not in ("keep", "drop"):
        raise SchemeError(f"{node.keys[word]} combine 没有 {word}(可用:keep、drop、power)")
    trim = mapping_of(body, frozenset({"best", "worst", "then"}), f"combine 的 {word} ")
    best, worst, then = trim.get("best"), trim.get("worst"), trim.get("then")
    return m.Combine(
        word,
        best=integer_of(best) if best is not None else 0,
        worst=integer_of(worst) if worst is not None else 0,
        then=word_of(then, COMBINES - {"power", "keep", "drop"}) if then is not None else "sum",
        stated=True,
    )


def publish_of(node: Node) -> m.Publish:
    """``publish: 2`` or ``{decimals: 1, mode: half_even}``."""
    if isinstance(node, Scalar):
        return m.Publish(integer_of(node))
    body = mapping_of(node, frozenset({"decimals", "mode"}), "publish ")
    if "decimals" not in body:
        raise SchemeError(f"{body.at} publish 缺少 decimals")
    mode = body.get("mode")
    return m.Publish(
        integer_of(body.entries["decimals"]), word_of(mode, MODES) if mode is not None else "half_up"
    )


def bare_name(node: Node) -> str:
    """A name written bare or in backquotes, as text."""
    expression = expression_of(node)
    if isinstance(expression, Name):
        return expression.text
    raise SchemeError(f"{node.at} 这里应为名称")

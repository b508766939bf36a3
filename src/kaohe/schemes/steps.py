"""Steps, combines, rankings and publishing: YAML → model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, cast

from kaohe.facts.errors import SchemeError
from kaohe.quantities.rounding import MODES
from kaohe.schemes import model as m
from kaohe.schemes.documents import Mapping, Node, Position, Scalar, Sequence
from kaohe.schemes.expressions import Expression, literal
from kaohe.schemes.reading import (
    Faults,
    constant,
    each_of,
    expression_of,
    expressions_in,
    flag_of,
    integer_of,
    mapping_of,
    nearest,
    optional,
    pair_of,
    required,
    sequence_of,
    text_of,
    word_of,
)
from kaohe.schemes.vocabulary import (
    BAND_TESTS,
    COUNT_BACK_KEYS,
    PERCENT_RANKS,
    PLAIN_COMBINES,
    PUBLISH_KEYS,
    STEP_KEYS,
    STEPS,
    TIES,
    TRIM_KEYS,
)

_FLAT: m.Tail = "flat"


class Rules:
    """The named lists of steps (``rules:``) that ``use`` refers to."""

    def __init__(self, named: dict[str, tuple[tuple[str, ...], Sequence]]) -> None:
        self.named = named


def steps_of(node: Node, rules: Rules, using: tuple[str, ...] = ()) -> tuple[m.Step, ...]:
    """The steps of a list, rules written out in place.

    Raises ``SchemeError`` listing every step that cannot be read.
    """
    lists = each_of(sequence_of(node, "steps "), lambda item: _step(item, rules, using))
    return tuple(step for steps in lists for step in steps)


def _step(node: Node, rules: Rules, using: tuple[str, ...]) -> tuple[m.Step, ...]:
    if not isinstance(node, Mapping):
        raise SchemeError(f"{node.at} 每一步应写成“操作: 值”,例如 - cap: 30")
    if len(node.entries) != 1:
        written = "、".join(node.entries) or "(空)"
        raise SchemeError(f"{node.at} 每一步只写一个操作,这里写了 {written};请各占一行,前面加“- ”")
    ((word, body),) = node.entries.items()
    if word not in STEPS:
        raise SchemeError(f"{node.keys[word]} 没有步骤 {word}{nearest(word, STEPS)}")
    if word == "use":
        return _used(body, rules, using)
    if word == "bands":
        return (_bands(body, node.at, rules, using),)
    return (_READERS[word](body, node.at),)


def _used(body: Node, rules: Rules, using: tuple[str, ...]) -> tuple[m.Step, ...]:
    name, arguments = _called(body)
    if name not in rules.named:
        raise SchemeError(f"{body.at} 没有规则 {name}{nearest(name, rules.named)}")
    if name in using:
        raise SchemeError(f"{body.at} 规则循环引用:{' → '.join((*using, name))}")
    expected, steps = rules.named[name]
    if set(arguments) != set(expected):
        needed, given = ("、".join(names) or "(无)" for names in (expected, arguments))
        raise SchemeError(f"{body.at} 规则 {name} 需要参数 {needed},实有 {given}")
    read = steps_of(steps, rules, (*using, name))
    filled = m.map_expressions(read, lambda expression: m.substitute(expression, arguments))
    return tuple(replace(step, rule=name) for step in filled)


def _called(body: Node) -> tuple[str, dict[str, Expression]]:
    if isinstance(body, Scalar):
        return body.text, {}
    if not isinstance(body, Mapping) or "rule" not in body:
        raise SchemeError(f"{body.at} use 应写成规则名,或 {{rule: 规则名, 参数: 值}}")
    names = [key for key in body.entries if key != "rule"]
    values = each_of((body.entries[name] for name in names), expression_of)
    return text_of(body.entries["rule"]), dict(zip(names, values, strict=True))


def _curve(body: Node, at: Position) -> m.Curve:
    if isinstance(body, Sequence):
        return m.Curve(_knots(body), at=at)
    node = mapping_of(body, STEP_KEYS["curve"], "curve ")
    if "knots" not in node:
        raise SchemeError(f"{node.at} curve 缺少 knots")
    faults = Faults()
    knots = faults.attempt(lambda: _knots(node.entries["knots"]), ())
    left = faults.attempt(lambda: _tail(node.get("left")), _FLAT)
    right = faults.attempt(lambda: _tail(node.get("right")), _FLAT)
    faults.done()
    return m.Curve(knots, left, right, at=at)


def _knots(node: Node) -> tuple[tuple[Expression, Expression], ...]:
    pairs = sequence_of(node, "curve 的折点")
    if not pairs.items:
        raise SchemeError(f"{node.at} curve 至少要有一个折点")
    knots = each_of(pairs, lambda pair: pair_of(pair, "折点", "[横坐标, 得分]"))
    for (left, _), (right, _) in pairwise(knots):
        before, after = constant(left), constant(right)
        if before is not None and after is not None and after <= before:
            raise SchemeError(
                f"{right.at} curve 的横坐标应逐个增大,实有 {_shown(before)} 之后 {_shown(after)}"
            )
    return knots


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _tail(node: Node | None) -> m.Tail:
    if node is None:
        return "flat"
    if isinstance(node, Scalar) and node.text in ("flat", "extend"):
        return cast(m.Tail, node.text)
    return expression_of(node)


def _bands(body: Node, at: Position, rules: Rules, using: tuple[str, ...]) -> m.Bands:
    return m.Bands(each_of(sequence_of(body, "bands "), lambda row: _band(row, rules, using)), at=at)


def _band(row: Node, rules: Rules, using: tuple[str, ...]) -> m.Band:
    node = mapping_of(row, STEP_KEYS["bands"], "bands 的一档")
    tests = band_tests(node)
    last, points, steps = node.get("else"), node.get("points"), node.get("steps")
    _check_else(node, last, bool(tests))
    if isinstance(last, Scalar) and last.text == "keep":
        return m.Band((), None, None, node.at)
    if (points is None) == (steps is None):
        raise SchemeError(f"{node.at} 这一档应写 points 或 steps 其中一个")
    return m.Band(
        tests,
        expression_of(points) if points is not None else None,
        steps_of(steps, rules, using) if steps is not None else None,
        node.at,
    )


def _check_else(node: Mapping, last: Node | None, has_tests: bool) -> None:
    if last is None:
        if not has_tests:
            raise SchemeError(f"{node.at} 这一档没有条件;最后一档写 {{else: true, points: …}}")
        return
    if has_tests:
        raise SchemeError(f"{node.at} else 的一档不能再带条件")
    word_of(last, ("true", "keep"))


def band_tests(node: Mapping) -> tuple[tuple[str, Expression], ...]:
    """The tests of a band or of a grade, in the order of the file."""
    return each_of(
        ((key, value) for key, value in node.entries.items() if key in BAND_TESTS),
        lambda test: (test[0], expression_of(test[1])),
    )


def _stop(body: Node, at: Position) -> m.Stop:
    node = mapping_of(body, STEP_KEYS["stop"], "stop ")
    when, points = _parts(node, "stop ", "when", "?points")
    return m.Stop(_present(when), points or literal(0), at=at)


def _parts(node: Mapping, what: str, *keys: str) -> tuple[Expression | None, ...]:
    """The expressions under the keys, in their order; those with a ``?`` may be left out."""

    def part(key: str) -> Expression | None:
        return optional(node, key[1:]) if key.startswith("?") else required(node, key, what)

    return each_of(keys, part)


def _present(expression: Expression | None) -> Expression:
    assert expression is not None
    return expression


def _clamp(body: Node, at: Position) -> m.Clamp:
    return m.Clamp(*pair_of(body, "clamp ", "[下限, 上限]"), at=at)


def _bonus(body: Node, at: Position) -> m.Bonus:
    if not isinstance(body, Mapping) or "by" in body:
        return m.Bonus(expression_of(body), at=at)
    node = mapping_of(body, STEP_KEYS["bonus"], "bonus ")
    points, cap = _parts(node, "bonus ", "points", "?cap")
    return m.Bonus(_present(points), cap, at=at)


def _deduct(body: Node, at: Position) -> m.Deduct:
    if not isinstance(body, Mapping) or "by" in body:
        return m.Deduct(expression_of(body), at=at)
    node = mapping_of(body, STEP_KEYS["deduct"], "deduct ")
    points, cap, floor = _parts(node, "deduct ", "points", "?cap", "?floor")
    return m.Deduct(_present(points), cap, floor, at=at)


def _per_unit(body: Node, at: Position) -> m.PerUnit:
    node = mapping_of(body, STEP_KEYS["per_unit"], "per_unit ")
    base, origin, every, above, below = _parts(
        node, "per_unit ", "?base", "?from", "every", "?above", "?below"
    )
    exact = node.get("exact")
    return m.PerUnit(
        base or literal(0),
        origin or literal(0),
        _present(every),
        above,
        below,
        exact is not None and flag_of(exact),
        at=at,
    )


def _goalposts(body: Node, at: Position) -> m.Goalposts:
    node = mapping_of(body, STEP_KEYS["goalposts"], "goalposts ")
    low, high, equal = _parts(node, "goalposts ", "low", "high", "?equal")
    to = node.get("to")
    first, last = (
        (literal(0), literal(1)) if to is None else pair_of(to, "goalposts 的 to ", "[起点分, 终点分]")
    )
    return m.Goalposts(_present(low), _present(high), first, last, equal, at=at)


def _standardise(body: Node, at: Position) -> m.Standardise:
    node = mapping_of(body, STEP_KEYS["standardise"], "standardise ")
    mean, sd = _parts(node, "standardise ", "?mean", "?sd")
    kind = node.get("kind")
    sample = kind is None or word_of(kind, ("sample", "population")) == "sample"
    return m.Standardise(mean or literal(0), sd or literal(1), sample, at=at)


def _round(body: Node, at: Position) -> m.Round:
    if isinstance(body, Scalar):
        return m.Round(integer_of(body), at=at)
    node = mapping_of(body, STEP_KEYS["round"], "round ")
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
    excluded = tuple(key for key, value in body.entries.items() if _is_word(value, "exclude"))
    rows = each_of(
        ((key, value) for key, value in body.entries.items() if key not in excluded),
        lambda row: (row[0], expression_of(row[1])),
    )
    return m.MapText(rows, excluded, at=at)


def _is_word(node: Node | None, word: str) -> bool:
    return isinstance(node, Scalar) and node.text == word


def within_of(node: Mapping) -> Expression | Literal["all"] | None:
    """The key ``within``: an attribute, ``all``, or nothing (the scheme's peers)."""
    value = node.get("within")
    return "all" if _is_word(value, "all") else optional(node, "within")


def ranking_of(body: Node) -> m.Ranking:
    """The options of ``rank``, as a step or as an outcome (``rank: true``)."""
    if isinstance(body, Scalar):
        if body.text == "true":
            return m.Ranking()
        return m.Ranking(high_first=word_of(body, ("high", "low")) == "high")
    node = mapping_of(body, STEP_KEYS["rank"], "rank ")
    first, ties, uses, chain = (node.get(key) for key in ("first", "ties", "uses", "break"))
    return m.Ranking(
        first is None or word_of(first, ("high", "low")) == "high",
        within_of(node),
        optional(node, "where"),
        optional(node, "outside"),
        word_of(ties, TIES) if ties is not None else "min",
        each_of(sequence_of(chain, "break "), _break) if chain is not None else (),
        uses is not None and word_of(uses, ("exact", "published")) == "exact",
    )


def _break(item: Node) -> m.Break:
    if not isinstance(item, Mapping) or "by" in item:
        return m.Break(expression_of(item))
    mapping_of(item, frozenset({"low", "high", "count_back"}), "break 的一项")
    if len(item.entries) != 1:
        raise SchemeError(f"{item.at} break 的一项只写 low、high 或 count_back 其中一个")
    ((word, body),) = item.entries.items()
    if word == "count_back":
        return m.Break(_count_back(body))
    return m.Break(expression_of(body), high_first=word == "high")


def _count_back(node: Node) -> m.CountBack:
    body = mapping_of(node, COUNT_BACK_KEYS, "count_back ")
    places = body.get("places")
    if "table" not in body:
        raise SchemeError(f"{body.at} count_back 缺少 table")
    return m.CountBack(
        text_of(body.entries["table"]),
        required(body, "place", "count_back "),
        integer_of(places) if places is not None else 20,
        optional(body, "where"),
    )


def _rank(body: Node, at: Position) -> m.Rank:
    return m.Rank(ranking_of(body), at=at)


def _place_points(body: Node, at: Position) -> m.PlacePoints:
    return m.PlacePoints(expressions_in(body, "place_points "), at=at)


def _percent_rank(body: Node, at: Position) -> m.PercentRank:
    if isinstance(body, Scalar):
        return m.PercentRank(word_of(body, PERCENT_RANKS), at=at)
    node = mapping_of(body, STEP_KEYS["percent_rank"], "percent_rank ")
    kind = node.get("kind")
    return m.PercentRank(
        word_of(kind, PERCENT_RANKS) if kind is not None else "exclusive",
        within_of(node),
        optional(node, "where"),
        optional(node, "outside"),
        at=at,
    )


def _winsorise(body: Node, at: Position) -> m.Winsorise:
    node = mapping_of(body, STEP_KEYS["winsorise"], "winsorise ")
    quantiles, at_most = node.get("quantiles"), node.get("at_most")
    if quantiles is None and ("skew_below" not in node or at_most is None):
        raise SchemeError(f"{node.at} winsorise 应写 quantiles,或 skew_below(可加 kurtosis_below)与 at_most")
    skew, kurtosis = _parts(node, "winsorise ", "?skew_below", "?kurtosis_below")
    return m.Winsorise(
        skew,
        kurtosis,
        integer_of(at_most) if at_most is not None else 0,
        pair_of(quantiles, "quantiles ", "[低, 高]") if quantiles is not None else None,
        within_of(node) or "all",
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
        return m.Combine(word_of(node, PLAIN_COMBINES), stated=True)
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        raise SchemeError(f"{node.at} combine 应为一个词,或 {{power: p}}、{{keep: …}}、{{drop: …}}")
    ((word, body),) = node.entries.items()
    if word == "power":
        return m.Combine("power", power=expression_of(body), stated=True)
    if word not in ("keep", "drop"):
        raise SchemeError(f"{node.keys[word]} combine 没有 {word}(可用:keep、drop、power)")
    trim = mapping_of(body, TRIM_KEYS, f"combine 的 {word} ")
    best, worst, then = trim.get("best"), trim.get("worst"), trim.get("then")
    return m.Combine(
        word,
        best=integer_of(best) if best is not None else 0,
        worst=integer_of(worst) if worst is not None else 0,
        then=word_of(then, PLAIN_COMBINES) if then is not None else "sum",
        stated=True,
    )


def publish_of(node: Node) -> m.Publish:
    """``publish: 2`` or ``{decimals: 1, mode: half_even}``."""
    if isinstance(node, Scalar):
        return m.Publish(integer_of(node))
    body = mapping_of(node, PUBLISH_KEYS, "publish ")
    if "decimals" not in body:
        raise SchemeError(f"{body.at} publish 缺少 decimals")
    mode = body.get("mode")
    return m.Publish(
        integer_of(body.entries["decimals"]), word_of(mode, MODES) if mode is not None else "half_up"
    )

"""Bands and grades that never apply, or whose order decides where it should not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from kaohe.schemes import model as m
from kaohe.schemes.documents import Position
from kaohe.schemes.expressions import Binary, Expression, Name
from kaohe.schemes.findings import Finding, warning
from kaohe.schemes.reach import Surroundings, exactly
from kaohe.schemes.texts import number_words

Tests = tuple[tuple[str, Expression], ...]
_OF_OPERATOR = {"<": "below", "<=": "up_to", ">": "above", ">=": "at_least", "=": "equals"}


@dataclass(frozen=True)
class _Span:
    """The values of x that a row takes. An end is (value, whether it belongs to the row); None: no end.

    ``whole`` tells that the row takes all of them: a condition on something else may take only some.
    """

    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    whole: bool = True

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low[0] > self.high[0] or (
            self.low[0] == self.high[0] and not (self.low[1] and self.high[1])
        )


def check_bands(scheme: m.Scheme) -> Iterator[Finding]:
    """Warnings for the bands of every step and for the grades of every node."""
    around = Surroundings(parameters=dict(scheme.parameters))
    given = {value for node in scheme.nodes() for gate in node.gates for _, value in gate.effects}
    for node in scheme.nodes():
        for step in all_steps(node):
            if isinstance(step, m.Bands):
                yield from _rows(_band_rows(step), around)
        yield from _rows(_grade_rows(node, given), around)


def all_steps(node: m.Criterion) -> Iterator[m.Step]:
    """Every step of a node, of the items and groups inside it, and of its bands."""
    each = node.each
    inner = [node.steps]
    while each is not None:
        inner += [each.group_by.steps] if each.group_by is not None else []
        item = each.item
        if item is None:
            break
        inner.append(item.steps)
        for child in item.criteria:
            inner.append(tuple(all_steps(child)))
        each = item.each
    for steps in inner:
        for step in steps:
            yield step
            if isinstance(step, m.Bands):
                yield from (below for row in step.rows for below in row.steps or ())


@dataclass(frozen=True)
class _Row:
    """A band or a grade: its tests, what it gives, and whether anything else decides as well."""

    tests: Tests
    gives: object
    at: Position
    partly: bool = False
    what: str = "一档"

    @property
    def takes_all(self) -> bool:
        return not self.tests and not self.partly


def _band_rows(step: m.Bands) -> list[_Row]:
    return [_Row(row.tests, row.steps if row.points is None else row.points, row.at) for row in step.rows]


def _grade_rows(node: m.Criterion, given: set[Expression | str]) -> list[_Row]:
    """The grades in order; those at the end that only a gate gives are left out."""
    rows = list(node.grades)
    while len(rows) > 1 and rows[-1].tests and rows[-1].grade in given:
        rows.pop()
    return [_Row(row.tests, row.grade, row.at, row.top is not None, "一等") for row in rows]


def _rows(rows: Sequence[_Row], around: Surroundings) -> Iterator[Finding]:
    spans = [_span(row, around) for row in rows]
    last = next((number for number, row in enumerate(rows) if row.takes_all), len(rows))
    if last < len(rows) - 1:
        yield warning(
            "else-not-last",
            f"这{rows[last].what}接收其余所有,后面的 {len(rows) - 1 - last} 档轮不到",
            rows[last].at,
        )
    for number, (row, span) in enumerate(zip(rows[:last], spans, strict=False)):
        before = [other for other in spans[:number] if other is not None and other.whole]
        if span is not None and (span.is_empty or _covered(span, before)):
            reason = "条件自相矛盾" if span.is_empty else "前面的各档已全部接收"
            yield warning("unreachable-band", f"这{row.what}轮不到:{reason}", row.at)
    yield from _overlaps(rows[:last], spans, around)


def _span(row: _Row, around: Surroundings) -> _Span | None:
    """The values that the row takes, as far as they can be told; None when nothing can."""
    span = _Span(whole=not row.partly)
    if row.takes_all:
        return span
    for test, value in row.tests:
        for part, known in _plain_tests(test, value, around):
            span = _narrowed(span, part, known) if known is not None else _partly(span)
    return None if span.low is None and span.high is None else span


def _partly(span: _Span) -> _Span:
    return _Span(span.low, span.high, whole=False)


def _plain_tests(test: str, value: Expression, around: Surroundings) -> Iterator[tuple[str, Fraction | None]]:
    """``when: x >= 60% and trained = 1`` as (at_least, 60%) and a test that nothing is known of."""
    if test != "when":
        yield test, around.reach(value).point
    elif isinstance(value, Binary) and value.operator == "and":
        yield from _plain_tests("when", value.left, around)
        yield from _plain_tests("when", value.right, around)
    elif isinstance(value, Binary) and value.operator in _OF_OPERATOR and value.left == Name("x"):
        yield _OF_OPERATOR[value.operator], around.reach(value.right).point
    else:
        yield "when", None


def _narrowed(span: _Span, test: str, value: Fraction) -> _Span:
    low, high = span.low, span.high
    if test in ("at_least", "above", "equals"):
        end = (value, test != "above")
        low = end if low is None or (end[0], not end[1]) > (low[0], not low[1]) else low
    if test in ("up_to", "below", "equals"):
        end = (value, test != "below")
        high = end if high is None or (end[0], end[1]) < (high[0], high[1]) else high
    return _Span(low, high, span.whole)


def _covered(span: _Span, others: list[_Span]) -> bool:
    """Whether the others together take all of a row: what is left of it is cut down one by one."""
    left = [span]
    for other in others:
        left = [rest for part in left for rest in _without(part, other)]
    return not left


def _without(part: _Span, other: _Span) -> list[_Span]:
    below, above = part, part
    if other.low is None:
        below = _Span((Fraction(1), True), (Fraction(0), True))
    else:
        below = _narrowed(part, "below" if other.low[1] else "up_to", other.low[0])
    if other.high is None:
        above = _Span((Fraction(1), True), (Fraction(0), True))
    else:
        above = _narrowed(part, "above" if other.high[1] else "at_least", other.high[0])
    return [rest for rest in (below, above) if not rest.is_empty]


def _overlaps(rows: Sequence[_Row], spans: Sequence[_Span | None], around: Surroundings) -> Iterator[Finding]:
    """Two rows that take some of each other's values, neither lying within the other.

    A ladder (up_to 3, up_to 6 …) overlaps as well, but there the order is the rule itself.
    """
    for (row, span), (other, second) in combinations(zip(rows, spans, strict=False), 2):
        if span is None or second is None or not (span.whole and second.whole) or row.gives == other.gives:
            continue
        common = _common(span, second)
        if common.is_empty or not _without(span, second) or not _without(second, span):
            continue
        if not _same_at_the_seam(row, other, common, around):
            yield warning(
                "overlapping-bands",
                f"这{other.what}与第 {row.at.line} 行的一{row.what[-1]}都接收 {_words(common)},"
                "调换次序结果就不同;请把界限写清",
                other.at,
            )


def _common(a: _Span, b: _Span) -> _Span:
    both = a
    if b.low is not None:
        both = _narrowed(both, "at_least" if b.low[1] else "above", b.low[0])
    if b.high is not None:
        both = _narrowed(both, "up_to" if b.high[1] else "below", b.high[0])
    return both


def _same_at_the_seam(row: _Row, other: _Row, common: _Span, around: Surroundings) -> bool:
    """Whether two rows that meet in one value give the same there."""
    if common.low is None or common.high is None or common.low[0] != common.high[0]:
        return False
    at = Surroundings(exactly(common.low[0]), around.parameters)
    given = [at.reach(part.gives).point for part in (row, other) if not isinstance(part.gives, str | tuple)]  # type: ignore[arg-type]
    return len(given) == 2 and given[0] is not None and given[0] == given[1]


def _words(span: _Span) -> str:
    if span.low is not None and span.high is not None:
        if span.low[0] == span.high[0]:
            return number_words(span.low[0])
        return f"{number_words(span.low[0])} 到 {number_words(span.high[0])} 之间的值"
    if span.low is not None:
        return f"{number_words(span.low[0])} 以上的值"
    return f"{number_words(span.high[0])} 以下的值" if span.high is not None else "所有的值"

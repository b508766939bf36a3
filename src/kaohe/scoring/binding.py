"""Names of a scheme meet the facts: every name becomes a column, a field, a parameter or a node.

Fact functions are written out into primitives, so that scoring and the SQL compiler know few of them:
``attainment(i)`` is ``share_of(i, target)``, ``yoy(i)`` is ``growth_over(i, baseline)``; both are
undefined on a base ≤ 0. Quantities (500亿元) are converted to the measure of the indicator beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kaohe.facts.dataset import Dataset
from kaohe.facts.errors import SchemeError
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.schemes.expressions import Current, Expression, Input, Name, walk
from kaohe.scoring.bound_expressions import ExpressionBinder, Scope, nearest_of, period_of, start_of
from kaohe.scoring.measures import measure_of_expression

_KEEPS_MEASURE = (m.Stop, m.Cap, m.Floor, m.Clamp, m.Impute, m.Winsorise, m.Expect, m.Round)

__all__ = ["Bound", "bind", "inputs_of", "period_of"]


@dataclass(frozen=True)
class Bound:
    """A scheme whose expressions know their data; ``rows`` are the assessed units' places in ``dataset``."""

    scheme: m.Scheme
    dataset: Dataset
    period: Period | None
    rows: tuple[int, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The assessed units, in official or file order."""
        return tuple(self.dataset.units[row] for row in self.rows)


def bind(scheme: m.Scheme, dataset: Dataset) -> Bound:
    """The scheme with every name bound to the facts.

    Raises ``SchemeError`` with one message for each unknown or ambiguous name, text compared with a
    number, or measures that cannot be compared; each with file, line, column and the nearest known name.
    """
    return Binder(scheme, dataset).bound()


class Binder(ExpressionBinder):
    """Walks the tree of criteria and binds every expression in it."""

    def bound(self) -> Bound:
        scheme = self._scheme
        outside = Scope()
        filled = replace(
            scheme,
            root=self._criterion(scheme.root, outside),
            also=tuple(self._criterion(node, outside) for node in scheme.also),
            eligible=self._optional(scheme.eligible, outside),
            units=self._optional(scheme.units, outside),
            scale=self._optional(scheme.scale, outside),
            tables=tuple((name, self._table(name, table)) for name, table in scheme.tables),
        )
        if scheme.peers is not None:
            self._checked(lambda: self._attribute(Name(scheme.peers or "", at=scheme.root.at)))
        if self._messages:
            raise SchemeError(dict.fromkeys(self._messages))
        return Bound(filled, self._dataset, self._dataset.period)

    def _table(self, name: str, table: m.Table) -> m.Table:
        if name not in self._dataset.tables():
            return table
        return replace(
            table,
            where=self._optional(table.where, Scope(tables=(name,))),
            reported=self._optional(table.reported, Scope()),
        )

    # --- criteria -------------------------------------------------------------------------------

    def _criterion(self, node: m.Criterion, outer: Scope) -> m.Criterion:
        scope = replace(outer, node=node.id if not outer.tables and not outer.cell else outer.node)
        inside = replace(scope, steps=True)

        def bound(expression: Expression) -> Expression:
            return self.expression(expression, scope)

        def stepped(expression: Expression) -> Expression:
            return self.expression(expression, inside)

        return replace(
            node,
            points=self._optional(node.points, scope),
            extra=m.map_expressions(node.extra, bound),
            weight=self._optional(node.weight, scope),
            figure=self._optional(node.figure, scope),
            criteria=tuple(self._criterion(child, outer) for child in node.criteria),
            each=self._each(node.each, scope) if node.each is not None else None,
            combine=m.map_expressions(node.combine, bound),
            steps=self._steps(node, scope),
            policies=m.map_expressions(node.policies, bound),
            applies=self._optional(node.applies, scope),
            gates=m.map_expressions(node.gates, stepped),
            rank=self._ranking(node.rank, inside) if node.rank is not None else None,
            grades=m.map_expressions(node.grades, stepped),
        )

    def _steps(self, node: m.Criterion, scope: Scope) -> tuple[m.Step, ...]:
        """The steps; ``x`` is in the measure of the figure until a step turns it into points."""
        figure = self._optional_quietly(node.figure, scope)
        measure = measure_of_expression(figure) if figure is not None else None
        bound: list[m.Step] = []
        for step in node.steps:
            bound.append(self._step(step, replace(scope, steps=True, x_measure=measure)))
            measure = measure if isinstance(step, _KEEPS_MEASURE) else None
        return tuple(bound)

    def _optional_quietly(self, expression: Expression | None, scope: Scope) -> Expression | None:
        before = len(self._messages)
        bound = self._optional(expression, scope)
        del self._messages[before:]
        return bound

    def _step(self, step: m.Step, scope: Scope) -> m.Step:
        if isinstance(step, m.Rank):
            return replace(step, ranking=self._ranking(step.ranking, scope))
        return m.map_expressions(
            step, lambda expression: self._as_x(self.expression(expression, scope), scope.x_measure)
        )

    def _ranking(self, ranking: m.Ranking, scope: Scope) -> m.Ranking:
        rest = m.map_expressions(replace(ranking, breaks=()), lambda e: self.expression(e, scope))
        return replace(rest, breaks=tuple(self._break(link, scope) for link in ranking.breaks))

    def _break(self, link: m.Break, scope: Scope) -> m.Break:
        if not isinstance(link.by, m.CountBack):
            return replace(link, by=self.expression(link.by, scope))
        rule = link.by
        self._checked(lambda: self._record_table(rule.table, rule.place.at))
        inside = Scope(scope.node, (rule.table,))
        return replace(link, by=m.map_expressions(rule, lambda e: self.expression(e, inside)))

    def _each(self, each: m.Each, scope: Scope) -> m.Each:
        if each.source in ("table", "marks"):
            self._checked(lambda: self._record_table(each.table, start_of(each)))
        if each.source == "linked":
            self._checked(lambda: self._attribute(Name(each.table, at=start_of(each))))
        inside = self._inside(each, scope)
        stepped = replace(inside, steps=True)
        group = each.group_by
        bound_group = None
        if group is not None:
            bound_group = m.GroupBy(
                self.expression(group.key, inside),
                m.map_expressions(group.combine, lambda e: self.expression(e, scope)),
                tuple(self._step(step, replace(scope, steps=True)) for step in group.steps),
                tuple((key, self.expression(weight, scope)) for key, weight in group.weights),
            )
        return replace(
            each,
            weights=tuple(self.expression(weight, scope) for weight in each.weights),
            where=self._optional(each.where, inside),
            item=self._item(each.item, each, inside),
            once=m.map_expressions(each.once, lambda e: self.expression(e, stepped)),
            group_by=bound_group,
            empty=m.map_expressions(each.empty, lambda e: self.expression(e, scope)),
        )

    def _inside(self, each: m.Each, scope: Scope) -> Scope:
        if each.source in ("table", "marks"):
            return replace(scope, tables=(each.table, *scope.tables))
        if each.source == "columns":
            self._check_columns(each, scope)
            return replace(scope, cell=True)
        return scope

    def _check_columns(self, each: m.Each, scope: Scope) -> None:
        known = self._fields(scope.tables[0]) if scope.tables else self._names
        for column in each.columns:
            if column not in known:
                self._messages.append(f"{start_of(each)} 找不到列 {column}{nearest_of(column, known)}")

    def _item(self, item: m.Criterion | None, each: m.Each, scope: Scope) -> m.Criterion | None:
        if item is not None:
            return self._criterion(item, scope)
        if each.source == "columns":
            return m.Criterion("item", "", start_of(each), figure=Current("value"))
        figure = self.expression(Name("value", at=start_of(each)), scope)
        if each.source == "marks" and "value" not in self._fields(each.table):
            figure = self.expression(Name("mark", scope="record", at=start_of(each)), scope)
        return m.Criterion("item", "", start_of(each), figure=figure)


def inputs_of(scheme: m.Scheme) -> tuple[Input, ...]:
    """Every distinct column of facts that a bound scheme reads, in order of first use."""
    seen: dict[Input, None] = {}
    for top in m.expressions_of(scheme):
        for part in walk(top):
            if isinstance(part, Input):
                seen.setdefault(part)
    return tuple(seen)

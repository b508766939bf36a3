"""The board: where a unit stands on every target that a scheme scores, behind schedule first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from kaohe.facts.errors import DataError
from kaohe.outlook.criteria import CriterionRows
from kaohe.outlook.figures import Figure, Span
from kaohe.outlook.hidden_parts import hidden_part
from kaohe.outlook.lights import Light, Lights, usual_lights
from kaohe.outlook.model import Board, Difficulty, Doubt, Group, HiddenPart, Row, Undecided
from kaohe.outlook.observed import UnitFacts
from kaohe.quantities.periods import Period
from kaohe.schemes import model as m
from kaohe.scoring.api import run_scheme
from kaohe.scoring.explaining import Explainer
from kaohe.scoring.numbers import Null
from kaohe.scoring.oracle.run import Run
from kaohe.scoring.ranges import with_ranges
from kaohe.scoring.results import sheet_of
from kaohe.scoring.sheet import Sheet
from kaohe.scoring.working import Working

_KEY = re.compile(r"[a-z]+(?:_[a-z]+)+")
_URGENCY = ("red", "amber", "missing", "due", "green")
_SHORT_CAUSE = 4
_BY_PEERS = "同类未报齐"
_WHY = {Null.MISSING: "缺报", Null.NOT_DUE: "未到期", Null.UNDEFINED: "无法计算"}


def board(
    scheme: str | Path,
    data: str | Path,
    unit: str | None = None,
    period: str | Period | None = None,
    lights: Lights | None = None,
) -> Board:
    """Where ``unit`` stands in ``period`` under ``scheme``, by the facts of ``data``.

    ``unit`` is a reporting unit's key, name or short name; by default the first one assessed, in official
    order. ``lights`` are the limits and words of the lights (``lights.yaml``).

    Raises ``SchemeError`` or ``DataError`` with every fault found.

    >>> from kaohe.demo import folder
    >>> stand = board(folder() / "county.yaml", folder() / "ledger")
    >>> stand.name, stand.behind[-1].name, stand.behind[-1].progress.attainment.text
    ('清渚镇(示例)', '工业总产值', '69.4')
    """
    run = run_scheme(scheme, data, period)
    sheet = with_ranges(run, sheet_of)
    facts = UnitFacts(run.dataset, _chosen(run, unit))
    return _Assembly(run, sheet, facts, lights or usual_lights()).board()


def boards(run: Run, sheet: Sheet | None = None, lights: Lights | None = None) -> Iterator[Board]:
    """The board of every assessed unit of one run, in official order; ``sheet`` is the run's, with ranges.

    >>> from kaohe.demo import folder
    >>> run = run_scheme(folder() / "county.yaml", folder() / "ledger")
    >>> [each.name for each in boards(run)][:2]
    ['清渚镇(示例)', '示例甲镇']
    """
    scored, limits = sheet or with_ranges(run, sheet_of), lights or usual_lights()
    for unit in run.units:
        yield _Assembly(run, scored, UnitFacts(run.dataset, unit), limits).board()


def _chosen(run: Run, unit: str | None) -> str:
    if unit is None:
        return run.units[0]
    for name in ("", "name", "short_name"):
        found = [key for key in run.units if _called(run, key, name) == unit]
        if len(found) == 1:
            return found[0]
    raise DataError(f"找不到被考核单位 {unit};应为 {'、'.join(run.units)} 之一")


def _called(run: Run, unit: str, attribute: str) -> str:
    if not attribute:
        return unit
    if attribute not in run.dataset.names():
        return ""
    return run.dataset.attribute(attribute)[run.dataset.units.index(unit)].raw


class _Assembly:
    """The parts of one board, each worked out once."""

    def __init__(self, run: Run, sheet: Sheet, facts: UnitFacts, lights: Lights) -> None:
        self.run, self.sheet, self.facts, self.lights = run, sheet, facts, lights
        self.place = run.units.index(facts.unit)
        self.criteria = CriterionRows(run, sheet, facts, lights, self.doubts, self.tasks)

    def board(self) -> Board:
        scheme, period = self.run.scheme, self.facts.period
        groups = self.groups
        root = self.criteria.points(scheme.root)
        return Board(
            unit=self.facts.unit,
            name=_called(self.run, self.facts.unit, "name") or self.facts.unit,
            period=period,
            scheme=scheme.title,
            version=scheme.version,
            issuer=scheme.issuer,
            as_of=self.facts.recorded_at,
            pace=Fraction(period.end_month, 12) * 100,
            remaining_months=12 - period.end_month,
            behind_limit=self.lights.behind,
            full=self.criteria.constant(scheme.scale) or self.criteria.full(scheme.root),
            total=root,
            rank=self._rank(),
            peers=self.run.peer_key.count(self.run.peer_key[self.place]),
            peer_group=self.run.peer_key[self.place],
            grade=self._grade(),
            undecided=tuple(self._undecided()),
            counts=self._counts(),
            rows=self.rows,
            groups=groups,
            hidden=tuple(self.hidden.values()),
            doubts=self.doubts,
            difficulties=tuple(self._difficulties()),
            working=self._working(),
            has_demo=any(row.progress.actual.demo or row.progress.target.demo for row in self.rows),
            points_demo="虚构" in scheme.basis,
        )

    # --- rows -----------------------------------------------------------------------------------

    @cached_property
    def hidden(self) -> dict[str, HiddenPart]:
        """Totals that hide a lagging part, by the criterion that scores them."""
        found: dict[str, HiddenPart] = {}
        for group in self._plain_groups:
            for row in group.rows:
                hides = hidden_part(self.facts, row.progress, self.lights) if row.counted else None
                if hides is not None:
                    found[row.id] = hides
        return found

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups; a total that hides a part is marked and followed by its parts without a row."""
        known = {row.progress.indicator for group in self._plain_groups for row in group.rows}
        return tuple(replace(group, rows=self._marked(group.rows, known)) for group in self._plain_groups)

    def _marked(self, rows: Sequence[Row], known: set[str]) -> tuple[Row, ...]:
        return tuple(marked for row in rows for marked in self._with_parts(row, known))

    def _with_parts(self, row: Row, known: set[str]) -> Iterator[Row]:
        hides = self.hidden.get(row.id)
        if hides is None:
            yield row
            return
        is_green = row.light is not None and row.light.tone == "green"
        light = self.lights["hidden"] if is_green else row.light
        yield replace(row, progress=hides.total, light=light, note=hides.sentence)
        for part in hides.parts:
            if part.indicator not in known:
                yield self.criteria.part_row(row, part)

    @cached_property
    def _plain_groups(self) -> tuple[Group, ...]:
        root = self.run.scheme.root
        blocks = root.criteria or (root,)
        if not any(node.criteria for node in blocks):
            return (self._group(root, blocks), *self._unscored())
        return (*(self._group(node, node.criteria or (node,)) for node in blocks), *self._unscored())

    def _group(self, node: m.Criterion, members: Sequence[m.Criterion]) -> Group:
        rows = tuple(row for member in members for row in self.criteria.rows(member))
        return Group(node.id, node.name, self.criteria.full(node), self.criteria.points(node), rows)

    def _unscored(self) -> Iterator[Group]:
        """Criteria shown beside the total, unless their indicator has a row already."""
        seen = {self.criteria.main(node) for node in self.run.scheme.root.walk()}
        extra = [node for node in self.run.scheme.also if self.criteria.main(node) not in seen]
        if extra:
            rows = [replace(row, scored=False) for node in extra for row in self.criteria.rows(node)]
            yield Group("also", "只记录,不计分", None, Span(), tuple(rows))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row that is a target: behind its schedule first, the farthest behind on top."""
        counted = [row for group in self.groups for row in group.rows if row.counted]
        return tuple(sorted(counted, key=_order))

    def _counts(self) -> tuple[tuple[str, str, int], ...]:
        tones = [row.light.tone for row in self.rows if row.light is not None]
        return tuple((tone, word, tones.count(tone)) for tone, word in self.lights.counts.items())

    # --- total ----------------------------------------------------------------------------------

    def _rank(self) -> Span:
        root = self.sheet.nodes[0]
        if root.rank_low is not None and root.rank_high is not None:
            low, high = root.rank_low[self.place], root.rank_high[self.place]
            return Span(_as_fraction(low), _as_fraction(high))
        place = root.places[self.place] if root.places is not None else None
        return Span(place, place) if isinstance(place, Fraction) else Span()

    def _grade(self) -> str:
        grades = self.sheet.nodes[0].grades
        return (grades[self.place] or "") if grades is not None else ""

    def _undecided(self) -> Iterator[Undecided]:
        for node in self.run.scheme.root.walk():
            points, full = self.criteria.points(node), self.criteria.full(node)
            if node.criteria or full is None or not points.is_open:
                continue
            width = full if points.low is None or points.high is None else points.high - points.low
            value = self.sheet.column(node.id).values[self.place]
            why = _WHY.get(value, _BY_PEERS) if isinstance(value, Null) else _BY_PEERS
            yield Undecided(node.name, width, why)

    # --- doubts, tasks, working -----------------------------------------------------------------

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """The unresolved contradictions that the ledger keeps in its table ``doubts``."""
        rows = self.facts.records("doubts")
        return tuple(self._doubt(row) for row in rows if row.get("status") != "resolved")

    def _doubt(self, told: Mapping[str, str]) -> Doubt:
        indicator = told.get("indicator", "")
        definition = self.facts.data.indicator(indicator)
        owner = next((task["owner"] for task in self.tasks if task.get("indicator") == indicator), "")
        return Doubt(
            indicator,
            definition.name if definition else indicator,
            told.get("statement_a", ""),
            told.get("statement_b", ""),
            self._named(told.get("note", "")),
            owner,
        )

    def _named(self, text: str) -> str:
        """The text with names of indicators in the place of their keys."""
        names = {row.indicator: row.name for row in self.facts.indicators}
        return _KEY.sub(lambda key: names.get(key[0], key[0]), text)

    @cached_property
    def tasks(self) -> tuple[dict[str, str], ...]:
        """The unit's tasks as texts."""
        return tuple(dict(row) for row in self.facts.records("tasks"))

    def _difficulties(self) -> Iterator[Difficulty]:
        """Tasks for a difficulty of which nobody has told a figure of its progress."""
        told = {row.progress.indicator: row for row in self.rows if row.progress.indicator}
        for task in self.tasks:
            if task.get("state") in ("done", "cancelled"):
                continue
            row = told.get(task.get("indicator", ""))
            figure = row.progress.actual if row is not None else Figure()
            if figure.present and not figure.demo:
                continue
            yield Difficulty(
                name=self._subject(task, row),
                task=task.get("deliverable", ""),
                owner=task.get("owner", ""),
                due=task.get("due", ""),
                light=self._open_light(row),
                demo=_demo_cause(task),
            )

    def _subject(self, task: Mapping[str, str], row: Row | None) -> str:
        """The cause; a cause of a few characters (形势严峻) does not say of what."""
        cause = task.get("cause", "")
        if len(cause) > _SHORT_CAUSE:
            return cause
        definition = self.facts.data.indicator(task.get("indicator", ""))
        name = row.name if row is not None else definition.name if definition else task.get("indicator", "")
        return f"{name}{cause}"

    def _open_light(self, row: Row | None) -> Light | None:
        light = row.light if row is not None else None
        return light if light is not None and light.tone in ("due", "missing") else None

    def _working(self) -> Working | None:
        """The working of the worst criterion: the farthest behind, of equals the one that loses most."""
        worst = next((row for row in self.rows if row.scored and row.progress.is_behind), None)
        worst = worst or max((row for row in self.rows if row.scored), key=lambda row: row.lost, default=None)
        if worst is None:
            return None
        return Explainer(self.run, self.sheet).working(self.facts.unit, worst.id)


def _order(row: Row) -> tuple[int, Fraction, Fraction]:
    if row.progress.is_behind and row.light is not None and row.light.key in ("behind", "slow"):
        return -1, row.progress.gap.value or Fraction(0), -row.lost
    urgency = _URGENCY.index(row.light.tone) if row.light is not None else len(_URGENCY)
    return urgency, Fraction(0), Fraction(0)


def _as_fraction(place: int | None) -> Fraction | None:
    return None if place is None else Fraction(place)


def _demo_cause(task: Mapping[str, str]) -> bool:
    return "原因 演示数据" in task.get("note", "")

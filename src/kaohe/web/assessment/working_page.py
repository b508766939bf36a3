"""What the page of a working shows: clause, figures, steps, members, people; all from a stored run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kaohe.outlook.figures import Span
from kaohe.outlook.model import Board, Row
from kaohe.scoring.numbers import Number
from kaohe.scoring.words import value_text
from kaohe.scoring.working import Member, NodeWorking, StepWorking, Working
from kaohe.web.accounts.permissions import Permits, Unknown
from kaohe.web.assessment.models import Run, RunUnit, RunWorking, Scheme
from kaohe.web.assessment.permissions import lines_seen
from kaohe.web.assessment.stored import from_text
from kaohe.web.assessment.tracing import Deed, Traced, Tracer, is_record, own_facts
from kaohe.web.documents.needs import criteria_in
from kaohe.web.ledger.models import Indicator, Line, ReportingUnit
from kaohe.writing.workings import figure_text, gate_text, member_words, place_text, step_result

_KINDS = {
    "curve": gettext_noop("按比例"),
    "bands": gettext_noop("分档"),
    "bonus": gettext_noop("加分"),
    "add": gettext_noop("加"),
    "calc": gettext_noop("计算"),
    "cap": gettext_noop("封顶"),
    "clamp": gettext_noop("限在范围内"),
    "floor": gettext_noop("保底"),
    "goalposts": gettext_noop("功效系数"),
    "map": gettext_noop("对照"),
    "per_unit": gettext_noop("逐位计分"),
    "rank": gettext_noop("排位"),
    "round": gettext_noop("取位"),
    "scale": gettext_noop("折算"),
    "stop": gettext_noop("不得分线"),
}


@dataclass(frozen=True, slots=True)
class StoredWorking:
    """A working in the newest run of its month.

    ``indicators`` are those that the criterion may be about, by code; ``board`` is the stored text of the
    unit's board in the same run.
    """

    run: Run
    unit: ReportingUnit
    working: Working
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    board: str = ""

    @property
    def node(self) -> NodeWorking:
        """The criterion that it is about."""
        return self.working.nodes[0]

    @property
    def line(self) -> Line | None:
        """The line of the indicator that the criterion is mainly about."""
        main = self.indicators.get(node_indicator(self.node))
        return main.line if main is not None else None


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the steps: what was done, with which numbers, and the value after it, never rounded."""

    number: str
    kind: str
    words: str
    value: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion or a record that the node combines; ``criterion`` leads to a working of its own."""

    name: str
    words: str
    value: str
    criterion: str
    depth: int


@dataclass(frozen=True)
class WorkingPage:
    """The working of a criterion with the way from each figure to its source."""

    stored: StoredWorking
    figures: list[Traced]
    chain: list[Deed]
    query: str
    row: Row | None = None
    total: Span = field(default_factory=Span)

    @property
    def node(self) -> NodeWorking:
        """The criterion."""
        return self.stored.node

    @cached_property
    def points(self) -> str:
        """The points as the working ends with them."""
        node = self.node
        if node.low is not None and node.high is not None and node.low != node.high:
            return f"{value_text(node.low)}—{value_text(node.high)}"
        return value_text(node.printed)

    @cached_property
    def short(self) -> str:
        """The points to two decimals, as the board shows them."""
        low, high = (each if isinstance(each, Fraction) else None for each in self._bounds)
        return self.points if low is None or high is None else Span(low, high).text(2)

    @property
    def _bounds(self) -> tuple[object, object]:
        node = self.node
        return (node.printed, node.printed) if node.low is None else (node.low, node.high)

    @cached_property
    def full(self) -> str:
        """The criterion's points."""
        return "" if self.node.points is None else value_text(self.node.points)

    @cached_property
    def exact(self) -> str:
        """The value as an exact fraction, where it is not a short decimal."""
        text = str(self.node.value)
        return text if "/" in text else ""

    @cached_property
    def duties(self) -> dict[str, str]:
        """What the scheme says about the criterion: who leads, who owns, which evidence."""
        return dict(self.node.duties)

    @cached_property
    def formula(self) -> str:
        """The figure in words and with its numbers."""
        return figure_text(self.node) if self.node.figure is not None else ""

    @cached_property
    def formula_value(self) -> str:
        """What the figure comes to."""
        figure = self.node.figure
        return "" if figure is None else value_text(figure.value, percent=figure.share)

    @cached_property
    def steps(self) -> list[Step]:
        """Every step in order, then what else changed the value."""
        node = self.node
        held = [Step("", "", change.words, value_text(change.after)) for change in node.held]
        done = [row for n, step in enumerate(node.steps, 1) for row in _steps(str(n), step)]
        settled = [Step("", "", change.words, value_text(change.after)) for change in node.settled]
        gates = [Step("", "", gate_text(gate), value_text(gate.after)) for gate in node.gates]
        return [*held, *done, *settled, *gates]

    @cached_property
    def parts(self) -> list[Part]:
        """What the node combines."""
        return [part for member in self.node.members for part in _parts(member, 0)]

    @cached_property
    def name(self) -> str:
        """The criterion's name; the root bears that of its scheme, and is the total."""
        node = self.node
        is_root = node.name in ("", self.stored.working.scheme)
        return _("总分") if is_root else node.name

    @cached_property
    def results(self) -> list[tuple[str, str]]:
        """Place and grade, where they are known."""
        place, grade = self.node.place, self.node.grade
        known = place is not None and isinstance(place.place, Number)
        found = [(_("名次"), place_text(place))] if place is not None and known else []
        return [*found, *([(_("等次"), grade)] if grade else [])]


def working_of(permits: Permits, unit: str, criterion: str, month: str) -> StoredWorking:
    """A criterion's working in the newest run of the month; raises ``Unknown`` when not there or not seen."""
    board = RunUnit.objects.filter(run=OuterRef("run"), unit=OuterRef("unit")).values("board")[:1]
    rows = RunWorking.objects.filter(unit__code=unit, criterion=criterion, run__month=month)
    told = rows.annotate(board=Subquery(board)).select_related("run__scheme__issuer", "unit")
    found = told.order_by("-run__created", "-run_id").first()
    if found is None:
        raise Unknown
    working: Working = from_text(found.working)
    known = _indicators(working.nodes[0], found.run.scheme)
    stored = StoredWorking(found.run, found.unit, working, known, found.board or "")
    lines = lines_seen(permits, found.unit)
    if lines is not None and (stored.line is None or stored.line.code not in lines):
        raise Unknown
    return stored


def working_page(permits: Permits, unit: str, criterion: str, month: str) -> WorkingPage:
    """The page of a working."""
    stored = working_of(permits, unit, criterion, month)
    query = f"unit={unit}&month={month}"
    tracer = Tracer(stored.run, stored.unit, stored.node, query)
    board: Board | None = from_text(stored.board) if stored.board else None
    row = next((each for each in board.rows if each.id == criterion), None) if board else None
    whole = board is not None and lines_seen(permits, stored.unit) is None
    total = board.total if board is not None and whole else Span()
    return WorkingPage(stored, tracer.traced(), tracer.chain(), query, row, total)


def _indicators(node: NodeWorking, scheme: Scheme) -> dict[str, Indicator]:
    """The indicators that a criterion may be about: its main one, and those that the scheme's text names."""
    words = next((each.words for each in criteria_in(scheme.text) if each.id == node.node), ())
    rows = Indicator.objects.filter(code__in={node_indicator(node), *words}).select_related("line")
    return {row.code: row for row in rows}


def node_indicator(node: NodeWorking) -> str:
    """The indicator that the scheme's note names, else the first figure used; blank when there is none."""
    note = dict(node.duties).get("note", "")
    head = note.replace("；", ";").split(";")[0].strip()
    if head.startswith("主指标 "):
        return head.removeprefix("主指标 ").strip()
    return next((fact.name for _record, fact in own_facts(node) if fact.role == "figure"), "")


def _steps(number: str, step: StepWorking) -> list[Step]:
    inner = [row for n, each in enumerate(step.inner, 1) for row in _steps(f"{number}.{n}", each)]
    kind = _(_KINDS[step.kind]) if step.kind in _KINDS else step.kind
    return [Step(number, kind, step.words, step_result(step), step.rule), *inner]


def _parts(member: Member, depth: int) -> list[Part]:
    of_its_own = member.working is not None and not is_record(member)
    criterion = member.working.node if of_its_own and member.working else ""
    name = member.working.name if of_its_own and member.working else member.label
    value = member.working.printed if of_its_own and member.working else member.value
    words = member_words(member)
    row = Part(name or member.name or member.label, words, value_text(value), criterion, depth)
    return [row, *(part for inner in member.members for part in _parts(inner, depth + 1))]

"""Accepted rows of a review workbook become facts of a ledger, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

from kaohe.facts.appending import append_facts, held_observation, held_targets
from kaohe.facts.cells import parse_number
from kaohe.facts.codec import decimal_text
from kaohe.facts.errors import DataError
from kaohe.facts.files import nearest
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Basis, Form, Indicator, Observation, Target
from kaohe.facts.package import read_ledger
from kaohe.quantities import Period, comparable, find_quantities
from kaohe.reading.matching.catalogue import same_measure
from kaohe.reading.matching.names import plain
from kaohe.reading.matching.places import unit_named
from kaohe.reading.review.columns import ACCEPT_WORDS, APPROX_WORDS, CORRECTION, NO, NOTES, ROLES, YES
from kaohe.reading.review.proposals import same_value
from kaohe.reading.review.rows import ReviewRow, review_rows, written_period

_CHINA = timezone(timedelta(hours=8))
_YES_WORDS = {YES: True, NO: False, "": False, "预计": True}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an accepted workbook did: facts added, of them corrections, and rows that changed nothing."""

    observations: tuple[Observation, ...] = ()
    targets: tuple[Target, ...] = ()
    corrected: int = 0
    already: int = 0
    declined: int = 0


@dataclass(frozen=True, slots=True)
class _Decided:
    """A row that was accepted, every cell of it understood."""

    row: ReviewRow
    corrects: bool
    unit: str
    indicator: Indicator
    form: Form | None
    period: Period
    value: Fraction
    measure: str
    decimals: int
    approx: str
    estimated: bool
    source: str

    @property
    def slot(self) -> tuple[str, str, Period, Form | None]:
        return self.unit, self.indicator.indicator, self.period, self.form


def accept(workbook: str | Path, folder: str | Path, now: datetime | None = None) -> Accepted:
    """Adds the rows marked 是 or 更正 to the ledger in ``folder``, with their document as source.

    A value that the ledger has already adds nothing. Another value there is refused unless the row says
    更正: then the new row supersedes the old one, which stays. Raises ``DataError`` with every fault of
    every row, and changes nothing then. ``now`` is the time of recording (Beijing time).
    """
    ledger = read_ledger(folder)
    rows = review_rows(workbook)
    decided, declined = _decided(rows, ledger)
    time = now or datetime.now(_CHINA).replace(tzinfo=None, microsecond=0)
    observations, targets, corrected = _facts(decided, ledger, time)
    if observations or targets:
        append_facts(folder, observations, targets)
    already = len(decided) - len(observations) - len(targets)
    return Accepted(tuple(observations), tuple(targets), corrected, already, declined)


def _decided(rows: Iterable[ReviewRow], ledger: Ledger) -> tuple[list[_Decided], int]:
    rows = list(rows)
    reader = _Reader(ledger, _only_document(rows))
    decided: list[_Decided] = []
    faults: list[str] = []
    declined = 0
    for row in rows:
        if row["accept"] not in (*ACCEPT_WORDS, ""):
            faults.append(row.fault("accept", f"应为{'、'.join(ACCEPT_WORDS)},实为“{row['accept']}”"))
        elif row["accept"] in (NO, ""):
            declined += 1
        else:
            try:
                decided.append(reader.read(row))
            except DataError as error:
                faults += error.messages
    faults += _twice(decided)
    if faults:
        raise DataError(faults)
    return decided, declined


def _only_document(rows: Iterable[ReviewRow]) -> str:
    """The document of all rows, for one that somebody added by hand; empty when they are several."""
    origins = {row["source"].partition("#char=")[0] for row in rows if row["source"]}
    return origins.pop() if len(origins) == 1 else ""


def _twice(decided: Iterable[_Decided]) -> list[str]:
    """Two rows that give one figure different values."""
    first: dict[object, _Decided] = {}
    faults = []
    for one in decided:
        other = first.setdefault(one.slot, one)
        if one.value != other.value or one.measure != other.measure:
            message = f"与第 {other.row.number} 行是同一个数({_label(one)}),数值却不同;只能采纳一行"
            faults.append(one.row.fault("value", message))
    return faults


class _Reader:
    """Reads the cells of accepted rows."""

    def __init__(self, ledger: Ledger, document: str) -> None:
        self.ledger = ledger
        self.document = document
        self.indicators: dict[str, list[Indicator]] = {}
        for row in ledger.indicators:
            for name in {row.indicator, row.name, plain(row.name)} - {""}:
                self.indicators.setdefault(name, []).append(row)

    def read(self, row: ReviewRow) -> _Decided:
        """Every cell of a row, or ``DataError`` with all that is wrong in it."""
        faults: list[str] = []
        unit = self._unit(row, faults)
        indicator = self._indicator(row, faults)
        form = self._form(row, faults)
        period = self._period(row, faults)
        measure = self._measure(row, indicator, form, faults)
        value, written = self._value(row, measure, faults)
        approx, estimated = self._marks(row, faults)
        source = row["source"] or self.document
        if not source:
            faults.append(row.fault("source", "空着;应写明文稿(文件名#sha256:…#char=起-止)"))
        if faults or indicator is None or period is None or value is None:
            raise DataError(faults)
        decimals = _decimals(row["figure"], value, measure, written)
        return _Decided(
            row, row["accept"] == CORRECTION, unit, indicator, form, period, value, measure, decimals,
            approx, estimated, source,
        )  # fmt: skip

    def _unit(self, row: ReviewRow, faults: list[str]) -> str:
        try:
            return unit_named(self.ledger.reporting_units, row["unit"]).unit
        except DataError as error:
            known = "空着;应写填报单位的编号或名称"
            faults += [row.fault("unit", known if not row["unit"] else message) for message in error.messages]
            return ""

    def _indicator(self, row: ReviewRow, faults: list[str]) -> Indicator | None:
        written = row["indicator"]
        found = self.indicators.get(written) or self.indicators.get(plain(written), [])
        if len(found) == 1:
            return found[0]
        if not written:
            faults.append(row.fault("indicator", "空着;应写指标的编号或名称"))
        elif found:
            ids = "、".join(one.indicator for one in found)
            faults.append(row.fault("indicator", f"“{written}”是几个指标的名称:{ids};请写编号"))
        else:
            hint = nearest(written, self.indicators)
            faults.append(row.fault("indicator", f"台账里没有指标“{written}”{hint}"))
        return None

    def _form(self, row: ReviewRow, faults: list[str]) -> Form | None:
        if row["role"] not in ROLES:
            faults.append(row.fault("role", f"应为{'、'.join(ROLES)}之一,实为“{row['role']}”"))
        return ROLES.get(row["role"])

    def _period(self, row: ReviewRow, faults: list[str]) -> Period | None:
        period = written_period(row["period"])
        if period is None:
            expected = "应为时期(2005、2005-09、2005-Q3 或 2005-01/2005-09)"
            faults.append(row.fault("period", f"{expected},实为“{row['period']}”"))
        return period

    def _measure(
        self, row: ReviewRow, indicator: Indicator | None, form: Form | None, faults: list[str]
    ) -> str:
        expected = "%" if form in (Form.GROWTH, Form.POINTS) else indicator.measure if indicator else ""
        measure = row["measure"] or expected
        points = form is Form.POINTS and measure in ("百分点", "个百分点")
        if indicator and not points and measure != expected and not same_measure(measure, expected):
            faults.append(row.fault("measure", f"“{measure}”不能换算成指标的计量单位 {expected}"))
        # 个 stands for any counted thing: the ledger keeps the indicator's own measure.
        return measure if points or _converts(measure, expected) else expected

    def _value(self, row: ReviewRow, measure: str, faults: list[str]) -> tuple[Fraction | None, str]:
        written = row["value"].replace("，", ",").strip()
        percent = written.rstrip("%％")
        # 41% typed into a cell of the measure % is 41 of it, not 0.41.
        value = parse_number(percent if measure == "%" else written)
        if value is None:
            faults.append(row.fault("value", f"应为数字,实为“{row['value']}”"))
        return value, percent

    def _marks(self, row: ReviewRow, faults: list[str]) -> tuple[str, bool]:
        known = set(APPROX_WORDS) | {""}
        if row["approx"] not in known:
            words = "、".join(NOTES)
            faults.append(row.fault("approx", f"应空着或为{words}之一,实为“{row['approx']}”"))
        if row["estimated"] not in _YES_WORDS:
            faults.append(row.fault("estimated", f"应为是、否或空着,实为“{row['estimated']}”"))
        approx = APPROX_WORDS.get(row["approx"], "")
        return approx, _YES_WORDS.get(row["estimated"], False)


def _converts(measure: str, expected: str) -> bool:
    return not expected or comparable(measure, expected)


def _decimals(figure: str, value: Fraction, measure: str, written: str) -> int:
    """The decimals that the document printed, where the value is still what it printed."""
    found = find_quantities(figure) if figure else []
    if len(found) == 1 and found[0].measure == measure and abs(Fraction(found[0].value)) == abs(value):
        return found[0].decimals
    return len(written.partition(".")[2])


# --- facts ------------------------------------------------------------------------------------------


def _facts(
    decided: Iterable[_Decided], ledger: Ledger, time: datetime
) -> tuple[list[Observation], list[Target], int]:
    """The new rows, or every conflict at once."""
    observations: list[Observation] = []
    targets: list[Target] = []
    faults: list[str] = []
    corrected = 0
    seen: set[object] = set()
    names = {row.target for row in ledger.targets}
    for one in decided:
        if one.slot in seen:
            continue
        seen.add(one.slot)
        try:
            if one.form is None:
                made, corrects = _observation(one, ledger, time)
                observations += [made] if made else []
            else:
                asked, corrects = _target(one, ledger, names)
                targets += [asked] if asked else []
                names |= {asked.target} if asked else set()
            corrected += corrects
        except DataError as error:
            faults += [one.row.fault("value", message) for message in error.messages]
    if faults:
        raise DataError(faults)
    return observations, targets, corrected


def _observation(one: _Decided, ledger: Ledger, time: datetime) -> tuple[Observation | None, bool]:
    new = Observation(
        one.unit, one.indicator.indicator, one.period, one.value, one.measure,
        basis=Basis.ESTIMATED if one.estimated else Basis.ACTUAL,
        approx=bool(one.approx) or one.estimated, decimals=one.decimals, source=one.source,
        recorded_at=time, note=_note(one),
    )  # fmt: skip
    held = held_observation(ledger, *new.key)
    if held is None:
        return new, False
    same = same_value(held, one.value, one.measure)
    if same and (not one.corrects or (held.basis, held.approx) == (new.basis, new.approx)):
        return None, False
    if held.value is not None and not one.corrects:
        raise DataError(_conflict(one, f"{decimal_text(held.value)}{held.measure}", held.source))
    if held.recorded_at is None:
        raise DataError(f"台账里 {_label(one)} 那一行没有 recorded_at,不能更正;请先在 observations 补上")
    if held.recorded_at >= time:
        raise DataError(f"台账里 {_label(one)} 的 recorded_at({held.recorded_at})不早于现在({time})")
    correction = held.value is not None
    reason = f"按文稿更正:{one.source}" if correction else ""
    return replace(new, supersedes=held.recorded_at, reason=reason), correction


def _target(one: _Decided, ledger: Ledger, names: set[str]) -> tuple[Target | None, bool]:
    """A new target; one that corrects another stays in its issuer's document, as the next version."""
    assert one.form is not None
    held = held_targets(ledger, one.unit, one.indicator.indicator, one.period)
    if any(same_value(row, one.value, one.measure) for row in held):
        return None, False
    valued = [row for row in held if row.value is not None]
    if valued and not one.corrects:
        told = "、".join(f"{decimal_text(row.value)}{row.measure}" for row in valued if row.value is not None)
        raise DataError(_conflict(one, told, valued[0].document))
    if len(valued) > 1:
        issuers = "、".join(row.issuer or "(未写明)" for row in valued)
        raise DataError(f"台账里 {_label(one)} 有几个下达单位的目标({issuers}),不知道更正哪一个")
    new = Target(
        _free_name(one, names), one.unit, one.indicator.indicator, one.period, one.form, one.value,
        one.measure, document=one.source, version="1", approx=bool(one.approx), note=_note(one),
    )  # fmt: skip
    if not held:
        return new, False
    old = (valued or held)[0]
    version = str(int(old.version) + 1) if old.version.isdecimal() else f"{old.version}+1"
    carried = replace(
        old, target=new.target, form=one.form, value=one.value, measure=one.measure, version=version,
        approx=new.approx, note=f"更正,见 {one.source}",
    )  # fmt: skip
    return carried, bool(valued)


def _free_name(one: _Decided, names: set[str]) -> str:
    base = f"t_{one.unit}_{one.indicator.indicator}_{one.period}".replace("/", "_")
    number = 1
    while (name := base if number == 1 else f"{base}_{number}") in names:
        number += 1
    return name


def _note(one: _Decided) -> str:
    if one.estimated:
        return "预计数"
    return NOTES.get(one.approx, "")


def _label(one: _Decided) -> str:
    return f"{one.unit} {one.indicator.name or one.indicator.indicator} {one.period}"


def _conflict(one: _Decided, held: str, source: str) -> str:
    new = f"{decimal_text(one.value)}{one.measure}"
    origin = f"(来源 {source})" if source else ""
    return f"台账里 {_label(one)} 已有 {held}{origin},这里是 {new};确要更正,请在采纳列写“{CORRECTION}”"

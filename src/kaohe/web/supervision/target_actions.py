"""What people do with targets: set one, break it down, ask for another value, grant it or not.

A target is never overwritten: another value is another version, and figures are compared with both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from kaohe.facts import model as facts
from kaohe.outlook.cascade import Cascade, Outcome, adds_up, curve_fault, falls
from kaohe.outlook.figures import fixed
from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.assessment.snapshot import indicator_fact
from kaohe.web.audit.recording import Entry, recorded
from kaohe.web.config import clock
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.life import is_closed
from kaohe.web.ledger.models import Indicator, ReportingUnit, SchedulePoint, Target
from kaohe.web.supervision.figures import canonical, read_figure, shown
from kaohe.web.supervision.models import Adjustment, Breakdown, Decision
from kaohe.web.supervision.permissions import need_answer, need_ask
from kaohe.web.supervision.target_queries import chain_of, chained

_SEVERAL = "、,，;；/"


@dataclass(frozen=True, slots=True)
class TargetInput:
    """A target as somebody wrote it; ``value`` as typed, blank when it is known to exist but not how much."""

    period: str
    form: str
    value: str
    issuer: str
    document: str
    schedule: str = "linear"
    leader: str = ""
    lead_unit: ReportingUnit | None = None
    owner: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit below is given of a target, and who answers for it there."""

    unit: ReportingUnit
    value: str
    leader: str
    owner: str
    lead_unit: ReportingUnit | None = None


def set_target(*, permits: Permits, unit: ReportingUnit, indicator: Indicator, told: TargetInput) -> Target:
    """Enters a target of a unit (登记目标). One a document: else ``Refused``."""
    permits.need(Verb.ASSIGN, unit, indicator.line.code)
    _need_open(unit)
    _need_one_each(told.leader, told.owner)
    made = Target(
        code=_free_code(f"t_{unit.code}_{indicator.code}_{told.period}"),
        unit=unit,
        indicator=indicator,
        period=told.period,
        form=told.form,
        value=read_figure(told.value, _measure(indicator, told.form), _("目标值")),
        issuer=told.issuer.strip(),
        document=told.document.strip(),
        edition="1",
        valid_from=date(int(told.period[:4]), 1, 1),
        schedule=told.schedule,
        lead_unit=told.lead_unit,
        accountable_leader=told.leader.strip(),
        owner=told.owner.strip(),
        note=told.note.strip(),
    )
    if not made.issuer or not made.document:
        raise Refused(_("请写明下达单位和文件"))
    with recorded("target.assign", by=permits.person) as entry:
        if _versions(made):
            raise Refused(_("这份文件已经下达过这个目标；要改数，请申请调整"))
        entry.create(made)
    return made


def break_down(
    *,
    permits: Permits,
    target: Target,
    shares: Sequence[Share],
    months: Sequence[str] = (),
    reserved: bool = False,
    reason: str = "",
) -> Breakdown:
    """Hands a target on to units below it, and lays it out over the months; all of it or nothing (分解).

    ``months`` are the cumulative per cents of the twelve months; none leaves the curve as it is. Raises
    ``Refused``: more than the target without a reason, less unless ``reserved``, a ratio or place less strict
    than the target's own, somebody who answers missing or more than one.
    """
    line = target.indicator.line.code
    permits.need(Verb.ASSIGN, target.unit, line)
    values = _share_values(permits, target, shares)
    cascade = _weighed(target, list(values.values()), reserved, reason) if shares else None
    curve = _curve(months)
    if cascade is None and not curve:
        raise Refused(_("请先填写分解数或各月计划"))
    with recorded("target.break_down", by=permits.person, reason=reason.strip()) as entry:
        if curve:
            _lay_out(entry, target, curve)
        _hand_on(entry, target, shares, values)
        made = Breakdown(
            target=target,
            assigned=canonical(cascade.total) if cascade is not None and cascade.adds_up else "",
            reserved=reserved,
            reason=reason.strip(),
            by=permits.person,
            at=clock.now(),
        )
        entry.create(made)
    return made


def request_adjustment(
    *, permits: Permits, target: Target, grounds: str, evidence: str, asked: str
) -> Adjustment:
    """Asks whoever stands above for another value of a target, with grounds and evidence (申请调整)."""
    need_ask(permits, target)
    if not grounds.strip() or not evidence.strip():
        raise Refused(_("请写明调整的理由和依据"))
    value = read_figure(asked, _measure(target.indicator, target.form), _("申请值"))
    if not value:
        raise Refused(_("请填写申请值"))
    if target.value and Fraction(value) == Fraction(target.value):
        raise Refused(_("申请值和现在的目标相同"))
    with recorded("target.request", by=permits.person, reason=grounds.strip()) as entry:
        versions = _versions(target)
        if versions and versions[0].pk != target.pk:
            raise Refused(_("这个目标已有新的一版，请对新的一版申请"))
        if Adjustment.objects.filter(target=target, decision=Decision.PENDING).exists():
            raise Refused(_("已有一份申请等待答复"))
        made = Adjustment(
            target=target,
            grounds=grounds.strip(),
            evidence=evidence.strip(),
            asked=value,
            asked_by=permits.person,
            asked_at=clock.now(),
        )
        entry.create(made)
    return made


def answer_adjustment(
    *, permits: Permits, adjustment: Adjustment, decision: Decision, answer: str, value: str = ""
) -> Adjustment:
    """Answers a request: what is granted becomes a new version in force from this month; the old one stays.

    ``value`` is the value granted, the one asked for when blank.
    """
    told = adjustment.target
    need_answer(permits, told)
    if adjustment.asked_by_id == permits.person.pk:
        raise Refused(_("自己提的申请，要由别人答复"))
    if decision is Decision.PENDING or not answer.strip():
        raise Refused(_("请写明决定和答复"))
    granted = read_figure(value, _measure(told.indicator, told.form), _("调整后的目标值")) or adjustment.asked
    with recorded("target.adjust", by=permits.person, reason=answer.strip()) as entry:
        if decision is Decision.GRANTED:
            adjustment.granted = _next_version(told, granted, note=adjustment.grounds)
            entry.create(adjustment.granted)
        adjustment.decision, adjustment.answer = decision, answer.strip()
        adjustment.answered_by, adjustment.answered_at = permits.person, clock.now()
        entry.update(adjustment, where={"decision": Decision.PENDING})
    return adjustment


# --- breaking down --------------------------------------------------------------------------------


def _share_values(permits: Permits, target: Target, shares: Sequence[Share]) -> dict[int, str]:
    """The shares' figures by unit; each unit is right below the target's and named once."""
    measure, found = _measure(target.indicator, target.form), {}
    for share in shares:
        if share.unit.parent_id != target.unit_id or share.unit.pk in found:
            raise Unknown
        permits.need(Verb.ASSIGN, share.unit, target.indicator.line.code)
        _need_open(share.unit)
        value = read_figure(share.value, measure, str(share.unit))
        if not value:
            raise Refused(_("%(unit)s的分解数空着；不分给它请填 0") % {"unit": share.unit})
        if not share.leader.strip() or not share.owner.strip():
            raise Refused(_("%(unit)s还没有写明责任领导和责任人") % {"unit": share.unit})
        _need_one_each(share.leader, share.owner)
        found[share.unit.pk] = value
    return found


def _weighed(target: Target, values: Sequence[str], reserved: bool, reason: str) -> Cascade:
    """The arithmetic of the shares; ``Refused`` where they may not stand like that."""
    if not target.value:
        raise Refused(_("目标没有列明数值，不能分解"))
    fact, form = indicator_fact(target.indicator), facts.Form(target.form)
    cascade = Cascade(
        Fraction(target.value), tuple(map(Fraction, values)), adds_up(fact, form), falls(fact, form)
    )
    measure = _measure(target.indicator, target.form)
    difference = f"{shown(abs(cascade.difference))} {measure}".strip()
    if cascade.outcome is Outcome.LOOSER:
        raise Refused(
            _("比率和位次要与上级目标相同或更严；第 %(places)s 个单位松于 %(target)s")
            % {"places": "、".join(str(place + 1) for place in cascade.looser), "target": target.value}
        )
    if cascade.outcome is Outcome.LESS and not reserved:
        less = _("分解合计比目标少 %(difference)s；确要留有机动，请勾选")
        over = _("分解合计超过控制数 %(difference)s；确要这样，请勾选“留有机动”")
        raise Refused((over if cascade.falling else less) % {"difference": difference})
    if cascade.outcome is Outcome.MORE and not reason.strip():
        percent = cascade.beyond_percent
        told = "" if percent is None else _("（%(percent)s%%）") % {"percent": fixed(percent, 1)}
        raise Refused(
            _("层层加码：比目标多分 %(difference)s%(percent)s，请写明理由")
            % {"difference": difference, "percent": told}
        )
    return cascade


def _hand_on(entry: Entry, target: Target, shares: Sequence[Share], values: Mapping[int, str]) -> None:
    """Makes or renews the targets of the units below; one that has the same value keeps its version."""
    held = _held_below(target)
    for share in shares:
        value, known = values[share.unit.pk], held.get(share.unit.pk)
        if known is not None and known.value and Fraction(known.value) == Fraction(value):
            _answered_for(known, target, share)
            entry.update(known)
            continue
        made = _next_version(known, value) if known is not None else _first_share(target, share, value)
        _answered_for(made, target, share)
        entry.create(made)


def _held_below(target: Target) -> dict[int, Target]:
    """The newest target that each unit right below has of the indicator: its share, handed on or not yet."""
    rows = Target.objects.filter(
        unit__parent=target.unit, indicator=target.indicator, period=target.period
    ).select_related("unit", "indicator__line")
    versions = chained(rows)
    return {newest[0].unit_id: newest[0] for newest in reversed(list(versions.values()))}


def _answered_for(made: Target, target: Target, share: Share) -> None:
    made.parent_target = target
    made.schedule = target.schedule
    made.lead_unit = share.lead_unit or share.unit
    made.accountable_leader, made.owner = share.leader.strip(), share.owner.strip()


def _first_share(target: Target, share: Share, value: str) -> Target:
    document = _("%(unit)s%(year)s年目标任务分解表") % {"unit": target.unit.name, "year": target.period[:4]}
    return Target(
        code=_free_code(f"t_{share.unit.code}_{target.indicator.code}_{target.period}"),
        unit=share.unit,
        indicator=target.indicator,
        period=target.period,
        form=target.form,
        value=value,
        issuer=target.unit.name,
        document=document,
        edition="1",
        valid_from=target.valid_from,
    )


def _curve(months: Sequence[str]) -> list[Fraction]:
    """Cumulative shares from per cents as typed; none when all are blank."""
    if not any(text.strip() for text in months):
        return []
    percents = [
        read_figure(text, "%", _("%(month)s月") % {"month": month}) or "0"
        for month, text in enumerate(months, start=1)
    ]
    shares = [Fraction(percent) / 100 for percent in percents]
    fault = curve_fault(shares)
    if fault:
        raise Refused(_("各月计划：%(fault)s") % {"fault": fault})
    return shares


def _lay_out(entry: Entry, target: Target, shares: Sequence[Fraction]) -> None:
    """Gives the target a curve of its own; an old curve stays for whoever else follows it."""
    name = f"plan_{target.pk}_{target.version + 1}"
    entry.create(
        *(
            SchedulePoint(schedule=name, month=month, share=canonical(share))
            for month, share in enumerate(shares, start=1)
        )
    )
    seen = target.version
    target.schedule, target.version = name, seen + 1
    entry.update(target, where={"version": seen})


# --- versions -------------------------------------------------------------------------------------


def _versions(told: Target) -> list[Target]:
    unit, indicator, period, issuer, document = chain_of(told)
    rows = Target.objects.filter(
        unit_id=unit, indicator_id=indicator, period=period, issuer=issuer, document=document
    )
    return next(iter(chained(rows).values()), [])


def _next_version(told: Target, value: str, note: str = "") -> Target:
    """The same target with another value, in force from today."""
    number = len(_versions(told)) + 1
    made = Target(
        **{
            field.attname: getattr(told, field.attname)
            for field in Target._meta.concrete_fields
            if field.name not in ("id", "code", "value", "edition", "valid_from", "approx", "version")
        },
        code=_free_code(f"{told.code[:70]}_v{number}"),
        value=value,
        edition=str(number),
        valid_from=clock.today(),
    )
    made.note = note[:300]
    return made


def _free_code(wanted: str) -> str:
    taken = set(Target.objects.filter(code__startswith=wanted[:76]).values_list("code", flat=True))
    names = (wanted[:76], *(f"{wanted[:76]}_{number}" for number in range(2, 1000)))
    return next(name for name in names if name not in taken)


def _measure(indicator: Indicator, form: str) -> str:
    """The measure of a target of a form: per cent for growth and points, nothing for a rank."""
    return {"growth": "%", "points": "%", "rank": ""}.get(form, str(indicator.measure))


def _need_open(unit: ReportingUnit) -> None:
    if is_closed(unit):
        raise Refused(_("%(unit)s已撤并，不能再下达目标") % {"unit": unit})


def _need_one_each(*names: str) -> None:
    for name in names:
        if any(sign in name.strip() for sign in _SEVERAL):
            raise Refused(_("责任领导、责任人各写一人，实为“%(names)s”") % {"names": name.strip()})

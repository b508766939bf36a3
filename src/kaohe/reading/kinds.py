"""What kind of figure it is, from the words before and behind it, the nearest first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kaohe.quantities import measure_of
from kaohe.reading.claims import Direction, Kind
from kaohe.reading.figures import PERIOD, Figure
from kaohe.reading.lexicon import any_of, words

_NEAR = f"{any_of('near')}*"
_LEVEL = r"(?:到|至|为|达到|达|成)"
_CHANGE = re.compile(rf"(?P<verb>{any_of('change_verb')})(?P<level>{_LEVEL})?{_NEAR}$")
_CHANGE_NOUN = re.compile(
    rf"(?P<noun>(?:同比|环比|年均|平均)?(?<!自然){any_of('rate_of_change')}){any_of('link')}*{_NEAR}$"
)
_PLAN_WORD = any_of("plan")
_PLAN = re.compile(
    rf"(?P<verb>完成|占|达到|达|为|实现|兑现|是|执行|相当于|超过?|不足|不到)(?P<plan>[^,占]{{0,18}}?{_PLAN_WORD})"
    rf"(?:总数|总量|数|额)?的?{_NEAR}$"
)
_DONE = re.compile(rf"(?:完成|已完成|完成了|执行)(?:[^,]{{0,12}}的)?{_NEAR}$")
_DONE_RATE = re.compile(rf"(?P<rate>{any_of('completion_rate')}){any_of('link')}*{_NEAR}$")
_SHARE = re.compile(rf"占(?P<whole>[^,占]{{0,24}}?)的?{any_of('share_of')}?{any_of('reached')}*{_NEAR}$")
_SHARE_IS = re.compile(
    rf"(?:仅|只|约)?(?:相当于|等于|为|是|达到?|不到|不足)(?P<whole>[^,占为]{{1,14}}?{any_of('whole_end')})的{_NEAR}$"
)
_OF_WHOLE = re.compile(rf"(?!.*(?:计划|预算|目标|任务|概算)).*{any_of('whole_end')}")
_SHARE_NOUN = re.compile(rf"{any_of('share_name')}{any_of('reached')}*{_NEAR}$")
_RATE_PROPER = re.compile(rf"{any_of('rate_proper')}{any_of('reached')}*{_NEAR}$")
_RATE_NOUN = re.compile(rf"{any_of('rate_suffix')}$")
_NO_RATE_NOUN = re.compile(rf"{any_of('not_rate_suffix')}$")
_RATE_END = re.compile(rf"(?:{any_of('link')}|保持|稳定|维持|控制|{any_of('near')})*$")
_RANK = re.compile(
    rf"(?:同比|分别)?(?:{any_of('rank')}[^,]{{0,16}}|在?(?:全[省市县区国镇州旗乡球]|世界)[^,]{{0,8}}"
    r"|(?:上升|下降|提升|前移|退|升)[为到至])$"
)
_CAPACITY = re.compile(rf"{any_of('capacity')}(?!值|收|利|税)[^,]{{0,10}}$")
_CAPACITY_TAIL = re.compile(rf"[的级]?[^,]{{0,8}}{any_of('capacity_tail')}")
_COMPARED = re.compile(rf"同比|环比|[比较]|相比|{PERIOD}|净|年均|同期")
_COMPARED_VERBS = frozenset(words("compared_verb"))
_DOWN_VERBS = frozenset(words("down_verb"))
_AWAY = re.compile(rf"{any_of('away')}[^,]{{0,18}}$")
_AWAY_AMOUNT = re.compile(r"(?:高于|低于|高出|超出)[^,]{0,14}$|[比较][^,]{0,10}(?:多|少|高|低)$")
_BEYOND = re.compile(rf"(?:超额?|超出)(?:完成)?[^,完成]{{0,6}}?{_PLAN_WORD}数?$")
_TIMES_OF = re.compile(
    rf"(?:已?是|为|达到|相当于)(?:{PERIOD}[末底]?|上(?:一?届|个?[一二三四五六七八九十]+年)|前[一二两三四五六七八九十\d]+年|上年|去年|全[省市国县区][^,]{{0,8}}|平均水平)"
    r"的?(?:约|近)?$"
)
_DOWN = re.compile(any_of("down"))
_LOSS_SIGN = re.compile(rf"{any_of('loss')}(?:达到|达|共|约|了)*{_NEAR}$")
_MONEY = frozenset(words("currency"))
_POWER = frozenset({"power", "apparent power", "voltage", "吨级", "载重吨"})
_NEVER_CAPACITY = frozenset({"ratio", "百分点", "person", "户"})
_BEHIND = r"(?:以上|以下|左右|多)?的"
_SHARE_TAIL = re.compile(rf"{_BEHIND}(?!{any_of('no_share_tail')})")
_CHANGE_TAIL = re.compile(rf"{_BEHIND}{any_of('change_tail')}")
_BARE_GROWTH = re.compile(r"(?:同比|环比|[比较]\x01(?:同期)?)(?:分别|为|约|各)*[+-]?$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words around a figure tell: its kind, and the cues to be taken off its noun phrase.

    ``noun`` are the words before the cue. ``whole`` is the denominator named after 占, ``level`` marks a
    change verb that leads to the level reached (增加到).
    """

    kind: Kind
    noun: str
    direction: Direction = ""
    whole: str = ""
    level: bool = False
    rate: str = ""
    certain: bool = True


def reading_of(figure: Figure) -> Reading:
    """The kind of a figure and the words of its lead that remain."""
    if figure.rank:
        match = _RANK.search(figure.lead)
        return Reading("rank", figure.lead[: match.start()] if match else figure.lead)
    if figure.quantity.measure == "比":
        return Reading("structure", figure.lead)
    if figure.is_ratio:
        return _ratio(figure)
    return _amount(figure)


def _ratio(figure: Figure) -> Reading:
    lead, measure = figure.lead, figure.quantity.measure
    if measure_of(measure).dimension == "百分点":
        return _points(lead)
    change, share = _CHANGE.search(lead), _SHARE.search(lead)
    changing = change and not change["level"] and _is_change(change, lead)
    if measure == "番":
        return Reading("growth", lead[: change.start()] if change else lead)
    for found in (_rate_of_change(lead), _level_beside(lead), _plan(lead)):
        if found:
            return found
    if change and changing:
        return _change("growth", change, lead)
    times = _TIMES_OF.search(lead)
    if measure == "倍" and times:
        return Reading("growth", lead[: times.start()], level=True)
    if measure == "倍":
        return Reading("growth", lead[: change.start()] if change else lead, level=True)
    if share:
        return Reading("share", lead[: share.start()], whole=share["whole"], rate="占")
    noun = _SHARE_NOUN.search(lead)
    if noun and not _RATE_PROPER.search(lead[: noun.end()]):
        return Reading("share", lead, rate="比重")
    return _other_ratio(figure, change)


def _rate_of_change(lead: str) -> Reading | None:
    match = _CHANGE_NOUN.search(lead)
    if not match:
        return None
    down = bool(_DOWN.search(match["noun"]))
    return Reading("growth", lead[: match.start()], "down" if down else "")


def _level_beside(lead: str) -> Reading | None:
    """仅为全县平均水平的76%: a share of what it is held against."""
    match = _SHARE_IS.search(lead)
    return Reading("share", lead[: match.start()], whole=match["whole"], rate="占") if match else None


def _plan(lead: str) -> Reading | None:
    match = _PLAN.search(lead)
    if match and not (match["verb"] == "占" and _OF_WHOLE.fullmatch(match["plan"])):
        own = match["plan"] if "总量" in match["plan"] or "工程" in match["plan"] else ""
        return Reading("completion", lead[: match.start()] + own, whole=match["plan"])
    match = _DONE_RATE.search(lead)
    if match:
        return Reading("completion", lead[: match.start()], rate=match["rate"])
    match = _DONE.search(lead)
    if match:
        return Reading("completion", lead[: match.start()])
    return None


def _other_ratio(figure: Figure, change: re.Match[str] | None) -> Reading:
    """A level: 覆盖率达95%, 80%的村; else the kind cannot be told from the words."""
    lead, level = figure.lead, bool(change)
    noun = lead[: change.start()] if change else lead
    stem = _RATE_END.sub("", noun)
    named = _RATE_NOUN.search(stem) and not _NO_RATE_NOUN.search(stem)
    if figure.quantity.value < 0 and not change and not named:
        return Reading("growth", lead)
    if not change and (_CHANGE_TAIL.match(figure.tail) or _BARE_GROWTH.search(lead)):
        return Reading("growth", lead)
    if named:
        return Reading("rate", noun, level=level)
    if _SHARE_TAIL.match(figure.tail) or not stem.strip(PERIOD):
        return Reading("share", noun, level=level, certain=False)
    return Reading("rate", noun, level=level, certain=False)


def _points(lead: str) -> Reading:
    change = _CHANGE.search(lead)
    if change:
        return _change("delta_pp", change, lead)
    away = _AWAY.search(lead)
    if away:
        down = away[0].startswith(("低于", "慢于", "落后"))
        return Reading("delta_pp", lead[: away.start()], "down" if down else "")
    match = _CHANGE_NOUN.search(lead)
    return Reading("delta_pp", lead[: match.start()] if match else lead)


def _change(kind: Kind, change: re.Match[str], lead: str) -> Reading:
    down = bool(_DOWN.fullmatch(change["verb"])) or change["verb"] in _DOWN_VERBS
    return Reading(kind, lead[: change.start()], "down" if down else "")


def _is_change(change: re.Match[str], lead: str) -> bool:
    """多, 高 and the like tell a change only beside a comparison."""
    return change["verb"] not in _COMPARED_VERBS or bool(_COMPARED.search(lead[: change.start()] or ""))


def _amount(figure: Figure) -> Reading:
    lead = figure.lead
    kind = _plain_kind(figure)
    change = _CHANGE.search(lead)
    told = change and not change["level"] and _is_change(change, lead)
    if change and told and not _new(change, lead) and not _serves(figure, change):
        return _change("delta", change, lead)
    away = _AWAY_AMOUNT.search(lead)
    if away:
        down = bool(re.search("低|少", away[0]))
        return Reading("delta", lead[: away.start()], "down" if down else "")
    beyond = _BEYOND.search(lead)
    if beyond:
        return Reading("delta", lead[: beyond.start()])
    loss = _LOSS_SIGN.search(lead)
    if loss:
        return Reading(kind, lead[: loss.start()] or loss[0], "loss")
    if change and change["level"]:
        return Reading(kind, lead[: change.start()], level=True)
    return Reading(kind, lead)


def _serves(figure: Figure, change: re.Match[str]) -> bool:
    """提升|1.1亿|农村人口供水保障水平: what is counted are those who gain, not a change."""
    counted = measure_of(figure.quantity.measure).kind == "discrete"
    return change["verb"] in ("提升", "提高") and counted and len(figure.tail) > 3


def _new(change: re.Match[str], lead: str) -> bool:
    return lead[: change.start()].endswith("新") or (change["verb"] == "扩大" and not _COMPARED.search(lead))


def _plain_kind(figure: Figure) -> Kind:
    measure = measure_of(figure.quantity.measure)
    dimension = measure.dimension.split("/")[0]
    if dimension in _MONEY:
        return "amount"
    if dimension in _POWER:
        return "capacity"
    if dimension not in _NEVER_CAPACITY and _is_capacity(figure):
        return "capacity"
    if dimension == "area":
        return "area"
    unknown = dimension in ("number", figure.quantity.measure)
    return "count" if measure.kind == "discrete" or unknown else "quantity"


def _is_capacity(figure: Figure) -> bool:
    return bool(_CAPACITY.search(figure.lead) or _CAPACITY_TAIL.match(figure.tail)) or (
        "/" in figure.quantity.measure and figure.quantity.measure.endswith(("/日", "/天", "/年"))
    )

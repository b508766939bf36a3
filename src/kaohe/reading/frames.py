"""Frames: which figure a ratio speaks about, what is part of what, how 分别 distributes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kaohe.quantities import measure_of
from kaohe.reading.claims import Kind
from kaohe.reading.drafts import GUESSED, LIKELY, RATIOS, SURE, Draft, Passage
from kaohe.reading.figures import Figure
from kaohe.reading.indicators import clause_before, indicator_of
from kaohe.reading.kinds import Reading, reading_of
from kaohe.reading.lexicon import any_of, words
from kaohe.reading.nouns import (
    coordinated,
    headed_as,
    is_generic,
    names_scope,
    object_behind,
    phrase,
    whole_phrase,
)
from kaohe.reading.roles import role_of

_PLAN_LEAD = re.compile(any_of("plan"))
_OF_BEFORE = re.compile(r"(?:的|以上的|总数的|总量的|左右的)(?:约|近|比例为)?$")
_CHILD = re.compile(rf"^(?:\x01|,)*{any_of('child')}")
_WHOLE_LIKE = re.compile(rf"^{any_of('whole_like')}?(?:的)?$|^{any_of('scope')}(?:总量|总数|总额)?$")
_MOVED = re.compile(
    rf"^(?:逐步|稳步|已|大幅)*{any_of('moves')}?(?:到|至|为|成|达到|达)(?:\x01的?|目前的?|现在的?|约|近|超过|了)*$"
)
_FROM = re.compile(r"(?:由|从)(?:原来|过去|最初|当初|\x01)?的?(?:不足|不到|约|近)?$")
_TO = re.compile(r"(?:到|至|为|成|达到)(?:\x01的?|目前的?|现在的?|约|近|超过|了)*$")
_HAVE = re.compile(r"^[^,;。]{0,12}(?:有|为|中|达)$")
_ADDED = re.compile(r"(?:\x01|其中|比上年|较上年)*(?:新增加?|净增加?|增加)(?:了|约|近|超过)?")
_SHARE_WORD = re.compile(r"(?:比重|占比|比例|份额|构成)")
_SHORT_NAME, _FAR_BACK = 4, 24
_SALES_RATES = re.compile(r"(?:利税|利润|销售利润|毛利|净利)率$")
_STANDING = re.compile(any_of("standing_rate") + "$")
_SALES = re.compile(r"(?:销售|主营业务|营业)收入|销售额|营收")


def drafts_of(text: str, figures: Sequence[Figure]) -> list[Draft]:
    """A draft a figure, with kind, indicator and links; text is the view."""
    passage = Passage()
    at = 0
    while at < len(figures):
        figure = figures[at]
        passage.enter(figure)
        members = [figures[place] for place in figure.group] or [figure]
        made = _group(text, members, passage) if len(members) > 1 else [_single(text, figure, passage)]
        for draft in made:
            passage.add(draft)
        at += len(members)
    return passage.drafts


def _single(text: str, figure: Figure, passage: Passage) -> Draft:
    figure = _behind_object(text, figure, passage)
    reading = reading_of(figure)
    if _opens_parts(figure):
        passage.open_parts(_totals(passage), wide=figure.opening in (";", "。", "\n", ""))
    further = _of_figure_before(figure, reading, passage) or _moved_on(figure, reading, passage)
    if further:
        return further
    draft = Draft(figure, reading, reading.kind, direction=reading.direction)
    if reading.kind == "rank":
        return _rank(text, draft, passage)
    if reading.kind in RATIOS or reading.kind in ("delta_pp", "delta"):
        return _comparing(text, draft, passage)
    return _plain(text, draft, passage)


def _behind_object(text: str, figure: Figure, passage: Passage) -> Figure:
    """3个|标准化卫生院、|12所: what the figure before counted is not the name of this one."""
    before = passage.last
    if before is None or figure.opening or before.kind != "count" or not before.is_head:
        return figure
    counted = object_behind(text, before.figure.quantity.end)
    rest = figure.lead.removeprefix(counted) if counted and not figure.is_ratio else figure.lead
    if rest != figure.lead and phrase(rest):
        return replace(figure, lead=rest)
    joined = re.match(r"([^、和]{2,16})(?:、|和)", figure.lead)
    if joined and before.indicator.endswith(joined[1].replace("的", "")):
        return replace(figure, lead=figure.lead[joined.end() :])
    return figure


def _plain(text: str, draft: Draft, passage: Passage) -> Draft:
    """An amount, count, area … with its own indicator."""
    figure = draft.figure
    if _adds(draft, passage):
        draft.kind = "delta"
        return _change(text, draft, passage)
    draft.role = role_of(text, figure)
    draft.indicator, draft.own = indicator_of(text, figure, draft.reading, passage)
    draft.base = bool(re.search(r"(?:由|从)\x01?的?$|[比较]\x01的?$", figure.lead)) or _is_plan_figure(figure)
    draft.part_of = _part_of(draft, passage)
    if draft.part_of is not None:
        draft.indicator = headed_as(draft.indicator, draft.part_of.indicator)
    draft.confidence = SURE if draft.own else LIKELY
    if not draft.indicator:
        draft.confidence = GUESSED
    _take_ratio_before(draft, passage)
    return draft


def _adds(draft: Draft, passage: Passage) -> bool:
    """里程达到5650公里,|新增|3260公里: a bare 新增 behind an amount of its measure tells how that grew."""
    before = passage.last
    bare = draft.figure.opening == "," and _ADDED.fullmatch(draft.figure.lead)
    alike = before is not None and before.is_head and before.dimension == draft.dimension
    return bool(bare and alike and draft.figure.tail == "")


def _is_plan_figure(figure: Figure) -> bool:
    """占年初预算数109466万元的90.9%: the denominator, not the head."""
    planned = re.search("占|完成|为|达|是|相当于", figure.lead) and _PLAN_LEAD.search(figure.lead)
    return figure.tail.startswith("的") and bool(planned)


def _take_ratio_before(draft: Draft, passage: Passage) -> None:
    """国内生产总值增长6.6%,总量突破90万亿元: the ratio came first."""
    before = passage.last
    if before is None or before.relation is not None or before.kind not in ("growth", "delta", "completion"):
        return
    figure, noun = draft.figure, phrase(draft.reading.noun)
    near = figure.segment == before.figure.segment and figure.clause - before.figure.clause <= 1
    unnamed = not noun or noun in words("total_name")
    if near and figure.opening == "," and unnamed and before.own and before.indicator:
        before.relation, draft.indicator, draft.own = draft, before.indicator, True


def _opens_parts(figure: Figure) -> bool:
    return bool(_CHILD.match(figure.lead))


def _totals(passage: Passage) -> list[Draft]:
    """The totals that 其中 may divide: amounts before it that are no components themselves."""
    heads = [draft for draft in passage.sentence or passage.previous if draft.is_head]
    return [draft for draft in heads if draft.part_of is None]


def _part_of(draft: Draft, passage: Passage) -> Draft | None:
    before = passage.last
    inside = before is not None and before.figure.clause == draft.figure.clause and before.is_head
    if inside and before and before.dimension == draft.dimension and _HAVE.match(draft.figure.lead):
        return before
    if draft.role == "threshold":
        return None
    total = passage.total_of(draft.indicator, draft.dimension)
    if total is not None and not _opens_parts(draft.figure) and _leaves_parts(draft, total, passage):
        passage.totals = []
        return None
    return total


def _leaves_parts(draft: Draft, total: Draft, passage: Passage) -> bool:
    """进出口420亿美元,其中出口260亿美元,利用外资85亿美元: the last is no component.

    Components go on with a short name or one that ends as the total or the component before it does.
    """
    if names_scope(draft.figure.lead):
        return True
    if draft.figure.opening != "," or len(draft.indicator) <= _SHORT_NAME:
        return False
    parts = [other for other in passage.sentence if other.part_of is total]
    ends = {total.indicator[-2:], *(part.indicator[-1:] for part in parts[-1:])}
    return not draft.indicator.endswith(tuple(ends - {""}))


def _of_figure_before(figure: Figure, reading: Reading, passage: Passage) -> Draft | None:
    """占年初预算数109466万元|的90.9%: a ratio of the figure directly before it."""
    before = passage.last
    if before is None or figure.opening or not figure.is_ratio or not _OF_BEFORE.fullmatch(figure.lead):
        return None
    if not before.is_head:
        return None
    planned = bool(_PLAN_LEAD.search(before.figure.lead))
    heads = [draft for draft in passage.sentence if draft.is_head and draft is not before]
    head = heads[-1] if heads else None
    kind: Kind = "completion" if planned else "share"
    draft = Draft(figure, reading, kind, relation=head, whole=before, own=False)
    if planned and not before.role:
        before.role, before.base = "target", True
    name = head.indicator if head else passage.topic
    draft.indicator = name if planned else f"{name}占{before.indicator}比重"
    return draft


def _moved_on(figure: Figure, reading: Reading, passage: Passage) -> Draft | None:
    """由45%|提高到|65%: the second is the same thing later."""
    before = passage.last
    if before is None or figure.opening or before.figure.clause != figure.clause:
        return None
    same = before.role != "threshold" and before.dimension == measure_of(figure.quantity.measure).dimension
    moved = _MOVED.match(figure.lead) and _FROM.search(before.figure.lead)
    if not same or not (moved or (not phrase(reading.noun) and _TO.search(figure.lead))):
        return None
    before.base = before.is_head
    relation = _level_after(before, passage)
    return Draft(
        figure, reading, before.kind, before.indicator, relation, before.whole, before.part_of,
        before.direction, confidence=LIKELY,
    )  # fmt: skip


_COUNTED_AS = re.compile(any_of("counted_as") + "$")
_POINTS_NAME = re.compile(f"{any_of('points_name')}(?:同比)?")
_AMONG = re.compile(r"(?:县|市|区|州|省|乡|镇|街道|村|部门|单位|城市|地区)[^,]{0,6}[中里]")
_OF_CHANGE = re.compile(f"(?:同比)?{any_of('of_change')}")


def _rank(text: str, draft: Draft, passage: Passage) -> Draft:
    """增速居全市第3位 speaks about the figure before it, unless it brings its own noun."""
    noun = phrase(draft.reading.noun)
    before = passage.last
    if before and _AMONG.match(draft.figure.lead):
        noun, before = phrase(before.figure.lead), passage.ratio() or passage.head()
    if noun and not _OF_CHANGE.fullmatch(noun):
        draft.indicator, draft.relation = noun, _amount_named(noun, passage)
        return draft
    of_amount = noun.endswith("总量")
    draft.relation = passage.head() if of_amount else before
    draft.own = False
    found = draft.relation
    draft.indicator = found.indicator if found else clause_before(text, draft.figure, passage) or noun
    return draft


def _comparing(text: str, draft: Draft, passage: Passage) -> Draft:
    match draft.kind:
        case "delta_pp":
            return _points(text, draft, passage)
        case "share":
            return _share(text, draft, passage)
        case "rate":
            return _rate(text, draft, passage)
        case _:
            return _change(text, draft, passage)


def _change(text: str, draft: Draft, passage: Passage) -> Draft:
    """Growth, completion, delta: of its own noun, else of the last amount."""
    noun = "" if draft.kind == "delta" and _ADDED.fullmatch(draft.figure.lead) else phrase(draft.reading.noun)
    if noun in ("人均", "户均", "亩均", "每亩", "每户", "每人", "年人均"):
        noun += draft.figure.lead[len(draft.reading.noun) :]
    if _follows_count(draft, passage):
        draft.relation = passage.last
        draft.indicator = noun or (passage.last.indicator if passage.last else "")
        return draft
    head = passage.head()
    if noun and not (head and _same(noun, head.indicator)):
        named = _amount_named(noun, passage)
        topic = clause_before(text, draft.figure, passage) if is_generic(noun) else ""
        draft.relation, draft.indicator = named, noun if is_generic(topic) else topic + noun
        draft.whole = _target_of(draft, passage)
        return draft
    draft.own = False
    if not noun:
        subject = clause_before(text, draft.figure, passage)
        if subject and _is_new_subject(subject, head):
            draft.indicator, draft.own = subject, True
            return draft
    spoken = _spoken_of(draft, passage) if draft.kind == "completion" else head
    draft.relation = spoken if spoken is None or spoken.is_head else None
    draft.indicator = spoken.indicator if spoken else passage.topic
    draft.whole = _target_of(draft, passage)
    return draft


def _is_new_subject(subject: str, head: Draft | None) -> bool:
    """A clause without a figure between the amount and its change only comments on it."""
    return head is None


def _follows_count(draft: Draft, passage: Passage) -> bool:
    """1个|重点项目已完成工程总量的|95%: the noun of the ratio is that of the count just before."""
    before, figure = passage.last, draft.figure
    if before is None or figure.opening or draft.kind != "completion" or not before.is_head:
        return False
    behind = object_behind(figure.lead, 0)
    return before.figure.clause == figure.clause and len(behind) >= 2 and before.indicator.endswith(behind)


def _target_of(draft: Draft, passage: Passage) -> Draft | None:
    """The printed plan that a completion is of."""
    if draft.kind != "completion" or draft.relation is None:
        return None
    for other in reversed(passage.segment):
        fits = other.role == "target" and other.dimension == draft.relation.dimension
        if fits and other is not draft.relation:
            return other
    return None


def _same(noun: str, indicator: str) -> bool:
    return noun == indicator or (len(noun) >= 2 and indicator.endswith(noun) and is_generic(noun))


def _amount_named(noun: str, passage: Passage) -> Draft | None:
    for draft in reversed(passage.sentence):
        if draft.is_head and draft.indicator and (draft.indicator == noun or _near(noun, draft.indicator)):
            return draft
    stem = _COUNTED_AS.sub("", noun)
    for draft in reversed(passage.sentence if len(stem) >= 2 and stem != noun else []):
        if draft.kind == "count" and stem[-2:] in draft.indicator:
            return draft
    return None


def _near(first: str, second: str) -> bool:
    """One name, but for a generic head: 造林, 造林面积."""
    short, long = sorted((first, second), key=len)
    return len(short) >= 2 and long.startswith(short) and is_generic(long[len(short) :])


def _points(text: str, draft: Draft, passage: Passage) -> Draft:
    noun = phrase(draft.reading.noun)
    ratio = passage.ratio()
    if not noun or _POINTS_NAME.fullmatch(noun):
        draft.relation, draft.own = ratio, False
        subject = clause_before(text, draft.figure, passage) if ratio is None else ""
        draft.indicator = ratio.indicator if ratio else (subject + noun) or passage.topic
        return draft
    draft.indicator = noun
    for other in reversed(passage.sentence):
        shares = other.kind == "share" and _SHARE_WORD.search(noun)
        if other.kind in RATIOS and (shares or other.indicator == noun):
            draft.relation = other
            break
    return draft


def _share(text: str, draft: Draft, passage: Passage) -> Draft:
    reading, figure = draft.reading, draft.figure
    noun = phrase(reading.noun.removesuffix("所"))
    if not reading.rate:
        behind = object_behind(text, figure.quantity.end)
        draft.indicator = behind or noun or passage.topic
        if not reading.certain and not behind:
            draft.confidence = GUESSED
        return draft
    head = _spoken_of(draft, passage)
    part = head if not noun else _amount_named(noun, passage)
    if _FROM.search(figure.lead):
        part = _level_before(part, passage)
    elif part is not None and noun == "":
        part = part if part.is_head else None
    draft.relation, draft.own = part, bool(noun)
    whole = phrase(reading.whole) or reading.whole.strip("\x01的")
    draft.whole = _whole_of(reading.whole, draft, passage)
    name = noun or (head.indicator if head else passage.topic)
    written = f"占{whole}比重" if whole else "占比"
    draft.indicator = name + written if reading.rate == "占" else name
    return draft


def _spoken_of(draft: Draft, passage: Passage) -> Draft | None:
    """What a ratio without a noun goes on about: the last amount, or a ratio told since on its own."""
    before = passage.last
    if before and before.own and before.kind in ("growth", "completion") and before.relation is None:
        return before
    return passage.head()


def _level_before(part: Draft | None, passage: Passage) -> Draft | None:
    """占比由12%提高到16%: the first is that of the amount's former level, where that is told."""
    drafts = passage.sentence
    at = drafts.index(part) if part in drafts else 0
    before = drafts[at - 1] if at else None
    alike = part is not None and before is not None and before.indicator == part.indicator
    return before if before and before.base and alike else None


def _level_after(before: Draft, passage: Passage) -> Draft | None:
    """The amount that the second of two levels speaks of, where the first has its own."""
    former = before.relation
    drafts = passage.sentence
    if before.kind != "share" or former is None or not former.base or former not in drafts:
        return before.relation
    following = drafts[drafts.index(former) + 1]
    return following if following.is_head else former


def _whole_of(written: str, draft: Draft, passage: Passage) -> Draft | None:
    part = draft.relation
    name = written.replace("\x01", "").replace("的", "")
    # Without its own amount a share is tied to nothing near, and a namesake far back may be another year's.
    near = passage.drafts[-_FAR_BACK:] if part is not None else passage.sentence
    for other in reversed(near):
        same = other is not part and other.is_head and other.indicator
        if same and len(name) >= 2 and (other.indicator == name or phrase(name) == other.indicator):
            return other
    if part is not None and _WHOLE_LIKE.match(name):
        return part.part_of
    return None


def _rate(text: str, draft: Draft, passage: Passage) -> Draft:
    noun = phrase(draft.reading.noun)
    draft.indicator = noun or clause_before(text, draft.figure, passage) or passage.topic
    draft.own = bool(noun)
    draft.confidence = SURE if draft.reading.certain else GUESSED
    if _FROM.search(draft.figure.lead) or _STANDING.search(noun):
        return draft
    for head in _rated_amounts(noun, passage):
        if _rate_of(noun, head.indicator):
            draft.relation = head
            break
    return draft


def _rated_amounts(rate: str, passage: Passage) -> list[Draft]:
    """The last amount; of sales rates every amount of the sentence, the nearest first."""
    if _SALES_RATES.search(rate):
        return [draft for draft in reversed(passage.sentence) if draft.is_head]
    head = passage.head()
    return [head] if head else []


def _rate_of(rate: str, amount: str) -> bool:
    """参合率 of 参合农民, 增加值率 of 工业增加值; 利税率 is of sales."""
    if _SALES_RATES.search(rate):
        return bool(_SALES.search(amount))
    stem = re.sub(r"(?:率|比例|比重|度)$", "", rate)[-3:]
    return len(stem) >= 2 and stem[-2:] in amount


def _group(text: str, members: Sequence[Figure], passage: Passage) -> list[Draft]:
    """增长14.2%、4.2%: the members share their lead; nouns and amounts are dealt out in order."""
    first = members[0]
    leader = _single(text, first, passage)
    noun = phrase(leader.reading.noun)
    names = coordinated(whole_phrase(leader.reading.noun))
    comparing = leader.kind in RATIOS or leader.kind in ("delta", "delta_pp")
    partners = _partners(members, passage) if comparing else []
    drafts = [leader]
    for figure in members[1:]:
        behind = object_behind(text, figure.quantity.end) if figure.tail else ""
        copy = Draft(
            figure, replace(leader.reading), leader.kind, leader.indicator, leader.relation, leader.whole,
            leader.part_of, leader.direction, leader.role, leader.own, leader.base, leader.confidence,
        )  # fmt: skip
        if behind and copy.is_head:
            copy.indicator = behind
        drafts.append(copy)
    if len(names) != len(members) and leader.is_head:
        named = coordinated(leader.indicator)
        names = named if len(named) == len(members) else names
    if len(names) == len(members):
        for draft, name in zip(drafts, names, strict=True):
            draft.indicator, draft.own, draft.relation = name, True, _amount_named(name, passage)
    bare = not noun or bool(_POINTS_NAME.fullmatch(noun))
    if partners and (bare or len(names) == len(members)):
        for draft, partner in zip(drafts, partners, strict=True):
            draft.relation = partner
            if bare:
                draft.indicator = partner.indicator + ("占比" if draft.kind == "share" else "")
    if leader.is_head:
        _take_ratios_before(drafts, names, passage)
    for draft in drafts:
        draft.group = drafts
    return drafts


def _partners(members: Sequence[Figure], passage: Passage) -> list[Draft]:
    """The group of as many amounts before, in this sentence; with 分别 the last as many amounts."""
    size = len(members)
    if members[0].quantity.measure == "百分点":
        ratios = [draft for draft in passage.segment if draft.kind in RATIOS][-size:]
        return ratios if len(ratios) == size and "分别" in members[0].lead else []
    for draft in reversed(passage.sentence):
        if draft.is_head and len(draft.group) == size:
            return draft.group
    heads = [draft for draft in passage.segment if draft.is_head and not draft.base]
    near = heads[-size:] if len(heads) >= size else []
    alike = len({head.dimension for head in near}) == 1
    return near if alike or "分别" in members[0].lead else []


def _take_ratios_before(drafts: list[Draft], names: list[str], passage: Passage) -> None:
    """城乡居民收入分别增长8%和9%,达到35000元和15000元."""
    before = passage.last
    if before is None or len(before.group) != len(drafts) or before.kind not in ("growth", "delta"):
        return
    if names and phrase(drafts[0].reading.noun):
        return
    for ratio, draft in zip(before.group, drafts, strict=True):
        if ratio.relation is None:
            ratio.relation, draft.indicator = draft, ratio.indicator

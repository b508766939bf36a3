"""Parts against their whole: sums, counted lists, structures, and what can never be the greater."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from kaohe.checking.figures import Figure, comparable, core
from kaohe.checking.findings import Finding, Severity, Verdict
from kaohe.checking.judging import Judge, in_unit, range_text, value_text, verdict
from kaohe.checking.partitions import others_between, part_lists, summed
from kaohe.checking.vocabulary import any_of, rows
from kaohe.quantities import Interval
from kaohe.reading.claims import Claim


def part_sums(judge: Judge) -> Iterator[Finding]:
    """Parts add up to their whole where they are all its parts; 其中 alone promises no more than ≤."""
    for found in part_lists(judge):
        parts = _all_kinds(found.whole, found.parts) or found.parts
        findings = judged_sum(judge, found.whole, parts, found.complete)
        yield from findings if found.certain else map(softened, findings)
    for whole_id, parts in judge.figures.parts.items():
        whole = judge.figures.get(whole_id)
        if whole:
            yield from _each_below(judge, whole, parts)


def _all_kinds(whole: Figure, parts: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """续建6个、新开工12个,投资上千万元的5个: of too many parts, two that are by their names all there are."""
    too_many = sum((part.middle for part in parts), Fraction(0)) > whole.middle * Fraction(51, 50)
    pairs = list(pairwise(parts)) if len(parts) > 2 and too_many and not is_closed(parts) else []
    return next((pair for pair in pairs if is_closed(pair)), ())


def judged_sum(judge: Judge, whole: Figure, parts: tuple[Figure, ...], complete: bool) -> Iterator[Finding]:
    """A list of parts against its total."""
    roles = {"", "forecast"} if whole.claim.role in ("", "forecast") else {whole.claim.role}
    alike = [part for part in parts if complete or part.claim.role in roles]
    actual = tuple(part for part in alike if not is_average(judge, part))
    if len(actual) < 2 or is_average(judge, whole):
        return
    together = summed(actual)
    judged = verdict(whole.interval, together)
    if judged == "holds" and not _spurious(actual, whole):
        yield _sum_finding(judge, whole, actual, together, judged)
    elif judged == "fails":
        yield from _unequal(judge, whole, actual, together, complete)


def _unequal(
    judge: Judge, whole: Figure, parts: tuple[Figure, ...], together: Interval, complete: bool
) -> Iterator[Finding]:
    """A sum that is not the total is wrong for all the parts, or above it; else parts may be missing."""
    other = _other_whole(judge, whole, parts, together)
    if other:
        yield _sum_finding(judge, other, parts, together, "holds")
    if other or _strangers(judge, parts):
        return
    if _misread(judge, whole, parts):
        yield from _against_likely(judge, parts, together)
        return
    above = (
        together.low is not None and whole.interval.high is not None and together.low > whole.interval.high
    )
    if is_closed(parts) or _names_the_rest(judge, parts) or (above and are_disjoint(parts)):
        yield _sum_finding(judge, whole, parts, together, "fails")
    elif _looks_whole(judge, whole, parts, complete):
        yield _sum_finding(judge, whole, parts, together, "unsure")


def _other_whole(judge: Judge, whole: Figure, parts: tuple[Figure, ...], summed: Interval) -> Figure | None:
    """A total before the parts in their paragraph that they do add up to: the link was to a wrong one."""
    before = [one for one in judge.figures.around(parts[0]) if one.claim.end <= parts[0].claim.start]
    fitting = [one for one in before if one.id != whole.id and comparable(one, parts[0])]
    return next((one for one in reversed(fitting) if one.interval.meets(summed)), None)


def _names_the_rest(judge: Judge, parts: tuple[Figure, ...]) -> bool:
    """Whether the last part is told as 其余 or 其他, which leaves nothing out."""
    return bool(re.search(any_of("rest"), judge.layout.lead(parts[-1].claim.start)))


def _strangers(judge: Judge, parts: tuple[Figure, ...]) -> bool:
    """Whether a like figure that is none of them stands among the parts, and their names do not settle it."""
    return not (len(parts) > 2 and is_closed(parts)) and others_between(judge, parts)


def _looks_whole(judge: Judge, whole: Figure, parts: tuple[Figure, ...], complete: bool) -> bool:
    """Parts side by side, without 等, printed like their total, that make up most of it or a bit more."""
    if len({figure.claim.unit for figure in (whole, *parts)}) > 1:
        return False
    beside = complete or not re.search(
        "[。\n]", judge.layout.words(parts[0].claim.start, parts[-1].claim.end)
    )
    plain = not any(figure.claim.approx for figure in (whole, *parts))
    listed = "等" not in judge.layout.after(parts[-1].claim.end, 6)
    return beside and plain and listed and _makes_up(whole, parts, complete)


def _makes_up(whole: Figure, parts: tuple[Figure, ...], complete: bool) -> bool:
    """Whether what is listed is about the total; kinds that overlap, or lists of some kinds, never are."""
    together = sum((part.middle for part in parts), Fraction(0))
    overlap = any(re.search(any_of("overlapping"), part.claim.indicator) for part in parts)
    several = any(
        _of_open_family(family["members"].split(), parts)
        for family in rows("families")
        if family["closed"] == "no"
    )
    if (overlap and not complete) or (several and together < whole.middle):
        return False
    # Kinds of persons and things overlap more often than amounts do: 小学 and 寄宿制学校.
    loose = parts[0].claim.kind == "count" and not complete
    above = Fraction(6, 5) if len(parts) > 3 else Fraction(1)
    most = whole.middle * (above if loose else Fraction(8, 5))
    return whole.middle * (Fraction(11, 20) if complete else Fraction(7, 10)) <= together <= most


def _of_open_family(members: list[str], parts: tuple[Figure, ...]) -> bool:
    """中央资金 and 省级资金: all of one family, of which one is not named, so that the list is not whole."""
    names = [part.claim.indicator for part in parts]
    return len(names) < len(members) and _apart(members, names)


def _spurious(parts: tuple[Figure, ...], whole: Figure) -> bool:
    """Sums that meet only because an end is open say nothing."""
    return any(part.interval.high is None for part in parts) or whole.interval.high is None


def _sum_finding(
    judge: Judge, whole: Figure, parts: tuple[Figure, ...], summed: Interval, judged: Verdict
) -> Finding:
    counted = all(part.claim.kind == "count" for part in parts)
    check = "list-count" if counted else "part-sum"
    unit = whole.claim.unit
    beside = judge.figures.same_sentence(whole, parts[0])
    worst: Severity = "error" if beside else "warning"
    severity: Severity = {"holds": "info", "unsure": "question"}.get(judged, worst)  # type: ignore[assignment]
    computed = in_unit(summed, unit)
    values = {
        "parts": " + ".join(_number(part, unit) for part in parts),
        "sum": value_text(sum((part.middle for part in parts), Fraction(0)), unit, 6),
        "stated": whole.claim.text,
        "computed": range_text(computed, unit),
    }
    places = [whole.place, *(part.place for part in parts)]
    return judge.finding(
        check, judged, severity, f"sum.{judged}", places, values, whole.claim.text, computed, unit
    )


def _number(part: Figure, unit: str) -> str:
    return value_text(part.middle, unit, 6).removesuffix(unit)


def _each_below(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> Iterator[Finding]:
    """No part is greater than its total; an average is not a total, and may be below one of its kinds."""
    if is_average(judge, whole):
        return
    for part in parts:
        if (
            _greater(part, whole)
            and _named_as_part(judge, part, whole)
            and not _larger_total(judge, part, whole)
        ):
            check = "order-relation" if part.claim.kind == "count" else "part-sum"
            values = {"part": part.claim.text, "whole": whole.claim.text}
            severity: Severity = "error" if judge.figures.same_sentence(part, whole) else "warning"
            places = [part.place, whole.place]
            yield judge.finding(check, "fails", severity, "part_above", places, values, part.claim.text)


def _larger_total(judge: Judge, part: Figure, whole: Figure) -> bool:
    """Whether another like figure between both may be the total: 调出8人，现有390人，其中340人."""
    beside = judge.figures.same_sentence(part, whole)
    start = whole.claim.start if beside else whole.claim.start - 200
    return any(
        comparable(one, part) and one.claim.part_of != whole.id and not _greater(part, one)
        for one in judge.figures.between(start, part.claim.start)
    )


def _named_as_part(judge: Judge, part: Figure, whole: Figure) -> bool:
    """Its own clause group says so, 其中; a list that runs on over ； may have left the whole behind."""
    if part.claim.direction or whole.claim.direction:
        return False
    lead = judge.layout.words(judge.layout.sentence(part.claim.start)[0], part.claim.start)
    return judge.figures.same_sentence(part, whole) or bool(re.search(any_of("of_which"), lead))


def _greater(part: Figure, whole: Figure) -> bool:
    low, high = part.interval.low, whole.interval.high
    return low is not None and high is not None and low > high and not _far_above(part.middle, whole.middle)


def _against_likely(judge: Judge, parts: tuple[Figure, ...], together: Interval) -> Iterator[Finding]:
    """The link was to a wrong total: a question against an earlier one that is about what they make up."""
    added = sum((part.middle for part in parts), Fraction(0))
    likely = [
        one
        for one in judge.figures.around(parts[0])
        if one.claim.end <= parts[0].claim.start and comparable(one, parts[0]) and one.claim.part_of is None
        and one.middle * 4 / 5 <= added <= one.middle * 5 / 4
    ]  # fmt: skip
    if len(likely) == 1 and len(parts) > 2:
        yield _sum_finding(judge, likely[0], parts, together, "unsure")


def _misread(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> bool:
    """Parts far above their total belong to another one, the sooner the further back it stands."""
    together = sum((part.middle for part in parts), Fraction(0))
    beside = judge.figures.same_sentence(whole, parts[0])
    return _far_above(together, whole.middle) or (not beside and together > 2 * whole.middle)


def _far_above(part: Fraction, whole: Fraction) -> bool:
    """A total that is a small fraction of its parts was misread or is none of theirs: no slip is so wide."""
    return part > 20 * whole


def is_closed(parts: tuple[Figure, ...]) -> bool:
    """Whether the parts are by their names all the parts there are: 国税 and 地税, or one named 其余."""
    names = [part.claim.indicator for part in parts]
    if len(parts) > 1 and any(re.search(any_of("rest"), name) for name in names):
        return True
    if len(parts) == 2 and _opposites(*names):
        return True
    return any(
        _covers(family["members"].split(), names) for family in rows("families") if family["closed"] == "yes"
    )


def _opposites(first: str, second: str) -> bool:
    """贫困村 and 非贫困村."""
    return second.endswith(f"非{first}") or first.endswith(f"非{second}")


def _covers(members: list[str], names: list[str]) -> bool:
    if len(members) != len(names):
        return False
    at = [[number for number, member in enumerate(members) if re.search(member, name)] for name in names]
    return sorted(number for found in at for number in found[:1]) == list(range(len(members)))


def are_disjoint(parts: tuple[Figure, ...]) -> bool:
    """Whether the parts are by their names different kinds of one thing: 重点, 一般 and 示范."""
    names = [part.claim.indicator for part in parts]
    return any(_apart(family["members"].split(), names) for family in rows("families")) or _named_alike(names)


def _named_alike(names: list[str]) -> bool:
    """廉租房 and 公租房: one noun with different short words before it, none of which may overlap."""
    short = all(2 <= len(name) <= 6 for name in names) and len(set(names)) == len(names)
    return (
        short
        and len({name[-1] for name in names}) == 1
        and not any(re.search(any_of("overlapping"), name) for name in names)
    )


def _apart(members: list[str], names: list[str]) -> bool:
    at = [[number for number, member in enumerate(members) if re.search(member, name)] for name in names]
    chosen = [found[0] for found in at if found]
    return len(chosen) == len(names) and len(set(chosen)) == len(chosen)


def is_average(judge: Judge, figure: Figure) -> bool:
    """Averages do not add up; their 人均 may stand in the clause and not in the indicator."""
    return bool(_NOT_ADDITIVE.search(figure.claim.indicator + judge.layout.lead(figure.claim.start)))


def softened(finding: Finding) -> Finding:
    """A question where a total of another period word may not be the total of these parts."""
    if finding.verdict != "fails":
        return finding
    return replace(finding, verdict="unsure", severity="question", key=finding.key.replace("fails", "unsure"))


def structures(judge: Judge) -> Iterator[Finding]:
    """The members of a structure in percent add up to 100."""
    for claim in judge.figures.structures:
        yield from _structure(judge, claim)


def _structure(judge: Judge, claim: Claim) -> Iterator[Finding]:
    members = claim.part_intervals
    printed = sum((Fraction(number) for number in claim.numbers), Fraction(0))
    if len(members) < 3 or not 80 <= printed <= 125:
        return
    summed = Interval.point(0)
    for member in members:
        summed += member
    judged = verdict(Interval.point(100), summed)
    severity: Severity = "error" if judged == "fails" else "info"
    values = {"sum": value_text(printed, ""), "stated": claim.text}
    places = [(claim.start, claim.end)]
    yield judge.finding(
        "part-sum", judged, severity, f"structure.{judged}", places, values, claim.text, summed, "%"
    )


def industry_shares(judge: Judge) -> Iterator[Finding]:
    """Shares of all members of a closed family add up to 100 %: the three industries, town and country."""
    seen: dict[int, list[Figure]] = {}
    for share in judge.figures.of_kind("share"):
        seen.setdefault(judge.layout.sentence(share.claim.start)[0], []).append(share)
    for shares in seen.values():
        parts = tuple(shares)
        if not (
            _three_industries(judge, parts) or (len(parts) > 1 and is_closed(parts) and _one_whole(parts))
        ):
            continue
        summed = Interval.point(0)
        for share in parts:
            summed += share.interval
        judged = verdict(Interval.point(1), summed)
        severity: Severity = "warning" if judged == "fails" else "info"
        computed = in_unit(summed, "%")
        values = {"sum": range_text(computed, "%"), "stated": "、".join(share.claim.text for share in parts)}
        places = [share.place for share in parts]
        yield judge.finding(
            "part-sum",
            judged,
            severity,
            f"structure.{judged}",
            places,
            values,
            values["stated"],
            computed,
            "%",
        )


def _one_whole(parts: tuple[Figure, ...]) -> bool:
    return len({part.claim.whole for part in parts}) == 1


def _three_industries(judge: Judge, parts: tuple[Figure, ...]) -> bool:
    """三次产业占比分别为7.4%、48.5%、44.1%: three shares joined by 、 or 和."""
    if len(parts) != 3 or not re.search(
        any_of("three_industries"), judge.layout.before(parts[0].claim.start)
    ):
        return False
    between = [judge.layout.words(one.claim.end, other.claim.start) for one, other in pairwise(parts)]
    return all(gap.strip() in ("、", "和", "，", ",") for gap in between)


def orders(judge: Judge) -> Iterator[Finding]:
    """What is contained in something is not greater: 出口 ≤ 进出口, 规模以上 ≤ 全部."""
    figures = [figure for figure in judge.figures.all if figure.is_absolute and not figure.claim.role]
    for number, figure in enumerate(figures):
        if not _inner_rules(core(figure.claim.indicator)):
            continue
        for other in figures[max(0, number - 12) : number + 13]:
            if other is not figure and _contained(figure, other) and _side_by_side(judge, figure, other):
                yield _order(judge, figure, other)


@lru_cache(maxsize=20_000)
def _inner_rules(inner: str) -> tuple[str, ...]:
    """The names of what contains an indicator; the names must be whole: 机电产品出口 is not 出口."""
    return tuple(rule["outer"] for rule in rows("orders") if re.fullmatch(rule["inner"], inner))


def _contained(small: Figure, large: Figure) -> bool:
    if small.claim.part_of == large.id or not comparable(small, large):
        return False
    outer = core(large.claim.indicator)
    return any(re.fullmatch(name, outer) for name in _inner_rules(core(small.claim.indicator)))


def _side_by_side(judge: Judge, small: Figure, large: Figure) -> bool:
    same_paragraph = judge.layout.paragraph_number(small.claim.start) == judge.layout.paragraph_number(
        large.claim.start
    )
    return (
        same_paragraph
        and small.claim.scope == large.claim.scope
        and small.claim.period == large.claim.period
    )  # fmt: skip


def _order(judge: Judge, small: Figure, large: Figure) -> Finding:
    fails = _greater(small, large)
    judged: Verdict = "fails" if fails else "holds"
    severity: Severity = "warning" if fails else "info"
    values = {"part": small.claim.text, "whole": large.claim.text}
    values |= {"inner": core(small.claim.indicator), "outer": core(large.claim.indicator)}
    places = [small.place, large.place]
    return judge.finding(
        "order-relation", judged, severity, f"order.{judged}", places, values, small.claim.text
    )


_NOT_ADDITIVE = re.compile(any_of("not_additive"))

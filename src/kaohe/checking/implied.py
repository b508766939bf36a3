"""What ratios imply about figures that are not printed: last year's amounts, plans, the growth of a part."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.checking.figures import Figure
from kaohe.checking.findings import Finding, Severity
from kaohe.checking.growth import comparison_base, is_real
from kaohe.checking.judging import Judge, in_unit, positive, range_text, value_text, verdict
from kaohe.quantities import Interval


def parts_and_whole(judge: Judge) -> Iterator[Finding]:
    """What the parts had last year, or should reach, adds up to what the whole had, or should reach."""
    for whole_id, parts in judge.figures.parts.items():
        whole = judge.figures.get(whole_id)
        if whole and len(parts) > 1 and _sum_of(parts).meets(whole.interval):
            yield from _implied_sums(judge, whole, parts, "growth", "growth-implied")
            yield from _implied_sums(judge, whole, parts, "completion", "completion-implied")
            yield from _sum_of_changes(judge, whole, parts)


def _sum_of(parts: tuple[Figure, ...]) -> Interval:
    whole = Interval.point(0)
    for part in parts:
        whole += part.interval
    return whole


def _implied_sums(
    judge: Judge, whole: Figure, parts: tuple[Figure, ...], kind: str, check: str
) -> Iterator[Finding]:
    figures = (whole, *parts)
    told = _all_told(judge, figures, kind)
    shift = 1 if kind == "growth" else 0
    bases = [figure.interval / (ratio.interval + shift) for figure, ratio in zip(figures, told, strict=False)]
    known = [base for base in bases if base is not None]
    if not told or len(known) < len(figures) or any(ratio.middle + shift <= 0 for ratio in told):
        return
    summed = sum(known[1:], Interval.point(0))
    real = kind == "growth" and any(is_real(judge, rate, figures) for rate in told)
    if verdict(known[0], summed) != "fails" or not real:
        middles = [
            figure.middle / (ratio.middle + shift) for figure, ratio in zip(figures, told, strict=True)
        ]
        yield _implied_finding(judge, check, figures, told, (known[0], summed), middles)


def _all_told(judge: Judge, figures: tuple[Figure, ...], kind: str) -> list[Figure]:
    """The ratio of a kind for each figure, on one comparison base; none when one is missing."""
    ratios = [judge.figures.told_of(figure, kind) for figure in figures]
    told = [ratio for ratio in ratios if ratio is not None and "番" not in ratio.claim.text]
    if kind == "growth" and len({comparison_base(judge, ratio) for ratio in told} - {""}) > 1:
        return []
    return told if len(told) == len(figures) else []


def _implied_finding(
    judge: Judge,
    check: str,
    figures: tuple[Figure, ...],
    told: list[Figure],
    compared: tuple[Interval, Interval],
    middles: list[Fraction],
) -> Finding:
    judged, unit = verdict(*compared), figures[0].claim.unit
    values = {
        "parts": " + ".join(value_text(middle, unit, 1).removesuffix(unit) for middle in middles[1:]),
        "sum": value_text(sum(middles[1:], Fraction(0)), unit, 1),
        "whole": value_text(middles[0], unit, 1),
    }
    places = [figure.place for pair in zip(figures, told, strict=True) for figure in pair]
    severity: Severity = "warning" if judged == "fails" else "info"
    computed = in_unit(compared[1], unit)
    return judge.finding(
        check, judged, severity, f"sums.{judged}", places, values, values["whole"], computed, unit
    )


def _sum_of_changes(judge: Judge, whole: Figure, parts: tuple[Figure, ...]) -> Iterator[Finding]:
    changes = [judge.figures.told_of(figure, "delta") for figure in (whole, *parts)]
    told = [change for change in changes if change is not None]
    if len(told) < len(changes) or len({comparison_base(judge, change) for change in told} - {""}) > 1:
        return
    if len({change.claim.base_unit for change in told}) > 1:
        return
    computed = _sum_of(tuple(told[1:]))
    values = {"parts": " + ".join(change.claim.text for change in told[1:])}
    yield judge.compared("delta", "sums", told[0], computed, told[1:], values, "warning")


def share_moves(judge: Judge) -> Iterator[Finding]:
    """A share that moved by points while its whole grew tells how much its part grew."""
    for points in judge.figures.of_kind("delta_pp"):
        share = judge.figures.get(points.claim.relation_to)
        if share and share.claim.kind == "share":
            yield from _growth_of_part(judge, points, share)


def _growth_of_part(judge: Judge, points: Figure, share: Figure) -> Iterator[Finding]:
    part, whole = judge.figures.get(share.claim.relation_to), judge.figures.get(share.claim.whole)
    rate = judge.figures.told_of(whole, "growth") if whole else None
    before = share.interval - points.interval * Fraction(1, 100)
    bounded = positive(before) and before.high is not None and before.high < 1
    if not part or not whole or not rate or not bounded or rate.middle <= -1:
        return
    was = (whole.interval / (rate.interval + 1) or whole.interval) * before
    quotient = part.interval / was
    if quotient is not None:
        values = _told_of_moves(points, share, rate, part, whole)
        yield _moved(judge, points, share, rate, judge.figures.told_of(part, "growth"), quotient - 1, values)


def _told_of_moves(
    points: Figure, share: Figure, rate: Figure, part: Figure, whole: Figure
) -> dict[str, str]:
    """What a message says: the growth of the part, and of the rest, about the middles of the figures."""
    old_share, grew = share.middle - points.middle / 100, 1 + rate.middle
    value = part.middle * grew / (whole.middle * old_share) - 1
    rest = (whole.middle - part.middle) * grew / (whole.middle * (1 - old_share)) - 1
    figures = {"share": share, "points": points, "rate": rate}
    texts = {name: figure.claim.text for name, figure in figures.items()}
    return texts | {"value": value_text(value, "%", 0), "rest": value_text(rest, "%", 0)}


def _moved(
    judge: Judge,
    points: Figure,
    share: Figure,
    rate: Figure,
    stated: Figure | None,
    grown: Interval,
    values: dict[str, str],
) -> Finding:
    """A question when the part's own growth is printed and is another, else the growth that follows."""
    shown, places = in_unit(grown, "%"), [points.place, share.place, rate.place]
    comparable = stated and comparison_base(judge, stated) == comparison_base(judge, rate)
    if stated and comparable and verdict(stated.interval, grown) == "fails":
        told = values | {"stated": stated.claim.text, "computed": range_text(shown, "%")}
        marked = [stated.place, *places]
        return judge.asks("growth-implied", "share_moves.unsure", marked, told, stated.claim.text, shown, "%")
    return judge.holds("growth-implied", "share_moves.holds", places, values, "", shown, "%")

"""Figures against the words around them: nothing beside something, estimates, boasts, vague changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from kaohe.checking.figures import Figure, comparable, core, elapsed, same_indicator
from kaohe.checking.findings import Finding, Place, Severity, Verdict
from kaohe.checking.judging import Judge, in_unit, value_text
from kaohe.checking.ratios import pair_of
from kaohe.checking.vocabulary import any_of, words

_ITEMS = re.compile("[和与及、]|以及")


Denials = dict[str, dict[Place, set[str]]]


def contradictions(judge: Judge) -> Iterator[Finding]:
    """Something above zero is said here, and there that there is none of it."""
    denied = _denials(judge)
    for figure in judge.figures.of_kind("amount", "count", "quantity", "area") if denied else ():
        places = denied.get(core(figure.claim.indicator))
        if places and figure.middle > 0 and not figure.claim.role:
            yield from _contradicted(judge, figure, places)


def _denials(judge: Judge) -> Denials:
    """Each thing that some clause denies, with the kinds of it that are named ("" is the thing itself)."""
    found: Denials = {}
    for place in _nothings(judge):
        subject = _FILLERS.sub("", _NOTHING.split(judge.text[slice(*place)])[0])
        for item in filter(None, _ITEMS.split(subject)):
            kind = _KIND.match(item)
            word = kind[0] if kind else ""
            for thing in {core(item), core(item).removeprefix(word)}:
                if len(thing) > 1 and not judge.layout.document.is_boilerplate(place[0]):
                    found.setdefault(thing, {}).setdefault(place, set()).add(word)
    return found


def _nothings(judge: Judge) -> Iterator[Place]:
    """Clauses that say of something that there is none of it, with their subject."""
    for match in _NOTHING.finditer(judge.text):
        start = _subject_start(judge, match)
        if not re.search(any_of("not_nothing"), judge.text[start : match.end() + 4]):
            yield start, match.end()


def _subject_start(judge: Judge, match: re.Match[str]) -> int:
    """外资的任务，到现在还未实现零的突破: a clause that names nothing takes the one before."""
    start = judge.layout.clause(match.start())[0]
    subject = _FILLERS.sub("", judge.text[start : match.start()])
    if subject or start == judge.layout.sentence(match.start())[0]:
        return start
    return judge.layout.clause(start - 1)[0]


def _contradicted(judge: Judge, figure: Figure, places: dict[Place, set[str]]) -> Iterator[Finding]:
    full = [place for place, kinds in places.items() if _all_kinds(kinds)]
    partial = [place for place in places if place not in full and figure.claim.start < place[0]]
    if not full and not partial:
        return
    if full and not any(_same_time(judge, figure, place) for place in full):
        return
    judged: Verdict = "fails" if full else "unsure"
    severity: Severity = "error" if full else "question"
    values = {
        "indicator": figure.claim.indicator,
        "other": judge.text[slice(*(full or partial)[0])].strip("，,；; "),
    }
    marked = [figure.place, *full, *partial]
    yield judge.finding(
        "contradiction", judged, severity, f"nothing.{judged}", marked, values, figure.claim.text
    )


def _all_kinds(kinds: set[str]) -> bool:
    """外资 is denied by 外资, or by 协议外资 together with 实到外资."""
    promised = any(kind in words("kind_promised") for kind in kinds)
    arrived = any(kind in words("kind_arrived") for kind in kinds)
    return "" in kinds or (promised and arrived)


def _same_time(judge: Judge, figure: Figure, place: Place) -> bool:
    last_year = re.compile("去年|上年|以前|曾|历史|结束|改变")
    return not last_year.search(judge.text[slice(*place)]) and not last_year.search(
        judge.layout.lead(figure.claim.start)
    )


def estimates_in_totals(judge: Judge) -> Iterator[Finding]:
    """A total printed as exact holds a part that is only expected."""
    for whole_id, parts in judge.figures.parts.items():
        whole = judge.figures.get(whole_id)
        if not whole or whole.claim.role or whole.claim.approx or _expected_before(judge, whole):
            continue
        expected = [part for part in parts if part.claim.approx == "预计" or part.claim.role == "forecast"]
        others = [part for part in parts if part not in expected]
        if expected and others and _same_period(whole, expected[0]):
            values = {"whole": whole.claim.text, "part": expected[0].claim.text}
            places = [expected[0].place, whole.place]
            yield judge.fails("estimate-in-total", "fails", places, values, whole.claim.text)


def _expected_before(judge: Judge, figure: Figure) -> bool:
    paragraph = judge.layout.paragraph(figure.claim.start)[0]
    return (
        bool(re.search(any_of("expected"), judge.text[paragraph : figure.claim.start]))
        or "下同" in judge.text
    )


def _same_period(first: Figure, second: Figure) -> bool:
    return not first.claim.period or not second.claim.period or first.claim.period == second.claim.period


def behind_calendar(judge: Judge) -> Iterator[Finding]:
    """Less of the year's plan is done than of the year has passed, under a heading that boasts."""
    for ratio in judge.figures.of_kind("completion"):
        passed, done = _pace(judge, ratio), judge.figures.get(ratio.claim.relation_to)
        high = ratio.interval.high
        if passed is None or high is None or passed >= 1 or high >= passed or not done:
            continue
        boast = _boast(judge, ratio)
        if boast:
            values = {
                "heading": judge.text[slice(*boast)],
                "stated": ratio.claim.text,
                "indicator": ratio.claim.indicator,
            }
            values |= {
                "passed": value_text(passed, "%"),
                "gap": value_text((passed - ratio.middle) * 100, ""),
            }
            places = [ratio.place, boast]
            yield judge.fails("calendar", "fails", places, values, ratio.claim.text)


def _pace(judge: Judge, ratio: Figure) -> Fraction | None:
    """The share of the year that has passed, for a completion of a year's plan."""
    lead = judge.layout.before(ratio.claim.start, 24)
    return elapsed(ratio) if re.search(any_of("year_plan"), lead) else None


def _boast(judge: Judge, ratio: Figure) -> Place | None:
    """The boasting words of the heading, or of the opening sentence, that stands over a figure."""
    start, _ = judge.layout.paragraph(ratio.claim.start)
    opening = judge.layout.sentence(start)
    number = judge.layout.paragraph_number(ratio.claim.start)
    places = (
        [(start, min(opening[1], ratio.claim.start))]
        if not re.search(r"\d.*\d", judge.text[slice(*opening)])
        else []
    )
    label = judge.layout.label_before(ratio.claim.start)
    if label and label.paragraph == number:
        places.insert(0, judge.layout.sentence(label.place[1]))
    match = next((found for place in places if (found := _BOAST.search(judge.text, *place))), None)
    return match.span() if match else None


def hidden_parts(judge: Judge) -> Iterator[Finding]:
    """A total is ahead of the calendar, or of its plan, while a part of it lags."""
    for whole_id, parts in judge.figures.parts.items():
        whole = judge.figures.get(whole_id)
        total = judge.figures.told_of(whole, "completion") if whole else None
        passed = _pace(judge, total) if total else None
        if (
            not whole
            or not total
            or passed is None
            or total.interval.low is None
            or total.interval.low < passed
        ):
            continue
        for part in parts:
            own = judge.figures.told_of(part, "completion")
            if own and own.interval.high is not None and own.interval.high < passed:
                yield _hidden(judge, total, own, passed)


def _hidden(judge: Judge, total: Figure, own: Figure, passed: Fraction) -> Finding:
    values = {"total": total.claim.text, "part": own.claim.text, "indicator": own.claim.indicator}
    values |= {"passed": value_text(passed, "%"), "gap": value_text((passed - own.middle) * 100, "")}
    severity: Severity = "warning"
    return judge.finding(
        "hidden-part", "fails", severity, "fails", [own.place, total.place], values, own.claim.text
    )


def vague_changes(judge: Judge) -> Iterator[Finding]:
    """After a figure its change is told by a word only: 比去年有所下降."""
    for match in _VAGUE.finditer(judge.text):
        start, end = judge.layout.clause(match.start())
        before = [one for one in judge.figures.in_sentence(match.start()) if one.claim.end <= match.start()]
        if (
            not before
            or re.search(r"\d", judge.text[start:end])
            or judge.layout.document.is_boilerplate(start)
        ):
            continue
        figure = before[-1]
        if start - figure.claim.end <= 2 and figure.is_absolute and not _figure_follows(judge, end):
            values = {"figure": figure.claim.text, "indicator": figure.claim.indicator, "words": match[0]}
            places = [match.span(), figure.place]
            yield judge.asks("change-without-figure", "unsure", places, values, match[0])


def _figure_follows(judge: Judge, end: int) -> bool:
    """比上年有所下降，降幅为3%: the next clause gives the figure."""
    return bool(
        re.match(r"(?:降幅|增幅|下降|减少|增长|上升|同比)[^，,。；;]{0,8}\d", judge.text[end : end + 24])
    )


def missing_bases(judge: Judge) -> Iterator[Finding]:
    """A completion whose plan is not printed, while a target that is not its plan stands near."""
    for ratio in judge.figures.of_kind("completion"):
        done = judge.figures.get(ratio.claim.relation_to)
        if done and ratio.claim.whole is None and done.claim.kind == "count" and ratio.middle > 0:
            yield from _another_base(judge, ratio, done)
    yield from _unnamed_targets(judge)


def _another_base(judge: Judge, ratio: Figure, done: Figure) -> Iterator[Finding]:
    for target in judge.figures.in_sentence(ratio.claim.start):
        beside = judge.figures.is_free_target(target) and target.claim.end <= done.claim.start
        if not beside or target.claim.kind != "count" or done.claim.start - target.claim.end > 20:
            continue
        quotient = done.interval / target.interval
        if quotient is not None and not quotient.meets(ratio.interval):
            implied = done.interval / ratio.interval
            unit = done.claim.unit
            values = {
                "ratio": ratio.claim.text, "done": done.claim.text, "target": target.claim.text,
                "base": value_text(done.middle / ratio.middle, unit, 0),
                "other": value_text(done.middle / target.middle, "%", 0),
            }  # fmt: skip
            places = [ratio.place, done.place, target.place]
            computed = in_unit(implied, unit) if implied else None
            yield judge.asks("missing-base", "base.unsure", places, values, ratio.claim.text, computed, unit)


def _unnamed_targets(judge: Judge) -> Iterator[Finding]:
    """Of two like completions side by side, one names its plan and the other prints a bare number."""
    named: dict[int, Figure] = {}
    for ratio in judge.figures.of_kind("completion"):
        pair = pair_of(judge, ratio)
        plan = pair[1] if pair else None
        if not plan or plan.claim.kind != "count":
            continue
        sentence = judge.layout.sentence(plan.claim.start)[0]
        if re.search(any_of("plan"), judge.layout.lead(plan.claim.start)):
            named.setdefault(sentence, plan)
        elif sentence in named:
            values = {
                "figure": plan.claim.text,
                "indicator": plan.claim.indicator,
                "like": named[sentence].claim.text,
            }
            yield judge.finding(
                "missing-base",
                "unsure",
                "info",
                "unnamed.unsure",
                [plan.place, named[sentence].place],
                values,
            )


def twice_stated(judge: Judge) -> Iterator[Finding]:
    """One indicator of one body and period with two values."""
    seen: dict[tuple[str, ...], Figure] = {}
    for figure in judge.figures.of_kind("amount", "quantity", "area"):
        claim = figure.claim
        if (
            claim.role
            or not claim.period
            or claim.part_of is not None
            or core(claim.indicator) not in words("headline")
        ):
            continue
        key = (core(claim.indicator), claim.scope, claim.period, claim.base_unit)
        other = seen.setdefault(key, figure)
        if (
            other is not figure
            and not other.interval.meets(figure.interval)
            and not _explained(judge, other, figure)
        ):
            values = {"indicator": claim.indicator, "first": other.claim.text, "second": claim.text}
            yield judge.asks(
                "same-thing-twice", "values.unsure", [figure.place, other.place], values, claim.text
            )


def _explained(judge: Judge, first: Figure, second: Figure) -> bool:
    """Figures of one paragraph are told apart by words that a reader of claims does not know: 其中, 园区."""
    close = abs(second.claim.start - first.claim.start) < 120
    return (
        close
        or not comparable(first, second)
        or not same_indicator(first.claim.indicator, second.claim.indicator)
    )


_NOTHING = re.compile(any_of("nothing"))
_FILLERS = re.compile(any_of("fillers") + "|[,;:]")
_KIND = re.compile(any_of("kind_promised", "kind_arrived"))
_BOAST = re.compile(any_of("boast"))
_VAGUE = re.compile(
    rf"(?:[比较]{any_of('base_year')}|同比|环比|比计划)[^，,。；;\d]{{0,6}}{any_of('vaguely')}{any_of('changes')}(?=[，,。；;、])"
)

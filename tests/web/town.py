"""A small county for tests: two towns, two lines, one person of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kaohe.web.accounts.models import Grant, Holding, Person, Post
from kaohe.web.accounts.permissions import Permits, permits_of
from kaohe.web.accounts.roles import verbs_text
from kaohe.web.audit.recording import recorded
from kaohe.web.ledger.models import Collection, Indicator, Line, ReportingDuty, ReportingUnit, Target

CHINA = ZoneInfo("Asia/Shanghai")
MONTH = "2005-09"
PASSWORD = "kaohe-test-2005"


@dataclass(frozen=True)
class County:
    """The units by code, the indicators by code and the people by what they are."""

    units: dict[str, ReportingUnit]
    indicators: dict[str, Indicator]
    people: dict[str, Person]

    def permits(self, who: str) -> Permits:
        """What one of the people may do."""
        return permits_of(self.people[who])


def make_county() -> County:
    """Builds the county; figures there are none."""
    with recorded("test.county", by=None) as entry:
        units = _units(entry)
        indicators = _indicators(entry)
        for unit in ("qing", "lan"):
            for indicator in indicators.values():
                entry.create(ReportingDuty(unit=units[unit], indicator=indicator, first_month="2003-01"))
        entry.create(
            Target(code="t1", unit=units["qing"], indicator=indicators["output"], period="2005", value="9")
        )
        due = datetime(2005, 10, 13, 17, tzinfo=CHINA)
        entry.create(Collection(unit=units["county"], month=MONTH, due=due))
        people = _people(entry, units)
    return County(units, indicators, people)


def _units(entry) -> dict[str, ReportingUnit]:
    county = ReportingUnit(code="county", name="示例县", kind="county", path="county/", order=1)
    entry.create(county)
    units = {"county": county}
    for order, (code, name) in enumerate((("qing", "清渚镇"), ("lan", "兰溪镇")), 2):
        units[code] = ReportingUnit(
            code=code, name=name, kind="town", parent=county, path=f"county/{code}/", order=order
        )
        entry.create(units[code])
    return units


def _indicators(entry) -> dict[str, Indicator]:
    industry = Line(code="industry", name="工业线", order=1)
    finance = Line(code="finance", name="财政线", order=2)
    entry.create(industry, finance)
    made: dict[str, Indicator] = {}

    def add(code: str, name: str, measure: str, line: Line, **more: object) -> None:
        made[code] = Indicator(code=code, name=name, measure=measure, line=line, order=len(made), **more)
        entry.create(made[code])

    add("output", "工业总产值", "亿元", industry)
    add("large", "规模以上", "亿元", industry, whole=made["output"])
    add(
        "large_share", "规模以上占比", "%", industry,
        kind="ratio", additive=False, numerator=made["large"], denominator=made["output"],
    )  # fmt: skip
    add("investment", "工业性投入", "万元", industry)
    add("revenue", "财政总收入", "万元", finance)
    add("gdp", "生产总值", "亿元", finance, official=True)
    return made


_PEOPLE = {
    # what they are: (name, unit of the grant, role, lines)
    "clerk": ("文书甲", "qing", "clerk", ""),
    "owner": ("经办乙", "qing", "owner", "industry"),
    "deputy": ("副镇长甲", "qing", "deputy", "industry"),
    "leader": ("镇长甲", "qing", "leader", ""),
    "county": ("县考核办甲", "county", "county", ""),
    "verifier": ("县经信局甲", "county", "verifier", "industry"),
    "stranger": ("兰溪文书", "lan", "clerk", ""),
}


def _people(entry, units: dict[str, ReportingUnit]) -> dict[str, Person]:
    people = {}
    for number, (what, (name, unit, role, lines)) in enumerate(_PEOPLE.items()):
        person = Person(username=what, name=name, must_change_password=False)
        person.set_password(PASSWORD)
        post = Post(code=what, title=name, unit=units[unit], order=number)
        entry.create(person, post)
        entry.create(Holding(person=person, post=post, since=date(2005, 1, 1)))
        entry.create(Grant(post=post, unit=units[unit], lines=lines, verbs=verbs_text(role)))
        people[what] = person
    return people

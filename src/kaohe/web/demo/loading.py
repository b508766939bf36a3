"""The demo ledger into the tables of the web app, through the audit ledger like everything else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import count, groupby
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from kaohe.demo import folder
from kaohe.web.accounts.models import Grant, Holding, Person, Post
from kaohe.web.accounts.roles import verbs_text
from kaohe.web.assessment.models import Record, Scheme
from kaohe.web.audit.recording import Entry, recorded
from kaohe.web.config import clock
from kaohe.web.demo.people import ADMINISTRATORS, COUNTY, PASSWORD, TOWN, VILLAGES, Seat, seats
from kaohe.web.demo.series import FIRST, LAST, months
from kaohe.web.demo.source import WHOLES, Row, Source
from kaohe.web.ledger.models import (
    Collection,
    Holiday,
    Indicator,
    Line,
    ReportingDuty,
    ReportingUnit,
    SchedulePoint,
    Target,
)
from kaohe.web.supervision.models import Task

TODAY = date(2005, 10, 12)
_ZONE = ZoneInfo("Asia/Shanghai")
_RECORDS = ("events", "marks", "petitions", "projects", "milestones", "ballots", "doubts")
_SCHEMES = (
    ("county.yaml", COUNTY, "2005年度乡镇目标考核办法(示例)", "2"),
    ("town.yaml", TOWN, "2005年度镇内目标管理考核办法(示例)", "1"),
)
_HOLIDAYS = (
    *((date(2005, 10, day), False, "国庆节") for day in (3, 4, 5, 6, 7)),
    *((date(2005, 10, day), True, "国庆调休上班") for day in (8, 9)),
    (date(2006, 1, 2), False, "元旦"),
)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time of day in China."""
    return datetime.combine(day, time(hour, minute), _ZONE)


SCORED = (
    ("2005-08", moment(date(2005, 9, 10), 18, 30)),
    (LAST, moment(TODAY, 8, 30)),
)
"""The months that have scores, and when they were worked out."""


class Foundation:
    """What figures rest on: units, lines, indicators, people, duties, targets, schemes, registers."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.units: dict[str, ReportingUnit] = {}
        self.lines: dict[str, Line] = {}
        self.indicators: dict[str, Indicator] = {}
        self.people: dict[str, Person] = {}

    def lay(self) -> None:
        """Writes all of it, in a few events of the day before the first month was due."""
        with clock.at(moment(date(2002, 10, 8))):
            self._units_and_indicators()
            self._people()
            self._duties()
        with clock.at(moment(date(2005, 3, 1))):
            self._targets_and_schemes()

    # --- units, lines, indicators ---------------------------------------------------------------

    def _units_and_indicators(self) -> None:
        with recorded("demo.structure", by=None) as entry:
            for _, rows in groupby(self._unit_rows(), key=lambda unit: unit.path.count("/")):
                entry.create(*rows)
            self.lines = {
                row["line"]: Line(code=row["line"], name=row["name"], order=order)
                for order, row in enumerate(self.source.table("lines"))
            }
            entry.create(*self.lines.values())
            for layer in self._indicator_layers():
                entry.create(*layer)

    def _unit_rows(self) -> Iterator[ReportingUnit]:
        for row in self.source.table("reporting_units"):
            parent = self.units.get(row["parent"])
            unit = ReportingUnit(
                code=row["unit"],
                name=row["name"],
                short_name=row["short_name"],
                kind=row["kind"],
                parent=parent,
                path=f"{parent.path if parent else ''}{row['unit']}/",
                peer_group=row["peer_group"],
                order=int(row["order"]),
                valid_from=date(2002, 1, 1),
            )
            self.units[unit.code] = unit
            yield unit

    def _indicator_layers(self) -> Iterator[list[Indicator]]:
        """The indicators, those that others refer to first."""
        rows = list(enumerate(self.source.indicators.values()))
        plain = [r for r in rows if not r[1]["numerator"] and r[1]["indicator"] not in WHOLES]
        parts = [r for r in rows if r[1]["indicator"] in WHOLES]
        ratios = [r for r in rows if r[1]["numerator"]]
        for layer in (plain, parts, ratios):
            made = [self._indicator(order, row) for order, row in layer]
            self.indicators |= {indicator.code: indicator for indicator in made}
            yield made

    def _indicator(self, order: int, row: Row) -> Indicator:
        refer = self.indicators.get
        return Indicator(
            code=row["indicator"],
            line=self.lines[row["line"]],
            name=row["name"],
            measure=row["measure"],
            kind=row["kind"],
            additive=row["additive"] == "true",
            direction=row["direction"],
            frequency=row["frequency"],
            decimals=int(row["decimals"]) if row["decimals"] else None,
            numerator=refer(row["numerator"]),
            denominator=refer(row["denominator"]),
            whole=refer(WHOLES.get(row["indicator"], "")),
            definition=row["definition"],
            definition_version=row["definition_version"],
            official=row["official"] == "true",
            order=order,
        )

    # --- people ---------------------------------------------------------------------------------

    def _people(self) -> None:
        password, seated = make_password(PASSWORD), list(seats())
        names = [*(seat.person for seat in seated), *(name for name, _ in ADMINISTRATORS)]
        roles = dict(ADMINISTRATORS)
        self.people = {
            name: Person(
                username=name,
                name=name,
                password=password,
                admin_role=roles.get(name, ""),
                must_change_password=False,
            )
            for name in names
        }
        posts = [self._post(order, seat) for order, seat in enumerate(seated)]
        with recorded("demo.people", by=None) as entry:
            entry.create(*self.people.values())
            entry.create(*posts)
            entry.create(*(self._holding(seat, post) for seat, post in zip(seated, posts, strict=True)))
            entry.create(*self._grants(seated, posts))

    def _post(self, order: int, seat: Seat) -> Post:
        return Post(code=seat.code, title=seat.title, unit=self.units[seat.unit], order=order)

    def _holding(self, seat: Seat, post: Post) -> Holding:
        return Holding(person=self.people[seat.person], post=post, since=date(2002, 10, 1))

    def _grants(self, seated: Sequence[Seat], posts: Sequence[Post]) -> Iterator[Grant]:
        for seat, post in zip(seated, posts, strict=True):
            verbs = verbs_text(seat.role)
            yield Grant(post=post, unit=self.units[seat.on], lines=" ".join(seat.lines), verbs=verbs)
            if seat.role == "owner" and seat.unit != seat.on:
                yield Grant(post=post, unit=self.units[seat.unit], lines="", verbs=verbs)
            if seat.role == "deputy":
                # A deputy acts on some lines, and sees how the whole town stands.
                yield Grant(post=post, unit=self.units[seat.on], lines="", verbs=verbs_text("auditor"))

    # --- duties, deadlines ----------------------------------------------------------------------

    def _duties(self) -> None:
        with recorded("demo.duties", by=None) as entry:
            entry.create(*self._duty_rows())
            entry.create(*(Holiday(day=day, working=works, name=name) for day, works, name in _HOLIDAYS))
            entry.create(*self._collections())

    def _duty_rows(self) -> Iterator[ReportingDuty]:
        usual = {"2005-01/2005-09", LAST}
        for (unit, indicator), periods in self.source.observed.items():
            if usual & set(periods):
                kind = self.indicators[indicator].kind
                since = "2005-01" if kind in ("milestone", "growth") else FIRST
                yield ReportingDuty(
                    unit=self.units[unit], indicator=self.indicators[indicator], first_month=since
                )

    def _collections(self) -> Iterator[Collection]:
        for month in months():
            year, number = int(month[:4]), int(month[5:])
            due = date(year + number // 12, number % 12 + 1, 10)
            for unit, day in ((TOWN, due), (COUNTY, due.replace(day=13))):
                closed = month < LAST
                yield Collection(unit=self.units[unit], month=month, due=moment(day, 17), closed=closed)

    # --- targets, schemes, registers ------------------------------------------------------------

    def _targets_and_schemes(self) -> None:
        with recorded("demo.targets", by=None) as entry:
            entry.create(*map(self._point, self.source.table("schedules")))
            self._targets(entry)
        with recorded("demo.schemes", by=None) as entry:
            entry.create(*self._schemes())
            entry.create(*self._records())
        with recorded("demo.tasks", by=None) as entry:
            entry.create(*map(self._task, self.source.table("tasks"), count(1)))

    def _point(self, row: Row) -> SchedulePoint:
        return SchedulePoint(schedule=row["schedule"], month=int(row["month"]), share=row["share"])

    def _targets(self, entry: Entry) -> None:
        """The towns' targets, then the villages' as shares of them."""
        made = [self._target(row) for row in self.source.table("targets")]
        wholes = [target for target in made if target.unit.code not in VILLAGES]
        shares = [target for target in made if target.unit.code in VILLAGES]
        entry.create(*wholes)
        of_town = {target.indicator.code: target for target in wholes if target.unit.code == TOWN}
        for share in shares:
            share.parent_target = of_town.get(share.indicator.code)
        entry.create(*shares)

    def _target(self, row: Row) -> Target:
        return Target(
            code=row["target"],
            unit=self.units[row["unit"]],
            indicator=self.indicators[row["indicator"]],
            period=row["period"],
            form=row["form"],
            value=row["value"],
            approx=row["approx"] == "true",
            issuer=row["issuer"],
            document=row["document"],
            edition=row["version"],
            valid_from=date.fromisoformat(row["valid_from"]),
            schedule=row["schedule"],
            lead_unit=self.units.get(row["lead_unit"]),
            accountable_leader=row["accountable_leader"],
            owner=row["owner"],
            note=row["note"],
        )

    def _schemes(self) -> Iterator[Scheme]:
        for order, (file, unit, name, edition) in enumerate(_SCHEMES):
            yield Scheme(
                code=f"{file.removesuffix('.yaml')}-2005",
                name=name,
                year=2005,
                issuer=self.units[unit],
                file_name=file,
                text=(folder() / file).read_text(encoding="utf-8"),
                edition=edition,
                published=True,
                order=order,
            )

    def _task(self, row: Row, order: int) -> Task:
        figure, _space, measure = row["contribution"].partition(" ")
        return Task(
            code=row["task"],
            unit=self.units[row["unit"]],
            indicator=self.indicators.get(row["indicator"]),
            cause=row["cause"],
            owner=row["owner"],
            supporting=row["supporting"],
            start=date.fromisoformat(row["start"]),
            due=date.fromisoformat(row["due"]),
            deliverable=row["deliverable"],
            contribution=figure.removeprefix("≈"),
            measure=measure,
            approx=figure.startswith("≈"),
            state=row["state"],
            note=row["note"],
            order=order,
        )

    def _records(self) -> Iterator[Record]:
        for table in _RECORDS:
            yield from self._record_rows(table, self.source.table(table))
        yield from self._record_rows("observations", self.source.own_periods())
        village = [row for row in self.source.table("reporting_units") if row["sampled_village"]]
        attributes = [{"unit": row["unit"], "sampled_village": row["sampled_village"]} for row in village]
        yield from self._record_rows("attributes", attributes)

    def _record_rows(self, table: str, rows: Iterable[Row]) -> Iterator[Record]:
        registrar = self.people["县考核办甲"]
        for order, row in enumerate(rows):
            yield Record(
                table=table,
                unit=self.units[row["unit"]],
                order=order,
                values=json.dumps(row, ensure_ascii=False),
                entered_by=self.people["文书甲"] if row["unit"].startswith("q") else registrar,
                entered_at=moment(date(2005, 10, 10), 9, 30),
            )

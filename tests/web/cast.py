"""The shared cast of the web tests: a county with two towns, every kind of person, figures in every state.

Whatever is somebody's own – a value, a note, a message, a name, a document – carries a canary: a text that
occurs nowhere else. ``Cast.canaries`` tells whose it is, so that a test can search any page for what the
person who asked for it must not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from importlib import resources
from itertools import count
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import Client

from kaohe.web.accounts.models import Grant, Holding, Person, Post
from kaohe.web.accounts.permissions import Permits, permits_of
from kaohe.web.accounts.roles import verbs_text
from kaohe.web.assessment.actions import keep_run
from kaohe.web.assessment.models import Appeal, Record, Scheme
from kaohe.web.audit.checkpoints import public_key
from kaohe.web.audit.keys import make_key
from kaohe.web.audit.recording import recorded
from kaohe.web.documents.models import EvidenceFile, EvidenceLink, EvidenceNeed, Paper, PaperTemplate
from kaohe.web.documents.storage import path_of, store
from kaohe.web.ledger.models import (
    Collection,
    DueRule,
    Holiday,
    ImportedSheet,
    Indicator,
    Line,
    Message,
    Observation,
    ReportingDuty,
    ReportingUnit,
    Target,
    VerifiedValue,
)
from kaohe.web.supervision.models import Adjustment, Task, TaskNote, TaskState
from kaohe.writing import templates

CHINA = ZoneInfo("Asia/Shanghai")
PASSWORD = "kaohe-test-2005"
TREE = {
    # code: (parent, name, kind)
    "county": ("", "示例县", "county"),
    "qing": ("county", "清渚镇", "town"),
    "qing_of": ("qing", "经发办", "office"),
    "qing_v": ("qing", "东村", "village"),
    "qing_w": ("qing", "西村", "village"),
    "lan": ("county", "兰溪镇", "town"),
    "lan_v": ("lan", "南村", "village"),
}
LINES = {"industry": ("工业", "output", "工业总产值"), "finance": ("财政", "revenue", "财政总收入")}
STATES = {
    # state of the figures: their month
    "closed": "2005-05",
    "verified": "2005-06",
    "reviewed": "2005-07",
    "submitted": "2005-08",
    "draft": "2005-09",
    "returned": "2005-10",
}
MONTH = STATES["draft"]


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of the cast: a post's role on a subtree for lines (all when none), or an administrator."""

    role: str
    unit: str = ""
    lines: frozenset[str] = frozenset()
    active: bool = True
    former: bool = False


ACTORS = {
    "clerk": Seat("clerk", "qing"),
    "owner": Seat("owner", "qing", frozenset({"industry"})),
    "deputy": Seat("deputy", "qing", frozenset({"industry"})),
    "leader": Seat("leader", "qing"),
    "county": Seat("county", "county"),
    "verifier": Seat("verifier", "county", frozenset({"industry"})),
    "reporter": Seat("owner", "qing_v"),
    "stranger": Seat("clerk", "lan"),
    "auditor": Seat("auditor", "county"),
    "system": Seat("system"),
    "security": Seat("security"),
    "audit": Seat("audit"),
    "disabled": Seat("clerk", "qing", active=False),
    "former": Seat("clerk", "qing", former=True),
}
ADMINISTRATORS = frozenset({"system", "security", "audit"})


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose a canary is: a unit's, of one line or all of it, or a person's; ``kind`` says what carries it."""

    kind: str
    unit: str
    line: str = ""
    who: str = ""


@dataclass
class Cast:
    """The units, lines, indicators, people and posts by code, and every canary."""

    units: dict[str, ReportingUnit] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    canaries: dict[str, Owned] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1001))

    def permits(self, who: str) -> Permits:
        """What one of the people may do."""
        return permits_of(self.people[who])

    def mark(self, kind: str, unit: str, line: str = "", who: str = "") -> str:
        """A new text that occurs nowhere else."""
        token = f"KANARI{next(self._numbers)}K"
        self.canaries[token] = Owned(kind, unit, line, who)
        return token

    def number(self, unit: str, line: str) -> str:
        """A new figure that occurs nowhere else."""
        digits = next(self._numbers)
        # The fraction follows from no sum, share or multiple of others, and ends in no zero.
        token = f"{digits}.{digits * 7919 % 1000:03}{digits % 9 + 1}"
        self.canaries[token] = Owned("value", unit, line)
        return token


def signed_in(who: str) -> Client:
    """A browser in which one of the cast has signed in."""
    client = Client()
    assert client.post("/login/", {"username": who, "password": PASSWORD}).status_code == 302
    return client


_TAG = re.compile(r"<[^>]*>")
_CANARY = re.compile(r"KANARI\d+K|(?<![\d.])\d{4}\.\d{4}(?!\d)")


def canaries_in(text: str) -> set[str]:
    """The canaries in a page, also those whose digits stand in several elements or have a comma."""
    plain = _TAG.sub("", text).replace(",", "")
    return {found.group() for part in (text, plain) for found in _CANARY.finditer(part)}


def make_cast() -> Cast:
    """Builds the county with its people, and a figure of each unit and line in each state."""
    cast = Cast()
    if public_key() is None:
        # One data folder serves all tests of a process: whoever comes first makes its key.
        make_key(settings.SITE.keys)
    with recorded("test.cast", by=None) as entry:
        _structure(cast, entry)
        _people(cast, entry)
        _figures(cast, entry)
        _scheme(cast, entry)
        _sheets(cast, entry)
        _tasks(cast, entry)
        _papers(cast, entry)
    for who in ("clerk", "stranger"):
        with recorded("test.own", by=cast.people[who]) as entry:
            _template(cast, entry, ACTORS[who].unit, who)
    run = keep_run(scheme=Scheme.objects.get(), month=STATES["verified"], by=None)
    with recorded("test.appeals", by=None) as entry:
        for unit, who, lines in (("qing", "clerk", ("industry",)), ("lan", "stranger", LINES)):
            for line in lines:
                entry.create(
                    Appeal(run=run, unit=cast.units[unit], criterion=line, name=line, line=cast.lines[line],
                           grounds=cast.mark("grounds", unit, line), by=cast.people[who], at=run.created)
                )  # fmt: skip
    return cast


# --- what it is made of -------------------------------------------------------------------------------


def _structure(cast: Cast, entry) -> None:
    for order, (code, (parent, name, kind)) in enumerate(TREE.items()):
        above = cast.units.get(parent)
        cast.units[code] = ReportingUnit(
            code=code, name=f"{name}{cast.mark('unit', code)}", kind=kind, parent=above,
            path=f"{above.path if above else ''}{code}/", order=order,
        )  # fmt: skip
        entry.create(cast.units[code])
    for order, (code, (name, indicator, called)) in enumerate(LINES.items()):
        cast.lines[code] = Line(code=code, name=name, order=order)
        cast.indicators[code] = Indicator(
            code=indicator, line=cast.lines[code], name=called, measure="万元", kind="flow", order=order
        )
        entry.create(cast.lines[code])
        entry.create(cast.indicators[code])
    entry.create(Holiday(day=date(2005, 10, 3), name="国庆节"))
    entry.create(DueRule(unit=cast.units["county"], days=7))


def _people(cast: Cast, entry) -> None:
    for order, (code, seat) in enumerate(ACTORS.items()):
        admin = seat.role if code in ADMINISTRATORS else ""
        name = f"{code}{cast.mark('person', seat.unit or 'county', who=code)}"
        person = Person(
            username=code, name=name, admin_role=admin, is_active=seat.active, must_change_password=False
        )
        person.set_password(PASSWORD)
        cast.people[code] = person
        entry.create(person)
        if not admin:
            _seat(cast, entry, code, seat, order)


def _seat(cast: Cast, entry, code: str, seat: Seat, order: int) -> None:
    title = f"岗位{cast.mark('post', seat.unit)}"
    post = Post(code=code, title=title, unit=cast.units[seat.unit], order=order)
    entry.create(post)
    until = date(2005, 6, 30) if seat.former else None
    entry.create(Holding(person=cast.people[code], post=post, since=date(2005, 1, 1), until=until))
    lines = " ".join(sorted(seat.lines))
    entry.create(Grant(post=post, unit=post.unit, lines=lines, verbs=verbs_text(seat.role)))
    cast.posts[code] = post


def _figures(cast: Cast, entry) -> None:
    at = datetime(2005, 10, 12, 9, tzinfo=CHINA)
    by = {"lan": cast.people["stranger"], "qing": cast.people["owner"], "coun": cast.people["county"]}
    rows, messages, verified = [], [], []
    for unit in cast.units.values():
        for line, indicator in cast.indicators.items():
            entry.create(ReportingDuty(unit=unit, indicator=indicator, first_month="2004-01"))
            entry.create(_target(cast, unit, line, "2005"), _target(cast, unit, line, "2004"))
            for state, month in STATES.items():
                row = Observation(
                    unit=unit, indicator=indicator, month=month, value=cast.number(unit.code, line),
                    note=cast.mark("note", unit.code, line), source=cast.mark("source", unit.code, line),
                    state="verified" if state == "closed" else state, version=1,
                    entered_by=by["lan" if unit.code.startswith("lan") else unit.code[:4]], entered_at=at,
                )  # fmt: skip
                rows.append(row)
                said = cast.mark("message", unit.code, line)
                messages.append(
                    Message(observation=row, kind="objection", text=said, by=row.entered_by, at=at)
                )
                if row.state == "verified":
                    verified.append(_verified(cast, row, line, at))
    entry.create(*rows)
    entry.create(*messages)
    entry.create(*verified)
    for unit in ("qing", "lan"):
        for state, month in STATES.items():
            due = datetime(int(month[:4]), int(month[5:]) + 1, 10, 17, tzinfo=CHINA)
            entry.create(Collection(unit=cast.units[unit], month=month, due=due, closed=state == "closed"))


def _verified(cast: Cast, row: Observation, line: str, at: datetime) -> VerifiedValue:
    reason = cast.mark("reason", row.unit.code, line)
    value = cast.number(row.unit.code, line)
    return VerifiedValue(observation=row, value=value, reason=reason, by=cast.people["verifier"], at=at)


def _target(cast: Cast, unit: ReportingUnit, line: str, year: str) -> Target:
    return Target(
        code=f"{unit.code}_{line}_{year}", unit=unit, indicator=cast.indicators[line], period=year,
        value=cast.number(unit.code, line), issuer="示例县",
        document=cast.mark("document", unit.code, line), owner=cast.mark("owner", unit.code, line),
    )  # fmt: skip


_SCHEME = """\
scheme: 示例办法
language: kaohe/1
scale: 20
units: kind = "town"
period: 2005-01/2005-06
id: total
combine: sum
criteria:
  - {id: industry, name: 工业, points: 10, figure: attainment(output), steps: [curve: [[0, 0], [100%, 10]]]}
  - {id: finance, name: 财政, points: 10, figure: attainment(revenue), steps: [curve: [[0, 0], [100%, 10]]]}
"""


def _scheme(cast: Cast, entry) -> None:
    for unit in ("qing", "lan"):
        told = f'{{"unit": "{unit}", "note": "{cast.mark("record", unit)}"}}'
        at = datetime(2005, 10, 12, 9, tzinfo=CHINA)
        entry.create(
            Record(table="petitions", unit=cast.units[unit], values=told, entered_by=None, entered_at=at)
        )
    entry.create(
        Scheme(code="towns", name="示例办法", year=2005, issuer=cast.units["county"], file_name="towns.yaml",
               text=_SCHEME, published=True)
    )  # fmt: skip


def _sheets(cast: Cast, entry) -> None:
    at = datetime(2005, 10, 12, 9, tzinfo=CHINA)
    for who in ("clerk", "stranger"):
        name = f"{cast.mark('file', ACTORS[who].unit, who=who)}.xlsx"
        told = cast.mark("outcome", ACTORS[who].unit, who=who)
        for kind in ("figures", "tasks"):
            entry.create(
                ImportedSheet(kind=kind, name=name, sha256="0" * 64, size=1, by=cast.people[who], at=at,
                              done=True, outcome=told)
            )  # fmt: skip


def _tasks(cast: Cast, entry) -> None:
    """Of each unit and line an open task with a note, a settled one, and a request to adjust the target."""
    at = datetime(2005, 10, 12, 9, tzinfo=CHINA)
    for unit in cast.units.values():
        for line, indicator in cast.indicators.items():
            by = cast.people["stranger" if unit.code.startswith("lan") else "clerk"]
            task = Task(
                code=f"{unit.code}-{line}", unit=unit, indicator=indicator, due=date(2005, 12, 31),
                cause=cast.mark("cause", unit.code, line), deliverable=cast.mark("task", unit.code, line),
                owner=cast.mark("owner", unit.code, line),
            )  # fmt: skip
            entry.create(task)
            settled = Task(
                code=f"{unit.code}-{line}-done", unit=unit, indicator=indicator, due=date(2005, 6, 30),
                state=TaskState.DONE, cause=cast.mark("cause", unit.code, line), owner="李某",
                deliverable=cast.mark("task", unit.code, line),
            )  # fmt: skip
            entry.create(settled)
            said = cast.mark("note", unit.code, line)
            entry.create(TaskNote(task=task, text=said, by=by, at=at))
            target = Target.objects.get(unit=unit, indicator=indicator, period="2005")
            grounds = cast.mark("grounds", unit.code, line)
            asked = cast.number(unit.code, line)
            entry.create(Adjustment(target=target, grounds=grounds, asked=asked, asked_by=by, asked_at=at))


def _papers(cast: Cast, entry) -> None:
    at = datetime(2005, 10, 12, 9, tzinfo=CHINA)
    _make_evidence(entry, cast, at)
    for unit, who in (("qing", "clerk"), ("lan", "stranger")):
        content = cast.mark("paper", unit, "*")
        digest = sha256(content.encode()).hexdigest()
        path_of(digest).parent.mkdir(parents=True, exist_ok=True)
        path_of(digest).write_text(content)
        entry.create(
            Paper(unit=cast.units[unit], month=MONTH, name=f"{cast.mark('paper', unit, '*')}.docx",
                  sha256=digest, size=len(content), by=cast.people[who], at=at)
        )  # fmt: skip


def _template(cast: Cast, entry, unit: str, who: str) -> None:
    """A unit's own template: its name is a canary, its file one that can be filled."""
    shipped = resources.files(templates) / "shipped" / "通报.docx"
    kept = store([shipped.read_bytes()])
    entry.create(
        PaperTemplate(
            unit=cast.units[unit], name=f"通报{cast.mark('template', unit)}", form="docx", sha256=kept.sha256,
            size=kept.size, note=cast.mark("template", unit), by=cast.people[who],
            at=datetime(2005, 10, 12, 9, tzinfo=CHINA),
        )
    )  # fmt: skip


def _make_evidence(entry, cast: Cast, at: datetime) -> None:
    """A file of each line of two towns, whose name, note and content are canaries."""
    for unit, who in (("qing", "clerk"), ("lan", "stranger")):
        for line in LINES:
            content = cast.mark("evidence", unit, line)
            digest = sha256(content.encode()).hexdigest()
            path_of(digest).parent.mkdir(parents=True, exist_ok=True)
            path_of(digest).write_text(content)
            file = EvidenceFile(
                unit=cast.units[unit], sha256=digest, size=len(content), filed_by=cast.people[who], at=at,
                name=f"{cast.mark('evidence', unit, line)}.txt", note=cast.mark("evidence", unit, line),
            )  # fmt: skip
            entry.create(file)
            entry.create(
                EvidenceLink(file=file, unit=cast.units[unit], line=cast.lines[line],
                             indicator=cast.indicators[line], year=2005, month=MONTH, order=1,
                             by=cast.people[who], at=at)
            )  # fmt: skip
            entry.create(
                EvidenceNeed(unit=cast.units[unit], year=2005, indicator=cast.indicators[line],
                             text=cast.mark("need", unit, line), by=cast.people[who], at=at)
            )  # fmt: skip

"""The permission matrix: what ``matrix.csv`` declares, multiplied by objects, people and methods.

A row of ``matrix.csv`` is an address and the methods it answers:

- ``address``: as the URL resolver has it; ``methods``: apart by a space, all others get 405;
- ``object``: what the address is about, a name of ``OBJECTS`` below; ``needs``: ``anyone``, ``signed-in``,
  an administrator (``system``, ``security``, ``audit``; ``auditing`` is the auditor too), ``whole`` (sees all
  lines of the unit), ``own`` (it is their own), ``own-or-auditing``, ``assign-above`` (assigns to the unit
  above; other verbs likewise), or verbs with ``|``;
- ``ok``: the statuses for those who may; ``else``: the status for those who see the object and lack the verb
  (403 unless told; 404 for the pages of administrators). Whoever may not know of the object gets 404.

A new route needs a row; a new kind of object a function here; what a form must send, an entry in ``DATA``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cast import ACTORS, ADMINISTRATORS, LINES, MONTH, STATES, TREE, Cast, Owned
from django.db.models import Model, QuerySet
from django.urls import URLResolver, get_resolver

from kaohe.web.accounts.models import Grant, Holding, Person, Post
from kaohe.web.accounts.roles import ROLES
from kaohe.web.assessment.models import Appeal
from kaohe.web.audit.models import Event
from kaohe.web.documents.models import EvidenceLink, EvidenceNeed, Paper, PaperTemplate
from kaohe.web.ledger.models import Collection, DueRule, Holiday, ImportedSheet, Observation, Target
from kaohe.web.supervision.models import Adjustment, Task

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
EVERYBODY = ("anonymous", *ACTORS)
NOWHERE = "nowhere"
FILE = Path(__file__).parent / "matrix.csv"


@dataclass(frozen=True, slots=True)
class Declared:
    """A row of the file."""

    address: str
    methods: frozenset[str]
    object: str
    needs: str
    ok: frozenset[int]
    otherwise: int


@dataclass(frozen=True, slots=True)
class Object:
    """What a request is about: the parts of its address, its query and form, and whose it is."""

    label: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    line: str = ""
    exists: bool = True
    who: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One request of the matrix. ``rows`` are the declarations of its address; none answers its method."""

    address: str
    method: str
    actor: str
    about: Object
    row: Declared | None
    open: bool = False

    @property
    def key(self) -> str:
        """What the case is called, and what a sample is drawn by."""
        return f"{self.method} {self.address} {self.about.label} {self.actor}"

    @property
    def path(self) -> str:
        """The address with its parts."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self.about.parts[found[1]], self.address)


def declared() -> list[Declared]:
    """The rows of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_row(row) for row in csv.DictReader(file)]


def _row(row: Mapping[str, str]) -> Declared:
    administrative = row["needs"] in (*ADMINISTRATORS, "auditing")
    return Declared(
        row["address"],
        frozenset(row["methods"].split()),
        row["object"] or "none",
        row["needs"],
        frozenset(map(int, row["ok"].split())),
        int(row["else"] or (404 if administrative else 403)),
    )


def routes() -> dict[str, str]:
    """Every address of the resolver with its name."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, here)
        else:
            yield here, pattern.name or ""


def cases(cast: Cast) -> Iterator[Case]:
    """Every address × method × object × person; of the lesser methods one object a unit."""
    by_address: dict[str, list[Declared]] = {}
    for row in declared():
        by_address.setdefault(row.address, []).append(row)
    for address, rows in by_address.items():
        is_open = any(row.needs == "anyone" for row in rows)
        for method in METHODS:
            answering = [row for row in rows if method in row.methods]
            for row in answering:
                objects = OBJECTS[row.object](cast)
                for about in _each_unit_once(objects) if method in ("HEAD", "OPTIONS") else objects:
                    yield from (Case(address, method, who, about, row) for who in EVERYBODY)
            if not answering:
                for about in _each_unit_once(OBJECTS[rows[0].object](cast)):
                    yield from (Case(address, method, who, about, None, is_open) for who in EVERYBODY)


def _each_unit_once(objects: Iterator[Object]) -> Iterator[Object]:
    """One object of each unit: enough for methods that nothing answers, and for HEAD, which is like GET."""
    seen: set[str] = set()
    for about in objects:
        if about.unit not in seen:
            seen.add(about.unit)
            yield about


# --- what is right ------------------------------------------------------------------------------------


def expected(case: Case) -> frozenset[int] | str:
    """The statuses that are right, or ``login``: worked out from the cast alone, not by the app's permits."""
    row = case.row
    if row is not None and row.needs == "anyone":
        return row.ok
    if not signs_in(case.actor):
        return frozenset({405}) if case.open else "login"
    if row is None:
        return frozenset({405})
    return row.ok if _allowed(case, row) else frozenset({_refusal(case, row)})


def signs_in(actor: str) -> bool:
    """Whether the person can sign in at all."""
    return actor != "anonymous" and ACTORS[actor].active


def _allowed(case: Case, row: Declared) -> bool:
    seat = ACTORS[case.actor]
    if row.needs == "signed-in":
        return case.about.exists
    if row.needs == "own-or-auditing" and case.actor == case.about.who:
        return case.about.exists
    if row.needs in ("auditing", "own-or-auditing"):
        return seat.role in ("audit", "auditor") and case.about.exists
    if row.needs in ADMINISTRATORS:
        return seat.role == row.needs and case.about.exists
    if row.needs.endswith("-above"):
        above = TREE.get(case.about.unit, ("",))[0] or case.about.unit
        return may(case.actor, row.needs.removesuffix("-above"), replace(case.about, unit=above))
    if row.needs == "own":
        return case.about.exists and case.actor == case.about.who
    if row.needs == "whole":
        return not seat.lines and may(case.actor, "view", case.about)
    return any(may(case.actor, verb, case.about) for verb in row.needs.split("|"))


def _refusal(case: Case, row: Declared) -> int:
    if row.needs == "audit" and ACTORS[case.actor].role == "auditor":
        return 403
    if row.needs in (*ADMINISTRATORS, "auditing"):
        return 404 if ACTORS[case.actor].role == row.needs else row.otherwise
    if row.needs in ("own", "own-or-auditing"):
        return 404
    if case.about.label == "-":
        return row.otherwise
    return row.otherwise if may(case.actor, "view", case.about) else 404


def may(actor: str, verb: str, about: Object) -> bool:
    """Whether a member of the cast has the verb on the object."""
    seat = ACTORS[actor]
    if not about.exists or seat.role not in ROLES or seat.former or not seat.active:
        return False
    if not any(each.value == verb for each in ROLES[seat.role]):
        return False
    if not about.unit:
        return True
    return is_below(about.unit, seat.unit) and (not seat.lines or not about.line or about.line in seat.lines)


def is_below(unit: str, top: str) -> bool:
    """Whether a unit is the other one or stands under it."""
    while unit:
        if unit == top:
            return True
        unit = TREE[unit][0] if unit in TREE else ""
    return False


def sees(actor: str, owned: Owned, address: str) -> bool:
    """Whether a person may read a canary."""
    if not signs_in(actor):
        return False
    seat = ACTORS[actor]
    if owned.who == actor:
        return True
    if seat.role in ("audit", "auditor") and address.startswith(("audit/", "receipts/")):
        return True
    if seat.role == "security" and owned.kind in ("unit", "person", "post"):
        return True
    if seat.role == "system" and owned.kind == "unit":
        return True
    if owned.kind == "unit" and seat.role in ROLES and is_below(seat.unit, owned.unit):
        # Everybody knows the names of the units above their own: the top bar of each page says them.
        return True
    if owned.kind == "need" and seat.role in ROLES and is_below(seat.unit, owned.unit):
        # What a unit asks for, it asks of all below it.
        return not seat.lines or owned.line in seat.lines
    if owned.kind in ("file", "outcome"):
        return False
    if owned.kind == "person":
        return _knows(actor, owned.unit)
    return may(actor, "view", Object("", unit=owned.unit, line=owned.line))


def _knows(actor: str, unit: str) -> bool:
    """Whether somebody may read the names of a unit's people: those of their own subtree and of those above.

    Whoever reports a figure learns who returned it and who verified it.
    """
    seat = ACTORS[actor]
    return seat.role in ROLES and (is_below(unit, seat.unit) or is_below(seat.unit, unit))


# --- what there is ------------------------------------------------------------------------------------


def _none(cast: Cast) -> Iterator[Object]:
    yield Object("-", query={"month": MONTH})


def _unit(cast: Cast) -> Iterator[Object]:
    for unit in (*TREE, NOWHERE):
        parts = {"unit": unit, "code": unit}
        yield Object(unit, parts, {"month": MONTH}, unit=unit, exists=unit in TREE)


def _asked_unit(cast: Cast) -> Iterator[Object]:
    for unit in (*TREE, NOWHERE):
        for month in (MONTH, STATES["verified"]):
            yield Object(
                f"?{unit}:{month}", {}, {"unit": unit, "month": month}, unit=unit, exists=unit in TREE
            )


def _unit_month(cast: Cast) -> Iterator[Object]:
    for unit in (*TREE, NOWHERE):
        for state, month in STATES.items():
            yield Object(f"{unit}:{state}", {"unit": unit, "month": month}, unit=unit, exists=unit in TREE)


def _posted_cell(cast: Cast) -> Iterator[Object]:
    """A cell of the grid that a form names: its address is the unit and the month."""
    for about in _cell(cast):
        code = about.parts["indicator"]
        form = {"cell": code, f"v.{code}": "12", f"n.{code}": "1", "key": "kanari-key-1"}
        parts = {"unit": about.parts["unit"], "month": about.parts["month"]}
        yield Object(about.label, parts, {}, form, about.unit, about.line, about.exists)


def _cell(cast: Cast) -> Iterator[Object]:
    for unit in (*TREE, NOWHERE):
        for line in (*LINES, NOWHERE):
            code = LINES[line][1] if line in LINES else NOWHERE
            for state, month in STATES.items():
                there = unit in TREE and line in LINES
                parts = {"unit": unit, "indicator": code, "month": month}
                yield Object(f"{unit}:{line}:{state}", parts, {}, {}, unit, line, there)


def _row_of_cell(cast: Cast) -> Iterator[Object]:
    """A cell that a form names by its key and version."""
    rows = Observation.objects.select_related("unit", "indicator__line")
    for row in rows:
        unit, line = row.unit.code, row.indicator.line.code
        form = {"row": f"{row.pk}:{row.version}", "month": row.month}
        yield Object(f"{unit}:{line}:{row.month}", {}, {}, form, unit, line)
    yield Object(NOWHERE, {}, {}, {"row": "999999:1"}, exists=False)


def _indicator_of_unit(cast: Cast) -> Iterator[Object]:
    for unit in (*TREE, NOWHERE):
        for line in (*LINES, NOWHERE):
            code = LINES[line][1] if line in LINES else NOWHERE
            there = unit in TREE and line in LINES
            query = {"unit": unit, "month": MONTH}
            yield Object(f"{code}?{unit}", {"code": code}, query, {}, unit, line, there)


def _collection(cast: Cast) -> Iterator[Object]:
    for row in Collection.objects.select_related("unit"):
        yield Object(f"{row.unit.code}:{row.month}", {"pk": str(row.pk)}, unit=row.unit.code)
    yield Object(NOWHERE, {"pk": "999999"}, exists=False)


def _event(cast: Cast) -> Iterator[Object]:
    yield Object("event", {"seq": "1"})
    for who in ("clerk", "stranger"):
        own = Event.objects.filter(actor=f"person:{cast.people[who].pk}").first()
        yield Object(f"event of {who}", {"seq": str(own.pk)}, who=who)
    yield Object(NOWHERE, {"seq": "999999"}, exists=False)


def _scheme(cast: Cast) -> Iterator[Object]:
    for month in (STATES["verified"], MONTH):
        form = {"month": month}
        yield Object(f"towns:{month}", {"scheme": "towns"}, {}, form)
    yield Object(NOWHERE, {"scheme": NOWHERE}, {}, form, exists=False)


def _working(cast: Cast) -> Iterator[Object]:
    for unit in ("qing", "lan", NOWHERE):
        for criterion in (*LINES, NOWHERE):
            parts = {"unit": unit, "criterion": criterion}
            there = unit in TREE and criterion in LINES
            query = {"month": STATES["verified"]}
            yield Object(f"{unit}:{criterion}", parts, query, {}, unit, criterion, there)


def _register(cast: Cast) -> Iterator[Object]:
    for about in _asked_unit(cast):
        yield Object(about.label, {"table": "petitions"}, about.query, {}, about.unit, "", about.exists)


def _rows(model: type[Model], **named: str) -> Callable[[Cast], Iterator[Object]]:
    """The first row of a table by its key, and one that there is not."""

    def objects(cast: Cast) -> Iterator[Object]:
        first = model._base_manager.order_by("pk").first()
        yield Object(f"{model.__name__}", {"pk": str(first.pk), **named})
        yield Object(NOWHERE, {"pk": "999999", **named}, exists=False)

    return objects


def _of_unit_and_line(rows: Callable[[], QuerySet], way: str = "") -> Callable[[Cast], Iterator[Object]]:
    """Each row of a table that has a unit and an indicator, directly or by way of another."""

    def objects(cast: Cast) -> Iterator[Object]:
        named = (f"{way}unit__code", f"{way}indicator__line__code")
        for pk, unit, line in rows().values_list("pk", *named):
            yield Object(f"{unit}:{line}", {"pk": str(pk)}, {"month": MONTH}, {}, unit, line)
        yield Object(NOWHERE, {"pk": "999999"}, exists=False)

    return objects


def _paper(cast: Cast) -> Iterator[Object]:
    """A paper holds all lines: nobody opens it who sees only some (``*``)."""
    for row in Paper.objects.select_related("unit"):
        yield Object(f"paper of {row.unit.code}", {"pk": str(row.pk)}, unit=row.unit.code, line="*")
    yield Object(NOWHERE, {"pk": "999999"}, exists=False)


def _template(cast: Cast) -> Iterator[Object]:
    for row in PaperTemplate.objects.select_related("unit"):
        yield Object(f"template of {row.unit.code}", {"pk": str(row.pk)}, unit=row.unit.code)
    yield Object(NOWHERE, {"pk": "999999"}, exists=False)


def _offer(cast: Cast) -> Iterator[Object]:
    """A template and the unit and month that it is to be filled for: a shipped one, and the unit's own."""
    own = dict(PaperTemplate.objects.values_list("unit__code", "pk"))
    for about in _asked_unit(cast):
        keys = ["shipped:完成情况表.xlsx", *([str(own[about.unit])] if about.unit in own else [])]
        for key in keys:
            query = {name: quote(value) for name, value in {**about.query, "template": key}.items()}
            yield replace(about, label=f"{about.label}:{key}", query=query, form={"template": key})


def _foreign_offer(cast: Cast) -> Iterator[Object]:
    """The template of another town, and one that there is not: neither is there for who publishes."""
    foreign = str(PaperTemplate.objects.get(unit__code="lan").pk)
    for key in (foreign, "999999", "shipped:../forms.docx"):
        query = {"unit": "qing", "month": MONTH, "template": key}
        yield Object(f"?qing:{key}", {}, query, {"template": key}, "qing")


def _subject(cast: Cast) -> Iterator[Object]:
    """A criterion of a unit's scheme, named in the query."""
    for unit in (*TREE, NOWHERE):
        for line in (*LINES, NOWHERE):
            # The county's scheme is about towns: a village has no criteria.
            there = unit in ("qing", "lan") and line in LINES
            query = {"unit": unit, "month": MONTH, "subject": f"c:{line}"}
            yield Object(f"{line}?{unit}", {}, query, {"subject": f"c:{line}"}, unit, line, there)


def _indicator_in_query(cast: Cast) -> Iterator[Object]:
    """An indicator of a unit, both named in the query and the form."""
    for about in _indicator_of_unit(cast):
        code = about.parts["code"]
        yield replace(about, parts={}, query={**about.query, "indicator": code}, form={"indicator": code})


def _appeal(cast: Cast) -> Iterator[Object]:
    for pk, unit, line in Appeal.objects.values_list("pk", "unit__code", "line__code"):
        yield Object(f"{unit}:{line}", {"pk": str(pk)}, unit=unit, line=line)
    yield Object(NOWHERE, {"pk": "999999"}, exists=False)


def _evidence_file(cast: Cast) -> Iterator[Object]:
    """A file is read by who sees a line that it is filed under."""
    for row in EvidenceLink.objects.select_related("unit", "line"):
        unit, line = row.unit.code, row.line.code
        yield Object(f"{unit}:{line}", {"pk": str(row.file_id)}, unit=unit, line=line)
    yield Object(NOWHERE, {"pk": "999999"}, exists=False)


def _search(cast: Cast) -> Iterator[Object]:
    for words in ("", "KANARI", "工业"):
        yield Object(f"q={words}", {}, {"q": quote(words), "month": MONTH})


def _sheet(cast: Cast) -> Iterator[Object]:
    for row in ImportedSheet.objects.filter(kind="figures").select_related("by"):
        yield Object(f"sheet of {row.by.username}", {"pk": str(row.pk)}, who=row.by.username)
    yield Object(NOWHERE, {"pk": "999999"}, exists=False)


def _task_sheet(cast: Cast) -> Iterator[Object]:
    for row in ImportedSheet.objects.filter(kind="tasks").select_related("by"):
        yield Object(f"sheet of {row.by.username}", {"pk": str(row.pk)}, who=row.by.username)
    figures = ImportedSheet.objects.filter(kind="figures").first()
    yield Object("not-a-task-sheet", {"pk": str(figures.pk)}, exists=False)


def _person_act(cast: Cast) -> Iterator[Object]:
    for act in ("reset", "disable", "enable", "end-session", "unlock", "clear-code", NOWHERE):
        parts = {"pk": str(cast.people["owner"].pk), "act": act}
        yield Object(f"person:{act}", parts, exists=act != NOWHERE)
    yield Object(NOWHERE, {"pk": "999999", "act": "reset"}, exists=False)


def _posted_person(cast: Cast) -> Iterator[Object]:
    """A post of which a form names the successor."""
    form = {
        "person": str(cast.people["leader"].pk),
        "day": "2030-01-01",
        "since": "2030-01-01",
        "unit": "lan",
    }
    for about in _rows(Post)(cast):
        yield Object(about.label, about.parts, {}, form | {"verb": "verify"}, exists=about.exists)


def _posted_unit(cast: Cast) -> Iterator[Object]:
    """A unit and a month that a form names."""
    for unit in (*TREE, NOWHERE):
        form = {"unit": unit, "month": "2006-01", "due": "2006-02-10"}
        yield Object(unit, {}, {}, form, unit, exists=unit in TREE)


def _any_unit(cast: Cast) -> Iterator[Object]:
    """A unit as the system administrator sees it: none is hidden from them."""
    for unit in ("qing_v", NOWHERE):
        yield Object(unit, {"code": unit}, exists=unit in TREE)


OBJECTS: dict[str, Callable[[Cast], Iterator[Object]]] = {
    "none": _none,
    "unit": _unit,
    "?unit": _asked_unit,
    "unit-month": _unit_month,
    "posted-cell": _posted_cell,
    "cell": _cell,
    "row": _row_of_cell,
    "indicator?unit": _indicator_of_unit,
    "collection": _collection,
    "event": _event,
    "scheme": _scheme,
    "working": _working,
    "register": _register,
    "person": _rows(Person),
    "person-act": _person_act,
    "post": _rows(Post),
    "post-day": _rows(Post, day="2005-10-12"),
    "posted-person": _posted_person,
    "grant": _rows(Grant),
    "holding": _rows(Holding),
    "holiday": _rows(Holiday),
    "due-rule": _rows(DueRule),
    "posted-unit": _posted_unit,
    "any-unit": _any_unit,
    "sheet": _sheet,
    "task-sheet": _task_sheet,
    "task": _of_unit_and_line(Task.objects.all),
    "target": _of_unit_and_line(Target.objects.all),
    "adjustment": _of_unit_and_line(Adjustment.objects.all, "target__"),
    "paper": _paper,
    "appeal": _appeal,
    "evidence-link": _of_unit_and_line(EvidenceLink.objects.all),
    "evidence-need": _of_unit_and_line(EvidenceNeed.objects.all),
    "evidence-file": _evidence_file,
    "template": _template,
    "offer": _offer,
    "foreign-offer": _foreign_offer,
    "subject": _subject,
    "indicator-in-query": _indicator_in_query,
    "search": _search,
}

DATA: dict[str, dict[str, Any]] = {
    **{f"tasks/<int:pk>/{step}": {"text": "已办"} for step in ("report", "settle", "cancel", "reopen")},
    "tasks/new": {
        "cause": "原料不足",
        "deliverable": "开工新厂",
        "owner": "王某",
        "start": "2030-01-01",
        "due": "2030-12-31",
    },
    "targets/new": {"value": "7", "issuer": "示例市", "document": "示例(虚构)", "owner": "王某"},
    "targets/<int:pk>/break-down": {f"month.{n}": str(n * 8 if n < 12 else 100) for n in range(1, 13)},
    "targets/<int:pk>/adjust": {"grounds": "政策变化", "evidence": "灾情报告", "asked": "9"},
    "evidence/need/": {"text": "纳税证明"},
    "evidence/need/<int:pk>/remove": {"reason": "办法已不要求"},
    "evidence/link/<int:pk>/remove": {"reason": "放错了"},
    "adjustments/<int:pk>/answer": {"decision": "refused", "answer": "不予调整"},
    "score/<str:unit>/<str:criterion>/appeal": {"grounds": "第 2 步取数有误"},
    "appeals/<int:pk>/answer": {"state": "rejected", "answer": "按办法计算无误"},
    "login/": {"username": "nobody", "password": "nothing"},
    "people/": {"username": "xinren", "name": "新人"},
    "posts/": {"code": "new", "title": "新岗位", "unit": "qing"},
    "holdings/<int:pk>/end": {"until": "2030-01-01"},
    "units-admin/": {
        "code": "new",
        "name": "新村",
        "kind": "village",
        "parent": "qing",
        "since": "2005-10-12",
        "order": "9",
    },
    "units-admin/unit/<str:code>/": {"name": "东村改", "kind": "village", "parent": "lan", "order": "1"},
    "units-admin/unit/<str:code>/close": {"last_day": "2005-12-31", "successor": "qing_w", "reason": "合并"},
    "units-admin/lines/": {"code": "new", "name": "新条线", "order": "9"},
    "units-admin/deadlines/": {"unit": "qing", "line": "finance", "days": "8"},
    "units-admin/holidays/": {"year": "2006", "list": "1月1日至3日 放假 元旦"},
    "entry/<str:unit>/<str:month>/submit": {"key": "kanari-key-2"},
    "cells/<str:unit>/<str:indicator>/<str:month>/return": {"message": "请核对"},
    "cells/<str:unit>/<str:indicator>/<str:month>/verified-value": {"value": "7", "reason": "与税票不符"},
    "cells/<str:unit>/<str:indicator>/<str:month>/object": {"text": "有票据"},
    "cells/<str:unit>/<str:indicator>/<str:month>/answer": {"text": "已核"},
}
"""What the form of an address sends, beside what names the object."""

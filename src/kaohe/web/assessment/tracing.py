"""From a point to its figures, from a figure to its source, from the source to who and when.

The working of a score names facts; each is led back to the row it was read from, and the audit ledger tells
who wrote that row, when, and what they did with it. Nothing is left without a way on: a figure that nobody
reported leads to the cell that is empty, a statistic of peers to the run that took it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat, Length
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kaohe.scoring.working import Fact, Member, NodeWorking
from kaohe.web.accounts.models import Person
from kaohe.web.assessment.models import Record, Run
from kaohe.web.audit.models import Recorded, Touch
from kaohe.web.ledger.models import Observation, ReportingUnit, Target

_ROW = re.compile(r"([a-z_]+)\.csv 第 (\d+) 行")
_TABLE = re.compile(r"([a-z_]+)")
_IMPORTED = re.compile(r"[a-z_]+\.([A-Za-z0-9_]+)的得分")
_TARGETS = ("target", "due", "pace")
_FIRST_ROW = 2
_LONG = 120_000
ACTIONS = {
    "observation.save": gettext_noop("填报"),
    "observation.submit": gettext_noop("上报"),
    "observation.withdraw": gettext_noop("撤回"),
    "observation.return": gettext_noop("退回"),
    "observation.review": gettext_noop("审核通过"),
    "observation.verify": gettext_noop("认定"),
    "observation.set_verified_value": gettext_noop("另定认定数"),
    "demo.month": gettext_noop("往月数入账"),
    "demo.targets": gettext_noop("目标入账"),
    "demo.schemes": gettext_noop("台账入账"),
    "scheme.run": gettext_noop("计分"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did with a row: who, what, when, why; ``receipt`` are the first signs of its hash.

    ``before`` and ``after`` are the row's figure where the event changed it; blank for events of thousands of
    rows, whose text is not read for one of them.
    """

    key: tuple[str, str]
    seq: int
    at: datetime
    who: str
    what: str
    reason: str
    receipt: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A fact with its way on: ``address`` is the page of its source, ``who`` vouches for it since ``at``."""

    fact: Fact
    address: str
    source: str
    who: str
    at: datetime | None
    state: str
    deeds: tuple[Deed, ...]


def deeds_of(rows: Iterable[Recorded]) -> list[Deed]:
    """What was done with rows, oldest first; one query."""
    keys: dict[str, set[str]] = {}
    for row in rows:
        keys.setdefault(row._meta.db_table, set()).add(str(row.pk))
    if not keys:
        return []
    wanted = Q(pk__in=[])
    for table, found in keys.items():
        wanted |= Q(table=table, key__in=found)
    person = Person.objects.annotate(
        actor=Concat(Value("person:"), Cast("pk", CharField()), output_field=CharField())
    ).filter(actor=OuterRef("event__actor"))
    short = Case(When(size__lt=_LONG, then=F("event__body")), default=Value(""), output_field=TextField())
    named = (
        Touch.objects.filter(wanted)
        .annotate(size=Length("event__body"), said=short, who=Subquery(person.values("name")[:1]))
        .order_by("event_id")
        .values_list("table", "key", "event_id", "event__at", "event__action", "event__hash", "said", "who")
    )
    return [_deed(*touch) for touch in named]


def _deed(
    table: str, key: str, seq: int, at: datetime, action: str, digest: str, said: str, who: str | None
) -> Deed:
    body = json.loads(said) if said else {}
    before, after = _figures(body, table, key)
    return Deed(
        key=(table, key),
        seq=seq,
        at=at,
        who=who or _("系统"),
        what=_(ACTIONS[action]) if action in ACTIONS else action,
        reason=body.get("reason", ""),
        receipt=digest[:4],
        before=before,
        after=after,
    )


def _figures(body: dict[str, Any], table: str, key: str) -> tuple[str, str]:
    """The row's figure before and after an event, as far as the event changed it."""
    for change in body.get("changes", ()):
        if (change["table"], change["key"]) == (table, key):
            old, new = ((change[side] or {}).get("value") or "" for side in ("before", "after"))
            return (old if old != new else ""), new
    return "", ""


def own_facts(node: NodeWorking) -> Iterator[tuple[str, Fact]]:
    """The facts of a criterion and of the records it combines, with the record's label; not of the criteria
    below it, which have workings of their own."""
    yield from (("", fact) for fact in node.facts)
    for member in _records(node.members):
        if member.working is not None:
            yield from ((member.label, fact) for _label, fact in own_facts(member.working))


def _records(members: Sequence[Member]) -> Iterator[Member]:
    for member in members:
        if is_record(member):
            yield member
        yield from _records(member.members)


def is_record(member: Member) -> bool:
    """Whether a member is a record or a period, and not a criterion below."""
    return member.working is not None and member.label != member.working.node


class Tracer:
    """Leads the facts of one working back to their rows; four queries whatever their number."""

    def __init__(self, run: Run, unit: ReportingUnit, node: NodeWorking, query: str) -> None:
        self.run, self.unit, self.query = run, unit, query
        self.told = list(own_facts(node))
        self.registers: dict[str, list[int]] = json.loads(run.registers)
        self.observations = self._read_observations()
        self.targets = self._read_targets()
        self.records = self._read_records()
        rows = [*self.observations.values(), *self.targets.values(), *self.records.values()]
        self.deeds: dict[tuple[str, str], list[Deed]] = {}
        for deed in deeds_of(rows):
            self.deeds.setdefault(deed.key, []).append(deed)

    def traced(self) -> list[Traced]:
        """Every fact with its way on."""
        return [self._trace(label, fact) for label, fact in self.told]

    def chain(self) -> list[Deed]:
        """What people did with the figures that the points rest on, oldest first, each event once."""
        own = {row._meta.db_table: row for row in self.observations.values()}
        found = {
            deed.seq: deed for (table, _key), deeds in self.deeds.items() for deed in deeds if table in own
        }
        return [found[seq] for seq in sorted(found)]

    # --- rows -----------------------------------------------------------------------------------

    def _figures(self) -> list[Fact]:
        return [fact for _label, fact in self.told if fact.role in ("figure", "baseline")]

    def _read_observations(self) -> dict[tuple[str, str], Observation]:
        wanted = Q(pk__in=[])
        for fact in self._figures():
            wanted |= Q(indicator__code=fact.name, month=fact.period[-7:])
        rows = Observation.objects.filter(wanted, unit=self.unit)
        found = rows.select_related("indicator__line", "entered_by", "verified__by")
        return {(row.indicator.code, row.month): row for row in found}

    def _read_targets(self) -> dict[str, Target]:
        names = {fact.name for _label, fact in self.told if fact.role in _TARGETS}
        if not names:
            return {}
        rows = Target.objects.filter(unit=self.unit, indicator__code__in=names, period=self.run.month[:4])
        return {row.indicator.code: row for row in rows.select_related("indicator")}

    def _read_records(self) -> dict[int, Record]:
        keys = {key for key in map(self._record_key, self.told) if key is not None}
        campaigns = [
            fact.name for fact in self._figures() if (fact.name, fact.period[-7:]) not in self.observations
        ]
        attributes = any(fact.role == "attribute" for _label, fact in self.told)
        if not (keys or campaigns or attributes):
            return {}
        wanted = Q(pk__in=keys)
        if campaigns:
            wanted |= Q(table="observations", unit=self.unit)
        if attributes:
            wanted |= Q(table="attributes", unit=self.unit)
        return {row.pk: row for row in Record.objects.filter(wanted).select_related("entered_by")}

    def _record_key(self, told: tuple[str, Fact]) -> int | None:
        label, fact = told
        found = _ROW.search(label) or _ROW.search(fact.source)
        if found is None:
            return None
        keys = self.registers.get(found[1], [])
        place = int(found[2]) - _FIRST_ROW
        return keys[place] if 0 <= place < len(keys) else None

    # --- one fact -------------------------------------------------------------------------------

    def _trace(self, label: str, fact: Fact) -> Traced:
        match fact.role:
            case "figure" | "baseline":
                return self._figure(fact)
            case "target" | "due" | "pace":
                return self._target(fact)
            case "import":
                return self._imported(fact)
            case "attribute":
                return self._attribute(fact)
        key = self._record_key((label, fact))
        record = self.records.get(key) if key is not None else None
        return self._record(fact, record) if record is not None else self._derived(fact)

    def _figure(self, fact: Fact) -> Traced:
        month = fact.period[-7:]
        row = self.observations.get((fact.name, month))
        if row is None:
            campaign = self._campaign(fact)
            return self._record(fact, campaign) if campaign is not None else self._absent(fact, month)
        verified = getattr(row, "verified", None)
        person, at = (verified.by, verified.at) if verified is not None else (row.entered_by, row.entered_at)
        deeds = tuple(self.deeds.get((row._meta.db_table, str(row.pk)), ()))
        address = self._cell(fact.name, month)
        return Traced(fact, address, row.source, person.name if person else "", at, row.state, deeds)

    def _cell(self, indicator: str, month: str) -> str:
        return reverse("cell", args=(self.unit.code, indicator, month))

    def _absent(self, fact: Fact, month: str) -> Traced:
        """Nobody reported it: the way on is the empty cell itself. A ratio leads to its own page."""
        if fact.presence == "present":
            address = f"{reverse('indicator', args=(fact.name,))}?{self.query}"
            return Traced(fact, address, _("由分子、分母算出"), _("系统"), self.run.created, "computed", ())
        return Traced(fact, self._cell(fact.name, month), _("没有上报"), "", None, "", ())

    def _campaign(self, fact: Fact) -> Record | None:
        for record in self.records.values():
            if record.table == "observations":
                values = json.loads(record.values)
                if (values["indicator"], values["period"]) == (fact.name, fact.period):
                    return record
        return None

    def _target(self, fact: Fact) -> Traced:
        row = self.targets.get(fact.name)
        address = f"{reverse('indicator', args=(fact.name,))}?{self.query}#targets"
        if row is None:
            return Traced(fact, address, _("没有下达目标"), "", None, "", ())
        deeds = tuple(self.deeds.get((row._meta.db_table, str(row.pk)), ()))
        at = deeds[-1].at if deeds else None
        return Traced(fact, address, row.document, row.issuer, at, "target", deeds)

    def _record(self, fact: Fact, record: Record) -> Traced:
        deeds = tuple(self.deeds.get((record._meta.db_table, str(record.pk)), ()))
        source = json.loads(record.values).get("source", "") or fact.source
        who = record.entered_by.name if record.entered_by else ""
        return Traced(
            fact, self._register(record.table, record.pk), source, who, record.entered_at, "record", deeds
        )

    def _register(self, table: str, key: int | None = None) -> str:
        address = f"{reverse('register', args=(table,))}?{self.query}"
        return address if key is None else f"{address}#record-{key}"

    def _attribute(self, fact: Fact) -> Traced:
        kept = next((row for row in self.records.values() if row.table == "attributes"), None)
        if kept is not None:
            return self._record(fact, kept)
        address = f"{reverse('unit', args=(self.unit.code,))}?{self.query}"
        return Traced(fact, address, _("单位登记表没有这一项"), "", None, "", ())

    def _imported(self, fact: Fact) -> Traced:
        """Another scheme's result: to its working, for the unit that the attribute beside it names."""
        found = _IMPORTED.search(fact.label)
        units = [other.value for _label, other in self.told if other.role == "attribute"]
        if found is None or not units or not isinstance(units[0], str):
            return self._derived(fact)
        place = f"unit={units[0]}&month={self.run.month}"
        address = f"{reverse('working', args=(units[0], found[1]))}?{place}"
        return Traced(fact, address, _("另一办法的计分结果"), _("系统"), self.run.created, "computed", ())

    def _derived(self, fact: Fact) -> Traced:
        """Counted from a register, or a statistic of all peers: the register, or the board of the run."""
        found = _TABLE.match(fact.label)
        if found is not None and found[1] in self.registers:
            address = self._register(found[1])
            return Traced(fact, address, _("由台账计出"), _("系统"), self.run.created, "computed", ())
        address = f"{reverse('board')}?{self.query}"
        text = _("由同类各单位的本项数算出，计分批次 %(number)s") % {"number": self.run.number}
        return Traced(fact, address, text, _("系统"), self.run.created, "computed", ())

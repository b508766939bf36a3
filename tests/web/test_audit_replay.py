"""Whatever is done through ``recorded``, replaying the ledger gives the tables exactly."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from audit_ledger import signing, verified
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import DataObject

from kaohe.web.accounts.models import Grant, Holding, Person, Post
from kaohe.web.audit.models import Event, Salt
from kaohe.web.audit.recording import Conflict, recorded
from kaohe.web.audit.recording import erase as erase_row
from kaohe.web.ledger.models import Indicator, Line, Observation, ReportingUnit, Target

pytestmark = pytest.mark.django_db

# No NUL and no lone surrogates: no database takes them as text.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4).map(lambda value: f"{value:f}"[:40])
DAYS = st.none() | st.dates()


class Writes(RuleBasedStateMachine):
    """Creates, updates, deletes, erases, conflicts and failures; the tables are compared after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.count = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(name=TEXT)
    def begin(self, name: str) -> None:
        self.unit = ReportingUnit(code="root", name=name, kind="town", path="root/")
        self.line = Line(code="line", name="线")
        self.people: list[Person] = []
        self.cells: list[Observation] = []
        with recorded("site.begin", by=None) as entry:
            entry.create(self.unit, self.line)

    def _next(self) -> int:
        self.count += 1
        return self.count

    @rule(name=TEXT, day=DAYS, posts=st.integers(0, 3))
    def hire(self, name: str, day: Any, posts: int) -> None:
        n = self._next()
        person = Person(username=f"p{n}", name=name, password="!")
        held = [Post(code=f"{n}-{i}", title=name[:20], unit=self.unit) for i in range(posts)]
        with recorded("person.create", by=None, reason=name) as entry:
            entry.create(person, *held)
            entry.create(*(Grant(post=post, unit=self.unit, verbs="view") for post in held))
            if day is not None:
                entry.create(*(Holding(person=person, post=post, since=day) for post in held))
        self.people.append(person)

    @rule(values=st.lists(NUMBERS, min_size=1, max_size=8), note=TEXT)
    def enter(self, values: list[str], note: str) -> None:
        n = self._next()
        indicators = [Indicator(code=f"{n}-{i}", line=self.line, name=note) for i in range(len(values))]
        cells = [
            Observation(
                unit=self.unit,
                indicator=indicator,
                month="2026-01",
                value=value,
                note=note,
                entered_at=timezone.now(),
                entered_by=self.people[-1] if self.people else None,
            )
            for indicator, value in zip(indicators, values, strict=True)
        ]
        with recorded("observation.save", by=self.people[-1] if self.people else None) as entry:
            entry.create(*indicators)
            entry.create(*cells)
            entry.update(*cells)
        self.cells += cells

    @precondition(lambda self: self.cells)
    @rule(data=st.data(), value=NUMBERS, note=TEXT, estimated=st.booleans())
    def revise(self, data: DataObject, value: str, note: str, estimated: bool) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.cells), unique_by=id, min_size=1))
        for cell in chosen:
            cell.value, cell.note, cell.estimated = value, note, estimated
            cell.version += 1
        with recorded("observation.submit", by=None) as entry:
            entry.update(*chosen, where=lambda cell: {"version": cell.version - 1})

    @precondition(lambda self: self.cells)
    @rule(data=st.data(), value=NUMBERS)
    def lose(self, data: DataObject, value: str) -> None:
        """A conflict, or any failure, leaves nothing behind."""
        cell = Observation.objects.get(pk=data.draw(st.sampled_from(self.cells)).pk)
        cell.value = value
        size = Event.objects.count()
        with pytest.raises(Conflict) as caught, recorded("observation.save", by=None) as entry:
            entry.create(Line(code=f"never{self._next()}", name="不该有"))
            entry.update(cell, where={"version": cell.version + 7})
        assert caught.value.row is cell and caught.value.stored is not None
        assert Event.objects.count() == size

    @precondition(lambda self: self.cells)
    @rule(data=st.data(), code=TEXT)
    def remove(self, data: DataObject, code: str) -> None:
        cell = data.draw(st.sampled_from(self.cells))
        self.cells.remove(cell)
        with recorded("observation.delete", by=None) as entry:
            entry.delete(cell)
            entry.create(
                Target(code=f"{self._next()}{code}", unit=self.unit, indicator=cell.indicator, period="2026")
            )

    @rule()
    def close_post(self) -> None:
        """Grants fall with their post, and are recorded too."""
        post = Post.objects.filter(holdings__isnull=True).first()
        if post is not None:
            with recorded("post.delete", by=None) as entry:
                entry.delete(post)

    @precondition(lambda self: self.people)
    @rule(data=st.data(), name=TEXT)
    def rename(self, data: DataObject, name: str) -> None:
        person = data.draw(st.sampled_from(self.people))
        person.name = name
        with recorded("person.rename", by=person) as entry:
            entry.update(person)

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def erase(self, data: DataObject) -> None:
        person = data.draw(st.sampled_from(self.people))
        erase_row(person, by=None, reason="本人要求")
        assert Person.objects.get(pk=person.pk).name == ""
        assert Salt.objects.get(table="accounts_person", key=str(person.pk)).salt == ""

    @invariant()
    def replay_gives_the_tables(self) -> None:
        with signing() as key:
            report = verified(Path(self.folder.name), key=key)
        assert [finding.text for finding in report.findings] == []
        assert report.size == Event.objects.count()


def test_replaying_gives_the_tables() -> None:
    everything = "KAOHE_REQUIRE_ALL" in os.environ
    Writes.TestCase.settings = settings(
        max_examples=60 if everything else 12,
        stateful_step_count=30 if everything else 12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Writes, settings=Writes.TestCase.settings)

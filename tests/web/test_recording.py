"""Protected rows are written with their event, or not at all."""

from __future__ import annotations

import pytest

from kaohe.web.audit.models import Event
from kaohe.web.audit.recording import Conflict, history, recorded
from kaohe.web.ledger.models import Line

pytestmark = pytest.mark.django_db


def test_an_action_leaves_one_event_with_every_row_it_changed() -> None:
    industry, finance = Line(code="industry", name="工业线"), Line(code="finance", name="财政线")
    with recorded("line.create", by=None) as entry:
        entry.create(industry, finance)
    assert entry.seq == 1
    assert [event.action for event in history(industry)] == ["line.create"]


def test_a_conflict_undoes_the_whole_action() -> None:
    line = Line(code="industry", name="工业线")
    with recorded("line.create", by=None) as entry:
        entry.create(line)
    line.name = "工业和招商线"
    with pytest.raises(Conflict), recorded("line.rename", by=None) as entry:
        entry.create(Line(code="finance", name="财政线"))
        entry.update(line, where={"name": "别人改过的名"})
    assert list(Line.objects.values_list("name", flat=True)) == ["工业线"]
    assert Event.objects.count() == 1

"""The demonstration is whole: 36 months, every role with work today, figures of the seed untouched."""

from __future__ import annotations

from decimal import Decimal

import pytest
from demonstration import demonstration  # noqa: F401

from kaohe.web.accounts.models import Person
from kaohe.web.accounts.permissions import Verb, permits_of
from kaohe.web.audit.recording import history
from kaohe.web.demo import act
from kaohe.web.demo.loading import TODAY
from kaohe.web.demo.people import PASSWORD, seats
from kaohe.web.demo.source import Source
from kaohe.web.documents.models import EvidenceFile, EvidenceLink, Paper
from kaohe.web.ledger.models import Message, Observation, VerifiedValue
from kaohe.web.supervision.models import Adjustment, Task

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.usefixtures("demonstration"),
]


def test_there_are_thirty_six_months() -> None:
    own = Observation.objects.filter(unit__code="qingzhu", indicator__code="industrial_output")
    months = list(own.order_by("month").values_list("month", flat=True))
    assert (len(months), months[0], months[-1]) == (36, "2002-10", "2005-09")


def test_the_figures_of_the_seed_stay_as_they_are() -> None:
    kept = {
        (row.unit.code, row.indicator.code, row.month): row.value
        for row in Observation.objects.filter(month__in=("2005-09", "2004-09")).select_related(
            "unit", "indicator"
        )
    }
    for (unit, indicator), periods in Source().observed.items():
        for period, row in periods.items():
            month = period[-7:]
            if row["value"] and (unit, indicator, month) in kept and "/2005-04" not in period:
                assert kept[unit, indicator, month] == row["value"], (unit, indicator, month)


def test_last_year_fits_the_published_growth() -> None:
    output = Observation.objects.get(
        unit__code="qingzhu", indicator__code="industrial_output", month="2004-09"
    )
    assert output.value == "4.43"


def test_what_accumulates_never_falls_within_a_year() -> None:
    rows = Observation.objects.filter(indicator__kind="flow", unit__code="qingzhu").exclude(
        indicator__code="profit"
    )
    before: dict[tuple[int, str], Decimal] = {}
    for row in rows.order_by("month"):
        key = (row.indicator_id, row.month[:4])
        assert Decimal(row.value) >= before.get(key, Decimal(0)), (row.indicator.code, row.month)
        before[key] = Decimal(row.value)


def test_every_state_occurs_this_month() -> None:
    month = Observation.objects.filter(month="2005-09")
    assert set(month.values_list("state", flat=True)) == {
        "draft",
        "returned",
        "submitted",
        "reviewed",
        "verified",
    }
    assert set(month.values_list("presence", flat=True)) == {"present", "not_due", "not_applicable"}
    assert month.filter(estimated=True).exists()
    assert VerifiedValue.objects.count() == 2
    assert Message.objects.count() == 3


@pytest.mark.parametrize(
    ("person", "verb", "state"),
    [
        ("经办乙", Verb.ENTER, "returned"),
        ("村报账员甲", Verb.ENTER, "returned"),
        ("文书甲", Verb.REVIEW, "submitted"),
        ("副镇长乙", Verb.REVIEW, "submitted"),
        ("县财政局认定员甲", Verb.VERIFY, "reviewed"),
    ],
)
def test_each_role_has_work_today(person: str, verb: Verb, state: str) -> None:
    permits = permits_of(Person.objects.get(username=person))
    assert Observation.objects.filter(permits.figures(verb), month="2005-09", state=state).exists()


def test_everybody_signs_in_with_the_one_password() -> None:
    assert Person.objects.get(username="镇长甲").check_password(PASSWORD)
    assert Person.objects.count() == len(list(seats())) + 3


def test_a_figure_has_its_story() -> None:
    august = Observation.objects.get(
        unit__code="qingzhu", indicator__code="industrial_output", month="2005-08"
    )
    events = history(august)
    assert [event.action.split(".")[1] for event in events] == ["save", "submit", "save", "review", "verify"]
    assert events[0].at < events[-1].at


def test_every_kind_of_work_is_there() -> None:
    """Tasks open, overdue and settled, a request refused and one waiting, evidence kept once, a paper."""
    act()
    assert {task.state for task in Task.objects.all()} == {"open", "done"}
    assert Task.objects.filter(state="open", due__lt=TODAY).count() == 1
    assert {row.decision for row in Adjustment.objects.all()} == {"pending", "refused"}
    monthly = EvidenceFile.objects.get(name__startswith="2005年9月工业统计月报")
    assert EvidenceLink.objects.filter(file=monthly).count() == 3
    assert Paper.objects.get().month == "2005-08"

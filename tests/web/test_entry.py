"""A month's figures: saved, doubted, submitted, reviewed, returned, verified – and by whom."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256

import pytest
from town import MONTH, County, make_county

from kaohe.web.accounts.permissions import Forbidden, Unknown
from kaohe.web.audit.models import Event
from kaohe.web.audit.recording import Conflict, history
from kaohe.web.ledger import actions
from kaohe.web.ledger.actions import CellInput, EntryErrors, Refused
from kaohe.web.ledger.grid import doubts_of_typed, entry_grid
from kaohe.web.ledger.models import Observation, VerifiedValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county()


def save(county: County, who: str, key: str = "", month: str = MONTH, **typed: str) -> actions.Answer:
    grid = entry_grid(county.permits(who), county.units["qing"], month).by_code()
    cells = [CellInput(code, grid[code].version, text) for code, text in typed.items()]
    return actions.save_cells(
        permits=county.permits(who), unit=county.units["qing"], month=month, cells=cells,
        key=key or sha256(f"{who}{month}{typed}".encode()).hexdigest()[:40],
    )  # fmt: skip


def cell(county: County, code: str, who: str = "clerk"):
    return entry_grid(county.permits(who), county.units["qing"], MONTH).by_code()[code]


def observation(county: County, code: str) -> Observation:
    rows = Observation.objects.select_related("unit", "indicator__line")
    return rows.get(unit__code="qing", indicator__code=code, month=MONTH)


def submitted(county: County) -> Observation:
    save(county, "owner", output="6.25", large="3.96", investment="9361")
    actions.submit_month(permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="s")
    return observation(county, "output")


def reviewed(county: County) -> Observation:
    row = submitted(county)
    actions.review(permits=county.permits("deputy"), observations=[row])
    return observation(county, "output")


def test_a_block_of_cells_is_saved_in_one_event_and_read_back_exactly(county: County) -> None:
    before = Event.objects.count()
    answer = save(county, "owner", output="6.25", large="预计3.96", investment="1,234.50")
    assert answer.saved == ("output", "large", "investment") and answer.seq == before + 1
    assert cell(county, "output").now.value == Fraction("6.25")
    assert cell(county, "large").now.estimated
    assert observation(county, "investment").value == "1234.50"
    assert Event.objects.count() == before + 1


def test_zero_blank_not_applicable_and_not_due_stay_apart(county: County) -> None:
    save(county, "owner", output="0", large="/", investment="未到期")
    kinds = {code: observation(county, code).presence for code in ("output", "large", "investment")}
    assert kinds == {"output": "present", "large": "not_applicable", "investment": "not_due"}
    assert cell(county, "output").now.value == 0


def test_a_ratio_is_worked_out_from_its_parts_and_never_typed(county: County) -> None:
    save(county, "owner", output="6.25", large="3.96")
    assert cell(county, "large_share").now.value == Fraction("63.36")
    with pytest.raises(Refused, match="规模以上占比 不手工填写"):
        save(county, "owner", large_share="63")


def test_official_statistics_are_not_typed(county: County) -> None:
    with pytest.raises(Refused, match="生产总值"):
        save(county, "clerk", gdp="20")


def test_one_unreadable_cell_saves_nothing(county: County) -> None:
    with pytest.raises(EntryErrors) as caught:
        save(county, "owner", output="6.25", large="三块九", investment="12人")
    assert set(caught.value.errors) == {"large", "investment"}
    assert "规模以上" in caught.value.errors["large"]
    assert not Observation.objects.exists()


def test_the_same_key_again_gives_the_same_answer_and_writes_nothing(county: County) -> None:
    first = save(county, "owner", key="k1", output="6.25")
    events = Event.objects.count()
    for _ in range(10):
        again = save(county, "owner", key="k1", output="6.25")
        assert again == first
    assert Event.objects.count() == events


def test_a_cell_changed_meanwhile_is_a_conflict_and_the_rest_is_saved(county: County) -> None:
    save(county, "owner", output="6.25")
    save(county, "clerk", output="6.26")
    answer = actions.save_cells(
        permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="late",
        cells=[CellInput("output", 1, "6.27"), CellInput("investment", 0, "9361")],
    )  # fmt: skip
    assert answer.saved == ("investment",)
    (conflict,) = answer.conflicts
    assert (conflict.mine, conflict.theirs, conflict.who, conflict.version) == ("6.27", "6.26", "文书甲", 2)
    assert observation(county, "output").value == "6.26"


def test_an_unchanged_cell_keeps_its_version(county: County) -> None:
    save(county, "owner", output="6.25")
    save(county, "owner", key="again", output="6.25")
    assert observation(county, "output").version == 1


def test_a_digit_too_many_is_doubted_with_a_repair_and_must_be_answered(county: County) -> None:
    save(county, "owner", month="2005-08", investment="8420")
    save(county, "owner", output="6.25", large="3.96", investment="93610")
    (doubt,) = cell(county, "investment").doubts
    assert (doubt.check, doubt.repair) == ("tenfold", Fraction(9361))
    with pytest.raises(Refused, match="还差 1 项"):
        actions.submit_month(permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="a")
    answered = CellInput("investment", 1, "93610", answers={"tenfold": "新增大项目一次入统"})
    actions.save_cells(
        permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, cells=[answered], key="b"
    )
    answer = actions.submit_month(
        permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="c"
    )
    assert set(answer.saved) == {"output", "large", "investment"}


def test_doubts_of_typed_figures_see_each_other_and_write_nothing(county: County) -> None:
    typed = {"output": Fraction("3"), "large": Fraction("3.96")}
    found = doubts_of_typed(county.permits("owner"), county.units["qing"], MONTH, typed)
    assert [doubt.check for doubt in found["large"]] == ["part-above-whole"]
    assert [doubt.check for doubt in found["output"]] == ["parts-above-whole"]
    assert not Observation.objects.exists()


def test_attainment_and_growth_are_shown_only_after_submission(county: County) -> None:
    save(county, "owner", output="6.25", large="3.96", investment="9361")
    assert cell(county, "output").attainment is None and cell(county, "output").growth is None
    actions.submit_month(permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="s")
    assert cell(county, "output").attainment.value == Fraction("6.25") / 9


def test_a_blank_due_cell_must_be_filled_or_explained(county: County) -> None:
    save(county, "owner", output="6.25", large="3.96")
    with pytest.raises(Refused, match="还差 1 项"):
        actions.submit_month(permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="s")
    explained = CellInput("investment", 0, "缺报", note="统计站尚未反馈")
    actions.save_cells(
        permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, cells=[explained], key="e"
    )
    actions.submit_month(permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="t")
    assert observation(county, "investment").presence == "missing"
    assert observation(county, "investment").state == "submitted"


def test_a_submitted_figure_is_no_longer_changed_by_anybody(county: County) -> None:
    submitted(county)
    for who in ("owner", "clerk"):
        with pytest.raises(Refused, match="不能再改"):
            save(county, who, output="7")


def test_the_whole_way_with_a_return(county: County) -> None:
    row = submitted(county)
    message = actions.return_observation(
        permits=county.permits("deputy"), observation=row, message="与统计站的数不一致,请核对"
    )
    assert message.observation.state == "returned"
    assert cell(county, "output", "owner").message == "与统计站的数不一致,请核对"
    save(county, "owner", output="6.24")
    actions.submit_month(permits=county.permits("owner"), unit=county.units["qing"], month=MONTH, key="s2")
    actions.review(permits=county.permits("deputy"), observations=[observation(county, "output")])
    actions.verify(permits=county.permits("verifier"), observations=[observation(county, "output")])
    assert observation(county, "output").state == "verified"
    told = [event.action for event in history(row)]
    assert told == [
        "observation.save", "observation.submit", "observation.return", "observation.save",
        "observation.submit", "observation.review", "observation.verify",
    ]  # fmt: skip


def test_a_verified_value_stands_beside_the_reported_one(county: County) -> None:
    row = reviewed(county)
    actions.set_verified_value(
        permits=county.permits("verifier"), observation=row, text="6.20", reason="剔除重复企业"
    )
    assert observation(county, "output").value == "6.25"
    assert cell(county, "output").effective.value == Fraction("6.20")
    objection = actions.object_to(
        permits=county.permits("owner"), observation=observation(county, "output"), text="该企业未重复"
    )
    assert objection.kind == "objection"
    assert VerifiedValue.objects.get().value == "6.20"


def test_a_verified_value_needs_a_reason(county: County) -> None:
    with pytest.raises(Refused, match="理由"):
        actions.set_verified_value(
            permits=county.permits("verifier"), observation=reviewed(county), text="6", reason=" "
        )


def test_what_another_did_meanwhile_stops_a_step(county: County) -> None:
    row = submitted(county)
    actions.withdraw(permits=county.permits("owner"), observation=row)
    with pytest.raises(Conflict):
        actions.review(permits=county.permits("deputy"), observations=[row])


def test_steps_are_taken_in_their_order(county: County) -> None:
    with pytest.raises(Refused, match="已上报"):
        actions.verify(permits=county.permits("verifier"), observations=[submitted(county)])


@pytest.mark.parametrize(
    ("who", "expected"),
    [("leader", Forbidden), ("county", Forbidden), ("verifier", Forbidden), ("stranger", Unknown)],
)
def test_nobody_else_enters(county: County, who: str, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        actions.save_cells(
            permits=county.permits(who), unit=county.units["qing"], month=MONTH,
            cells=[CellInput("output", 0, "6.25")], key="x",
        )  # fmt: skip


def test_a_line_that_is_not_mine_does_not_exist_for_me(county: County) -> None:
    assert "revenue" not in entry_grid(county.permits("owner"), county.units["qing"], MONTH).by_code()
    with pytest.raises(Unknown):
        actions.save_cells(
            permits=county.permits("owner"), unit=county.units["qing"], month=MONTH,
            cells=[CellInput("revenue", 0, "1")], key="x",
        )  # fmt: skip


def test_a_closed_month_opens_one_returned_figure_and_no_other(county: County) -> None:
    from kaohe.web.ledger.collection_actions import close_month
    from kaohe.web.ledger.models import Collection

    row = reviewed(county)
    close_month(permits=county.permits("county"), collection=Collection.objects.get(), despite_missing=True)
    with pytest.raises(Refused, match="结账"):
        save(county, "clerk", revenue="1")
    actions.return_observation(permits=county.permits("verifier"), observation=row, message="口径有误")
    assert save(county, "owner", key="n", output="6.24").saved == ("output",)


def test_the_grid_takes_few_queries(county: County, django_assert_max_num_queries) -> None:
    submitted(county)
    permits = county.permits("clerk")
    with django_assert_max_num_queries(6):
        entry_grid(permits, county.units["qing"], MONTH)

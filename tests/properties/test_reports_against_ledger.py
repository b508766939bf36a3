"""A report written from a ledger's facts agrees with it in any wording; one figure changed is found."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.checking import check_text
from kaohe.checking.ledger import Against
from kaohe.facts.codec import decimal_text
from kaohe.facts.ledger import Ledger
from kaohe.facts.model import Indicator, Observation, ReportingUnit
from kaohe.quantities import Period, convert

NOW = Period.parse("2023-01/2023-09")
TOWN = ReportingUnit("town", "柳桥镇", "柳桥镇", "town")
NAMES = (
    ("固定资产投资", "万元"), ("财政总收入", "万元"), ("工业总产值", "亿元"), ("社会消费品零售总额", "亿元"),
    ("进出口总额", "万美元"), ("粮食播种面积", "亩"), ("造林面积", "亩"), ("转移就业", "人"),
)  # fmt: skip
OTHER_MEASURE = {"万元": "亿元", "亿元": "万元", "万美元": "亿美元", "亩": "万亩"}
WORDINGS = (
    "1—9月,全镇{name}{value}。",
    "1—9月,全镇完成{name}{value}。",
    "前三季度,全镇实现{name}{value},为全年工作打下了基础。",
    "今年1至9月,我镇{name}达到{value}。",
)


@dataclass(frozen=True)
class Said:
    """A fact with the way it is told."""

    name: str
    measure: str
    value: Fraction
    wording: str
    converted: bool

    def text(self, value: Fraction | None = None) -> str:
        shown, measure = self.value if value is None else value, self.measure
        if self.converted and measure in OTHER_MEASURE:
            other = OTHER_MEASURE[measure]
            shown, measure = convert(shown, measure, other), other
        return self.wording.format(name=self.name, value=f"{decimal_text(shown)}{measure}")


def facts() -> st.SearchStrategy[list[Said]]:
    one = st.builds(
        lambda named, value, wording, converted: Said(*named, Fraction(value, 10), wording, converted),
        st.sampled_from(NAMES), st.integers(2000, 99999), st.sampled_from(WORDINGS), st.booleans(),
    )  # fmt: skip
    return st.lists(one, min_size=1, max_size=5, unique_by=lambda said: said.name)


def ledger_of(said: list[Said]) -> Against:
    indicators = tuple(Indicator(name, name, measure=measure) for name, measure in NAMES)
    rows = tuple(Observation("town", one.name, NOW, one.value, one.measure, decimals=1) for one in said)
    return Against(Ledger((TOWN,), indicators=indicators, observations=rows))


def told(text: str, against: Against) -> list[tuple[str, str]]:
    """What the ledger says of each figure: its text and the verdict."""
    findings = check_text(text, 2023, against).findings
    return [(one.marks[0].text, one.verdict) for one in findings if one.key.startswith(("ledger.fact",))]


@settings(max_examples=60, deadline=None)
@given(facts())
def test_a_report_written_from_the_facts_agrees(said: list[Said]) -> None:
    text = "\n".join(one.text() for one in said)
    assert [verdict for _, verdict in told(text, ledger_of(said))] == ["holds"] * len(said), text


@settings(max_examples=60, deadline=None)
@given(facts(), st.integers(0, 4), st.sampled_from([Fraction(9, 10), Fraction(11, 10), Fraction(10)]))
def test_one_changed_figure_is_found(said: list[Said], at: int, factor: Fraction) -> None:
    wrong = said[at % len(said)]
    changed = Fraction(int(wrong.value * factor * 10), 10)
    text = "\n".join(one.text(changed if one is wrong else None) for one in said)
    verdicts = [verdict for _, verdict in told(text, ledger_of(said))]
    assert verdicts.count("fails") == 1 and verdicts.count("holds") == len(said) - 1, text

"""The demo ledger's files as rows of text, and the months of figures made out of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from kaohe.demo import folder
from kaohe.facts.codec import decimal_text
from kaohe.web.demo.series import LAST, YearToDate, drawn, growth_of, level, months, septembers
from kaohe.web.ledger.models import ACCUMULATING

Row = Mapping[str, str]
MADE_UP = "演示数据"
THIS_YEAR, LAST_YEAR, AT_POINT = "2005-01/2005-09", "2004-01/2004-09", LAST
_ONE_RHYTHM = {"large_output": "industrial_output", "local_tax": "revenue", "national_tax": "revenue"}
_PUBLISHED = "主指标 "
WHOLES = {
    "large_output": "industrial_output",
    "local_tax": "revenue",
    "national_tax": "revenue",
    "aided_key_projects": "aided_projects_total",
    "aided_ordinary_projects": "aided_projects_total",
}
"""Which indicator is a part (其中) of which."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a unit, an indicator and a month, as the entry grid holds it."""

    unit: str
    indicator: str
    month: str
    value: str
    presence: str = "present"
    estimated: bool = False
    source: str = MADE_UP
    note: str = ""


class Source:
    """The tables of the demo ledger."""

    def __init__(self, base: Path | None = None) -> None:
        self.base = base or folder()

    def table(self, name: str) -> list[Row]:
        """A table's rows."""
        with (self.base / "ledger" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """The indicators by code."""
        return {row["indicator"]: row for row in self.table("indicators")}

    @cached_property
    def observed(self) -> dict[tuple[str, str], dict[str, Row]]:
        """The reported figures by unit and indicator, then by period."""
        found: dict[tuple[str, str], dict[str, Row]] = {}
        for row in self.table("observations"):
            if row["role"] == "reported":
                periods = found.setdefault((row["unit"], row["indicator"]), {})
                # One town's export was corrected: the later row is the one that stands.
                periods[row["period"]] = row
        return found

    def own_periods(self) -> list[Row]:
        """Figures of a period that is no month and no year to date (去冬今春, next year's)."""
        usual = (THIS_YEAR, LAST_YEAR, AT_POINT)
        return [row for row in self.table("observations") if row["period"] not in usual]

    def verified(self) -> list[Row]:
        """The verifiers' own figures."""
        return [row for row in self.table("observations") if row["role"] == "verified"]

    def cells(self) -> Iterator[Cell]:
        """Every figure of 36 months, unit by unit, the ledger's own among them."""
        for (unit, indicator), periods in self.observed.items():
            now = periods.get(THIS_YEAR) or periods.get(AT_POINT)
            if now is not None:
                yield from self._months(unit, indicator, now, periods.get(LAST_YEAR))

    def _months(self, unit: str, indicator: str, now: Row, before: Row | None) -> Iterator[Cell]:
        for month, value in self._made(unit, indicator, now, before).items():
            if month != LAST and not (before is not None and month == "2004-09"):
                yield Cell(unit, indicator, month, decimal_text(value), source=f"{MADE_UP}:往月数")
        if now["presence"] == "not_due":
            yield from (_as_told(now, month) for month in months("2005-01", "2005-08"))
        if before is not None:
            yield _as_told(before, "2004-09")
        yield _as_told(now, LAST)

    def _made(self, unit: str, indicator: str, now: Row, before: Row | None) -> dict[str, Fraction]:
        told = self.indicators[indicator]
        value = Fraction(now["value"]) if now["value"] else self._stand_in(unit, indicator)
        if now["presence"] in ("not_due", "not_applicable"):
            return {}
        if _main(told):
            return self._published(unit, told, value)
        if told["kind"] in ACCUMULATING:
            return self._accumulated(unit, indicator, value, before)
        decimals = int(told["decimals"] or 0)
        key = f"{unit}/{indicator}"
        return {month: level(key, value, decimals, month) for month in months()}

    def _stand_in(self, unit: str, indicator: str) -> Fraction:
        """A figure for the past of a cell that is missing now."""
        target = next(
            (r["value"] for r in self._targets if r["unit"] == unit and r["indicator"] == indicator), ""
        )
        return (
            Fraction(target) * Fraction(7, 10) if target else Fraction(drawn(f"{unit}/{indicator}", 60, 90))
        )

    @cached_property
    def _targets(self) -> list[Row]:
        return self.table("targets")

    def _accumulated(
        self, unit: str, indicator: str, value: Fraction, before: Row | None
    ) -> dict[str, Fraction]:
        key, told = f"{unit}/{indicator}", self.indicators[indicator]
        known = {2005: value} | _PAST.get((unit, indicator), {})
        if before is not None and before["value"]:
            known[2004] = Fraction(before["value"])
        printed = self.observed.get((unit, f"{indicator}_growth"), {}).get(THIS_YEAR)
        growth = Fraction(printed["value"]) / 100 if printed and printed["value"] else None
        years = septembers(key, known, growth)
        family = f"{unit}/{_ONE_RHYTHM.get(indicator, indicator)}"
        series = YearToDate(family, years, int(told["decimals"] or 0), spring=indicator in _IN_SPRING)
        return {month: series.at(month) for month in months()}

    def _published(self, unit: str, told: Row, value: Fraction) -> dict[str, Fraction]:
        """Printed rates of the months of this year: growth as it was, a completion as it grew."""
        main = _main(told)
        this_year = months("2005-01", LAST)
        if told["kind"] == "growth" and told["measure"] == "%":
            now = self.observed.get((unit, main), {})
            series = self._made(unit, main, now[THIS_YEAR], now.get(LAST_YEAR)) if THIS_YEAR in now else {}
            rates = {month: growth_of(series, month) for month in this_year}
            return {month: rate for month, rate in rates.items() if rate is not None}
        if "完成" in told["name"]:
            shape = YearToDate(
                f"{unit}/{_ONE_RHYTHM.get(main, main)}", {2005: value}, int(told["decimals"] or 0)
            )
            return {month: shape.at(month) for month in this_year}
        return dict.fromkeys(this_year, value)


# Its share of the output rose by 13 points to 63 %: 2.23 of 4.43 is half.
_PAST = {("qingzhu", "large_output"): {2004: Fraction("2.23")}}
_IN_SPRING = frozenset({"afforestation", "trees_planted", "hill_closure", "new_bamboo", "rice_seed"})


def _main(told: Row) -> str:
    head = told["definition"].split(";")[0]
    return head.removeprefix(_PUBLISHED) if head.startswith(_PUBLISHED) else ""


def _as_told(row: Row, month: str) -> Cell:
    return Cell(
        row["unit"],
        row["indicator"],
        month,
        row["value"],
        row["presence"],
        row["basis"] == "estimated",
        row["source"],
        row["note"],
    )

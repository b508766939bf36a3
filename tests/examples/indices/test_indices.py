"""Thirteen published indices, each by a YAML scheme alone, from the published input files as they are.

An expected column is compared for every unit; the tolerance is the precision that the index's method.md
states (0 where the publication is rounded, so that the printed figure itself must come out).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import kaohe

HERE = Path(__file__).parent
TEXT = None


@dataclass(frozen=True)
class Index:
    """One published index: its folder, its data, and expected column → (sheet column, tolerance)."""

    name: str
    data: str
    columns: dict[str, tuple[str, str | None]]


def same_name(names: str, tolerance: str | None, form: str = "{}") -> dict[str, tuple[str, str | None]]:
    """Columns that bear the same name, made from `form`, in expected.csv and in the sheet."""
    columns = [form.format(name) for name in names.split()]
    return {column: (column, tolerance) for column in columns}


SVI_THEMES = "1 2 3 4"
SVI_WORDS = "POV UNEMP PCI NOHSDP AGE65 AGE17 DISABL SNGPNT MINRTY LIMENG MUNIT MOBILE CROWD NOVEH GROUPQ"
CES_EXPOSURES = "Ozone PM25 DieselPM DrinkWat PestUse ToxRel Traffic Cleanup GndWat HazWaste ImpWat SolWaste"
CES_PEOPLE = "CVD Rent LBW LingIso Unemp Asthma Poverty Edu"
WIMD_DOMAINS = "Income Employment Health Education Access Housing Environment Crime"

INDICES = (
    Index(
        "calenviroscreen3_draft_2016",
        "input.csv",
        same_name(CES_EXPOSURES, "1e-9", "P_{}")
        | same_name(CES_PEOPLE, "1e-9", "P_{}")
        | same_name("Pollution PopChar Score", "1e-9")
        | {"Range": ("Range_grade", TEXT)},
    ),
    Index(
        "cdc_svi_2018_county",
        "input.csv",
        same_name(SVI_WORDS, "0", "EPL_{}")
        | same_name(SVI_WORDS, "0", "F_{}")
        | same_name(SVI_THEMES, "0", "SPL_THEME{}")
        | same_name(SVI_THEMES, "0", "RPL_THEME{}")
        | same_name("SPL_THEMES RPL_THEMES F_TOTAL", "0"),
    ),
    Index(
        "coinr_asem_full",
        ".",
        same_name("Physical ConEcFin Political Instit P2P Environ Social SusEcFin Conn Sust Index", "1e-9")
        | {"Rank": ("Index_rank", "0")},
    ),
    Index("decathlon_athens_2004", "input.csv", same_name("points", "0")),
    Index("efficacy_two_regions", ".", same_name("d1 d2 d3 d4 total", "0")),
    Index(
        "epi_2020",
        ".",
        same_name("EPI HLT ECO AIR H2O HMT BDH ECS FSH CCH APE AGR", "0")
        | {"rank": ("EPI_rank", "0"), "region_rank": ("in_region_rank", "0")},
    ),
    Index("f1_drivers_2021", ".", same_name("points wins", "0") | {"rank": ("points_rank", "0")}),
    Index(
        "freedom_fiw_2024",
        "input.csv",
        same_name("A B C D E F G PR CL Total PR_rating CL_rating", "0") | {"Status": ("Status_grade", TEXT)},
    ),
    Index(
        "sasac_tier_interpolation",
        "input.csv",
        same_name("base efficacy adjust", "0") | {"score": ("score_of_item", "0")},
    ),
    Index(
        "skating_gp_final_2017",
        ".",
        same_name("total_component_score total_element_score total_segment_score", "0")
        | {"rank": ("total_segment_score_rank", "0")},
    ),
    Index(
        "undp_hdi_2022",
        "input.csv",
        {"hdi": ("hdi", "0"), "rank": ("hdi_rank", "0"), "tier": ("hdi_grade", TEXT)},
    ),
    Index(
        "undp_ihdi_2022",
        "input.csv",
        same_name("hdi ihdi", "0")
        | {"coef_ineq": ("coefficient_of_inequality", "1e-7"), "loss": ("loss", "1e-7")},
    ),
    Index(
        "wimd_2019_wales",
        "input.csv",
        {"score": ("index", "1e-8"), "rank": ("index_rank", "0"), "decile": ("decile", "0")}
        | same_name(WIMD_DOMAINS, "1e-8", "{}_score"),
    ),
)

# The same item by two roads: base + adjustment, and a line through the two standard values.
EXTRA_COLUMNS = {"sasac_tier_interpolation": {"score": ("by_curve", "0")}}


@pytest.mark.shared
@pytest.mark.parametrize("engine", ["oracle", "duckdb"])
@pytest.mark.parametrize("index", INDICES, ids=lambda index: index.name)
def test_published_index(index: Index, engine: str, shared: Path) -> None:
    folder = shared / "indices" / index.name
    sheet = kaohe.score(HERE / f"{index.name}.yaml", folder / index.data, engine=engine)
    expected = read_expected(folder / "expected.csv")
    differences = compare(expected, sheet.rows, index.columns)
    differences += compare(expected, sheet.rows, EXTRA_COLUMNS.get(index.name, {}))
    assert not differences, f"{len(differences)} differences, first: {differences[:5]}"


@pytest.mark.shared
@pytest.mark.parametrize("index", INDICES, ids=lambda index: index.name)
def test_every_expected_column_is_compared(index: Index, shared: Path) -> None:
    with (shared / "indices" / index.name / "expected.csv").open(encoding="utf-8-sig") as file:
        _, *columns = next(csv.reader(file))
    assert sorted(index.columns) == sorted(columns)


def read_expected(path: Path) -> dict[str, dict[str, str]]:
    """Rows of expected.csv by the value of its first column (the unit)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {next(iter(row.values())): row for row in rows}


def compare(
    expected: dict[str, dict[str, str]], got: Any, columns: dict[str, tuple[str, str | None]]
) -> list[str]:
    """One sentence for every cell that differs; units present on one side only are differences too."""
    by_unit = {row["unit"]: row for row in got}
    different = [f"{unit}: on one side only" for unit in sorted(expected.keys() ^ by_unit.keys())]
    for unit in expected.keys() & by_unit.keys():
        for column, (sheet_column, tolerance) in columns.items():
            wanted, found = expected[unit][column], by_unit[unit][sheet_column]
            if not agree(wanted, found, tolerance):
                different.append(f"{unit} {column}: expected {wanted!r}, got {found!r}")
    return different


def agree(wanted: str, found: str, tolerance: str | None) -> bool:
    """Equal as text, or as numbers within the tolerance; blank agrees with blank only."""
    if tolerance is None or not (wanted and found):
        return wanted == found
    return abs(Fraction(wanted) - Fraction(found)) <= Fraction(tolerance)

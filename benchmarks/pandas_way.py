"""The workload as plain pandas over the same files: columns of a DataFrame, groupby, transform, rank.

Written from the scheme's text alone. It computes in float64 with a small push before each floor, as careful
pandas code does; it knows nothing of exact thresholds, so a cent may differ from the exact answer.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.workload import CATEGORY_CAP, CATEGORY_WEIGHTS, VETO_BELOW, VETO_CAP, Line, lines

GROUP = ["period", "peer_group"]
NOT_APPLICABLE = 4
PUSH = 1e-7


def read(folder: Path) -> pd.DataFrame:
    """Values with their states beside them, one row a town and month."""
    values = pd.read_parquet(folder / "values.parquet")
    states = pd.read_parquet(folder / "states.parquet")
    return values.merge(states, on=["unit", "period"], suffixes=("", ".state"))


def half_up(column: pd.Series, decimals: int = 2) -> pd.Series:
    scale = 10.0**decimals
    return np.sign(column) * np.floor(column.abs() * scale + 0.5 + PUSH) / scale


def every(column: pd.Series, unit: float) -> pd.Series:
    return np.floor(column.clip(lower=0) / unit + PUSH)


def curve(column: pd.Series, *knots: tuple[float, float]) -> pd.Series:
    xs, ys = zip(*knots, strict=True)
    return pd.Series(np.interp(column, xs, ys), index=column.index).where(column.notna())


def bands(column: pd.Series, *rows: tuple[float, float], otherwise: float) -> pd.Series:
    fits = [column >= edge - 1e-9 for edge, _ in rows]
    points = np.select(fits, [points for _, points in rows], otherwise)
    return pd.Series(points, index=column.index).where(column.notna())


def places(column: pd.Series, keys: list[pd.Series]) -> pd.Series:
    return column.groupby(keys).rank(method="min", ascending=False)


def score_of(line: Line, data: pd.DataFrame, keys: list[pd.Series]) -> pd.Series:
    """The points of one line before its policy; NaN where the figure is."""
    figure = data[line.indicator]
    match line.kind:
        case "proportional":
            progress = figure / data[f"{line.indicator}.due"]
            return half_up((progress.clip(upper=1) * 100).mask(progress < 0.6 - 1e-9, 0))
        case "bands":
            attained = figure / data[f"{line.indicator}.target"]
            return bands(attained, (1.0, 100), (0.8, 90), (0.6, 60), otherwise=0)
        case "curve":
            attained = figure / data[f"{line.indicator}.target"]
            return half_up(curve(attained, (0.5, 0), (1.0, 100), (1.2, 110)))
        case "efficacy":
            grouped = figure.groupby(keys)
            low, high = grouped.transform("min"), grouped.transform("max")
            return half_up(60 + 40 * (figure - low) / (high - low))
        case "rank":
            place = places(half_up(growth(line, data)), keys)
            points = np.select([place <= 3, place <= 6, place <= 10], [100, 80, 60], 20)
            return pd.Series(points, index=place.index).where(place.notna())
        case "deduct":
            progress = figure / data[f"{line.indicator}.due"]
            taken = 2 * every(1 - progress, 0.05)
            return half_up((progress.clip(upper=1) * 100 - taken).clip(lower=0))
        case "bonus":
            progress = figure / data[f"{line.indicator}.due"]
            return half_up(progress.clip(upper=1) * 90 + every(progress - 1, 0.01).clip(upper=10))
        case "growth":
            return half_up(curve(growth(line, data), (-0.1, 40), (0.0, 60), (0.2, 100)))
        case "lower":
            return half_up(curve(figure / data[f"{line.indicator}.due"], (0.8, 100), (1.2, 0)))
        case _:
            return half_up((figure / data[f"{line.indicator}.target"]).clip(upper=1) * 100)


def growth(line: Line, data: pd.DataFrame) -> pd.Series:
    before = data[f"{line.indicator}.last_year"]
    return ((data[line.indicator] - before) / before).where(before > 0)


def score(data: pd.DataFrame) -> pd.DataFrame:
    """Lines, categories, total and place of every town and month."""
    keys = [data[name] for name in GROUP]
    columns: dict[str, pd.Series] = {}
    sums = [pd.Series(0.0, index=data.index) for _ in CATEGORY_WEIGHTS]
    kept = [pd.Series(0.0, index=data.index) for _ in CATEGORY_WEIGHTS]
    for line in lines():
        found = score_of(line, data, keys)
        applies = data[f"{line.indicator}.state"] != NOT_APPLICABLE
        if line.kind == "peer_mean":
            found = found.fillna(found.groupby(keys).transform("mean"))
        found = found.fillna(0).where(applies)
        columns[f"s_{line.indicator}"] = found
        sums[line.category] = sums[line.category] + found.fillna(0) * line.weight
        kept[line.category] = kept[line.category] + applies * float(line.weight)
    total = pd.Series(0.0, index=data.index)
    for category, weight in enumerate(CATEGORY_WEIGHTS):
        reached = (sums[category] / kept[category]).clip(upper=CATEGORY_CAP)
        columns[f"c{category + 1}"] = reached
        total = total + reached * weight / 100
    vetoed = data["i001"] / data["i001.due"] < VETO_BELOW / 100 - 1e-9
    columns["total"] = half_up(total.mask(vetoed & (total > VETO_CAP), VETO_CAP))
    columns["total_rank"] = places(columns["total"], keys)
    return pd.concat([data[["unit", "period"]], pd.DataFrame(columns)], axis=1)


def run(folder: Path, out: Path) -> dict[str, object]:
    """Reads, scores and writes Parquet; seconds of each."""
    started = time.perf_counter()
    data = read(folder)
    at_read = time.perf_counter()
    found = score(data)
    at_scored = time.perf_counter()
    found.to_parquet(out)
    return {
        "read_seconds": at_read - started,
        "score_seconds": at_scored - at_read,
        "seconds": time.perf_counter() - started,
        "rows": len(found),
        "versions": json.loads(json.dumps({"pandas": pd.__version__, "numpy": np.__version__})),
    }

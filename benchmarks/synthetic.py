# ruff: noqa: E501  (schemes are written out as they stand)
"""Synthetic snapshots (演示数据): towns × indicators × months as two aligned Parquet files, and a scheme.

``values.parquet``: unit, period, peer_group, then for each indicator its figure, ``.target``, ``.due`` and
``.last_year`` (DOUBLE, two decimals); ``states.parquet``: the same keys and a small code an indicator
(0 present, 1 missing, 2 not due, 4 not applicable). ``snapshot.json`` tells the decimals.

    python benchmarks/synthetic.py OUT --towns 1500 --indicators 200 --months 12
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from kaohe.engines.duckdb import DuckEngine

GROUP_SIZE = 25
YEAR = 2005


def make_snapshot(folder: Path, towns: int, indicators: int, months: int, missing: float = 0.01) -> Path:
    """Writes the two files, ``snapshot.json`` and ``scheme.yaml``; the same arguments, the same data."""
    folder.mkdir(parents=True, exist_ok=True)
    with DuckEngine(folders=[folder], memory="4GB") as engine:
        engine.write_parquet(_values(towns, indicators, months, missing), folder / "values.parquet")
        engine.write_parquet(_states(towns, indicators, months, missing), folder / "states.parquet")
    (folder / "snapshot.json").write_text(json.dumps({"decimals": {"*": 2}}), encoding="utf-8")
    (folder / "scheme.yaml").write_text(scheme_text(indicators), encoding="utf-8")
    return folder


def names(indicators: int) -> list[str]:
    return [f"i{number:03d}" for number in range(1, indicators + 1)]


def _keys(towns: int, months: int) -> str:
    return (
        f"SELECT 't' || LPAD(t::VARCHAR, 6, '0') AS unit, '{YEAR}-' || LPAD(m::VARCHAR, 2, '0') AS period, "
        f"'g' || LPAD((t // {GROUP_SIZE})::VARCHAR, 5, '0') AS peer_group, t, m "
        f"FROM range({towns}) AS towns(t), range(1, {months + 1}) AS months(m)"
    )


def _share(number: int, salt: str, key: str = "t") -> str:
    """A share in [0, 1) that depends on the town (and month) only."""
    return f"(hash({key} * 1000 + {number}, '{salt}') % 1000003) / 1000003.0"


def _present(number: int, missing: float) -> str:
    return f"{_share(number, 'gone', '(t * 16 + m)')} >= {missing}"


def _values(towns: int, indicators: int, months: int, missing: float) -> str:
    columns = []
    for number, name in enumerate(names(indicators), start=1):
        target = f"ROUND(50 + 950 * {_share(number, 'target')}, 2)"
        figure = f"ROUND({target} * m / 12.0 * (0.4 + 0.9 * {_share(number, 'rate', '(t * 16 + m)')}), 2)"
        columns += [
            f'CASE WHEN {_present(number, missing)} THEN {figure} END AS "{name}"',
            f'{target} AS "{name}.target"',
            f'ROUND({target} * m / 12.0, 2) AS "{name}.due"',
            f'ROUND({figure} * (0.7 + 0.5 * {_share(number, "base")}), 2) AS "{name}.last_year"',
        ]
    return (
        f"SELECT unit, period, peer_group, {', '.join(columns)} FROM ({_keys(towns, months)}) ORDER BY m, t"
    )


def _states(towns: int, indicators: int, months: int, missing: float) -> str:
    columns = [
        f'(CASE WHEN {_present(number, missing)} THEN 0 ELSE 1 + 3 * (t % 2) END)::TINYINT AS "{name}"'
        for number, name in enumerate(names(indicators), start=1)
    ]
    return f"SELECT unit, period, {', '.join(columns)} FROM ({_keys(towns, months)}) ORDER BY m, t"


_KINDS = (
    "figure: progress({i}), steps: [stop: {{when: x < 60%, points: 0}}, curve: [[0, 0], [100%, 0.5]], round: 2]",
    "figure: attainment({i}), steps: [curve: [[50%, 0], [100%, 0.5]], round: 2]",
    "figure: attainment({i}), steps: [bands: [{{at_least: 100%, points: 0.5}}, {{at_least: 80%, points: 0.45}}, "
    "{{at_least: 60%, points: 0.3}}, {{else: true, points: 0}}]]",
    "figure: yoy({i}), undefined: zero, steps: [per_unit: {{base: 0.3, from: 5%, every: 1%, above: 0.02, "
    "below: -0.01}}, clamp: [0, 0.5]]",
    "figure: yoy({i}), undefined: zero, steps: [rank: {{first: high}}, bands: [{{up_to: 3, points: 0.5}}, "
    "{{up_to: 6, points: 0.4}}, {{up_to: 10, points: 0.3}}, {{else: true, points: 0.1}}]]",
    "figure: {i}, undefined: zero, steps: [goalposts: {{low: peer_min(x), high: peer_max(x), to: [0.3, 0.5]}}, "
    "round: 2]",
    "figure: '{i} / due({i})', undefined: zero, steps: [curve: [[80%, 0.5], [120%, 0]], round: 2]",
    "figure: progress({i}), steps: [cap: 1, scale: 0.5, bonus: {{points: '0.02 * every(progress({i}) - 100%, 1%)', "
    "cap: 0.1}}, round: 2]",
    "figure: attainment({i}), missing: peer_mean, steps: [cap: 1, scale: 0.5, round: 2]",
    "figure: progress({i}), missing: zero, not_applicable: reweight, steps: [curve: [[0, 0], [90%, 0.4], "
    "[110%, 0.5]], round: 2]",
)


def scheme_text(indicators: int) -> str:
    """Ten kinds of line in turn, in blocks of 25; a veto, a place among peers, grades."""
    lines = [
        "scheme: 合成考核办法(演示数据)",
        "language: kaohe/1",
        "peers: peer_group",
        "id: total",
        "publish: 2",
        "rank: true",
        "defaults: {missing: zero, not_applicable: leave_out}",
        "gates:",
        "  - {id: veto, when: 'progress(i001) < 41%', effect: {cap: 59}}",
        "grades: [{grade: 优秀, at_least: 75}, {grade: 良好, at_least: 65}, {grade: 合格, at_least: 50}, "
        "{grade: 不合格}]",
        "criteria:",
    ]
    listed = names(indicators)
    for start in range(0, len(listed), GROUP_SIZE):
        lines.append(f"  - id: block{start // GROUP_SIZE + 1}")
        lines.append("    criteria:")
        for offset, name in enumerate(listed[start : start + GROUP_SIZE]):
            kind = _KINDS[(start + offset) % len(_KINDS)].format(i=name)
            lines.append(f"      - {{id: s_{name}, points: 0.5, {kind}}}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--towns", type=int, default=1500)
    parser.add_argument("--indicators", type=int, default=200)
    parser.add_argument("--months", type=int, default=12)
    arguments = parser.parse_args()
    make_snapshot(arguments.folder, arguments.towns, arguments.indicators, arguments.months)


if __name__ == "__main__":
    main()

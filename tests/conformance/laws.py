# ruff: noqa: E501  (schemes are written out as they stand)
"""The laws that every engine must keep, each a small scheme with facts chosen to break it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HEAD = "language: kaohe/1\n"


@dataclass(frozen=True)
class Law:
    """A scheme and its one table."""

    name: str
    scheme: str
    table: str

    def written(self, folder: Path) -> tuple[Path, Path]:
        scheme, table = folder / f"{self.name}.yaml", folder / f"{self.name}.csv"
        scheme.write_text(f"scheme: {self.name}\n{HEAD}{self.scheme}", encoding="utf-8")
        table.write_text(self.table, encoding="utf-8")
        return scheme, table


def _table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


_SHARES = _table(
    "unit,g,tax,tax.target",
    "a,1,281.96,352.45", "b,1,281.95,352.45", "c,1,281.97,352.45", "d,2,0,352.45", "e,2,-5,352.45",
    "f,2,5,0", "h,2,5,-3", "i,2,,352.45", "j,2,不适用,352.45", "k,2,352.45,352.45", "l,1,0.8,1", "m,1,80,100",
)  # fmt: skip

_NULLS = _table(
    "unit,g,p,q",
    "a,1,1,2",
    "b,1,,2",
    "c,1,不适用,2",
    "d,1,未到期,2",
    "e,1,5,",
    "f,1,,",
    "h,2,,不适用",
    "i,2,3,4",
)


def _policy(policy: str) -> str:
    return (
        "peers: g\nid: total\nrank: true\n"
        f"defaults: {{missing: {policy}, not_applicable: {policy}, not_due: {policy}, undefined: {policy}}}\n"
        "criteria:\n"
        "  - {id: one, points: 6, weight: 60%, figure: p}\n"
        "  - {id: two, points: 4, weight: 40%, figure: q}\n"
        "  - {id: both, points: 4, weight: 40%, figure: p / q}\n"
    )


LAWS = [
    Law(
        "exact_threshold",
        "peers: g\nid: total\npublish: 2\nrank: true\ncriteria:\n"
        "  - id: tier\n    figure: attainment(tax)\n    undefined: zero\n"
        "    steps: [bands: [{at_least: 80%, points: 0.45}, {else: true, points: 0}]]\n"
        "  - id: curve\n    figure: attainment(tax)\n    undefined: propagate\n"
        "    steps: [stop: {when: x < 80%, points: 0}, curve: [[0, 0], [100%, 12]], round: 2]\n",
        _SHARES,
    ),
    Law(
        "half_up",
        "id: total\ncombine: sum\npublish: 2\ncriteria:\n"
        "  - {id: up, figure: v, steps: [round: 2]}\n"
        "  - {id: even, figure: v, steps: [round: {decimals: 2, mode: half_even}]}\n"
        "  - {id: down, figure: v, steps: [round: {decimals: 1, mode: floor}]}\n"
        "  - {id: share, figure: v / w, undefined: zero, steps: [scale: 10, round: 2]}\n",
        _table("unit,v,w", *(f"u{n},{n}.{n % 10}{(n * 7) % 10}5,{n % 4 * 100}" for n in range(60)), "z,-2.345,100"),
    ),
    Law(
        "ties",
        "peers: g\nid: total\nrank: {ties: min}\ncriteria:\n"
        "  - {id: lowest, figure: v / w, steps: [rank: {ties: min}]}\n"
        "  - {id: highest, figure: v / w, steps: [rank: {ties: max}]}\n"
        "  - {id: middle, figure: v / w, steps: [rank: {ties: mean}, place_points: [9, 7, 5]]}\n"
        "  - {id: dense, figure: v / w, steps: [rank: {ties: dense, first: low}]}\n"
        "  - {id: share, figure: v, steps: [percent_rank: mean]}\n",
        _table("unit,g,v,w", *(f"u{n},{n % 3},{281.96 if n % 2 else 8},{352.45 if n % 2 else 10}" for n in range(12)),
               "x,1,8.01,10", "y,4,1,3"),
    ),
    *(
        Law(f"nulls_{policy}", _policy(policy), _NULLS)
        for policy in ("block", "propagate", "zero", "full", "peer_mean", "leave_out", "reweight", "apart")
    ),
    Law(
        "zero_and_negative_bases",
        "id: total\ncriteria:\n"
        "  - {id: growth, figure: yoy(v), undefined: zero}\n"
        "  - {id: change, figure: change(v)}\n"
        "  - {id: ratio, figure: v / baseline(v), undefined: {points: -1}}\n",
        _table("unit,v,v.last_year", "a,5,0", "b,5,-2", "c,-5,-2", "d,0,4", "e,4,0.01"),
    ),
    Law(
        "empty_group",
        "peers: g\neligible: ok = 1\nid: total\nrank: true\ncriteria:\n"
        "  - {id: post, figure: v, undefined: zero, missing: zero,"
        " steps: [goalposts: {low: peer_min(x), high: peer_max(x), to: [60, 100]}]}\n"
        "  - {id: mean, figure: 'v - peer_mean(v)', missing: zero, not_applicable: zero}\n"
        "  - {id: size, figure: 'peer_count(v) + all_count() + all_sum(v)'}\n",
        _table("unit,g,ok,v", "a,1,1,5", "b,1,1,7", "c,2,0,5", "d,3,1,", "e,4,1,3", "f,1,0,9"),
    ),
    Law(
        "stop_then_rank",
        "id: total\nrank: true\ncriteria:\n"
        "  - id: line\n    figure: v\n    steps:\n"
        "      - stop: {when: x < 60, points: 0}\n      - rank: {first: high}\n"
        "      - bands: [{up_to: 1, points: 5}, {up_to: 3, points: 3}, {else: true, points: 1}]\n",
        _table("unit,v", "a,59.99", "b,60", "c,60", "d,90", "e,70", "f,"),
    ),
    Law(
        "weights_by_class",
        "id: total\ncombine: mean\ndefaults: {missing: leave_out}\ncriteria:\n"
        "  - {id: one, figure: p, weight: {by: g, 1: 70%, else: 30%}}\n"
        "  - {id: two, figure: q, weight: {by: g, 1: 30%, else: 70%}}\n",
        _NULLS,
    ),
    Law(
        "gates_and_quotas",
        "id: total\npublish: 1\nrank: true\n"
        "gates:\n"
        "  - {id: veto, when: v > 8, effect: {cap: 7}}\n"
        "  - {id: late, when: x < 2, effect: {grade: 差}}\n"
        "  - {id: out, when: v = 5, effect: {unranked: true}}\n"
        "  - {id: lower, when: v = 6, effect: {grade_down: 1}}\n"
        "grades: [{grade: 优, top: 30%, ties: exclude}, {grade: 良, top: 40%, seats: up}, {grade: 中, at_least: 1},"
        " {grade: 差}]\n"
        "criteria:\n  - {id: line, figure: v}\n",
        _table("unit,v", *(f"u{n},{n % 10}" for n in range(20)), "z,"),
    ),
    Law(
        "deductions_and_units",
        "id: total\ncriteria:\n"
        "  - {id: unit, figure: v / w, undefined: zero, steps: [per_unit: {base: 25, from: 100%, every: 1%,"
        " above: 0.2, below: -0.1}, clamp: [15, 35]]}\n"
        "  - {id: late, figure: 12, steps: [deduct: {points: 0.5 * v, cap: 5, floor: 8}]}\n"
        "  - {id: every, figure: 'every(v / w - 80%, 1%) + floor(v / 3) - ceil(w / 7)', undefined: zero}\n",
        _table("unit,v,w", "a,281.96,352.45", "b,101,100", "c,99,100", "d,3,0", "e,0,7", "f,-3,7", "g,116,100"),
    ),
    Law(
        "trimmed_and_extreme",
        "id: total\nneed: 2\ncombine: {drop: {best: 1, worst: 1, then: mean}}\ndefaults: {missing: leave_out}\n"
        "criteria:\n  - {id: a, figure: p}\n  - {id: b, figure: q}\n  - {id: c, figure: p + q}\n  - {id: d, figure: 3}\n"
        "also:\n  - {id: low, combine: min, criteria: [{id: a2, figure: p}, {id: b2, figure: q}]}\n"
        "  - {id: geo, combine: geometric, criteria: [{id: a3, figure: p}, {id: b3, figure: q}]}\n",
        _NULLS,
    ),
]  # fmt: skip

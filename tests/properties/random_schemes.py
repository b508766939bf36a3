"""Random schemes over random facts, to run one engine against another. Places and persons are invented."""

from __future__ import annotations

import csv
import random
from pathlib import Path

FIGURES = (
    "attainment(a)",
    "yoy(b)",
    "a / b",
    "change(b)",
    "a - c",
    "if(a > b, c, a)",
    "progress(a)",
    "c",
    "a * b / 100",
    "first(c, b)",
    "min(a, b, c)",
    "peer_mean(a)",
    "a / peer_max(a)",
    "all_sum(b) - b",
    "{by: class, 甲: a, else: c}",
    "every(a - 20, 5%)",
    "abs(a - b)",
    "round(a / b, 1)",
    "case(a < 10, 1, a < 50, 2, 3)",
    "gap(a)",
    "d",
    "d * 3 - a",
    "d / 7",
    "e",
    "a + e",
    "first(e, a)",
    "nullif(a, 0)",
    "nullif(c, 80)",
    "every(a, c)",
    "every(e, 2)",
    "others_mean(a)",
    "a - others_max(a)",
    "peer_quantile(a, 75%)",
    "peer_median(d)",
    "peer_sd(b)",
    "peer_count(e)",
    "all_mean(a)",
    "peer_min(b - a)",
    "a / (b - b)",
    "if(missing(e), a, e)",
    "if(c in [80, 100, b], 1, 0)",
    "a ^ 2 / 100",
    "max(a, 0)",
    "sqrt(abs(a))",
    "ln(abs(b) + 1)",
    "of(partner, a)",
    "a / of(partner, b)",
    "count(deeds)",
    "total(deeds, merit)",
    "highest(deeds, merit)",
    'count(deeds, where=level = "省")',
    "total(deeds, merit, where=merit > 3)",
    "if(a > 20 or e > 0, 1, 0)",
    "if(a > 20 and e > 0, b, c)",
    "floor(a / 3)",
    "peer_mean(a, within=kind)",
    "b - peer_mean(b, within=all)",
    "a / peer_sum(a)",
    "if(not a > b, 1, d)",
)
STEPS = (
    "cap: 10",
    "floor: 0",
    "clamp: [-5, 15]",
    "scale: 0.5",
    "add: 1.5",
    "calc: 12 - x",
    "round: 2",
    "round: 0",
    "round: {mode: floor, decimals: 1}",
    "round: {mode: half_even, decimals: 1}",
    "curve: [[0, 0], [50%, 4], [100%, 10]]",
    "curve: {knots: [[0, 2], [10, 6]], left: extend, right: extend}",
    "stop: {when: x < 60%, points: 0}",
    "stop: {when: x = 0.8, points: 8}",
    "bonus: {points: 'every(x - 1, 10%)', cap: 2}",
    "deduct: {points: 0.3 * x, floor: 0}",
    "per_unit: {base: 5, from: 1, every: 5%, above: 0.5, below: -1}",
    "bands: [{at_least: 1, points: 10}, {when: x >= 0.6 and a > 10, points: 6}, {below: 0, points: -2}, "
    "{else: keep}]",
    "rank: {first: high}",
    "rank: {first: low, within: all, ties: max}",
    "percent_rank: max",
    "percent_rank: exclusive",
    "goalposts: {low: peer_min(x), high: peer_max(x), to: [60, 100], equal: 80}",
    "standardise: {mean: 50, sd: 10}",
    "impute: peer_mean(x)",
    "rank: {first: high, ties: mean}, place_points: [10, 7, 5, 3]",
    "stop: {when: e > 0, points: c}",
    "stop: {when: a > b, points: 1}",
    "scale: e",
    "add: c",
    "calc: 10 * x / peer_max(x)",
    "calc: x - others_mean(x)",
    "calc: 'if(x > c, x, d)'",
    "cap: c",
    "floor: e",
    "clamp: [c, 40]",
    "calc: 'every(x, c)'",
    "curve: {knots: [[0, 1], [40, c]], left: e, right: 50}",
    "curve: [[peer_min(x), 6], [peer_mean(x), 8], [peer_max(x), 10]]",
    "curve: {knots: [[10, 0], [20, 5], [60, 9]], left: -1, right: extend}",
    "per_unit: {base: c, from: 60%, every: 0.7, above: 0.1, below: e, exact: true}",
    "per_unit: {base: 5, from: c, every: d}",
    "goalposts: {low: 0, high: c}",
    "goalposts: {low: c, high: d, to: [0, e], equal: 3}",
    "bands: [{below: c, steps: [scale: 0.5, add: 1]}, {up_to: 60, above: 20, points: e}, {else: keep}]",
    "bands: [{equals: 0.8, points: 3}, {when: e > 1, points: 4}, {else: true, points: 2}]",
    "bands: [{at_least: 5, steps: [impute: 3, calc: x - peer_min(x)]}, {else: keep}]",
    "rank: {first: low, ties: dense, break: [b, {low: d}]}",
    "rank: {where: c > 20, outside: 9}",
    "rank: {where: a > b}",
    "rank: {first: high, break: [{low: e}, count_back: {table: rounds, place: place, places: 3}]}",
    "rank: {ties: mean}, place_points: [c, 7, 5]",
    "round: 3, rank: {within: kind}",
    "round: 1, percent_rank: {kind: mean, where: a > 5}",
    "round: 0, rank: {first: low, ties: mean, within: all}",
    "percent_rank: {kind: min, where: x > 5, outside: -1}",
    "impute: 3",
    "impute: c",
    "impute: e",
    "round: {to: 0.25}",
    "round: {mode: up, decimals: 1}",
    "round: {mode: half_down, decimals: 0}",
    "round: {mode: ceil}, impute: 0",
    "standardise: {kind: population}",
    "winsorise: {quantiles: [10%, 90%]}",
    "calc: peer_count(x)",
    "calc: x / peer_sum(x)",
    "calc: 'first(e, x)'",
    "calc: x - all_mean(x)",
    "calc: 'nullif(x, 0)'",
    "calc: peer_sd(x)",
    "calc: 'peer_quantile(x, 25%)'",
    "deduct: {points: c / 10, cap: 3}",
    "bonus: {points: e, cap: c}",
    "scale: -1",
    "scale: 0",
    "calc: x ^ 2 / 10",
    "calc: 1 / x",
    "calc: 100 / (x - peer_max(x))",
)
POLICIES = (
    "block",
    "propagate",
    "zero",
    "full",
    "{points: 2.5}",
    "{points: c}",
    "peer_mean",
    "leave_out",
    "reweight",
    "apart",
)
COMBINES = (
    "sum",
    "sum",
    "mean",
    "mean",
    "max",
    "min",
    "geometric",
    "harmonic",
    "product",
    "count",
    "median",
    "{keep: {best: 1, then: sum}}",
    "{keep: {best: 2, then: mean}}",
    "{drop: {best: 1, then: max}}",
    "{drop: {best: 1, worst: 1, then: mean}}",
    "{keep: {worst: 1, then: sum}}",
    "{power: 2}",
)
WEIGHTS = ("60%", "2", "{by: class, 甲: 1, else: 3}", "w", "'if(a > b, 1, 2)'", "-1", "0", "0.35", "c / 100")
REASONS = ("missing", "undefined", "not_applicable", "not_due")
WHEN = (
    "a < 5",
    "b > 90",
    "x < 3",
    "x >= 8",
    "e > 0",
    "c = 80",
    "a > b",
    "flag = 1",
    "count(deeds) > 2",
    "x > peer_mean(x)",
)
EFFECTS = (
    "{score: 0}",
    "{cap: 9}",
    "{deduct: 1.5}",
    "{void: true}",
    "{score: c}",
    "{score: x / 2}",
    "{cap: c}",
    "{deduct: x / 3}",
)
VERDICTS = (
    "{grade: 差}",
    "{grade_at_most: 良}",
    "{grade_down: 1}",
    "{unranked: true}",
    "{flag: 约谈}",
    "{grade: 另册}",
)
RANKS = (
    "true",
    "{first: low}",
    "{uses: exact}",
    "{within: all, ties: dense}",
    "{ties: mean}",
    "{ties: max, break: [d, {low: c}]}",
    "{where: a > 10}",
    "{where: c > 30, outside: 99}",
    "{break: [count_back: {table: rounds, place: place, places: 2}]}",
)
ITEMS = (
    "{figure: merit}",
    "{figure: merit, missing: leave_out}",
    "{figure: merit, weight: share}",
    "3",
    "{figure: 'if(level = \"省\", 3, 1)', steps: [scale: merit]}",
    "{figure: merit / share, undefined: leave_out, missing: zero}",
    "{figure: merit - peer_mean(a), missing: propagate}",
    "{figure: {by: level, 省: 3, else: 1}}",
    "{figure: merit, steps: [rank: {within: all}], missing: leave_out}",
    "{figure: 'nth(filed, within=all)'}",
)

QUOTAS = ("50%", "2", "30%, within: all, seats: up")
ABOUT_NODES = (
    "score(total)",
    "published(total)",
    "place(total)",
    "score(g0) - published(g1)",
    "place(g0)",
    'if(grade(total) = "优", 1, 0)',
    "peer_mean(score(g1))",
    "first(score(n1), score(n0))",
    "fired(r0)",
    "score(n0) + score(n3)",
    "place(total) + 1",
)
APPLIES = ("a > 20", "e > 0", "flag = 1", 'class = "甲"')
WHICH = ("merit > 2", 'level = "省"', "a > 10", "share > merit")


def quoted(figure: str) -> str:
    return figure if figure.startswith("{") else "'" + figure.replace("'", "''") + "'"


def scheme(chance: random.Random) -> str:
    """A scheme of two or three groups of three lines over the tables of :func:`write_facts`."""
    groups = [_group(chance, number) for number in range(chance.choice((2, 2, 3)))]
    lines = [
        "scheme: 随机",
        "language: kaohe/1",
        "period: 2005-09",
        "tables:",
        "  units: {file: units.csv, key: unit}",
        "  deeds: {file: deeds.csv, unit: town}",
        "  rounds: {file: rounds.csv, unit: town}",
        *(["peers: class"] if chance.random() < 0.8 else []),
        *(["eligible: open = 1"] if chance.random() < 0.3 else []),
        f"publish: {chance.choice((0, 1, 2, 2, 2, 3))}",
        f"rank: {chance.choice(RANKS)}",
        f"combine: {chance.choice(('sum', 'sum', 'mean', 'max', 'geometric'))}",
        f"undefined: {chance.choice(('zero', 'propagate', 'apart'))}",
        *_defaults(chance),
        f"grades: [{{grade: 优, at_least: 12, top: {chance.choice(QUOTAS)}}}, "
        f"{{grade: 良, at_least: {chance.choice(('5', 'c'))}}}, {{grade: 差}}]",
        f"gates: [{', '.join(_gates(chance, 'r', VERDICTS + EFFECTS, 3))}]",
        "criteria:",
        *groups,
        "also:",
        f"  - {{id: again, figure: {quoted(chance.choice(ABOUT_NODES))}, steps: [{_steps(chance, 2)}],"
        " missing: propagate}",
    ]
    return "\n".join(lines) + "\n"


def _defaults(chance: random.Random) -> list[str]:
    if chance.random() < 0.7:
        return []
    return [f"defaults: {{{chance.choice(REASONS)}: {chance.choice(POLICIES)}}}"]


def _gates(chance: random.Random, prefix: str, effects: tuple[str, ...], most: int) -> list[str]:
    found = []
    for number in range(chance.randint(1, most)):
        unless = f", unless: {chance.choice(WHEN[4:9])}" if chance.random() < 0.2 else ""
        parts = f"id: {prefix}{number}, when: {chance.choice(WHEN)}{unless}, effect: {chance.choice(effects)}"
        found.append(f"{{{parts}}}")
    return found


def _policies(chance: random.Random, share: float) -> list[str]:
    return [f"{reason}: {chance.choice(POLICIES)}" for reason in REASONS if chance.random() < share]


def _steps(chance: random.Random, most: int) -> str:
    return ", ".join(chance.sample(STEPS, chance.randint(0, most)))


def _group(chance: random.Random, group: int) -> str:
    parts = [f"id: g{group}", f"combine: {chance.choice(COMBINES)}", *_policies(chance, 0.6)]
    if chance.random() < 0.3:
        parts.append(f"steps: [{_steps(chance, 2)}]")
    if chance.random() < 0.3:
        parts.append(f"publish: {chance.choice((0, 1, 2))}")
    if chance.random() < 0.3 or group == 0:
        parts.append(f"rank: {chance.choice(RANKS)}")
    if chance.random() < 0.3:
        parts.append(f"weight: {chance.choice(WEIGHTS)}")
    if chance.random() < 0.2:
        parts.append(f"need: {chance.choice((1, 2, 3, 4))}")
    if chance.random() < 0.2:
        parts.append(f"gates: [{', '.join(_gates(chance, f'k{group}', EFFECTS, 2))}]")
    leaves = "\n".join(f"      - {_leaf(chance, group * 3 + number)}" for number in range(3))
    return "  - " + "\n    ".join(parts) + "\n    criteria:\n" + leaves


def _leaf(chance: random.Random, number: int) -> str:
    parts = [f"id: n{number}", "points: 10"]
    if chance.random() < 0.15:
        parts += _each(chance)
    else:
        parts += [f"figure: {quoted(chance.choice(FIGURES))}", f"steps: [{_steps(chance, 3)}]"]
    parts += _policies(chance, 0.5)
    if chance.random() < 0.3:
        parts.append(f"weight: {chance.choice(WEIGHTS)}")
    if chance.random() < 0.1:
        parts.append(f"applies: {chance.choice(APPLIES)}")
    if chance.random() < 0.05:
        parts.append("counts_from: 2005-11")
    if chance.random() < 0.1:
        parts.append(f"gates: [{', '.join(_gates(chance, f'q{number}', EFFECTS, 2))}]")
    if chance.random() < 0.1:
        parts.append(f"rank: {chance.choice(RANKS)}")
    if chance.random() < 0.1:
        parts.append(f"publish: {chance.choice((0, 1))}")
    return "{" + ", ".join(parts) + "}"


def _each(chance: random.Random) -> list[str]:
    parts = ["each: deeds", f"item: {chance.choice(ITEMS)}", f"combine: {chance.choice(COMBINES)}"]
    if chance.random() < 0.4:
        parts.append(f"where: {chance.choice(WHICH)}")
    if chance.random() < 0.4:
        keep = chance.choice(("first, by: filed", "last, by: filed", "highest", "lowest, by: share"))
        parts.append(f"once: {{per: {chance.choice(('project', '[project, level]'))}, keep: {keep}}}")
    if chance.random() < 0.3:
        weights = chance.choice(("", ", weights: {省: 70%, 市: 20%, 县: 10%}"))
        parts.append(
            f"group_by: {{key: level, combine: {chance.choice(COMBINES)}, steps: [cap: 5]{weights}}}"
        )
    if chance.random() < 0.3:
        parts.append(f"empty: {chance.choice(('full', 'zero', '{points: 6}', 'leave_out'))}")
    return [*parts, f"steps: [{_steps(chance, 2)}]"]


# --- facts ----------------------------------------------------------------------------------------


def write_facts(chance: random.Random, folder: Path) -> None:
    """``units.csv``, ``deeds.csv`` and ``rounds.csv``."""
    names = [
        "unit",
        "class",
        "kind",
        "partner",
        "open",
        "flag",
        "w",
        "a",
        "a.target",
        "a.due",
        "b",
        "b.last_year",
        "c",
        "d",
        "e",
    ]
    size = chance.choice((1, 5, 12, 12, 12, 17))
    empty = chance.choice(names[7:]) if chance.random() < 0.3 else ""
    rows = [_unit(chance, number, size, names, empty) for number in range(size)]
    _write(folder / "units.csv", names, rows)
    deeds = [_deed(chance, size) for _ in range(chance.choice((3, 10, 30)))]
    _write(folder / "deeds.csv", ["town", "project", "level", "filed", "merit", "share"], deeds)
    rounds = [[f"镇{chance.randrange(size)}", chance.choice(("1", "2", "3", ""))] for _ in range(15)]
    _write(folder / "rounds.csv", ["town", "place"], rounds)


def _write(path: Path, names: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])


def _unit(chance: random.Random, number: int, size: int, names: list[str], empty: str) -> list[str]:
    group = "丙" if number == size // 2 else chance.choice("甲乙")
    start = [
        f"镇{number}",
        group,
        chance.choice("山川"),
        f"镇{chance.randrange(size)}",
        chance.choice("1110"),
        chance.choice("01"),
    ]
    weight = chance.choice(("1", "2", "0.5", "0", "-1", "0.333333"))
    figures = ["" if name == empty else cell(chance, name) for name in names[7:]]
    return [*start, weight, *figures]


def cell(chance: random.Random, name: str) -> str:
    """A figure: often one at an edge, sometimes one with six decimals, sometimes none."""
    if chance.random() < (0.3 if name == "e" else 0.08):
        return chance.choice(("", "", "", "不适用", "未到期"))
    if name == "d":
        return chance.choice((f"{chance.uniform(0, 50):.6f}", "0.333333", "1.000001", "0"))
    edges = ("0", "80", "100", "64", "281.96", "352.45", "0.005", "12.345", "-3")
    return chance.choice(edges) if chance.random() < 0.4 else str(round(chance.uniform(-5, 120), 2))


def _deed(chance: random.Random, size: int) -> list[str]:
    filed = f"2005-0{chance.randint(1, 9)}-{chance.randint(10, 28)}"
    merit = chance.choice(("1", "2.5", "3", "7", "12.25", "0", "-1", ""))
    return [
        f"镇{chance.randrange(size)}",
        f"{chance.randint(1, 4)}号",
        chance.choice("省市县"),
        filed,
        merit,
        chance.choice(("1", "2", "0", "")),
    ]

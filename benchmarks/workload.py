"""The workload of the benchmark: sizes, the scheme (示例(虚构)) and its data.

Ten kinds of line in turn, 25 to a category, 0–100 points each, every line rounded half-up to cents:
proportional with a floor and a cap, bands, curve, efficacy coefficient within peers, rank with ties,
deduction, capped bonus, growth over last year, lower-is-better, peers' mean for what is missing. Missing is
zero elsewhere; what is not applicable hands its weight to its siblings. Categories carry weights and a
cap, a veto caps the total at 59 (a figure not reported is no veto), the total is printed to cents and
ranked within the peer group.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.synthetic import make_snapshot, names

INDICATORS, MONTHS = 200, 12
CATEGORY = 25
CATEGORY_WEIGHTS = (20, 15, 15, 10, 10, 10, 10, 10)
CATEGORY_CAP = 72
VETO_BELOW, VETO_CAP = 45, 59


@dataclass(frozen=True, slots=True)
class Size:
    """How many towns; always 200 indicators × 12 months."""

    name: str
    towns: int

    @property
    def observations(self) -> int:
        return self.towns * INDICATORS * MONTHS


SIZES = {
    size.name: size
    for size in (Size("county", 20), Size("prefecture", 200), Size("province", 1500), Size("nation", 38600))
}

KINDS = {
    "proportional": "figure: progress({i}), steps: [stop: {{when: x < 60%, points: 0}}, cap: 1, "
    "scale: 100, round: 2]",
    "bands": "figure: attainment({i}), steps: [bands: [{{at_least: 100%, points: 100}}, "
    "{{at_least: 80%, points: 90}}, {{at_least: 60%, points: 60}}, {{else: true, points: 0}}]]",
    "curve": "figure: attainment({i}), steps: [curve: [[50%, 0], [100%, 100], [120%, 110]], round: 2]",
    "efficacy": "figure: {i}, steps: [goalposts: {{low: peer_min(x), high: peer_max(x), "
    "to: [60, 100]}}, clamp: [60, 100], round: 2]",
    "rank": "figure: yoy({i}), steps: [round: 2, rank: {{first: high}}, bands: [{{up_to: 3, points: 100}}, "
    "{{up_to: 6, points: 80}}, {{up_to: 10, points: 60}}, {{else: true, points: 20}}]]",
    "deduct": "figure: progress({i}), steps: [cap: 1, scale: 100, "
    "deduct: {{points: '2 * every(100% - progress({i}), 5%)', floor: 0}}, round: 2]",
    "bonus": "figure: progress({i}), steps: [cap: 1, scale: 90, "
    "bonus: {{points: 'every(progress({i}) - 100%, 1%)', cap: 10}}, round: 2]",
    "growth": "figure: yoy({i}), steps: [curve: [[-10%, 40], [0, 60], [20%, 100]], round: 2]",
    "lower": "figure: '{i} / due({i})', steps: [curve: [[80%, 100], [120%, 0]], round: 2]",
    "peer_mean": "figure: attainment({i}), missing: peer_mean, steps: [cap: 1, scale: 100, round: 2]",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the scheme: its indicator, kind, weight in percent, and category (from 0)."""

    indicator: str
    kind: str
    weight: int
    category: int


def lines(indicators: int = INDICATORS) -> list[Line]:
    """The lines in order; the weights of the 25 lines of a category come to 100 %."""
    kinds = list(KINDS)
    found = []
    for place, name in enumerate(names(indicators)):
        within = place % CATEGORY
        weight = 4 if within == CATEGORY - 1 else (3, 4, 5)[within % 3]
        found.append(Line(name, kinds[place % len(kinds)], weight, place // CATEGORY))
    return found


def scheme_text() -> str:
    """The scheme as YAML."""
    written = [
        "scheme: 基准测试考核办法(示例,虚构)",
        "language: kaohe/1",
        "peers: peer_group",
        "id: total",
        "combine: sum",
        "publish: 2",
        "rank: true",
        "defaults: {missing: zero, undefined: zero, not_applicable: reweight}",
        "gates:",
        f"  - {{id: veto, when: 'first(progress(i001), 1) < {VETO_BELOW}%', "
        f"effect: {{cap: {VETO_CAP}}}, basis: 示例(虚构)}}",
        "criteria:",
    ]
    listed = lines()
    for category, weight in enumerate(CATEGORY_WEIGHTS):
        written.append(f"  - id: c{category + 1}")
        written.append(f"    weight: {weight}%")
        written.append(f"    combine: sum\n    steps: [cap: {CATEGORY_CAP}]\n    criteria:")
        for line in (each for each in listed if each.category == category):
            kind = KINDS[line.kind].format(i=line.indicator)
            written.append(f"      - {{id: s_{line.indicator}, weight: {line.weight}%, {kind}}}")
    return "\n".join(written) + "\n"


def prepared(size: Size, place: Path) -> Path:
    """The folder of a size under ``place``, made once; the scheme is always written anew."""
    folder = place / size.name
    if not (folder / "snapshot.json").is_file():
        make_snapshot(folder, size.towns, INDICATORS, MONTHS)
    (folder / "workload.yaml").write_text(scheme_text(), encoding="utf-8")
    return folder

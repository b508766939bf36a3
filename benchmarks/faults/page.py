"""The sections of docs/explanation/benchmarks.md about faults and load, from the results that are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FAULTS = """## Faults

`python -m benchmarks.faults all` (as root; needs PostgreSQL and ext4) starts `kaohe serve`, lets clerks,
importers, a verifier and somebody who files evidence work through HTTP, and ends it at a random moment of
their work. Each noted what was acknowledged: a save with its number in the audit ledger, an import, a
verification, a filed file. Afterwards every acknowledged act must be there with its event, the answer kept
for its key, and its file; an act that nobody was told of must be there whole or not at all; `kaohe verify`
must find nothing, which replays the audit ledger against the tables; and the server that starts again must
give the same answers to the last saves when they are sent once more.

- **killed**: SIGKILL to the whole process group, on PostgreSQL to the database as well.
- **power cut**: the data lie on an ext4 of their own on a loop device, which is shut down without flushing
  its log (`EXT4_IOC_SHUTDOWN`): what was not synchronised is gone. It does not model torn sectors, or drives
  that say they have written and have not.
- **control**: the same server made careless in one way. It must be seen to lose, or the harness is blind.

*Untold* acts were done although the fault took their answer: this is why saves and submissions carry a key.

| trial | cycles | acknowledged | lost | by halves | found by verify | untold | as it must be |
|---|---|---|---|---|---|---|---|"""
_FULL = """
| full disk | acknowledged before | while full | after there was room | lost | answers while full |
|---|---|---|---|---|---|"""
_TOGETHER = """
| many at once | came of it | as it must be |
|---|---|---|"""
_LOAD = """## Load

`python -m benchmarks.load` builds the demonstration's county with 200 indicators in each of 12 towns, 36
months (88,000 figures, written through the audit ledger), serves it as `kaohe serve` does, with full
durability, and lets 200 people sign in and work: desk, board, grid, cells, review, verification, targets, and
saves as the grid's script sends them, thinking 2 to 8 seconds. Server, database and the people share two
cores. Milliseconds:
"""


def sections(results: Path) -> str:
    """Both sections; blank where nothing was measured."""
    return "\n".join(filter(None, (_faults(results / "faults.json"), _load(results / "load.json"))))


def _faults(file: Path) -> str:
    if not file.is_file():
        return ""
    trials: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["trials"]
    cycled = [told for kind in ("kill", "power") for told in trials.get(kind, {}).values()]
    lines = [_FAULTS, *map(_cycled, sorted(cycled, key=lambda told: bool(told["must_lose"])))]
    lines += [_FULL, *map(_full, trials.get("full", {}).values())]
    together = [told for kind in ("writers", "replay") for told in trials.get(kind, {}).values()]
    return "\n".join([*lines, _TOGETHER, *map(_together, together), ""])


def _cycled(told: dict[str, Any]) -> str:
    number = sum(told["acknowledged"].values())
    figures = (told["lost"], told["partial"], told["faults"], told["done_but_untold"])
    counted = " | ".join(f"{each:,}" for each in (told["cycles"], number, *figures))
    return f"| {told['trial']} | {counted} | {_yes(told)} |"


def _full(told: dict[str, Any]) -> str:
    answers = ", ".join(f"{number} × {what}" for what, number in told["answers_while_full"].items() if what)
    stages = (told[f"acknowledged_{when}"] for when in ("before", "while_full", "after"))
    return f"| {told['trial']} | {' | '.join(map(str, stages))} | {told['lost']} | {answers} |"


def _together(told: dict[str, Any]) -> str:
    if "won" in told:
        came = (
            f"{told['rounds']} rounds: {told['won']} saved, {told['told_of_a_conflict']} told of a conflict"
        )
    elif "attempts" in told:
        came = f"{told['versions']} versions in {told['attempts']} attempts"
    else:
        came = f"{told['effects']} effect, {len(told['answers'])} kind of answer"
    return f"| {told['trial']} | {came} | {_yes(told)} |"


def _yes(told: dict[str, Any]) -> str:
    return "yes" if told["as_it_must_be"] else "**no**"


def _load(file: Path) -> str:
    if not file.is_file():
        return ""
    kept = json.loads(file.read_text(encoding="utf-8"))
    lines = [_LOAD]
    for name in ("sqlite", "postgresql"):
        if name in kept:
            lines.append(_run(kept[name]))
    return "\n".join(lines)


def _run(told: dict[str, Any]) -> str:
    head = (
        f"**{told['database']}**, {told['people']} people, {told['minutes']} minutes, "
        f"{told['requests_per_second']} requests a second, {told['errors']} errors; load of the machine "
        f"{told['load_before']} before, {told['load_after']} after.\n"
    )
    rows = [("pages", told["pages"]), ("saves", told["saves"]), *told["kinds"].items()]
    lines = [
        f"| {name} | {each['number']} | "
        + " | ".join(f"{each[k] * 1000:.0f}" for k in ("p50", "p95", "p99"))
        + " |"
        for name, each in rows
        if each["number"]
    ]
    return "\n".join([head, "| what | number | p50 | p95 | p99 |\n|---|---|---|---|---|", *lines, ""])


def _waited(each: dict[str, float]) -> list[str]:
    return [f"{each[share] * 1000:.0f}" for share in ("p50", "p95", "p99")]

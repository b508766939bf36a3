"""``python -m benchmarks.tamper [--naive 700 --before 200 --after 100 --copies 100]``: what verifying finds.

Prints a table and writes ``benchmarks/results/tamper.json``; exit code 1 when anything was missed.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import REPOSITORY
from benchmarks.tamper.trial import Tally, trials

RESULT = REPOSITORY / "benchmarks" / "results" / "tamper.json"


def main() -> int:
    """Runs the trials that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("naive", 700), ("before", 200), ("after", 100), ("copies", 100)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("-o", "--output", type=Path, default=RESULT)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data"
        subprocess.run(
            [sys.executable, "-m", "benchmarks.tamper.town", str(folder)], check=True, cwd=REPOSITORY
        )
        tallies = trials(
            folder,
            random.Random(told.seed),
            naive=told.naive,
            before=told.before,
            after=told.after,
            copies=told.copies,
        )
    _print(tallies)
    told.output.write_text(
        json.dumps([tally.document() for tally in tallies], ensure_ascii=False, indent=1) + "\n"
    )
    return 1 if any(tally.missed for tally in tallies) else 0


def _print(tallies: list[Tally]) -> None:
    print("| trial | number | as it must be | missed | seconds each |\n|---|---|---|---|---|")
    for tally in tallies:
        print(
            f"| {tally.name} | {tally.number} | {tally.right} "
            f"| {len(tally.missed)} | {tally.seconds_each:.3f} |"
        )
    for tally in tallies:
        for missed in tally.missed[:20]:
            print(f"missed: {tally.name}: {missed}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

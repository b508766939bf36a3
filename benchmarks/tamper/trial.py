"""Copies a ledger, alters the copy, asks the verifier, and counts."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.tamper.naive import NAIVE, Refused, altered, change_every_column
from benchmarks.tamper.rewriting import EDITS, rewrite
from kaohe.web.audit.kaohe_verify import Report, receipt_of, verify


@dataclass(slots=True)
class Tally:
    """The figures of one kind of trial."""

    name: str
    number: int = 0
    right: int = 0
    seconds: float = 0
    missed: list[str] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def seconds_each(self) -> float:
        """The time of one check."""
        return self.seconds / max(self.number, 1)

    def note(self, what: str, right: bool, seconds: float, report: Report) -> None:
        """Counts one trial."""
        self.number += 1
        self.seconds += seconds
        self.right += right
        kind = what.split(".")[0]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if not right:
            found = "; ".join(finding.text for finding in report.findings[:3])
            self.missed.append(f"{what}: {report.verdict}; {found}")

    def document(self) -> dict[str, Any]:
        """The figures for the file."""
        return {
            "trial": self.name,
            "number": self.number,
            "right": self.right,
            "missed": self.missed,
            "seconds_each": round(self.seconds_each, 4),
            "kinds": self.kinds,
        }


class Bench:
    """A data folder with the receipts kept of it, copied for each trial."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.receipts = sorted((folder.parent / "receipts").iterdir())
        held = [receipt_of(path.name, path.read_text(encoding="utf-8")) for path in self.receipts]
        self.covered = max(receipt.size for receipt in held)
        self.size = self.check(folder)[0].size

    def check(self, folder: Path, *, receipts: bool = True) -> tuple[Report, float]:
        """What the verifier says, and how long it took."""
        begun = time.perf_counter()
        report = verify(folder, receipts=self.receipts if receipts else ())
        return report, time.perf_counter() - begun

    def naive(self, number: int) -> Tally:
        """Anything altered anywhere: a finding must name the row, the event or the file."""
        tally = Tally("naive alterations, all to be named")
        while tally.number < number:
            # The first round goes through every column of every table.
            alter = change_every_column(tally.number) if tally.number < 250 else self.chance.choice(NAIVE)
            with tempfile.TemporaryDirectory() as place:
                copy = self._copied(place)
                try:
                    alteration = altered(copy, alter, self.chance)
                except Refused:
                    if tally.number < 250:
                        alteration = None
                    else:
                        continue
                if alteration is None:
                    alteration = self._any(place)
                report, seconds = self.check(Path(place) / "copy")
            named = any(alteration.named_by(finding) for finding in report.findings)
            tally.note(alteration.what, named and report.status == "altered", seconds, report)
        return tally

    def _any(self, place: str) -> Any:
        while True:
            copy = self._copied(place)
            try:
                return altered(copy, NAIVE[0], self.chance)
            except Refused:
                continue

    def rewritten_before(self, number: int) -> Tally:
        """Chain and tree redone from somewhere a receipt covers: named by that receipt."""
        tally = Tally("rewritten at or before a receipt, all to be named")
        self._rewrite(tally, number, 1, self.covered)
        return tally

    def rewritten_after(self, number: int) -> Tally:
        """Redone after the last receipt: nobody can tell, so it must be said that nobody vouches for it."""
        tally = Tally("rewritten after the last receipt, all to be reported as not covered")
        self._rewrite(tally, number, self.covered + 1, self.size)
        return tally

    def _rewrite(self, tally: Tally, number: int, first: int, last: int) -> None:
        while tally.number < number:
            edit, signing = self.chance.choice(EDITS), self.chance.random() < 0.5
            with tempfile.TemporaryDirectory() as place:
                copy = self._copied(place)
                if not rewrite(copy, edit, first, last, self.chance, signing=signing):
                    continue
                report, seconds = self.check(copy)
                # The forger's work must be perfect, or the trial would prove nothing.
                alone = self.check(copy, receipts=False)[0]
            what = f"{edit.__name__}{' with the key' if signing else ''}"
            right = self._named(report) if last == self.covered else self._not_covered(report)
            tally.note(what, right and alone.status == "uncovered", seconds, report)

    def _named(self, report: Report) -> bool:
        return report.status == "altered" and any(f.kind in ("receipt", "missing") for f in report.findings)

    def _not_covered(self, report: Report) -> bool:
        said = f"自第 {self.covered} 条以后没有任何回执覆盖" in report.verdict
        return said and report.status == "uncovered" and "完整" not in report.verdict

    def untouched(self, number: int) -> Tally:
        """Copies that nobody altered: no finding, on file or through an export."""
        tally = Tally("untouched copies, none to be accused")
        for _ in range(number):
            with tempfile.TemporaryDirectory() as place:
                report, seconds = self.check(self._copied(place), receipts=self.chance.random() < 0.7)
            tally.note("copy", not report.findings, seconds, report)
        return tally

    def _copied(self, place: str) -> Path:
        copy = Path(place) / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy)
        return copy


def trials(
    folder: Path, chance: random.Random, *, naive: int, before: int, after: int, copies: int
) -> list[Tally]:
    """All four kinds of trial on copies of one data folder."""
    bench = Bench(folder, chance)
    return [
        bench.naive(naive),
        bench.rewritten_before(before),
        bench.rewritten_after(after),
        bench.untouched(copies),
    ]

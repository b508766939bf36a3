"""One fault after another: a server killed, or its power cut, while people work; then all is examined.

Every cycle begins where the last one left the data; now and then the data are laid out anew, so that they do
not grow without end. ``kaohe verify`` looks at each, and the server that starts again must give the same
answers to the last saves of the cycle before.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.faults.examining import Found, Tables, examined, total
from benchmarks.faults.places import Image, Place
from benchmarks.faults.serving import Server
from benchmarks.faults.town import TOWNS
from benchmarks.faults.working import Act, Clerk, Crew, Filer, Importer, Verifier, Worker, resend, signed_in
from benchmarks.processes import load_now

_ANEW, _RESENT = 20, 3
PEOPLE = [*(f"clerk{n}" for n in range(len(TOWNS))), "verifier"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is done how often: ``fault`` kill or cut, ``way`` of being careless, ``crew`` of workers."""

    name: str
    fault: str
    cycles: int
    crew: str = "all"
    postgresql: bool = False
    way: str = ""
    settings: str = ""
    must_lose: bool = False
    megabytes: int = 400
    longest: float = 1.6


@dataclass(slots=True)
class Outcome:
    """What came of a trial."""

    cycles: int = 0
    found: Found = field(default_factory=Found)
    different: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    resent: int = 0
    seconds: float = 0.0
    load: float = 0.0
    recoveries: list[float] = field(default_factory=list)
    losing_cycles: int = 0

    def document(self, trial: Trial) -> dict[str, Any]:
        lists = {name: getattr(self.found, name) for name in ("lost", "partial", "faults")}
        lists |= {"different": self.different, "trouble": self.trouble}
        slowest = max(self.recoveries, default=0.0)
        return {
            "trial": trial.name, "must_lose": trial.must_lose, "cycles": self.cycles,
            "acknowledged": self.found.acknowledged, "resent": self.resent,
            "done_but_untold": self.found.untold, "cycles_with_losses": self.losing_cycles,
            **{name: len(each) for name, each in lists.items()},
            "examples": {name: each[:5] for name, each in lists.items() if each},
            "seconds_each": round(self.seconds / max(self.cycles, 1), 2),
            "slowest_start": round(slowest, 2), "load": self.load,
        }  # fmt: skip

    @property
    def clean(self) -> bool:
        return not (
            self.found.lost or self.found.partial or self.found.faults or self.different or self.trouble
        )


def shortened(trial: Trial, cycles: int) -> Trial:
    """The same trial with another number of cycles."""
    return replace(trial, cycles=cycles)


def run(trial: Trial, seed: int) -> Outcome:
    """All cycles of a trial."""
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kaohe-faults-")))
        work.chmod(0o755)
        bench = _Bench(trial, work, seed)
        stack.callback(bench.clear)
        bench.lay_out()
        return bench.run()


class _Bench:
    def __init__(self, trial: Trial, work: Path, seed: int) -> None:
        self.trial, self.work, self.seed = trial, work, seed
        self.chance = random.Random(seed)
        self.image = Image(work / "disk.img", work / "disk") if trial.fault == "cut" else None
        root = self.image.root if self.image else work / "disk"
        self.place = Place(root, postgresql=trial.postgresql, settings=trial.settings)
        self.cookies: dict[str, dict[str, str]] = {}
        self.again: list[Act] = []
        self.server: Server | None = None

    # --- the data

    def lay_out(self) -> None:
        """The county, built once and kept to begin with again."""
        if self.image:
            self.image.make(self.trial.megabytes)
        self.place.root.mkdir(exist_ok=True)
        self.place.fill()
        if self.image:
            self.image.unmount()
            self.image.copy_to(self.work / "kept.img")
            self.image.mount()
        else:
            _copy(self.place.root, self.work / "kept")

    def begin_anew(self) -> None:
        self.cookies, self.again = {}, []
        if self.image:
            self.image.unmount()
            Image(self.work / "kept.img", self.image.root).copy_to(self.image.file)
            self.image.mount()
        else:
            shutil.rmtree(self.place.root)
            _copy(self.work / "kept", self.place.root)

    def clear(self) -> None:
        if self.server is not None:
            self.server.kill()
        if self.place.cluster:
            self.place.cluster.kill()
        if self.image:
            self.image.unmount()

    # --- the cycles

    def run(self) -> Outcome:
        outcome, found = Outcome(load=load_now()), []
        begin = time.monotonic()
        for number in range(self.trial.cycles):
            if number and number % _ANEW == 0:
                self.begin_anew()
            one = self.cycle(number, outcome)
            found.append(one)
            outcome.losing_cycles += bool(one.lost or one.partial or one.faults)
            outcome.cycles += 1
            print(
                f"\r{self.trial.name}: {number + 1}/{self.trial.cycles}", end="", file=sys.stderr, flush=True
            )
        print(file=sys.stderr)
        outcome.seconds = time.monotonic() - begin
        outcome.found = total(found)
        return outcome

    def cycle(self, number: int, outcome: Outcome) -> Found:
        start = time.monotonic()
        try:
            self.place.open()
            server = self.serve()
        except RuntimeError as error:
            # A database that does not come up again has lost everything.
            return self.gone(str(error))
        outcome.recoveries.append(time.monotonic() - start)
        browsers = signed_in(server.port, PEOPLE, self.cookies)
        self.ask_again(browsers, outcome)
        tables = Tables(self.place.folder, self.place.database_url)
        crew = Crew(self.workers(browsers, tables), self.seed * 10_000 + number)
        time.sleep(self.chance.uniform(0.2, self.trial.longest))
        begun, cut_at = time.monotonic(), self.fault(server)
        books = crew.end()
        self.recover()
        # What a server says while its database dies is no trouble of its own.
        outcome.trouble += [line for book in books for at, line in book.trouble if at < begun]
        done = [act for book in books for act in book.acknowledged(cut_at)]
        sent = [act for book in books for act in book.acts]
        try:
            self.place.open()
            found = examined(tables, done, sent)
            self.place.close()
        except Exception as error:
            return self.gone(repr(error))
        self.again = [act for act in done if act.kind == "save"][-_RESENT:]
        if found.lost or found.partial or found.faults:
            self.begin_anew()
        return found

    def gone(self, why: str) -> Found:
        if self.place.cluster:
            self.place.cluster.kill()
        self.begin_anew()
        return Found(faults=[f"the data cannot be opened: {why[-600:]}"])

    def serve(self) -> Server:
        self.server = Server(
            self.place.folder,
            self.work / "server.log",
            database_url=self.place.database_url,
            way=self.trial.way,
        )
        self.server.wait()
        return self.server

    def workers(self, browsers: dict[str, Any], tables: Tables) -> list[Worker]:
        clerks = [browsers[f"clerk{n}"] for n in range(len(TOWNS))]
        if self.trial.crew == "evidence":
            return [Filer(n, browser) for n, browser in enumerate(clerks)]
        if self.trial.crew == "imports":
            return [Importer(n, browser) for n, browser in enumerate(clerks[:2])]
        waiting = tables.rows("SELECT id, version FROM ledger_observation WHERE state = 'reviewed'")
        self.chance.shuffle(waiting)
        verifier = Verifier(browsers["verifier"], [(key, version) for key, version in waiting])
        return [
            *(Clerk(n, clerks[n], seen_by(tables, n)) for n in (0, 1)),
            Importer(2, clerks[2]), Filer(3, clerks[3]), verifier,
        ]  # fmt: skip

    def fault(self, server: Server) -> float:
        """The fault itself; answers heard until it began count as acknowledged."""
        at = time.monotonic()
        if self.image:
            self.image.cut()
        if self.place.cluster:
            self.place.cluster.kill()
        server.kill()
        # A kill takes nothing that was answered before the process died: those answers count as well.
        return at if self.image else time.monotonic()

    def recover(self) -> None:
        if self.image:
            self.image.unmount()
            self.image.mount()

    def ask_again(self, browsers: dict[str, Any], outcome: Outcome) -> None:
        """The last saves of the cycle before, sent once more with their keys."""
        for act in self.again:
            answer = resend(browsers[f"clerk{act.told['unit'][1:]}"], act.told)
            told = answer.json() if answer.status == 200 else {}
            outcome.resent += 1
            if {name: told.get(name) for name in act.answer} != act.answer:
                outcome.different.append(f"{answer.status} {told.get('seq')} instead of {act.answer['seq']}")


def seen_by(tables: Tables, town: int) -> dict[tuple[str, str], int]:
    """The versions of a town's cells as its clerk sees them."""
    rows = tables.rows(
        "SELECT i.code, o.month, o.version FROM ledger_observation o "
        "JOIN ledger_reportingunit u ON u.id = o.unit_id JOIN ledger_indicator i ON i.id = o.indicator_id "
        "WHERE u.code = ? AND o.month LIKE ?",
        f"t{town}", "2026-%",
    )  # fmt: skip
    return {(code, month): version for code, month, version in rows}


def _copy(one: Path, other: Path) -> None:
    """With owners and modes: PostgreSQL's files are not ours."""
    subprocess.run(["cp", "-a", str(one), str(other)], check=True)

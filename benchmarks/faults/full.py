"""A full disk: a small file system is filled while people work, and given room again."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.faults.browser import Browser
from benchmarks.faults.cycles import PEOPLE, seen_by
from benchmarks.faults.examining import Tables, examined
from benchmarks.faults.places import Image, Place
from benchmarks.faults.serving import Server, health
from benchmarks.faults.town import PASSWORD, TOWNS
from benchmarks.faults.working import Act, Clerk, Crew, Filer, Importer, Verifier, Worker
from benchmarks.processes import load_now

_SAID = ("磁盘已满", "数据库暂时不可用")


def trials(seed: int) -> Iterator[dict[str, Any]]:
    """On SQLite, and with PostgreSQL on the same disk."""
    yield _Full(False, seed).run()
    yield _Full(True, seed).run()


class _Full:
    def __init__(self, postgresql: bool, seed: int) -> None:
        self.postgresql, self.seed = postgresql, seed
        self.wrong: list[str] = []
        self.told: Counter[str] = Counter()
        self.done: list[Act] = []
        self.sent: list[Act] = []

    def run(self) -> dict[str, Any]:
        begin, load = time.monotonic(), load_now()
        with ExitStack() as stack:
            work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kaohe-faults-")))
            work.chmod(0o755)
            image = Image(work / "disk.img", work / "disk")
            image.make(250 if self.postgresql else 60)
            stack.callback(image.unmount)
            self.place = Place(image.root, postgresql=self.postgresql)
            self.place.fill()
            self.place.open()
            stack.callback(self._stop)
            self.server = Server(self.place.folder, work / "log", database_url=self.place.database_url)
            self.server.wait()
            found = self._through(image.root)
        name = "PostgreSQL" if self.postgresql else "SQLite"
        return {
            "trial": f"disk full, {name}", **found, "answers_while_full": dict(self.told),
            "wrong": self.wrong[:10], "as_it_must_be": not self.wrong,
            "seconds": round(time.monotonic() - begin, 1), "load": load,
        }  # fmt: skip

    def _through(self, root: Path) -> dict[str, Any]:
        browsers = {name: self._somebody(name) for name in PEOPLE}
        before = self._work(browsers, 3.0)
        ballast = _filled(root)
        while_full = self._work(browsers, 6.0, full=True)
        self._look(browsers["clerk0"])
        for path in ballast:
            path.unlink()
        self._revive()
        after = self._recovered()
        self.server.stop()
        self._start_database()
        # Figures whose verification was refused are verified later, in other company.
        sent = [act for act in self.sent if act.kind != "verify" or act.heard is not None]
        found = examined(Tables(self.place.folder, self.place.database_url), self.done, sent)
        self.wrong += found.lost + found.partial + found.faults
        return {
            "acknowledged_before": before, "acknowledged_while_full": while_full, "acknowledged_after": after,
            "lost": len(found.lost), "partial": len(found.partial), "faults": len(found.faults),
        }  # fmt: skip

    # --- people

    def _somebody(self, name: str) -> Browser:
        browser = Browser(self.server.port)
        browser.sign_in(name, PASSWORD)
        return browser

    def _work(self, browsers: dict[str, Browser], seconds: float, full: bool = False) -> int:
        crew = Crew(self._workers(browsers), self.seed + len(self.sent))
        time.sleep(seconds)
        books = crew.end()
        self.sent += [act for book in books for act in book.acts]
        done = [act for book in books for act in book.acknowledged(time.monotonic())]
        self.done += done
        for line in (line for book in books for _, line in book.trouble):
            self._judge(line, full)
        return len(done)

    def _judge(self, line: str, full: bool) -> None:
        """While the disk is full people must be told so, in words, and never get a bare failure."""
        status = next((word for word in line.split() if word.isdigit() and len(word) == 3), "?")
        self.told[status] += full
        if not full or status not in ("507", "503"):
            self.wrong.append(f"{'while full' if full else 'with room'}: {line[:200]}")

    def _workers(self, browsers: dict[str, Browser]) -> Sequence[Worker]:
        clerks = [browsers[f"clerk{n}"] for n in range(len(TOWNS))]
        tables = Tables(self.place.folder, self.place.database_url)
        waiting = tables.rows("SELECT id, version FROM ledger_observation WHERE state = 'reviewed'")
        return [
            *(Clerk(n, clerks[n], seen_by(tables, n)) for n in (0, 1)),
            Importer(2, clerks[2]), Filer(3, clerks[3]), Verifier(browsers["verifier"], waiting),  # type: ignore[arg-type]
        ]  # fmt: skip

    def _look(self, clerk: Browser) -> None:
        """/healthz says so, a page can still be read, and a refused save says why."""
        if (answered := health(self.server.port)) != 503:
            self.wrong.append(f"healthz says {answered} on a full disk")
        page = clerk.get("/entry/t0/?month=2026-03")
        self.told[f"a page: {page.status}"] += 1
        if page.status != 200 and not self.postgresql:
            self.wrong.append(f"a page cannot be read: {page.status}")
        fields: dict[str, object] = {"key": "0" * 32, "cell": "i00", "v.i00": "1", "n.i00": 0}
        answer = clerk.post("/entry/t0/2026-12/save", fields, script=True)
        sentence = str(answer.json().get("message", "")) if answer.status != 200 else ""
        self.told[sentence] += 1
        if not any(words in sentence for words in _SAID):
            self.wrong.append(f"a save on a full disk is told: {answer.status} {answer.body[:200]!r}")

    # --- recovery

    def _recovered(self) -> int:
        """New acts succeed, and /healthz is content within the minute that it remembers."""
        browsers = {name: self._somebody(name) for name in PEOPLE}
        done = self._work(browsers, 4.0)
        until = time.monotonic() + 90
        while health(self.server.port) != 200 and time.monotonic() < until:
            time.sleep(0.5)
        if not done or time.monotonic() >= until:
            self.wrong.append(f"no recovery: {done} acts, healthz {health(self.server.port)}")
        return done

    def _start_database(self) -> None:
        cluster = self.place.cluster
        if cluster is not None and (cluster.process is None or cluster.process.poll() is not None):
            cluster.start()

    def _revive(self) -> None:
        """PostgreSQL ends itself when its log finds no room: whoever frees the disk starts it again."""
        cluster = self.place.cluster
        if cluster is None or cluster.process is None:
            return
        time.sleep(2)
        if cluster.process.poll() is not None:
            self.told["PostgreSQL had ended itself"] += 1
            cluster.start()

    def _stop(self) -> None:
        self.server.kill()
        if self.place.cluster:
            self.place.cluster.kill()


def _filled(root: Path) -> list[Path]:
    """Fills the file system to the last block; the files that do it."""
    made = []
    for number, size in enumerate((1 << 20, 1 << 12, 1 << 10)):
        path = root / f"ballast{number}"
        made.append(path)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            while True:
                os.write(handle, b"\0" * size)
        except OSError:
            os.fsync(handle)
        finally:
            os.close(handle)
    return made

"""People at work while the fault comes: each notes what they sent, and what they were told was done.

Everybody writes cells of their own, so that what must be there afterwards is known exactly. ``Act.heard`` is
when the answer was there; an act without it was never acknowledged and may be there or not, but whole.
"""

from __future__ import annotations

import hashlib
import io
import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from benchmarks.faults.browser import Answer, Browser, Lost
from benchmarks.faults.town import (
    CODES,
    IMPORTED_YEARS,
    MEASURES,
    NAMES,
    PASSWORD,
    SAVED_MONTHS,
    TOWNS,
)


@dataclass(slots=True)
class Act:
    """One thing that somebody did: what was sent, and the answer when there was one."""

    kind: str
    told: dict[str, Any]
    heard: float | None = None
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Notebook:
    """What one person did; ``trouble`` are answers that nobody should get."""

    acts: list[Act] = field(default_factory=list)
    trouble: list[tuple[float, str]] = field(default_factory=list)

    def complain(self, what: str) -> None:
        self.trouble.append((time.monotonic(), what))

    def acknowledged(self, before: float) -> list[Act]:
        return [act for act in self.acts if act.heard is not None and act.heard <= before]


class Clerk:
    """Saves blocks of a town's cells, each the size of a few rows or of the whole grid."""

    def __init__(self, town: int, browser: Browser, seen: Mapping[tuple[str, str], int]) -> None:
        self.town, self.browser, self.seen = town, browser, dict(seen)

    def act(self, chance: random.Random, book: Notebook) -> None:
        month = chance.choice(SAVED_MONTHS)
        codes = chance.sample(CODES, chance.choice((1, 3, 8, len(CODES))))
        values = {code: f"{chance.randrange(1, 10**6)}.{chance.randrange(100):02}" for code in codes}
        told = {"unit": f"t{self.town}", "month": month, "values": values, "key": secrets.token_hex(16)}
        told["versions"] = {code: self.seen.get((code, month), 0) for code in codes}
        act = Act("save", told)
        book.acts.append(act)
        answer = resend(self.browser, told)
        if answer.status != 200 or not (said := answer.json())["ok"]:
            book.complain(f"save: {answer.status} {answer.body[:200]!r}")
            return
        act.answer = {name: said[name] for name in ("saved", "conflicts", "seq")}
        act.heard = time.monotonic()
        for code in codes:
            self.seen[code, month] = told["versions"][code] + 1


def resend(browser: Browser, told: Mapping[str, Any]) -> Answer:
    """Posts a save, for the first time or again."""
    fields: dict[str, object] = {"key": told["key"], "cell": list(told["values"])}
    fields |= {f"v.{code}": value for code, value in told["values"].items()}
    fields |= {f"n.{code}": version for code, version in told["versions"].items()}
    return browser.post(f"/entry/{told['unit']}/{told['month']}/save", fields, script=True)


class Importer:
    """Hands in workbooks of a whole month and takes them in."""

    def __init__(self, town: int, browser: Browser) -> None:
        self.town, self.browser = town, browser

    def act(self, chance: random.Random, book: Notebook) -> None:
        year, month = chance.choice(IMPORTED_YEARS), chance.randrange(1, 13)
        content = workbook(TOWNS[self.town], year, month, chance)
        digest = hashlib.sha256(content).hexdigest()
        handed = Act("hand_in", {"sha256": digest})
        book.acts.append(handed)
        answer = self.browser.upload("/imports/", {"year": str(year)}, "sheet", "月报.xlsx", content)
        if answer.status != 302 or answer.location == "/imports/":
            book.complain(f"hand in: {answer.status} {answer.messages}")
            return
        handed.heard = time.monotonic()
        act = Act("import", {"sha256": digest, "address": answer.location})
        book.acts.append(act)
        answer = self.browser.post(f"{answer.location}take-in", {})
        if answer.succeeded:
            act.heard = time.monotonic()
        else:
            book.complain(f"import: {answer.status} {answer.messages}")


def workbook(town: str, year: int, month: int, chance: random.Random) -> bytes:
    """A month's figures of a town as its office types them."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page = book.add_worksheet("月报")
    page.write(0, 0, f"{town}{year}年{month}月主要指标完成情况表")
    page.write_row(1, 0, ["序号", "指标名称", "计量单位", f"1-{month}月累计"])
    for number, (name, measure) in enumerate(zip(NAMES, MEASURES, strict=True)):
        page.write_row(number + 2, 0, [number + 1, name, measure, chance.randrange(1, 10**6)])
    book.close()
    return content.getvalue()


class Verifier:
    """Verifies reviewed figures, a few at a time; ``waiting`` are their keys and versions."""

    def __init__(self, browser: Browser, waiting: list[tuple[int, int]]) -> None:
        self.browser, self.waiting = browser, waiting

    def act(self, chance: random.Random, book: Notebook) -> None:
        if not self.waiting:
            time.sleep(0.05)
            return
        rows = [self.waiting.pop() for _ in range(min(chance.randrange(1, 6), len(self.waiting)))]
        act = Act("verify", {"rows": rows})
        book.acts.append(act)
        ticked = [f"{key}:{version}" for key, version in rows]
        answer = self.browser.post("/verify/mark", {"month": "2025-12", "row": ticked})
        if answer.succeeded:
            act.heard = time.monotonic()
        else:
            book.complain(f"verify: {answer.status} {answer.messages}")


class Filer:
    """Files evidence under an indicator."""

    def __init__(self, town: int, browser: Browser) -> None:
        self.town, self.browser = town, browser

    def act(self, chance: random.Random, book: Notebook) -> None:
        content = b"%PDF-1.4 " + chance.randbytes(chance.choice((300, 20_000, 150_000)))
        act = Act("file", {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)})
        book.acts.append(act)
        asked = f"unit=t{self.town}&month=2026-09&subject=i:{chance.choice(CODES)}"
        answer = self.browser.upload(f"/evidence/add/?{asked}", {"need": ""}, "file", "佐证.pdf", content)
        if answer.succeeded:
            act.heard = time.monotonic()
        else:
            book.complain(f"file: {answer.status} {answer.messages}")


Worker = Clerk | Importer | Verifier | Filer


class Crew:
    """People who work at once until they are told to stop, or the server is gone."""

    def __init__(self, workers: list[Worker], seed: int) -> None:
        self.books = [Notebook() for _ in workers]
        self._over = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._work, args=(worker, book, random.Random(seed * 100 + n)), daemon=True
            )
            for n, (worker, book) in enumerate(zip(workers, self.books, strict=True))
        ]
        for thread in self._threads:
            thread.start()

    def _work(self, worker: Worker, book: Notebook, chance: random.Random) -> None:
        while not self._over.is_set():
            try:
                worker.act(chance, book)
            except Lost as lost:
                book.acts[-1].answer = {"lost": str(lost)}
                return

    def end(self) -> list[Notebook]:
        """Stops them; what they noted."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)
        return self.books


def signed_in(port: int, names: list[str], kept: dict[str, dict[str, str]]) -> dict[str, Browser]:
    """A browser for each name; whoever signed in before goes on with the cookies they kept."""
    found = {}
    for name in names:
        browser = Browser(port)
        browser.cookies = dict(kept.get(name, {}))
        if not browser.cookies or browser.get("/password/").status != 200:
            browser.cookies = {}
            browser.sign_in(name, PASSWORD)
            browser.get("/password/")
        kept[name] = dict(browser.cookies)
        found[name] = browser
    return found


Make = Callable[[int], list[Worker]]

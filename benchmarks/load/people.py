"""Two hundred people: each reads pages and saves figures as their post does, and thinks in between."""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.faults.browser import Answer, Browser, Lost
from benchmarks.load.county import ENTERED

PASSWORD = "kaohe-demo-2005"
LOOKED_AT = "2005-09"
THINKING = (2.0, 8.0)
SAVES = frozenset({"save", "review-mark", "verify-mark"})
_MIX: dict[str, dict[str, int]] = {
    "clerk": {
        "desk": 10, "board": 12, "grid": 14, "save": 34, "cell": 10, "review": 8,
        "targets": 4, "indicator": 4, "evidence": 4,
    },
    "owner": {"desk": 10, "board": 12, "grid": 18, "save": 40, "cell": 10, "indicator": 5, "unit": 5},
    "deputy": {
        "desk": 20, "board": 25, "review": 20, "review-mark": 8, "cell": 15, "targets": 7, "indicator": 5,
    },
    "leader": {"desk": 20, "board": 40, "cell": 10, "targets": 10, "indicator": 10, "score": 10},
    "verifier": {"desk": 10, "verify": 35, "verify-mark": 15, "cell": 20, "board": 10, "indicator": 10},
    "county": {"desk": 10, "units": 15, "board": 25, "unit": 15, "targets": 15, "evidence": 10, "cell": 10},
    "auditor": {"desk": 10, "units": 20, "board": 30, "unit": 20, "cell": 20},
}  # fmt: skip
_CELL = re.compile(r'name="n\.([\w-]+)" value="(\d+)"')
_OPEN = re.compile(r'name="v\.([\w-]+)"(?![^>]*(?:readonly|disabled))')
_TICKED = re.compile(r'name="row" value="(\d+:\d+)"')


@dataclass(frozen=True, slots=True)
class Request:
    """One answered request: its kind, when it began, seconds, and what went wrong."""

    kind: str
    begun: float
    seconds: float
    fault: str = ""


@dataclass(slots=True)
class Person:
    """Somebody with a post; ``log`` is all they asked for."""

    name: str
    role: str
    unit: str
    lines: tuple[str, ...]
    chance: random.Random
    log: list[Request] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    browser: Browser | None = None
    saved: int = 0
    conflicts: int = 0

    def live(self, port: int, arrival: float, over: threading.Event) -> None:
        """Signs in at their time of arrival, and works until it is over."""
        if over.wait(arrival):
            return
        self.browser = Browser(port, timeout=60)
        self._timed("sign-in", lambda: self._sign_in())
        while not over.wait(self.chance.uniform(*THINKING)):
            self.act()

    def act(self) -> None:
        """One step of their work."""
        mix = _MIX[self.role]
        (kind,) = self.chance.choices(list(mix), list(mix.values()))
        if kind == "save":
            self._save()
        elif kind.endswith("-mark"):
            self._mark(kind.removesuffix("-mark"))
        else:
            self._page(kind)

    # --- pages

    def _page(self, kind: str) -> Answer | None:
        if kind in ("cell", "indicator") and self.role in ("clerk", "owner") and not self.versions:
            self._open_grid()
        return self._timed(kind, lambda: self._web.get(self._address(kind)))

    def _address(self, kind: str) -> str:
        town = self._town()
        code = f"more_{self.chance.randrange(100):03}"
        addresses = {
            "desk": f"/?month={LOOKED_AT}",
            "board": f"/board/?unit={town}&month={LOOKED_AT}",
            "grid": f"/entry/{self.unit}/?month={ENTERED}",
            "cell": f"/cells/{town}/{self._seen(code)}/{LOOKED_AT}/",
            "review": f"/review/?month={LOOKED_AT}",
            "verify": f"/verify/?month={LOOKED_AT}",
            "targets": f"/targets/?unit={town}&month={LOOKED_AT}",
            "indicator": f"/indicators/{self._seen(code)}/?unit={town}&month={LOOKED_AT}",
            "unit": f"/units/{town}/?month={LOOKED_AT}",
            "units": f"/units/?month={LOOKED_AT}",
            "score": f"/score/{town}/total/?month={LOOKED_AT}",
            "evidence": f"/evidence/?unit={town}&month={LOOKED_AT}",
        }
        return addresses[kind]

    def _town(self) -> str:
        if self.unit != "county":
            return "qingzhu" if self.unit.startswith("qz_") and self.role != "owner" else self.unit
        return self.chance.choice(("qingzhu", "jia", "yi", "bing", "ding", "wu", "ji", "geng"))

    def _seen(self, code: str) -> str:
        """An indicator of a line that they see: one of their grid where they have one."""
        if self.versions:
            return self.chance.choice(list(self.versions))
        if not self.lines:
            return code
        from benchmarks.load.county import LINES

        mine = [number for number in range(100) if LINES[number % len(LINES)] in self.lines]
        return f"more_{self.chance.choice(mine):03}" if mine else code

    # --- saving

    def _save(self) -> None:
        if not self.versions:
            self._open_grid()
        codes = self.chance.sample(
            sorted(self.versions), min(self.chance.choice((1, 1, 2, 4, 8, 16)), len(self.versions))
        )
        if not codes:
            return
        values = {
            code: f"{self.chance.randrange(1, 90000)}.{self.chance.randrange(100):02}" for code in codes
        }
        typed: dict[str, object] = {"cell": codes} | {f"v.{code}": value for code, value in values.items()}
        where = f"/entry/{self.unit}/{ENTERED}"
        self._timed("check", lambda: self._web.post(f"{where}/check", typed, script=True))
        time.sleep(0.5)
        sent = {**typed, "key": secrets.token_hex(16), **{f"n.{code}": self.versions[code] for code in codes}}
        answer = self._timed("save", lambda: self._web.post(f"{where}/save", sent, script=True))
        if answer is not None and answer.status == 200:
            self._note(answer)

    def _note(self, answer: Answer) -> None:
        told = answer.json()
        rows: dict[str, dict[str, int]] = told.get("rows", {})  # type: ignore[assignment]
        self.versions |= {code: row["version"] for code, row in rows.items()}
        conflicts: list[dict[str, object]] = told.get("conflicts", [])  # type: ignore[assignment]
        self.versions |= {str(each["indicator"]): int(str(each["version"])) for each in conflicts}
        self.saved += bool(told.get("saved"))
        self.conflicts += len(conflicts)

    def _open_grid(self) -> None:
        answer = self._page("grid")
        if answer is None or answer.status != 200:
            return
        page = answer.body.decode()
        may_type = set(_OPEN.findall(page))
        self.versions = {code: int(version) for code, version in _CELL.findall(page) if code in may_type}

    def _mark(self, step: str) -> None:
        answer = self._page(step)
        rows = _TICKED.findall(answer.body.decode()) if answer is not None else []
        if not rows:
            return
        time.sleep(1.0)
        ticked = self.chance.sample(rows, min(3, len(rows)))
        self._timed(
            f"{step}-mark", lambda: self._web.post(f"/{step}/mark", {"month": LOOKED_AT, "row": ticked})
        )

    # --- shared

    @property
    def _web(self) -> Browser:
        assert self.browser is not None
        return self.browser

    def _sign_in(self) -> Answer:
        self._web.sign_in(self.name, PASSWORD)
        return Answer(200, "", b"")

    def _timed(self, kind: str, ask: Callable[[], Answer]) -> Answer | None:
        begun = time.monotonic()
        fault, answer = "", None
        try:
            answer = ask()
            if answer.status >= 400 or (kind == "save" and not answer.body.startswith(b"{")):
                fault = f"{answer.status} {answer.location}"
        except (Lost, RuntimeError) as error:
            fault = str(error)
        self.log.append(Request(kind, begun, time.monotonic() - begun, fault))
        return answer

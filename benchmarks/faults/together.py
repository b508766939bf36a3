"""Many at once: two hundred writers on one cell, and one pressing of a button sent ten times."""

from __future__ import annotations

import json
import secrets
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.faults.browser import Answer, Browser
from benchmarks.faults.examining import Tables
from benchmarks.faults.places import Place
from benchmarks.faults.serving import Server
from benchmarks.faults.town import PASSWORD
from benchmarks.processes import load_now

WRITERS, ROUNDS, PATIENT, TIMES = 200, 5, 30, 10
CELL = ("t0", "2026-03", "i03")
Result = TypeVar("Result")


def writers() -> Iterator[dict[str, Any]]:
    """All write the cell in the version that all saw: one wins, the others are told."""
    for postgresql in (False, True):
        with _site(postgresql, WRITERS) as (server, tables):
            browsers = [_somebody(server.port, f"writer{n}") for n in range(WRITERS)]
            yield _at_once(browsers, tables, _name(postgresql))
            yield _until_done(browsers[:PATIENT], tables, _name(postgresql))


def replays() -> Iterator[dict[str, Any]]:
    """The same save, submission, verification and import, one after another and all at once."""
    for postgresql in (False, True):
        with _site(postgresql, 0) as (server, tables):
            clerk, verifier = _somebody(server.port, "clerk0"), _somebody(server.port, "verifier")
            for at_once in (False, True):
                yield from _replayed(clerk, verifier, tables, at_once, _name(postgresql))


# --- writers


def _at_once(browsers: Sequence[Browser], tables: Tables, name: str) -> dict[str, Any]:
    begin, load = time.monotonic(), load_now()
    won, told, wrong = 0, 0, []
    for _ in range(ROUNDS):
        before = _cell(tables)
        answers = _all([partial(_write, b, before[1], f"{n}.{before[1]}") for n, b in enumerate(browsers)])
        saved = [n for n, answer in enumerate(answers) if answer.get("saved")]
        conflicts = [answer["conflicts"] for answer in answers if answer.get("conflicts")]
        value, version = _cell(tables)
        won, told = won + len(saved), told + len(conflicts)
        if len(saved) != 1 or len(conflicts) != len(browsers) - 1 or version != before[1] + 1:
            wrong.append(f"{len(saved)} saved, {len(conflicts)} told, version {before[1]} to {version}")
        elif value != f"{saved[0]}.{before[1]}" or {c[0]["theirs"] for c in conflicts} != {value}:
            wrong.append(f"{value} stands, {saved[0]} won, told {Counter(c[0]['theirs'] for c in conflicts)}")
    return _result(
        f"{len(browsers)} writers, one cell, {name}", wrong + tables.faults(), begin, load,
        rounds=ROUNDS, won=won, told_of_a_conflict=told,
    )  # fmt: skip


def _until_done(browsers: Sequence[Browser], tables: Tables, name: str) -> dict[str, Any]:
    """Everybody writes until they are acknowledged: as many versions and events as writers."""
    begin, load, before = time.monotonic(), load_now(), _cell(tables)
    attempts = _all([lambda b=b, n=n: _insist(b, before[1], f"{n}.5") for n, b in enumerate(browsers)])
    _, version = _cell(tables)
    wrong = [] if version == before[1] + len(browsers) else [f"version {before[1]} to {version}"]
    written = _events(tables, "observation.save")[-len(browsers) :]
    values = {
        c["after"]["value"] for e in written for c in e["changes"] if c["table"] == "ledger_observation"
    }
    if values != {f"{n}.5" for n in range(len(browsers))}:
        wrong.append(f"{len(values)} values in the audit ledger")
    return _result(
        f"{len(browsers)} writers, each until they are acknowledged, {name}",
        wrong + tables.faults(), begin, load,
        versions=version - before[1], attempts=sum(attempts),
    )  # fmt: skip


def _write(browser: Browser, version: int, value: str) -> dict[str, Any]:
    unit, month, code = CELL
    fields: dict[str, object] = {
        "key": secrets.token_hex(16),
        "cell": code,
        f"v.{code}": value,
        f"n.{code}": version,
    }
    answer = browser.post(f"/entry/{unit}/{month}/save", fields, script=True)
    return answer.json() if answer.status == 200 else {"status": answer.status}


def _insist(browser: Browser, version: int, value: str) -> int:
    for attempt in range(1, 500):
        answer = _write(browser, version, value)
        if answer.get("saved"):
            return attempt
        conflicts = answer.get("conflicts")
        if conflicts:
            version = conflicts[0]["version"]
    return 500


def _cell(tables: Tables) -> tuple[str, int]:
    unit, month, code = CELL
    rows = tables.rows(
        "SELECT o.value, o.version FROM ledger_observation o JOIN ledger_reportingunit u ON u.id = o.unit_id "
        "JOIN ledger_indicator i ON i.id = o.indicator_id WHERE u.code = ? AND i.code = ? AND o.month = ?",
        unit, code, month,
    )  # fmt: skip
    return (str(rows[0][0]), int(rows[0][1])) if rows else ("", 0)


# --- replays


def _replayed(
    clerk: Browser, verifier: Browser, tables: Tables, at_once: bool, name: str
) -> Iterator[dict[str, Any]]:
    how = "at once" if at_once else "one after another"
    month = "2026-05" if at_once else "2026-04"
    key = secrets.token_hex(16)
    fields: dict[str, object] = {
        "key": key,
        "cell": ["i01", "i02"],
        "v.i01": "9",
        "v.i02": "8",
        "n.i01": 0,
        "n.i02": 0,
    }

    def save(browser: Browser) -> Answer:
        return browser.post(f"/entry/t0/{month}/save", fields, script=True)

    yield _same(
        f"a first save sent {TIMES} times, {how}, {name}",
        clerk,
        save,
        tables,
        at_once,
        "observation.save",
        _said_save,
    )
    fields |= {"key": secrets.token_hex(16), "v.i01": "7", "v.i02": "8.50", "n.i01": 1, "n.i02": 1}
    yield _same(
        f"a later save sent {TIMES} times, {how}, {name}",
        clerk,
        save,
        tables,
        at_once,
        "observation.save",
        _said_save,
    )
    _fill_month(clerk, month)
    key = secrets.token_hex(16)

    def submit(browser: Browser) -> Answer:
        return browser.post(f"/entry/t0/{month}/submit", {"key": key})

    yield _same(
        f"a submission sent {TIMES} times, {how}, {name}",
        clerk,
        submit,
        tables,
        at_once,
        "observation.submit",
        _said_form,
    )
    rows = tables.rows(
        "SELECT id, version FROM ledger_observation WHERE state = 'reviewed' ORDER BY id LIMIT 3"
    )
    ticked = [f"{pk}:{version}" for pk, version in rows]

    def verify(browser: Browser) -> Answer:
        return browser.post("/verify/mark", {"month": "2025-12", "row": ticked})

    # Verification carries no key: its versions say that it was done, and whoever repeats it is told so.
    yield _same(
        f"a verification sent {TIMES} times, {how}, {name}",
        verifier,
        verify,
        tables,
        at_once,
        "observation.verify",
        None,
    )


def _fill_month(clerk: Browser, month: str) -> None:
    """Whatever is still open is not due, so that the month can be submitted."""
    from benchmarks.faults.town import CODES

    left = [code for code in CODES if code not in ("i01", "i02")]
    fields: dict[str, object] = {"key": secrets.token_hex(16), "cell": list(CODES)}
    fields |= {f"v.{code}": "未到期" for code in left} | {f"n.{code}": 0 for code in left}
    fields |= {"v.i01": "7", "v.i02": "8.50", "n.i01": 2, "n.i02": 2}
    checks = ("tenfold", "below_last_month", "fell")
    fields |= {f"answer.{code}.{check}": "已核对" for code in ("i01", "i02") for check in checks}
    fields |= {f"note.{code}": "年底统一报" for code in left}
    answer = clerk.post(f"/entry/t0/{month}/save", fields, script=True)
    if answer.status != 200 or not answer.json()["ok"]:
        raise RuntimeError(f"the month cannot be filled: {answer.body[:300]!r}")


def _same(
    name: str, browser: Browser, send: Callable[[Browser], Answer], tables: Tables, at_once: bool,
    action: str, said: Callable[[Answer], object] | None,
) -> dict[str, Any]:  # fmt: skip
    begin, load, before = time.monotonic(), load_now(), len(_events(tables, action))
    browsers = [_like(browser) for _ in range(TIMES)]
    answers = _all([lambda b=b: send(b) for b in browsers]) if at_once else [send(b) for b in browsers]
    effects = len(_events(tables, action)) - before
    wrong = [] if effects == 1 else [f"{effects} effects"]
    statuses = Counter(answer.status for answer in answers)
    if max(statuses) >= 500:
        wrong.append(f"statuses {dict(statuses)}")
    heard = (
        Counter(json.dumps(said(answer), ensure_ascii=False, sort_keys=True) for answer in answers)
        if said
        else None
    )
    if heard is not None and len(heard) != 1:
        wrong.append(f"answers {dict(heard)}")
    told = Counter(text for answer in answers for _, text in answer.messages) if said is None else heard
    return _result(name, wrong + tables.faults(), begin, load, effects=effects, answers=dict(told or {}))


def _said_save(answer: Answer) -> object:
    told = answer.json() if answer.status == 200 else {}
    return {name: told.get(name) for name in ("ok", "saved", "conflicts", "seq", "message", "rows")}


def _said_form(answer: Answer) -> object:
    return [answer.status, answer.location, list(answer.messages)]


# --- shared


def _events(tables: Tables, action: str) -> list[dict[str, Any]]:
    rows = tables.rows("SELECT body FROM audit_event WHERE action = ? ORDER BY seq", action)
    return [json.loads(body) for (body,) in rows]


def _all(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Calls them all at the same moment."""
    gate, results = threading.Barrier(len(calls)), {}

    def wait_and_call(number: int, call: Callable[[], Result]) -> None:
        gate.wait()
        results[number] = call()

    threads = [threading.Thread(target=wait_and_call, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(calls))]


def _somebody(port: int, name: str) -> Browser:
    browser = Browser(port, timeout=120)
    browser.sign_in(name, PASSWORD)
    return browser


def _like(browser: Browser) -> Browser:
    """Another window of the same session."""
    other = Browser(browser.port, timeout=120)
    other.cookies = dict(browser.cookies)
    return other


@contextmanager
def _site(postgresql: bool, writers: int) -> Iterator[tuple[Server, Tables]]:
    with tempfile.TemporaryDirectory(prefix="kaohe-faults-") as work:
        Path(work).chmod(0o755)
        place = Place(Path(work) / "disk", postgresql=postgresql)
        place.root.mkdir()
        place.fill(writers)
        place.open()
        server = Server(place.folder, Path(work) / "log", database_url=place.database_url, workers=2)
        try:
            server.wait()
            yield server, Tables(place.folder, place.database_url)
        finally:
            server.stop()
            place.close()


def _name(postgresql: bool) -> str:
    return "PostgreSQL" if postgresql else "SQLite"


def _result(trial: str, wrong: list[str], begin: float, load: float, **told: Any) -> dict[str, Any]:
    return {
        "trial": trial, **told, "wrong": wrong[:10], "as_it_must_be": not wrong,
        "seconds": round(time.monotonic() - begin, 1), "load": load,
    }  # fmt: skip

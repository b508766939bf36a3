"""Builds the ledger that is tampered with: a town's months, written by the app itself. Has its own process.

``python -m benchmarks.tamper.town FOLDER`` leaves a data folder, and beside it the receipts that two
submitters kept (``receipts/``), the later one well before the end.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any


def build(folder: Path, *, months: int = 8, seed: int = 1) -> None:
    """Fills a new data folder."""
    folder.mkdir(parents=True, mode=0o700)
    (folder / "secret.key").write_text("benchmark", encoding="ascii")
    os.environ["KAOHE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.tamper.web_settings"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    from kaohe.web.audit.checkpoints import checkpoint
    from kaohe.web.audit.keys import make_key

    call_command("migrate", verbosity=0, run_syncdb=True)
    make_key(folder / "keys")
    town = _begin()
    kept = folder.parent / "receipts"
    kept.mkdir()
    chance = random.Random(seed)
    for month in range(1, months + 1):
        seq = _month(town, f"2026-{month:02}", chance)
        _file(folder, f"佐证 {month}".encode() * 50 * month)
        if month in (months // 4, months // 2):
            _keep(kept, seq)
    _leave(town)
    checkpoint()
    from django.db import connection

    connection.close()


def _begin() -> dict[str, Any]:
    from django.utils import timezone

    from kaohe.web.accounts.models import Grant, Holding, Person, Post
    from kaohe.web.audit.recording import recorded
    from kaohe.web.ledger.models import (
        Collection,
        Holiday,
        Indicator,
        Line,
        ReportingDuty,
        ReportingUnit,
        SchedulePoint,
        Target,
    )

    today = timezone.localdate()
    town = ReportingUnit(code="lin", name="林溪镇", kind="town", path="lin/")
    villages = [
        ReportingUnit(code=f"v{n}", name=f"{n} 村", kind="village", path=f"lin/v{n}/", parent=town, order=n)
        for n in range(4)
    ]
    lines = [Line(code=f"l{n}", name=f"{n} 线", order=n) for n in range(3)]
    people = [Person(username=f"p{n}", name=f"示例人 {n}", password="!") for n in range(6)]
    with recorded("site.begin", by=None) as entry:
        entry.create(town)
        entry.create(*villages, *lines, *people)
        posts = [Post(code=f"post{n}", title=f"岗位 {n}", unit=town, order=n) for n in range(6)]
        entry.create(*posts)
        pairs = list(zip(people, posts, strict=True))
        entry.create(*(Holding(person=person, post=post, since=today) for person, post in pairs))
        entry.create(*(Grant(post=post, unit=town, verbs="view enter") for post in posts))
    with recorded("indicator.create", by=people[0]) as entry:
        indicators = [
            Indicator(code=f"i{n}", line=lines[n % 3], name=f"指标 {n}", measure="万元", order=n)
            for n in range(9)
        ]
        entry.create(*indicators)
        entry.create(*(ReportingDuty(unit=town, indicator=one, first_month="2026-01") for one in indicators))
        targets = [
            Target(code=f"t{n}", unit=town, indicator=one, period="2026", value=f"{n}000", owner="示例人")
            for n, one in enumerate(indicators)
        ]
        entry.create(*targets)
        entry.create(*(SchedulePoint(schedule="even", month=m, share=f"{m}/12") for m in range(1, 13)))
        entry.create(*(Holiday(day=today + timedelta(days=n), name="示例假日") for n in range(3)))
        entry.create(*(Collection(unit=town, month=f"2026-{m:02}", due=timezone.now()) for m in range(1, 9)))
    return {"town": town, "people": people, "indicators": indicators, "targets": targets}


def _month(town: dict[str, Any], month: str, chance: random.Random) -> int:
    """A month's cells: saved one by one, submitted, one returned and sent again, three verified."""
    from django.utils import timezone

    from kaohe.web.audit.recording import recorded
    from kaohe.web.ledger.models import Message, Observation, State, Submission, VerifiedValue

    clerk, verifier = town["people"][0], town["people"][1]
    now = timezone.now()
    cells = [
        Observation(
            unit=town["town"],
            indicator=one,
            month=month,
            value=str(chance.randrange(1, 9999)),
            note="示例",
            entered_by=clerk,
            entered_at=now,
        )
        for one in town["indicators"]
    ]
    for cell in cells:
        with recorded("observation.save", by=clerk) as entry:
            entry.create(cell)
    _step(cells, clerk, "observation.submit", State.SUBMITTED)
    with recorded("observation.return", by=verifier, reason="口径不对") as entry:
        cells[0].state, cells[0].version = State.RETURNED, cells[0].version + 1
        entry.update(cells[0])
        entry.create(Message(observation=cells[0], kind="return", text="请核对", by=verifier, at=now))
    cells[0].value = str(chance.randrange(1, 9999))
    _step(cells[:1], clerk, "observation.submit", State.SUBMITTED)
    with recorded("observation.verify", by=verifier) as entry:
        entry.create(*(VerifiedValue(observation=c, value=c.value, by=verifier, at=now) for c in cells[:3]))
        entry.create(Submission(person=verifier, key=month, what="verify", at=now, answer="{}"))
    target = town["targets"][chance.randrange(9)]
    target.note, target.version = f"{month} 调整", target.version + 1
    with recorded("target.adjust", by=clerk, reason="文件调整") as entry:
        entry.update(target)
    return _step(cells[3:], verifier, "observation.review", State.REVIEWED)


def _step(cells: list[Any], by: Any, action: str, state: str) -> int:
    from kaohe.web.audit.recording import recorded

    for cell in cells:
        cell.state, cell.version = state, cell.version + 1
    with recorded(action, by=by) as entry:
        entry.update(*cells)
    return entry.seq or 0


def _file(folder: Path, content: bytes) -> None:
    from benchmarks.tamper.filed.models import Filed
    from kaohe.web.audit.recording import recorded

    name = hashlib.sha256(content).hexdigest()
    (folder / "evidence" / name[:2]).mkdir(parents=True, exist_ok=True)
    (folder / "evidence" / name[:2] / name).write_bytes(content)
    with recorded("evidence.file", by=None) as entry:
        entry.create(Filed(sha256=name, size=len(content), name="佐证.pdf"))


def _keep(folder: Path, seq: int) -> None:
    from kaohe.web.audit.models import Event
    from kaohe.web.audit.receipts import receipt

    (folder / f"receipt-{seq}.json").write_text(receipt(Event.objects.get(pk=seq)), encoding="utf-8")


def _leave(town: dict[str, Any]) -> None:
    """Somebody is erased, and some rows are removed."""
    from kaohe.web.audit.recording import erase, recorded
    from kaohe.web.ledger.models import Holiday, Message

    erase(town["people"][5], by=town["people"][0], reason="本人要求")
    with recorded("holiday.delete", by=None) as entry:
        entry.delete(Holiday.objects.latest("id"), Message.objects.latest("id"))


if __name__ == "__main__":
    build(Path(sys.argv[1]))

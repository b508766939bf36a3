"""A small county with work for everybody, as a data folder. Has its own process.

``python -m benchmarks.faults.town FOLDER [WRITERS]``; with ``DATABASE_URL`` the tables go to PostgreSQL.
"""

from __future__ import annotations

import os
import secrets
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PASSWORD = "kaohe-faults-2026"
NAMES = (
    *("工业总产值", "工业性投入", "技改投入", "财政总收入", "地方财政收入", "国税收入", "合同利用外资"),
    *("实到外资", "外贸出口额", "粮食总产量", "造林面积", "新建沼气池", "劳务输出人数", "农民培训人数"),
    *("新农合参保人数", "低保发放金额", "信访办结件数", "安全检查次数", "整改隐患数", "道路硬化里程"),
)
MEASURES = (
    *("亿元", "万元", "万元", "万元", "万元", "万元", "万美元"),
    *("万美元", "万美元", "吨", "亩", "口", "人", "人"),
    *("人", "万元", "件", "次", "处", "公里"),
)
CODES = tuple(f"i{number:02}" for number in range(len(NAMES)))
TOWNS = ("清渚镇", "兰溪镇", "白石镇", "河东镇")
SAVED_MONTHS = tuple(f"2026-{month:02}" for month in range(1, 11))
IMPORTED_YEARS = range(2012, 2023)
REVIEWED_MONTHS = tuple(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
"""What a clerk saves, what comes in sheets, what waits for a verifier: apart, so that each can be told."""


def main(folder: Path, writers: int) -> None:
    """Makes the data folder; nothing may be in the database yet."""
    _files(folder)
    os.environ["KAOHE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaohe.web.config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from kaohe.web.config.static_files import collect_changed

    call_command("migrate", verbosity=0)
    _fill(writers)
    collect_changed(settings.SITE.folder / "static")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _files(folder: Path) -> None:
    from kaohe.web.audit.keys import make_key

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "evidence").mkdir(mode=0o700)
    (folder / "secret.key").write_text(secrets.token_urlsafe(48), encoding="ascii")
    (folder / "site.toml").write_text('name = "考核(故障试验)"\nidle_minutes = 600\n', encoding="utf-8")
    make_key(folder / "keys")


def _fill(writers: int) -> None:
    from kaohe.web.audit.recording import recorded

    with recorded("faults.structure", by=None) as entry:
        units = _units(entry)
        indicators = _indicators(entry)
    with recorded("faults.people", by=None) as entry:
        people = _people(entry, units, writers)
    with recorded("faults.duties", by=None) as entry:
        _duties(entry, units, indicators)
        _needs(entry, units, indicators, people)
        _reviewed(entry, units, indicators, people)


def _units(entry: Any) -> list[Any]:
    from kaohe.web.ledger.models import ReportingUnit

    county = ReportingUnit(code="county", name="示例县", kind="county", path="county/")
    entry.create(county)
    towns = [
        ReportingUnit(code=f"t{n}", name=name, kind="town", parent=county, path=f"county/t{n}/", order=n + 1)
        for n, name in enumerate(TOWNS)
    ]
    entry.create(*towns)
    return [county, *towns]


def _indicators(entry: Any) -> list[Any]:
    from kaohe.web.ledger.models import Indicator, Line

    line = Line(code="all", name="综合线", order=1)
    entry.create(line)
    rows = [
        Indicator(code=code, name=name, measure=measure, line=line, order=order)
        for order, (code, name, measure) in enumerate(zip(CODES, NAMES, MEASURES, strict=True))
    ]
    entry.create(*rows)
    return rows


def _people(entry: Any, units: list[Any], writers: int) -> list[Any]:
    from django.contrib.auth.hashers import make_password

    from kaohe.web.accounts.models import Grant, Holding, Person, Post
    from kaohe.web.accounts.roles import verbs_text

    county, *towns = units
    seats = [(f"clerk{n}", town, "clerk") for n, town in enumerate(towns)]
    seats += [("verifier", county, "verifier")]
    seats += [(f"writer{n}", towns[0], "owner") for n in range(writers)]
    password = make_password(PASSWORD)
    people = [
        Person(username=name, name=name, password=password, must_change_password=False)
        for name, _, _ in seats
    ]
    posts = [Post(code=name, title=name, unit=unit, order=n) for n, (name, unit, _) in enumerate(seats)]
    entry.create(*people)
    entry.create(*posts)
    entry.create(
        *(
            Holding(person=who, post=post, since=date(2012, 1, 1))
            for who, post in zip(people, posts, strict=True)
        )
    )
    entry.create(
        *(
            Grant(post=post, unit=unit, verbs=verbs_text(role))
            for post, (_, unit, role) in zip(posts, seats, strict=True)
        )
    )
    return people


def _duties(entry: Any, units: list[Any], indicators: list[Any]) -> None:
    from kaohe.web.ledger.models import ReportingDuty

    entry.create(
        *(
            ReportingDuty(unit=town, indicator=each, first_month="2012-01")
            for town in units[1:]
            for each in indicators
        )
    )


def _needs(entry: Any, units: list[Any], indicators: list[Any], people: list[Any]) -> None:
    """A material asked for each indicator, under which evidence is filed."""
    from kaohe.web.documents.models import EvidenceNeed

    at = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    entry.create(
        *(
            EvidenceNeed(unit=town, year=2026, indicator=each, text="统计月报", by=people[0], at=at)
            for town in units[1:]
            for each in indicators
        )
    )


def _reviewed(entry: Any, units: list[Any], indicators: list[Any], people: list[Any]) -> None:
    from kaohe.web.ledger.models import Observation

    at = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    entry.create(
        *(
            Observation(
                unit=town, indicator=each, month=month, value=f"{n + 1}{month[5:]}", state="reviewed",
                version=3, entered_by=people[0], entered_at=at,
            )
            for month in REVIEWED_MONTHS
            for town in units[1:]
            for n, each in enumerate(indicators)
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)

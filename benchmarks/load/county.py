"""The county that is worked on: the demonstration, with as many indicators and people as are asked for.

``python -m benchmarks.load.county FOLDER``; with ``DATABASE_URL`` the tables go to PostgreSQL. Everything is
written by the demonstration's own builder, through the audit ledger.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

INDICATORS, PEOPLE = 200, 200
LINES = ("industry", "finance", "capital", "agriculture", "construction", "labour", "welfare", "order")
"""The lines of the added indicators, in turn."""
ENTERED = "2005-10"
"""The month that is entered while everybody looks at the 36 before it."""


def main(folder: Path) -> None:
    """Fills a new data folder, and writes ``people.csv`` beside it: who there is, and what they do."""
    _files(folder)
    os.environ["KAOHE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaohe.web.config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from kaohe.web.config.static_files import collect_changed
    from kaohe.web.demo import score

    call_command("migrate", verbosity=0)
    _load()
    score()
    collect_changed(settings.SITE.folder / "static")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "ANALYZE")
    connection.close()


def _files(folder: Path) -> None:
    import secrets

    from kaohe.web.audit.keys import make_key

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "site.toml").write_text(
        'name = "考核(负荷试验)"\ndemonstration = true\ntoday = 2005-10-12\n', encoding="utf-8"
    )
    (folder / "secret.key").write_text(secrets.token_urlsafe(48), encoding="ascii")
    make_key(folder / "keys")


def _load() -> None:
    from kaohe.web.demo import loading
    from kaohe.web.demo.figures import Figures
    from kaohe.web.demo.loading import Foundation

    people = list(everybody())
    loading.seats = lambda: iter(people)  # type: ignore[assignment]
    ground = Foundation(_larger())
    ground.lay()
    Figures(ground).write()
    with (Path(os.environ["KAOHE_DATA"]) / "people.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("name", "role", "unit", "lines"))
        rows.writerows((seat.person, seat.role, seat.on, " ".join(seat.lines)) for seat in people)


def everybody() -> Iterator[object]:
    """The demonstration's people, and in every other town a leader, deputies and owners of lines."""
    from kaohe.web.demo.people import OTHER_TOWNS, Seat, seats

    named = list(seats())
    yield from named
    extra = PEOPLE - len(named)
    towns = list(OTHER_TOWNS.items())
    for number in range(extra):
        town, name = towns[number % len(towns)]
        place = number // len(towns)
        if place == 0:
            yield Seat(f"{name}镇长", "镇长", town, "leader", town)
        elif place <= 4:
            mine = LINES[(place - 1) * 2 : place * 2]
            yield Seat(f"{name}副镇长{place}", "副镇长", town, "deputy", town, mine)
        else:
            mine = (LINES[(place - 5) % len(LINES)],)
            yield Seat(f"{name}经办{place}", "经办", town, "owner", town, mine)


def _larger() -> object:
    from kaohe.web.demo.people import OTHER_TOWNS, TOWN
    from kaohe.web.demo.series import drawn
    from kaohe.web.demo.source import AT_POINT, THIS_YEAR, Row, Source

    towns = (TOWN, *OTHER_TOWNS)
    measures = ("万元", "亩", "人", "户", "处", "吨")

    class Larger(Source):
        """Every town reports as many indicators as asked for, each with a target."""

        def table(self, name: str) -> list[Row]:
            rows = super().table(name)
            return [*rows, *self._more_targets(rows[0])] if name == "targets" else rows

        @cached_property
        def indicators(self) -> dict[str, Row]:
            told = {row["indicator"]: row for row in super().table("indicators")}
            like = told["industrial_output"]
            for number in range(INDICATORS):
                code = f"more_{number:03}"
                told[code] = {
                    **like, "indicator": code, "line": LINES[number % len(LINES)],
                    "name": f"增列指标{number:03}", "measure": measures[number % len(measures)],
                    "kind": "stock" if number % 4 == 3 else "flow", "official": "false", "definition": "",
                }  # fmt: skip
            return told

        @cached_property
        def observed(self) -> dict[tuple[str, str], dict[str, Row]]:
            found = dict(super().observed)
            like = next(iter(found.values()))[THIS_YEAR]
            for town in towns:
                usual = {THIS_YEAR, AT_POINT}
                has = sum(unit == town and bool(usual & set(periods)) for (unit, _), periods in found.items())
                for number in range(INDICATORS - has):
                    code = f"more_{number:03}"
                    period = AT_POINT if self.indicators[code]["kind"] == "stock" else THIS_YEAR
                    value = f"{drawn(f'{town}/{code}', 100, 99999)}.{number % 100:02}"
                    found[town, code] = {
                        period: {**like, "unit": town, "indicator": code, "period": period, "value": value,
                                 "note": ""}
                    }  # fmt: skip
            return found

        def _more_targets(self, like: Row) -> list[Row]:
            more = []
            for (town, code), periods in self.observed.items():
                if code.startswith("more_"):
                    reached = next(iter(periods.values()))["value"]
                    value = str(round(float(reached) * drawn(f"target/{town}/{code}", 100, 160) / 100, 2))
                    more.append(
                        {**like, "target": f"t_{town}_{code}", "unit": town, "indicator": code,
                         "value": value,
                         "lead_unit": "", "owner": "", "accountable_leader": "", "note": "", "approx": ""}
                    )  # fmt: skip
            return more

    return Larger()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
